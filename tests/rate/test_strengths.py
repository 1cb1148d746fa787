"""What votes show is what was planted in them, as surely as it says; and what they can't show is not said."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import evalica
import numpy as np
import pytest
from planted import NAMES, PAIRS, SIDE, STRENGTHS, TIE, several, truth, vote, votes

import nb_banana as nb
from nb_banana._compare import statistics as compared
from nb_banana._display import view
from nb_banana._rate import fitting
from nb_banana._rate.strengths import further
from nb_banana._strings import speaking

RUNS = 200
COVERED = (0.93, 0.97)


def strengths_of(given, *more):
    """By the name that everybody uses."""
    return view("strengths")(given, *more)


def only(given, *more):
    """What is said of the one thing that was asked."""
    (one,) = strengths_of(given, *more).standings
    return one


def holds(low, high, value):
    """Whether an interval holds a value; an end that is unknown excludes nothing."""
    return (low is None or low <= value) and (high is None or value <= high)


@pytest.fixture(scope="module")
def experiments():
    """Hundreds of ratings, three people each, of prompts that differ; with what endless votes would show."""
    patch = pytest.MonkeyPatch()
    patch.setattr(fitting, "_RESAMPLES", 299)  # as many as a simulation of hundreds can wait for
    patch.setattr(compared, "MANY", 10**6)  # no bootstrap of intervals that are not looked at here
    random = np.random.default_rng(16)
    raw = [votes(random, 40, raters=3, varied=0.8) for _ in range(RUNS)]
    found = [only(given) for given in raw]
    patch.undo()
    strengths, shares, side = truth(0.8)
    return SimpleNamespace(raw=raw, found=found, strengths=strengths, shares=shares, side=side)


def test_planted_strengths_ties_and_lean_are_found():
    """Of many votes with ties and a lean to the left come the strengths, ν and the lean that were planted."""
    one = only(votes(np.random.default_rng(1), 1500))
    found = {row.condition: row.strength for row in one.strengths}
    assert [found[name] for name in NAMES] == pytest.approx(list(STRENGTHS), abs=0.06)
    assert one.tie == pytest.approx(TIE, abs=0.03)
    assert one.sides.terms[0].value == pytest.approx(SIDE, abs=0.08)


def test_an_interval_of_a_strength_holds_as_often_as_it_says(experiments):
    """The 95 % interval of a strength, from prompts drawn again, holds what endless votes would show in 93 to 97 %."""
    held = [
        holds(row.low, row.high, experiments.strengths[NAMES.index(row.condition)])
        for one in experiments.found for row in one.strengths
    ]
    assert COVERED[0] <= np.mean(held) <= COVERED[1]


def test_an_interval_of_a_share_holds_as_often_as_it_says(experiments):
    """The 95 % interval of a share of won votes, prompt by prompt, holds it in 93 to 97 %."""
    held = []
    for one in experiments.found:
        for row in one.pairs:
            pair = tuple(sorted((row.first, row.second)))
            share = experiments.shares[[tuple(NAMES[at] for at in two) for two in PAIRS].index(pair)]
            held.append(row.low <= (share if row.first == pair[0] else 1 - share) <= row.high)
    assert COVERED[0] <= np.mean(held) <= COVERED[1]


def test_an_interval_of_a_share_of_six_prompts_holds_as_often_as_it_says():
    """Of as few as six prompts too, each the mean of six votes; without Student's t it would not."""
    random = np.random.default_rng(19)
    own = random.beta(1.5, 1.5, size=(2000, 6))
    shares = random.binomial(6, own) / 6
    held = [low <= 0.5 <= high for low, high in map(fitting.share_between, shares)]
    assert np.mean(held) >= 0.93


def test_an_interval_of_the_lean_holds_as_often_as_it_says(experiments):
    """The 95 % interval of the lean to the left, clustered by prompt, holds it in 93 to 97 %, ties or not."""
    found = [one.sides.terms[0] for one in experiments.found]
    assert COVERED[0] <= np.mean([holds(row.low, row.high, experiments.side) for row in found]) <= COVERED[1]


def test_votes_as_evidence_of_their_own_miss_it(monkeypatch):
    """Taken as a prompt each, votes of six people on the same prompts give intervals that hold far less often."""
    monkeypatch.setattr(fitting, "_RESAMPLES", 299)
    random = np.random.default_rng(17)
    strengths, _, _ = truth(1.5)
    fair, naive = [], []
    for _ in range(50):
        given = votes(random, 20, raters=6, varied=1.5)
        for held, some in ((fair, given), (naive, [replace(one, unit=one.id) for one in given])):
            tally = fitting.Tally.of(some)
            drawn = fitting.fit(tally).drawn
            held += [
                holds(*fitting.between(drawn[:, at], len(tally.units)), strengths[at]) for at in range(len(NAMES))
            ]
    assert np.mean(naive) < 0.75
    assert np.mean(fair) > 0.91


