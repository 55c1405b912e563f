// A dream that never came to its end, because the page was loaded again or the studio started anew
// (then Gradio loads the page again): its recipe is offered once more.

import { toast } from '../toast.js';

const STORE = 'studio-unfinished';

export function mountUnfinished(run, state, dreamAgain) {
  const recipe = recall();
  if (recipe) {
    toast('Your last dream was cut off.', { action: 'Dream it again', onAction: () => dreamAgain(recipe), lasts: 15000 });
  }
  run.addEventListener('begin', () => remember(state.recipe));
  run.addEventListener('done', forget);
  run.addEventListener('failed', event => event.detail?.lost || forget());
}

function remember(recipe) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(recipe));
  } catch { /* private mode */ }
}

function forget() {
  try {
    sessionStorage.removeItem(STORE);
  } catch { /* private mode */ }
}

function recall() {
  try {
    const recipe = JSON.parse(sessionStorage.getItem(STORE));
    forget();
    return recipe;
  } catch {
    return null;
  }
}
