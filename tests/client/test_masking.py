"""What a provider says is masked once, where the client hands it out; pictures, signatures and the person's own words are not touched."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

import nb_banana as nb
from nb_banana._fetch.keys import mask, mask_pieces
from nb_banana.errors import APIConnectionError, AuthenticationError, InvalidRequestError, NanoBananaError
from tests.echoing import OTHERS, SIGNATURE, echoing

from .misbehaving import KEY, PICTURE, answer, fails, leaks, response, sends, serving
from .misbehaving import picture as drawn
from .test_keys import environment, everything_of, locals_of

WIRES = pytest.mark.parametrize("wire", ["gemini", "openai"])
PHOTO = drawn((20, 60, 90))
NEW = "AQ.Fi3ldTest0abcdefghijklmnopqrstuvwxyz-_0123"


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


def traces_in(text: str) -> list[str]:
    """What stands there of the person's key and of the others'."""
    return [*leaks(text), *(other for other in OTHERS if other in text)]


@WIRES
@pytest.mark.parametrize("prompt", ["make it night", "stream it", "pretend"])
def test_a_picture_that_came_brings_no_key_along(wire: Any, prompt: str) -> None:
    """Words, turn, model, ids, reason, warnings and a sandbox's report hold no key after a success, whole or cut by a stream."""
    with echoing() as server:
        result = nb.Client(nb.Endpoint(server.url, KEY, wire=wire)).edit(PHOTO, prompt)
    assert server.keys == {KEY} and result.image.width == 48
    # A stream's turn is read on from part to part.
    said = "".join(part.get("text", "") for part in (result.turn or {"parts": []})["parts"])
    seen = everything_of(result) + json.dumps(result.turn) + result.to_json() + said
    assert traces_in(seen) == [] and "***" in result.text
    assert "one *** two *** three *** four" in result.text or prompt != "stream it"


def test_signatures_and_pictures_stay_to_the_bit() -> None:
    """What is base64 by its name is opaque: it comes back unchanged, even where the key itself happens to stand in it."""
    data = base64.b64encode(PICTURE).decode()
    inside = data[40:72]
    parts = [{"text": f"I know {inside}", "thoughtSignature": SIGNATURE + inside}, {"inlineData": {"mimeType": "image/png", "data": data}}]
    body = json.dumps({"candidates": [{"content": {"role": "model", "parts": parts}}]}).encode()
    with serving(sends(response(body))) as server:
        result = nb.Client(nb.Endpoint(server.url, inside)).edit(PHOTO, "x")
    turn: Any = result.turn
    assert result.image.data == PICTURE
    assert turn["parts"] == [{"text": "I know ***", "thoughtSignature": SIGNATURE + inside}, {"inlineData": {"mimeType": "image/png", "data": data}}]


def test_a_conversation_goes_on_with_the_masked_turn() -> None:
    """The second step repeats the first's turn, from memory and from the history, without the keys and with its signature."""
    with echoing() as server:
        session = nb.Session(nb.Endpoint(server.url, KEY), tell=lambda _: None)
        first = nb.chain(PHOTO, session=session).edit("make it night")
        first.edit("and add a moon", context="conversation").export("chain.zip")
        loaded = nb.Chain.load("chain.zip", session=session)
        turns = [first.result.turn, loaded.results[0].turn]
    sent = json.dumps(turns)
    assert traces_in(sent) == [] and sent.count(SIGNATURE) == 4 and turns[0] == turns[1]


@WIRES
@pytest.mark.parametrize("prompt", ["refuse", "only words", "page", "elsewhere"])
def test_a_failure_brings_no_key_along(wire: Any, prompt: str) -> None:
    """Every attribute of an error, the locals of all frames it shows, and what the history notes of it are free of keys."""
    with echoing() as server, nb.Session(nb.Endpoint(server.url, KEY, wire=wire), tell=lambda _: None) as session:
        error = fails(lambda: session.edit(PHOTO, prompt))
        records = json.dumps([session.history.shelf.raw(one.id) for one in session.history.records()], default=str)
    assert isinstance(error, NanoBananaError) and "***" in everything_of(error)
    assert traces_in(everything_of(error) + repr(error.args) + locals_of(error) + records) == []


