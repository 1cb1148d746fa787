"""A conversation goes on from the picture as it is, however that picture came; base64 is never sent as words."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb

from .misbehaving import KEY, Server, picture, response, serving

PHOTO, BLUE, NAVY, DRAFT = picture((200, 90, 40)), picture((10, 60, 220)), picture((0, 0, 90)), picture((90, 90, 90))
SIGNED = {"thoughtSignature": base64.b64encode(os.urandom(6000)).decode()}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def url(data: bytes) -> str:
    return f"data:image/png;base64,{b64(data)}"


def inline(data: bytes, **more: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": b64(data)}, **more}


def native(*parts: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, "finishReason": "STOP"}]}


def noisy() -> bytes:
    """A picture whose base64 is long enough to be lifted out of a reply."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3)).save(out, "PNG")
    return out.getvalue()


BIG = noisy()
First = Callable[[str], dict[str, Any]]
"""The first answer of a service, which may name a picture at the service's own address."""


def links(words: str) -> First:
    return lambda at: native({"text": words.format(link=f"{at}/made/1.png"), **SIGNED})


WAYS: dict[str, tuple[First, bytes]] = {
    "a data URL in words": (lambda _: native({"text": f"Here: ![i]({url(BLUE)})", **SIGNED}), BLUE),
    "a large data URL in words": (lambda _: native({"text": f"Here: ![i]({url(BIG)})"}), BIG),
    "bare base64 as words": (lambda _: native({"text": b64(BIG)}), BIG),
    "a data URL cut into two parts": (lambda _: native({"text": f"![i]({url(BIG)[:3000]}"}, {"text": f"{url(BIG)[3000:]})"}), BIG),
    "a data URL where base64 belongs": (lambda _: native({"inlineData": {"mimeType": "image/png", "data": url(BLUE)}}), BLUE),
    "base64 without its object": (lambda _: native({"inlineData": b64(BIG)}), BIG),
    "an image_url of the other wire": (lambda _: native({"image_url": {"url": url(BLUE)}}), BLUE),
    "a draft in words before the picture": (lambda _: native({"text": f"Draft ![d]({url(DRAFT)})"}, inline(BIG, **SIGNED)), BIG),
    "a thought that holds a picture as words": (lambda _: native({"text": url(BIG), "thought": True}, inline(BLUE)), BLUE),
    "an address in words": (links("It is at {link}"), BLUE),
    "an address as Markdown": (links("![i]({link})"), BLUE),
    "an address in fileData": (lambda at: native({"fileData": {"mimeType": "image/png", "fileUri": f"{at}/made/1.png"}}), BLUE),
    "an address where base64 belongs": (lambda at: native({"inlineData": {"mimeType": "image/png", "data": f"{at}/made/1.png"}}), BLUE),
    "an address beside a draft": (lambda at: native(inline(DRAFT, thought=True), {"text": f"![i]({at}/made/1.png)"}), BLUE),
    "only a draft": (lambda _: native(inline(BLUE, thought=True), {"text": "done"}), BLUE),
    "a chat's message": (lambda _: {"choices": [{"message": {"content": f"![i]({url(BIG)})"}, "finish_reason": "stop"}]}, BIG),
    "an unusual name": (lambda _: native({"blob": {"bytes": b64(BIG)}, "text": "Done."}), BIG),
    "the form it should have": (lambda _: native({"text": "Done.", **SIGNED}, inline(BIG, **SIGNED)), BIG),
}  # fmt: skip


def service(first: First) -> Any:
    """Answers first as given, then with a navy picture; gives its own picture at any other address."""
    server: list[Server] = []

    def behave(connection: Any, seen: Any, _number: int) -> None:
        if seen.head.startswith(b"GET"):
            connection.sendall(response(BLUE, content_type="image/png"))
        else:
            reply = first(server[0].url) if server[0].posts == 1 else native(inline(NAVY))
            connection.sendall(response(json.dumps(reply).encode()))

    return behave, server


def session(server: Server, wire: Any = "gemini") -> nb.Session:
    return nb.Session(nb.Endpoint(server.url, KEY, wire=wire), folder="history", retries=0, tell=lambda _: None)


def bodies(server: Server) -> list[dict[str, Any]]:
    return [json.loads(seen.body) for seen in server.requests if seen.head.startswith(b"POST")]


def sent_of(body: dict[str, Any]) -> tuple[list[bytes], list[str]]:
    """The pictures and the words of a native request, whoever's turn they stand in."""
    parts = [part for content in body["contents"] for part in content["parts"]]
    pictures = [part["inlineData"]["data"] for part in parts if "inlineData" in part and not part.get("thought")]
    return [base64.b64decode(one, validate=True) for one in pictures], [part["text"] for part in parts if "text" in part]


