"""What the extension asks a kernel where the server can't tell: the same rows, of the history that this notebook writes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana._history.shelf import FOLDER
from nb_banana._server import kernel


@pytest.mark.parametrize("where", ["big/disk", "big/.cache/hidden"])
def test_a_history_behind_a_link_is_listed_by_its_kernel(clean_place: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Who keeps the history on another disk and links it here sees its edits in the side bar, and looking there makes nothing."""
    other, project = clean_place / where, clean_place / "project"
    other.mkdir(parents=True)
    project.mkdir()
    (project / FOLDER).symlink_to(other)
    monkeypatch.chdir(project)
    with nb.Session(nb.Endpoint.sandbox(), folder=other) as before:
        before.generate("A boat")
    session = nb.session(nb.Endpoint.sandbox())
    made = session.generate("A lighthouse")
    there = sorted(other.rglob("*"))
    told = json.loads(json.dumps(kernel.rows("", 0, 30)))
    assert [row["prompt"] for row in told["rows"]] == ["A lighthouse", "A boat"] and told["total"] == 2
    assert kernel.rows("boat", 0, 30)["total"] == 1
    assert base64.b64decode(kernel.picture(made.record_id)["data"]) == made.image.data
    assert sorted(other.rglob("*")) == there
    session.close()
