// As much of a page as modules touch while they are loaded: the contract, a place to remember in.
// Loaded before every test: node --import ./tests/js/page.js --test tests/js/*.test.js

import { readFileSync } from 'node:fs';

const path = process.env.STUDIO_CONTRACT;
if (!path) throw new Error('STUDIO_CONTRACT names the file of the contract: run these tests with pytest tests/test_javascript.py');
const textContent = readFileSync(path, 'utf8');

/** @type {Map<string, string>} */
const kept = new Map();
const storage = {
  /** @param {string} name */
  getItem: name => kept.get(name) ?? null,
  /** @param {string} name @param {string} value */
  setItem: (name, value) => void kept.set(name, value),
};

class Watcher {
  observe() {}
  disconnect() {}
}

Object.assign(globalThis, {
  window: globalThis,
  document: {
    documentElement: { dataset: {} },
    /** @param {string} id */
    getElementById: id => (id === 'studio-contract' ? { textContent } : null),
  },
  localStorage: storage,
  sessionStorage: storage,
  addEventListener() {},
  matchMedia: () => ({ matches: false }),
  ResizeObserver: Watcher,
});
