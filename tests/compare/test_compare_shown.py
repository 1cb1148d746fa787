"""A comparison looked at, exported and loaded again."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._compare import sheet
from nb_banana._images.fonts import font_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def mixed(photos) -> nb.Comparison:
    """Two of a batch of three done, the second refused; a fourth can't be read."""
    session = nb.Session(nb.Endpoint.sandbox(fault=[None, "safety"]), tell=lambda _: None)
    return nb.batch([*photos, "nowhere.png"], "make it night", session=session).run(concurrency=1, order="plan")


def test_the_display_is_a_small_picture_and_a_table(mixed):
    """What a notebook saves is a small picture and plain text, never HTML: that loses its pictures where nobody trusts it."""
    data, facts = mixed._repr_mimebundle_()
    (kind,) = set(data) - {"text/plain"}
    raw = base64.b64decode(data[kind])
    assert kind == "image/jpeg" and len(raw) <= 100 * 1024
    assert 600 < Image.open(io.BytesIO(raw)).width <= 1300
    assert facts[kind]["alt"].startswith("4 cells · 2 done · 1 failed · 1 can't work")
    assert "⊘ safety" in data["text/plain"] and "rose.png" in data["text/plain"]


def test_a_large_comparison_stays_small(session, photos):
    """Hundreds of cells show the first of them, on a page of many, and say how many there are."""
    plan = nb.compare(photos, [f"prompt number {n}" for n in range(40)], takes=3, session=session)
    plan = nb.Comparison(plan.cells, session=session, outcomes=dict.fromkeys(range(360), nb.errors.SafetyError("no")))
    data, _ = plan._repr_mimebundle_()
    (kind,) = set(data) - {"text/plain"}
    assert len(base64.b64decode(data[kind])) <= 100 * 1024 and sheet.Layout.of(plan._holder.held).pages == 15
    with pytest.raises(nb.errors.InvalidRequestError, match="no page 16; there are 1 to 15"):
        plan.show(page=16)
    assert "… and 336 more" in data["text/plain"] and len(data["text/plain"].splitlines()) < 50


def test_failed_tiles_are_hatched(mixed):
    """A failed cell looks like no picture: grey stripes around its category, where a result has its pixels."""
    picture = sheet.sheet(mixed._holder.held, budget=10**6).to_pil().convert("RGB")
    tile = sheet._tile_for(sheet.WIDE / 4)
    pen = sheet._Pen(tile)

    def corner(place: int) -> np.ndarray:
        left, top = pen.gap + place * (tile + pen.gap), pen.gap + pen.line
        return np.asarray(picture.crop((left + 4, top + 4, left + 64, top + 40))).astype(int)

    stripes = corner(1)
    assert np.ptp(stripes, axis=2).max() <= 12  # grey only …
    assert np.ptp(stripes.mean(axis=2)) > 15  # … and not plain
    assert np.ptp(corner(0), axis=2).max() > 12


def test_a_matrix_has_row_and_column_headers(session, photos):
    """Rows (image, prompt) and columns (model) both vary, so the sheet is wider than its columns of tiles."""
    done = nb.compare(photos[:2], "make it night", models=["nano-banana", "nano-banana-pro"], session=session).run()
    tile = sheet._tile_for(sheet.WIDE / 2.8)
    pen = sheet._Pen(tile)
    drawn = sheet.sheet(done._holder.held, budget=10**6).to_pil().convert("L")
    left = 2 * pen.gap + round(tile * 0.8)
    assert drawn.width > left + 2 * tile
    header = drawn.crop((left, pen.gap, left + 2 * tile, pen.gap + pen.line))
    names = drawn.crop((pen.gap, pen.gap + pen.line, left - pen.gap, pen.gap + 3 * pen.line))
    assert header.getextrema()[0] < 100 and names.getextrema()[0] < 100  # ink


