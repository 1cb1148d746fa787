"""What an editor offers while somebody writes, and what a type checker says of their script."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import nb_banana as nb
from nb_banana import errors
from nb_banana._bench.door import Name
from nb_banana._bench.table import LAYOUTS
from nb_banana._catalog.models import MODELS
from nb_banana._catalog.names import Fault, ModelName, ProviderName, Ratio, Size
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._compare.cells import AXES
from nb_banana._compare.question import By
from nb_banana._messages import Settings
from nb_banana._sandbox.faults import FAULTS
from nb_banana._session.door import Options
from nb_banana.errors import Category

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "tests" / "data" / "user_script.py"


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
    assert listed(Fault) == set(FAULTS) and listed(Name) == set(LAYOUTS) and listed(By) == set(AXES)
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, nb.NanoBananaError)]
    assert set(get_args(Category)) == {kind.category for kind in kinds}


def test_what_a_session_is_given_is_known_by_name() -> None:
    """`nb.session()` lists the very options of `Session`: a misspelt one is refused by a type checker too."""
    own = {name: hint for name, hint in get_type_hints(nb.Session.__init__).items() if name not in ("endpoint", "return")}
    assert get_type_hints(Options) == own and get_type_hints(nb.session)["options"].__args__ == (Options,)


@pytest.mark.parametrize("door", [Settings, nb.EditRequest, nb.batch, nb.compare, nb.estimate, nb.models, nb.Session.use_key])
def test_every_door_offers_them(door: object) -> None:
    """Whoever takes a model, a ratio, a size or a provider, one or several, lists them in its hints."""
    hints = get_type_hints(door, localns={"ImageData": nb.ImageData})
    names = {"model": "nano-banana", "aspect_ratio": "16:9", "image_size": "2K", "provider": "google"}
    asked = {name: hint for name, hint in hints.items() if name.removesuffix("s") in names}
    assert asked
    for name, hint in asked.items():
        assert repr(names[name.removesuffix("s")]) in str(hint), name


def test_a_strict_checker_passes_a_users_script() -> None:
    """mypy --strict knows every door of a script that uses them all, and refuses each line that is wrong there (tests/run.py asks pyright too)."""
    # In the tree, with the settings and the cache of the house's own check, which has read all but the script.
    words = ["--strict", "--no-pretty", str(SCRIPT.relative_to(ROOT))]
    done = subprocess.run([sys.executable, "-m", "mypy", *words], cwd=ROOT, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("tests")] == []
    wrong = SCRIPT.read_text(encoding="utf-8").partition("def wrong(")[2].splitlines()[2:]
    assert [line for line in wrong if "# type: ignore[" not in line] == [] and len(wrong) >= 17
