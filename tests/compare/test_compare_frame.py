"""The frame: a row for every cell in plan order, with everything that is known, documented, each number with its unit."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from pages import blocks

import nb_banana as nb
from nb_banana._compare.table import COLUMNS, UNITS, meanings
from nb_banana._strings import speaking

ROOT = Path(__file__).resolve().parents[2]

def test_rows_results_and_cells_line_up(photos):
    """Row n, result n and cell n are one edit; where nothing came the result is None and the row says why."""
    session = nb.Session(nb.Endpoint.sandbox(fault=[None, "safety"]), tell=lambda _: None)
    plan = nb.batch(photos, "make it night", session=session).run(concurrency=1, order="plan", cells=[0, 1])
    frame = plan.to_dataframe()
    assert len(frame) == len(plan.results) == len(plan.cells) == 3
    assert [one and one.image.sha256 for one in plan.results] == [None if pd.isna(one) else one for one in frame["sha256"]]
    assert list(frame["status"]) == ["done", "failed", "missing"]
    refused = frame.iloc[1]
    assert refused["category"] == "safety" and refused["error"] == plan[1].message and refused["hint"] == plan[1].hint
    assert refused["attempts"] == 1 and refused["record_id"] == plan[1].record_id and not pd.isna(refused["started"])
    assert frame.iloc[2][["started", "seconds", "cost", "width", "error"]].isna().all()


def test_a_row_holds_what_the_record_knows(session, photos):
    """Tokens, requests, the reason it ended, when it began and the marks of the history stand beside size and cost."""
    began = datetime.now(UTC)
    plan = nb.batch(photos[:1], "make it night", session=session).run()
    session.history.star(plan[0].record_id)
    session.history.note(plan[0].record_id, "the best")
    row = plan.to_dataframe().iloc[0]
    assert began <= row["started"] <= datetime.now(UTC) and row["started"].utcoffset().total_seconds() == 0
    assert (row["output_tokens"], row["attempts"], row["finish_reason"]) == (plan[0].usage.output_tokens, 1, plan[0].finish_reason)
    assert row["starred"] and row["note"] == "the best" and row["request_id"] == plan[0].request_id


@pytest.mark.parametrize(
    ("asked", "got", "differs"),
    [
        ({"model": "pro", "aspect_ratio": "16:9", "image_size": "1K"}, ((1376, 768), "gemini-3-pro-image"), (False, False, False)),
        ({"model": "pro", "aspect_ratio": "16:9", "image_size": "2K"}, ((1376, 768), "gemini-3-pro-image"), (False, False, True)),
        ({"model": "pro", "aspect_ratio": "1:1", "image_size": "1K"}, ((1376, 768), "gemini-2.5-flash-image"), (True, True, False)),
        ({}, ((1376, 768), "somebody-elses"), (None, None, None)),
    ],
)
def test_what_was_asked_is_held_against_what_came(session, asked, got, differs):
    """Another model, ratio or size than asked is a flag of its own; where nothing was asked, or nobody can tell, it is empty."""
    (width, height), model = got
    image = nb.ImageData(b"x", "image/png", width, height)
    plan = nb.compare(None, "a boat", **{f"{name}s": one for name, one in asked.items()}, session=session)
    request = plan.cells[0].request()
    plan = nb.Comparison(plan.cells, session=session, outcomes={0: nb.EditResult(images=(image,), request=request, model=model)})
    row = plan.to_dataframe().iloc[0]
    found = tuple(None if pd.isna(row[name]) else bool(row[name]) for name in ("model_differs", "ratio_differs", "size_differs"))
    assert found == differs


def test_every_column_says_what_it_is(session, photos):
    """Meanings in both languages and units go along with the frame; what may be empty has a type that can be."""
    frame = nb.batch(photos, "make it night", session=session).to_dataframe()
    assert tuple(frame.attrs["units"]) == tuple(frame.attrs["columns"]) == COLUMNS == tuple(frame.columns)
    assert frame.attrs["units"]["seconds"] == "s" and frame.attrs["columns"]["cost"].endswith("which is not zero.")
    with speaking("zh"):
        assert "未知不等于零" in nb.batch(photos, "make it night", session=session).to_dataframe().attrs["columns"]["cost"]
    assert str(frame.dtypes["width"]) == "Int64" and str(frame.dtypes["replayed"]) == "boolean"
    assert str(frame.dtypes["started"]).startswith("datetime64") and "UTC" in str(frame.dtypes["started"])


def test_what_is_measured_covers_no_column_of_the_table(session, photos, tmp_path):
    """A figure called as a coordinate gets a name of its own, told; the prompt stays the prompt, and no heading is a formula."""

    def odd(_result):
        return {"prompt": 1.0, "=1+1": 2.0}

    plan = nb.batch(photos, "make it night", session=session).run()
    with pytest.warns(UserWarning, match=r"'prompt' of its own.*'measured_prompt'"):
        plan.score(odd)
    frame = plan.to_dataframe()
    assert set(frame["prompt"]) == {"make it night"} and set(frame["measured_prompt"]) == {1.0}
    head = plan.export(tmp_path / "table.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    assert "'=1+1" in head and head.count("prompt") == 1


@pytest.mark.parametrize("value", ["yes", 10**400])
def test_words_are_no_figures(session, photos, value, tmp_path):
    """A column of words, or of what no number holds, is refused by name wherever numbers are reckoned with."""

    def said(_result):
        return value

    plan = nb.batch(photos, "make it night", session=session).run()
    plan.score(said)
    for reckoned in (plan.summary, plan.contrast, lambda name: plan.export(tmp_path / "a.tex", columns=[name])):
        with pytest.raises(nb.errors.InvalidRequestError, match="no column 'said' of numbers"):
            reckoned("said")


def test_a_thousand_rows_are_quick(session, photos):
    """A thousand cells make their frame in far under a second, in a few questions to the history."""
    one = nb.compare(photos[0], "prompt", session=session).run()[0]
    cells = nb.compare(photos[0], [f"prompt {n}" for n in range(1000)], session=session).cells
    plan = nb.Comparison(cells, session=session, outcomes=dict.fromkeys(range(1000), one))
    plan.to_dataframe()
    began = time.process_time()
    assert len(plan.to_dataframe()) == 1000
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(("page", "lang"), [("compare-results.md", "en"), ("compare-results.zh-CN.md", "zh")])
def test_the_page_lists_every_column(page, lang):
    """What the documentation says of the columns is what the frame says."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    with speaking(lang):
        expected = [f"| `{name}` | {UNITS[name]} | {meaning} |" for name, meaning in meanings().items()]
    assert [line for line in text.splitlines() if line.startswith("| `")] == expected


@pytest.mark.parametrize("page", ["compare-results.md", "compare-results.zh-CN.md"])
def test_the_page_runs_as_printed(page, clean_place, draw_photo):
    """The code of the page runs word for word, on a `photo.jpg` and the sandbox."""
    draw_photo((160, 120)).save(clean_place / "photo.jpg")
    names: dict = {}
    for code in blocks(page):
        exec(code, names)
    assert len(names["plan"].to_dataframe()) == 4 and any("color" in name for name in names["plan"].to_dataframe())
