"""Which sounds differ: medoids stand for all, near-duplicates for nothing new."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.gallery.different import likenesses, medoids


def clouds(rng, sizes, apart=20.0):
    """Return clouds of radius about 1 around points that lie ``apart`` on axes of their own."""
    centres = apart * np.eye(len(sizes), 8)
    cloud = np.repeat(np.arange(len(sizes)), sizes)
    vectors = centres[cloud] + 0.2 * rng.normal(size=(len(cloud), 8))
    return vectors.astype(np.float32), cloud


def test_each_cloud_is_there_once_however_large(rng):
    vectors, cloud = clouds(rng, [60, 5, 1, 20])
    assert sorted(cloud[medoids(vectors, 4)]) == [0, 1, 2, 3]


def test_a_medoid_lies_in_the_middle_of_its_cloud(rng):
    vectors, cloud = clouds(rng, [40, 40])
    for row in medoids(vectors, 2):
        own = vectors[cloud == cloud[row]]
        distance = np.linalg.norm(own - own.mean(axis=0), axis=1)
        assert np.linalg.norm(vectors[row] - own.mean(axis=0)) <= np.median(distance)


def test_all_are_the_most_different_of_as_many(rng):
    vectors = rng.normal(size=(7, 4)).astype(np.float32)
    assert medoids(vectors, 7).tolist() == medoids(vectors, 90).tolist() == list(range(7))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), near=st.floats(0.1, 4.0))
def test_what_stands_for_itself_is_far_from_all_that_do_and_the_rest_is_near_one(seed, near):
    vectors = np.random.default_rng(seed).normal(size=(40, 3)).astype(np.float32)
    like = likenesses(vectors, near)
    standing = np.flatnonzero(like < 0)
    distance = np.linalg.norm(vectors[:, None] - vectors[None, standing], axis=2)
    distance[standing, np.arange(len(standing))] = np.inf
    assert np.all(distance[standing] > near * 0.999)
    for row in np.flatnonzero(like >= 0):
        assert like[row] in standing and like[row] < row
        assert np.linalg.norm(vectors[row] - vectors[like[row]]) < near * 1.001
