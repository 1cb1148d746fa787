"""What makes two requests the same, so that history can answer instead of a provider."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .. import _catalog as catalog
from .._client import Endpoint
from .._images import ImageData
from .._messages import TOKEN, EditRequest, Turn


def keys_of(asked: EditRequest, endpoint: Endpoint) -> tuple[str, str]:
    """What makes two requests the same: whoever answers, and at one endpoint."""
    choice = catalog.find_model(asked.model, endpoint.provider)
    core = _digest(
        choice.info.id if choice.info else choice.sent_id,
        [image.sha256 for image in asked.images],
        asked.prompt,
        asked.aspect_ratio,
        asked.image_size,
        [_turn_digest(turn) for turn in asked.turns],
        *_newer(asked),
    )[:40]
    place = endpoint.base_url if endpoint.name == "custom" else endpoint.name
    where = _digest(place, endpoint.wire, choice.sent_id, repr(endpoint.fault) if endpoint.fault else None)
    return core, f"{core}.{where[:12]}"


def _newer(asked: EditRequest) -> list[dict[str, Any]]:
    """Settings that came after the first keys were made: absent, they change none."""
    mask = asked.mask.sha256 if isinstance(asked.mask, ImageData) else asked.mask
    made = {"mask": mask, "seed": asked.seed, "extra": asked.extra}
    known = {name: value for name, value in made.items() if value is not None}
    return [json.loads(json.dumps(known, sort_keys=True, default=str))] if known else []


def _turn_digest(turn: Turn) -> str:
    """A turn's content without the random part of its tokens, and the hashes they stand for."""
    content = TOKEN.sub("~", json.dumps(turn.content, sort_keys=True, default=str))
    return _digest(content, sorted(blob.sha256 for blob in turn.blobs.values()))


def _digest(*facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
