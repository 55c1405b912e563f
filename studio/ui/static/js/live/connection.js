// The way to the studio and back: a WebSocket, or POSTs where none passes.

import { ask, post } from '../lib/ask.js';
import { Emitter } from '../lib/bus.js';

const PATIENCE_MS = 5000;

/** @typedef {import('./messages.js').Message} Message */
/** @typedef {import('./messages.js').Start} Start */

/**
 * @typedef {object} ConnectionEvents
 * @property {import('./messages.js').Block} sound
 * @property {import('./messages.js').News} news  what the studio says
 * @property {string} closed  why
 */

/** @extends {Emitter<ConnectionEvents>} */
export class Connection extends Emitter {
  /** Of the session. */
  token = '';
  /** 'socket' or 'post', once it is open. */
  kind = '';
  bytes = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {(string | Int16Array<ArrayBuffer>)[]} */
  #waiting = [];
  #busy = false;
  #opened = false;
  #closed = false;
  #failure = '';

  /**
   * @param {URL} baseUrl
   * @param {string | null} [wish]  'post': no WebSocket
   */
  constructor(baseUrl, wish = null) {
    super();
    this.baseUrl = baseUrl;
    this.wish = wish;
  }

  /** @param {Start} start */
  async open(start) {
    if (this.wish === 'post' || !(await this.#openSocket(start))) await this.#openPosts(start);
    if (this.#failure) throw new Error(this.#failure);
    this.#opened = true;
  }

  /** @param {Message} message */
  send(message) {
    const packed = packText(message);
    if (this.#socket) {
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(packed);
    } else if (this.token) {
      this.#waiting.push(packed);
      if (message instanceof Int16Array || message.type !== 'want' || this.#waiting.length === 1) this.#exchange();
    }
  }

  close() {
    this.#closed = true;
    if (this.#socket) this.#socket.close();
    else if (this.token) fetch(this.#address('/close'), { method: 'POST', keepalive: true });
  }

  #address(rest = '') {
    return new URL(`live/sessions/${this.token}${rest}`, this.baseUrl);
  }

  /**
   * Resolves to whether a socket passes here.
   *
   * @param {Start} start
   * @returns {Promise<boolean>}
   */
  #openSocket(start) {
    const address = new URL('live/socket', this.baseUrl);
    address.protocol = address.protocol.replace('http', 'ws');
    return new Promise(resolve => {
      const socket = new WebSocket(address);
      socket.binaryType = 'arraybuffer';
      const tooLong = setTimeout(() => socket.close(), PATIENCE_MS);
      let answered = false;
      /** @param {boolean} passes */
      const settle = passes => {
        clearTimeout(tooLong);
        resolve(passes);
      };
      socket.onopen = () => socket.send(JSON.stringify(start));
      socket.onmessage = ({ data }) => {
        if (!answered) {
          answered = true;
          this.#socket = socket;
          this.kind = 'socket';
        }
        this.#take(data);
        settle(true);
      };
      socket.onclose = () => {
        if (answered) this.#end('The studio closed the connection. Press Start once more.');
        settle(answered);
      };
    });
  }

  /** @param {Start} start */
  async #openPosts(start) {
    this.token = (await post(new URL('live/sessions', this.baseUrl), start)).session;
    this.kind = 'post';
  }

  // One POST at a time; what gathers meanwhile goes with the next.
  async #exchange() {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    const parts = this.#waiting.splice(0).flatMap(framed);
    try {
      const answer = await ask(this.#address(), { method: 'POST', body: new Blob(parts) });
      for (const message of unframed(await answer.arrayBuffer())) this.#take(message);
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
    }
    this.#busy = false;
    if (this.#waiting.length) this.#exchange();
  }

  /** @param {string | ArrayBuffer} data */
  #take(data) {
    if (typeof data !== 'string') {
      this.bytes += data.byteLength;
      const position = new DataView(data).getFloat64(0, true);
      this.emit('sound', { position, samples: new Float32Array(data.slice(8)) });
      return;
    }
    const news = JSON.parse(data);
    if (news.type === 'session') this.token = news.session;
    else if (news.type === 'ended') this.#end(news.message);
    else this.emit('news', news);
  }

  /** @param {string} message */
  #end(message) {
    if (this.#closed) return;
    this.close();
    if (this.#opened) this.emit('closed', message);
    else this.#failure = message;
  }
}

/**
 * Text as JSON; what the microphone heard as it is.
 *
 * @param {Message} message
 */
const packText = message => (message instanceof Int16Array ? message : JSON.stringify(message));

/**
 * A message within the body of a POST: 't' or 'b', three bytes of nothing, its length, itself.
 *
 * @param {string | Int16Array<ArrayBuffer>} message
 * @returns {BlobPart[]}
 */
export function framed(message) {
  const content = typeof message === 'string' ? new TextEncoder().encode(message) : new Uint8Array(message.buffer);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint8(0, (typeof message === 'string' ? 't' : 'b').charCodeAt(0));
  head.setUint32(4, content.length, true);
  return [head, content];
}

/**
 * The messages of such a body.
 *
 * @param {ArrayBuffer} bytes
 */
export function* unframed(bytes) {
  const view = new DataView(bytes);
  for (let at = 0; at + 8 <= bytes.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const content = bytes.slice(at + 8, at + 8 + size);
    yield String.fromCharCode(view.getUint8(at)) === 't' ? new TextDecoder().decode(content) : content;
    at += 8 + size;
  }
}
