"""Put a remembered edit back into a panel: its pictures, its prompt, its settings. Nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ..._catalog.models import find_model
from ..._lineage import before
from ...errors import NanoBananaError
from .ask import AUTO

if TYPE_CHECKING:
    import ipywidgets

    from ..._history.record import Picture, Record
    from ..._result import EditResult
    from ..._session.door import Session
    from ..tray import Tray


class Form(Protocol):
    """What an edit is put back into."""

    tray: Tray
    prompt: ipywidgets.Textarea
    model: ipywidgets.Dropdown
    aspect_ratio: ipywidgets.Dropdown
    image_size: ipywidgets.Dropdown
    takes: ipywidgets.Dropdown

    @property
    def provider(self) -> str:
        """The name of the provider whose models are offered."""


def refill(form: Form, record: Record, session: Session) -> tuple[int, list[str]]:
    """Make ``form`` ask what ``record``, of the history of ``session``, asked.

    Returns:
        How many of its pictures can't be read any more, and the settings that aren't offered.
    """
    form.tray.clear()
    parent = before(session.history, record)
    continued = None if parent is None else session.result_of(parent)
    lost = sum(not _add(form.tray, picture, record, continued) for picture in record.inputs)
    form.prompt.value = record.prompt
    provider = form.provider
    info = find_model(record.model_sent or record.model, provider).info
    known = [value for _, value in form.model.options if info and find_model(value, provider).info is info]
    asked: list[tuple[ipywidgets.Dropdown, str | None]] = [
        (form.model, known[0] if known else record.model_sent),
        (form.aspect_ratio, record.aspect_ratio or AUTO),
        (form.image_size, record.image_size),
    ]
    missing = [str(value) for menu, value in asked if value is not None and not _set(menu, value)]
    form.takes.value = 1
    return lost, missing


def _set(menu: ipywidgets.Dropdown, value: Any) -> bool:
    if value not in [offered for _, offered in menu.options]:
        return False
    menu.value = value
    return True


def _add(tray: Tray, picture: Picture, record: Record, continued: EditResult | None) -> bool:
    """Add one input; one that was itself a result goes in as such, so that the new edit continues it."""
    same = continued is not None and continued.image.sha256 == picture.sha256
    try:
        tray.add(continued if same else record.shelf.load(picture), name=picture.name or None)
    except (NanoBananaError, OSError):
        return False
    return True
