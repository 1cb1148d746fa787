"""Axes beside the plain ones: seeds, phrases, chains, and a table with columns of one's own."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy import stats

import nb_banana as nb
from nb_banana._compare import power

SEEDED = "nano-banana-pro"


def sent(server):
    """What the server was asked, in order."""
    return [entry.prompt for entry in server.requests]


def test_seeds_are_an_axis_and_reach_the_server(server, session, photos):
    """Each seed is a cell of its own with a request of its own; a dict names them; a model without one is impossible, free."""
    plan = nb.compare(photos[0], "make it night", models=[SEEDED], seeds={"first": 1, "second": 2}, session=session)
    assert [(cell.seed, cell.shown("seed")) for cell in plan.cells] == [(1, "first"), (2, "second")]
    plan.run()
    assert [one.request.seed for one in plan] == [1, 2] and len(server.requests) == 2
    frame = plan.to_dataframe()
    assert list(frame["seed"]) == [1, 2] and list(frame["seed_name"]) == ["first", "second"]


@pytest.mark.parametrize(("seeds", "words"), [([1, True], r"seeds\[1\] is True \(bool\)"), ([1.5], r"seeds\[0\] is 1.5"), ("7", "seeds is str"), ({1, 2}, "no order"), ([-1], "-1")])
def test_what_is_no_seed_is_refused(session, photos, seeds, words):
    """A slip among the seeds is named by its place, before there is a plan."""
    with pytest.raises(nb.errors.InvalidRequestError, match=words):
        nb.compare(photos[0], "make it night", seeds=seeds, session=session)


def test_one_seed_for_all_and_several_are_not_given_at_once(session, photos):
    """Which of the two should hold nobody can know."""
    with pytest.raises(nb.errors.InvalidRequestError, match="one of the two"):
        nb.compare(photos[0], "make it night", seeds=[1], seed=2, session=session)


def test_a_phrase_is_replaced_and_the_prompt_as_typed_is_tried_too(session, photos):
    """Every prompt comes as it is and with each other phrase; frame and cells call them by the phrase."""
    plan = nb.compare(photos[0], ["a red hat, red shoes", "a red car"], replace={"red": ["blue", "green"]}, session=session)
    assert [(cell.prompt, cell.phrase) for cell in plan.cells] == [
        ("a red hat, red shoes", "red"), ("a blue hat, blue shoes", "blue"), ("a green hat, green shoes", "green"),
        ("a red car", "red"), ("a blue car", "blue"), ("a green car", "green"),
    ]  # fmt: skip
    assert [cell.shown("prompt") for cell in plan.cells][:3] == ["a red hat, red shoes"] * 3
    crossed = nb.compare(None, {"short": "a red hat"}, replace={"red": "blue", "hat": ["cap"]}, session=session)
    assert [cell.prompt for cell in crossed.cells] == ["a red hat", "a red cap", "a blue hat", "a blue cap"]
    assert crossed.cells[3].phrase == "blue, cap" and crossed.cells[3].shown("prompt") == "short"


def test_a_phrase_that_is_not_there_is_told(session, photos):
    """Nothing would be replaced, and six equal pictures paid: the error names phrase and prompt."""
    with pytest.raises(nb.errors.InvalidRequestError, match=r"'Red' is not in the prompt 'a red hat'"):
        nb.compare(photos[0], "a red hat", replace={"Red": ["blue"]}, session=session)


# --- chains ---------------------------------------------------------------------------------------

STEPS = ["make it night", "add a hat", "make it old"]


def test_a_chain_edits_the_picture_of_the_step_before(server, session, photos):
    """Each step gets the picture that came, is sent once, and is the same edit as `nb.edit` of that result; a second run sends nothing."""
    plan = nb.compare(photos[0], {"at once": "make it night, add a hat", "steps": STEPS}, session=session)
    assert [(cell.turn, cell.after, cell.prompt) for cell in plan.cells] == [
        (1, None, "make it night, add a hat"), (1, None, STEPS[0]), (2, 1, STEPS[1]), (3, 2, STEPS[2]),
    ]  # fmt: skip
    assert {cell.shown("prompt") for cell in plan.cells[1:]} == {"steps"}
    plan.run()
    assert len(server.requests) == 4
    assert [plan[at].request.images[0].sha256 for at in (2, 3)] == [plan[at].image.sha256 for at in (1, 2)]
    assert session.history.record(plan[3].record_id).parent == plan[2].record_id
    assert nb.edit(plan[1], STEPS[1], session=session).image == plan[2].image
    again = nb.compare(photos[0], {"steps": STEPS}, session=session)
    assert (again.estimate().to_send, again.estimate().replayed) == (0, 3)
    assert [one.image.sha256 for one in again.run()] == [plan[at].image.sha256 for at in (1, 2, 3)]
    assert len(server.requests) == 4


def test_takes_of_a_chain_stay_apart_and_a_common_beginning_is_paid_once(server, session, photos):
    """Take 2 of a step edits take 2 of the step before; two chains that begin alike share that step."""
    plan = nb.compare(photos[0], [["make it night", "add a hat"], ["make it night", "make it old"]], takes=2, session=session)
    assert [cell.after for cell in plan.cells] == [None, None, 0, 1, None, None, 4, 5]
    assert plan.estimate().to_send == 6
    plan.run()
    assert len(server.requests) == 6 and plan[0] is plan[4]
    assert plan[3].request.images[0].sha256 == plan[1].image.sha256 != plan[0].image.sha256


def test_a_failed_step_ends_its_chain_and_a_retry_goes_on(server, session, photos):
    """What comes after a failure is not sent and stays to be done; running again goes on from there."""
    server.script._left = [None, "safety"]
    plan = nb.compare(photos[0], [STEPS], session=session).run()
    assert [type(one).__name__ for one in plan] == ["EditResult", "SafetyError", "NoneType"] and len(server.requests) == 2
    assert [cell.index for cell in plan.missing] == [2]
    plan.run()
    assert all(isinstance(one, nb.EditResult) for one in plan) and len(server.requests) == 4


def test_an_empty_chain_is_a_slip(session, photos):
    """No step is no prompt."""
    with pytest.raises(nb.errors.InvalidRequestError):
        nb.compare(photos[0], {"steps": []}, session=session)


# --- a table --------------------------------------------------------------------------------------


@pytest.fixture
def table(photos):
    """Three edits with their difficulty; one has a model of its own."""
    return pd.DataFrame({
        "image": [str(photos[0]), str(photos[1]), str(photos[0])],
        "prompt": ["make it night", "add a hat", ["make it night", "add a hat"]],
        "model": [SEEDED, None, math.nan],
        "difficulty": ["easy", "hard", None],
    })  # fmt: skip


def test_a_row_is_an_edit_and_own_columns_go_along(server, session, table):
    """Empty fields are defaults, takes are crossed, a list of prompts is a chain; the frame has the person's columns."""
    plan = nb.compare(table, takes=2, session=session)
    assert len(plan) == 8 and [cell.model for cell in plan.cells[::2]] == [SEEDED, None, None, None]
    assert plan.cells[0].source is plan.cells[4].source
    frame = plan.run().to_dataframe()
    assert list(frame["difficulty"])[:4] == ["easy", "easy", "hard", "hard"]
    assert list(frame["turn"]) == [1, 1, 1, 1, 1, 1, 2, 2] and set(frame["status"]) == {"done"}
    listed = nb.compare(table.to_dict("records"), takes=2, session=session)
    assert listed.estimate().to_send == 0


