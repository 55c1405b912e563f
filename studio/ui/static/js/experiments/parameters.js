// Experiment 2: figures 10 to 13, a cursor in all of them, and the sound that runs under it.

import { mountVolume } from '../audio/volume.js';
import { find, finder, findAll, icon, make, makeButton } from '../lib/dom.js';
import { inspectable } from '../lib/inspect.js';
import { listClaims } from './findings.js';
import { tidy } from './marks.js';
import { Figures } from './played-figures.js';
import { PlayedSound, clock } from './played-sound.js';

/** @typedef {import('./results.js').Parameters} Results */
/** @typedef {import('./results.js').Effect} Effect */

/** @type {Record<string, string>} */
const RUNS = {
  fixed: 'All fixed',
  max_offset: 'Offset',
  iterations: 'Iterations',
  smoothing_coefficient: 'Smoothing coefficient',
  smoothing_kernel: 'Smoothing kernel',
  learning_rate: 'Learning rate',
  cutoff_hz: 'Cut-off',
};
/** @type {Record<string, string>} */
const FEATURES = { loudness: 'Loudness', brightness: 'Brightness', noisiness: 'Noisiness', roughness: 'Roughness' };
const SUPPORT = 'Support: in how many of the 27 ways to draw three seeds out of three, with repetition, the case holds.';

/**
 * @param {HTMLElement} section
 * @param {Results} results
 * @param {import('./results.js').Given} given
 */
export function mount(section, { verdicts, cases, effects, manifest }, given) {
  const { baseUrl, signal } = given;
  const byId = finder(section);
  const slide = byId('played-seek', HTMLInputElement);
  const [now, play] = [byId('played-now'), byId('played-play')];
  const sound = new PlayedSound(run => new URL(`experiments/parameters/${manifest.sounds[run]}`, baseUrl).href, manifest.seconds, signal);
  const figures = new Figures(byId('played-figures'), RUNS, given);
  const shown = new Set(Object.keys(RUNS));
  let cursor = 0;

  byId('run-choice').replaceChildren(...Object.keys(RUNS).map(chip));
  byId('effects-table').replaceChildren(effectsTable(effects));
  listClaims(byId('played-score'), byId('played-claims'), verdicts, cases, {}, SUPPORT);

  /** @param {string} run */
  function chip(run) {
    const label = RUNS[run];
    const listen = makeButton({ class: 'listen', 'data-run': run, 'aria-pressed': 'false', 'aria-label': `Play: ${label}` }, () => {
      if (sound.playing && sound.run === run) sound.pause();
      else sound.play(run, cursor);
    }, icon('24 24', ['is-play', 'M8 5.5v13l10.5-6.5z'], ['is-pause', 'M8 6h3v12H8zM13 6h3v12h-3z']));
    const show = makeButton({ class: 'show', 'data-run': run, 'aria-pressed': 'true', title: `Show or hide: ${label}` }, () => {
      if (!shown.delete(run)) shown.add(run);
      show.setAttribute('aria-pressed', String(shown.has(run)));
      figures.show(shown);
    }, make('i', { class: 'swatch', 'aria-hidden': 'true' }), label);
    const place = make('div', { class: 'run', 'data-run': run }, listen, show);
    for (const [event, name] of [['pointerenter', run], ['pointerleave', ''], ['focusin', run], ['focusout', '']]) place.addEventListener(event, () => figures.highlight(name));
    return place;
  }

  /**
   * What holds at a moment, in words: the layer, and the value of the run that is heard.
   *
   * @param {number} seconds
   */
  function put(seconds) {
    cursor = Math.min(Math.max(seconds, 0), manifest.seconds);
    figures.put(cursor);
    slide.value = String(cursor);
    const { layer, map, value } = holdsAt(manifest, sound.run, cursor);
    const tuned = value === undefined ? 'all fixed' : `${RUNS[sound.run].toLowerCase()} ${sound.run === 'cutoff_hz' ? `${value / 1000} kHz` : value}`;
    now.textContent = `${clock(cursor)} · layer ${layer}, map ${map} · ${tuned}`;
    slide.setAttribute('aria-valuetext', now.textContent);
  }

  /** @param {number} seconds */
  function seek(seconds) {
    put(seconds);
    sound.seek(cursor);
  }

  figures.on('seek', seek);
  figures.on('step', seconds => seek(cursor + seconds));
  figures.on('toggle', () => play.click());
  slide.addEventListener('input', () => seek(Number(slide.value)));
  mountVolume(section, signal);
  play.addEventListener('click', () => (sound.playing ? sound.pause() : sound.play(sound.run, cursor)));
  sound.on('move', put);
  sound.on('change', () => {
    play.setAttribute('aria-label', sound.playing ? 'Pause' : 'Play');
    section.dataset.playing = sound.playing ? sound.run : '';
    for (const button of findAll(section, '.run .listen')) button.setAttribute('aria-pressed', String(sound.playing && button.dataset.run === sound.run));
    for (const place of findAll(section, '.run')) place.toggleAttribute('data-heard', place.dataset.run === sound.run);
    byId('played-told').textContent = sound.trouble;
    put(cursor);
  });
  // Whoever goes to another tab leaves the sound behind.
  const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting || sound.pause());
  watcher.observe(find(document, '#experiments'));
  signal.addEventListener('abort', () => watcher.disconnect(), { once: true });
  slide.max = String(manifest.seconds);
  sound.choose('fixed');
  put(0);
  inspectable({ played: { sound, figures } });
}

/**
 * Layer, map and the run's own value at a moment; the fixed run has none.
 *
 * @param {Results['manifest']} manifest
 * @param {string} run
 * @param {number} seconds
 */
export function holdsAt(manifest, run, seconds) {
  let [layer, map] = manifest.layers[0];
  /** @type {number | undefined} */
  let value = manifest.sequences[run]?.[0];
  for (const [at, , changes] of manifest.moves[run]) {
    if (at > seconds) break;
    if (changes.targets) [layer, map] = changes.targets[0];
    if (run in changes) value = changes[run];
  }
  return { layer, map, value };
}

/** @param {Effect[]} effects */
function effectsTable(effects) {
  const head = make('tr', {}, make('th', { scope: 'col' }, 'Parameter'), ...Object.values(FEATURES).map(title => make('th', { scope: 'col' }, title)));
  const rows = Object.entries(RUNS).filter(([run]) => run !== 'fixed').map(([run, label]) => make('tr', { 'data-run': run },
    make('th', { scope: 'row' }, make('i', { class: 'swatch', 'aria-hidden': 'true' }), label),
    ...Object.keys(FEATURES).map(feature => make('td', { 'data-label': FEATURES[feature] }, ...effects.filter(row => row.parameter === run && row.feature === feature).flatMap(row => [size(row), ' '])))));
  return make('table', { class: 'effects' }, make('thead', {}, head), make('tbody', {}, ...rows));
}

/** @param {Effect} row */
function size(row) {
  const spreads = row.in_spreads;
  const text = Math.abs(spreads) < 0.05 ? '0.0' : `${spreads > 0 ? '+' : '−'}${Math.abs(spreads).toFixed(Math.abs(spreads) < 99.5 ? 1 : 0)}`;
  const strength = Math.min(1, Math.abs(spreads) / 10);
  return make('span', { class: row.within_spread ? 'size' : 'size heard', title: `Layer ${row.layer}, map ${row.map}: ${tidy(row.first)} to ${tidy(row.last)}; interval ${tidy(row.low)} … ${tidy(row.high)}`, style: row.within_spread ? null : `--strength:${strength.toFixed(2)}` }, text);
}
