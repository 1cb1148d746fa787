"""The extension's side bar: the history of the folder one works in, from the server, and from the kernel where that can't tell."""

from __future__ import annotations

import base64
import hashlib

import pytest
from playwright.sync_api import expect

from .lab import JupyterServer, desk_of, notebooks, until
from .test_extension import SOURCES, panel_shown, sources

SETUP = "import nb_banana as nb\ns = nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)"
EDITS = "a = nb.edit('cat.png', 'Make the sky stormy')\nb = nb.edit('cat.png', 'Paint a <b>red</b> boat')"
OPEN = "() => window.jupyterapp.commands.execute('nb-banana:history').then(() => 0)"
SHUT = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"


def rows(page):
    return page.locator(".nb-banana-side li")


def side(nb):
    nb.page.evaluate(OPEN)
    shown = nb.page.locator(".nb-banana-side")
    expect(shown).to_be_visible()
    shown.get_by_role("searchbox").fill("")  # the page may be another test's
    return shown


def test_the_folders_history_beside_the_notebook(open_notebook, photo_bytes):
    """Without a word to the kernel: newest first, with pictures; searched; grows when cells run; taken up by double click and by
    drag; starred through the kernel, and greyed without one; its words are text, and its source is the server."""
    nb = open_notebook([SETUP, EDITS, "c = nb.edit('cat.png', 'Add a lighthouse')", "x = 1"], files={"cat.png": photo_bytes})
    page, shown = nb.page, side(nb)
    expect(shown.get_by_role("status")).to_contain_text("No edits in this folder yet")
    nb.run_cell(0)
    nb.run_cell(1)
    expect(rows(page)).to_have_count(2, timeout=30_000)
    assert shown.get_attribute("data-source") == "server"
    expect(rows(page).first).to_contain_text("Paint a <b>red</b> boat")
    expect(rows(page).last).to_contain_text("Make the sky stormy")
    until(page, "() => [...document.querySelectorAll('.nb-banana-side img')].every(one => one.naturalWidth > 0)", "its pictures are there")
    nb.run_cell(2)
    expect(rows(page)).to_have_count(3, timeout=30_000)
    expect(shown.get_by_role("status")).to_contain_text("3 edits")
    nb.screenshot("extension-side")
    shown.get_by_role("searchbox").fill("stormy")
    expect(rows(page)).to_have_count(1, timeout=30_000)
    star = shown.get_by_role("button", name="Star", exact=False).last
    star.click()
    expect(shown.locator("[aria-pressed=true]")).to_contain_text("Starred")
    assert nb.python("print([one.prompt for one in s.history.records(starred=True)])").strip() == "['Make the sky stormy']"
    record = nb.python("print(a.record_id)").strip()
    rows(page).first.locator(".nb-banana-row").drag_to(page.locator(".jp-CodeCell").nth(3).locator(".cm-content"))
    until(page, f"""() => ({SOURCES})()[3].includes('nb.history()["{record}"]')""", "the drop stands in the cell")
    rows(page).first.locator(".nb-banana-row").dblclick()
    panel_shown(nb)
    assert f'nb.panel(nb.history()["{record}"])' in sources(nb)[4]
    inside = nb.python("import gc\nprint([p.tray.images[0].sha256 for p in gc.get_objects() if type(p) is nb.Panel])")
    assert nb.python("print(a.image.sha256)").strip() in inside
    rows(page).first.locator(".nb-banana-row").focus()
    page.keyboard.press("Enter")
    until(page, f"() => ({SOURCES})().length === 6", "the keyboard opens it too")
    page.evaluate(SHUT)
    shown.get_by_role("button", name="Refresh").click()
    expect(shown.locator("[aria-pressed]")).to_be_disabled()
    expect(shown.locator("[aria-pressed]")).to_have_attribute("title", "Starring needs a notebook of this folder with its kernel running")
    until(page, "() => [...document.querySelectorAll('.nb-banana-side img')].every(one => one.naturalWidth > 0)", "pictures need no kernel")


def test_a_panels_edit_appears_by_itself(open_notebook, photo_bytes):
    """An edit made by a click in a panel, where no cell runs, is in the side bar a moment later; a long history has a button for more."""
    many = "for n in range(33):\n    nb.edit('cat.png', f'Make it number {n}')"
    nb = open_notebook([SETUP, "p = nb.panel('cat.png')\np", many], files={"cat.png": photo_bytes})
    page, shown = nb.page, side(nb)
    nb.run_cell(0)
    nb.run_cell(1)
    page.locator(".nb-banana-prompt textarea").fill("Turn the day into night")
    page.wait_for_timeout(1500)  # the look after the cell is over
    page.locator(".nb-banana-run").click()
    expect(rows(page)).to_have_count(1, timeout=30_000)
    expect(rows(page).first).to_contain_text("Turn the day into night")
    nb.run_cell(2)
    expect(shown.get_by_role("status")).to_contain_text("34 edits")
    expect(rows(page)).to_have_count(30, timeout=30_000)
    shown.get_by_role("button", name="Show 4 More").click()
    expect(rows(page)).to_have_count(34, timeout=30_000)
    assert len(set(rows(page).evaluate_all("all => all.map(one => one.dataset.id)"))) == 34


@pytest.fixture(scope="module")
def routeless(tmp_path_factory):
    """A server whose environment lacks our server part."""
    server = JupyterServer.start(tmp_path_factory.mktemp("routeless"), routes=False)
    yield server
    server.stop()


def test_where_the_server_cant_tell_the_kernel_does(routeless, chromium, photo_bytes):
    """Rows, pictures, stars and the original come from the kernel; to look makes no history, and without a kernel that is said."""
    with desk_of(routeless, chromium) as desk, notebooks(desk) as open_notebook:
        nb = open_notebook([SETUP, EDITS], files={"cat.png": photo_bytes})
        page, shown = nb.page, side(nb)
        expect(shown.get_by_role("status")).to_contain_text("No edits in this folder yet")
        assert shown.get_attribute("data-source") == "kernel" and not (nb.folder / "nb_banana_history").exists()
        nb.run_all()
        expect(rows(page)).to_have_count(2, timeout=30_000)
        until(page, "() => [...document.querySelectorAll('.nb-banana-side img')].every(one => one.naturalWidth > 0)", "its pictures are there")
        rows(page).first.get_by_role("button", name="Star").click()
        expect(shown.locator("[aria-pressed=true]")).to_have_count(1)
        sha = nb.python("print(b.image.sha256)").strip()
        got = page.evaluate("""async ([id, folder]) => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const call = `__import__("nb_banana._server.kernel", fromlist=["rows"]).picture("${id}")`;
            const reply = await kernel.requestExecute({code: '', silent: true, user_expressions: {told: call}}).done;
            return reply.content.user_expressions.told.data['application/json'].data;
        }""", [nb.python("print(b.record_id)").strip(), nb.folder.name])
        assert hashlib.sha256(base64.b64decode(got)).hexdigest() == sha
        page.evaluate(SHUT)  # nobody presses Refresh: it hears that the kernel is gone
        expect(shown.get_by_role("status")).to_contain_text("open a notebook of this folder and start its kernel")
