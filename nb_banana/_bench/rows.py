"""A list of one's own: ``.csv`` or ``.jsonl`` with the columns ``image`` and ``prompt``, and any others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import csv_of, fields, jsonl_of, key_of, number, odd
from .layout import Layout, in_order, notes_of
from .means import grouped, mean_of, mean_of_groups
from .values import Aggregate, Item, Mean, Place, Score, Scores

_OWN: Final = ("key", "image", "prompt", "task", "language", "mask", "reference")


def _items(path: Path) -> Iterator[Item]:
    """The rows of the file, or of the one list in the folder; pictures are named from where it lies."""
    lists = (
        [path] if path.is_file() else sorted(one for kind in ("*.csv", "*.jsonl") for one in path.glob(kind))
    )
    if len(lists) != 1:
        why = say("bench.several_of" if lists else "bench.none_of", names="*.csv, *.jsonl")
        raise odd(path, why, say("bench.csv_then"))
    listed = lists[0]
    then = say("bench.csv_then")
    rows = jsonl_of(listed, then) if listed.suffix == ".jsonl" else csv_of(listed, then)
    for place, row in enumerate(rows, 1):
        yield _item(fields(row, ("image", "prompt"), listed, f"#{place}"), place, listed)


def _item(row: Mapping[str, Any], place: int, listed: Path) -> Item:
    key = key_of(row, ("key",), place, listed, say("bench.csv_then"))
    images = row["image"] if isinstance(row["image"], list) else [row["image"]]
    steps = row["prompt"] if isinstance(row["prompt"], list) else [row["prompt"]]
    mask, reference = (
        listed.parent / str(row[name]) if row.get(name) else None for name in ("mask", "reference")
    )
    facts = {name: value for name, value in row.items() if name not in _OWN}
    return Item(
        key,
        key,
        tuple(map(str, steps)),
        tuple(listed.parent / str(one) for one in images),
        str(row.get("task") or ""),
        str(row.get("language") or ""),
        mask,
        reference,
        facts=facts,
    )


def _places(item: Item) -> tuple[Place, ...]:
    if len(item.steps) == 1:
        return (Place(f"{item.key}.png"),)
    return tuple(Place(f"{item.key}_{turn}.png", turn) for turn in range(1, len(item.steps) + 1))


def scores(items: Sequence[Item], path: Path) -> Scores:
    """A table with a column ``key``; every other column with numbers is a measure."""
    if not path.is_file():
        raise odd(path, say("bench.missing_file"), say("bench.csv_scores_then"))
    by_key, found = {one.key: one for one in items}, {}
    rows = jsonl_of(path, "") if path.suffix == ".jsonl" else csv_of(path, say("bench.csv_scores_then"))
    strangers = repeated = 0
    for row in rows:
        fields(row, ("key",), path, row.get("key"))
        if (item := by_key.get(str(row["key"]))) is None:
            strangers += 1
            continue
        values = {
            str(name): value
            for name, given in row.items()
            if name not in _OWN and (value := number(given)) is not None
        }
        repeated += item.key in found
        found[item.key] = Score.of(item, values)
    return Scores(in_order(items, found, say("bench.not_in_output")), notes_of(strangers, repeated))


def means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """Of each measure the mean of items and, where there are groups, the mean of their means."""
    rows: list[Mean] = []
    for part in dict.fromkeys(name for one in scores for name in one.values):
        held = [(one.task, one.values[part]) for one in scores if part in one.values]
        groups, missing = grouped(held), len(items) - len(held)
        rows.append(mean_of(part, say("bench.plain_mean"), [value for _, value in held], missing))
        if len({one.task for one in items}) > 1:
            rows.append(mean_of_groups(part, say("bench.mean_of_tasks", groups=len(groups)), groups, missing))
    return Aggregate(rows)


CSV: Final = Layout("csv", "csv / jsonl", "", "", _items, _places, scores, means, personal=True)
