"""What somebody tries at the routes: other folders, links, odd words, files made to harm, and asking too much at once."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import struct
import sys
import threading
import time
import zlib
from contextlib import closing
from pathlib import Path

import pytest

import nb_banana as nb

pytestmark = pytest.mark.skipif(os.name == "nt", reason="such links and pipes are POSIX")

FILE, FOLDER = "history.sqlite", "nb_banana_history"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A history with one edit, closed; each test copies it."""
    folder = tmp_path_factory.mktemp("made")
    from PIL import Image

    Image.new("RGB", (40, 30), "peru").save(folder / "cat.png")
    with nb.Session(nb.Endpoint.sandbox(), folder=folder / FOLDER, notebook="", tell=lambda _: None) as session:
        session.edit(folder / "cat.png", "make it night")
    return folder / FOLDER


@pytest.fixture
def here(jupyter, made, tmp_path):
    """A folder in the server's root with a copy of that history in it."""
    folder = jupyter.root / tmp_path.name
    shutil.copytree(made, folder / FOLDER)
    return folder


@pytest.fixture(scope="module")
def outside(jupyter, made):
    """The same history beside the server's root."""
    return shutil.copytree(made, jupyter.home / "outside" / FOLDER)


def sha_of(history):
    with closing(sqlite3.connect(f"file:{history / FILE}?immutable=1", uri=True)) as file:
        return file.execute("SELECT sha256 FROM pictures WHERE role = 'output'").fetchone()[0]


