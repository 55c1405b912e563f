// The tab "Your sounds": projects, classes of sounds, training.

import { Player } from '../audio/player.js';
import { parseWav } from '../audio/wav.js';
import { ask } from '../lib/ask.js';
import { find, finder, make } from '../lib/dom.js';
import { inspectable } from '../lib/inspect.js';
import { whenSeen } from '../lib/sections.js';
import { complain, complaining } from '../lib/toast.js';
import { Columns, mountChosen } from './columns.js';
import { mountCutter } from './cutter.js';
import { ofDrop, ofInput } from './files.js';
import { OpenProject } from './project.js';
import { mountShelf } from './shelf.js';
import { Training } from './training.js';

/** @typedef {import('./files.js').Given} Given */

const MOST_TOLD = 8;
const MODEL = '.safetensors';

/**
 * @param {HTMLElement} element
 * @param {{ baseUrl: URL, signal: AbortSignal }} given
 */
export function mount(element, { baseUrl, signal }) {
  const root = find(element, '#own');
  whenSeen(root, () => fill(root, baseUrl, signal).catch(complain));
}

/**
 * @param {HTMLElement} root
 * @param {URL} baseUrl
 * @param {AbortSignal} signal
 */
async function fill(root, baseUrl, signal) {
  const byId = finder(root, 'own-');
  const own = new OpenProject(baseUrl);
  const player = new Player();
  /** @param {URL} url */
  const play = async url => {
    const { samples, rate } = parseWav(await (await ask(url)).arrayBuffer());
    player.load(samples, rate);
    player.play(0);
  };

  /** @param {Given[]} given */
  async function give(given) {
    const told = byId('told');
    const silences = byId('silences', HTMLInputElement).checked;
    /** @type {string[]} */
    const problems = [];
    for (const [number, { file, into }] of given.entries()) {
      told.textContent = `${number + 1} of ${given.length}: ${file.name}`;
      try {
        if (file.name.endsWith(MODEL)) await take(file);
        else problems.push(...await own.add(file, file.name, into, silences)); // one after the other, so that a large drop is not refused
      } catch (error) {
        problems.push(`${file.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
    const left = problems.length > MOST_TOLD ? [`and ${problems.length - MOST_TOLD} more`] : [];
    told.textContent = problems.length ? ['Left out:', ...problems.slice(0, MOST_TOLD), ...left].join('\n') : '';
    await own.list();
  }

  const columns = new Columns(byId('columns'), own, { play, give });
  mountChosen(root, columns, mountCutter(root, own));
  const training = new Training(root, own, player, signal);
  mountProjects(root, own);
  const take = mountShelf(root, own);

  for (const id of ['files', 'folder']) {
    const input = byId(id, HTMLInputElement);
    input.addEventListener('change', complaining(async () => {
      await give(ofInput(input.files ?? []));
      input.value = '';
    }));
  }
  const drop = byId('body');
  drop.addEventListener('dragover', event => {
    event.preventDefault();
    byId('drop').classList.add('over');
  });
  drop.addEventListener('dragleave', () => byId('drop').classList.remove('over'));
  drop.addEventListener('drop', complaining(async event => {
    byId('drop').classList.remove('over');
    if (event.defaultPrevented || !event.dataTransfer) return;
    event.preventDefault();
    await give(await ofDrop(event.dataTransfer));
  }));

  await own.list();
  const { closed = '', projects = [] } = own.listing ?? {};
  byId('closed').textContent = closed;
  byId('closed').hidden = !closed;
  byId('body').hidden = Boolean(closed);
  if (projects.length) await own.open(projects[0].slug);
  else columns.draw();
  signal.addEventListener('abort', () => player.pause());
  inspectable({ own: { project: own, columns, training, player } });
  root.dataset.ready = 'true';
}

/**
 * @param {HTMLElement} root
 * @param {OpenProject} own
 */
function mountProjects(root, own) {
  const byId = finder(root, 'own-');
  const choice = byId('project', HTMLSelectElement);
  const draw = () => {
    const projects = own.listing?.projects ?? [];
    choice.replaceChildren(...projects.map(({ slug, title, clips }) => make('option', { value: slug, selected: slug === own.project?.slug }, `${title} (${clips})`)));
    choice.disabled = !projects.length;
    byId('delete', HTMLButtonElement).disabled = !own.project;
    const place = own.project?.folder ?? own.listing?.place ?? '';
    byId('place').textContent = place && `Everything stays on this machine, in ${place}.`;
  };
  own.on('listing', draw);
  own.on('change', draw);
  choice.addEventListener('change', complaining(() => own.open(choice.value)));
  byId('new').addEventListener('click', complaining(async () => {
    const title = window.prompt('What is the project called? Its models will be, too.', 'My sounds');
    if (title) await own.create(title);
  }));
  byId('example').addEventListener('click', complaining(() => own.openExample()));
  byId('delete').addEventListener('click', complaining(async () => {
    if (!own.project || !window.confirm(`Delete “${own.project.title}”, all its sounds and its training?`)) return;
    await own.list(); // a training may have ended since the project was opened
    const made = own.listing?.models.find(model => model.dataset === own.project?.slug);
    const models = Boolean(made) && window.confirm(`Also delete the models trained on it, such as ${made?.name}? Recipes and links that name them will not play any more.`);
    await own.delete(models);
    if (own.listing?.projects.length) await own.open(own.listing.projects[0].slug);
  }));
}
