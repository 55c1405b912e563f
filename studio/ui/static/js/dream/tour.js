// Three steps for the first visit: beside what they speak of, never in its way, gone for good once dismissed.

import { pageBody, scrolling } from '../lib/announce.js';
import { bus } from '../lib/bus.js';
import { closest, find, make, makeButton } from '../lib/dom.js';
import { recall, remember } from '../lib/memory.js';

const SEEN = 'studio-tour';
const GAP = 14;

/**
 * @typedef {object} Step
 * @property {string} about  what it is about
 * @property {string} title
 * @property {string} text
 * @property {boolean} [above]  it stands above that even where there is room beside it
 */

/** @type {Step[]} */
const STEPS = [
  { about: '#dream-button', title: 'Press Dream', text: 'A network changes white noise, step by step, until one of its parts responds strongly. It takes a second or two.', above: true },
  { about: '#network', title: 'Choose by ear', text: 'Each block is a layer, each tile under it one of its parts. Point at a tile to hear what it dreams of; click to take it.' },
  { about: '#takes', title: 'Keep what you like', text: 'Every dream stays in this row: compare, star, download, or dream on from it.' },
];

/**
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
export function mountTour(root, signal) {
  if (!seen()) start(root, signal);
  bus.on('tour', () => start(root, signal), { signal });
}

// Where nothing can be remembered, it would come back at every visit.
const seen = () => recall(SEEN, false) || !remember(SEEN, false);

/**
 * @param {HTMLElement} root
 * @param {AbortSignal} signal  of the tab
 */
function start(root, signal) {
  document.querySelector('#tour')?.remove();
  const tour = new AbortController();
  const going = AbortSignal.any([signal, tour.signal]);
  const title = make('h2');
  const text = make('p');
  const count = make('span');
  let step = 0;
  let led = true; // to the step, by Next; else it waits where its subject is

  const place = () => {
    const { about, above: over } = STEPS[step];
    const at = find(root, about).getBoundingClientRect();
    const outside = at.bottom < 0 || at.top > window.innerHeight;
    card.hidden = at.width === 0 || (outside && !led); // no width: another tab is open
    if (card.hidden) return;
    const [width, height] = [card.offsetWidth, card.offsetHeight];
    const beside = !over && at.right + GAP + width < window.innerWidth;
    const left = beside ? at.right + GAP : at.left;
    const above = at.top - height - GAP;
    const top = beside ? at.top + (at.height - height) / 2 : above < GAP ? at.bottom + GAP : above;
    card.style.left = `${Math.min(Math.max(left, GAP), window.innerWidth - width - GAP)}px`;
    card.style.top = `${Math.min(Math.max(top, GAP), window.innerHeight - height - GAP)}px`;
  };
  const show = () => {
    const { about, title: heading, text: words } = STEPS[step];
    const last = step + 1 === STEPS.length;
    title.textContent = heading;
    text.textContent = words;
    count.textContent = `${step + 1} of ${STEPS.length}`;
    next.textContent = last ? 'Done' : 'Next';
    skip.hidden = last;
    if (led) find(root, about).scrollIntoView({ behavior: scrolling(), block: 'center' });
    place();
  };
  const end = () => {
    remember(SEEN, true);
    const had = card.contains(document.activeElement);
    tour.abort(); // takes the card away
    if (had) find(root, '#dream-button').focus();
  };
  /** @param {boolean} by  whether Next led there */
  const go = by => {
    led = by;
    step += 1;
    if (step < STEPS.length) show();
    else end();
  };
  const skip = makeButton({ class: 'skip' }, end, 'Skip');
  const next = makeButton({ class: 'next' }, () => go(true));
  const card = make('section', { id: 'tour', class: 'tour', 'aria-label': 'A short tour' }, title, text, make('div', {}, count, skip, next));
  // Whoever has pressed Dream needs no more telling, and is not taken away from the sound.
  root.addEventListener('click', event => step === 0 && closest(event, '#dream-button') && go(false), { signal: going });
  card.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    end();
  });
  const watcher = new ResizeObserver(place);
  watcher.observe(root);
  watcher.observe(document.documentElement);
  going.addEventListener('abort', () => {
    watcher.disconnect();
    card.remove();
  });
  window.addEventListener('scroll', place, { capture: true, signal: going });
  pageBody().append(card);
  show();
}
