// Runs in a thread of its own, so that nothing the page draws holds up the sound: talks with the
// studio, hands sound straight to the worklet, and keeps enough of it in hand.

import { Link } from './link.js';

const RATE = 44100;
const LEAD_SECONDS = { socket: 0.4, post: 0.7 };
const MOST_LEAD_SECONDS = 1.6;

let link = null;
let worklet = null;
let lead = 0;
let underruns = 0;

const tell = (name, detail = null) => self.postMessage({ name, detail });

async function open({ home, wish, start, port }) {
  worklet = port;
  worklet.onmessage = ({ data }) => follow(data);
  link = new Link(new URL(home), wish);
  link.addEventListener('sound', ({ detail }) => {
    worklet.postMessage(detail);
    tell('sound', detail);
  });
  link.addEventListener('news', event => tell('news', event.detail));
  link.addEventListener('closed', event => tell('closed', event.detail));
  try {
    await link.open(start);
  } catch (error) {
    tell('failed', error.message);
    return;
  }
  lead = LEAD_SECONDS[link.kind];
  tell('open', { kind: link.kind, token: link.token });
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
  link?.send({ type: 'want', until: Math.round(head + lead * RATE), played: head });
}

self.onmessage = ({ data }) => {
  if (data.open) open(data.open);
  else if (data.send) link?.send(data.send);
  else if (data.close) {
    link?.close();
    self.close();
  }
};
