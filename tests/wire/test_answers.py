"""Every answer of the table, read through both clients as a person would get it."""

from __future__ import annotations

import asyncio
import json
import re

import httpx
import pytest

from nb_banana import AsyncClient, Client, EditResult, Endpoint, NanoBananaError

from .answers import PICTURES, ROWS, Row, inline, native, text

KEY = "sk-" + "Qx7Lm2Vb9Tz4" * 3
LETTER = {data: letter for letter, data in PICTURES.items()}


class Downloads(httpx.BaseTransport):
    """The hosts that store pictures: what a row says lies there, and nothing else."""

    def __init__(self, links: dict[str, str]) -> None:
        self.links = links
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        self.asked.append(str(request.url))
        letter = self.links.get(str(request.url))
        return httpx.Response(404) if letter is None else httpx.Response(200, content=PICTURES[letter])


def answered(row: Row, wire: str, kind: str) -> tuple[EditResult | NanoBananaError, int]:
    """What a client makes of the row, and how many requests it sent."""
    posts = []

    def reply(request: httpx.Request) -> httpx.Response:
        posts.append(request)
        return httpx.Response(row.status, headers=row.headers, content=row.body)

    endpoint = Endpoint("https://api.example.com", KEY, wire=wire)
    options = {"transport": httpx.MockTransport(reply), "download_transport": Downloads(row.links), "retries": 0}
    try:
        if kind == "sync":
            return Client(endpoint, **options).generate("a red sofa"), len(posts)
        return asyncio.run(AsyncClient(endpoint, **options).generate("a red sofa")), len(posts)
    except NanoBananaError as error:
        return error, len(posts)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\W+", "-", row.name))
@pytest.mark.parametrize(("wire", "kind"), [("gemini", "sync"), ("openai", "async")])
def test_each_answer_gives_its_pictures_or_its_failure(row: Row, wire: str, kind: str) -> None:
    """Pictures come out byte for byte, in order, once; a failure says what it is, what it may cost and what to do."""
    got, posts = answered(row, wire, kind)
    assert posts == 1
    if row.images is not None:
        assert isinstance(got, EditResult), f"{type(got).__name__}: {got}"
        assert "".join(LETTER.get(image.data, "?") for image in got.images) == row.images
        assert not re.search(r"[A-Za-z0-9+/_-]{120,}|base64,", got.text)
        if row.drafts_warning is not None:
            assert any("drafts" in warning for warning in got.warnings) is row.drafts_warning
    else:
        assert isinstance(got, NanoBananaError), f"a result with {len(got.images)} pictures"
        assert got.category == row.category, str(got)
        assert got.attempts == 1
        assert got.status == row.status
        assert got.hint and len(got.message) < 1500
        if row.retryable is not None:
            assert got.retryable is row.retryable
        if row.billed is not None:
            assert got.may_be_billed is row.billed
            assert not row.billed or "bill" in got.hint
        assert got.retry_after == row.retry_after
        assert row.says in str(got)
        assert KEY not in str(got)
        if row.finish is not None:
            assert got.finish_reason == row.finish
    if row.text is not None:
        assert got.text == row.text
    if row.request_id is not None:
        assert got.request_id == row.request_id
    if row.images is not None and row.finish is not None:
        assert got.finish_reason == row.finish


@pytest.mark.parametrize("row", [row for row in ROWS if row.category][::6], ids=lambda row: re.sub(r"\W+", "-", row.name))
def test_failures_speak_chinese_where_that_is_asked(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NB_BANANA_LANG=zh the sentence and the next step are Chinese; only what is quoted is not."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh")
    got, _ = answered(row, "gemini", "sync")
    assert isinstance(got, NanoBananaError)
    assert re.search("[\u4e00-\u9fff]", got.message) and re.search("[\u4e00-\u9fff]", got.hint)
    assert not re.search("[A-Za-z]{4,} [a-z]{3,} [a-z]{3,}", got.hint)


ACCEPTED = ("The model is fine", "a red sofa", "模型很好", "I painted the rate of growth per quarter", "quota of joy")


@pytest.mark.parametrize("words", ACCEPTED)
def test_words_of_an_answer_are_not_taken_for_a_failure(words: str) -> None:
    """Only replies without a picture are searched for failure phrases."""
    row = Row("x", json.dumps(native(text(words), inline("A"))).encode(), images="A", text=words)
    got, _ = answered(row, "gemini", "sync")
    assert isinstance(got, EditResult) and got.text == words
