"""Summaries and contrasts of a comparison: units, what is missing, and what is said of it."""

from __future__ import annotations

import re

import pytest

import nb_banana as nb
from nb_banana._compare import findings
from nb_banana._compare.question import Question
from nb_banana._strings import speaking

PROMPTS = [f"Make it {word}" for word in ("red", "green", "blue", "old", "new", "wet")]
MODELS = ["nano-banana-pro", "nano-banana"]


@pytest.fixture
def plan(session, photos):
    """Six prompts, two models, two takes: 24 cells of one picture."""
    return nb.compare(photos[0], PROMPTS, models=MODELS, takes=2, session=session)


def column(plan, value, name="changed"):
    """A column of what ``value(cell)`` gives."""
    return {cell.index: value(cell) for cell in plan.cells}, name


def summary(held, given, by):
    """What is summed up of a column."""
    return findings.summary(held, *given, Question(by))


def contrasts(held, given, by):
    """What is told apart by a column."""
    return findings.contrasts(held, *given, Question(by))


def test_takes_are_averaged_and_the_missing_counted(plan):
    """Twelve takes of six prompts are six units; a cell without a number is counted and no zero."""
    numbers = column(plan, lambda cell: None if cell.index == 0 else float(cell.take))
    first, second = summary(plan._holder.held, numbers, "model").rows
    assert (first["model"], first["units"], first["takes"], first["missing"]) == ("nano-banana-pro", 6, 11, 1)
    assert (second["mean"], second["low"], second["missing"], second["interval"]) == (1.5, None, 0, "")  # all the same
    assert first["interval"] == "t" and first["mean"] == pytest.approx((5 * 1.5 + 2) / 6)


def test_a_difference_is_told_in_one_sentence(plan):
    """Prompt by prompt one model changes more: the sentence has the difference, its interval, p and the pairs, in both languages."""
    numbers = column(plan, lambda cell: PROMPTS.index(cell.prompt) * 10 + (cell.model == "nano-banana") * 2 + 0.1 * (cell.take == 1) * PROMPTS.index(cell.prompt) * (cell.model == "nano-banana"))
    found = contrasts(plan._holder.held, numbers, "model")
    (row,) = found.rows
    assert (row["units"], row["left_out"], row["first"], row["second"]) == (6, 0, "nano-banana-pro", "nano-banana")
    assert row["difference"] == pytest.approx(2.125) and row["low"] < 2.125 < row["high"]
    assert found.sentences[0].startswith("changed is higher with nano-banana than with nano-banana-pro, by 2.1")
    with speaking("zh"):
        assert contrasts(plan._holder.held, numbers, "model").sentences[0].startswith("changed：nano-banana 比 nano-banana-pro 高")


def test_less_is_told_by_how_much_less(plan):
    """A lower figure is "lower by" a positive amount within a positive interval; the table keeps its signs."""
    numbers = column(plan, lambda cell: -2.0 * (cell.model == "nano-banana") - 0.1 * PROMPTS.index(cell.prompt) * (cell.model == "nano-banana"))
    found = contrasts(plan._holder.held, numbers, "model")
    (row,) = found.rows
    assert row["low"] < row["difference"] < row["high"] < 0
    said = re.match(r"changed is lower with nano-banana than with nano-banana-pro, by (\S+) \(95 %: (\S+) to (\S+);", found.sentences[0])
    assert said and [float(number) for number in said.groups()] == pytest.approx([-row["difference"], -row["high"], -row["low"]], rel=0.01)
    with speaking("zh"):
        assert f"比 nano-banana-pro 低 {said[1]}（95 %：{said[2]} 至 {said[3]}" in contrasts(plan._holder.held, numbers, "model").sentences[0]


def test_a_difference_among_several_that_may_be_chance_says_so(session, photos):
    """Of three pairs one would differ alone (its interval is beyond 0) and does not after Holm: the sentence says both, and not that anything in the interval fits."""
    planted = {"nano-banana-pro": [1.2, 2, 0.6, -0.1, 1.5, 0.4], "nano-banana": [0.0] * 6, "nano-banana-2": [1.5, -0.6, 1.8, 1.2, -1.1, 0.4]}
    plan = nb.compare(photos[0], PROMPTS, models=list(planted), session=session)
    numbers = column(plan, lambda cell: float(planted[cell.model][PROMPTS.index(cell.prompt)]))
    found = contrasts(plan._holder.held, numbers, "model")
    row = found.rows[0]
    assert row["p"] < 0.05 < row["p_holm"] and (row["low"] > 0 or row["high"] < 0)
    assert "taken alone this pair would differ" in found.sentences[0] and "fits" not in found.sentences[0]
    assert all("taken alone" not in one and "fits" in one for one in found.sentences[1:])
    with speaking("zh"):
        assert "单看这一对" in contrasts(plan._holder.held, numbers, "model").sentences[0]


