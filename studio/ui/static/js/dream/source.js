// The sound to start from: built in, a file (of which a part is chosen), or a recording made here.

import { mountRecorder } from '../audio/record-button.js';
import { ask } from '../lib/ask.js';
import { upload } from '../lib/upload.js';
import { findAll, finder, valueOf } from '../lib/dom.js';
import { complain, toast } from '../lib/toast.js';
import { BUILT_IN, isRecording } from '../lib/words.js';
import { mountDrop } from './drop.js';
import { LEAST_SECONDS, MOST_SECONDS, mountPartRange } from './part-range.js';

const PREVIEW_AFTER_MS = 250; // changes that come faster are heard once

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Recording} Recording */

/**
 * What the rest of the tab does about it.
 *
 * @typedef {object} SourceEvents
 * @property {(bytes: ArrayBuffer, name: string) => void} onSound  what a dream would start from
 * @property {(recipe: Recipe) => void} onRecipe  a recording's own recipe is wanted
 * @property {(recording: Recording) => Promise<void>} onMade  a sound made here was dropped
 * @property {() => boolean} isBusy  whether a dream is shown, which only another start may replace
 */

/**
 * @param {HTMLElement} root
 * @param {import('../picker/state.js').State} state
 * @param {URL} baseUrl
 * @param {AbortSignal} signal
 * @param {SourceEvents} events
 */
export function mountSource(root, state, baseUrl, signal, { onSound, onRecipe, onMade, isBusy }) {
  const byId = finder(root);
  const starts = byId('starts');
  const file = byId('file', HTMLInputElement);
  const part = mountPartRange(root, state, signal);
  let mode = 'white noise';
  let latest = 0;
  let uploads = 0;

  const show = () => {
    for (const input of findAll(starts, 'input', HTMLInputElement)) input.checked = input.value === mode;
    const recorded = state.recording?.from === mode;
    byId('source-file').hidden = mode !== 'file' || recorded;
    byId('source-microphone').hidden = mode !== 'microphone' || recorded;
    byId('recording').hidden = !recorded;
    if (recorded) part.draw();
  };

  // What the dream would start from, to be seen and heard before it does.
  const preview = async () => {
    const turn = (latest += 1);
    const { initial, seed, seconds, start_seconds: start } = state.recipe;
    const builtIn = !isRecording(initial);
    const { recording } = state;
    if (!builtIn && !recording) return;
    const query = builtIn || !recording
      ? `initial.wav?${new URLSearchParams({ initial, seconds: String(seconds), seed: String(seed) })}`
      : `uploads/${recording.token}/part.wav?${new URLSearchParams({ start: String(start), seconds: String(seconds) })}`;
    try {
      const bytes = await (await ask(new URL(query, baseUrl))).arrayBuffer();
      if (turn === latest) onSound(bytes, builtIn || !recording ? initial : recording.name);
    } catch (error) {
      if (turn === latest) complain(error);
    }
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  const previewSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(preview, PREVIEW_AFTER_MS);
  };

  starts.addEventListener('change', event => {
    mode = valueOf(event);
    if (BUILT_IN.includes(mode)) state.setRecording(null, { initial: mode, start_seconds: 0 });
    show();
  });

  /**
   * @param {Blob} blob
   * @param {string} name
   * @param {'file' | 'microphone'} from
   * @param {{ dropped?: boolean, own?: boolean }} [how]  `own`: a take, whose recipe is known
   */
  const receive = async (blob, name, from, { dropped = false, own = false } = {}) => {
    const done = toast(`Reading ${name} …`, { lasts: 0 });
    root.classList.add('uploading');
    try {
      const recording = { ...await upload(baseUrl, blob, name), from };
      const { recipe } = recording;
      if (dropped && recipe) {
        await onMade(recording);
        return true;
      }
      mode = from;
      // A recipe that waits for this very recording keeps the part it names.
      const awaited = state.recipe.initial.startsWith(`${recording.name} (`);
      const length = Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, state.recipe.seconds, recording.seconds));
      state.setRecording(recording, awaited ? { initial: recording.name } : {
        initial: recording.name, start_seconds: 0, seconds: Number(length.toFixed(1)),
      });
      uploads += 1;
      if (recording.unread) toast(recording.unread, { kind: 'error', lasts: 20000 });
      if (recipe && !own) toast('This sound was made here.', { action: 'Load its recipe', onAction: () => onRecipe(recipe), lasts: 20000 });
      return true;
    } catch (error) {
      complain(error);
      return false;
    } finally {
      done();
      root.classList.remove('uploading');
      file.value = '';
      show();
    }
  };
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    if (chosen) receive(chosen, chosen.name, 'file');
  });
  byId('file-forget').addEventListener('click', () => {
    const kept = mode;
    state.setRecording(null, { initial: 'white noise', start_seconds: 0 });
    mode = kept;
    show();
    (mode === 'file' ? file : byId('record')).focus();
  });
  mountDrop(byId('veil'), dropped => receive(dropped, dropped.name, 'file', { dropped: true }), signal);
  mountRecorder(byId('record'), blob => receive(blob, 'recording.wav', 'microphone'));

  let known = { start: '', detail: '' };
  const follow = () => {
    const { initial, seed } = state.recipe;
    part.keepInside();
    show();
    const start = JSON.stringify([initial, state.recording?.token, state.recipe.start_seconds]);
    const detail = JSON.stringify([state.recipe.seconds, initial === 'white noise' ? seed : 0]);
    if (start !== known.start || (detail !== known.detail && !isBusy())) previewSoon();
    known = { start, detail };
  };
  state.watch(['initial', 'recording'], () => {
    mode = state.recording?.from || (isRecording(state.recipe.initial) ? 'file' : state.recipe.initial);
  });
  state.watch(['initial', 'start_seconds', 'seconds', 'seed', 'recording', 'stereo_width'], follow);
  return {
    get uploads() {
      return uploads;
    },
    /**
     * Start from a take: a recording like any other.
     *
     * @param {Blob} blob
     * @param {string} name
     */
    use: (blob, name) => receive(blob, name, 'file', { own: true }),
    // A dream begins: what was still on its way is no longer wanted.
    cancel() {
      clearTimeout(soon);
      latest += 1;
    },
  };
}
