"""``nb.bench``: load a benchmark, plan a part of it, write results for its script, check, read and sum up."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from .._images.saving import path_of
from .._strings import quoted, say
from ..errors import InvalidRequestError
from .checking import of_copy, of_results
from .files import is_below, is_file_name, odd, of_layout
from .layout import Layout
from .parquet import unpack
from .published import Published, published
from .table import LAYOUTS
from .values import Aggregate, Check, Item, Score, Scores, Written
from .writing import of_comparison, of_mapping, write

if TYPE_CHECKING:
    from .._compare.comparison import Comparison
    from .._session.door import Session

Folder = str | os.PathLike[str]
Name = (
    Literal[
        "gedit", "gedit-v2", "imgedit", "imgedit-uge", "imgedit-multiturn", "rise", "kris", "magicbrush",
        "pie", "ti2i", "csv",
    ]
    | str
)  # fmt: skip
"""What can be loaded, for editors to complete."""
Stratum = Literal["task", "language", "turn", ""] | str
_FIELDS: Final = ("task", "language", "turn")


@dataclass(frozen=True, slots=True, repr=False)
class Benchmark:
    """A local copy of a benchmark, or a part of it.

    Attributes:
        layout: how it is read and written; its ``licence`` and ``source`` are what is known of them.
        folder: where the copy is.
        items: the edits it asks for, in its own order.
        total: how many the whole copy has.
    """

    layout: Layout
    folder: Path
    items: tuple[Item, ...]
    total: int

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        tasks = Counter(one.task for one in self.items if one.task)
        lines = [
            say("bench.head", title=self.layout.title, count=len(self), total=self.total),
            *([", ".join(f"{task} {count}" for task, count in tasks.items())] if tasks else []),
            *(
                [say("bench.licence", licence=self.layout.licence, source=self.layout.source)]
                if self.layout.source
                else []
            ),
            *self.traps,
        ]
        return "\n".join(lines)

    @property
    def traps(self) -> tuple[str, ...]:
        """What the official script does whatever a folder holds, as sentences."""
        return tuple(f"[{name}] {say(f'bench.trap_{name}')}" for name in self.layout.traps)

    @property
    def is_subset(self) -> bool:
        """Whether it is only a part of the copy."""
        return len(self) < self.total

    # A part of it, and a plan

    def subset(self, limit: int, stratify: Stratum = "task", seed: int = 0) -> Benchmark:
        """A part that is the same on every machine, each group with its share of it.

        Args:
            limit: how many items; every group has at least one while there are enough.
            stratify: ``"task"``, ``"language"``, ``"turn"``, or a field of ``Item.facts``; "" for none.
            seed: another number gives another part.

        Raises:
            InvalidRequestError: the limit is not a whole number from 1, or no item has such a field.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise InvalidRequestError(say("bench.bad_limit", value=quoted(limit)))
        groups: dict[str, list[Item]] = {}
        for one in self.items:
            groups.setdefault(_field(one, stratify), []).append(one)
        if stratify not in ("", *_FIELDS) and not any(stratify in one.facts for one in self.items):
            known = ", ".join((*_FIELDS, *self.items[0].facts))
            raise InvalidRequestError(
                say("bench.no_stratum", name=stratify), hint=say("bench.has_fields", names=known)
            )
        shares = _shares({name: len(held) for name, held in groups.items()}, min(limit, len(self)))
        chosen = {
            one.key
            for name, held in groups.items()
            for one in sorted(held, key=lambda item: _lot(seed, item.key))[: shares[name]]
        }
        return replace(self, items=tuple(one for one in self.items if one.key in chosen))

    def table(self, masks: bool = False) -> list[dict[str, Any]]:
        """One row per item for ``nb.compare(table, models=…)``; a session of turns is a chain of prompts.

        Args:
            masks: also a column ``mask``: whether a benchmark's mask is for the model or for its script is
                for you to say.
        """
        return [
            {
                "image": str(one.images[0]) if len(one.images) == 1 else [str(path) for path in one.images],
                "prompt": one.prompt if len(one.steps) == 1 else list(one.steps),
                "item": one.key,
                **{name: value for name in ("task", "language") if (value := getattr(one, name))},
                **({"mask": one.mask_image()} if masks else {}),
            }
            for one in self.items
        ]

    def compare(self, *, masks: bool = False, session: Session | None = None, **axes: Any) -> Comparison:
        """A plan of every item; nothing is sent before ``.run()``.

        The columns ``item``, ``task`` and ``language`` go with it, so that results find their items again,
        also after an export, and a summary can be made by task.

        Args:
            masks: give each item's mask to the model.
            session: the notebook's own when None.
            axes: as for ``nb.compare``: ``models``, ``image_sizes``, ``takes``, …
        """
        from .._compare.comparison import compare  # with all that sends: a folder is checked without

        return compare(self.table(masks), session=session, **axes)

    # The official script

    def write(
        self,
        came: Comparison | Mapping[str, Any],
        folder: Folder,
        *,
        method: str,
        take: int = 1,
        replace: bool = False,
        **where: Any,
    ) -> Written:
        """Write results where the official script reads them, under its names and in its form.

        Args:
            came: a comparison of this benchmark; or pictures by item key (results, paths, errors, None; of
                several steps, a chain or a list).
            folder: where methods lie side by side; the answer's ``folder`` is the method's own.
            method: what it is called there.
            take: which take, of several.
            replace: write over files that hold something else; else that is an error, and nothing is written.
            where: which condition of a comparison that has several: ``model="nano-banana-pro"``.

        Raises:
            InvalidRequestError: as said above, or ``method`` is no name of a folder.
        """
        if not is_file_name(method):
            raise InvalidRequestError(say("bench.bad_method", value=quoted(method)))
        given: Any = came
        found = (
            of_comparison(self.items, given, take, where)
            if hasattr(given, "cells")
            else of_mapping(self.items, given)
        )
        place = path_of(folder)

        def listed(written: Sequence[Item]) -> list[tuple[str, str]]:
            wanted = self.layout.companion if self.layout.always or len(written) < self.total else None
            with of_layout(self.folder):
                return [wanted(self.folder, place, written, method)] if wanted and written else []

        return write(self.layout, self.items, found, place, method, listed, replace)

    def check(self, folder: Folder | None = None) -> Check:
        """What the official script would do with a method's folder; without one, what this copy lacks.

        Raises:
            InvalidRequestError: there is no such folder.
        """
        with of_layout(self.folder):
            if folder is None:
                return of_copy(self.layout, self.items, self.folder)
            return of_results(self.layout, self.items, path_of(folder), self.is_subset)

    def read(self, path: Folder) -> Scores:
        """The official script's output, item by item; what it doesn't hold says so and is no zero.

        Raises:
            InvalidRequestError: it is not that script's output; the sentence names the file.
        """
        with of_layout(place := path_of(path)):
            return self.layout.scores(self.items, place)

    def aggregate(self, rows: Sequence[Score]) -> Aggregate:
        """The benchmark's figures by its own rule, with n, what is missing, and every reading in use."""
        made = self.layout.means(self.items, rows)
        return Aggregate(made.rows, (*made.notes, *getattr(rows, "notes", ())))