def test_the_fit_is_that_of_the_library_wherever_it_settles(monkeypatch):
    """Newton's method, which the intervals and hard cases use, gives what evalica's newman gives."""
    given = votes(np.random.default_rng(2), 30)
    one = only(given)
    monkeypatch.setattr(fitting, "_newman", lambda *_: None)
    other = only(given)
    assert [row.strength for row in one.strengths] == pytest.approx([row.strength for row in other.strengths], abs=1e-6)
    assert one.tie == pytest.approx(other.tie, abs=1e-6)


def test_two_conditions_without_ties_are_fitted_though_the_library_turns_in_circles():
    """Ten of fifteen won is odds of two to one; the library's own rounds end where they began, at none."""
    names = ["A"] * 15, ["B"] * 15, [evalica.Winner.X] * 10 + [evalica.Winner.Y] * 5
    assert set(evalica.newman(*names, limit=1000).scores) == {1.0}
    one = only(several(left=10, right=5))
    assert [row.strength for row in one.strengths] == pytest.approx([np.log(2) / 2, -np.log(2) / 2])
    assert one.tie == 0


def test_a_tie_is_half_and_both_bad_is_a_tie_that_is_reported():
    """Shares, ties and both bad by hand: 6 won, 2 lost, 1 even, 1 both bad of ten is 70 %."""
    row, = only(several(left=6, right=2, tie=1, both_bad=1)).pairs
    assert (row.first, row.share, row.votes, row.ties, row.both_bad) == ("A", pytest.approx(0.7), 10, 2, 1)
    said = strengths_of(several(left=6, right=2, tie=1, both_bad=1)).sentences
    assert "Ties: 2, of them both bad: 1. A tie is half a win for each." in said


def test_a_share_is_a_mean_over_prompts():
    """One prompt with nine votes weighs as much as each of the five with one."""
    many = [vote(f"m{at}", choice="right", unit="many", rater=str(at)) for at in range(9)]
    row, = only([*several(left=5), *many]).pairs
    assert (row.share, row.units, row.votes) == (pytest.approx(5 / 6), 6, 14)


def test_what_is_skipped_taken_back_or_a_copy_is_no_vote():
    """Skips, votes taken back (in one copy or all) and copies change no number but those that count them."""
    plain = several(left=6, right=2)
    extra = [
        vote("s", choice="skip"), vote("n", choice=None), vote("b", undone=True), vote("c"), vote("c", undone=True),
        plain[0], vote("x", right="", choice=None, score=3.0),
    ]  # fmt: skip
    one, other = strengths_of(plain), strengths_of([*plain, *extra])
    assert one.pairs == other.pairs and one.to_dataframe().equals(other.to_dataframe())
    assert "Not counted: skipped 2, taken back 2, copies 1, scores of one result alone 1." in other.sentences


def test_criteria_and_questions_are_kept_apart():
    """Opposite votes on two criteria, and on another question, don't make each other even."""
    given = [replace(one, criterion="quality") for one in several(left=8)]
    given += [replace(one, criterion="fit", id=f"f{one.id}") for one in several(right=8)]
    given += [replace(one, question="Which is funnier?", id=f"q{one.id}") for one in several(tie=8)]
    found = strengths_of(given)
    assert [(*row[:4], row[4]) for row in found.pairs.rows] == [
        ("", "quality", "A", "B", 1.0), ("", "fit", "B", "A", 1.0), ("Which is funnier?", "", "A", "B", 0.5),
    ]  # fmt: skip
    assert any(line.startswith("quality: A beats B in 100 % of pairs") for line in found.sentences)
    assert any(line.startswith("Which is funnier?: A and B can't be told apart") for line in found.sentences)


