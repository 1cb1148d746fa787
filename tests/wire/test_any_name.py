"""A picture that was made comes out under whatever name it came; what was sent or thought never does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from client.misbehaving import KEY, response, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nb_banana as nb

from .answers import PICTURES, b64, chat, data_url, native, text

MINE, MADE, THOUGHT, OTHER = "A", "C", "B", "E"
PHOTO = "https://photos.example.net/mine.png"
PROMPT = f"make the cat at {PHOTO} blue"


@pytest.fixture(scope="module")
def ask() -> Iterator[Any]:
    """Ask a service on loopback that answers with the given document."""
    said: list[bytes] = [b""]
    with serving(lambda connection, *_: connection.sendall(response(said[0]))) as server:
        clients = {
            wire: nb.Client(nb.Endpoint(server.url, KEY, wire=wire), retries=0) for wire in ("gemini", "openai")
        }

        def asked(document: Any, wire: str = "openai") -> nb.EditResult | nb.NanoBananaError:
            said[0] = json.dumps(document).encode()
            try:
                return clients[wire].edit(PICTURES[MINE], PROMPT)
            except nb.NanoBananaError as error:
                return error

        yield asked


NAMES: dict[str, Any] = {
    "a list under image in a message": chat("", message={"image": [{"data": b64(MADE)}]}),
    "an object in a message": chat("", message={"canvas": {"final": b64(MADE)}}),
    "beside the message": {"choices": [{"picture": {"bytes": b64(MADE)}}]},
    "an item of data": {"data": [{"bytesBase64Encoded": b64(MADE)}]},
    "deeper in an item of data": {"data": [{"blob": {"data": b64(MADE)}}]},
    "a part of a candidate": native({"image": {"imageBytes": b64(MADE)}}),
    "a candidate without content": {"candidates": [{"render": b64(MADE)}]},
    "beside candidates that speak": {**native(text("Done.")), "extra": {"picture": data_url(MADE)}},
    "beside empty choices": {"choices": [], "final": data_url(MADE)},
    "beside the object that wraps answers": {"data": {"id": 1}, "render": b64(MADE)},
    "beside the number of a job that is done": {"task_id": "t-1", "status": "success", "data": {"id": 3}, "render": b64(MADE)},
    "JSON in a string of a message": chat("", message={"blob": json.dumps({"p": b64(MADE)})}),
    "behind an echo under a known name": {"choices": [], "images": [data_url(MINE)], "odd": {"z": b64(MADE)}},
    "behind the address that was sent": {**chat(f"![cat]({PHOTO})"), "odd": data_url(MADE)},
    "behind an address where nothing lies": {**chat("![cat](http://127.0.0.1:9/none.png)"), "odd": data_url(MADE)},
    "behind a thought": native({"inlineData": {"data": b64(THOUGHT)}, "thought": True}, {"blob": b64(MADE)}),
    "behind a damaged picture": {"data": [{"b64_json": b64(MADE)[:80]}], "odd": b64(MADE)},
}  # fmt: skip


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_under_an_unknown_name_is_the_result_and_is_told(ask: Any, name: str, wire: str) -> None:
    """What was paid for is shown, byte for byte, with a word that it stood in an unusual place."""
    result = ask(NAMES[name], wire)
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]
    assert any("unusual place" in warning for warning in result.warnings)


NONE: dict[str, Any] = {
    "only an echo": chat("", message={"canvas": {"final": b64(MINE)}}),
    "only a thought": native({"blob": {"data": b64(THOUGHT)}, "thought": True}),
    "in the request that is repeated": {**chat(""), "request": {"odd": b64(THOUGHT)}},
    "among thoughts": {**chat(""), "reasoning": {"odd": b64(THOUGHT)}},
    "beside a failure": {"choices": [], "error": {"message": "The model failed.", "code": 500}, "odd": {"logo": b64(THOUGHT)}},
    "in a job that failed": {"status": "failed", "output": {"odd": b64(THOUGHT)}},
    "in a turn of the user": {**chat(""), "history": [{"role": "user", "odd": b64(THOUGHT)}]},
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_what_is_named_as_no_answer_stays_none(ask: Any, name: str) -> None:
    """The last look keeps the rules of the first: no echo, no thought, nothing of a failure."""
    assert isinstance(ask(NONE[name]), nb.NanoBananaError)


PLAIN = st.sampled_from(["a", "render", "canvas", "image", "images", "blob", "data", "result", "output", "content", "picture", "extra"])
ODD = st.sampled_from(["choices", "message", "candidates", "parts", "input", "thought", "error", "status", "task_id", "role", "type", "url"])
WORDS = st.sampled_from(["", "ok", "Done.", "succeeded", "user", "failed", "image", PHOTO, "http://127.0.0.1:9/x.png", "I cannot do that."])


def documents(names: st.SearchStrategy[str], leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Documents of any shape."""
    inner = st.recursive(
        leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=3), max_leaves=8
    )
    return st.dictionaries(names, inner, max_size=4)


def written(letter: str) -> st.SearchStrategy[str]:
    return st.sampled_from([b64(letter), data_url(letter), f"![p]({data_url(letter)})"])


@st.composite
def put_in(draw: st.DrawFn, document: Any, names: st.SearchStrategy[str], what: Any) -> Any:
    """The document with something in a random place of it."""
    if isinstance(document, list):
        at = draw(st.integers(0, len(document)))
        return [*document[:at], what, *document[at:]]
    below = [key for key, value in document.items() if isinstance(value, (dict, list))] if isinstance(document, dict) else []
    if below and draw(st.booleans()):
        key = draw(st.sampled_from(below))
        return {**document, key: draw(put_in(document[key], names, what))}
    pairs, name = list(document.items()), draw(names)
    if name in document:
        name += str(len(pairs))  # nothing that was put there before is overwritten
    pairs.insert(draw(st.integers(0, len(pairs))), (name, what))
    return dict(pairs)


