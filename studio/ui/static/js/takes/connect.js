// What takes do to the rest of the page: they are shown, dreamed again, dreamed on, brought back.

import { copyLink } from '../link.js';
import { soundsOf } from '../run.js';
import { openTab } from '../tabs.js';
import { ask, complain, toast } from '../toast.js';

export function connect({ takes, run, stage, state, source, player, bridge, loadRecipe }) {
  let replaces = null; // the take that the dream in progress makes again

  const dream = (again = null) => {
    replaces = again;
    run.start();
  };
  const settings = take => {
    if (take.recording) state.restore({ recipe: { ...take.recipe, initial: take.recording.name }, recording: take.recording });
    else loadRecipe(state, take.recipe);
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
    stage.showTake(take, { play });
    takes.pair.shown(take);
  });
  on('renamed', take => take === stage.take && !run.busy && stage.rename(take));
  on('settings', settings);
  on('again', take => {
    player.unlock();
    settings(take);
    dream(take.id);
  });
  on('on', async take => {
    player.unlock();
    if (run.busy) run.stop();
    state.replace({ ...take.recipe, initial: 'white noise', start_seconds: 0, stop_after: 0 });
    if (await adopt(take)) dream();
  });
  on('start', adopt);
  on('link', recipe => copyLink(recipe, state));

  run.addEventListener('failed', () => {
    replaces = null;
    stage.fail();
  });
  run.addEventListener('done', event => {
    const take = takes.add(event.detail, { recording: event.detail.recording, replaces });
    replaces = null;
    stage.finish(take);
    takes.pair.shown(take);
  });

  // A sound made here was dropped: its controls and the sound itself are back.
  const restore = async recording => {
    await openTab('Dream');
    if (run.busy) run.stop();
    const url = new URL(`takes/restore/${recording.token}`, bridge.home);
    const { take, ...rest } = await (await ask(url, { method: 'POST' })).json();
    state.replace(take.recipe);
    source.cancel();
    const kept = takes.add({ ...take, ...await soundsOf(take, bridge), ...rest }, {});
    takes.rename(kept, recording.name.replace(/\.\w+$/, ''));
    stage.showTake(kept, { play: Boolean(player.context) });
    toast('This sound was made here: it is a take again, and every control is set as for it.', {
      action: 'Start from it instead',
      onAction: () => state.setRecording(recording, { initial: recording.name, start_seconds: 0 }),
      lasts: 15000,
    });
  };
  return { dream, restore };
}
