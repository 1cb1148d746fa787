"""Whatever stands where a name, a number or a path should stand ends in one of our own sentences, and costs nothing."""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nb_banana as nb
from nb_banana.errors import InvalidRequestError, NanoBananaError

from .misbehaving import KEY, PICTURE, answer, picture, response, sends, serving

HUGE = 10**5000
"""Python refuses to write out so long a number."""


def session(**options: Any) -> nb.Session:
    return nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None, **options)


ODD_MODELS = [
    "a" * 100_000, "../../..", "..", "gemini/../../../v1/files", "./x", "a//b", "/etc", "a/", "models/", "   ", "\ud800",
    "a\udcffb",
]  # fmt: skip


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("model", ODD_MODELS, ids=lambda model: ascii(model)[1:20])
def test_what_cannot_be_a_models_name_is_refused_unsent(model: str, wire: Any) -> None:
    """A name that is endless, half a character or a step to another address is quoted in one short line, and nothing is sent."""
    with serving(sends(response(answer()))) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY, wire=wire))
        for ask in (
            lambda: client.edit(PICTURE, "Make it blue", model=model),
            lambda: client.send(nb.EditRequest("Make it blue", (PICTURE,), model=model)),
        ):
            with pytest.raises(InvalidRequestError) as caught:
                ask()
            assert "nb.models() lists the models" in str(caught.value)
            assert len(str(caught.value)) < 500 and str(caught.value).isprintable()
        assert server.requests == []


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("models/new-one", "new-one"), ("publishers/google/models/x", "publishers/google/models/x"), ("模型 2", "%E6%A8%A1%E5%9E%8B%202"),
        ("a?key=1#x", "a%3Fkey%3D1%23x"), ("%2e%2e%2f", "%252e%252e%252f"), ("a..b", "a..b"), ("x:free", "x%3Afree"), ("a\r\nHost: b", "a%0D%0AHost%3A%20b"),
        ("a\0b", "a%00b"), ("\x1b[31mred", "%1B%5B31mred"), ("a\u202eb", "a%E2%80%AEb"),
    ],
)  # fmt: skip
def test_any_other_name_is_sent_below_its_own_address(model: str, path: str) -> None:
    """Slashes, blanks, signs, Chinese and line breaks are quoted; none of them leads anywhere but to the model's own address."""
    with serving(sends(response(answer(picture((1, 2, 250)))))) as server:
        nb.Client(nb.Endpoint(server.url, KEY, wire="gemini")).edit(PICTURE, "Make it blue", model=model)
        assert server.requests[0].head.startswith(f"POST /v1beta/models/{path}:generateContent HTTP".encode())


def test_odd_names_in_a_plan_are_cells_that_cannot_work(clean_place: Path) -> None:
    """A comparison over models names the odd one in its estimate and runs the others."""
    plan = nb.compare(PICTURE, "Make it blue", models=["nano-banana-pro", "../.."], session=session())
    assert "1 can't work" in str(plan.estimate())
    plan.run()
    assert [type(cell).__name__ for cell in plan.results if cell] == ["EditResult"]


