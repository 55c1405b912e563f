// Setting the Dream tab from another tab.

import { openTab, whenThere } from './tabs.js';
import { toast } from './toast.js';

export const AGAIN = 'Every control is set as for this sound. Dream makes it again, up to rounding.';

// Open the Dream tab; resolves to its state once it can be set.
export async function dreamState() {
  await openTab('Dream');
  await whenThere('#dream[data-ready=true]');
  return window.studio.state;
}

// Set every control as for one sound.
export async function openInDream(recipe, words) {
  (await dreamState()).replace(recipe);
  toast(words);
}
