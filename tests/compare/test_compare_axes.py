"""Axes beside the plain ones: seeds, phrases, chains, and a table with columns of one's own."""

from __future__ import annotations

import base64
import io
import json
import math
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
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
    without = nb.compare(photos[0], "make it night", models=["flare"], seeds=[1, None], session=session)
    assert without.is_impossible(without.cells[0]) and "has no seed" in without[0].message and without[1] is None
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
    several = nb.compare(photos[:2], ["a red hat", "a red car"], replace={"red": ["blue"]}, takes=2, session=session)
    assert [cell.image for cell in several.cells] == ["rose.png"] * 8 + ["ash.png"] * 8  # images change slowest, takes fastest
    assert [cell.phrase for cell in several.cells][:6] == ["red", "red", "blue", "blue", "red", "red"]
    crossed = nb.compare(None, {"short": "a red hat"}, replace={"red": "blue", "hat": ["cap"]}, session=session)
    assert [cell.prompt for cell in crossed.cells] == ["a red hat", "a red cap", "a blue hat", "a blue cap"]
    assert crossed.cells[3].phrase == "blue, cap" and crossed.cells[3].shown("prompt") == "short"


def test_a_phrase_that_is_not_there_is_told(session, photos):
    """Nothing would be replaced, and six equal pictures paid: the error names phrase and prompt."""
    with pytest.raises(nb.errors.InvalidRequestError, match=r"'Red' is not in the prompt 'a red hat'"):
        nb.compare(photos[0], "a red hat", replace={"Red": ["blue"]}, session=session)


def test_phrases_are_replaced_all_at_once(session):
    """What was put in the place of one phrase is not replaced by the next, so that colours can be swapped; the longest goes first."""
    plan = nb.compare(None, "red hat, blue shoes", replace={"red": ["blue"], "blue": ["red"]}, session=session)
    assert plan.cells[3].prompt == "blue hat, red shoes"
    longest = nb.compare(None, "a cat and a catfish", replace={"cat": ["dog"], "catfish": ["trout"]}, session=session)
    assert longest.cells[3].prompt == "a dog and a trout"


@pytest.mark.parametrize("given", [["red"], "red", {3: ["red"]}, {"red": []}, {"red": [3]}, {"": ["red"]}], ids=str)
def test_what_says_no_phrases_is_refused(session, given):
    """A list, a bare text or a number in place of phrases is told with what to give instead."""
    with pytest.raises(nb.errors.InvalidRequestError):
        nb.compare(None, "3 red hats", replace=given, session=session)


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


def test_what_a_step_brought_is_what_the_next_one_sends(provider, clean_place, photos):
    """Over the wire: three requests, the input first, then the very pixels of the picture that came before; what its file says stays here."""
    with nb.Session(nb.Endpoint(provider.url), tell=lambda _: None) as session:
        plan = nb.compare(photos[0], [STEPS], models=["nano-banana"], session=session).run()
    assert len(provider.bodies) == 3
    sent = [base64.b64decode(re.search(rb'"data": ?"([^"]+)"', body)[1]) for body in provider.bodies]
    brought = (photos[0].read_bytes(), plan[0].image.data, plan[1].image.data)
    assert [Image.open(io.BytesIO(one)).tobytes() for one in sent] == [Image.open(io.BytesIO(one)).tobytes() for one in brought]
    assert plan[0].image.sha256 != plan[1].image.sha256


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
    again = nb.compare(photos[0], [STEPS], session=session).estimate()
    assert (again.replayed, again.to_send, again.maybe_paid) == (1, 2, 1)
    with pytest.warns(UserWarning, match="1 of the edits now sent may have been billed already"):
        plan.run()
    assert all(isinstance(one, nb.EditResult) for one in plan) and len(server.requests) == 4


def test_steps_after_one_that_cannot_work_say_so(server, session, photos):
    """They stand in the plan as errors that name the step before, and none of them is sent."""
    plan = nb.compare(photos[0], [["make it night", "", "make it old"]], session=session)
    assert [plan.is_impossible(cell) for cell in plan.cells] == [False, True, True]
    assert plan[2].message == "Step 2 of this chain can't be made, so this one can't either."
    assert (plan.estimate().to_send, plan.estimate().impossible) == (1, 2)
    plan.run()
    assert len(server.requests) == 1


@pytest.mark.parametrize("steps", [[], [["make it night"]], ["make it night", None], ["make it night", 7]], ids=str)
def test_what_is_no_chain_is_a_slip(session, photos, steps):
    """No step is no prompt, and a step is a text."""
    with pytest.raises(nb.errors.InvalidRequestError, match=r"prompts\['steps'\]"):
        nb.compare(photos[0], {"steps": steps}, session=session)


