// The right-hand side: what is shown and heard now, its transport, its versions, its downloads.

import { announce } from '../lib/announce.js';
import { find, findAll, finder, valueOf } from '../lib/dom.js';
import { mark } from '../lib/inspect.js';
import { seconds } from '../lib/numbers.js';
import { capital } from '../lib/words.js';
import { measuredWords, uneven } from './measured.js';

/** @typedef {import('../lib/types.js').Sound} Sound */
/** @typedef {import('../lib/types.js').Take} Take */
/** @typedef {import('../lib/types.js').Update} Update */
/** @typedef {'before' | 'after'} Version */

/** @type {Record<string, string>} */
const WORDS = {
  waiting: 'Waiting for a free place …',
  loading: 'Waking the model …',
  stopping: 'Stopping …',
};
/** @type {Record<string, string>} */
const SAVES = { 'save-float': 'sound.wav', 'save-recipe': 'recipe.json' };

/**
 * Where one stands in the queue. Long times are told in steps: nobody reads a countdown aloud.
 *
 * @param {number} ahead  dreams that come before
 * @param {number | null} wait  seconds, where that can be told
 */
export function queueWords(ahead, wait) {
  const before = ahead ? `${ahead} before you` : 'You are next';
  if (wait === null) return `${before} …`;
  const time = wait < 60 ? `${Math.max(5, Math.ceil(wait / 5) * 5)} s` : `${Math.ceil(wait / 60)} min`;
  return `${before} · about ${time}`;
}

export class SoundPanel {
  /** @type {Sound | null} */
  before = null;
  /** @type {Sound | null} */
  after = null;
  /** @type {Take | null} */
  take = null;
  #previewed = false;
  #looping = false; // the take that is shown is a loop
  #wished = false; // whether others are to go round
  #clickedAt = 0;
  #said = '';

  /**
   * @param {HTMLElement} root
   * @param {object} parts
   * @param {import('../audio/player.js').Player} parts.player
   * @param {import('./scope.js').Scope} parts.scope
   * @param {import('./curves.js').Curves} parts.curves
   */
  constructor(root, { player, scope, curves }) {
    this.root = root;
    this.player = player;
    this.scope = scope;
    this.curves = curves;
    this.byId = finder(root);
    this.button = this.byId('dream-button');
    this.bars = [find(this.button, '.fill'), this.byId('grow')];
    this.#mountTransport();
    this.#enable(false);
  }

  /**
   * The sound a dream would start from, while there is nothing newer to show.
   *
   * @param {Sound} sound
   * @param {string} name
   */
  showStart(sound, name) {
    this.before = sound;
    this.after = null;
    this.player.pause();
    this.#title(capital(name), 'Where the dream starts');
    this.#version('before');
    this.#enable(false);
    this.curves.show(null, 1);
    this.byId('status').textContent = '';
  }

  /** @param {{ model: string, targets: string }} said */
  begin({ model, targets }) {
    this.#clickedAt = performance.now();
    mark('soundAfter', '');
    this.root.dataset.state = 'dreaming';
    this.#previewed = false;
    this.player.pause();
    this.player.seek(0);
    this.#title(targets, model);
    this.#enable(false);
    this.curves.show(null, 1);
    this.#label('Stop', 0);
    this.byId('status').textContent = WORDS.waiting;
    announce('Dreaming.');
  }

