"""What each model is and can do, what a name means at a provider, and what may be asked of it.

Rules of this file:

* A capability is a row, never a test on the model's name.
* A model the catalog does not know is sent as given, with a warning: the world moves faster than we do.
* ``"=…"`` is sent as it is typed, at any provider: a relay's own id may be what is a nickname here. At an
  address of one's own every id is sent as typed.
* An id a *known* provider has retired is redirected to the one that replaced it, with a warning. A
  custom URL gets every id as given, since only its owner knows what it serves there; if every known
  provider has retired the id, a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from math import gcd, log
from typing import Any, Final, Literal

from .._strings import language, quoted, say
from ..errors import InvalidRequestError
from .load import Loaded, load
from .names import Ratio, Size
from .providers import PROVIDERS, Provider, as_provider
from .sizes import FreeSizes, fraction, pixels_of

MAX_NAME = 200
"""Characters of a model's name: the longest path to one that a cloud gives has some 150."""
_HALF = re.compile("[\ud800-\udfff]")
_EDGE_DIGITS = 6
_OFF = 0.03
"""How far pixels that were typed out may be from the ratio typed beside them."""
_SHOWN = 60  # characters of a value worth repeating in an error


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a model; ``certain`` is False where sources disagree."""

    date: str
    what: str
    source: str
    provider: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Retired:
    """An id that no longer answers: since when, at which providers."""

    id: str
    providers: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class TokenRow:
    """Output tokens of one picture by size, as published on ``as_of``."""

    as_of: str
    source: str
    sizes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One model: its names, its choices, its pixels, its pace.

    Attributes:
        nickname: the short name for people; ``nicknames`` holds every other one that is understood.
        provider_ids: the id to send, by provider; a provider without an entry is not known to offer it.
        snapshots: dated ids that are sent as given.
        status: ``current`` or ``deprecated``; ``events`` has the dates and where they come from.
        image_sizes: the sizes it makes, smallest first.
        size_parameter: whether a size may be sent at all.
        max_images: most input pictures; ``advised_images`` is how many it handles well.
        maker: the provider whose price is the official one.
        wires: those that carry it, the best one first; a place may take every model over every wire.
        free: the limits of its sizes where they are free, else None.
        qualities: what ``extra={"quality": …}`` may be, cheapest first; empty where there is no choice.
        seed: ``"none"``; ``"unproven"`` where it is taken and nobody has shown that it repeats a picture.
        max_prompt: characters of a prompt at most, or None.
        mime_types, max_image_bytes: of an input, where the model and not the provider sets them.
    """

    id: str
    nickname: str
    nicknames: tuple[str, ...]
    title: str
    status: str
    provider_ids: Mapping[str, str] = field(compare=False)
    aspect_ratios: tuple[str, ...]
    image_sizes: tuple[str, ...]
    size_parameter: bool
    max_images: int
    advised_images: int
    events: tuple[Event, ...]
    retired: tuple[Retired, ...] = field(compare=False)
    tokens: tuple[TokenRow, ...] = field(repr=False, compare=False)
    cells: Mapping[tuple[str, str], tuple[int, int]] = field(repr=False, compare=False)
    seconds: Mapping[str, tuple[float, float]] = field(repr=False, compare=False)
    maker: str = "google"
    wires: tuple[str, ...] = ()
    free: FreeSizes | None = None
    qualities: tuple[str, ...] = ()
    seed: Literal["none", "unproven"] = "none"
    max_prompt: int | None = None
    mime_types: tuple[str, ...] = ()
    max_image_bytes: int | None = None
    snapshots: tuple[str, ...] = ()

    @property
    def default_size(self) -> str:
        """The size made when none is asked for."""
        return "1K"

    def pixels(self, aspect_ratio: Ratio, image_size: Size | None = None) -> tuple[int, int]:
        """Width and height of a finished picture; ``None`` is the default size."""
        check_model(self, aspect_ratio, image_size)
        size = image_size or self.default_size
        if self.free is None:
            return self.cells[aspect_ratio, size]
        return pixels_of(size) or self.free.pixels(aspect_ratio, size)

    def output_tokens(
        self, image_size: Size | None = None, *, as_of: str | date | None = None
    ) -> int | None:
        """Tokens of one finished picture, by the newest row not after ``as_of`` (default today); None where
        nobody published them.
        """
        day = day_of(as_of)
        rows = [row for row in self.tokens if row.as_of <= day] or list(self.tokens[:1])
        return rows[-1].sizes.get(image_size or self.default_size) if rows else None

    def typical_seconds(self, image_size: Size | None = None) -> tuple[float, float] | None:
        """Lowest and highest usual time of one edit, or None where nobody has told."""
        return self.seconds.get(image_size or self.default_size)

    def nearest_ratio(self, width: int, height: int) -> str:
        """The ratio on offer that is closest to ``width`` by ``height``."""
        wanted = log(width / height)
        gaps = [abs(_shape(ratio) - wanted) for ratio in self.aspect_ratios]
        return self.aspect_ratios[gaps.index(min(gaps))]

    def id_for(self, provider: str | Provider) -> str | None:
        """The id to send to ``provider``, or None if it is not known to offer the model."""
        at = as_provider(provider)
        return self.provider_ids.get(at.name, self.provider_ids.get("custom") if at.anywhere else None)

    def wires_at(self, provider: str | Provider) -> tuple[str, ...]:
        """The wires that carry this model to ``provider``, its best one first."""
        at = as_provider(provider)
        return tuple(wire for wire in at.wires if at.any_wire or wire in self.wires)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What a name means at a provider: the model (None if unknown), the id to send, and what to say."""

    info: ModelInfo | None
    sent_id: str
    warnings: tuple[str, ...] = ()
    renamed: bool = False
    """Whether a nickname stands for the id that is sent."""


# --- the rows -----------------------------------------------------------------------------------


@cache
def _document() -> dict[str, Any]:
    return load("models")


def _cells(
    table: Mapping[str, Any], ratios: Sequence[str], sizes: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    def scaled(edge: int, size: str) -> int:
        return int(edge * Fraction(table["scale"][size]))

    return {
        (ratio, size): (scaled(table["cells"][ratio][0], size), scaled(table["cells"][ratio][1], size))
        for ratio in ratios
        for size in sizes
    }


_OWN: Final = ("maker", "seed", "max_prompt", "max_image_bytes")
_LISTS: Final = ("wires", "qualities", "mime_types", "snapshots")


def _model(row: Mapping[str, Any], document: Mapping[str, Any]) -> ModelInfo:
    ratios = tuple(document["ratios"][row["ratios"]])
    sizes = tuple(row["image_sizes"])
    free = FreeSizes(**document["free"][row["free"]]) if "free" in row else None
    own: dict[str, Any] = {name: row[name] for name in _OWN if name in row}
    own |= {name: tuple(row[name]) for name in _LISTS if name in row}
    return ModelInfo(
        id=row["id"],
        nickname=row["nickname"],
        nicknames=tuple(row["nicknames"]),
        title=row["title"],
        status=row["status"],
        provider_ids=row["provider_ids"],
        aspect_ratios=ratios,
        image_sizes=sizes,
        size_parameter=row["size_parameter"],
        max_images=row["max_images"],
        advised_images=row["advised_images"],
        events=tuple(Event(**event) for event in row["events"]),
        retired=tuple(Retired(**retired) for retired in row.get("retired", ())),
        tokens=tuple(TokenRow(**tokens) for tokens in row["tokens"]),
        cells=(
            {(ratio, size): free.pixels(ratio, size) for ratio in ratios for size in sizes}
            if free
            else _cells(document["pixels"][row["pixels"]], ratios, sizes)
        ),
        seconds={size: (low, high) for size, (low, high) in row.get("typical_seconds", {}).items()},
        free=free,
        **own,
    )


def _load() -> dict[str, ModelInfo]:
    document = _document()
    return {row["id"]: _model(row, document) for row in document["model"]}


class _Models(Loaded[ModelInfo]):
    """Every model by its id; looked up by any name that is understood, listed by ids alone."""

    def __getitem__(self, name: str) -> ModelInfo:
        try:
            return super().__getitem__(name)
        except KeyError:
            found = _names().get(name) or _names().get(_key(name)) if isinstance(name, str) else None
        if found is None:
            raise KeyError(say("catalog.no_model", name=shown(name), known=", ".join(self)))
        return found[0]


MODELS: Mapping[str, ModelInfo] = _Models(_load)


def recommended_deadline(image_size: str | None = None, n_images: int = 1) -> float:
    """Seconds after which an edit of any model takes longer than usual."""
    return _seconds("recommended", image_size, n_images)


def deadline(image_size: str | None = None, n_images: int = 1) -> float:
    """Seconds after which we hang up on any model; an unknown size gets the longest."""
    return _seconds("hard", image_size, n_images)


def _seconds(kind: str, image_size: str | None, n_images: int) -> float:
    table = _document()["deadlines"]
    by_size: Mapping[str, int] = table[kind]
    extra = table["several_inputs"] if n_images > 1 else 0
    return float(by_size.get(image_size or "1K", max(by_size.values())) + extra)


def day_of(as_of: str | date | None) -> str:
    """``as_of`` as an ISO day, which sorts as text; ``None`` is today."""
    if as_of is None:
        return date.today().isoformat()
    try:
        return (as_of if isinstance(as_of, date) else date.fromisoformat(as_of)).isoformat()[:10]
    except (ValueError, TypeError):
        raise InvalidRequestError(say("catalog.bad_day", value=shown(as_of))) from None


# --- what a name means --------------------------------------------------------------------------


def _key(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name.strip().lower())


@cache
def _shape(ratio: str) -> float:
    """A ratio on a scale on which twice as wide is as far as twice as high."""
    return log(fraction(ratio) or 1)


@cache
def _names() -> dict[str, tuple[ModelInfo, bool]]:
    """Every name that is understood → its model, and whether the name is an id (else a nickname)."""
    names: dict[str, tuple[ModelInfo, bool]] = {}
    for info in MODELS.values():
        for nickname in (info.nickname, *info.nicknames, info.title):
            names[_key(nickname)] = (info, False)
        retired = (one.id for one in info.retired)
        for known in (info.id, *info.snapshots, *info.provider_ids.values(), *retired):
            names[known] = (info, True)
    return names


def find_model(name: str | None = None, provider: str | Provider = "custom") -> ModelChoice:
    """The model ``name`` (an id or a nickname) means at ``provider``; ``None`` is its default model."""
    at = as_provider(provider)
    if not (name is None or isinstance(name, str)):
        raise InvalidRequestError(say("catalog.model_not_text", kind=type(name).__name__))
    typed = (name or at.default_model).strip()
    if not typed and not at.default_model:
        sentence = say("catalog.no_default", provider=at.title)
        raise InvalidRequestError(sentence, hint=say("catalog.no_default_hint"))
    literal = typed.removeprefix("=").strip()
    given = literal.removeprefix("models/")
    bare = given.lower().removeprefix(at.id_prefix)
    info, is_id = _names().get(bare) or _names().get(_key(bare)) or (None, False)
    if typed[:1] == "=":
        if not literal:
            raise InvalidRequestError(say("catalog.no_literal"))
        return ModelChoice(info, literal)
    if info is None:  # what a server of one's own runs nobody else knows
        return ModelChoice(None, given, () if given == at.default_model else (_unknown(given, at),))
    warnings = list(_closing(info, at))
    if not is_id:
        if info.id_for(at) is None:
            warnings.append(say("catalog.not_listed", model=info.nickname, provider=at.title))
        sent = info.id_for(at) or at.id_prefix + info.id
        return ModelChoice(info, sent, tuple(warnings), renamed=True)
    replaced = next((row for row in info.retired if row.id == bare), None)
    if replaced and at.name in replaced.providers:
        sent = info.provider_ids[at.name]
        warning = say(
            "catalog.redirected", given=given, since=replaced.providers[at.name], provider=at.title, sent=sent
        )
        return ModelChoice(info, sent, (warning, *warnings))
    if replaced and set(replaced.providers) >= set(info.provider_ids) - {"custom"}:
        warnings.insert(0, say("catalog.retired_everywhere", given=given, sent=info.id))
    sent = given if at.anywhere else at.id_prefix + bare
    return ModelChoice(info, sent, tuple(warnings))


def check_name(name: object) -> None:
    """Raise :class:`InvalidRequestError` for what can't be the name of a model: it is part of an address.

    Whatever is quoted in an address can: blanks, signs, letters of any language, even a line break. A step
    such as ``..`` would lead to another address, and half a character is no text.
    """
    if name is None:
        return
    if not isinstance(name, str):
        raise InvalidRequestError(say("catalog.model_not_text", kind=type(name).__name__))
    given = name.strip()
    if len(given) > MAX_NAME:
        raise InvalidRequestError(say("catalog.model_long", value=name, count=len(given), limit=MAX_NAME))
    steps = given.removeprefix("models/").split("/")
    if _HALF.search(given) or {"", ".", ".."} & set(steps):
        raise InvalidRequestError(say("catalog.model_odd", value=name))


def _closing(info: ModelInfo, at: Provider) -> list[str]:
    """A sentence when the provider has announced, for a day now past, that the model ends."""
    today = date.today().isoformat()
    return [
        say("catalog.closing", model=info.nickname, provider=at.title, date=event.date)
        for event in info.events
        if event.what == "shutdown" and event.provider == at.name and event.date <= today
    ]


def _unknown(given: str, at: Provider) -> str:
    near = get_close_matches(_key(given.removeprefix(at.id_prefix)), _names(), n=1, cutoff=0.75)
    sentence = say("catalog.unknown_model", given=shown(given))
    return sentence + say("catalog.did_you_mean", value=near[0]) if near else sentence


# --- what may be asked --------------------------------------------------------------------------


def check_request(
    model: ModelInfo | None,
    aspect_ratio: str | None,
    image_size: str | None,
    *,
    provider: str | Provider,
    wire: str,
) -> None:
    """Raise :class:`InvalidRequestError` for a ratio or size that the wire or a known model lacks.

    ``None`` asks for nothing and is always fine; a model the catalog does not know may do anything.
    """
    at = as_provider(provider)
    if model is not None and wire not in model.wires_at(at):
        raise _no_wire(model, at, wire)
    for parameter, value in (("aspect_ratio", aspect_ratio), ("image_size", image_size)):
        if value is not None and wire not in at.sized_wires:
            hint = say("catalog.use_wire", wire=at.sized_wires[0]) if at.sized_wires else ""
            raise InvalidRequestError(
                say(
                    "catalog.wire_unsized",
                    parameter=parameter,
                    value=shown(value),
                    provider=at.title,
                    wire=wire,
                ),
                hint=hint,
            )
    if model is not None:
        check_model(model, aspect_ratio, image_size)


def _no_wire(model: ModelInfo, at: Provider, wire: str) -> InvalidRequestError:
    """The error of a model that this wire does not carry there, or that is not there at all."""
    able = " / ".join(f"wire={one!r}" for one in model.wires_at(at))
    sentence = say("catalog.wire_without", model=model.nickname, provider=at.title, wire=wire)
    elsewhere = [PROVIDERS[name].title for name in model.provider_ids if PROVIDERS[name].base_url]
    places = say("catalog.served_at", model=model.nickname, places=", ".join(elsewhere))
    return InvalidRequestError(sentence, hint=say("catalog.served_by", wires=able) if able else places)


def check_words(**given: object) -> None:
    """Raise :class:`InvalidRequestError` for what can't be a ratio or a size at any model."""
    for parameter, value in given.items():
        if isinstance(value, str):
            fine = 0 < len(value) <= _SHOWN and value.isprintable()
        else:
            fine = value is None or (isinstance(value, int) and abs(value) < 10**_EDGE_DIGITS)
        if not fine:
            raise InvalidRequestError(say("catalog.not_a_word", parameter=parameter, value=value))


