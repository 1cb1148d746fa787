"""Cutting, turning and extending pictures, by their pixels."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from nb_banana._images.data import ImageData
from nb_banana._images.shaping import crop, extend, name_of, rotate, shape
from nb_banana._strings import speaking
from nb_banana.errors import InvalidImageError, InvalidRequestError

NOISE = np.random.default_rng(7).integers(0, 256, (30, 40, 3), np.uint8)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def picture(array, kind="PNG", **how):
    """The array as a picture file."""
    out = io.BytesIO()
    Image.fromarray(array).save(out, kind, **how)
    return ImageData.from_bytes(out.getvalue(), name=f"cat.{kind.lower()}")


def test_a_png_is_cut_turned_and_extended_pixel_for_pixel():
    """What was stored exactly stays exact: each pixel stands where it should, and what is new is the fill."""
    image = picture(NOISE)
    cut = crop(image, (5, 10, 25, 30))
    assert (cut.mime_type, cut.width, cut.height) == ("image/png", 20, 20)
    assert np.array_equal(np.asarray(cut), NOISE[10:30, 5:25])
    assert np.array_equal(np.asarray(rotate(image, 1)), np.rot90(NOISE, -1))
    assert np.array_equal(np.asarray(rotate(image, -1)), np.rot90(NOISE))
    assert np.array_equal(np.asarray(rotate(image, 6)), np.rot90(NOISE, 2))
    wide = np.array(extend(image, 1, 2, 3, 4))
    assert wide.shape == (36, 44, 3)
    assert np.array_equal(wide[2:32, 1:41], NOISE)
    wide[2:32, 1:41] = 128
    assert (wide == 128).all()
    clear = np.asarray(extend(image, 2, 0, 0, 0, fill="transparent"))
    assert np.array_equal(clear[:, 2:, :3], NOISE)
    assert (clear[:, :2, 3] == 0).all()
    assert (clear[:, 2:, 3] == 255).all()


def test_turn_and_frame_at_once_are_the_two_after_each_other():
    """A box is one of the turned picture, and may cut on one side and reach beyond on another."""
    both = np.asarray(shape(picture(NOISE), turns=1, box=(-5, 10, 20, 50), fill="white"))
    turned = np.rot90(NOISE, -1)
    assert both.shape == (40, 25, 3)
    assert np.array_equal(both[:30, 5:], turned[10:40, :20])
    assert (both[:, :5] == 255).all()
    assert (both[30:] == 255).all()


def test_a_jpeg_stays_a_jpeg_near_its_pixels_upright_and_with_its_profile():
    """A phone's photo lying down is cut as it is seen; the EXIF that turned it doesn't come along, the colours do."""
    smooth = np.asarray(Image.fromarray(NOISE).resize((160, 120), Image.Resampling.BICUBIC))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret"
    image = picture(smooth, "JPEG", quality=95, exif=exif, icc_profile=SRGB)
    assert image.shown_size == (120, 160)
    cut = crop(image, (0, 0, 100, 50))
    assert (cut.mime_type, cut.shown_size) == ("image/jpeg", (100, 50))
    assert b"secret" not in cut.data
    assert cut.to_pil().info["icc_profile"] == SRGB
    seen = np.asarray(image).astype(int)[:50, :100]
    assert np.abs(np.asarray(cut).astype(int) - seen).mean() < 3
    clear = extend(image, 1, 1, 1, 1, fill="transparent")
    assert (clear.mime_type, clear.to_pil().info["icc_profile"]) == ("image/png", SRGB)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1"])
def test_every_kind_of_pixels_can_be_extended(mode):
    """Grey, indexed, transparent and black-and-white pictures keep what they show."""
    out = io.BytesIO()
    Image.fromarray(NOISE).convert(mode).save(out, "PNG")
    image = ImageData.from_bytes(out.getvalue())
    inner = extend(image, 3, 3, 3, 3).to_pil().convert("RGBA").crop((3, 3, 43, 33))
    assert np.array_equal(np.asarray(inner), np.asarray(image.to_pil().convert("RGBA")))


def test_what_changes_nothing_gives_the_picture_itself():
    """No re-encoding where the frame is the whole picture."""
    image = picture(NOISE, "JPEG")
    assert shape(image) is crop(image, (0, 0, 40, 30)) is rotate(image, 4) is extend(image, 0, 0, 0, 0) is image


@pytest.mark.parametrize(("act", "says"), [
    (lambda it: crop(it, (0, 0, 41, 30)), "(0, 0, 41, 30) reaches beyond the picture of 40×30"),
    (lambda it: crop(it, (5, 5, 5, 9)), "(5, 5, 5, 9)"),
    (lambda it: crop(it, (0.5, 0, 9, 9)), "(0.5, 0, 9, 9)"),
    (lambda it: crop(it, "all"), "'all'"),
    (lambda it: crop(it, (1, 2)), "(1, 2)"),
    (lambda it: rotate(it, 0.5), "0.5"),
    (lambda it: extend(it, -1, 0, 0, 0), "(-1, 0, 0, 0)"),
    (lambda it: extend(it, 1, 0, 0, 0, fill="pink"), "'pink' is no fill"),
    (lambda it: extend(it, 100_000, 100_000, 0, 0), "too large"),
    (lambda it: shape(it, box=(50, 0, 60, 10)), "(50, 0, 60, 10)"),
])  # fmt: skip
def test_a_bad_wish_names_what_was_given(act, says):
    """Nothing is cut or made by guess, and no picture larger than can be handled; both languages say why."""
    with pytest.raises(InvalidRequestError) as caught:
        act(picture(NOISE))
    assert says in str(caught.value)
    with speaking("zh"), pytest.raises(InvalidRequestError, match=r"[\u4e00-\u9fff]"):
        act(picture(NOISE))


def test_a_torn_picture_says_its_name():
    """Pixels that can't be decoded are an error about this picture."""
    torn = picture(NOISE).data[:600]
    with pytest.raises(InvalidImageError, match=r"torn\.png"):
        rotate(ImageData.from_bytes(torn, name="torn.png"), 1)


def test_what_a_shaped_picture_is_called():
    """A name says what was done; dots inside a name are no suffix."""
    size = (40, 30)
    assert name_of("cat.jpg", size, None) == "cat-turned"
    assert name_of("cat.jpg", size, (0, 0, 40, 20)) == "cat-cropped"
    assert name_of("v1.2 cat", size, (0, 0, 41, 30)) == "v1.2 cat-extended"
