// Every dream is kept: a strip of takes, the latest first, and a bar for the one that is shown.

import { embedded } from '../lib/share-link.js';
import { drawPeaks } from '../audio/drawing.js';
import { fit } from '../lib/canvas.js';
import { describe } from '../picker/state.js';
import { Pair } from './pair.js';
import { mountPlot } from './plot.js';
import { TakeStore } from './take-store.js';
import { ask, complain, toast } from '../lib/toast.js';
import { capital } from '../lib/words.js';

export class Takes extends EventTarget {
  constructor(root, bridge, state, player) {
    super();
    Object.assign(this, { root, bridge, state });
    this.find = id => root.querySelector(`#${id}`);
    this.strip = this.find('takes-strip');
    this.store = new TakeStore(bridge);
    this.pair = new Pair(player);
    this.current = null;
    this.plot = mountPlot(this.find('takes-plot'), id => this.choose(this.#named(id)));
    this.#mountBar();
    this.pair.addEventListener('change', () => this.#mark());
    this.strip.addEventListener('click', event => {
      const card = event.target.closest('.take');
      if (card) this.choose(this.#named(card.dataset.take));
    });
    window.addEventListener('studio-theme', () => this.#draw());
    this.#draw();
    this.store.look().then(() => this.#draw()).catch(() => {}); // it will be said when one is wanted
  }

  get items() {
    return this.store.takes;
  }

  // A finished dream; returns it as it is kept.
  add(take, { recording = null, guide = null, replaces = null } = {}) {
    const label = describe(this.state, take.recipe);
    this.current = this.#dress(this.store.add(take, { name: capital(label.targets), recording, guide, replaces }));
    this.#draw();
    if (!this.store.lasts) this.#warn();
    return this.current;
  }

  // Show and play a take, or offer to dream it again.
  async choose(take, { play = true } = {}) {
    if (!take) return;
    const since = (this.wanted = take);
    try {
      if (!await this.store.load(take)) {
        this.current = take;
        this.#draw();
        toast(`The sound of “${take.name}” is no longer on the server. Its recipe is.`, {
          action: 'Dream it again', onAction: () => this.#tell('again', take), lasts: 15000,
        });
        return;
      }
    } catch (error) {
      complain(error);
      return;
    }
    if (this.wanted !== since) return;
    this.current = this.#dress(take);
    this.#mark();
    this.#tell('take', { take, play });
  }

  rename(take, name) {
    take.name = name.slice(0, 80);
    this.#dress(take);
    this.#changed();
  }

  // The other one of the pair, at the same place and loudness.
  swap() {
    const other = this.pair.on && this.current && this.pair.other(this.current);
    if (other) this.choose(other, { play: false });
  }

  #dress(take) {
    return Object.assign(take, { label: { ...describe(this.state, take.recipe), name: take.name }, base: this.bridge.page(take.folder) });
  }

  #named(id) {
    return this.items.find(take => take.id === id);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #draw() {
    this.root.classList.toggle('some', this.items.length > 0);
    this.strip.replaceChildren(...this.items.map(take => this.#card(take)));
    for (const card of this.strip.children) this.#picture(card, this.#named(card.dataset.take));
    this.#mark();
  }

  #card(take) {
    const label = describe(this.state, take.recipe);
    const card = document.createElement('button');
    card.type = 'button';
    card.className = `take ${take.recipe.dataset}`;
    card.dataset.take = take.id;
    card.classList.toggle('gone', Boolean(take.gone));
    card.innerHTML = '<canvas aria-hidden="true"></canvas><span></span><b aria-hidden="true"></b>';
    card.querySelector('span').textContent = `${take.star ? '★ ' : ''}${take.name}`;
    const notes = [take.star && 'starred', take.gone && 'to be dreamed again'].filter(Boolean);
    card.setAttribute('aria-label', [take.name, label.model, label.targets, ...notes].join(', '));
    card.title = `${take.name}: ${label.model}, ${label.targets}${take.gone ? '. Its sound is no longer on the server.' : ''}`;
    return card;
  }

  #picture(card, { picture: [low, high] }) {
    const { context, width, height } = fit(card.querySelector('canvas'));
    const tint = getComputedStyle(card).getPropertyValue('--tint');
    context.clearRect(0, 0, width, height);
    drawPeaks(context, { low, high, most: 100 }, width, height, tint || '#888');
  }

  #mark() {
    const { current, pair } = this;
    for (const card of this.strip.children) {
      const take = this.#named(card.dataset.take);
      card.setAttribute('aria-pressed', String(take === current));
      card.querySelector('b').textContent = take === pair.first ? 'A' : pair.on && take === pair.second ? 'B' : '';
    }
    this.find('take-bar').hidden = !current;
    this.find('takes-all').hidden = !this.items.length;
    if (!current) return;
    const name = this.find('take-name');
    if (document.activeElement !== name) name.value = current.name;
    this.find('take-star').setAttribute('aria-pressed', String(current.star));
    for (const id of ['take-on', 'take-start', 'take-like', 'take-pin']) this.find(id).disabled = Boolean(current.gone);
    this.find('take-pin').setAttribute('aria-pressed', String(pair.on));
    this.find('take-pair').hidden = !pair.on || !pair.second;
    this.find('take-a').checked = current === pair.first;
    this.find('take-b').checked = current === pair.second;
  }

  #mountBar() {
    const click = (id, act) => this.find(id).addEventListener('click', () => act(this.current));
    const name = this.find('take-name');
    name.addEventListener('change', () => {
      this.rename(this.current, name.value.trim() || capital(describe(this.state, this.current.recipe).targets));
      name.value = this.current.name;
      this.#tell('renamed', this.current);
    });
    name.addEventListener('keydown', event => event.key === 'Enter' && name.blur());
    click('take-star', take => {
      take.star = !take.star;
      this.#changed();
    });
    click('take-settings', take => this.#tell('settings', take));
    click('take-on', take => this.#tell('on', take));
    click('take-start', take => this.#tell('start', take));
    click('take-like', take => this.#tell('like', take));
    click('take-link', take => this.#tell('link', take.recipe));
    click('take-drop', take => this.#remove(take));
    click('take-pin', take => {
      if (this.pair.on) this.pair.drop();
      else {
        this.pair.pin(take);
        toast('This is A. Choose another take as B: both are heard equally loud. The X key swaps them.');
      }
    });
    this.find('take-pair').addEventListener('change', () => this.swap());
    click('takes-compare', () => this.plot.open(this.items, this.current));
    click('takes-zip', () => this.#save());
  }

  // Once: browsers that block what other sites store do so inside a Space's page.
  #warn() {
    if (this.warned) return;
    this.warned = true;
    if (!embedded()) toast('Your browser keeps nothing for this page. Save your takes before you reload or close it.', { lasts: 15000 });
    else toast('Your browser keeps nothing for a page inside another: a reload loses these takes.', {
      action: 'Open the studio by itself', onAction: () => window.open(window.location.href), lasts: 15000,
    });
  }

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

  async #save() {
    const button = this.find('takes-zip');
    button.disabled = true;
    const takes = this.items.map(({ token, name, star, recipe }) => ({ token, name, star, recipe }));
    try {
      const body = JSON.stringify({ takes });
      const made = await (await ask(new URL('takes/files', this.bridge.baseUrl), { method: 'POST', body })).json();
      const link = document.createElement('a');
      link.href = new URL(`takes/files/${made.token}`, this.bridge.baseUrl).href;
      link.download = made.name;
      link.click();
      if (made.missing) toast(`${made.missing} of ${takes.length} sounds are no longer on the server; the file holds their recipes.`);
    } catch (error) {
      complain(error);
    } finally {
      button.disabled = false;
    }
  }

  #changed() {
    this.store.keep();
    this.#draw();
  }
}