def check_model(model: ModelInfo, aspect_ratio: str | None, image_size: str | None) -> None:
    """Raise :class:`InvalidRequestError` for a ratio or size that the model lacks."""
    free, pixels = model.free, pixels_of(image_size)
    fine = free is not None and free.takes_ratio(aspect_ratio)
    if aspect_ratio is not None and aspect_ratio not in model.aspect_ratios and not fine:
        _refuse("aspect_ratio", aspect_ratio, model, model.aspect_ratios, _meant_ratio(aspect_ratio))
    if free is not None and pixels is not None:
        _check_pixels(model, free, aspect_ratio, pixels)
    elif image_size is not None and image_size not in model.image_sizes:
        _refuse("image_size", image_size, model, model.image_sizes, meant_size(image_size))


def _check_pixels(model: ModelInfo, free: FreeSizes, ratio: str | None, pixels: tuple[int, int]) -> None:
    """Pixels that were typed out, at a model whose sizes are free."""
    width, height = pixels
    if not free.takes_pixels(width, height):
        raise InvalidRequestError(say(
            "catalog.not_these_pixels", width=width, height=height, model=model.nickname, step=free.step,
            widest=free.widest, longest=free.longest, most=f"{free.most / 1e6:.1f}",
        ))  # fmt: skip
    share = fraction(ratio)
    if share is not None and abs(width / height / share - 1) > _OFF:
        raise InvalidRequestError(say("catalog.two_ratios", ratio=ratio, width=width, height=height))