  /** @param {Omit<Update, 'run'>} update */
  update({ state, iteration = 0, iterations = 1, seconds_left: left, trace, ahead = 0, wait_seconds: wait = null }) {
    this.#label('Stop', iteration / Math.max(1, iterations));
    const rest = left === null || left === undefined || left < 1 ? '' : ` · ${Math.ceil(left)} s left`;
    const words = state === 'batch' ? `Variations: ${iteration} %` : state === 'waiting' ? queueWords(ahead, wait) : WORDS[state] || '';
    this.byId('status').textContent = words || `${iteration} of ${iterations}${rest}`;
    if (state === 'waiting' && words !== this.#said) announce(words);
    this.#said = words;
    if (trace?.iteration.length) this.curves.show(trace, iterations);
  }

  /** @param {Sound} sound */
  preview(sound) {
    this.after = sound;
    this.scope.show(sound, { live: true });
    this.player.load(sound.samples, sound.rate, sound.channels);
    if (this.#previewed) return;
    this.#previewed = true;
    this.player.setLoop(true);
    this.player.play(0);
    this.#sounds();
  }

  /** @param {Take} take */
  finish(take) {
    announce('Dream finished.');
    this.#idle();
    const heard = this.player.playing;
    this.showTake(take, { play: !this.#previewed });
    if (heard) this.player.setLoop(this.#loops());
    if (!this.#previewed) this.#sounds();
    const { iteration } = take.trace;
    this.byId('status').textContent = take.state === 'stopped' ? `Stopped at ${iteration[iteration.length - 1]}` : '';
  }

  fail() {
    this.#idle();
    this.player.pause();
    this.byId('status').textContent = '';
    if (this.take?.after) this.showTake(this.take);
    else if (this.before) this.#version('before');
  }

  /**
   * @param {Take} take  with its sounds
   * @param {{ play?: boolean }} [options]
   */
  showTake(take, { play = false } = {}) {
    this.take = take;
    this.before = take.before ?? null;
    this.after = take.after ?? null;
    this.byId('status').textContent = '';
    this.rename(take);
    this.#version('after');
    this.#measured(take);
    this.#follow(take.recipe.padding === 'loop');
    this.curves.show(take.trace, take.iterations);
    for (const [id, name] of Object.entries(SAVES)) this.byId(id, HTMLAnchorElement).href = new URL(`${name}?download`, take.base).href;
    this.#enable(true);
    this.byId('version-before', HTMLInputElement).disabled = !take.before;
    if (play) {
      this.player.setLoop(this.#loops());
      this.player.play(0);
    }
  }

  /** @param {Take} take */
  #measured({ recipe, measured }) {
    this.byId('measured').hidden = !measured;
    this.byId('measured').textContent = measured ? measuredWords(measured) : '';
    const found = uneven(recipe, measured);
    this.byId('uneven').hidden = !found;
    find(this.byId('uneven'), 'span').textContent = found?.words ?? '';
    this.byId('even-again').hidden = !found?.again;
  }

  /**
   * A loop goes round by itself; what comes after it, as the listener had it before.
   *
   * @param {boolean} loops
   */
  #follow(loops) {
    if (loops === this.#looping) return;
    if (loops) this.#wished = this.#loops();
    this.#looping = loops;
    this.byId('loop').setAttribute('aria-pressed', String(loops || this.#wished));
    this.player.setLoop(this.#loops());
  }

  /** @param {Take} take */
  rename({ label, seconds: length }) {
    if (label) this.#title(label.name || label.targets, `${label.model} · ${seconds(length)}`);
  }

  swap() {
    const now = this.byId('version-after', HTMLInputElement).checked ? 'before' : 'after';
    if (this[now]) this.#version(now);
  }

  toggleLoop() {
    this.byId('loop').setAttribute('aria-pressed', String(!this.#loops()));
    this.player.setLoop(this.#loops());
  }

  // From the click on Dream to what can be heard.
  #sounds() {
    mark('soundAfter', Math.round(performance.now() - this.#clickedAt));
  }

  #idle() {
    this.root.dataset.state = 'idle';
    this.#label('Dream', 0);
  }

  #loops() {
    return this.byId('loop').getAttribute('aria-pressed') === 'true';
  }

  /**
   * @param {string} title
   * @param {string} detail
   */
  #title(title, detail) {
    this.byId('sound-title').textContent = title;
    this.byId('sound-detail').textContent = detail;
  }

  /**
   * @param {string} text
   * @param {number} part  0…1 of what is to be done
   */
  #label(text, part) {
    find(this.button, '.label').textContent = text;
    for (const bar of this.bars) bar.style.transform = `scaleX(${part})`;
  }

  /** @param {Version} name */
  #version(name) {
    const sound = this[name];
    if (!sound) return;
    this.byId(`version-${name}`, HTMLInputElement).checked = true;
    this.root.dataset.version = name;
    this.scope.show(sound, { grey: name === 'before' });
    this.player.load(sound.samples, sound.rate, sound.channels);
  }

  /**
   * Before there is a dream there is nothing to compare or to save.
   *
   * @param {boolean} done
   */
  #enable(done) {
    if (!done) this.byId('uneven').hidden = true;
    for (const input of findAll(this.byId('versions'), 'input', HTMLInputElement)) input.disabled = !done;
    this.byId('save-as', HTMLButtonElement).disabled = !done;
    for (const link of findAll(this.byId('saves'), 'a.save')) {
      link.toggleAttribute('data-off', !done);
      link.setAttribute('aria-disabled', String(!done));
      if (!done) link.removeAttribute('href');
    }
  }

  #mountTransport() {
    const { player } = this;
    const play = this.byId('play');
    play.addEventListener('click', () => player.toggle());
    this.byId('loop').addEventListener('click', () => this.toggleLoop());
    this.byId('versions').addEventListener('change', event => this.#version(/** @type {Version} */ (valueOf(event))));
    const meter = this.byId('meter');
    const clock = this.byId('clock');
    player.on('change', () => {
      play.setAttribute('aria-label', player.playing ? 'Pause' : 'Play');
      play.classList.toggle('on', player.playing);
    });
    this.scope.on('moved', () => {
      clock.textContent = `${player.position.toFixed(2)} / ${seconds(player.duration)}`;
      meter.style.setProperty('--level', String(Math.min(1, player.level() * 3)));
    });
  }
}
