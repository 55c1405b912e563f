import numpy as np
import pytest
import soundfile

from studio.networks.checkpoints import save_model
from studio.sound import SAMPLE_RATE
from tests.analysis.known import ears, tone


@pytest.fixture
def two_ears():
    """A network that tells 2 kHz (class high) from 500 Hz (class low)."""
    return ears(high=2000, low=500)


@pytest.fixture
def corpus(tmp_path):
    """Six test clips; one of ``high`` sounds low, and is thus sure to be mistaken."""
    root = tmp_path / "corpus"
    root.mkdir()
    rows = ["path,label,split"]
    clips = [("high", 2000, 2), ("high", 1950, 1.5), ("high", 500, 1), ("low", 500, 3)]
    for number, (label, pitch, seconds) in enumerate([*clips, ("low", 520, 1), ("low", 490, 0.6)]):
        soundfile.write(root / f"{number}.wav", 0.3 * tone(pitch, seconds), SAMPLE_RATE)
        rows.append(f"{number}.wav,{label},test")
    soundfile.write(root / "train.wav", np.full(SAMPLE_RATE, 0.1), SAMPLE_RATE)
    rows += ["train.wav,low,train", "train.wav,high,train"]
    (root / "clips.csv").write_text("\n".join(rows) + "\n")
    return root


@pytest.fixture
def own_model(two_ears, only_models, tmp_path, monkeypatch):
    """The network as the model ``pitches-model1`` of a folder that the studio looks into."""
    two_ears.card["dataset"] = "pitches"
    two_ears.card["test_accuracy"] = 0.8333
    only_models(tmp_path / "models")
    monkeypatch.setenv("STUDIO_CACHE", str(tmp_path / "cache"))
    return save_model(two_ears, tmp_path / "models")
