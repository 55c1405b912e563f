// The Gallery tab: a map of every sound; what is pointed at is heard at once.

import { unlock, unlocked } from '../audio/context.js';
import { Voice } from '../audio/voice.js';
import { mountVolume } from '../audio/volume.js';
import { find, finder, makeButton, make } from '../lib/dom.js';
import { inspectable } from '../lib/inspect.js';
import { AGAIN, openInDream } from '../lib/opening.js';
import { address, copy } from '../lib/share-link.js';
import { complain, toast } from '../lib/toast.js';
import { readGallery } from '../picker/gallery-table.js';
import { mountArrangement } from './arrangement.js';
import { mountDrawer } from './drawer.js';
import { mountFewer } from './fewer.js';
import { Filters } from './filters.js';
import { Kept } from './kept.js';
import { mountKeys } from './keys.js';
import { mountLikeness } from './likeness.js';
import { List } from './list.js';
import { SoundMap } from './map.js';
import { sayMissing, sayPartial } from './missing.js';
import { Sheet } from './sheet.js';

const WARM_AFTER_MS = 50;
const LOCK_SAID_AFTER_MS = 300;
const CLOSER = 1.6;

/** @typedef {{ since?: number, silent?: boolean, touch?: boolean }} How */

/**
 * @param {HTMLElement} element
 * @param {{ baseUrl: URL, signal: AbortSignal }} given
 */
export async function mount(element, { baseUrl, signal }) {
  const opened = performance.now();
  const root = find(element, '#gallery');
  const { table, version, catalogue } = await readGallery(baseUrl);
  if (catalogue) {
    sayPartial(root, table);
    inspectable({ gallery: new GalleryTab(root, baseUrl, catalogue, version, signal) });
    await new Promise(requestAnimationFrame);
  } else sayMissing(root, table);
  root.dataset.shownAfter = String(Math.round(performance.now() - opened));
  root.dataset.ready = 'true';
}

export class GalleryTab {
  /**
   * What is heard and shown.
   *
   * @type {number | null}
   */
  current = null;
  /**
   * What it goes back to when the pointer leaves.
   *
   * @type {number | null}
   */
  chosen = null;

  /**
   * @param {HTMLElement} root
   * @param {URL} baseUrl
   * @param {import('../picker/catalogue.js').Catalogue} catalogue
   * @param {string} version
   * @param {AbortSignal} signal
   */
  constructor(root, baseUrl, catalogue, version, signal) {
    this.root = root;
    this.baseUrl = baseUrl;
    this.catalogue = catalogue;
    this.byId = finder(root);
    this.voice = new Voice(catalogue, new URL('gallery/sounds/', baseUrl), version);
    this.map = new SoundMap(this.byId('gallery-map', HTMLCanvasElement), catalogue, signal);
    this.filters = new Filters(root, catalogue, signal);
    this.list = new List(root, catalogue, signal);
    this.sheet = new Sheet(this.byId('sheet'), catalogue, this.voice, signal);
    this.kept = new Kept(root, catalogue, baseUrl);
    this.likeness = mountLikeness(this);
    mountArrangement(root, catalogue, this.map, signal);
    mountKeys(this, signal);
    mountVolume(root, signal);
    mountDrawer(root, () => this.filters.draw());
    mountFewer(root, catalogue, this.filters, baseUrl);
    this.#mountBar();
    this.#mountHearing(signal);
    this.#mountSheet();
    this.filters.on('change', () => this.#filtered());
    this.kept.on('change', () => this.#mark());
    this.kept.on('choose', ({ row, since }) => this.choose(row, { since }));
    this.#filtered();
    this.#fromLink();
    setTimeout(() => this.voice.warm(0), WARM_AFTER_MS);
  }

  /**
   * Hear and show a sound for as long as it is pointed at.
   *
   * @param {number} row
   * @param {number} [since]
   */
  async hear(row, since) {
    this.current = row;
    const sound = this.voice.hear(row, since); // first of all
    this.#mark();
    try {
      const samples = await sound;
      if (!samples || this.current !== row) return;
      requestAnimationFrame(() => this.current === row && this.#look(row, samples));
    } catch (error) {
      complain(error);
    }
  }

  /**
   * @param {number} row
   * @param {Float32Array} samples
   */
  #look(row, samples) {
    this.sheet.show(row);
    this.sheet.draw(row, samples);
    this.byId('gallery-said').textContent = `${this.catalogue.title(row)}, ${this.catalogue.model(row)}`;
    this.#mark();
    this.likeness.rest(row);
  }

  /**
   * Stay with a sound: its page is the address of the tab.
   *
   * @param {number} row
   * @param {How} [how]
   */
  choose(row, { since = performance.now(), silent = false } = {}) {
    this.chosen = row;
    this.#address(row);
    this.map.reveal(row);
    this.list.reveal(row);
    if (!silent) this.hear(row, since);
    else this.show(row);
  }

  /**
   * As `hear`, without a sound.
   *
   * @param {number} row
   */
  async show(row) {
    this.current = row;
    this.#mark();
    this.sheet.show(row);
    this.likeness.rest(row);
    try {
      this.sheet.draw(row, await this.voice.samples(row));
    } catch (error) {
      complain(error);
    }
  }

  /**
   * A click: keep it; once more: no longer.
   *
   * @param {number} row
   * @param {How} [how]
   */
  take(row, how = {}) {
    const again = this.kept.has(row) && this.chosen === row;
    if (!this.kept.has(row) || again) this.kept.toggle(row);
    this.choose(row, how);
  }

  #back() {
    if (this.chosen !== null && this.current !== this.chosen) this.show(this.chosen);
  }

  #mark() {
    const { current, catalogue, kept } = this;
    this.map.mark({ current, kept: kept.rows });
    this.list.show({ current, kept: kept.rows });
    const isKept = current !== null && kept.has(current);
    const keep = this.byId('unit-keep', HTMLButtonElement);
    keep.setAttribute('aria-pressed', String(isKept));
    keep.textContent = isKept ? 'Kept' : 'Keep';
    for (const id of ['unit-keep', 'unit-link', 'unit-play']) this.byId(id, HTMLButtonElement).disabled = current === null;
    this.root.dataset.current = current === null ? '' : catalogue.id(current);
  }

