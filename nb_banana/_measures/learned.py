"""Measures of networks: through their own packages, with weights that a person has. Nothing is downloaded."""

from __future__ import annotations

import hashlib
import importlib
import os
import threading
from pathlib import Path
from typing import Any, Final, Literal, get_args

from .._strings import say
from ..errors import InvalidRequestError
from .figures import known
from .pairs import Measure, Pair

Net = Literal["alex", "vgg", "squeeze"]
_READ: Final = b"as seen"
"""How a pair's pixels are read: another way is another version, with the same weights."""
_lock: Final = threading.Lock()


def lpips(weights: str | os.PathLike[str] | None = None, net: Net = "alex") -> Measure:
    """LPIPS by the package of that name; the heads are in it, the backbone is not.

    Args:
        weights: torchvision's file of the backbone, such as ``alexnet-owt-7be5be79.pth``.
        net: the backbone; papers differ, so it is in the column's name.

    Raises:
        InvalidRequestError: the package or the weights are not there.
    """
    known("net", net, get_args(Net))
    torch, package = (_package(name) for name in ("torch", "lpips"))
    if weights is None:
        raise InvalidRequestError(
            say("measures.needs_weights", name="LPIPS"), hint=say("measures.needs_weights_hint")
        )
    path = Path(weights).expanduser()
    try:
        model = package.LPIPS(net=net, pnet_rand=True, verbose=False).eval()
        _fill(model.net, torch.load(path, map_location="cpu", weights_only=True))
        digest = hashlib.sha256(_READ + path.read_bytes()).hexdigest()
    except Exception as reason:  # whatever a foreign library has against a file
        raise InvalidRequestError(say("measures.bad_weights", path=path, reason=reason)) from reason

    def work(pair: Pair) -> float:
        one, other = (
            torch.from_numpy(plane.transpose(2, 0, 1)[None] / 127.5 - 1).float()
            for plane in pair.fitted("lanczos", "input")
        )
        with _lock, torch.no_grad():
            return float(model(one, other))

    name = f"lpips_{net}_lanczos_to_input"
    return Measure(name, "about_lpips", work, version=int(digest[:8], 16), better="lower")


def _fill(net: Any, weights: Any) -> None:
    """The package cuts the backbone in slices; layers keep their numbers: ``slice2.3`` is ``features.3``."""
    state = {name: weights["features." + name.partition(".")[2]] for name in net.state_dict()}
    net.load_state_dict(state)


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        raise InvalidRequestError(
            say("measures.needs_package", name="LPIPS", package=missing.name),
            hint=say("measures.needs_package_hint", package=missing.name),
        ) from None


__all__ = ["lpips"]
