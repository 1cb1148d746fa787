"""A lean to a side, and what else goes with a choice, is told from strength or is not told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planted import several, vote, votes

import nb_banana as nb
from nb_banana._display import view


def sides_of(given, *more):
    """What is said of sides of the one thing that was asked."""
    (one,) = view("strengths")(given, *more).standings
    return one.sides


def term(given, name, *more):
    """One thing that may go with the choice."""
    return next(one for one in sides_of(given, *more).terms if one.name == name)


def said(given, begins, *more):
    """Whether one of the sentences begins so."""
    return any(line.startswith(begins) for line in view("strengths")(given, *more).sentences)


@pytest.mark.parametrize(("lean", "begins"), [
    (0.9, "People lean to the left: of two of a strength the left one is chosen in "),
    (-0.9, "People lean to the right: of two of a strength the left one is chosen in only "),
    (0.0, "No lean to a side was shown: of two of a strength the left one is chosen in "),
])  # fmt: skip
def test_a_lean_is_said(lean, begins):
    """Whoever prefers a side, or none, is found out in words."""
    assert said(votes(np.random.default_rng(4), 60, side=lean), begins)


def test_seconds_and_covariates_are_found_when_they_are_there():
    """A planted influence of time and of width is found within its interval; one that is not there is not told."""
    random = np.random.default_rng(6)
    given, width = [], {}
    for at in range(900):
        seconds, wide = float(random.lognormal(1.5, 0.6)), float(random.normal())
        lean = 0.5 * (np.log2(seconds) - 1.5 / np.log(2)) + 0.8 * wide
        width |= {f"l{at}": wide, f"r{at}": 0.0}
        sides = random.permuted(["A", "B"])
        chosen = "left" if random.random() < 1 / (1 + np.exp(-lean - (0.5 if sides[0] == "A" else -0.5))) else "right"
        given.append(vote(at, *map(str, sides), chosen, unit=f"u{at % 90}", seconds=seconds,
                          left_record=f"l{at}", right_record=f"r{at}"))  # fmt: skip
    noise = {record: float(random.normal()) for record in width}
    covariates = {"width": width, "noise": noise}
    for name, planted in (("seconds", 0.5), ("width", 0.8)):
        one = term(given, name, covariates)
        assert one.low < planted < one.high and one.told
    assert term(given, "noise", covariates).told is False
    assert said(given, "width goes with the choice: 1 more of it has 2", covariates)
    assert said(given, "That noise goes with the choice was not shown", covariates)
    assert said(given, "Who looks twice as long chooses the left side with 1", covariates)


def test_what_always_went_with_a_condition_is_not_told_from_it():
    """Unshuffled sides, and a covariate that is a property of the condition, are named as what can't be told."""
    given = several(left=14, right=6)
    assert term(given, "side").why == "confounded"
    assert said(given, "A lean to a side can't be told from strength here")
    assert said(given, "A stood left of B in 20 of 20 votes, which is no shuffle")
    shuffled = votes(np.random.default_rng(7), 40)
    aspect = {"aspect": {"A": 1.0, "B": 1.5, "C": 0.7}}
    assert term(shuffled, "aspect", aspect).why == "confounded"
    assert said(shuffled, "aspect can't be told from the conditions", aspect)
    assert sides_of(shuffled).uneven == ()


def test_a_side_without_exception_has_no_finite_lean():
    """Whoever always takes the left has a share with an interval, and no log-odds."""
    given = [vote(at, *(("A", "B") if at % 2 else ("B", "A"))) for at in range(20)]
    one = sides_of(given)
    assert (one.left, one.high, one.terms[0].value, one.terms[0].why) == (1.0, 1.0, None, "endless") and one.low < 1
    assert said(given, "The side alone decided without exception (left chosen: 100 %, 95 %: 8")


def test_a_condition_that_always_wins_does_not_hide_the_lean():
    """One that nobody beats has no finite strength; how people lean between the others is told all the same."""
    given = [one for one in votes(np.random.default_rng(8), 80, side=0.9) if "C" not in (one.left, one.right)]
    given += [vote(f"d{at}", *(("D", "A") if at % 2 else ("A", "D")), "left" if at % 2 else "right", unit=f"u{at}") for at in range(80)]
    one = term(given, "side")
    assert one.told and one.low < 0.9 < one.high


