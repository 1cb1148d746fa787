"""What an editor offers while somebody writes, and what a type checker says of their script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import nb_banana as nb
from nb_banana._catalog.models import MODELS
from nb_banana._catalog.names import ModelName, ProviderName, Ratio, Size
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._messages import Settings

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """
import nb_banana as nb

asked: str = input()
one = nb.edit("cat.jpg", "Make it night", model="nano-banana-2", aspect_ratio="16:9", image_size="2K")
other = nb.generate("A banana", model="a-model-of-tomorrow", aspect_ratio="7:5", image_size=asked)
all_ = nb.compare("cat.jpg", ["a", "b"], models=["nano-banana-pro", None], aspect_ratios={"wide": "16:9"}, image_sizes="1K")
many = nb.batch(["a.jpg"], "x", aspect_ratio=asked).run()
longer = nb.chain("cat.jpg").edit("x", aspect_ratio="1:1").rerun(model="flash")
cost = nb.estimate("nano-banana-pro", "4K", count=50, provider="google")
width, height = nb.models()["nano-banana-pro"].pixels("16:9", "2K")
client = nb.Client(nb.Endpoint.sandbox()).edit(b"", "x", image_size="512")
request = nb.EditRequest("x", aspect_ratio=16, image_size="1K")  # type: ignore[arg-type]
nb.edit("cat.jpg", "x", aspect_ratio=16 / 9)  # type: ignore[arg-type]
nb.compare("cat.jpg", "x", image_sizes=[1024])  # type: ignore[list-item]
"""


def listed(kind: object) -> set[str]:
    """What a hint lists, where any other text is right as well."""
    literal, other = get_args(kind)
    assert other is str
    return set(get_args(literal))


def test_what_is_offered_is_the_catalogs() -> None:
    """The ratios, sizes, models and providers an editor completes are those of the catalog's rows, no more and no fewer."""
    assert listed(Ratio) == {ratio for info in MODELS.values() for ratio in info.aspect_ratios}
    assert listed(Size) == {size for info in MODELS.values() for size in info.image_sizes}
    assert listed(ModelName) == {info.nickname for info in MODELS.values()}
    assert listed(ProviderName) == set(PROVIDERS)


@pytest.mark.parametrize("door", [Settings, nb.EditRequest, nb.batch, nb.compare, nb.estimate, nb.models, nb.Session.use_key])
def test_every_door_offers_them(door: object) -> None:
    """Whoever takes a model, a ratio, a size or a provider, one or several, lists them in its hints."""
    hints = get_type_hints(door, localns={"ImageData": nb.ImageData})
    names = {"model": "nano-banana", "aspect_ratio": "16:9", "image_size": "2K", "provider": "google"}
    asked = {name: hint for name, hint in hints.items() if name.removesuffix("s") in names}
    assert asked
    for name, hint in asked.items():
        assert repr(names[name.removesuffix("s")]) in str(hint), name


def test_a_strict_checker_passes_a_users_script(clean_place: Path) -> None:
    """mypy --strict knows every door: known names and any other text pass, a number for a ratio does not."""
    script = clean_place / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    # In the tree, with the settings and the cache of the house's own check, which has read all but the script.
    words = ["--strict", "--no-pretty", "--show-absolute-path", str(script)]
    done = subprocess.run([sys.executable, "-m", "mypy", *words], cwd=ROOT, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith(str(script))] == []
