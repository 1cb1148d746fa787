"""Edit images with the Nano Banana models inside a notebook.

This is the one public module. Names load their room on first use, so that importing it costs
only the standard library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:  # what an editor completes and a type checker sees; nothing is imported
    from . import errors
    from ._bench.door import bench
    from ._catalog.models import MODELS
    from ._catalog.prices import estimate
    from ._catalog.table import models
    from ._chain.links import Chain, chain
    from ._client.aclient import AsyncClient
    from ._client.client import Client
    from ._client.endpoint import Endpoint
    from ._compare.comparison import Comparison, batch, compare
    from ._compare.experiments import experiments
    from ._images.data import ImageData
    from ._judge.judge import Judge
    from ._measures.door import measures
    from ._messages import EditRequest
    from ._rate.vote import Vote
    from ._rate.votes import Votes
    from ._result import EditResult, read_provenance
    from ._session.door import Session
    from ._session.own import edit, generate, session
    from ._widgets.history import history
    from ._widgets.panel.panel import Panel, panel
    from .errors import NanoBananaError

# The module each public name lives in; the order is the one of the documentation.
_ROOMS = {
    "edit": "_session.own",
    "generate": "_session.own",
    "chain": "_chain.links",
    "batch": "_compare.comparison",
    "compare": "_compare.comparison",
    "bench": "_bench.door",
    "panel": "_widgets.panel.panel",
    "history": "_widgets.history",
    "models": "_catalog.table",
    "estimate": "_catalog.prices",
    "session": "_session.own",
    "measures": "_measures.door",
    "experiments": "_compare.experiments",
    "read_provenance": "_result",
    "MODELS": "_catalog.models",
    "Session": "_session.door",
    "Endpoint": "_client.endpoint",
    "Client": "_client.client",
    "AsyncClient": "_client.aclient",
    "EditRequest": "_messages",
    "ImageData": "_images.data",
    "EditResult": "_result",
    "Chain": "_chain.links",
    "Comparison": "_compare.comparison",
    "Vote": "_rate.vote",
    "Votes": "_rate.votes",
    "Judge": "_judge.judge",
    "Panel": "_widgets.panel.panel",
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
    "Judge",
    "NanoBananaError",
    "Panel",
    "Session",
    "Vote",
    "Votes",
    "__version__",
    "batch",
    "bench",
    "chain",
    "compare",
    "edit",
    "errors",
    "estimate",
    "experiments",
    "generate",
    "history",
    "measures",
    "models",
    "panel",
    "read_provenance",
    "session",
]


if not TYPE_CHECKING:  # to a type checker that would make every name right

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
    import_module("._magics.loading", __name__).load_ipython_extension(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """``%unload_ext nb_banana``."""
    import_module("._magics.loading", __name__).unload_ipython_extension(ipython)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where the notebook extension of a checkout lies, for ``jupyter labextension develop``."""
    return [{"src": "../labextension", "dest": "nb-banana"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where a Jupyter server finds the routes that the extension reads a history by."""
    return [{"module": "nb_banana._server.extension"}]
