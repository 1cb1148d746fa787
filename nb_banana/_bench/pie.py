"""PIE-Bench: 512×512 pictures under their own names, measured outside and inside a mask of runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import csv_of, fields, first, json_of, number, odd
from .layout import Layout, in_order, notes_of
from .masks import SIDE
from .means import mean_of
from .values import Aggregate, Finding, Item, Mean, Place, Score, Scores

_LISTS: Final = ("mapping_file.json", "data/mapping_file.json")
_FIELDS: Final = ("image_path", "editing_instruction", "editing_type_id", "mask")
_DICT: Final = "all_tgt_image_folders"


def _items(folder: Path) -> Iterator[Item]:
    """The entries of ``mapping_file.json``."""
    listed = first(folder, _LISTS, say("bench.take_its_file"))
    rows = fields(json_of(listed, say("bench.take_its_file")), (), listed, listed.name)
    for key, row in rows.items():
        fields(row, _FIELDS, listed, key)
        picture = listed.parent / "annotation_images" / str(row["image_path"])
        yield Item(
            str(key),
            str(key),
            (str(row["editing_instruction"]),),
            (picture,),
            str(row["editing_type_id"]),
            mask=_runs(row["mask"], listed, key),
            facts=row,
        )


def _runs(given: Any, listed: Path, key: Any) -> tuple[int, ...]:
    if (
        isinstance(given, list)
        and len(given) % 2 == 0
        and all(isinstance(one, int) and one >= 0 for one in given)
    ):
        return tuple(given)
    raise odd(listed, say("bench.pie_mask", key=key), say("bench.take_its_file"))


def _places(item: Item) -> tuple[Place, ...]:
    return (Place(f"annotation_images/{item.facts['image_path']}"),)


def _beside(_: Sequence[Item], home: Path) -> Iterator[Finding]:
    """The script's own dictionary must know the method."""
    home = home.absolute()
    script = home.parents[1] / "evaluation" / "evaluate.py"
    known = script.is_file() and f"output/{home.name}/annotation_images" in script.read_text(
        "utf-8", "replace"
    )
    if not known:
        yield Finding("stops", str(home), say("bench.pie_dict", method=home.name, name=_DICT), "pie-dict")


def _subset(_: Path, __: Path, items: Sequence[Item], ___: str) -> tuple[str, str]:
    return "subset_mapping_file.json", json.dumps(
        {one.key: dict(one.facts) for one in items}, ensure_ascii=False
    )


def _scores(items: Sequence[Item], path: Path) -> Scores:
    """The rows of ``evaluation_result.csv``, of one method."""
    file = path if path.is_file() else path / "evaluation_result.csv"
    by_key, found = {one.key: one for one in items}, {}
    strangers = repeated = 0
    for row in csv_of(file, say("bench.pie_scores_then")):
        fields(row, ("file_id",), file, row.get("file_id"))
        methods = {name.partition("|")[0] for name in row if "|" in name}
        if len(methods) > 1:
            one, other, *_ = sorted(methods)
            raise odd(file, say("bench.two_methods", one=one, other=other), say("bench.one_method"))
        if (item := by_key.get(row["file_id"])) is None:
            strangers += 1
            continue
        values = {
            name.partition("|")[2]: value
            for name, given in row.items()
            if "|" in name and (value := number(given)) is not None
        }
        repeated += item.key in found
        found[item.key] = Score.of(item, values)
    return Scores(in_order(items, found, say("bench.not_in_output")), notes_of(strangers, repeated))


def _means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """The mean of each measure, "nan" left out; the script itself leaves it to the reader."""
    rows: list[Mean] = []
    for part in dict.fromkeys(name for one in scores for name in one.values):
        values = [one.values[part] for one in scores if part in one.values]
        reading = say("bench.pie_unedited" if part.endswith("_unedit_part") else "bench.plain_mean")
        rows.append(mean_of(part, reading, values, len(items) - len(values)))
    return Aggregate(rows, (say("bench.pie_convention"),))


PIE: Final = Layout(
    "pie",
    "PIE-Bench",
    "cure-lab/PnPInversion 07f97f4, 2024-03-12",
    "no licence file; parquet port: CC-BY-SA-4.0",
    _items,
    _places,
    _scores,
    _means,
    traps=("T13",),
    missing="stops",
    side=SIDE,
    beside=_beside,
    companion=_subset,
)
