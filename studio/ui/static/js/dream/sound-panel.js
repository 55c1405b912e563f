// The right-hand side: what is shown and heard now, its transport, its versions, its downloads.

import { announce } from '../lib/announce.js';
import { seconds } from '../lib/numbers.js';
import { capital } from '../lib/words.js';

const WORDS = {
  waiting: 'Waiting for a free place …',
  loading: 'Waking the model …',
  stopping: 'Stopping …',
};

// Where one stands among those who wait. Long times are told in steps: nobody reads a countdown aloud.
function inLine(ahead, wait) {
  const before = ahead ? `${ahead} before you` : 'You are next';
  if (wait === null) return `${before} …`;
  const time = wait < 60 ? `${Math.max(5, Math.ceil(wait / 5) * 5)} s` : `${Math.ceil(wait / 60)} min`;
  return `${before} · about ${time}`;
}

export class SoundPanel {
  constructor(root, { player, scope, curves }) {
    Object.assign(this, { root, player, scope, curves });
    this.before = null;
    this.after = null;
    this.find = id => root.querySelector(`#${id}`);
    this.button = this.find('dream-button');
    this.bars = [this.button.querySelector('.fill'), this.find('grow')];
    this.#mountTransport();
    this.#enable(false);
  }

  // The sound a dream would start from, while there is nothing newer to show.
  showStart({ samples, rate }, name) {
    this.before = { samples, rate };
    this.after = null;
    this.player.pause();
    this.#title(capital(name), 'Where the dream starts');
    this.#version('before');
    this.#enable(false);
    this.curves.show(null, 1);
    this.find('status').textContent = '';
  }

  begin({ model, targets }) {
    this.root.dataset.state = 'dreaming';
    this.previewed = false;
    this.player.pause();
    this.player.offset = 0;
    this.#title(targets, model);
    this.#enable(false);
    this.curves.show(null, 1);
    this.#label('Stop', 0);
    this.find('status').textContent = WORDS.waiting;
    announce('Dreaming.');
  }

  update({ state, iteration = 0, iterations = 1, seconds_left: left, trace, ahead, wait_seconds: wait }) {
    const part = iteration / Math.max(1, iterations);
    this.#label('Stop', part);
    const rest = left === null || left === undefined || left < 1 ? '' : ` · ${Math.ceil(left)} s left`;
    const words = state === 'waiting' ? inLine(ahead, wait) : WORDS[state];
    this.find('status').textContent = words || `${iteration} of ${iterations}${rest}`;
    if (state === 'waiting' && words !== this.waits) announce(words);
    this.waits = words;
    if (trace?.iteration.length) this.curves.show(trace, iterations);
  }

  preview(sound) {
    this.after = sound;
    this.scope.show(sound.samples, sound.rate, { live: true });
    this.player.load(sound.samples, sound.rate);
    if (this.previewed) return;
    this.previewed = true;
    this.player.setLoop(true);
    this.player.play(0);
    window.studio.soundAfter = performance.now() - window.studio.clickedAt;
  }

  finish(take) {
    announce('Dream finished.');
    this.#idle();
    const heard = this.player.playing;
    this.showTake(take, { play: !this.previewed });
    if (heard) this.player.setLoop(this.#loops());
    if (!this.previewed) window.studio.soundAfter = performance.now() - window.studio.clickedAt;
    const { iteration } = take.trace;
    const count = iteration.at(-1);
    this.find('status').textContent = take.state === 'stopped' ? `Stopped at ${count}` : '';
  }

  fail() {
    this.#idle();
    this.player.pause();
    this.find('status').textContent = '';
    if (this.take?.after) this.showTake(this.take);
    else if (this.before) this.#version('before');
  }

  showTake(take, { play = false } = {}) {
    this.take = take;
    this.before = take.before;
    this.after = take.after;
    this.find('status').textContent = '';
    this.rename(take);
    this.#version('after');
    this.curves.show(take.trace, take.iterations);
    const saves = { 'save-float': 'sound.wav', 'save-16': 'sound-16-bit.wav', 'save-recipe': 'recipe.json' };
    for (const [id, name] of Object.entries(saves)) this.find(id).href = new URL(`${name}?download`, take.base).href;
    this.#enable(true);
    this.find('version-before').disabled = !take.before;
    if (play) {
      this.player.setLoop(this.#loops());
      this.player.play(0);
    }
  }

  rename({ label, seconds: length }) {
    this.#title(label.name || label.targets, `${label.model} · ${seconds(length)}`);
  }

  swap() {
    const now = this.find('version-after').checked ? 'before' : 'after';
    if (this[now]) this.#version(now);
  }

  toggleLoop() {
    const loop = this.find('loop');
    loop.setAttribute('aria-pressed', String(!this.#loops()));
    this.player.setLoop(this.#loops());
  }

  #idle() {
    this.root.dataset.state = 'idle';
    this.#label('Dream', 0);
  }

  #loops() {
    return this.find('loop').getAttribute('aria-pressed') === 'true';
  }

  #title(title, detail) {
    this.find('sound-title').textContent = title;
    this.find('sound-detail').textContent = detail;
  }

  #label(text, part) {
    this.button.querySelector('.label').textContent = text;
    for (const bar of this.bars) bar.style.transform = `scaleX(${part})`;
  }

  #version(name) {
    this.find(`version-${name}`).checked = true;
    const sound = this[name];
    this.root.dataset.version = name;
    this.scope.show(sound.samples, sound.rate, { grey: name === 'before' });
    this.player.load(sound.samples, sound.rate);
  }

  // Before there is a dream there is nothing to compare or to save.
  #enable(done) {
    for (const input of this.find('versions').querySelectorAll('input')) input.disabled = !done;
    for (const link of this.find('saves').querySelectorAll('.save')) {
      link.toggleAttribute('data-off', !done);
      link.setAttribute('aria-disabled', String(!done));
      if (!done) link.removeAttribute('href');
    }
  }

  #mountTransport() {
    const { player } = this;
    const play = this.find('play');
    play.addEventListener('click', () => player.toggle());
    this.find('loop').addEventListener('click', () => this.toggleLoop());
    this.find('versions').addEventListener('change', event => this.#version(event.target.value));
    const meter = this.find('meter');
    const clock = this.find('clock');
    player.addEventListener('change', () => {
      play.setAttribute('aria-label', player.playing ? 'Pause' : 'Play');
      play.classList.toggle('on', player.playing);
    });
    this.scope.root.addEventListener('moved', () => {
      clock.textContent = `${player.position.toFixed(2)} / ${seconds(player.duration)}`;
      meter.style.setProperty('--level', Math.min(1, player.level() * 3));
    });
  }
}
