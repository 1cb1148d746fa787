"""Which record answers which request: its key is looked up, and its own facts must say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .._catalog.models import find_model
from .._catalog.providers import Provider
from .._history.identity import (
    base_url_of,
    core_of,
    key_of,
    model_of,
    newer_of,
    place_with,
    provider_of,
    request_facts,
)
from .._history.record import Record, newer
from .._messages import EditRequest

if TYPE_CHECKING:
    from .._client.endpoint import Endpoint


def keys_of(asked: EditRequest, endpoint: Endpoint) -> tuple[str, str]:
    """What makes two requests the same: whoever answers, and at one endpoint."""
    core = core_of(asked, endpoint.provider)
    anywhere = endpoint.provider.anywhere
    place = place_with(endpoint.base_url if anywhere else endpoint.name, endpoint.extra)
    sent_id = find_model(asked.model, endpoint.provider).sent_id
    return core, key_of(core, place, endpoint.wire, sent_id, endpoint.fault)


def says(record: Record, asked: EditRequest, provider: Provider) -> bool:
    """Whether a record is of this request, by its own facts: a history may be somebody else's.

    Of a conversation a record knows only how long it was; what was said in it is in the key.
    """
    own = provider_of(record)
    models = {model_of(record.model or None, own), model_of(record.model_sent, own)}
    turns = len(asked.turns)
    return (
        (record.prompt, record.aspect_ratio, record.image_size)
        == (asked.prompt, asked.aspect_ratio, asked.image_size)
        and [picture.sha256 for picture in record.inputs] == [image.sha256 for image in asked.images]
        and newer_of(record) == newer(asked)
        and models == {model_of(asked.model, provider)}
        and (record.context == "conversation") is bool(turns)
        and (not turns or request_facts(record).get("turns", turns) == turns)
    )


def answers(record: Record, asked: EditRequest, take: int, endpoint: Endpoint) -> bool:
    """Whether a record may be given as the answer to a request made at this endpoint."""
    return (
        bool(record.outputs)
        and record.take == take
        and says(record, asked, endpoint.provider)
        and (_fits_anywhere(record, endpoint) or _is_from(record, asked, endpoint))
    )


def shows(record: Record, asked: EditRequest) -> bool:
    """Whether a record is of what a file shows it as; a model that isn't named is the record's own."""
    named = replace(asked, model=asked.model or record.model or None)
    return bool(record.outputs) and says(record, named, provider_of(record))


def from_anywhere(endpoint: Endpoint) -> bool:
    """Whether any provider's answer will do: a reader without a key sees the author's pictures."""
    return endpoint.is_sandbox and not endpoint.fault


def _fits_anywhere(record: Record, endpoint: Endpoint) -> bool:
    """Wires that are compared must not answer for each other."""
    return from_anywhere(endpoint) and (not endpoint.wire_asked or record.wire == endpoint.wire)


def _is_from(record: Record, asked: EditRequest, endpoint: Endpoint) -> bool:
    sent_id = find_model(asked.model, endpoint.provider).sent_id
    return (
        (record.provider, record.wire, record.model_sent) == (endpoint.name, endpoint.wire, sent_id)
        and (not endpoint.provider.anywhere or base_url_of(record) == endpoint.base_url)
        and request_facts(record).get("sent_with", {}) == endpoint.extra
    )