def test_the_table_has_one_row_per_cell(mixed):
    """The data frame holds coordinates, outcome and evidence of every cell, in plan order."""
    table = mixed.to_dataframe()
    assert list(table["status"]) == ["done", "failed", "done", "impossible"]
    assert list(table["image"]) == ["rose.png", "ash.png", "oak.png", "nowhere.png"]
    assert list(table["category"].fillna("")) == ["", "safety", "", "bad_request"]
    assert table.loc[0, "sha256"] == mixed[0].image.sha256 and table.loc[2, "width"] == mixed[2].image.width


def test_export_and_load(mixed, photos, tmp_path):
    """The zip holds pictures, records and a table; loaded elsewhere it shows the same and goes on without a request."""
    path = mixed.export(tmp_path / "night.zip")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        rows = list(csv.DictReader(io.StringIO(archive.read("table.csv").decode("utf-8-sig"))))
        records = [json.loads(line) for line in archive.read("records.jsonl").splitlines()]
    assert f"images/{mixed[0].image.sha256}.png" in names and len(records) == 2
    assert [row["status"] for row in rows] == ["done", "failed", "done", "impossible"]
    for photo in photos:
        photo.unlink()
    other = nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "elsewhere", tell=lambda _: None)
    loaded = nb.Comparison.load(path, session=other)
    assert [cell.image for cell in loaded.cells] == [cell.image for cell in mixed.cells]
    assert [one and one.image.data for one in loaded.results] == [one and one.image.data for one in mixed.results]
    assert isinstance(loaded[1], nb.errors.SafetyError) and loaded[1].message == mixed[1].message
    assert loaded[1].finish_reason == mixed[1].finish_reason
    assert isinstance(loaded[3], nb.errors.InvalidRequestError)
    loaded.run()  # the refused cell's input came along, though its file is gone
    assert [type(one).__name__ for one in loaded][:3] == ["EditResult"] * 3
    assert len(list(other.history.every())) == 3


def test_a_file_holds_numbers_without_end_and_goes_on_without_a_deleted_edit(session, photos, tmp_path):
    """A column of one's own may be infinite; a result whose edit was deleted is missing in the file, and that is told."""
    rows = [{"image": photos[0], "prompt": each, "limit": limit} for each, limit in (("a bird", math.inf), ("a boat", 3.0))]
    plan = nb.compare(rows, session=session).run()
    loaded = nb.Comparison.load(plan.export(tmp_path / "whole.zip"), session=session)
    assert list(loaded.to_dataframe()["limit"]) == [math.inf, 3.0]
    session.history.removal.delete([plan[0].record_id])
    with pytest.warns(UserWarning, match="1 results are not in the file"):
        path = plan.export(tmp_path / "less.zip")
    assert [type(one).__name__ for one in nb.Comparison.load(path, session=session)] == ["NoneType", "EditResult"]


def test_a_file_says_with_what_and_when_it_was_made(mixed, tmp_path):
    """The zip names versions, models asked and answered, the span in UTC and the counts, and neither paths nor users; its program shows it without a key."""
    with zipfile.ZipFile(mixed.export(tmp_path / "night.zip")) as archive:
        said = archive.read("comparison_about.json").decode()
        columns = archive.read("columns.csv").decode("utf-8-sig")
        (tmp_path / "reproduce.py").write_bytes(archive.read("reproduce.py"))
    facts = json.loads(said)
    assert facts["nb_banana"] == nb.__version__ and facts["libraries"]["httpx"] and facts["python"]
    assert facts["cells"] == {"done": 2, "failed": 1, "impossible": 1} and facts["sandbox"]
    assert facts["began"] <= facts["ended"] and facts["ended"].endswith("+00:00")
    assert facts["models_answered"] == ["gemini-3-pro-image-preview"] and facts["providers"] == ["sandbox"]
    assert str(tmp_path) not in said and Path.home().name not in said.replace("root", "")
    assert "seconds,s," in columns
    done = subprocess.run(
        [sys.executable, "reproduce.py", "night.zip"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NB_BANANA_HISTORY": str(tmp_path / "other")},
    )  # fmt: skip
    assert "4 cells · 2 done" in done.stdout and "status" in (tmp_path / "night.csv").read_text()


def test_a_foreign_file_is_refused(tmp_path, session):
    """A file that is no exported comparison is named in one sentence."""
    Path("notes.zip").write_bytes(b"hello")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"notes\.zip is not a comparison"):
        nb.Comparison.load("notes.zip", session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match=r"missing\.zip"):
        nb.Comparison.load("missing.zip", session=session)


