"""Which records a cell left: beside the user's tags, in folders shared with 0.1.0, and where nothing can be written."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from history_kit import attempt, only_readable, run

import nb_banana as nb
from nb_banana._history import schema
from nb_banana._history.book import History

WRITTEN_BY_0_1_0 = Path(__file__).parents[1] / "data" / "history-0.1.0"
"""A folder of 0.1.0: two records its panel tagged, one also tagged by the user; one of the user's; a late one."""
MARK = "panel:cell-1:1:6dd2b0b1"
IDS = ("1m8bd4bcvzp95", "1m8bd4bergv78", "1m8bd4bfp9kba", "1m8bd4bg9cbfm")
NUMBERS = (1882906115667122469, 1882906115730599144, 1882906115761818986, 1882906115781832180)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of that folder."""
    copy = tmp_path / "nb_banana_history"
    shutil.copytree(WRITTEN_BY_0_1_0 / "images", copy / "images")
    with sqlite3.connect(copy / "history.sqlite") as file:
        file.executescript((WRITTEN_BY_0_1_0 / "history.sql").read_text(encoding="utf-8"))
    return copy


class Old:
    """What 0.1.0 sends to the file, word for word."""

    ROW = (
        "id, key, take, sandbox, status, owner, started, prompt, model, model_sent, model_answered, provider, wire,"
        " aspect_ratio, image_size, parent, notebook, context, billing, amount, currency, certain, cost_source,"
        " cost_as_of, elapsed, response_id, request_id, finish_reason, usage, text, warnings, error_category,"
        " error_message, attempts, lost"
    )

    def __init__(self, folder: Path) -> None:
        self.file = sqlite3.connect(folder / "history.sqlite", isolation_level=None)
        (version,) = self.file.execute("PRAGMA user_version").fetchone()
        assert version <= 1, "0.1.0 refuses this file"

    def edit(self, number: int, prompt: str) -> None:
        """One finished edit in its panel, which tags it."""
        values = (
            number, "a1b2c3.d4", 2, 1, "done", "", "2026-11-27T07:46:42.684324+00:00", prompt, "nano-banana-pro",
            "gemini-3-pro-image-preview", None, "sandbox", "gemini", None, None, None, "paper.ipynb", "refeed", "free",
            None, "", 0, "", "", 0.5, None, None, None, None, "", "[]", None, "", 1, 0,
        )  # fmt: skip
        marks = ", ".join("?" * len(values))
        self.file.execute("BEGIN IMMEDIATE")
        self.file.execute(f"INSERT INTO records ({self.ROW}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET key = excluded.key", values)
        self.file.execute("INSERT OR REPLACE INTO details VALUES (?, ?, ?)", (number, "{}", None))
        self.file.execute("DELETE FROM pictures WHERE record = ?", (number,))
        for role in ("input", "output"):
            self.file.execute(
                "INSERT INTO pictures VALUES (?, ?, ?, ?, ?)",
                (number, role, 0, "c20a08ff6f376a9679f430cff05cbe693c01c332bcd81380678731b46301aa3c", ""),
            )
        self.file.execute("COMMIT")
        self.tag(number, MARK)

    def tag(self, number: int, *tags: str) -> None:
        self.file.execute("BEGIN IMMEDIATE")
        self.file.execute("UPDATE records SET tags = ? WHERE id = ?", (json.dumps(tags, ensure_ascii=False), number))
        (prompt,) = self.file.execute("SELECT prompt FROM records WHERE id = ?", (number,)).fetchone()
        text = f"{prompt}\n{' '.join(tags)}".casefold()
        old = self.file.execute("SELECT text FROM words WHERE id = ?", (number,)).fetchone()
        if old:
            self.file.execute("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", (number, old[0]))
        self.file.execute("INSERT OR REPLACE INTO words (id, text) VALUES (?, ?)", (number, text))
        self.file.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (number, text))
        self.file.execute("COMMIT")

    def panel(self) -> list[int]:
        """The records its panel of this cell comes back with."""
        query = (
            "SELECT search.rowid AS id FROM search CROSS JOIN records INDEXED BY browse ON records.id = search.rowid"
            " WHERE search MATCH ? AND records.status = ? AND records.notebook = ? AND search.rowid < ?"
            " ORDER BY search.rowid DESC LIMIT ?"
        )
        found = self.file.execute(query, (f'"{MARK}"', "done", "paper.ipynb", 2**63 - 2**40, 200)).fetchall()
        tags = {id: self.file.execute("SELECT tags FROM records WHERE id = ?", (id,)).fetchone()[0] for (id,) in found}
        return sorted(id for id, text in tags.items() if MARK in json.loads(text))


def places(history: History, place: str = MARK, **how: object) -> list[str]:
    return [record.id for record in history.places.records(place, **({"notebook": "paper.ipynb"} | how))]


def test_a_folder_of_0_1_0_opens_and_its_panel_comes_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The panel stands where 0.1.0 left it; tags hold what the user wrote, words like "late" and "panel: …" included."""
    monkeypatch.setattr("nb_banana._widgets.notebook.place", lambda: "cell-1:1")
    session = nb.Session(nb.Endpoint.sandbox(), folder=folder, notebook="paper.ipynb", tell=lambda _: None)
    cat = session.history.record(IDS[0]).input_images[0]
    panel = nb.panel(cat, session=session)
    assert [result.record_id for result in panel.results] == list(IDS[:2])
    assert panel.prompt.value == "Make it snow" and panel.result.image.width == 16
    tags = [session.history.record(id).tags for id in IDS]
    assert tags == [(), ("mine",), ("favourite", "paper-fig-2", "panel: to discuss"), ("late",)]
    session.close()


