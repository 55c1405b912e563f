// The sounds of this visit in a strip: the latest first, a click brings one back.

import { drawPeaks, fit, peaks } from './scope.js';

const MOST = 12;

export class Takes extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.strip = root.querySelector('#takes-strip');
    this.items = [];
    window.addEventListener('studio-theme', () => this.items.forEach(item => this.#draw(item)));
  }

  add(take, label) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `take ${take.recipe.dataset}`;
    button.innerHTML = '<canvas aria-hidden="true"></canvas><span></span>';
    button.querySelector('span').textContent = label.targets;
    button.setAttribute('aria-label', `${label.model}, ${label.targets}`);
    button.title = `${label.model}, ${label.targets}`;
    const item = { take, button };
    button.addEventListener('click', () => {
      this.mark(take);
      this.dispatchEvent(new CustomEvent('take', { detail: take }));
    });
    this.items.unshift(item);
    this.strip.prepend(button);
    while (this.items.length > MOST) this.items.pop().button.remove();
    this.root.classList.add('some');
    this.#draw(item);
    this.mark(take);
  }

  mark(take) {
    for (const item of this.items) item.button.setAttribute('aria-pressed', String(item.take === take));
  }

  #draw({ take, button }) {
    const { context, width, height } = fit(button.querySelector('canvas'));
    const colour = getComputedStyle(button).getPropertyValue('--tint');
    context.clearRect(0, 0, width, height);
    drawPeaks(context, peaks(take.after.samples, Math.round(width / 2)), width, height, colour || '#888');
  }
}
