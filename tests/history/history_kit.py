"""What the tests of the history share: pictures drawn here, and attempts as a session makes them."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from nb_banana._catalog.cost import Cost
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._history.book import History
from nb_banana._history.record import Ending, Record
from nb_banana._images.data import ImageData
from nb_banana._messages import EditRequest, Order
from nb_banana._wire.plan import Plan

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
    """`History.begin` as a session calls it; what a change names is otherwise."""
    asked: dict[str, Any] = {
        "key": "key", "take": 1, "model": "nano-banana-pro", "model_sent": "gemini-3-pro-image-preview", "parent": None,
        "aspect_ratio": "16:9", "image_size": "2K", "inputs": [picture(1)], "sandbox": False, "notebook": "", "context": "refeed", "expected": None,
    } | changes  # fmt: skip
    request = EditRequest(
        prompt, tuple(asked["inputs"]), model=asked["model"], aspect_ratio=asked["aspect_ratio"], image_size=asked["image_size"]
    )  # fmt: skip
    provider = PROVIDERS["sandbox" if asked["sandbox"] else "apiyi"]
    plan = Plan(request, replace(request, model=asked["model_sent"]), None, provider, "gemini", provider.base_url, (), 300.0)
    order = Order(request, asked["take"], parent=asked["parent"], context=asked["context"])
    return history.begin(order, plan, key=asked["key"], expected=asked["expected"], notebook=asked["notebook"])


def end(history: History, id: str, **changes: Any) -> Record:
    """`History.end` of a success; what a change names is otherwise."""
    got: dict[str, Any] = {
        "status": "done",
        "outputs": [picture(2)],
        "cost": Cost(Decimal("0.050")),
        "billing": "paid",
        "elapsed": 12.5,
        "sandbox": False,
        "attempts": 1,
        "turn": None,
    } | changes
    outputs, turn = got.pop("outputs"), got.pop("turn")
    return history.end(id, Ending(**got | {"warnings": tuple(got.get("warnings", ()))}), outputs, turn)


def attempt(history: History, prompt: str = "make the sky bluer", **changes: Any) -> Record:
    """One success; a change is given to whichever of the two takes it, `sandbox` to both."""
    late = {each.name for each in fields(Ending)} | {"outputs", "turn"}
    first = {name: value for name, value in changes.items() if name not in late or name == "sandbox"}
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