def test_what_the_table_leaves_out_may_be_crossed(session, table):
    """Sizes given beside the table are tried for each row; a region in a row is that row's."""
    rows = [{"image": None, "prompt": "a boat"}, {"image": table["image"][0], "prompt": "add a hat", "mask": (0.1, 0.1, 0.5, 0.5)}]
    plan = nb.compare(rows, image_sizes=["1K", "2K"], models=[SEEDED], session=session)
    assert [(cell.image, cell.image_size, cell.settings.get("mask")) for cell in plan.cells] == [
        ("", "1K", None), ("", "2K", None), ("rose.png", "1K", (0.1, 0.1, 0.5, 0.5)), ("rose.png", "2K", (0.1, 0.1, 0.5, 0.5)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "given", "words"),
    [
        ({"promt": "x"}, {}, "'promt'.*'prompt'"),
        ({"models": "x"}, {}, "'models'.*'model'"),
        ({"take": 2}, {}, "'take' can't stand in a table"),
        ({"cost": 2}, {}, "'cost' has the name of a column"),
        ({}, {"models": ["nano-banana"]}, "model is a column of the table and is given beside it"),
        ({"seed": "x"}, {}, "Row 1 of the table: seeds is str"),
        ({"images": "x.png"}, {}, "both columns"),
    ],
)
def test_a_slip_in_a_table_is_named(session, table, changed, given, words):
    """A column that nobody would ask for, or two words for one thing, is told before anything is planned."""
    with pytest.raises(nb.errors.InvalidRequestError, match=words):
        nb.compare(table.assign(**changed), session=session, **given)


