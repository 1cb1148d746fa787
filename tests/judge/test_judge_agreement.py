"""How far judges agree with themselves, with each other and with people: only on what both have said."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pytest
from judge_kit import reply, scores

import nb_banana as nb
from nb_banana._rate.vote import Vote
from nb_banana.errors import InvalidRequestError

WAYS = [f"ok {n} and {n}" for n in (1, 3, 5, 7, 9, 10)]


@pytest.fixture
def plan(photo, session) -> nb.Comparison:
    return nb.compare(photo, [*WAYS, "prose"], session=session).run()


def test_two_judges_are_compared_on_what_both_have_scored(plan, judge, fake):
    """The same order with other figures: rank correlation 1, alpha below it; a judge alone agrees with nobody."""
    with pytest.raises(InvalidRequestError, match="begin with"):
        plan.judge_agreement()
    plan.judge(judge)
    with pytest.raises(InvalidRequestError, match="agrees with nobody"):
        plan.judge_agreement()
    by_first = fake.answer
    fake.answer = lambda *given: (200, reply(scores(2, 2))) if b"10" in by_first(*given)[1] else by_first(*given)
    plan.judge(replace(judge, model="judge-2", name="k"))
    (row,) = plan.judge_agreement().rows
    assert (row["first"], row["second"], row["common"], row["on"]) == ("j", "k", 6, "scores")
    assert row["spearman"] == pytest.approx(0.429, abs=0.001) and row["alpha_of"] == "values"  # 1 - 6 * 20 / 210
    assert 0 < row["alpha"] < 1


def test_another_judge_under_the_same_name_is_told(plan, judge, fake):
    """Two models that share a name share columns: whoever comes second says so."""
    plan.judge(judge)
    with pytest.warns(UserWarning, match="those of another judge"):
        plan.judge(replace(judge, model="judge-2"))


def test_another_protocol_of_the_same_judge_is_told_once(plan, judge, fake, one):
    """Columns are called after the judge: a second protocol that takes them says which, and the same once more says nothing."""
    plan.judge(judge)
    two = one.with_name("two.toml")
    two.write_text(one.read_text(encoding="utf-8").replace('"one"', '"two"').replace("done", "pretty"), encoding="utf-8")
    fake.answer = lambda *_: (200, reply('{"pretty": 1, "kept": 1}'))
    with pytest.warns(UserWarning, match="columns j_kept, j_overall are now"):
        plan.judge(replace(judge, protocol=two))
    with warnings.catch_warnings(action="error"):
        plan.judge(replace(judge, protocol=two))
        plan.judge(replace(judge, protocol=two, name="k"))


def test_repeats_are_compared_with_themselves(plan, judge, fake):
    """A judge that says the same each time has an alpha of 1 over its passes."""
    plan.judge(replace(judge, passes=2))
    (row,) = plan.judge_agreement().rows
    assert (row["second"], row["common"]) == ("itself, 2 passes", 6) and row["alpha"] == pytest.approx(1)


def test_a_judge_is_compared_with_peoples_votes(plan, judge, fake):
    """Pairs: who is preferred; single scores: the ranks. Skipped, undone and foreign votes do not count."""
    plan.judge(judge)
    ids = [result.record_id for result in plan.results]
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]
    votes = [
        Vote(str(n), "u", "l", "r", "right" if n else "left", left_record=ids[one], right_record=ids[other], rater="ann")
        for n, (one, other) in enumerate(pairs)
    ]
    votes += [
        replace(votes[1], choice="skip", rater="bob"), replace(votes[1], choice="left", undone=True),
        replace(votes[1], left_record="0000000000000"),
    ]  # fmt: skip
    votes += [Vote(f"s{n}", "u", "l", score=n / 5, left_record=ids[n]) for n in range(6)]
    found = plan.judge_agreement(votes)
    on_pairs, on_scores = found.rows
    assert (on_pairs["second"], on_pairs["common"]) == ("people", 6) and on_pairs["same"] == pytest.approx(5 / 6)
    assert on_scores["spearman"] == pytest.approx(1) and on_scores["alpha_of"] == "ranks"
    assert on_scores["alpha"] == pytest.approx(1)
    assert "1 of 13 votes are about results that are not in this comparison" in repr(found)


def test_votes_on_several_things_are_compared_one_by_one_and_a_later_vote_counts_alone(plan, judge, fake):
    """Two criteria are two rows, each with its own agreement; whoever voted anew is counted by what they said last."""
    plan.judge(judge)
    ids = [result.record_id for result in plan.results]
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]
    votes = [
        Vote(f"{what}{n}{at}", "u", "l", "r", choice, left_record=ids[one], right_record=ids[other], rater="ann", criterion=what, at=at)
        for n, (one, other) in enumerate(pairs)
        for what, at, choice in (("words", "1", "left"), ("words", "2", "right"), ("looks", "1", "left"))
    ]
    rows = {row["second"]: row for row in plan.judge_agreement(votes).rows}
    assert {name: (row["common"], row["same"]) for name, row in rows.items()} == {"people: words": (6, 1), "people: looks": (6, 0)}
    (row,) = plan.judge_agreement(vote for vote in votes if vote.criterion == "words").rows
    assert (row["second"], row["same"]) == ("people", 1)