def test_the_sentence_of_the_manual():
    """A winner with its share, interval and prompts; two that can't be told apart, with how many more would."""
    given = [vote(f"w{at}", "Pro", "Flash", "left" if at % 7 < 5 else "right", unit=f"u{at}") for at in range(42)]
    given += [vote(f"g{at}", "GPT Image 2.5", "Pro", "left" if at % 8 < 3 else "right", unit=f"u{at}") for at in range(40)]
    english = strengths_of(given).sentences
    assert "Pro beats Flash in 71 % of pairs (95 %: 56–83, 42 prompts)." in english
    (apart,) = (line for line in english if line.startswith("Pro and GPT Image 2.5 can't be told apart"))
    row = next(row for row in only(given).pairs if row.second == "GPT Image 2.5")
    assert row.p_holm > 0.05 and 100 < row.further <= 150
    assert apart.endswith("about 150 more prompts would, if the difference is as large as it looks.")
    with speaking("zh"):
        assert "Pro 在 71 % 的对比中胜过 Flash（95 %：56–83，42 个提示词）。" in strengths_of(given).sentences


def test_pairs_are_corrected_for_being_several():
    """Holm's p of the pairs of a criterion, by hand: the least three times, and so on."""
    given = [vote(f"{pair}{at}", *pair, "left" if at % 10 < 10 - lost else "right", unit=f"u{at}")
             for pair, lost in (("AB", 2), ("AC", 3), ("BC", 4)) for at in range(30)]  # fmt: skip
    rows = sorted(only(given).pairs, key=lambda row: row.p)
    assert [row.p_holm for row in rows] == pytest.approx([3 * rows[0].p, 2 * rows[1].p, rows[2].p])
    assert [row.told for row in rows] == [True, row.p_holm < 0.05 if (row := rows[1]) else None, False]


def test_a_verdict_that_is_not_that_of_the_interval_says_why():
    """An interval without the half, and not told apart among three pairs: p after Holm stands beside it."""
    given = [vote(f"{pair}{at}", *pair, "left" if at < won else "right", unit=f"u{at}")
             for pair, won in (("AB", 21), ("AC", 17), ("BC", 14)) for at in range(30)]  # fmt: skip
    row = only(given).pairs[0]
    assert row.low > 0.5 and row.told is False
    assert any(f"30 prompts; p = {row.p_holm:.2g} after Holm); about" in line for line in strengths_of(given).sentences)


@pytest.mark.parametrize("units", [2, 4])
def test_under_five_prompts_nothing_is_told(units):
    """Four prompts, however many people voted, give shares and no interval, no verdict, no number of further ones."""
    given = [vote(f"{at}-{who}", unit=f"u{at}", rater=who) for at in range(units) for who in "abcdefgh"]
    found = strengths_of(given)
    (row,) = found.standings[0].pairs
    assert (row.share, row.low, row.high, row.told, row.further) == (1.0, None, None, None, None)
    assert f"A and B: {units} prompts, under 5: too few to tell." in found.sentences


def test_under_thirty_prompts_an_interval_is_called_approximate():
    """With 29 prompts every interval is called approximate, with 30 none is."""
    approximate = "{} prompts are under 30: every interval here is approximate."
    assert approximate.format(29) in strengths_of(several(left=20, right=9)).sentences
    assert not any("approximate" in line for line in strengths_of(several(left=20, right=10)).sentences)


def test_what_was_never_compared_is_not_fitted():
    """Two groups that no vote connects: said by name, no strength, no share between them, shares inside hold."""
    given = [*several(left=6, right=4), *(vote(f"o{at}", "C", "D", "left" if at else "right") for at in range(6))]
    one = only(given)
    assert one.unfitted == "apart" and one.groups == (("A", "B"), ("C", "D"))
    assert {row.strength for row in one.strengths} == {None}
    assert {row.how for row in one.pairs if {row.first, row.second} not in ({"A", "B"}, {"C", "D"})} == {"nothing"}
    said = strengths_of(given).sentences
    assert any(line.startswith("Never compared, neither directly nor by way of others: A, B | C, D.") for line in said)
    assert not any("A and C" in line or "C and A" in line for line in said)


def test_two_that_only_others_connect_are_compared_by_the_model():
    """A met B, B met C: A and C are compared through B, and the sentence says so."""
    random = np.random.default_rng(5)
    given = [one for one in votes(random, 60) if {one.left, one.right} != {"A", "C"}]
    row = next(row for row in only(given).pairs if {row.first, row.second} == {"A", "C"})
    assert (row.how, row.first, row.told, row.votes) == ("model", "A", True, 0)
    assert row.low < 0.72 < row.high
    assert any("A and C were compared only by way of others; by the model A would win" in line for line in strengths_of(given).sentences)


