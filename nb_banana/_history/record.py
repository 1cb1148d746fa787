"""One attempt as a value: what was asked, what came, what it cost. Pictures load when looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from .._catalog.cost import Cost
from .._images.data import ImageData
from .._images.saving import SUFFIXES
from .._messages import SETTINGS, EditRequest, Order, Turn, Usage, clean
from .._strings import quoted, say
from .._text import shortened
from ..errors import InvalidImageError, InvalidRequestError
from .foreign import Billing, Status, is_amount

if TYPE_CHECKING:
    from .._wire.plan import Plan

# 43 bits of milliseconds (to the year 2248) and 20 bits that tell ids of one millisecond apart.
_LOW_BITS: Final = 20
_LAST_MOMENT: Final = 2**43 - 2**30
_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_WIDTH: Final = 13

NEWER: Final = [name for name in SETTINGS if name not in ("model", "aspect_ratio", "image_size")]
"""Settings that came after the first records and keys."""

_LONGEST_URL: Final = 4096

# Version 0.1.0 noted among a record's tags which panel of which cell it came to.
_MARK: Final = re.compile(r"panel:.+:\d+:[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Picture:
    """What a record remembers of a picture; the pixels stay in the store."""

    sha256: str
    mime_type: str
    width: int
    height: int
    bytes: int
    name: str = ""

    @classmethod
    def of(cls, image: ImageData) -> Picture:
        """The memory of ``image``."""
        size = image.byte_count
        return cls(image.sha256, image.mime_type, image.width, image.height, size, clean(image.name))

    @property
    def suffix(self) -> str:
        """The ending of its file's name."""
        return _suffix(self.mime_type)


def file_name(sha256: str, mime_type: str) -> str:
    """What the file of a picture is called where it is kept."""
    return f"{sha256}{_suffix(mime_type)}"


def _suffix(mime_type: str) -> str:
    return SUFFIXES.get(mime_type, ".bin")


class Holder(Protocol):
    """Where a record's long parts are fetched from: the shelf it stands on."""

    @property
    def folder(self) -> Path: ...
    def load(self, picture: Picture) -> ImageData: ...
    def mend(self, images: Iterable[ImageData]) -> None: ...
    def record(self, id: str) -> Record: ...
    def turn(self, id: str) -> Turn | None: ...
    def mask(self, id: str) -> ImageData | None: ...
    def request(self, id: str) -> str: ...
    def path(self, picture: Picture) -> Path: ...
    def raw(self, id: str) -> dict[str, Any]: ...
    def opinions(self, ids: Iterable[str]) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What is known of an attempt before anything is sent.

    Attributes:
        key, take: what a replay looks up.
        model, model_sent: asked for; sent.
        parent: the record it continues.
        context: ``refeed`` or ``conversation``.
    """

    key: str
    take: int
    prompt: str
    model: str
    model_sent: str
    provider: str
    wire: str
    aspect_ratio: str | None
    image_size: str | None
    parent: str | None
    notebook: str
    context: str

    @classmethod
    def of(cls, order: Order, plan: Plan, *, key: str, notebook: str) -> Beginning:
        """What is noted of an order that is about to be sent."""
        asked = order.request
        return cls(
            key=key, take=1 if order.take == "next" else order.take, prompt=asked.prompt,
            model=asked.model or plan.provider.default_model,
            model_sent=plan.model, provider=plan.provider.name, wire=plan.wire,
            aspect_ratio=asked.aspect_ratio, image_size=asked.image_size, parent=order.parent,
            notebook=notebook, context=order.context,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an attempt ended.

    Attributes:
        status: ``running``, ``done``, ``refused``, ``failed`` or ``interrupted``.
        billing: ``paid``, ``blocked_paid``, ``maybe_paid`` or ``free``.
        sandbox: the built-in stand-in answered.
        elapsed: seconds by the monotonic clock, None while running.
        cost: what was or may have been billed; its amount is None where nobody knows the price.
        model_answered: the model the answer named.
    """

    status: Status
    billing: Billing
    sandbox: bool
    elapsed: float | None = None
    text: str = ""
    usage: Usage | None = None
    cost: Cost | None = None
    model_answered: str | None = None
    response_id: str | None = None
    request_id: str | None = None
    finish_reason: str | None = None
    warnings: tuple[str, ...] = ()
    error_category: str | None = None
    error_message: str = ""
    attempts: int = 0


