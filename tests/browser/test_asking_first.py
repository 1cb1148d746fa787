"""In a real page: JupyterLab's own settings reach the kernel, and a click above a person's limit asks before it sends."""

from __future__ import annotations

import json
from pathlib import Path

from client.misbehaving import answer, response, sends, serving
from playwright.sync_api import expect

from .test_panel_looks import serious

MADE = """\
import nb_banana as nb
session = nb.Session(nb.Endpoint("{url}", "sk-browser-Qx7Lm2Vb9Tz4Kd8Wp3", name="apiyi"), retries=0, tell=lambda _: None)
p = nb.panel("cat.png", session=session, slot=False)
p.prompt.value = "Add a boat"
p"""
SETTINGS = {"language": "zh", "confirmAbove": 0.05, "historyFolder": "edits"}


def test_a_click_above_the_limit_asks_and_the_next_one_sends(open_notebook, jupyter_server, photo_bytes):
    """With JupyterLab's settings panel, menus and side bar speak their language (in Notebook 7 here), the panel keeps its history in their folder, says the price first, and sends at the second click."""
    path = Path(jupyter_server.root).parent / "settings" / "nb-banana" / "plugin.jupyterlab-settings"
    path.parent.mkdir(exist_ok=True)
    path.write_text("// nb_banana\n" + json.dumps(SETTINGS))
    try:
        with serving(sends(response(answer()))) as server:
            nb = open_notebook([MADE.format(url=server.url)], files={"cat.png": photo_bytes}, front="notebook", width=760, height=1200)
            nb.run_all()
            run = nb.page.locator("button.nb-banana-run")
            expect(run).to_contain_text("编辑")
            run.click()
            expect(nb.page.locator(".nb-banana-panel")).to_contain_text("尚未发送。再次点击即可发送")
            assert server.posts == 0 and serious(nb) == []
            nb.screenshot("asking-first", ".nb-banana-panel")
            nb.page.locator(".lm-MenuBar-item", has_text="Edit").click()
            expect(nb.page.locator(".lm-Menu-item:visible", has_text="新建图片编辑面板")).to_be_visible()
            nb.page.keyboard.press("Escape")
            nb.page.evaluate("() => window.jupyterapp.commands.execute('nb-banana:history').then(() => 0)")
            expect(nb.page.locator(".nb-banana-side h2")).to_have_text("编辑历史")
            run.click()
            expect(nb.page.locator("button.nb-banana-spent-open")).to_contain_text("$0.09")
            assert server.posts == 1
            assert nb.python("print(session.history.folder.name)").strip() == "edits" and (nb.folder / "edits" / "history.sqlite").is_file()
    finally:
        path.unlink()
