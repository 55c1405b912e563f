// The sound to start from: built in, a file (of which a part is chosen), or a recording made here.

import { mountRecorder } from '../audio/record-button.js';
import { drawPeaks } from '../audio/drawing.js';
import { fit } from '../lib/canvas.js';
import { seconds } from '../lib/numbers.js';
import { ask, complain, toast } from '../lib/toast.js';
import { upload } from '../lib/uploads.js';
import { BUILT_IN, isRecording } from '../lib/words.js';

// `isBusy` tells whether a dream is shown, which only another start may replace. A sound made here
// that is dropped on the page is handed to `onMade`.
export function mountSource(root, state, baseUrl, { onSound, onRecipe, onMade, isBusy }) {
  const find = id => root.querySelector(`#${id}`);
  const starts = find('starts');
  const file = find('file');
  let mode = 'white noise';
  let latest = 0;

  const show = () => {
    for (const input of starts.querySelectorAll('input')) input.checked = input.value === mode;
    const recorded = state.recording && state.recording.from === mode;
    find('source-file').hidden = mode !== 'file' || recorded;
    find('source-microphone').hidden = mode !== 'microphone' || recorded;
    find('recording').hidden = !recorded;
    if (recorded) drawRange();
  };

  // What the dream would start from, to be seen and heard before it does.
  const preview = async () => {
    const turn = (latest += 1);
    const { initial, seed } = state.recipe;
    const length = state.recipe.seconds;
    const builtIn = !isRecording(initial);
    if (!builtIn && !state.recording) return;
    const query = builtIn
      ? `initial.wav?${new URLSearchParams({ initial, seconds: length, seed })}`
      : `uploads/${state.recording.token}/part.wav?${new URLSearchParams({ start: state.recipe.start_seconds, seconds: length })}`;
    try {
      const bytes = await (await ask(new URL(query, baseUrl))).arrayBuffer();
      if (turn === latest) onSound(bytes, builtIn ? initial : state.recording.name);
    } catch (error) {
      if (turn === latest) complain(error);
    }
  };
  const soon = debounce(preview, 250);

  const take = next => {
    mode = next;
    if (BUILT_IN.includes(mode)) {
      state.setRecording(null, { initial: mode, start_seconds: 0 });
    }
    show();
  };
  starts.addEventListener('change', event => take(event.target.value));

  const receive = async (blob, name, from, { dropped = false, own = false } = {}) => {
    const done = toast(`Reading ${name} …`, { lasts: 0 });
    root.classList.add('uploading');
    try {
      const recording = await upload(baseUrl, blob, name);
      if (dropped && recording.recipe) {
        await onMade({ ...recording, from });
        return true;
      }
      mode = from;
      // A recipe that waits for this very recording keeps the part it names.
      const awaited = state.recipe.initial.startsWith(`${recording.name} (`);
      const length = Math.max(1, Math.min(60, state.recipe.seconds, recording.seconds));
      state.setRecording({ ...recording, from }, awaited ? { initial: recording.name } : {
        initial: recording.name, start_seconds: 0, seconds: Number(length.toFixed(1)),
      });
      window.studio.counts.uploads += 1;
      if (recording.recipe && !own) {
        toast('This sound was made here.', {
          action: 'Load its recipe', onAction: () => onRecipe(recording.recipe), lasts: 20000,
        });
      }
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
  file.addEventListener('change', () => file.files[0] && receive(file.files[0], file.files[0].name, 'file'));
  find('file-forget').addEventListener('click', () => {
    const kept = mode;
    state.setRecording(null, { initial: 'white noise', start_seconds: 0 });
    mode = kept;
    show();
    (mode === 'file' ? file : find('record')).focus();
  });
  mountDrop(root, find('veil'), blob => receive(blob, blob.name, 'file', { dropped: true }));
  mountRecorder(find('record'), blob => receive(blob, 'recording.wav', 'microphone'));

  // The part of the recording that is used.
  const window_ = find('window');
  const range = find('range');
  const from = find('part-from');
  const latestStart = () => Math.max(0, state.recording.seconds - state.recipe.seconds);
  const moveTo = start => {
    const kept = Math.min(latestStart(), Math.max(0, start));
    state.set({ start_seconds: Number(kept.toFixed(2)) });
  };
  const drawRange = () => {
    const { recording, recipe } = state;
    find('file-name').textContent = recording.name;
    find('file-facts').textContent = ` ${seconds(recording.seconds)} · ${(recording.sample_rate / 1000).toLocaleString('en')} kHz · ${
      recording.channels === 1 ? 'mono' : recording.channels === 2 ? 'stereo' : `${recording.channels} channels`}`;
    const { context, width, height } = fit(find('overview'));
    context.clearRect(0, 0, width, height);
    const [low, high] = recording.peaks;
    drawPeaks(context, { low, high, most: 1 }, width, height, getComputedStyle(document.documentElement).getPropertyValue('--dim'));
    const span = Math.min(1, recipe.seconds / recording.seconds);
    window_.style.left = `${(100 * recipe.start_seconds) / recording.seconds}%`;
    window_.style.width = `${100 * span}%`;
    from.disabled = latestStart() === 0;
    from.value = latestStart() ? Math.round((1000 * recipe.start_seconds) / latestStart()) : 0;
    const end = Math.min(recording.seconds, recipe.start_seconds + recipe.seconds);
    find('part-text').textContent = `${seconds(recipe.start_seconds)} – ${seconds(end)}`;
  };
  from.addEventListener('input', () => moveTo((from.value / 1000) * latestStart()));
  dragPart(range, window_, {
    get: () => ({ seconds: state.recording.seconds, start: state.recipe.start_seconds, length: state.recipe.seconds }),
    move: moveTo,
    size: length => state.set({ seconds: Number(Math.min(60, Math.max(1, length)).toFixed(1)) }),
  });
  window.addEventListener('studio-theme', () => state.recording && drawRange());
  new ResizeObserver(() => state.recording && drawRange()).observe(range);

  let known = {};
  const follow = () => {
    const { initial, seed } = state.recipe;
    if (state.recording) moveInside();
    show();
    const start = JSON.stringify([initial, state.recording?.token, state.recipe.start_seconds]);
    const detail = JSON.stringify([state.recipe.seconds, initial === 'white noise' ? seed : 0]);
    if (start !== known.start || (detail !== known.detail && !isBusy())) soon();
    known = { start, detail };
  };
  const moveInside = () => {
    if (state.recipe.start_seconds > latestStart() + 0.005) moveTo(latestStart());
  };
  state.watch(['initial', 'recording'], () => {
    mode = state.recording?.from || (isRecording(state.recipe.initial) ? 'file' : state.recipe.initial);
  });
  state.watch(['initial', 'start_seconds', 'seconds', 'seed', 'recording'], follow);
  return {
    // Start from a take: a recording like any other.
    use: (blob, name) => receive(blob, name, 'file', { own: true }),
    // A dream begins: what was still on its way is no longer wanted.
    cancel() {
      soon.cancel();
      latest += 1;
    },
  };
}

function debounce(call, wait) {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(call, wait);
  };
  soon.cancel = () => clearTimeout(timer);
  return soon;
}

function mountDrop(root, veil, onFile) {
  const carries = event => [...(event.dataTransfer?.types || [])].includes('Files');
  let depth = 0;
  window.addEventListener('dragenter', event => {
    if (!carries(event)) return;
    depth += 1;
    veil.hidden = false;
  });
  window.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (!depth) veil.hidden = true;
  });
  window.addEventListener('dragover', event => carries(event) && event.preventDefault());
  window.addEventListener('drop', event => {
    depth = 0;
    veil.hidden = true;
    if (!carries(event) || event.defaultPrevented) return; // another tab took it
    event.preventDefault();
    if (event.dataTransfer.files[0]) onFile(event.dataTransfer.files[0]);
  });
}

// Drag the part along the recording, or its right edge to change its length.
function dragPart(range, part, { get, move, size }) {
  range.addEventListener('pointerdown', event => {
    event.preventDefault();
    const box = range.getBoundingClientRect();
    const edge = part.getBoundingClientRect();
    const at = x => ((x - box.left) / box.width) * get().seconds;
    const { start, length } = get();
    const resizing = Math.abs(event.clientX - edge.right) < 9;
    const inside = event.clientX >= edge.left && event.clientX <= edge.right;
    const grip = inside ? at(event.clientX) - start : length / 2;
    const drag = moved => (resizing ? size(at(moved.clientX) - start) : move(at(moved.clientX) - grip));
    drag(event);
    range.setPointerCapture(event.pointerId);
    range.addEventListener('pointermove', drag);
    range.addEventListener('pointerup', () => range.removeEventListener('pointermove', drag), { once: true });
    range.addEventListener('pointercancel', () => range.removeEventListener('pointermove', drag), { once: true });
  });
}
