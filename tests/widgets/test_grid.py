"""The grid of a comparison, driven through its widgets, on the real session and the sandbox."""

from __future__ import annotations

import json
import shutil

import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._compare.comparison import Comparison
from nb_banana._sandbox.server import serve
from nb_banana._widgets import notebook
from nb_banana._widgets.grid_page import plan_of

from .test_tray import eventually

SNOW, NIGHT = "Make it snow", "让天空变成夜晚"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A history with two pictures × two prompts × two takes, of which the third was refused."""
    folder = tmp_path_factory.mktemp("grid")
    for name, colour in (("sky", "skyblue"), ("田野", "green")):
        Image.new("RGB", (64, 48), colour).save(folder / f"{name}.png")
    with nb.Session(nb.Endpoint.sandbox(fault=[None, None, "safety"] + [None] * 5), folder=folder / "history", retries=0, tell=lambda _: None) as session:
        made = plan(folder, session).run(concurrency=1, order="plan")
    assert [cell.index for cell in made.failed] == [2]
    return folder


def plan(folder, session, **more):
    """That plan."""
    return nb.compare([folder / "sky.png", folder / "田野.png"], {"snow": SNOW, "night": NIGHT}, session=session, **({"takes": 2} | more))


@pytest.fixture
def comparison(made, sandbox, clean_place):
    """That comparison, on a copy of the history: seven results, and the third not run."""
    shutil.copytree(made / "history", clean_place / "nb_banana_history")
    session = sandbox(fault="safety")
    found = plan(made, session)
    known = {cell.index: session.result_of(one) for cell, one in zip((c for c in found.cells if c.index != 2), reversed(session.history.records(status="done")), strict=True)}
    return Comparison(found.cells, session=session, outcomes=known)


def test_pictures_and_prompts_make_rows_and_the_rest_columns(made, sandbox):
    """Every axis tells its values once; a person's names and files in any language stand as they are; the input's picture is known by its cell."""
    cells = plan(made, sandbox()).cells
    told = plan_of(cells)
    columns = {one["name"]: (one["values"], one["at"]) for one in told["columns"]}
    assert columns["image"] == (["sky.png", "田野.png"], [0, 0, 0, 0, 1, 1, 1, 1])
    assert columns["prompt"] == (["snow", "night"], [0, 0, 1, 1, 0, 0, 1, 1])
    assert columns["take"] == ([1, 2], [0, 1] * 4)
    assert (told["rows"], told["beside"], told["inputs"], told["count"]) == (["image", "prompt"], ["take"], [0, 4], 8)


def test_what_a_plan_lacks_is_not_a_side(made, sandbox):
    """Without other axes few prompts stand side by side; where one thing varies, or nothing, there is one side only; no picture, no input."""
    sides = lambda **more: (told := plan_of(plan(made, sandbox(), takes=1, **more).cells))["rows"] + ["|"] + told["beside"]  # noqa: E731
    assert sides() == ["image", "|", "prompt"]
    assert sides(aspect_ratios=["1:1", "16:9"]) == ["image", "prompt", "|", "aspect_ratio"]
    words = plan_of(nb.compare(None, ["a", "b"], session=sandbox()).cells)
    assert (words["rows"], words["beside"], words["inputs"]) == (["prompt"], [], [-1])


def test_ten_thousand_cells_are_short(made, sandbox):
    """Values are told by number: a plan of 10,000 cells with long prompts takes the page less than half a megabyte."""
    long = [f"{at} " + "long " * 300 for at in range(25)]
    cells = nb.compare(made / "sky.png", long, takes=400, session=sandbox()).cells
    assert len(json.dumps(plan_of(cells))) < 200_000


def test_a_grid_shows_what_came_and_reads_no_picture(comparison):
    """Status, cost and time stand in the cells, the reason of what can't work too; prices stand on what can be run."""
    grid = comparison.grid()
    rows = grid.table.cells
    assert [row[0] for row in rows] == [1, 1, 0, 1, 1, 1, 1, 1]
    assert rows[0][1] == "from the history, free"
    assert grid.table.prices == [["sandbox, free"], [0] * 8]
    assert "7 done" in grid._line.text and "1 not run" in grid._line.text
    eventually(lambda: grid.table.head.get("all") == "Run 1 · sandbox, free")
    impossible = nb.compare("no such file.png", SNOW, session=comparison.session).grid()
    assert impossible.table.cells[0][0] == 3 and "no such file.png" in impossible.table.cells[0][1]
    assert impossible.table.prices == [[], [-1]]


