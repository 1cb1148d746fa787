"""Any address in a model's sentence is looked behind once where nothing better came; what is not there yet is not paid for again."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from client.misbehaving import KEY, Seen, response, serving, silent

import nb_banana as nb

from .answers import PICTURES, chat, data_url, native, text
from .test_whose_picture import MADE, MINE, OUT, ask, said

BARE = "https://cdn.example.com/r/a1b2"
SENTENCES: dict[str, Any] = {
    "a sentence": chat(f"Here is your edited image: {BARE}"),
    "a sentence of the native wire": native(text(f"图片地址：{BARE}")),
    "a link in Markdown": chat(f"Your image is ready. [Download it here]({BARE})"),
    "a note behind it": chat(f"编辑完成：{BARE} （24小时内有效）"),
    "JSON": chat(json.dumps({"image_url": BARE, "status": "ok"})),
    "a field of words": {"result": {"text": f"Your image: {BARE}"}},
    "a message of the Responses API": {"object": "response", "output": [said(f"Here you go: {BARE}")]},
    "behind a page": chat(f"Made with https://example.com/about, see {BARE}"),
}  # fmt: skip


@pytest.mark.parametrize("name", SENTENCES)
def test_an_address_of_any_form_in_a_sentence_is_looked_behind(name: str) -> None:
    """A picture's address need not end as one: what lies there is the result, and where it stood is told."""
    result, _ = ask(SENTENCES[name], links={BARE: MADE})
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]
    assert any("model's sentences" in warning for warning in result.warnings)


def test_a_page_is_not_asked_for_where_something_better_is() -> None:
    """Beside bytes, a shown picture or an address that ends as one, another address in the words is left alone."""
    for words in (f"![x]({data_url(MADE)}) by {BARE}", f"![x]({OUT}) by {BARE}", f"Here: {OUT} by {BARE}"):
        result, fetched = ask(chat(words), links={OUT: MADE, BARE: "B"})
        assert isinstance(result, nb.EditResult), result
        assert (result.image.data, BARE in fetched) == (PICTURES[MADE], False)


def test_a_silent_page_in_a_sentence_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that is no picture's by its name gets some seconds of the deadline, not all of it."""
    monkeypatch.setattr("nb_banana._flow._PERHAPS", 1.0)

    def behave(connection: socket.socket, seen: Seen, _: int) -> None:
        if seen.head.startswith(b"GET"):
            silent(connection)
        else:
            words = chat(f"Here is your picture: http://127.0.0.1:{connection.getsockname()[1]}/r/a1b2")
            connection.sendall(response(json.dumps(words).encode()))

    with serving(behave) as server:
        began = time.monotonic()
        with pytest.raises(nb.NanoBananaError) as caught:
            nb.Client(nb.Endpoint(server.url, KEY, wire="openai"), deadline=60, retries=0).generate("a red sofa")
    assert time.monotonic() - began < 20 and len(caught.value.links) == 1 and not caught.value.retryable


FAILURES: dict[str, tuple[Any, str]] = {
    "an account": ({"message": f"Insufficient balance, top up at {BARE}"}, "quota"),
    "plain text": (f"Error: invalid API key, see {BARE}", "auth"),
    "a receipt": ({"task_id": "j-1", "message": f"Query the task at {BARE}"}, "malformed"),
    "a refusal": (chat(f"I cannot edit this photo, see {BARE}"), "no_image"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_an_address_in_a_failures_words_is_not_looked_behind(name: str) -> None:
    """An account, a receipt and a refusal stay what they are, wherever their words lead."""
    body, category = FAILURES[name]
    error, fetched = ask(body)
    assert isinstance(error, nb.NanoBananaError), error
    assert (error.category, fetched) == (category, [])


@pytest.mark.parametrize("there", [True, False])
def test_what_is_not_there_yet_is_asked_for_before_anything_is_sent(there: bool, tmp_path: Path) -> None:
    """An address that gave nothing is told and tried first by the next run, which sends the edit only if it still gives nothing."""
    stored: list[bytes] = []

    def behave(connection: Any, seen: Any, _number: int) -> None:
        if seen.head.startswith(b"POST"):
            body = chat(f"Here is your image: {server.url}/r/a1b2")
            connection.sendall(response(json.dumps(body).encode()))
        else:
            connection.sendall(response(stored[0], content_type="image/png") if stored else response(b"", 503))

    with serving(behave) as server:
        session = nb.Session(nb.Endpoint(server.url, KEY), folder=tmp_path, retries=0, tell=lambda *_: None)
        with pytest.raises(nb.errors.NoImageError) as caught:
            session.edit(PICTURES[MINE], "make it night")
        assert (caught.value.links, caught.value.retryable) == ((f"{server.url}/r/a1b2",), False)
        stored.extend([PICTURES[MADE]] if there else [])
        if there:
            assert session.edit(PICTURES[MINE], "make it night").image.data == PICTURES[MADE]
        else:
            with pytest.raises(nb.errors.NoImageError):
                session.edit(PICTURES[MINE], "make it night")
        assert sum(seen.head.startswith(b"POST") for seen in server.requests) == (1 if there else 2)
