"""The timeline of a chain: a filmstrip with its branches, any two pictures compared, branch and undo.

Rules of this file:

* The chain is a value: branch and undo put another one into ``timeline.chain`` and delete nothing.
* The path of the chain runs straight, and what was on it here stays in sight. Every other edit that history
  knows of the same picture is folded; unfolded, it hangs below the step it was made from.
* What is shown is what is edited: however ``timeline.chain`` changes, the panel below it holds the picture
  that the chain now ends with. What else a person put there stays.
* The plain picture under the timeline is an output of its own, so that it outlives the kernel, and so are
  its words; without it (in Voilà, or as asked) the words stand in the timeline.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w
import traitlets

from .._chain.links import Chain, extended
from .._images.data import ImageData
from .._lineage import follows
from .._result import whence
from .._strings import Lang, say
from .._text import money, seconds
from ..errors import NanoBananaError
from . import notebook
from .assets import script, styles
from .nodes import Node, chain_to, circled, lay_out, page_step
from .panel.panel import Panel
from .shown import sentences
from .status import CodeBox
from .surface import Note, Surface, classify, toggle
from .thumbs import Later, Thumbs
from .viewer import PanelViewer

if TYPE_CHECKING:
    from .._result import EditResult
    from .._session.door import Session

WALKING: Final = 0.15


class Filmstrip(Thumbs):
    """The pictures in a row, with the branches below: a tree that arrows walk."""

    _esm = script("timeline.js")
    _css = styles("base.css", "thumbs.css", "timeline.css")

    steps = traitlets.List([]).tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)


class Timeline(Surface):
    """A chain on the screen.

    Attributes:
        chain: the chain shown, a trait. Branch and undo put another value in; setting it shows that one.
        strip, viewer: the filmstrip (``strip.at`` is the place of the chosen picture) and the comparison.
        first, second: the two pictures compared.
        branch_button, undo_button: what the page's buttons do, ``click()`` does too.
        others: whether the edits that never were on the chain's path here are shown too.
    """

    chain = traitlets.Instance(Chain)

    def __init__(self, chain: Chain, *, slot: bool = True, lang: Lang | None = None) -> None:
        super().__init__(lang=lang)
        self.chain, self._lock = chain, threading.RLock()
        self._look_at = Later(self._show)
        self._listeners: list[Callable[[Chain], Any]] = []
        self._panel: Panel | None = None
        self._slot = notebook.Slot(self._plain, wanted=slot)
        self.nodes: tuple[Node, ...] = ()
        self._met: set[str] = set()
        self.others = w.ToggleButton()
        self.strip, self.viewer = Filmstrip(self._picture, self._heard), PanelViewer(lang=lang)
        self.viewer.twin = self._slot.wanted
        self.first, self.second = w.Dropdown(), w.Dropdown()
        self.branch_button, self.undo_button = w.Button(), w.Button()
        self._title, self._total, self._words = w.Label(), w.Label(), Note()
        self._code = CodeBox(lang=lang)
        self._view = self._compose()
        self.children = [self._view]
        self._name()
        self._draw()
        self._listen()
        self._look_at()

    @property
    def session(self) -> Session:
        """The session of the chain: its next edit goes through it."""
        session: Session = self.chain.session
        return session

    def on_branch(self, listener: Callable[[Chain], Any]) -> None:
        """Call ``listener(chain)`` when somebody branches, in place of a panel of the timeline's own."""
        self._listeners.append(listener)

    def branch(self, at: int | None = None) -> Chain:
        """End the chain at the chosen picture (or at ``at``), and get ready for the next edit there."""
        chosen = self.strip.at if at is None else at
        with self._speaking(), self._lock:
            node = self.nodes[chosen]
            chain = chain_to(self.chain, self.nodes, chosen)
            self.chain = chain
            key = "timeline.branched_code" if self._listeners else "timeline.branched"
            self._tell(say(key, label=circled(node.label), code=self._code_for(chain)))
            try:
                for listener in self._listeners:
                    listener(chain)
            except Exception as problem:  # noqa: BLE001 - said in the timeline
                text = say("timeline.listener_failed", kind=type(problem).__name__, reason=problem)
                self._tell(text, "error")
            if not self._listeners:
                self._prepare(chain)
        return chain

    def undo(self) -> Chain:
        """One step back. Nothing is deleted: the step stays in the strip."""
        with self._speaking(), self._lock:
            if self.chain.results:
                self.chain = shorter = self.chain.undo()
                at = circled(self.nodes[self.strip.at].label)
                self._tell(say("timeline.undone", label=at, code=self._code_for(shorter)))
            else:
                self._tell(say("timeline.nothing_to_undo"))
        now: Chain = self.chain
        return now

    def _ipython_display_(self, **_: Any) -> None:
        if not notebook.in_kernel():
            notebook.publish(self._plain(), "", update=False)
            return
        view = self._repr_mimebundle_()
        with self._speaking():
            view["text/plain"] = say("timeline.plain") if self._slot.wanted else repr(self.chain)
            self._slot.show(view, "chain", whence(self.chain.results[-1] if self.chain.results else None))

    def _plain(self) -> notebook.Bundle:
        """The chain without a live view, as it is now."""
        bundle: notebook.Bundle = self.chain._repr_mimebundle_()
        return bundle

    # --- layout and words -------------------------------------------------------------------------

    def _compose(self) -> w.VBox:
        for menu in (self.first, self.second):  # its label above it, as in the panel
            menu.layout = w.Layout(
                width="auto", height="auto", flex="1 1 140px", flex_flow="column", align_items="stretch"
            )
        head = w.HBox([self._title, self._total])
        act = w.HBox([self.branch_button, self.undo_button, self.others])
        pair = w.HBox([self.first, self.second])
        view = w.VBox([head, self.strip, self._line, act, pair, self.viewer, self._words, self._code])
        classify({
            "panel": view, "timeline": self, "head": head, "title": self._title, "mode": self._total,
            "row": (act, pair), "branch": self.branch_button, "undo": self.undo_button, "first": self.first,
            "second": self.second, "note": self._words, "others": self.others, "off": self.others,
        })  # fmt: skip
        view.layout.grid_gap = "10px"
        return view

    def _name(self) -> None:
        """Say every label in the current language."""
        with self._speaking():
            self._title.value = say("timeline.title")
            for name, button in {"branch": self.branch_button, "undo": self.undo_button}.items():
                button.description, button.tooltip = say(f"timeline.{name}"), say(f"timeline.{name}_tip")
            self.first.description, self.second.description = say("timeline.first"), say("timeline.second")
            self.strip.strings = sentences("timeline.page", self._lang)
            for part in (self.viewer, self._line, self._code):
                part.relabel(self._lang)
            self._tell(say("timeline.ready"))

    def _draw(self, *, keep: bool = False) -> None:
        """Bring everything in step with the chain and stand on its end; ``keep``: on the picture chosen.

        A new branch moves the places of others, so it is the picture that stays, not its place.
        """
        with self._speaking(), self._lock:
            chosen = self.nodes[self.strip.at].id if keep else None
            self._met |= {str(result.record_id) for result in self.chain.results}
            self.nodes, folded = lay_out(self.chain, None if self.others.value else self._met)
            self._offer_others(folded)
            ids = [node.id for node in self.nodes]
            at = ids.index(chosen) if keep and chosen in ids else len(self.chain)
            shown = [page_step(node) for node in self.nodes]
            options = [(f"{circled(node.label)} {node.prompt[:40]}", n) for n, node in enumerate(self.nodes)]
            pair = (max(0, self.nodes[at].parent), at)
            with self.strip.hold_sync():
                self.strip.steps, self.strip.at = shown, at
            for menu, place in zip((self.first, self.second), pair, strict=True):
                menu.options = options
                menu.value = place
            self._total.value = self._sum()
            self._words.text = "" if self._slot.wanted else repr(self.chain)
            self._code.code = self.chain.to_python()
            self.undo_button.disabled = not self.chain.results

    def _sum(self) -> str:
        count = len(self.chain)
        took = seconds(sum(result.elapsed for result in self.chain))
        key = ("total_none", "total_one")[count] if count < 2 else "total"
        paid = money(self.chain.cost, sandbox=all(result.sandbox for result in self.chain))
        return say(f"timeline.{key}", count=count, cost=paid, seconds=took)

    def _offer_others(self, folded: int) -> None:
        """Say how many edits are folded away, or that they can be."""
        beside = sum(not node.current and node.id not in self._met for node in self.nodes)
        toggle(self.others, bool(folded or beside))
        key = "others_hide" if beside else "others_one" if folded == 1 else "others"
        self.others.description = say(f"timeline.{key}", count=folded)
        self.others.tooltip = say("timeline.others_tip")

    # --- what people do ---------------------------------------------------------------------------

    def _listen(self) -> None:
        self.observe(lambda change: self._changed(change["old"]), "chain")
        self.strip.observe(lambda change: self._walked(change["new"]), "at")
        for menu in (self.first, self.second):
            menu.observe(lambda _: self._look_at(), "value")
        self.others.observe(lambda _: self._draw(keep=True), "value")
        self._press(self.branch_button, self.branch)
        self._press(self.undo_button, self.undo)

    def _rename(self) -> None:
        self._name()
        self._draw(keep=True)

    def _heard(self, message: Mapping[str, Any]) -> None:
        """What the page says through the strip."""
        at = min(max(int(message.get("at", 0)), 0), len(self.nodes) - 1)
        if message.get("t") == "branch":
            self.branch(at)
        elif message.get("t") == "open":
            self._walked(at)
            self._look_at()
            self.viewer.enlarge()

    def _walked(self, at: int) -> None:
        with self._lock:
            if 0 <= at < len(self.nodes):
                self.first.value, self.second.value = max(0, self.nodes[at].parent), at
        self._look_at(WALKING)

    def _changed(self, before: Chain) -> None:
        with self._speaking(), self._lock:
            self._draw()
            self._tell(say("timeline.ends", label=circled(self.nodes[self.strip.at].label)))
            self._hand_over(before)
        self._look_at()
        self._slot.update()

    # --- pictures ---------------------------------------------------------------------------------

    def _picture(self, sha256: str) -> ImageData:
        return next((node.load() for node in self.nodes if node.sha256 == sha256), self.chain.start)

    def _show(self) -> None:
        """Show the two pictures chosen; the same one twice is shown once."""
        with self._speaking(), self._lock:
            if self.second.value is None:
                return
            first, second = self.first.value, self.second.value
            try:
                before = None if first == second else self.nodes[first].load()
                self.viewer.show(before, self.nodes[second].load())
            except (NanoBananaError, OSError) as problem:
                self.viewer.show(None, None)
                self._tell(say("timeline.not_shown", reason=problem), "error")

    # --- the next edit ----------------------------------------------------------------------------

    def _prepare(self, chain: Chain) -> None:
        """A panel under the strip with the chain's last picture in it; what it makes becomes a step."""
        if self._panel is None:
            self._panel = Panel(session=chain.given, slot=False, lang=self._lang)
            self._panel.on_result(self._grow)
            self.children = [self._view, self._panel]
        self._hand_over(chain)
        self.strip.go_to(self._panel)

    def _code_for(self, chain: Chain) -> str:
        """How to go on in a cell, by a name the notebook has; else by the code under the viewer."""
        for name, value in (notebook.namespace() or {}).items():
            if name.startswith("_"):
                continue
            if value is self:
                return f"{name}.chain.edit(…)"
            if isinstance(value, Chain) and _path(value)[: len(chain) + 1] == _path(chain):
                return f"{name}[:{len(chain)}].edit(…)"
        return say("timeline.code_below")

    def _hand_over(self, before: Chain) -> None:
        """Let the panel edit what the chain ends with, in place of what it ended with before."""
        if self._panel is None:
            return
        tray = self._panel.tray
        try:
            tray.swap(before.image, self.chain.image, record_id=_end(self.chain))
        except (NanoBananaError, OSError) as problem:
            tray.put([one for one in tray.pictures if one.image.sha256 != before.image.sha256])
            self._tell(say("timeline.not_shown", reason=problem), "error")
        if self._panel.image != self.chain.image:  # it shows a result that the chain does not end with
            self._panel.start_over()

    def _grow(self, result: EditResult) -> None:
        """A result made from the chain's last picture, by the panel or a replay, is its next step."""
        with self._speaking(), self._lock:
            history, id = self.session.history, str(result.record_id)
            self._met.add(id)
            record = history.record(id)
            if follows(history, record, self.chain.image.sha256):
                self.chain = extended(self.chain, record)
                self._tell(say("timeline.grown", label=circled(self.nodes[self.strip.at].label)))
            else:
                self._draw(keep=True)

    def _tell(self, text: str, state: str = "loaded") -> None:
        self._show_line(state=state, text=text, announce=text)


def _path(chain: Chain) -> list[str | None]:
    """The picture a chain begins with, and its records in order."""
    return [chain.start.sha256, *(result.record_id for result in chain.results)]


def _end(chain: Chain) -> str | None:
    """The record of the picture that a chain ends with."""
    return chain.result.record_id if chain.results else chain.origin


def timeline(chain: Chain, *, slot: bool = True, lang: Lang | None = None) -> Timeline:
    """A chain as a filmstrip to look at, compare, branch and undo.

    Args:
        chain: the chain to begin with.
        slot: whether the plain picture of the chain is shown under it, which stays in the saved notebook.
        lang: ``"en"`` or ``"zh"``; the page's language if None.
    """
    return Timeline(chain, slot=slot, lang=lang)
