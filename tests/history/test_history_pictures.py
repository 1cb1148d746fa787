"""Pictures on disk: once each, byte for byte, checked when read, kept while anybody needs them."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from history_kit import attempt, begin, end, picture

from nb_banana._history.book import History
from nb_banana._messages import Blob, Turn
from nb_banana.errors import InvalidImageError, InvalidRequestError


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path / "history")


def files(history: History) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in history.folder.glob("images/[0-9a-f]*.*")}


def age(history: History, hours: float = 2.0) -> None:
    """Let every stored file look as if it were written long ago."""
    then = time.time() - hours * 3600
    for file in history.folder.glob("images/[0-9a-f]*.*"):
        os.utime(file, (then, then))


def blob(data: bytes) -> Blob:
    return Blob(data, hashlib.sha256(data).hexdigest())


def test_picture_is_stored_once_as_received(history: History) -> None:
    """Ten attempts with the same two pictures leave two files, named by what they hold, bytes untouched."""
    for number in range(10):
        attempt(history, f"number {number}")
    assert files(history) == {f"{picture(n).sha256}.png": picture(n).data for n in (1, 2)}


def test_put_picture_is_found_by_its_hash(history: History) -> None:
    """A picture stored on its own comes back with type and size, and an unknown hash is named."""
    history.put(picture(7))
    found = history.image(picture(7).sha256)
    assert (found.data, found.mime_type, found.width, found.height) == (picture(7).data, "image/png", 24, 24)
    with pytest.raises(InvalidRequestError, match="f" * 64):
        history.image("f" * 64)


def test_missing_stored_picture_is_named(history: History) -> None:
    """A record whose file is gone still lists; looking at the picture names the file and the next step."""
    record = attempt(history)
    path = history.shelf.path(record.outputs[0])
    path.unlink()
    with pytest.raises(InvalidImageError) as caught:
        _ = history.find("key", 1).images[0].data
    assert str(path) in str(caught.value) and "run the edit again: it is sent again, and costs again" in str(caught.value)


def test_changed_stored_picture_is_noticed_by_its_hash(history: History) -> None:
    """One changed byte is enough, even when the size is the same."""
    record = attempt(history)
    path = history.shelf.path(record.outputs[0])
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(InvalidImageError) as caught:
        _ = history.record(record.id).images[0].data
    assert str(path) in str(caught.value) and "sha256" in str(caught.value)


def test_shortened_picture_is_mended_when_it_comes_again(history: History) -> None:
    """Storing a picture whose file has another size writes it anew."""
    record = attempt(history)
    history.shelf.path(record.outputs[0]).write_bytes(b"short")
    attempt(history)
    assert history.record(record.id).images[0].data == picture(2).data


def test_turn_comes_back_verbatim_and_its_picture_is_stored_once(history: History) -> None:
    """Long strings of a turn are files beside the pictures; one that is an output is that output's file."""
    content = {
        "role": "model",
        "parts": [
            {"inlineData": {"data": "~00000000000000aa.0~"}, "thoughtSignature": "~00000000000000bb.1~"},
            {"text": "\ud83d\ude00"},
        ],
    }
    turn = Turn(
        content,
        {"~00000000000000aa.0~": blob(picture(2).data), "~00000000000000bb.1~": blob(b"signature " * 1000)},
    )
    record = attempt(history, turn=turn)
    other = History.open(history.folder).record(record.id)
    assert other.turn.verbatim()["parts"][0]["thoughtSignature"] == blob(b"signature " * 1000).base64()
    assert other.turn.verbatim()["parts"][0]["inlineData"]["data"] == blob(picture(2).data).base64()
    assert other.turn.content["parts"][1] == {"text": "😀"}
    assert sorted(name.partition(".")[2] for name in files(history)) == ["bin", "png", "png"]
    assert [len(other.inputs), len(other.outputs)] == [1, 1]
    assert attempt(history).turn is None


def test_string_of_a_turn_that_proves_to_be_a_picture_is_one(history: History) -> None:
    """A draft kept in one turn may be the output of another record; then it has a type and a size."""
    attempt(history, turn=Turn({}, {"~00000000000000aa.0~": blob(picture(9).data)}))
    record = attempt(history, outputs=[picture(9)])
    (image,) = history.record(record.id).images
    assert (image.mime_type, image.width, image.data) == ("image/png", 24, picture(9).data)
    (first, *_) = history.records()[1:]
    assert first.turn.blobs["~00000000000000aa.0~"].data == picture(9).data


def test_garbage_collection_keeps_what_any_record_needs(history: History) -> None:
    """Inputs, outputs and turns of every record stay, running ones too; orphans go, and it says what was freed."""
    record = attempt(history, turn=Turn({}, {"~00000000000000aa.0~": blob(b"signature")}))
    running = begin(history, inputs=[picture(5)])
    needed = files(history)
    history.put(picture(20))
    history.put(picture(21))
    age(history)
    size = len(picture(20).data) + len(picture(21).data)
    would = history.collect_garbage(dry_run=True)
    assert (would.files, would.bytes, would.dry_run) == (2, size, True)
    assert len(files(history)) == len(needed) + 2
    freed = history.collect_garbage()
    assert (freed.files, freed.bytes) == (2, size)
    assert str(freed) == f"Freed {size / 1000:.1f} KB in 2 files."
    assert files(history) == needed
    assert history.record(record.id).turn.blobs["~00000000000000aa.0~"].data == b"signature"
    assert end(history, running).images[0].data == picture(2).data
    with pytest.raises(InvalidRequestError):
        history.image(picture(20).sha256)
    assert history.collect_garbage().files == 0


def test_garbage_collection_leaves_young_and_foreign_files(history: History) -> None:
    """A file written a moment ago may be waiting for its row; a file that is not ours is not ours to remove."""
    attempt(history)
    history.put(picture(20))
    foreign = history.folder / "images" / "notes.txt"
    foreign.write_text("mine")
    assert history.collect_garbage().files == 0
    age(history)
    assert history.collect_garbage().files == 1
    assert foreign.read_text() == "mine"


def test_picture_collected_before_its_row_was_written_is_stored_again(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between a picture and its row another kernel's garbage collection may strike; the record is whole all the same."""
    id, other, real = begin(history), History.open(history.folder), history.shelf._database.run

    def collect_first(work: object, *, write: bool = False) -> object:
        age(other)
        assert other.collect_garbage().files == 1
        monkeypatch.setattr(history.shelf._database, "run", real)
        return real(work, write=write)

    monkeypatch.setattr(history.shelf._database, "run", collect_first)
    record = end(history, id, outputs=[picture(30)])
    assert record.problems == ()
    assert other.record(id).images[0].data == picture(30).data


def test_unfinished_files_of_the_dead_are_swept_and_of_the_living_kept(history: History) -> None:
    """What a killed process left half written goes at the next opening; a living one's stays."""
    attempt(history)
    partial = history.folder / "images" / ".partial"
    (partial / "0123456789abcdef-1-0").write_bytes(b"half")
    (partial / f"{history.shelf.presence.token}-1-0").write_bytes(b"being written")
    other = History.open(history.folder)
    assert len(other.records()) == 1
    assert [path.read_bytes() for path in partial.iterdir()] == [b"being written"]


def test_interrupt_while_an_answer_is_stored_loses_nothing(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between the answer and its row leaves both to the next write."""
    id = begin(history, "interrupted late", key="late")
    with monkeypatch.context() as patch:
        patch.setattr(history.shelf._database, "run", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            end(history, id)
    assert history.record(id).status == "running"
    attempt(history, "next")
    assert history.find("late", 1).images[0].data == picture(2).data


def _interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