def test_0_1_0_and_this_release_take_turns_in_one_folder(folder: Path) -> None:
    """Each goes on writing as it does: both find their panels, the user's tags stay, and neither refuses the file."""
    history = History.open(folder)
    assert places(history) == list(IDS[:2])
    history.tag(IDS[0], "a", "b")
    history.tag(IDS[2], "c")
    history.places.put(MARK, IDS[2], notebook="paper.ipynb")
    old = Old(folder)
    assert old.panel() == list(NUMBERS[:2])
    newer = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000) << 20  # later than this test will ever run
    old.edit(newer, "Add a rainbow, says 0.1.0")
    assert old.panel() == [*NUMBERS[:2], newer]
    added = history.records(text="rainbow")[0]
    assert added.tags == () and added.inputs[0].width == 16
    assert places(history) == [*IDS[:2], IDS[2], added.id]
    history.tag(added.id, "d")
    history.star(added.id)
    assert old.panel() == [*NUMBERS[:2], newer]
    old.tag(NUMBERS[2], "written by 0.1.0")
    history.close()
    again = History.open(folder)
    assert places(again) == [*IDS[:2], IDS[2], added.id]
    assert [again.record(id).tags for id in (*IDS[:3], added.id)] == [("a", "b"), ("mine",), ("written by 0.1.0",), ("d",)]
    assert [record.id for record in again.records(text="written by")] == [IDS[2]]
    assert old.file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_addition_never_touches_what_0_1_0_knows(folder: Path) -> None:
    """Opening adds tables and changes nothing that was there: no version, no table, no index, no row."""

    def tables() -> dict[str, str]:
        with sqlite3.connect(folder / "history.sqlite") as file:
            return dict(file.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'search%'"))

    def records() -> list[tuple[object, ...]]:
        with sqlite3.connect(folder / "history.sqlite") as file:
            return [file.execute("PRAGMA user_version").fetchone(), *file.execute("SELECT * FROM records ORDER BY id")]

    before, rows = tables(), records()
    for _ in range(2):
        history = History.open(folder)
        assert places(history) == list(IDS[:2])
        history.close()
    after = tables()
    assert {name: sql for name, sql in after.items() if name in before} == before
    assert after.keys() - before.keys() == {"budgets", "imported", "judged", "judgements", "links", "places"} and records() == rows
    assert all("IF NOT EXISTS" in statement for statement in schema.ADDITIONS)


def test_places_in_a_folder_that_can_only_be_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without the table, and not to be written, is read; what comes there now is noted where it can be."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o777)
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    only_readable(folder)
    before, after, told = run("places_as_nobody", folder, MARK, IDS[3], IDS[0]).splitlines()
    assert before.split() == list(IDS[:2])
    assert after.split() == [IDS[1], IDS[3], IDS[0]]
    assert told.startswith(str(data / "nb_banana")) and "no such table" not in told


def test_order_is_the_order_they_came(tmp_path: Path) -> None:
    """A picture that comes again comes last; a late one stands apart until it is shown; the limit keeps the newest."""
    history = History.open(tmp_path / "history")
    first, second, third = (attempt(history, f"number {n}", key=f"key {n}").id for n in range(3))
    for id in (second, first, third, second):
        history.places.put("here", id)
    history.places.put("here", first, late=True)
    assert places(history, "here", notebook="") == [first, third, second]
    assert places(history, "here", notebook="", limit=2) == [third, second]
    fourth = attempt(history, "number 4", key="key 4").id
    history.places.put("here", fourth, late=True)
    assert places(history, "here", notebook="", late=True) == [fourth]
    history.places.put("here", fourth)
    assert places(history, "here", notebook="", late=True) == []
    assert places(history, "here", notebook="")[-1] == fourth
    assert places(history, "there", notebook="") == places(history, "here", notebook="other") == []


def test_a_place_that_cannot_be_noted_costs_no_picture(tmp_path: Path) -> None:
    """Trouble with the table is said in `notice`; nothing is raised after an edit that may have been paid."""
    history = History.open(tmp_path / "history")
    id = attempt(history).id
    with sqlite3.connect(history.folder / "history.sqlite") as file:
        file.execute("DROP TABLE places")
    history.places.put("here", id)
    assert "places" in history.notice and history.record(id).status == "done"


def test_places_stay_in_their_folder(tmp_path: Path) -> None:
    """An exported history carries the user's tags and nobody's places."""
    history = History.open(tmp_path / "history")
    id = attempt(history).id
    history.tag(id, "favourite")
    history.places.put("here", id)
    other = History.open(tmp_path / "other")
    assert other.import_zip(history.export_zip(tmp_path / "all.zip")) == 1
    assert other.record(id).tags == ("favourite",)
    assert places(other, "here", notebook="") == [] and places(history, "here", notebook="") == [id]
