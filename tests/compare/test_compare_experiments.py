"""The seed's questions as experiments: each plans the right cells, asks the right thing, and answers in sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

import nb_banana as nb

E = nb.experiments
EDITS = [["make it snow", "make it night"], ["make it warmer", "blur it"]]


def test_each_is_one_call_that_sends_nothing(server, session, photos):
    """All six plan without a request, and say question, price, and what their numbers could show."""
    plans = [
        E.steps_or_at_once(photos[:2], EDITS, session=session),
        E.wires(photos[0], "make it night", model="nano-banana-pro", session=session),
        E.models(photos[0], "make it night", session=session),
        E.sizes(photos[0], "make it night", session=session),
        E.prompts(photos[0], {"A": "make it night", "B": "night falls"}, session=session),
        E.masks(photos[0], "make it night", (0.2, 0.2, 0.5, 0.5), session=session),
    ]
    assert [len(one.comparison) for one in plans] == [12, 3, 2, 3, 2, 2] and not server.requests
    assert [repr(one).splitlines()[0][-1] for one in plans] == ["?"] * 6
    assert "between two values of way" not in repr(plans[0]) and "4 image–prompt pairs: too few to tell values of way" in repr(plans[0])
    assert repr(E).count("nb.experiments.") == 6


def test_steps_count_by_their_last_and_from_the_first_picture(session, photos):
    """Chains of two beside one prompt of the same words: each edit of each picture is a unit, measured against the picture it began with."""
    made = E.steps_or_at_once(photos, EDITS, takes=2, session=session)
    once = [cell.prompt for cell in made.comparison.cells if cell.columns["way"] == "at once"]
    assert set(once) == {"make it snow\nmake it night", "make it warmer\nblur it"}
    rows = made.run().score("drift").rows
    last = made.comparison.cells[2]
    assert last.turn == 2 and rows[2] == nb.measures.score([(last.source.images[0], made.comparison[2].image)], ["drift"]).rows[0]
    (found,) = made.contrast("drift_structure_512").rows
    assert (found["units"], found["first"], found["second"], found["left_out"]) == (6, "steps", "at once", 0)
    assert made.summary("drift_structure_512").to_dataframe()["takes"].tolist() == [12, 12]


def test_wordings_are_compared_edit_by_edit(session, photos):
    """Two wordings of two edits of three pictures: six units, none alone; wordings keep the names a person gave."""
    made = E.prompts(photos, {"short": ["night", "snow"], "long": ["make it night", "make it snow"]}, session=session).run()
    (row,) = made.contrast("seconds").rows
    assert (row["units"], row["left_out"], row["first"], row["second"]) == (6, 0, "short", "long")
    assert Counter(cell.columns["edit"] for cell in made.comparison.cells).most_common(1)[0][1] == 2


def test_a_mask_is_measured_for_those_without_it_too(session, photos):
    """What was asked without a mask is measured outside of the same region."""
    region = (0.25, 0.25, 0.5, 0.5)
    made = E.masks(photos, ["make it night", "make it snow"], region, session=session).run()
    told = made.answer()
    assert next(iter(told.findings)) == "changed_outside" and told.findings["changed_outside"].rows[0]["units"] == 6
    without = next(cell for cell in made.comparison.cells if cell.columns["region"] == "unmasked")
    expected = nb.measures.changed(without.source.images[0], made.comparison[without].image, region)["changed_outside"]
    assert made.score("changed").rows[without.index]["changed_outside"] == expected
    assert "masked" in repr(made) and "unmasked" in repr(made)  # no axis tells these cells apart


def test_an_answer_is_sentences_with_their_limits(session, photos):
    """Before a run there is none; after it each figure has its sentence, the sandbox is said, and so is what Holm does not correct."""
    made = E.models(photos, ["make it night", "make it snow"], session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match="Nothing has run"):
        made.answer()
    told = repr(made.run().answer())
    assert told.startswith("What do the models do otherwise?") and "drift_structure_512" in told and "seconds" in told
    assert "not over the" in told and "say nothing about any model" in told
    assert repr(made.answer("seconds")).count("\n") == 2


def test_an_answer_measures_what_came_since(session, photos):
    """Half is run and answered, then the rest: the same answer is on all pairs, of a measure and of a function of one's own, and what was looked at once is not again."""
    made = E.models(photos[0], [f"make it {word}" for word in ("red", "green", "blue", "old", "new", "wet")], session=session)
    looked = Counter()

    def mine(result):
        looked[result.record_id] += 1
        return None if "old" in result.request.prompt else float(len(result.image.data))

    made.run(cells=range(6)).score(mine, "color")
    assert [made.answer(name).findings[name].rows[0]["units"] for name in ("mine", "color_de2000_mean_512")] == [3, 3]
    assert set(looked.values()) == {1}
    made.run()
    assert [made.answer(name).findings[name].rows[0]["units"] for name in ("color_de2000_mean_512", "mine")] == [6, 5]
    assert len(looked) == 12
    before = looked.total()
    assert "too few" not in repr(made.answer("mine")) and looked.total() == before  # None was an answer


