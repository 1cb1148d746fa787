"""ImgEdit-Bench: one flat folder of PNGs; scores are read out of a judge's answer in words, item by item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from .._strings import say
from .files import fields, first, json_of
from .layout import Layout, in_order, left_out
from .means import grouped, mean_of, mean_of_groups
from .values import Aggregate, Item, Mean, Place, Score, Scores

_ROOTS: Final = ("", "singleturn", "Benchmark/singleturn", "images", "origin_img")
"""Where the originals of the tar file lie, tried in turn."""
_PART: Final = re.compile(r":\s*([1-5])(?:\s*/\s*5)?\s*[.。]?\s*$")
"""A score at the end of a line, as a person reads it: ``3``, ``4/5``, ``3.``."""


def _basic(folder: Path) -> Iterator[Item]:
    return _items(folder, "basic_edit.json", ("id", "prompt", "edit_type"))


def _uge(folder: Path) -> Iterator[Item]:
    return _items(folder, "UGE_edit.json", ("id", "prompt"))


def _items(folder: Path, name: str, needed: tuple[str, ...]) -> Iterator[Item]:
    """The entries of the list with their originals."""
    listed = first(folder, (name,), say("bench.take_its_file"))
    entries = fields(json_of(listed, say("bench.take_its_file")), (), listed, name)
    roots = [folder / root for root in _ROOTS]
    for key, row in entries.items():
        fields(row, needed, listed, key)
        places = [root / str(row["id"]) for root in roots]
        picture = next((one for one in places if one.is_file()), places[0])
        yield Item(
            str(key), str(key), (str(row["prompt"]),), (picture,), str(row.get("edit_type", "")), facts=row
        )


def _places(item: Item) -> tuple[Place, ...]:
    return (Place(f"{item.key}.png"),)


def _subset(name: str, items: Sequence[Item]) -> tuple[str, str]:
    rows = {one.key: dict(one.facts) for one in items}
    return f"subset_{name}", json.dumps(rows, indent=2, ensure_ascii=False)


def _basic_subset(_: Path, __: Path, items: Sequence[Item], ___: str) -> tuple[str, str]:
    return _subset("basic_edit.json", items)


def _uge_subset(_: Path, __: Path, items: Sequence[Item], ___: str) -> tuple[str, str]:
    return _subset("UGE_edit.json", items)


def official(answer: str) -> float | None:
    """The mean of the scores that the script's own rule reads: lines that are ``words: digits`` alone."""
    parts = [line.strip().split(": ") for line in answer.splitlines()]
    found = [int(part[1]) for part in parts if len(part) == 2 and part[1].isdigit()]
    return round(fmean(found), 2) if found else None


def as_read(answer: str, expected: int) -> float | None:
    """The mean of the scores at the ends of lines, if there are as many as were asked for."""
    found = [int(hit[1]) for line in answer.splitlines() if (hit := _PART.search(line))]
    return fmean(found) if len(found) == expected else None


def _scores(items: Sequence[Item], path: Path) -> Scores:
    """Both readings of every answer in ``result.json``."""
    file = path if path.is_file() else path / "result.json"
    answers = fields(json_of(file, say("bench.imgedit_scores_then")), (), file, file.name)
    expected = 3 if any(one.task for one in items) else 1
    found = {one.key: _score(one, answers[one.key], expected) for one in items if one.key in answers}
    failed = sum(isinstance(answer, Mapping) for answer in answers.values())
    apart = sum(
        "official" in one.values
        and "lenient" in one.values
        and abs(one.values["official"] - one.values["lenient"]) > 0.006
        for one in found.values()
    )
    lost = sum("lenient" in one.values and "official" not in one.values for one in found.values())
    notes = [say("bench.imgedit_failed", count=failed)] if failed else []
    notes += [say("bench.imgedit_dropped", count=apart)] if apart else []
    notes += [say("bench.imgedit_lost", count=lost)] if lost else []
    if strangers := len(answers.keys() - {one.key for one in items}):
        notes.append(say("bench.strangers", count=strangers))
    return Scores(in_order(items, found, say("bench.not_in_output")), notes)


def _score(item: Item, answer: Any, expected: int) -> Score:
    if not isinstance(answer, str):
        told = answer.get("error") if isinstance(answer, Mapping) else answer
        return Score(item.key, item.task, {}, say("bench.call_failed", reason=str(told)[:80]))
    both = {"official": official(answer), "lenient": as_read(answer, expected)}
    values = {name: value for name, value in both.items() if value is not None}
    return Score.of(item, values)


def _means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """Both readings of "overall" by both readings of an answer, then each type by the script's own."""
    rows: list[Mean] = []
    for kind in ("official", "lenient"):
        held = [one for one in scores if kind in one.values]
        missing = left_out(items, held)
        groups = grouped((one.task, one.values[kind]) for one in held)
        read = say(f"bench.imgedit_{kind}")
        values = [one.values[kind] for one in held]
        rows.append(mean_of("overall", say("bench.item_mean", read=read), values, missing))
        if any(one.task for one in items):
            reading = say("bench.type_mean", read=read, types=len(groups))
            rows.append(mean_of_groups("overall", reading, groups, missing))
    for task in dict.fromkeys(one.task for one in items if one.task):
        held = [one for one in scores if one.task == task and "official" in one.values]
        missing = sum(one.task == task for one in items) - len(held)
        values = [one.values["official"] for one in held]
        rows.append(mean_of(task, say("bench.imgedit_official"), values, missing))
    return Aggregate(rows, (say("bench.imgedit_convention"),))


IMGEDIT: Final = Layout(
    "imgedit",
    "ImgEdit-Bench Basic",
    "PKU-YuanGroup/ImgEdit 547185d, 2025-09-07",
    "no licence file",
    _basic,
    _places,
    _scores,
    _means,
    traps=("T5", "T6", "T7"),
    missing="stops",
    typed=True,
    companion=_basic_subset,
)
IMGEDIT_UGE: Final = replace(
    IMGEDIT,
    name="imgedit-uge",
    title="ImgEdit-Bench UGE",
    items=_uge,
    traps=("T4", "T6"),
    companion=_uge_subset,
)
