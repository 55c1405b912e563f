// Every dream is kept: a strip of takes, the latest first, and a bar for the one that is shown.

import { drawPeaks } from '../audio/drawing.js';
import { askExport } from '../export/dialog.js';
import { ExportJob } from '../export/job.js';
import { bus, Emitter } from '../lib/bus.js';
import { fitClear } from '../lib/canvas.js';
import { closest, find, findAll, finder, make } from '../lib/dom.js';
import { embedded } from '../lib/share-link.js';
import { complain, toast } from '../lib/toast.js';
import { capital } from '../lib/words.js';
import { describe } from '../picker/state.js';
import { Pair } from './pair.js';
import { mountPlot } from './plot.js';
import { TakeStore } from './take-store.js';

const LONG_MS = 15000;
const MOST_LETTERS = 80;

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Take} Take */

/**
 * What is wanted of a take.
 *
 * @typedef {object} TakeEvents
 * @property {{ take: Take, play: boolean }} take  to be shown
 * @property {Take} renamed
 * @property {Take} settings  every control as for it
 * @property {Take} again  its dream once more, in its place
 * @property {Take} on  a dream that starts from it
 * @property {Take} start  to be the sound to start from
 * @property {Take} like  maps that sound like it
 * @property {Recipe} link
 */

/** @extends {Emitter<TakeEvents>} */
export class Takes extends Emitter {
  /** @type {Take | null} */
  current = null;
  /** @type {Take | null} */
  #wanted = null;
  #warned = false;

