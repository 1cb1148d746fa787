"""What is kept on the disk is private to its user, and really gone when it was deleted."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

import nb_banana as nb
from nb_banana import Vote
from nb_banana._cli import cli
from nb_banana._measures.scoring import score
from nb_banana._rate.book import Book

SECRET = "ж한ꙮж한ꙮж한"
"""Letters whose first bytes differ, so that the index holds each three of them whole."""


@pytest.fixture(autouse=True)
def _open_hearted(monkeypatch, tmp_path):
    """A umask that lets everybody read and write, in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    before = os.umask(0)
    yield
    os.umask(before)


def banana(*words: str) -> str:
    """What a command says about ``history``; it succeeds."""
    done = CliRunner().invoke(cli(), [*words, "--folder", "history"])
    assert done.exit_code == 0, done.output
    return done.output


def picture(colour: str) -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def waited(ready: Callable[[], object]) -> None:
    """Wait until something is there."""
    until = time.monotonic() + 20
    while not ready() and time.monotonic() < until:
        time.sleep(0.02)
    assert ready()


def modes(folder: Path) -> dict[str, str]:
    """What in a folder is not as private as it should be; itself is ``"."``."""
    found = {str(one.relative_to(folder)): one for one in (folder, *folder.rglob("*"))}
    wide = {name: stat.S_IMODE(one.stat().st_mode) for name, one in found.items()}
    return {name: oct(mode) for name, mode in wide.items() if mode != (0o700 if found[name].is_dir() else 0o600)}


def test_a_click_on_pasted_bytes_makes_a_private_folder(photo):
    """The panel's copy of a picture without a file, and the folder made for it before the history opens, are closed to others."""
    session = nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    panel = nb.panel(photo.read_bytes(), session=session)
    panel.prompt.value = "Make it night"
    panel.run_button.click()
    panel.wait(60)
    folder = Path("nb_banana_history")
    assert len([*(folder / "inputs").iterdir()]) == 1 and (folder / "history.sqlite").exists()
    assert modes(folder) == {}


def test_votes_and_figures_are_private(photo):
    """The first vote and the first figure make their files, and the folder, closed to others: names and read words stand in them."""
    folder = Path("rated")
    Book(folder / "votes.jsonl").add(lambda _: Vote("v1", "u1", "pro", "flash", "left", rater="ann"))
    score([(photo, photo)], ["l1"], folder=folder)
    assert {"votes.jsonl", "measures.sqlite"} <= {one.name for one in folder.iterdir()}
    assert modes(folder) == {}


def test_a_folder_that_a_menu_made_is_closed_by_the_first_edit(photo):
    """JupyterLab keeps a picture through the server, by its umask, before there is a history: the edit on it closes that folder."""
    kept = Path("nb_banana_history", "inputs", "output-01234567.jpg")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(photo.read_bytes())
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        session.edit(kept, "Make it night")
    assert modes(Path("nb_banana_history")).keys() == {str(Path("inputs", kept.name))}  # which nobody else can reach


def test_a_folder_that_others_may_read_stays_and_is_told(photo):
    """A history that was opened to others on purpose keeps its modes; that pictures can be read there is said once, and not where a folder above is closed."""
    with tempfile.TemporaryDirectory() as above:
        folder, said = Path(above, "history"), []
        with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=said.append) as session:
            session.edit(photo, "Make it night")
        (folder / "inputs").mkdir()
        folder.chmod(0o755)
        for mode in (0o755, 0o700):
            Path(above).chmod(mode)
            with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=said.append) as session:
                session.edit(photo, "Make it night")
        assert [one for one in said if "chmod" in one] == [one for one in said if f"chmod -R go-rwx {folder}/inputs" in one]
        assert len([one for one in said if "chmod" in one]) == 1
        assert modes(folder) == {".": "0o755", "inputs": "0o777"}


@pytest.fixture
def told(photo):
    """A session whose one edit has words that stand nowhere else, and the bytes of them in a folder's database."""
    with nb.Session(nb.Endpoint.sandbox(), folder="history", tell=lambda _: None) as session:
        session.edit(photo, f"Make it {SECRET}")
    return lambda: sum(file.read_bytes().count(SECRET[:3].encode()) for file in Path("history").glob("history.sqlite*"))


def by_the_view() -> None:
    """Press what deletes in the history view."""
    with nb.Session(nb.Endpoint.sandbox(), folder="history", tell=lambda _: None) as session:
        view = nb.history(session=session)
        waited(lambda: view.selected)  # a question leaves once another edit is chosen, the first one too
        view.deleting.offer(lambda: [one.id for one in session.history.records()])
        waited(lambda: view.deleting.words.text)
        view.deleting.yes.click()
        waited(lambda: view.deleting.words.text.startswith("Deleted"))