@dataclass(frozen=True, kw_only=True, repr=False)
class Record(Beginning, Ending):
    """One attempt.

    Attributes:
        id: sorts by age; ids of one history never go back.
        timestamp: when it began, in UTC, by this machine's clock.
        inputs, outputs: the pictures, as facts; ``input_images`` and ``images`` load them.
        lost: how many output pictures could not be stored; such a record answers no replay.
        imported: it came from somebody's file, and was never paid here.
        problems: sentences about what could not be stored just now; empty when all is well.
        shelf: where its pictures and long texts are.
    """

    id: str
    timestamp: datetime
    inputs: tuple[Picture, ...]
    outputs: tuple[Picture, ...]
    lost: int
    starred: bool
    note: str
    tags: tuple[str, ...]
    imported: bool = field(default=False, compare=False)
    problems: tuple[str, ...] = field(default=(), compare=False)
    shelf: Holder = field(compare=False)

    @property
    def images(self) -> tuple[ImageData, ...]:
        """The output pictures, in order; read and checked by hash when first used."""
        return tuple(self.shelf.load(picture) for picture in self.outputs)

    def pictured(self) -> Record:
        """This record.

        Raises:
            InvalidRequestError: it brought no picture.
        """
        if not self.outputs:
            raise InvalidRequestError(
                say("history_view.past_no_picture", id=self.id, status=self.status)
            )
        return self

    @property
    def flaw(self) -> str:
        """Which output picture is not there as it was stored, and why, in a sentence; ``""`` when all are."""
        try:
            for image in self.images:
                image.check()
        except InvalidImageError as reason:
            return reason.message
        return ""

    @property
    def input_images(self) -> tuple[ImageData, ...]:
        """The input pictures, in order."""
        return tuple(self.shelf.load(picture) for picture in self.inputs)

    @property
    def turn(self) -> Turn | None:
        """The model's content as it came, for a conversation."""
        return self.shelf.turn(self.id)

    @property
    def urls(self) -> tuple[str, ...]:
        """Where each input was fetched from, as far as it may be handed on; ``""`` for what was no URL."""
        try:
            found = json.loads(self.request).get("urls", [])
        except (ValueError, AttributeError):
            found = []
        urls = [str(url)[:_LONGEST_URL] for url in found] if isinstance(found, list) else []
        return tuple((urls + [""] * len(self.inputs))[: len(self.inputs)])

    @property
    def request(self) -> str:
        """The request as JSON, without pixels."""
        return self.shelf.request(self.id)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold, the seed's four names first."""
        first, last = self.inputs[:1], self.outputs[-1:]
        plain: dict[str, Any] = {
            "timestamp": self.timestamp.isoformat(),
            "original_image": str(self.shelf.path(first[0])) if first else None,
            "edit_instruction": self.prompt,
            "result_path": str(self.shelf.path(last[0])) if last else None,
        }
        for name in _PLAIN:
            plain[name] = getattr(self, name)
        plain["inputs"] = [picture.sha256 for picture in self.inputs]
        plain["input_names"] = [picture.name for picture in self.inputs]
        plain["input_urls"] = list(self.urls)
        plain["outputs"] = [picture.sha256 for picture in self.outputs]
        plain["warnings"], plain["tags"] = list(self.warnings), list(self.tags)
        plain["usage"] = _usage_dict(self.usage)
        plain["cost"] = str(self.cost.amount) if self.cost and self.cost.amount is not None else None
        plain["currency"] = self.cost.currency if self.cost else None
        return plain

    def __repr__(self) -> str:
        status, model = shortened(self.status, 20), shortened(self.model, 60)
        return f"<Record {self.id} {status} {model} {shortened(self.prompt, 60)!r}>"


_PLAIN: Final = tuple(
    f.name
    for f in fields(Record)
    if f.name not in ("timestamp", "prompt", "inputs", "outputs", "usage", "cost", "problems", "shelf")
)


def is_mark(tag: str) -> bool:
    """Whether a tag is the bookkeeping of 0.1.0 and not the user's (see ``places``)."""
    return _MARK.fullmatch(tag) is not None


def next_number(now: float, low: int, last: int) -> int:
    """The number of a new record: its moment, but always above ``last``, whatever the clock says."""
    moment = min(max(int(now * 1000), 0), _LAST_MOMENT)
    return max(moment << _LOW_BITS | low % 2**_LOW_BITS, last + 1 + low % 1024)


def number_to_id(number: int) -> str:
    """Thirteen characters that sort as the numbers do."""
    return "".join(_DIGITS[number >> shift & 31] for shift in range(5 * (_WIDTH - 1), -1, -5))


def id_to_number(id: str) -> int | None:
    """The number behind an id; None for text that is no id."""
    if not isinstance(id, str) or len(id) != _WIDTH or not set(id) <= set(_DIGITS):
        return None
    number = 0
    for digit in id:
        number = number << 5 | _DIGITS.index(digit)
    return number if number < 2**63 else None


def cost_columns(cost: Cost | None) -> dict[str, Any]:
    """A cost as columns; no currency means that no cost was given at all."""
    if cost is None:
        return {"amount": None, "currency": "", "certain": False, "cost_source": "", "cost_as_of": ""}
    return {
        "amount": None if cost.amount is None else str(cost.amount),
        "currency": cost.currency,
        "certain": cost.certain,
        "cost_source": cost.source,
        "cost_as_of": str(cost.as_of or ""),
    }


