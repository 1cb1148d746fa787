"""What an edit costs: a dated price book, and estimates computed from it.

A price is the newest row not after the day asked about, first among the user's own rows, then among
ours. The user's rows live in ``prices.toml`` in the user's config folder for ``nb_banana``, or in the
file that ``NB_BANANA_PRICES`` names::

    [[price]]
    provider = "apiyi"              # apiyi, google, openrouter or custom
    model = "nano-banana-pro"       # an id or a nickname; "*" for every model
    size = ["1K", "2K"]             # optional: one size or several; all if left out
    usd = "0.045"                   # dollars per finished picture
    cny = "0.27"                    # optional: yuan for the same picture
    as_of = "2026-11-01"            # optional: the row counts from this day on

What is billed by token has rows of its own, in dollars per million tokens; the reply's own count decides::

    [[token_price]]
    provider = "apiyi"
    model = "gpt-image-2.5-flare"
    text_in = "5"
    image_in = "8"
    image_out = "30"

A price nobody knows is ``Cost(None)``: it is never guessed, and a budget refuses it.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from math import ceil
from pathlib import Path
from typing import Any

import platformdirs

from .. import _text
from .._files import read_regular
from .._strings import say
from ..errors import InvalidRequestError
from .cost import Cost
from .load import load
from .models import ModelInfo, all_sizes, check_model, day_of, find_model, meant_size, one_of, shown
from .names import ModelName, ProviderName, Size
from .providers import Provider, as_provider, named_provider, provider_names
from .sizes import pixels_of
from .tokens import TokenPrice

# --- the book -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What one finished picture costs at a provider, from ``as_of`` on."""

    provider: str
    model: str
    sizes: tuple[str, ...]
    usd: Decimal
    cny: Decimal | None
    as_of: str
    source: str
    certain: bool

    def covers(self, provider: str, models: tuple[str, ...], size: str, day: str) -> bool:
        """Whether the row speaks about this provider, model and size on this day."""
        return (
            self.provider == provider
            and (self.model == "*" or self.model in models)
            and (not self.sizes or size in self.sizes)
            and self.as_of <= day
        )


def _row(row: Mapping[str, Any], source: str) -> PriceRow:
    size = row.get("size", ())
    model = row["model"]
    known = None if model == "*" else find_model(model, row["provider"]).info
    return PriceRow(
        provider=row["provider"].lower(),
        model=known.id if known else model,
        sizes=(size,) if isinstance(size, str) else tuple(size),
        usd=_amount(row["usd"]),
        cny=_amount(row["cny"]) if "cny" in row else None,
        as_of=day_of(row["as_of"]) if "as_of" in row else "",
        source=row.get("source", source),
        certain=row.get("certain", True),
    )


def _amount(value: Any) -> Decimal:
    amount = Decimal(str(value))
    if not amount.is_finite() or amount < 0:
        raise ValueError(say("catalog.bad_amount", value=shown(value)))
    return amount


@cache
def _book() -> dict[str, Any]:
    return load("prices")


def _token_row(row: Mapping[str, Any], source: str) -> TokenPrice:
    known = None if row["model"] == "*" else find_model(row["model"], row["provider"]).info
    as_of = day_of(row["as_of"]) if "as_of" in row else ""
    return TokenPrice.of(row, source, known.id if known else row["model"], as_of)


Rows = tuple[tuple[PriceRow, ...], tuple[TokenPrice, ...]]
"""By picture and by token."""


def _rows(document: Mapping[str, Any], source: str) -> Rows:
    return (
        tuple(_row(row, source) for row in document.get("price", ())),
        tuple(_token_row(row, source) for row in document.get("token_price", ())),
    )


@cache
def _our_rows() -> Rows:
    return _rows(_book(), "nb_banana")


_COLUMNS = {
    "price": ("provider", "model", "size", "usd", "cny", "as_of", "source", "certain"),
    "token_price": ("provider", "model", "text_in", "image_in", "image_out", "as_of", "source"),
}
_LARGEST = 4 * 2**20
_LIKE = 0.6
"""From which likeness on an unknown provider is a slip of a known one."""
_MOST_EDITS = 10**9


