// MIDI: touch a control on the page, move one on the instrument, and they belong together.

import { findAll, finder } from '../lib/dom.js';
import { recall, remember } from '../lib/memory.js';
import { toast } from '../lib/toast.js';

const KEY = 'studio-live-midi';
const [CONTROLLER, NOTE] = [0xb0, 0x90];
const MOST = 127;

export class Midi {
  learning = false;
  /** @type {HTMLElement | null} */
  #touched = null;
  /** @type {MIDIAccess | null} */
  #access = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    const byId = finder(root, 'live-');
    this.root = root;
    this.button = byId('midi');
    this.state = byId('midi-state');
    const kept = recall(KEY, []);
    /** @type {Map<string, string>} */
    this.map = new Map(); // the id of a control by what moves it
    for (const pair of Array.isArray(kept) ? kept.filter(Array.isArray) : []) this.map.set(String(pair[0]), String(pair[1]));
    this.button.addEventListener('click', () => this.#toggle());
    for (const kind of ['pointerdown', 'focusin']) {
      root.addEventListener(kind, event => this.learning && this.#touch(event.target), true);
    }
    byId('midi-forget').addEventListener('click', () => {
      this.map.clear();
      this.#keep();
      this.#say('All assignments are gone.');
    });
  }

  async #toggle() {
    if (this.learning) {
      this.#end();
      return;
    }
    if (!this.#access && !(await this.#ask())) return;
    this.learning = true;
    this.button.setAttribute('aria-pressed', 'true');
    this.root.dataset.midi = 'learning';
    this.#say('Touch a control here, then move one on your instrument.');
  }

  #end() {
    this.learning = false;
    this.#touch(null);
    this.button.setAttribute('aria-pressed', 'false');
    delete this.root.dataset.midi;
    this.#say(this.map.size ? `${this.map.size} assigned.` : '');
  }

  async #ask() {
    if (!navigator.requestMIDIAccess) {
      toast('This browser has no MIDI. Chrome, Edge and Firefox have it, over https or on this machine.', { kind: 'error' });
      return false;
    }
    try {
      const access = await navigator.requestMIDIAccess();
      const listen = () => {
        for (const input of access.inputs.values()) input.onmidimessage = ({ data }) => data && this.receive(data);
      };
      access.onstatechange = listen;
      listen();
      if (!access.inputs.size) this.#say('No instrument is connected yet.');
      this.#access = access;
    } catch {
      toast('The browser was told not to allow MIDI. Allow it beside the address, then try again.', { kind: 'error' });
    }
    return this.#access !== null;
  }

  /**
   * A message of an instrument: controllers and notes count.
   *
   * @param {ArrayLike<number>} message
   */
  receive({ 0: status, 1: number, 2: value }) {
    const kind = status & 0xf0;
    if (kind !== CONTROLLER && kind !== NOTE) return;
    const source = `${kind === CONTROLLER ? 'controller' : 'note'} ${number} channel ${(status & 15) + 1}`;
    if (this.learning && this.#touched) {
      this.map.set(source, this.#touched.id);
      this.#keep();
      this.#say(`${source} moves “${nameOf(this.#touched)}”.`);
      this.#touch(null);
    }
    const id = this.map.get(source);
    for (const control of id ? findAll(this.root, `#${CSS.escape(id)}`) : []) move(control, value / MOST);
  }

  /** @param {EventTarget | null} target */
  #touch(target) {
    this.#touched?.classList.remove('touched');
    const control = target instanceof Element ? target.closest('.fader, .switch, [data-midi]') : null;
    this.#touched = control instanceof HTMLElement && control.id ? control : null;
    this.#touched?.classList.add('touched');
  }

  #keep() {
    remember(KEY, [...this.map]);
  }

  /** @param {string} text */
  #say(text) {
    this.state.textContent = text;
  }
}

/** @param {HTMLElement} control */
const nameOf = control => (control.querySelector('.name, span') || control).textContent?.trim();

/**
 * @param {HTMLElement} control
 * @param {number} part  0…1
 */
function move(control, part) {
  const [slide] = findAll(control, '.slide', HTMLInputElement);
  const [box] = findAll(control, 'input[type=checkbox]', HTMLInputElement);
  if (slide) {
    slide.value = String(Math.round(part * 1000));
    slide.dispatchEvent(new Event('input', { bubbles: true }));
  } else if (box) {
    if (box.checked !== part >= 0.5) box.click();
  } else if (part > 0) {
    control.click();
  }
}
