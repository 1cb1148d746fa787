"""What is shown together, in which order and on which side: fair wherever it is stopped, the same when it is asked again."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

import nb_banana as nb
from nb_banana import Vote
from nb_banana._rate.pairing import Pair, Shown, balanced, field_of, sides, telling


def pairs_of(units: int, names: str = "abc") -> list[Pair]:
    """Every two conditions of every unit."""
    return [
        Pair(f"u{at}", tuple(Shown(0, name, f"{at}{name}") for name in two), "|".join(f"{at}{name}" for name in two))
        for at in range(units) for two in combinations(names, 2)
    ]


def test_results_meet_that_differ_in_nothing_but_what_is_compared(compared):
    """Same input, prompt and take; a failed and a missing result are counted and never shown."""
    c = compared(takes=2, fault=[None, "safety"], cells=range(13))  # 16 cells: one refused, three not run
    field = field_of(c._holder.held, "model", "pairs")
    assert field.left_out == {"failed": 1, "missing": 2} and len(field.pairs) == 5
    for pair in field.pairs:
        one, other = (c.cells[shown.cell] for shown in pair.shown)
        assert (one.image, one.prompt, one.take) == (other.image, other.prompt, other.take) and one.model != other.model
        assert pair.unit == f"{one.image} · {one.prompt}"
    alone = field_of(c._holder.held, "model", "single")
    assert len(alone.pairs) == 12 and alone.left_out == {"failed": 1, "missing": 3}


def test_any_axis_can_be_rated_and_a_wrong_one_is_named(compared):
    """By prompt the unit is the input, by image the prompt; an axis with one value and one that is none are refused."""
    held = compared()._holder.held
    assert {pair.unit for pair in field_of(held, "prompt", "pairs").pairs} == {"rose.png", "oak.png"}
    assert {pair.unit for pair in field_of(held, "image", "pairs").pairs} == {"Make it snow", "Turn the day into night"}
    with pytest.raises(nb.errors.InvalidRequestError, match="'seed'"):
        field_of(held, "seed", "pairs")
    with pytest.raises(nb.errors.InvalidRequestError, match="no_such"):
        field_of(held, "no_such", "pairs")


def test_rows_of_a_table_meet_and_two_inputs_of_one_name_are_two_units(clean_place, draw_photo):
    """A row for each edit names its picture anew: equal ones meet; pictures that only share a name do not."""
    for folder, colour in (("a", "khaki"), ("b", "navy")):
        (clean_place / folder).mkdir()
        draw_photo((96, 72), colour).save(clean_place / folder / "cat.png")
    rows = [{"image": f"{folder}/cat.png", "prompt": "Make it snow", "model": model, "style": model[:3]}
            for folder in "ab" for model in ("nano-banana-pro", "nano-banana")]
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        held = nb.compare(rows, session=session).run()._holder.held
    pairs = field_of(held, "model", "pairs").pairs
    assert [pair.unit for pair in pairs] == ["cat.png · Make it snow", "cat.png · Make it snow (2)"]


def test_wordings_meet_by_the_edit_they_are_of_and_are_not_read(clean_place, draw_photo):
    """A column that says what was edited stands for the words: each edit's wordings meet, no two edits do, and the instruction stays hidden."""
    draw_photo((96, 72)).save(clean_place / "cat.png")
    draw_photo((96, 72), "navy").save(clean_place / "sea.png")
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        wordings = {"short": ["Night", "Warm"], "long": ["Turn the day into night", "Make the light warmer"]}
        asked = nb.experiments.prompts(["cat.png", "sea.png"], wordings, session=session).run().comparison
        held = asked._holder.held
        pairs = field_of(held, "wording", "pairs", "edit").pairs
        forgot = asked.rate(by="wording", rater="ann")
        assert (forgot.state["phase"], forgot.state["left_out"]) == ("nothing", "") and 'rate(by=…, unit="…")' in forgot.state["told"]
        with pytest.raises(nb.errors.InvalidRequestError, match="name it: rate"):
            forgot.vote("left")
        assert len(pairs) == 4 == len({pair.unit for pair in pairs}) and {pair.matchup for pair in pairs} == {("long", "short")}
        for pair in pairs:
            one, other = (asked.cells[shown.cell] for shown in pair.shown)
            assert one.columns["edit"] == other.columns["edit"] == pair.unit and one.prompt != other.prompt
        with pytest.raises(nb.errors.InvalidRequestError, match="no_such"):
            field_of(held, "wording", "pairs", "no_such")
        for mode in ("pairs", "single"):
            rating = asked.rate(by="wording", unit="edit", mode=mode, rater="ann")
            assert rating.state["instruction"] == ""
            rating.vote("left") if mode == "pairs" else rating.vote(score=4)
            assert [vote.edit for vote in rating.votes] == [""]  # two wordings in one edit: its name is a person's own


