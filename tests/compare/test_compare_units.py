"""What is one piece of evidence is the same before a run, after it, and when people rate it."""

from __future__ import annotations

import pytest

import nb_banana as nb

MODELS = ["nano-banana-pro", "nano-banana"]
COLOURS = ("mistyrose", "gainsboro", "khaki", "plum", "skyblue", "tan")


def number(result):
    """Any figure that differs from result to result."""
    return float(len(result.image.data) % 97)


@pytest.fixture
def inputs(clean_place, draw_photo):
    """Six pictures, each called input.png in a folder of its own."""
    paths = [clean_place / colour / "input.png" for colour in COLOURS]
    for path, colour in zip(paths, COLOURS):
        path.parent.mkdir()
        draw_photo((96, 72), colour).save(path)
    return paths


def rated(plan, by):
    """The units that one person's votes on everything there is to rate are on, with what they are known by elsewhere."""
    rating = plan.rate(by=by, rater="ann", seed=1)
    for _ in range(int(rating.progress.split(" of ")[1])):
        rating.vote("left")
    return {(vote.unit, vote.edit) for vote in rating.votes}


PLANS = [
    ("model", 6, "pictures of one name", lambda inputs: (inputs, "Make it snow", {"models": MODELS})),
    ("image", 1, "pictures of one name compared", lambda inputs: (inputs, "Make it snow", {})),
    ("phrase", 6, "a phrase exchanged", lambda inputs: (inputs, "Make the car red", {"replace": {"red": ["blue"]}})),
    ("model", 4, "both phrases of two", lambda inputs: (inputs[:2], "Make the car red", {"replace": {"red": ["blue"]}, "models": MODELS})),
    ("model", 1, "the steps of a chain", lambda inputs: (inputs[:1], [[f"Add {many} boats" for many in range(2, 8)]], {"models": MODELS})),
    ("turn", 3, "steps compared", lambda inputs: (inputs[:3], [["Make it snow", "Make it night"]], {})),
    ("model", 1, "names of one prompt", lambda inputs: (inputs[:1], dict.fromkeys("abcdef", "Make it snow"), {"models": MODELS})),
    ("phrase", 2, "prompts that share a shortened name", lambda inputs: (
        inputs[:1], [f"{'Make it red. ' * 9}{word} {'And wait. ' * 9}" for word in ("Now", "Then")], {"replace": {"red": ["blue"]}})),
]  # fmt: skip


@pytest.mark.parametrize("by, units, asked", [(by, units, asked) for by, units, _, asked in PLANS], ids=[one[2] for one in PLANS])
def test_a_unit_is_the_same_before_and_after(session, inputs, by, units, asked):
    """What the estimate counts on is what contrast and summary have, and what votes are on: inputs by what is in them, a chain once, a prompt once."""
    images, prompts, more = asked(inputs)
    plan = nb.compare(images, prompts, session=session, **more)
    if by in ("model", "phrase"):
        assert (plan.estimate().power.axis, plan.estimate().power.units) == (by, units)
    plan.run().score(number)
    assert {row["units"] for row in plan.contrast("number", by=by).rows} == {units}
    summary = plan.summary("number", by=by).rows
    assert {row["units"] for row in summary} == {units} and len({row[by] for row in summary}) == len(summary)
    found = rated(plan, by)
    assert len(found) == len({unit for unit, _ in found}) == len({edit for _, edit in found if edit}) == units
    if by == "image":
        assert [row["image"] for row in summary][:2] == ["input.png", "input.png (2)"] and len(summary) == 6


def test_an_experiment_counts_as_its_comparison_does(session, inputs):
    """Six pictures of one name are six pairs in the estimate of an experiment too, and none of them is written off as too few."""
    asked = nb.experiments.models(inputs, "Make it snow", session=session)
    assert asked.estimate().power == asked.comparison.estimate().power and asked.estimate().power.units == 6
    assert "too few to tell" not in repr(asked)
