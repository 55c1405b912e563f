// The way to the studio and back: a WebSocket, or POSTs where none passes.
// Tells 'sound' ({position, samples}), 'news' (what the studio says) and 'closed'.

import { ask } from '../lib/toast.js';

const PATIENCE_MS = 5000;

export class Connection extends EventTarget {
  constructor(baseUrl, wish = null) {
    super();
    this.baseUrl = baseUrl;
    this.wish = wish;
    this.token = null;
    this.kind = null;
    this.bytes = 0;
  }

  async open(start) {
    if (this.wish === 'post' || !(await this.#openSocket(start))) await this.#openPosts(start);
    if (this.failure) throw new Error(this.failure);
    this.opened = true;
  }

  send(message) {
    if (this.socket) {
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(packText(message));
    } else if (this.token) {
      this.waiting.push(packText(message));
      if (message.type !== 'want' || this.waiting.length === 1) this.#exchange();
    }
  }

  close() {
    this.closed = true;
    if (this.socket) this.socket.close();
    else if (this.token) fetch(this.#address('close'), { method: 'POST', keepalive: true });
  }

  #address(rest) {
    return new URL(`live/sessions/${this.token}${rest ? `/${rest}` : ''}`, this.baseUrl);
  }

  // Resolves to whether a socket passes here.
  #openSocket(start) {
    const address = new URL('live/socket', this.baseUrl);
    address.protocol = address.protocol.replace('http', 'ws');
    return new Promise(resolve => {
      const socket = new WebSocket(address);
      socket.binaryType = 'arraybuffer';
      const tooLong = setTimeout(() => socket.close(), PATIENCE_MS);
      let answered = false;
      const settle = passes => {
        clearTimeout(tooLong);
        resolve(passes);
      };
      socket.onopen = () => socket.send(JSON.stringify(start));
      socket.onmessage = ({ data }) => {
        if (!answered) {
          answered = true;
          this.socket = socket;
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

  async #openPosts(start) {
    const answer = await ask(new URL('live/sessions', this.baseUrl), { method: 'POST', body: JSON.stringify(start) });
    this.token = (await answer.json()).session;
    this.kind = 'post';
    this.waiting = [];
  }

  // One POST at a time; what gathers meanwhile goes with the next.
  async #exchange() {
    if (this.busy || this.closed) return;
    this.busy = true;
    const parts = this.waiting.splice(0).flatMap(packed);
    try {
      const answer = await ask(this.#address(), { method: 'POST', body: new Blob(parts) });
      for (const message of unpacked(await answer.arrayBuffer())) this.#take(message);
    } catch (error) {
      this.#end(error.message);
    }
    this.busy = false;
    if (this.waiting.length) this.#exchange();
  }

  #take(data) {
    if (typeof data !== 'string') {
      this.bytes += data.byteLength;
      const position = new DataView(data).getFloat64(0, true);
      this.#tell('sound', { position, samples: new Float32Array(data.slice(8)) });
      return;
    }
    const news = JSON.parse(data);
    if (news.type === 'session') this.token = news.session;
    else if (news.type === 'ended') this.#end(news.message);
    else this.#tell('news', news);
  }

  #end(message) {
    if (this.closed) return;
    this.close();
    if (this.opened) this.#tell('closed', message);
    else this.failure = message;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// Text as JSON; what the microphone heard (Int16Array) as it is.
const packText = message => (message instanceof Int16Array ? message : JSON.stringify(message));

function packed(message) {
  const content = typeof message === 'string' ? new TextEncoder().encode(message) : new Uint8Array(message.buffer);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint8(0, (typeof message === 'string' ? 't' : 'b').charCodeAt(0));
  head.setUint32(4, content.length, true);
  return [head, content];
}

function* unpacked(bytes) {
  const view = new DataView(bytes);
  for (let at = 0; at + 8 <= bytes.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const content = bytes.slice(at + 8, at + 8 + size);
    yield String.fromCharCode(view.getUint8(at)) === 't' ? new TextDecoder().decode(content) : content;
    at += 8 + size;
  }
}