def usage_column(usage: Usage | None) -> str | None:
    """Token counts as JSON."""
    return None if usage is None else json.dumps(_usage_dict(usage))


def _usage_dict(usage: Usage | None) -> dict[str, int | None] | None:
    """What the column holds: the counts that every release reads; others are in the request's facts."""
    if usage is None:
        return None
    return {f.name: getattr(usage, f.name) for f in fields(Usage) if f.compare}


# --- a record as a row: only what a column spells otherwise is named here


def to_row(facts: Beginning | Ending) -> dict[str, Any]:
    """The columns of one half of a record."""
    row = {each.name: getattr(facts, each.name) for each in fields(facts)}
    if "cost" in row:
        row |= cost_columns(row.pop("cost"))
        row["usage"] = usage_column(row["usage"])
        row["warnings"] = as_json(row["warnings"])
    if row.get("parent") is not None:
        row["parent"] = id_to_number(row["parent"])
    return row


def as_json(texts: Iterable[str]) -> str:
    """A list of sentences as its column holds it."""
    return json.dumps([clean(text) for text in texts], ensure_ascii=False)


def amount_of(text: str | None) -> Decimal | None:
    """An amount as its column holds it; one that no edit can cost, as 0.1.0 could file, is unknown."""
    return Decimal(text) if text is not None and is_amount(text) else None


def cost_of(row: Mapping[str, Any]) -> Cost | None:
    """The cost in the columns of a row; None where nothing was billed and no cost was given.

    Release 0.1.0 wrote a certain zero where it knew no price. What was or may have been billed is
    believed to have cost nothing only if a source says so.
    """
    billed = row["billing"] != "free" and not row["sandbox"]
    amount = amount_of(row["amount"])
    if billed and (amount is None or (amount == 0 and not row["cost_source"])):
        return Cost(None, row["currency"] or "USD", certain=False)
    if not row["currency"]:
        return None
    return Cost(amount, row["currency"], bool(row["certain"]), row["cost_source"], row["cost_as_of"])


_SPELLED: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    "id": lambda row: number_to_id(row["id"]),
    "timestamp": lambda row: datetime.fromisoformat(row["started"]),
    "parent": lambda row: None if row["parent"] is None else number_to_id(row["parent"]),
    "sandbox": lambda row: bool(row["sandbox"]),
    "usage": lambda row: None if row["usage"] is None else Usage(**json.loads(row["usage"])),
    "cost": cost_of,
    "warnings": lambda row: tuple(json.loads(row["warnings"])),
    "starred": lambda row: bool(row.get("starred", False)),
    "imported": lambda row: bool(row.get("imported", False)),
    "note": lambda row: row.get("note", ""),
    "tags": lambda row: tuple(tag for tag in json.loads(row.get("tags", "[]")) if not is_mark(tag)),
}


def from_row(
    row: Mapping[str, Any],
    inputs: Iterable[Picture],
    outputs: Iterable[Picture],
    shelf: Holder,
    problems: tuple[str, ...] = (),
) -> Record:
    """The record a row of the table stands for.

    Raises:
        ValueError, TypeError, KeyError: the row holds what no release ever wrote.
    """
    given: dict[str, Any] = {
        "inputs": tuple(inputs), "outputs": tuple(outputs), "shelf": shelf, "problems": problems
    }  # fmt: skip
    read: dict[str, Any] = {name: _SPELLED[name](row) if name in _SPELLED else row[name] for name in _COLUMNS}
    return Record(**read, **given)


_COLUMNS: Final = tuple(
    each.name for each in fields(Record) if each.name not in ("inputs", "outputs", "shelf", "problems")
)


def newer(asked: EditRequest) -> dict[str, Any]:
    """The settings that came after the first keys, as JSON holds them: absent, they change no key."""
    made = {name: value for name, value in asked.settings.items() if name in NEWER}
    known: dict[str, Any] = json.loads(json.dumps(made, sort_keys=True, default=_named))
    return known


def _named(value: object) -> str:
    return value.sha256 if isinstance(value, ImageData) else str(value)


def instant(value: datetime | date | str | None) -> str | None:
    """A moment as the table stores it: UTC, microseconds, so that text sorts as time.

    A moment without a zone is local time, a bare date is its midnight.

    Raises:
        ValueError, TypeError: it is no moment.
    """
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif not isinstance(value, date):
        raise TypeError(type(value).__name__)
    elif not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def moment(value: datetime | date | str | None) -> str | None:
    """:func:`instant` of what a person gave.

    Raises:
        InvalidRequestError: it is no moment.
    """
    try:
        return instant(value)
    except (ValueError, TypeError, OverflowError):
        shown = value[:40] if isinstance(value, str) else quoted(value)
        raise InvalidRequestError(say("history.bad_moment", value=shown)) from None