@pytest.mark.parametrize(
    "given",
    [
        {"models": {"usual": None, "again": None, "flash": "nano-banana"}},
        {"prompts": {"one": "a boat", "two": "a boat", "three": "a bird"}, "takes": 2},
        {"prompts": ["a boat", "a boat", "a bird"], "models": ["nano-banana", "nano-banana-pro"]},
        {"models": ["nano-banana", "nano-banana", "nano-banana-pro"]},
        {"prompts": ["a boat", "a boat"], "models": ["nano-banana", "nano-banana"]},
    ],
    ids=["two names of a model", "two names of a prompt", "a prompt twice", "a model twice", "nothing but place"],
)
def test_every_cell_has_its_tile(clean_place, given):
    """Cells whose values are equal stand side by side on the sheet, none in another's place."""
    session = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
    plan = nb.compare(None, **{"prompts": ["a boat", "a bird"], **given}, session=session)
    layout = sheet.Layout.of(plan._holder.held)
    across = len(layout.columns) + 0.8 if layout.columns else min(len(plan), 4)
    tile = sheet._tile_for(sheet.WIDE / across)
    drawn = np.asarray(sheet.sheet(plan._holder.held, budget=10**7).to_pil().convert("RGB"))
    assert frames(drawn, tile) == len(plan)


def frames(drawn: np.ndarray, tile: int) -> int:
    """How many empty frames a sheet holds: each has an upper and a lower edge of grey as wide as a tile."""
    grey = np.abs(drawn.astype(int) - np.array(sheet._HATCH)).max(axis=2) < 20
    edges = 0
    for above, row in zip([np.zeros(grey.shape[1], bool), *grey[:-1]], grey):
        runs, old = lines(row, tile), lines(above, tile)
        edges += max(0, runs - old)
    return edges // 2


def lines(row: np.ndarray, tile: int) -> int:
    """How many unbroken grey lines of a tile's width stand in one row of pixels."""
    steps = np.flatnonzero(np.diff(np.concatenate(([False], row, [False])).astype(int)))
    return sum(int(end - start >= tile - 4) for start, end in zip(steps[::2], steps[1::2]))


def test_no_cell_of_the_table_is_a_formula(photo, tmp_path):
    """Whatever a prompt, a name or an error begins with, a spreadsheet opens the exported table as text."""
    begins = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n@x", "=HYPERLINK(\"http://x\")")
    plain = ("Make it night", "it = a hat", "3-2", "'=1", "-")
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "h", tell=lambda _: None) as session:
        grid = nb.compare(photo, dict(zip((*begins, *plain), (*begins, *plain), strict=True)), session=session)
        with zipfile.ZipFile(grid.export(tmp_path / "grid.zip")) as archive:
            rows = list(csv.DictReader(io.StringIO(archive.read("table.csv").decode("utf-8-sig"), newline="")))
        assert [row["prompt"] for row in rows[: len(begins)]] == [f"'{prompt}" for prompt in begins]
        assert [row["prompt"] for row in rows[len(begins) : -1]] == list(plain[:-1])
        assert not any(cell.lstrip()[:1] in tuple("=+-@＝") for row in rows for cell in row.values() if cell)
        again = nb.Comparison.load(tmp_path / "grid.zip", session=session)
        assert [cell.prompt for cell in again.cells] == [*begins, *plain]


