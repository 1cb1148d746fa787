"""Files somebody else made or spoiled: whatever is wrong with one is a sentence, and hides nothing else."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import struct
import time
import warnings
import zipfile
from contextlib import closing

import pytest

import nb_banana as nb
from nb_banana._widgets.records import plain

BIG = "9" * 400
ROWS = {
    "amount": ("NaN", "-1", "1e400", "Infinity", "x", "１", 5, True, BIG),
    "take": (-1, 0, "1", None, 2**70, 1.5),
    "status": ("running", "odd", None, 7, ""),
    "billing": ("odd", None),
    "elapsed": (-1, "x", 1e300, "NaN"),
    "started": ("never", "2026-01-01", None, 5),
    "context": ("odd", None),
    "currency": ("\x1b[2J", "U" * 99, None),
    "usage": ("[1]", "{", '{"input_tokens": "x"}', '{"no_such": 1}', '{"input_tokens": -5}'),
    "warnings": ("{}", "[1]", "", None),
    "tags": ("[[]]", "x", None),
    "lost": (None, "x"),
    "attempts": (-1, None),
    "sandbox": (7, "yes"),
    "id": (-1, 0, 2**63, "x", None),
    "parent": ("x", -2),
    "prompt": (None, 3),
}
ODD = [("row", name, value) for name, values in ROWS.items() for value in values]
ODD += [("pictures", at, value) for at, value in ((0, "odd"), (1, -1), (2, "../../x"), (2, 5), (3, None), (4, -1), (4, "x"), (6, 2**40), (7, 3))]
ODD += [("line", "request", value) for value in ("{", "7", 5)]
ODD += [("member", name, value) for name in ("about.json", "records.jsonl") for value in
        (b"", b"NaN", b"[" * 100_000, b"{}", b"[]", b"null", b"\xff\xfe", b'{"nb_banana_history": NaN}', b'{"nb_banana_history": "x"}') if value or name == "about.json"]
ODD += [("zip", kind, None) for kind in ("cut", "twice", "password", "packing", "crc", "size", "folder", "empty", "deflate")]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A history, a chain and a comparison as files, each of the same two edits."""
    folder = tmp_path_factory.mktemp("mine")
    from PIL import Image

    Image.linear_gradient("L").convert("RGB").save(folder / "cat.png")
    with nb.Session(nb.Endpoint.sandbox(), folder=folder / "history", tell=lambda _: None) as session:
        chain = nb.chain(folder / "cat.png", session=session).edit("Make it night").edit("Make it blue")
        grid = nb.compare(folder / "cat.png", ["Make it night", "x"], session=session).run()
        return {
            "history": session.history.export_zip(folder / "h.zip", session.history.records()),
            "chain": chain.export(folder / "c.zip"), "grid": grid.export(folder / "g.zip"),
        }  # fmt: skip


def spoiled(source, target, kind, name, value):
    """A copy of a zip in which one thing is odd."""
    members = {}
    with zipfile.ZipFile(source) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    first, *others = members["records.jsonl"].splitlines()
    line = json.loads(first)
    if kind == "row":
        line["row"][name] = value
    elif kind == "pictures":
        line["pictures"][0][name] = value
    elif kind == "line":
        line[name] = value
    members["records.jsonl"] = b"\n".join([json.dumps(line).encode(), *others])
    if kind == "member":
        members[name] = value
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each, data in members.items():
            archive.writestr(each, data)
        if (kind, name) == ("zip", "twice"):
            archive.writestr("records.jsonl", b"")
    if kind == "zip":
        target.write_bytes(broken(target.read_bytes(), name))
    if name == "folder":
        target.unlink()
        target.mkdir()
    return target


def broken(data, how):
    """The bytes of a zip, one thing in them wrong."""
    out, central = bytearray(data), data.index(b"PK\x01\x02")
    if how == "cut":
        return data[: len(data) // 2]
    if how == "empty":
        return b""
    if how == "password":
        struct.pack_into("<H", out, central + 8, 1)
        struct.pack_into("<H", out, 6, 1)
    if how == "packing":
        struct.pack_into("<H", out, central + 10, 97)
    if how == "crc":
        struct.pack_into("<I", out, central + 16, 1)
    if how == "size":
        struct.pack_into("<I", out, central + 24, 2**31)
    if how == "deflate":
        out[40:60] = b"\xff" * 20
    return bytes(out)


@pytest.mark.parametrize("door", ["history", "chain", "grid"])
@pytest.mark.usefixtures("uncollected")
def test_every_odd_zip_is_one_sentence(exported, tmp_path, door):
    """Over a hundred odd zips through each door: refused in our words at once, and nothing of them gets in."""
    assert len(ODD) > 80
    for number, (kind, name, value) in enumerate(ODD):
        path = spoiled(exported[door], tmp_path / f"{number}.zip", kind, name, value)
        folder = tmp_path / (f"h{number}" if kind == "zip" else "empty")  # nothing gets in, so the next finds it empty too
        with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=lambda _: None) as session:
            begun = time.monotonic()
            with pytest.raises(nb.NanoBananaError) as caught:
                if door == "history":
                    session.history.import_zip(path)
                elif door == "chain":
                    nb.Chain.load(path, session=session)
                else:
                    nb.Comparison.load(path, session=session)
                pytest.fail(f"taken in: {kind} {name} {value!r:.60}")
            assert str(path) in str(caught.value), (kind, name, value)
            assert time.monotonic() - begun < 5, (kind, name, value)
            assert kind == "zip" or session.history.records() == [], (kind, name, value)


