"""What the routes answer about a history that a notebook made, beside a kernel that is alive, was closed, or was killed."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import time

import pytest
from PIL import Image

import nb_banana as nb

CHILD = """
import os, sys, time
import nb_banana as nb
session = nb.Session(nb.Endpoint.sandbox(), folder=sys.argv[1], notebook="a.ipynb", tell=lambda _: None)
made = session.edit("cat.png", "make it night")
print(made.record_id, flush=True)
time.sleep(600)
"""


def session_in(folder):
    return nb.Session(nb.Endpoint.sandbox(), folder=folder / "nb_banana_history", notebook="a.ipynb", tell=lambda _: None)


def files_of(folder):
    """Every file below a folder with what tells that it was written."""
    return {str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


@pytest.fixture
def folder(jupyter, tmp_path):
    made = jupyter.root / tmp_path.name
    made.mkdir()
    return made


def test_the_history_of_a_folder_is_listed_newest_first(jupyter, folder, photo):
    """A side bar gets each edit's id, words, model, moment, picture, star, note, cost and status, and how many there are."""
    with session_in(folder) as session:
        first, second = session.edit(photo, "make it night"), session.edit(photo, "画成水彩")
        session.history.star(first.record_id)
        session.history.note(first.record_id, "for the cover")
    found = jupyter.history(folder.name)
    assert (found.status, found.headers["content-type"].split(";")[0]) == (200, "application/json")
    rows = found.json["rows"]
    assert [(row["id"], row["prompt"], row["starred"], row["note"]) for row in rows] == [
        (second.record_id, "画成水彩", False, ""), (first.record_id, "make it night", True, "for the cover"),
    ]
    assert (found.json["total"], found.json["folder"]) == (2, f"{folder.name}/nb_banana_history")
    row = rows[1]
    assert (row["sha256"], row["mime"], row["status"], row["sandbox"]) == (first.image.sha256, first.image.mime_type, "done", True)
    assert row["model"] == "gemini-3-pro-image-preview" and row["when"].endswith("+00:00") and row["cost"] in (None, "free")
    assert jupyter.history(f"/{folder.name}/nb_banana_history/").json["rows"] == rows


def test_what_a_judge_was_asked_is_no_edit(jupyter, folder, photo):
    """Questions to a judge lie beside the edits they are about, and stand in no list of edits, nor in their number."""
    with session_in(folder) as session:
        made = nb.compare(photo, "make it night", session=session).run()
        made.judge(nb.Judge("gpt-4.1"))
    found = jupyter.history(folder.name).json
    assert ([row["prompt"] for row in found["rows"]], found["total"]) == (["make it night"], 1)
    assert jupyter.history(folder.name, q="picture").json["total"] == 0


def test_a_price_is_told_as_people_read_it(jupyter, folder, photo_bytes):
    """What an edit cost is said with its currency; a price that nobody knows is none, and never a zero."""
    from decimal import Decimal

    from nb_banana._catalog.cost import Cost
    from nb_banana._catalog.providers import PROVIDERS
    from nb_banana._history.book import History
    from nb_banana._history.record import Ending
    from nb_banana._messages import EditRequest, Order
    from nb_banana._wire.plan import Plan

    request = EditRequest("x", (nb.ImageData.from_bytes(photo_bytes),), model="gemini-3-pro-image-preview")
    place = PROVIDERS["apiyi"]
    history = History(folder / "nb_banana_history")
    for cost in (Cost(Decimal("0.05")), Cost(None, certain=False)):
        plan = Plan(request, request, None, place, "gemini", place.base_url, (), 300.0)
        id = history.begin(Order(request), plan, key="k")
        history.end(id, Ending(status="done", billing="paid", sandbox=False, cost=cost, attempts=1), [nb.ImageData.from_bytes(photo_bytes)])
    history.close()
    assert [(row["cost"], row["sandbox"]) for row in jupyter.history(folder.name).json["rows"]] == [(None, False), ("$0.05", False)]


def test_rows_are_searched_and_paged(jupyter, folder, photo):
    """All words must occur, in any language; a page begins where it is asked to, and the total is of what was found."""
    with session_in(folder) as session:
        ids = [session.edit(photo, f"make the sky {colour}").record_id for colour in ("red", "green", "blue")]
        session.edit(photo, "添加一只猫")
    assert [row["id"] for row in jupyter.history(folder.name, q="SKY").json["rows"]] == ids[::-1]
    page = jupyter.history(folder.name, q="sky", offset=1, limit=1).json
    assert ([row["id"] for row in page["rows"]], page["total"]) == ([ids[1]], 3)
    assert [row["prompt"] for row in jupyter.history(folder.name, q="只猫").json["rows"]] == ["添加一只猫"]
    assert jupyter.history(folder.name, q="100% nothing _").json == {"rows": [], "total": 0, "folder": f"{folder.name}/nb_banana_history"}


