"""Each measure is what its column's name says it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageDraw
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity

import nb_banana as nb
from nb_banana.errors import InvalidRequestError

COFFEE = Image.fromarray(skimage.data.coffee())
LARGE = (1264, 848)


@pytest.fixture(scope="module")
def edited():
    copy = COFFEE.copy()
    ImageDraw.Draw(copy).text((60, 60), "OPEN 24H", fill="white", font_size=90)
    return copy


@pytest.mark.parametrize("fit", ["lanczos", "bicubic", "nearest"])
def test_fidelity_equals_scikit_image_under_the_named_convention(edited, fit):
    """PSNR, MSE, L1 and both SSIMs of a result of another size are scikit-image's of the resized picture."""
    large = edited.resize(LARGE, Image.Resampling.BICUBIC)
    one, other = np.asarray(COFFEE), np.asarray(large.resize(COFFEE.size, Image.Resampling[fit.upper()]))
    m = nb.measures
    name = f"rgb_{fit}_to_input"
    assert m.psnr(fit)(COFFEE, large)[f"psnr_{name}"] == pytest.approx(peak_signal_noise_ratio(one, other), abs=1e-3)
    assert m.mse(fit)(COFFEE, large)[f"mse_{name}"] == pytest.approx(mean_squared_error(one / 255, other / 255), rel=1e-4)
    assert m.l1(fit)(COFFEE, large)[f"l1_{name}"] == pytest.approx(np.abs(one / 255 - other / 255).mean(), rel=1e-4)
    grey = [np.asarray(plane) @ (0.2125, 0.7154, 0.0721) / 255 for plane in (one, other)]
    found = m.ssim(fit)(COFFEE, large)[f"ssim_gray_uniform7_{fit}_to_input"]
    assert found == pytest.approx(structural_similarity(*grey, data_range=1.0), abs=1e-4)


def test_the_other_window_is_the_first_papers(edited):
    """SSIM with Gaussian weights on RGB is scikit-image's with the settings its documentation names."""
    expected = structural_similarity(
        np.asarray(COFFEE), np.asarray(edited), channel_axis=2, gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False, data_range=255,
    )  # fmt: skip
    found = nb.measures.ssim(window="gauss11")(COFFEE, edited)
    assert found["ssim_rgb_gauss11_lanczos_to_input"] == pytest.approx(expected, abs=1e-4)


def test_an_untouched_picture_has_a_ceiling():
    """Resized there and back, a picture loses what the ceiling says; of the same size it loses nothing."""
    back = COFFEE.resize(LARGE, Image.Resampling.LANCZOS).resize(COFFEE.size, Image.Resampling.LANCZOS)
    expected = peak_signal_noise_ratio(np.asarray(COFFEE), np.asarray(back))
    found = nb.measures.psnr()(COFFEE, COFFEE.resize(LARGE, Image.Resampling.LANCZOS))
    assert found["psnr_rgb_lanczos_to_input_ceiling"] == pytest.approx(expected, abs=1e-3)
    assert found["psnr_rgb_lanczos_to_input"] == pytest.approx(expected, abs=1e-3)
    assert 38 < expected < 43, "RESEARCH: about 40 dB, and not infinite"
    same = nb.measures.psnr()(COFFEE, COFFEE)
    assert same["psnr_rgb_lanczos_to_input"] == same["psnr_rgb_lanczos_to_input_ceiling"] == math.inf


def test_the_mask_conventions_differ_and_say_so(edited):
    """Outside only counts the background's pixels; PIE-Bench's way averages over all and so reads higher."""
    region = (0.05, 0.1, 0.8, 0.4)
    noisy = Image.fromarray(np.clip(np.asarray(edited).astype(int) + 8, 0, 255).astype(np.uint8))
    outside = nb.measures.psnr(where="outside")(COFFEE, noisy, region)["psnr_rgb_lanczos_to_input_outside"]
    pie = nb.measures.psnr(where="outside_pie")(COFFEE, noisy, region)["psnr_rgb_lanczos_to_input_outside_pie"]
    keep = np.ones((400, 600), bool)
    keep[40:200, 30:510] = False
    error = (np.asarray(COFFEE) / 255 - np.asarray(noisy) / 255)[keep]
    assert outside == pytest.approx(10 * math.log10(1 / np.mean(error**2)), abs=0.01)
    assert pie - outside == pytest.approx(10 * math.log10(1 / keep.mean()), abs=0.01)
    with pytest.raises(InvalidRequestError, match="no mask"):
        nb.measures.psnr(where="outside")(COFFEE, noisy)


def test_what_changed_is_what_a_result_says(edited):
    """Changed, drift and alignment are the figures of ``result.changes()``; colour is 0 for the same picture."""
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        result = session.edit(COFFEE.resize((300, 200)), "Make it night", aspect_ratio="3:2", image_size="1K")
        told = result.changes()
        assert nb.measures.changed(result)["changed_outside"] == told.change.outside
        assert nb.measures.drift(result)["drift_structure_512"] == told.drift.structure
        got = nb.measures.asked(result)
        assert (got["asked_ratio"], got["asked_size"], got["pixels_as_asked"]) == ("3:2", "1K", True)
        assert abs(got["ratio_off"]) < 0.03 and got["got_model"] == result.model
    assert nb.measures.color(COFFEE, COFFEE) == 0
    assert nb.measures.color(COFFEE, edited) > 0.5


@pytest.mark.parametrize("call", [
    lambda: nb.measures.psnr("area"), lambda: nb.measures.ssim(window="8"), lambda: nb.measures.l1(where="inside"),
    lambda: nb.measures.mse(to="both"), lambda: nb.measures.score([], ["nope"]), lambda: nb.measures.score([3]),
    lambda: nb.measures.score([], workers=0), lambda: nb.measures.text(""), lambda: nb.measures.score([], ["psnr", "psnr"]),
])  # fmt: skip
def test_a_bad_argument_is_named(call):
    """What is no filter, window, measure or pair is refused with its value."""
    with pytest.raises(InvalidRequestError):
        call()


def test_published_values_of_a_known_pair():
    """scikit-image's camera with noise of σ 20, seed 5: what IPOL's own program `imdiff` gave for it (ipol.im g_lmii, calculated by G. Lee, 2020-09)."""
    camera = skimage.data.camera()
    noise = 20.0 * np.random.RandomState(5).randn(*camera.shape)
    noisy = np.clip(camera + noise, 0, 255).astype(np.uint8)
    one, other = Image.fromarray(camera), Image.fromarray(noisy)
    assert nb.measures.psnr(channels="gray")(one, other)["psnr_gray_lanczos_to_input"] == pytest.approx(22.409353363576034, abs=1e-4)
    found = nb.measures.ssim(window="gauss11")(one, other)["ssim_rgb_gauss11_lanczos_to_input"]
    assert found == pytest.approx(0.357959091663361, abs=1e-4)