def test_letters_are_as_large_as_they_are_read(session, photos):
    """However many columns there are, letters keep their size and the sheet the width of a page: what does not fit is wrapped or goes on another sheet."""
    for prompts, takes in ((2, 3), (2, 7), (2, 20), (60, 2)):
        plan = nb.compare(photos[:1], [f"prompt {n}" for n in range(prompts)], takes=takes, session=session)
        drawn = sheet.sheet(plan._holder.held)
        assert drawn.width <= 1100, (prompts, takes, drawn.width)
        assert sheet._Pen(120).letter >= 13


def test_words_without_a_font_are_a_number_and_it_says_so(session, photos, monkeypatch):
    """Where no font has Chinese letters a heading is the number of its first cell, and a line sends the reader to the table in words."""
    plan = nb.compare(photos[:2], ["变成夜晚", "加一顶帽子"], models=["nano-banana", "nano-banana-pro"], session=session)
    layout, written = sheet.Layout.of(plan._holder.held), []
    monkeypatch.setattr(sheet, "font_for", lambda words, size: None if any(ord(c) > 0x2E7F for c in words) else font_for("a", size))
    monkeypatch.setattr(sheet._Pen, "_cut", lambda self, words, font, room: written.append(words) or words)
    sheet.sheet(plan._holder.held)
    assert layout.columns and "#0" in written and "#2" in written
    assert any("No font here has the letters" in words for words in written)
    assert "变成夜晚" in plan._repr_mimebundle_()[0]["text/plain"]


def test_a_sheet_draws_no_empty_boxes(session, photos, monkeypatch):
    """Cuneiform, which hardly any machine has, is the cell's number as Chinese is; an emoji in a heading is written out and keeps the rest of it; each letter drawn is one that its font has."""
    drawn, write = [], sheet.ImageDraw.ImageDraw.text
    monkeypatch.setattr(
        sheet.ImageDraw.ImageDraw, "text", lambda self, at, text, **how: drawn.append((text, how["font"])) or write(self, at, text, **how)
    )
    sheet.sheet(nb.compare(photos[0], ["make it 🌃 tonight", "\U00012000\U00012001"], models=["nb", "pro"], session=session)._holder.held)
    boxes = {id(font): bytes(font.getmask("\U0010ffff")) for _, font in drawn}
    assert not [text for text, font in drawn for letter in text if not letter.isspace() and bytes(font.getmask(letter)) == boxes[id(font)]]
    assert "make it [night with stars] tonight" in " ".join(text for text, _ in drawn)


def test_a_later_page_has_its_own_words_and_says_where_it_is(session, photos, monkeypatch):
    """Under page 3 stand the cells of page 3, its foot names the next page or says that it is the last, and so does its alternative text."""
    plan = nb.compare(photos[0], [f"变 {n}" for n in range(60)], session=session)
    written = []
    monkeypatch.setattr(sheet._Pen, "_cut", lambda self, words, font, room: written.append(words) or words)
    data, facts = sheet.bundle(plan._holder.held, 2)
    assert re.findall(r"^\d+", data["text/plain"], re.M)[1:] == [str(n) for n in range(24, 48)]
    assert any("page=3" in words for words in written) and facts["image/jpeg"]["alt"].endswith("sheet 2 of 3")
    written.clear()
    data, _ = sheet.bundle(plan._holder.held, 3)
    assert any("sheet 3 of 3, the last one" in words for words in written)
    matrix = nb.compare(photos, [f"prompt {n}" for n in range(9)], models=["nano-banana", "nano-banana-pro"], session=session)
    pages = [sheet.Layout.of(matrix._holder.held).on(matrix._holder.held, page) for page in (1, 2, 3)]
    assert [cell.index for page in pages for cell in page] == list(range(54))


def test_a_replay_shows_the_very_same(clean_place, photos):
    """A notebook run again, by another kernel, is saved with the same bytes as the run that made the pictures."""
    def shown() -> object:
        with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
            plan = nb.compare(photos, ["make it night", "add a hat"], session=session).run()
            return [plan._repr_mimebundle_(), sheet.bundle(plan._holder.held, 1, sheet.LARGE)], [one.replayed for one in plan]

    (first, made), (again, replayed) = shown(), shown()
    assert first == again and not any(made) and all(replayed)
