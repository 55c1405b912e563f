// What lies in the buffer before it dreams, and what the microphone adds.

import { audio } from '../audio/context.js';
import { openMicrophone, tap } from '../audio/recorder.js';
import { upload } from '../lib/upload.js';
import { contract } from '../lib/contract.js';
import { finder, find, valueOf } from '../lib/dom.js';
import { complaining, toast } from '../lib/toast.js';

const { minimum, maximum } = contract.live.fields.seconds;
const [LEAST_SECONDS, MOST_SECONDS] = [minimum ?? 0, maximum ?? Infinity];

/** @typedef {import('./settings.js').LiveState} LiveState */
/** @typedef {import('./stream.js').Stream} Stream */

/**
 * @param {HTMLElement} root
 * @param {LiveState} state
 * @param {Stream} stream
 * @param {URL} baseUrl
 */
export function mountSource(root, state, stream, baseUrl) {
  const byId = finder(root, 'live-');
  const starts = byId('starts');
  const file = byId('file', HTMLInputElement);
  const name = byId('file-name');
  /** @type {{ upload: string | null }} */
  const source = { upload: null };

  starts.addEventListener('change', event => {
    const value = valueOf(event);
    if (value === 'file') {
      file.click();
      return;
    }
    source.upload = null;
    name.hidden = true;
    state.set({ initial: value, start_seconds: 0 });
  });
  starts.addEventListener('click', event => {
    if (event.target instanceof HTMLInputElement && event.target.value === 'file' && source.upload) file.click();
  });
  file.addEventListener('change', complaining(async () => {
    const chosen = file.files?.[0];
    file.value = '';
    if (!chosen) return;
    const { token, name: title, seconds, channels } = await upload(baseUrl, chosen, chosen.name);
    source.upload = token;
    name.textContent = title;
    name.hidden = false;
    const said = [
      channels > 1 && 'its channels are mixed down to one',
      seconds > MOST_SECONDS && `the first ${MOST_SECONDS} s of it are taken`,
    ].filter(Boolean);
    if (said.length) toast(`“${title}” plays live: ${said.join(', and ')}.`);
    const length = Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, Math.floor(seconds * 10) / 10));
    const changes = { seconds: length, start_seconds: 0 };
    state.set({ ...changes, initial: title }, 'studio');
    stream.change(changes, { upload: token });
  }));
  state.watch(['initial'], () => {
    const named = starts.querySelector(`[value="${CSS.escape(state.recipe.initial)}"]`);
    const known = named instanceof HTMLInputElement ? named : find(starts, '[value=file]', HTMLInputElement);
    known.checked = true;
  });
  mountMicrophone(byId('microphone'), state, stream);
  return source;
}

/**
 * @param {HTMLElement} button
 * @param {LiveState} state
 * @param {Stream} stream
 */
function mountMicrophone(button, state, stream) {
  /** @type {(() => void) | null} */
  let end = null;
  const close = () => {
    end?.();
    end = null;
    button.setAttribute('aria-pressed', 'false');
  };
  button.addEventListener('click', complaining(async () => {
    if (end) {
      close();
      return;
    }
    if (!stream.running) throw new Error('Press Start first, then open the microphone.');
    end = await tap(audio(), await openMicrophone(), block => stream.feed(block));
    button.setAttribute('aria-pressed', 'true');
    if (state.recipe.input_level === 0) state.set({ input_level: 0.5 });
  }));
  stream.on('change', () => stream.running || close());
}