@pytest.mark.parametrize("member, value", [("chain.json", b) for b in (b"[1]", b"NaN", b'[{"record": 5}]', b'{"a": 1}', b"")])
@pytest.mark.usefixtures("uncollected")
def test_odd_chains_are_one_sentence(exported, tmp_path, member, value):
    """A chain's own member may be spoiled in any way: the file is named, and there is no chain."""
    path = spoiled(exported["chain"], tmp_path / "c.zip", "member", member, value)
    with (
        nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "h", tell=lambda _: None) as session,
        pytest.raises(nb.NanoBananaError, match=r"holds no chain|There is no record"),
    ):
        nb.Chain.load(path, session=session)


@pytest.mark.usefixtures("uncollected")
def test_a_flood_is_refused_before_it_is_unpacked(exported, tmp_path):
    """A member of a gigabyte, a few kilobytes in the file, is refused by its size and never read."""
    members = {}
    with zipfile.ZipFile(exported["chain"]) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(tmp_path / "f.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            if name != "chain.json":
                archive.writestr(name, data)
        with archive.open("chain.json", "w", force_zip64=True) as file:
            for _ in range(100):
                file.write(b"[" * 2**20)
    with (
        nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "h", tell=lambda _: None) as session,
        pytest.raises(nb.NanoBananaError, match="holds no chain"),
    ):
        nb.Chain.load(tmp_path / "f.zip", session=session)


def changed(folder, statement):
    with closing(sqlite3.connect(folder / "history.sqlite")) as file:
        file.executescript(statement)


@pytest.fixture
def two(photo, tmp_path):
    """A history folder with two edits."""
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "h", tell=lambda _: None) as session:
        session.edit(photo, "Make it night")
        session.edit(photo, "Make it blue")
    return tmp_path / "h"


@pytest.mark.parametrize(
    "change",
    [
        "amount = 'NaN', currency = 'USD'", "amount = 'x', currency = 'USD', billing = 'paid'", "status = 'odd'", "take = -1",
        "warnings = '{'", "tags = '[1]'", "usage = '[1]'", "started = 'never'", "elapsed = 'soon'", "context = 'odd'",
        "billing = 'odd'", "parent = 'x'", "prompt = x'00ff'", "sandbox = 9", "model = x'ff'", "attempts = -1",
    ],
)  # fmt: skip
def test_one_odd_row_hides_no_other(two, change):
    """A row changed into what no release writes is shown as such, alone; list, text, ledger and the rest go on."""
    changed(two, f"UPDATE records SET {change} WHERE prompt = 'Make it night'")
    with nb.Session(nb.Endpoint.sandbox(), folder=two, tell=lambda _: None) as session:
        records = session.history.records()
        odd, good = sorted(records, key=lambda record: record.prompt == "Make it blue")
        assert good.prompt == "Make it blue" and good.images[0].data
        assert odd.status == "failed" and "can't be read" in odd.error_message, change
        assert "can't be read" in plain(records, "h") or plain(records, "h")
        assert str(session.ledger) and session.history.export_jsonl(two / "out.jsonl")
        assert session.edit("cat.png", "Make it blue").replayed


