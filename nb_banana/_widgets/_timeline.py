"""The timeline of a chain: a filmstrip with its branches, any two pictures compared, branch and undo.

Rules of this file:

* The chain is a value: branch and undo put another one into ``timeline.chain`` and delete nothing.
* The path of the chain runs straight; every other edit history knows of the same picture hangs below
  the step it was made from.
* What is shown is what is edited: however ``timeline.chain`` changes, the panel below it holds the picture
  that the chain now ends with. What else a person put there stays.
* The plain picture under the timeline is an output of its own, so that it outlives the kernel, and so are
  its words; without it (in Voilà, or as asked) the words stand in the timeline.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import ipywidgets as w
import traitlets

from .._catalog.prices import Cost
from .._chain.links import Chain, Step
from .._chain.tree import Branch
from .._images.data import ImageData
from .._strings import language, say, speaking, use_language
from .._strings.timeline import TABLE
from .._text import money
from ..errors import NanoBananaError
from . import _notebook
from ._assets import script, styles
from ._shown import seconds
from ._status import CodeBox, Status
from ._thumbs import Thumbs, after, words
from ._viewer import Viewer
from .panel.parts import Note

if TYPE_CHECKING:
    from .._history.record import Record
    from .._result import EditResult
    from .panel.panel import Panel

WALKING: Final = 0.15
_CIRCLED: Final = 20
_OFF: Final = "nb-banana-off"


@dataclass(frozen=True, slots=True)
class Node:
    """One picture of the timeline.

    Attributes:
        label: how many edits it is away from the original, with a letter on another branch.
        column, lane: its place; the chain's own path is lane 0.
        parent: the place in the list of the picture it was made from; -1 for the original.
        current: the chain passes through it.
        id: its record in the history.
        load: gives the picture; nothing is read before.
    """

    label: str
    column: int
    lane: int
    parent: int
    current: bool
    id: str | None
    sha256: str
    prompt: str
    facts: str
    load: Callable[[], ImageData]


def _original(start: ImageData) -> Node:
    width, height = start.shown_size
    size = say("images.size", width=width, height=height)
    return Node("0", 0, 0, -1, True, None, start.sha256, say("timeline.original"), size, lambda: start)


def _step(label: str, number: int, result: EditResult) -> Node:
    facts = _facts(result.cost, result.sandbox, result.elapsed)
    id, image = result.record_id, result.image
    prompt = _line(result.request.prompt)
    return Node(label, number, 0, number - 1, True, id, image.sha256, prompt, facts, lambda: image)


def _aside(branch: Branch, column: int, lane: int, parent: int) -> Node:
    record, picture = branch.record, branch.record.outputs[-1]
    facts = _facts(record.cost, record.sandbox, record.elapsed)
    return Node(
        branch.label, column, lane, parent, False, record.id, picture.sha256, _line(record.prompt), facts,
        lambda: record.shelf.load(picture),
    )  # fmt: skip


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def _facts(cost: Cost | None, sandbox: bool, elapsed: float | None) -> str:
    paid = say("timeline.free") if sandbox else money(cost or Cost(None), sandbox=False)
    return " · ".join([paid, seconds(elapsed or 0.0)])


def lay_out(chain: Chain) -> tuple[Node, ...]:
    """The chain's pictures and every branch beside them, lane by lane."""
    branches = chain.tree().branches
    labels = {branch.record.id: branch.label for branch in branches}
    depths = {branch.record.id: branch.depth for branch in branches}
    nodes = [_original(chain.start)]
    for number, result in enumerate(chain.results, 1):
        nodes.append(_step(labels.get(result.record_id or "", str(number)), number, result))
    places = {node.id: place for place, node in enumerate(nodes)}
    taken = {(node.lane, node.column) for node in nodes}
    for branch in branches:
        if branch.record.id in places or not branch.record.outputs:
            continue
        parent = places.get(branch.record.parent, 0)
        column, lane = nodes[parent].column + 1, nodes[parent].lane
        if branch.depth > depths.get(branch.record.parent or "", 0) or (lane, column) in taken:
            lane = 1 + max(lane for lane, _ in taken)
        taken.add((lane, column))
        places[branch.record.id] = len(nodes)
        nodes.append(_aside(branch, column, lane, parent))
    order = sorted(range(len(nodes)), key=lambda place: (nodes[place].lane, nodes[place].column))
    moved = {old: new for new, old in enumerate(order)} | {-1: -1}
    return tuple(replace(nodes[old], parent=moved[nodes[old].parent]) for old in order)


