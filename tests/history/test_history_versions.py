"""Files of other releases and damaged files: nothing is lost, and work goes on."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from history_kit import attempt, begin, end, picture, spawn

from nb_banana._files import in_turn
from nb_banana._history import schema, search
from nb_banana._history.book import History
from nb_banana.errors import InvalidRequestError


def version(folder: Path) -> int:
    connection = sqlite3.connect(folder / "history.sqlite")
    try:
        return connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()


def filled(folder: Path, count: int = 1) -> list[str]:
    """The ids in a history of some records, closed again."""
    history = History.open(folder)
    ids = [attempt(history, f"number {n}", key=f"key {n}").id for n in range(count)]
    history.close()
    return ids


def test_newer_history_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """A layout of the future is named with its file and the next step, before anything is sent."""
    folder = tmp_path / "history"
    filled(folder)
    connection = sqlite3.connect(folder / "history.sqlite")
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = (folder / "history.sqlite").read_bytes()
    history = History.open(folder)
    for use in (lambda: begin(history), lambda: history.find("key 0", 1), history.records, history.totals):
        with pytest.raises(InvalidRequestError) as caught:
            use()
        assert str(folder / "history.sqlite") in caught.value.message
        assert f"layout {schema.VERSION + 1}" in caught.value.message
        assert "NB_BANANA_HISTORY" in caught.value.hint
    assert (folder / "history.sqlite").read_bytes() == before
    assert history.folder == folder


def test_history_of_the_release_before_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening an older layout applies what is missing, once, and keeps every record."""
    folder = tmp_path / "history"
    (id,) = filled(folder)
    known = schema.VERSION
    monkeypatch.setattr(
        schema, "MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE images ADD COLUMN seen INTEGER",))
    )
    monkeypatch.setattr(schema, "VERSION", known + 1)
    for _ in range(2):
        history = History.open(folder)
        assert history.record(id).prompt == "number 0"
        assert [row["name"] for row in history.shelf.rows("PRAGMA table_info(images)")][-1] == "seen"
        history.close()
    assert version(folder) == known + 1