@pytest.mark.parametrize("delete", [
    by_the_view, lambda: banana("history", "--delete-before", "2200-01-01", "--yes"), lambda: banana("clean", "--before", "2200-01-01", "--yes"),
], ids=["view", "history", "clean"])  # fmt: skip
def test_what_was_deleted_is_in_the_file_no_more(told, delete):
    """Not a piece of three letters of a deleted prompt stays, in records, index or log, whichever door deleted it."""
    assert told() > 0
    delete()
    assert told() == 0


def test_a_sqlite_that_leaves_what_is_deleted_is_told_not_to(photo, monkeypatch):
    """Where SQLite was built without it, a deleted row is overwritten all the same, also when nobody scrubs the file."""
    real = sqlite3.connect

    def built_without(*given: object, **options: object) -> sqlite3.Connection:
        connection = real(*given, **options)
        connection.execute("PRAGMA secure_delete = OFF")
        return connection

    monkeypatch.setattr(sqlite3, "connect", built_without)
    with nb.Session(nb.Endpoint.sandbox(), folder="history", tell=lambda _: None) as session:
        for take in (1, 2, 3):
            session.edit(photo, f"Make it {SECRET}", take=take)
        session.history.removal.delete([one.id for one in session.history.records()])
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in Path("history").glob("history.sqlite*"))


def test_a_reader_who_keeps_the_log_is_told(told):
    """While another program reads the file, its log keeps old words: deleting says so, and a later clean-up takes them out."""
    with closing(sqlite3.connect("history/history.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM records").fetchall()
        assert "nb-banana clean --yes" in banana("history", "--delete-before", "2200-01-01", "--yes")
    banana("clean", "--yes")
    assert told() == 0


@pytest.fixture
def pasted(photo):
    """A folder with a copy that an edit still has, one whose edit is deleted, one of a menu's, and somebody's own file; by name."""
    session = nb.session(nb.Endpoint.sandbox(), folder="history", tell=lambda _: None)
    for colour in ("red", "blue"):
        panel = nb.panel(picture(colour), session=session)
        panel.prompt.value = f"Make it {colour}"
        panel.run_button.click()
        panel.wait(60)
    (gone,) = session.history.records(text="red")
    session.history.removal.delete([gone.id])
    data = picture("green")
    Path("history/inputs", f"output-{hashlib.sha256(data).hexdigest()[:8]}.png").write_bytes(data)
    Path("history/inputs/my-0123abcd.png").write_bytes(data)
    session.history.close()
    (red,), (blue,) = (Path("history/inputs").glob(f"*-{hashlib.sha256(picture(one)).hexdigest()[:8]}.png") for one in ("red", "blue"))
    (green,) = Path("history/inputs").glob("output-*")
    return {"red": red.name, "blue": blue.name, "green": green.name, "own": "my-0123abcd.png"}


def test_clean_takes_copies_that_no_edit_has(pasted):
    """Copies in inputs/ go when no edit has their picture, said by name before; one in use, somebody's own and young ones stay."""
    inputs = Path("history/inputs")
    assert "an hour old: 2" in banana("clean", "--yes") and len([*inputs.iterdir()]) == 4
    for file in inputs.iterdir():
        os.utime(file, (0, 0))
    said = banana("clean")
    assert "Would remove 2 kept copies" in said and pasted["red"] in said and pasted["green"] in said and "needs its file" in said
    assert pasted["blue"] not in said and len([*inputs.iterdir()]) == 4
    assert "Removed 2 kept copies" in banana("clean", "--yes")
    assert {file.name for file in inputs.iterdir()} == {pasted["blue"], pasted["own"]}
    before = banana("history", "--delete-before", "2200-01-01")
    assert str(inputs) in before and "nb-banana clean" in before
    said = banana("clean", "--before", "2200-01-01")
    assert "Would remove 1 kept" in said and pasted["blue"] in said
    row = json.loads(banana("clean", "--before", "2200-01-01", "--yes", "--json").partition("{")[2].join(["{", ""]))
    assert row["copies"] == [pasted["blue"]] and [file.name for file in inputs.iterdir()] == [pasted["own"]]


def test_a_copy_that_is_used_again_is_young_again(pasted, photo):
    """A click on a picture whose old copy is still there keeps it from a clean-up that comes before the edit has its record."""
    old = Path("history/inputs", pasted["red"])
    os.utime(old, (0, 0))
    panel = nb.panel(picture("red"), session=nb.session(nb.Endpoint.sandbox(), folder="history", tell=lambda _: None))
    panel.prompt.value = "Make it night"
    panel.run_button.click()
    panel.wait(60)
    assert old.stat().st_mtime > 0
