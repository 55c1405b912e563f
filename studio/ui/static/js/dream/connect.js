// What takes do to the rest of the page: they are shown, dreamed again, dreamed on, brought back.

import { unlock, unlocked } from '../audio/context.js';
import { ask, askJson } from '../lib/ask.js';
import { copyLink } from '../lib/share-link.js';
import { openTab } from '../lib/tabs.js';
import { complain, complaining, toast } from '../lib/toast.js';
import { recordingsOf } from '../lib/words.js';
import { soundsOf } from './run.js';

/** @typedef {import('../lib/types.js').Recipe} Recipe */
/** @typedef {import('../lib/types.js').Recording} Recording */
/** @typedef {import('../lib/types.js').Recordings} Recordings */
/** @typedef {import('../lib/types.js').Take} Take */

/**
 * @param {object} parts
 * @param {import('./takes.js').Takes} parts.takes
 * @param {import('./run.js').Run} parts.run
 * @param {import('./sound-panel.js').SoundPanel} parts.panel
 * @param {import('../picker/state.js').State} parts.state
 * @param {{ use: (blob: Blob, name: string) => Promise<boolean>, cancel: () => void }} parts.source
 * @param {import('./run.js').Bridge} parts.bridge
 * @param {(recipe: Partial<Recipe>, recordings?: Recordings) => void} parts.loadRecipe
 */
export function connect({ takes, run, panel, state, source, bridge, loadRecipe }) {
  /** @type {string | null} */
  let replaces = null; // the take that the dream in progress makes again

  /** @param {string | null} [again]  the id of the take to make again */
  const dream = (again = null) => {
    replaces = again;
    run.start();
  };
  /**
   * A take's recipe names its recordings as the page does while they are here.
   *
   * @param {Recipe} recipe
   * @param {Recordings} recordings
   * @returns {Recipe}
   */
  const named = (recipe, { recording, guide }) => ({
    ...recipe, ...(recording ? { initial: recording.name } : {}), ...(guide ? { guide: guide.name } : {}),
  });
  /** @param {Take} take */
  const settings = async take => {
    const recordings = take.recording || take.guide ? await takes.store.recordings(take) : {};
    loadRecipe(named(take.recipe, recordings), recordings);
  };
  /** @param {Take} take */
  const adopt = async take => {
    try {
      const blob = await (await ask(new URL('sound.wav', take.base))).blob();
      return await source.use(blob, `${take.name}.wav`);
    } catch (error) {
      complain(error);
      return false;
    }
  };
  takes.on('take', ({ take, play }) => {
    if (run.busy) return;
    source.cancel(); // a start that arrives late does not take its place
    panel.showTake(take, { play });
    takes.pair.shown(take);
  });
  takes.on('renamed', take => take === panel.take && !run.busy && panel.rename(take));
  takes.on('settings', complaining(settings));
  takes.on('again', complaining(async take => {
    unlock();
    await settings(take);
    dream(take.id);
  }));
  panel.byId('even-again').addEventListener('click', complaining(async () => {
    const { take } = panel;
    unlock();
    if (!take) return;
    await settings(take);
    state.set({ texture: 'even', stop_after: 0 });
    dream();
  }));
  takes.on('on', complaining(async take => {
    unlock();
    if (run.busy) run.stop();
    const { guide } = await takes.store.recordings({ guide: take.guide });
    state.replace({ ...named(take.recipe, { guide }), initial: 'white noise', start_seconds: 0, stop_after: 0 }, { guide });
    if (await adopt(take)) dream();
  }));
  takes.on('start', adopt);
  takes.on('link', recipe => copyLink(recipe, state));

  run.on('failed', () => {
    replaces = null;
    panel.fail();
  });
  run.on('done', ({ recording, guide, ...made }) => {
    const take = takes.add(made, { recording, guide, replaces });
    replaces = null;
    panel.finish(take);
    takes.pair.shown(take);
  });

  /**
   * A sound made here was dropped: its controls and the sound itself are back.
   *
   * @param {Recording} recording
   */
  const restore = async recording => {
    await openTab('Dream');
    if (run.busy) run.stop();
    const url = new URL(`takes/restore/${recording.token}`, bridge.baseUrl);
    const { take, ...rest } = await askJson(url, { method: 'POST' });
    const { guide } = await takes.store.recordings({ guide: takes.store.guideNamed(take.recipe.guide) });
    state.replace(named(take.recipe, { guide }), { guide });
    source.cancel();
    const kept = takes.add({ ...take, ...await soundsOf(take, bridge), ...rest }, { guide });
    takes.rename(kept, recording.name.replace(/\.\w+$/, ''));
    panel.showTake(kept, { play: unlocked() });
    const again = recordingsOf(state.recipe, { guide });
    toast(`This sound was made here: it is a take again, and every control is set as for it. ${again}`.trim(), {
      action: 'Start from it instead',
      onAction: () => state.setRecording(recording, { initial: recording.name, start_seconds: 0 }),
      lasts: 15000,
    });
  };
  return { dream, restore };
}
