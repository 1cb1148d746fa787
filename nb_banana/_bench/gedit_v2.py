"""GEditBench v2: results of several models compared in pairs by a judge.

Its loader reads a list, ``metadata.jsonl`` in the gallery, in which each row names its candidates by model.
What a row doesn't name is never seen, a key that the list lacks ends the run, and a model with 200 pictures
or fewer is left out with a word on the screen only. So with the pictures goes a list of its own,
``metadata_<method>.jsonl``, for the loader's ``--geditv2-metadata-file``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import fields, jsonl_of, odd
from .gedit import list_in, picture_of
from .layout import Layout
from .means import mean_of, without_interval
from .values import Aggregate, Finding, Item, Place, Score, Scores

_LEAST: Final = 200
_POINTS: Final = {"Image A": 1.0, "Image B": 0.0, "Tie": 0.5}


def _items(folder: Path) -> Iterator[Item]:
    """The rows of the list with their pictures."""
    listed = list_in(folder, say("bench.gedit_then"))
    for row in jsonl_of(listed, say("bench.take_its_file")):
        fields(row, ("key", "instruction"), listed, row.get("key"))
        key = str(row["key"])
        task = str(row.get("task") or key.rpartition("_")[0])
        yield Item(key, key, (str(row["instruction"]),), (picture_of(folder, row),), task, facts=row)


def _places(item: Item) -> tuple[Place, ...]:
    return (Place(f"{item.key}.png"),)


def _companion(root: Path, gallery: Path, items: Sequence[Item], method: str) -> tuple[str, str]:
    """The gallery's list, or that of the copy, with the method among the candidates of what was written."""
    before = gallery / "metadata.jsonl"
    listed = before if before.is_file() else list_in(root, "")
    written = {one.key for one in items}
    rows = []
    for row in jsonl_of(listed, say("bench.take_its_file")):
        others = [one for one in row.get("candidates") or () if one.get("model") != method]
        mine = [{"model": method, "image": f"{method}/{row['key']}.png"}] if row["key"] in written else []
        rows.append(json.dumps({**row, "candidates": [*others, *mine]}, ensure_ascii=False))
    return f"metadata_{method}.jsonl", "".join(f"{row}\n" for row in rows)


def _beside(items: Sequence[Item], home: Path) -> Iterator[Finding]:
    """Too few pictures, and lists that don't name them or lack a key."""
    home = home.absolute()
    count = sum(1 for _ in home.glob("*"))
    if count <= _LEAST:
        yield Finding("skipped", str(home), say("bench.v2_few", count=count, least=_LEAST + 1), "v2-200")
    naming: list[Path] = []
    for path in sorted(home.parent.glob("metadata*.jsonl")):
        rows = list(jsonl_of(path, say("bench.take_its_file")))
        if any(home.name in _models(row) for row in rows):
            naming.append(path)
            if lacking := sorted({one.key for one in items} - {str(row.get("key")) for row in rows}):
                told = say("bench.v2_keys", key=lacking[0], count=len(lacking))
                yield Finding("stops", str(path), told, "v2-candidates")
    if not naming:
        yield Finding("unread", str(home), say("bench.v2_unlisted", method=home.name), "v2-candidates")


def _models(row: Mapping[str, Any]) -> set[str]:
    return {str(one.get("model")) for one in row.get("candidates") or ()}


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
    # Pairs share their prompts.
    return Aggregate([without_interval(row) for row in rows], (say("bench.v2_rating"),))


GEDIT_V2: Final = Layout(
    "gedit-v2",
    "GEditBench v2",
    "ZhangqiJiang07/GEditBench_v2 82bc00e, 2026-04-02",
    "no licence file",
    _items,
    _places,
    _scores,
    _means,
    beside=_beside,
    companion=_companion,
    always=True,
)
