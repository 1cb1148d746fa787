"""The parts of the panel, for layouts and dashboards of your own.

``Tray`` takes pictures, ``Viewer`` shows and compares them, ``Timeline`` is a chain on the screen,
``HistoryView`` every edit so far, ``Grid`` a comparison, ``Rating`` a blind rating of one, ``Panel`` all
in one. Each is a widget like those of ipywidgets, and is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._widgets.grid import Grid
    from ._widgets.history import HistoryView
    from ._widgets.panel.panel import Panel
    from ._widgets.rating import Rating
    from ._widgets.timeline import Timeline
    from ._widgets.tray import Tray
    from ._widgets.viewer import Viewer

__all__ = ["Grid", "HistoryView", "Panel", "Rating", "Timeline", "Tray", "Viewer"]

_HOMES = {
    "Grid": "grid",
    "HistoryView": "history",
    "Panel": "panel.panel",
    "Rating": "rating",
    "Timeline": "timeline",
    "Tray": "tray",
    "Viewer": "viewer",
}


if not TYPE_CHECKING:  # to a type checker that would make every name right

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"._widgets.{_HOMES[name]}", __package__), name)
