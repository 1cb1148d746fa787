"""Put a remembered edit back into a panel: its pictures, its prompt, its settings. Nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ..._catalog.models import find_model
from ..._history.identity import newer_of
from ..._history.record import Picture
from ..._images.marks import NAME as MARKED
from ..._lineage import before
from ..._messages import Settings
from ...errors import NanoBananaError

if TYPE_CHECKING:
    import ipywidgets

    from ..._catalog.providers import Provider
    from ..._history.record import Record
    from ..._result import EditResult
    from ..._session.door import Session
    from ..tray import Tray


class Form(Protocol):
    """What an edit is put back into."""

    tray: Tray
    prompt: ipywidgets.Textarea
    model: ipywidgets.Dropdown
    takes: ipywidgets.Dropdown

    @property
    def provider(self) -> Provider:
        """The provider whose models are offered."""

    def put(self, settings: Settings) -> list[str]:
        """Set the controls to these settings; gives those that aren't offered."""


def refill(form: Form, record: Record, session: Session) -> tuple[int, list[str]]:
    """Make ``form`` ask what ``record``, of the history of ``session``, asked.

    Returns:
        How many of its pictures can't be read any more, and the settings that aren't offered.
    """
    form.tray.clear()
    parent = before(session.history, record)
    continued = None if parent is None else session.result_of(parent)
    sources: list[EditResult | Picture | None] = list(record.inputs)
    if record.context == "conversation":  # it sends no picture again: what it edited is its parent's
        sources.insert(0, continued)
    lost = sum(not _add(form.tray, one, record, continued) for one in sources)
    mask_lost, missing = reword(form, record)
    return lost + mask_lost, missing


def inputs_of(record: Record) -> list[str]:
    """The pictures a record edited, by their sha256: a marked copy is made again of what is drawn."""
    return [one.sha256 for one in record.inputs if not one.name.startswith(MARKED)]


def reword(form: Form, record: Record, *, words: bool = True) -> tuple[bool, list[str]]:
    """The settings of ``record`` into ``form``, its pictures aside; ``words``: its prompt and its mask too.

    Returns:
        Whether its mask can't be read any more, and the settings that aren't offered.
    """
    newer, mask_lost = _newer(record)
    if words:
        form.prompt.value = record.prompt
    else:
        newer.pop("mask", None)
    settings: Any = dict(
        model=_offered(form, record), aspect_ratio=record.aspect_ratio, image_size=record.image_size, **newer
    )
    missing = form.put(settings)
    form.takes.value = 1
    return mask_lost, missing


def _offered(form: Form, record: Record) -> str | None:
    """The record's model as the menu has it, else the id that was sent."""
    provider = form.provider
    info = find_model(record.model_sent or record.model, provider).info if record.model else None
    offered = [value for _, value in form.model.options if value]
    known = [value for value in offered if info and find_model(value, provider).info is info]
    return record.model_sent if record.model_sent in offered or not known else str(known[0])


def _newer(record: Record) -> tuple[dict[str, Any], bool]:
    """Mask, seed and further fields of a record, and whether its mask can't be read any more."""
    made = newer_of(record)
    if not isinstance(made.get("mask"), str):
        return made, False
    try:
        made["mask"] = record.shelf.mask(record.id)
        made["mask"].check()
    except (NanoBananaError, OSError, AttributeError):
        del made["mask"]
        return made, True
    return made, False


def _add(
    tray: Tray, source: EditResult | Picture | None, record: Record, continued: EditResult | None
) -> bool:
    """Add one input; one that was itself a result goes in as such, so that the new edit continues it."""
    try:
        if not isinstance(source, Picture):
            tray.add(source)
        else:
            same = continued is not None and continued.image.sha256 == source.sha256
            tray.add(continued if same else record.shelf.load(source), name=source.name or None)
    except (NanoBananaError, OSError):
        return False
    return True
