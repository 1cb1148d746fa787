"""What somebody plants in a folder: pipes, devices and links where pictures, notes and prices are expected."""

from __future__ import annotations

import os
import sqlite3
import time
import warnings
from contextlib import closing
from pathlib import Path

import pytest
from history_kit import attempt, run

import nb_banana as nb
from nb_banana._history.book import History
from nb_banana._provenance import read

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these kinds of files are POSIX")


def pipe(path):
    os.mkfifo(path)


def zeros(path):
    path.symlink_to("/dev/zero")


def link(path):
    secret = path.with_name("secret.txt")
    secret.write_text("secret")
    path.symlink_to(secret)


def folder(path):
    path.mkdir()


def flood(path):
    with path.open("wb") as file:
        file.truncate(90 * 2**20)


PLANTED = (pipe, zeros, link, folder, flood)


@pytest.fixture
def session(photo, tmp_path):
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "history", tell=lambda _: None) as session:
        yield session


def stored(session):
    """The file of the one result, and the result read from the history anew."""
    session.edit("cat.png", "Make it night")
    (record,) = session.history.records()
    return record.shelf.path(record.outputs[-1]), session.result_of(record)


@pytest.mark.parametrize("plant", PLANTED)
def test_a_stored_picture_is_a_regular_file_or_nothing(session, plant):
    """A pipe, a device, a link, a folder and a flood in a picture's place are refused at once, in our words."""
    path, result = stored(session)
    path.unlink()
    plant(path)
    begun = time.monotonic()
    with pytest.raises(nb.NanoBananaError, match="can't be read"):
        _ = result.image.data
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("plant", [link, zeros])
def test_a_link_is_replaced_not_written_through(session, plant):
    """An edit that gives the same picture again stores it in the link's place; what the link named stays."""
    path, _ = stored(session)
    data = path.read_bytes()
    path.unlink()
    plant(path)
    session.history.put(nb.Client(nb.Endpoint.sandbox()).edit("cat.png", "Make it night").image)
    assert path.is_file() and not path.is_symlink() and path.read_bytes() == data
    assert plant is zeros or path.with_name("secret.txt").read_text() == "secret"


@pytest.mark.parametrize("plant", PLANTED)
def test_a_file_beside_a_picture_is_a_regular_file_or_nothing(photo, plant):
    """The provenance file beside a picture is not waited for, not followed, not swallowed."""
    plant(photo.with_name(photo.name + ".json"))
    begun = time.monotonic()
    with pytest.raises(nb.NanoBananaError, match="provenance"):
        read(photo)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("plant", [pipe, zeros, folder, flood])
def test_a_price_file_is_a_regular_file_or_an_error(monkeypatch, tmp_path, plant):
    """`NB_BANANA_PRICES` that names a device, a pipe, a folder or a flood is one sentence, at once."""
    plant(tmp_path / "prices.toml")
    for path in (tmp_path / "prices.toml", Path("/dev/zero")):
        monkeypatch.setenv("NB_BANANA_PRICES", str(path))
        with pytest.raises(nb.NanoBananaError, match="price file"):
            nb.estimate()


def test_an_export_leaves_planted_pictures_out(session, tmp_path):
    """A zip for somebody else never carries what a link in the folder points at."""
    path, _ = stored(session)
    path.unlink()
    link(path)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        session.history.export_zip(tmp_path / "h.zip", session.history.records())
    assert any("can't be read" in str(one.message) for one in told)
    assert b"secret" not in (tmp_path / "h.zip").read_bytes()


FILES = ("history.sqlite", "history.sqlite-wal", "history.sqlite-shm", "history.sqlite-journal")
FOLDERS = ("images", "images/.partial", "live")


def test_nothing_in_the_place_of_a_file_of_ours_is_waited_for_or_followed(tmp_path):
    """A pipe, a socket, a device or a link in the place of the file, a journal or a folder: never opened, named at the
    first use; a kernel that is at work goes on or says what it could not keep. What a link names is not touched.
    """
    *lines, outside = run("planted", tmp_path, *FILES, *FOLDERS).splitlines()
    assert outside == str(["somebody's"] * 2)
    assert len(lines) == 2 * 5 * len(FILES + FOLDERS)
    for line in lines:
        *_, used, how, told = line.split()
        assert (how, told) == ("refused", "True") or used == "True", line


def test_a_row_names_no_file_outside_of_the_folder(tmp_path):
    """The owner of a running row is a token: one that is a path leads to no file, and none is removed."""
    history = History.open(tmp_path / "history")
    record = attempt(history)
    kept = [tmp_path / "kept.lock", tmp_path / "history" / "images" / "kept.lock"]
    for path in kept:
        path.write_text("somebody's")
    for owner in ("../../kept", "../images/kept", str(tmp_path / "kept"), "", "\0", "x" * 999):
        with closing(sqlite3.connect(history.folder / "history.sqlite", isolation_level=None)) as file:
            file.execute("UPDATE records SET status = 'running', owner = ?", (owner,))
        assert history.record(record.id) and History.open(history.folder).records()[0].status == "interrupted", owner
    assert [path.read_text() for path in kept] == ["somebody's"] * 2


@pytest.mark.parametrize("mode, told", [(0o777, 1), (0o773, 1), (0o1777, 1), (0o755, 0), (0o770, 0)])
def test_a_folder_anybody_may_write_in_is_told_once_and_left(photo, tmp_path, mode, told):
    """Which folder, and what to do, once in a session, by a replay too; its mode is its owner's to change."""
    said = []
    home = tmp_path / "history"
    home.mkdir()
    home.chmod(mode)
    for _ in range(2):
        with nb.Session(nb.Endpoint.sandbox(), folder=home, tell=said.append) as session:
            for _ in range(2):
                session.edit(photo, "Make it night")
            words = [one for one in said if "chmod" in one]
            assert len(words) == told and all(f"chmod -R go-w {home}" in one for one in words)
            said.clear()
    assert home.stat().st_mode & 0o7777 == mode
