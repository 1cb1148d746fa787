"""MagicBrush's test set: turns, each by itself and as a chain, compared with true pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import fields, first, json_of, number, odd
from .layout import Layout
from .values import Aggregate, Finding, Item, Mean, Place, Score, Scores

_SETS: Final = ("all_turn", "final_turn")


def _items(folder: Path) -> Iterator[Item]:
    """Per session its turns as a chain, and every later turn by itself from the true picture before it."""
    listed = first(folder, ("edit_sessions.json",), say("bench.magicbrush_then"))
    for name, turns in fields(
        json_of(listed, say("bench.take_its_file")), (), listed, "edit_sessions"
    ).items():
        home = folder / "images" / str(name)
        rows = [
            fields(row, ("input", "instruction"), listed, name) for row in turns if isinstance(turns, list)
        ]
        if not rows:
            raise odd(
                listed,
                say("bench.no_object", key=name, kind=type(turns).__name__),
                say("bench.take_its_file"),
            )
        steps = tuple(str(row["instruction"]) for row in rows)
        facts = {"session": str(name), "turns": len(rows)}
        yield Item(
            str(name),
            str(name),
            steps,
            (home / str(rows[0]["input"]),),
            "chain",
            mask=_mask(home, name, 1) if len(rows) == 1 else None,
            reference=_true(home, name, len(rows)),
            facts=facts,
        )
        for turn, row in enumerate(rows[1:], 2):
            yield Item(
                f"{name}/{turn}",
                f"{name}_inde_{turn}",
                (str(row["instruction"]),),
                (home / str(row["input"]),),
                "turn",
                mask=_mask(home, name, turn),
                reference=_true(home, name, turn),
                turn=turn,
                facts=facts,
            )


def _mask(home: Path, name: Any, turn: int) -> Path | None:
    path = home / f"{name}-mask{turn}.png"
    return path if path.is_file() else None


def _true(home: Path, name: Any, turn: int) -> Path:
    return home / f"{name}-output{turn}.png"


def _places(item: Item) -> tuple[Place, ...]:
    session = item.facts["session"]
    if item.task == "turn":
        return (Place(f"{session}/{item.name}.png"),)
    later = tuple(
        Place(f"{session}/{session}_iter_{turn}.png", turn) for turn in range(2, len(item.steps) + 1)
    )
    return Place(f"{session}/{session}_1.png"), *later


def _about(_: Path, items: Sequence[Item]) -> Iterator[Finding]:
    """A true picture that is missing: the script counts turns by them."""
    for one in items:
        if one.reference is not None and not one.reference.is_file():
            yield Finding("stops", str(one.reference), say("bench.magicbrush_true"), "missing")


def _beside(items: Sequence[Item], home: Path) -> Iterator[Finding]:
    """Folders of sessions must be the same on both sides."""
    sessions = {str(one.facts["session"]) for one in items}
    here = {one.name for one in home.iterdir() if one.is_dir()} if home.is_dir() else set()
    for name in sorted(here - sessions):
        yield Finding("stops", str(home / name), say("bench.magicbrush_extra"), "turns")
    for name in sorted(sessions & here):
        named = [one.name for one in (home / name).iterdir() if one.suffix == ".png"]
        counted = [one for one in named if "_1" in one or "inde_" in one]
        turns = next(int(one.facts["turns"]) for one in items if one.facts["session"] == name)
        if len(named) > 1 and len(counted) > turns:
            yield Finding(
                "stops",
                str(home / name),
                say("bench.magicbrush_turns", count=len(counted), turns=turns),
                "turns",
            )


def _scores(_: Sequence[Item], path: Path) -> Scores:
    """The two sets of ``evaluation_metrics.json``; it holds no single items."""
    file = path if path.is_file() else path / "evaluation_metrics.json"
    told = fields(json_of(file, say("bench.magicbrush_scores_then")), _SETS, file, file.name)
    scores = [
        Score(
            name,
            name,
            {
                part: value
                for part, given in fields(told[name], (), file, name).items()
                if (value := number(given)) is not None
            },
        )
        for name in _SETS
    ]
    return Scores(scores, (say("bench.magicbrush_whole"),))


def _means(items: Sequence[Item], scores: Sequence[Score]) -> Aggregate:
    """What the script says, with the number of pictures it is of."""
    chains = sum(one.task == "chain" for one in items)
    counts = {"final_turn": chains, "all_turn": len(items)}
    rows = [
        Mean(f"{part} {one.key}", say(f"bench.magicbrush_{one.key}"), value, counts[one.key], 0)
        for one in scores
        for part, value in one.values.items()
    ]
    return Aggregate(rows, (say("bench.magicbrush_convention"),))


MAGICBRUSH: Final = Layout(
    "magicbrush",
    "MagicBrush test",
    "OSU-NLP-Group/MagicBrush fcfc892, 2025-02-19",
    "CC-BY-4.0; the test set is not to be passed on",
    _items,
    _places,
    _scores,
    _means,
    missing="stops",
    squeezed=True,
    about=_about,
    beside=_beside,
)
