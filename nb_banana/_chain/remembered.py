"""Chains out of what history holds: nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .._lineage import ancestors, edited, held, step_of
from .links import Chain, chain_of

if TYPE_CHECKING:
    from .._history.record import Record
    from .._result import EditResult
    from .._session.door import Session


def chain_to(result: EditResult, session: Session) -> Chain:
    """The edits that led to ``result``, as far back as the history holds them."""
    history = session.history
    last = held(history, result.record_id)
    if last is None:
        return chain_of(result, session=session)
    records = [*ancestors(history, last), last]
    results = [*map(session.result_of, records[:-1]), result]
    begun_with = edited(history, records[0])
    starts = [image for image in results[0].request.images if image.sha256 == begun_with]
    if starts:
        chain = Chain(starts[0], session)
    else:  # made from words alone, or its conversation isn't held: the chain starts where its picture is
        chain, records, results = chain_of(results[0], session=session), records[1:], results[1:]
    for record, one in zip(records, results, strict=True):
        chain = _longer(chain, record, one)
    return chain


def extended(chain: Chain, record: Record) -> Chain:
    """The chain longer by an edit that is already in the history."""
    return _longer(chain, record, chain.session.result_of(record))


def _longer(chain: Chain, record: Record, result: EditResult) -> Chain:
    step = step_of(record, chain.image.sha256)
    return replace(chain, results=(*chain.results, result), steps=(*chain.steps, step))
