"""The controls of the panel: which there are, what they are called, and what they offer.

Everything here is layout, words, and what stands in the controls as a value. What a click does is in
``panel.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from ..._prompts.scenarios import SCENARIOS
from ..._prompts.templates import TEMPLATES
from ..._strings import say
from ..status import CodeBox, Heard, KeyEntry
from ..surface import Note, Surface, classify, toggle
from ..tray import Tray
from ..viewer import Viewer
from . import states
from .ask import Ask
from .choices import Choices
from .compare import Comparing
from .view import View

if TYPE_CHECKING:
    from ..._catalog.providers import Provider
    from ..._client.endpoint import Endpoint
    from ..._messages import Settings
    from ..._session.door import Session

CHIPS: Final = ("night", "sunset", "anime")
"""The scenarios offered as chips; the rest are in the menu beside them."""


class Controls(Surface):
    """The panel's widgets, composed."""

    def __init__(
        self, images: Any, session: Session | None, lang: str | None, take_key: Heard, opened: Heard
    ) -> None:
        super().__init__(session, lang)
        self.status = self._line
        self.tray = Tray(images, lang=lang)
        self.viewer = Viewer(lang=lang)
        self.prompt = w.Textarea()
        self.choices = has = Choices(lang)
        self.model, self.aspect_ratio, self.image_size = has.model, has.aspect_ratio, has.image_size
        self.pixels, self.quality, self.seed, self.takes = has.pixels, has.quality, has.seed, has.takes
        self.run_button, self.stop_button = w.Button(), w.Button(disabled=True)
        self.view = View(self.status, self.viewer, self._busy, lang)
        self.comparing = Comparing(self.view, self.tray, lang)
        self._key_button, self._examples = w.Button(), w.Dropdown()
        self._mode, self._advice, self._sends = Note(), Note(), Note()
        self._chips = w.HBox([*(w.Button() for _ in CHIPS), self._examples])
        self._key = KeyEntry(take_key, lang=lang)
        self._entry = w.Box([self._key])
        self._code = CodeBox(opened, lang=lang)
        self._asked: Ask | None = None
        self._notices: tuple[str, ...] = ()
        self.children = self._compose()
        self.add_class("nb-banana-panel")
        self._name()
        self._help()

    def _compose(self) -> list[w.Widget]:
        """Put the widgets together; the style sheet lays them out by these class names."""
        view, comparing, title = self.view, self.comparing, w.Label("nb_banana")
        act = w.HBox([self.run_button, self.stop_button, view.retry, view.fetch])
        after = view.after
        after.children = [view.picks, view.save, view.go_on, comparing.against]
        head = w.HBox([title, self._mode, self._key_button])
        settings = [self.choices.controls, *self.choices.said, self._sends]
        asked = w.VBox([self.tray, self.prompt, self._chips, self._advice, *settings, act])
        found = [comparing.table, comparing.marking, comparing.figures, view.note]
        came = w.VBox([self.status, view.late, self.viewer, *found, after, self._code])
        body = w.HBox([asked, came])
        classify({
            "head": (head,), "title": (title,), "mode": (self._mode,), "body": (body,),
            "prompt": (self.prompt,), "chips": (self._chips,), "run": (self.run_button,),
            "stop": (self.stop_button,),
            "entry": (self._entry,), "link": (self._key_button,), "menu": (self._examples,),
            "sends": (self._sends,), "advice": (self._advice,), "row": (act, after),
            "note": (self._sends, self._advice), "off": (self._entry, after),
        })  # fmt: skip
        return [head, self._entry, body]

    def _help(self) -> None:
        """Examples fill the prompt, and each model names the wire that carries it."""
        for chip, key in zip(self._chips.children, CHIPS, strict=False):
            self._press(chip, partial(self._use_prompt, SCENARIOS[key].prompt))
        self._examples.observe(lambda change: self._use_prompt(change["new"]), "value")
        self.model.observe(lambda _: self._model_changed(), "value")

    def _use_prompt(self, prompt: str) -> None:
        if prompt:
            self.prompt.value = prompt
            self._examples.value = ""

    def _model_changed(self) -> None:
        with self._speaking():
            known = bool(self.model.value)
            self._mode.text = states.place(self.choices.there, self._notices, known=known)

    def _name(self) -> None:
        """Say every label in the current language."""
        labels = {
            "prompt": self.prompt, "stop": self.stop_button, "add_key": self._key_button,
            "examples": self._examples,
        }  # fmt: skip
        tips = {"run_tip": self.run_button, "stop_tip": self.stop_button}
        for key, widget in labels.items():
            widget.description = say(f"panel.{key}")
        for key, widget in tips.items():
            widget.tooltip = say(f"panel.{key}")
        self.prompt.placeholder = say("panel.prompt_example")
        for chip, key in zip(self._chips.children, CHIPS, strict=False):
            chip.description, chip.tooltip = SCENARIOS[key].title, SCENARIOS[key].prompt
        self._examples.options = [
            (say("panel.examples"), ""),
            *((row.title, row.prompt) for key, row in SCENARIOS.items() if key not in CHIPS),
            *((row.title, row.text) for row in TEMPLATES.values()),
        ]
        self._examples.value = ""
        for part in (self.tray, self.viewer, self.status, self._key, self._code):
            part.relabel(self._lang)
        for group in (self.view, self.comparing, self.choices):
            group.relabel()

    def _offer(self, place: Endpoint, notices: tuple[str, ...], names: tuple[str, ...] | None) -> None:
        """Offer what the provider at ``place`` has, and a key entry where there is no key.

        ``names`` are the models of a server of one's own that runs several, None while it is asked.
        """
        self._notices = notices
        self.choices.offer(place, names)
        self._model_changed()
        toggle(self._key_button, place.is_sandbox)

    @property
    def provider(self) -> Provider:
        """The provider whose models are offered."""
        return self.choices.place.provider

    def put(self, settings: Settings) -> list[str]:
        """Set the controls to these settings; gives those that aren't offered here."""
        with self._speaking():
            return self.choices.put(settings)

    def _take_values(self, values: Mapping[str, Any]) -> None:
        """Set the controls to what stood on the screen at a click."""
        if "prompt" in values:
            self.prompt.value = values["prompt"]
        self.choices.take(values)

    def ask(self) -> Ask:
        """What a click would ask for now; the same value until something changes."""
        with self._speaking():
            has, prompt = self.choices, self.prompt.value.strip()
            asked = Ask(self.tray.pictures, prompt, has.settings, has.takes.value, has.trouble)
        if self._asked is None or self._asked != asked:
            self._asked = asked
        return self._asked

    def _busy(self, busy: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = busy, not busy
