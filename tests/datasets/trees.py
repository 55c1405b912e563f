"""Small datasets with the real file names and the real quirks.

Every good clip is a tone whose frequency tells its class, so that a test can hear whether rate,
channels and labels survived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

RATE = 44_100
NOISE = 1e-3


@dataclass
class Tree:
    """A generated dataset and what a reader should make of it."""

    root: Path
    dataset: str
    tones: dict[str, float]  # class -> Hz
    clips: int  # usable ones
    left_out: dict[str, str]  # file name -> part of the reason
    required: list[str]  # folders or files whose absence must be explained
    options: dict[str, str] = field(default_factory=dict)


def tone(hz, seconds=1.2, rate=RATE, channels=1, rng=None):
    times = np.arange(round(seconds * rate)) / rate
    sound = 0.5 * np.sin(2 * np.pi * hz * times)[:, None].repeat(channels, axis=1)
    if rng is not None:  # microphones differ
        sound = sound * rng.uniform(0.5, 1.0, channels) + rng.normal(0, NOISE, sound.shape)
    return sound


def write(path, sound, rate=RATE, subtype="PCM_16"):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound, rate, subtype=subtype)


def truncate(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def fsd50k(root, rng):
    tones = {"Bark": 500.0, "Electric_guitar": 1000.0, "Rain": 2000.0}
    parents = {
        "Bark": "Bark,Dog,Domestic_animals_and_pets,Animal",
        "Electric_guitar": "Electric_guitar,Guitar,Musical_instrument,Music",
        "Rain": "Rain,Water",
    }
    rows = {"dev": ["fname,labels,mids,split"], "eval": ["fname,labels,mids"]}
    number = 64_000
    for part, each in (("dev", 3), ("eval", 1)):
        for label, hz in tones.items():
            for take in range(each):
                number += 760
                seconds, rate, channels = [(1.3, RATE, 1), (0.3, RATE, 1), (1.1, 48_000, 2)][take]
                sound = tone(hz, seconds, rate, channels)
                write(root / f"FSD50K.{part}_audio" / f"{number}.wav", sound, rate)
                end = ",train" if part == "dev" else ""
                rows[part].append(f'{number},"{parents[label]}","/m/0,/m/1"{end}')
    dev = root / "FSD50K.dev_audio"
    rows["dev"] += [f'{n},"Rain,Water","/m/0,/m/1",val' for n in (1, 2, 3)]
    rows["dev"].append('4,"Bark,Dog,Domestic_animals_and_pets,Animal,Rain,Water","/m/0",train')
    write(dev / "1.wav", tone(2000.0))
    truncate(dev / "1.wav")
    (dev / "2.wav").write_text("<html>not found</html>")
    write(dev / "4.wav", tone(700.0))  # two most specific labels: no class under rule 'single'
    truth = root / "FSD50K.ground_truth"
    truth.mkdir()
    for part, lines in rows.items():
        (truth / f"{part}.csv").write_text("\n".join(lines) + "\n")
    labels = sorted({label for text in parents.values() for label in text.split(",")})
    vocabulary = "\n".join(f"{i},{label},/m/{i}" for i, label in enumerate(labels))
    (truth / "vocabulary.csv").write_text(vocabulary)
    left_out = {"1.wav": "cut off", "2.wav": "cannot be read", "3.wav": "no such file"}
    required = ["FSD50K.dev_audio", "FSD50K.eval_audio", "FSD50K.ground_truth/dev.csv"]
    return Tree(root, "fsd50k", tones, 12, left_out, required)


_NOTES = {  # instrument, era, dynamic and notes -> class and tone
    ("Oboe", "_modern", "ff", ("a5", "ais5", "h5")): ("Oboe modern ff 5", 900.0),
    ("Oboe", "_modern", "pp", ("a5", "b5")): ("Oboe modern pp 5", 600.0),
    ("Acoustic_guitar", "_modern", "ff", ("e2", "fis2")): ("Acoustic guitar modern ff 2", 300.0),
    ("Classic_oboe", "_historical", "ff", ("c4", "d4")): ("Classic oboe historical ff 4", 1200.0),
    ("Pedal_timpani", "", "ff", ("a2", "c2")): ("Pedal timpani ff 2", 200.0),
}


def tu_berlin_v2(root, rng):
    home = root / "1_Recordings"
    for (instrument, era, dynamic, notes), (_, hz) in _NOTES.items():
        folder = home / f"{instrument}{era}"
        for note in notes:
            name = f"{instrument}{era}_et_{dynamic}_{note}.wav"
            write(folder / name, tone(hz, 0.25, channels=32, rng=rng), subtype="PCM_24")
    write(home / "Oboe_modern" / "Oboe_modern_scale.wav", tone(1.0, 0.1, channels=32))
    write(home / "Oboe_modern" / "Oboe_modern_et_ff_c5.wav", tone(900.0, 0.1, channels=32))
    truncate(home / "Oboe_modern" / "Oboe_modern_et_ff_c5.wav")
    left_out = {"Oboe_modern_scale.wav": "pattern", "Oboe_modern_et_ff_c5.wav": "cut off"}
    tones = dict(_NOTES.values())
    return Tree(root, "tu-berlin", tones, 11, left_out, ["1_Recordings"])


def write_sofa(path, sound):
    """Write (frames, microphones) as single-sided spectra: inner bins hold their mirror too."""
    import h5py

    samples = len(sound)
    spectra = np.fft.rfft(sound.T, axis=-1)
    spectra[:, 1 : (samples + 1) // 2] *= 2
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file["Data.Real"] = spectra.real[None]
        file["Data.Imag"] = spectra.imag[None]
        file["N"] = np.arange(spectra.shape[-1]) * RATE / samples
        file.attrs["SOFAConventions"] = "FreeFieldDirectivityTF"


def tu_berlin_v3(root, rng):
    odd = 0
    for (instrument, era, dynamic, notes), (_, hz) in _NOTES.items():
        folder = root / f"2_{instrument}{era}_recordings"
        for note in notes:
            odd = 1 - odd
            sound = 3 * tone(hz, 0.25, channels=32, rng=rng)[odd:]  # beyond 1: in pascal
            write_sofa(folder / f"{instrument}{era}_et_{dynamic}_{note}.sofa", sound)
    folder = root / "2_Oboe_modern_recordings"
    (folder / "Oboe_modern_et_ff_c5.sofa").write_bytes(b"\x89HDF\r\n\x1a\n and nothing more")
    (folder / "Oboe_modern_a5_singleTones.sofa").write_bytes(b"a directivity")
    (root / "3_Audio_Features.csv").write_text("features1,features2\nFILE,Label\n")
    left_out = {"Oboe_modern_et_ff_c5.sofa": "cannot be read", "1 .sofa files": "directivities"}
    required = [folder.name for folder in root.glob("2_*")]
    return Tree(root, "tu-berlin", dict(_NOTES.values()), 11, left_out, [",".join(required)])


def aishell3(root, rng):
    home = root / "data_aishell3"
    tones = {"SSB0005": 400.0, "SSB0009": 800.0, "SSB0145": 1600.0}
    parts = {"SSB0005": "train", "SSB0009": "train", "SSB0145": "test"}
    contents = {"train": [], "test": []}
    for speaker, hz in tones.items():
        part = parts[speaker]
        for number in range(1, 4):
            name = f"{speaker}{number:04d}.wav"
            write(home / part / "wav" / speaker / name, tone(hz, 0.8 if number == 2 else 1.4))
            contents[part].append(f"{name}\t广 guang3 州 zhou1")
    folder = home / "train" / "wav" / "SSB0005"
    contents["train"] += ["SSB00050004.wav\t女 nv3", "SSB00050005.wav\t大 da4"]
    write(folder / "SSB00050004.wav", tone(400.0))
    truncate(folder / "SSB00050004.wav")
    write(folder / "SSB00050006.wav", tone(400.0))
    for part, lines in contents.items():
        (home / part / "content.txt").write_text("\n".join(lines) + "\n", "utf-8")
    speakers = ["# AISHELL-3", "# age group: A < 14, B 14-25", ""]
    speakers += [f"{speaker}\tB\tfemale\tnorth" for speaker in tones]
    (home / "spk-info.txt").write_text("\n".join(speakers) + "\n", "utf-8")
    left_out = {
        "SSB00050004.wav": "cut off",
        "SSB00050005.wav": "missing",
        "SSB00050006.wav": "not listed",
    }
    required = ["data_aishell3/test", "data_aishell3/train/wav", "data_aishell3/test/content.txt"]
    return Tree(root, "aishell3", tones, 9, left_out, required)


def folder_per_class(root, rng):
    tones = {"door bell": 700.0, "kettle": 1500.0}
    write(root / "door bell" / "a.wav", tone(700.0, 1.5, 22_050, 2), 22_050)
    write(root / "door bell" / "b.flac", tone(700.0, 0.2, 96_000), 96_000)
    write(root / "kettle" / "deep" / "c.ogg", tone(1500.0, 1.5, 8_000), 8_000, "VORBIS")
    write(root / "kettle" / "d.wav", tone(1500.0))
    (root / "kettle" / "notes.txt").write_text("not a sound, and nobody expects it to be")
    (root / "kettle" / "e.wav").write_bytes(b"")
    write(root / "kettle" / "f.wav", tone(1500.0))
    truncate(root / "kettle" / "f.wav")
    left_out = {"e.wav": "cannot be read", "f.wav": "cut off"}
    return Tree(root, "folder", tones, 4, left_out, [])


def listed_clips(root, rng):
    tones = {"low": 300.0, "high": 3000.0}
    both = np.concatenate([tone(300.0, 1.0), tone(3000.0, 2.0)])
    write(root / "audio" / "long.wav", both)
    write(root / "audio" / "short.wav", tone(300.0, 0.4))
    (root / "clips.csv").write_text(
        "path,start_seconds,duration_seconds,label,recording\n"
        "audio/long.wav,0,1,low,one\n"
        "audio/long.wav,1,,high,two\n"
        "audio/long.wav,1.5,0.5,high,two\n"
        "audio/short.wav,0,,low,three\n"
        "audio/gone.wav,0,,low,four\n"
        "audio/short.wav,2,,low,five\n"
    )
    left_out = {"gone.wav": "no such file", "short.wav": "nothing at 2.000 s"}
    return Tree(root, "folder", tones, 4, left_out, [])


TREES = {
    "FSD50K": fsd50k,
    "TU Berlin, version 2": tu_berlin_v2,
    "TU Berlin, version 3": tu_berlin_v3,
    "AISHELL-3": aishell3,
    "a folder per class": folder_per_class,
    "clips.csv": listed_clips,
}
