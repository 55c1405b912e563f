// A sound for the model to hear: chosen, played, and handed to what shows the answer.

import { Player } from '../audio/player.js';
import { mountVolume } from '../audio/volume.js';
import { parseWav } from '../audio/wav.js';
import { ask, askJson } from '../lib/ask.js';
import { upload } from '../lib/upload.js';
import { atHand } from '../lib/at-hand.js';
import { contract } from '../lib/contract.js';
import { closest, findAll, finder, makeButton } from '../lib/dom.js';
import { seconds } from '../lib/numbers.js';
import { complain } from '../lib/toast.js';
import { Responses } from './responses.js';
import { Scores } from './scores.js';

const LONGEST_SECONDS = contract.limits.listened_seconds;
/** @type {Record<string, string>} */
const BUILT_IN = { 'white noise': 'White noise', tone: 'A tone', impulse: 'A click' };
const BUILT_IN_SECONDS = 3;
const TAKES = 4;

/** @typedef {import('../lib/types.js').Recording} Recording */
/** @typedef {import('../lib/types.js').Take} Take */

/**
 * What is listened to: a recording, or a built-in sound.
 *
 * @typedef {object} HeardSound
 * @property {string} label
 * @property {Recording} [recording]
 * @property {string} [initial]
 */

/**
 * What `studio/inside/MODEL/heard.json` tells.
 *
 * @typedef {object} HeardReport
 * @property {number} seconds
 * @property {number[]} times
 * @property {{ name: string, mean: number, over_time: number[] }[]} classes
 * @property {string} beside  the sounds that it is compared with
 * @property {import('./responses.js').LayerResponse[]} layers
 */

export class SoundTest {
  player = new Player();
  /** @type {HeardSound | null} */
  source = null;
  #turn = 0;

