"""The controls of the panel: which there are, what they are called, and what they offer.

Everything here is layout, words, and what stands in the controls as a value. What a click does is in
``panel.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from ..._catalog.models import MODELS, ModelInfo, find_model
from ..._messages import Settings
from ..._prompts.scenarios import SCENARIOS
from ..._prompts.templates import TEMPLATES
from ..._strings import say
from ..status import CodeBox, Heard, KeyEntry
from ..surface import Note, Surface, classify, toggle
from ..tray import Tray
from ..viewer import Viewer
from . import states
from .ask import AUTO, Ask
from .compare import Comparing
from .view import View

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._session.door import Session

"""The ratio menu's first value; a menu can't tell a choice of None from no choice."""
MOST_TAKES: Final = 4
CHIPS: Final = ("night", "sunset", "anime")
"""The scenarios offered as chips; the rest are in the menu beside them."""
MENUS: Final = ("model", "aspect_ratio", "image_size", "takes")


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
        self.model, self.aspect_ratio, self.image_size = w.Dropdown(), w.Dropdown(), w.Dropdown()
        self.takes = w.Dropdown(options=[(str(n), n) for n in range(1, MOST_TAKES + 1)], value=1)
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
        self.children = self._compose()
        self.add_class("nb-banana-panel")
        self._name()
        self._help()

    def _compose(self) -> list[w.Widget]:
        """Put the widgets together; the style sheet lays them out by these class names."""
        view, comparing, title = self.view, self.comparing, w.Label("nb_banana")
        controls = w.HBox([self.model, self.aspect_ratio, self.image_size, self.takes])
        act = w.HBox([self.run_button, self.stop_button, view.retry, view.fetch])
        after = view.after
        after.children = [view.picks, view.save, view.go_on, comparing.against]
        head = w.HBox([title, self._mode, self._key_button])
        asked = w.VBox([self.tray, self.prompt, self._chips, self._advice, controls, self._sends, act])
        found = [comparing.table, comparing.marking, comparing.figures, view.note]
        came = w.VBox([self.status, view.late, self.viewer, *found, after, self._code])
        body = w.HBox([asked, came])
        classify({
            "head": (head,), "title": (title,), "mode": (self._mode,), "body": (body,),
            "prompt": (self.prompt,), "chips": (self._chips,), "controls": (controls,),
            "model": (self.model,), "aspect_ratio": (self.aspect_ratio,), "image_size": (self.image_size,),
            "takes": (self.takes,), "run": (self.run_button,), "stop": (self.stop_button,),
            "entry": (self._entry,), "link": (self._key_button,), "menu": (self._examples,),
            "sends": (self._sends,), "advice": (self._advice,), "row": (act, after),
            "note": (self._sends, self._advice), "off": (self._entry, after),
        })  # fmt: skip
        return [head, self._entry, body]

    def _help(self) -> None:
        """Examples fill the prompt, and each model brings the menus it has."""
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
            self._offer_choices()

    def _name(self) -> None:
        """Say every label in the current language."""
        labels = {
            "prompt": self.prompt, "model": self.model, "ratio": self.aspect_ratio, "size": self.image_size,
            "takes": self.takes, "stop": self.stop_button, "add_key": self._key_button,
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
        self.view.relabel()
        self.comparing.relabel()

    def _offer(self, place: Endpoint, notice: str) -> None:
        """Offer what the provider at ``place`` has, and a key entry where there is no key."""
        self._place, provider = place, place.provider
        default = provider.default_model
        chosen = find_model(default, provider).info
        options = [(chosen.title if chosen else default, default)]
        options += [
            (info.title, info.nickname)
            for info in MODELS.values()
            if info is not chosen and (provider.anywhere or provider.name in info.provider_ids)
        ]
        self._reoffer(self.model, options, default)
        self._offer_choices()
        self._mode.text = states.place(place, (place.notice, notice))
        toggle(self._key_button, place.is_sandbox)

    def _offer_choices(self) -> None:
        """The ratios and sizes of the model, and none at all where the wire can't carry them."""
        info, place = self._info(), self._place
        carried = place.wire in place.provider.sized_wires
        ratios = info.aspect_ratios if info and carried else ()
        sizes = info.image_sizes if info and carried and info.size_parameter else ()
        default = info.default_size if info else "1K"
        self._reoffer(self.aspect_ratio, [(say("panel.auto"), AUTO), *((r, r) for r in ratios)], AUTO)
        self._reoffer(self.image_size, [(s, s) for s in sizes or (default,)], default)
        toggle(self.aspect_ratio, bool(ratios))
        toggle(self.image_size, len(sizes) > 1)

    @property
    def provider(self) -> str:
        """The name of the provider whose models are offered."""
        return self._place.name

    def _info(self) -> ModelInfo | None:
        return find_model(self.model.value, self._place.name).info

    @staticmethod
    def _reoffer(menu: w.Dropdown, options: list[tuple[str, Any]], default: Any) -> None:
        if list(menu.options) == options:
            return
        kept = menu.value if menu.value in [value for _, value in options] else default
        menu.options = options
        menu.value = kept

    def _take_values(self, values: Mapping[str, Any]) -> None:
        """Set the controls to what stood on the screen at a click; what is not offered changes nothing.

        All places are looked up before one is set, because a model brings menus of its own.
        """
        if "prompt" in values:
            self.prompt.value = values["prompt"]
        menus = [getattr(self, name) for name in MENUS]
        places = values.get("menus") or {}
        chosen = [_chosen(menu, places.get(name)) for name, menu in zip(MENUS, menus)]
        for menu, option in zip(menus, chosen):
            offered = [value for _, value in menu.options]
            if option and option[0] in offered:
                menu.index = offered.index(option[0])

    def ask(self) -> Ask:
        """What a click would ask for now; the same value until something changes."""
        info, size, ratio = self._info(), self.image_size.value, self.aspect_ratio.value
        settings: Settings = {}
        if self.model.value != self._place.provider.default_model:
            settings["model"] = self.model.value
        if ratio != AUTO:
            settings["aspect_ratio"] = ratio
        if info is not None and size != info.default_size:
            settings["image_size"] = size
        asked = Ask(self.tray.pictures, self.prompt.value.strip(), settings, self.takes.value)
        if self._asked is None or self._asked != asked:
            self._asked = asked
        return self._asked

    def _busy(self, busy: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = busy, not busy


def _chosen(menu: w.Dropdown, place: Any) -> tuple[Any] | None:
    """The value at a place the page tells, or None where the page showed another number of options."""
    match place:
        case {"at": int(at), "of": int(of)} if 0 <= at < of == len(menu.options):
            return (menu.options[at][1],)
    return None
