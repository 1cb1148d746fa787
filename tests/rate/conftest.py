"""Comparisons to rate: small pictures on the sandbox, votes in the test's own folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import nb_banana as nb


@pytest.fixture
def compared(clean_place: Path, draw_photo: Callable[..., Image.Image]) -> Iterator[Callable[..., nb.Comparison]]:
    """`compared(prompts=2, takes=1, models=…, fault=…, cells=…)`: a comparison of two pictures that has run."""
    sessions: list[nb.Session] = []
    for name, colour in (("rose", "mistyrose"), ("oak", "khaki")):
        draw_photo((96, 72), colour).save(f"{name}.png")

    def make(prompts: int = 2, takes: int = 1, models: Any = ("nano-banana-pro", "nano-banana"), fault: Any = None, cells: Any = None, **more: Any) -> nb.Comparison:
        sessions.append(nb.Session(nb.Endpoint.sandbox(fault=fault), retries=0, tell=lambda _: None))
        words = ["Make it snow", "Turn the day into night", "Add a red boat"][:prompts]
        plan = nb.compare(["rose.png", "oak.png"], words, models=models, takes=takes, session=sessions[-1], **more)
        return plan.run(concurrency=1, order="plan", cells=cells)

    yield make
    for session in sessions:
        session.close()
