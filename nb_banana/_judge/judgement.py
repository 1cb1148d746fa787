"""One answer of a judge as a value, and how often one value of an axis was preferred to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .parsing import PARSER, Reading, Value

if TYPE_CHECKING:
    from .._history.answers import Kept
    from .items import Item

_UNASKED: Final = Reading("unasked")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer of a judge, or why there is none.

    Attributes:
        item: what was asked.
        reading: ``status``, ``scores`` and ``reason``.
        kept: the question as the history keeps it, with the raw answer; None where it was not asked.
        parser: the version of the parser that read it.
    """

    item: Item
    reading: Reading = _UNASKED
    kept: Kept | None = None
    parser: int = PARSER

    @property
    def status(self) -> str:
        """``scored``, ``unparsable``, ``refused``, ``failed`` or ``unasked``."""
        return self.reading.status

    @property
    def scores(self) -> Mapping[str, Value]:
        """What was read, by name; empty unless it is scored."""
        return self.reading.scores

    @property
    def raw(self) -> str:
        """The answer as it came."""
        return self.kept.record.text if self.kept else ""

    def row(self, cells: Sequence[Any]) -> dict[str, Any]:
        """All that is known of it, as plain values."""
        facts = dict(self.kept.facts) if self.kept else {}
        record = self.kept.record if self.kept else None
        cost = record.cost if record and record.billing != "free" else None
        return {
            "cell": self.item.cells[0], "other": self.item.cells[1] if len(self.item.cells) > 1 else None,
            "image": cells[self.item.cells[0]].image, "instruction": cells[self.item.cells[0]].prompt,
            "values": " | ".join(self.item.values), "ask": self.item.ask.name, "pass": self.item.number,
            "swapped": self.item.swapped, "status": self.status, "reason": self.reading.reason,
            **{f"score_{name}": value for name, value in self.scores.items()},
            "raw": self.raw, "parser": self.parser,
            **{name: facts.get(name) for name in _FACTS},
            "sent": " ".join(f"{w}x{h}" for w, h in facts.get("sent", [])),
            "model_sent": record.model_sent if record else None,
            "model_answered": record.model_answered if record else None,
            "provider": record.provider if record else None, "wire": record.wire if record else None,
            "sandbox": record.sandbox if record else None, "seconds": record.elapsed if record else None,
            "finish_reason": record.finish_reason if record else None,
            "billing": record.billing if record else None,
            "cost": float(cost.amount) if cost and cost.amount is not None else None,
            "currency": cost.currency if cost else None,
            "record": record.id if record else None, "judged": " ".join(self.item.of),
            "asked_at": record.timestamp if record else None,
        }  # fmt: skip


_FACTS: Final = (
    "model", "protocol", "protocol_version", "protocol_sha256", "prompt_sha256", "temperature", "seed",
    "longest_edge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preference:
    """How often one value was preferred to another.

    Attributes:
        first, second: the values.
        wins, losses, ties: of the first, in pairs that were answered in both orders.
        turned: ties of pairs whose two answers were not the same: who turns with the order said nothing.
        stayed_first, stayed_second: of those, how often the place shown first, or second, was named twice.
        lacking: pairs in which an answer has no score.
    """

    first: str
    second: str
    wins: int = 0
    losses: int = 0
    ties: int = 0
    turned: int = 0
    stayed_first: int = 0
    stayed_second: int = 0
    lacking: int = 0
