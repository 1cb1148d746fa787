"""The pictures of a panel in the order they were asked for, and the places of those to come. No widgets.

Rules of this file:

* A shot keeps its place: what is tried again stands where it failed, what comes late where it was awaited.
* What becomes of it is its part's to say (``run.py``); nothing is copied here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .part import Part

if TYPE_CHECKING:
    from ..._result import EditResult
    from .run import Run


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture, or the place of one.

    Attributes:
        id: names it to the page.
        group: the same for all takes of one click.
        part, run: what becomes of it, and the run it is of; one of an earlier kernel has none.
    """

    id: str
    group: int
    part: Part
    run: Run | None = None

    @property
    def result(self) -> EditResult | None:
        """Its picture, once it came."""
        return self.part.result

    @property
    def state(self) -> str:
        """``waiting running stopped unsent failed late done``: at ``stopped`` it may still come."""
        part, run = self.part, self.run
        if part.result is not None:
            return "late" if part.late else "done"
        if part.error is not None:
            return "failed"
        if run is not None and not run.begun:
            return "waiting"
        if part.over:
            return "unsent"
        return "stopped" if run is not None and run.stopped else "running"


class Album:
    """All shots of one panel."""

    def __init__(self) -> None:
        self.shots: tuple[Shot, ...] = ()
        self._ids, self._groups = itertools.count(1), itertools.count(1)

    @property
    def results(self) -> tuple[EditResult, ...]:
        """The pictures that came in time, or were shown since."""
        return tuple(one.part.result for one in self.in_order if one.part.result and not one.part.late)

    @property
    def in_order(self) -> list[Shot]:
        """The shots click by click, and the takes of a click by their numbers, as far as they have one."""
        return sorted(self.shots, key=lambda one: (one.group, one.part.take or math.inf))

    def add(self, run: Run) -> None:
        """Make places for what a run asks for; what it tries again keeps its own."""
        places = {id(shot.part): at for at, shot in enumerate(self.shots)}
        shots, group = list(self.shots), next(self._groups)
        for part in run.parts:
            at = places.get(id(part.instead_of))
            if at is None:
                shots.append(self._shot(part, group, run))
            else:
                shots[at] = Shot(shots[at].id, shots[at].group, part, run)
        self.shots = tuple(shots)

    def bring_back(self, results: Sequence[EditResult], late: Iterable[EditResult] = ()) -> None:
        """Begin with what an earlier kernel left, in its order; takes of one request stand together."""
        aside = {one.record_id for one in late}
        shots: list[Shot] = []
        for one in results:
            same = shots and shots[-1].part.result and shots[-1].part.result.request == one.request
            group = shots[-1].group if same else next(self._groups)
            part = Part(one.take, result=one, late=one.record_id in aside, over=True)
            shots.append(self._shot(part, group))
        self.shots = (*shots, *self.shots)

    def drop(self, run: Run) -> None:
        """Take the places of a run away that is not sent."""
        self.shots = tuple(shot for shot in self.shots if shot.run is not run)

    def clear(self) -> None:
        """Begin anew; what is still on its way keeps its place."""
        self.shots = tuple(shot for shot in self.shots if shot.state in ("running", "waiting", "stopped"))

    def of(self, id: str) -> Shot | None:
        """The shot of this id."""
        return next((shot for shot in self.shots if shot.id == id), None)

    def dragged(self, key: str) -> EditResult | None:
        """The result whose record has this id, or whose picture this sha256."""
        results = (shot.result for shot in self.shots if shot.result)
        return next((one for one in results if key in (one.record_id, one.image.sha256)), None)

    def number(self, result: EditResult | None) -> int:
        """The place of a picture in the strip, from 1; the one after the last where it is not there."""
        found = (at for at, one in enumerate(self.in_order, 1) if one.result is result)
        return next(found, len(self.shots) + 1)

    def showing(self, result: EditResult | None) -> Shot | None:
        """The shot whose picture this is."""
        return next((shot for shot in self.shots if result is not None and shot.result is result), None)

    def _shot(self, part: Part, group: int, run: Run | None = None) -> Shot:
        return Shot(str(next(self._ids)), group, part, run)
