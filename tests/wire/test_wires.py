"""A wire is a row: a third one, known to nobody but the table, serves every door and both ends."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._messages import EditRequest
from nb_banana._sandbox.faults import FAULTS
from nb_banana._sandbox.server import Server, serve
from nb_banana._wire.body import PIECE
from nb_banana._wire.turns import user_turn
from nb_banana._wire.wires import WIRES

from .toy import BOUNDARY, toy_wire

KEY = "sk-0123456789abcdef"


@pytest.fixture
def server() -> Iterator[Server]:
    """A loopback sandbox, while the table has a third row."""
    with toy_wire(), serve() as running:
        yield running


@pytest.fixture
def toy(server: Server) -> nb.Endpoint:
    """The loopback sandbox, spoken to over the third wire."""
    return nb.Endpoint(server.url, KEY, wire="toy")


def test_a_third_wire_edits_over_a_socket(server: Server, toy: nb.Endpoint, photo: Path) -> None:
    """From `Endpoint(wire="toy")` to a picture: a form goes out, its raw bytes are the picture, one comes back."""
    with nb.Client(toy) as client:
        result = client.edit(photo, "make it night", image_size="2K")
        body = result.plan.body()
        assert client.generate("a red sofa").image.width == 1024
    assert (result.image.width, result.image.height) == (2400, 1792)
    assert [entry.path for entry in server.requests] == ["/v9/toy/edits", "/v9/toy/generations"]
    assert body.content_type == f"multipart/form-data; boundary={BOUNDARY.decode()}"
    assert bytes(body).count(photo.read_bytes()) == 1 and len(body) == len(bytes(body))
    assert [*body] == [*body], "it can be sent again"


def test_a_third_wire_edits_asynchronously_and_in_the_built_in_sandbox(toy: nb.Endpoint, photo: Path) -> None:
    """The asynchronous client and the sandbox without a socket find the wire in the same table."""

    async def edit(endpoint: nb.Endpoint) -> nb.EditResult:
        async with nb.AsyncClient(endpoint) as client:
            return await client.edit(photo, "make it night")

    for endpoint in (toy, nb.Endpoint.sandbox(wire="toy")):
        result = asyncio.run(edit(endpoint))
        assert result.sandbox and result.image.width == 1200


def test_a_large_picture_is_sent_in_pieces(server: Server, toy: nb.Endpoint) -> None:
    """A file in a form is never held twice: it leaves in slices, and its length is known before the first."""
    picture = Image.effect_noise((1600, 1200), 120)
    with nb.Client(toy) as client:
        result = client.edit(picture, "make it night")
    body = result.plan.body()
    sent = result.plan.request.images[0].data
    assert len(sent) > 3 * PIECE and sent in bytes(body)
    assert max(map(len, body)) <= PIECE < len(body)


@pytest.mark.parametrize(
    ("fault", "error"),
    [("auth", nb.errors.AuthenticationError), ("bad_request", nb.errors.InvalidRequestError),
     ("server", nb.errors.NanoBananaError), ("malformed", nb.errors.MalformedResponseError)],
)  # fmt: skip
def test_a_third_wire_fails_in_its_own_form(photo: Path, fault: str, error: type[Exception]) -> None:
    """A fault is played by the wire that was asked, and our reader understands what it says."""
    with toy_wire(), nb.Client(nb.Endpoint.sandbox(fault, wire="toy"), retries=0) as client:
        with pytest.raises(error):
            client.edit(photo, "make it night")


@pytest.mark.parametrize("name", ["gemini", "openai", "images", "toy"])
def test_every_fault_is_played_by_every_wire(name: str) -> None:
    """No fault of the table is without words on any wire, even for a body that holds no request."""
    silent = {"timeout", "network"}
    with toy_wire(), serve(fault=sorted(set(FAULTS) - silent)) as running:
        url = running.url + WIRES[name].path(EditRequest("edit", model="gemini-3-pro-image"))
        replies = [httpx.post(url, content=b"{", trust_env=False) for _ in set(FAULTS) - silent]
    assert all(reply.content and reply.headers["content-type"].startswith("application/json") for reply in replies)
    assert {reply.status_code for reply in replies} >= {200, 400, 404, 503}


def test_a_session_a_panel_and_a_comparison_take_a_third_wire(server: Server, toy: nb.Endpoint, photo: Path) -> None:
    """History, replay, panel and comparison ask the table and the provider's row, never a name."""
    with nb.session(toy) as session:
        assert session.edit(photo, "make it night").image.width == 1200
        panel = nb.panel(photo, session=session)
        assert "2K" in [label for label, _ in panel.image_size.options]
        compared = nb.compare(photo, "make it night", wires=["gemini", "toy"], session=session)
        assert [cell.wire for cell in compared.cells] == ["gemini", "toy"]