@pytest.mark.parametrize(("given", "why"), [
    (several(left=9), "unbeaten"),
    (several(left=9, tie=2), "one_way"),  # the library gives numbers here that only say how long it was let run
    (several(tie=9), "one_way"),
])  # fmt: skip
def test_votes_without_a_finite_answer_get_none(given, why):
    """Constant votes, wins with ties and no loss, and nothing but ties have shares with intervals, and no strengths."""
    one = only(given)
    assert one.unfitted == why and {row.strength for row in one.strengths} == {None}
    (row,) = one.pairs
    assert row.low < row.share <= row.high <= 1 and (row.low, row.high) != (row.share, row.share)
    assert any(line.startswith("No strengths are fitted") for line in strengths_of(given).sentences)


def test_equal_shares_of_every_prompt_do_not_vary():
    """Two of three people on each of five prompts: five that agree are no proof, whatever a third is in binary."""
    given = [vote(f"{at}{who}", choice="right" if who == "c" else "left", unit=f"u{at}", rater=who)
             for at in range(5) for who in "abc"]  # fmt: skip
    row, = only(given).pairs
    assert row.p == pytest.approx(2 * 0.5**5) and row.told is False


def test_how_many_more_prompts_by_hand():
    """The number is that of the formula: of a middling difference as of a plan's power, of constant wins by the sign test."""
    from nb_banana._compare.power import detectable

    more = further(0.4, 0.6, 20, 3)
    assert detectable(20 + more, 3) <= 0.4 < detectable(20 + more - 1, 3)
    assert further(None, 1.0, 5, 1) == 1 and 2 * 0.5**6 < 0.05 < 2 * 0.5**5
    assert further(None, 0.5, 9, 1) is None and further(1e-12, 0.5, 9, 1) is None


def test_nothing_to_count_is_said():
    """No vote at all, and none that counts, give a sentence and empty frames with their columns."""
    for given in ([], [vote(0, choice="skip")]):
        found = strengths_of(given)
        assert found.sentences[0] == "No vote on a pair that counts."
        assert list(found.to_dataframe().columns)[:4] == ["question", "criterion", "condition", "strength"]
        assert len(found.pairs.to_dataframe()) == len(found.sides.to_dataframe().dropna(subset="value")) == 0


@pytest.mark.parametrize(("given", "named"), [
    ([vote(0), "left"], "votes[1] is 'left'"),
    ([vote(7, choice="centre")], "Vote '7' has the choice 'centre'"),
    ([vote(7, "A", "A")], "Vote '7' compares 'A' with itself"),
    ([vote(7), vote(7, choice="right")], "the id '7'"),
])  # fmt: skip
def test_what_is_no_vote_is_refused_by_name(given, named):
    """Bad input gets an error that names the value."""
    with pytest.raises(nb.NanoBananaError) as caught:
        strengths_of(given)
    assert named in str(caught.value)


def test_the_same_id_of_two_people_is_two_votes():
    """People number their votes for themselves."""
    row, = only([vote(7, rater="a"), vote(7, rater="b", choice="right", unit="u8")]).pairs
    assert row.votes == 2


@pytest.mark.parametrize(("missing", "name"), [("evalica", "strengths"), ("statsmodels", "strengths"), ("evalica", "agreement")])
def test_a_missing_library_is_named_with_the_extra(missing, name, monkeypatch):
    """Without what the research extra brings, the refusal says what is missing and how to get it."""
    for module in [one for one in sys.modules if one.startswith("nb_banana._rate.") and not one.endswith((".vote", ".votes"))]:
        monkeypatch.delitem(sys.modules, module)
    for module in [one for one in sys.modules if one.split(".")[0] == missing]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(nb.NanoBananaError) as caught:
        view(name)(several(left=3))
    assert missing in str(caught.value) and "nb_banana[research]" in caught.value.hint


def test_it_shows_itself_as_text_and_as_a_piece_of_a_page():
    """Both languages: sentences and a table with heads; a name that looks like HTML stays a name."""
    given = [replace(one, left="<b>A</b>") for one in several(left=6, right=3)]
    found = strengths_of(given)
    shown = found._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/html"} and shown["text/plain"] == repr(found)
    assert "&lt;b&gt;A&lt;/b&gt;" in shown["text/html"] and "<b>A" not in shown["text/html"]
    assert '<th scope="col">strength</th>' in shown["text/html"] and "won / tied / lost" in repr(found)
    with speaking("zh"):
        assert "胜 / 平 / 负" in repr(found) and "胜过" not in repr(found)


def test_a_value_of_votes_counts_itself():
    """``Votes.strengths()`` and ``Votes.agreement()`` say what is said of their votes."""
    given = nb.Votes(several(left=9, right=3))
    assert given.strengths().sentences == strengths_of(given).sentences
    assert given.agreement().sentences == view("agreement")(given).sentences
