"""The arithmetic of a measurement, in single precision: what scikit-image computes, several times faster.

Every function here has its counterpart in scikit-image and is tested against it. Pixels are planes of
float32; NaN is where a picture has none.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.color import deltaE_ciede2000

Plane: TypeAlias = NDArray[Any]
Mask: TypeAlias = NDArray[np.bool_]

_STEPS: Final = 4095
_WHITE: Final = np.array((0.95047, 1.0, 1.08883))
_TO_XYZ: Final = np.array(
    ((0.412453, 0.357580, 0.180423), (0.212671, 0.715160, 0.072169), (0.019334, 0.119193, 0.950227))
)
_MATRIX: Final = (_TO_XYZ / _WHITE[:, None]).T.astype(np.float32)
_OF_ROOTS: Final = np.array(((0, 500, 0), (116, -500, 200), (0, 0, -200)), dtype=np.float32)
"""CIELAB but for its 16, from the cube roots of X, Y and Z."""
_GREY: Final = np.array((0.2125, 0.7154, 0.0721), dtype=np.float32)
_STRETCH: Final = 4.5**0.5
"""CIEDE2000 is at most this many times the plain distance in CIELAB: a* grows by half at most, and the turn
of chroma against hue at most doubles the square."""
_SL: Final = 1.7472
"""The most by which CIEDE2000 divides a difference of lightness."""


@cache
def _tables() -> tuple[Plane, Plane]:
    """What makes sRGB linear, and the cube root of CIELAB, at steps of their arguments from 0 to 1."""
    steps = np.linspace(0.0, 1.0, _STEPS + 1)
    linear = np.where(steps > 0.04045, ((steps + 0.055) / 1.055) ** 2.4, steps / 12.92)
    fine = np.linspace(0.0, 1.0, 65536)
    root = np.where(fine > 0.008856, np.cbrt(fine), 7.787 * fine + 16 / 116)
    return linear.astype(np.float32), root.astype(np.float32)


def lab(rgb: Plane) -> Plane:
    """CIELAB (D65) of sRGB planes 0…1, to about 0.1 of ``skimage.color.rgb2lab``."""
    found: Plane = _roots(rgb.reshape(-1, 3)) @ _OF_ROOTS
    found[:, 0] -= np.float32(16)
    return found.reshape(rgb.shape)


def mean_lab(rgb: Plane, among: Mask | None) -> Plane:
    """The mean of :func:`lab` over some pixels, or over all: a mean of roots is all it takes."""
    mean: Plane = _roots(rgb.reshape(-1, 3) if among is None else rgb[among]).mean(axis=0, dtype=np.float64)
    found: Plane = mean @ _OF_ROOTS.astype(np.float64) - np.array((16.0, 0.0, 0.0))
    return found


def _roots(rgb: Plane) -> Plane:
    """The cube roots of X, Y and Z, as CIELAB takes them."""
    linear, root = _tables()
    steps = rgb * np.float32(_STEPS)
    steps += np.float32(0.5)
    xyz = linear.take(steps.astype(np.uint16)) @ _MATRIX
    np.minimum(xyz, np.float32(1.0), out=xyz)
    xyz *= np.float32(65535)
    xyz += np.float32(0.5)
    found: Plane = root.take(xyz.astype(np.uint16))
    return found


def grey(rgb: Plane) -> Plane:
    """Luminance as ``skimage.color.rgb2gray`` weighs it."""
    return rgb @ _GREY


def blurred(plane: Plane, sigma: float = 1.0) -> Plane:
    """``skimage.filters.gaussian`` over the two axes of a picture, borders repeated."""
    reach = int(4 * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    weights = (weights / (2 * weights.sum() - weights[0])).astype(np.float32)
    for axis in (0, 1):
        count = plane.shape[axis]
        sides = [(reach, reach) if one == axis else (0, 0) for one in range(plane.ndim)]
        padded = np.pad(plane, sides, "edge")
        part = [slice(start, start + count) for start in range(2 * reach + 1)]
        before: tuple[slice, ...] = (slice(None),) * axis
        plane = padded[(*before, part[reach])] * weights[0]
        for far in range(1, reach + 1):
            pair = padded[(*before, part[reach - far])] + padded[(*before, part[reach + far])]
            pair *= weights[far]
            plane += pair
    return plane


def outlines(rgb: Plane) -> Plane:
    """Edges, evened out, so that a change of light or colour leaves them much as they were."""
    soft = np.pad(blurred(grey(rgb)), 1, "symmetric")
    rows = soft[:-2] + 2 * soft[1:-1] + soft[2:]
    columns = soft[:, :-2] + 2 * soft[:, 1:-1] + soft[:, 2:]
    right, down = rows[:, 2:] - rows[:, :-2], columns[2:] - columns[:-2]
    edges = np.sqrt((right * right + down * down) / 2) / 8
    around = _wide(edges)
    even: Plane = np.minimum(edges / (around + np.float32(0.01)), np.float32(6.0))
    return even


def _wide(plane: Plane) -> Plane:
    """A blur of 16 pixels, taken on a copy of a quarter of the size: nobody sees the difference."""
    height, width = plane.shape
    small = blurred(shrunk(np.pad(plane, ((0, -height % 4), (0, -width % 4)), "edge"), 4), 4.0)
    big = Image.fromarray(small).resize((small.shape[1] * 4, small.shape[0] * 4), Image.Resampling.BILINEAR)
    return np.asarray(big)[:height, :width]


def shrunk(plane: Plane, times: int) -> Plane:
    """The mean of each block of ``times`` × ``times`` pixels; a rest at the border is left out."""
    height, width = (length // times for length in plane.shape[:2])
    blocks = plane[: height * times, : width * times].reshape(height, times, width, times)
    small: Plane = blocks.mean(axis=(1, 3), dtype=np.float32)
    return small


def visible(one: Plane, other: Plane, least: float) -> Mask:
    """Where two CIELAB planes differ by more than ``least`` in CIEDE2000.

    Where the plain distance settles it, the long formula is not computed.
    """
    apart = one - other
    square = np.einsum("...i,...i", apart, apart)
    seen: Mask = np.abs(apart[..., 0]) > least * _SL
    unsure = (square > (least / _STRETCH) ** 2) & ~seen
    seen[unsure] = deltaE_ciede2000(one[unsure], other[unsure]) > least
    return seen


def distance(one: Plane, other: Plane) -> float:
    """The mean CIEDE2000 of two lists of CIELAB colours; some at a time, for the processor's cache."""
    total = 0.0
    for start in range(0, len(one), 8192):
        part = slice(start, start + 8192)
        total += float(deltaE_ciede2000(one[part], other[part]).sum(dtype=np.float64))
    return total / len(one) if len(one) else 0.0


