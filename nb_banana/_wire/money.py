"""Money as a reply states it: plain and bounded, or unknown; parts that disagree are not certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from .._catalog.cost import MOST, Cost
from .._catalog.providers import Provider

_PLAIN: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,18})?([eE]-[0-9]{1,2})?", re.ASCII)
_SOURCE: Final = "usage.cost"


def amount_of(stated: object) -> Decimal | None:
    """An amount somebody else states; None for anything that is not plainly one."""
    if isinstance(stated, bool) or not isinstance(stated, (int, float, str)):
        return None
    if isinstance(stated, int) and not 0 <= stated <= MOST:
        return None
    if not _PLAIN.fullmatch(text := str(stated)):
        return None
    amount = Decimal(text)
    return amount if amount <= MOST else None


def stated_at(provider: Provider, cost: Cost | None) -> Cost | None:
    """What a reply of this place says it cost; in an unknown currency not certainly, and zero is no word."""
    if cost is None or provider.states_dollars:
        return cost
    return replace(cost, certain=False) if cost.amount else None


def stated_cost(document: Mapping[str, Any]) -> Cost | None:
    """What a reply says the request cost, as if in USD; OpenRouter's ``usage``.

    With the user's own key at the provider behind it two accounts are charged: the gateway's ``cost``, and
    ``cost_details.upstream_inference_cost`` on that key. Where the parts disagree the higher figure counts.
    """
    usage = document.get("usage")
    if not isinstance(usage, Mapping):
        return None
    details = usage.get("cost_details")
    own, behind = amount_of(usage.get("cost")), None
    if isinstance(details, Mapping):
        behind = amount_of(details.get("upstream_inference_cost"))
    if own is None and behind is None:
        return None
    byok = usage.get("is_byok") is True
    if byok:
        whole = (own or Decimal(0)) + (behind or Decimal(0))
        return Cost(whole, certain=own is not None and bool(behind), source=_SOURCE)
    if own is None or (behind is not None and behind > own):
        return Cost(behind, certain=False, source=_SOURCE)
    return Cost(own, certain=True, source=_SOURCE)
