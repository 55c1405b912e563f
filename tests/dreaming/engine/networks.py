"""Networks, sounds and distances that the tests of the engine share."""

import numpy as np
import torch
from torch.nn import functional

from studio import Recipe
from studio.dreaming.reference import ReferenceAscent
from tests.conftest import make_model

LAYERS = [("model1", layer) for layer in range(5)] + [("model2", layer) for layer in range(9)]
TAPS = ["before swish", "after swish"]
MODELS = {name: make_model(name) for name in ("model1", "model2")}
DOUBLES = {name: make_model(name).double() for name in ("model1", "model2")}


def noise(samples, seed=0):
    """White noise of peak 1, float32, (samples,)."""
    sound = np.random.default_rng(seed).standard_normal(samples, dtype=np.float32)
    return sound / np.abs(sound).max()


def doubled(sound):
    """As a batch of one in double precision."""
    return torch.from_numpy(sound).double()[None]


def distance(found, expected):
    """Relative to the size of what was expected."""
    found, expected = (np.asarray(each, dtype=np.float64).reshape(-1) for each in (found, expected))
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def recipe_for(architecture, *targets, **changes):
    return Recipe(architecture=architecture, targets=targets, iterations=10).replace(**changes)


def reference_gradient(model, recipe, sound, guide=None):
    """Gradient and response of the reference in double precision."""
    guide = None if guide is None else doubled(guide)
    gradient, response = ReferenceAscent(model, recipe, guide).gradient(doubled(sound))
    return gradient[0].numpy(), float(response)


class OwnNetwork:
    """A chain of convolutions in PyTorch with any kernels, as `Network` takes it."""

    def __init__(self, rows, maps, seed=0):
        generator = torch.Generator().manual_seed(seed)

        def drawn(*shape):
            return torch.rand(shape, generator=generator) * 2 - 1

        self.rows, self.maps, self.layers = rows, maps, []
        channels = 1
        for layer, (row, count) in enumerate(zip(rows, maps, strict=True)):
            weight = drawn(count, channels, row.kernel) * 2 / (channels * row.kernel) ** 0.5
            tensors = [weight, drawn(count) * 0.1]
            if layer + 1 < len(rows):
                tensors += [
                    *(0.5 + 0.5 * drawn(count).abs(), 0.1 * drawn(count)),
                    *(0.1 * drawn(count), 0.05 + drawn(count).abs()),
                ]
            self.layers.append(tensors)
            channels = count

    @property
    def weights(self):
        return torch.cat([each.reshape(-1) for own in self.layers for each in own]).numpy()

    def activations(self, sound, tap):
        """What every layer answers to (1, T), and the log-softmax output."""
        signal, found = sound[:, None], []
        for row, own in zip(self.rows, self.layers, strict=True):
            weight, bias, *norm = (tensor.double() for tensor in own)
            output = functional.conv1d(signal, weight, bias, row.stride, row.padding)
            if not norm:
                found.append(output)
                break
            bent = functional.silu(output)
            found.append(output if tap == "before swish" else bent)
            scale, shift, mean, variance = norm
            signal = functional.batch_norm(bent, mean, variance, scale, shift)
        found.append(functional.log_softmax(found[-1].mean(dim=-1, keepdim=True), dim=1))
        return found
