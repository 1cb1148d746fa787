"""What a saved widget of ours shows without its kernel, and that nobody else's output is touched by it."""

from __future__ import annotations

import json

import nbformat
from playwright.sync_api import expect

from .lab import until
from .test_extension import panel_shown

OURS = """\
import nb_banana as nb
from IPython.display import display
nb.session(nb.Endpoint.sandbox(), tell=lambda _: None)
r = nb.edit('cat.png', 'Make the sky stormy')
p = nb.panel('cat.png', slot=False)
told = {'kind': 'panel', 'caption': '320×240 <img src=x onerror=alert(1)> · free', 'record': r.record_id}
display({**p._repr_mimebundle_(), 'application/vnd.nb-banana+json': told}, raw=True)"""
THEIRS = "import ipywidgets\nipywidgets.IntSlider(7, description='theirs')"
SHUT = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"
CARD = ".nb-banana-saved"


def cell(page, index):
    return page.locator(".jp-CodeCell").nth(index).locator(".jp-OutputArea")


def test_a_saved_panel_says_what_it_was(open_notebook, photo_bytes):
    """Alive it is the widget itself; opened anew it is a card with its picture and its caption as text, in place of an error, and a button that
    runs its cell; a slider of ipywidgets is alive and then an error, exactly as without us."""
    nb = open_notebook([OURS, THEIRS], files={"cat.png": photo_bytes})
    page = nb.page
    nb.run_all()
    panel_shown(nb)
    assert page.locator(CARD).count() == 0
    expect(cell(page, 1).locator(".widget-slider")).to_be_visible()
    nb.save()
    nb.do(SHUT, "shutting the kernel down")
    page.reload()
    nb.wait_idle()
    card = cell(page, 0).locator(CARD)
    expect(card).to_contain_text("nb_banana · Panel")
    expect(card).to_contain_text("320×240 <img src=x onerror=alert(1)> · free")
    expect(card).to_contain_text("Run this cell to use it.")
    until(page, f"() => document.querySelector('{CARD} img')?.naturalWidth > 0", "its last picture is there")
    assert card.locator("img").count() == 1
    expect(cell(page, 1)).to_contain_text("Error displaying widget")
    assert "Error" not in cell(page, 0).inner_text() and cell(page, 1).locator(CARD).count() == 0
    nb.screenshot("extension-saved")
    card.get_by_role("button", name="Run Cell").click()
    panel_shown(nb)
    expect(page.locator(CARD)).to_have_count(0)


def test_a_notebook_from_elsewhere(open_notebook, photo_bytes):
    """In a notebook nobody trusts, and with no kernel at all, the card stands, of every kind and of none we know; nothing in it is markup."""
    kinds = [{"kind": "grid", "caption": "3 × 2"}, {"kind": "chain"}, {"kind": "history", "caption": 7}, "not even an object"]
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
    assert [text.split("\n")[0] for text in cards.all_inner_texts()] == [
        "nb_banana · Grid", "nb_banana · Chain", "nb_banana · History", "nb_banana · View"]
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:trust')")
    page.locator(".jp-Dialog").get_by_role("button", name="Trust").click()
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    page.wait_for_timeout(2500)  # longer than a widget is given to come
    expect(cards).to_have_count(4)
    until(page, "() => ![...document.querySelectorAll('.jp-OutputArea')].some(one => /Loading widget|Error displaying/.test(one.innerText))", "no error stands there")