@pytest.mark.parametrize("restarted", [False, True], ids=["at once", "after a restart"])
@pytest.mark.parametrize("way", WAYS)
def test_the_next_request_holds_the_picture_and_no_base_64_as_words(
    way: str, restarted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conversation's second step shows the model the first step's result as a picture, from memory and from history."""
    monkeypatch.chdir(tmp_path)
    first, made = WAYS[way]
    behave, known = service(first)
    with serving(behave) as server:
        known.append(server)
        with session(server) as now:
            chain = nb.chain(PHOTO, session=now).edit("make it blue", context="conversation")
            assert chain.image.data == made
            if not restarted:
                chain = chain.edit("now navy", context="conversation")
        if restarted:
            with session(server) as later:
                chain = nb.chain(PHOTO, session=later).edit("make it blue", context="conversation")
                assert chain.result.replayed
                chain = chain.edit("now navy", context="conversation")
        assert chain.image.data == NAVY and server.posts == 2
        *_, body = bodies(server)
    pictures, words = sent_of(body)
    assert pictures[-1] == made
    assert max(map(len, words)) < 200
    again = chain.steps[-1].sent == "refeed"
    assert again == (len(body["contents"]) == 1) == any("last picture was sent" in one for one in chain.result.warnings)


def test_a_turn_in_the_right_form_goes_back_word_for_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thoughts, texts and pictures keep their signatures, in a new session as well."""
    monkeypatch.chdir(tmp_path)
    parts = [{"text": "Hm", "thought": True}, {"text": "ok", "thoughtSignature": "dGV4dA=="}, inline(BIG, **SIGNED), {"custom": [1]}]
    behave, known = service(lambda _: native(*parts))
    with serving(behave) as server:
        known.append(server)
        for _ in range(2):
            with session(server) as now:
                chain = nb.chain(PHOTO, session=now).edit("make it blue", context="conversation")
                chain.edit("now navy", context="conversation")
        first, second = bodies(server)
    assert second["contents"][0]["parts"] == first["contents"][0]["parts"]
    assert second["contents"][1] == {"role": "model", "parts": parts}


def test_signatures_stay_where_a_picture_leaves_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the base64 leaves a part of words: what is left of it keeps its signature and its place."""
    monkeypatch.chdir(tmp_path)
    behave, known = service(lambda _: native({"text": f"Here: ![i]({url(BLUE)}) done", **SIGNED}))
    with serving(behave) as server:
        known.append(server)
        with session(server) as now:
            nb.chain(PHOTO, session=now).edit("make it blue", context="conversation").edit("navy", context="conversation")
        words, shown = bodies(server)[1]["contents"][1]["parts"]
    assert words == {"text": "Here: done", **SIGNED} and shown == inline(BLUE)


def test_a_missing_signature_falls_back_to_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A route that wants a signature where the turn has none gets the last picture instead, and a person is told."""
    monkeypatch.chdir(tmp_path)
    refused = {"error": {"code": 400, "message": "A picture lacks its thought_signature in content 2.", "status": "INVALID_ARGUMENT"}}
    replies = [response(json.dumps(native(inline(BLUE))).encode()), response(json.dumps(refused).encode(), 400), response(json.dumps(native(inline(NAVY))).encode())]
    with serving(lambda connection, _, number: connection.sendall(replies[number - 1])) as server, session(server) as now:
        chain = nb.chain(PHOTO, session=now).edit("make it blue", context="conversation").edit("navy", context="conversation")
        assert server.posts == 3 and chain.image.data == NAVY
        assert sent_of(bodies(server)[2])[0] == [BLUE]
    assert any("signature" in warning for warning in chain.result.warnings)


def test_a_native_answer_on_the_chat_wire_is_fed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wire without turns sends the last picture, though the relay answered in a form that has them."""
    monkeypatch.chdir(tmp_path)
    replies = [response(json.dumps(native(inline(data))).encode()) for data in (BLUE, NAVY)]
    with serving(lambda connection, _, number: connection.sendall(replies[number - 1])) as server, session(server, "openai") as now:
        chain = nb.chain(PHOTO, session=now).edit("make it blue", context="conversation").edit("navy", context="conversation")
        (message,) = bodies(server)[1]["messages"]
    assert message["content"][1]["image_url"]["url"] == url(BLUE)
    assert any("last picture was sent" in warning for warning in chain.result.warnings)
