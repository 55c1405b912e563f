"""How far rounding may move a gradient: a property of the problem, the same on every machine.

Where a map hardly tells the guide from the sound, or activations nearly cancel, the gradient
depends strongly on its inputs, and float32 cannot be better than its inputs. So the inputs are
moved by half a unit in float32's last place, in float64, and the gradient's change is the measure.
"""

import copy
import functools

import torch

from studio.dreaming.reference import ReferenceAscent

HALF_A_UNIT = 2.0**-24
"""The largest relative error of rounding a number to float32."""

ALLOWED = 100
"""How many κ a float32 engine may err. Measured: at most 21 with SSE 4.1 and with AVX2; one product
in bfloat16, which rounds 32,768 times as coarsely, errs 2,676 at least."""


def distance(found, expected):
    """Relative distance of two tensors."""
    return float((found - expected).norm() / expected.norm())


def condition_errors(model, recipe, waveform, guide, expected, tries=8):
    """Yield how much the gradient changes when weights, sound and guide are perturbed.

    The largest of them is κ: one perturbation alone may happen to leave a near cancellation as it
    was. They come one by one because the first already shows that most errors are small enough.

    Parameters
    ----------
    model : WaveformClassifier, float64
    recipe : Recipe
    waveform, guide : Tensor, float64
    expected : Tensor
        The gradient without perturbation.
    tries : int
    """
    for seed in range(tries):
        chance = torch.Generator().manual_seed(seed)
        ascent = ReferenceAscent(_perturbed_model(model, seed), recipe, _perturbed(guide, chance))
        yield distance(ascent.gradient(_perturbed(waveform, chance))[0], expected)


@functools.cache
def _perturbed_model(model, seed):
    chance = torch.Generator().manual_seed(1000 + seed)
    other = copy.deepcopy(model)
    for values in other.state_dict().values():
        if values.is_floating_point():
            values.copy_(_perturbed(values, chance))
    return other


def _perturbed(values, chance):
    """Move every number up or down by `HALF_A_UNIT`, relative to its size."""
    signs = torch.randint(0, 2, values.shape, generator=chance) * 2 - 1
    return values * (1 + HALF_A_UNIT * signs)


def with_a_bfloat16_product(model, layer):
    """Return a copy whose convolution ``layer`` multiplies numbers rounded to bfloat16."""
    rounded = copy.deepcopy(model)
    convolution = rounded.convolutions[layer]
    convolution.weight.copy_(convolution.weight.bfloat16())
    convolution.register_forward_pre_hook(
        lambda _, inputs: (inputs[0].bfloat16().to(inputs[0].dtype),)
    )
    return rounded
