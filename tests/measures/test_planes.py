"""The quick arithmetic of a measurement is scikit-image's."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2gray, rgb2lab
from skimage.filters import gaussian, sobel
from skimage.measure import blur_effect
from skimage.metrics import structural_similarity

from nb_banana._measure import planes
from nb_banana._measure.aligning import placed

PICTURE = skimage.data.astronaut()
VALUES = (PICTURE / 255).astype(np.float32)
NOISY = np.clip(VALUES * 0.8 + np.random.default_rng(0).normal(0, 0.03, VALUES.shape), 0, 1).astype(np.float32)


def test_colours_are_those_of_scikit_image():
    """CIELAB by tables is within what nobody sees, and its mean distance is the same."""
    exact = rgb2lab(PICTURE / 255)
    assert np.abs(planes.lab(VALUES) - exact).max() < 0.1
    expected = deltaE_ciede2000(exact, rgb2lab(NOISY)).mean()
    found = planes.distance(planes.lab(VALUES).reshape(-1, 3), planes.lab(NOISY).reshape(-1, 3))
    assert found == pytest.approx(expected, abs=0.01)


def test_a_mean_of_colours_is_the_mean_of_each():
    """The shortcut over cube roots is the mean CIELAB of the pixels that count, or of all."""
    some = np.random.default_rng(3).random(VALUES.shape[:2]) > 0.5
    for among in (None, some):
        every = rgb2lab(PICTURE / 255)[some] if among is not None else rgb2lab(PICTURE / 255).reshape(-1, 3)
        assert planes.mean_lab(VALUES, among) == pytest.approx(every.mean(axis=0), abs=0.02)


def test_what_is_visible_is_decided_as_by_the_long_formula():
    """The shortcuts leave no pixel out and add none, in the same colours."""
    colours = np.random.default_rng(1).uniform((0, -90, -90), (100, 90, 90), (60, 500, 3)).astype(np.float32)
    near = colours + np.random.default_rng(2).normal(0, 4, colours.shape).astype(np.float32)
    near[..., 0] = near[..., 0].clip(0, 100)
    expected = deltaE_ciede2000(colours, near) > 5
    assert 0.1 < expected.mean() < 0.9
    assert (planes.visible(colours, near, 5.0) == expected).all()


def test_blur_outlines_and_similarity_are_those_of_scikit_image():
    """Gaussian blur, outlines and the local SSIM agree, in the middle and at the border."""
    assert np.abs(planes.blurred(VALUES) - gaussian(VALUES, 1.0, channel_axis=2)).max() < 1e-5
    edges = sobel(gaussian(rgb2gray(VALUES), 1.0))
    even = np.minimum(edges / (gaussian(edges, 16.0) + 0.01), 6.0)
    assert np.corrcoef(planes.outlines(VALUES).ravel(), even.ravel())[0, 1] > 0.995
    one, other = planes.grey(VALUES), planes.grey(NOISY)
    mean, local = structural_similarity(one.astype(float), other.astype(float), data_range=1.0, full=True)
    assert np.abs(planes.structure(one, other) - local).max() < 1e-3
    assert planes.structure(one, other)[3:-3, 3:-3].mean() == pytest.approx(mean, abs=1e-5)


@pytest.mark.parametrize("size", [(512, 512), (131, 70)])
def test_sharpness_is_exactly_the_blur_effect(size):
    """In whole numbers, and to the last strip of rows."""
    levels = np.asarray(Image.fromarray(PICTURE).convert("L").resize(size))
    assert planes.sharpness(levels) == pytest.approx(1 - blur_effect(levels / 255.0), abs=1e-9)


@pytest.mark.parametrize(("right", "down"), [(0, 0), (3, -2), (40, 25)])
def test_a_move_is_found_near_and_far(right, down):
    """A look around settles what hardly moved; the search finds what moved far."""
    a = planes.outlines(VALUES)
    b = np.roll(a, (down, right), (0, 1))
    place, _ = placed(a, b)
    assert (place.dx, place.dy) == (pytest.approx(right, abs=0.3), pytest.approx(down, abs=0.3))
    assert place.zoom == pytest.approx(1, abs=0.003)