@pytest.mark.parametrize(("lang", "words"), [("en", ("prompt", "phrase", "seed", "turn")), ("zh", ("指令", "措辞", "种子", "步骤"))])
def test_every_axis_has_a_name_in_the_table_that_is_shown(session, photos, monkeypatch, lang, words):
    """A plan that varies along the new axes is shown with their names, in both languages."""
    monkeypatch.setenv("NB_BANANA_LANG", lang)
    plan = nb.compare(photos[0], {"once": "a red hat", "steps": ["a red hat", "a red car"]}, replace={"red": ["blue"]}, seeds=[1, 2],
                      models=[SEEDED], session=session)  # fmt: skip
    (head,) = [line for line in repr(plan).splitlines() if line.startswith("#")]
    assert tuple(head.split()[1:]) == words


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


def test_a_table_of_pictures_takes_prompts_from_beside(session, table):
    """A table without prompts is crossed with those given, and its own columns go along; an upload is a picture all the same."""
    pictures = table[["image", "difficulty"]].rename(columns={"difficulty": 7})
    plan = nb.compare(pictures, ["make it night", "add a hat"], session=session)
    assert [(cell.prompt, cell.columns["7"]) for cell in plan.cells][:3] == [("make it night", "easy"), ("add a hat", "easy"), ("make it night", "hard")]
    upload = {"name": "rose.png", "content": Path(table["image"][0]).read_bytes()}
    assert [cell.image for cell in nb.compare([upload], "make it night", session=session).cells] == ["rose.png"]


def test_seeds_beside_empty_fields_are_whole_numbers(session):
    """A column of numbers with a hole is one of floats, and 7.0 is still seed 7."""
    holes = pd.DataFrame({"prompt": ["a boat", "a bird"], "seed": [7, None]})
    plan = nb.compare(holes, models=[SEEDED], session=session)
    assert [cell.seed for cell in plan.cells] == [7, None] and type(plan.cells[0].seed) is int
    with pytest.raises(nb.errors.InvalidRequestError, match=r"Row 1 of the table: seeds is 7\.5"):
        nb.compare(holes.assign(seed=7.5), models=[SEEDED], session=session)


def test_two_endpoints_of_one_host_stay_apart_in_a_table(session, server):
    """Each has one name in all rows, as in a list of endpoints."""
    one, other = nb.Endpoint(server.url), nb.Endpoint(server.url).on("images")
    rows = [{"prompt": word, "endpoint": place} for word, place in zip("abcd", (one, other, one, None))]
    names = [cell.endpoint for cell in nb.compare(rows, session=session).cells]
    assert names[0] == names[2] != names[1] and names[3] is None


@pytest.mark.parametrize(
    ("changed", "given", "words"),
    [
        ({"Model": "x"}, {}, "'Model'.*'model'"),
        ({"size": "2K"}, {}, "'size'.*'image_size'"),
        ({"model_name": "x"}, {}, "'model_name' has the name of a column"),
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


def test_an_older_reader_refuses_what_it_would_misread(session, photos, tmp_path):
    """A chain, a phrase, a seed or a column of one's own makes the file a later format; a plain plan stays the first."""

    def format_of(plan):
        path = plan.export(tmp_path / "plan.zip")
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("comparison.json"))["nb_banana_comparison"]

    given = {"session": session}
    assert format_of(nb.compare(photos[0], "a red hat", **given)) == 1
    assert format_of(nb.compare(photos[0], [["a red hat", "a red car"]], **given)) == 3
    assert format_of(nb.compare(photos[0], "a red hat", replace={"red": "blue"}, **given)) == 3
    assert format_of(nb.compare(photos[0], "a red hat", models=[SEEDED], seeds=[1, 2], **given)) == 3
    assert format_of(nb.compare([{"prompt": "a red hat", "kind": "light"}], **given)) == 3


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


def test_only_pairs_that_are_made_both_ways_count(session, photos):
    """Prompts with pictures of their own compare nothing, a chain is one pair, and a model that can't work is none."""
    rows = [{"image": str(photo), "prompt": f"make it {n}"} for n, photo in enumerate(photos)]
    assert nb.compare(rows, session=session).estimate().power.axis is None
    chains = nb.compare(photos, [STEPS], models=["nano-banana", "nano-banana-pro"], session=session).estimate()
    assert (chains.power.axis, chains.power.units) == ("model", 3)
    alone = nb.compare(photos, "make it night", models=["nano-banana-pro", "flare"], seeds=1, session=session).estimate()
    assert alone.impossible == 3 and alone.power.axis is None


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
