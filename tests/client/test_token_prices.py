"""What edits that are billed by token cost, against examples worked by hand; free by a word, and unknown."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import Seen, picture, response, sends, serving

KEY = "sk-proj-0123456789abcdef0123456789"


class Service:
    """An Images API that answers every edit with one picture and the count of tokens it is told to give."""

    def __init__(self) -> None:
        self.usage: dict[str, Any] | None = None
        self.posts, self.url = 0, ""

    def __call__(self, connection: socket.socket, _seen: Seen, _number: int) -> None:
        self.posts += 1
        made = base64.b64encode(picture((self.posts, 90, 90), (96, 64))).decode()
        usage = {"usage": self.usage} if self.usage else {}
        connection.sendall(response(json.dumps({"created": 0, "data": [{"b64_json": made}], **usage}).encode()))


@pytest.fixture
def service() -> Iterator[Service]:
    """A service whose count of tokens a test sets."""
    with serving(running := Service()) as server:
        running.url = server.url
        yield running


def counted(words: int | None, pictures: int | None, made: int, whole: int | None = None) -> dict[str, Any]:
    """Usage as OpenAI writes it; None leaves the split out."""
    whole = (words or 0) + (pictures or 0) if whole is None else whole
    split = {} if words is None else {"input_tokens_details": {"text_tokens": words, "image_tokens": pictures}}
    return {"input_tokens": whole, **split, "output_tokens": made, "total_tokens": whole + made}


@pytest.mark.parametrize("place", ["openai", "apiyi"])
@pytest.mark.parametrize("model", ["flare", "sunburst"])
@pytest.mark.parametrize(
    ("usage", "dollars", "certain"),
    [
        # 120 × $5 + 1,500 × $8 + 4,160 × $30, each per million: $0.0006 + $0.012 + $0.1248
        (counted(120, 1500, 4160), "0.1374", True),
        # 20 × $5 + 0 × $8 + 1,000 × $30 per million: $0.0001 + $0.03
        (counted(20, 0, 1000), "0.0301", True),
        # 1,620 went in, of which kind is not said, so as the dearer: 1,620 × $8 + 4,160 × $30: $0.01296 + $0.1248
        (counted(None, None, 4160, whole=1620), "0.13776", False),
        # What is said of the kinds does not add up to the whole, which counts: 1,620 × $8 + 4,160 × $30
        (counted(20, 500, 4160, whole=1620), "0.13776", False),
    ],
)
def test_tokens_that_were_counted_are_the_cost(service, photo, place, model, usage, dollars, certain):
    """A model that is billed by token costs what the reply's own count says, in result, history and session alike."""
    service.usage = usage
    with nb.Session(nb.Endpoint(service.url, KEY, name=place, wire="images"), tell=lambda _: None) as session:
        result = session.edit("cat.png", "make it night", model=model)
        assert (result.cost.amount, result.cost.certain) == (Decimal(dollars), certain)
        assert session.history.records()[0].cost.amount == Decimal(dollars)
        assert result.usage.output_tokens == usage["output_tokens"] and service.posts == 1
        assert session.edit("cat.png", "make it night", model=model).replayed and service.posts == 1


def test_without_a_count_the_cost_is_unknown(service, photo):
    """A reply that counts nothing leaves the cost unknown, never zero; so does an estimate, and a budget refuses it."""
    endpoint = nb.Endpoint(service.url, KEY, name="openai", wire="images")
    with nb.Session(endpoint, tell=lambda _: None) as session:
        result = session.edit("cat.png", "make it night")
        assert result.cost.amount is None and "unknown" in result.caption
        assert str(session.spent) == "1 edit, price unknown"
        plan = nb.compare("cat.png", "a boat", models="flare", session=session)
        assert plan.estimate().cost.amount is None and plan.estimate().unpriced == ("gpt-image-flare",)
    with nb.Session(endpoint, budget=5, tell=lambda _: None) as careful:
        with pytest.raises(nb.errors.BudgetError, match="gpt-image"):
            careful.edit("cat.png", "a boat")
    assert service.posts == 1


def test_thoughts_that_only_the_sum_holds_are_paid(tmp_path, photo, monkeypatch):
    """At Google thoughts stand beside the output: with prices by token of one's own they cost as much, not certainly."""
    rates = 'text_in = "2"\nimage_in = "2"\nimage_out = "120"\n'
    (tmp_path / "p.toml").write_text(f'[[token_price]]\nprovider = "google"\nmodel = "nano-banana-pro"\n{rates}')
    monkeypatch.setenv("NB_BANANA_PRICES", str(tmp_path / "p.toml"))
    part = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(picture()).decode()}}
    usage = {"promptTokenCount": 600, "candidatesTokenCount": 1300, "thoughtsTokenCount": 900, "totalTokenCount": 2800}
    reply = {"candidates": [{"content": {"parts": [part]}, "finishReason": "STOP"}], "usageMetadata": usage}
    with serving(sends(response(json.dumps(reply).encode()))) as server:
        with nb.Session(nb.Endpoint(server.url, KEY, name="google"), tell=lambda _: None) as session:
            cost = session.edit("cat.png", "make it night", model="pro").cost
    # 600 × $2 + 2,200 × $120, each per million
    assert (cost.amount, cost.certain) == (Decimal("0.2652"), False)


@pytest.mark.parametrize("made", [0, 99_999_999_999])
def test_a_count_that_no_picture_has_is_none(service, photo, made):
    """Zero tokens, or so many that no edit costs as much, leave the cost unknown, neither free nor millions."""
    service.usage = counted(20, 280, made)
    with nb.Session(nb.Endpoint(service.url, KEY, name="apiyi", wire="images"), tell=lambda _: None) as session:
        assert session.edit("cat.png", "make it night", model="flare").cost.amount is None
        assert str(session.spent) == "1 edit, price unknown" and session.ledger.paid.unpriced == 1


def test_ones_own_server_costs_what_its_owner_says(service, photo):
    """`price=0` is free whatever is counted, a price is that per picture, and no price is unknown: a budget refuses it."""
    service.usage = counted(120, 1500, 4160)
    costs = {}
    for price in (0, "0.05", None):
        place = nb.Endpoint.local(service.url, model="qwen-image-edit", price=price)
        with nb.Session(place, tell=lambda _: None) as session:
            costs[price] = session.edit("cat.png", "make it night", fresh=True).cost.amount
    assert costs == {0: 0, "0.05": Decimal("0.05"), None: None} and service.posts == 3
    with nb.Session(nb.Endpoint.local(service.url, model="qwen-image-edit", price=0), budget=0, tell=lambda _: None) as free:
        assert free.edit("cat.png", "a boat").cost.amount == 0
    with nb.Session(nb.Endpoint.local(service.url, model="qwen-image-edit"), budget=9, tell=lambda _: None) as careful:
        with pytest.raises(nb.errors.BudgetError, match="qwen-image-edit"):
            careful.edit("cat.png", "a bird")
    assert service.posts == 4
