"""The words of an edit: the box they are typed in, ready-made ones to begin with, and hints about them."""

from __future__ import annotations

from functools import partial
from typing import Final

import ipywidgets as w

from ..._prompts.scenarios import SCENARIOS
from ..._prompts.templates import TEMPLATES
from ..._strings import say
from ..surface import Note, classify, press, toggle

CHIPS: Final = ("night", "sunset", "anime")
"""The scenarios offered as chips; the rest are in the menu beside them."""


class Prompting:
    """The prompt and what helps to write it.

    Attributes:
        box: the prompt; ``text`` is what it says.
        chips, examples: ready-made ones, as buttons and as a menu.
        advice: the quiet hints about it.
        parts: what stands in the panel, from top to bottom.
    """

    def __init__(self, lang: str | None) -> None:
        self.box, self.advice, self.examples = w.Textarea(), Note(), w.Dropdown()
        self.chips = w.HBox([*(w.Button() for _ in CHIPS), self.examples])
        self.parts = (self.box, self.chips, self.advice)
        classify({
            "prompt": self.box, "chips": self.chips, "menu": self.examples, "advice": self.advice,
            "note": self.advice,
        })  # fmt: skip
        for chip, key in zip(self.chips.children, CHIPS, strict=False):
            press(chip, partial(self._use, SCENARIOS[key].prompt), lang)
        self.examples.observe(lambda change: self._use(change["new"]), "value")

    @property
    def text(self) -> str:
        """The instruction as it is sent."""
        return str(self.box.value).strip()

    def relabel(self) -> None:
        """Say every label in the current language."""
        self.box.description, self.box.placeholder = say("panel.prompt"), say("panel.prompt_example")
        self.examples.description = say("panel.examples")
        for chip, key in zip(self.chips.children, CHIPS, strict=False):
            chip.description, chip.tooltip = SCENARIOS[key].title, SCENARIOS[key].prompt
        self.examples.options = [
            (say("panel.examples"), ""),
            *((row.title, row.prompt) for key, row in SCENARIOS.items() if key not in CHIPS),
            *((row.title, row.text) for row in TEMPLATES.values()),
        ]
        self.examples.value = ""

    def tell(self, advice: str) -> None:
        """Say the hints; ready-made prompts are offered while there is none."""
        self.advice.text = advice
        toggle(self.chips, not self.text)

    def _use(self, prompt: str) -> None:
        if prompt:
            self.box.value = prompt
            self.examples.value = ""
