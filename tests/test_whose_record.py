"""A record answers the request it is of: keys are computed, and a stranger's zip or database is not believed."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from zips import with_plan, with_records

import nb_banana as nb
from nb_banana._catalog.models import find_model
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._history.record import Ending, id_to_number
from nb_banana._images.data import ImageData
from nb_banana._messages import Blob, EditRequest, Order, Turn
from nb_banana._sandbox.server import serve
from nb_banana._session.identity import keys_of
from nb_banana._wire.plan import Plan
from nb_banana._wire.turns import user_turn

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAE0lEQVR4nGP8v5QBK2DCLjxYJQBM7gG0qfKk0wAAAABJRU5ErkJggg=="
)
Row = dict[str, Any]
Line = dict[str, Any]


def png(colour: tuple[int, int, int] = (200, 60, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (96, 64), colour).save(out, "PNG")
    return out.getvalue()


def posts(server: Any) -> int:
    return sum(entry.method == "POST" for entry in server.requests)


def at(server: Any, folder: str) -> nb.Session:
    return nb.Session(nb.Endpoint(server.url), folder=folder, tell=lambda _: None)


# --- keys ----------------------------------------------------------------------------------------


def test_keys_are_what_they_always_were() -> None:
    """A release that computed other keys would make everybody pay again for what they hold."""
    dot = ImageData.from_bytes(DOT)
    plain = EditRequest("make it blue", (dot,))
    signed = Blob(b"signed", "0" * 64)
    content = {"role": "model", "parts": [{"text": "好", "thoughtSignature": "~0123456789abcdef.0~"}]}
    turns = (user_turn(plain), Turn(content, {"~0123456789abcdef.0~": signed}))
    every = EditRequest("变成夜晚\n", (dot, dot), model="nano-banana-2", aspect_ratio="16:9", image_size="2K")
    apiyi, local = nb.Endpoint.apiyi("sk-x" * 6), nb.Endpoint("http://127.0.0.1:8123/v1", wire="openai")
    known = {
        "d90d2c9101329e19f6db4e32e7cb01dee2f0a12f.fc63a0b90287": (plain, apiyi),
        "d90d2c9101329e19f6db4e32e7cb01dee2f0a12f.e5fc841501ff": (plain, nb.Endpoint.sandbox(fault="safety")),
        "97861d44b0823e55d604d66c8ccb9e7bfd191c1f.2c7c6b0a10c1": (every, nb.Endpoint.google("AIza" + "x" * 35)),
        "12be0d1d2289022007ed0843282ff8e814c07265.3eac68ec6924": (EditRequest("a lake", model="some-model-9"), local),
        "8756cbeb6fdf80b60239bad4be1b16d9cbef0ae4.eb845f77131d": (
            EditRequest("now navy", turns=turns), nb.Endpoint.sandbox(),
        ),
    }  # fmt: skip
    for key, (request, endpoint) in known.items():
        assert keys_of(request, endpoint) == (key[:40], key)


def test_the_id_that_is_sent_names_the_model_that_was_asked() -> None:
    """A record is checked by both; at no provider do they lead to different rows of the catalog."""
    for provider in PROVIDERS.values():
        for info in nb.models():
            sent = find_model(info.model.nickname, provider).sent_id
            assert find_model(sent, provider).info == info.model, (provider.name, sent)


# --- a zip ---------------------------------------------------------------------------------------

ASKED: dict[str, Any] = {"prompt": "make it night", "image_size": "1K", "aspect_ratio": "3:2"}
OTHERS: dict[str, dict[str, Any]] = {
    "prompt": {"prompt": "make it day"},
    "size": {"image_size": "2K"},
    "ratio": {"aspect_ratio": "1:1"},
    "no ratio": {"aspect_ratio": None},
    "model": {"model": "nano-banana"},
    "take": {"take": 2},
    "picture": {"images": png((1, 2, 3))},
    "one picture more": {"images": [png(), png((1, 2, 3))]},
    "order": {"images": [png((1, 2, 3)), png()]},
}


def edit(session: nb.Session, **changes: Any) -> nb.EditResult:
    return session.edit(**{"images": png(), **ASKED, **changes})


@pytest.mark.parametrize("other", OTHERS)
def test_a_zip_whose_key_is_another_request_s_does_not_answer_it(server: Any, tmp_path: Path, other: str) -> None:
    """Whatever key a row claims, it answers what it says it is of, and that alone."""
    with at(server, "theirs") as theirs, at(server, "mine") as mine, at(server, "scratch") as scratch:
        made = edit(theirs)
        aim = edit(scratch, **OTHERS[other])
        wanted = scratch.history.record(str(aim.record_id)).key

        def forge(line: Line) -> None:
            line["row"]["key"] = wanted

        mine.history.import_zip(with_records(theirs.history.export_zip(tmp_path / "h.zip"), forge))
        before = posts(server)
        assert not edit(mine, **OTHERS[other]).replayed
        assert posts(server) == before + 1
        again = edit(mine)
        assert (again.replayed, again.image.data) == (True, made.image.data)


def swap_facts(line: Line) -> None:
    line["request"] = json.dumps({**json.loads(line["request"]), "url": "https://elsewhere.example.com/x"})


FORGED: dict[str, Callable[[Line], None]] = {
    "the prompt": lambda line: line["row"].update(prompt="make it day"),
    "the size": lambda line: line["row"].update(image_size="4K"),
    "the model asked": lambda line: line["row"].update(model="nano-banana"),
    "the model sent": lambda line: line["row"].update(model_sent="gemini-2.5-flash-image"),
    "both models": lambda line: line["row"].update(model="nano-banana", model_sent="gemini-2.5-flash-image"),
    "the take": lambda line: line["row"].update(take=3),
    "the provider": lambda line: line["row"].update(provider="google"),
    "a provider nobody knows": lambda line: line["row"].update(provider="../google"),
    "the wire": lambda line: line["row"].update(wire="openai"),
    "the address": swap_facts,
    "the address is gone": lambda line: line.update(request="{}"),
    "the request is a list": lambda line: line.update(request="[1]"),
    "a conversation without parents": lambda line: line["row"].update(context="conversation"),
    "a conversation with itself": lambda line: line["row"].update(context="conversation", parent=line["row"]["id"]),
    "the inputs": lambda line: line.update(pictures=[each for each in line["pictures"] if each[0] != "input"]),
    "the inputs are outputs": lambda line: line.update(
        pictures=[["input", 0, *each[2:]] if each[0] == "output" else each for each in line["pictures"]]
    ),
    "no outputs": lambda line: line.update(pictures=[each for each in line["pictures"] if each[0] != "output"]),
    "pictures lost below nothing": lambda line: (
        line["row"].update(lost=-1),
        line["pictures"].append(["output", 9, "f" * 64, "image/png", 1, 1, 1, ""]),
    )[0],
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_zip_with_changed_facts_does_not_answer(server: Any, tmp_path: Path, forgery: str) -> None:
    """With any one fact changed, the key that came along untouched opens nothing."""
    with at(server, "theirs") as theirs, at(server, "mine") as mine:
        edit(theirs)
        mine.history.import_zip(with_records(theirs.history.export_zip(tmp_path / "h.zip"), FORGED[forgery]))
        assert len(mine.history.records()) == 1
        assert not edit(mine).replayed
        assert posts(server) == 2


def test_an_input_missing_from_the_zip_leaves_no_shorter_request(server: Any, tmp_path: Path) -> None:
    """A record of two pictures, one of them not in the file, is no record of the other picture alone."""
    with at(server, "theirs") as theirs, at(server, "mine") as mine:
        edit(theirs, images=[png(), png((1, 2, 3))])
        (gone,) = [p for p in Path("theirs/images").glob("*.png") if p.read_bytes() == png((1, 2, 3))]
        gone.unlink()
        with pytest.warns(UserWarning, match=gone.name):
            path = theirs.history.export_zip(tmp_path / "h.zip")
        mine.history.import_zip(path)
        assert not edit(mine).replayed
        assert posts(server) == 2


def test_an_honest_zip_answers_whoever_has_it(server: Any, tmp_path: Path) -> None:
    """The same endpoint and a reader without a key are answered from an imported record; another endpoint is not."""
    with at(server, "theirs") as theirs:
        made = edit(theirs)
        path = theirs.history.export_zip(tmp_path / "h.zip")
    with serve() as elsewhere:
        for endpoint, replayed in (
            (nb.Endpoint(server.url), True), (None, True), (nb.Endpoint(elsewhere.url), False),
        ):  # fmt: skip
            with nb.Session(endpoint, folder=f"reader {replayed} {endpoint}"[:20], tell=lambda _: None) as reader:
                reader.history.import_zip(path)
                seen = edit(reader)
                assert (seen.replayed, seen.image.data == made.image.data) == (replayed, True)


# --- a database ----------------------------------------------------------------------------------


def in_database(folder: str, change: str, *values: object) -> None:
    with sqlite3.connect(Path(folder) / "history.sqlite") as connection:
        assert connection.execute(change, values).rowcount == 1
    connection.close()


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("keyless", [False, True])
def test_a_foreign_database_answers_only_what_it_says(server: Any, other: str, keyless: bool) -> None:
    """In a folder somebody sent, a key that was moved to another request opens nothing; the next newest record does."""
    endpoint = None if keyless else nb.Endpoint(server.url)
    with at(server, "theirs") as theirs:
        right = edit(theirs, **OTHERS[other])
        wrong = edit(theirs)
        key = theirs.history.record(str(right.record_id)).key
        number = id_to_number(str(wrong.record_id))
    in_database("theirs", "UPDATE records SET key = ? WHERE id = ?", key, number)
    before = posts(server)
    with nb.Session(endpoint, folder="theirs", tell=lambda _: None) as mine:
        seen = edit(mine, **OTHERS[other])
    assert (seen.replayed, seen.record_id, posts(server)) == (True, right.record_id, before)
    assert seen.record_id != wrong.record_id


@pytest.mark.parametrize(
    "change",
    [
        "prompt = 'make it day'", "aspect_ratio = NULL", "image_size = '2K'", "model = 'nano-banana'", "wire = 'openai'",
        "model_sent = 'gemini-2.5-flash-image'", "provider = 'google'", "context = 'conversation'",
    ],
)  # fmt: skip
def test_a_row_that_says_otherwise_is_no_answer(server: Any, change: str) -> None:
    """One changed fact under the right key, and the request is sent."""
    with at(server, "theirs") as theirs:
        edit(theirs)
    in_database("theirs", f"UPDATE records SET {change}")
    with at(server, "theirs") as mine:
        assert not edit(mine).replayed
    assert posts(server) == 2


def test_swapped_inputs_are_no_answer(server: Any) -> None:
    """The pictures a row is linked to count, not the key it carries."""
    with at(server, "theirs") as theirs:
        made = edit(theirs)
    in_database("theirs", "UPDATE pictures SET sha256 = ? WHERE role = 'input'", made.image.sha256)
    with at(server, "theirs") as mine:
        assert not edit(mine).replayed
        assert mine.peek(EditRequest("make it night", (made.image,), image_size="1K", aspect_ratio="3:2")) is None


# --- chains and comparisons ----------------------------------------------------------------------


def test_a_conversation_travels_and_answers_its_own_turns_only(tmp_path: Path) -> None:
    """The turns before a step are found again along the parents; after another answer the step is another request."""
    with nb.Session(nb.Endpoint.sandbox(), folder="theirs", tell=lambda _: None) as theirs:
        chain = nb.chain(png(), session=theirs).edit("make it night", image_size="1K")
        chain = chain.edit("add stars", image_size="1K", context="conversation")
        path = chain.export(tmp_path / "chain.zip")
    with nb.Session(nb.Endpoint.sandbox(), folder="mine", tell=lambda _: None) as mine:
        loaded = nb.Chain.load(path, session=mine)
        assert [result.replayed for result in loaded.rerun()] == [True, True]
        other = nb.chain(png(), session=mine).edit("make it day", image_size="1K")
        assert not other.edit("add stars", image_size="1K", context="conversation").result.replayed


def test_a_chain_file_that_shows_a_record_as_another_step_is_refused(tmp_path: Path) -> None:
    """Order, model and further pictures of a chain file must be those of its records."""
    with nb.Session(nb.Endpoint.sandbox(), folder="theirs", tell=lambda _: None) as theirs:
        chain = nb.chain(png(), session=theirs).edit("make it night", image_size="1K").edit("add stars", image_size="1K")
        path = chain.export(tmp_path / "chain.zip")
    changes: list[Callable[[list[Any]], Any]] = [
        list.reverse,
        lambda order: order[1].update(model="nano-banana"),
        lambda order: order[1].update(sent="conversation"),
        lambda order: order[0].update(record=order[1]["record"]),
    ]
    for number, change in enumerate(changes):
        forged = tmp_path / f"forged{number}.zip"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(forged, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "chain.json":
                    order = json.loads(data)
                    change(order)
                    data = json.dumps(order).encode()
                new.writestr(name, data)
        with (
            nb.Session(nb.Endpoint.sandbox(), folder=f"mine{number}", tell=lambda _: None) as mine,
            pytest.raises(nb.errors.InvalidRequestError, match=forged.name),
        ):
            nb.Chain.load(forged, session=mine)


def test_a_comparison_file_can_t_put_a_result_into_another_cell(tmp_path: Path) -> None:
    """A cell that points to a record of another edit is empty: it is still to be run."""
    with nb.Session(nb.Endpoint.sandbox(), folder="theirs", tell=lambda _: None) as theirs:
        done = nb.compare(png(), ["make it night", "make it day"], session=theirs).run()
        path = done.export(tmp_path / "grid.zip")
    forged = with_plan(path, lambda plan: plan["cells"][0].update(record=plan["cells"][1]["record"]))
    with nb.Session(nb.Endpoint.sandbox(), folder="mine", tell=lambda _: None) as mine:
        loaded = nb.Comparison.load(forged, session=mine)
        assert [result and result.request.prompt for result in loaded.results] == [None, "make it day"]
        loaded.run()
        assert [one.request.prompt for one in loaded] == ["make it night", "make it day"]


def test_a_refusal_of_another_request_does_not_change_the_way_a_chain_goes(server: Any) -> None:
    """Only the same step at the same place having been refused makes a chain send the picture anew."""
    with at(server, "mine") as session:
        chain = nb.chain(png(), session=session).edit("make it night", image_size="1K")
        words = "Image part is missing a thought_signature"
        for prompt, wire in (("add stars", "openai"), ("add a moon", "gemini")):
            request = nb.EditRequest(prompt, model="nano-banana-pro", image_size="1K")
            sent = request.sent_as("gemini-3-pro-image-preview", ())
            plan = Plan(request, sent, None, PROVIDERS["custom"], wire, server.url, (), 300.0)
            order = Order(request, parent=chain.result.record_id, context="conversation")
            id = session.history.begin(order, plan, key="k")
            ending = Ending(status="failed", billing="free", sandbox=False, elapsed=1, error_message=words)
            session.history.end(id, ending)
        assert chain.edit("add stars", image_size="1K", context="conversation").steps[-1].sent == "conversation"
        assert posts(server) == 2
