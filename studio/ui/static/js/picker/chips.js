// What is taken, as chips: each with its weight and the way out of the mix.

import { format, parse } from '../lib/numbers.js';
import { asked, measureOf } from './targets.js';
import { toast } from '../lib/toast.js';

const MIXED = 'How much this map counts beside the others. A weight below 0 avoids it.';
const ALONE = 'Of a map alone, only the sign of its weight counts: every step has the same size. Below 0 the dream avoids the map. In a mix the number counts, too.';

export function mountChips(root, state, view) {
  let chips = [];
  let shape = '';
  const build = () => {
    const { targets, dataset, architecture } = state.recipe;
    const next = JSON.stringify([dataset, architecture, targets.map(([layer, map, , measure]) => [layer, map, measure])]);
    if (next !== shape) {
      chips = targets.map((target, index) => chip(target, index, targets.length === 1));
      root.replaceChildren(...chips.map(({ element }) => element));
      shape = next;
    }
    targets.forEach((target, index) => chips[index].show(target));
  };
  const chip = ([layer, map], index, alone) => {
    const name = map === null ? 'all maps' : state.names(layer)?.[map] || `map ${map}`;
    const element = document.createElement('div');
    element.className = alone ? 'chip alone' : 'chip';
    element.dataset.hint = alone ? ALONE : MIXED;
    element.innerHTML = '<button type="button" class="go-to"><span></span><small></small></button>'
      + (alone ? '<button type="button" class="pill avoid">Avoid</button>' : '<input type="range" min="-2" max="2" step="0.1">')
      + '<input type="text" inputmode="decimal" class="value">'
      + (alone ? '' : '<button type="button" class="ghost drop-it">×</button>');
    const [go, slide, value, drop] = element.children;
    const label = `layer ${layer}, ${name}`;
    go.firstChild.textContent = `${layer} · ${name}`;
    go.addEventListener('click', () => view.show(layer));
    slide.setAttribute('aria-label', alone ? `Avoid ${label}` : `Weight of ${label}`);
    value.setAttribute('aria-label', `Weight of ${label}`);
    drop?.setAttribute('aria-label', `Remove ${label}`);
    drop?.addEventListener('click', () => {
      view.drop(index);
      root.children[Math.min(index, root.children.length - 1)].querySelector('.drop-it, .go-to').focus();
    });
    const weigh = number => {
      if (Number.isFinite(number) && number !== 0 && Math.abs(number) <= 1000) return view.weigh(index, number);
      value.value = format(state.recipe.targets[index][2]);
      return toast('A weight is a number other than 0; negative weights avoid a map.', { kind: 'error' });
    };
    value.addEventListener('change', () => weigh(parse(value.value)));
    if (alone) {
      slide.addEventListener('click', () => weigh(-state.recipe.targets[index][2]));
    } else {
      slide.addEventListener('change', () => weigh(Number(slide.value) || 0.1));
      slide.addEventListener('input', () => (value.value = format(Number(slide.value) || 0.1)));
    }
    const show = target => {
      const [, , weight] = target;
      const isClass = Boolean(state.layers[layer]?.output) && map !== null;
      const words = target[3] ? asked(measureOf(target), weight, isClass) : '';
      go.lastChild.textContent = words;
      go.title = [`Layer ${layer}, ${name}`, words].filter(Boolean).join(': ');
      if (alone) slide.setAttribute('aria-pressed', String(weight < 0));
      else slide.value = weight;
      value.value = format(weight);
    };
    return { element, show };
  };
  state.watch(['targets', 'dataset', 'architecture'], build);
}
