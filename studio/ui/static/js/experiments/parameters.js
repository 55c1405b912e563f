// Experiment 2: figures 10 to 13, a cursor in all of them, and the sound that runs under it.

import { make, tidy } from '../lib/make.js';
import { listClaims } from './findings.js';
import { Figures } from './played-figures.js';
import { PlayedSound, clock } from './played-sound.js';
import { mountVolume } from '../audio/volume.js';

export const RUNS = {
  fixed: { label: 'All fixed' },
  max_offset: { label: 'Offset' },
  iterations: { label: 'Iterations' },
  smoothing_coefficient: { label: 'Smoothing coefficient' },
  smoothing_kernel: { label: 'Smoothing kernel' },
  learning_rate: { label: 'Learning rate' },
  cutoff_hz: { label: 'Cut-off', show: value => `${value / 1000} kHz` },
};
const FEATURES = { loudness: 'Loudness', brightness: 'Brightness', noisiness: 'Noisiness', roughness: 'Roughness' };
const SUPPORT = 'Support: in how many of the 27 ways to draw three seeds out of three, with repetition, the case holds.';

export function mount(section, results, baseUrl) {
  const { verdicts, cases, effects, manifest } = results;
  const find = id => section.querySelector(`#${id}`);
  const sound = new PlayedSound(run => new URL(`experiments/parameters/${manifest.sounds[run]}`, baseUrl).href, manifest.seconds);
  const figures = new Figures(find('played-figures'), RUNS, baseUrl);
  const shown = new Set(Object.keys(RUNS));
  let cursor = 0;

  find('run-choice').replaceChildren(...Object.keys(RUNS).map(run => chip(run)));
  find('effects-table').replaceChildren(effectsTable(effects));
  listClaims(find('played-score'), find('played-claims'), verdicts, cases, {}, SUPPORT);

  function chip(run) {
    const { label } = RUNS[run];
    const listen = make('button', { type: 'button', class: 'listen', 'data-run': run, 'aria-pressed': 'false', 'aria-label': `Play: ${label}` });
    listen.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path class="is-play" d="M8 5.5v13l10.5-6.5z"/><path class="is-pause" d="M8 6h3v12H8zM13 6h3v12h-3z"/></svg>';
    listen.addEventListener('click', () => {
      if (sound.playing && sound.run === run) sound.pause();
      else sound.play(run, cursor);
    });
    const show = make('button', { type: 'button', class: 'show', 'data-run': run, 'aria-pressed': 'true', title: `Show or hide: ${label}` }, make('i', { class: 'swatch', 'aria-hidden': 'true' }), label);
    show.addEventListener('click', () => {
      if (!shown.delete(run)) shown.add(run);
      show.setAttribute('aria-pressed', String(shown.has(run)));
      figures.show(shown);
    });
    const place = make('div', { class: 'run', 'data-run': run }, listen, show);
    for (const [event, name] of [['pointerenter', run], ['pointerleave', ''], ['focusin', run], ['focusout', '']]) place.addEventListener(event, () => figures.highlight(name));
    return place;
  }

  // What holds at a moment, in words: the layer, and the value of the run that is heard.
  function put(seconds) {
    cursor = Math.min(Math.max(seconds, 0), manifest.seconds);
    figures.put(cursor);
    find('played-seek').value = String(cursor);
    const { layer, map, value } = holdsAt(manifest, sound.run, cursor);
    const own = RUNS[sound.run];
    const tuned = value === undefined ? 'all fixed' : `${own.label.toLowerCase()} ${own.show ? own.show(value) : value}`;
    find('played-now').textContent = `${clock(cursor)} · layer ${layer}, map ${map} · ${tuned}`;
    find('played-seek').setAttribute('aria-valuetext', find('played-now').textContent);
  }

  function seek(seconds) {
    sound.seek(seconds);
    put(seconds);
  }

  figures.addEventListener('seek', ({ detail }) => seek(detail));
  figures.addEventListener('step', ({ detail }) => seek(Math.min(Math.max(cursor + detail, 0), manifest.seconds)));
  figures.addEventListener('toggle', () => find('played-play').click());
  find('played-seek').addEventListener('input', ({ target }) => seek(Number(target.value)));
  mountVolume(section);
  find('played-play').addEventListener('click', () => (sound.playing ? sound.pause() : sound.play(sound.run, cursor)));
  sound.addEventListener('move', ({ detail }) => put(detail));
  sound.addEventListener('change', () => {
    find('played-play').setAttribute('aria-label', sound.playing ? 'Pause' : 'Play');
    section.dataset.playing = sound.playing ? sound.run : '';
    for (const button of section.querySelectorAll('.run .listen')) button.setAttribute('aria-pressed', String(sound.playing && button.dataset.run === sound.run));
    for (const place of section.querySelectorAll('.run')) place.toggleAttribute('data-heard', place.dataset.run === sound.run);
    find('played-told').textContent = sound.trouble;
    put(cursor);
  });
  // Whoever goes to another tab leaves the sound behind.
  new IntersectionObserver(([entry]) => entry.isIntersecting || sound.pause()).observe(section.closest('.experiments'));
  find('played-seek').max = String(manifest.seconds);
  sound.choose('fixed');
  put(0);
  window.studio = Object.assign(window.studio || {}, { played: { sound, figures } });
}

export function holdsAt(manifest, run, seconds) {
  let [layer, map] = manifest.layers[0];
  let value = manifest.sequences[run]?.[0];
  for (const [at, , changes] of manifest.moves[run]) {
    if (at > seconds) break;
    if (changes.targets) [layer, map] = changes.targets[0];
    if (run in changes) value = changes[run];
  }
  return { layer, map, value };
}

function effectsTable(effects) {
  const head = make('tr', {}, make('th', { scope: 'col' }, 'Parameter'), ...Object.values(FEATURES).map(title => make('th', { scope: 'col' }, title)));
  const rows = Object.entries(RUNS).filter(([run]) => run !== 'fixed').map(([run, { label }]) => make('tr', { 'data-run': run },
    make('th', { scope: 'row' }, make('i', { class: 'swatch', 'aria-hidden': 'true' }), label),
    ...Object.keys(FEATURES).map(feature => make('td', { 'data-label': FEATURES[feature] }, ...effects.filter(row => row.parameter === run && row.feature === feature).flatMap(row => [size(row), ' '])))));
  return make('table', { class: 'effects' }, make('thead', {}, head), make('tbody', {}, ...rows));
}

function size(row) {
  const spreads = row.in_spreads;
  const text = Math.abs(spreads) < 0.05 ? '0.0' : `${spreads > 0 ? '+' : '−'}${Math.abs(spreads).toFixed(Math.abs(spreads) < 99.5 ? 1 : 0)}`;
  const strength = Math.min(1, Math.abs(spreads) / 10);
  return make('span', { class: row.within_spread ? 'size' : 'size heard', title: `Layer ${row.layer}, map ${row.map}: ${tidy(row.first)} to ${tidy(row.last)}; interval ${tidy(row.low)} … ${tidy(row.high)}`, style: row.within_spread ? null : `--strength:${strength.toFixed(2)}` }, text);
}
