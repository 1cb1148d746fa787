"""KRIS-Bench: twenty folders, JPEG only, and up to four scores of a judge per item in ``metrics.json``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import fields, json_of, number, odd
from .layout import Layout, in_order, left_out
from .means import grouped, mean_of, mean_of_groups, without_interval
from .values import Aggregate, Finding, Item, Place, Score, Scores

CATEGORIES: Final = (
    "count_change",
    "color_change",
    "size_adjustment",
    "part_completion",
    "anomaly_correction",
    "viewpoint_change",
    "position_movement",
    "temporal_prediction",
    "humanities",
    "practical_knowledge",
    "biology",
    "chemistry",
    "geography",
    "medicine",
    "mathematics",
    "physics",
    "abstract_reasoning",
    "rule-based_reasoning",
    "multi-element_composition",
    "multi-instruction_execution",
)
FORMER: Final = {
    "object_count": "count_change",
    "view_pair": "viewpoint_change",
    "daily_life": "practical_knowledge",
    "rule_reasoning": "rule-based_reasoning",
}
"""Folders that the older script asks for, and what the data call them."""
_PARTS: Final = ("consistency_score", "instruction_score", "quality_score", "knowledge_score")


def _items(folder: Path) -> Iterator[Item]:
    """The entries of every category's ``annotation.json``."""
    root = folder / "KRIS_Bench" if (folder / "KRIS_Bench").is_dir() else folder
    lists = [
        root / name / "annotation.json" for name in CATEGORIES if (root / name / "annotation.json").is_file()
    ]
    if not lists:
        raise odd(root, say("bench.none_of", names="<category>/annotation.json"), say("bench.kris_then"))
    for listed in lists:
        task = listed.parent.name
        rows = fields(json_of(listed, say("bench.take_its_file")), (), listed, task)
        for name, row in rows.items():
            fields(row, ("ori_img", "ins_en"), listed, name)
            given = row["ori_img"] if isinstance(row["ori_img"], list) else [row["ori_img"]]
            images = tuple(listed.parent / str(one) for one in given)
            wanted = row.get("gt_img")
            reference = listed.parent / wanted if isinstance(wanted, str) and wanted else None
            yield Item(
                f"{task}/{name}",
                str(name),
                (str(row["ins_en"]),),
                images,
                task,
                reference=reference,
                facts=row,
            )


def _places(item: Item) -> tuple[Place, ...]:
    return (Place(f"{item.key}.jpg"),)


def _about(folder: Path, items: Sequence[Item]) -> Iterator[Finding]:
    """The scripts read fields by names that the data don't have."""
    if items and not any(one.facts.get("instruction") for one in items):
        yield Finding("misleading", str(folder), say("bench.kris_empty"), "T8")


def _beside(_: Sequence[Item], home: Path) -> Iterator[Finding]:
    """Folders by the names of the older script."""
    for former, name in FORMER.items():
        if (home / former).is_dir():
            yield Finding("unread", str(home / former), say("bench.kris_former", name=name), "T9")


def _scores(items: Sequence[Item], folder: Path) -> Scores:
    """The scores in each category's ``metrics.json``."""
    files = {task: folder / task / "metrics.json" for task in dict.fromkeys(one.task for one in items)}
    tables: dict[str, Any] = {
        task: fields(json_of(file, say("bench.kris_scores_then")), (), file, task)
        for task, file in files.items()
        if file.is_file()
    }
    if not tables:
        raise odd(
            folder, say("bench.none_of", names="<category>/metrics.json"), say("bench.kris_scores_then")
        )
    rows = {one.key: tables.get(one.task, {}).get(one.name) for one in items}
    found = {one.key: _score(one, rows[one.key]) for one in items if isinstance(rows[one.key], dict)}
    empty = sum(isinstance(row, dict) and row.get("instruction") == "" for row in rows.values())
    notes = [say("bench.kris_was_empty", count=empty)] if empty else []
    return Scores(in_order(items, found, say("bench.not_in_output")), notes)


def _score(item: Item, row: Any) -> Score:
    values = {name: value for name in _PARTS if (value := number(row.get(name))) is not None}
    return Score.of(item, values)


def _means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """(score − 1) · 25: the mean of all scores of all items, and of the categories' means."""
    held = [(one.task, (value - 1) * 25) for one in scores for value in one.values.values()]
    groups, missing = grouped(held), left_out(items, scores)
    flat = mean_of("overall", say("bench.kris_flat"), [value for _, value in held], missing)
    rows = [flat, mean_of_groups("overall", say("bench.kris_categories", count=len(groups)), groups, missing)]
    for task in dict.fromkeys(one.task for one in items):
        inside = [one for one in items if one.task == task]
        rows.append(mean_of(task, say("bench.kris_flat"), groups.get(task, []), left_out(inside, scores)))
    # The scores of an item belong together.
    return Aggregate([without_interval(row) for row in rows], (say("bench.kris_convention"),))


KRIS: Final = Layout(
    "kris",
    "KRIS-Bench",
    "mercurystraw/Kris_Bench 7f7a944 and 2114fec",
    "none found",
    _items,
    _places,
    _scores,
    _means,
    traps=("T8", "T9", "T14"),
    typed=True,
    about=_about,
    beside=_beside,
)
