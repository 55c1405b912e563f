// A dream that never came to its end, because the page was loaded again or the studio started anew
// (then Gradio loads the page again): its recipe is offered once more.

import { recall, remember } from '../lib/memory.js';
import { toast } from '../lib/toast.js';

const STORE = 'studio-unfinished';

export function mountUnfinished(run, state, dreamAgain) {
  const keep = recipe => remember(STORE, recipe, 'sessionStorage');
  const recipe = recall(STORE, null, 'sessionStorage');
  keep(null);
  if (recipe) {
    toast('Your last dream was cut off.', { action: 'Dream it again', onAction: () => dreamAgain(recipe), lasts: 15000 });
  }
  run.addEventListener('begin', () => keep(state.recipe));
  run.addEventListener('done', () => keep(null));
  run.addEventListener('failed', event => event.detail?.lost || keep(null));
}
