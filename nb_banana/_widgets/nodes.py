"""The pictures of a timeline and where they stand: pure functions from chains to nodes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from .._catalog.cost import Cost
from .._chain.links import extended
from .._strings import say
from .._text import money, seconds, shortened

if TYPE_CHECKING:
    from .._chain.links import Chain
    from .._chain.tree import Branch
    from .._images.data import ImageData
    from .._result import EditResult

_CIRCLED: Final = 20
_PROMPT: Final = 200
"""Columns; the strip cuts what is wider than a picture."""


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
    prompt = shortened(result.request.prompt, _PROMPT)
    return Node(label, number, 0, number - 1, True, id, image.sha256, prompt, facts, lambda: image)


def _aside(branch: Branch, column: int, lane: int, parent: int) -> Node:
    record, picture = branch.record, branch.record.outputs[-1]
    facts = _facts(record.cost, record.sandbox, record.elapsed)
    return Node(
        branch.label, column, lane, parent, False, record.id, picture.sha256,
        shortened(record.prompt, _PROMPT), facts, lambda: record.shelf.load(picture),
    )  # fmt: skip


def _facts(cost: Cost | None, sandbox: bool, elapsed: float | None) -> str:
    return " · ".join([money(cost or Cost(None), sandbox=sandbox), seconds(elapsed or 0.0)])


def lay_out(chain: Chain, kept: Collection[str] | None = None) -> tuple[tuple[Node, ...], int]:
    """The chain's pictures and the branches beside them, lane by lane, and how many edits are left out.

    ``kept`` are the records that are shown beside the chain's own; None shows all.
    """
    branches = chain.tree().branches
    own = {result.record_id for result in chain.results}
    others = {one.record.id for one in branches if one.record.outputs} - own
    left = set() if kept is None else others.difference(kept)
    labels = {branch.record.id: branch.label for branch in branches}
    depths = {branch.record.id: branch.depth for branch in branches}
    nodes = [_original(chain.start)]
    for number, result in enumerate(chain.results, 1):
        nodes.append(_step(labels.get(result.record_id or "", str(number)), number, result))
    places = {node.id: place for place, node in enumerate(nodes)}
    taken = {(node.lane, node.column) for node in nodes}
    for branch in branches:
        if branch.record.id in places or branch.record.id not in others - left:
            continue
        parent = places.get(branch.parent, 0)
        column, lane = nodes[parent].column + 1, nodes[parent].lane
        if branch.depth > depths.get(branch.parent or "", 0) or (lane, column) in taken:
            lane = 1 + max(lane for lane, _ in taken)
        taken.add((lane, column))
        places[branch.record.id] = len(nodes)
        nodes.append(_aside(branch, column, lane, parent))
    order = sorted(range(len(nodes)), key=lambda place: (nodes[place].lane, nodes[place].column))
    moved = {old: new for new, old in enumerate(order)} | {-1: -1}
    return tuple(replace(nodes[old], parent=moved[nodes[old].parent]) for old in order), len(left)


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


def page_step(node: Node) -> dict[str, Any]:
    """A node as its page wants it."""
    return {
        "key": node.sha256, "label": circled(node.label), "column": node.column, "lane": node.lane,
        "parent": node.parent, "current": node.current, "prompt": node.prompt, "facts": node.facts,
    }  # fmt: skip


def circled(label: str) -> str:
    """``2b`` as ``②b``; the original is a plain 0, whose sign in a circle few fonts have."""
    head = label[: len(label) - len(label.lstrip("0123456789"))]
    number = int(head)
    sign = head if not number else chr(ord("①") + number - 1) if number <= _CIRCLED else head
    return sign + label[len(head) :]