def test_a_new_google_key_in_an_error_is_masked() -> None:
    """Keys that begin with AQ. are keys: the person's own and anybody else's."""
    for own in (NEW, KEY):
        body = json.dumps({"error": {"code": 400, "message": f"API key not valid: {NEW}. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}})
        with serving(sends(response(body.encode(), 400))) as server:
            error = fails(lambda own=own, url=server.url: nb.Client(nb.Endpoint(url, own)).edit(PHOTO, "make it blue"))
        assert isinstance(error, AuthenticationError) and NEW[:9] not in everything_of(error) and "not valid: ***" in str(error)


# --- links -----------------------------------------------------------------------------------------


class ToServer(httpx.AsyncBaseTransport):
    """The way to any host, as it leads on this machine: to the server, over a real socket."""

    def __init__(self, port: int) -> None:
        self.port, self.asked = port, list[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the server."""
        self.asked.append(str(request.url))
        async with httpx.AsyncClient() as client:
            url, body = f"http://127.0.0.1:{self.port}{request.url.raw_path.decode()}", await request.aread()
            return await client.request(request.method, url, content=body, headers={"Authorization": request.headers.get("Authorization", "")})


def through(server: Any, base_url: str, wire: Any) -> tuple[nb.Session, ToServer]:
    """A session at ``base_url``, whose requests and downloads lead to the server."""
    port = ToServer(server.server_port)
    session = nb.Session(nb.Endpoint(base_url, KEY, wire=wire), tell=lambda _: None)
    session._clients._made[session.endpoint, False] = nb.AsyncClient(session.endpoint, retries=0, transport=port, download_transport=port)
    return session, port


@WIRES
def test_a_link_with_the_key_works_at_its_own_host_and_is_kept_without(wire: Any, tmp_path: Path) -> None:
    """A paid picture behind a signed link with the key is fetched; if not, the link is kept with its signature and without the key, and a re-run fetches it."""
    with echoing() as server:
        server.named = "https://gateway.example.com"
        port = ToServer(server.server_port)
        client = nb.Client(nb.Endpoint(server.named, KEY, wire=wire), transport=port, download_transport=port)
        image = client.edit(PHOTO, "a link").image
        assert KEY in port.asked[-1] and traces_in(everything_of(image)) == [] and image.name == "***.png"
        server.stored = False
        server.prompts.clear()
        session, port = through(server, server.named, wire)
        error = fails(lambda: session.edit(PHOTO, "a link"))
        assert isinstance(error, APIConnectionError) and KEY in port.asked[-1]
        (kept,) = error.links
        assert "X-Amz-Signature=c0ffee0123456789" in kept and traces_in(kept + everything_of(error)) == []
        assert "c0ffee0123456789" not in str(error)
        session.close()
        stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()).decode("latin-1")
        assert "c0ffee0123456789" in stored and traces_in(stored) == []
        server.stored = True
        session, port = through(server, server.named, wire)
        result = session.edit(PHOTO, "a link")
        assert result.image.width == 48 and len(server.prompts) == 1 and traces_in(everything_of(result)) == []
        assert session.history.shelf.rows("SELECT * FROM links") == []
        session.close()


def test_a_link_does_not_carry_the_key_to_another_host() -> None:
    """An answer that names somebody else's address with the key in it, plain or quoted, is not followed there, and the error says so."""
    for written in (KEY, "".join(f"%{ord(letter):02X}" for letter in KEY)):
        link = f"https://elsewhere.example.net/a.png?key={written}"
        body = json.dumps({"candidates": [{"content": {"parts": [{"text": f"![]({link})"}]}}]}).encode()
        with serving(sends(response(body))) as server:
            port = ToServer(server.port)
            client = nb.Client(nb.Endpoint("https://gateway.example.com", KEY), transport=port, download_transport=port)
            error = fails(lambda client=client: client.edit(PHOTO, "x"))
        assert [httpx.URL(url).host for url in port.asked] == ["gateway.example.com"]
        assert "which is for gateway.example.com" in str(error) and not leaks(everything_of(error))


# --- the person's own words ------------------------------------------------------------------------


def test_a_prompt_is_sent_kept_and_replayed_as_it_was_typed() -> None:
    """A prompt that holds something like a secret is the person's own: it goes out and into the history by its letters, and the same edit is free."""
    prompt = f"write {OTHERS[0]} and token=9f8e7d6c5b4a3210ffee on the sign"
    with serving(sends(response(answer(words=f"I wrote {OTHERS[0]}")))) as server, nb.Session(nb.Endpoint(server.url, KEY), tell=lambda _: None) as session:
        first, second = session.edit(PHOTO, prompt), session.edit(PHOTO, prompt)
        assert server.requests[0].prompt == first.request.prompt == session.history.records()[0].prompt == prompt
        assert first.text == "I wrote ***" and second.replayed and server.posts == 1


def test_a_rewritten_prompt_is_told_from_the_same_one() -> None:
    """A service that repeats the prompt by its letters rewrote nothing, whatever is masked in what it says."""
    prompt = f"write {OTHERS[0]} on the sign"
    for said, told in ((prompt, False), (f"{prompt}, large", True)):
        body = json.dumps({**json.loads(answer()), "revised_prompt": said}).encode()
        with serving(sends(response(body))) as server:
            warnings = " ".join(nb.Client(nb.Endpoint(server.url, KEY)).edit(PHOTO, prompt).warnings)
        assert ("write ***" in warnings, OTHERS[0] in warnings) == (told, False)


@pytest.mark.parametrize("where", ["prompt", "model"])
def test_the_key_typed_in_the_wrong_place_is_not_sent(where: str) -> None:
    """The person's own key in the prompt or as the model is refused before anything is sent or written down."""
    words = {"prompt": "make it night", "model": None} | {where: f"x {KEY}" if where == "prompt" else KEY}
    with serving(sends(response(answer()))) as server, nb.Session(nb.Endpoint(server.url, KEY), tell=lambda _: None) as session:
        error = fails(lambda: session.edit(PHOTO, **words))
        assert isinstance(error, InvalidRequestError) and where in str(error) and "Nothing was sent" in str(error)
        assert not leaks(everything_of(error)) and server.accepted == 0 and session.history.records() == []


# --- shapes ----------------------------------------------------------------------------------------

SECRETS = (
    "Incorrect API key provided: {}0123456789abcdef0123456789abcdef{}.", "{}sk-Ab3Cd4Ef5Gh6Ij7Kl8Mn9{}", "{}sk-or-v1-0a1b2c3d4e5f60718293{}",
    "{}sk-ant-api03-Ab3Cd4Ef5Gh6{}", "{}AIzaSyD-0123456789abcdefghijklmnopqrstu{}", "{}AQ.Ab8RN6JkLmNoPqRsTuVw0123xyz{}", "{}ghp_0a1B2c3D4e5F6g7H8i9J{}",
    "{}github_pat_11ABCDEFG0abcdefghij{}", "{}hf_AbCdEfGhIjKlMnOpQrStUvWxYz{}", "{}r8_0a1B2c3D4e5F6g7H8i9J{}", "{}AKIAIOSFODNN7EXAMPLE{}",
    "{}gsk_0a1B2c3D4e5F6g7H8i9J{}", "{}xai-0a1B2c3D4e5F6g7H8i9J{}", "{}LTAI5tAbCdEfGhIjKlMn{}", "{}ya29.a0AfH6SMBx-0123456789{}",
    "Authorization: Bearer {}abc123def456{}", "bearer {}0a1b2c3d4e5f{}", "Basic {}dXNlcjpodW50ZXIyaHVudGVy{}",
    "https://x.example/v1?key={}0a1b2c3d4e{}&alt=json", "?alt=json&api_key={}0a1b2c3d4e{}", "x\\u0026access_token={}0a1b2c3d4e{}",
    "https://{}user:hunter2{}@x.example/", "https://s3.example/a.png?X-Amz-Signature={}deadbeef{}&x=1", "https://b.example/a.png?sv=2024&sig={}a%2Bb%3D{}",
    '{{"api_key": "{}abcd1234efgh5678{}"}}', '{{\\"client_secret\\": \\"{}abcd1234efgh5678{}\\"}}', "x-goog-api-key: {}abcd1234efgh5678{}",
    "password={}correct4horse8battery{}", "密钥：{}abcd1234efgh5678{}", "{}eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_def{}", "wrong key {}sk-Ab12Cd{}…",
    "line\\n{}sk-Ab3Cd4Ef5Gh6Ij7Kl8Mn9{}\\n", "({}sk-Ab3Cd4Ef5Gh6Ij7Kl8Mn9{})", "`{}hf_AbCdEfGhIjKlMnOpQrStUvWxYz{}`",
)  # fmt: skip
PROSE = (
    "sk-etch a cat, then a task-force at its desk-top", "use sk-learn-based image pipelines, or scikit-learn-v2024", "hf_hub_download and hf_transfer_enabled",
    "key=value, token: landscape, password: required", "id 8f3a9b2c4d5e6f708192a3b4c5d6e7f80112233445566778", "sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d",
    "an API key is needed for this; Bearer authentication required", "https://x.example/a.png?size=1024&key=landscape&w=2048#top", "grok: xai-grok-2-image-1212",
    "maxTokens: 1048576, promptTokenCount: 258", "2026-11-26T10:00:00Z request 123e4567-e89b-12d3-a456-426614174000", "FAQ.html and AQ. are short",
    "gemini-3-pro-image-preview google/gemini-3-pro-image models/imagen-4", "The sky-blue mask-painting is eyJ", "把猫画成 sk-etch 风格，密码：无", "https://user@x.example:8443/a?b=c",
)  # fmt: skip


@pytest.mark.parametrize("text", SECRETS, ids=range(len(SECRETS)))
def test_a_secret_is_known_by_its_shape(text: str) -> None:
    """Whoever's it is, in whatever it is written, only the stars stay, and all around it does."""
    assert mask(text.format("", ""), []) == re.sub("\0.*?\1", "***", text.format("\0", "\1"))


@pytest.mark.parametrize("text", PROSE, ids=range(len(PROSE)))
def test_words_ids_and_addresses_are_no_secrets(text: str) -> None:
    """What merely begins like a key, or is long, or stands behind an equals sign, stays."""
    assert mask(text, []) == text


def test_a_part_of_a_key_goes_wherever_it_stands_again() -> None:
    """Eight characters in a row give a key away, each time they come, also where they lie over one another."""
    part = KEY[12:22]
    assert mask(f"a {part} b {part.upper()} c {part}", [KEY]) == "a *** b *** c ***"
    assert mask(f"x {'ab' * 6}a y", ["ab" * 9 + "cd"]) == "x *** y"


def test_a_key_is_seen_through_every_way_of_writing_a_letter() -> None:
    """JSON's escapes however deep, those of addresses and of pages, and base64 at any place hide no key; what surrounds it stays."""
    ways: list[Callable[[str], str]] = [
        lambda letter: f"\\u{ord(letter):04x}", lambda letter: f"\\\\\\u{ord(letter):04X}", lambda letter: f"%{ord(letter):02x}",
        lambda letter: f"%25{ord(letter):02X}", lambda letter: f"&#x{ord(letter):x};",
        lambda letter: f"&#{ord(letter)};", lambda letter: f"&amp;#0{ord(letter)};", lambda letter: f"\\x{ord(letter):02x}",
    ]  # fmt: skip
    for way in ways:
        assert mask(f"a é {''.join(map(way, KEY))} b", [KEY]) == "a é *** b"
        assert mask(f"a {''.join(map(way, KEY[:20]))}{KEY[20:]} b", [KEY]) == "a *** b"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 100])
def test_pieces_of_a_stream_are_masked_as_their_whole(size: int) -> None:
    """Wherever a stream cuts, the pieces joined are what masking the whole gives, and as many pieces come back."""
    text = f"I saw {KEY}, {OTHERS[1]} and {KEY[:12]}***{KEY[-4:]} – fine"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    masked = mask_pieces([*pieces, "", ""], [KEY])
    assert "".join(masked) == mask(text, [KEY]) == "I saw ***, *** and *** – fine"
    assert len(masked) == len(pieces) + 2


# --- frames ----------------------------------------------------------------------------------------

BROKEN = f"{KEY[:16]} {KEY[16:]}"
FAILING: dict[str, Callable[[], Any]] = {
    "address": lambda: nb.Endpoint("https://not an address", KEY),
    "wire": lambda: nb.Endpoint("https://x.example", KEY, wire=cast(Any, "telegraph")),
    "key": lambda: nb.Endpoint("https://x.example", BROKEN),
    "apiyi": lambda: nb.Endpoint.apiyi(BROKEN),
    "google": lambda: nb.Endpoint.google(BROKEN),
    "openrouter": lambda: nb.Endpoint.openrouter(BROKEN),
    "variable": lambda: nb.Endpoint.from_env({"APIYI_API_KEY": BROKEN}),
    "none": lambda: nb.Endpoint.from_env({"NB_BANANA_BASE_URL": "https://x.example", "OTHER": KEY}),
    "use_key": lambda: nb.Session(tell=lambda _: None).use_key(BROKEN, provider="apiyi"),
}


@pytest.mark.parametrize("door", FAILING)
def test_no_frame_of_an_error_holds_what_was_given_as_a_key(door: str) -> None:
    """Where a key or its place is refused, a verbose traceback has no argument or local to print it from."""
    error = fails(FAILING[door])
    assert isinstance(error, NanoBananaError) and leaks(locals_of(error) + everything_of(error)) == []


def test_no_frame_holds_the_environment_where_a_proxy_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable that can't be used stops a request and a download; no frame of the error holds the variables, the key's or the proxy's own."""
    monkeypatch.setenv("NB_BANANA_API_KEY", KEY)
    monkeypatch.setenv("HTTPS_PROXY", "socks9://user:hunter2@127.0.0.1:1")
    client = nb.Client(nb.Endpoint("https://gateway.example.com", KEY))
    for ask in (lambda: client.edit(PHOTO, "x"), lambda: client.edit("https://pictures.example.com/a.png", "x")):
        error = fails(ask)
        shown = locals_of(error) + everything_of(error)
        assert "HTTPS_PROXY" in str(error) and leaks(shown) == [] and "hunter2" not in shown


def test_a_verbose_traceback_prints_no_key_of_the_environment(shell: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`%tb` after `%xmode Verbose` prints what stands in the cell's own frame, the environment among it, without the keys."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    for cell in ("%xmode Verbose", "import os, nb_banana as nb", "nb.Endpoint(os.environ['HOME'] + ' ', os.environ['APIYI_API_KEY'])", "%tb"):
        shell.run_cell(cell)
    out = "".join(capsys.readouterr())
    assert "os.environ" in out and "APIYI_API_KEY" in out and "***" in out and leaks(out) == []


# --- references are no keys ------------------------------------------------------------------------

REFERENCES = (
    "${APIYI_API_KEY}", "$APIYI_API_KEY", "$env:APIYI_API_KEY", "%APIYI_API_KEY%", "!APIYI_API_KEY!", "{{ APIYI_API_KEY }}", "{{key}}", "<your key>",
    "<APIYI_API_KEY>", "sk-${KEY}", "sk-<your-key>", "Bearer ${KEY}", "'$KEY'", "${{ secrets.KEY }}", "#{key}", "@KEY@", "APIYI_API_KEY", "OPENAI_API_KEY",
    "os.environ['KEY']", "process.env.KEY", "getenv('KEY')", "op://vault/apiyi/key", "None", "null", "undefined", "your-key-here", "${KEY:-default}",
)  # fmt: skip
DOORS: dict[str, Callable[[str, str], Any]] = {
    "Endpoint": nb.Endpoint,
    "provider": lambda _, key: nb.Endpoint.apiyi(key),
    "use_key": lambda url, key: nb.Session(tell=lambda _: None).use_key(key, base_url=url),
    "own variable": lambda _, key: nb.Endpoint.from_env({"APIYI_API_KEY": key}),
    "any host": lambda url, key: nb.Endpoint.from_env({"NB_BANANA_API_KEY": key, "NB_BANANA_BASE_URL": url}),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_reference_nobody_expanded_is_no_key(door: str) -> None:
    """At every door what only names a key is refused before anything is sent, and the sentence says what it is."""
    with serving(sends(response(answer()))) as server, environment({}):
        for key in REFERENCES:
            error = fails(lambda key=key: DOORS[door](server.url, key))
            assert isinstance(error, AuthenticationError), key
            assert re.search("reference|placeholder", str(error)), key
        assert server.accepted == 0


def test_an_edit_under_a_reference_sends_nothing() -> None:
    """A variable that holds `${APIYI_API_KEY}` stops an edit of the notebook's own session, and names the variable."""
    with environment({"GOOGLE_API_KEY": "${GOOGLE_API_KEY}"}):
        error = fails(lambda: nb.Session(tell=lambda _: None).edit(PHOTO, "x"))
    assert isinstance(error, AuthenticationError) and "GOOGLE_API_KEY" in str(error)

