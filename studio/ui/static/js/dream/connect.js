// What takes do to the rest of the page: they are shown, dreamed again, dreamed on, brought back.

import { copyLink } from '../lib/share-link.js';
import { soundsOf } from './run.js';
import { openTab } from '../lib/tabs.js';
import { ask, complain, toast } from '../lib/toast.js';
import { recordingsOf } from '../lib/words.js';

export function connect({ takes, run, panel, state, source, player, bridge, loadRecipe }) {
  let replaces = null; // the take that the dream in progress makes again

  const dream = (again = null) => {
    replaces = again;
    run.start();
  };
  // A take's recipe names its recordings as the page does while they are here.
  const named = (recipe, { recording, guide }) => ({
    ...recipe, ...(recording ? { initial: recording.name } : {}), ...(guide ? { guide: guide.name } : {}),
  });
  const settings = async take => {
    const recordings = take.recording || take.guide ? await takes.store.recordings(take) : {};
    loadRecipe(state, named(take.recipe, recordings), recordings);
  };
  const adopt = async take => {
    try {
      const blob = await (await ask(new URL('sound.wav', take.base))).blob();
      return await source.use(blob, `${take.name}.wav`);
    } catch (error) {
      complain(error);
      return false;
    }
  };
  const on = (type, act) => takes.addEventListener(type, event => act(event.detail));
  on('take', ({ take, play }) => {
    if (run.busy) return;
    source.cancel(); // a start that arrives late does not take its place
    panel.showTake(take, { play });
    takes.pair.shown(take);
  });
  on('renamed', take => take === panel.take && !run.busy && panel.rename(take));
  const tried = act => async take => {
    try {
      await act(take);
    } catch (error) {
      complain(error);
    }
  };
  on('settings', tried(settings));
  on('again', tried(async take => {
    player.unlock();
    await settings(take);
    dream(take.id);
  }));
  on('on', tried(async take => {
    player.unlock();
    if (run.busy) run.stop();
    const { guide } = await takes.store.recordings({ guide: take.guide });
    state.replace({ ...named(take.recipe, { guide }), initial: 'white noise', start_seconds: 0, stop_after: 0 }, { guide });
    if (await adopt(take)) dream();
  }));
  on('start', adopt);
  on('link', recipe => copyLink(recipe, state));

  run.addEventListener('failed', () => {
    replaces = null;
    panel.fail();
  });
  run.addEventListener('done', event => {
    const take = takes.add(event.detail, { recording: event.detail.recording, guide: event.detail.guide, replaces });
    replaces = null;
    panel.finish(take);
    takes.pair.shown(take);
  });

  // A sound made here was dropped: its controls and the sound itself are back.
  const restore = async recording => {
    await openTab('Dream');
    if (run.busy) run.stop();
    const url = new URL(`takes/restore/${recording.token}`, bridge.baseUrl);
    const { take, ...rest } = await (await ask(url, { method: 'POST' })).json();
    const { guide } = await takes.store.recordings({ guide: takes.store.guideNamed(take.recipe.guide) });
    state.replace(named(take.recipe, { guide }), { guide });
    source.cancel();
    const kept = takes.add({ ...take, ...await soundsOf(take, bridge), ...rest }, { guide });
    takes.rename(kept, recording.name.replace(/\.\w+$/, ''));
    panel.showTake(kept, { play: Boolean(player.context) });
    const again = recordingsOf(state.recipe, { guide });
    toast(`This sound was made here: it is a take again, and every control is set as for it. ${again}`.trim(), {
      action: 'Start from it instead',
      onAction: () => state.setRecording(recording, { initial: recording.name, start_seconds: 0 }),
      lasts: 15000,
    });
  };
  return { dream, restore };
}