def test_small_pictures_come_by_cell(comparison, sent):
    """A page that sees a cell gets its result or its input as a small picture; a cell without one gets none."""
    grid = comparison.grid()
    messages = sent(grid.table)
    grid.table._hear(None, {"t": "thumbs", "keys": ["r0", "i4", "r2"]}, [])
    eventually(lambda: len(messages) == 3)
    came = {message["key"]: (message["mime"], len(buffers)) for message, buffers in messages}
    assert came["r2"] == ("", 0) and came["r0"][1] == came["i4"][1] == 1


def test_star_and_note_live_in_the_history(comparison, clean_place):
    """Both are seen in every grid of the same results, found by a search, and travel with an export; a cell without a result says so."""
    grid = comparison.grid()
    grid.star(0)
    grid.note(1, "太暗 too dark")
    assert grid.table.marks == {"0": [True, ""], "1": [False, "太暗 too dark"]}
    again = Comparison(comparison.cells, session=comparison.session, outcomes=dict(enumerate(comparison))).grid()
    assert again.table.marks == grid.table.marks
    assert [one.id for one in comparison.session.history.records(text="太暗")] == [comparison[1].record_id]
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "other", tell=lambda _: None) as other:
        there = Comparison.load(comparison.export(clean_place / "all.zip"), session=other)
        assert there.grid().table.marks == grid.table.marks
    grid.star(0, on=False)
    assert list(grid.table.marks) == ["1"]
    with pytest.raises(nb.errors.InvalidRequestError, match="no result in the history"):
        grid.star(2)
    assert grid._line.hint == ""
    grid.table._hear(None, {"t": "star", "at": 2, "on": True}, [])
    eventually(lambda: "no result in the history" in grid._line.hint)


def test_a_cell_is_seen_large_with_its_input_or_another_beside_it(comparison):
    """The input stands beside a result; with another cell marked that one does, each named by what differs; facts, prompt and code are whole."""
    grid = comparison.grid()
    grid.look(4)
    eventually(lambda: grid.table.details.get("at") == 4)
    assert grid.viewer.before["key"] == comparison.cells[4].source.images[0].sha256[:16]
    assert grid.viewer.after["key"] == comparison[4].image.sha256[:16]
    assert grid.viewer.strings["before"] == "Input"
    details = grid.table.details
    assert details["prompt"] == SNOW and ["take", "1"] in details["facts"]
    assert f'nb.history()["{comparison[4].record_id}"]' in details["code"] and f"'{SNOW}'" in details["code"]
    compile(details["code"], "cell", "exec")
    grid.table.pinned = 4
    grid.look(comparison.cells[7])
    eventually(lambda: grid.table.details.get("at") == 7)
    assert grid.viewer.before["key"] == comparison[4].image.sha256[:16]
    assert (grid.viewer.strings["before"], grid.viewer.strings["after"]) == ("snow · take 1", "night · take 2")
    grid.look(2)
    eventually(lambda: grid.table.details.get("at") == 2)
    assert grid.viewer.after is None and NIGHT in grid.table.details["code"]
    with pytest.raises(IndexError):
        grid.look(8)