REFUSED: dict[str, Callable[[], object]] = {
    "size-of-digits": lambda: session().edit(PICTURE, "x", image_size="4" * 10**8),
    "size-of-letters": lambda: session().edit(PICTURE, "x", image_size="K" * 10**7),
    "ratio-of-digits": lambda: session().edit(PICTURE, "x", aspect_ratio="1" * 10**8),
    "size-number": lambda: session().edit(PICTURE, "x", image_size=HUGE),  # type: ignore[arg-type]
    "ratio-unknown-model": lambda: session().edit(PICTURE, "x", model="new", aspect_ratio="\ud800"),
    "size-unknown-model": lambda: session().edit(PICTURE, "x", model="new", image_size="2K" * 10**6),
    "take-64-bits": lambda: session().edit(PICTURE, "x", take=2**63),
    "take-30-digits": lambda: session().edit(PICTURE, "x", take=10**30),
    "take-huge": lambda: session().edit(PICTURE, "x", take=HUGE),
    "takes": lambda: session().edit(PICTURE, "x", takes=10**9),
    "plan-takes": lambda: nb.compare(PICTURE, "x", takes=10**9, session=session()),
    "plan-takes-huge": lambda: nb.compare(PICTURE, "x", takes=HUGE, session=session()),
    "plan-product": lambda: nb.compare([PICTURE] * 200, ["x", "y"], takes=500, session=session()),
    "concurrency": lambda: nb.batch([PICTURE], "x", session=session()).run(concurrency=HUGE),
    "concurrency-nan": lambda: nb.batch([PICTURE], "x", session=session()).run(concurrency=math.nan),  # type: ignore[arg-type]
    "budget": lambda: session(budget=HUGE),
    "since-number": lambda: session(budget=1, since=HUGE),
    "since-nan": lambda: session(budget=1, since=math.nan),
    "since-text": lambda: session(budget=1, since="9999-99-99"),
    "retries": lambda: session(retries=HUGE).edit(PICTURE, "x"),
    "deadline": lambda: session(deadline=HUGE).edit(PICTURE, "x"),
    "deadline-true": lambda: session(deadline=True).edit(PICTURE, "x"),
    "auth-letters": lambda: nb.Endpoint("https://relay.example.com", KEY, auth="密钥"),
    "auth-words": lambda: nb.Endpoint("https://relay.example.com", KEY, auth="x api key"),
    "auth-line": lambda: nb.Endpoint("https://relay.example.com", KEY, auth="x-key\n"),
    "auth-long": lambda: nb.Endpoint("https://relay.example.com", KEY, auth="x" * 10**6),
    "auth-taken": lambda: nb.Endpoint("https://relay.example.com", KEY, auth="Content-Length"),
    "auth-number": lambda: nb.Endpoint("https://relay.example.com", KEY, auth=5),  # type: ignore[arg-type]
    "deadline-nan": lambda: session(deadline=math.nan).edit(PICTURE, "x"),
    "estimate-count": lambda: nb.estimate(count=HUGE),
    "estimate-30-digits": lambda: nb.estimate(count=10**30),
    "estimate-true": lambda: nb.estimate(count=True),
    "estimate-day": lambda: nb.estimate(as_of=5),  # type: ignore[arg-type]
    "estimate-size": lambda: nb.estimate(image_size="9" * 10**6),
    "prompt": lambda: session().edit(PICTURE, "ä" * 10**7),
}


@pytest.mark.parametrize("case", REFUSED)
def test_absurd_numbers_and_texts_are_refused_in_one_short_sentence(case: str, clean_place: Path) -> None:
    """However long, large or strange a setting is, one line names it; no memory is filled and nothing is sent."""
    with pytest.raises(NanoBananaError) as caught:
        REFUSED[case]()
    assert len(str(caught.value)) < 500 and str(caught.value).replace("\n", "").isprintable()


def test_more_lanes_than_jobs_are_not_made(clean_place: Path) -> None:
    """A concurrency of a hundred thousand for one picture runs that one."""
    plan = nb.batch([PICTURE], "Make it blue", session=session())
    plan.run(concurrency=100_000)
    assert len(plan.results) == 1


ODD_PATHS = ["a\0b", "\ud800.png", "n" * 300, "/".join(["d" * 200] * 30), 5, 1.5, ["a.png"], "file/x"]
DOORS: dict[str, Callable[[Any, nb.Session], object]] = {
    "result": lambda path, own: own.edit(PICTURE, "Make it blue").save(path),
    "image": lambda path, own: nb.ImageData.from_bytes(PICTURE).save(path),
    "chain-out": lambda path, own: nb.chain(PICTURE, session=own).edit("Make it blue").export(path),
    "chain-in": lambda path, own: nb.Chain.load(path, session=own),
    "plan-in": lambda path, own: nb.Comparison.load(path, session=own),
    "plan-out": lambda path, own: nb.compare(PICTURE, "x", session=own).export(path),
    "history-out": lambda path, own: own.history.export_zip(path),
    "history-lines": lambda path, own: own.history.export_jsonl(path),
    "history-in": lambda path, own: own.history.import_zip(path),
    "picture": lambda path, own: own.edit(path, "Make it blue"),
    "provenance": lambda path, own: nb.read_provenance(path),
}


@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: ascii(path)[:12])
@pytest.mark.parametrize("door", DOORS)
def test_a_path_that_cannot_be_one_is_said_at_every_door(door: str, path: Any, clean_place: Path) -> None:
    """NUL, half a character, names too long, a number, a file in a folder's place: each door answers in a sentence."""
    (clean_place / "file").write_bytes(b"x")
    with pytest.raises(NanoBananaError) as caught:
        DOORS[door](path, session())
    assert str(caught.value).replace("\n", "").isprintable()


