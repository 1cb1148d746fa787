"""Money a provider states: plain and bounded or unknown, never "free" by mistake, never a bare error."""

from __future__ import annotations

import base64
import json
import socket
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb
from nb_banana.errors import MalformedResponseError

from .misbehaving import KEY, PICTURE, picture, response, sends, serving

URL = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
KNOWN, PHOTO = "0.10", picture((20, 60, 90))


@pytest.fixture(autouse=True)
def _priced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and a known price at the user's own host and OpenRouter for nano-banana-pro alone."""
    monkeypatch.chdir(tmp_path)
    prices = tmp_path / "prices.toml"
    rows = (f'[[price]]\nprovider = "{place}"\nmodel = "nano-banana-pro"\nusd = "{KNOWN}"\n' for place in ("custom", "openrouter"))
    prices.write_text("".join(rows))
    monkeypatch.setenv("NB_BANANA_PRICES", str(prices))


def chat(usage: str) -> bytes:
    """A chat answer with one picture, its usage written as given."""
    message = {"message": {"role": "assistant", "content": f"![]({URL})"}, "finish_reason": "stop"}
    return json.dumps({"choices": [message]}).encode()[:-1] + b', "usage": ' + usage.encode() + b"}"


def native(tokens: int, edge: int | None = None) -> bytes:
    """A native answer with one picture, perhaps so large, that was counted as so many image tokens."""
    made = picture((9, 9, 9), (edge, edge)) if edge else PICTURE
    parts = [{"inlineData": {"mimeType": "image/png", "data": base64.b64encode(made).decode()}}]
    usage = {"candidatesTokenCount": tokens, "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": tokens}]}
    return json.dumps({"candidates": [{"content": {"parts": parts}}], "usageMetadata": usage}).encode()


def edited(
    reply: bytes, wire: Any = "openai", model: str = "pro", place: Any = None, **settings: Any
) -> tuple[nb.EditResult, nb.Session]:
    """One edit through a session, and that session."""
    with serving(sends(response(reply))) as server:
        session = nb.Session(nb.Endpoint(server.url, KEY, wire=wire, name=place), retries=0, tell=lambda _: None)
        result = session.edit(PHOTO, "add a boat", model=model, **settings)
        assert server.posts == 1
    return result, session


@pytest.mark.parametrize(
    "stated", ["1e308", '"1e308"', "NaN", '"NaN"', "Infinity", '"９"', '"1_000"', '"+1"', '" 1"', "-1", "1" + "0" * 400, '"1001"', "1000.5", "true", "[1]", '"0x10"', '""', "1001"]
)  # fmt: skip
@pytest.mark.parametrize("model", ["pro", "nano-banana"])
def test_an_odd_amount_is_unknown(stated: str, model: str) -> None:
    """What is no plain amount counts as not stated: the book's price, else unknown; ledger and display still work."""
    result, session = edited(chat(f'{{"cost": {stated}}}'), model=model)
    expected = Decimal(KNOWN) if model == "pro" else None
    assert result.cost.amount == expected
    assert session.ledger.paid.amount == expected and session.ledger.paid.unpriced == (expected is None)
    assert result.caption and str(session.ledger)


@pytest.mark.parametrize("stated", ["0.039", '"0.039"', "3.9e-02", "0.0390"])
def test_a_plain_amount_is_believed(stated: str) -> None:
    """A number, or its plain text, is the cost, and certain, where the place is known to say it in dollars."""
    cost = edited(chat(f'{{"cost": {stated}}}'), place="openrouter")[0].cost
    assert (cost.amount, cost.certain) == (Decimal("0.039"), True)


@pytest.mark.parametrize(
    ("place", "model", "stated", "amount", "certain", "told"),
    [
        (None, "nano-banana", "12", "12", False, False),  # yuan, points: nobody says
        (None, "pro", "0.039", KNOWN, False, True),
        (None, "pro", KNOWN, KNOWN, True, False),
        (None, "nano-banana", "0", None, False, False),
        (None, "pro", "0", KNOWN, True, False),
    ],
)
def test_what_a_place_states_is_no_more_than_it_is(place, model, stated, amount, certain, told):
    """A cost of no known currency is never certain, and a stated zero without a known price is unknown and not free."""
    result, session = edited(chat(f'{{"cost": {stated}}}'), model=model, place=place)
    assert (result.cost.amount, result.cost.certain) == (amount and Decimal(amount), certain)
    assert session.ledger.paid.unpriced == (amount is None)
    assert any("disagree" in sentence for sentence in result.warnings) is told


