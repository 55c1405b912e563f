import pytest
import torch

from studio.errors import ParameterError
from studio.networks.architectures import ARCHITECTURES
from studio.networks.classifier import WaveformClassifier, count_parameters
from studio.sound import SAMPLE_RATE

TABLE_1 = {
    "model1": [(85, 49, 42), (43, 25, 21), (17, 9, 8), (7, 4, 3)],
    "model2": [
        *[(129, 7, 64), (65, 7, 32), (33, 5, 16), (17, 5, 8)],
        *[(9, 3, 4), (5, 3, 2), (3, 2, 1), (3, 2, 1)],
    ],
}


def test_convolutions_are_those_of_table_1_in_layer_order(model):
    found = [
        (layer.kernel_size[0], layer.stride[0], layer.padding[0])
        for layer in model.modules()
        if isinstance(layer, torch.nn.Conv1d)
    ]
    assert found == TABLE_1[model.architecture.name]


@pytest.mark.parametrize(
    ("architecture", "lengths"),
    [("model1", (900, 36, 4, 1)), ("model2", (6300, 900, 180, 36, 12, 4, 2, 1))],
)
def test_one_second_shrinks_to_one_step(architecture, lengths):
    assert ARCHITECTURES[architecture].lengths(SAMPLE_RATE) == lengths


@pytest.mark.parametrize(("architecture", "about"), [("model1", 400_000), ("model2", 300_000)])
def test_parameter_counts_are_about_those_of_the_paper(architecture, about):
    assert count_parameters(architecture, 200) == pytest.approx(about, rel=0.15)


@pytest.mark.parametrize("samples", [44_100, 44_101, 60_000, 132_300])
def test_output_is_log_probabilities_for_any_length_from_one_second(model, samples, rng):
    waveform = torch.from_numpy(rng.standard_normal((2, samples)).astype("f4"))
    output = model(waveform)
    assert output.shape == (2, len(model.classes))
    torch.testing.assert_close(output.exp().sum(dim=1), torch.ones(2))


def test_activations_are_what_the_modules_give_before_and_after_swish(model, rng):
    model = model.double()
    waveform = torch.from_numpy(rng.standard_normal((1, 50_000)))
    before = model.activations(waveform, model.layers)
    after = model.activations(waveform, model.layers, "after swish")
    signal = waveform[:, None]
    for layer, convolution in enumerate(model.convolutions):
        signal = convolution(signal)
        torch.testing.assert_close(before[layer], signal)
        if layer < model.layers - 1:
            signal = signal * torch.sigmoid(signal)
            torch.testing.assert_close(after[layer], signal)
            signal = model.normalisations[layer](signal)
    torch.testing.assert_close(after[model.layers - 1], signal)
    assert [a.shape[1] for a in before] == [*model.channels, model.channels[-1]]


def test_nothing_beyond_the_last_layer_asked_for_is_computed(model):
    assert len(model.activations(torch.zeros(1, 44_100), 1)) == 2


def test_unknown_architectures_and_wrong_channels_are_named():
    with pytest.raises(ParameterError, match=r"model3.*model1, model2"):
        WaveformClassifier("model3", ["a", "b"])
    with pytest.raises(ParameterError, match="needs 3 hidden channel counts, not 2"):
        WaveformClassifier("model1", ["a", "b"], hidden_channels=(1, 2))
