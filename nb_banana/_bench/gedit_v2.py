"""GEditBench v2: results of several models compared in pairs by a judge.

Its loader reads ``metadata.jsonl``, in which each row lists its candidates by model; what a row doesn't list
is never seen, and a model with 200 pictures or fewer is left out with a word on the screen only. So with the
pictures goes a list of its own, ``metadata_<method>.jsonl``, for the loader's ``meta_file``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import fields, first, jsonl_of, odd
from .layout import Layout
from .means import mean_of
from .values import Aggregate, Finding, Item, Mean, Place, Score, Scores

_LISTED: Final = "metadata.jsonl"
_LEAST: Final = 200
_POINTS: Final = {"Image A": 1.0, "Image B": 0.0, "Tie": 0.5}


def _items(folder: Path) -> Iterator[Item]:
    """The rows of ``metadata.jsonl``."""
    listed = first(folder, (_LISTED,), say("bench.take_its_file"))
    for row in jsonl_of(listed, say("bench.take_its_file")):
        fields(row, ("key", "instruction", "source_image"), listed, row.get("key"))
        key = str(row["key"])
        task = str(row.get("task") or key.rpartition("_")[0])
        yield Item(
            key, key, (str(row["instruction"]),), (folder / str(row["source_image"]),), task, facts=row
        )


def _places(item: Item) -> tuple[Place, ...]:
    return Place(f"{item.key}.png"), Place(f"../../../{item.facts['source_image']}", source=item.images[0])


def _companion(_: Path, items: Sequence[Item], method: str) -> tuple[str, str]:
    """The list with the method among the candidates of each row."""
    rows = []
    for one in items:
        listed = [row for row in one.facts.get("candidates") or () if row.get("model") != method]
        mine = {"model": method, "image": f"images/edited/{method}/{one.key}.png"}
        rows.append(json.dumps({**one.facts, "candidates": [*listed, mine]}, ensure_ascii=False))
    return f"metadata_{method}.jsonl", "".join(f"{row}\n" for row in rows)


def _beside(items: Sequence[Item], home: Path) -> Iterator[Finding]:
    """Too few pictures, and a list that doesn't name them."""
    home = home.absolute()
    count = sum(1 for _ in home.glob("*"))
    if count <= _LEAST:
        yield Finding("skipped", str(home), say("bench.v2_few", count=count, least=_LEAST + 1), "v2-200")
    lists = sorted(home.parents[2].glob("metadata*.jsonl"))
    told = {
        str(one.get("model"))
        for path in lists
        for row in jsonl_of(path, "")
        for one in row.get("candidates") or ()
    }
    if home.name not in told:
        yield Finding("unread", str(home), say("bench.v2_unlisted", method=home.name), "v2-candidates")


def _scores(items: Sequence[Item], path: Path) -> Scores:
    """One row for each pair that was judged, as points of the first model named."""
    if not path.is_file():
        raise odd(path, say("bench.missing_file"), say("bench.v2_scores_then"))
    rows = jsonl_of(path, say("bench.v2_scores_then"))
    tasks = {one.key: one.task for one in items}
    scores = []
    for row in rows:
        fields(row, ("key",), path, row.get("key"))
        prompt, _, pair = str(row["key"]).partition("_pair_")
        one, _, other = pair.partition("_vs_")
        points = _POINTS.get(_winner(row))
        if not (one and other):
            raise odd(path, say("bench.v2_key", key=row["key"]), say("bench.v2_scores_then"))
        values = {} if points is None else {one: points, other: 1 - points}
        scores.append(
            Score(str(row["key"]), tasks.get(prompt, ""), values, "" if values else say("bench.no_winner"))
        )
    return Scores(scores)


def _winner(row: Any) -> str:
    answered = row.get("results") or row.get("result") or {}
    return str(answered.get("winner")) if isinstance(answered, dict) else ""


def _means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """Points per model, a tie as half; the rating itself is their script's."""
    models = sorted({name for one in scores for name in one.values})
    unscored = sum(bool(one.why) for one in scores)
    rows = [
        mean_of(
            name, say("bench.v2_points"), [one.values[name] for one in scores if name in one.values], unscored
        )
        for name in models
    ]
    return Aggregate([_plain(row) for row in rows], (say("bench.v2_rating"),))


def _plain(row: Mean) -> Mean:
    """Pairs share their prompts, so an interval over pairs would be too narrow: none is given."""
    return Mean(row.name, row.reading, row.value, row.count, row.missing)


GEDIT_V2: Final = Layout(
    "gedit-v2",
    "GEditBench v2",
    "ZhangqiJiang07/GEditBench_v2 11acb46, 2026-04",
    "no licence file",
    _items,
    _places,
    _scores,
    _means,
    below="images/edited/{method}",
    beside=_beside,
    companion=_companion,
    always=True,
)
