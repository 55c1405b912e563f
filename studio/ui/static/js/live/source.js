// What lies in the buffer before it dreams, and what the microphone adds.

import { complain } from '../lib/toast.js';
import { upload } from '../lib/uploads.js';

export function mountSource(root, state, stream, baseUrl) {
  const starts = root.querySelector('#live-starts');
  const file = root.querySelector('#live-file');
  const name = root.querySelector('#live-file-name');
  const source = { upload: null };

  starts.addEventListener('change', event => {
    if (event.target.value === 'file') file.click();
    else {
      source.upload = null;
      name.hidden = true;
      state.set({ initial: event.target.value, start_seconds: 0 });
    }
  });
  starts.addEventListener('click', event => {
    if (event.target.value === 'file' && source.upload) file.click();
  });
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    file.value = '';
    if (!chosen) return;
    try {
      const { token, name: title, seconds } = await upload(baseUrl, chosen);
      source.upload = token;
      name.textContent = title;
      name.hidden = false;
      const length = Math.max(1, Math.min(60, Math.floor(seconds * 10) / 10));
      const changes = { seconds: length, start_seconds: 0 };
      state.set({ ...changes, initial: title }, 'studio');
      stream.change(changes, { upload: token });
    } catch (error) {
      complain(error);
    }
  });
  state.watch(['initial'], () => {
    const known = starts.querySelector(`[value="${CSS.escape(state.recipe.initial)}"]`) || starts.querySelector('[value=file]');
    known.checked = true;
  });
  mountMicrophone(root.querySelector('#live-microphone'), state, stream);
  return source;
}

function mountMicrophone(button, state, stream) {
  let open = null;
  const close = () => {
    open?.tracks.forEach(track => track.stop());
    open?.nodes.forEach(node => node.disconnect());
    open = null;
    button.setAttribute('aria-pressed', 'false');
  };
  button.addEventListener('click', async () => {
    if (open) return close();
    if (!stream.running) return complain(new Error('Press Start first, then open the microphone.'));
    try {
      open = await listen(stream);
      button.setAttribute('aria-pressed', 'true');
      if (state.recipe.input_level === 0) state.set({ input_level: 0.5 });
    } catch (error) {
      const denied = error.name === 'NotAllowedError';
      complain(new Error(denied
        ? 'The browser was told not to allow the microphone. Allow it beside the address, then try again.'
        : 'No microphone was found. Plug one in, then try again.'));
    }
    return null;
  });
  stream.addEventListener('change', () => stream.running || close());
}

async function listen(stream) {
  const media = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  await stream.context.audioWorklet.addModule(new URL('../audio/recorder-worklet.js', import.meta.url));
  const heard = stream.context.createMediaStreamSource(media);
  const taker = new AudioWorkletNode(stream.context, 'studio-recorder', { numberOfOutputs: 0 });
  taker.port.onmessage = event => stream.feed(event.data);
  heard.connect(taker);
  return { tracks: media.getTracks(), nodes: [heard, taker] };
}