@pytest.mark.parametrize(("covariates", "named"), [
    ({"width": {"Z": 1.0}}, "'width'"), ({"seconds": {"A": 1.0, "B": 2.0}}, "'seconds'"), ({"width": {"A": "wide", "B": 1}}, "'wide'"),
])  # fmt: skip
def test_a_covariate_that_says_nothing_is_refused_by_name(covariates, named):
    """Keys that no vote has, a name that is taken, and what is no number are errors that name them."""
    with pytest.raises(nb.NanoBananaError, match=named):
        sides_of(votes(np.random.default_rng(4), 9), covariates)


def test_the_lean_is_a_question_of_its_own():
    """Adding covariates changes nothing of what is said of the lean; among themselves they are corrected by Holm."""
    given = [replace(one, seconds=float(1 + at % 5)) for at, one in enumerate(votes(np.random.default_rng(4), 60))]
    given = [replace(one, left_record=f"l{at}", right_record=f"r{at}") for at, one in enumerate(given)]
    noise = {"x": {f"{side}{at}": float(at * 3 % 7 if side == "l" else at % 5) for at in range(len(given)) for side in "lr"}}
    alone, some = term(given, "side"), [term(given, name, noise) for name in ("seconds", "x")]
    assert term(given, "side", noise) == alone and alone.p == alone.p_holm
    low, high = sorted(some, key=lambda one: one.p)
    assert low.p_holm == pytest.approx(min(1, 2 * low.p)) and high.p_holm == pytest.approx(min(1, max(high.p, 2 * low.p)))


def test_votes_without_a_time_are_not_given_one():
    """Seconds are looked at on the votes that have them; none has, and nothing is said of time."""
    given = votes(np.random.default_rng(9), 40)
    assert [one.name for one in sides_of(given).terms] == ["side"]
    timed = [replace(one, seconds=float(2 + at % 7)) if at < 60 else one for at, one in enumerate(given)]
    one = term(timed, "seconds")
    assert one.votes == sum(one.choice != "tie" for one in timed[:60])


def test_a_few_prompts_tell_nothing_of_sides():
    """Four prompts: no lean, no interval, whatever the number of people."""
    given = [vote(f"{at}{who}", *(("A", "B") if (at + who) % 2 else ("B", "A")), unit=f"u{at}", rater=str(who))
             for at in range(4) for who in range(9)]  # fmt: skip
    one = sides_of(given)
    assert (one.low, one.terms[0].value, one.terms[0].why) == (None, None, "few")


@pytest.mark.parametrize(("scale", "step"), [(1e-5, "1e-05"), (0.1, "0.1"), (1, "1"), (1e6, "1,000,000")])
def test_a_covariate_is_told_alike_in_any_unit(scale, step):
    """A drift under 0.1 and pixels in millions have the sentence they have in another unit, with as much more of it as votes differ by."""
    random = np.random.default_rng(1)
    given, much, clear = [], {}, {}
    for at in range(120):
        sides, own = (("A", "B"), ("B", "A"))[at % 2], random.random(2)
        much |= {f"l{at}": own[0] * scale, f"r{at}": own[1] * scale}
        chosen = "left" if random.random() < 1 / (1 + np.exp(2 * (own[1] - own[0]))) else "right"
        clear |= {f"l{at}": scale * (chosen == "left") * (1 + own[0]), f"r{at}": scale * (chosen == "right") * (1 + own[1])}
        given.append(vote(at, *sides, chosen, unit=f"u{at % 40}", left_record=f"l{at}", right_record=f"r{at}"))
    one = term(given, "drift", {"drift": much})
    assert one.told and one.value * scale == pytest.approx(1.5715, abs=0.001)
    assert said(given, f"drift goes with the choice: {step} more of it has 4.81 times the odds", {"drift": much})
    assert term(given, "clear", {"clear": clear}).why == "endless"
    assert term(given, "same", {"same": dict.fromkeys(much, scale * 0.1)}).why == "confounded"
