// Training: what is asked for, how it stands, the dream of the network while it learns.

import { drawPeaks, peaks } from '../audio/drawing.js';
import { parseWav } from '../audio/wav.js';
import { ask, askJson, post } from '../lib/ask.js';
import { bus } from '../lib/bus.js';
import { colour, fitClear } from '../lib/canvas.js';
import { finder, make } from '../lib/dom.js';
import { minutes, percent } from '../lib/numbers.js';
import { openTab } from '../lib/tabs.js';
import { complain, complaining } from '../lib/toast.js';
import { hearing } from '../picker/hearing.js';
import { drawCurve } from './curve.js';

/** @typedef {import('./types.js').Training} Told */

const LOOK_MS = 700;
const GALLERY_LOOK_MS = 3000;
const MOST_LOOKS_FOR_GALLERY = 200;
const WAVE_COLUMNS = 600;
/** @type {Record<Told['state'], string>} */
const WORDS = {
  none: '', starting: 'Starting …', training: 'Training', finishing: 'Testing and keeping the model …',
  paused: 'Paused', interrupted: 'Interrupted', done: 'Done', failed: 'It failed.',
};
const AT_WORK = ['starting', 'training', 'finishing'];

export class Training {
  /** @type {Told} */
  told = { state: 'none' };
  #asked = 0;
  #heard = 0;

