"""Two results side by side: asked in both orders, who follows the place and not the picture is found out."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from judge_kit import pictures, reply, words

import nb_banana as nb
from nb_banana._images import pixels
from nb_banana._judge.items import scaled
from nb_banana.errors import InvalidRequestError


def prefers(choose):
    """A judge that names a side by what it is shown; the first picture is the one before."""

    def answer(_, body):
        first, second = (hashlib.sha256(url.encode()).hexdigest() for url in pictures(body)[1:])
        return 200, reply(json.dumps({"reason": "looked", "better": choose(first, second)}))

    return answer


def shown(result) -> str:
    """What :func:`prefers` knows a result by."""
    small = scaled(result.image, 64)
    url = f"data:{small.mime_type};base64,{base64.b64encode(small.data).decode()}"
    return hashlib.sha256(url.encode()).hexdigest()


@pytest.fixture
def plan(photo, session) -> nb.Comparison:
    """Two shapes of four edits: the pictures of a pair differ."""
    asked = [f"a {colour} sky" for colour in ("red", "blue", "green", "pink")]
    return nb.compare(photo, asked, aspect_ratios=["1:1", "4:3"], session=session).run()


@pytest.fixture
def pair(at) -> nb.Judge:
    return nb.Judge("judge-1", at, "edit-pair", name="p", longest_edge=64)


def test_a_judge_that_always_names_the_first_place_is_found_and_says_nothing(plan, pair, fake):
    """Every pair is a tie that turned with the order, and the bias is 100 %."""
    fake.answer = prefers(lambda first, second: "A")
    judged = plan.judge(pair, by="aspect_ratio")
    (one,) = judged.preferences
    assert (one.wins, one.losses, one.ties, one.turned, one.stayed_first, one.stayed_second) == (0, 0, 4, 4, 4, 0)
    assert judged.figures == {"p_preferred": [0.5] * 8} and fake.posts.total() == 8
    assert "Position bias: in 100 % of 4 pairs" in repr(judged) and "(4 times the first, 0 times the second)" in repr(judged)


def test_a_picture_of_many_questions_is_not_made_small_for_each(plan, pair, fake, monkeypatch):
    """Pictures stand 72 times in 24 questions: each is decoded and scaled once by each of the four who ask at a time, at most."""
    fake.answer = prefers(lambda first, second: "A")
    small, edge, real = [], 70, pixels.scaled  # an edge of no other test: what is kept outlives them

    def scaled(picture, longest, **how):
        if longest == edge:
            small.append(picture.tobytes())
        return real(picture, longest, **how)

    monkeypatch.setattr(pixels, "scaled", scaled)
    plan.judge(replace(pair, passes=3, longest_edge=edge), by="aspect_ratio")
    shown = [picture for body in fake.bodies for picture in pictures(body)]
    assert len(shown) == 72 and len(set(shown)) == len(set(small)) and max(Counter(small).values()) <= 4


def test_one_edit_under_several_names_is_one_piece_of_evidence(photo, session, pair, fake, clean_place):
    """A picture in six files, or a prompt under six names, is asked about once: one unit of the judge's votes and one preference, not six."""
    fake.answer = prefers(lambda first, second: "A" if first > second else "B")
    files = [Path(shutil.copy(photo, clean_place / f"copy {number}.png")) for number in range(6)]
    shapes = {"aspect_ratios": ["1:1", "4:3"], "session": session}
    for plan in (
        nb.compare(files, "a red sky", **shapes).run(),
        nb.compare(photo, {f"name {number}": "a red sky" for number in range(6)}, **shapes).run(),
        nb.compare(photo, {"one": "a red sky", "other": "a blue sky", "again": "a red sky"}, **shapes).run(),
    ):
        judged = plan.judge(pair, by="aspect_ratio")
        (row,) = plan.contrast("seconds", by="aspect_ratio").rows
        assert len({vote.unit for vote in judged.votes()}) == row["units"]
        (one,) = judged.preferences
        assert one.wins + one.losses + one.ties == row["units"]
    assert sorted({vote.unit.split(" · ")[-1] for vote in judged.votes()}) == ["one", "other"]


