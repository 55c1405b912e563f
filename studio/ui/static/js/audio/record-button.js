// A button that records from the microphone.

import { find } from '../lib/dom.js';
import { seconds } from '../lib/numbers.js';
import { complaining } from '../lib/toast.js';
import { Recorder } from './recorder.js';

/**
 * A press begins, another ends; what was heard meanwhile goes to `onBlob`.
 *
 * @param {HTMLElement} button
 * @param {(recording: Blob) => void} onBlob
 */
export function mountRecorder(button, onBlob) {
  const recorder = new Recorder();
  const label = find(button, 'span');
  const rest = () => {
    button.classList.remove('on');
    label.textContent = 'Record';
  };
  recorder.onTime = (time, level) => {
    label.textContent = `Stop · ${seconds(time)}`;
    button.style.setProperty('--level', String(Math.min(1, level * 4)));
  };
  const finish = () => {
    const blob = recorder.stop();
    rest();
    if (blob) onBlob(blob);
  };
  recorder.onFull = finish;
  button.addEventListener('click', complaining(async () => {
    if (recorder.on) {
      finish();
      return;
    }
    await recorder.start();
    button.classList.add('on');
  }));
}
