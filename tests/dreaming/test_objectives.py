"""What goes beyond the paper's objective: measures, a guide sound, staying close, stages."""

import json

import numpy as np
import pytest
import torch

from studio import Recipe, dream
from studio.dreaming import sources
from studio.dreaming.objective import objective, response
from studio.dreaming.recipe import Target
from studio.dreaming.reference import ReferenceAscent
from studio.errors import DreamError, ParameterError
from tests.conftest import make_model
from tests.dreaming.conditioning import (
    ALLOWED,
    condition_errors,
    distance,
    with_a_bfloat16_product,
)

LAYERS = [("model1", layer) for layer in range(5)] + [("model2", layer) for layer in range(9)]
MODELS = {name: make_model(name) for name in ("model1", "model2")}
DOUBLES = {name: make_model(name).double() for name in ("model1", "model2")}
SAMPLES = 44_100


def noise(seed, batch=1):
    sound = torch.from_numpy(np.random.default_rng(seed).standard_normal((batch, SAMPLES)))
    return sound / sound.abs().amax(-1, keepdim=True)


class TestMeasures:
    def test_each_is_what_it_says(self):
        heard = [torch.tensor([[[1.0, -3.0], [2.0, 2.0]]])]
        guide = [torch.tensor([[[2.0, -1.0], [0.0, 0.0]]])]
        values = {
            Target(0, 0): 5.0,  # (1 + 9) / 2
            Target(0, 0, -2.0, "activation"): 2.0,  # −2 · (1 − 3) / 2
            Target(0, None, 1.0, "activation"): 0.5,
            Target(0, 0, 1.0, "guide"): -2.5,  # −(1 + 4) / 2
            Target(0, 1, 0.5, "guide"): -2.0,
        }
        for target, value in values.items():
            assert response(heard, [target], guide).item() == pytest.approx(value)
        together = response(heard, list(values), guide).item()
        assert together == pytest.approx(sum(values.values()) / len(values))

    def test_activation_at_the_output_is_the_log_of_the_class_probability(self):
        model, waveform = DOUBLES["model1"], noise(1)
        recipe = Recipe(targets=[(4, 2, 1.0, "activation")])
        expected = model(waveform)[0, 2]
        assert expected < 0
        torch.testing.assert_close(objective(model, waveform, recipe)[0], expected)

    @pytest.mark.parametrize(("architecture", "layer"), LAYERS)
    def test_one_product_in_bfloat16_would_be_noticed(self, architecture, layer):
        model, waveform, guide = DOUBLES[architecture], noise(1), noise(2)
        recipe = Recipe(architecture=architecture, targets=[(layer, 3, 1.0, "guide")])
        expected = ReferenceAscent(model, recipe, guide).gradient(waveform)[0]
        limit = ALLOWED * max(condition_errors(model, recipe, waveform, guide, expected))
        for rounded in {0, min(layer, model.layers - 1)}:
            coarse = ReferenceAscent(with_a_bfloat16_product(model, rounded), recipe, guide)
            assert distance(coarse.gradient(waveform)[0], expected) > limit

    @pytest.mark.parametrize(("weight", "sign"), [(1.0, 1), (-1.0, -1)])
    def test_dreaming_moves_the_activation_where_the_weight_points(self, weight, sign):
        model = MODELS["model1"]
        recipe = Recipe(targets=[(1, 3, weight, "activation")], iterations=15, learning_rate=0.05)
        made = dream(model, recipe)
        before, after = (
            float(model.activations(torch.from_numpy(sound)[None], 1)[1][:, 3].mean())
            for sound in (made.initial, made.audio)
        )
        assert sign * (after - before) > 0

    def test_a_class_becomes_more_probable_and_an_avoided_one_less(self):
        model = MODELS["model1"]
        for weight in (1.0, -1.0):
            targets = [(4, 2, weight, "activation")]
            made = dream(model, Recipe(targets=targets, iterations=15, learning_rate=0.05))
            scores = [
                model(torch.from_numpy(each)[None])[0, 2] for each in (made.initial, made.audio)
            ]
            assert weight * float(scores[1] - scores[0]) > 0