def test_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All statements of a migration are applied or none."""
    folder = tmp_path / "history"
    filled(folder)
    known = schema.VERSION
    broken = ("ALTER TABLE images ADD COLUMN seen INTEGER", "ALTER TABLE absent ADD COLUMN seen INTEGER")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        patch.setattr(schema, "VERSION", known + 1)
        with pytest.raises(InvalidRequestError, match="no such table: absent"):
            History.open(folder).records()
    history = History.open(folder)
    assert len(history.records()) == 1
    assert version(folder) == known
    assert "seen" not in [row["name"] for row in history.shelf.rows("PRAGMA table_info(images)")]


DAMAGES = {
    "garbage": lambda data: b"this is no database, but somebody's shopping list " * 200,
    "header": lambda data: b"\0" * 100 + data[100:],
    "cut short": lambda data: data[: len(data) // 2],
    "one page": lambda data: data[:4096],
    "a page of noise": lambda data: data[:4096] + b"\xa5" * 4096 + data[8192:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_history_is_moved_aside_and_work_goes_on(tmp_path: Path, damage: str) -> None:
    """The damaged bytes are kept under another name, a person is told, and the next attempt is recorded."""
    folder = tmp_path / "history"
    filled(folder, 40)
    file = folder / "history.sqlite"
    spoiled = DAMAGES[damage](file.read_bytes())
    file.write_bytes(spoiled)
    history = History.open(folder)
    record = attempt(history, "after", key="after")
    assert record.problems == ()
    assert history.find("after", 1) == record
    assert history.find("key 3", 1) is None
    (aside,) = folder.glob("history.sqlite.damaged-*Z")
    assert aside.read_bytes() == spoiled
    assert str(file) in history.notice and aside.name in history.notice
    assert history.folder == folder
    again = History.open(folder)
    assert (len(again.records()), again.notice) == (1, "")


def test_damage_while_a_kernel_runs_is_met_the_same_way(tmp_path: Path) -> None:
    """A file replaced by noise between two edits costs no result and no second payment."""
    folder = tmp_path / "history"
    history = History.open(folder)
    for number in range(30):
        attempt(history, f"before {number}")
    id = begin(history, "under way", key="under way")
    history.shelf._database.run(lambda c: None)
    for name in ("history.sqlite-wal", "history.sqlite-shm"):
        (folder / name).unlink()
    noise = folder / "noise"
    noise.write_bytes(b"noise" * 5000)
    noise.replace(folder / "history.sqlite")
    record = end(history, id)
    assert record.problems == ()
    assert history.find("under way", 1).images[0].data == picture(2).data
    assert "damaged" in history.notice


def test_two_kernels_meet_the_same_damage_and_make_one_new_history(tmp_path: Path) -> None:
    """Whoever comes second uses the new file instead of moving it aside too."""
    folder = tmp_path / "history"
    filled(folder)
    (folder / "history.sqlite").write_bytes(b"garbage " * 4096)
    writers = [spawn("write_on", folder, name, 30, stderr=-1) for name in ("first", "second", "third")]
    for writer in writers:
        assert writer.communicate(timeout=120)[1] == ""
    assert len(list(folder.glob("history.sqlite.damaged-*Z"))) == 1
    assert len(History.open(folder).records()) == 90


def test_a_file_that_another_mended_meanwhile_is_not_moved_aside(tmp_path: Path) -> None:
    """Who is about to move a damaged file takes its turn, and looks again: a good new file is never moved."""
    folder, good = tmp_path / "history", tmp_path / "good"
    filled(folder)
    filled(good)
    file = folder / "history.sqlite"
    file.write_bytes(b"garbage " * 4096)
    with in_turn(folder / "history.sqlite.lock", 10):
        late = spawn("write_on", folder, "late", 1, stderr=-1)
        with pytest.raises(subprocess.TimeoutExpired):
            late.communicate(timeout=2)
        (good / "history.sqlite").replace(file)
    assert late.communicate(timeout=120)[1] == ""
    assert not list(folder.glob("history.sqlite.damaged-*Z"))
    assert len(History.open(folder).records()) == 2


def test_garbage_collection_spares_the_pictures_of_a_damaged_history(tmp_path: Path) -> None:
    """While a damaged file lies there nobody knows which pictures it needs, so all stay, and it says so."""
    folder = tmp_path / "history"
    filled(folder)
    (folder / "history.sqlite").write_bytes(b"garbage " * 4096)
    history = History.open(folder)
    history.records()
    freed = history.collect_garbage()
    assert (freed.files, len(list(folder.glob("images/*.png")))) == (0, 2)
    assert "damaged" in str(freed) and str(folder) in str(freed)


def test_garbage_collection_spares_the_pictures_of_a_missing_history(tmp_path: Path) -> None:
    """A clone or a restore without the database: its pictures and copies stay, later too, until its note is removed."""
    folder = tmp_path / "history"
    filled(folder)
    for part in folder.glob("history.sqlite*"):
        part.unlink()
    (folder / "inputs").mkdir()
    copy = folder / "inputs" / f"cat-{hashlib.sha256(b'pasted').hexdigest()[:8]}.png"
    copy.write_bytes(b"pasted")
    for file in (copy, *folder.glob("images/*.png")):
        os.utime(file, (1e9, 1e9))
    history = History.open(folder)
    assert history.records() == [] and "paid again" in history.notice
    attempt(history, outputs=[picture(9)])
    freed = History.open(folder).collect_garbage()
    assert (freed.files, freed.bytes, len(list(folder.glob("images/*.png")))) == (0, 0, 3)
    (note,) = folder.glob("history.sqlite.damaged-missing-*")
    assert str(note) in str(freed) and not history.removal.copies(remove=True).files and copy.exists()
    note.unlink()
    assert (history.collect_garbage().files, history.removal.copies(remove=True).files) == (1, (copy,))


def test_search_index_missed_by_a_build_without_trigrams_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel whose SQLite knows no trigrams writes what another one's index must learn; both find all."""
    folder = tmp_path / "history"
    filled(folder)
    with monkeypatch.context() as patch:
        patch.setattr(search, "TOKENIZER", "no_such_tokenizer")
        plain = History.open(folder)
        attempt(plain, "written without an index")
        plain.note(plain.records(text="number")[0].id, "a word added later")
        assert [r.prompt for r in plain.records(text="added later")] == ["number 0"]
        assert [r.prompt for r in plain.records(text="without")] == ["written without an index"]
        plain.close()
    history = History.open(folder)
    assert history.shelf.database().indexed
    assert [r.prompt for r in history.records(text="without")] == ["written without an index"]
    assert [r.prompt for r in history.records(text="added later")] == ["number 0"]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[History, History]]:
    """Two kernels at one folder: the second one's SQLite knows no trigrams."""
    first = History.open(tmp_path / "history")
    for number in range(3):
        attempt(first, f"number {number}", key=f"key {number}")
    with monkeypatch.context() as patch:
        patch.setattr(search, "TOKENIZER", "no_such_tokenizer")
        second = History.open(tmp_path / "history")
        second.records()
    yield first, second
    assert (first.notice, second.notice) == ("", "")
    assert not list(first.folder.glob("*damaged*"))