def change(history, *statements):
    with closing(sqlite3.connect(history / FILE, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        for statement, *values in statements:
            file.execute(statement, values)


def plant(history, data, mime="image/png", suffix=".png"):
    """A picture that the history knows as an output, whatever it is."""
    sha = hashlib.sha256(data).hexdigest()
    (history / "images" / f"{sha}{suffix}").write_bytes(data)
    change(history, ("INSERT INTO images VALUES (?, ?, 40, 30, ?)", sha, mime, len(data)),
           ("INSERT INTO pictures SELECT record, 'output', max(position) + 1, ?, '' FROM pictures", sha))  # fmt: skip
    return sha


def png(width, height, rows=b""):
    """A PNG whose header says so."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_nobody_reads_without_a_token(jupyter, here):
    """Without the server's token, or with another one, neither rows nor pictures are told."""
    sha = sha_of(here / FOLDER)
    for route, asked in (("history", {}), ("image", {"sha": sha})):
        for headers in ({}, {"Authorization": "token wrong"}, {"Cookie": "username-127-0-0-1=x"}):
            found = jupyter.get(f"/nb-banana/{route}", token=False, headers=headers, folder=here.name, **asked)
            assert found.status == 403 and b"night" not in found.body and not found.body.startswith(PNG)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD"])
def test_the_routes_only_read(jupyter, here, method):
    """No other method does anything."""
    for route in ("history", "image"):
        assert jupyter.get(f"/nb-banana/{route}", method=method, folder=here.name).status == 405


def test_another_site_reads_nothing(jupyter, here):
    """A page of another origin is told nothing, although the browser sends the cookie of the server's own page along."""
    given = jupyter.get(f"/api/status?token={jupyter.token}", token=False).headers["set-cookie"].partition(";")[0]
    assert jupyter.get("/nb-banana/history", token=False, headers={"Cookie": given}, folder=here.name).status == 200
    for route in ("history", "image"):
        headers = {"Cookie": given, "Origin": "https://evil.example"}
        found = jupyter.get(f"/nb-banana/{route}", token=False, headers=headers, folder=here.name, sha=sha_of(here / FOLDER))
        assert found.status == 404 and b"night" not in found.body and not found.body.startswith(PNG)


UPWARDS = ["..", "../outside", "a/../../outside", "./../outside", b"%2e%2e/outside", b"%2e%2e%2foutside", b"..%2F..%2Fetc",
           b"x%00/../outside", b"outside%00", "a" * 5000, b"%ff%fe"]  # fmt: skip


@pytest.mark.parametrize("folder", UPWARDS, ids=[str(number) for number in range(len(UPWARDS))])
def test_no_word_leads_out_of_the_root(jupyter, outside, folder):
    """A path upwards, one with a NUL, one that is no text and one without end are refused, however they are spelled."""
    found = jupyter.get("/nb-banana/history", folder=folder)
    assert (found.status, found.json["reason"]) in ((400, "bad_folder"), (400, "bad_value"))
    assert jupyter.image(sha_of(outside), folder).status == 400


@pytest.mark.parametrize("folder", ["{outside}", "{outside}/nb_banana_history", "//{outside}", "file://{outside}", "~", "~root",
                                    "..\\outside", "C:\\", "\\\\host\\share", "a/" * 1500, "x" * 300])  # fmt: skip
def test_no_absolute_path_is_one(jupyter, outside, folder):
    """A path of the machine is read as one below the root, where it is not."""
    found = jupyter.history(folder.format(outside=outside.parent))
    assert (found.status, found.json["rows"]) == (200, [])


def test_two_folders_are_none(jupyter, here):
    """A word that is given twice is not guessed at."""
    assert jupyter.get(f"/nb-banana/history?folder={here.name}&folder=..").json["reason"] == "bad_value"


def test_no_link_leads_out_of_the_root(jupyter, here, outside):
    """A link out of the root is not followed: of the folder, of its history, of the file, its journals, its pictures or one of them."""
    sha, root = sha_of(outside), here
    (root / "link").symlink_to(outside.parent)
    (root / "a").mkdir()
    (root / "a" / FOLDER).symlink_to(outside)
    (root / "loop").symlink_to(root / "loop")
    for folder in ("link", "link/nb_banana_history", "a", "a/nb_banana_history", "loop", "loop/x"):
        assert jupyter.history(f"{root.name}/{folder}").json["rows"] == [], folder
        assert jupyter.image(sha, f"{root.name}/{folder}").status == 404

    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm", f"{FILE}-journal"):
        own = root / f"own-{name}"
        shutil.copytree(outside, own)
        (own / name).unlink(missing_ok=True)
        (own / name).symlink_to(outside / FILE)
        found = jupyter.history(f"{root.name}/own-{name}")
        assert (found.status, found.json["reason"]) == (409, "damaged"), name

    pictures = shutil.copytree(outside, root / "pictures")
    shutil.rmtree(pictures / "images")
    (pictures / "images").symlink_to(outside / "images")
    assert jupyter.image(sha, f"{root.name}/pictures", size="full").status == 409
    one = shutil.copytree(outside, root / "one")
    (name,) = [path.name for path in (one / "images").iterdir() if path.name.startswith(sha)]
    (one / "images" / name).unlink()
    (one / "images" / name).symlink_to(outside / "images" / name)
    assert jupyter.image(sha, f"{root.name}/one", size="full").status == 409


def test_a_link_within_the_root_is_followed(jupyter, here):
    """What the server shows anyway may be reached by another name."""
    (here / "near").symlink_to(here / FOLDER)
    assert jupyter.history(f"{here.name}/near").json["total"] == 1


def test_hidden_folders_are_not_there(jupyter, here, made):
    """A hidden folder is not there, by its name or a link's; see `test_another_kind_of_server` for those that show them."""
    shutil.copytree(made, here / ".cache" / FOLDER)
    (here / "seen").symlink_to(here / ".cache" / FOLDER)
    for folder in (".cache", f".cache/{FOLDER}", "seen"):
        assert jupyter.history(f"{here.name}/{folder}").json == {"rows": [], "total": 0, "folder": None}
        assert jupyter.image(sha_of(made), f"{here.name}/{folder}").status == 404


WORDS = {
    "limit": ["0", "201", "-1", "1e3", "9" * 12, "9" * 5000, "٣", "1.5", "0x10", "true"],
    "offset": ["-1", "1000001", "9" * 40, "x"],
    "q": ["q" * 201, b"%00"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WORDS.items() for value in values], ids=lambda value: str(value)[:12])
def test_nothing_unbounded_is_asked(jupyter, here, name, value):
    """A page of more rows, or farther away, or a search of more letters than there may be is refused by its name."""
    found = jupyter.history(here.name, **{name: value})
    assert found.status == 400 and found.json["reason"].startswith("bad_") and name in found.json["message"]


def test_the_largest_page_is_one(jupyter, here):
    """The bounds themselves are within."""
    assert jupyter.history(here.name, limit=200, offset=1_000_000, q="%_\\'\"); DROP TABLE records; --" + "x" * 150).json["rows"] == []
    assert jupyter.history(here.name, limit=200).json["total"] == 1


@pytest.mark.parametrize("sha", ["", "x" * 64, "A" * 64, "../" * 21 + "a", "/etc/passwd", "0" * 63, "0" * 65, b"%00" * 64, b"0" * 63 + b"%0a"], ids=str)
def test_a_picture_is_named_by_its_hash_alone(jupyter, here, sha):
    """Whatever is no hash names no picture."""
    assert (found := jupyter.image(sha, here.name)).status == 400 and found.json["reason"] == "bad_value"


def test_a_picture_is_one_of_that_history(jupyter, here, made):
    """A hash that this folder doesn't know, a file that only lies there and a model's turn are none of its pictures."""
    history = here / FOLDER
    (history / "images" / f"{hashlib.sha256(b'x').hexdigest()}.png").write_bytes(b"x")
    turn = plant(history, b"a signature", "application/octet-stream", ".bin")
    change(history, ("UPDATE pictures SET role = 'turn' WHERE sha256 = ?", turn))
    for sha in (hashlib.sha256(b"x").hexdigest(), "0" * 64, turn):
        assert jupyter.image(sha, here.name, size="full").json["reason"] == "no_picture"
    assert jupyter.image(sha_of(made), "").status == 404
    assert jupyter.image(sha_of(made), here.name, size="huge").json["reason"] == "bad_value"


def test_only_pictures_are_served(jupyter, here):
    """A page or a drawing with scripts, filed as a picture, is served as nothing at all; so is a picture that was exchanged."""
    history = here / FOLDER
    for data, mime, suffix in ((b"<html><script>alert(1)</script>", "image/png", ".png"), (b"<html>", "text/html", ".bin"),
                               (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "image/svg+xml", ".bin")):  # fmt: skip
        sha = plant(history, data, mime, suffix)
        for size in ("thumb", "full"):
            found = jupyter.image(sha, here.name, size=size)
            assert (found.status, found.json["reason"]) == (409, "damaged") and b"script" not in found.body
    sha = sha_of(history)
    (path,) = (history / "images").glob(f"{sha}*")
    path.write_bytes(png(1, 1, b"\0\0"))
    assert jupyter.image(sha, here.name, size="full").json["reason"] == "damaged"


def test_a_picture_bomb_does_not_go_off(jupyter, here):
    """A small file that would be gigabytes of pixels is not decoded, nor is a merely vast one; the server's memory stays as it was."""
    history = here / FOLDER
    bomb = plant(history, png(60_000, 60_000))
    vast = plant(history, png(7_000, 7_000, (b"\0" * 876) * 7_000))
    before = _peak(jupyter.pid)
    assert [jupyter.image(bomb, here.name, size=size).json["reason"] for size in ("thumb", "full")] == ["damaged", "damaged"]
    assert jupyter.image(vast, here.name).json["reason"] == "too_large"
    assert jupyter.image(vast, here.name, size="full").status == 200
    assert _peak(jupyter.pid) - before < 60_000


def _peak(pid):
    """The most memory a process has had, in KiB, where the system tells."""
    if sys.platform != "linux":
        return 0
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


HOSTILE = {
    "newer": [("PRAGMA user_version = 99",)],
    "foreign": [("CREATE TRIGGER t AFTER INSERT ON records BEGIN SELECT 1; END",)],
    "foreign-view": [("DROP TABLE words",), ("CREATE VIEW words AS SELECT 1 AS id, randomblob(1000000000) AS text",)],
    "foreign-column": [("ALTER TABLE records ADD COLUMN x AS (hex(zeroblob(400000000)))",)],
    "damaged-long": [("UPDATE records SET prompt = CAST(zeroblob(6000000) AS TEXT)",)],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_made_to_harm_is_refused_in_a_word(jupyter, here, kind):
    """A file of a newer release, with things that would run by themselves, or with endless values is told as what it is."""
    change(here / FOLDER, *HOSTILE[kind])
    before = (here / FOLDER / FILE).read_bytes()
    found = jupyter.history(here.name, q="night")
    assert (found.status, found.json["reason"]) == (409, kind.partition("-")[0])
    assert str(here) not in found.json["message"] and here.name in found.json["message"]
    assert (here / FOLDER / FILE).read_bytes() == before


def test_what_no_release_wrote_is_shown_as_such(jupyter, here):
    """A row that nobody can read hides no other, and no odd value of it reaches the page."""
    statement = "INSERT INTO records SELECT id + 1, key, take, sandbox, '<script>', owner, started, ?, {} FROM records"
    with closing(sqlite3.connect(here / FOLDER / FILE)) as file:
        names = [row[1] for row in file.execute("PRAGMA table_info(records)")][8:]
    change(here / FOLDER, (statement.format(", ".join(names)), b"\xff\xfe"), ("UPDATE pictures SET sha256 = '../../etc/passwd'",),
           ("INSERT INTO images VALUES ('../../etc/passwd', 'text/html', 1, 1, 1)",))  # fmt: skip
    odd, fine = jupyter.history(here.name).json["rows"]
    assert (odd["status"], odd["prompt"], odd["sha256"]) == ("failed", "", None)
    assert (fine["prompt"], fine["sha256"], fine["mime"]) == ("make it night", None, None)


@pytest.mark.parametrize("kind", ["garbage", "empty", "pipe", "folder", "cut"])
def test_what_is_no_database_is_said_to_be_damaged(jupyter, here, kind):
    """Noise, nothing, a pipe, a folder and half a file in its place are answered at once and left as they are."""
    path = here / FOLDER / FILE
    data = path.read_bytes()
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes({"garbage": os.urandom(20_000), "empty": b"", "cut": data[: len(data) // 2]}[kind])
    began, before = time.monotonic(), sorted(path.name for path in (here / FOLDER).iterdir())
    found = jupyter.history(here.name)
    assert (found.status, found.json["reason"]) in ((409, "damaged"), (409, "foreign")) and time.monotonic() - began < 4
    assert sorted(path.name for path in (here / FOLDER).iterdir()) == before


def test_a_file_that_is_held_keeps_nobody_else_waiting(jupyter, here, made):
    """While somebody holds a history for good, its list says busy in a few seconds, and the server answers others at once."""
    change(here / FOLDER)
    with closing(sqlite3.connect(here / FOLDER / FILE, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        answers = []
        asking = [threading.Thread(target=lambda: answers.append(jupyter.history(here.name))) for _ in range(3)]
        for one in asking:
            one.start()
        waits = []
        while any(one.is_alive() for one in asking):
            began = time.monotonic()
            assert jupyter.get("/api/status").status == 200
            waits.append(time.monotonic() - began)
            time.sleep(0.05)
        holder.execute("ROLLBACK")
    assert {(one.status, one.json["reason"]) for one in answers} == {(503, "busy")}
    assert sorted(waits)[len(waits) // 2] < 0.5 and len(waits) > 10
    assert jupyter.history(here.name).json["total"] == 1


def test_asking_too_much_at_once_is_told(jupyter, here):
    """A flood of questions is answered with busy beyond what may wait, and the next one after it as ever."""
    change(here / FOLDER)
    with closing(sqlite3.connect(here / FOLDER / FILE, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        answers, began = [], time.monotonic()
        asking = [threading.Thread(target=lambda: answers.append((jupyter.history(here.name).status, time.monotonic() - began)))
                  for _ in range(90)]  # fmt: skip
        for one in asking:
            one.start()
        while len(answers) < 20 and time.monotonic() - began < 15:
            time.sleep(0.1)
        assert jupyter.get("/api/status").status == 200
        assert [status for status, when in answers if status == 503 and when < 4]  # sooner than a look gives up
        holder.execute("ROLLBACK")
        for one in asking:
            one.join()
    assert len(answers) == 90 and {status for status, _ in answers} == {200, 503}
    assert jupyter.history(here.name).json["total"] == 1
