"""Deleting: what was meant goes for good, files too; what others need, stars and money stay."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from history_kit import attempt, begin, picture

from nb_banana._catalog.cost import Cost
from nb_banana._history.book import History
from nb_banana.errors import InvalidRequestError


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path / "history")


def files(history: History) -> set[str]:
    return {file.stem for file in history.folder.glob("images/[0-9a-f]*.*")}


def test_deleted_record_and_its_own_picture_go(history: History) -> None:
    """The record is in no listing, look-up, search or export, its result leaves the disk at once, and its shared input stays."""
    gone, stays = attempt(history, "a red boat", outputs=[picture(3)]), attempt(history, "a straw hat")
    loss = history.removal.delete([gone.id])
    assert (loss.edits, loss.pictures, loss.bytes) == (1, 1, len(picture(3).data))
    assert files(history) == {picture(1).sha256, picture(2).sha256}
    assert [one.id for one in history.every()] == [stays.id] and history.records(text="red boat") == []
    assert history.find("key", 1).id == stays.id and [one.id for one in history.using(picture(1).sha256)] == [stays.id]
    assert "red boat" not in history.export_jsonl(history.folder / "out.jsonl").read_text()
    assert not [row for row in history.shelf.rows("SELECT * FROM records") if "red boat" in str(tuple(row))]
    with pytest.raises(InvalidRequestError, match=gone.id):
        history.record(gone.id)
    with pytest.raises(InvalidRequestError):
        history.image(picture(3).sha256)


def test_what_was_paid_stays_in_the_ledger(history: History) -> None:
    """Totals are the same before and after, a deleted answer is no replay, and a sandbox record leaves nothing behind."""
    paid, lost = attempt(history), attempt(history, take=2, status="failed", billing="maybe_paid", outputs=[])
    free = attempt(history, take=3, sandbox=True, billing="free", cost=None)
    before = history.totals()
    would = history.removal.loss([paid.id, lost.id, free.id])
    assert str(would.spent).startswith("$0.10") and "$0.10" in str(would)
    assert history.removal.delete([paid.id, lost.id, free.id]) == would
    assert history.totals() == before and list(history.every()) == [] and history.find("key", 1) is None
    assert len(history.shelf.rows("SELECT id FROM records")) == 2
    assert history.removal.size().records == 0 and files(history) == set()


def test_saying_what_would_be_lost_changes_nothing(history: History) -> None:
    """`loss` counts exactly what `delete` takes, says what continues from it, and leaves every record and file."""
    first = attempt(history, outputs=[picture(3)])
    attempt(history, "next step", inputs=[picture(3)], outputs=[picture(4)], parent=first.id)
    before, kept = [one.id for one in history.every()], files(history)
    loss = history.removal.loss([first.id])
    assert (loss.edits, loss.pictures, loss.continued) == (1, 1, 1)  # its input; its result is the next step's input
    assert "continue from one of them: 1" in str(loss)
    assert ([one.id for one in history.every()], files(history)) == (before, kept)
    history.removal.delete([first.id])
    (child,) = history.every()
    assert child.input_images[0].data == picture(3).data


def test_votes_stay_and_that_is_said(history: History) -> None:
    """People's votes hold words of prompts: where there are some, who deletes is told which file stays; else nothing of it."""
    record = attempt(history, "a red boat")
    assert "votes" not in str(history.removal.loss([record.id]))
    (history.folder / "votes.jsonl").write_text("{}\n")
    assert str(history.folder / "votes.jsonl") in str(history.removal.delete([record.id]))
    assert (history.folder / "votes.jsonl").is_file()


def test_stars_and_edits_under_way_are_kept(history: History) -> None:
    """A star protects unless it is meant too; what is under way can't be deleted; both are said."""
    starred, running = attempt(history), begin(history, take=2)
    history.star(starred.id)
    loss = history.removal.delete([starred.id, running])
    assert (loss.edits, loss.starred, loss.running) == (0, 1, 1) and len(loss.kept) == 2
    assert len(list(history.every())) == 2
    assert history.removal.delete([starred.id], starred=True).edits == 1
    assert [one.status for one in history.every()] == ["running"]


def test_a_page_of_deleted_records_hides_no_older_one(history: History) -> None:
    """Records behind many deleted ones are still listed."""
    oldest = attempt(history, "the oldest")
    many = [attempt(history, f"number {n}", take=n + 2).id for n in range(6)]
    history.removal.delete(many)
    assert [one.id for one in history.records(limit=3)] == [oldest.id]


def test_what_comes_back_from_an_export_is_paid_once(history: History) -> None:
    """A deleted record that is imported again is whole, and the ledger counts it as before."""
    record = attempt(history, "come back", cost=Cost(Decimal("0.05")))
    path, before = history.export_zip(history.folder / "all.zip"), history.totals()
    history.removal.delete([record.id])
    assert history.import_zip(path) == 1
    (again,) = history.every()
    assert (again.prompt, again.images[0].data) == ("come back", picture(2).data) and not again.imported
    assert history.totals() == before


def test_an_older_releases_folder_is_read_too_and_kept(tmp_path: Path) -> None:
    """Records of a folder that is only read are not deleted, and that is said."""
    old = History.open(tmp_path / "old" / "nb_banana_history")
    record = attempt(old)
    old.close()
    history = History(tmp_path / "new", (old.folder,))
    loss = history.removal.delete([record.id])
    assert (loss.edits, loss.elsewhere) == (0, 1) and "only reads" in str(loss)
    assert [one.id for one in history.every()] == [record.id]


def test_a_damaged_file_keeps_all_pictures(history: History) -> None:
    """While nobody knows which pictures a damaged history needs, none is removed."""
    record = attempt(history)
    (history.folder / "history.sqlite.damaged-1").write_bytes(b"who knows")
    loss = history.removal.delete([record.id])
    assert (loss.edits, loss.pictures) == (1, 0) and "damaged-1" in str(loss)
    assert files(history) == {picture(1).sha256, picture(2).sha256}


def test_the_size_is_what_lies_there(history: History) -> None:
    """Records, pictures and bytes as the disk has them."""
    attempt(history)
    size = history.removal.size()
    assert (size.records, size.pictures) == (1, 2)
    assert size.picture_bytes == len(picture(1).data) + len(picture(2).data) and size.record_bytes > 4096
    assert str(size).startswith("Edits: 1 (")
