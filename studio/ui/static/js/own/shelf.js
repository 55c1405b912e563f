// Models of one's own as files: download, take in, delete.

import { askJson, post } from '../lib/ask.js';
import { bus } from '../lib/bus.js';
import { download, finder, make, makeButton } from '../lib/dom.js';
import { percent } from '../lib/numbers.js';
import { complaining, toast } from '../lib/toast.js';

/** @typedef {import('./types.js').OwnModel} OwnModel */

/**
 * @param {HTMLElement} root
 * @param {import('./project.js').OpenProject} own
 */
export function mountShelf(root, own) {
  const byId = finder(root, 'own-');
  const { baseUrl } = own;
  const tell = async () => bus.emit('models', await askJson(new URL('models.json', baseUrl)));
  /** @param {OwnModel} model */
  const row = ({ name, classes, test }) => {
    const tested = test && Object.values(test).at(-1);
    return make('li', { 'data-model': name }, make('b', {}, name), `${classes} classes`,
      tested && ` ${percent(tested.accuracy)} of ${tested.clips} tested (${percent(tested.interval[0])} to ${percent(tested.interval[1])})`,
      makeButton({ class: 'act' }, () => download(new URL(`own/models/${encodeURIComponent(name)}.safetensors`, baseUrl), `${name}.safetensors`), 'Download'),
      makeButton({ class: 'act' }, complaining(async () => {
        if (!window.confirm(`Delete the model ${name}? Recipes, links and takes that name it will not play any more.`)) return;
        own.listing = await post(new URL(`own/models/${encodeURIComponent(name)}/delete`, baseUrl), {});
        own.emit('listing');
        await tell();
      }), 'Delete'));
  };
  own.on('listing', () => {
    byId('shelf').hidden = Boolean(own.listing?.closed);
    byId('models').replaceChildren(...(own.listing?.models ?? []).map(row));
  });
  const input = byId('model-file', HTMLInputElement);
  /** @param {File} file */
  const take = async file => {
    own.listing = await askJson(new URL('own/uploads-of-models', baseUrl), { method: 'POST', body: file });
    own.emit('listing');
    toast(`The model is here as ${own.listing?.taken}.`);
    await tell();
  };
  input.addEventListener('change', complaining(async () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) await take(file);
  }));
  return take;
}
