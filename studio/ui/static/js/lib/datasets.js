// The paper's datasets and networks as the page names and marks them.

import { make } from './dom.js';

/** @type {Record<string, { label: string, sign: string, of: string }>} */
export const DATASETS = {
  events: { label: 'Events', sign: '●', of: 'everyday sounds' },
  instruments: { label: 'Instruments', sign: '■', of: 'musical instruments' },
  speech: { label: 'Speech', sign: '▲', of: 'voices' },
};

/** @param {string} name */
export const datasetLabel = name => DATASETS[name]?.label || name;

/** @param {string} dataset */
export const signOf = dataset => DATASETS[dataset]?.sign || '◆';

/**
 * A dataset's sign as an element; whoever cannot see it hears the name beside it.
 *
 * @param {string} dataset
 */
export const signMark = dataset => make('i', { class: 'sign', 'aria-hidden': 'true' }, signOf(dataset));

/** @param {string} name */
export const architectureLabel = name => name.replace(/^model/, 'Model');
