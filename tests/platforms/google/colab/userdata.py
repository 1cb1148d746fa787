"""Stands in for Colab's `userdata`: its page is a file here, and what it was asked for is written beside it.

Its exceptions are those that `googlecolab/colabtools` documents, their words included.
"""

from __future__ import annotations

import json
import os
from pathlib import Path


class NotebookAccessError(Exception):
    """The page has the secret and does not let this notebook have it."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Notebook does not have access to secret {key}")


class SecretNotFoundError(Exception):
    """There is none of this name."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Secret {key} does not exist.")


class TimeoutException(Exception):
    """No page is there to answer."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Requesting secret {key} timed out. Secrets can only be fetched when running from the Colab UI.")


def get(key: str) -> str:
    """The secret, as the file `COLAB_PAGE` has it: its text, `false` for no access, and no file for no page."""
    page = Path(os.environ["COLAB_PAGE"])
    with page.with_suffix(".asked").open("a") as asked:
        asked.write(f"{key}\n")
    if not page.exists():
        raise TimeoutException(key)
    secrets = json.loads(page.read_text())
    if key not in secrets:
        raise SecretNotFoundError(key)
    if secrets[key] is False:
        raise NotebookAccessError(key)
    return secrets[key]
