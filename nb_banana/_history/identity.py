"""What makes two requests the same, so that history can answer instead of a provider.

A key has two halves: ``core`` names the request whoever answers it, the other half the place that
answers. Both are computed from facts, here and nowhere else; a key that came with somebody else's
record is never read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._catalog.models import find_model
from .._catalog.providers import Provider, as_provider
from .._messages import TOKEN, EditRequest, Turn
from .._wire.turns import user_turn
from .._wire.wires import WIRES
from ..errors import NanoBananaError
from .record import NEWER, Holder, Record, newer

if TYPE_CHECKING:
    from .shelf import Shelf


def core_of(asked: EditRequest, provider: Provider) -> str:
    """The half of a key that names the request."""
    return _digest(
        model_of(asked.model, provider),
        [image.sha256 for image in asked.images],
        asked.prompt,
        asked.aspect_ratio,
        asked.image_size,
        [_turn_digest(turn) for turn in asked.turns],
        *([made] if (made := newer(asked)) else []),
    )[:40]


def newer_of(record: Record) -> dict[str, Any]:
    """The settings that came after the first keys, as a record says them."""
    facts = request_facts(record)
    return {name: facts[name] for name in NEWER if name in facts}


def key_of(core: str, place: str, wire: str, sent_id: str, fault: object = None) -> str:
    """The whole key; ``place`` is the provider's name, or the address of one the catalog doesn't know."""
    where = _digest(place, wire, sent_id, repr(fault) if fault else None)
    return f"{core}.{where[:12]}"


def place_with(place: str, extra: Any) -> str:
    """The place that answers, with the further fields it is always sent; without any, the place alone."""
    return f"{place} {json.dumps(extra, sort_keys=True)}" if extra else place


def model_of(name: str | None, provider: Provider) -> str:
    """The catalog's id of a model, or the id that is sent where the catalog has none."""
    choice = find_model(name, provider)
    return choice.info.id if choice.info else choice.sent_id


def provider_of(record: Record) -> Provider:
    """Who answered; a provider this release doesn't know is like any other address."""
    return as_provider(record.provider)


def base_url_of(record: Record) -> str:
    """The address a record's request went to, without the wire's path; ``""`` when it isn't known."""
    url = request_facts(record).get("url")
    wire, asked = WIRES.get(record.wire), asked_by(record)
    path = wire.path(asked.sent_as(record.model_sent, asked.images)) if wire else ""
    return url.removesuffix(path) if isinstance(url, str) and url.endswith(path) else ""


def request_facts(record: Record) -> dict[str, Any]:
    """What a record says of the request that was sent."""
    try:
        facts = json.loads(record.request)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def nothing_of(number: int) -> str:
    """A key that no request has."""
    return f"imported.{number}"


def computed_key(record: Record, shelf: Shelf) -> str | None:
    """The key of a record from its own facts; None where they don't tell which request it answered."""
    try:
        turns = turns_of(record, shelf)
        if turns is None or request_facts(record).get("turns", len(turns)) != len(turns):
            return None
        asked = asked_by(record, turns)
        provider = provider_of(record)
        if model_of(record.model_sent, provider) != model_of(asked.model, provider):
            return None
        place = base_url_of(record) if provider.anywhere else record.provider
        place = place_with(place, request_facts(record).get("sent_with"))
        return key_of(core_of(asked, provider), place, record.wire, record.model_sent)
    except NanoBananaError:
        return None


def asked_by(record: Record, turns: Sequence[Turn] = ()) -> EditRequest:
    """The request a record is of, from its own facts; the conversation before it is not among them."""
    made = newer_of(record)
    mask = made.get("mask")
    if isinstance(mask, str):
        made["mask"] = record.shelf.mask(record.id) or mask
    elif isinstance(mask, list):
        made["mask"] = tuple(mask)
    return EditRequest(
        record.prompt, record.input_images, model=record.model or None,
        aspect_ratio=record.aspect_ratio or None, image_size=record.image_size or None, turns=tuple(turns),
        **made,
    )  # fmt: skip


def turns_of(record: Record, shelf: Holder) -> tuple[Turn, ...] | None:
    """The conversation before a record, along its parents; None where a part of it isn't held."""
    turns: list[Turn] = []
    while record.context == "conversation":
        # A parent is older; whoever says otherwise would lead us in a circle.
        if record.parent is None or record.parent >= record.id:
            return None
        record = shelf.record(record.parent)
        answered = record.turn
        if answered is None:
            return None
        turns[:0] = [user_turn(asked_by(record)), answered]
    return tuple(turns)


def _turn_digest(turn: Turn) -> str:
    """A turn's content without the random part of its tokens, and the hashes they stand for."""
    content = TOKEN.sub("~", json.dumps(turn.content, sort_keys=True, default=str))
    return _digest(content, sorted(blob.sha256 for blob in turn.blobs.values()))


def _digest(*facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
