// A dream that never came to its end, because the page was loaded again or the studio started anew
// (then Gradio loads the page again): its recipe is offered once more.

import { recall, remember } from '../lib/memory.js';
import { toast } from '../lib/toast.js';

const STORE = 'studio-unfinished';

/** @typedef {import('../lib/types.js').Recipe} Recipe */

/**
 * @param {import('./run.js').Run} run
 * @param {import('../picker/state.js').State} state
 * @param {(recipe: Recipe) => void} dreamAgain
 */
export function mountUnfinished(run, state, dreamAgain) {
  /** @param {Recipe | null} recipe */
  const keep = recipe => remember(STORE, recipe, 'sessionStorage');
  const recipe = recall(STORE, null, 'sessionStorage');
  keep(null);
  if (recipe) {
    toast('Your last dream was cut off.', { action: 'Dream it again', onAction: () => dreamAgain(recipe), lasts: 15000 });
  }
  run.on('begin', () => keep(state.recipe));
  run.on('done', () => keep(null));
  run.on('failed', ({ lost }) => lost || keep(null));
}