def test_a_judge_that_sticks_to_the_picture_has_no_bias(plan, pair, fake):
    """The same picture is named from either place: wins and losses are exact, nothing turned, and the names are not shown."""
    fake.answer = prefers(lambda first, second: "A" if first > second else "B")
    judged = plan.judge(pair, by="aspect_ratio")
    (one,) = judged.preferences
    assert one.wins + one.losses == 4 and one.ties == one.turned == 0 and (one.first, one.second) == ("1:1", "4:3")
    shown = judged.figures["p_preferred"]
    assert sum(shown[0::2]) == one.wins and sum(shown[1::2]) == one.losses
    assert "in 0 % of 4 pairs" in repr(judged)
    votes = judged.votes()
    assert Counter(vote.choice for vote in votes) == Counter(left=one.wins, right=one.losses) - Counter()
    assert {(vote.left, vote.right, vote.rater) for vote in votes} == {("1:1", "4:3", "p")} and len({vote.unit for vote in votes}) == 4
    assert not any("1:1" in words(body) or "banana" in words(body) for body in fake.bodies)


def test_an_unread_order_leaves_the_pair_without_a_verdict(plan, pair, fake):
    """Half of a pair is no verdict: it is counted as lacking, never as a tie or a loss."""
    fake.answer = lambda _, body: (200, reply("B, clearly" if "red" in words(body) else '{"better": "tie", "reason": ""}'))
    judged = plan.judge(pair, by="aspect_ratio")
    (one,) = judged.preferences
    assert (one.lacking, one.ties, one.turned, one.wins, one.losses) == (1, 3, 0, 0, 0)
    assert judged.figures["p_preferred"][:2] == [None, None] and judged.told == "2 of 8 unscored (unparsable 2)"
    assert judged.withheld


def test_pairs_need_two_results_that_were_told_the_same(plan, pair, fake):
    """An axis that changes the words, or along which there is one value, makes no pair; nothing is sent."""
    for by in ("prompt", "model"):
        with pytest.raises(InvalidRequestError, match=by):
            plan.judge(pair, by=by)
    assert fake.posts.total() == 0


def test_pictures_of_one_name_are_not_compared_with_each_other(session, pair, fake, clean_place, draw_photo):
    """Six photographs called ``before.png`` make six pairs, each of one photograph by two models, and the votes can be counted."""
    paths = []
    for number in range(6):
        (clean_place / f"shot{number}").mkdir()
        paths.append(clean_place / f"shot{number}" / "before.png")
        draw_photo((64 + number, 48)).save(paths[-1])
    plan = nb.compare(paths, "a red sky", models=["nano-banana-pro", "nano-banana"], session=session).run()
    fake.answer = prefers(lambda first, second: "tie")
    judged = plan.judge(pair)
    assert fake.posts.total() == 12 and sum(one.ties for one in judged.preferences) == 6
    both = [[plan.cells[at] for at in one.item.cells] for one in judged.answers]
    assert all(one.source.images == other.source.images and one.model != other.model for one, other in both)
    assert nb.Votes(judged.votes()).strengths().sentences


def test_one_result_is_never_shown_against_itself(photo, session, pair, fake):
    """A model's nickname beside its id, or a mask beside none, are not two models: nothing is asked, and nothing paid."""
    asked = ["a red sky", "a blue sky"]
    twice = nb.compare(photo, asked, models=["nano-banana-pro", "gemini-3-pro-image-preview"], session=session).run()
    with pytest.raises(InvalidRequestError, match="model alone"):
        twice.judge(pair)
    masked = nb.experiments.masks(photo, asked, (0, 0, 0.5, 0.5), session=session).run().comparison
    with pytest.raises(InvalidRequestError, match="model alone"):
        masked.judge(pair)
    assert fake.posts.total() == 0


def test_a_column_of_ones_own_says_what_a_pair_is_about(photo, session, pair, fake):
    """What was asked with a mask and without one is judged by the column that says so, by its names; other words are no pair."""
    masked = nb.experiments.masks(photo, ["a red sky", "a blue sky"], (0, 0, 0.5, 0.5), session=session).run().comparison
    fake.answer = prefers(lambda first, second: "A")
    (one,) = masked.judge(pair, by="region").preferences
    assert (one.first, one.second, one.ties, fake.posts.total()) == ("masked", "unmasked", 2, 4)
    worded = nb.experiments.prompts(photo, {"A": "red", "B": "blue"}, session=session).run().comparison
    with pytest.raises(InvalidRequestError, match="wording alone"):
        worded.judge(pair, by="wording")
    with pytest.raises(InvalidRequestError, match="edit, wording"):
        worded.judge(pair, by="words")


