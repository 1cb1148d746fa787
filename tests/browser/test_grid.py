"""The grid of a comparison in a real browser: table, large view, two cells compared, marks, one run, size; Lab and Notebook 7."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

from .test_looking import serious

SETUP = """import nb_banana as nb
s = nb.session(nb.Endpoint.sandbox(fault=[None, 'safety'] + [None] * 20), retries=0, tell=lambda _: None)
c = nb.compare(["cat.png", "猫咪.png"], {"snow": "Make it snow", "night": "让天空变成夜晚"}, models=["pro", "nano-banana"], takes=2, session=s)
c = type(c)(c.cells, session=s, outcomes={at: one for at, one in enumerate(c.run(concurrency=1, order="plan")) if at != 15})
s = nb.session(nb.Endpoint.sandbox(), retries=0, tell=lambda _: None)
c = type(c)(c.cells, session=s, outcomes=dict(enumerate(c)))
"""
LARGE = """import nb_banana as nb
s = nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
c = nb.compare(None, [f"Prompt {n} 山水" for n in range(COUNT // 10)], takes=10, session=s)
"""
SCROLL = """async () => {
    const box = document.querySelector('.nbb-window'), tasks = [0];
    const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)));
    watch.observe({type: 'longtask'});
    let most = 0;
    for (let at = 0; at < 60; at++) {
        box.scrollTop += 600;
        await new Promise(requestAnimationFrame);
        most = Math.max(most, document.querySelectorAll('.nbb-grid *').length);
    }
    await new Promise((done) => setTimeout(done, 200));
    watch.disconnect();
    return {most, task: Math.max(...tasks), top: box.scrollTop};
}"""
"""Scroll a grid down a window at a time: the most elements there were, the longest task in ms."""


def show(open_notebook, photo_bytes, options="", **how):
    """A notebook with a grid of 16 cells: one was refused, one has not run."""
    other = io.BytesIO()
    Image.new("RGB", (96, 128), "khaki").save(other, "PNG")
    files = {"cat.png": photo_bytes, "猫咪.png": other.getvalue()}
    nb = open_notebook([SETUP, f"g = c.grid({options})\ng", "1"], files=files, height=1000, **how)
    nb.run_cell(0)
    nb.run_cell(1)
    expect(nb.page.locator("td[data-at]").first).to_be_visible()
    nb.page.locator(".nbb-grid").scroll_into_view_if_needed()
    return nb


def at(nb):
    """The cell that has the focus."""
    return nb.page.evaluate("document.activeElement.dataset.at")


def test_a_grid_is_a_table_to_walk_filter_and_mark(open_notebook, photo_bytes):
    """Real headers stay in sight, one stop for Tab, arrows walk, a filter and a sort leave what they say; what is dark, small or named is as it should be."""
    nb = show(open_notebook, photo_bytes, width=1200)
    page = nb.page
    press, cell = page.keyboard.press, lambda n: page.locator(f"td[data-at='{n}']")
    heads = page.locator(".nbb-window thead th[scope=col]")
    assert heads.all_inner_texts() == ["image × prompt", "pro · take 1", "pro · take 2", "nano-banana · take 1", "nano-banana · take 2"][: heads.count()]
    assert page.locator(".nbb-window tbody th[scope=row]").first.inner_text() == "cat.png\nsnow"
    expect(cell(1)).to_contain_text("blocked the picture")
    expect(cell(1).locator("[data-act=run]")).to_have_text("Retry · sandbox, free")
    page.wait_for_function("() => [...document.querySelectorAll('.nbb-window img')].filter((one) => one.naturalWidth).length > 8")
    assert serious(nb, ".nbb-grid") == []
    expect(page.locator("td[tabindex='0']")).to_have_count(1)
    cell(0).focus()
    for key, there in (("ArrowRight", "1"), ("ArrowDown", "5"), ("Home", "4"), ("Control+End", "15"), ("ArrowUp", "11"), ("Control+Home", "0")):
        press(key)
        assert at(nb) == there, key
    press("ArrowDown")
    press("ArrowDown")
    press("ArrowDown")
    tops = page.evaluate("() => ['.nbb-window', '.nbb-window thead th'].map((one) => Math.round(document.querySelector(one).getBoundingClientRect().top))")
    assert page.evaluate("document.querySelector('.nbb-window').scrollTop") > 50 and abs(tops[0] - tops[1]) <= 2
    press("s")
    expect(cell(12).locator(".nbb-star")).to_have_text("★")
    press("d")
    press("d")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)

    page.locator(".nbb-find").fill("夜晚 猫")
    expect(page.locator("td[data-at]")).to_have_count(0)
    page.locator(".nbb-find").fill("night 猫")
    expect(page.locator("td[data-at]")).to_have_count(4)
    expect(page.locator(".nbb-told")).to_contain_text("4 of 16 cells")
    page.locator(".nbb-only").select_option(label="★ starred")
    expect(page.locator("td[data-at]")).to_have_count(1)
    for _ in range(50):  # the page tells the kernel a moment later
        if (told := nb.python("print(g.table.filter, dict(g.table.only))").strip()) == "night 猫 {'mark': ['star']}":
            break
        page.wait_for_timeout(100)
    assert told == "night 猫 {'mark': ['star']}"
    nb.run_cell(1)  # shown again, as a new grid of the same comparison
    expect(page.locator("td[data-at='12'] .nbb-star")).to_have_text("★")
    nb.python("g.table.only = {'outcome': ['failed', 'missing']}; g.table.sort = '-take'")
    expect(page.locator("td[data-at]")).to_have_count(2)
    page.locator("[data-act=clear]").hover()
    page.mouse.down()
    nb.python("g.table.sort = 'take'")  # as when an outcome comes: what is pressed stays until the click is over
    page.wait_for_timeout(300)
    page.mouse.up()
    expect(page.locator(".nbb-chips button")).to_have_count(0)
    assert nb.python("print(g.table.sort)").strip() == "take"


def test_a_cell_is_seen_large_and_beside_any_other(open_notebook, photo_bytes):
    """Arrows move in both axes, zoom is one for both sides and stays, C puts another cell beside, a note is kept, Escape gives the focus back."""
    nb = show(open_notebook, photo_bytes, width=1000)
    page, large = nb.page, nb.page.locator("dialog.nbb-large")
    press = page.keyboard.press
    page.locator("td[data-at='0']").focus()
    press("Enter")
    expect(large).to_be_visible()
    expect(large.locator(".nbb-tag").first).to_have_text("Input")
    expect(large.locator("h2")).to_have_text("cat.png · snow · pro · take 1")
    for key, name in (("ArrowDown", "cat.png · night · pro · take 1"), ("ArrowRight", "cat.png · night · pro · take 2"), ("End", "cat.png · night · nano-banana · take 2"), ("Home", "cat.png · night · pro · take 1")):
        press(key)
        expect(large.locator("h2")).to_have_text(name)
    expect(large.locator(".nbb-whole")).to_have_text("让天空变成夜晚")
    large.locator(".nbb-zoom button", has_text="+").click()
    moved = "() => [...document.querySelectorAll('.nbb-large .nbb-mover')].slice(0, 2).map((one) => one.style.transform)"
    first, second = page.evaluate(moved)
    assert first == second and "scale(1.5)" in first
    press("ArrowUp")
    expect(large.locator("h2")).to_have_text("cat.png · snow · pro · take 1")
    assert page.evaluate(moved) == [first, second]
    press("c")
    press("ArrowDown")
    expect(large.locator(".nbb-tag").first).to_have_text("snow")
    expect(large.locator(".nbb-tag").nth(1)).to_have_text("night")
    press("c")
    expect(large.locator(".nbb-tag").first).to_have_text("Input")
    press("s")
    expect(large.locator("[data-large=star]")).to_have_text("★")
    large.locator("textarea").fill("太暗 scar")
    large.locator("summary").click()
    expect(large.locator("code")).to_contain_text("nb.history()[")
    press("Escape")
    expect(large).to_be_hidden()
    assert at(nb) == "4"
    expect(page.locator("td[data-at='4'] .nbb-words")).to_contain_text("✎")
    assert nb.python("print([(r.starred, r.note) for r in s.history.records(text='太暗')])").strip() == "[(True, '太暗 scar')]"
    assert serious(nb, ".nbb-grid") == []


def test_one_cell_is_run_by_its_price(open_notebook, photo_bytes):
    """R goes to the button that says the price, Enter sends once; what came is told; the plain pages under the grid show only without it."""
    nb = show(open_notebook, photo_bytes, "lang='zh'", width=1000, theme="dark")
    page = nb.page
    assert page.evaluate("() => [...document.querySelectorAll('.jp-Cell:nth-child(2) .jp-OutputArea-child')].filter((one) => one.checkVisibility()).length") == 1
    page.locator("td[data-at='1']").focus()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.textContent") == "重试 · 沙盒，免费"
    sent = len(nb.python("print(*[r.id for r in s.history.records()])").split())
    page.evaluate("() => { const one = document.activeElement; one.click(); one.click(); }")
    expect(page.locator("td[data-at='1'] .nbb-star")).to_be_visible()
    assert len(nb.python("print(*[r.id for r in s.history.records()])").split()) == sent + 1
    expect(page.locator(".nbb-status")).to_contain_text("完成 15")
    assert serious(nb, ".nbb-grid") == []
    nb.do("() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.shutdown().then(() => null)", "the kernel ends")
    expect(page.locator(".nbb-status").first).to_contain_text("内核已断开")


def test_a_thousand_cells_are_few_elements(open_notebook):
    """However far it is scrolled a grid of 1,000 cells is at most 2,000 elements, and its last cell can be reached."""
    nb = open_notebook([LARGE.replace("COUNT", "1000"), "g = c.grid()\ng"], width=1200, height=1000)
    nb.run_cell(0)
    nb.run_cell(1)
    expect(nb.page.locator("td[data-at]").first).to_be_visible()
    seen = nb.page.evaluate(SCROLL)
    assert seen["most"] <= 2000 and seen["top"] > 5000, seen
    nb.page.locator("td[data-at]").first.focus()
    nb.page.keyboard.press("Control+End")
    assert at(nb) == "999"


def test_the_grid_in_notebook_7(open_notebook, photo_bytes):
    """Table, large view and marks work there too, narrow as well, and no key reaches the notebook."""
    nb = show(open_notebook, photo_bytes, front="notebook", width=600)
    page = nb.page
    page.locator("td[data-at='0']").focus()
    for key in ("s", "ArrowRight", "ArrowLeft", "b", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("td[data-at='0'] .nbb-star")).to_have_text("★")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)
    expect(page.locator("dialog.nbb-large .nbb-after img[src]")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("dialog.nbb-large h2")).to_have_text("cat.png · night · pro · take 1")
    page.locator("[data-large=close]").click()
    assert at(nb) == "4"
