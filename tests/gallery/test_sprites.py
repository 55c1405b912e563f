import io

import numpy as np
import pytest
import soundfile

from studio.errors import AudioError
from studio.gallery.sprites import decode, encode, join


def tone(frequency_hz, samples=44_100):
    return np.sin(2 * np.pi * frequency_hz * np.arange(samples) / 44_100).astype(np.float32)


def test_a_sound_comes_back_nearly_as_it_was():
    sound = 0.9 * tone(440) + 0.1 * tone(5000)
    error = decode(encode(sound), 1.0) - sound
    assert np.mean(error**2) < 0.005 * np.mean(sound**2)


def test_a_sound_of_full_scale_is_not_clipped():
    stored = soundfile.read(io.BytesIO(encode(tone(1000))))[0]
    assert 0.6 < np.abs(stored).max() < 1


def test_every_sound_is_found_by_bytes_and_by_seconds():
    whole, places = join([encode(tone(frequency)) for frequency in (300, 900, 2700)])
    cut = [whole[place.offset_bytes : place.offset_bytes + place.bytes] for place in places]
    assert b"".join(cut) == whole
    played = np.concatenate([soundfile.read(io.BytesIO(part))[0] for part in cut])
    for frequency, part, place in zip((300, 900, 2700), cut, places, strict=True):
        begin = round((place.offset_seconds + 0.2) * 44_100)
        for heard in (decode(part, 1.0)[8820:30_870], played[begin : begin + 22_050]):
            spectrum = np.abs(np.fft.rfft(heard))
            assert abs(np.argmax(spectrum) * 2 - frequency) <= 2


def test_what_is_no_sound_is_refused():
    with pytest.raises(AudioError, match="not an MP3"):
        decode(b"no sound at all", 1.0)
    with pytest.raises(AudioError, match="samples"):
        decode(encode(tone(300)), 2.0)
