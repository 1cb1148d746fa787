"""Stored pictures that were lost or changed: they answer nothing, are mended when they come again, and it is told."""

from __future__ import annotations

import os
import shutil
import zipfile

import pytest

import nb_banana as nb
from nb_banana._history.record import Ending
from nb_banana._sandbox.server import Server


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def empty(path):
    path.write_bytes(b"")


def one_byte(path):
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)


def another_picture(path):
    shutil.copy("cat.png", path)


def folder(path):
    path.unlink()
    path.mkdir()
    (path / "kept.txt").write_text("somebody's")


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def link(path):
    path.rename(path.with_name("moved"))
    path.symlink_to("moved")


def closed(path):
    path.chmod(0)


def gone(path):
    path.unlink()


SPOILED = [gone, cut, empty, one_byte, another_picture]
if os.name != "nt":
    SPOILED += [folder, pipe, link]
    SPOILED += [closed] if os.getuid() else []  # root may read anything


@pytest.fixture
def told():
    return []


@pytest.fixture
def session(photo, server: Server, told, tmp_path):
    with nb.Session(nb.Endpoint(server.url), folder=tmp_path / "history", tell=told.append) as session:
        yield session


def posts(server: Server) -> int:
    return sum(entry.method == "POST" for entry in server.requests)


def night(session, **options):
    return session.edit("cat.png", "Make it night", **options)


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_record_without_its_picture_answers_nothing_and_is_told(session, server, told, spoil):
    """Whatever befell the file, the edit is sent again, said before and in the result; then it is whole and free."""
    data = night(session).image.data
    (record,) = session.history.records()
    path = record.shelf.path(record.outputs[0])
    spoil(path)
    request = nb.Session(session.endpoint, folder=session.history.folder, tell=told.append)
    again = night(request)
    assert (posts(server), again.replayed, again.image.data) == (2, False, data)
    (sentence,) = [one for one in told if str(path) in one]
    assert "paid again" in sentence and sentence in again.warnings
    assert path.is_file() and not path.is_symlink() and path.read_bytes() == data
    assert session.history.record(record.id).images[0].data == data
    third = night(session)
    assert (posts(server), third.replayed, third.image.data, third.record_id) == (2, True, data, again.record_id)
    assert len([one for one in told if str(path) in one]) == 1
    for kept in path.parent.glob("*.aside-*/kept.txt"):
        assert kept.read_text() == "somebody's"
    assert (spoil is folder) == bool(list(path.parent.glob("*.aside-*/kept.txt")))


def test_a_lost_picture_is_held_by_nobody(session):
    """What looks without sending says the same: nothing is held; the record is still shown, its picture named."""
    for spoil in SPOILED:
        result = night(session)
        assert session.peek(result.request) is not None
        path = result.image.path
        spoil(path)
        assert session.peek(result.request) is None, spoil
        assert session.history.record(result.record_id).prompt == "Make it night"
        with pytest.raises(nb.NanoBananaError, match="costs again") as caught:
            _ = session.history.record(result.record_id).images[0].data
        assert str(path) in caught.value.message


def test_a_replay_mends_the_inputs_it_was_given(session, server, tmp_path):
    """An input's file that was lost costs nothing: the same picture is at hand, and an export holds it again."""
    night(session)
    (record,) = session.history.records()
    path = record.shelf.path(record.inputs[0])
    data = path.read_bytes()
    for spoil in SPOILED:
        if spoil is another_picture:
            path.write_bytes(record.images[0].data)
        else:
            spoil(path)
        assert night(session).replayed and posts(server) == 1, spoil
        assert path.is_file() and not path.is_symlink() and path.read_bytes() == data, spoil
    exported = session.history.export_zip(tmp_path / "h.zip")
    assert zipfile.ZipFile(exported).read(f"images/{path.name}") == data


def test_a_chain_goes_on_from_a_picture_that_was_made_again(session, server):
    """A lost step of a chain is sent again, and what follows it is replayed where its picture is the same."""
    nb.chain("cat.png", session=session).edit("Make it night").edit("Make it snow")
    first = session.history.records()[-1]
    one_byte(first.shelf.path(first.outputs[0]))
    nb.chain("cat.png", session=session).edit("Make it night").edit("Make it snow")
    assert posts(server) == 3 and first.flaw == ""


def test_pictures_fetched_late_complete_a_record_whose_input_was_lost(session, server):
    """An attempt another process began is ended with all it noted, though an input's file is gone meanwhile."""
    night(session)
    (record,) = session.history.records()
    record.shelf.path(record.inputs[0]).unlink()
    other = nb.Session(session.endpoint, folder=session.history.folder, tell=lambda _: None).history
    ending = Ending(status="done", billing="paid", sandbox=False)
    ended = other.end(record.id, ending, record.images)
    assert ended.problems == () and ended.inputs == record.inputs and ended.outputs == record.outputs
    assert session.history.record(record.id).inputs == record.inputs
