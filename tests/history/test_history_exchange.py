"""A history that leaves this folder: JSON lines, a zip for another person, a table."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from history_kit import attempt, begin, end, picture
from zips import rewritten

from nb_banana._history.book import History
from nb_banana._messages import Blob, Turn
from nb_banana.errors import InvalidRequestError


@pytest.fixture
def history(tmp_path: Path) -> History:
    """A chain of two with a note, a refusal, and an attempt that still runs."""
    history = History.open(tmp_path / "history")
    turn = Turn(
        {"parts": "~a~"}, {"~a~": Blob(b"signed", hashlib.sha256(b"signed").hexdigest(), unpadded=True)}
    )
    first = attempt(history, "remove the background\x00", turn=turn, text="done")
    second = attempt(
        history, "加上森林", key="k2", parent=first.id, inputs=[picture(2)], outputs=[picture(3), picture(4)]
    )
    history.note(second.id, "the best")
    history.star(second.id)
    end(history, begin(history, "refused"), status="refused", outputs=(), billing="blocked_paid")
    begin(history, "running")
    return history


def test_json_lines_carry_the_seed_s_four_fields(history: History, tmp_path: Path) -> None:
    """Each line names timestamp, original_image, edit_instruction and result_path, and the paths open."""
    path = history.export_jsonl(tmp_path / "out" / "history.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [list(line)[:4] for line in lines] == [
        ["timestamp", "original_image", "edit_instruction", "result_path"]
    ] * 4
    second = lines[2]
    assert second["edit_instruction"] == "加上森林"
    assert Path(second["original_image"]).read_bytes() == picture(2).data
    assert Path(second["result_path"]).read_bytes() == picture(4).data
    assert (second["cost"], second["currency"], second["billing"], second["note"]) == (
        "0.050",
        "USD",
        "paid",
        "the best",
    )
    assert second["outputs"] == [picture(3).sha256, picture(4).sha256]
    assert (lines[1]["status"], lines[1]["result_path"]) == ("refused", None)
    assert path.stat().st_mode & 0o777 == 0o600


def test_zip_gives_another_person_the_same_history(history: History, tmp_path: Path) -> None:
    """Records, marks, parents, turns and pictures arrive whole; what still runs stays at home."""
    path = history.export_zip(tmp_path / "history.zip")
    other = History.open(tmp_path / "other")
    assert other.import_zip(path) == 3
    mine, theirs = [r for r in history.records() if r.status != "running"], other.records()
    assert theirs == [replace(record, key=theirs[n].key) for n, record in enumerate(mine)]
    assert [image.data for image in theirs[1].images] == [picture(3).data, picture(4).data]
    assert theirs[2].turn == mine[2].turn and theirs[2].request == mine[2].request
    assert [r.prompt for r in other.children(theirs[2].id)] == ["加上森林"]
    assert other.find("k2", 1) is None and other.find(theirs[1].key, 1) == theirs[1]
    assert [r.prompt for r in other.records(text="森林 best")] == ["加上森林"]
    assert other.import_zip(path) == 0
    assert str(tmp_path).encode() not in b"".join(
        zipfile.ZipFile(path).read(n) for n in zipfile.ZipFile(path).namelist()
    )


def test_zip_of_chosen_records_holds_those_and_their_pictures(history: History, tmp_path: Path) -> None:
    """A person shares one step without the rest."""
    path = history.export_zip(tmp_path / "one.zip", history.records(starred=True))
    names = zipfile.ZipFile(path).namelist()
    assert sorted(names) == sorted(
        ["about.json", "records.jsonl", *(f"images/{picture(n).sha256}.png" for n in (2, 3, 4))]
    )
    other = History.open(tmp_path / "other")
    assert other.import_zip(path) == 1
    assert [r.prompt for r in other.records()] == ["加上森林"]


def test_imported_records_take_their_place_in_time(history: History, tmp_path: Path) -> None:
    """An older record of somebody else sorts under a newer one of mine, and does not answer before it."""
    zipped = history.export_zip(tmp_path / "history.zip")
    third = History.open(tmp_path / "third")
    third.import_zip(zipped)
    key = third.records(text="森林")[0].key
    other = History.open(tmp_path / "other")
    mine = attempt(other, "mine, newer", key=key)
    other.import_zip(zipped)
    assert other.records()[0] == mine
    assert other.find(key, 1) == mine
    assert attempt(other, "next").id > mine.id


def test_picture_that_is_gone_is_left_out_of_the_zip_and_named(history: History, tmp_path: Path) -> None:
    """The rest is exported; the reader's record is shown, but answers no replay with half of its pictures."""
    gone = tmp_path / "history" / "images" / f"{picture(3).sha256}.png"
    gone.unlink()
    with pytest.warns(UserWarning, match=str(gone)):
        path = history.export_zip(tmp_path / "history.zip")
    other = History.open(tmp_path / "other")
    assert other.import_zip(path) == 3
    record = other.records(text="森林")[0]
    assert record.lost == 1 and other.find(record.key, 1) is None
    assert [picture.sha256 for picture in other.records(text="森林")[0].outputs] == [picture(4).sha256]


