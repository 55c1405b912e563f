import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_torch_file

from studio.errors import CheckpointError
from studio.networks.checkpoints import as_classifier, load_model, save_model
from studio.networks.listing import available_models
from studio.networks.weights import load_weights, pack_weights, shapes
from tests.conftest import make_model

CONVOLUTION, VARIANCE = "convolutions.1.weight", "normalisations.0.running_var"


@pytest.fixture(params=["model1", "model2"])
def saved(request, tmp_path):
    model = make_model(request.param, classes=3)
    model.card = {"dataset": "bells"}
    return save_model(model, tmp_path)


def architecture(path):
    return path.stem.removeprefix("bells-")


def spoilt(path, **changes):
    """Write other arrays into a model's file, as if its card told of them."""
    save_file(
        {**load_file(path), **{key.replace("_d_", "."): v for key, v in changes.items()}}, path
    )
    card = json.loads(path.with_suffix(".json").read_text())
    del card["weights_sha256"]
    path.with_suffix(".json").write_text(json.dumps(card))


def test_convolutions_take_two_bytes_a_weight_and_the_rest_four(saved):
    stored = load_file(saved)
    for key, value in stored.items():
        if value.ndim > 1:
            assert value.dtype == np.float16
        elif not key.endswith("tracked"):
            assert value.dtype == np.float32


def test_arrays_are_those_of_the_module_to_the_bit(saved):
    weights = load_weights(saved, architecture(saved))
    state = load_model(saved, architecture(saved)).state_dict()
    assert set(weights.arrays) == set(state)
    for key, value in state.items():
        np.testing.assert_array_equal(weights.arrays[key], value.numpy())
    assert weights.channels == as_classifier(weights).channels
    assert weights.layers == as_classifier(weights).layers
    assert [weights.maps(layer) for layer in range(weights.layers + 1)] == [
        *weights.channels,
        weights.channels[-1],
    ]


def test_packing_what_was_read_gives_the_same_file(saved):
    weights = load_weights(saved, architecture(saved))
    assert pack_weights(weights.arrays, architecture(saved)) == saved.read_bytes()


def test_the_fingerprint_begins_the_checksum_of_the_file(saved):
    weights = load_weights(saved, architecture(saved))
    assert len(weights.fingerprint) == 16
    assert json.loads(saved.with_suffix(".json").read_text())["weights_sha256"].startswith(
        weights.fingerprint
    )
    spoilt(saved)  # a card without a checksum
    assert len(load_weights(saved, architecture(saved)).fingerprint) == 16


def test_32_bit_weights_are_read_as_they_are(tmp_path):
    model = make_model("model1", classes=3)
    model.card = {"dataset": "bells"}
    path = save_model(model, tmp_path)
    save_torch_file(model.state_dict(), path)
    spoilt(path)
    loaded = load_weights(path, "model1")
    np.testing.assert_array_equal(loaded.arrays[CONVOLUTION], model.convolutions[1].weight.numpy())


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("key", [CONVOLUTION, VARIANCE, "convolutions.0.bias"])
def test_invalid_numbers_are_refused_in_a_sentence(saved, key, value):
    array = load_file(saved)[key]
    array.flat[-1] = value
    spoilt(saved, **{key: array})
    with pytest.raises(CheckpointError, match=f"invalid numbers .NaN. in {key}"):
        load_weights(saved, architecture(saved))


def test_a_variance_below_0_is_refused(saved):
    spoilt(saved, **{VARIANCE: load_file(saved)[VARIANCE] * -1})
    with pytest.raises(CheckpointError, match=f"variance below 0 in {VARIANCE}"):
        load_weights(saved, architecture(saved))


def test_other_kinds_of_numbers_are_refused_in_a_sentence(saved):
    state = {key: torch.from_numpy(value) for key, value in load_file(saved).items()}
    state[CONVOLUTION] = state[CONVOLUTION].to(torch.complex64)
    save_torch_file(state, saved)
    spoilt_card = saved.with_suffix(".json")
    card = json.loads(spoilt_card.read_text())
    del card["weights_sha256"]
    spoilt_card.write_text(json.dumps(card))
    with pytest.raises(CheckpointError, match=r"another kind of numbers|not a safetensors file"):
        load_weights(saved, architecture(saved))


@pytest.mark.parametrize("hidden", [[0, 1, 2], [1.5, 2, 3], ["a", 1, 2], [-4, 2, 3], "abc"])
def test_impossible_channels_in_a_card_end_in_a_sentence(tmp_path, hidden):
    model = make_model("model1", classes=3)
    path = save_model(model, tmp_path, "bells-model1")
    card = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**card, "hidden_channels": hidden}))
    with pytest.raises(CheckpointError, match="does not add up"):
        load_weights(path, "model1")


@pytest.mark.parametrize("weight", [1e5, np.nan])
def test_what_16_bits_cannot_hold_is_not_stored(tmp_path, weight):
    model = make_model("model1", classes=3)
    model.convolutions[0].weight[0, 0, 0] = weight
    with pytest.raises(CheckpointError, match=r"convolutions.0.weight holds numbers"):
        save_model(model, tmp_path, "bells-model1")
    assert not list(tmp_path.iterdir())


def test_shapes_are_those_of_the_module(model):
    expected = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    assert shapes(model.architecture, model.channels) == expected


@pytest.mark.parametrize("entry", available_models(), ids=lambda entry: entry.name)
def test_the_models_that_come_along_are_stored_in_16_bits(entry):
    weights = load_file(entry.path)
    assert all(value.dtype == np.float16 for value in weights.values() if value.ndim > 1)
    assert (
        load_weights(entry.dataset, entry.architecture).card["weights_sha256"]
        == (entry.card["weights_sha256"])
    )


def test_reading_weights_needs_no_torch(saved):
    code = (
        "import sys; from studio.networks.weights import load_weights; "
        f"load_weights({str(saved)!r}, {architecture(saved)!r}); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
