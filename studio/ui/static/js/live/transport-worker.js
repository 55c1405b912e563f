// Runs in a thread of its own, so that nothing the page draws holds up the sound: talks with the
// studio, hands sound straight to the worklet, and keeps enough of it in hand.

import { Connection } from './connection.js';

/** @type {Record<string, number>} */
const LEAD_SECONDS = { socket: 0.4, post: 0.7 };
const MOST_LEAD_SECONDS = 1.6;

/** @typedef {import('./messages.js').ToTransport} ToTransport */
/** @typedef {import('./messages.js').FromTransport} FromTransport */
/** @typedef {import('./messages.js').Position} Position */

/** @type {Connection | null} */
let connection = null;
let rate = 0;
let lead = 0; // seconds
let underruns = 0;

/** @param {FromTransport} message */
const tell = message => self.postMessage(message);

/** @param {NonNullable<ToTransport['open']>} open */
async function open({ sampleRate, baseUrl, wish, start, port }) {
  rate = sampleRate;
  port.onmessage = ({ data }) => follow(data);
  connection = new Connection(new URL(baseUrl), wish);
  connection.on('sound', sound => {
    port.postMessage(sound);
    tell({ name: 'sound', detail: sound });
  });
  connection.on('news', news => tell({ name: 'news', detail: news }));
  connection.on('closed', message => tell({ name: 'closed', detail: message }));
  try {
    await connection.open(start);
  } catch (error) {
    tell({ name: 'failed', detail: error instanceof Error ? error.message : String(error) });
    return;
  }
  lead = LEAD_SECONDS[connection.kind];
  tell({ name: 'open', detail: { kind: connection.kind, token: connection.token } });
  want(0);
}

/**
 * The worklet says where it is, about twenty times a second.
 *
 * @param {Position} position
 */
function follow(position) {
  if (position.underruns > underruns) lead = Math.min(MOST_LEAD_SECONDS, lead * 1.3);
  ({ underruns } = position);
  want(position.head);
  tell({ name: 'moved', detail: { ...position, lead } });
}

/** @param {number} head  samples that were played */
function want(head) {
  connection?.send({ type: 'want', until: Math.round(head + lead * rate), played: head });
}

self.onmessage = (/** @type {MessageEvent<ToTransport>} */ { data }) => {
  if (data.open) open(data.open);
  else if (data.send) connection?.send(data.send);
  else if (data.close) {
    connection?.close();
    self.close();
  }
};