def test_what_a_build_without_trigrams_wrote_costs_no_record(two: tuple[History, History]) -> None:
    """Two kernels, one without trigrams, change the same records: none is lost, and each finds all at once."""
    first, second = two
    id = first.records(text="number 1")[0].id
    first.note(id, "holiday photograph")
    second.note(id, "different mountains")
    assert [r.id for r in first.records(text="mountains")] == [id]
    first.note(id, "a third note about bridges")
    attempt(second, "written without an index")
    for history in (first, second, History.open(first.folder)):
        assert len(history.records()) == 4 and history.find("key 1", 1).id == id
        assert [r.id for r in history.records(text="bridges")] == [id]
        assert [r.prompt for r in history.records(text="without")] == ["written without an index"]
        assert not history.records(text="mountains") and not history.records(text="holiday")


def test_what_was_deleted_leaves_an_index_that_is_behind(two: tuple[History, History]) -> None:
    """Words of a deleted record go from the file though another build wrote past the index before, or it is said."""
    first, second = two
    id = attempt(first, "a secret balcony").id
    second.note(first.records(text="number 0")[0].id, "different mountains")
    second.removal.delete([id])
    assert not second.removal.scrub()
    assert first.removal.scrub()
    first.close()
    second.close()
    connection = sqlite3.connect(first.folder / "history.sqlite")
    connection.execute("CREATE VIRTUAL TABLE temp.found USING fts5vocab('main', 'search', 'row')")
    terms = {term for (term,) in connection.execute("SELECT term FROM temp.found")}
    connection.close()
    assert "mou" in terms and "alc" not in terms


@pytest.mark.parametrize("broken", [
    "DELETE FROM search_data WHERE id = 10",
    "DELETE FROM search_data WHERE id > 10",
])  # fmt: skip
def test_a_broken_index_costs_no_record(tmp_path: Path, broken: str) -> None:
    """Of a fault in the search index alone nothing is lost or moved aside: the index is made anew."""
    folder = tmp_path / "history"
    filled(folder, 40)
    history = History.open(folder)
    id = history.records(text="number 7")[0].id
    with closing(sqlite3.connect(folder / "history.sqlite")) as connection, connection:
        connection.execute(broken)
    history.note(id, "bridges")
    history.note(id, "mountains")
    assert len(history.records(text="number")) == 40
    assert [r.id for r in history.records(text="mountains")] == [id]
    assert history.removal.delete([id]).edits == 1
    assert not history.records(text="mountains")
    assert (len(history.records()), history.notice) == (39, "")
    assert not list(folder.glob("*damaged*"))