def test_several_passes_are_one_vote_for_what_more_of_them_said(plan, pair, fake):
    """Two passes for one side and one for the other: each pair has one vote, and none is replaced by another when they are counted."""
    wide = {shown(one): one.request.aspect_ratio == "4:3" for one in plan.results}
    fake.answer = lambda _, body: prefers(lambda first, _: "A" if wide[first] == (body["seed"] < 3) else "B")(_, body)
    judged = plan.judge(replace(pair, passes=3, seed=1), by="aspect_ratio")
    (one,) = judged.preferences
    assert (one.first, one.wins, one.losses) == ("1:1", 4, 8)
    assert [(vote.left, vote.choice) for vote in judged.votes()] == [("1:1", "right")] * 4
    assert [vote.choice for vote in nb.Votes(judged.votes()).counted] == ["right"] * 4


def test_a_judge_and_people_mean_the_same_edit(plan, pair, fake):
    """What a judge's votes are on is known by what people's are, in whichever comparison either were asked."""
    fake.answer = prefers(lambda first, second: "A")
    rating = plan.rate(by="aspect_ratio", rater="ann")
    while rating._turn:
        rating.vote("tie")
    judged = {vote.edit for vote in plan.judge(pair, by="aspect_ratio").votes()}
    assert judged == {vote.edit for vote in rating.votes} and "" not in judged and len(judged) == len({vote.unit for vote in rating.votes})


def test_two_values_have_one_row_in_whichever_order_a_table_names_them(photo, session, pair, fake):
    """Rows that begin now with one model, now with the other are of one preference, its wins those of the first it names."""
    models = ["nano-banana-pro", "nano-banana"]
    rows = [
        {"image": str(photo), "prompt": f"a {colour} sky", "model": model}
        for at, colour in enumerate(("red", "blue", "green", "pink", "black"))
        for model in (models if at % 2 else models[::-1])
    ]
    plan = nb.compare(rows, session=session).run()
    pro = {shown(one): one.request.model == "nano-banana-pro" for one in plan.results}
    fake.answer = prefers(lambda first, second: "A" if pro[first] else "B")
    (one,) = plan.judge(pair).preferences
    assert (one.first, one.second, one.wins, one.losses, one.ties) == ("nano-banana", "nano-banana-pro", 0, 5, 0)


def test_the_steps_of_two_chains_are_judged_from_where_both_began(photo, session, pair, fake):
    """A later step is shown beside the first picture and all that was asked since, the same in both orders: each chain went on
    from a picture of its own."""
    chain = ["a red sky", "a blue sky"]
    plan = nb.compare(photo, [chain], models=["nano-banana-pro", "nano-banana"], session=session).run()
    fake.answer = prefers(lambda first, second: "tie")
    plan.judge(pair)
    assert len({pictures(body)[0] for body in fake.bodies}) == 1
    assert fake.posts == {"a red sky": 2, "a red sky\na blue sky": 2}


def test_a_judge_names_what_it_judged_as_people_do(plan, pair, fake):
    """Votes of a judge and of a person on the same four edits are on four units, and their agreement is told."""
    fake.answer = prefers(lambda first, second: "A" if first > second else "B")
    votes = plan.judge(pair, by="aspect_ratio").votes()
    rating = plan.rate(by="aspect_ratio", rater="ann", seed=2)
    for _ in votes:
        rating.vote("left")
    both = rating.votes + nb.Votes(votes)
    assert len(both) == 8 and {vote.unit for vote in both} == {vote.unit for vote in rating.votes}
    (accord,) = both.agreement().accords
    assert (accord.raters, accord.items, accord.units) == (2, 4, 4)


def test_results_of_two_phrases_are_no_pair(photo, session, pair, fake):
    """Who was told "red" and who was told "blue" were not told the same: such pairs are refused by name and cost nothing, and a plan that varies more is judged by that."""
    asked = nb.compare(photo, "a red sky", replace={"red": ["blue"]}, aspect_ratios=["1:1", "4:3"], session=session).run()
    with pytest.raises(InvalidRequestError, match="by='phrase': both results of a pair must have been told the same"):
        asked.judge(pair, by="phrase")
    fake.answer = prefers(lambda first, second: "A" if first > second else "B")
    judged = asked.judge(pair)
    assert {(one.first, one.second) for one in judged.preferences} == {("1:1", "4:3")} and fake.posts.total() == 4
    assert {vote.unit.rpartition(" · ")[2] for vote in judged.votes()} == {"red", "blue"}