@pytest.mark.parametrize(
    ("usage", "amount"),
    [
        ('{"cost": 0, "is_byok": true, "cost_details": {"upstream_inference_cost": 0.134}}', "0.134"),
        ('{"cost": 0.01, "is_byok": true, "cost_details": {"upstream_inference_cost": 0.134}}', "0.144"),
        ('{"cost": 0.039, "cost_details": {"upstream_inference_cost": 0.134}}', "0.134"),
        ('{"cost": 0, "is_byok": true}', KNOWN),
        ('{"cost": 0}', KNOWN),
        ('{"cost_details": {"upstream_inference_cost": 0.134}}', "0.134"),
    ],
)  # fmt: skip
def test_all_that_is_said_about_the_cost_counts(usage: str, amount: str) -> None:
    """What the user's own key is charged counts too, and a stated zero beside a known price is never free."""
    result, session = edited(chat(usage), place="openrouter")
    assert (result.cost.amount, session.ledger.paid.amount) == (Decimal(amount), Decimal(amount))
    both = "is_byok" in usage and "upstream" in usage
    assert result.cost.certain is both
    assert any("disagree" in sentence for sentence in result.warnings) is not both


@pytest.mark.parametrize(("tokens", "count"), [(1120, 1), (1200, 1), (2240, 2), (3360, 3)])
def test_tokens_of_several_pictures_cost_several(tokens: int, count: int) -> None:
    """Where usage counts more pictures than came, the cost is that of all, uncertain, and told."""
    result, _ = edited(native(tokens), wire="gemini")
    assert result.cost.amount == Decimal(KNOWN) * count and len(result.images) == 1
    told = [sentence for sentence in result.warnings if f"{count} pictures" in sentence]
    assert (len(told), result.cost.certain) == ((0, True) if count == 1 else (1, False))


@pytest.mark.parametrize(
    ("model", "size", "tokens", "dollars"), [("pro", None, 2000, "0.24"), ("nano-banana-2.1", "2K", 3780, "0.1134")]
)
def test_a_larger_picture_than_asked_for_is_one(model: str, size: str | None, tokens: int, dollars: str) -> None:
    """Tokens of the 4K picture that came are those of one picture at its price, not of several small ones."""
    result, _ = edited(native(tokens, 4096), wire="gemini", place="google", model=model, image_size=size)
    assert result.cost.amount == Decimal(dollars)
    assert not any("pictures" in sentence for sentence in result.warnings)


def test_a_count_beyond_all_reason_costs_one_picture() -> None:
    """A slip in the count of tokens neither costs millions nor ends a budget."""
    with serving(sends(response(native(99_999_999_999)))) as server:
        session = nb.Session(nb.Endpoint(server.url, KEY), retries=0, budget=5, tell=lambda _: None)
        assert session.edit(PHOTO, "add a boat", model="pro").cost.amount == Decimal(KNOWN)
        assert session.edit(PHOTO, "add two boats", model="pro").cost.amount == Decimal(KNOWN)


@pytest.mark.parametrize("details", ["completion_tokens_details", "output_tokens_details"])
def test_several_pictures_counted_are_told_beside_a_stated_cost(details: str) -> None:
    """What was billed beyond the picture that came is said, though the amount itself is certain."""
    result, _ = edited(chat(f'{{"cost": 0.39, "{details}": {{"image_tokens": 3360}}}}'), place="openrouter")
    assert (result.cost.amount, result.cost.certain) == (Decimal("0.39"), True)
    assert any("3 pictures" in sentence for sentence in result.warnings)


def test_tokens_listed_picture_by_picture_are_added() -> None:
    """A usage with an entry for each picture, drafts too, counts all of them."""
    parts = [{"thought": True, "text": "a draft"}, {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(PICTURE).decode()}}]
    entries = [{"modality": "IMAGE", "tokenCount": 1120}, {"modality": "TEXT", "tokenCount": 30}, {"modality": "image", "token_count": "1120"}]
    reply = {"candidates": [{"content": {"parts": parts}, "finishReason": "OTHER"}], "usageMetadata": {"candidatesTokensDetails": entries}}
    result, _ = edited(json.dumps(reply).encode(), wire="gemini")
    assert result.usage is not None and result.usage.image_tokens == 2240
    assert any("2 pictures" in sentence for sentence in result.warnings)
    assert any("usual way (OTHER)" in sentence for sentence in result.warnings)


@pytest.mark.parametrize("where", ["_flow.read_reply", "_client.aclient.charged"])
def test_a_fault_after_the_post_leaves_as_one_of_ours(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks here once a request went out is a NanoBananaError that may be billed, in the ledger too."""

    def broken(*_: object, **_more: object) -> None:
        raise ZeroDivisionError(f"odd {KEY}")

    monkeypatch.setattr(f"nb_banana.{where}", broken)
    with pytest.raises(MalformedResponseError, match="ZeroDivisionError") as raised:
        edited(chat("{}"))
    assert raised.value.may_be_billed and not raised.value.retryable and KEY not in str(raised.value)
    assert nb.Session(tell=lambda _: None).ledger.maybe_paid.amount == Decimal(KNOWN)


def test_a_socket_that_breaks_oddly_is_one_of_ours() -> None:
    """A reply of rubbish headers ends in our own error."""

    def rubbish(connection: socket.socket, _seen: Any, _number: int) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\x00\xff: \x01\r\n\r\n")

    with serving(rubbish) as server, pytest.raises(nb.NanoBananaError) as raised:
        nb.Client(nb.Endpoint(server.url, KEY), retries=0).edit(PHOTO, "add a boat")
    assert raised.value.may_be_billed