def _field(item: Item, name: str) -> str:
    return str(getattr(item, name) if name in _FIELDS else item.facts.get(name, "")) if name else ""


def _lot(seed: int, key: str) -> str:
    """A place in an order that depends on nothing but the two."""
    return hashlib.sha256(f"{seed}/{key}".encode()).hexdigest()


def _shares(sizes: Mapping[str, int], limit: int) -> dict[str, int]:
    """How many of each group: in proportion, the largest remainders first, none empty if it can be."""
    total = sum(sizes.values())
    least = 1 if limit >= len(sizes) else 0
    shares = {name: max(least, size * limit // total) for name, size in sizes.items()}
    order = sorted(sizes, key=lambda name: (-(sizes[name] * limit % total), name))
    while (missing := limit - sum(shares.values())) != 0:
        step = 1 if missing > 0 else -1
        free = [one for one in order if (shares[one] < sizes[one] if step > 0 else shares[one] > least)]
        for name in free[: abs(missing)] if step > 0 else free[-1:]:
            shares[name] += step
    return shares


class Bench:
    """Public benchmarks: ``load`` a copy, or see what others ``published``."""

    @property
    def names(self) -> tuple[str, ...]:
        """What can be loaded."""
        return tuple(LAYOUTS)

    def load(self, name: Name, folder: Folder) -> Benchmark:
        """A benchmark from a local copy in its own layout; nothing is downloaded.

        Raises:
            InvalidRequestError: no benchmark is called that, or the copy is not in its layout: the sentence
                names the file and the next step.
        """
        layout = LAYOUTS.get(str(name).strip().lower())
        if layout is None:
            raise InvalidRequestError(
                say("bench.unknown", value=quoted(name)), hint=say("bench.known", names=", ".join(LAYOUTS))
            )
        place = path_of(folder)
        with of_layout(place):
            items = tuple(layout.items(place))
        if not items:
            raise odd(place, say("bench.empty"), say("bench.take_its_file"))
        far = next((path for one in items for path in one.images if not is_below(path, place)), None)
        if far is not None and not layout.personal:
            raise odd(far, say("bench.outside", folder=place), say("bench.take_its_file"))
        twice = next((key for key, count in Counter(one.key for one in items).items() if count > 1), None)
        if twice is not None:
            raise odd(place, say("bench.twice", key=twice), say("bench.take_its_file"))
        return Benchmark(layout, place if place.is_dir() else place.parent, items, len(items))

    def unpack(self, copy: Folder, into: Folder) -> Path:
        """Unpack a copy that is Parquet or Arrow (GEdit-Bench) into a new folder, and give that.

        Raises:
            InvalidRequestError: pyarrow is missing, there is no such file, or the folder holds a list.
        """
        place = path_of(into)
        unpack(path_of(copy), place)
        return place

    def published(self, benchmark: str | None = None) -> Published:
        """What others published: sources, days, intervals where there are any, and which ranks are real."""
        return published(benchmark)

    def __repr__(self) -> str:
        rows = [
            f"{one.name}: {one.title}" + (f" ({one.licence})" if one.licence else "")
            for one in LAYOUTS.values()
        ]
        return "\n".join((say("bench.door"), *rows))


bench: Final = Bench()
