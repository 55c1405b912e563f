"""The engine in a browser's own thread gives the bytes of the server's."""

import hashlib

import numpy as np
import pytest

from studio import Recipe
from studio.dreaming.loop import dream
from studio.networks.weights import load_weights

pytestmark = pytest.mark.browser

DREAM = """async given => {
  const baseUrl = new URL('studio/', document.baseURI);
  const [contract, listing] = await Promise.all(
    ['contract.json', 'models.json'].map(async name =>
      (await fetch(new URL(name, baseUrl))).json()));
  const worker = new Worker(new URL('static/js/engine/worker.js', baseUrl), { type: 'module' });
  const answer = wanted => new Promise((resolve, reject) => {
    worker.onerror = () => reject(new Error('the thread does not start'));
    worker.onmessage = ({ data }) => {
      if (data.name === wanted) resolve(data);
      else if (data.name === 'failed') resolve(data);
    };
  });
  const ready = answer('ready');
  worker.postMessage({ set: {
    baseUrl: baseUrl.href, sampleRate: contract.sample_rate, fields: contract.recipe.fields,
    architectures: contract.architectures, models: listing.models, build: given.build } });
  const { build, message } = await ready;
  if (message) return { message };
  const dreamed = answer('dreamed');
  worker.postMessage({ dream: { recipe: given.recipe } });
  const found = await dreamed;
  worker.terminate();
  if (found.message) return found;
  const bytes = await crypto.subtle.digest('SHA-256', found.audio);
  const digest = [...new Uint8Array(bytes)]
    .map(byte => byte.toString(16).padStart(2, '0')).join('');
  return { build, digest, done: found.done, took: found.took };
}"""


def test_a_worker_dreams_the_bytes_of_the_server(visit, models_folder):
    page = visit()
    recipe = Recipe(
        dataset="speech",
        architecture="model2",
        targets=[(3, 7), (2, None, -0.3, "activation")],
        iterations=40,
        max_offset=40,
        stages=[{"closeness": 2.0, "iterations": 20, "targets": [[5, 2]]}],
    )
    found = page.evaluate(DREAM, {"recipe": recipe.to_dict()})
    assert (found.get("build"), found.get("done")) == ("relaxed", 60), found
    native = dream(load_weights("speech", "model2", models_folder), recipe).audio
    expected = hashlib.sha256(np.ascontiguousarray(native, dtype="<f4").tobytes()).hexdigest()
    assert found["digest"] == expected
    assert "10 s" in page.evaluate(DREAM, {"recipe": {"seconds": 12}})["message"]
