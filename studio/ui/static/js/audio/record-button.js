// A button that records from the microphone.

import { complain } from '../lib/toast.js';
import { seconds } from '../lib/numbers.js';
import { Recorder } from './recorder.js';

// A press begins, another ends; what was heard meanwhile goes to `onBlob`.
export function mountRecorder(button, onBlob) {
  const recorder = new Recorder();
  const label = button.querySelector('span');
  const rest = () => {
    button.classList.remove('on');
    label.textContent = 'Record';
  };
  recorder.onTime = (time, level) => {
    label.textContent = `Stop · ${seconds(time)}`;
    button.style.setProperty('--level', Math.min(1, level * 4));
  };
  const finish = () => {
    const blob = recorder.stop();
    rest();
    if (blob) onBlob(blob);
  };
  recorder.onFull = finish;
  button.addEventListener('click', async () => {
    if (recorder.on) return finish();
    try {
      await recorder.start();
      button.classList.add('on');
    } catch (error) {
      rest();
      complain(error);
    }
    return null;
  });
}
