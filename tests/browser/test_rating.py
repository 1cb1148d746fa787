"""Blind rating in a real browser: twenty pairs, two taken back, the page closed and come back to, the names revealed; Lab, Notebook 7, Voilà."""

from __future__ import annotations

import contextlib
import json

import pytest
from playwright.sync_api import expect

import nb_banana as banana
from nb_banana import Votes

from .test_looking import serious

STUDY = """import json, pathlib
import nb_banana as nb
def rating(prompts=5, takes=2, **how):
    s = nb.session(nb.Endpoint.sandbox(), retries=0, tell=lambda _: None)
    words = ["Make it snow", "Turn the day into night", "让天空变成夜晚", "Add a red boat", "Make the sky stormy"][:prompts]
    c = nb.compare(["one.png", "two.png"], words, models=["nano-banana-pro", "nano-banana"], takes=takes, session=s).run()
    told = {one for r in c.results for one in (r.model, r.record_id, r.record_id[:8], r.image.sha256, r.image.sha256[:8])}
    hidden = [*told, "nano-banana", "nano_banana", "gemini-", r"Nano Banana"]
    pathlib.Path("hidden.json").write_text(json.dumps(hidden))
    return c.rate(**how)
"""
CELLS = ["import study\nr = study.rating({})", "r", "1"]
PICTURES = """async () => {
    const seen = [...document.querySelectorAll('.nbb-pane .nbb-mover img')].filter((one) => one.src);
    return Promise.all(seen.map(async (one) => [one.naturalWidth, one.naturalHeight, (await (await fetch(one.src)).arrayBuffer()).byteLength]));
}"""


@pytest.fixture
def photos(photo_bytes, draw_photo):
    """Two inputs and the study's module, which holds all names: the notebook's cells hold none."""
    import io

    other = io.BytesIO()
    draw_photo((120, 160), "khaki").save(other, "PNG")
    return {"one.png": photo_bytes, "two.png": other.getvalue(), "study.py": STUDY.encode()}


def ready(page):
    """The pair is on the screen."""
    expect(page.locator(".nbb-rate:not(.nbb-late) [data-vote='1']")).to_be_enabled(timeout=30_000)


def shown(nb, timeout=60_000):
    """Run the cells up to the widget."""
    nb.run_cell(0)
    nb.run_cell(1)
    expect(nb.page.locator(".nbb-rate")).to_be_visible(timeout=timeout)


def far(page, done, count=20):
    expect(page.locator(".nbb-far")).to_have_text(f"{done} of {count}")


def test_twenty_pairs_two_taken_back_the_page_closed_and_come_back_to(open_notebook, photos, desk):
    """Every vote by a key is kept at once; nothing on the page or on its line tells whose a picture is before it is revealed, and
    after that no vote is taken. What was done is there when a new kernel and a new page come."""
    frames, watched = [], contextlib.ExitStack()

    def watch(page):
        def listen(line):
            line.on("framereceived", lambda data: frames.append(data if isinstance(data, bytes) else data.encode()))
            line.on("framesent", lambda data: frames.append(data if isinstance(data, bytes) else data.encode()))

        page.on("websocket", listen)

    context = desk.context("en-US")
    context.on("page", watch)
    watched.callback(context.remove_listener, "page", watch)
    with watched:
        nb = open_notebook([CELLS[0].format(""), *CELLS[1:]], files=photos, width=1300, height=1000, fresh=True)
        nb.run_cell(0)
        frames.clear()
        nb.run_cell(1)
        page = nb.page
        page.locator(".nbb-start input").fill("Ann")
        page.locator(".nbb-start input").press("Enter")
        ready(page)
        page.locator(".nbb-rate").scroll_into_view_if_needed()
        assert serious(nb, ".nbb-rate") == []
        sizes = page.evaluate(PICTURES)
        assert len(sizes) == 5 and len({tuple(one) for one in sizes}) == 1
        nb.screenshot("rating-lab", ".nbb-rate")
        page.locator(".nbb-ask").click()
        page.keyboard.press("+")
        moved = page.eval_on_selector_all(".nbb-mover", "all => all.map((one) => one.style.transform)")
        assert len(set(moved)) == 1 and "scale(1.5)" in moved[0]
        for at, key in enumerate("120bs12"):
            ready(page)
            page.keyboard.press(key)
            far(page, at + 1)
        for key, left in (("u", 6), ("Control+z", 5)):
            ready(page)
            page.keyboard.press(key)
            far(page, left)
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)  # B and 1 are no shortcuts of the notebook here
        looked = page.content()
        hidden = json.loads((nb.folder / "hidden.json").read_text())
        assert [one for one in hidden if one in looked] == []
        assert sum(map(len, frames)) > 100_000
        assert [one for one in hidden if any(one.encode() in frame for frame in frames)] == []
        nb.shut_down()
        page.close()
        nb.page = page = context.new_page()
        page.set_viewport_size({"width": 1300, "height": 1000})
        page.goto(nb.address)
        nb.started()
        shown(nb)
        page.locator(".nbb-start input").fill("Ann")
        page.locator(".nbb-start button").click()
        for at in range(5, 20):
            ready(page)
            far(page, at)
            page.locator("[data-vote='2']").click()
        expect(page.locator(".nbb-rate h2")).to_contain_text("All 20 rated")
        page.locator("[data-act=reveal]").click()
        page.locator("[data-act=told]").click()
        expect(page.locator(".nbb-rate h2")).to_contain_text("Revealed to Ann")
        expect(page.locator(".nbb-rate table").first).to_contain_text("nano-banana-pro better")
        page.locator(".nbb-rate summary").click()
        nb.screenshot("rating-revealed", ".nbb-rate")
        assert serious(nb, ".nbb-rate") == []
        said = nb.python("try:\n    r.vote('left')\nexcept Exception as refused:\n    print(refused)")
        assert "Ann was told which result is whose" in said
    votes = Votes.load(nb.folder / "nb_banana_history" / "votes.jsonl")
    assert len(votes.counted) == 19 and sum(one.undone for one in votes) == 2 and {one.rater for one in votes} == {"Ann"}
    assert {one.seed for one in votes} == {votes[0].seed} and all(0 < one.seconds < 300 for one in votes)