def prices_file() -> Path:
    """Where the user's own prices are looked for."""
    named = os.environ.get("NB_BANANA_PRICES")
    if named:
        return Path(os.path.expanduser(named))  # noqa: PTH111 - leaves an unknown ~user as it is
    return platformdirs.user_config_path("nb_banana", appauthor=False) / "prices.toml"


def _user_rows() -> Rows:
    path = prices_file()
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        if os.environ.get("NB_BANANA_PRICES"):
            raise InvalidRequestError(say("catalog.no_prices_file", path=path)) from None
        return (), ()
    except (OSError, ValueError) as error:
        raise InvalidRequestError(
            say("catalog.bad_prices_file", path=path, reason=getattr(error, "strerror", None) or error)
        ) from None
    return _read_rows(path, stamp)


@lru_cache(maxsize=4)
def _read_rows(path: Path, _stamp: int) -> Rows:
    """The user's rows; ``_stamp`` makes an edited file be read again."""
    try:
        document = tomllib.loads(read_regular(path, _LARGEST).decode("utf-8-sig"), parse_float=Decimal)
        _check_rows(document)
        return _rows(document, str(path))
    except KeyError as error:
        reason = say("catalog.price_row_lacks", name=error.args[0])
    except ArithmeticError:
        reason = say("catalog.bad_amount", value="usd / cny / text_in / image_in / image_out")
    except InvalidRequestError as error:
        reason = error.message
    except RecursionError as error:
        reason = str(error)
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, TypeError, AttributeError) as error:
        reason = str(error)
    raise InvalidRequestError(say("catalog.bad_prices_file", path=path, reason=reason))


def _check_rows(document: Mapping[str, Any]) -> None:
    """Refuse what would be passed over in silence, so that another price held than the one written there.

    A model may be anybody's: its id is not looked up.

    Raises:
        ValueError: with what is wrong.
    """
    for table, rows in document.items():
        if table not in _COLUMNS and not isinstance(rows, (list, dict)):  # a line of one's own above
            continue
        _one_of(table, tuple(_COLUMNS))
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            _one_of(f"[{table}]", (f"[[{table}]]",))
        for row in rows:
            for column in row.keys() - {"note"}:
                _one_of(column, _COLUMNS[table])
            _near_none(str(row.get("provider", "custom")).lower(), provider_names())
            sizes = row.get("size", ())
            for size in (sizes,) if isinstance(sizes, str) else sizes:
                if not size_is_free(size):
                    _one_of(size, all_sizes())
            _one_of(row.get("certain", True), (True, False))


def _near_none(name: str, known: tuple[str, ...]) -> None:
    """Refuse the slip of a name; what is like none of them is of a plugin that is not installed here."""
    if name not in known and difflib.get_close_matches(name, known, 1, _LIKE):
        _one_of(name, known)


def _one_of(value: object, choices: tuple[Any, ...]) -> None:
    if value not in choices:
        known = one_of([str(choice).lower() if isinstance(choice, bool) else choice for choice in choices])
        raise ValueError(say("catalog.price_row_odd", value=shown(value), choices=known))


def _find_row(
    provider: Provider, model: str | ModelInfo | None, size: str | None, day: str
) -> PriceRow | None:
    choice = None if isinstance(model, ModelInfo) else find_model(model, provider)
    info = model if isinstance(model, ModelInfo) else choice.info if choice else None
    names = (info.id,) if info else (choice.sent_id,) if choice else ()
    wanted = size or (info.default_size if info else "1K")
    if provider.price is not None:
        word = say("catalog.own_word")
        return PriceRow(provider.name, "*", (), provider.price, None, "", word, certain=True)
    asked = (provider.name, names, wanted, day)
    rows, by_token = _user_rows()
    if own := _newest(rows, *asked):
        return own
    return None if _token_row_of(by_token, provider.name, names, day) else _our_row(*asked)


