// MIDI: touch a control on the page, move one on the instrument, and they belong together.

import { recall, remember } from '../lib/memory.js';
import { toast } from '../lib/toast.js';

const KEY = 'studio-live-midi';

export class Midi {
  constructor(root) {
    this.root = root;
    this.button = root.querySelector('#live-midi');
    this.state = root.querySelector('#live-midi-state');
    this.learning = false;
    this.touched = null;
    const kept = recall(KEY, []);
    this.map = new Map(Array.isArray(kept) ? kept.filter(Array.isArray) : []);
    this.button.addEventListener('click', () => this.#toggle());
    for (const kind of ['pointerdown', 'focusin']) {
      root.addEventListener(kind, event => this.learning && this.#touch(event.target), true);
    }
    root.querySelector('#live-midi-forget').addEventListener('click', () => {
      this.map.clear();
      this.#keep();
      this.#say('All assignments are gone.');
    });
  }

  async #toggle() {
    if (this.learning) return this.#end();
    if (!this.access && !(await this.#ask())) return null;
    this.learning = true;
    this.button.setAttribute('aria-pressed', 'true');
    this.root.dataset.midi = 'learning';
    this.#say('Touch a control here, then move one on your instrument.');
    return null;
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
      this.access = await navigator.requestMIDIAccess();
    } catch {
      toast('The browser was told not to allow MIDI. Allow it beside the address, then try again.', { kind: 'error' });
      return false;
    }
    const listen = () => {
      for (const input of this.access.inputs.values()) input.onmidimessage = event => this.receive(event.data);
    };
    this.access.onstatechange = listen;
    listen();
    if (!this.access.inputs.size) this.#say('No instrument is connected yet.');
    return true;
  }

  // A message of an instrument: controllers and notes count.
  receive([status, number, value]) {
    const kind = status & 0xf0;
    if (kind !== 0xb0 && kind !== 0x90) return;
    const source = `${kind === 0xb0 ? 'controller' : 'note'} ${number} channel ${(status & 15) + 1}`;
    if (this.learning && this.touched) {
      this.map.set(source, this.touched.id);
      this.#keep();
      this.#say(`${source} moves “${nameOf(this.touched)}”.`);
      this.#touch(null);
    }
    const id = this.map.get(source);
    const control = id && this.root.querySelector(`#${CSS.escape(id)}`);
    if (control) move(control, value / 127);
  }

  #touch(target) {
    this.touched?.classList.remove('touched');
    const control = target?.closest?.('.fader, .switch, [data-midi]');
    this.touched = control?.id ? control : null;
    this.touched?.classList.add('touched');
  }

  #keep() {
    remember(KEY, [...this.map]);
  }

  #say(text) {
    this.state.textContent = text;
  }
}

const nameOf = control => (control.querySelector('.name, span') || control).textContent.trim();

function move(control, part) {
  const slide = control.querySelector('.slide');
  const box = control.querySelector('input[type=checkbox]');
  if (slide) {
    slide.value = Math.round(part * 1000);
    slide.dispatchEvent(new Event('input', { bubbles: true }));
  } else if (box) {
    if (box.checked !== part >= 0.5) box.click();
  } else if (part > 0) {
    control.click();
  }
}
