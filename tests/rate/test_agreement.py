"""Agreement is what it is by hand, and nothing is said of it where there is nobody to agree with."""

from __future__ import annotations

import numpy as np
import pytest
from planted import vote

import nb_banana as nb
from nb_banana._display import view
from nb_banana._strings import speaking

# Krippendorff's own example (Computing Krippendorff's Alpha-Reliability, 2011): four observers, twelve units.
MANUAL = ("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .")


def agreement_of(given, *more):
    """By the name that everybody uses."""
    return view("agreement")(given, *more)


def only(given, *more):
    """What is said of the one thing that was asked."""
    (one,) = agreement_of(given, *more).accords
    return one


def scores(rows):
    """Votes on results alone, a string of scores for each rater; a dot is none."""
    return [
        vote(f"{who}-{at}", right="", choice=None, score=float(one), unit=f"u{at}", rater=str(who))
        for who, row in enumerate(rows) for at, one in enumerate(row.split()) if one != "."
    ]  # fmt: skip


def answers(rows, **more):
    """Votes on A and B, one string per rater: a is A, b is B, t a tie, x both bad; a dot is none."""
    kinds = {"a": "left", "b": "right", "t": "tie", "x": "both_bad"}
    return [
        vote(f"{who}-{at}", choice=kinds[one], unit=f"u{at}", rater=str(who), **more)
        for who, row in enumerate(rows) for at, one in enumerate(row) if one != "."
    ]  # fmt: skip


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_the_manual(level, alpha):
    """The numbers that Krippendorff worked out for his example, with its gaps."""
    one = only(scores(MANUAL), level)
    assert one.alpha == pytest.approx(alpha, abs=0.0006)
    assert (one.raters, one.items, one.alone, one.of) == (4, 11, 1, "scores")


def test_alpha_of_pairs_by_hand():
    """Two people, ten pairs, two disagreements between A and B: 12 answers A, 8 B, so 1 − 19 · 2 / (12 · 8)."""
    one = only(answers(["aaaaaabbbb", "aaaaabbbba"]), "nominal")
    assert one.alpha == pytest.approx(1 - 19 * 2 / (12 * 8)) and one.same == pytest.approx(0.8)


def test_sides_change_nothing():
    """Who saw the pair the other way round and chose the same condition agrees."""
    given = answers(["aaabbtab", "aaabbtbb"])
    turned = [vote(one.id, "B", "A", {"left": "right", "right": "left"}.get(one.choice, one.choice), unit=one.unit, rater="1")
              for one in given if one.rater == "1"]  # fmt: skip
    assert only([one for one in given if one.rater == "0"] + turned).alpha == only(given).alpha


def test_a_tie_stands_between_and_both_bad_is_one():
    """A against even is less of a disagreement than A against B; both bad and a tie agree."""
    near, far = (only(answers(["aaaabbbb", f"aaa{one}bbbb"])).alpha for one in "tb")
    assert near > far
    assert only(answers(["aabbt", "aabbx"])).same == 1


def test_interval_by_prompts():
    """The interval holds alpha, draws prompts with all their items, and copies of a prompt's items don't narrow it."""
    random = np.random.default_rng(3)
    rows = ["".join(random.choice(list("aabt"), 40)) for _ in range(2)]
    rows.append("".join(one if random.random() < 0.7 else "b" for one in rows[0]))
    one = only(answers(rows))
    assert one.low < one.alpha < one.high
    again = answers(rows) + answers(rows, left_record="l2", right_record="r2")
    again = [vote(f"{at}", one.left, one.right, one.choice, unit=one.unit, rater=one.rater,
                  left_record=one.left_record, right_record=one.right_record) for at, one in enumerate(again)]  # fmt: skip
    twice = only(again)
    assert twice.items == 80 and twice.units == 40
    assert twice.high - twice.low == pytest.approx(one.high - one.low, rel=0.1)


def test_one_rater_has_nobody_to_agree_with():
    """One person: no alpha, no share, and that is said."""
    one = only(answers(["aabb"]))
    assert (one.alpha, one.same, one.why) == (None, None, "one_rater")
    assert agreement_of(answers(["aabb"])).sentences == ("Agreement on pairs: one person judged, so there is nobody to agree with.",)


def test_people_who_judged_different_things_can_not_be_compared():
    """Two people, no item in common, and two takes of a prompt are different items."""
    assert only(answers(["aab...", "...bba"])).why == "nothing_common"
    given = [vote("1", left_record="a1", right_record="b1", unit="u", rater="x"),
             vote("2", left_record="a2", right_record="b2", unit="u", rater="y")]  # fmt: skip
    assert only(given).why == "nothing_common"


def test_constant_answers_are_no_perfect_agreement():
    """Everybody always says A: the library calls that 1; here it is said that it can't be told."""
    one = only(answers(["aaaaaa", "aaaaaa", "aaaaaa"]))
    assert (one.alpha, one.low, one.same, one.why) == (None, None, 1.0, "constant")
    assert "gave the same answer to all 6 items" in agreement_of(answers(["aaaaaa"] * 3)).sentences[0]


def test_few_prompts_are_told_as_few():
    """Four prompts have an alpha and no interval; twenty are called approximate."""
    few = agreement_of(answers(["aabb", "aaba"]))
    assert few.accords[0].low is None and "under 5: too few to tell" in few.sentences[0]
    some = agreement_of(answers(["ab" * 10, "ab" * 8 + "bbaa"]))
    assert "20 prompts are under 30: every interval here is approximate." in some.sentences


def test_the_last_answer_counts_and_nothing_that_is_no_vote():
    """A later vote of the same person on the same item takes the place of the earlier; skips and undone votes don't count."""
    given = [*answers(["aabbab", "aabbaa"]), vote("late", choice="right", unit="u5", rater="1"),
             vote("skipped", choice="skip", unit="u0", rater="1"), vote("undone", choice="right", unit="u0", rater="1", undone=True)]  # fmt: skip
    one = only(given)
    assert (one.alpha, one.again) == (1.0, 1)
    assert any(line.endswith("of which the last counts: 1.") for line in agreement_of(given).sentences)


def test_frames_and_words():
    """A row for each thing asked and kind, ratings by rater and item, both languages, and an unknown level refused by name."""
    given = answers(["aabb", "aaba"], criterion="fit") + [
        vote(f"s{one.id}", right="", choice=None, score=one.score, unit=one.unit, rater=one.rater) for one in scores(MANUAL)
    ]  # fmt: skip
    found = agreement_of(given)
    assert list(found.to_dataframe()[["criterion", "of"]].itertuples(index=False, name=None)) == [("fit", "pairs"), ("", "scores")]
    assert found.accords[1].ratings.to_dataframe().shape == (4, 12)
    assert found.sentences[0].startswith("fit: Agreement on pairs") and "<li>fit: " in found._repr_mimebundle_()["text/html"]
    with speaking("zh"):
        assert "一致性（打分）：Krippendorff α 为 0.82" in repr(found)
    with pytest.raises(nb.NanoBananaError, match="ratio"):
        agreement_of(given, "ratio")
    assert agreement_of([]).sentences == ("No vote on a pair that counts.",)