def _newest(
    rows: tuple[PriceRow, ...], provider: str, models: tuple[str, ...], size: str, day: str
) -> PriceRow | None:
    """The row that decides, among those that speak about this."""
    fitting = [row for row in rows if row.covers(provider, models, size, day)]
    return max(fitting, key=lambda row: (row.as_of, row.model != "*", bool(row.sizes)), default=None)


def _token_row_of(
    rows: tuple[TokenPrice, ...], provider: str, models: tuple[str, ...], day: str
) -> TokenPrice | None:
    named = (*models, "*")
    fitting = [row for row in rows if row.provider == provider and row.model in named and row.as_of <= day]
    return max(fitting, key=lambda row: (row.as_of, row.model != "*"), default=None)


@lru_cache(maxsize=256)
def _our_row(provider: str, models: tuple[str, ...], size: str, day: str) -> PriceRow | None:
    return _newest(_our_rows()[0], provider, models, size, day)


def price(
    model: str | ModelInfo | None,
    image_size: str | None = None,
    provider: str | Provider = "apiyi",
    as_of: str | date | None = None,
) -> Cost:
    """Dollars for one finished picture; ``Cost(None)`` when the book has no row for it."""
    at, day = as_provider(provider), day_of(as_of)
    row = _find_row(at, model, image_size, day)
    if row is None:
        return _by_token(at, model, image_size, day)
    return Cost(row.usd, certain=row.certain, source=row.source, as_of=row.as_of)


def token_price(
    model: str | ModelInfo | None,
    provider: str | Provider = "apiyi",
    as_of: str | date | None = None,
    image_size: str | None = None,
) -> TokenPrice | None:
    """What tokens of ``model`` cost, or None where it is not billed by token or nobody knows."""
    at, day = as_provider(provider), day_of(as_of)
    if _find_row(at, model, image_size, day) is not None:
        return None
    choice = None if isinstance(model, ModelInfo) else find_model(model, at)
    info = model if isinstance(model, ModelInfo) else choice.info if choice else None
    asked = (at.name, (info.id if info else choice.sent_id if choice else "",), day)
    return _token_row_of(_user_rows()[1], *asked) or _token_row_of(_our_rows()[1], *asked)


def _by_token(at: Provider, model: str | ModelInfo | None, size: str | None, day: str) -> Cost:
    """The picture alone at a price by token, where its tokens are published; unknown elsewhere."""
    rate = token_price(model, at, day, size)
    info = model if isinstance(model, ModelInfo) else find_model(model, at).info
    if rate is None or info is None or size_is_free(size):
        return Cost(None, certain=False)
    return rate.picture(info.output_tokens(size, as_of=day))


def size_is_free(size: str | None) -> bool:
    """Whether a size is typed out in pixels."""
    return pixels_of(size) is not None


def _rate(table: str, day: str, provider: str = "") -> tuple[Decimal, Decimal, str] | None:
    """The newest dollars-to-yuan pair not after ``day`` (or the oldest there is), and its day."""
    rows = [row for row in _book()[table] if row.get("provider", "") == provider]
    chosen = max((row for row in rows if row["as_of"] <= day), key=lambda row: row["as_of"], default=None)
    return (Decimal(chosen["usd"]), Decimal(chosen["cny"]), chosen["as_of"]) if chosen else None


def _yuan(cost: Cost, rate: tuple[Decimal, Decimal, str] | None) -> Cost:
    """``cost`` in yuan; multiply first, so that a rate implied by an example gives the example back."""
    if cost.amount is None or rate is None:
        return Cost(None, "CNY", certain=False)
    usd, cny, as_of = rate
    return Cost(cost.amount * cny / usd, "CNY", certain=False, source=cost.source, as_of=as_of)


def in_yuan(cost: Cost, as_of: str | date | None = None) -> Cost:
    """About what dollars are in yuan, by the book's newest exchange rate; ``as_of`` is then the rate's day.

    A provider's top-up bonus is not in it: who gets one, and when they topped up, nobody here knows.
    """
    return _yuan(cost, _rate("exchange", day_of(as_of)))