def test_a_conversation_is_refused_where_no_turn_is_carried(server: Server, toy: nb.Endpoint, photo: Path) -> None:
    """The error names the wire that was asked and one that this provider offers; nothing is sent."""
    request = EditRequest("again", turns=(user_turn(EditRequest("first")),))
    for wire in ("toy", "openai"):
        with nb.Client(toy.on(wire)) as client, pytest.raises(nb.errors.InvalidRequestError) as caught:
            client.send(request)
        assert f"wire={wire!r}" in caught.value.message and 'wire="gemini"' in caught.value.hint
    assert server.requests == []


def test_an_unknown_wire_is_told_all_that_there_are(server: Server) -> None:
    """The choices come from the table, in words of the language, whatever was given."""
    for given in ("gemni", ["gemini"], None):
        with pytest.raises(nb.errors.InvalidRequestError) as caught:
            nb.Endpoint(server.url, KEY, wire=given)
        assert repr(given) in caught.value.message
        assert all(f"{wire.name!r} ({wire.title})" in caught.value.message for wire in WIRES.values())


def test_printed_curl_sends_the_form(server: Server, toy: nb.Endpoint, photo: Path) -> None:
    """The script of a wire that sends no JSON runs as it stands; its JSON is refused with the way out."""
    with nb.Client(toy) as client:
        result = client.edit("cat.png", "make it 'night' \\n 100%\r\n换成夜晚")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"multipart/form-data.*to_curl"):
        result.to_json()
    script, _, last = result.to_curl().rpartition("  | nb-banana decode")
    assert last.strip() == "> edited.png" and "cat < cat.png" in script and "Content-Type: multipart/form-data" in script
    root = str(Path(nb.__file__).resolve().parent.parent)
    decode = f"  | {shlex.quote(sys.executable)} -m nb_banana decode > edited.png"
    environment = {**os.environ, "PYTHONPATH": root, "NB_BANANA_API_KEY": KEY}
    done = subprocess.run(["sh", "-c", script + decode], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert Path("edited.png").read_bytes() == result.image.data


@pytest.mark.parametrize(
    ("path", "form"),
    [("/v1/chat/completions", "code"), ("/v1beta/models/m:generateContent", "status"), ("/v9/toy/edits", "detail")],
)
def test_a_wrong_method_or_length_is_answered_in_the_paths_own_form(server: Server, path: str, form: str) -> None:
    """A GET where edits are posted, and a body of no readable length, are errors in the form of that wire."""
    for method, length, status in (("GET", "0", 405), ("POST", "lots", 400)):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.putrequest(method, path)
        connection.putheader("Content-Length", length)
        connection.endheaders()
        reply = connection.getresponse()
        document = json.loads(reply.read())
        connection.close()
        assert reply.status == (400 if form == "detail" else status)
        assert form in document or form in document["error"], document


def test_a_setting_that_a_wire_carries_is_part_of_the_request_everywhere(
    toy: nb.Endpoint, server: Server, photo: Path, tmp_path: Path
) -> None:
    """A seed is sent, is in the record, tells replays apart, and comes back from a chain, an exported file and a zip."""
    with nb.Client(toy) as client:
        assert b"\r\n\r\n7\r\n" in bytes(client.edit(photo, "make it night", seed=7).plan.body())
    with nb.Session(toy, folder=tmp_path / "one") as session:
        chain = nb.chain(photo, session=session).edit("make it night", seed=7)
        assert json.loads(session.history.record(chain.result.record_id).request)["seed"] == 7
        assert session.edit(photo, "make it night", seed=7).replayed
        assert not session.edit(photo, "make it night", seed=8).replayed
        assert not session.edit(photo, "make it night").replayed
        assert session.result_of(session.history.record(chain.result.record_id)).request.seed == 7
        session.history.export_zip(tmp_path / "records.zip")
        chain.export(tmp_path / "chain.zip")
    sent = len(server.requests)
    with nb.Session(toy, folder=tmp_path / "two") as other:
        other.history.import_zip(tmp_path / "records.zip")
        assert other.edit(photo, "make it night", seed=7).image == chain.image
        loaded = nb.Chain.load(tmp_path / "chain.zip", session=other)
        assert loaded.rerun().result.request.seed == 7
        assert len(server.requests) == sent