def chain_to(chain: Chain, nodes: tuple[Node, ...], at: int) -> Chain:
    """The chain that ends at a node: a prefix of ``chain``, or another branch of its picture."""
    path = []
    while at > 0:
        path.append(nodes[at])
        at = nodes[at].parent
    path.reverse()
    shared = sum(node.current for node in path)
    result = chain[:shared]
    for node in path[shared:]:
        result = extended(result, chain.session.history.record(str(node.id)))
    return result


def extended(chain: Chain, record: Record) -> Chain:
    """The chain longer by an edit that is already in the history."""
    before = chain.image.sha256
    images = list(record.input_images)
    own = next((image for image in images if image.sha256 == before), None)
    if own is not None:
        images.remove(own)
    way: Literal["refeed", "conversation"] = "conversation" if record.context == "conversation" else "refeed"
    result = chain.session.result_of(record)
    step = Step(result.request.holding(images), way, record.take, way)
    return replace(chain, results=(*chain.results, result), steps=(*chain.steps, step))


class Filmstrip(Thumbs):
    """The pictures in a row, with the branches below: a tree that arrows walk."""

    _esm = script("timeline.js")
    _css = styles("base.css", "thumbs.css", "timeline.css")

    steps = traitlets.List([]).tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)


class Timeline(w.VBox):  # type: ignore[misc]
    """A chain on the screen.

    Attributes:
        chain: the chain shown, a trait. Branch and undo put another value in; setting it shows that one.
        strip, viewer: the filmstrip (``strip.at`` is the place of the chosen picture) and the comparison.
        first, second: the two pictures compared.
        branch_button, undo_button: what the page's buttons do, ``click()`` does too.
    """

    chain = traitlets.Instance(Chain)

    def __init__(self, chain: Chain, *, slot: bool = True, lang: str | None = None) -> None:
        self._lang, self._lock, self._look = lang, threading.RLock(), 0
        self._listeners: list[Callable[[Chain], Any]] = []
        self._panel: Panel | None = None
        self._slot = slot and not _notebook.in_voila()
        self._slot_id, self._slot_shown = f"nb-banana-{uuid.uuid4().hex}", False
        self.nodes: tuple[Node, ...] = ()
        self.strip, self.viewer = Filmstrip(self._picture, self._heard), Viewer(lang=lang)
        self.first, self.second = w.Dropdown(), w.Dropdown()
        self.branch_button, self.undo_button = w.Button(), w.Button()
        self._title, self._total, self._words = w.Label(), w.Label(), Note()
        self._line, self._code = Status(self._page, lang=lang), CodeBox(lang=lang)
        super().__init__(self._compose(), chain=chain)
        self._name()
        self._draw()
        self._listen()
        self._look_at(0)

    def on_branch(self, listener: Callable[[Chain], Any]) -> None:
        """Call ``listener(chain)`` when somebody branches, in place of a panel of the timeline's own."""
        self._listeners.append(listener)

    def branch(self, at: int | None = None) -> Chain:
        """End the chain at the chosen picture (or at ``at``), and get ready for the next edit there."""
        chosen = self.strip.at if at is None else at
        with speaking(self._lang), self._lock:
            node = self.nodes[chosen]
            chain = chain_to(self.chain, self.nodes, chosen)
            self.chain = chain
            key = "timeline.branched_code" if self._listeners else "timeline.branched"
            self._tell(say(key, label=_circled(node.label)))
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
        with speaking(self._lang), self._lock:
            if self.chain.results:
                self.chain = self.chain.undo()
            else:
                self._tell(say("timeline.nothing_to_undo"))
        now: Chain = self.chain
        return now

    def _ipython_display_(self, **_: Any) -> None:
        if not _notebook.in_kernel():
            _notebook.publish(self.chain._repr_mimebundle_(), self._slot_id, update=False)
            return
        view = self._repr_mimebundle_()
        with speaking(self._lang):
            view["text/plain"] = say("timeline.plain") if self._slot else repr(self.chain)
        _notebook.publish((view, {}), f"{self._slot_id}-timeline", update=False)
        if self._slot:
            self._slot_shown = True
            _notebook.present(self.chain._repr_mimebundle_(), self._slot_id)

    # --- layout and words -------------------------------------------------------------------------

    def _compose(self) -> list[w.Widget]:
        for menu in (self.first, self.second):  # its label above it, as in the panel
            menu.layout = w.Layout(
                width="auto", height="auto", flex="1 1 140px", flex_flow="column", align_items="stretch"
            )
        head = w.HBox([self._title, self._total])
        act = w.HBox([self.branch_button, self.undo_button])
        pair = w.HBox([self.first, self.second])
        view = w.VBox([head, self.strip, self._line, act, pair, self.viewer, self._words, self._code])
        names: dict[str, tuple[w.DOMWidget, ...]] = {
            "panel": (view,), "timeline": (self,), "head": (head,), "title": (self._title,),
            "mode": (self._total,), "row": (act, pair), "branch": (self.branch_button,),
            "undo": (self.undo_button,), "first": (self.first,), "second": (self.second,),
            "note": (self._words,),
        }  # fmt: skip
        for name, widgets in names.items():
            for widget in widgets:
                widget.add_class(f"nb-banana-{name}")
        view.layout.grid_gap = "10px"
        self._view = view
        return [view]

    def _name(self) -> None:
        """Say every label in the current language."""
        with speaking(self._lang):
            self._title.value = say("timeline.title")
            for name, button in {"branch": self.branch_button, "undo": self.undo_button}.items():
                button.description, button.tooltip = say(f"timeline.{name}"), say(f"timeline.{name}_tip")
            self.first.description, self.second.description = say("timeline.first"), say("timeline.second")
            self.strip.strings = words(TABLE, self._lang)
            for part in (self.viewer, self._line, self._code):
                part.relabel(self._lang)
            self._tell(say("timeline.ready"))

    def _draw(self, *, keep: bool = False) -> None:
        """Bring everything in step with the chain and stand on its end; ``keep``: on the picture chosen.

        A new branch moves the places of others, so it is the picture that stays, not its place.
        """
        with speaking(self._lang), self._lock:
            chosen = self.nodes[self.strip.at].id if keep else None
            self.nodes = lay_out(self.chain)
            ids = [node.id for node in self.nodes]
            at = ids.index(chosen) if keep and chosen in ids else len(self.chain)
            shown = [_page_step(node) for node in self.nodes]
            options = [(f"{_circled(node.label)} {node.prompt[:40]}", n) for n, node in enumerate(self.nodes)]
            pair = (max(0, self.nodes[at].parent), at)
            with self.strip.hold_sync():
                self.strip.steps, self.strip.at = shown, at
            for menu, place in zip((self.first, self.second), pair, strict=True):
                menu.options = options
                menu.value = place
            self._total.value = self._sum()
            self._words.text = "" if self._slot else repr(self.chain)
            self._code.code = self.chain.to_python()
            self.undo_button.disabled = not self.chain.results

    def _sum(self) -> str:
        count = len(self.chain)
        others = sum(not node.current for node in self.nodes)
        took = seconds(sum(result.elapsed for result in self.chain))
        key = ("total_none", "total_one")[count] if count < 2 else "total"
        parts = [say(f"timeline.{key}", count=count, cost=self.chain.cost, seconds=took)]
        return " · ".join([*parts, say("timeline.others", count=others)] if others else parts)

    # --- what people do ---------------------------------------------------------------------------

    def _listen(self) -> None:
        self.observe(lambda change: self._changed(change["old"]), "chain")
        self.strip.observe(lambda change: self._walked(change["new"]), "at")
        for menu in (self.first, self.second):
            menu.observe(lambda _: self._look_at(0), "value")
        self.branch_button.on_click(lambda _: self.branch())
        self.undo_button.on_click(lambda _: self.undo())

    def _page(self, message: Mapping[str, Any]) -> None:
        """What the page says through the status line."""
        if message.get("t") == "run":
            self._line.send({"t": "ack"})
        elif message.get("t") == "page":
            before = language()
            use_language(message.get("lang"))
            if language() != before and self._lang is None:
                self._name()
                self._draw(keep=True)

    def _heard(self, message: Mapping[str, Any]) -> None:
        """What the page says through the strip."""
        at = min(max(int(message.get("at", 0)), 0), len(self.nodes) - 1)
        if message.get("t") == "branch":
            self.branch(at)
        elif message.get("t") == "open":
            self._walked(at)
            self._look_at(0)

    def _walked(self, at: int) -> None:
        with self._lock:
            if 0 <= at < len(self.nodes):
                self.first.value, self.second.value = max(0, self.nodes[at].parent), at
        self._look_at(WALKING)

    def _changed(self, before: Chain) -> None:
        with speaking(self._lang), self._lock:
            self._draw()
            self._tell(say("timeline.ends", label=_circled(self.nodes[self.strip.at].label)))
            self._hand_over(before)
        self._look_at(0)
        if self._slot_shown:
            _notebook.present(self.chain._repr_mimebundle_(), self._slot_id, update=True)

    # --- pictures ---------------------------------------------------------------------------------

    def _picture(self, sha256: str) -> ImageData:
        return next((node.load() for node in self.nodes if node.sha256 == sha256), self.chain.start)

    def _look_at(self, delay: float) -> None:
        with self._lock:
            self._look += 1
            after(delay, self._show, self._look)

    def _show(self, look: int) -> None:
        """Show the two pictures chosen; the same one twice is shown once."""
        with speaking(self._lang), self._lock:
            if look != self._look or self.second.value is None:
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
            from .panel.panel import Panel

            self._panel = Panel(session=chain.session, slot=False, lang=self._lang)
            self._panel.on_result(self._grow)
            self.children = (self._view, self._panel)
        self._panel.tray.clear()
        self._hand_over(chain)
        self._panel.prompt.value = ""

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
        """A result of the panel made from the chain's last picture is its next step; others are branches."""
        with speaking(self._lang), self._lock:
            record = self.chain.session.history.record(str(result.record_id))
            continues = any(image.sha256 == self.chain.image.sha256 for image in record.inputs)
            if record.parent == _end(self.chain) and continues:
                self.chain = extended(self.chain, record)
                self._tell(say("timeline.grown", label=_circled(self.nodes[self.strip.at].label)))
            else:
                self._draw(keep=True)

    def _tell(self, text: str, state: str = "loaded") -> None:
        with self._line.hold_sync():
            self._line.state, self._line.text, self._line.announce = state, text, text


def _end(chain: Chain) -> str | None:
    """The record of the picture that a chain ends with."""
    return chain.result.record_id if chain.results else chain.origin


def _page_step(node: Node) -> dict[str, Any]:
    return {
        "key": node.sha256, "label": _circled(node.label), "column": node.column, "lane": node.lane,
        "parent": node.parent, "current": node.current, "prompt": node.prompt, "facts": node.facts,
    }  # fmt: skip


def _circled(label: str) -> str:
    """``2b`` as ``②b``."""
    head = label[: len(label) - len(label.lstrip("0123456789"))]
    number = int(head)
    sign = "⓪" if not number else chr(ord("①") + number - 1) if number <= _CIRCLED else head
    return sign + label[len(head) :]


def timeline(chain: Chain, *, slot: bool = True, lang: str | None = None) -> Timeline:
    """A chain as a filmstrip to look at, compare, branch and undo.

    Args:
        chain: the chain to begin with.
        slot: whether the plain picture of the chain is shown under it, which stays in the saved notebook.
        lang: ``"en"`` or ``"zh"``; the page's language if None.
    """
    return Timeline(chain, slot=slot, lang=lang)