def in_records(old: str, new: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    def change(name: str, data: bytes) -> tuple[str, bytes]:
        if name != "records.jsonl":
            return name, data
        assert old in data.decode()
        return name, data.decode().replace(old, new).encode()

    return change


FORGERIES = {
    "picture swapped": lambda name, data: (name, picture(9).data if name.startswith("images/") else data),
    "no picture": lambda name, data: (name, b"<script>" if name.startswith("images/") else data),
    "no records": lambda name, data: None if name == "records.jsonl" else (name, data),
    "not ours": lambda name, data: None if name == "about.json" else (name, data),
    "no JSON": lambda name, data: (name, data[:-40] if name == "records.jsonl" else data),
    "status is a list": in_records('"status": "refused"', '"status": ["refused"]'),
    "amount is a word": in_records('"amount": "0.050"', '"amount": "much"'),
    "id too large": in_records('{"row": {"id": 1', '{"row": {"id": 99999999999991'),
    "id is a flag": in_records('{"row": {"id": ', '{"row": {"id": true, "was": '),
    "a column nobody knows": in_records('"take": 1', '"take": 1, "x) VALUES (1); DROP TABLE records; --": 1'),
    "a column missing": in_records('"model": "nano-banana-pro", ', ""),
    "a role nobody knows": in_records('["input", 0', '["../../x", 0'),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_zip_is_refused_with_one_sentence(history: History, tmp_path: Path, forgery: str) -> None:
    """What comes from a stranger is checked: nothing outside the folder is written, no wrong picture is believed."""
    path = rewritten(history.export_zip(tmp_path / "history.zip"), FORGERIES[forgery])
    other = History.open(tmp_path / "other")
    with pytest.raises(InvalidRequestError) as caught:
        other.import_zip(path)
    assert str(path) in caught.value.message and "\n" not in caught.value.message
    for record in other.records():
        assert all(hashlib.sha256(image.data).hexdigest() == image.sha256 for image in record.images)
    assert attempt(other, "works on").problems == ()
    assert {p.name for p in tmp_path.iterdir()} <= {
        "history",
        "other",
        "history.zip",
        "changed.zip",
        "user data",
    }


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off", b"some text"])
def test_file_that_is_no_zip_is_named(tmp_path: Path, content: bytes | None) -> None:
    """A wrong, empty, cut or missing file gets one sentence."""
    path = tmp_path / "what.zip"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidRequestError, match=r"what\.zip"):
        History.open(tmp_path / "other").import_zip(path)


def test_zip_of_a_newer_release_asks_for_an_upgrade(history: History, tmp_path: Path) -> None:
    """The format says its number; a larger one is not guessed at."""
    path = rewritten(
        history.export_zip(tmp_path / "history.zip"),
        lambda name, data: (name, b'{"nb_banana_history": 2}' if name == "about.json" else data),
    )
    with pytest.raises(InvalidRequestError, match="newer nb_banana"):
        History.open(tmp_path / "other").import_zip(path)


def test_export_to_a_place_that_can_t_be_written_says_so(history: History, tmp_path: Path) -> None:
    """The place is named; no half file stays."""
    (tmp_path / "file").write_text("in the way")
    for export in (history.export_jsonl, history.export_zip):
        with pytest.raises(InvalidRequestError, match="in-the-way"):
            export(tmp_path / "file" / "in-the-way")


def test_table_has_a_row_per_record(history: History) -> None:
    """The data frame holds every record, newest first, with the four fields and the money."""
    table = history.to_dataframe()
    assert list(table["edit_instruction"][:3]) == ["running", "refused", "加上森林"]
    assert list(table["billing"]) == ["maybe_paid", "blocked_paid", "paid", "paid"]
    assert table["starred"].sum() == 1