# --- estimates ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Estimate:
    """What a job would cost and take, computed from the price book of one day.

    Attributes:
        image_size: the size asked for; ``priced_size`` the one the figures are for, or None.
        supported: False if the model does not make the size asked for; ``note`` then says what it makes.
        cost, cost_cny: at the provider; in yuan after its top-up bonus, where known.
        official, official_cny: the same job at Google; in yuan at the exchange rate of the book.
        seconds: lowest and highest usual time of the whole job, or None where nobody has told.
        rate: the prices by token where it is billed so; then ``cost`` is unknown before the reply counts.
    """

    count: int
    model: ModelInfo
    provider: str
    image_size: str
    priced_size: str | None
    note: str
    cost: Cost
    cost_cny: Cost
    official: Cost
    official_cny: Cost
    seconds: tuple[float, float] | None
    rate: TokenPrice | None = None

    @property
    def supported(self) -> bool:
        """Whether the model makes the size asked for."""
        return self.priced_size == self.image_size

    @property
    def share(self) -> Decimal | None:
        """Dollars paid as a share of the official dollars: 0.37 is 37 %."""
        return _share(self.cost, self.official)

    @property
    def share_cny(self) -> Decimal | None:
        """The same in yuan, after the top-up bonus and at the exchange rate of the book."""
        return _share(self.cost_cny, self.official_cny)

    def __str__(self) -> str:
        return _text.plain("\n".join(_lines(self)))

    __repr__ = __str__


def _share(part: Cost, whole: Cost) -> Decimal | None:
    return part.amount / whole.amount if part.amount is not None and whole.amount else None


def _lines(estimate: Estimate) -> Iterator[str]:
    day = estimate.official.as_of if estimate.cost.amount is None else estimate.cost.as_of
    yield say(
        "catalog.estimate_head",
        count=estimate.count,
        model=estimate.model.nickname,
        size=estimate.image_size,
        provider=as_provider(estimate.provider).title,
        day=say("catalog.prices_of", day=day) if day else "",
    )
    if estimate.note:
        yield f"  {estimate.note}"
    if estimate.priced_size is None:
        return
    yield "  " + say("catalog.estimate_cost", cost=_both(estimate.cost, estimate.cost_cny))
    if estimate.rate is not None:
        yield "  " + say(
            "catalog.estimate_tokens", text_in=f"{estimate.rate.text_in:f}",
            image_in=f"{estimate.rate.image_in:f}", image_out=f"{estimate.rate.image_out:f}",
        )  # fmt: skip
    if estimate.official.amount is not None and estimate.provider not in (estimate.model.maker, "sandbox"):
        yield "  " + say(
            "catalog.estimate_official",
            cost=_both(estimate.official, estimate.official_cny),
            share=_shares(estimate),
        )
    if estimate.seconds is not None:
        yield "  " + say("catalog.estimate_time", time=_text.span(*estimate.seconds))


def _both(usd: Cost, cny: Cost) -> str:
    return f"{usd} ({cny})" if cny.amount else str(usd)


def _number(name: str, value: object, least: int = 0) -> int:
    number = _text.whole(value, least, _MOST_EDITS)
    if number is None:
        raise InvalidRequestError(
            say("catalog.bad_count", name=name, value=shown(value), least=least, most=_MOST_EDITS)
        )
    return number


def _shares(estimate: Estimate) -> str:
    if not estimate.share:
        return ""
    if estimate.share_cny is None:
        return say("catalog.estimate_share", usd=f"{estimate.share:.0%}")
    return say("catalog.estimate_shares", usd=f"{estimate.share:.0%}", cny=f"{estimate.share_cny:.0%}")


