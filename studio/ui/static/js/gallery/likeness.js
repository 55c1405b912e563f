// What sounds alike: the neighbours of a sound one rests on, or of a recording of one's own.

import { askJson } from '../lib/ask.js';
import { upload } from '../lib/upload.js';
import { complain } from '../lib/toast.js';

const REST_MS = 180;
const AHEAD_MS = 60;
const COUNT = 12;
const LINKS = 6;
const AHEAD = 10;

/** @typedef {ReturnType<typeof setTimeout>} Timer */

/** @param {import('./tab.js').GalleryTab} tab */
export function mountLikeness(tab) {
  const { map, sheet, voice, baseUrl } = tab;
  /** @type {Map<number, Promise<{ rows: number[] }>>} */
  const known = new Map();
  /** @type {Timer | undefined} */
  let timer;
  /** @type {Timer | undefined} */
  let ahead;
  /** @type {{ rows: number[], name: string } | null} */
  let recording = null;

  /** @param {number} row */
  const alike = async row => {
    let asked = known.get(row);
    if (!asked) {
      asked = askJson(new URL(`gallery/alike?row=${row}&count=${COUNT}`, baseUrl));
      known.set(row, asked);
      asked.catch(() => known.delete(row));
    }
    return (await asked).rows;
  };

  /**
   * The sounds around a point are likely to be next: have them ready.
   *
   * @param {number} row
   */
  const around = row => {
    const [px, py] = map.place(row);
    /** @type {[distance: number, row: number][]} */
    const near = [];
    for (let other = 0; other < tab.catalogue.count; other += 1) {
      if (!map.visible[other] || other === row) continue;
      const [x, y] = map.place(other);
      near.push([(x - px) ** 2 + (y - py) ** 2, other]);
    }
    return near.sort((a, b) => a[0] - b[0]).slice(0, AHEAD).map(([, other]) => other);
  };

  /** @param {number} row */
  const rest = row => {
    clearTimeout(timer);
    clearTimeout(ahead);
    ahead = setTimeout(() => voice.prefetch(around(row)), AHEAD_MS);
    map.mark({ links: [], centre: null });
    if (recording && tab.chosen !== recording.rows[0]) recording = null;
    if (recording?.rows[0] === row) {
      sheet.alike(recording.rows, recording.name);
      map.mark({ links: recording.rows.slice(1), centre: row });
      return;
    }
    timer = setTimeout(async () => {
      try {
        const rows = await alike(row);
        if (tab.current !== row) return;
        sheet.alike(rows);
        map.mark({ links: rows.slice(0, LINKS), centre: row });
      } catch (error) {
        complain(error);
      }
    }, REST_MS);
  };

  const file = tab.byId('like-file', HTMLInputElement);
  const words = tab.byId('like-text');
  file.addEventListener('change', async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    words.textContent = 'Listening …';
    try {
      const { token } = await upload(baseUrl, chosen, chosen.name);
      const found = await askJson(new URL(`gallery/alike?upload=${encodeURIComponent(token)}&count=${COUNT}`, baseUrl));
      recording = found;
      tab.choose(found.rows[0]);
    } catch (error) {
      complain(error);
    } finally {
      words.textContent = 'Choose a recording';
      file.value = '';
    }
  });
  return { rest };
}
