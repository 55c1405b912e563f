// The Gallery tab: a map of every sound; what is pointed at is heard at once.

import { Filters } from './filters.js';
import { Kept } from './kept.js';
import { mountKeys } from './keys.js';
import { mountLikeness } from './likeness.js';
import { List } from './list.js';
import { SoundMap } from './map.js';
import { mountPlaces } from './arrangement.js';
import { Sheet } from './sheet.js';
import { readGallery } from '../picker/gallery-table.js';
import { Voice } from '../audio/voice.js';
import { address } from '../lib/share-link.js';
import { AGAIN, openInDream } from '../lib/opening.js';
import { complain, toast } from '../lib/toast.js';
import { mountVolume } from '../audio/volume.js';

export async function mount(element, baseUrl) {
  const opened = performance.now();
  const root = element.querySelector('#gallery');
  const { table, version, catalogue } = await readGallery(baseUrl);
  if (!catalogue) {
    sayMissing(root, table);
  } else {
    const gallery = new GalleryTab(root, baseUrl, catalogue, version);
    gallery.sayPartial(table);
    window.studioGallery = gallery;
    await new Promise(resolve => { requestAnimationFrame(resolve); });
  }
  root.dataset.shownAfter = Math.round(performance.now() - opened);
  root.dataset.ready = 'true';
}

class GalleryTab {
  constructor(root, baseUrl, catalogue, version) {
    Object.assign(this, { root, baseUrl, catalogue });
    this.find = id => root.querySelector(`#${id}`);
    this.counts = { hovers: 0 };
    this.current = null; // what is heard and shown
    this.chosen = null; // what it goes back to when the pointer leaves
    this.voice = new Voice(catalogue, new URL('gallery/sounds/', baseUrl), version);
    this.map = new SoundMap(this.find('gallery-map'), catalogue);
    this.filters = new Filters(root, catalogue);
    this.list = new List(root, catalogue);
    this.sheet = new Sheet(this.find('sheet'), catalogue, this.voice);
    this.kept = new Kept(root, catalogue, baseUrl);
    this.likeness = mountLikeness(this);
    mountPlaces(this);
    mountKeys(this);
    mountVolume(root);
    this.#mountBar();
    this.#mountHearing();
    this.#mountSheet();
    this.filters.addEventListener('change', () => this.#filtered());
    this.kept.addEventListener('change', () => this.#mark());
    this.kept.addEventListener('choose', event => this.choose(event.detail.row, event.detail));
    this.#filtered();
    this.#fromLink();
    setTimeout(() => this.voice.warm(0), 50);
  }

  // Hear and show a sound for as long as it is pointed at.
  async hear(row, since) {
    this.counts.hovers += 1;
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

  #look(row, samples) {
    this.sheet.show(row);
    this.sheet.draw(row, samples);
    this.find('gallery-said').textContent = `${this.catalogue.title(row)}, ${this.catalogue.model(row)}`;
    this.#mark();
    this.likeness.rest(row);
  }

  // Stay with a sound: its page is the address of the tab.
  choose(row, { since = performance.now(), silent = false } = {}) {
    this.chosen = row;
    this.#address(row);
    this.map.reveal(row);
    this.list.reveal(row);
    if (!silent) this.hear(row, since);
    else this.show(row);
  }

  // As `hear`, without a sound.
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

  // A click: keep it; once more: no longer.
  take(row, detail = {}) {
    const again = this.kept.has(row) && this.chosen === row;
    if (!this.kept.has(row) || again) this.kept.toggle(row);
    this.choose(row, detail);
  }

  async openInDream() {
    await openInDream(this.catalogue.recipeOf(this.current), AGAIN);
  }

  sayPartial({ made, expected, build }) {
    if (made >= expected) return;
    const notice = this.find('gallery-notice');
    notice.hidden = false;
    notice.append(`${made.toLocaleString('en')} of ${expected.toLocaleString('en')} sounds are here. `, code(build), ' makes the rest.');
  }

  #back() {
    if (this.chosen !== null && this.current !== this.chosen) this.show(this.chosen);
  }

  #mark() {
    const { current, catalogue, kept } = this;
    this.map.mark({ current, kept: kept.rows });
    this.list.show({ current, kept: kept.rows });
    const button = this.find('unit-keep');
    button.disabled = current === null;
    button.setAttribute('aria-pressed', String(current !== null && kept.has(current)));
    button.textContent = current !== null && kept.has(current) ? 'Kept' : 'Keep';
    this.find('unit-link').disabled = current === null;
    this.find('unit-play').disabled = current === null;
    this.root.dataset.current = current === null ? '' : catalogue.id(current);
  }

