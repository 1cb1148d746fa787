"""The panel's widgets, composed of its rooms: head, inputs, prompt, settings, what came, what is drawn.

Everything here is layout, words, and what stands in the controls as a value. What a click does is in
``panel.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ..._lineage import before, held
from ..._strings import say
from ..assets import styles
from ..shown import sentences
from ..status import CodeBox, Heard
from ..surface import Note, Surface, classify, hear, press
from ..tray import Card, Tray, card_of
from ..viewer import PanelViewer
from .ask import Ask
from .choices import Choices
from .compare import Comparing
from .head import Head
from .marking import Marking
from .prompting import Prompting
from .strip import Strip
from .view import View

if TYPE_CHECKING:
    from ..._catalog.providers import Provider
    from ..._client.endpoint import Endpoint
    from ..._images.marks import Marks
    from ..._messages import Settings
    from ..._result import EditResult
    from ..._session.door import Session


class Controls(Surface):
    """The panel's widgets, composed."""

    def __init__(
        self, images: Any, session: Session | None, lang: str | None, take_key: Heard, opened: Heard
    ) -> None:
        super().__init__(session, lang)
        self.status = self._line
        self.tray = Tray(images, lang=lang, _css=styles("tray.css"))  # the status line brings the base
        self.viewer = PanelViewer(lang=lang)
        self.head = Head(take_key, lambda: self.session, lang)
        self.choices = has = Choices(lang)
        self.prompting = Prompting(self.status, lambda: has.settings, has.put, lang)
        self.prompt = self.prompting.box
        press(has.seed.clear, lambda: self.status.point("seed"), lang)  # the button itself is gone
        self.model, self.aspect_ratio, self.image_size = has.model, has.aspect_ratio, has.image_size
        self.pixels, self.quality, self.seed, self.takes = has.pixels, has.quality, has.seed, has.takes
        self.sends = Note()
        self.run_button, self.stop_button = w.Button(), w.Button(disabled=True)
        self.strip = Strip(lambda: self.session.history, lang)
        self.tray.results = self._dragged
        self.view = View(self.status, self.viewer, self.strip, self._busy, lang, self.tray.lock)
        self.back, self.forth = w.Button(), w.Button()
        self.keys_button = w.Button()
        self.comparing = Comparing(self.view, lang)
        self.marking = Marking(self.view, self.tray, self.choices, lang)
        self._code = CodeBox(opened, lang=lang)
        self.cards: dict[str, Card] = {}  # every picture that was in the tray, as it was named there
        self.tray.observe(lambda _: self._keep_cards(), "revision")
        self._keep_cards()
        self._asked: Ask | None = None
        self._asked_for: tuple[EditResult | None, str, Ask | None] = (None, "", None)
        self.children = self._compose()
        self.add_class("nb-banana-panel")
        self._name()
        self.model.observe(lambda _: self._model_changed(), "value")  # each model names the wire it goes by

    def _compose(self) -> list[w.Widget]:
        """Put the widgets together; the style sheet lays them out by these class names."""
        view, comparing = self.view, self.comparing
        steps = (self.back, self.forth, self.keys_button)
        act = w.HBox([self.run_button, self.stop_button, view.retry, view.fetch, *steps])
        after, strip = view.after, w.Box([self.strip.reel])
        after.children = [
            view.save, view.share, view.go_on, view.use, view.larger, comparing.against, view.over
        ]  # fmt: skip
        settings = [self.choices.controls, *self.choices.said, self.sends]
        asked = w.VBox([self.tray, *self.prompting.parts, *settings, act])
        found = [comparing.table, *self.marking.parts, view.note]
        came = w.VBox([self.status, view.late, self.marking.stage, strip, *found, after, self._code])
        body = w.HBox([asked, came])
        classify({
            "body": body, "run": self.run_button, "stop": self.stop_button, "sends": self.sends,
            "row": (act, after), "note": self.sends, "off": after, "strip": strip,
            "step": (self.back, self.forth), "back": self.back, "forth": self.forth,
            "keys": self.keys_button,
        })  # fmt: skip
        return [self.head.bar, self.head.entry, body]

    def _model_changed(self) -> None:
        with self._speaking():
            self.head.tell(self.choices.there, known=bool(self.model.value))

    def _name(self) -> None:
        """Say every label in the current language."""
        self.stop_button.description, self.stop_button.tooltip = say("panel.stop"), say("panel.stop_tip")
        self.run_button.tooltip = say("panel.run_tip")
        for key, button, sign in (("back", self.back, "↶"), ("forth", self.forth, "↷")):
            button.description, button.tooltip = sign, f"{say(f'reel.{key}')}: {say(f'reel.{key}_tip')}"
        self.keys_button.description = say("prompting.keys")
        self.keys_button.tooltip = say("prompting.keys_tip")
        for part in (self.tray, self.viewer, self.status, self._code):
            part.relabel(self._lang)
        self.status.strings = {**self.status.strings, **sentences("prompting.page", self._lang)}
        for group in (self.head, self.prompting, self.view, self.comparing, self.marking, self.choices):
            group.relabel()

    def offer(self, place: Endpoint, notices: tuple[str, ...], names: tuple[str, ...] | None) -> None:
        """Offer what the provider at ``place`` has, and a key entry where there is no key.

        ``names`` are the models of a server of one's own that runs several, None while it is asked.
        """
        self.head.meet(place, notices)
        self.choices.offer(place, names)
        self._model_changed()

    @property
    def provider(self) -> Provider:
        """The provider whose models are offered."""
        return self.choices.place.provider

    @property
    def marks(self) -> Marks:
        """What is drawn on the picture; set it to such a value, to four shares (a box), to words, to None."""
        return self.marking.marks

    @marks.setter
    def marks(self, given: Any) -> None:
        with self._speaking():
            self.marking.put(given)

    def put(self, settings: Settings) -> list[str]:
        """Set the controls to these settings; gives those that aren't offered here."""
        with self._speaking():
            missing = self.choices.put(self.marking.recover(settings))
            self.prompt.value = self.marking.unsaid(self.prompt.value)
            return missing

    def _take_values(self, values: Mapping[str, Any]) -> None:
        """Set the controls to what stood on the screen at a click."""
        if "prompt" in values:
            hear(self.prompt, values["prompt"])
        self.choices.take(values)

    def _bring(self, values: Mapping[str, Any]) -> str:
        """Add what was typed for the tray at a click; gives why that can't be added, else ``""``."""
        source = values.get("source")
        return self.tray.bring(source) if isinstance(source, str) and source.strip() else ""

    def _dragged(self, key: str) -> EditResult | None:
        """A result dragged here: one of this panel, or of another one that shares its history."""
        record = None if (own := self.strip.album.dragged(key)) else held(self.session.history, key)
        return self.session.result_of(record) if record and record.outputs else own

    def _keep_cards(self) -> None:
        self.cards |= {card.image.sha256: card for card in self.tray.pictures}

    def ask(self) -> Ask:
        """What a click would ask for now; the same value until something changes."""
        with self._speaking():
            has = self.choices
            trouble = has.trouble or self.prompting.trouble or self.tray.trouble
            asked = Ask(self.tray.pictures, self.prompting.text, has.settings, has.takes.value, trouble)
            asked = self.marking.put_into(asked)
        if self._asked is None or self._asked != asked:
            self._asked = asked
        return self._asked

    def ask_of(self, result: EditResult) -> Ask:
        """What asked for a result, with its inputs as the tray names them where it knows them.

        It is wanted again and again of the one shown: the history is read for it once.
        """
        default = self.provider.default_model
        known, at, ask = self._asked_for
        if ask is None or known is not result or at != default:
            ask = self._ask_of(result)
            self._asked_for = result, default, ask
        return ask

    def _ask_of(self, result: EditResult) -> Ask:
        history, request = self.session.history, result.request
        record = held(history, result.record_id)
        parent = before(history, record) if record else None
        known = {parent.outputs[-1].sha256: parent.id} if parent else {}
        pictures = tuple(
            self.cards.get(one.sha256) or card_of(one, record_id=known.get(one.sha256))
            for one in request.images
        )
        settings = request.settings
        if settings.get("model") == self.provider.default_model:  # a record holds the name that was sent
            del settings["model"]
        return Ask(pictures, request.prompt, settings)

    def _page(self, message: Mapping[str, Any]) -> None:
        if message.get("t") == "earlier":
            found = self.prompting.earlier(self.view.results, self.session)
            self.status.send({"t": "earlier", "prompts": found})
        else:
            super()._page(message)

    def _busy(self, busy: bool) -> None:
        self.stop_button.disabled = not busy
