"""Operations of the dream on waveforms and gradients: pure functions, time on the last axis.

All of them are linear but the normalisations, and all keep shape, dtype and device.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from studio.errors import ParameterError
from studio.sound import SAMPLE_RATE


def smoothing_sigma(iteration: int, iterations: int, coefficient: float) -> float:
    """Return the standard deviation, in samples, by which step ``iteration`` of a dream smooths.

    It grows from the coefficient to the coefficient plus two, and starts anew with every dream.
    """
    return 2.0 * (iteration + 1) / iterations + coefficient


def cascade_kernel(sigma: float, size: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return the kernel of cascade Gaussian smoothing, shape (size,), sum 1.

    The cascade is the mean of three Gaussian filterings, of standard deviation σ/2, σ and 2σ.
    Filtering is linear, so that is one filtering with the mean of the three kernels.

    Parameters
    ----------
    sigma : float
        In samples, above 0.
    size : int
        Samples of the kernel; odd, so that smoothing does not shift the sound.
    """
    if size % 2 == 0 or size < 1:
        raise ParameterError(f"smoothing_kernel={size} must be odd and at least 1.")
    if not sigma > 0:
        raise ParameterError(f"The standard deviation of a Gaussian must be above 0, not {sigma}.")
    distance = torch.arange(size, dtype=torch.float64) - size // 2
    gaussians = torch.stack(
        [torch.exp(-0.5 * (distance / scaled) ** 2) for scaled in (sigma / 2, sigma, 2 * sigma)]
    )
    gaussians /= gaussians.sum(dim=1, keepdim=True)
    return gaussians.mean(dim=0).to(dtype)


def smooth(waveform: Tensor, kernel: Tensor, padding: str = "reflect") -> Tensor:
    """Filter with a symmetric kernel of odd size.

    Parameters
    ----------
    waveform : Tensor, shape (B, T)
    kernel : Tensor, shape (K,)
    padding : {"reflect", "circular", "loop"}
        What lies beyond the ends: the mirrored sound, or (circular, loop) its other end.
    """
    reach = kernel.shape[0] // 2
    mode = "reflect" if padding == "reflect" else "circular"
    padded = functional.pad(waveform.unsqueeze(1), (reach, reach), mode=mode)
    return functional.conv1d(padded, kernel.to(waveform)[None, None]).squeeze(1)


def standardise(gradient: Tensor) -> Tensor:
    """Return the gradient with mean 0 and standard deviation 1, one row at a time.

    A gradient whose standard deviation is 0 or not finite is left as it is.
    """
    deviation, mean = torch.std_mean(gradient, dim=-1, keepdim=True, correction=0)
    usable = torch.isfinite(deviation) & (deviation > 0)
    return torch.where(usable, (gradient - mean) / deviation, gradient)


def normalise(waveform: Tensor, kind: str = "peak") -> Tensor:
    """Bring a sound to its standard level; silence stays silence.

    ``peak``: the largest absolute sample becomes 1. ``rms``: the root mean square becomes 1 (unit
    variance). ``none``: the sound is left as it is.
    """
    if kind == "none":
        return waveform
    if kind == "peak":
        level = waveform.abs().amax(dim=-1, keepdim=True)
    elif kind == "rms":
        level = waveform.square().mean(dim=-1, keepdim=True).sqrt()
    else:
        raise ParameterError(f"normalisation={kind!r} must be one of: peak, rms, none.")
    return waveform / torch.where(level > 0, level, torch.ones_like(level))


def low_pass_gain(
    samples: int,
    cutoff_hz: float,
    kind: str = "hard cut",
    order: int = 4,
    low_cut_hz: float = 0.0,
) -> Tensor:
    """Return the gain of a low-pass, and of a low cut, at every frequency of a real FFT.

    Parameters
    ----------
    samples : int
        Length of the sound.
    cutoff_hz : float
    kind : {"hard cut", "butterworth", "off"}
        A hard cut passes what lies at or below the cut-off and nothing above. A Butterworth is
        applied forwards and backwards, which squares its gain (−6 dB at the cut-off) and leaves
        the phase alone.
    order : int
        Of the Butterworth.
    low_cut_hz : float
        What lies below is removed, as steeply; 0: nothing.

    Returns
    -------
    Tensor, shape (samples // 2 + 1,), float64, 0 … 1
    """
    frequency = torch.fft.rfftfreq(samples, d=1 / SAMPLE_RATE, dtype=torch.float64)
    if kind == "off":
        return torch.ones_like(frequency)
    if kind == "hard cut":
        return ((frequency <= cutoff_hz) & (frequency >= low_cut_hz)).to(torch.float64)
    if kind == "butterworth":
        gain = 1 / (1 + (frequency / cutoff_hz) ** (2 * order))
        if low_cut_hz > 0:
            power = (frequency / low_cut_hz) ** (2 * order)
            gain = gain * (power / (1 + power))
        return gain
    raise ParameterError(f"low_pass={kind!r} must be one of: hard cut, butterworth, off.")


def low_pass(waveform: Tensor, gain: Tensor) -> Tensor:
    """Filter with zero phase by a gain per frequency, as `low_pass_gain` gives it.

    The sound counts as a circle: its end runs on into its beginning.
    """
    spectrum = torch.fft.rfft(waveform) * gain.to(waveform)
    return torch.fft.irfft(spectrum, n=waveform.shape[-1])


def circular_shift(waveform: Tensor, samples: int) -> Tensor:
    """Move the sound to the right by ``samples``; what leaves at one end enters at the other."""
    return torch.roll(waveform, samples, dims=-1)


def pulled(
    waveform: Tensor, initial: Tensor | None, learning_rate: float, closeness: float
) -> Tensor:
    """Return a sound pulled towards ``initial`` by learning_rate · closeness of the way to it.

    Apart from the gradient and its size, as AdamW decays weights (Loshchilov and Hutter 2019): so
    a closeness means the same at every layer. Never further than ``initial`` itself.
    """
    if initial is None or not closeness:
        return waveform
    return waveform.lerp(initial, min(1.0, learning_rate * closeness))