class TestGuide:
    RECIPE = Recipe(targets=[(1, None, 1.0, "guide")], iterations=30, learning_rate=0.02)

    @pytest.mark.parametrize("engine", ["fast", "reference"])
    def test_the_activations_come_nearer_to_the_guides(self, engine, rng):
        guide = rng.standard_normal(30_000).astype(np.float32)  # shorter: padded with silence
        made = dream(MODELS["model1"], self.RECIPE, engine=engine, guide=guide)
        assert made.trace.objective.iloc[-1] > 0.8 * made.trace.objective.iloc[0]
        assert made.trace.objective.iloc[-1] < 0

    def test_both_engines_go_the_same_way(self, rng):
        guide = rng.standard_normal(60_000)
        fast, slow = (
            dream(MODELS["model1"], self.RECIPE.replace(iterations=3), None, engine, guide=guide)
            for engine in ("fast", "reference")
        )
        np.testing.assert_allclose(fast.audio, slow.audio, atol=1e-4)
        np.testing.assert_allclose(fast.trace.objective, slow.trace.objective, rtol=1e-3)

    def test_a_built_in_sound_can_be_the_guide(self):
        model, recipe = MODELS["model1"], self.RECIPE.replace(iterations=3)
        named = dream(model, recipe.replace(guide="tone"))
        given = dream(model, recipe, guide=sources.initial_sound(recipe.replace(initial="tone")))
        assert named.audio.tobytes() == given.audio.tobytes()

    def test_without_one_it_is_asked_for(self):
        model = MODELS["model1"]
        with pytest.raises(ParameterError, match="give a guide sound"):
            dream(model, self.RECIPE)
        with pytest.raises(DreamError, match=r"guide sound is 'voice\.wav"):
            dream(model, self.RECIPE.replace(guide="voice.wav (sha256 0)"))
        later = Recipe(iterations=1, stages=[{"targets": [[1, 0, 1, "guide"]]}])
        with pytest.raises(ParameterError, match="give a guide sound"):
            dream(model, later)

    def test_a_guide_that_nobody_asks_for_changes_nothing(self, rng):
        recipe = Recipe(iterations=2, guide="voice.wav")
        plain = dream(MODELS["model1"], Recipe(iterations=2)).audio
        assert dream(MODELS["model1"], recipe, guide=rng.standard_normal(99)).audio.tolist() == (
            plain.tolist()
        )


class TestCloseness:
    BASE = Recipe(targets=[(1, 3)], iterations=40, learning_rate=0.05, initial="tone")

    @pytest.mark.parametrize("unroll", [False, True])
    @pytest.mark.parametrize("engine", ["fast", "reference"])
    def test_the_closer_the_nearer(self, engine, unroll):
        def likeness(closeness):
            recipe = self.BASE.replace(
                iterations=20, closeness=closeness, unroll=unroll, max_offset=300
            )
            made = dream(MODELS["model1"], recipe, engine=engine)
            # Wherever the sound was shifted to.
            spectra = [np.fft.rfft(sound) for sound in (made.audio, made.initial)]
            alike = np.fft.irfft(spectra[0] * spectra[1].conj(), len(made.audio))
            return alike.max() / np.linalg.norm(made.audio) / np.linalg.norm(made.initial)

        free, near, bound = likeness(0.0), likeness(5.0), likeness(100.0)
        assert free < near < bound
        assert bound > 0.99

    def test_both_engines_pull_alike(self):
        recipe = self.BASE.replace(closeness=5.0, iterations=5, max_offset=40)
        fast, slow = (
            dream(MODELS["model1"], recipe, engine=engine) for engine in ("fast", "reference")
        )
        np.testing.assert_allclose(fast.audio, slow.audio, atol=1e-4)

    def test_a_step_is_the_one_that_the_formula_says(self):
        recipe = self.BASE.replace(closeness=4.0, low_pass="off", smoothing="off", iterations=1)
        ascent = ReferenceAscent(DOUBLES["model1"], recipe)
        sound, initial = noise(1), noise(2)
        gradient = ascent.gradient(sound)[0].numpy()
        standard = (gradient - gradient.mean()) / gradient.std()
        moved = sound.numpy() + 0.05 * (standard + 4.0 * (initial.numpy() - sound.numpy()))
        expected = moved / np.abs(moved).max()
        np.testing.assert_allclose(ascent.step(sound, 0, 0, initial).waveform, expected, atol=1e-12)


