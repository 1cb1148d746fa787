"""What the other files try in JupyterLab alone, tried in Notebook 7 on one page: prompt, focus, copy, difference, chain, history."""

from __future__ import annotations

from playwright.sync_api import expect

from .test_page import INSIDE, TOP, box
from .test_panel import prompt, status

CELLS = [
    "import nb_banana as nb\ns = nb.session(nb.Endpoint.sandbox(fault=[None, None, 'safety', None, None]))\n"
    "one = nb.chain('cat.png').edit('Make the sky stormy')\nchain = one.edit('Add a red wooden boat')\n"
    "try:\n    s.edit('cat.png', 'Something refused')\nexcept nb.NanoBananaError as error:\n    print(error.category)",
    "p = nb.panel(['cat.png', one.result])\np",
    "chain[1].show()",
    "from nb_banana._widgets.timeline import timeline\nt = timeline(chain)\nt",
    "h = nb.history()\nh",
]


def run(nb, index):
    """Run a cell and bring what it shows into sight."""
    nb.run_cell(index)
    nb.page.locator(".jp-Cell").nth(index).scroll_into_view_if_needed()


def test_every_row_of_the_review_in_notebook_7(open_notebook, photo_bytes, jupyter_server):
    """The box grows, the focus stays, no key reaches the notebook, nothing jumps, Copy gives a sign, numbers are inserted; a
    result shows itself with a legend; undo then edit edits what is shown; a refused edit shows what was sent; Restore is in sight."""
    nb = open_notebook(CELLS, front="notebook", files={"cat.png": photo_bytes}, width=1000, height=1100)
    page = nb.page
    nb.run_cell(0)
    assert "safety" in nb.output(0)
    run(nb, 1)
    expect(page.locator(".nbb-card img")).to_have_count(2)
    low = box(nb).bounding_box()["height"]
    prompt(nb, "\n".join("line" for _ in range(30)))
    assert low + 40 < box(nb).bounding_box()["height"] < 190
    prompt(nb, "Make it snow in ")
    box(nb).press("End")
    page.locator(".nbb-card .nbb-label").nth(1).click()
    expect(box(nb)).to_have_value("Make it snow in picture 2")
    page.locator(".nb-banana-title").click(position={"x": 4, "y": 4})
    for key in "ddb":
        page.keyboard.press(key)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(CELLS))
    page.wait_for_timeout(600)
    top = page.evaluate(TOP)
    page.locator("button.nb-banana-run").focus()
    page.keyboard.press("Enter")
    expect(status(nb)).to_contain_text("Done")
    assert page.evaluate(INSIDE) and abs(page.evaluate(TOP) - top) < 1
    nb.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=jupyter_server.url)
    page.locator(".nbb-viewer").get_by_role("button", name="Copy").click()
    said = page.locator(".nbb-viewer .nbb-take button", has_text="Copied").locator("span").last
    expect(said).to_be_visible()
    assert said.bounding_box()["width"] > 20
    page.locator("button.nb-banana-keys").click()
    expect(page.locator(".nbb-status dialog")).to_be_visible()
    page.keyboard.press("Escape")

    run(nb, 2)
    shown = page.locator(".jp-Cell").nth(2)
    expect(shown.locator(".nbb-info")).to_contain_text("Add a red wooden boat")
    shown.get_by_role("radio", name="Difference").check()
    expect(shown.locator(".nbb-legend")).to_contain_text("% changed")

    run(nb, 3)
    line = page.locator(".jp-Cell").nth(3)
    expect(line.locator(".nbb-step")).to_have_count(3)  # the chain's own path; the panel's edit is folded away
    expect(line.locator(".nb-banana-others")).to_contain_text("other edit")
    line.locator(".nbb-step", has_text="boat").click()
    line.locator(".nb-banana-branch").click()
    panel = line.locator(".nb-banana-panel").nth(1)
    panel.locator(".nb-banana-prompt textarea").fill("Add a rainbow")
    line.locator(".nb-banana-undo").click()
    expect(panel.locator(".nbb-card")).to_have_count(1)
    panel.locator(".nb-banana-run").click()
    expect(line.locator(".nbb-step[aria-selected='true']")).to_contain_text("Add a rainbow")
    sent = "r = s.history.records(text='Add a rainbow')[0]; print([i.sha256 for i in r.inputs] == [one.image.sha256])"
    assert nb.python(sent).strip() == "True"

    run(nb, 4)
    past = page.locator(".jp-Cell").nth(4)
    past.locator(".nbb-item", has_text="Something refused").click()
    expect(past.locator(".nbb-before .nbb-tag")).to_have_text("Input")
    expect(past.locator(".nbb-after")).to_be_hidden()
    past.locator(".nb-banana-restore").click()
    restored = past.locator(".nb-banana-panel").nth(1).locator(".nb-banana-prompt textarea")
    expect(restored).to_have_value("Something refused")
    expect(restored).to_be_focused()
    expect(restored).to_be_in_viewport()
