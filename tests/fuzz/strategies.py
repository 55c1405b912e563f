"""What strangers send: values of any kind, and things that are nearly right."""

from __future__ import annotations

import dataclasses
import json
import os
import struct

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from studio.dreaming.recipe import MEASURES, Recipe, controls

LONG = int(os.environ.get("STUDIO_FUZZ_EXAMPLES", "0"))

search = settings(
    max_examples=LONG or 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not LONG,
    print_blob=True,
)
"""Some examples with every run of the tests, the same ones; many by ``scripts/fuzz.py``."""

any_text = st.text(st.characters(exclude_categories=()), max_size=40)
hostile_text = st.sampled_from(
    [
        *("", " ", "\0", "\ud800", "\x1b[2J\x1b]0;x\x07", "\u202e", "😀" * 300, "x" * 5000),
        *("nan", "inf", "-inf", "1e999", "9" * 5000, "²", "%00", "../../etc/passwd", "None"),
        *("white noise", "model1", "guide", "true", "[[0, 1]]"),
    ]
)
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([0, 1, -1, 2**31, 2**63, 2**64, 10**400, -(10**400), 1e308, 5e-324, True])
)
scalars = st.none() | st.booleans() | numbers | any_text | hostile_text
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=8,
)


def mutated(valid, also=anything):
    """Return objects like ``valid`` (a strategy of dicts) with some values exchanged or added."""
    changes = st.dictionaries(any_text | hostile_text, also, max_size=2)

    def within(values):
        exchanged = (
            st.dictionaries(st.sampled_from(sorted(values)), also, max_size=3)
            if values
            else st.just({})
        )
        return exchanged.flatmap(lambda own: changes.map(lambda added: {**values, **own, **added}))

    return valid.flatmap(within)


targets = st.lists(
    st.tuples(
        st.integers(0, 9) | numbers,
        st.none() | st.integers(0, 200) | numbers,
        st.floats(-2, 2) | numbers,
        st.sampled_from(MEASURES) | anything,
    ).flatmap(lambda parts: st.integers(0, 4).map(lambda count: list(parts[:count])))
    | anything,
    max_size=4,
)
stages = st.lists(
    st.fixed_dictionaries({}, optional={"iterations": numbers, "targets": targets, "seed": numbers})
    | anything,
    max_size=3,
)


def _value(name):
    control, default = controls()[name], getattr(Recipe(), name)
    if name == "targets":
        return targets
    if name == "stages":
        return stages
    if control.choices:
        return st.sampled_from(control.choices)
    if control.minimum is not None:
        between = st.floats(control.minimum, control.maximum)
        return between.map(round) if isinstance(default, int) else between
    return st.booleans() if isinstance(default, bool) else any_text


recipe_dicts = mutated(
    st.fixed_dictionaries(
        {}, optional={field.name: _value(field.name) for field in dataclasses.fields(Recipe)}
    )
)
json_texts = (
    (recipe_dicts | anything).map(
        lambda value: json.dumps(value, ensure_ascii=False, allow_nan=True)
    )
    | any_text
    | hostile_text
    | st.sampled_from(["[" * 50_000, '{"a":' * 50_000, '{"seed":' + "9" * 5000 + "}"])
)

_names = st.sampled_from(
    [b"fmt ", b"data", b"LIST", b"INFO", b"ICMT", b"ds64", b"fact", b"JUNK", b"id3 ", b"SSND"]
) | st.binary(min_size=4, max_size=4)
_sizes = st.integers(0, 200) | st.sampled_from([0, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 1, 2**31])
_formats = st.sampled_from([1, 2, 3, 6, 7, 17, 49, 85, 0xFFFE]) | st.integers(0, 65_535)


def _format(kind, channels, rate, bits):
    align = max(1, channels * bits // 8) & 0xFFFF
    return struct.pack("<HHIIHH", kind, channels, rate, rate * align & 0xFFFFFFFF, align, bits)


format_chunks = st.builds(
    _format,
    _formats,
    st.sampled_from([0, 1, 2, 64, 65_535]),
    st.sampled_from([0, 1, 8000, 44_100, 192_000, 2**31, 2**32 - 1]),
    st.sampled_from([0, 4, 8, 12, 16, 24, 32, 64, 65_535]),
)


@st.composite
def chunks(draw):
    """Return a chunk, whose size may be wrong."""
    name = draw(_names)
    body = draw(
        format_chunks
        | st.binary(max_size=300)
        | json_texts.map(lambda text: text[:3000].encode("utf-8", "replace"))
    )
    if name == b"LIST":
        entry = b"ICMT" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        body = b"INFO" + entry
    size = draw(st.just(len(body)) | _sizes)
    return name + struct.pack("<I", size) + body + b"\0" * (len(body) % 2)


@st.composite
def wav_files(draw):
    """Return the bytes of something like a WAV."""
    body = b"".join(draw(st.lists(chunks(), max_size=6)))
    if draw(st.booleans()):
        head = b"fmt " + struct.pack("<I", 16) + draw(format_chunks)
        sound = draw(st.binary(max_size=4000))
        body = head + body + b"data" + struct.pack("<I", draw(st.just(len(sound)) | _sizes)) + sound
    magic = draw(st.sampled_from([b"RIFF", b"RF64", b"BW64", b"RIFX", b"FORM", b"OggS", b".snd"]))
    kind = draw(st.sampled_from([b"WAVE", b"AIFF", b"AIFC", b"\0\0\0\0"]))
    size = draw(st.just(4 + len(body)) | _sizes)
    return magic + struct.pack("<I", size & 0xFFFFFFFF) + kind + body


def broken(content):
    """Return strategies of whole files that were cut off, or of which some bytes were changed."""
    places = st.integers(0, len(content) - 1)
    cut = places.map(lambda place: content[:place])
    changed = st.dictionaries(places, st.integers(0, 255), min_size=1, max_size=8).map(
        lambda bytes_at: bytes(bytes_at.get(i, byte) for i, byte in enumerate(content))
    )
    return cut | changed


CARD = {
    "name": "bells-model1",
    "dataset": "bells",
    "summary": "Model1, trained.",
    "data": {"title": "Bells", "sources": "towers", "hours": 2.5, "stand_in": True},
    "epochs": 3,
    "epochs_planned": 5,
    "train_accuracy": 0.9,
    "test": {"middle second": {"accuracy": 0.8, "interval": [0.7, 0.9], "clips": 10}},
    "paper": {"test_accuracy": 0.9, "data": "theirs"},
    "training": {"seed": 0},
    "curve": {"epoch": [1, 2], "train_accuracy": [0.1, None], "test_accuracy": [None, 0.2]},
    "architecture": "model1",
    "classes": ["a", "b", "c"],
    "hidden_channels": [32, 64, 128],
    "parameters": 233_411,
}
card_texts = (
    mutated(st.just(CARD)).map(lambda card: json.dumps(card, ensure_ascii=True)) | json_texts
)

live_messages = mutated(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["want", "change"])},
        optional={
            "until": st.integers(0, 10**6),
            "played": st.integers(0, 10**6),
            "glide_seconds": st.floats(0, 600),
            "margin": st.floats(0, 1),
            "changes": mutated(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "level_db": st.floats(-60, 6),
                        "cutoff_hz": st.floats(20, 22_050),
                        "targets": targets,
                        "morph": numbers,
                        "freeze": st.booleans(),
                        "second": recipe_dicts,
                        "seconds": st.floats(1, 4),
                    },
                )
            ),
        },
    )
)
query_values = (scalars | st.floats(0, 3)).map(str) | hostile_text | any_text
