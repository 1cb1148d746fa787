"""The words of an edit: the box they are typed in, ready-made ones to begin with, and hints about them.

Rules of this file:

* What replaces a prompt that was being written keeps it: ↑ in the box brings it back.
* The blanks of a template or preset that was put in are waited for; braces that a person typed are sent.
* A template of another package stands in the menu by its name, and is loaded when it is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from ..._plugins import Plugin, offered
from ..._prompts.blanks import blanks, unfilled
from ..._prompts.presets import Preset, Presets
from ..._prompts.scenarios import SCENARIOS
from ..._prompts.templates import TEMPLATES, Template, template
from ..._strings import say, speaking
from ...errors import InvalidRequestError
from ..surface import Note, classify, press, toggle
from .presetting import Presetting

if TYPE_CHECKING:
    from ..._messages import Settings
    from ..._result import EditResult
    from ..._session.door import Session
    from ..status import StatusLine

CHIPS: Final = ("night", "sunset", "anime")
"""The scenarios offered as chips; the rest are in the menu beside them."""
EARLIER: Final = 50
"""Earlier prompts that ↑ walks through, at most."""
_READ: Final = 200  # records that are looked through for them


class Prompting:
    """The prompt and what helps to write it.

    Args:
        line: the panel's status line; its page keeps the box.
        settings, put: what is chosen, and the way to choose it; gives what isn't offered here.

    Attributes:
        box: the prompt; ``text`` is what it says.
        chips, examples: ready-made ones, as buttons and as a menu, with a person's own.
        own: the rows that keep those; ``presets`` is their file, for programs too.
        advice: the quiet hints about it.
        parts: what stands in the panel, from top to bottom.
    """

    def __init__(
        self, line: StatusLine, settings: Callable[[], Settings], put: Callable[[Settings], Sequence[str]],
        lang: str | None,
    ) -> None:  # fmt: skip
        self._line, self._settings, self._put = line, settings, put
        self._blanks, self._replaced = tuple[str, ...](), list[str]()
        self.box, self.advice, self.examples = w.Textarea(), Note(), w.Dropdown()
        self.own = Presetting(line, lambda: (self.text, self._settings()), self._offer, lang)
        chips = [w.Button() for _ in CHIPS]
        self.chips = w.HBox([*chips, self.examples, self.own.button])
        ready = w.VBox([self.chips, self.advice])
        self.parts = (self.box, ready, self.own.part)
        classify({
            "prompt": self.box, "chips": self.chips, "menu": self.examples, "advice": self.advice,
            "note": self.advice, "ready": ready,
        })  # fmt: skip
        for chip, key in zip(chips, CHIPS, strict=True):
            press(chip, partial(self._use_scenario, key), lang)
        self.examples.observe(lambda change: self._chosen(change["new"], lang), "value")

    @property
    def text(self) -> str:
        """The instruction as it is sent."""
        return str(self.box.value).strip()

    @property
    def presets(self) -> Presets:
        """A person's own: ``all()``, ``save(name, prompt, settings)``, ``delete(name)``, and as a file."""
        return self.own.presets

    @property
    def trouble(self) -> str:
        """Which blanks are still to be filled in, as a sentence."""
        names = unfilled(self.text, self._blanks)
        return say("prompting.unfilled", names=_braced(names)) if names else ""

    def relabel(self) -> None:
        """Say every label in the current language."""
        self.box.description, self.box.placeholder = say("panel.prompt"), say("panel.prompt_example")
        self.examples.description = say("panel.examples")
        for chip, key in zip(self.chips.children, CHIPS, strict=False):
            chip.description, chip.tooltip = SCENARIOS[key].title, SCENARIOS[key].prompt
        self.own.relabel()
        self._offer()

    def tell(self, advice: str) -> None:
        """Say the hints; ready-made prompts are offered while there is none."""
        typed = tuple(name for name in blanks(self.text) if name not in self._blanks)
        own = say("prompting.braces", names=_braced(typed)) if typed else ""
        self.advice.text = "\n".join(filter(None, (advice, own)))
        for chip in self.chips.children[: len(CHIPS)]:
            toggle(chip, not self.text)

    def use(self, ready: str | Template | Preset | Plugin) -> None:
        """Put a ready-made prompt into the box, a preset's settings too; the first blank is chosen.

        Raises:
            InvalidRequestError: a template of another package, which is loaded now, can't be used.
        """
        if not ready:
            return
        if isinstance(ready, Plugin):
            ready = template(ready.name)
        prompt = _words(ready)
        if self.text != prompt:
            self.keep()
        self._blanks = () if isinstance(ready, str) else blanks(prompt)
        self.box.value = prompt  # what is said of it asks for its blanks
        self._line.blanks = []  # the page looks for the first one each time they come
        self._line.blanks = list(self._blanks)
        self.examples.value = ""
        if isinstance(ready, Preset):
            self._use_settings(ready)

    def keep(self) -> None:
        """What stands in the box is about to be replaced."""
        if self.text:
            self._replaced = [self.text, *self._replaced][:EARLIER]

    def earlier(self, results: Sequence[EditResult], session: Session) -> list[str]:
        """Prompts of this panel, then of the history, newest first, each once."""
        own = [*self._replaced, *(one.request.prompt for one in reversed(results))]
        past = (one.prompt for one in session.history.records(limit=_READ))
        return list(dict.fromkeys(text for text in (*own, *past) if text))[:EARLIER]

    def _use_settings(self, preset: Preset) -> None:
        mask = self._settings().get("mask")
        given: Any = {**preset.settings, **({} if mask is None else {"mask": mask})}
        missing = self._put(given)
        self.own.name.value = preset.name
        self.own.note.text = say("prompting.not_offered", what=", ".join(missing)) if missing else ""
        toggle(self.own.part, bool(missing))

    def _chosen(self, ready: Any, lang: str | None) -> None:
        with speaking(lang):
            try:
                self.use(ready)
            except InvalidRequestError as error:
                self.examples.value = ""
                self.advice.text = error.message

    def _use_scenario(self, key: str) -> None:
        self.use(SCENARIOS[key].prompt)

    def _offer(self) -> None:
        """Bring the menu up to date."""
        own = [(say("prompting.own", name=one.name), one) for one in self.own.all()]
        options: list[tuple[str, Any]] = [
            (say("panel.examples"), ""),
            *own,
            *((row.title, row.prompt) for key, row in SCENARIOS.items() if key not in CHIPS),
            *((row.title, row) for row in TEMPLATES.values()),
            *((one.name, one) for one in offered("template") if one.name not in TEMPLATES),
        ]
        self.examples.options = options
        self.examples.value = ""


def _words(ready: str | Template | Preset) -> str:
    if isinstance(ready, Template):
        return ready.text
    return ready.prompt if isinstance(ready, Preset) else ready


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
