// The paper's datasets and networks as the page names and marks them.

export const DATASETS = {
  events: { label: 'Events', sign: '●', of: 'everyday sounds' },
  instruments: { label: 'Instruments', sign: '■', of: 'musical instruments' },
  speech: { label: 'Speech', sign: '▲', of: 'voices' },
};

export const datasetLabel = name => DATASETS[name]?.label || name;
export const signOf = dataset => DATASETS[dataset]?.sign || '◆';
export const architectureLabel = name => name.replace(/^model/, 'Model');