SAID = [
    ("equal", [0.0] * 6, "are equal in each of 6 image–prompt pairs"),
    ("steady", [0.5] * 6, "higher with nano-banana than with nano-banana-pro, by 0.5 (the same in every pair; p = 0.031"),
    ("few steady", [0.5] * 5 + [None], "all 5 image–prompt pairs differ by 0.5, but so few go one way by chance too often (p = 0.062"),
    ("yes and no", [True] * 5 + [False], "though the interval of the difference (0.277 to 0.97) leaves out 0: a close call"),
]


@pytest.mark.parametrize("figures, told", [one[1:3] for one in SAID], ids=[one[0] for one in SAID])
def test_a_sentence_does_not_contradict_itself(session, photos, figures, told):
    """What is equal, or differs by the same everywhere, has no interval that "fits"; where the interval leaves out 0 and the test doesn't tell, both are said."""
    plan = nb.compare(photos[0], PROMPTS, models=MODELS, session=session)
    start = False if figures[-1] is False else 0.0

    def figure(cell):
        found = figures[PROMPTS.index(cell.prompt)]
        if cell.model == MODELS[0]:
            return None if found is None else start
        return found

    for lang, fits in (("en", "fits"), ("zh", "相符")):
        with speaking(lang):
            found = contrasts(plan._holder.held, column(plan, figure), "model")
            assert fits not in "".join(found.sentences) and "–" not in found.sentences[0].replace("image–prompt", "").replace("图片–提示词", "")
            assert lang == "zh" or told in found.sentences[0]


def test_few_units_get_no_verdict(plan):
    """One picture and two takes are one unit: between prompts there is a mean and the words "too few to tell"."""
    found = contrasts(plan._holder.held, column(plan, lambda cell: float(cell.index)), "prompt")
    assert len(found.rows) == 15 and all(row["p"] is None for row in found.rows)
    assert all("too few to tell" in one for one in found.sentences)


def test_yes_and_no_have_two_readings(photos):
    """Of cells that failed it is said what holds among the answered, and what holds if a failure is a no."""
    refusing = nb.Session(nb.Endpoint.sandbox(fault=[None, None, None, "safety"] * 6), retries=0, tell=lambda _: None)
    plan = nb.compare(photos[0], PROMPTS, models=MODELS, takes=2, session=refusing).run(concurrency=1, order="plan")
    assert {(cell.model, cell.take) for cell in plan.failed} == {("nano-banana", 2)} and len(plan.failed) == 6
    answers = column(plan, lambda cell: None if cell.model == "nano-banana" and cell.take == 2 else True, "drawn")
    _, second = summary(plan._holder.held, answers, "model").rows
    assert (second["mean"], second["missing"], second["failures_as_no"], second["interval"]) == (1.0, 6, 0.5, "wilson")
    found = contrasts(plan._holder.held, answers, "model")
    assert [(row["reading"], row["difference"]) for row in found.rows] == [("answered", 0.0), ("failures_as_no", -0.5)]


def test_what_was_not_asked_is_no_failure(session, photos):
    """Yes and no measured before the second half was there, or of cells where it is no question, stay without an answer: only what failed is a no."""
    plan = nb.compare(photos[0], PROMPTS, models=MODELS, session=session)
    plan.run(cells=[cell for cell in plan.cells if cell.model == MODELS[0]])

    def good(result):
        return True

    plan.score(good)
    plan.run()
    first, second = plan.summary("good").rows
    assert (first["failures_as_no"], second["failures_as_no"], second["missing"]) == (1.0, None, 6)
    assert {row["units"] for row in plan.contrast("good").rows} == {0}
    plan.score(good)
    assert [(row["units"], row["difference"]) for row in plan.contrast("good").rows] == [(6, 0.0)] * 2


def test_an_infinite_figure_is_in_no_mean_and_is_said(session, photos, tmp_path):
    """One equal picture, whose PSNR is infinite, leaves mean, interval, contrast and the table of LaTeX their numbers: it is counted, and said on each."""
    plan = nb.compare(photos[0], PROMPTS, models=MODELS, session=session).run()
    numbers = {cell.index: 20.0 + cell.index * (1 + (cell.model == "nano-banana")) for cell in plan.cells} | {0: float("inf")}
    places = {id(result): at for at, result in enumerate(plan)}

    def clean(result):
        return numbers[places[id(result)]]

    plan.score(clean)
    found, contrast = plan.summary("clean"), plan.contrast("clean")
    first, second = found.rows
    assert (first["mean"], first["units"], first["missing"], second["units"]) == (26.0, 5, 1, 6) and 20 < first["low"] < 26
    (row,) = contrast.rows
    assert (row["units"], row["left_out"], row["difference"]) == (5, 1, pytest.approx(8.0)) and row["p"] < 0.05
    told = "clean, nano-banana-pro: 1 infinite"
    assert [one.startswith(told) for one in (*found.sentences, *contrast.sentences)] == [True, False, True]
    for name in ("t.tex", "t.html"):
        text = plan.export(tmp_path / name, columns=["clean"]).read_text("utf-8")
        assert told in text and "nan …" not in text and "infty" not in text