  #filtered() {
    const { filters, catalogue, map } = this;
    map.filter(filters.visible);
    this.list.fill(filters.visible);
    const [shown, all] = [filters.shown, catalogue.count].map(count => count.toLocaleString('en'));
    this.find('gallery-count').textContent = shown === all ? `${all} sounds` : `${shown} of ${all}`;
    const badge = this.find('filters-count');
    badge.hidden = !filters.active;
    badge.textContent = filters.active;
    const empty = this.find('gallery-empty');
    empty.hidden = filters.shown > 0;
    if (!filters.shown) {
      empty.innerHTML = '<p>No sound is like that.</p><button type="button" class="secondary">Show all</button>';
      empty.querySelector('button').addEventListener('click', () => filters.reset());
    }
    this.#mark();
  }

  #mountBar() {
    const narrow = window.matchMedia('(max-width: 860px)');
    const toggle = this.find('drawer-toggle');
    const close = this.find('drawer-close');
    const drawer = open => {
      this.root.classList.toggle('no-drawer', !open);
      toggle.setAttribute('aria-expanded', String(open));
      this.filters.draw();
    };
    // Over the map, it has the focus while it is open, and gives it back.
    const over = () => close.checkVisibility();
    const shut = () => {
      drawer(false);
      toggle.focus();
    };
    close.addEventListener('click', shut);
    this.find('gallery-drawer').addEventListener('keydown', event => event.key === 'Escape' && over() && shut());
    toggle.addEventListener('click', () => {
      drawer(this.root.classList.contains('no-drawer'));
      if (over()) close.focus();
    });
    if (window.matchMedia('(hover: none)').matches) {
      this.find('unit-title').textContent = 'Tap to hear';
      this.find('unit-detail').textContent = 'Every point is what one feature map, a small detector in a network, dreams of. Slide over the map to hear many.';
    }
    drawer(!narrow.matches && window.innerWidth >= 1180);
    const list = this.find('list-toggle');
    list.addEventListener('click', () => {
      this.list.toggle(!this.list.open);
      list.setAttribute('aria-pressed', String(this.list.open));
      if (this.current !== null) this.list.reveal(this.current);
    });
    this.find('zoom-in').addEventListener('click', () => this.map.zoomBy(1.6));
    this.find('zoom-out').addEventListener('click', () => this.map.zoomBy(1 / 1.6));
    this.find('zoom-fit').addEventListener('click', () => this.map.fit());
  }

  #mountHearing() {
    const { map, list, voice } = this;
    for (const source of [map, list]) {
      source.addEventListener('hover', ({ detail }) => {
        if (detail.walk) this.choose(detail.row, detail);
        else this.hear(detail.row, detail.since);
      });
      source.addEventListener('take', ({ detail }) => (detail.touch ? this.choose(detail.row, detail) : this.take(detail.row, detail)));
      source.addEventListener('leave', () => this.#back());
    }
    const lock = () => { this.find('sound-lock').hidden = !voice.locked; };
    voice.addEventListener('change', lock);
    for (const gesture of ['pointerdown', 'keydown']) document.addEventListener(gesture, () => voice.unlock(), { passive: true });
    setTimeout(lock, 300);
    // Whoever goes to another tab leaves the sound behind, and its address.
    new IntersectionObserver(([{ isIntersecting: here }]) => {
      if (!here) voice.stop();
      // Arrows walk at once, unless somebody is finding the way by keyboard.
      if (here && !document.activeElement?.matches(':focus-visible')) this.map.canvas.focus({ preventScroll: true });
      if (!here || this.chosen !== null) this.#address(here ? this.chosen : null);
    }).observe(this.root);
  }

  #address(row) {
    const own = new URL(window.location.href);
    if (row === null) own.searchParams.delete('unit');
    else own.searchParams.set('unit', this.catalogue.id(row));
    window.history.replaceState(window.history.state, '', own);
  }

  #mountSheet() {
    const { sheet, voice } = this;
    sheet.addEventListener('hear', ({ detail }) => this.voice.hear(detail.row, detail.since).catch(complain));
    sheet.addEventListener('choose', ({ detail }) => this.choose(detail.row, detail));
    this.find('unit-play').addEventListener('click', () => {
      if (voice.playing?.row === this.current) voice.stop();
      else this.hear(this.current, performance.now());
    });
    this.find('unit-keep').addEventListener('click', () => {
      this.kept.toggle(this.current);
      this.chosen = this.current;
    });
    this.find('unit-dream').addEventListener('click', () => this.openInDream());
    this.find('unit-link').addEventListener('click', () => this.#copyLink());
  }

  async #copyLink() {
    const link = address({ unit: this.catalogue.id(this.current) });
    try {
      await navigator.clipboard.writeText(link);
      toast('The link to this sound is copied.', { lasts: 3000 });
    } catch {
      toast(link, { lasts: 20000 });
    }
  }

  #fromLink() {
    const id = new URL(window.location.href).searchParams.get('unit');
    if (!id) return;
    const row = this.catalogue.find(id);
    if (row === undefined) toast(`There is no sound “${id}” in this gallery.`, { kind: 'error' });
    else this.choose(row, { silent: true });
  }
}

function sayMissing(root, { missing, build }) {
  root.classList.add('nothing');
  const empty = root.querySelector('#gallery-empty');
  empty.hidden = false;
  const words = document.createElement('p');
  words.textContent = missing || 'The gallery is empty.';
  empty.append(words);
  if (!build) return;
  const how = document.createElement('p');
  how.append('This makes it, one sound for every feature map of every model, and can be stopped and taken up at any time:', code(build));
  empty.append(how);
}

function code(text) {
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}
