"""Zips of the history and of comparisons with something else in them, as somebody might hand them on."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

PLAN = "comparison.json"
RECORDS = "records.jsonl"


def rewritten(path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], called: str = "changed.zip") -> Path:
    """The zip again, under another name, with files changed, renamed or left out."""
    target = path.with_name(called)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if changed := change(name, old.read(name)):
                new.writestr(*changed)
    return target


def with_records(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The zip with each line of its records changed."""

    def records(name: str, data: bytes) -> tuple[str, bytes]:
        if name != RECORDS:
            return name, data
        lines = [json.loads(line) for line in data.splitlines()]
        for line in lines:
            change(line)
        return name, b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    return rewritten(path, records, "forged.zip")


def with_plan(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The file of a comparison with its plan changed."""

    def plan(name: str, data: bytes) -> tuple[str, bytes]:
        if name != PLAN:
            return name, data
        document = json.loads(data)
        change(document)
        return name, json.dumps(document).encode()

    return rewritten(path, plan, f"{path.stem}-again.zip")