def test_groups_are_compared_under_conditions_both_have(session, photos):
    """A model without a size is compared on the sizes both have, not with a mean that holds the other's 4K."""
    plan = nb.compare(photos[0], PROMPTS, models=MODELS, image_sizes=["1K", "2K"], session=session)
    numbers = column(plan, lambda cell: None if (cell.model, cell.image_size) == ("nano-banana", "2K") else 5.0 + 95 * (cell.image_size == "2K"))
    (row,) = contrasts(plan._holder.held, numbers, "model").rows
    assert (row["difference"], row["units"], row["left_out"]) == (0.0, 6, 0)


def test_an_unknown_axis_names_those_there_are(plan):
    """A slip in ``by`` is told with the axes; an axis with one value is nothing to compare."""
    with pytest.raises(nb.errors.InvalidRequestError, match=r"modle.*model"):
        summary(plan._holder.held, column(plan, lambda cell: 1.0), "modle")
    with pytest.raises(nb.errors.InvalidRequestError, match="one value"):
        contrasts(plan._holder.held, column(plan, lambda cell: 1.0), "image")


def test_measured_columns_stand_in_the_frame_and_are_summed_up(server, session, photos):
    """`score` measures each result once, the frame has its columns, and summary and contrast take them, the frame's own and no others."""
    plan = nb.compare(photos, ["make it night", "make it black and white"], models=MODELS, session=session).run()
    scores = plan.score("psnr", "color")
    assert len(scores) == len(plan) and len(server.requests) == 12
    frame = plan.to_dataframe()
    psnr = next(name for name in frame if name.startswith("psnr"))
    assert frame[psnr].notna().all() and plan.score("psnr").found_before >= 12
    found = plan.summary(psnr, by="model")
    assert [row["units"] for row in found.rows] == [6, 6] and "mean" in repr(found)
    assert len(plan.contrast(psnr).rows) == 1 and plan.contrast("seconds").sentences[0].startswith("seconds")
    assert list(plan.summary("replayed").to_dataframe()["failures_as_no"]) == [0.0, 0.0]
    with pytest.raises(nb.errors.InvalidRequestError, match=f"no column 'psrn'.*{psnr}"):
        plan.summary("psrn")
    with pytest.raises(nb.errors.InvalidRequestError, match="no column 'take'"):
        plan.summary("take")


def test_a_summary_of_what_is_known_decodes_no_picture(session, photos, monkeypatch):
    """Seconds and costs are facts: pictures nobody has looked at are not opened to sum them up."""
    plan = nb.compare(photos[0], PROMPTS[:3], session=session).run()
    looked = []
    monkeypatch.setattr(nb.ImageData, "look", lambda self, *_: looked.append(self))
    assert plan.summary("seconds", by="prompt").rows and looked == []


def test_wording_can_be_what_is_compared(server, session, photos):
    """Steps and all at once share no prompt: a column of one's own says what was edited, and only last steps count."""
    rows = [
        {"image": photos[0], "prompt": wording, "edit": f"edit {number}", "way": way}
        for number in range(6)
        for way, wording in (("steps", [f"snow {number}", f"night {number}"]), ("at once", f"snow and night {number}"))
    ]
    plan = nb.compare(rows, session=session)
    numbers = {cell.index: 10.0 * (cell.turn == 2) + (cell.columns["way"] == "at once") for cell in plan.cells}
    (row,) = findings.contrasts(plan._holder.held, numbers, "n", Question("way", "edit", "last")).rows
    assert (row["units"], row["left_out"], row["difference"]) == (6, 0, -9.0)
    assert findings.contrasts(plan._holder.held, numbers, "n", Question("way")).rows[0]["units"] == 0
    with pytest.raises(nb.errors.InvalidRequestError, match="turn 3: give a number up to 2"):
        findings.summary(plan._holder.held, numbers, "n", Question("way", turn=3))


def test_a_chain_is_measured_against_its_first_picture_too(session, photos):
    """Each step against what it edited, or against the input; and all against one region, whatever was asked."""
    plan = nb.compare(photos[0], [["make it night", "make it snow"]], session=session).run()
    steps = plan.score("drift").rows
    whole = plan.score("drift", against="input").rows
    assert steps[0] == whole[0] and steps[1] != whole[1]
    alike = nb.measures.score([(plan.cells[1].source.images[0], plan[1].image)], ["drift"]).rows[0]
    assert whole[1] == alike
    region = plan.score("changed", mask=(0, 0, 0.5, 0.5)).rows
    asked = nb.measures.changed(plan.cells[0].source.images[0], plan[0].image, (0, 0, 0.5, 0.5))
    assert region[0]["changed_outside"] == asked["changed_outside"] != plan.score("changed").rows[0]["changed_outside"]
    with pytest.raises(nb.errors.InvalidRequestError, match="against='first'"):
        plan.score(against="first")
