"""What several files of this room stand on."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def priced_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and $0.09 an edit at the user's own host."""
    monkeypatch.chdir(tmp_path)
    prices = tmp_path / "prices.toml"
    prices.write_text('[[price]]\nprovider = "custom"\nmodel = "*"\nusd = "0.09"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(prices))
