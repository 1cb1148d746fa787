"""GEdit-Bench, first edition: VIEScore's two parts per item, averaged in eleven groups.

The data come as Parquet or Arrow, which :func:`.parquet.unpack` unpacks. A copy is ``info.jsonl`` (or
``metadata.jsonl``) with the data's own fields and, beside it, the pictures: ``<key>_SRCIMG.png``, or what a
row's ``file_name`` names.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import csv_of, fields, first, jsonl_of, number, odd
from .layout import Layout, in_order, left_out, notes_of
from .means import grouped, mean_of, mean_of_groups
from .values import Aggregate, Finding, Item, Mean, Place, Score, Scores

_FIELDS: Final = ("task_type", "key", "instruction", "instruction_language", "Intersection_exist")
_LISTS: Final = ("info.jsonl", "metadata.jsonl")
_PARTS: Final = {"SC": "sementics_score", "PQ": "quality_score"}
"""The measure's name and its column, spelt as the script spells it."""


def _items(folder: Path) -> Iterator[Item]:
    """The rows of the list with their pictures."""
    listed = list_in(folder, say("bench.gedit_then"))
    for row in jsonl_of(listed, say("bench.take_its_file")):
        fields(row, _FIELDS, listed, row.get("key"))
        task, language, name = (str(row[part]) for part in ("task_type", "instruction_language", "key"))
        facts = {"Intersection_exist": bool(row["Intersection_exist"])}
        picture = picture_of(folder, row)
        yield Item(
            f"{task}/{language}/{name}",
            name,
            (str(row["instruction"]),),
            (picture,),
            task,
            language,
            facts=facts,
        )


def list_in(folder: Path, then: str) -> Path:
    """The list of a copy; errors as :func:`.files.first`, and for what comes as Parquet or Arrow alone."""
    if folder.is_dir() and not any((folder / name).is_file() for name in _LISTS):
        stored = next((one for kind in ("*.parquet", "*.arrow") for one in sorted(folder.rglob(kind))), None)
        if stored:
            raise odd(stored, say("bench.parquet"), say("bench.parquet_then"))
    return first(folder, _LISTS, then)


def picture_of(folder: Path, row: Mapping[str, Any]) -> Path:
    """The input of a row: what it names, or ``<key>_SRCIMG.png``."""
    for name in (*map(row.get, ("file_name", "input_image", "source_image")), f"{row['key']}_SRCIMG.png"):
        if isinstance(name, str) and (folder / name).is_file():
            return folder / name
    return folder / f"{row['key']}_SRCIMG.png"  # missing: the copy's check says so


def _places(item: Item) -> tuple[Place, ...]:
    stem = f"fullset/{item.key}"
    return Place(f"{stem}.png"), Place(f"{stem}_SRCIMG.png", source=item.images[0])


def _beside(items: Sequence[Item], home: Path) -> Iterator[Finding]:
    """Folders of a language that the data don't have."""
    known = {(one.task, one.language) for one in items}
    for folder in sorted(home.glob("fullset/*/zh")):
        if (folder.parent.name, "zh") not in known:
            yield Finding("unread", str(folder), say("bench.gedit_zh"), "T2")


def _scores(items: Sequence[Item], folder: Path) -> Scores:
    """Both parts of each item, from the tables the script writes for each group."""
    tables = [folder] if folder.is_file() else sorted(folder.rglob("*_score.csv"))
    groups = [one for one in tables if "_combined_" not in one.name] or tables
    if not groups:
        raise odd(folder, say("bench.none_of", names="*_gpt_score.csv"), say("bench.gedit_scores_then"))
    by_name = {one.key: one for one in items}
    found: dict[str, Score] = {}
    strangers = repeated = 0
    seen: dict[str, str] = {}
    for table in groups:
        for row in csv_of(table, say("bench.gedit_scores_then")):
            fields(row, ("edited_image", *_PARTS.values()), table, row.get("edited_image"))
            path = row["edited_image"].replace("\\", "/")
            key = "/".join(path.removesuffix(".png").split("/")[-3:])
            item = by_name.get(key)
            if item is None:
                strangers += 1
                continue
            if seen.setdefault(key, path) != path:
                raise odd(table, say("bench.two_methods", one=seen[key], other=path), say("bench.one_method"))
            repeated += key in found
            found[key] = _score(item, row)
    zeros = sum(one.values.get("SC") == 0 for one in found.values())
    notes = [say("bench.gedit_random")]
    notes += [say("bench.gedit_zeros", count=zeros)] if zeros else []
    notes += notes_of(strangers, repeated)
    return Scores(in_order(items, found, say("bench.not_in_output")), notes)


def _score(item: Item, row: Mapping[str, str]) -> Score:
    parts = {name: number(row[column]) for name, column in _PARTS.items()}
    values = {name: value for name, value in parts.items() if value is not None}
    if len(values) < len(parts):
        return Score(item.key, item.task, {}, say("bench.no_number"), item.language)
    values["O"] = math.sqrt(max(0.0, values["SC"] * values["PQ"]))
    return Score(item.key, item.task, values, language=item.language)


def _means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """Per language the mean of the group means, over all and over the intersection; then each group."""
    rows: list[Mean] = []
    for language in dict.fromkeys(one.language for one in items):
        both = {one.key for one in items if one.facts["Intersection_exist"]}
        for called, inside in ((say("bench.full"), None), (say("bench.intersection"), both)):
            here = [
                one for one in items if one.language == language and (inside is None or one.key in inside)
            ]
            held = [one for one in scores if not one.why and one.key in {item.key for item in here}]
            if here:
                rows += _of_set(language, called, here, held)
        held = [one for one in scores if not one.why and one.language == language]
        for task, values in grouped((one.task, one.values["O"]) for one in held).items():
            expected = sum(one.task == task and one.language == language for one in items)
            name = f"O {task} {language}"
            rows.append(mean_of(name, say("bench.group_mean"), values, expected - len(values)))
    return Aggregate(rows, (say("bench.gedit_convention"), say("bench.gedit_random")))


def _of_set(language: str, called: str, items: Sequence[Item], scores: Sequence[Score]) -> Iterator[Mean]:
    missing, tasks = left_out(items, scores), len({one.task for one in scores})
    for part in ("SC", "PQ", "O"):
        groups = grouped((one.task, one.values[part]) for one in scores)
        reading = say("bench.mean_of_groups", set=called, groups=tasks)
        yield mean_of_groups(f"{part} {language}", reading, groups, missing)
    nonzero = grouped((one.task, one.values["O"]) for one in scores if one.values["SC"] > 0)
    zeros = sum(one.values["SC"] == 0 for one in scores)
    if zeros:
        reading = say("bench.without_zeros", set=called)
        yield mean_of_groups(f"O {language}", reading, nonzero, missing + zeros)


GEDIT: Final = Layout(
    "gedit",
    "GEdit-Bench",
    "stepfun-ai/Step1X-Edit 570eba6, 2025-05-22",
    "data: MIT; code: Apache-2.0; VIEScore: MIT",
    _items,
    _places,
    _scores,
    _means,
    traps=("T1", "T2", "T3"),
    squeezed=True,
    beside=_beside,
)