class TestStages:
    FIRST = Recipe(targets=[(1, 3)], iterations=4, learning_rate=0.05, max_offset=9)
    SECOND = {"iterations": 3, "targets": [[2, 5, -1.0]], "cutoff_hz": 5000}  # noqa: RUF012

    def test_a_stage_goes_on_from_the_sound_before(self):
        model = MODELS["model1"]
        both = self.FIRST.replace(stages=[self.SECOND], max_offset=0)
        first = dream(model, self.FIRST.replace(max_offset=0))
        alone = both.each_stage[1].replace(initial="the first")
        again = dream(model, alone, initial=first.audio)
        made = dream(model, both)
        assert made.audio.tobytes() == again.audio.tobytes()
        assert made.trace.iteration.iloc[-1] == 7

    def test_stages_are_counted_together(self):
        told = []
        recipe = self.FIRST.replace(stages=[self.SECOND, {}])
        assert recipe.total_iterations == recipe.planned_iterations == 10
        made = dream(MODELS["model1"], recipe, on_step=told.append)
        assert [step.iteration for step in told] == list(range(1, 11))
        assert {step.iterations for step in told} == {10}
        assert made.recipe == recipe

    def test_stopping_in_a_later_stage_can_be_repeated(self):
        model, recipe = MODELS["model1"], self.FIRST.replace(stages=[self.SECOND])
        stopped = dream(model, recipe, on_step=lambda step: step.iteration < 5)
        assert stopped.recipe == recipe.replace(stop_after=5)
        again = dream(model, Recipe.from_json(stopped.recipe.to_json()))
        assert again.audio.tobytes() == stopped.audio.tobytes()

    def test_the_first_stage_is_shifted_as_without_others(self):
        one = sources.offsets(self.FIRST)
        both = sources.offsets(self.FIRST.replace(stages=[{"max_offset": 500}]))
        np.testing.assert_array_equal(both[:4], one)
        assert np.abs(both[4:]).max() > 9

    def test_changes_add_up(self):
        stages = [{"iterations": 5}, {"cutoff_hz": 800.0}]
        chain = self.FIRST.replace(stages=stages).each_stage
        assert [(each.iterations, each.cutoff_hz) for each in chain] == [
            *((4, 12_000.0), (5, 12_000.0), (5, 800.0))
        ]
        assert not any(each.stages for each in chain)

    def test_both_engines_go_through_them(self):
        recipe = self.FIRST.replace(stages=[{**self.SECOND, "closeness": 3}])
        fast, slow = (
            dream(MODELS["model1"], recipe, engine=engine) for engine in ("fast", "reference")
        )
        np.testing.assert_allclose(fast.audio, slow.audio, atol=1e-3)

    def test_every_stage_must_fit_the_model(self):
        with pytest.raises(ParameterError, match="layer=9"):
            dream(MODELS["model1"], self.FIRST.replace(stages=[{"targets": [[9]]}]))


class TestRecipes:
    FULL = Recipe(
        targets=[(1, 3, -2.0, "guide"), (4, 2, 1.0, "activation"), (0, None)],
        guide="tone",
        closeness=2.5,
        stages=[{"iterations": 7, "targets": [[1]]}, {"closeness": 0}],
    )

    def test_the_way_to_json_and_back_loses_nothing(self):
        again = Recipe.from_json(self.FULL.to_json())
        assert again == self.FULL
        assert hash(again) == hash(self.FULL)
        assert again.to_json() == self.FULL.to_json()
        told = json.loads(self.FULL.to_json())
        assert told["targets"] == [[1, 3, -2.0, "guide"], [4, 2, 1.0, "activation"], [0, None, 1.0]]
        assert told["stages"][0] == {"iterations": 7, "targets": [[1, None, 1.0]]}

    def test_recipes_without_these_are_written_as_ever(self):
        told = Recipe().to_dict()
        assert not {"guide", "closeness", "stages"} & set(told)
        assert told["targets"] == [[0, 0, 1.0]]
        assert Recipe.from_dict(Recipe().to_dict(everything=True)) == Recipe()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"targets": [(0, 1, 1, "louder")]}, "measure='louder' must be one of: response"),
            ({"targets": [(0, 1, 1, "guide", 5)]}, "layer, map, weight, measure"),
            ({"closeness": -1}, "closeness=-1 must lie between 0 and 100"),
            ({"guide": ""}, "guide='' must be a name"),
            ({"stages": {"iterations": 3}}, "stages must be a list of objects"),
            ({"stages": 3}, "stages must be a list of objects"),
            ({"stages": [3]}, "Stage 2 must be an object"),
            ({"stages": [{"seed": 3}]}, "Stage 2 cannot change 'seed'"),
            ({"stages": [{}, {"louder": 3}]}, "Stage 3 has no field 'louder'"),
            ({"stages": [{"iterations": 0}]}, "Stage 2: iterations=0 must lie between 1"),
            ({"stages": [{}] * 10}, "10 next stages are too many"),
        ],
    )
    def test_mistakes_are_named(self, changes, sentence):
        with pytest.raises(ParameterError, match=sentence):
            Recipe(**changes)
