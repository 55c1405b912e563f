"""Tables 3 to 10 of the paper: what it says of every layer, as text and as checks.

A check is ``(datasets, quantity, word)``: datasets by the paper's letters (e, i, s; a for all),
the word one of those that `wording` decides. What a row says beyond its checks (repeated or
irregular patterns) no descriptor measures; ``unmeasured`` repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass

Check = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """What the paper says of one layer.

    Attributes
    ----------
    layer : int
    words : str
        The paper's; a, e, i, s in brackets: all datasets, Events, Instruments, Speech.
    checks : tuple of Check
    unmeasured : str
    """

    layer: int
    words: str
    checks: tuple[Check, ...]
    unmeasured: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """One of the tables.

    Attributes
    ----------
    number : int
        In the paper.
    architecture : str
    feature : str
    shown : tuple of str
        Quantities that are shown beside the words; those that begin with "spread of " are spreads.
    rows : tuple of Row
    """

    number: int
    architecture: str
    feature: str
    shown: tuple[str, ...]
    rows: tuple[Row, ...]


_LOUDNESS = ("level", "loudness_dynamics", "burst_share")
_BRIGHTNESS = ("spectral_dynamics", "spread of brightness")
_NOISINESS = ("noisiness", "noisiness_dynamics")
_ROUGHNESS = ("roughness", "synchrony")
_SPREAD = "spread of brightness"

_SUSTAINED = (("a", "level", "medium"), ("a", "loudness_dynamics", "low"))

DESCRIPTIONS = (
    Description(
        3,
        "model1",
        "loudness",
        _LOUDNESS,
        (
            Row(0, "medium loudness and small dynamic range (a)", _SUSTAINED),
            Row(
                1,
                "low (i, s) or medium (e) loudness often concentrated in short loudness bursts (a)",
                (
                    ("is", "level", "low"),
                    ("e", "level", "medium"),
                    ("a", "burst_share", "short bursts"),
                ),
            ),
            Row(
                2,
                "medium loudness (a) with small (e, i) to medium (s) dynamic range",
                (
                    ("a", "level", "medium"),
                    ("ei", "loudness_dynamics", "low"),
                    ("s", "loudness_dynamics", "medium"),
                ),
            ),
            Row(
                3,
                "medium loudness (a) with small to medium dynamic range (a)",
                (("a", "level", "medium"), ("a", "loudness_dynamics", "low to medium")),
            ),
        ),
    ),
    Description(
        4,
        "model2",
        "loudness",
        _LOUDNESS,
        (
            Row(0, "medium loudness and small dynamic range (a)", _SUSTAINED),
            Row(
                1,
                "high (e), medium (i) or low (s) loudness with small dynamic range (e) or short "
                "bursts (s) or both (i)",
                (
                    ("e", "level", "high"),
                    ("i", "level", "medium"),
                    ("s", "level", "low"),
                    ("e", "loudness_dynamics", "low"),
                    ("s", "burst_share", "short bursts"),
                ),
                "both (i)",
            ),
            Row(
                2,
                "medium (e, i) or very low (s) loudness, which is constant or exhibits repetitive "
                "variations (e), short or extended bursts (s), or all of this (i)",
                (
                    ("ei", "level", "medium"),
                    ("s", "level", "very low"),
                    ("s", "burst_share", "bursts"),
                ),
                "constant or repetitive (e), all of this (i)",
            ),
            Row(
                3,
                "low (e, i) or very low (s) loudness with repetitive (e) or irregular (i) "
                "variations, or extended bursts (s)",
                (
                    ("ei", "level", "low"),
                    ("s", "level", "very low"),
                    ("s", "burst_share", "extended bursts"),
                ),
                "repetitive (e), irregular (i)",
            ),
            Row(
                4,
                "low (e, i) or very low (s) loudness, with more varied repetitions (e), in "
                "combination irregular variations (i), or extended bursts (s)",
                (
                    ("ei", "level", "low"),
                    ("s", "level", "very low"),
                    ("s", "burst_share", "extended bursts"),
                ),
                "varied repetitions (e), irregular (i)",
            ),
            Row(
                5,
                "low (e, i) or very low (s) loudness with highly varied patterns (e, i) or "
                "combinations of burst repetitions and constant loudness (s)",
                (("ei", "level", "low"), ("s", "level", "very low")),
                "highly varied patterns (e, i), repeated bursts (s)",
            ),
            Row(6, "similar to layer 5 (a)", (("a", "level", "similar to 5"),)),
            Row(7, "similar to layer 5 (a)", (("a", "level", "similar to 5"),)),
        ),
    ),
    Description(
        5,
        "model1",
        "brightness",
        _BRIGHTNESS,
        (
            Row(
                0,
                "constant for one feature map but strongly varied across feature maps (a)",
                (("a", "spectral_dynamics", "low"), ("a", _SPREAD, "high")),
            ),
            Row(
                1,
                "constant (i) or slightly varied (e, s) for one feature map and less strongly "
                "varied across feature maps (a)",
                (
                    ("i", "spectral_dynamics", "low"),
                    ("es", "spectral_dynamics", "medium"),
                    ("a", _SPREAD, "less"),
                ),
            ),
            Row(
                2,
                "slightly (e, i) or strongly (s) varied for one feature map and less strongly "
                "varied across feature maps (a)",
                (
                    ("ei", "spectral_dynamics", "medium"),
                    ("s", "spectral_dynamics", "high"),
                    ("a", _SPREAD, "less"),
                ),
            ),
            Row(3, "similar to layer 2 (a)", (("a", "spectral_dynamics", "similar to 2"),)),
        ),
    ),
    Description(
        6,
        "model2",
        "brightness",
        _BRIGHTNESS,
        (
            Row(
                0,
                "constant for one feature map but varies strongly across maps (a)",
                (("a", "spectral_dynamics", "low"), ("a", _SPREAD, "high")),
            ),
            Row(
                1,
                "slightly varied (e, i) or constant (s) for one feature map and less (e, i) or "
                "similarly (s) strongly varied across feature maps",
                (
                    ("ei", "spectral_dynamics", "medium"),
                    ("s", "spectral_dynamics", "low"),
                    ("ei", _SPREAD, "less"),
                    ("s", _SPREAD, "similar to 0"),
                ),
            ),
            Row(2, "similar to layer 1 (a)", (("a", "spectral_dynamics", "similar to 1"),)),
            Row(
                3,
                "more strongly varied for one feature map (a) and less across feature maps (s)",
                (("a", "spectral_dynamics", "more"), ("s", _SPREAD, "less")),
            ),
            Row(
                4,
                "varies even more strongly for one feature map (a) and less across feature maps "
                "(a)",
                (("a", "spectral_dynamics", "more"), ("a", _SPREAD, "less")),
            ),
            Row(
                5,
                "varies very strongly for one feature map (a) and little across feature maps (a)",
                (("a", "spectral_dynamics", "very high"), ("a", _SPREAD, "low")),
            ),
            Row(6, "similar to layer 5 (a)", (("a", "spectral_dynamics", "similar to 5"),)),
            Row(7, "similar to layer 5 (a)", (("a", "spectral_dynamics", "similar to 5"),)),
        ),
    ),
    Description(
        7,
        "model1",
        "noisiness",
        _NOISINESS,
        (
            Row(0, "little noise (a)", (("a", "noisiness", "low"),)),
            Row(
                1,
                "slightly more noise that is mostly concentrated in loudness bursts (e, i) or "
                "evenly distributed (s)",
                (
                    ("a", "noisiness", "slightly more"),
                    ("ei", "noisiness_dynamics", "concentrated"),
                    ("s", "noisiness_dynamics", "even"),
                ),
            ),
            Row(
                2,
                "considerably (e, i) or little (s) more noise",
                (
                    ("ei", "noisiness", "considerably more"),
                    ("s", "noisiness", "slightly more"),
                ),
            ),
            Row(
                3,
                "considerably (e, i) or slightly more noise (s)",
                (
                    ("ei", "noisiness", "considerably more"),
                    ("s", "noisiness", "slightly more"),
                ),
            ),
        ),
    ),
    Description(
        8,
        "model2",
        "noisiness",
        _NOISINESS,
        (
            Row(0, "little noise (a)", (("a", "noisiness", "low"),)),
            Row(
                1,
                "slight (e, i) or significant (s) noise",
                (("ei", "noisiness", "medium"), ("s", "noisiness", "high")),
            ),
            Row(
                2,
                "some noise mostly concentrated in loudness bursts (a)",
                (("a", "noisiness", "medium"), ("a", "noisiness_dynamics", "concentrated")),
            ),
            Row(
                3,
                "some noise in entire sound (a)",
                (("a", "noisiness", "medium"), ("a", "noisiness_dynamics", "even")),
            ),
            Row(4, "similar to layer 3 (a)", (("a", "noisiness", "similar to 3"),)),
            Row(
                5,
                "significant noise in entire signal (a)",
                (("a", "noisiness", "high"), ("a", "noisiness_dynamics", "even")),
            ),
            Row(6, "similar to layer 5 (a)", (("a", "noisiness", "similar to 5"),)),
            Row(7, "similar to layer 5 (a)", (("a", "noisiness", "similar to 5"),)),
        ),
    ),
    Description(
        9,
        "model1",
        "roughness",
        _ROUGHNESS,
        (
            Row(0, "minimal (a)", (("a", "roughness", "low"),)),
            Row(1, "similar to layer 0 (a)", (("a", "roughness", "similar to 0"),)),
            Row(
                2,
                "increased spectral variations always (e, s) or sometimes (i) in sync with "
                "loudness variations",
                (
                    ("a", "roughness", "increased"),
                    ("es", "synchrony", "in step"),
                    ("i", "synchrony", "partly in step"),
                ),
            ),
            Row(
                3,
                "increased spectral variations mostly (s) or sometimes (e, i) in sync with "
                "loudness variations",
                (
                    ("a", "roughness", "increased"),
                    ("s", "synchrony", "in step"),
                    ("ei", "synchrony", "partly in step"),
                ),
            ),
        ),
    ),
    Description(
        10,
        "model2",
        "roughness",
        _ROUGHNESS,
        (
            Row(0, "minimal (a)", (("a", "roughness", "low"),)),
            Row(1, "even less (a)", (("a", "roughness", "less"),)),
            Row(
                2,
                "increased and in sync with loudness variations (a)",
                (("a", "roughness", "increased"), ("a", "synchrony", "in step")),
            ),
            Row(
                3,
                "increased and always (e, i) or sometimes in sync with loudness variations (s)",
                (
                    ("a", "roughness", "increased"),
                    ("ei", "synchrony", "in step"),
                    ("s", "synchrony", "partly in step"),
                ),
            ),
            Row(
                4,
                "increased and partially in sync with and partially independent of loudness "
                "variations (a)",
                (("a", "roughness", "increased"), ("a", "synchrony", "partly in step")),
            ),
            *(
                Row(layer, "similar to layer 4 (a)", (("a", "roughness", "similar to 4"),))
                for layer in (5, 6, 7)
            ),
        ),
    ),
)
