"""Disks that are full, folders that can't be written, file systems without WAL: real ones, not pretended."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from history_kit import attempt, begin, end, only_readable, picture, run

from nb_banana._history.book import History
from nb_banana._history.database import on_network
from nb_banana._sandbox.server import serve

UNSHARE = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]


def own_mounts() -> bool:
    """Whether this system lets a child mount a small disk of its own."""
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_disk_full_at_every_write(tmp_path: Path) -> None:
    """A full disk costs nothing that was paid for: the result is there, what is missing is said, later writes work.

    The disk is a small tmpfs where the system lets us mount one, else the size of files is limited.
    """
    real = own_mounts()
    out = run("full_disk", tmp_path, "tmpfs" if real else "limit", prefix=UNSHARE if real else ())
    assert "'no picture': " in out


def test_file_size_limit_at_every_write(tmp_path: Path) -> None:
    """Writes refused for another reason than a full disk are survived the same way."""
    assert "'no row': " in run("full_disk", tmp_path, "limit")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder an author filled, which its readers may only read."""
    shelf = tmp_path / "shelf"
    history = History.open(shelf / "history")
    attempt(history, "the author's", key="author")
    history.close()
    only_readable(shelf)
    return shelf


def test_read_only_folder_is_noticed_first_and_its_answers_still_serve(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A reader of somebody's folder is told where results go, and replays the author's pictures."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o777)
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    notice, folder, sha256, own = run("as_nobody", shelf / "history").splitlines()
    assert str(shelf / "history") in notice and str(data) in notice and "can't be written" in notice
    assert Path(folder) == data / "nb_banana" / "nb_banana_history"
    assert sha256 == picture(2).sha256
    assert own == """True ["a reader's own", "the author's"]"""
    assert sorted(p.name for p in (shelf / "history").iterdir()) == ["history.sqlite", "images", "live"]


def test_nowhere_to_write_is_an_error_before_anything_is_sent(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no folder that can be written there is one error that names them all and the next step."""
    monkeypatch.setenv("XDG_DATA_HOME", str(shelf / "data"))
    out = run("nowhere", shelf / "history")
    assert all(
        str(place) in out for place in (shelf / "history", shelf / "data", shelf / "nb_banana_history-")
    )
    assert "NB_BANANA_HISTORY" in out and "Nothing was sent" in out


def test_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    """Prompts and pictures are nobody else's: files 0600, folders 0700, the journal too."""
    lines = [line.split() for line in run("modes", tmp_path / "history").splitlines()]
    assert {mode for mode, is_folder, _ in lines if is_folder == "True"} == {"0o700"}
    assert {mode for mode, is_folder, _ in lines if is_folder == "False"} == {"0o600"}
    assert "history.sqlite-wal" in {name for _, _, name in lines}


def mode_of(folder: Path) -> str:
    connection = sqlite3.connect(folder / "history.sqlite")
    try:
        return connection.execute("PRAGMA journal_mode").fetchone()[0]
    finally:
        connection.close()


def test_wal_is_used_where_it_works(tmp_path: Path) -> None:
    """On an ordinary disk readers never wait for a writer."""
    history = History.open(tmp_path / "history")
    attempt(history)
    assert mode_of(tmp_path / "history") == "wal"


def test_new_history_without_shared_memory_uses_a_rollback_journal(tmp_path: Path) -> None:
    """Where WAL's shared memory can't be made (here a folder is in its place), writing works all the same."""
    folder = tmp_path / "history"
    (folder / "history.sqlite-shm").mkdir(parents=True)
    history = History.open(folder)
    record = attempt(history)
    assert (record.problems, history.notice) == ((), "")
    assert mode_of(folder) == "delete"
    assert History.open(folder).record(record.id) == record


def test_wal_history_that_travels_to_such_a_place_is_converted(tmp_path: Path) -> None:
    """A history written in WAL opens where WAL is refused, with every record, the newest in the journal too."""
    home, away = tmp_path / "home", tmp_path / "away"
    history = History.open(home)
    record = attempt(history)
    away.mkdir()
    for name in ("history.sqlite", "history.sqlite-wal"):
        shutil.copy(home / name, away / name)
    assert (away / "history.sqlite-wal").stat().st_size > 0
    shutil.copytree(home / "images", away / "images")
    (away / "history.sqlite-shm").mkdir()
    travelled = History.open(away)
    assert travelled.record(record.id).images[0].data == picture(2).data
    assert attempt(travelled, "more").problems == ()
    assert mode_of(away) == "delete"


@pytest.mark.parametrize(
    ("path", "shared"),
    [
        ("/home/ann/work/history.sqlite", True), ("/home/local/x", False), ("/data/x", True), ("/mnt/win share/x", True),
        ("/mnt/ssh/x", True), ("/tmp/x", False),
    ],
)  # fmt: skip
def test_network_file_systems_are_known_by_their_mounts(tmp_path: Path, path: str, shared: bool) -> None:
    """WAL on a disk that several machines mount would corrupt; the innermost mount decides."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
        "30 22 0:44 / /home rw shared:2 - nfs4 server:/home rw,vers=4.2\n"
        "31 30 254:2 / /home/local rw - ext4 /dev/vdb rw\n"
        "32 22 0:45 / /data rw - lustre 10.0.0.1@tcp:/data rw\n"
        "33 22 0:46 / /mnt/win\\040share rw - cifs //server/share rw\n"
        "34 22 0:47 / /mnt/ssh rw - fuse.sshfs ann@server: rw\n"
    )
    assert on_network(Path(path), mounts) is shared


def test_windows_shares_are_network_file_systems(tmp_path: Path) -> None:
    """A UNC path needs no mount table; without one, a path is taken to be local."""
    assert on_network(Path("\\\\server\\share\\history.sqlite"), tmp_path / "none")
    assert not on_network(tmp_path / "history.sqlite", tmp_path / "none")


def test_a_home_where_nothing_can_be_locked_costs_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite says "locking protocol", the picture comes from one POST, its record lies elsewhere, and that is told."""
    data, home = tmp_path / "data", tmp_path / "home"
    data.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    picture(3).save(tmp_path / "photo.png")
    with serve() as server:
        told = run("without_locks", home, server.url, tmp_path / "photo.png")
        posts = len(server.requests)
    assert re.search(r"^picture \d+$", told, re.MULTILINE) and posts == 1, told
    assert "locking protocol" in told and str(data) in told, told
    assert len(History.open(next(data.rglob("history.sqlite")).parent).records()) == 1


def test_picture_that_could_not_be_stored_answers_no_replay(tmp_path: Path) -> None:
    """A record whose pictures are not all kept would replay less than was paid for; it is shown, not served."""
    history = History.open(tmp_path / "history")
    id = begin(history, key="lost")
    images = tmp_path / "history" / "images"
    images.rename(tmp_path / "images")
    images.write_text("in the way")
    record = end(history, id)
    assert record.lost == 1 and record.outputs == ()
    assert record.problems and str(images) in record.problems[0]
    images.unlink()
    (tmp_path / "images").rename(images)
    assert history.find("lost", 1) is None
    assert history.record(id).status == "done"
    assert history.takes("lost") == (1,)