  /**
   * @param {HTMLElement} root
   * @param {import('./project.js').OpenProject} own
   * @param {import('../audio/player.js').Player} player
   * @param {AbortSignal} signal
   */
  constructor(root, own, player, signal) {
    this.byId = finder(root, 'own-');
    this.own = own;
    this.player = player;
    this.signal = signal;
    const { byId } = this;
    byId('begin').addEventListener('click', complaining(() => this.#begin()));
    for (const wish of ['pause', 'go-on', 'keep']) byId(wish).addEventListener('click', complaining(() => this.wish(wish)));
    byId('discard').addEventListener('click', complaining(async () => {
      if (window.confirm('Throw this training away? A model that was kept stays.')) await this.wish('discard');
    }));
    byId('hear').addEventListener('click', complaining(() => this.#hear(true)));
    byId('to-dream').addEventListener('click', complaining(() => this.#dreamWithIt()));
    own.on('change', () => {
      this.#show(own.project?.training ?? { state: 'none' });
      this.#followSoon();
    }, { signal });
    document.addEventListener('visibilitychange', () => this.#followSoon(), { signal });
  }

  async #begin() {
    if (!this.own.project) throw new Error('Add some sounds first: two classes or more.');
    const { byId } = this;
    const told = await post(this.own.url('train'), {
      architecture: byId('architecture', HTMLSelectElement).value,
      size: byId('size', HTMLSelectElement).value,
      minutes: Number(byId('minutes', HTMLInputElement).value),
    });
    this.#heard = 0;
    this.#show(told);
    this.#followSoon();
  }

  /** @param {string} wish */
  async wish(wish) {
    this.#show(await post(this.own.url(`training/${wish}`), {}));
    this.#followSoon();
  }

  // Ask how it stands, until it stands still.
  #followSoon() {
    this.#asked += 1;
    const mine = this.#asked;
    const look = async () => {
      if (mine !== this.#asked || this.signal.aborted || document.hidden || !AT_WORK.includes(this.told.state)) return;
      try {
        const told = await askJson(this.own.url('training.json'));
        if (mine !== this.#asked) return;
        const before = this.told.state;
        this.#show(told);
        if (told.state === 'done' && before !== 'done') {
          await this.#tellOthers();
          this.#awaitGallery();
        }
      } catch (error) {
        complain(error);
      }
      setTimeout(look, LOOK_MS);
    };
    setTimeout(look, LOOK_MS / 4);
  }

  /** @param {Told} told */
  #show(told) {
    this.told = told;
    const { byId } = this;
    const working = AT_WORK.includes(told.state);
    byId('training').hidden = told.state === 'none';
    byId('begin', HTMLButtonElement).disabled = working;
    byId('state').textContent = told.error ?? WORDS[told.state];
    byId('training').dataset.state = told.state;
    const whole = told.epochs || 0;
    byId('bar', HTMLProgressElement).value = told.state === 'done' ? 1 : whole ? ((told.epoch ?? 0) + (told.part ?? 0)) / whole : 0;
    byId('left').textContent = !working || told.seconds_left === undefined ? '' : `epoch ${(told.epoch ?? 0) + 1}${whole ? ` of ${whole}` : ''}, about ${minutes(told.seconds_left)} left`;
    byId('pause').hidden = told.state !== 'training';
    byId('go-on').hidden = !['paused', 'interrupted', 'failed'].includes(told.state);
    byId('keep').hidden = !['training', 'paused', 'interrupted'].includes(told.state) || !told.epoch;
    byId('discard').hidden = told.state === 'finishing' || told.state === 'starting';
    byId('done').hidden = told.state !== 'done';
    byId('name').textContent = told.model ? `It is called ${told.model}, in Dream, Live, Models and the terminal.` : '';
    if (told.curve) drawCurve(byId('curve', HTMLCanvasElement), told.curve, whole, told.chance);
    byId('accuracy').textContent = accuracies(told);
    byId('confused').replaceChildren(...confusions(told));
    byId('dream').hidden = !told.dream;
    if (told.dream && told.dream.number !== this.#heard) {
      this.#heard = told.dream.number;
      byId('dream-told').textContent = `What it takes for “${told.dream.label}”, after ${told.dream.epoch} epochs`;
      this.#hear(byId('follow', HTMLInputElement).checked).catch(complain);
    }
  }

  /** @param {boolean} aloud */
  async #hear(aloud) {
    const url = this.own.url('dream.wav');
    url.search = `?${this.#heard}`;
    const { samples, rate } = parseWav(await (await ask(url)).arrayBuffer());
    drawPeaks(fitClear(this.byId('wave', HTMLCanvasElement)), peaks(samples, WAVE_COLUMNS), colour('--accent'));
    if (!aloud) return;
    this.player.load(samples, rate);
    this.player.play(0);
  }

  // The other tabs learn of the new model.
  async #tellOthers() {
    bus.emit('models', await askJson(new URL('models.json', this.own.baseUrl)));
    await this.own.list();
  }

  // Tiles get their sounds once the small gallery of the new model is there.
  #awaitGallery(left = MOST_LOOKS_FOR_GALLERY) {
    setTimeout(async () => {
      const { model } = this.told;
      if (this.signal.aborted || !model || !left) return;
      try {
        await this.own.list();
        if (this.own.listing?.models.some(({ name, gallery }) => name === model && gallery)) await hearing.load(this.own.baseUrl, true);
        else this.#awaitGallery(left - 1);
      } catch {
        this.#awaitGallery(left - 1);
      }
    }, GALLERY_LOOK_MS);
  }

  async #dreamWithIt() {
    const { model, classes = [] } = this.told;
    const { project } = this.own;
    if (!model || !project) return;
    await this.#tellOthers();
    const architecture = model.slice(project.slug.length + 1);
    const listing = await askJson(new URL('models.json', this.own.baseUrl));
    const deepest = listing.architectures[architecture].convolutions.length - 1;
    bus.emit('dream', { changes: { dataset: project.slug, architecture, targets: [[deepest, classes.length ? 0 : null, 1, 'response']], seconds: 1 } });
    await openTab('Dream');
  }
}

/** @param {Told} told */
function accuracies({ train_accuracy: train, test }) {
  const said = [];
  if (train !== undefined) said.push(`Right about ${percent(train)} of what it learns from.`);
  const tested = test && Object.values(test).at(-1);
  if (tested) said.push(`Of ${tested.clips} sounds that were kept back: ${percent(tested.accuracy)} (95 % interval ${percent(tested.interval[0])} to ${percent(tested.interval[1])}).`);
  return said.join(' ');
}

/** @param {Told} told */
function confusions({ confused = [], test }) {
  if (!test || !Object.keys(test).length) return [];
  if (!confused.length) return [make('li', {}, 'None in the last test.')];
  return confused.map(([was, said, times]) => make('li', {}, make('b', {}, was), ' taken for ', make('b', {}, said), ` (${times})`));
}
