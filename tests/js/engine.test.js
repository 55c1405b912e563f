import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ascent } from '../../studio/ui/static/js/engine/ascent.js';
import { Chance } from '../../studio/ui/static/js/engine/chance.js';
import { dream } from '../../studio/ui/static/js/engine/dream.js';
import { fromHalf, readNetwork } from '../../studio/ui/static/js/engine/network.js';
import { complete, eachStage, unsupportedReason } from '../../studio/ui/static/js/engine/plan.js';
import { bestBuild, compiled } from '../../studio/ui/static/js/engine/wasm.js';
import { contract, SAMPLE_RATE } from '../../studio/ui/static/js/lib/contract.js';

const root = new URL('../../', import.meta.url);
const { fields } = contract.recipe;
const { dreams, hashes } = JSON.parse(readFileSync(process.env.STUDIO_DREAMS ?? '', 'utf8'));

/** @param {string} path */
const bytesOf = path => Uint8Array.from(readFileSync(new URL(path, root)));
/** @param {string} build */
const moduleOf = build => compiled(bytesOf(`studio/dreaming/engine/libraries/wasm-${build}.wasm`));
/** @type {Map<string, import('../../studio/ui/static/js/engine/network.js').Network>} */
const networks = new Map();

/** @param {string} name */
function networkOf(name) {
  const kept = networks.get(name);
  if (kept) return kept;
  const { hidden_channels: hidden, classes, architecture } = JSON.parse(readFileSync(new URL(`models/${name}.json`, root), 'utf8'));
  const network = readNetwork(bytesOf(`models/${name}.safetensors`).buffer, contract.architectures[architecture].convolutions, [...hidden, classes.length]);
  networks.set(name, network);
  return network;
}

/** @param {ArrayBufferView[]} parts */
function digest(...parts) {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of parts) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex').slice(0, 32);
}

/**
 * The same computation as `dreamed` in tests/dreaming/engine/cases.py.
 *
 * @param {WebAssembly.Module} module
 * @param {{ model: string, recipe: any }} given
 */
function hashOf(module, { model, recipe }) {
  const chance = new Chance(module, SAMPLE_RATE);
  const samples = Math.round(recipe.seconds * SAMPLE_RATE);
  let sound = chance.stream(recipe.seed, 0).normals(samples).map(value => value * 0.25);
  const guide = chance.tone(samples, 330);
  let first = null;
  const results = [];
  for (const stage of eachStage(complete(recipe, fields))) {
    const guided = stage.targets.some(([, , , measure]) => measure === 'guide') ? guide : null;
    const ascent = new Ascent(module, networkOf(model), stage, { samples, sampleRate: SAMPLE_RATE, guide: guided });
    sound = ascent.prepare(sound);
    first ??= sound;
    const shifts = chance.stream(recipe.seed, 1).integers(-stage.max_offset, stage.max_offset, stage.iterations);
    const found = ascent.run(sound, 0, shifts, stage.closeness ? ascent.prepare(first) : null);
    sound = found.waveform;
    const gradient = ascent.gradient(sound);
    const response = ascent.objective(sound);
    results.push(sound, Float64Array.from([...found.objective, ...found.deviation, response, response]), gradient);
  }
  return digest(...results);
}

for (const [build, kind] of [['relaxed', 'exact'], ['plain', 'without FMA']]) {
  test(`the ${build} build gives the bytes of every machine, model by model and option by option`, async t => {
    if (build === 'relaxed' && bestBuild() !== 'relaxed') return t.skip('no relaxed SIMD here');
    const module = await moduleOf(build);
    const all = Object.entries(dreams);
    const some = build === 'relaxed' ? all : all.filter((_, index) => index % 4 === 0); // wasmtime runs all of both
    for (const [name, given] of some) assert.equal(hashOf(module, given), hashes[kind][name], name);
    assert.ok(Object.keys(dreams).length > 60);
  });
}

test('what is random is what it is everywhere', async () => {
  const chance = new Chance(await moduleOf('plain'), SAMPLE_RATE);
  /** @type {[number | number[], number?][]} */
  const seeds = [[0], [1, 0], [2 ** 32 - 1, 1], [[7, 2 ** 40]], [[1, 2, 3, 4, 5], 3]];
  assert.equal(digest(...seeds.map(seed => chance.stream(...seed).normals(50_001))), hashes.exact.noise);
  const drawn = chance.stream(11, 1);
  const ranges = [[-1, 1], [0, 0], [-441, 441], [-44_100, 44_100], [-(2 ** 31), 2 ** 31 - 1]];
  assert.equal(digest(...ranges.flatMap(([low, high]) => [drawn.integers(low, high, 301), drawn.normals(3)])), hashes.exact.offsets);
  assert.equal(digest(chance.tone(60 * SAMPLE_RATE)), hashes.exact.tones);
});

test('a dream stops where it is told to, and a stopped one is what its recipe says', async () => {
  const module = await moduleOf('plain');
  const means = { module, chance: new Chance(module, SAMPLE_RATE), network: networkOf('speech-model1'), fields };
  const recipe = { dataset: 'speech', iterations: 40, stages: [{ max_offset: 9, closeness: 2 }] };
  const stopped = await dream(recipe, means, done => done < 64);
  assert.ok(stopped.done < 80 && stopped.objective.length === stopped.done);
  const again = await dream({ ...recipe, stop_after: stopped.done }, means);
  assert.deepEqual(digest(again.audio), digest(stopped.audio));
});

test('what it cannot do it says by name', async () => {
  assert.equal(unsupportedReason(complete({}, fields), fields), '');
  assert.match(unsupportedReason({ seconds: 11 }, fields), /10 s/);
  assert.match(unsupportedReason({ reverb: 3 }, fields), /reverb/);
  assert.match(unsupportedReason({ stages: [{ low_pass: 'brick' }] }, fields), /Low-pass filter/);
  assert.match(unsupportedReason({ targets: [[0, 0, 1, /** @type {any} */ ('loudest')]] }, fields), /loudest/);
  const module = await moduleOf('plain');
  const means = { module, chance: new Chance(module, SAMPLE_RATE), network: networkOf('speech-model1'), fields };
  await assert.rejects(dream({ initial: 'door.wav' }, means), /door\.wav/);
  await assert.rejects(compiled(bytesOf('models/speech-model1.safetensors').subarray(0, 100)), /Reload/);
});

test('a damaged model is refused', () => {
  const file = bytesOf('models/speech-model1.safetensors');
  const { convolutions } = contract.architectures.model1;
  const maps = networkOf('speech-model1').maps;
  for (const bad of [file.slice(0, 5), file.slice(0, 5000), file.slice(0, -2), new Uint8Array(64).fill(255)]) {
    assert.throws(() => readNetwork(bad.buffer, convolutions, maps), /damaged/);
  }
  assert.throws(() => readNetwork(file.buffer, convolutions, [1, 2, 3, 4]), /damaged/);
});

test('16-bit numbers are read as they are meant', () => {
  const pairs = [[0x3c00, 1], [0xc000, -2], [0x7bff, 65504], [0x0400, 2 ** -14], [0x0001, 2 ** -24], [0x3555, 0.333251953125]];
  for (const [bits, number] of pairs) assert.equal(fromHalf(bits), number);
  assert.ok(Object.is(fromHalf(0x8000), -0) && fromHalf(0xfc00) === -Infinity && Number.isNaN(fromHalf(0x7e00)));
});