  /**
   * @param {HTMLElement} root
   * @param {import('./run.js').Bridge} bridge
   * @param {import('../picker/state.js').State} state
   * @param {import('../audio/player.js').Player} player
   * @param {AbortSignal} signal
   */
  constructor(root, bridge, state, player, signal) {
    super();
    this.root = root;
    this.bridge = bridge;
    this.state = state;
    this.byId = finder(root);
    this.strip = this.byId('takes-strip');
    this.store = new TakeStore(bridge);
    this.pair = new Pair(player);
    this.job = new ExportJob(new URL('takes/files/', bridge.baseUrl), words => {
      this.byId('takes-zip').textContent = words || 'Download …';
      this.byId('takes-zip').setAttribute('aria-label', words || 'Download takes');
    });
    this.plot = mountPlot(this.byId('takes-plot', HTMLDialogElement), id => this.choose(this.#named(id)));
    this.#mountBar(signal);
    this.pair.on('change', () => this.#mark());
    this.strip.addEventListener('click', event => {
      const card = closest(event, '.take');
      if (card) this.choose(this.#named(card.dataset.take));
    });
    bus.on('theme', () => this.#draw(), { signal });
    this.#draw();
    this.store.look().then(() => this.#draw()).catch(() => {}); // it will be said when one is wanted
  }

  get items() {
    return this.store.takes;
  }

  /**
   * A finished dream; returns it as it is kept.
   *
   * @param {import('../lib/types.js').FinishedDream} dream
   * @param {import('../lib/types.js').Recordings & { replaces?: string | null }} [about]
   */
  add(dream, { recording = null, guide = null, replaces = null } = {}) {
    const label = describe(this.state, dream.recipe);
    const take = this.#dress(this.store.add(dream, { name: capital(label.targets), recording, guide, replaces }));
    this.current = take;
    this.#draw();
    if (!this.store.lasts) this.#warn();
    return take;
  }

  /**
   * Show and play a take, or offer to dream it again.
   *
   * @param {Take} [take]
   * @param {{ play?: boolean }} [options]
   */
  async choose(take, { play = true } = {}) {
    if (!take) return;
    this.#wanted = take;
    try {
      if (!await this.store.load(take)) {
        this.current = take;
        this.#draw();
        toast(`The sound of “${take.name}” is no longer on the server. Its recipe is.`, {
          action: 'Dream it again', onAction: () => this.emit('again', take), lasts: LONG_MS,
        });
        return;
      }
    } catch (error) {
      complain(error);
      return;
    }
    if (this.#wanted !== take) return;
    this.current = this.#dress(take);
    this.#mark();
    this.emit('take', { take, play });
  }

  /**
   * @param {Take} take
   * @param {string} name
   */
  rename(take, name) {
    take.name = name.slice(0, MOST_LETTERS);
    this.#dress(take);
    this.#changed();
  }

  // The other one of the pair, at the same place and loudness.
  swap() {
    const other = this.pair.pinned && this.current && this.pair.other(this.current);
    if (other) this.choose(other, { play: false });
  }

  /** @param {Take} take */
  #dress(take) {
    take.label = { ...describe(this.state, take.recipe), name: take.name };
    take.base = this.bridge.page(take.folder);
    return take;
  }

  /** @param {string} [id] */
  #named(id) {
    return this.items.find(take => take.id === id);
  }

  #draw() {
    this.root.classList.toggle('some', this.items.length > 0);
    const cards = this.items.map(take => this.#card(take));
    this.strip.replaceChildren(...cards);
    cards.forEach((card, i) => this.#picture(card, this.items[i]));
    this.#mark();
  }

  /** @param {Take} take */
  #card(take) {
    const label = describe(this.state, take.recipe);
    const notes = [take.star && 'starred', take.gone && 'to be dreamed again'].filter(Boolean);
    return make('button', {
      type: 'button',
      class: `take ${take.recipe.dataset}${take.gone ? ' gone' : ''}`,
      'data-take': take.id,
      'aria-label': [take.name, label.model, label.targets, ...notes].join(', '),
      title: `${take.name}: ${label.model}, ${label.targets}${take.gone ? '. Its sound is no longer on the server.' : ''}`,
    }, make('canvas', { 'aria-hidden': 'true' }), make('span', {}, `${take.star ? '★ ' : ''}${take.name}`), make('b', { 'aria-hidden': 'true' }));
  }

  /**
   * @param {HTMLElement} card
   * @param {Take} take
   */
  #picture(card, { picture: [low, high] }) {
    const tint = getComputedStyle(card).getPropertyValue('--tint');
    drawPeaks(fitClear(find(card, 'canvas', HTMLCanvasElement)), { low, high, most: 100 }, tint || '#888');
  }

  #mark() {
    const { current, pair, byId } = this;
    for (const card of findAll(this.strip, '.take')) {
      const take = this.#named(card.dataset.take);
      card.setAttribute('aria-pressed', String(take === current));
      find(card, 'b').textContent = take === pair.first ? 'A' : pair.pinned && take === pair.second ? 'B' : '';
    }
    byId('take-bar').hidden = !current;
    byId('takes-all').hidden = !this.items.length;
    if (!current) return;
    const name = byId('take-name', HTMLInputElement);
    if (document.activeElement !== name) name.value = current.name;
    byId('take-star').setAttribute('aria-pressed', String(current.star));
    for (const id of ['take-on', 'take-start', 'take-like', 'take-pin']) byId(id, HTMLButtonElement).disabled = Boolean(current.gone);
    byId('take-pin').setAttribute('aria-pressed', String(pair.pinned));
    byId('take-pair').hidden = !pair.pinned || !pair.second;
    byId('take-a', HTMLInputElement).checked = current === pair.first;
    byId('take-b', HTMLInputElement).checked = current === pair.second;
  }

  /** @param {AbortSignal} signal */
  #mountBar(signal) {
    const { byId } = this;
    /**
     * @param {string} id
     * @param {(take: Take) => void} act
     */
    const click = (id, act) => byId(id).addEventListener('click', () => this.current && act(this.current));
    const name = byId('take-name', HTMLInputElement);
    name.addEventListener('change', () => {
      const { current } = this;
      if (!current) return;
      this.rename(current, name.value.trim() || capital(describe(this.state, current.recipe).targets));
      name.value = current.name;
      this.emit('renamed', current);
    });
    name.addEventListener('keydown', event => event.key === 'Enter' && name.blur());
    click('take-star', take => {
      take.star = !take.star;
      this.#changed();
    });
    click('take-settings', take => this.emit('settings', take));
    click('take-on', take => this.emit('on', take));
    click('take-start', take => this.emit('start', take));
    click('take-like', take => this.emit('like', take));
    click('take-link', take => this.emit('link', take.recipe));
    click('take-drop', take => this.#remove(take));
    click('take-pin', take => {
      if (this.pair.pinned) {
        this.pair.drop();
        return;
      }
      this.pair.pin(take);
      toast('This is A. Choose another take as B: both are heard equally loud. The X key swaps them.');
    });
    byId('take-pair').addEventListener('change', () => this.swap());
    byId('takes-compare').addEventListener('click', () => this.plot.open(this.items, this.current));
    byId('takes-zip').addEventListener('click', () => (this.job.running ? this.job.stop() : this.#save(['all', 'star', 'this'])));
    // It stands beside the sound, above the takes.
    find(document, '#save-as').addEventListener('click', () => this.current && this.#save(['this', 'star', 'all']), { signal });
  }

  // Once: browsers that block what other sites store do so inside a Space's page.
  #warn() {
    if (this.#warned) return;
    this.#warned = true;
    if (embedded()) {
      toast('Your browser keeps nothing for a page inside another: a reload loses these takes.', {
        action: 'Open the studio by itself', onAction: () => window.open(window.location.href), lasts: LONG_MS,
      });
    } else toast('Your browser keeps nothing for this page. Save your takes before you reload or close it.', { lasts: LONG_MS });
  }

  /** @param {Take} take */
  #remove(take) {
    const restore = this.store.remove(take);
    if ([this.pair.first, this.pair.second].includes(take)) this.pair.drop();
    this.current = null;
    this.#draw();
    toast(`“${take.name}” is deleted.`, {
      action: 'Undo',
      onAction: () => {
        restore();
        this.current = this.#dress(take);
        this.#draw();
      },
    });
  }

  /** @param {string[]} order  which takes are proposed first */
  async #save(order) {
    if (this.job.running) {
      toast('A file is being made already. Wait for it, or stop it first.');
      return;
    }
    /** @type {Record<string, { label: string, takes: Take[] }>} */
    const sets = {
      this: { label: 'The take that is shown', takes: this.current ? [this.current] : [] },
      star: { label: 'Starred takes', takes: this.items.filter(take => take.star) },
      all: { label: 'All takes', takes: this.items },
    };
    const groups = order.filter(name => sets[name].takes.length).map(name => ({ name, label: sets[name].label, count: sets[name].takes.length }));
    const asked = await askExport(groups, () => 'Every file keeps its recipe.');
    if (!asked) return;
    const takes = sets[asked.group.name].takes.map(take => ({ token: take.token, name: this.#title(take), star: take.star, recipe: take.recipe }));
    const begun = await this.job.run({ takes, options: asked.options });
    if (begun?.missing) toast(`${begun.missing} of ${takes.length} sounds are no longer on the server; the file holds their recipes.`);
  }

  /**
   * The name that somebody gave a take; '' while it is called by its layer and map.
   *
   * @param {Take} take
   */
  #title({ name, recipe }) {
    return name === capital(describe(this.state, recipe).targets) ? '' : name;
  }

  #changed() {
    this.store.keep();
    this.#draw();
  }
}
