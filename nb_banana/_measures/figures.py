"""The measures that need no model: what changed, how far it drifted, and the papers' figures."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, Literal, get_args

import numpy as np
from skimage.metrics import structural_similarity

from .._catalog.sizes import pixels_of
from .._measure import changing
from .._measure.planes import Plane, grey, structure
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from .pairs import FILTERS, Filter, Frame, Measure, Number, Pair, Unmeasured

Where = Literal["all", "outside", "outside_pie"]
Channels = Literal["rgb", "gray"]
Facts = tuple[str, Literal["higher", "lower"], float]
"""Unit, which way is better, and the figure of two equal pictures."""
Window = Literal["uniform7", "gauss11"]


# --- what an edit did -----------------------------------------------------------------------------


def _changed(pair: Pair) -> dict[str, Number]:
    found = pair.changes.change
    return {"changed_outside": found.outside, "changed_inside": found.inside, "changed_seen": found.seen}


def _drift(pair: Pair) -> dict[str, Number]:
    found = pair.changes.drift
    return {"drift_structure_512": found.structure, "drift_hash_bits": found.hash_bits}


def _alignment(pair: Pair) -> dict[str, Number]:
    found = pair.changes.alignment
    if not found.found:
        raise Unmeasured(say("measure.nothing_common"))
    return {
        "shift_right_px": found.dx,
        "shift_down_px": found.dy,
        "zoom": found.zoom,
        "alignment_likeness": found.likeness,
    }


def _color(pair: Pair) -> float:
    return changing.colour_distance(pair.small)


def _asked(pair: Pair) -> dict[str, Number]:
    result = pair.result
    if result is None:
        raise Unmeasured(say("measures.no_request"))
    request, (width, height) = result.request, result.image.shown_size
    across, _, down = (request.aspect_ratio or "").partition(":")
    wanted = int(across) / int(down) if across.isdigit() and down.isdigit() and int(down) else None
    return {
        "asked_ratio": request.aspect_ratio,
        "ratio_off": None if wanted is None else width / height / wanted - 1,
        "asked_size": request.image_size,
        "got_width": width,
        "got_height": height,
        "pixels_as_asked": _pixels_as_asked(pair),
        "asked_model": request.model,
        "got_model": result.model,
    }


def _pixels_as_asked(pair: Pair) -> bool | None:
    """None where no size was asked, or nobody knows what pixels it stands for."""
    assert pair.result is not None
    request, size = pair.result.request, pair.result.image.shown_size
    if typed := pixels_of(request.image_size):
        return typed == size
    try:
        plan = pair.result.plan() if callable(pair.result.plan) else pair.result.plan
    except NanoBananaError:
        return None
    if request.image_size is None or plan is None or plan.info is None:
        return None
    expected = plan.info.pixels(request.aspect_ratio or plan.info.nearest_ratio(*size), request.image_size)
    return bool(expected == size)


changed: Final = Measure("changed", "about_changed", _changed, version=3, unit="share")
drift: Final = Measure("drift", "about_drift", _drift, version=3, better="lower")
alignment: Final = Measure("alignment", "about_alignment", _alignment, version=3)
shift: Final = alignment
color: Final = Measure(
    "color_de2000_mean_512", "about_color", _color, version=2, unit="ΔE2000", better="lower"
)
asked: Final = Measure("asked", "about_asked", _asked, kept=False)


# --- the papers' figures --------------------------------------------------------------------------


def psnr(
    fit: Filter = "lanczos", to: Frame = "input", where: Where = "all", channels: Channels = "rgb"
) -> Measure:
    """Peak signal-to-noise ratio in dB of 8 bits; infinite for equal pictures.

    Args:
        fit: the filter that resizes.
        to: whose frame it is: the result is resized to the ``"input"``, or the input to the ``"output"``.
        where: over all pixels; over those ``"outside"`` of the mask; or ``"outside_pie"``, as PIE-Bench has
            it: what is inside is made black in both, and the mean is taken over all pixels.
        channels: ``"rgb"`` together, or ``"gray"``.
    """

    def level(error: Plane) -> float:
        mean = _mean_square(error)
        return 10 * math.log10(1 / mean) if mean else math.inf

    return _fidelity("psnr", level, fit, to, where, channels, ("dB", "higher", math.inf))


def l1(
    fit: Filter = "lanczos", to: Frame = "input", where: Where = "all", channels: Channels = "rgb"
) -> Measure:
    """Mean absolute difference of the values, 0…1. The arguments are those of :func:`psnr`."""
    return _fidelity("l1", _mean_size, fit, to, where, channels, ("0…1", "lower", 0.0))


def mse(
    fit: Filter = "lanczos", to: Frame = "input", where: Where = "all", channels: Channels = "rgb"
) -> Measure:
    """Mean squared difference of the values, 0…1. The arguments are those of :func:`psnr`."""
    return _fidelity("mse", _mean_square, fit, to, where, channels, ("0…1", "lower", 0.0))


def _mean_square(error: Plane) -> float:
    rows = error.reshape(len(error), -1)  # each summed in single precision, all of them in double
    return float(np.einsum("ij,ij->i", rows, rows).sum(dtype=np.float64)) / error.size


def _mean_size(error: Plane) -> float:
    return float(np.abs(error.reshape(len(error), -1)).sum(axis=1).sum(dtype=np.float64)) / error.size


def _fidelity(
    kind: str, level: Callable[[Plane], float], fit: Filter, to: Frame, where: Where, channels: Channels,
    facts: Facts,
) -> Measure:  # fmt: skip
    name = "_".join((kind, channels, known("fit", fit, FILTERS), "to", known("to", to, get_args(Frame))))
    known("channels", channels, get_args(Channels))
    if known("where", where, get_args(Where)) != "all":
        name += f"_{where}"

    def of(pair: Pair, planes: tuple[Plane, Plane]) -> float:
        one, other = (_values(plane, channels) for plane in planes)
        error = one - other
        if where != "all":
            outside = pair.outside(error.shape[:2])
            error = error[outside] if where == "outside" else np.where(_across(outside, error), error, 0)
        return level(error)

    return _with_ceiling(name, of, fit, to, facts)


def ssim(
    fit: Filter = "lanczos", to: Frame = "input", where: Where = "all", window: Window = "uniform7"
) -> Measure:
    """Structural similarity.

    Args:
        fit, to, where: as for :func:`psnr`.
        window: ``"uniform7"``, scikit-image's default, on gray; or ``"gauss11"``, the first paper's and most
            benchmarks', on RGB: Gaussian weights of 1.5 px, population covariance.
    """
    channels: Channels = "gray" if known("window", window, get_args(Window)) == "uniform7" else "rgb"
    name = "_".join(
        ("ssim", channels, window, known("fit", fit, FILTERS), "to", known("to", to, get_args(Frame)))
    )
    if known("where", where, get_args(Where)) != "all":
        name += f"_{where}"

    def of(pair: Pair, planes: tuple[Plane, Plane]) -> float:
        if min(planes[0].shape[:2]) < 11:
            raise Unmeasured(say("measures.too_small"))
        one, other = (_values(plane, channels) for plane in planes)
        outside = None if where == "all" else pair.outside(one.shape[:2])
        if where == "outside_pie":
            one, other = (np.where(_across(outside, plane), plane, 0) for plane in (one, other))
        if window == "uniform7":
            local, border = structure(one, other), 3
        else:
            more = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
            _, local = structural_similarity(one, other, data_range=1.0, channel_axis=2, full=True, **more)
            border = 5
        if where == "outside":
            return float(local[outside].mean(dtype=np.float64))
        return float(local[border:-border, border:-border].mean(dtype=np.float64))

    return _with_ceiling(name, of, fit, to, ("-1…1", "higher", 1.0))


def outside() -> tuple[Measure, ...]:
    """What is measured where nothing was to change."""
    return changed, psnr(where="outside"), ssim(where="outside"), l1(where="outside")


def _with_ceiling(
    name: str, of: Callable[[Pair, tuple[Plane, Plane]], float], fit: Filter, to: Frame,
    facts: Facts,
) -> Measure:  # fmt: skip
    """With the figure of an untouched picture beside it: there to the size that came, and back."""

    def work(pair: Pair) -> dict[str, Number]:
        found: dict[str, Number] = {name: of(pair, pair.fitted(fit, to))}
        untouched = pair.untouched(fit, to)
        found[f"{name}_ceiling"] = facts[2] if untouched is None else of(pair, untouched)
        return found

    return Measure(name, "about_fidelity", work, version=2, unit=facts[0], better=facts[1])


def _values(plane: Plane, channels: Channels) -> Plane:
    values: Plane = plane * np.float32(1 / 255)
    return values if channels == "rgb" else grey(values)


def _across(outside: Any, like: Plane) -> Any:
    return outside if like.ndim == 2 else outside[..., None]


def known(argument: str, value: Any, among: Any) -> str:
    """A value that is among those on offer.

    Raises:
        InvalidRequestError: it is not.
    """
    if value not in among:
        names = ", ".join(map(repr, among))
        raise InvalidRequestError(
            say("measures.bad_argument", name=argument, value=repr(value)[:60], among=names)
        )
    return str(value)


__all__ = ["alignment", "asked", "changed", "color", "drift", "known", "l1", "mse", "psnr", "shift", "ssim"]