@pytest.mark.parametrize("seed", range(4))
def test_wherever_it_is_stopped_all_came_about_as_often(seed):
    """At any point every unit and every two conditions came as often as the others, to one or two; each side too, to one."""
    pairs = pairs_of(12)
    order = balanced(pairs, seed, "ann")
    assert sorted(pair.key for pair in order) == sorted(pair.key for pair in pairs)
    for stopped in range(1, len(order) + 1):
        seen = order[:stopped]
        for counts, least in ((Counter(pair.unit for pair in seen), 12), (Counter(pair.matchup for pair in seen), 3)):
            low = min(counts.values()) if len(counts) == least else 0
            assert max(counts.values()) - low <= 2
    placed = sides(pairs, seed, "ann")
    lefts = Counter((pair.matchup, placed[pair.key][0].condition) for pair in pairs)
    assert set(lefts.values()) == {6}


def test_the_same_seed_and_rater_give_the_same_and_others_give_others():
    """Order and sides hang on the seed and the rater alone, not on the order in which the plan has them."""
    pairs = pairs_of(12)
    shuffled = [*pairs[::2], *pairs[1::2]]
    assert balanced(pairs, 1, "ann") == balanced(shuffled, 1, "ann") and sides(pairs, 1, "ann") == sides(shuffled, 1, "ann")
    assert len({tuple(pair.key for pair in balanced(pairs, seed, rater)) for seed in (1, 2) for rater in ("ann", "bob")}) == 4
    assert len({tuple(one[0].record for one in sides(pairs, seed, rater).values()) for seed in (1, 2) for rater in ("ann", "bob")}) == 4


def test_adaptive_asks_most_about_those_that_are_close():
    """Of three conditions, two alike and one far behind, the two alike meet most; what is clear is asked least."""
    order, votes = balanced(pairs_of(40), 3, "ann"), []
    strength = {"a": 3, "b": 3, "c": 0}
    for at in range(45):
        pair = telling(order, votes)
        order.remove(pair)
        one, other = (shown.condition for shown in pair.shown)
        better = strength[one] - strength[other]
        choice = "left" if better > 0 or (not better and at % 2) else "right"
        votes.append(Vote(str(at), pair.unit, one, other, choice))
    met = Counter((vote.left, vote.right) for vote in votes)
    assert met["a", "b"] > met["a", "c"] + 5 and met["a", "b"] > met["b", "c"] + 5 and min(met.values()) >= 3
    assert max(Counter(vote.unit for vote in votes).values()) <= 2


def test_one_result_against_itself_is_no_pair(compared):
    """Two values that came to the very same result are left out, and said."""
    held = compared(prompts=1, models={"pro": "nano-banana-pro", "again": "nano-banana-pro"})._holder.held
    assert field_of(held, "model", "pairs").left_out == {"same": 2}


def test_a_condition_without_words_loses_no_vote(compared):
    """What is compared with a phrase left out counts on both sides: as many votes as were given, a winner by name, in the file too."""
    c = compared(models="nano-banana", replace={"Make it ": ["Make it ", ""]}, prompts=1)
    rating = c.rate(by="phrase", rater="ann", seed=1)
    for turn in iter(lambda: rating._turn, None):
        rating.vote("left" if turn.shown[0].condition == '""' else "right")
    assert {one.choice for one in rating.votes} == {"left", "right"} and [one["winner"] for one in rating.votes.to_dataframe().to_dict("records")] == ['""', '""']
    assert rating.votes.strengths().sentences[0].startswith("Votes: 2;") and len(rating.votes.agreement().accords) == 1
    rating.reveal()
    assert rating.state["tally"] == [{"head": ("", "votes", '"" better', "tie", "both bad", "Make it  better"), "rows": (('"" | Make it ', "2", "2", "0", "0", "0"),)}]


def test_votes_kept_before_an_empty_condition_had_a_name_are_pairs(tmp_path):
    """Lines and votes by hand with an empty side are on two results where two records, or a side chosen, say so; a score is on one."""
    kept = tmp_path / "old.jsonl"
    kept.write_text('{"kind": "vote", "id": "a", "unit": "u", "left": "vivid", "right": "", "choice": "skip", "left_record": "l", "right_record": "r"}')
    (old,) = nb.Votes.load(kept)
    assert (old.left, old.right) == ("vivid", '""')
    assert Vote("b", "u", "vivid", "", "right").right == Vote("c", "u", "", "vivid", "left").left == '""'
    assert Vote("d", "u", "vivid", score=4).right == Vote("e", "u", "vivid", choice="skip").right == ""


def test_a_result_that_meets_no_other_is_counted(clean_place, draw_photo):
    """Of two results of one condition for one edit the second has no other to meet, and the page says so; what has not run is said to be run."""
    draw_photo((96, 72)).save(clean_place / "cat.png")
    rows = [{"image": "cat.png", "prompt": prompt, "edit": "hat", "style": style}
            for prompt, style in (("Add a hat", "plain"), ("Add a big hat", "big"), ("Add a very big hat", "big"))]
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        plan = nb.compare(rows, models="nano-banana", session=session)
        assert "Run the comparison" in plan.run(cells=[]).rate(by="style", unit="edit").state["told"]
        rating = plan.run().rate(by="style", unit="edit", rater="ann")
    assert rating.state["left_out"] == "1 pairs are not shown: 1 where one side has no further result to meet." and rating.progress == "0 of 1"
