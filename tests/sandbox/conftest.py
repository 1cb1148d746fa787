"""Pictures the sandbox's tests measure on, and how they measure."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

Array = np.ndarray


def pixels(image: Image.Image) -> Array:
    """RGB values as floats."""
    return np.asarray(image.convert("RGB"), dtype=np.float32)


def gray(image: Image.Image) -> Array:
    """Luminance as floats."""
    return np.asarray(image.convert("L"), dtype=np.float32)


def detail(image: Image.Image, where: Array | None = None) -> float:
    """Mean strength of fine detail (the Laplacian), everywhere or inside a mask."""
    g = gray(image)
    laplacian = np.abs(4 * g[1:-1, 1:-1] - g[:-2, 1:-1] - g[2:, 1:-1] - g[1:-1, :-2] - g[1:-1, 2:])
    return float((laplacian if where is None else laplacian[where[1:-1, 1:-1]]).mean())


def change(a: Image.Image, b: Image.Image) -> Array:
    """How much each pixel differs, 0..255."""
    return np.abs(pixels(a) - pixels(b)).max(axis=2)


def colours(image: Image.Image) -> int:
    """How many different colours a picture has."""
    return len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0))


def colourfulness(image: Image.Image) -> float:
    """How much colour a picture has (Hasler and Süsstrunk)."""
    red, green, blue = np.moveaxis(pixels(image), 2, 0)
    a, b = red - green, (red + green) / 2 - blue
    return float(np.hypot(a.std(), b.std()) + 0.3 * np.hypot(a.mean(), b.mean()))


@pytest.fixture(scope="session")
def textured() -> Image.Image:
    """An orange, finely textured ellipse before a blue-green, finely textured background."""
    size = (900, 600)
    rng = random.Random(7)
    noise = Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).filter(ImageFilter.GaussianBlur(1))
    back = Image.merge(
        "RGB", [noise.point([round(low + v / 255 * 90) for v in range(256)]) for low in (40, 110, 130)]
    )
    fore = Image.merge(
        "RGB", [noise.point([round(low + v / 255 * 90) for v in range(256)]) for low in (160, 90, 20)]
    )
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse((0.31 * 900, 0.26 * 600, 0.69 * 900, 0.84 * 600), fill=255)
    return Image.composite(fore, back, mask)


@pytest.fixture(scope="session")
def photographs() -> dict[str, Image.Image]:
    """Four photographs with a known licence, from scikit-image."""
    from skimage import data

    names = ("chelsea", "astronaut", "coffee", "rocket")
    return {name: Image.fromarray(getattr(data, name)()) for name in names}


@pytest.fixture(scope="session")
def edit(textured: Image.Image) -> Callable[..., Image.Image]:
    """Edits the textured picture at its own size."""
    from nb_banana._sandbox.paint import paint_all

    def run(prompt: str, *, take: int = 1, size: tuple[int, int] = (900, 600)) -> Image.Image:
        return paint_all(prompt, [textured], size, take=take).image

    return run