def test_a_folder_without_a_history_has_no_rows(jupyter, folder):
    """Where nobody edited anything yet there is nothing to list, and that is no error."""
    assert jupyter.history(folder.name).json == {"rows": [], "total": 0, "folder": None}
    assert jupyter.history("not/there").json["rows"] == []


def test_a_picture_comes_as_it_was_made_and_small(jupyter, folder, photo):
    """The original is byte for byte what came; the small copy is at most 240 pixels wide, and neither may be taken for anything but a picture."""
    with session_in(folder) as session:
        result = session.edit(photo, "make it night")
        data, sha, given = result.image.data, result.image.sha256, result.request.images[0].sha256
    full = jupyter.image(sha, folder.name, size="full")
    assert (full.status, hashlib.sha256(full.body).hexdigest(), full.body == data) == (200, sha, True)
    assert full.headers["content-type"] == result.image.mime_type
    assert full.headers["x-content-type-options"] == "nosniff" and "sandbox" in full.headers["content-security-policy"]
    small = jupyter.image(sha, folder.name)
    picture = Image.open(io.BytesIO(small.body))
    assert (small.headers["content-type"], max(picture.size), len(small.body) <= 24 * 1024) == ("image/jpeg", 240, True)
    assert jupyter.image(given, folder.name, size="full").body == photo.read_bytes()  # what was edited, too


def test_a_browser_asks_again_and_gets_only_a_word(jupyter, folder, photo):
    """A picture that a page has already isn't sent, or made small, twice; one that was deleted meanwhile is gone for it too."""
    with session_in(folder) as session:
        result = session.edit(photo, "make it night")
        sha = result.image.sha256
        first = jupyter.image(sha, folder.name)
        assert first.headers["etag"] == f'"{sha}-thumb"' and "no-cache" in first.headers["cache-control"]
        seen = {"If-None-Match": first.headers["etag"]}
        again = jupyter.get("/nb-banana/image", folder=folder.name, sha=sha, headers=seen)
        assert (again.status, again.body) == (304, b"")
        session.history.removal.delete([result.record_id])
    gone = jupyter.get("/nb-banana/image", folder=folder.name, sha=sha, headers=seen)
    assert (gone.status, gone.json["reason"]) == (404, "no_picture")


@pytest.mark.parametrize("end", ["alive", "killed"])
def test_what_a_kernel_wrote_last_is_there(jupyter, folder, photo, end):
    """The newest edit is listed while its kernel is alive and when it was killed, and no file of the folder changes by it."""
    (folder / "cat.png").write_bytes(photo.read_bytes())
    child = subprocess.Popen([sys.executable, "-c", CHILD, "nb_banana_history"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        made = child.stdout.readline().strip()
        if end == "killed":
            child.kill()
            child.wait()
        before = files_of(folder)
        assert any(name.endswith("sqlite-wal") for name in before)
        rows = jupyter.history(folder.name).json["rows"]
        assert [row["id"] for row in rows] == [made]
        assert jupyter.image(rows[0]["sha256"], folder.name).status == 200
        assert files_of(folder) == before
    finally:
        child.kill()
        child.wait()


def test_looking_at_a_closed_history_makes_no_file(jupyter, folder, photo):
    """A history at rest is read as it is: no journal, no index, no lock appears beside it, and nothing is touched."""
    with session_in(folder) as session:
        session.edit(photo, "make it night")
    before = files_of(folder)
    assert not any("-wal" in name or "-shm" in name for name in before)
    found = jupyter.history(folder.name, q="night").json
    assert found["total"] == 1 and jupyter.image(found["rows"][0]["sha256"], folder.name, size="full").status == 200
    assert files_of(folder) == before


def test_a_log_that_lost_its_index_is_not_guessed_at(jupyter, folder, photo):
    """A folder copied in the middle of a write is told as such: reading past its log would hide the newest edits."""
    with session_in(folder) as session:
        session.edit(photo, "make it night")
        copied = folder / "copied"
        copied.mkdir()
        for name in ("history.sqlite", "history.sqlite-wal"):
            (copied / name).write_bytes((folder / "nb_banana_history" / name).read_bytes())
    found = jupyter.history(f"{folder.name}/copied")
    assert (found.status, found.json["reason"]) == (409, "unfinished") and "nb.history()" in found.json["message"]
    assert sorted(path.name for path in copied.iterdir()) == ["history.sqlite", "history.sqlite-wal"]


def test_rows_come_whole_while_a_notebook_writes(jupyter, folder, photo):
    """Asked again and again beside a session that edits, the list only grows, and never fails."""
    with session_in(folder) as session:
        session.edit(photo, "edit 0")
        writing = threading.Thread(target=lambda: [session.edit(photo, f"edit {number}") for number in range(1, 8)])
        writing.start()
        seen = []
        while writing.is_alive():
            found = jupyter.history(folder.name)
            assert found.status == 200, found.body
            seen.append(found.json["total"])
            time.sleep(0.05)
        writing.join()
    assert seen == sorted(seen) and jupyter.history(folder.name).json["total"] == 8
