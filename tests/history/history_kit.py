"""What the tests of the history share: pictures drawn here, and attempts as a session makes them."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from nb_banana._history import History, Record
from nb_banana._images import ImageData
from nb_banana._messages import Cost

CHILD = Path(__file__).with_name("history_child.py")
ROOT = Path(__file__).resolve().parents[2]


@cache
def picture(seed: int, edge: int = 24) -> ImageData:
    """A PNG of noise, so that its size on disk is about three bytes a pixel."""
    noise = random.Random(seed).randbytes(edge * edge * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (edge, edge), noise).save(out, "PNG")
    return ImageData.from_bytes(out.getvalue(), name=f"picture-{seed}.png")


def begin(history: History, prompt: str = "make the sky bluer", **changes: Any) -> str:
    """`History.start` with everything a session gives it."""
    asked: dict[str, Any] = {
        "key": "key", "take": 1, "prompt": prompt, "model": "nano-banana-pro", "model_sent": "gemini-3-pro-image-preview",
        "provider": "apiyi", "wire": "gemini", "aspect_ratio": "16:9", "image_size": "2K", "inputs": [picture(1)], "sandbox": False,
    }  # fmt: skip
    return history.start(**asked | changes)


def end(history: History, id: str, **changes: Any) -> Record:
    """`History.finish` of a success."""
    got: dict[str, Any] = {
        "status": "done",
        "outputs": [picture(2)],
        "cost": Cost(Decimal("0.050")),
        "billing": "paid",
        "elapsed": 12.5,
    }
    return history.finish(id, **got | changes)


def attempt(history: History, prompt: str = "make the sky bluer", **changes: Any) -> Record:
    """One success; a change is given to whichever of the two takes it."""
    late = {
        "status",
        "outputs",
        "text",
        "usage",
        "cost",
        "billing",
        "elapsed",
        "turn",
        "warnings",
        "error_message",
    }
    first = {name: value for name, value in changes.items() if name not in late}
    return end(history, begin(history, prompt, **first), **{n: v for n, v in changes.items() if n in late})


def only_readable(shelf: Path) -> None:
    """Let everybody reach a folder and nobody write in it (but root: see `history_child._become_nobody`)."""
    for folder in shelf.parents:
        if folder.stat().st_uid == os.getuid() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o055)
    for path in [shelf, *shelf.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def spawn(job: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
    """Another Python process at one of the jobs of `history_child.py`."""
    command = [*options.pop("prefix", ()), sys.executable, str(CHILD), job, *map(str, arguments)]
    path = os.pathsep.join([str(ROOT), str(CHILD.parent)])
    return subprocess.Popen(
        command,
        text=True,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        **options,
    )


def run(job: str, *arguments: object, **options: Any) -> str:
    """What such a process prints; it must end well."""
    process = spawn(job, *arguments, **options)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0, f"{job} ended with {process.returncode}: {out}"
    return out
