"""The parts of the panel, for layouts and dashboards of your own.

``Tray`` takes pictures, ``Viewer`` shows and compares them, ``Timeline`` is a chain on the screen,
``HistoryView`` every edit so far, ``Panel`` all in one. Each is a widget like those of ipywidgets.
"""

from ._widgets._history import HistoryView
from ._widgets._timeline import Timeline
from ._widgets._tray import Tray
from ._widgets._viewer import Viewer
from ._widgets.panel.panel import Panel

__all__ = ["HistoryView", "Panel", "Timeline", "Tray", "Viewer"]
