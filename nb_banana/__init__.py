"""Edit images with the Nano Banana models inside a notebook.

This is the one public module. Names load their room on first use, so that importing it costs
only the standard library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what an editor completes and a type checker sees; nothing is imported
    from . import errors
    from ._catalog import MODELS, estimate, models
    from ._chain import Chain, chain
    from ._client import AsyncClient, Client, Endpoint
    from ._compare import Comparison, batch, compare
    from ._images import ImageData
    from ._messages import EditRequest
    from ._result import EditResult, read_provenance
    from ._session import Session, edit, generate, session
    from ._widgets import Panel, history, panel
    from .errors import NanoBananaError

__version__ = "0.1.0"

# The room each public name lives in; the order is the one of the documentation.
_ROOMS = {
    "edit": "_session",
    "generate": "_session",
    "chain": "_chain",
    "batch": "_compare",
    "compare": "_compare",
    "panel": "_widgets",
    "history": "_widgets",
    "models": "_catalog",
    "estimate": "_catalog",
    "session": "_session",
    "read_provenance": "_result",
    "MODELS": "_catalog",
    "Session": "_session",
    "Endpoint": "_client",
    "Client": "_client",
    "AsyncClient": "_client",
    "EditRequest": "_messages",
    "ImageData": "_images",
    "EditResult": "_result",
    "Chain": "_chain",
    "Comparison": "_compare",
    "Panel": "_widgets",
    "NanoBananaError": "errors",
    "errors": "",
}

__all__ = [
    "MODELS",
    "AsyncClient",
    "Chain",
    "Client",
    "Comparison",
    "EditRequest",
    "EditResult",
    "Endpoint",
    "ImageData",
    "NanoBananaError",
    "Panel",
    "Session",
    "__version__",
    "batch",
    "chain",
    "compare",
    "edit",
    "errors",
    "estimate",
    "generate",
    "history",
    "models",
    "panel",
    "read_provenance",
    "session",
]


def __getattr__(name: str) -> Any:
    try:
        room = _ROOMS[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    home = import_module(f".{room or name}", __name__)
    value = getattr(home, name) if room else home
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext nb_banana``: the ``%%banana`` and ``%banana`` magics."""
    import_module("._magics", __name__).load_ipython_extension(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """``%unload_ext nb_banana``."""
    import_module("._magics", __name__).unload_ipython_extension(ipython)
