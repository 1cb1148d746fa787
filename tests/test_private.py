"""What is kept on the disk is private to its user, and really gone when it was deleted."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana import Vote
from nb_banana._measures.scoring import score
from nb_banana._rate.book import Book


@pytest.fixture(autouse=True)
def _open_hearted(monkeypatch, tmp_path):
    """A umask that lets everybody read and write, in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """What in a folder is not as private as it should be; itself is ``"."``."""
    found = {str(one.relative_to(folder)): one for one in (folder, *folder.rglob("*"))}
    wide = {name: stat.S_IMODE(one.stat().st_mode) for name, one in found.items()}
    return {name: oct(mode) for name, mode in wide.items() if mode != (0o700 if found[name].is_dir() else 0o600)}


def test_a_click_on_pasted_bytes_makes_a_private_folder(photo):
    """The panel's copy of a picture without a file, and the folder made for it before the history opens, are closed to others."""
    session = nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
    panel = nb.panel(photo.read_bytes(), session=session)
    panel.prompt.value = "Make it night"
    panel.run_button.click()
    panel.wait(60)
    folder = Path("nb_banana_history")
    assert len([*(folder / "inputs").iterdir()]) == 1 and (folder / "history.sqlite").exists()
    assert modes(folder) == {}


def test_votes_and_figures_are_private(photo):
    """The first vote and the first figure make their files, and the folder, closed to others: names and read words stand in them."""
    folder = Path("rated")
    Book(folder / "votes.jsonl").add(lambda _: Vote("v1", "u1", "pro", "flash", "left", rater="ann"))
    score([(photo, photo)], ["l1"], folder=folder)
    assert {"votes.jsonl", "measures.sqlite"} <= {one.name for one in folder.iterdir()}
    assert modes(folder) == {}


def test_a_folder_that_a_menu_made_is_closed_by_the_first_edit(photo):
    """JupyterLab keeps a picture through the server, by its umask, before there is a history: the edit on it closes that folder."""
    kept = Path("nb_banana_history", "inputs", "output-01234567.jpg")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(photo.read_bytes())
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        session.edit(kept, "Make it night")
    assert modes(Path("nb_banana_history")).keys() == {str(Path("inputs", kept.name))}  # which nobody else can reach


def test_a_folder_that_others_may_read_stays_and_is_told(photo):
    """A history that was opened to others on purpose keeps its modes; that pictures can be read there is said once, and not where a folder above is closed."""
    with tempfile.TemporaryDirectory() as above:
        folder, said = Path(above, "history"), []
        with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=said.append) as session:
            session.edit(photo, "Make it night")
        (folder / "inputs").mkdir()
        folder.chmod(0o755)
        for mode in (0o755, 0o700):
            Path(above).chmod(mode)
            with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=said.append) as session:
                session.edit(photo, "Make it night")
        assert [one for one in said if "chmod" in one] == [one for one in said if f"chmod -R go-rwx {folder}/inputs" in one]
        assert len([one for one in said if "chmod" in one]) == 1
        assert modes(folder) == {".": "0o755", "inputs": "0o777"}
