"""Scores of single results: means over prompts, not over votes; nothing told from too few."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana import Vote, Votes
from nb_banana._rate.tally import findings, tally


def scored(scores: dict[str, list[list[int]]], **more: str) -> list[Vote]:
    """By condition, the scores that each prompt got from its raters."""
    return [Vote(f"{name}{at}{by}", f"u{at}", name, score=score, rater=f"r{by}", left_record=f"{name}{at}", **more)
            for name, units in scores.items() for at, given in enumerate(units) for by, score in enumerate(given)]


def test_a_prompt_counts_once_however_many_people_look_at_it():
    """One prompt with three votes weighs as much as one with a single vote; the better one is told with its interval and p."""
    votes = Votes(scored({"pro": [[5, 5, 5], [3], [4], [5], [4], [5]], "flash": [[1, 1, 1], [3], [1], [2], [1], [2]]}))
    found = votes.scores()
    assert [(row["condition"], row["mean"], row["units"], row["votes"]) for row in found.rows] == [("flash", pytest.approx(10 / 6), 6, 8), ("pro", pytest.approx(26 / 6), 6, 8)]
    assert found.sentences[1].startswith("pro: 4.3 stars (95 %: 3.5 to 5; 6 prompts, 8 votes)")
    assert found.sentences[2].startswith("pro has 2.7 stars more than flash (95 %: 1.2 to 4; p = 0.005")
    assert list(found.to_dataframe()["interval"]) == ["t", "t"] and findings(votes) == list(found.sentences)


def test_nothing_is_told_of_few_or_alike():
    """Under five prompts there is a mean and no verdict; what overlaps can't be told apart, and says how much fits."""
    few = Votes(scored({"pro": [[5], [4]], "flash": [[1], [2]]})).scores()
    assert "too few" in few.sentences[0] and few.sentences[2] == "pro and flash: 2 prompts in common, under 5: too few to tell."
    alike = Votes(scored({"pro": [[5], [1], [3], [2], [4], [2]], "flash": [[1], [5], [3], [4], [2], [3]]})).scores()
    assert "can't be told apart" in alike.sentences[2]


def test_what_is_the_same_on_every_prompt_is_said_as_that():
    """One star more, or none, on each of five prompts has no interval: the sentence says so, and nothing "fits" from one to one."""
    units = [[3], [1], [4], [2], [3]]
    equal = Votes(scored({"pro": units, "flash": units})).scores()
    assert equal.sentences[2] == "flash and pro have the same stars on every one of 5 prompts."
    more = Votes(scored({"pro": [[one + 1] for one, in units], "flash": units})).scores()
    assert "pro has 1 stars more on every one of 5 prompts, but so few go one way by chance too often (p = 0.062" in more.sentences[2]
    steady = Votes(scored({"pro": [[5]] * 6, "flash": [[4]] * 6})).scores()
    assert steady.sentences[1] == "pro: 5 stars on every one of 6 prompts (6 votes)." and steady.rows[1]["low"] is None
    assert steady.sentences[2].startswith("pro has 1 stars more than flash (the same in every pair; p = 0.031")


def test_an_interval_of_stars_stays_among_the_stars():
    """Means end at 1 and 5, differences at 4, in rows and sentences; scores on a wider scale of one's own are not cut, and zero has no sign."""
    found = Votes(scored({"high": [[5], [5], [5], [5], [4]], "low": [[1], [1], [1], [1], [2]]})).scores()
    assert [(row["low"], row["high"]) for row in found.rows] == [(pytest.approx(4.24, abs=0.01), 5), (1, pytest.approx(1.76, abs=0.01))]
    assert found.sentences[2].startswith("high has 3.6 stars more than low (95 %: 2.5 to 4;")
    ten = Votes(scored({"high": [[9], [9], [9], [9], [7]]})).scores()
    assert ten.rows[0]["high"] == pytest.approx(9.71, abs=0.01)
    near = Votes(scored({"a": [[5]] * 30, "b": [[5]] * 29 + [[4]]})).scores()
    assert "anything from 0 to 0.17 stars more" in near.sentences[2]


def test_criteria_and_questions_stand_apart_and_taken_back_scores_are_out():
    """Each has its own mean, named by what was asked; a tally counts the same votes."""
    votes = Votes([*scored({"pro": [[5]]}, criterion="quality"), Vote("x", "u", "pro", score=1, criterion="speed"), Vote("y", "u", "pro", score=1, criterion="speed", undone=True)])
    assert [(row["criterion"], row["mean"], row["votes"]) for row in votes.scores().rows] == [("quality", 5.0, 1), ("speed", 1.0, 1)]
    assert votes.scores().sentences[0].startswith("quality: pro: 5 stars")
    assert tally(votes)[0].rows == (("quality", "pro", "5.00", "mean of 1"), ("speed", "pro", "1.00", "mean of 1"))


def test_rating_needs_none_of_the_libraries_of_research():
    """The widget and the votes load without numpy, scipy and pandas: whoever rates needs no extra."""
    code = "import sys; from nb_banana import Votes; import nb_banana._widgets.rating; print({'numpy', 'scipy', 'pandas', 'evalica'} & {*sys.modules})"
    root = Path(nb.__file__).resolve().parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True).stdout.strip() == "set()"
