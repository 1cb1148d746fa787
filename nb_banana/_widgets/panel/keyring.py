"""The key in use: whose it is, whence, whether it has answered; to test, change and forget it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ipywidgets as w

from ... import _worker
from ..._catalog.cheapest import cheapest
from ..._catalog.cost import Cost
from ..._catalog.prices import price
from ..._client.answered import answered
from ..._messages import EditRequest, Order
from ..._strings import say, speaking
from ..._text import seconds
from ...errors import NanoBananaError
from ..status import Heard, KeyEntry
from ..surface import Note, classify, press, toggle
from . import states
from .ask import figures

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..._session.door import Session

_PROMPT = "A plain yellow circle on white"


class Keyring:
    """What is known of the key, and what can be done with it. A key is never here, only in its endpoint.

    Args:
        heard: told of a key that was entered, and that one is to be forgotten or found again.
        session: the session edits go through now.

    Attributes:
        field: where a key is entered.
        box: all of it; it is filled while it is open, and empty for a notebook that is saved.
        facts, said: the key in use; what a test or a change came to.
        test, change, forget, cancel: what can be done.
    """

    def __init__(self, heard: Heard, session: Callable[[], Session], lang: str | None) -> None:
        self._heard, self._session, self._lang = heard, session, lang
        self.field = KeyEntry(heard, lang=lang)
        self._entry = w.Box([self.field])  # the library under it never changes its classes
        self.facts, self.said = Note(), Note()
        self.test, self.change, self.forget, self.cancel = w.Button(), w.Button(), w.Button(), w.Button()
        row = w.HBox([self.test, self.cancel, self.change, self.forget])
        self.box = w.VBox([self.facts, row, self.said, self._entry])
        classify({
            "keyring": self.box, "note": (self.facts, self.said), "keys-said": self.said, "row": row,
            "keys-enter": self._entry,
            "keys-test": self.test, "keys-forget": self.forget, "keys-change": self.change,
            "off": (self.box, self.cancel),
        })  # fmt: skip
        actions = {self.test: self._test, self.cancel: self._cancel, self.change: self._change}
        for button, action in {**actions, self.forget: self._forget}.items():
            press(button, action, lang)
        self._opened = self._changing = False
        self._asked: Endpoint | None = None  # where the picture would be made that was asked about
        self._price: tuple[str | None, str | None, Cost]
        self._offered: tuple[str, Endpoint] | None = None  # what the button says, and of which place and key

    def relabel(self) -> None:
        """Say everything in the current language."""
        self.change.description, self.cancel.description = say("keys.change"), say("keys.cancel")
        self.field.relabel(self._lang)

    def open(self, on: bool) -> None:
        """Show it, or shut it; what was said of a test is gone then."""
        self._opened, self._asked, self._changing, self.said.text = on, None, False, ""
        toggle(self.box, on)
        self.show()

    @property
    def opened(self) -> bool:
        """Whether it is shown."""
        return self._opened

    def show(self) -> None:
        """Bring it up to date with where edits go now; nothing is asked for what nobody sees."""
        if not self._opened:
            self.facts.text, self._offered = "", None
            return
        session, place = self._session(), self._session().endpoint
        if self._asked not in (None, place):  # another place or key by now: nobody was asked about it
            self._asked, self.said.text = None, ""
        self.facts.text = _facts(place, session)
        aside = session.key_left_aside
        toggle(self._entry, self._changing or not (place.has_key or aside))
        toggle(self.test, place.has_key)
        toggle(self.change, place.has_key or aside)
        toggle(self.forget, place.has_key or aside)
        toggle(self.cancel, self._asked is not None)
        self._offered = self._offer()
        self.forget.description = say(f"keys.{self._offered[0]}")
        url = session.key_question
        self.test.description = say("keys.test_free" if url else "keys.test")
        self.test.tooltip = say("keys.free_question", url=url) if url else ""
        if self._asked:
            self.test.description = say("keys.test_paid", price=_shown(self._price[2]))
        elif url and not self.said.text:
            self.said.text = self.test.tooltip

    def place_for(self, message: Mapping[str, Any]) -> Endpoint | None:
        """Where edits go once it is as a message asks: another key, none, the one left aside. None: as now.

        Raises:
            NanoBananaError: the key can't be used there.
        """
        session, kind = self._session(), message.get("t")
        if kind == "look":
            return None
        self._asked = None
        if kind in ("forget", "find"):
            said = "found" if kind == "find" else "forgotten" if session.key_source == "session" else "left"
            place = session.forget_key() if kind == "forget" else session.find_key()
            self.said.text = say(f"keys.{said}", place=states.place(place))
        else:
            key, provider, base_url = (str(message.get(n) or "") for n in ("key", "provider", "base_url"))
            sure = message.get("sure") is True
            place = session.use_key(key, provider=provider, base_url=base_url, sure=sure)
            self.said.text = ""
        self._changing = False
        self.show()
        return place

    # --- what people do -----------------------------------------------------------------------------

    def _change(self) -> None:
        self._changing = True
        self.show()
        self.field.send({"t": "focus"})

    def _offer(self) -> tuple[str, Endpoint]:
        """What the button would do now: take a key up again, forget this one, leave it aside."""
        session = self._session()
        own = "forget" if session.key_source == "session" else "leave"
        return "find" if session.key_left_aside else own, session.endpoint

    def _forget(self) -> None:
        """Do what the button says. Where another panel, or code, was faster, only say where edits go."""
        now = self._offer()
        if self._offered in (None, now):
            self._heard({"t": "find" if now[0] == "find" else "forget"})
        else:
            self._heard({"t": "look"})
            self.said.text = say("keys.found", place=states.place(self._session().endpoint))

    def _cancel(self) -> None:
        self._asked, self.said.text = None, ""
        self.show()

    def _test(self) -> None:
        """Ask for nothing where that proves a key; else say what a picture costs; pressed again, make it."""
        place, asked = self._session().endpoint, self._asked
        free = bool(self._session().key_question)
        if asked not in (None, place):
            self._heard({"t": "look"})  # the head names it
            self.said.text = say("keys.moved", place=states.place(place))
            return
        if not (free or asked):
            self._ask(place)
            return
        self._asked, self.test.disabled = None, True
        self.said.text = say("keys.testing", host=urlsplit(place.base_url).netloc)
        _worker.aside(self._run, place, free)

    def _ask(self, place: Endpoint) -> None:
        at = place.provider
        info, size = (None, None) if at.anywhere else cheapest(at)
        size = size if place.wire in at.sized_wires else None
        model = info.id_for(at) if info else None
        cost = price(info or at.default_model or None, size, at)
        self._asked, self._price = place, (model, size, cost)
        named = model or at.default_model or say("keys.unpriced")
        self.said.text = say("keys.paid_question", provider=at.title, model=named, price=_shown(cost))
        self._heard({"t": "look"})

    def _run(self, place: Endpoint, free: bool) -> None:
        began, host = time.monotonic(), urlsplit(place.base_url).netloc
        with speaking(self._lang):
            try:
                if free:
                    place = self._session().test_key()
                    said = say("keys.taken", host=host, seconds=seconds(time.monotonic() - began))
                else:
                    model, size, _ = self._price
                    asked = EditRequest(_PROMPT, (), model=model, image_size=size)
                    made = _worker.wait(self._session().at(place).asend(Order(asked, fresh=True)))
                    said = say("keys.paid", host=host, cost=made.cost)
            except NanoBananaError as error:
                said = say("keys.refused", reason=f"{error.message} {error.hint}".strip())
            finally:
                self.test.disabled = False
            if self._session().endpoint == place:  # else another key stands here by now
                self.said.text = said
            self._heard({"t": "look"})


def _facts(place: Endpoint, session: Session) -> str:
    """Whose key, whence, its end, whether it has answered."""
    if place.is_sandbox:
        return say("keys.aside" if session.key_left_aside else "keys.none")
    host = urlsplit(place.base_url).netloc
    if not place.has_key:
        return say("keys.unneeded", provider=place.provider.title, host=host)
    facts = [say("keys.in_use", provider=place.provider.title, host=host), _whence(session.key_source)]
    facts += [say("keys.ends", hint=place.key_hint)] if place.key_hint else []
    return " · ".join([*facts, say("keys.works" if answered(place) else "keys.unproven")])


def _whence(source: str) -> str:
    if source in ("session", "code"):
        return say(f"keys.from_{source}")
    place, _, name = source.rpartition(":")
    known = place if place in ("colab", "kaggle", "keyring") else "file" if place else "variable"
    return say(f"keys.from_{known}", name=name, path=place)


def _shown(cost: Cost) -> str:
    return say("keys.about", cost=figures(cost, cost)) if cost.amount else str(cost)
