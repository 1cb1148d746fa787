"""ImgEdit Multi-Turn: lists of two or three instructions in turn, one list for each kind; people judge them.

There is no script: the pictures of an item are written as ``<kind>/<key>_<turn>.png``, for people to rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .._strings import say
from .files import fields, json_of, odd
from .layout import Layout
from .rows import means, scores
from .values import Item, Place

_ROOTS: Final = ("", "multiturn", "Benchmark/multiturn", "images", "origin_img")
_TURNS: Final = ("turn1", "turn2", "turn3")


def _items(folder: Path) -> Iterator[Item]:
    """The sessions of every list in the folder; a list is a kind."""
    lists = sorted(folder.glob("*.json")) if folder.is_dir() else [folder]
    if not lists:
        raise odd(folder, say("bench.none_of", names="*.json"), say("bench.take_its_file"))
    roots = [(folder if folder.is_dir() else folder.parent) / root for root in _ROOTS]
    for listed in lists:
        rows = fields(json_of(listed, say("bench.take_its_file")), (), listed, listed.name)
        for key, row in rows.items():
            fields(row, ("id", "turn1", "turn2"), listed, key)
            places = [root / str(row["id"]) for root in roots]
            picture = next((one for one in places if one.is_file()), places[0])
            steps = tuple(str(row[turn]) for turn in _TURNS if row.get(turn))
            yield Item(f"{listed.stem}/{key}", str(key), steps, (picture,), listed.stem, facts=row)


def _places(item: Item) -> tuple[Place, ...]:
    return tuple(Place(f"{item.key}_{turn}.png", turn) for turn in range(1, len(item.steps) + 1))


MULTITURN: Final = Layout(
    "imgedit-multiturn",
    "ImgEdit Multi-Turn",
    "PKU-YuanGroup/ImgEdit 3760afd, readme; no script: people judge it",
    "no licence file",
    _items,
    _places,
    scores,
    means,
)
