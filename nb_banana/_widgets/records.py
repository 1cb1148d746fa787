"""How remembered edits read on the screen: pure functions from records to rows, tables and text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from .. import _text
from .._catalog.cost import Cost
from .._catalog.models import find_model
from .._history.identity import newer_of
from .._strings import say

if TYPE_CHECKING:
    from .._history.record import Picture, Record
    from .._images.data import ImageData

SIGNS: Final = {"done": "✓", "refused": "⊘", "failed": "!", "interrupted": "■", "running": "…"}
"""Every outcome's sign; its word stands beside it."""
_PLAIN_PROMPT: Final = 48
_ROW_PROMPT: Final = 300
_CELL: Final = 2000


def row(record: Record, *, pinned: bool = False) -> dict[str, Any]:
    """One row of the list, as its page wants it. No pixels: the picture is asked for by its hash.

    ``pinned`` marks the first of two that are compared.
    """
    picture = picture_of(record)
    outcome = f"{SIGNS[record.status]} {say(f'history_view.{record.status}')}"
    facts = [
        say("history_view.side_a") if pinned else "",
        outcome,
        cost(record),
        when(record),
        model(record),
        size(picture) if picture else "",
    ]
    return {
        "id": record.id,
        "prompt": _text.shortened(record.prompt, _ROW_PROMPT),
        "facts": " · ".join(filter(None, facts)),
        "sign": SIGNS[record.status],
        "thumb": picture.sha256 if picture else "",
        "starred": record.starred,
    }


def picture_of(record: Record) -> Picture | None:
    """The picture that stands for a record: its result, if there is one."""
    return record.outputs[-1] if record.outputs else None


def size(picture: Picture) -> str:
    """``2752×1536``."""
    return say("images.size", width=picture.width, height=picture.height)


def when(record: Record) -> str:
    """The moment on this machine's clock; the day only where it is not today."""
    local = record.timestamp.astimezone()
    today = local.date() == datetime.now().astimezone().date()
    return local.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")


def model(record: Record) -> str:
    """The model's title, or the id that was sent where the catalog doesn't know it."""
    info = find_model(record.model_sent or record.model, record.provider).info
    return info.title if info else _text.shortened(record.model_sent, 60)


def cost(record: Record) -> str:
    """What it cost: the sandbox says so, a lost answer is a maybe."""
    if not record.sandbox and (record.cost is None or record.billing == "free"):
        return ""
    paid = _text.money(record.cost or Cost(None), sandbox=record.sandbox)
    maybe = record.billing == "maybe_paid" and not record.sandbox
    return say("history_view.maybe_paid", cost=paid) if maybe else paid


def spent(record: Record) -> Cost:
    """What counts into a total; maybe paid counts as paid."""
    billed = record.billing != "free" and not (record.sandbox or record.imported)
    return record.cost if billed and record.cost else Cost(Decimal(0))


def _input(number: int, image: ImageData) -> str:
    """An input by its name, else its place, and the size it is seen in: a file's header may tell another."""
    width, height = image.shown_size
    name = image.name or say("looking.input_number", number=number)
    return f"{name} {say('images.size', width=width, height=height)}"


def facts(record: Record) -> dict[str, str]:
    """All that is worth comparing, by its label."""
    pictures = {
        "inputs": "\n".join(map(_input, count(1), record.input_images)),
        "outputs": "\n".join(map(_output, record.outputs)),
    }
    values = {
        "prompt": record.prompt,
        "status": f"{SIGNS[record.status]} {say(f'history_view.{record.status}')}",
        "model": record.model_answered or record.model_sent,
        "provider": record.provider,
        "ratio": record.aspect_ratio or "",
        "size": record.image_size or "",
        **_newer(record),
        "take": str(record.take),
        "context": say("history_view.conversation") if record.context == "conversation" else "",
        **pictures,
        "seconds": "" if record.elapsed is None else _text.seconds(record.elapsed),
        "cost": cost(record),
        "text": record.text,
        "error": record.error_message,
        "when": record.timestamp.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
        "notebook": record.notebook,
        "tags": ", ".join(record.tags),
        "note": record.note,
    }
    return {say(f"history_view.fact_{name}"): value for name, value in values.items()}


def _newer(record: Record) -> dict[str, str]:
    """Quality, seed, mask and further fields, as far as they were asked for."""
    made = newer_of(record)
    extra = dict(made.get("extra") or {})
    quality, seed, mask = extra.pop("quality", ""), made.get("seed"), made.get("mask")
    return {
        "quality": str(quality),
        "seed": "" if seed is None else str(seed),
        "mask": _region(mask) if isinstance(mask, list) else say("looking.mask_picture") if mask else "",
        "extra": json.dumps(extra, ensure_ascii=False) if extra else "",
    }


def _region(mask: list[Any]) -> str:
    """``region: left, top, width, height 10 %, 20 %, …``; what is no number as it stands."""
    shares = (f"{one:.0%}" if isinstance(one, (int, float)) else str(one)[:12] for one in mask)
    return say("history_view.region", share=", ".join(shares))


def _output(picture: Picture) -> str:
    kind = picture.mime_type.partition("/")[2].upper()
    return f"{size(picture)} {kind} {_text.amount(picture.bytes)}"


def table(record: Record) -> str:
    """One record's facts as HTML; empty ones are left out."""
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{_cell(value)}</td></tr>"
        for name, value in facts(record).items()
        if value
    )
    return f"<table>{rows}</table>"


def difference(first: Record, second: Record) -> str:
    """What differs between two records as an HTML table, and which facts are the same."""
    left, right = facts(first), facts(second)
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{_cell(left[name])}</td><td>{_cell(right[name])}</td></tr>"
        for name in left
        if left[name] != right[name]
    )
    heads = "".join(
        f"<th scope=col>{say(f'history_view.{key}')}</th>" for key in ("field", "side_a", "side_b")
    )
    same = ", ".join(name for name in left if left[name] and left[name] == right[name])
    below = f"<p>{escape(say('history_view.same', names=same))}</p>" if same else ""
    return f"<table><thead><tr>{heads}</tr></thead>{rows}</table>{below}"


def _cell(text: str) -> str:
    return escape(text if len(text) <= _CELL else text[: _CELL - 1] + "…") or "–"


def plain(records: Sequence[Record], folder: str) -> str:
    """The newest records as text, for a terminal, a saved notebook and whatever shows no widget."""
    if not records:
        return say("history_view.plain_none", folder=folder)
    lines = [
        (
            record.timestamp.astimezone().strftime("%Y-%m-%d %H:%M"),
            f"{SIGNS[record.status]} {say(f'history_view.{record.status}')}",
            ("★ " if record.starred else "") + _text.shortened(record.prompt, _PLAIN_PROMPT),
            model(record),
            cost(record),
        )
        for record in records
    ]
    head = say("history_view.plain_head", folder=folder, count=len(lines))
    return "\n".join([head, *_text.aligned(lines)])
