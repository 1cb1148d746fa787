"""RISEBench: two or three scores of a judge per item; accuracy is the share with the full score in all."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import csv_of, fields, first, json_of, number, odd
from .layout import Layout, in_order, left_out, notes_of
from .means import mean_of, share_of
from .sheets import xlsx_of
from .values import Aggregate, Finding, Item, Mean, Place, Score, Scores

_LISTS: Final = (
    "datav2_total_w_subtask.json",
    "data/datav2_total_w_subtask.json",
    "data_total.json",
    "data/data_total.json",
)
_PARTS: Final = ("ApprConsistency", "Reasoning", "VisualPlausibility")
_LOGICAL: Final = "logical_reasoning"
_FULL: Final = 5


def _items(folder: Path) -> Iterator[Item]:
    """The entries of the list; 360, or the repository's own 64."""
    listed = first(folder, _LISTS, say("bench.rise_then"))
    rows = json_of(listed, say("bench.take_its_file"))
    if not isinstance(rows, list):
        raise odd(
            listed, say("bench.no_object", key="", kind=type(rows).__name__), say("bench.take_its_file")
        )
    roots = (listed.parent, folder, folder / "data")
    for row in rows:
        fields(
            row,
            ("index", "category", "instruction", "image"),
            listed,
            row.get("index") if isinstance(row, dict) else row,
        )
        places = [root / str(row["image"]) for root in roots]
        picture = next((one for one in places if one.is_file()), places[0])
        answer = row.get("reference_img")
        reference = (
            next((root / answer for root in roots if (root / answer).is_file()), None) if answer else None
        )
        key = str(row["index"])
        yield Item(
            key,
            key,
            (str(row["instruction"]),),
            (picture,),
            str(row["category"]),
            reference=reference,
            facts=row,
        )


def _places(item: Item) -> tuple[Place, ...]:
    return (Place(f"images/{item.task}/{item.name}.png"),)


def _about(folder: Path, items: Sequence[Item]) -> Iterator[Finding]:
    """The list of 64 lacks a field that the script asks for."""
    spatial = [one for one in items if one.task == "spatial_reasoning"]
    if spatial and not any("reasoning_img" in one.facts for one in items):
        yield Finding("stops", str(folder), say("bench.rise_64"), "T10")
    if items and not any("subtask" in one.facts for one in items):
        yield Finding("stops", str(folder), say("bench.rise_subtask"), "T10")


def _subset(_: Path, __: Path, items: Sequence[Item], ___: str) -> tuple[str, str]:
    return "subset_data.json", json.dumps([dict(one.facts) for one in items], indent=2, ensure_ascii=False)


def _scores(items: Sequence[Item], path: Path) -> Scores:
    """The rows of ``<model>_judge.xlsx``, or of the same sheet saved as CSV."""
    sheets = [path] if path.is_file() else sorted(path.glob("*_judge.xlsx"))
    if len(sheets) != 1:
        raise odd(
            path,
            say("bench.none_of", names="*_judge.xlsx")
            if not sheets
            else say("bench.several_of", names="*_judge.xlsx"),
            say("bench.rise_scores_then"),
        )
    then = say("bench.rise_scores_then")
    rows = csv_of(sheets[0], then) if sheets[0].suffix == ".csv" else xlsx_of(sheets[0], then)
    by_name, found = {one.name: one for one in items}, {}
    strangers = repeated = 0
    for row in rows:
        fields(row, ("index", "Reasoning", "ApprConsistency"), sheets[0], row.get("index"))
        item = by_name.get(str(row["index"]).removesuffix(".0"))
        if item is None:
            strangers += 1
        else:
            repeated += item.key in found
            found[item.key] = _score(item, row)
    return Scores(in_order(items, found, say("bench.not_in_output")), notes_of(strangers, repeated))


def _score(item: Item, row: Any) -> Score:
    numbers = {name: number(row.get(name)) for name in _PARTS}
    values = {name: value for name, value in numbers.items() if value is not None}
    needed = set(_PARTS[:2] if item.task == _LOGICAL else _PARTS) - (
        {"ApprConsistency"} if _free(item) else set()
    )
    if needed - values.keys():
        return Score(item.key, item.task, {}, say("bench.no_number"))
    return Score(
        item.key,
        item.task,
        values
        | {
            "complete": float(all(values[name] == _FULL for name in needed)),
            "score": _weighed(item, values, _free(item)),
        },
    )


def _free(item: Item) -> bool:
    """Whether the item asks for no consistency."""
    held = item.facts.get("consistency_free")
    return held is not None and not (isinstance(held, float) and math.isnan(held))


def _slips(item: Item) -> bool:
    """Whether the script takes it for such an item: a field left out becomes NaN there, which is true."""
    return _free(item) or "consistency_free" not in item.facts


def _weighed(item: Item, parts: Any, free: bool) -> float:
    """The weighted score of an item."""
    if item.task == _LOGICAL:
        value = 0.3 * parts["ApprConsistency"] + 0.7 * parts["Reasoning"]
    elif free:
        value = 0.2 * parts["VisualPlausibility"] + 0.8 * parts["Reasoning"]
    else:
        value = 0.3 * parts["ApprConsistency"] + 0.5 * parts["Reasoning"] + 0.2 * parts["VisualPlausibility"]
    return float(max(1.0, value / 2) if parts["Reasoning"] == 1 else value)


def _means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """Accuracy by both readings of what has no score, overall and by kind; the mean by rule and by script."""
    rows: list[Mean] = []
    tasks = [("overall", items)]
    tasks += [
        (task, [one for one in items if one.task == task])
        for task in dict.fromkeys(one.task for one in items)
    ]
    for name, inside in tasks:
        keys = {one.key for one in inside}
        held = [one for one in scores if one.key in keys and not one.why]
        missing, yes = left_out(inside, held), sum(int(one.values["complete"]) for one in held)
        rows.append(share_of(f"accuracy {name}", say("bench.rise_scored"), yes, len(held), missing))
        if missing:
            rows.append(share_of(f"accuracy {name}", say("bench.rise_all"), yes, len(inside), missing))
    held = [one for one in scores if not one.why]
    missing = left_out(items, held)
    rows.append(mean_of("score", say("bench.rise_rule"), [one.values["score"] for one in held], missing))
    if any("consistency_free" in one.facts for one in items):
        by_key = {one.key: one for one in items}
        slipped = [_weighed(item := by_key[one.key], one.values, _slips(item)) for one in held]
        rows.append(mean_of("score", say("bench.rise_slip"), slipped, missing))
    return Aggregate(rows, (say("bench.rise_convention"),))


RISE: Final = Layout(
    "rise",
    "RISEBench",
    "PhoenixZ810/RISEBench 5f22651, 2026-05-18",
    "no licence file",
    _items,
    _places,
    _scores,
    _means,
    traps=("T11",),
    others=(".jpg", ".jpeg"),
    missing="stops",
    about=_about,
    companion=_subset,
)