  #filtered() {
    const { filters, catalogue, map } = this;
    map.filter(filters.visible);
    this.list.fill(filters.visible);
    const [shown, all] = [filters.shown, catalogue.count].map(count => count.toLocaleString('en'));
    this.byId('gallery-count').textContent = shown === all ? `${all} sounds` : `${shown} of ${all}`;
    for (const id of ['keep-shown', 'export-shown']) this.byId(id, HTMLButtonElement).disabled = !filters.shown;
    const badge = this.byId('filters-count');
    badge.hidden = !filters.active;
    badge.textContent = String(filters.active);
    const empty = this.byId('gallery-empty');
    empty.hidden = filters.shown > 0;
    if (!filters.shown) {
      empty.replaceChildren(make('p', {}, 'No sound is like that.'), makeButton({ class: 'secondary' }, () => filters.reset(), 'Show all'));
    }
    this.#mark();
  }

  #mountBar() {
    if (window.matchMedia('(hover: none)').matches) {
      this.byId('unit-title').textContent = 'Tap to hear';
      this.byId('unit-detail').textContent = 'Every point is what one feature map, a small detector in a network, dreams of. Slide over the map to hear many.';
    }
    const list = this.byId('list-toggle');
    list.addEventListener('click', () => {
      this.list.toggle(!this.list.open);
      list.setAttribute('aria-pressed', String(this.list.open));
      if (this.current !== null) this.list.reveal(this.current);
    });
    const shown = () => [...this.filters.visible.keys()].filter(row => this.filters.visible[row]);
    this.byId('keep-shown').addEventListener('click', () => this.kept.keepAll(shown()));
    this.byId('export-shown').addEventListener('click', () => this.kept.take(shown()));
    this.byId('zoom-in').addEventListener('click', () => this.map.zoomBy(CLOSER));
    this.byId('zoom-out').addEventListener('click', () => this.map.zoomBy(1 / CLOSER));
    this.byId('zoom-fit').addEventListener('click', () => this.map.fit());
  }

  /** @param {AbortSignal} signal */
  #mountHearing(signal) {
    const { voice } = this;
    for (const source of [this.map, this.list]) {
      source.on('hover', ({ row, since, walk }) => {
        if (walk) this.choose(row, { since });
        else this.hear(row, since);
      });
      source.on('take', ({ row, touch }) => (touch ? this.choose(row) : this.take(row)));
      source.on('leave', () => this.#back());
    }
    const lock = () => { this.byId('sound-lock').hidden = unlocked(); };
    voice.on('change', lock);
    for (const gesture of ['pointerdown', 'keydown']) document.addEventListener(gesture, () => { unlock(); }, { passive: true, signal });
    setTimeout(lock, LOCK_SAID_AFTER_MS);
    // Whoever goes to another tab leaves the sound behind, and its address.
    const watcher = new IntersectionObserver(([{ isIntersecting: here }]) => {
      if (!here) voice.stop();
      // Arrows walk at once, unless somebody is finding the way by keyboard.
      if (here && !document.activeElement?.matches(':focus-visible')) this.map.canvas.focus({ preventScroll: true });
      if (!here || this.chosen !== null) this.#address(here ? this.chosen : null);
    });
    watcher.observe(this.root);
    signal.addEventListener('abort', () => watcher.disconnect());
  }

  /** @param {number | null} row */
  #address(row) {
    const own = new URL(window.location.href);
    if (row === null) own.searchParams.delete('unit');
    else own.searchParams.set('unit', this.catalogue.id(row));
    window.history.replaceState(window.history.state, '', own);
  }

  #mountSheet() {
    const { sheet, voice } = this;
    /**
     * @param {string} id
     * @param {(row: number) => void} act
     */
    const click = (id, act) => this.byId(id).addEventListener('click', () => this.current !== null && act(this.current));
    sheet.on('hear', ({ row, since }) => voice.hear(row, since).catch(complain));
    sheet.on('choose', ({ row, since }) => this.choose(row, { since }));
    click('unit-play', row => {
      if (voice.playing?.row === row) voice.stop();
      else this.hear(row, performance.now());
    });
    click('unit-keep', row => {
      this.kept.toggle(row);
      this.chosen = row;
    });
    click('unit-dream', row => openInDream({ recipe: this.catalogue.recipeOf(row) }, AGAIN));
    click('unit-link', row => copy(address({ unit: this.catalogue.id(row) }), 'The link to this sound is copied.', { lasts: 3000 }));
  }

  #fromLink() {
    const id = new URL(window.location.href).searchParams.get('unit');
    if (!id) return;
    const row = this.catalogue.find(id);
    if (row === undefined) toast(`There is no sound “${id}” in this gallery.`, { kind: 'error' });
    else this.choose(row, { silent: true });
  }
}