def estimate(
    model: ModelName | ModelInfo | None = None,
    image_size: Size | None = None,
    count: int = 1,
    images: int = 1,
    provider: ProviderName | Provider = "apiyi",
    *,
    as_of: str | date | None = None,
    concurrency: int = 1,
) -> Estimate:
    """What ``count`` edits would cost and take.

    A model that lacks ``image_size`` is priced one size lower if it makes that one (the note says so);
    two sizes lower is another job, and gets no figures.

    Args:
        model: an id or a nickname; the provider's default if None.
        image_size: the model's default if None.
        count: how many finished pictures.
        images: input pictures per edit; more than the model handles well is noted.
        provider: whose prices.
        as_of: the day whose prices count, ``"2025-11-20"`` or a ``date``; today if None.
        concurrency: how many edits run at once.
    """
    count, images = _number("count", count), _number("images", images)
    concurrency = _number("concurrency", concurrency, 1)
    at, day = named_provider(provider), day_of(as_of)
    info = model if isinstance(model, ModelInfo) else find_model(model, at).info
    if info is None:
        raise InvalidRequestError(say("catalog.cannot_estimate", model=shown(model)))
    size = image_size or info.default_size
    typed_out = info.free is not None and size_is_free(size)
    if typed_out:
        check_model(info, None, size)
    elif size not in all_sizes():
        meant = meant_size(size)
        raise InvalidRequestError(
            say("catalog.bad_size", value=shown(size), choices=one_of(all_sizes())),
            hint=say("catalog.did_you_mean", value=meant).strip() if meant in all_sizes() else "",
        )
    priced = size if typed_out else _priced_size(info, size)
    cost, cny = _cost(info, priced, at, day, count)
    official = price(info, priced, info.maker, day) * count if priced else Cost(None, certain=False)
    return Estimate(
        count=count,
        model=info,
        provider=at.name,
        image_size=size,
        priced_size=priced,
        note=_note(info, size, priced, images),
        cost=cost,
        cost_cny=cny,
        official=official,
        official_cny=_yuan(official, _rate("exchange", day)),
        seconds=_job_seconds(info, priced, at, ceil(count / concurrency)),
        rate=token_price(info, at, day, priced),
    )


def usual_seconds(
    info: ModelInfo, image_size: Size | None, provider: Provider
) -> tuple[float, float] | None:
    """Lowest and highest usual time of one edit; None where nobody has told."""
    size = image_size or info.default_size
    typed_out = info.free is not None and size_is_free(size)
    return _job_seconds(info, size if typed_out else _priced_size(info, size), provider, 1)


def _priced_size(info: ModelInfo, size: str) -> str | None:
    if size in info.image_sizes:
        return size
    known = all_sizes()
    lower = known[max(known.index(size) - 1, 0)]
    return lower if lower in info.image_sizes else None


def _note(info: ModelInfo, size: str, priced: str | None, images: int) -> str:
    notes = []
    if priced is None:
        notes.append(
            say("catalog.size_missing", model=info.nickname, size=size, choices=one_of(info.image_sizes))
        )
    elif priced != size:
        notes.append(say("catalog.size_only", model=info.nickname, size=size, priced=priced))
    if images > info.advised_images:
        notes.append(say("catalog.many_images", model=info.nickname, advised=info.advised_images))
    return " ".join(notes)


def _cost(info: ModelInfo, size: str | None, at: Provider, day: str, count: int) -> tuple[Cost, Cost]:
    row = _find_row(at, info, size, day) if size else None
    if row is None:
        cost = (_by_token(at, info, size, day) if size else Cost(None, certain=False)) * count
        return cost, _yuan(cost, _rate("top_up", day, at.name))
    cost = Cost(row.usd, certain=row.certain, source=row.source, as_of=row.as_of) * count
    if row.cny is not None:
        return cost, Cost(row.cny * count, "CNY", row.certain, row.source, row.as_of)
    return cost, _yuan(cost, _rate("top_up", day, at.name))


def _job_seconds(info: ModelInfo, size: str | None, at: Provider, rounds: int) -> tuple[float, float] | None:
    if size is None:
        return None
    span = at.seconds or info.typical_seconds(size)
    return None if span is None else (span[0] * rounds, span[1] * rounds)
