"""What a class may do: the folder, the budgets, the limits. One value, told to server and kernels alike."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from .._history.shelf import FOLDER
from .._session.purse import budget_of
from .._strings import say
from .._text import amount

VARIABLE: Final = "NB_BANANA_CLASS"
"""In which a kernel is told the rules, and whose kernel it is."""
MB: Final = 1_000_000
USUAL_MB: Final = 20
USUAL_PAGES: Final = 30


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one class.

    Attributes:
        folder: where everything lies: a history for each visitor, and the file that counts what all spent.
        each, together: most USD one visitor may spend, and all of them; None is no limit.
        keep: after how many days pictures and prompts are deleted; None keeps them.
        upload_mb: the largest picture that is taken.
        pages: how many pages may be open at once; ``pages_each`` of one visitor.
        lang: the language of every page; None follows the browser.
    """

    folder: Path
    each: Decimal | None = None
    together: Decimal | None = None
    keep: int | None = None
    upload_mb: int = USUAL_MB
    pages: int = USUAL_PAGES
    pages_each: int = 2
    lang: str | None = None

    def place(self, visitor: str) -> Path:
        """The folder of one visitor, whose name the server made."""
        return self.folder / "visitors" / visitor

    def history(self, visitor: str) -> Path:
        """The history of one visitor."""
        return self.place(visitor) / FOLDER

    def presets(self, visitor: str) -> Path:
        """The prompts that one visitor saved."""
        return self.place(visitor) / "presets.json"

    def told(self, visitor: str, kernel: str) -> str:
        """What a visitor's kernel is told; ``kernel`` is its own id."""
        return json.dumps({**asdict(self), "visitor": visitor, "kernel": kernel}, default=str)


def heard(text: str) -> tuple[Rules, str, str]:
    """The rules, the visitor and the kernel's own id, as a kernel was told them."""
    told = json.loads(text)
    visitor, kernel = str(told.pop("visitor")), str(told.pop("kernel"))
    each, together = budget_of(told.pop("each")), budget_of(told.pop("together"))
    return Rules(Path(told.pop("folder")), each, together, **told), visitor, kernel


def notices(rules: Rules) -> list[str]:
    """What a visitor should know, a sentence each."""
    facts: list[tuple[str, Decimal | int | None]] = [
        ("each", rules.each), ("together", rules.together), ("keep", rules.keep),
    ]  # fmt: skip
    said = [say(f"app.told_{name}", most=value) for name, value in facts if value is not None]
    return [*said, say("app.told_upload", most=amount(rules.upload_mb * MB)), say("app.told_teacher")]