def test_an_answer_leaves_what_was_measured_as_it_was_measured(session, photos):
    """A region of one's own stays that of its columns: results that came later are measured in it too, the others not anew; a function sees each result once."""
    region, called = (0, 0, 0.5, 0.5), Counter()

    def mine(result):
        called[result.record_id] += 1
        return float(called.total())

    made = E.models(photos[0], [f"make it {word}" for word in ("red", "green", "blue", "old", "new", "wet")], session=session)
    made.run(cells=range(8)).comparison.score(mine, "changed", mask=region)
    before = made.comparison.to_dataframe()[["mine", "changed_outside", "changed_inside"]][:8]
    made.run().answer()
    frame = made.comparison.to_dataframe()
    assert frame[["mine", "changed_outside", "changed_inside"]][:8].equals(before)
    assert frame["mine"].tolist()[8:] == [9, 10, 11, 12] and set(called.values()) == {1}
    last = made.comparison.cells[-1]
    expected = nb.measures.changed(last.source.images[0], made.comparison[last].image, region)
    assert frame["changed_outside"].iloc[-1] == expected["changed_outside"]
    assert frame["changed_inside"].iloc[-1] == expected["changed_inside"]
    assert frame["drift_structure_512"].notna().all()  # of what nobody has measured, all


def test_a_loaded_comparison_goes_on_measuring_as_it_was_measured(session, photos, tmp_path):
    """What comes after a zip was loaded is measured in the region that its columns were measured in; no row is left without."""
    region = (0, 0, 0.5, 0.5)
    made = E.models(photos[0], [f"make it {word}" for word in ("red", "green", "blue")], session=session)
    made.run(cells=range(4)).comparison.score("changed", mask=region)
    loaded = replace(made, comparison=nb.Comparison.load(made.comparison.export(tmp_path / "half.zip"), session=session))
    loaded.run().answer("changed_outside")
    made.run().answer("changed_outside")
    found, expected = (one.comparison.to_dataframe()["changed_outside"] for one in (loaded, made))
    assert found.notna().all() and found.equals(expected)


def test_it_is_written_down_with_its_own_question(session, photos, tmp_path):
    """LaTeX, page and methods compare what the experiment compares."""
    made = E.prompts(photos, {"A": ["night", "snow"], "B": ["make it night", "make it snow"]}, session=session).run()
    assert "wording & " in made.export(tmp_path / "t.tex", columns=["seconds"]).read_text("utf-8")
    assert "Compared by wording: A; B" in made.methods() and "column “edit”" in made.methods()
    page = made.export(tmp_path / "t.html").read_text("utf-8")
    assert "<h3>A</h3>" in page and "<h3>B</h3>" in page


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda p: E.steps_or_at_once(p, ["one step"]), "is no edit in steps"),
        (lambda p: E.steps_or_at_once(p, EDITS, at_once="all of it"), "2 edits in steps, but 1 prompts"),
        (lambda p: E.prompts(p, {"A": "night"}), "One wording alone"),
        (lambda p: E.prompts(p, {"A": ["night", "snow"], "B": ["dusk"]}), "A 2, B 1"),
    ],
)
def test_a_slip_is_told_before_anything_is_planned(photos, call, told):
    """What can't be compared is named with what is needed."""
    with pytest.raises(nb.errors.InvalidRequestError, match=told):
        call(photos)
