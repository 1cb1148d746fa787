"""A comparison on the sandbox, measured, with a refusal in it."""

from __future__ import annotations

import pytest
from PIL import Image

import nb_banana as nb

PROMPTS = {"night": "Make it night", "warm": "Make it warmer", "bad": "Make it <b>colder</b> & 5% \"new\"</script><script>alert(1)</script>"}


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Two pictures, three prompts, two models: twelve cells, of which the last was refused; measured. Tests only read it."""
    place = tmp_path_factory.mktemp("report")
    for name, color in (("sea", (20, 90, 160)), ("沙滩", (210, 180, 120))):
        picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
        Image.blend(picture, Image.new("RGB", (96, 64), color), 0.6).save(place / f"{name}.png")
    endpoint = nb.Endpoint.sandbox(fault=[*[None] * 11, "safety"])
    session = nb.Session(endpoint, folder=place / "history", retries=0, tell=lambda _: None)
    plan = nb.compare(
        [place / "sea.png", place / "沙滩.png"], PROMPTS, models=["nano-banana", "nano-banana-pro"], session=session
    ).run(concurrency=1, order="plan")
    assert [cell.index for cell in plan.failed] == [11]
    session.history.note(plan[0].record_id, "too dark")
    plan.score("psnr", "drift")
    return plan
