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


def detail(image: Image.Image, where: Array) -> float:
    """Mean strength of fine detail (the Laplacian) inside a mask."""
    g = gray(image)
    laplacian = np.abs(4 * g[1:-1, 1:-1] - g[:-2, 1:-1] - g[2:, 1:-1] - g[1:-1, :-2] - g[1:-1, 2:])
    return float(laplacian[where[1:-1, 1:-1]].mean())


def change(a: Image.Image, b: Image.Image) -> Array:
    """How much each pixel differs, 0..255."""
    return np.abs(pixels(a) - pixels(b)).max(axis=2)


def colours(image: Image.Image) -> int:
    """How many different colours a picture has."""
    return len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0))


def inside(size: tuple[int, int], grow: float = 1.0) -> Array:
    """Where the textured picture's subject is; `grow` below 1 is its core, above 1 its surroundings too."""
    w, h = size
    y, x = np.mgrid[0:h, 0:w]
    return ((x / w - 0.5) / 0.19) ** 2 + ((y / h - 0.55) / 0.29) ** 2 < grow**2


@pytest.fixture(scope="session")
def textured() -> Image.Image:
    """An orange, finely textured subject before a blue-green, finely textured background."""
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
    from nb_banana._sandbox.paint import paint

    def run(prompt: str, *, take: int = 1, size: tuple[int, int] = (900, 600)) -> Image.Image:
        return paint(prompt, [textured], size, take=take)

    return run
