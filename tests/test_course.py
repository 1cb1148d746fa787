"""The course hand-out corrects itself: empty answers, right ones and wrong ones, each checked by the notebook's own cells."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

import nb_banana as nb

BOOKS = Path(__file__).resolve().parent.parent / "notebooks"

RIGHT = {
    "square": 'nb.edit("pictures/coffee.jpg", "Make it black and white", aspect_ratio="1:1")',
    "marked": '"birds"',
    "second": 'nb.edit("pictures/coffee.jpg", "Make it black and white", aspect_ratio="1:1", take=2)',
    "bill": 'nb.estimate("nano-banana-pro", "2K", count=120)',
    "branch": 'chain[:1].edit("Turn it into a pencil sketch")',
    "kept": 'nb.edit("pictures/chelsea.jpg", "Make it night", mask=window).composite()',
    "plan": 'nb.compare(photos, {"dark": "Make it darker", "night": "Make it night"})',
    "verdict": '(plan.run(), plan.score("drift"), "higher")[-1]',  # a night loses more of the photograph than a darker day
}
WRONG = [
    ("square", '"black and white"', "what nb.edit(…) gives back"),
    ("square", 'nb.edit("pictures/chelsea.jpg", "Make it black and white", aspect_ratio="1:1")', "pictures/coffee.jpg"),
    ("square", 'nb.edit("pictures/coffee.jpg", "Make it black and white")', "aspect_ratio=…"),
    ("square", 'nb.edit("pictures/coffee.jpg", "Make it warmer", aspect_ratio="1:1")', "still colour"),
    ("marked", "busy.warnings", "a text"),
    ("marked", '"the night"', "was painted"),
    ("marked", '"the rocket"', "not what the line"),
    ("second", "square", "from the history"),
    ("second", 'nb.edit("pictures/coffee.jpg", "Make it grey", aspect_ratio="1:1", take=2)', "the words"),
    ("second", 'nb.edit("pictures/coffee.jpg", "Make it black and white", take=2)', "photograph and shape"),
    ("bill", "5.40", "what nb.estimate(…) gives back"),
    ("bill", 'nb.estimate("nano-banana-pro", "2K", count=30)', "how many pictures"),
    ("bill", 'nb.estimate("nano-banana-pro", "1K", count=120)', "which size"),
    ("bill", 'nb.estimate("nano-banana", "1K", count=120)', "which model"),
    ("branch", "chain.image", "a chain"),
    ("branch", 'chain.edit("Turn it into a pencil sketch")', "two steps"),
    ("branch", 'nb.chain("pictures/chelsea.jpg").edit("Make it warmer").edit("Turn it into a pencil sketch")', "the night of"),
    ("branch", "chain", "pencil sketch"),
    ("kept", 'nb.edit("pictures/chelsea.jpg", "Make it night", mask=window)', "composite()"),
    ("kept", 'nb.edit("pictures/chelsea.jpg", "Make it night").image', "the rest changed too"),
    ("kept", 'chain[0].request.images[0]', "nothing changed"),
    ("plan", 'nb.edit("pictures/coffee.jpg", "Make it warmer")', "what nb.compare(…) gives back"),
    ("plan", 'nb.compare(photos, "Make it warmer")', "two prompts"),
    ("plan", 'nb.compare(photos, ["Make it warmer", "Warmer"], models=["nano-banana", "nano-banana-pro"])', "one thing only"),
    ("plan", 'nb.compare("pictures/coffee.jpg", ["Make it warmer", "Warmer"], takes=10)', "too few photographs"),
    ("verdict", "0.02", "three texts"),
    ("verdict", '"better"', "write"),
    ("verdict", '"lower"', "read the interval"),
    ("verdict", '"not shown"', "read the interval"),
]


def cells() -> list[str]:
    """The code of the hand-out, in order, as the notebook has it."""
    book = nbformat.read(BOOKS / "course.ipynb", as_version=4)
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


@pytest.fixture
def here(clean_place: Path) -> Path:
    """A folder with the pictures the hand-out is given out with."""
    shutil.copytree(BOOKS / "pictures", clean_place / "pictures")
    return clean_place


def work(answers: dict[str, str]) -> dict[str, Any]:
    """Run the hand-out with these answers in the place of the dots; gives its names."""
    names: dict[str, Any] = {}
    hand_out = "\n".join(cells())
    for name, answer in answers.items():
        hand_out = hand_out.replace(f"{name} = ...", f"{name} = {answer}")
    exec(hand_out, names)
    return names


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the checks printed, and how far it is."""
    return [line for line in capsys.readouterr().out.splitlines() if " · not yet" in line or line.endswith("right") or "of 8" in line]


def test_as_it_is_given_out_it_runs_and_says_that_nothing_is_solved(here, capsys):
    """Without any answer every check says "not yet", none fails, and the hand-out runs from top to bottom."""
    assert work({})["right"] == set()
    lines = said(capsys)
    assert [line.split(" · ")[0] for line in lines[:-1]] == list("12345678")
    assert all("three dots" in line for line in lines[:-1]) and lines[-1].startswith("0 of 8 right")


def test_right_answers_are_told_right_and_wrong_ones_what_they_lack(here, capsys):
    """Every exercise takes its right answer; of each wrong one the check names the very thing that is missing."""
    names = work(RIGHT)
    assert said(capsys) == [*(f"{number} · right" for number in range(1, 9)), "8 of 8 right"]
    checks = {name: next(code for code in cells() if f"    {number}, {name}," in code) for number, name in enumerate(RIGHT, 1)}
    for name, answer, words in WRONG:
        kept, names[name] = names[name], eval(answer, names)
        exec(checks[name], names)
        line = said(capsys)[-1]
        assert " · not yet: " in line and words in line, (name, answer, line)
        names[name] = kept
    for name, code in checks.items():
        exec(code, names)
        assert said(capsys)[-1].endswith(" · right"), name


def test_the_last_exercise_reads_the_interval_of_the_plan_it_is_given(here, capsys):
    """Of three plans, one of which shows nothing, the check takes the verdict their intervals give and refuses the two others."""
    names = work({"plan": RIGHT["plan"]})
    check = next(code for code in cells() if "    8, verdict," in code)
    verdicts = {("Make it darker", "Make it night"): "higher", ("Make it night", "Make it darker"): "lower",
                ("Make it brighter", "Make it brighter, with more contrast"): "not shown"}  # fmt: skip
    for wordings, right in verdicts.items():
        names["plan"] = nb.compare(names["photos"], list(wordings)).run()
        names["plan"].score("drift")
        for verdict in ("higher", "lower", "not shown"):
            names["verdict"] = verdict
            exec(check, names)
            assert said(capsys)[-1].startswith("8 · right") == (verdict == right), (wordings, verdict)


def test_an_answer_before_its_turn_is_told_what_comes_first(here, capsys):
    """A verdict without a run, and a second take of nothing, are "not yet" with the next step, and no traceback."""
    work({name: RIGHT[name] for name in ("plan",)} | {"verdict": '"higher"', "second": RIGHT["second"]})
    lines = said(capsys)
    assert "run the plan first" in lines[7] and lines[6].endswith("right")
    assert " · not yet: " in lines[2] and lines[-1].startswith("1 of 8 right")
