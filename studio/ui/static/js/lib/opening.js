// Setting the Dream tab from another tab.

import { bus } from './bus.js';
import { openTab, whenThere } from './tabs.js';
import { toast } from './toast.js';

/** @typedef {import('./bus.js').DreamSettings} DreamSettings */

export const AGAIN = 'Every control is set as for this sound. Dream makes it again, up to rounding.';

/**
 * Open the Dream tab, set it, and say so.
 *
 * @param {DreamSettings} settings
 * @param {string} words
 */
export async function openInDream(settings, words) {
  await openTab('Dream');
  await whenThere('#dream[data-ready=true]');
  bus.emit('dream', settings);
  toast(words);
}
