// A sound for the model to hear: chosen, played, and handed to what shows the answer.

import { Player } from '../audio/player.js';
import { seconds } from '../lib/numbers.js';
import { ask, complain } from '../lib/toast.js';
import { upload } from '../lib/uploads.js';
import { mountVolume } from '../audio/volume.js';
import { parseWav } from '../audio/wav.js';
import { make } from '../lib/make.js';
import { Responses } from './responses.js';
import { Scores } from './scores.js';

const LONGEST_SECONDS = 60;
const BUILT_IN = { 'white noise': 'White noise', tone: 'A tone', impulse: 'A click' };
const TAKES = 4;

export function mountSound(root, inside, baseUrl, voices) {
  return new Sound(root, inside, baseUrl, voices);
}

// What is listened to: `{ label, recording }` of an upload, or `{ label, initial }`.
class Sound {
  constructor(root, inside, baseUrl, voices) {
    Object.assign(this, { root, inside, baseUrl, voices });
    this.find = id => root.querySelector(`#${id}`);
    this.player = new Player();
    this.scores = new Scores(root, this.player);
    this.responses = new Responses(root, inside, voices, () => this.source);
    this.turn = 0;
    this.#mountChoice();
    this.#mountPlaying();
    inside.addEventListener('model', () => this.source && this.#listen());
  }

  pause() {
    this.player.pause();
  }

  // Sounds of the Dream tab are at hand here, too.
  lookForTakes() {
    const { takes, state } = window.studio || {};
    const found = (takes?.items || []).filter(take => !take.gone).slice(0, TAKES).map(take => this.#start(take.name, () => this.#useTake(take), 'A take of yours'));
    const recording = state?.recording;
    if (recording) found.unshift(this.#start(recording.name, () => this.use({ label: recording.name, recording }), 'Your recording of the Dream tab'));
    const builtIn = Object.entries(BUILT_IN).map(([initial, label]) => this.#start(label, () => this.use({ label, initial })));
    this.find('inside-starts').replaceChildren(...builtIn, ...found);
    this.#mark();
  }

  async use(source) {
    this.source = source;
    this.#mark();
    const { recording, initial } = source;
    const sound = recording
      ? `uploads/${recording.token}/part.wav?${new URLSearchParams({ start: 0, seconds: Math.min(LONGEST_SECONDS, recording.seconds) })}`
      : `initial.wav?${new URLSearchParams({ initial, seconds: 3, seed: 1 })}`;
    const heard = this.#listen();
    try {
      const wav = parseWav(await (await ask(new URL(sound, this.baseUrl))).arrayBuffer());
      if (this.source !== source) return;
      this.player.pause();
      this.player.seek(0);
      this.player.load(wav.samples, wav.rate);
    } catch (error) {
      complain(error);
      return;
    }
    await heard;
    this.scores.draw();
  }

  async upload(blob, name) {
    this.#say(`Reading ${name} …`);
    try {
      await this.use({ label: name, recording: { ...await upload(this.baseUrl, blob, name), from: 'file' } });
    } catch (error) {
      this.#say('');
      complain(error);
    }
  }

  async #listen() {
    const { source, inside } = this;
    const { recording, initial } = source;
    const turn = (this.turn += 1);
    const length = recording && Math.min(LONGEST_SECONDS, recording.seconds);
    const query = recording ? { upload: recording.token, start: 0, seconds: length } : { initial };
    this.#say('Listening …');
    try {
      const report = await (await ask(new URL(`inside/${inside.model.name}/heard.json?${new URLSearchParams(query)}`, this.baseUrl))).json();
      if (turn !== this.turn) return;
      this.find('heard').hidden = false;
      this.find('heard-name').textContent = source.label;
      this.scores.show(report);
      this.responses.show(report);
      this.#say(recording?.seconds > LONGEST_SECONDS ? `The network listened to the first minute of ${source.label}.` : '');
      this.root.dataset.heard = String(turn);
    } catch (error) {
      if (turn !== this.turn) return;
      this.#say('');
      complain(error);
    }
  }

  async #useTake(take) {
    try {
      const blob = await (await ask(new URL(`../${take.folder}sound.wav`, this.baseUrl))).blob();
      await this.upload(blob, `${take.name}.wav`);
    } catch (error) {
      complain(error);
    }
  }

  #start(label, act, hint = '') {
    const button = make('button', { type: 'button', 'data-label': label, title: hint || null }, label);
    button.addEventListener('click', act);
    return button;
  }

  #mark() {
    for (const button of this.find('inside-starts').children) button.setAttribute('aria-pressed', String(button.dataset.label === this.source?.label));
  }

  #say(text) {
    this.find('sound-told').textContent = text;
  }

  #mountChoice() {
    const file = this.find('inside-file');
    file.addEventListener('change', async () => {
      if (file.files[0]) await this.upload(file.files[0], file.files[0].name);
      file.value = '';
    });
    // Before the Dream tab sees it: what is dropped while this tab is open is meant for it.
    window.addEventListener('drop', event => {
      const [dropped] = event.dataTransfer?.files || [];
      if (!dropped || !this.root.getClientRects().length) return;
      event.preventDefault();
      this.find('inside-sound').scrollIntoView({ block: 'start' });
      this.upload(dropped, dropped.name);
    }, { capture: true });
    const givers = this.find('givers');
    for (const [type, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
      this.root.addEventListener(type, event => {
        if (over) event.preventDefault();
        givers.classList.toggle('over', over);
      });
    }
    this.lookForTakes();
    mountVolume(this.root);
  }

  #mountPlaying() {
    const { player } = this;
    const play = this.find('heard-play');
    const seek = this.find('heard-seek');
    play.addEventListener('click', () => {
      this.voices.stop();
      player.toggle();
    });
    this.root.addEventListener('click', event => event.target.closest('.unit-listen') && player.pause());
    seek.addEventListener('input', () => player.seek((seek.value / 1000) * player.duration));
    let frame = 0;
    const follow = () => {
      cancelAnimationFrame(frame);
      const part = player.duration ? player.position / player.duration : 0;
      this.find('heard-clock').textContent = `${player.position.toFixed(1)} of ${seconds(player.duration)}`;
      if (document.activeElement !== seek || player.playing) seek.value = String(Math.round(1000 * part));
      seek.setAttribute('aria-valuetext', this.scores.at(player.position));
      if (player.playing) frame = requestAnimationFrame(follow);
    };
    player.addEventListener('change', () => {
      play.classList.toggle('on', player.playing);
      play.setAttribute('aria-label', player.playing ? 'Pause' : 'Play');
      follow();
    });
  }
}
