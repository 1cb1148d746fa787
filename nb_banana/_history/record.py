"""One attempt as a value: what was asked, what came, what it cost. Pictures load when looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, Protocol, cast

from .._images import SUFFIXES, ImageData
from .._messages import Cost, Turn, Usage

Status = Literal["running", "done", "refused", "failed", "interrupted"]
Billing = Literal["paid", "blocked_paid", "maybe_paid", "free"]

# 43 bits of milliseconds (to the year 2248) and 20 bits that tell ids of one millisecond apart.
_LOW_BITS: Final = 20
_LAST_MOMENT: Final = 2**43 - 2**30
_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_WIDTH: Final = 13
LARGEST_ID: Final = 2**63 - 2**40

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
        size = len(image.data)
        return cls(image.sha256, image.mime_type, image.width, image.height, size, clean(image.name))

    @property
    def suffix(self) -> str:
        """The ending of its file's name."""
        return SUFFIXES.get(self.mime_type, ".bin")


class Shelf(Protocol):
    """Where a record's long parts are fetched from: the history it belongs to."""

    folder: Path

    def load(self, picture: Picture) -> ImageData: ...
    def turn(self, id: str) -> Turn | None: ...
    def request(self, id: str) -> str: ...
    def path(self, picture: Picture) -> Path: ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """One attempt.

    Attributes:
        id: sorts by age; ids of one history never go back.
        key, take: what a replay looks up.
        status: ``running``, ``done``, ``refused``, ``failed`` or ``interrupted``.
        timestamp: when it began, in UTC, by this machine's clock.
        model, model_sent, model_answered: asked for; sent; named by the answer.
        inputs, outputs: the pictures, as facts; ``input_images`` and ``images`` load them.
        cost: what was or may have been billed; its amount is None where nobody knows the price.
        billing: ``paid``, ``blocked_paid``, ``maybe_paid`` or ``free``.
        elapsed: seconds by the monotonic clock, None while running.
        lost: how many output pictures could not be stored; such a record answers no replay.
        problems: sentences about what could not be stored just now; empty when all is well.
    """

    id: str
    key: str
    take: int
    status: Status
    sandbox: bool
    timestamp: datetime
    prompt: str
    model: str
    model_sent: str
    model_answered: str | None
    provider: str
    wire: str
    aspect_ratio: str | None
    image_size: str | None
    parent: str | None
    notebook: str
    context: str
    inputs: tuple[Picture, ...]
    outputs: tuple[Picture, ...]
    text: str
    usage: Usage | None
    cost: Cost | None
    billing: Billing
    elapsed: float | None
    response_id: str | None
    request_id: str | None
    finish_reason: str | None
    warnings: tuple[str, ...]
    error_category: str | None
    error_message: str
    attempts: int
    lost: int
    starred: bool
    note: str
    tags: tuple[str, ...]
    problems: tuple[str, ...] = field(default=(), compare=False)
    shelf: Shelf = field(compare=False)

    @property
    def images(self) -> tuple[ImageData, ...]:
        """The output pictures, in order; read and checked by hash when first used."""
        return tuple(self.shelf.load(picture) for picture in self.outputs)

    @property
    def input_images(self) -> tuple[ImageData, ...]:
        """The input pictures, in order."""
        return tuple(self.shelf.load(picture) for picture in self.inputs)

    @property
    def turn(self) -> Turn | None:
        """The model's content as it came, for a conversation."""
        return self.shelf.turn(self.id)

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
        plain["outputs"] = [picture.sha256 for picture in self.outputs]
        plain["warnings"], plain["tags"] = list(self.warnings), list(self.tags)
        plain["usage"] = _usage_dict(self.usage)
        plain["cost"] = str(self.cost.amount) if self.cost and self.cost.amount is not None else None
        plain["currency"] = self.cost.currency if self.cost else None
        return plain

    def __repr__(self) -> str:
        prompt = self.prompt if len(self.prompt) <= 60 else self.prompt[:59] + "…"
        return f"<Record {self.id} {self.status} {self.model} {prompt!r}>"


_PLAIN: Final = tuple(
    f.name
    for f in fields(Record)
    if f.name not in ("timestamp", "prompt", "inputs", "outputs", "usage", "cost", "problems", "shelf")
)


def is_mark(tag: str) -> bool:
    """Whether a tag is the bookkeeping of 0.1.0 and not the user's (see ``places``)."""
    return _MARK.fullmatch(tag) is not None


def clean(text: str) -> str:
    """Text as UTF-8 can hold it: halves of a surrogate pair are joined, a lone half becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


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


def cost_of(row: Mapping[str, Any]) -> Cost | None:
    """The cost in the columns of a row; None where nothing was billed and no cost was given.

    Release 0.1.0 wrote a certain zero where it knew no price. What was or may have been billed is
    believed to have cost nothing only if a source says so.
    """
    billed = row["billing"] != "free" and not row["sandbox"]
    amount = None if row["amount"] is None else Decimal(row["amount"])
    if billed and (amount is None or (amount == 0 and not row["cost_source"])):
        return Cost(None, row["currency"] or "USD", certain=False)
    if not row["currency"]:
        return None
    return Cost(amount, row["currency"], bool(row["certain"]), row["cost_source"], row["cost_as_of"])


def usage_column(usage: Usage | None) -> str | None:
    """Token counts as JSON."""
    return None if usage is None else json.dumps(_usage_dict(usage))


def _usage_dict(usage: Usage | None) -> dict[str, int | None] | None:
    return None if usage is None else {f.name: getattr(usage, f.name) for f in fields(Usage)}


def from_row(
    row: Mapping[str, Any],
    inputs: Iterable[Picture],
    outputs: Iterable[Picture],
    shelf: Shelf,
    problems: tuple[str, ...] = (),
) -> Record:
    """The record a row of the table stands for.

    Raises:
        ValueError, TypeError, KeyError: the row holds what no release ever wrote.
    """
    usage = None if row["usage"] is None else Usage(**json.loads(row["usage"]))
    same = {
        name: row[name]
        for name in (
            "key", "take", "prompt", "model", "model_sent", "model_answered", "provider", "wire",
            "aspect_ratio", "image_size", "notebook", "context", "text", "elapsed", "response_id",
            "request_id", "finish_reason", "error_category", "error_message", "attempts", "lost",
        )
    }  # fmt: skip
    return Record(
        id=number_to_id(row["id"]),
        status=cast(Status, row["status"]),
        billing=cast(Billing, row["billing"]),
        sandbox=bool(row["sandbox"]),
        timestamp=datetime.fromisoformat(row["started"]),
        parent=None if row["parent"] is None else number_to_id(row["parent"]),
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        usage=usage,
        cost=cost_of(row),
        warnings=tuple(json.loads(row["warnings"])),
        starred=bool(row.get("starred", False)),
        note=row.get("note", ""),
        tags=tuple(tag for tag in json.loads(row.get("tags", "[]")) if not is_mark(tag)),
        problems=problems,
        shelf=shelf,
        **same,
    )


def instant(value: datetime | date | str | None) -> str | None:
    """A moment as the table stores it: UTC, microseconds, so that text sorts as time.

    A moment without a zone is local time, a bare date is its midnight.
    """
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return value.astimezone(UTC).isoformat(timespec="microseconds")