@pytest.mark.parametrize(
    "statement, kind",
    [
        ("CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM records; END", "trigger"),
        ("CREATE VIEW v AS SELECT 1", "view"),
        ("CREATE TRIGGER records AFTER UPDATE ON words BEGIN SELECT 1; END", "trigger"),
        ("DROP TABLE places; CREATE VIEW places AS SELECT '' notebook, '' place, 1 record, 1 came, 0 late", "view"),
        ("CREATE VIRTUAL TABLE other USING fts5(a)", "virtual table"),
        ("DROP TABLE places; CREATE VIRTUAL TABLE places USING fts5(notebook, place, record, came, late)", "virtual table"),
        ("DROP TABLE search; CREATE VIRTUAL TABLE search USING fts5(text)", "virtual table"),
        ("DROP TABLE search; CREATE TABLE search (text)", "table"),
        ("CREATE UNIQUE INDEX one ON records (prompt)", "index"),
        ("CREATE INDEX one ON records (abs(take))", "index"),
        ("CREATE INDEX one ON search_data (block)", "index"),
        ("DROP INDEX answers; CREATE INDEX answers ON records (key)", "index"),
        ("CREATE TABLE fine (a CHECK (a > 1), b AS (a + 1), c DEFAULT (random()))", None),
        ("CREATE TABLE fine (a); CREATE INDEX quick ON fine (a)", None),
        ("CREATE TABLE fine (a INTEGER PRIMARY KEY AUTOINCREMENT); ANALYZE", None),
        ("CREATE TEMP TABLE fine (a)", None),
    ],
)
def test_what_would_run_by_itself_is_refused(two, statement, kind):
    """A history with a trigger, a view, a table of another module or an index of somebody's on our tables is not
    opened, and stays as it is; plain tables of another name are a newer release's, and are left alone.
    """
    changed(two, statement)
    with nb.Session(nb.Endpoint.sandbox(), folder=two, tell=lambda _: None) as session:
        if kind is None:
            assert len(session.history.records()) == 2
            return
        with pytest.raises(nb.NanoBananaError, match=f"{kind} .*which no nb_banana wrote"):
            session.history.records()
        with pytest.raises(nb.NanoBananaError, match="which no nb_banana wrote"):
            session.edit("cat.png", "Another")
    with sqlite3.connect(two / "history.sqlite") as file:
        assert file.execute("SELECT count(*) FROM records").fetchone() == (2,)


def test_a_table_that_differs_in_a_word_is_refused(two, tmp_path):
    """A rule, a column or a word more or less in any table of ours, and an index that is gone: named, left as it is."""
    bends = {
        "records": [("take INTEGER NOT NULL", "take INTEGER NOT NULL CHECK (take < 2)"), ("lost INTEGER NOT NULL", "lost INTEGER AS (0)"),
                    ("note TEXT NOT NULL DEFAULT ''", "note TEXT NOT NULL DEFAULT (hex(randomblob(9)))"), ("prompt TEXT", "prompt BLOB"),
                    ("prompt TEXT NOT NULL", "prompt TEXT NOT NULL UNIQUE ON CONFLICT REPLACE"), ("key TEXT", "key TEXT COLLATE NOCASE"),
                    ("model_answered TEXT", "model_answered2 TEXT")],
        "details": [("turn TEXT)", "turn TEXT) STRICT"), ("turn TEXT)", "turn TEXT, more TEXT)"), ("turn TEXT)", "turn TEXT /* mine */)")],
        "images": [(" WITHOUT ROWID", ""), ("bytes INTEGER NOT NULL", "bytes INTEGER NOT NULL REFERENCES records (id)")],
        "replays": [("amount TEXT)", "amount TEXT GENERATED ALWAYS AS ('9') STORED)")],
        "imported": [("INTEGER PRIMARY KEY", "INTEGER")],
        "budgets": [("since TEXT", "since TEXT DEFAULT '1970'")],
    }  # fmt: skip
    for table, changes in bends.items():
        for number, (old, new) in enumerate(changes):
            folder = tmp_path / f"{table}-{number}"
            shutil.copytree(two, folder)
            with closing(sqlite3.connect(folder / "history.sqlite")) as file:
                objects = dict(file.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql > ''", (table,)))
                assert objects[table].count(old) == 1, (table, old)
                file.execute(f"DROP TABLE {table}")
                for name in sorted(objects, key=lambda name: name != table):
                    file.execute(objects[name].replace(old, new) if name == table else objects[name])
            with pytest.raises(nb.NanoBananaError, match=f"table '{table}', which no nb_banana wrote"):
                nb.Session(nb.Endpoint.sandbox(), folder=folder).history.records()
    for gone in ("INDEX answers", "TABLE details"):
        folder = tmp_path / gone
        shutil.copytree(two, folder)
        changed(folder, f"DROP {gone}")
        with pytest.raises(nb.NanoBananaError, match=f"lacks {gone.split()[0].lower()} '{gone.split()[1]}'"):
            nb.Session(nb.Endpoint.sandbox(), folder=folder).history.records()


@pytest.mark.parametrize("layout", [0, -1])
def test_somebody_elses_database_of_the_same_name_is_not_written_to(tmp_path, photo, layout):
    """IPython keeps its own `history.sqlite`: a file whose layout is not ours is named and not a byte is changed."""
    (tmp_path / "other").mkdir()
    file = tmp_path / "other" / "history.sqlite"
    with closing(sqlite3.connect(file)) as other:
        other.executescript(f"PRAGMA user_version = {layout}; CREATE TABLE sessions (session INTEGER PRIMARY KEY)")
    before = file.read_bytes()
    with nb.Session(nb.Endpoint.sandbox(), folder=file.parent, tell=lambda _: None) as session:
        with pytest.raises(nb.NanoBananaError, match="which no nb_banana wrote"):
            session.edit(photo, "Make it night")
    assert file.read_bytes() == before


def test_zipfile_is_really_fed(exported):
    """The files the cases are made of are whole: each door takes its own."""
    assert zipfile.ZipFile(io.BytesIO(exported["history"].read_bytes())).testzip() is None