def sharpness(levels: NDArray[np.uint8]) -> float:
    """1 minus ``skimage.measure.blur_effect`` of a grey picture of 8 bits, exactly, in whole numbers."""
    picture = levels.astype(np.int16)
    return 1.0 - max(_blur(picture), _blur(np.ascontiguousarray(picture.T)))


def structure(one: Plane, other: Plane) -> Plane:
    """The local SSIM of two grey planes 0…1, as ``structural_similarity`` has it by default."""
    padded = [np.pad(plane, 3, "symmetric") for plane in (one, other)]
    strips = (
        _structure(*(plane[top : top + _ROWS + 6] for plane in padded)) for top in range(0, len(one), _ROWS)
    )
    return np.concatenate(list(strips))


def _structure(one: Plane, other: Plane) -> Plane:
    """A strip of it, small enough for the processor's cache; 3 pixels of each border only stand around it."""
    mean, mean_other = _box(one), _box(other)
    both, square, square_other = mean * mean_other, mean * mean, mean_other * mean_other
    sample = 49 / 48
    together = sample * (_box(one * other) - both)
    spread = sample * (_box(one * one) - square)
    spread_other = sample * (_box(other * other) - square_other)
    little, less = 0.01**2, 0.03**2
    local: Plane = (2 * both + little) * (2 * together + less)
    local /= (square + square_other + little) * (spread + spread_other + less)
    return local


def _box(plane: Plane) -> Plane:
    """The mean of 7 × 7 pixels around each that has as many."""
    pairs = plane[:-1] + plane[1:]
    fours = pairs[:-2] + pairs[2:]
    rows = fours[:-3] + pairs[4:-1] + plane[6:]
    pairs = rows[:, :-1] + rows[:, 1:]
    fours = pairs[:, :-2] + pairs[:, 2:]
    mean: Plane = fours[:, :-3] + pairs[:, 4:-1] + rows[:, 6:]
    mean *= 1 / 49
    return mean


_ROWS: Final = 64
_HALF: Final = 5
"""Half of the 11 pixels over which the effect blurs anew."""


def _blur(picture: NDArray[np.int16]) -> float:
    """How little a blur along the rows takes from what Sobel sees along them."""
    height, width = picture.shape
    before = lost = 0
    padded = np.pad(picture, ((1, 1), (_HALF + 1, _HALF + 1)), "symmetric")

    def at(soft: NDArray[np.int16], shift: int) -> NDArray[np.int16]:
        start = _HALF + 1 + shift
        return soft[:, start + 2 : start + width - 1]

    for top in range(2, height - 1, _ROWS):  # blocks that stay in the processor's cache
        end = min(top + _ROWS, height - 1)
        soft = padded[top:end] + 2 * padded[top + 1 : end + 1] + padded[top + 2 : end + 2]
        sharp = np.abs(at(soft, 1) - at(soft, -1))
        dull = np.abs(at(soft, 6) + at(soft, 5) - at(soft, -5) - at(soft, -6))
        before += int(sharp.sum(dtype=np.int64)) * (2 * _HALF + 1)
        lost += int(np.maximum(sharp * np.int16(2 * _HALF + 1) - dull, 0).sum(dtype=np.int64))
    return (before - lost) / before if before else 0.0


__all__ = [
    "Mask", "Plane", "blurred", "distance", "grey", "lab", "mean_lab", "outlines", "sharpness", "shrunk",
    "structure", "visible",
]  # fmt: skip