def test_rating_in_notebook_7(open_notebook, photos):
    """Stars by keys, in Chinese, narrow and dark; no key reaches the notebook."""
    nb = open_notebook([CELLS[0].format("1, 1, mode='single', rater='安', lang='zh'"), *CELLS[1:]], front="notebook", files=photos, theme="dark", width=420, height=900)
    shown(nb)
    page = nb.page
    ready(page)
    page.locator(".nbb-ask").click()
    nb.screenshot("rating-stars-zh-dark", ".nbb-rate")
    assert serious(nb, ".nbb-rate") == []
    for at, key in enumerate("53s1"):
        ready(page)
        page.keyboard.press(key)
        if at < 3:
            expect(page.locator(".nbb-far")).to_have_text(f"{at + 1} / 4")
    expect(page.locator(".nbb-rate h2")).to_contain_text("全部 4 个已评完")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)
    assert nb.python("print([one.score for one in r.votes])").strip() == "[5, 3, None, 1]"


def test_rating_as_a_page_without_code(open_notebook, photos, tmp_path):
    """In Voilà, from a zip and without a key, a rater gives a name, votes with the mouse, leaves, and goes on under the same name in a
    page of another kernel."""
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(photos[name])
    with banana.Session(banana.Endpoint.sandbox(), folder=tmp_path / "history", tell=lambda _: None) as session:
        plan = banana.compare([tmp_path / "one.png", tmp_path / "two.png"], "Make it snow", models=["nano-banana-pro", "nano-banana"], session=session)
        files = {"study.zip": plan.run().export(tmp_path / "study.zip").read_bytes()}
    cells = ['import nb_banana as nb\nc = nb.Comparison.load("study.zip")', "c.rate(criteria=['instruction', 'quality'])"]
    nb = open_notebook(cells, front="voila", files=files, width=360, height=800)
    page = nb.page
    for begun in (0, 1):
        expect(page.locator(".nbb-start input")).to_be_visible(timeout=60_000)
        page.locator(".nbb-start input").fill("bob")
        page.locator(".nbb-start button").click()
        ready(page)
        far(page, begun, 2)
        for criterion in ("instruction", "quality"):
            ready(page)
            expect(page.locator(".nbb-ask h2")).to_have_text(criterion)
            if not begun and criterion == "quality":
                nb.screenshot("rating-voila-narrow")
                text = page.content()
                assert [one for one in ("nano-banana", "gemini", *(r.record_id for r in plan.results)) if one in text] == []
            page.locator("[data-vote='1']").click()
        if not begun:
            far(page, 1, 2)
            page.reload()
    expect(page.locator(".nbb-rate h2")).to_contain_text("All 2 rated")
    votes = Votes.load(nb.folder / "nb_banana_history" / "votes.jsonl")
    assert [one.criterion for one in votes] == ["instruction", "quality"] * 2 and {one.choice for one in votes} == {"left"}
