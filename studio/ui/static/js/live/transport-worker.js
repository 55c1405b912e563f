// Runs in a thread of its own, so that nothing the page draws holds up the sound: talks with the
// studio, hands sound straight to the worklet, and keeps enough of it in hand.

import { Connection } from './connection.js';

const RATE = 44100;
const LEAD_SECONDS = { socket: 0.4, post: 0.7 };
const MOST_LEAD_SECONDS = 1.6;

let connection = null;
let worklet = null;
let lead = 0;
let underruns = 0;

const tell = (name, detail = null) => self.postMessage({ name, detail });

async function open({ baseUrl, wish, start, port }) {
  worklet = port;
  worklet.onmessage = ({ data }) => follow(data);
  connection = new Connection(new URL(baseUrl), wish);
  connection.addEventListener('sound', ({ detail }) => {
    worklet.postMessage(detail);
    tell('sound', detail);
  });
  connection.addEventListener('news', event => tell('news', event.detail));
  connection.addEventListener('closed', event => tell('closed', event.detail));
  try {
    await connection.open(start);
  } catch (error) {
    tell('failed', error.message);
    return;
  }
  lead = LEAD_SECONDS[connection.kind];
  tell('open', { kind: connection.kind, token: connection.token });
  want(0);
}

// The worklet says where it is, about twenty times a second.
function follow(report) {
  if (report.underruns > underruns) lead = Math.min(MOST_LEAD_SECONDS, lead * 1.3);
  ({ underruns } = report);
  want(report.head);
  tell('moved', { ...report, lead });
}

function want(head) {
  connection?.send({ type: 'want', until: Math.round(head + lead * RATE), played: head });
}

self.onmessage = ({ data }) => {
  if (data.open) open(data.open);
  else if (data.send) connection?.send(data.send);
  else if (data.close) {
    connection?.close();
    self.close();
  }
};
