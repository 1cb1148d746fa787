"""A mask stays with its edit: in the result, after a replay, read from the history, in a file for somebody else."""

from __future__ import annotations

import io
import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from history_kit import picture
from PIL import Image, ImageDraw

import nb_banana as nb
from nb_banana._history import rows

REGION = (0.5, 0.25, 0.25, 0.5)


def photo() -> nb.ImageData:
    """Something to align by: a picture of lines and fields."""
    drawn = Image.new("RGB", (160, 120), "skyblue")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 80, 160, 120), fill="forestgreen")
    pen.ellipse((50, 30, 110, 100), fill="peru", outline="black", width=3)
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    return nb.ImageData.from_bytes(stream.getvalue(), name="cat.png")


def white() -> nb.ImageData:
    """The region as a mask picture."""
    drawn = Image.new("L", (160, 120))
    drawn.paste(255, (80, 30, 120, 90))
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    return nb.ImageData.from_bytes(stream.getvalue(), name="mask.png")


def at(folder: Path) -> nb.Session:
    return nb.Session(nb.Endpoint.sandbox(wire="images"), folder=folder, tell=lambda _: None)


def only_there(result: nb.EditResult) -> bool:
    """Whether change and composite know the region without being told."""
    change = result.changes().change
    made, before = np.asarray(result.composite(feather=0)), np.asarray(result.request.images[0])
    differs = np.argwhere((made != before).any(axis=2))
    box = (*differs.min(axis=0), *(differs.max(axis=0) + 1))
    return change.inside > 0.9 and change.outside < 0.02 and box == (30, 80, 90, 120)


@pytest.mark.parametrize("mask", [REGION, white()], ids=["region", "picture"])
def test_a_mask_comes_back_with_its_edit(mask, tmp_path):
    """Right after the edit, replayed in another kernel, read from the history, and imported elsewhere: changes and composite use it."""
    with at(tmp_path / "one") as session:
        first = session.edit(photo(), "Make it night", mask=mask)
        assert only_there(first) and not first.replayed
    with at(tmp_path / "one") as session:
        again = session.edit(photo(), "Make it night", mask=mask)
        assert again.replayed and only_there(again)
        view = nb.history(session=session)
        view.selected = first.record_id
        kept = view.result
        assert kept.request.mask == mask and only_there(kept)
        facts, at_first = (nb.read_provenance(one.composite()) for one in (kept, first))
        assert facts | {"model_asked": None} == at_first  # a record holds the model by its id
        path = session.history.export_zip(tmp_path / "all.zip")
    with at(tmp_path / "two") as session:
        assert session.history.import_zip(path) == 1
        theirs = session.edit(photo(), "Make it night", mask=mask)
        assert theirs.replayed and only_there(theirs)
        assert not session.edit(photo(), "Make it night").replayed


def test_a_reader_that_knows_no_masks_reads_the_record(tmp_path):
    """Asked for the roles of 0.1.0, a record with a mask gives its inputs and outputs; the mask is a row of its own, the layout the same."""
    with at(tmp_path / "one") as session:
        plain = session.edit(photo(), "Make it warm")
        masked = session.edit(photo(), "Make it night", mask=white())
        numbers = [session.history.shelf.number(one.record_id) for one in (plain, masked)]
    with sqlite3.connect(tmp_path / "one" / "history.sqlite") as connection:
        connection.row_factory = sqlite3.Row
        found = rows.pictures(connection, numbers, "input", "output", "turn")
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
    for number, result in zip(numbers, (plain, masked), strict=True):
        assert {role: [one.sha256 for one in kept] for role, kept in found[number].items()} == {
            "input": [photo().sha256],
            "output": [result.image.sha256],
            "turn": [],
        }
    with sqlite3.connect(":memory:") as connection:
        connection.executescript((Path(__file__).parents[1] / "data" / "history-0.1.0" / "history.sql").read_text())
        assert connection.execute("PRAGMA user_version").fetchone()[0] <= layout


def test_a_mask_is_no_picture_to_clear_away(tmp_path):
    """What tidies a history leaves the mask of a record that is kept."""
    with at(tmp_path / "one") as session:
        result = session.edit(photo(), "Make it night", mask=white())
    with at(tmp_path / "one") as session:
        session.history.put(picture(1))
        for stored in (tmp_path / "one" / "images").iterdir():
            os.utime(stored, (1e9, 1e9))
        assert session.history.collect_garbage().files == 1
        kept = session.result_of(session.history.record(result.record_id))
        assert kept.request.mask.data == white().data
