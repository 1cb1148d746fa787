"""What a relay needs to be told: its own model ids as typed, and fields of its own; whatever is exchanged is told."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tracebacks import verbose

import nb_banana as nb

from .misbehaving import KEY, Server, answer, fails, leaks, picture, response, serving

PHOTO = picture((20, 60, 90))
NOT_THERE = response(json.dumps({"error": {"message": "The model does not exist", "code": "model_not_found"}}).encode(), 404)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lambda connection, *_: connection.sendall(response(answer()))) as running:
        yield running


def asked(server: Server, number: int = -1) -> tuple[str, dict[str, Any]]:
    """The path and the body of a request that came."""
    seen = server.requests[number]
    return seen.head.split(b" ")[1].decode(), json.loads(seen.body)


def client(server: Server, wire: Any = "openai", **more: Any) -> nb.Client:
    return nb.Client(nb.Endpoint.custom(server.url, KEY, wire=wire, **more), retries=0)


@pytest.mark.parametrize("typed", ["my-model", "nano-banana-pro", "google/gemini-3-pro-image", "Nano Banana Pro", "models/x"])
@pytest.mark.parametrize("wire", ["openai", "gemini"])
def test_an_id_behind_the_sign_is_sent_as_typed(server: Server, typed: str, wire: str) -> None:
    """``model="=…"`` is a relay's own id, whatever it means here; nothing is exchanged, so nothing is told."""
    result = client(server, wire).edit(PHOTO, "make it blue", model=f"={typed}")
    path, body = asked(server)
    if wire == "openai":
        assert body["model"] == typed
    else:
        assert f"/models/{typed.removeprefix('models/').replace(' ', '%20')}:" in path
    assert not any("nickname" in warning or "catalog" in warning for warning in result.warnings)


@pytest.mark.parametrize("typed", ["Gemini-3-Pro-Image-Preview", "gemini-2.5-flash-image-preview", "google/gemini-3-pro-image", "Whatever/Else:free"])
def test_an_address_of_ones_own_gets_every_id_as_typed(server: Server, typed: str) -> None:
    """Neither case nor prefix of an id is changed where only its owner knows what it serves."""
    client(server).edit(PHOTO, "make it blue", model=typed)
    assert asked(server)[1]["model"] == typed


