"""Pictures as other libraries hold them: arrays either way, rows of data sets, figures."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import nb_banana as nb
from nb_banana._images.sources import as_image


@pytest.fixture
def pixels():
    """Noise, 12 high and 20 wide."""
    return np.random.default_rng(1).integers(0, 256, (12, 20, 3), dtype=np.uint8)


def back(source):
    """The pixels of what was made of a source."""
    return np.asarray(as_image(source))


def encoded(pixels, kind="PNG", **options):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def test_the_array_protocol_works_both_ways(pixels, photo):
    """`np.asarray(result.image)` gives height × width × channels of uint8, and the array is a picture again."""
    image = nb.Client(nb.Endpoint.sandbox()).edit(photo, "Make it night").image
    array = np.asarray(image)
    assert array.dtype == np.uint8 and array.shape[:2] == (image.height, image.width)
    assert np.array_equal(back(array), array) and np.array_equal(back(pixels), pixels)
    assert np.asarray(image, dtype=float).max() > 1 and np.array(image).flags.writeable
    clear = np.dstack([pixels, pixels[:, :, 0]])
    assert np.array_equal(back(clear), clear) and np.array_equal(back(pixels[:, :, 0]), pixels[:, :, 0])


def test_pixels_are_upright(pixels):
    """The array of a photo stored lying down is as it is seen."""
    turned = Image.Exif()
    turned[0x0112] = 6
    assert np.asarray(as_image(encoded(pixels, "JPEG", exif=turned))).shape == (20, 12, 3)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_channels_may_stand_first(pixels, channels):
    """(3, H, W), as torch holds pictures, is the same as (H, W, 3); floats too, and 3 × H × 3 stays rows first."""
    last = np.dstack([pixels, pixels[:, :, 0]])[:, :, :channels]
    first = np.moveaxis(last, 2, 0)
    expected = last[:, :, 0] if channels == 1 else last
    assert np.array_equal(back(first), expected)
    assert np.array_equal(back((first / 255.0).astype(np.float32)), expected)
    assert as_image(np.zeros((3, 9, 3), np.uint8)).height == 3


def test_objects_that_give_arrays_are_taken(pixels):
    """What has `__array__` alone, as tensors have, is a picture; a column of names is not."""

    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.moveaxis(pixels, 2, 0)

    assert np.array_equal(back(Tensor()), pixels)
    for odd in (type("Odd", (), {"__array__": lambda self: np.array(["a", "b"])})(), np.zeros((2, 9, 9)), np.zeros(3)):
        with pytest.raises(nb.NanoBananaError):
            as_image(odd)


def test_rows_of_data_sets_are_taken(pixels, clean_place):
    """`{"bytes": …, "path": …}`: the bytes, else the file; a row with neither is refused."""
    data = encoded(pixels)
    (clean_place / "a.png").write_bytes(data)
    assert as_image({"bytes": data, "path": "x/b.png"}).name == "b.png"
    assert np.array_equal(back({"bytes": data, "path": None}), pixels)
    assert np.array_equal(back({"bytes": None, "path": "a.png"}), pixels)
    with pytest.raises(nb.NanoBananaError):
        as_image({"bytes": None, "path": None})


def test_a_figure_is_taken():
    """A matplotlib figure is the picture it would be saved as, at its own size."""
    figure = Figure(figsize=(2, 1), dpi=100)
    figure.subplots().plot([1, 2])
    image = as_image(figure)
    assert (image.width, image.height, image.mime_type) == (200, 100, "image/png")