def _refuse(parameter: str, value: object, model: ModelInfo, choices: Sequence[str], meant: str) -> None:
    message = say(
        "catalog.not_offered",
        parameter=parameter,
        value=shown(value),
        model=model.nickname,
        choices=one_of(choices),
    )
    hint = (
        say("catalog.did_you_mean", value=meant).strip()
        if meant in choices
        else say(f"catalog.hint_{parameter}")
    )
    raise InvalidRequestError(message, hint=hint)


def _meant_ratio(value: object) -> str:
    """``16x9``, ``16/9``, ``16：9`` and ``1920:1080`` all mean ``16:9``; ``""`` if nothing is meant."""
    match = re.fullmatch(r"\s*(\d{1,5})\s*[:x×/*，,：∶-]\s*(\d{1,5})\s*", str(value)[:_SHOWN].lower())
    if not match:
        return ""
    width, height = int(match[1]), int(match[2])
    divisor = gcd(width, height) or 1
    return f"{width // divisor}:{height // divisor}"


@cache
def all_sizes() -> tuple[str, ...]:
    """Every size that some model makes, the smallest first."""
    edges = {size: max(edge) for info in MODELS.values() for (_, size), edge in info.cells.items()}
    return tuple(sorted(edges, key=edges.__getitem__))


def meant_size(value: object) -> str:
    """``1k``, ``2 K`` and ``4096`` mean ``1K``, ``2K`` and ``4K``; ``0.5K`` means ``512``."""
    text = re.sub(r"\s+", "", str(value)[:_SHOWN]).upper().removesuffix("PX")
    if text == "0.5K":
        return "512"
    edge = int(text) if text.isascii() and text.isdigit() and len(text) <= _EDGE_DIGITS else 1
    thousands, rest = divmod(edge, 1024)
    return text if rest else f"{thousands}K"


def one_of(choices: Sequence[str]) -> str:
    """``1K, 2K or 4K``, in the current language."""
    *most, last = choices
    comma, word = ("、", " 或 ") if language() == "zh" else (", ", " or ")
    return f"{comma.join(most)}{word}{last}" if most else last


def shown(value: object) -> str:
    """A value fit to stand in a sentence: quoted, on one line, of bounded length."""
    return quoted(value, _SHOWN)


__all__ = [
    "MODELS",
    "PROVIDERS",
    "ModelChoice",
    "ModelInfo",
    "check_model",
    "check_request",
    "deadline",
    "find_model",
    "recommended_deadline",
]