@st.composite
def replies(draw: st.DrawFn, names: st.SearchStrategy[str], leaves: st.SearchStrategy[Any], letter: str) -> Any:
    """A document with an echo of the input, a thought and the answer in places of their own."""
    document = draw(documents(names, leaves | written(MINE)))
    document = draw(put_in(document, names, draw(written(letter))))
    document = draw(put_in(document, names, draw(written(MINE))))
    thought = draw(st.sampled_from([{"thought": True, "data": b64(THOUGHT)}, {"reasoning": data_url(THOUGHT)}, {"type": "thinking", "image": b64(THOUGHT)}]))
    return draw(put_in(document, names, thought))  # last, so that nothing lies inside it


_FEW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@_FEW
@given(document=replies(PLAIN | ODD, WORDS | st.integers(0, 600) | st.none() | st.booleans(), MADE), wire=st.sampled_from(["gemini", "openai"]))
def test_any_document_gives_the_answer_or_an_error(ask: Any, document: Any, wire: str) -> None:
    """Whatever stands where, a result is the made picture alone: never the echo, never a thought."""
    result = ask(document, wire)
    if isinstance(result, nb.EditResult):
        assert [image.data for image in result.images] == [PICTURES[MADE]]
    else:
        assert isinstance(result, nb.NanoBananaError)


@_FEW
@given(document=replies(PLAIN, st.sampled_from(["", "ok", "Done.", "image", 1, 200, None]), OTHER), wire=st.sampled_from(["gemini", "openai"]))
def test_no_picture_of_a_document_without_a_failure_is_lost(ask: Any, document: Any, wire: str) -> None:
    """Under names that say nothing of requests, thoughts or failures, the made picture always comes out."""
    result = ask(document, wire)
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[OTHER]]


MADE_AT, MINE_AT, GONE_AT = "/out/made.png", "/out/mine.png", "/out/gone.png"


@pytest.fixture(scope="module")
def linking() -> Iterator[Any]:
    """Ask a service whose documents may name pictures at its own address: the edit, a copy of the upload, nothing."""
    said: list[bytes] = [b""]
    stored = {MADE_AT: PICTURES[MADE], MINE_AT: PICTURES[MINE]}

    def behave(connection: Any, seen: Any, _number: int) -> None:
        method, path, _ = seen.head.split(b" ", 2)
        if method == b"POST":
            connection.sendall(response(said[0]))
        elif data := stored.get(path.decode().partition("?")[0]):
            connection.sendall(response(data, content_type="image/png"))
        else:
            connection.sendall(response(b"", 410))

    with serving(behave) as server:
        clients = {
            wire: nb.Client(nb.Endpoint(server.url, KEY, wire=wire), retries=0) for wire in ("gemini", "openai")
        }

        def asked(document: Any, wire: str) -> tuple[nb.EditResult | nb.NanoBananaError, set[str]]:
            said[0], before = json.dumps(document).replace("{here}", server.url).encode(), len(server.requests)
            try:
                got: nb.EditResult | nb.NanoBananaError = clients[wire].edit(PICTURES[MINE], f"{PROMPT}, not {server.url}{MINE_AT}?mine")
            except nb.NanoBananaError as error:
                got = error
            paths = (seen.head.split(b" ", 2)[1].decode() for seen in server.requests[before:] if seen.head.startswith(b"GET"))
            return got, set(paths)

        yield asked


def link(path: str) -> st.SearchStrategy[str]:
    """An address as services and models write it."""
    at = "{here}" + path
    return st.sampled_from([at, f"![p]({at})", f"Here it is: {at} (for 24 hours)", f'<img src="{at}">', f"[download]({at}?a=1&b=2)"])


@st.composite
def linked(draw: st.DrawFn, names: st.SearchStrategy[str]) -> Any:
    """A document with the edit as bytes or behind an address, echoes of both kinds, a thought, and dead ends."""
    leaves = WORDS | st.integers(0, 600) | st.none() | link(GONE_AT) | link(MINE_AT)
    document = draw(documents(names, leaves))
    for what in (written(MADE) | link(MADE_AT), written(MINE) | link(MINE_AT) | link(f"{MINE_AT}?mine"), link(GONE_AT)):
        if draw(st.integers(0, 3)):
            document = draw(put_in(document, names, draw(what)))
    thought = {"thought": True, "text": draw(written(THOUGHT) | link(MADE_AT)), "data": b64(THOUGHT)}
    document = draw(put_in(document, names, thought))
    shape = draw(st.sampled_from(["as it is", "native", "chat", "data"]))
    if shape == "native":
        return {"candidates": [{"content": {"parts": [document, {"text": draw(WORDS | link(MINE_AT))}]}}]}
    if shape == "chat":
        return chat(draw(WORDS | written(MINE) | link(MINE_AT) | link(MADE_AT)), message={"odd": document})
    return {"data": [document]} if shape == "data" else document


@_FEW
@given(document=linked(PLAIN | ODD), wire=st.sampled_from(["gemini", "openai"]))
def test_addresses_in_any_place_lead_to_the_answer_or_an_error(linking: Any, document: Any, wire: str) -> None:
    """Behind whatever address it lies, a result is the made picture alone, and the user's own address is never fetched."""
    result, fetched = linking(document, wire)
    if isinstance(result, nb.EditResult):
        assert [image.data for image in result.images] == [PICTURES[MADE]]
    else:
        assert isinstance(result, nb.NanoBananaError)
    assert f"{MINE_AT}?mine" not in fetched
