"""Where one picture lies on another: the shift and the zoom at which their outlines correlate best.

Pictures that lie as they lay, which is most of them, are settled by a look around. Others are searched from
coarse to fine: at an eighth and a quarter of the measuring size by their phases, then by ever smaller steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from scipy.fft import irfft2, rfft2
from skimage.registration import phase_cross_correlation

from .planes import Mask, Plane, shrunk

SAME: Final = 0.995
"""Correlation of outlines above which nothing can have moved."""
CLEAR: Final = 0.8
"""Correlation of outlines from which on no better place need be looked for."""
_SURE: Final = 0.5
_POWERS: Final = tuple(sorted(range(-24, 25), key=abs))
_FACTOR: Final = 1.03
_NEAR: Final = (-0.02, -0.01, 0.01, 0.02)
_HARDLY: Final = 0.03
"""A zoom below this may be a shift, seen through an edit."""
_LEAST_OVERLAP: Final = 0.25
_LEAST_SEEN: Final = 0.6
"""The share of what counts that a shift must leave in sight, where only a part of the picture counts."""
_NOTHING: Final = 0.002
"""A gain of likeness that shows no move."""
_ROWS: Final = 256
"""Rows that are enough to tell a place from the next one."""
_HOPELESS: Final = 0.1
"""Correlation at half the size below which a closer look finds nothing in common either."""


class Place(NamedTuple):
    """Where the after plane lies: the likeness there, shift in pixels of the plane, zoom."""

    likeness: float
    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0


def moved(plane: Plane, dx: float, dy: float, zoom: float, every: int = 1) -> Plane:
    """The after plane laid back on the before plane, each so many rows of it; beyond its border is NaN."""
    if dx == 0 and dy == 0 and zoom == 1:
        return plane[::every]
    return _stretched(_stretched(plane, 0, dy, zoom, every), 1, dx, zoom)


def _stretched(plane: Plane, axis: int, shift: float, zoom: float, every: int = 1) -> Plane:
    """One axis of it: rows, or columns, between their neighbours; only each so many of them."""
    count = plane.shape[axis]
    middle = (count - 1) / 2
    # A point of the before frame lies at middle + zoom * (point - middle) + shift in the after frame.
    points = middle + zoom * (np.arange(0, count, every) - middle) + shift
    first = np.floor(points)
    part = (points - first).astype(np.float32)
    part[(points < 0) | (points > count - 1)] = np.nan
    index = np.clip(first, 0, count - 1).astype(np.intp)
    part = part.reshape([-1 if one == axis else 1 for one in range(plane.ndim)])
    near: Plane = plane.take(index, axis)
    if not part.any():
        return near
    far: Plane = plane.take(np.minimum(index + 1, count - 1), axis)
    far -= near
    far *= part
    far += near
    return far


def placed(a: Plane, b: Plane, *, among: bool = False) -> tuple[Place, float]:
    """The best place there is for ``b``, and the likeness where it lies now.

    Args:
        a, b: outlines; NaN where a pixel doesn't count or isn't there.
        among: only a part of ``a`` counts.
    """
    here = _at(a, b, 0.0, 0.0, 1.0)
    if here.likeness >= SAME:
        return here, here.likeness
    best = max(here, _nearby(a, b, here)) if here.likeness >= CLEAR else here
    if best.likeness < CLEAR:
        best = max(best, _searched(a, b))
    if among and best.likeness < CLEAR:
        best = max(best, _searched(a, b, among=True))
    return best, here.likeness


def _nearby(a: Plane, b: Plane, here: Place) -> Place:
    """A look around at half the size; where that finds nothing better, nothing has moved."""
    half = shrunk(a, 2), shrunk(b, 2)
    start = _at(*half, 0.0, 0.0, 1.0)
    found = _refined(*half, start, (0.4,))
    if found.likeness - start.likeness < _NOTHING:
        return here
    return _refined(a, b, _at(a, b, found.dx * 2, found.dy * 2, found.zoom), (0.5, 0.2))


def _searched(a: Plane, b: Plane, *, among: bool = False) -> Place:
    small, half = ((shrunk(a, times), shrunk(b, times)) for times in (4, 2))
    best = Place(0.0)
    for power, found in _zooms(*small, among=among):
        best = max(best, found)
        nearest = abs(round(math.log(best.zoom, _FACTOR)))
        if best.likeness > _SURE and power > nearest + 2:
            break  # past it, and the farther ones are worse
    shift = _phases(*half, among=among)
    start = best.zoom
    best = shift(start)
    if best.likeness < CLEAR:  # the zoom was not quite that
        best = max(best, *(shift(start * (1 + step)) for step in _NEAR))
    best = _refined(*half, best, (1.0, 0.5))
    if best.likeness < _HOPELESS:
        return best
    best = _refined(a, b, _at(a, b, best.dx * 2, best.dy * 2, best.zoom), (0.5, 0.2))
    doubtful = best.likeness < CLEAR or not np.isfinite(a).all()
    if doubtful and abs(best.zoom - 1) < _HARDLY:  # a mere shift is what happens most
        best = max(best, _refined(a, b, _phases(a, b, among=among)(1.0), (0.5, 0.2)))
    return best


def _zooms(a: Plane, b: Plane, *, among: bool) -> Iterator[tuple[int, Place]]:
    shift = _phases(a, b, among=among)
    for power in _POWERS:
        yield abs(power), shift(_FACTOR**power)


class _phases:
    """Finds the shift, at a given zoom, where the phases of two planes agree best.

    ``among``: only what counts has a say, on either side; what was made anew may drown the rest otherwise.
    """

    def __init__(self, a: Plane, b: Plane, *, among: bool) -> None:
        self._a, self._b, self._among, self._counts = a, b, among, np.isfinite(a)
        self._still = np.nan_to_num(a - np.nanmean(a))
        self._window = np.outer(np.hanning(a.shape[0]), np.hanning(a.shape[1])).astype(np.float32)
        self._waves = rfft2(self._still * self._window)

    def __call__(self, zoom: float) -> Place:
        other = moved(self._b, 0.0, 0.0, zoom)
        there, other = np.isfinite(other), np.nan_to_num(other)
        if self._among:
            (down, right), _, _ = phase_cross_correlation(
                self._still, other, reference_mask=self._counts, moving_mask=there, overlap_ratio=_LEAST_SEEN
            )
        else:
            right, down = self._peak(other)
        # It says how to move `after` back; in the after frame the shift is as much larger as the picture is.
        return _at(self._a, self._b, -float(right) * zoom, -float(down) * zoom, zoom)

    def _peak(self, other: Plane) -> tuple[float, float]:
        waves = self._waves * rfft2((other - other.mean()) * self._window).conj()
        height, width = other.shape
        agree = irfft2(waves / np.maximum(np.abs(waves), 1e-12), s=other.shape)
        row, column = divmod(int(agree.argmax()), width)
        right = column + _vertex(*(float(agree[row, (column + step) % width]) for step in (-1, 0, 1)))
        down = row + _vertex(*(float(agree[(row + step) % height, column]) for step in (-1, 0, 1)))
        return right - width * (right > width / 2), down - height * (down > height / 2)


def _vertex(before: float, here: float, after: float) -> float:
    """Where between -1 and 1 the parabola through three values at -1, 0 and 1 is highest."""
    bend = before + after - 2 * here
    if bend >= 0:  # a slope, or a valley: its higher end
        return 1.0 if after > before else -1.0 if before > after else 0.0
    return min(1.0, max(-1.0, (before - after) / (2 * bend)))


def _refined(a: Plane, b: Plane, best: Place, steps: tuple[float, ...]) -> Place:
    """A closer look around the best: phases know the shift only as well as the zoom is known."""
    every = max(1, min(a.shape) // _ROWS)
    if every == 1:
        return _walked(a, b, best, steps, 1)
    found = _walked(a, b, _at(a, b, best.dx, best.dy, best.zoom, every), steps, every)
    return max(best, _at(a, b, found.dx, found.dy, found.zoom))


def _walked(a: Plane, b: Plane, best: Place, steps: tuple[float, ...], every: int) -> Place:
    for step in steps:
        for _ in range(4):
            start, moves = best, []
            for axis, much in ((1, step), (2, step), (3, best.zoom * step * 0.004)):
                around = []
                for way in (-much, much):
                    tried = [*start[1:]]
                    tried[axis - 1] += way
                    around.append(_at(a, b, tried[0], tried[1], tried[2], every))
                moves.append(much * _vertex(around[0].likeness, start.likeness, around[1].likeness))
                best = max(best, *around)
            tried = [value + move for value, move in zip(start[1:], moves, strict=True)]
            best = max(best, _at(a, b, tried[0], tried[1], tried[2], every))
            if best.likeness - start.likeness < _NOTHING:
                break
    return best


def _at(a: Plane, b: Plane, dx: float, dy: float, zoom: float, every: int = 1) -> Place:
    """A place with its likeness: the correlation where the planes overlap; 0 where they hardly do.

    ``every`` looks at each so many rows: as good to tell two places apart, where there are hundreds.
    """
    a, other = a[::every], moved(b, dx, dy, zoom, every)
    both: Mask = np.isfinite(other + a)
    count = int(np.count_nonzero(both))
    if not count or count < _LEAST_OVERLAP * np.count_nonzero(np.isfinite(a)):
        return Place(0.0, dx, dy, zoom)
    one, other = np.where(both, a, np.float32(0)).ravel(), np.where(both, other, np.float32(0)).ravel()
    mean, mean_other = float(one.sum()) / count, float(other.sum()) / count
    spread = (float(one @ one) - count * mean**2) * (float(other @ other) - count * mean_other**2)
    if spread <= 0:
        return Place(0.0, dx, dy, zoom)
    return Place((float(one @ other) - count * mean * mean_other) / math.sqrt(spread), dx, dy, zoom)


__all__ = ["CLEAR", "SAME", "Place", "moved", "placed"]