@pytest.mark.parametrize("folder", ["a\0b", "\ud800", 5, 1.5])
def test_a_history_folder_that_cannot_be_one_is_said(folder: Any, clean_place: Path) -> None:
    """A folder no disk can hold is refused when the session is made, by its value."""
    with pytest.raises(InvalidRequestError, match="can't be the path of a file"):
        session(folder=folder)


@pytest.mark.parametrize("folder", ["~nobody-here/history", b"bytes"])
def test_other_spellings_of_a_folder_are_taken(folder: Any, clean_place: Path) -> None:
    """An unknown ~user is a name like any other, and bytes are a path as everywhere in Python."""
    session(folder=folder).edit(PICTURE, "Make it blue")
    assert (clean_place / os.fsdecode(folder) / "history.sqlite").is_file()


@pytest.mark.parametrize("door", ["chain-out", "history-lines", "history-out"])
def test_a_pipe_keeps_its_place(door: str, clean_place: Path) -> None:
    """A pipe, or a device, whose name is given is never replaced by a file."""
    os.mkfifo(clean_place / "out.zip")
    with pytest.raises(InvalidRequestError, match="it is no regular file"):
        DOORS[door](clean_place / "out.zip", session())
    os.mkfifo(clean_place / "out.png")
    with pytest.raises(InvalidRequestError, match="it is no regular file"):
        nb.ImageData.from_bytes(PICTURE).save("out.png")
    for name in ("out.zip", "out.png"):
        assert stat.S_ISFIFO((clean_place / name).stat().st_mode)


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "binary", "hole", "long", "missing", "nobody"])
def test_a_price_file_that_is_none_is_named(kind: str, clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NB_BANANA_PRICES may name a device, a pipe, a folder, anything: the edit ends at once, in one sentence with its name."""
    os.mkfifo(clean_place / "pipe")
    (clean_place / "binary").write_bytes(bytes(range(256)))
    with (clean_place / "hole").open("wb") as file:
        file.truncate(2**40)
    named = {"device": "/dev/zero", "folder": str(clean_place), "long": "p" * 300, "nobody": "~nobody-here/prices.toml"}.get(kind, kind)
    monkeypatch.setenv("NB_BANANA_PRICES", named)
    with pytest.raises(InvalidRequestError) as caught:
        session().edit(PICTURE, "Make it blue")
    assert Path(named).name[:50] in str(caught.value)


NUMBERS = {
    "seed": lambda n: nb.edit("cat.png", "make it night", seed=n).request.seed,
    "take": lambda n: nb.edit("cat.png", "make it night", take=n).take,
    "takes": lambda n: len(nb.edit("cat.png", "make it night", takes=n).takes),
    "next take": lambda n: nb.session().next_take("cat.png", "make it night", seed=n) + 1,
    "a request of one's own": lambda n: nb.AsyncClient(nb.Endpoint.sandbox()).plan_of(nb.EditRequest("night", seed=n)).asked.seed,
    "count": lambda n: nb.estimate("nano-banana-pro", count=n, images=n, concurrency=n).count,
    "retries": lambda n: nb.Client(nb.Endpoint.sandbox(), retries=n)._driven.options.retries,
    "judge": lambda n: nb.Judge("gpt-4o", passes=n, seed=n).seed,
}


@pytest.mark.parametrize("door", NUMBERS)
def test_whole_numbers_may_be_numpys(door: str, photo: Path) -> None:
    """A number out of an array is a number, of the same request as Python's own; a truth value is none."""
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    for kind in (np.int64, np.uint8):
        got = NUMBERS[door](kind(2))
        assert got == 2 and type(got) is int
    for wrong in (True, np.bool_(True), 2.5, "2"):
        with pytest.raises(InvalidRequestError):
            NUMBERS[door](wrong)


def test_a_number_of_numpy_asks_the_same_question(photo: Path) -> None:
    """seed=np.int64(3) is answered by what seed=3 paid for."""
    nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    made = nb.edit("cat.png", "make it night", seed=3, take=2)
    assert nb.edit("cat.png", "make it night", seed=np.int64(3), take=np.int32(2)).record_id == made.record_id


@pytest.mark.parametrize("door", ["peek", "result_of", "free_take"])
def test_what_is_no_request_or_record_is_named(door: str) -> None:
    """A text where a request or a record belongs is one sentence, not a slip inside."""
    with pytest.raises(InvalidRequestError, match=r"not (a|of a) str"):
        getattr(nb.Session(nb.Endpoint.sandbox()), door)("x")
