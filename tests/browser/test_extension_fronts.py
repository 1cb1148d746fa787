"""The extension in Notebook 7, in a Chinese JupyterLab at no prefix, and switched off; all other tests stand behind a prefix."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from .lab import JupyterServer, desk_of, notebooks, until
from .test_extension import choose, menu, panel_shown, sources
from .test_extension_side import EDITS, OPEN, rows

SETUP = "import nb_banana as nb\ns = nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)"
SHUT = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"
PICTURES = "() => [...document.querySelectorAll('.nb-banana-side img')].every(one => one.naturalWidth > 0)"
PACK = {  # a language pack as JupyterLab's own servers find one; its words are no matter here
    "jupyterlab_language_pack_zh_CN/__init__.py": "",
    "jupyterlab_language_pack_zh_CN/locale/zh_CN/LC_MESSAGES/jupyterlab.json": json.dumps(
        {"": {"domain": "jupyterlab", "language": "zh-CN", "plural_forms": "nplurals=1; plural=0;", "version": "4"}}),
    "jupyterlab_language_pack_zh_CN-4.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: jupyterlab-language-pack-zh-CN\nVersion: 4.0\n",
    "jupyterlab_language_pack_zh_CN-4.0.dist-info/entry_points.txt": "[jupyterlab.languagepack]\nzh_CN = jupyterlab_language_pack_zh_CN\n",
}


def test_notebook_7(open_notebook, photo_bytes):
    """There too: our original, the side bar, the Edit menu, palette, keys, a saved panel; files of the list, and the one in the viewer, open a new tab
    with a panel; the settings' form is there."""
    files = {"cat.png": photo_bytes, "dog.png": photo_bytes}
    nb = open_notebook([SETUP, EDITS, "a", "p = nb.panel('cat.png')\np"], front="notebook", files=files)
    page = nb.page
    nb.run_all()
    nb.wait_idle()
    panel_shown(nb)
    record = nb.python("print(a.record_id)").strip()
    page.evaluate(OPEN)
    expect(rows(page)).to_have_count(2, timeout=30_000)
    until(page, PICTURES, "its pictures are there")
    nb.screenshot("extension-notebook7")
    assert "Edit with nb_banana…" in menu(page, page.locator(".jp-RenderedImage img").first)
    choose(page, "Edit with nb_banana")
    until(page, "() => window.jupyterapp.shell.currentWidget.content.widgets.length === 5", "the cell stands below")
    assert f'nb.panel(nb.history()["{record}"])' in sources(nb)[3]
    page.locator(".lm-MenuBar-item", has_text="Edit").click()
    expect(page.locator(".lm-Menu-item:visible", has_text="New Picture Panel")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+c")
    page.locator(".lm-CommandPalette-input").fill("picture panel")
    expect(page.locator(".lm-CommandPalette-item", has_text="New Picture Panel")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook .jp-Cell").first.locator(".jp-InputPrompt").click()
    page.keyboard.press("Control+Alt+b")
    until(page, "() => window.jupyterapp.shell.currentWidget.content.widgets.length === 6", "the keys open one too")
    assert sources(nb)[1].endswith("nb.panel()")
    nb.save()
    nb.do(SHUT, "shutting the kernel down")
    page.reload()
    nb.wait_idle()
    expect(page.locator(".nb-banana-saved").first).to_contain_text("nb_banana · Panel")
    page.goto(f"{nb.address.split('/notebooks/')[0]}/tree/{nb.folder.name}")
    file = lambda name: page.locator(".jp-DirListing-item", has_text=name)  # noqa: E731 - a word for four places
    file("cat.png").click()
    file("dog.png").click(modifiers=["Control"])
    with beside(page, 2):
        menu(page, file("dog.png"))
        choose(page, "Edit with nb_banana")
    with page.context.expect_page() as opened:
        file("dog.png").dblclick()
    viewer = opened.value
    with beside(viewer, 1):
        menu(viewer, viewer.locator(".jp-ImageViewer"))
        choose(viewer, "Edit with nb_banana")
    viewer.close()
    made = [json.loads((nb.folder / name).read_text(encoding="utf-8")) for name in ("Untitled.ipynb", "Untitled1.ipynb")]
    given = [re.search(r"nb\.panel\((.*)\)", "".join(one["cells"][0]["source"])).group(1) for one in made]
    assert sorted(json.loads(given[0])) == ["cat.png", "dog.png"] and given[1] == '"dog.png"'
    page.evaluate("() => window.jupyterapp.commands.execute('settingeditor:open', {query: 'nb_banana'}).then(() => 0)")
    expect(page.locator(".jp-SettingsPanel")).to_contain_text("No key is kept here")
    page.goto(nb.address)
    nb.wait_idle()


@contextmanager
def beside(page, cards):
    """What is done in it opens a tab, in which a panel stands with as many pictures; it is closed again."""
    with page.context.expect_page() as opened:
        yield
    tab = opened.value
    expect(tab.locator(".nb-banana-panel .nbb-card img")).to_have_count(cards, timeout=60_000)
    until(tab, "() => [...document.querySelectorAll('.nb-banana-panel .nbb-card img')].every(one => one.naturalWidth > 0)", "its pictures are there")
    tab.evaluate(SHUT)
    tab.close()


@pytest.fixture(scope="module")
def chinese(tmp_path_factory):
    """JupyterLab in Chinese, at the root of its address."""
    home = tmp_path_factory.mktemp("chinese")
    for name, text in PACK.items():
        (home / "packs" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "packs" / name).write_text(text)
    chosen = home / "settings" / "@jupyterlab" / "translation-extension" / "plugin.jupyterlab-settings"
    chosen.parent.mkdir(parents=True)
    chosen.write_text('{"locale": "zh_CN"}')
    server = JupyterServer.start(home, packs=home / "packs")
    yield server
    server.stop()


def test_a_chinese_lab(chinese, chromium, photo_bytes):
    """JupyterLab's own language is spoken without a setting: by rows, stars, menus, and what is told; at the root of a server, too."""
    with desk_of(chinese, chromium) as desk, notebooks(desk) as open_notebook:
        nb = open_notebook([SETUP, EDITS, "a"], files={"cat.png": photo_bytes})
        page = nb.page
        nb.run_all()
        page.evaluate(OPEN)
        side = page.locator(".nb-banana-side")
        expect(side.locator("h2")).to_have_text("编辑历史")
        expect(rows(page)).to_have_count(2, timeout=30_000)
        assert side.get_attribute("data-source") == "server" and side.get_attribute("lang") == "zh-CN"
        until(page, PICTURES, "its pictures are there")
        rows(page).first.get_by_role("button", name="加星标").click()
        expect(side.locator("[aria-pressed=true]")).to_contain_text("已加星标")
        assert {"用 nb_banana 编辑…", "保存原图", "复制原图"} <= set(menu(page, page.locator(".jp-RenderedImage img")))
        choose(page, "保存原图")
        until(page, "() => [...document.querySelectorAll('.jp-Notification-Status')].length > 0", "something was said")
        page.locator(".jp-Notification-Status").click()
        expect(page.locator(".jp-Notification-List")).to_contain_text("原图已保存为 edited-")
        page.locator(".jp-Notification-Status").click()
        (saved,) = nb.folder.glob("edited-*")
        assert hashlib.sha256(saved.read_bytes()).hexdigest() == nb.python("print(a.image.sha256)").strip()
        nb.screenshot("extension-zh")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A server on which the extension and its routes are switched off."""
    server = JupyterServer.start(tmp_path_factory.mktemp("plain"), extension=False)
    yield server
    server.stop()


def test_switched_off_the_kit_works(plain, chromium, photo_bytes):
    """Without the extension nothing of it is on the page, and a panel edits as ever."""
    with desk_of(plain, chromium) as desk, notebooks(desk) as open_notebook:
        nb = open_notebook([SETUP, "p = nb.panel('cat.png')\np"], files={"cat.png": photo_bytes})
        page = nb.page
        assert not page.evaluate("() => window.jupyterapp.commands.hasCommand('nb-banana:open')")
        nb.run_all()
        panel_shown(nb)
        page.locator(".nb-banana-prompt textarea").fill("Turn the day into night")
        page.locator(".nb-banana-run").click()
        expect(page.locator(".nbb-after img")).to_be_visible(timeout=60_000)
        assert page.locator(".nb-banana-side, .nb-banana-saved").count() == 0
