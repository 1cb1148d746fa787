"""A paid picture behind an address comes out under whatever name the address came, as bytes do; a job's receipt stays one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from client.misbehaving import KEY, response, serving

import nb_banana as nb

from .answers import PICTURES, b64, chat, data_url, native, sse
from .test_whose_picture import CAT, MADE, MINE, OUT, ask

BARE = "https://cdn.example.com/r/a1b2"
NAMES = ("src", "uri", "link", "href", "download_url", "imageURL", "output_url", "path")
PLACES: dict[str, Any] = {
    "an image of a message": lambda at: chat("", message={"images": [at]}),
    "a part of a message": lambda at: chat([{"type": "image", **at}]),
    "an item of data": lambda at: {"created": 1, "data": [at]},
    "a native part": native,
    "beside empty choices": lambda at: {"choices": [], **at},
    "beside empty data": lambda at: {"data": [], "results": [at]},
}
DEEPER: dict[str, Any] = {
    "a source": chat([{"type": "image", "source": {"type": "url", "url": OUT}}]),
    "a list of addresses": {"data": [{"url": [OUT]}]},
    "lists in lists": {"data": [[{"url": OUT}]]},
    "images of an item": {"data": [{"images": [{"url": OUT}]}]},
    "a native image": native({"image": {"url": OUT}}),
    "an answer of a function": native({"functionResponse": {"name": "edit", "response": {"image": OUT}}}),
    "files beside words": chat("Done.", message={"files": [{"file_url": OUT}]}),
    "a job's number": {"data": [{"taskType": "imageInference", "taskUUID": "j-1", "imageURL": OUT}]},
    "a finished job": {"code": 200, "data": [{"status": "completed", "task_id": "j-1", "result": {"images": [{"url": [OUT]}]}}]},
    "a finished job's page": {"data": [{"status": "completed", "task_id": "j-1", "result": {"link": BARE}}]},
    "a preview's name": {"data": [{"preview_url": OUT}]},
    "drafts before it": native({"inlineData": {"data": b64("B")}, "thought": True}, {"image": {"link": OUT}}),
}  # fmt: skip


def _made(body: Any, wire: str = "openai") -> None:
    result, _ = ask(body, wire=wire, links={OUT: MADE, BARE: MADE})
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]
    assert any("unusual place" in warning for warning in result.warnings)


@pytest.mark.parametrize("place", PLACES)
def test_an_address_under_an_unknown_name_leads_to_the_result(place: str) -> None:
    """Where bytes are found under any name, an address is too, whether or not it ends as a picture's, and that is told."""
    for name in NAMES:
        for at in (OUT, BARE):
            _made(PLACES[place]({name: at}))


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("name", DEEPER)
def test_an_address_in_an_unknown_place_leads_to_the_result(name: str, wire: str) -> None:
    """However deep the address stands, and beside a job's number or words, what was paid for is fetched."""
    _made(DEEPER[name], wire)


NONE: dict[str, tuple[Any, type[nb.NanoBananaError]]] = {
    "the user's own": (chat("", message={"files": [{"file_url": CAT}]}), nb.errors.NoImageError),
    "in the request that is repeated": ({"data": [], "request": {"img": OUT}}, nb.errors.NoImageError),
    "in a thought": (native({"image": {"url": OUT}, "thought": True}), nb.errors.NoImageError),
    "a source that was read": (chat("Here is what I know.", message={"annotations": [{"url_citation": {"url": OUT}}]}), nb.errors.NoImageError),
    "beside words that refuse": (chat("I cannot edit this photo.", message={"files": [{"href": OUT}]}), nb.errors.NoImageError),
    "beside a filter": ({**chat("", finish="content_filter"), "help": {"page": OUT}}, nb.errors.SafetyError),
    "where a job is asked after": ({"data": [{"task_id": "j-1", "query": "https://api.example.com/t/j-1"}]}, nb.errors.MalformedResponseError),
    "what a job will make": ({"data": [{"task_id": "j-1", "status": "submitted", "cover": OUT}]}, nb.errors.MalformedResponseError),
    "what a job was given": ({"data": [{"task_id": "j-1", "echo": {"img": OUT}}]}, nb.errors.MalformedResponseError),
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_an_address_that_is_no_answer_is_not_looked_behind(name: str) -> None:
    """The last look for addresses keeps all rules: no echo, no thought, no refusal, and a receipt stays a receipt."""
    body, kind = NONE[name]
    error, fetched = ask(body)
    assert (type(error), fetched) == (kind, []), error


def test_the_pieces_of_a_sentence_are_no_addresses() -> None:
    """A stream cuts an address anywhere: only the whole one is asked for."""
    pieces = ["I saw https://cdn.exam", "ple.com/r/a1", "b2 once."]
    _, fetched = ask(sse(*({"choices": [{"delta": {"content": piece}}]} for piece in pieces)), links={})
    assert set(fetched) <= {BARE}


def test_a_picture_behind_an_unknown_name_is_not_paid_for_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the picture is not there its address is kept, and the next run fetches it without another request."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    there: list[bytes] = []

    def behave(connection: Any, seen: Any, _number: int) -> None:
        if seen.head.startswith(b"POST"):
            connection.sendall(response(b'{"data": [{"signed_url": "%s/out/a.png"}]}' % server.url.encode()))
        else:
            connection.sendall(response(there[0], content_type="image/png") if there else response(b"", 503))

    with serving(behave) as server:
        session = nb.Session(nb.Endpoint(server.url, KEY, wire="images"), folder=tmp_path, retries=0, tell=lambda *_: None)
        with pytest.raises(nb.errors.APIConnectionError):
            session.edit(PICTURES[MINE], "make it night")
        there.append(PICTURES[MADE])
        assert session.edit(PICTURES[MINE], "make it night").image.data == PICTURES[MADE]
        assert sum(seen.head.startswith(b"POST") for seen in server.requests) == 1


def test_a_small_picture_of_an_unknown_name_is_kept_beside_any_address() -> None:
    """An address that may lead anywhere does not cost the bytes that are here."""
    result, _ = ask({**chat(""), "home": "https://example.com/about", "thumb": data_url(MADE)}, links={})
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURES[MADE]
