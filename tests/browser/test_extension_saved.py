"""What a saved widget of ours shows without its kernel, and that nobody else's output is touched by it."""

from __future__ import annotations

import json

import nbformat
from playwright.sync_api import expect

from .lab import until
from .test_extension import choose, menu, sources

SETUP = "import nb_banana as nb\nnb.session(nb.Endpoint.sandbox(), tell=lambda _: None)\nr = nb.edit('cat.png', 'Make the sky stormy')"
PANEL = "p = nb.panel('cat.png')\np.prompt.value = 'Paint a red boat'\np.run_button.click()\np.wait()\np"
HISTORY = "h = nb.history()\nh"
THEIRS = "import ipywidgets\nipywidgets.IntSlider(7, description='theirs')"
SHUT = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"
CARD = ".nb-banana-saved"
WRONG = "() => [...document.querySelectorAll('.jp-OutputArea')].some(one => /Loading widget|Error displaying/.test(one.innerText))"


def cell(page, index):
    return page.locator(".jp-CodeCell").nth(index).locator(".jp-OutputArea")


def test_a_saved_widget_says_what_it_was(open_notebook, photo_bytes):
    """Alive it is the widget itself; opened anew it is a card in place of an error, with its last picture unless that stands beside it,
    and a button that runs its cell; a slider of ipywidgets is alive and then an error, exactly as without us."""
    nb = open_notebook([SETUP, PANEL, HISTORY, THEIRS], files={"cat.png": photo_bytes})
    page = nb.page
    nb.run_all()
    expect(cell(page, 1).locator(".nbb-card img")).to_have_count(1)
    expect(cell(page, 2).locator(".nb-banana-history")).to_be_visible()
    expect(cell(page, 3).locator(".widget-slider")).to_be_visible()
    assert page.locator(CARD).count() == 0
    record = nb.python("print(p.result.record_id)").strip()
    nb.save()
    nb.do(SHUT, "shutting the kernel down")
    page.reload()
    nb.wait_idle()
    panel, history = cell(page, 1).locator(CARD), cell(page, 2).locator(CARD)
    expect(panel).to_contain_text("nb_banana · Panel")
    expect(history).to_contain_text("nb_banana · History")
    until(page, f"() => document.querySelector('{CARD} img')?.naturalWidth > 0", "the last picture is there")
    assert panel.locator("img").count() == 0 and history.locator("img").count() == 1
    expect(cell(page, 1).locator(".jp-RenderedImage img")).to_be_visible()
    expect(cell(page, 3)).to_contain_text("Error displaying widget")
    assert cell(page, 3).locator(CARD).count() == 0
    assert not any("Error" in cell(page, index).inner_text() for index in (1, 2))
    expect(history.locator("small")).to_contain_text("Paint a red boat · ")
    nb.screenshot("extension-saved")
    menu(page, history.locator("img"))
    choose(page, "Insert the Code")
    until(page, "() => window.jupyterapp.shell.currentWidget.content.widgets.length === 5", "the code stands below")
    assert f'nb.history()["{record}"]' in sources(nb)[3] or "Paint a red boat" in sources(nb)[3]
    cell(page, 0).scroll_into_view_if_needed()
    nb.run_cell(0)
    panel.get_by_role("button", name="Run Cell").click()
    expect(cell(page, 1).locator(".nbb-card img")).to_have_count(1)
    expect(panel).to_have_count(0)
    expect(history).to_have_count(1)


def test_a_notebook_from_elsewhere(open_notebook):
    """In a notebook nobody trusts, then in one somebody does, with no kernel at all, the card stands for every kind and for one we
    don't know; nothing in it is markup."""
    kinds = [{"kind": "grid", "caption": "3 × 2 <img src=x onerror=alert(1)>"}, {"kind": "chain"}, {"kind": "later", "caption": 7}, "no object"]
    nb = open_notebook(["1"])
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "gone", "display_name": "Gone", "language": "python"}})
    for told in kinds:
        data = {"application/vnd.jupyter.widget-view+json": {"model_id": "0" * 32, "version_major": 2, "version_minor": 0},
                "application/vnd.nb-banana+json": told, "text/plain": "<Panel>"}
        notebook.cells.append(nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data)]))
    (nb.folder / "else.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page = nb.page
    page.evaluate("path => window.jupyterapp.commands.execute('docmanager:open', {path}).then(() => 0)", f"{nb.folder.name}/else.ipynb")
    page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
    cards = page.locator(f".jp-NotebookPanel:visible {CARD}")
    expect(cards).to_have_count(4)
    expect(cards.first).to_contain_text("3 × 2 <img src=x onerror=alert(1)>")
    expect(cards.nth(1)).to_contain_text("Run this cell to use it.")
    assert cards.locator("strong").all_inner_texts() == ["nb_banana · Grid", "nb_banana · Chain", "nb_banana · View", "nb_banana · View"]
    assert cards.locator("img").count() == 0 and not page.evaluate(WRONG)
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:trust')")
    page.locator(".jp-Dialog").get_by_role("button", name="Trust").click()
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    page.wait_for_timeout(2500)  # longer than a widget is given to come
    expect(cards).to_have_count(4)
    assert not page.evaluate(WRONG)