def test_pictures_without_prompts_are_told(session, photos):
    """Without prompts and without a table there is nothing to plan, and a table without prompts says which columns it has."""
    with pytest.raises(nb.errors.InvalidRequestError, match="prompts= is missing"):
        nb.compare(photos, session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match=r"no column 'prompt' \(it has: image\)"):
        nb.compare([{"image": str(photos[0])}], session=session)


def test_everything_travels_in_the_exported_file(server, session, table, photos, tmp_path):
    """Chains, phrases, seeds, regions and own columns come back from the zip, and running it sends nothing."""
    rows = nb.compare(table, session=session).run()
    rows.export(tmp_path / "rows.zip")
    loaded = nb.Comparison.load(tmp_path / "rows.zip", session=session)
    assert [(c.steps, c.after, c.columns) for c in loaded.cells] == [(c.steps, c.after, c.columns) for c in rows.cells]
    crossed = nb.compare(photos[0], "a red hat", replace={"red": ["blue"]}, models=[SEEDED], seeds=[1, 2], session=session).run()
    crossed.export(tmp_path / "crossed.zip")
    loaded = nb.Comparison.load(tmp_path / "crossed.zip", session=session)
    assert loaded.cells == crossed.cells and [c.phrase for c in loaded.cells] == ["red", "red", "blue", "blue"]
    count = len(server.requests)
    assert set(loaded.run().to_dataframe()["status"]) == {"done"} and len(server.requests) == count


# --- what showing a plan says -----------------------------------------------------------------------


@pytest.mark.parametrize(("units", "pairs"), [(5, 1), (8, 1), (12, 3), (40, 6), (200, 1)])
def test_the_smallest_difference_is_that_of_the_exact_test(units, pairs):
    """What is called detectable has a power of about 80 % by scipy's noncentral t."""
    effect, freedom = power.detectable(units, pairs), units - 1
    limit = stats.t.ppf(1 - 0.05 / 2 / pairs, freedom)
    assert stats.nct.sf(limit, freedom, effect * math.sqrt(units)) == pytest.approx(0.8, abs=0.035)


def test_a_plan_says_what_it_could_show(session, photos):
    """Pairs of image and prompt are counted, not takes; under five it says that nothing can be told."""
    few = nb.compare(photos, "make it night", models=["nano-banana", "nano-banana-pro"], takes=9, session=session).estimate()
    assert (few.power.axis, few.power.units, few.power.detectable) == ("model", 3, None)
    assert "3 image–prompt pairs: too few to tell" in str(few)
    more = nb.compare(photos, [f"make it {n}" for n in range(4)], models=["nano-banana", "nano-banana-pro"], session=session).estimate()
    assert more.power.units == 12 and more.power.detectable == pytest.approx(0.89, abs=0.01)
    assert "0.9 standard deviations" in str(more)
    prompts = nb.compare(photos, ["make it night", "make it old"], session=session).estimate()
    assert (prompts.power.axis, prompts.power.units) == ("prompt", 3)
    assert nb.batch(photos, "make it night", session=session).estimate().power.axis is None


def test_a_plan_says_dollars_and_yuan_and_what_it_does_not_know(clean_place, photos):
    """The price stands in both; with a model of unknown price it is the least."""
    session = nb.Session(nb.Endpoint.apiyi("sk-" + "k" * 40), tell=lambda _: None)
    known = str(nb.batch(photos, "make it night", session=session).estimate())
    assert "$" in known and "≈ ¥" in known
    part = str(nb.compare(photos, "make it night", models=["nano-banana-pro", "flare"], session=session).estimate())
    assert "at least" in part and "≈ ¥" in part and "flare" in part.lower()


def test_a_plan_is_shown_with_what_it_would_cost(session, photos):
    """Showing a plan that has not run says calls, what history holds and what it could show, before the table."""
    nb.edit(photos[0], "make it night", session=session)
    plan = nb.batch(photos, "make it night", session=session)
    said = plan._repr_mimebundle_()[0]["text/plain"]
    assert "3 cells, 2 to send" in said and "1 in the history, free" in said and said.index("to send") < said.index("oak.png")
