"""The working directory was deleted or renamed while the process runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana._cli.entry import main

from .misbehaving import KEY, answer, picture, response, sends, serving

PHOTO, SECOND = picture((20, 60, 90)), picture((90, 60, 20))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a folder in use can't be deleted there")


@pytest.fixture
def gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that can be taken away; the test's own is back afterwards."""
    monkeypatch.delenv("NB_BANANA_HISTORY", raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_paid_picture_is_shown_and_told_without_a_working_directory(gone: Path) -> None:
    """A session that began before goes on: its new edit shows, and says how it is made again."""
    with serving(sends(response(answer(SECOND)))) as server:
        session = nb.Session(nb.Endpoint(server.url, KEY), retries=0, tell=lambda _: None, folder=gone.parent / "kept")
        gone.rename(gone.parent / "elsewhere")
        (gone.parent / "elsewhere").rmdir()
        result = session.edit(PHOTO, "make it night")
    assert result.image.data == SECOND
    bundle, _ = result._repr_mimebundle_()
    assert "image/png" in bundle or "image/jpeg" in bundle
    assert "make it night" in result.to_python() and "curl" in result.to_curl()


def test_where_a_folder_is_needed_and_gone_a_sentence_says_so(gone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new session, the terminal and a picture named from there name the lost folder, and nothing is sent."""
    gone.rmdir()
    nb.Session(nb.Endpoint.sandbox(), folder=gone.parent / "kept")
    with pytest.raises(nb.errors.InvalidRequestError, match="working directory is gone"):
        nb.Session(nb.Endpoint.sandbox())
    with pytest.raises(nb.errors.InvalidImageError, match=r"no file cat\.png"):
        nb.Client(nb.Endpoint.sandbox()).edit("cat.png", "make it night")
    assert main(["edit", str(gone.parent / "in.png"), "make it night"]) == 2
    assert "output can't be written" not in capsys.readouterr().err
