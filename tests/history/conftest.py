"""A history that must move goes to the test's own user data folder, never to a developer's."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def user_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where history goes when its own folder can't be written."""
    data = tmp_path / "user data"
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return data
