// Record: the sound as a float WAV and all moves as JSON, from which it can be made again.

import { find, finder } from '../lib/dom.js';
import { complain, toast } from '../lib/toast.js';

/**
 * @param {HTMLElement} root
 * @param {import('./stream.js').Stream} stream
 */
export function mountRecord(root, stream) {
  const byId = finder(root, 'live-');
  const button = byId('record');
  const label = find(button, 'span');
  const wav = byId('save-wav', HTMLAnchorElement);
  const log = byId('save-log', HTMLAnchorElement);
  /** @type {string[]} */
  const urls = [];
  /**
   * @param {HTMLAnchorElement} link
   * @param {Blob} blob
   * @param {string} name
   */
  const offer = (link, blob, name) => {
    const url = URL.createObjectURL(blob);
    urls.push(url);
    link.href = url;
    link.download = name;
    delete link.dataset.off;
  };
  const show = () => {
    button.setAttribute('aria-pressed', String(stream.tape.recording));
    label.textContent = stream.tape.recording ? 'End' : 'Record';
  };
  const end = async () => {
    const { begin, samples, wav: file } = stream.tape.stop(stream.head);
    show();
    urls.splice(0).forEach(url => URL.revokeObjectURL(url));
    log.dataset.off = '';
    const name = `live-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}`;
    offer(wav, file, `${name}.wav`);
    try {
      const moves = await stream.log(begin, samples);
      offer(log, new Blob([JSON.stringify(moves)], { type: 'application/json' }), `${name}.json`);
      if (!moves.complete) toast('There were too many moves for the log: the sound is complete, the moves are not.');
    } catch (error) {
      complain(error);
    }
  };
  button.addEventListener('click', () => {
    if (!stream.running) {
      toast('Press Start first, then Record.');
    } else if (stream.tape.recording) {
      end();
    } else {
      stream.tape.start(stream.head);
      show();
    }
  });
  stream.on('moved', () => {
    if (!stream.tape.isFull(stream.head)) return;
    toast('Ten minutes are recorded; that is as long as a recording gets.');
    end();
  });
  stream.on('change', show);
  stream.beforeStop = () => {
    if (stream.tape.recording) end();
  };
}