@pytest.mark.parametrize(("lang", "says"), [("en", "is a nickname"), ("zh", "是昵称")])
def test_a_nickname_that_is_exchanged_is_told(server: Server, lang: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The warning names what was typed, what was sent, and how to send what was typed."""
    monkeypatch.setenv("NB_BANANA_LANG", lang)
    (warning, *_) = client(server).edit(PHOTO, "make it blue", model="nano-banana-pro").warnings
    sent = asked(server)[1]["model"]
    assert sent == "gemini-3-pro-image-preview"
    assert says in warning and sent in warning and "model='=nano-banana-pro'" in warning


@pytest.mark.parametrize("typed", ["nano-banana-pro", "=nano-banana-pro", "gemini-3-pro-image-preview", None])
def test_an_error_names_the_id_asked_and_the_id_sent(typed: str | None) -> None:
    """Where they differ both stand in the sentence; where they don't, one."""
    with serving(lambda connection, *_: connection.sendall(NOT_THERE)) as server:
        with pytest.raises(nb.errors.ModelNotFoundError) as caught:
            client(server).edit(PHOTO, "make it blue", model=typed)
        sent = asked(server)[1]["model"]
    assert sent in str(caught.value)
    assert ("asked for as nano-banana-pro" in str(caught.value)) == (typed == "nano-banana-pro")


def test_a_sign_without_an_id_is_refused(server: Server) -> None:
    """``model="="`` is a slip, told before anything is sent."""
    with pytest.raises(nb.errors.InvalidRequestError, match="my-model"):
        client(server).edit(PHOTO, "make it blue", model=" = ")
    assert not server.requests


def test_a_chat_at_an_address_of_ones_own_asks_for_pictures(server: Server) -> None:
    """Gateways that answer in words otherwise hear that pictures are wanted; a field that is None is left out."""
    client(server).edit(PHOTO, "make it blue")
    assert asked(server)[1]["modalities"] == ["image", "text"]
    client(server, extra={"modalities": None}).edit(PHOTO, "make it blue")
    assert "modalities" not in asked(server)[1]


@pytest.mark.parametrize("wire", ["openai", "gemini"])
def test_further_fields_go_into_every_request(server: Server, wire: str) -> None:
    """They join the wire's own objects, reach batch and replayed code alike, and touch nothing of the edit."""
    extra = {"provider": {"order": ["a", "b"]}, "user": "team-7", "generationConfig": {"imageConfig": {"imageOutputOptions": {"mimeType": "image/png"}}}}
    with nb.Session(nb.Endpoint.custom(server.url, KEY, wire=wire, extra=extra), folder="h", tell=lambda _: None) as session:
        result = session.edit(PHOTO, "make it blue")
    _, body = asked(server)
    assert (body["provider"], body["user"]) == (extra["provider"], "team-7")
    if wire == "gemini":
        assert body["generationConfig"] == {"responseModalities": ["IMAGE"], "imageConfig": {"imageOutputOptions": {"mimeType": "image/png"}}}
        assert body["contents"][0]["parts"][0]["text"] == "make it blue"
    assert json.loads(result.to_json()) == body


def test_other_fields_are_another_request(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replay answers only where the same fields are sent; without any, as before."""
    monkeypatch.chdir(tmp_path)

    def edit(**extra: Any) -> bool:
        endpoint = nb.Endpoint.custom(server.url, KEY, extra=extra)
        with nb.Session(endpoint, folder="h", tell=lambda _: None) as session:
            return session.edit(PHOTO, "make it blue").replayed

    assert [edit(), edit(), edit(quality="high"), edit(quality="high"), edit(quality="low"), edit()] == [False, True, False, True, False, True]
    assert server.posts == 3


@pytest.mark.parametrize("name", ["model", "messages", "contents", "prompt", "image", "API-Key", "api_key", "key", "Authorization", "token", "access_token", "password"])
def test_the_edit_and_the_key_are_nobody_else_s(name: str) -> None:
    """A field that would replace the edit, or carry a key, is refused by name; its value is not shown."""
    with pytest.raises(nb.errors.InvalidRequestError, match=name) as caught:
        nb.Endpoint.custom("https://relay.example.com", KEY, extra={name: "sk-secret-value-77"})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: nb.Endpoint.custom("https://relay.example.com", KEY, extra={"user": KEY}),
        lambda: nb.Endpoint.custom("https://relay.example.com", KEY, extra={"meta": [{"note": f"as {KEY}."}]}),
        lambda: nb.Endpoint("https://relay.example.com", KEY).but(extra={"user": KEY}),
        lambda: nb.Endpoint(f"https://relay.example.com/{KEY}/api", KEY),
        lambda: nb.Endpoint("https://relay.example.com", KEY, auth=KEY),
        lambda: nb.Endpoint.local("http://127.0.0.1:8000", KEY, key=KEY),
    ],
)
def test_no_field_of_an_endpoint_holds_its_key(make: Callable[[], nb.Endpoint]) -> None:
    """What is kept, shown and pickled of an endpoint never has the key in it: it is refused before anything is sent."""
    problem = fails(make)
    assert isinstance(problem, nb.errors.InvalidRequestError) and "API key itself" in str(problem)
    ours = problem.__traceback__.tb_next.tb_next if problem.__traceback__ and problem.__traceback__.tb_next else None
    assert not leaks(verbose(problem, ours))


@pytest.mark.parametrize("extra", [{"a": {1, 2}}, {"a": float("nan")}, {"a": object()}])
def test_what_json_cannot_hold_is_refused(extra: dict[str, Any]) -> None:
    """Before anything is sent, and with an example."""
    with pytest.raises(nb.errors.InvalidRequestError, match="modalities"):
        nb.Endpoint.custom("https://relay.example.com", KEY, extra=extra)


def test_fields_travel_with_the_endpoint_and_the_key_does_not() -> None:
    """A worker process sends the same request; endpoints with other fields are not equal."""
    made = nb.Endpoint.custom("https://relay.example.com", KEY, wire="openai", extra={"user": "team-7"})
    there = pickle.loads(pickle.dumps(made))
    assert there.extra == {"user": "team-7"} and not there.has_key
    assert made != nb.Endpoint("https://relay.example.com", KEY, wire="openai")
    assert made.on("gemini").extra == made.extra and hash(made) == hash(nb.Endpoint.custom("https://relay.example.com", KEY, wire="openai", extra={"user": "team-7"}))