  /**
   * @param {HTMLElement} root
   * @param {import('./inside.js').Inside} inside
   * @param {URL} baseUrl
   * @param {import('./voices.js').Voices} voices
   * @param {AbortSignal} signal
   */
  constructor(root, inside, baseUrl, voices, signal) {
    this.root = root;
    this.inside = inside;
    this.baseUrl = baseUrl;
    this.voices = voices;
    this.byId = finder(root);
    this.scores = new Scores(root, this.player, signal);
    this.responses = new Responses(root, inside, voices, () => this.source, signal);
    this.#mountChoice(signal);
    this.#mountPlaying();
    inside.on('model', () => this.source && this.#listen(this.source));
  }

  pause() {
    this.player.pause();
  }

  // Sounds of the Dream tab are at hand here, too.
  lookForTakes() {
    const takes = atHand.takes().filter(take => !take.gone).slice(0, TAKES);
    const recording = atHand.recording();
    this.byId('inside-starts').replaceChildren(
      ...Object.entries(BUILT_IN).map(([initial, label]) => this.#start(label, () => this.use({ label, initial }))),
      ...(recording ? [this.#start(recording.name, () => this.use({ label: recording.name, recording }), 'Your recording of the Dream tab')] : []),
      ...takes.map(take => this.#start(take.name, () => this.#useTake(take), 'A take of yours')),
    );
    this.#mark();
  }

  /** @param {HeardSound} source */
  async use(source) {
    this.source = source;
    this.#mark();
    const { recording, initial = '' } = source;
    const sound = recording
      ? `uploads/${recording.token}/part.wav?${new URLSearchParams({ start: '0', seconds: String(Math.min(LONGEST_SECONDS, recording.seconds)) })}`
      : `initial.wav?${new URLSearchParams({ initial, seconds: String(BUILT_IN_SECONDS), seed: '1' })}`;
    const heard = this.#listen(source);
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

  /**
   * @param {Blob} blob
   * @param {string} name
   */
  async upload(blob, name) {
    this.#say(`Reading ${name} …`);
    try {
      await this.use({ label: name, recording: { ...await upload(this.baseUrl, blob, name), from: 'file' } });
    } catch (error) {
      this.#say('');
      complain(error);
    }
  }

  /** @param {HeardSound} source */
  async #listen(source) {
    const { inside } = this;
    const { recording, initial = '' } = source;
    const turn = (this.#turn += 1);
    /** @type {Record<string, string>} */
    const query = recording ? { upload: recording.token, start: '0', seconds: String(Math.min(LONGEST_SECONDS, recording.seconds)) } : { initial };
    this.#say('Listening …');
    try {
      /** @type {HeardReport} */
      const report = await askJson(new URL(`inside/${inside.model.name}/heard.json?${new URLSearchParams(query)}`, this.baseUrl));
      if (turn !== this.#turn) return;
      this.byId('heard').hidden = false;
      this.byId('heard-name').textContent = source.label;
      this.scores.show(report);
      this.responses.show(report);
      this.#say(recording && recording.seconds > LONGEST_SECONDS ? `The network listened to the first ${LONGEST_SECONDS} seconds of ${source.label}.` : '');
      this.root.dataset.heard = String(turn);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#say('');
      complain(error);
    }
  }

  /** @param {Take} take */
  async #useTake(take) {
    try {
      const blob = await (await ask(new URL(`../${take.folder}sound.wav`, this.baseUrl))).blob();
      await this.upload(blob, `${take.name}.wav`);
    } catch (error) {
      complain(error);
    }
  }

  /**
   * @param {string} label
   * @param {() => void} act
   * @param {string} [hint]
   */
  #start(label, act, hint) {
    return makeButton({ 'data-label': label, title: hint }, act, label);
  }

  #mark() {
    for (const button of findAll(this.byId('inside-starts'), 'button')) button.setAttribute('aria-pressed', String(button.dataset.label === this.source?.label));
  }

  /** @param {string} text */
  #say(text) {
    this.byId('sound-told').textContent = text;
  }

  /** @param {AbortSignal} signal */
  #mountChoice(signal) {
    const file = this.byId('inside-file', HTMLInputElement);
    file.addEventListener('change', async () => {
      const chosen = file.files?.[0];
      if (chosen) await this.upload(chosen, chosen.name);
      file.value = '';
    });
    // Before the Dream tab sees it: what is dropped while this tab is open is meant for it.
    window.addEventListener('drop', event => {
      const dropped = event.dataTransfer?.files[0];
      if (!dropped || !this.root.getClientRects().length) return;
      event.preventDefault();
      this.byId('inside-sound').scrollIntoView({ block: 'start' });
      this.upload(dropped, dropped.name);
    }, { capture: true, signal });
    const givers = this.byId('givers');
    for (const type of ['dragover', 'dragleave', 'drop']) {
      this.root.addEventListener(type, event => {
        const over = type === 'dragover';
        if (over) event.preventDefault();
        givers.classList.toggle('over', over);
      });
    }
    this.lookForTakes();
    mountVolume(this.root, signal);
  }

  #mountPlaying() {
    const { player } = this;
    const play = this.byId('heard-play');
    const seek = this.byId('heard-seek', HTMLInputElement);
    play.addEventListener('click', () => {
      this.voices.stop();
      player.toggle();
    });
    this.root.addEventListener('click', event => closest(event, '.unit-listen') && player.pause());
    seek.addEventListener('input', () => player.seek((Number(seek.value) / 1000) * player.duration));
    let frame = 0;
    const follow = () => {
      cancelAnimationFrame(frame);
      const part = player.duration ? player.position / player.duration : 0;
      this.byId('heard-clock').textContent = `${player.position.toFixed(1)} of ${seconds(player.duration)}`;
      if (document.activeElement !== seek || player.playing) seek.value = String(Math.round(1000 * part));
      seek.setAttribute('aria-valuetext', this.scores.at(player.position));
      if (player.playing) frame = requestAnimationFrame(follow);
    };
    player.on('change', () => {
      play.classList.toggle('on', player.playing);
      play.setAttribute('aria-label', player.playing ? 'Pause' : 'Play');
      follow();
    });
  }
}
