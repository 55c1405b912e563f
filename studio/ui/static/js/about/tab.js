// The six models in words, from their cards.

import { facts } from '../picker/models.js';
import { datasetLabel, DATASETS } from '../lib/datasets.js';
import { openTab } from '../lib/tabs.js';

export async function mount(element) {
  element.querySelector('#tour-again').addEventListener('click', async () => {
    await openTab('Dream');
    window.dispatchEvent(new Event('studio-tour'));
  });
  const cards = element.querySelector('#cards');
  const answer = await fetch(new URL('studio/models.json', document.baseURI));
  if (!answer.ok) return;
  const { models, architectures } = await answer.json();
  for (const model of models) {
    const card = document.createElement('section');
    card.className = `card ${model.dataset}`;
    const title = document.createElement('h3');
    title.textContent = `${datasetLabel(model.dataset)} · ${architectures[model.architecture]?.label || model.architecture}`;
    title.insertAdjacentHTML('afterbegin', `<i class="sign" aria-hidden="true">${DATASETS[model.dataset]?.sign || '◆'}</i>`);
    const list = document.createElement('dl');
    for (const [term, text] of facts(model)) {
      const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
      dt.textContent = term;
      dd.textContent = text;
      list.append(dt, dd);
    }
    card.append(title, list);
    cards.append(card);
  }
  if (!models.length) cards.textContent = 'There are no models here yet. Train one with “studio train”.';
}
