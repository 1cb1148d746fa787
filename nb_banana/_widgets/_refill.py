"""Put a remembered edit back into a panel: its pictures, its prompt, its settings. Nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._catalog.models import find_model
from ..errors import NanoBananaError
from ._controls import AUTO, Controls

if TYPE_CHECKING:
    import ipywidgets

    from .._history.record import Picture, Record
    from .._session.door import Session


def refill(panel: Controls, record: Record, session: Session) -> tuple[int, list[str]]:
    """Make a panel ask what ``record`` asked.

    Returns:
        How many of its pictures can't be read any more, and the settings this panel doesn't offer.
    """
    panel.tray.clear()
    lost = sum(not _add(panel, picture, record, session) for picture in record.inputs)
    panel.prompt.value = record.prompt
    provider = panel.provider
    info = find_model(record.model_sent or record.model, provider).info
    known = [value for _, value in panel.model.options if info and find_model(value, provider).info is info]
    asked: list[tuple[ipywidgets.Dropdown, str | None]] = [
        (panel.model, known[0] if known else record.model_sent),
        (panel.aspect_ratio, record.aspect_ratio or AUTO),
        (panel.image_size, record.image_size),
    ]
    missing = [str(value) for menu, value in asked if value is not None and not _set(menu, value)]
    panel.takes.value = 1
    return lost, missing


def _set(menu: ipywidgets.Dropdown, value: Any) -> bool:
    if value not in [offered for _, offered in menu.options]:
        return False
    menu.value = value
    return True


def _add(panel: Controls, picture: Picture, record: Record, session: Session) -> bool:
    """Add one input; one that was itself a result goes in as such, so that the new edit continues it."""
    try:
        source: Any = record.shelf.load(picture)
        if record.parent is not None:
            before = session.history.record(record.parent)
            if before.outputs and before.outputs[-1].sha256 == picture.sha256:
                source = session.result_of(before)
        panel.tray.add(source, name=picture.name or None)
    except (NanoBananaError, OSError):
        return False
    return True
