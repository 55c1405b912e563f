// Fewer sounds that say as much: near-duplicates hidden, the most different of what is shown.

import { post } from '../lib/ask.js';
import { finder } from '../lib/dom.js';
import { complain } from '../lib/toast.js';

/**
 * @param {HTMLElement} root
 * @param {import('../picker/catalogue.js').Catalogue} catalogue
 * @param {import('./filters.js').Filters} filters
 * @param {URL} baseUrl
 */
export function mountFewer(root, catalogue, filters, baseUrl) {
  const byId = finder(root);
  const near = byId('hide-near', HTMLInputElement);
  const different = byId('most-different', HTMLButtonElement);
  const count = byId('different-count', HTMLSelectElement);
  let alike = 0;
  for (let row = 0; row < catalogue.count; row += 1) if (catalogue.like(row) >= 0) alike += 1;
  byId('near-share').textContent = `${Math.round((100 * alike) / Math.max(1, catalogue.count))} %`;
  const enable = () => { different.disabled = filters.shown <= Number(count.value); };
  near.addEventListener('change', () => filters.hideNear(near.checked));
  byId('filters-reset').addEventListener('click', () => { near.checked = false; });
  filters.on('change', enable);
  count.addEventListener('change', enable);
  different.addEventListener('click', async () => {
    const rows = [...filters.visible.keys()].filter(row => filters.visible[row]);
    different.disabled = true;
    try {
      const found = await post(new URL('gallery/different', baseUrl), { rows, count: Number(count.value) });
      filters.only(found.rows);
    } catch (error) {
      complain(error);
      enable();
    }
  });
}