def test_one_click_is_one_run_and_what_came_is_told(comparison, sent):
    """A cell that is run fails here: its reason comes as one message and stays for pages opened later; a click while a run goes on sends nothing."""
    grid = comparison.grid()
    messages = sent(grid.table)
    grid._asked = True
    assert grid.run([2]) is False
    grid._asked = False
    grid.table._hear(None, {"t": "run", "at": 2}, [])
    eventually(lambda: any(message["t"] == "cells" for message, _ in messages))
    (rows,) = [message["rows"] for message, _ in messages if message["t"] == "cells"]
    assert list(rows) == [2] and rows[2][0] == 2 and "safety" in rows[2][1]
    assert grid.table.get_state()["cells"][2] == rows[2]
    eventually(lambda: grid.table.head.get("failed") == "Retry 1 failed · sandbox, free")
    assert len(comparison.session.history.records(status="refused")) == 2
    assert "1 failed" in grid._line.text


def test_both_languages(comparison, monkeypatch):
    """A grid speaks the language it was given: table, buttons, facts."""
    grid = comparison.grid(lang="zh")
    grid.look(0)
    eventually(lambda: grid.table.details.get("at") == 0)
    assert grid.table.strings["stop"] == "停止" and grid.table.plan["columns"][1]["title"] == "指令"
    assert ["结果", "完成"] in grid.table.details["facts"]
    eventually(lambda: grid.table.head.get("all") == "运行 1 格 · 沙盒，免费")


def test_a_saved_notebook_keeps_what_the_comparison_shows(comparison, monkeypatch):
    """The widget's output says what it is; under it stand the comparison's own pages, and follow when it changes. A terminal gets the words."""
    published = []
    monkeypatch.setattr(notebook, "publish", lambda bundle, id, *, update: published.append((dict(bundle[0]), update)))
    grid = comparison.grid()
    grid._ipython_display_()
    assert published.pop()[0].keys() >= {"text/plain"}
    monkeypatch.setattr(notebook, "in_kernel", lambda: True)
    grid._ipython_display_()
    (view, _), (pages, _), _ = published
    assert "needs a running kernel" in view["text/plain"] and "application/vnd.jupyter.widget-view+json" in view
    assert pages.keys() - {"text/plain"}


def test_a_step_of_a_chain_stands_beside_the_step_before(made, sandbox, clean_place):
    """Turns make rows; a later step shows what it edited, its picture of the step before, and tells no code before that is there."""
    found = nb.compare(made / "sky.png", [[SNOW, "Add a red boat"]], session=sandbox())
    first, second = found.cells
    assert second.after == first.index and "turn" in (told := plan_of(found.cells))["rows"] + told["beside"]
    grid = found.grid()
    grid.look(second)
    eventually(lambda: grid.table.details.get("at") == second.index)
    assert grid.viewer.before is None and "has no picture yet" in grid.table.details["code"]
    found.run()
    eventually(lambda: grid.table.details.get("kept"))
    assert grid.viewer.before["key"] == found[first].image.sha256[:16]


def test_a_closed_grid_hears_nothing_more(comparison):
    """A cell that is run again makes a new grid: one that was closed costs the comparison nothing."""
    grid = comparison.grid()
    assert len(comparison._listeners) == 1
    grid.close()
    assert comparison._listeners == []


def test_a_click_pays_nothing_that_its_button_did_not_speak_of(clean_place, monkeypatch):
    """Once edits go elsewhere than the buttons say, a click sends nothing and tells the place and the price, the buttons too; a price above NB_BANANA_CONFIRM is still asked about then."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
    with serve() as server, nb.Session(tell=lambda _: None) as session:
        grid = nb.compare(None, ["a boat", "a cat"], session=session).grid(slot=False)
        eventually(lambda: grid.table.head.get("all") == "Run 2 · sandbox, free")
        session.use_key("sk-0123456789abcdef0123456789", base_url=server.url)
        grid.table._hear(None, {"t": "run", "at": 0}, [])
        eventually(lambda: "Edits now go elsewhere: 127.0.0.1" in grid._line.hint)
        assert "free" not in grid._line.hint and grid.table.head["all"] == "Run 2 · price unknown"
        assert grid.table.prices[0] != ["sandbox, free"]
        grid.table._hear(None, {"t": "all"}, [])
        eventually(lambda: "elsewhere" not in grid._line.hint and "$0.01" in grid._line.hint)
        assert not server.requests and not grid.comparison.progress.running
