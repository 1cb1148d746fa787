"""Edit images with the Nano Banana models inside a notebook.

This is the one public module. Names load their room on first use, so that importing it costs
only the standard library.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

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

__all__ = ["__version__", *_ROOMS]


def __getattr__(name: str) -> Any:
    try:
        room = _ROOMS[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = import_module(f".{name}", __name__) if not room else getattr(import_module(f".{room}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_ROOMS))


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext nb_banana``: the ``%%banana`` and ``%banana`` magics."""
    import_module("._magics", __name__).load_ipython_extension(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """``%unload_ext nb_banana``."""
    import_module("._magics", __name__).unload_ipython_extension(ipython)
