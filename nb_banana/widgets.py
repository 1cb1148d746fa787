"""The parts of the panel, for layouts and dashboards of your own.

``Tray`` takes pictures, ``Viewer`` shows and compares them, ``Timeline`` is a chain on the screen,
``HistoryView`` every edit so far, ``Panel`` all in one. Each is a widget like those of ipywidgets.
"""

from ._widgets import HistoryView, Panel, Timeline, Tray, Viewer

__all__ = ["HistoryView", "Panel", "Timeline", "Tray", "Viewer"]
