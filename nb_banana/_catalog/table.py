"""``nb.models()``: the catalog as a table that reads well in a terminal, a notebook and on GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import _text
from .._strings import say
from .cost import Cost
from .models import MODELS, ModelInfo
from .names import ProviderName
from .prices import price, token_price
from .providers import Provider, as_provider, named_provider


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model as the table shows it; ``model`` is the whole row of the catalog."""

    model: ModelInfo
    id: str
    nickname: str
    status: str
    image_sizes: tuple[str, ...]
    aspect_ratios: tuple[str, ...]
    seconds: tuple[float, float] | None
    prices: tuple[Cost, ...]
    official: tuple[Cost, ...]
    by_token: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ModelTable(Sequence[ModelRow]):
    """The models with one provider's prices: iterate it, index it, or just look at it."""

    rows: tuple[ModelRow, ...]
    provider: str

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[ModelRow]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return "\n".join((*_text.aligned(self._cells(), rule="─"), self._caption()))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/markdown": self.to_markdown()}

    def to_markdown(self) -> str:
        """The table as Markdown; prices are code, for two $ in a line would be read as a formula."""
        shown = (tuple(f"`{text}`" if "$" in text else text for text in cells) for cells in self._cells())
        head, *rows = ("| " + " | ".join(cells) + " |" for cells in shown)
        rule = "|" + " --- |" * len(_COLUMNS)
        return "\n".join((head, rule, *rows, "", self._caption()))

    def to_dataframe(self) -> Any:
        """The table as a pandas ``DataFrame``."""
        import pandas as pd  # of the research extra

        head, *rows = self._cells()
        return pd.DataFrame(rows, columns=head)

    def _cells(self) -> list[tuple[str, ...]]:
        title = as_provider(self.provider).title
        head = tuple(say(f"catalog.column_{name}", provider=title) for name in _COLUMNS)
        return [head, *(_cells(row) for row in self.rows)]

    def _caption(self) -> str:
        guide = as_provider(self.provider).guide
        priced = [cost for row in self.rows for cost in row.prices if cost.amount is not None]
        official = [cost for row in self.rows for cost in row.official]  # what is free has no day of its own
        days = sorted({cost.as_of for cost in priced if cost.as_of} or {cost.as_of for cost in official})
        if any(row.by_token for row in self.rows) and not priced:
            parts = [say("catalog.table_by_token")]
        elif priced:
            parts = [say("catalog.table_caption", days=f"{days[0]} … {days[-1]}")]
        else:
            parts = [say("catalog.table_no_prices", provider=self.provider)]
        return " ".join(parts + ([say("catalog.table_guide", guide=guide)] if guide else []))


_COLUMNS = ("name", "id", "sizes", "ratios", "seconds", "price", "official", "status")


def _cells(row: ModelRow) -> tuple[str, ...]:
    low, high = row.seconds or (0, 0)
    paces = f"{low:g}–{high:g}" if low != high else f"{low:g}" if row.seconds else "–"
    return (
        row.nickname,
        row.id,
        " ".join(row.image_sizes),
        str(len(row.aspect_ratios)),
        paces,
        _joined(row.prices, by_token=row.by_token),
        _joined(row.official, by_token=row.by_token),
        say(f"catalog.status_{row.status}"),
    )


def _joined(costs: Sequence[Cost], *, by_token: bool) -> str:
    """One figure where every size costs the same, else one per size."""
    if by_token and all(cost.amount is None for cost in costs):
        return say("catalog.by_token")
    first, *others = (say("catalog.no_price") if cost.amount is None else str(cost) for cost in costs)
    return first if set(others) <= {first} else " / ".join((first, *(text.lstrip("≈") for text in others)))


def models(provider: ProviderName | Provider = "apiyi", as_of: str | date | None = None) -> ModelTable:
    """Every model of the catalog, with the prices of ``provider`` on ``as_of`` (default today).

    Wherever a model is asked for, a short name does as well: ``pro``, ``nb`` (nano-banana), ``nb2``,
    ``lite``, ``2.1``; ``row.model.nicknames`` has all of them.

    Raises:
        InvalidRequestError: there is no such provider; the sentence names those there are.
    """
    at = named_provider(provider)

    def row(info: ModelInfo) -> ModelRow:
        spans = [span for size in info.image_sizes if (span := info.typical_seconds(size))]
        return ModelRow(
            model=info,
            id=info.id_for(at) or info.id,
            nickname=info.nickname,
            status=info.status,
            image_sizes=info.image_sizes,
            aspect_ratios=info.aspect_ratios,
            seconds=(min(low for low, _ in spans), max(high for _, high in spans)) if spans else None,
            prices=tuple(price(info, size, at, as_of) for size in info.image_sizes),
            official=tuple(price(info, size, info.maker, as_of) for size in info.image_sizes),
            by_token=token_price(info, at, as_of) is not None,
        )

    return ModelTable(tuple(row(info) for info in MODELS.values()), at.name)
