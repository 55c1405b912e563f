// Three steps for the first visit: beside what they speak of, never in its way, gone for good once dismissed.

import { scrolling } from '../lib/announce.js';
import { recall, remember } from '../lib/memory.js';

const SEEN = 'studio-tour';
const GAP = 14;
// What each is about, and whether it stands above that even where there is room beside it.
const STEPS = [
  ['#dream-button', 'Press Dream', 'A network changes white noise, step by step, until one of its parts responds strongly. It takes a second or two.', true],
  ['#network', 'Choose by ear', 'Each block is a layer, each tile under it one of its parts. Point at a tile to hear what it dreams of; click to take it.'],
  ['#takes', 'Keep what you like', 'Every dream stays in this row: compare, star, download, or dream on from it.'],
];

export function mountTour(root) {
  if (!seen()) start(root);
  window.addEventListener('studio-tour', () => start(root));
}

// Where nothing can be remembered, it would come back at every visit.
const seen = () => recall(SEEN, false) || !remember(SEEN, false);

function start(root) {
  document.querySelector('#tour')?.remove();
  const card = document.createElement('section');
  card.id = 'tour';
  card.className = 'tour';
  card.setAttribute('aria-label', 'A short tour');
  card.innerHTML = '<h2></h2><p></p><div><span></span><button type="button" class="skip">Skip</button><button type="button" class="next"></button></div>';
  const [title, text, row] = card.children;
  const [count, skip, next] = row.children;
  let step = 0;
  let led = true; // to the step, by Next; else it waits where its subject is

  const place = () => {
    const [selector, , , over] = STEPS[step];
    const at = root.querySelector(selector).getBoundingClientRect();
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
    const [selector, heading, words] = STEPS[step];
    title.textContent = heading;
    text.textContent = words;
    count.textContent = `${step + 1} of ${STEPS.length}`;
    next.textContent = step + 1 < STEPS.length ? 'Next' : 'Done';
    skip.hidden = step + 1 === STEPS.length;
    if (led) root.querySelector(selector).scrollIntoView({ behavior: scrolling(), block: 'center' });
    place();
  };
  const end = () => {
    remember(SEEN, true);
    watcher.disconnect();
    window.removeEventListener('scroll', place, true);
    root.removeEventListener('click', pressed);
    const had = card.contains(document.activeElement);
    card.remove();
    if (had) root.querySelector('#dream-button').focus();
  };
  const go = by => {
    led = by;
    step += 1;
    if (step < STEPS.length) show();
    else end();
  };
  next.addEventListener('click', () => go(true));
  // Whoever has pressed Dream needs no more telling, and is not taken away from the sound.
  const pressed = event => step === 0 && event.target.closest('#dream-button') && go(false);
  root.addEventListener('click', pressed);
  skip.addEventListener('click', end);
  card.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    end();
  });
  const watcher = new ResizeObserver(place);
  watcher.observe(root);
  watcher.observe(document.documentElement);
  window.addEventListener('scroll', place, true);
  (document.querySelector('.gradio-container') || document.body).append(card);
  show();
}
