"""The panel in a real browser: the main job, and what only a page can show."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sqlite3
import time

import pytest
from playwright.sync_api import expect

PANEL = "import nb_banana as nb\np = nb.panel({})\np"
SLOW = 'import nb_banana as nb\np = nb.panel({}, session=nb.Session(nb.Endpoint.sandbox(delay={}), tell=lambda _: None))\np'
DECODED = "width => document.querySelector('.nbb-after img')?.naturalWidth === width"


@pytest.fixture
def jpeg(draw_photo):
    """A photo of 1600×1200, as bytes."""
    stream = io.BytesIO()
    draw_photo((1600, 1200)).save(stream, "JPEG", quality=92)
    return stream.getvalue()


def choose(nb, *paths):
    """Pick files in the tray's file dialog."""
    with nb.page.expect_file_chooser() as chooser:
        nb.page.locator(".nbb-choose").click()
    chooser.value.set_files([str(path) for path in paths])


def prompt(nb, text):
    """Type the instruction."""
    nb.page.locator(".nb-banana-prompt textarea").fill(text)


def pick(nb, name, label):
    """Choose an entry of one of the menus."""
    nb.page.locator(f".nb-banana-{name} select").select_option(label=label)


def status(nb):
    """The status line."""
    return nb.page.locator(".nbb-status")


def history(nb):
    """The stored attempts, from the database itself."""
    with sqlite3.connect(nb.folder / "nb_banana_history" / "history.sqlite") as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("select * from records order by rowid")]


@pytest.mark.parametrize("front", ["lab", "notebook"])
def test_the_main_job(open_notebook, jpeg, front):
    """A photo is chosen, an instruction typed, 16:9 and 2K picked, Edit clicked: 2752×1536 on the screen and on disk."""
    nb = open_notebook([PANEL.format("")], front=front, files={"photo.jpg": jpeg})
    nb.run_all()
    choose(nb, nb.folder / "photo.jpg")
    expect(nb.page.locator(".nbb-card img")).to_have_count(1)
    prompt(nb, "Turn the day into night")
    pick(nb, "aspect_ratio", "16:9")
    pick(nb, "image_size", "2K")
    expect(nb.page.locator(".nb-banana-sends")).to_contain_text("2752×1536 (16:9) · sandbox, free")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Done: 2752×1536")
    nb.page.wait_for_function(DECODED, arg=2752)
    nb.screenshot(f"panel-{front}")
    stored = list((nb.folder / "nb_banana_history" / "images").glob("*.png"))
    assert len(stored) == 1
    assert stored[0].read_bytes()[16:24] == (2752).to_bytes(4, "big") + (1536).to_bytes(4, "big")
    shown = nb.python("print(p.result.image.sha256, p.result.image.width, p.result.sandbox)")
    assert shown.split() == [stored[0].stem, "2752", "True"]
    assert nb.page.evaluate("document.querySelector('.nbb-before img').naturalWidth") == 1600


def test_an_edit_of_20_seconds_does_not_hold_the_notebook(open_notebook, photo_bytes):
    """While the provider works, another cell prints at once, the time goes on, and Stop ends it."""
    nb = open_notebook([SLOW.format("'cat.png'", 20), "print(6 * 7)"], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Working, 1 s")
    began = time.monotonic()
    nb.run_cell(1)
    expect(nb.page.locator(".jp-Notebook .jp-Cell").nth(1).locator(".jp-OutputArea")).to_contain_text("42")
    assert time.monotonic() - began < 3
    expect(status(nb)).to_contain_text("Working, 3 s")
    nb.page.locator(".nb-banana-stop").click()
    expect(status(nb)).to_contain_text("Nothing is billed; if the picture still comes it is filed in the history")
    expect(nb.page.locator(".nb-banana-run")).to_be_enabled()


def test_a_picture_that_comes_after_stop_is_noted_and_in_the_history(open_notebook, photo_bytes):
    """Stop frees the controls at once; the picture that still comes is noted, stands greyed in the strip and disturbs nothing
    until it is shown."""
    nb = open_notebook([SLOW.format("'cat.png'", 3)], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Working, 1 s")
    nb.page.locator(".nb-banana-stop").click()
    expect(status(nb)).to_contain_text("Stopped waiting.")
    prompt(nb, "Make it snow")
    expect(nb.page.locator(".nb-banana-late")).to_contain_text("It stands greyed in the strip")
    nb.screenshot("panel-late", ".nb-banana-panel")
    assert [record["status"] for record in history(nb)] == ["done"]
    assert nb.page.locator(".nb-banana-prompt textarea").input_value() == "Make it snow"
    assert nb.page.locator(".nbb-after img[src]").count() == 0
    assert nb.python("print(p.result)").strip() == "None"
    nb.page.locator(".nbb-is-late").get_by_role("button", name="Show").click()
    expect(nb.page.locator(".nbb-after img[src]")).to_have_count(1)
    expect(nb.page.locator(".nbb-is-done")).to_have_count(1)


def test_a_result_shows_while_another_cell_blocks(open_notebook, photo_bytes):
    """A picture that comes while a cell sleeps is on the screen before that cell ends."""
    nb = open_notebook([SLOW.format("'cat.png'", 1), "import time\ntime.sleep(12)\nprint('over')"],
                       files={"cat.png": photo_bytes})  # fmt: skip
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Working")
    nb.start_cell(1)
    nb.page.wait_for_function(DECODED, arg=1200)
    expect(status(nb)).to_contain_text("Done")
    assert nb.page.locator(".jp-Notebook .jp-Cell").nth(1).locator(".jp-OutputArea-output").count() == 0


def test_a_kernel_that_does_not_answer_is_said_to_be_waited_for(open_notebook, photo_bytes):
    """Half a second without an answer shows why nothing happens; the click is kept, and is one run."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    kernel = int(nb.python("import os; print(os.getpid())"))
    os.kill(kernel, signal.SIGSTOP)
    try:
        nb.page.locator(".nb-banana-run").click()
        expect(status(nb)).to_contain_text("Waiting for the kernel")
        nb.page.locator(".nb-banana-run").click()
        nb.screenshot("panel-queued", ".nb-banana-panel")
    finally:
        os.kill(kernel, signal.SIGCONT)
    expect(status(nb)).to_contain_text("Done", timeout=20_000)
    assert [record["take"] for record in history(nb)] == [1]


def test_a_kernel_that_is_gone_says_what_to_do(open_notebook, photo_bytes):
    """After a kernel restart the controls are off, the panel says to run the cell again, the slot keeps the picture."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Done")
    nb.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    expect(status(nb)).to_contain_text("Run this cell again")
    expect(nb.page.locator(".nb-banana-prompt textarea")).to_be_disabled()
    expect(nb.page.locator(".jp-RenderedImage img")).to_be_visible()
    nb.screenshot("panel-gone", ".nb-banana-panel")


def test_a_double_click_is_one_request(open_notebook, photo_bytes):
    """Two quick clicks, and Ctrl+Enter on top, leave one attempt in the history."""
    nb = open_notebook([SLOW.format("'cat.png'", 1)], files={"cat.png": photo_bytes})
    nb.run_all()
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").dblclick()
    nb.page.locator(".nb-banana-prompt textarea").press("Control+Enter")
    expect(status(nb)).to_contain_text("Done")
    assert [record["take"] for record in history(nb)] == [1]


def test_enter_takes_the_key(open_notebook, photo_bytes):
    """Enter in the key field does what its button does, though JupyterLab keeps forms from being submitted."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    nb.page.locator(".nb-banana-keys-open").click()
    field = nb.page.get_by_label("API key")
    field.fill("your-api-key")
    nb.page.get_by_label("Provider").select_option(label="OpenRouter")
    field.press("Enter")
    expect(field).to_have_value("")
    expect(status(nb)).to_contain_text("placeholder")


def test_a_key_goes_nowhere_until_a_place_is_chosen(open_notebook, photo_bytes):
    """Typing a Google key only preselects Google and shows its address; Enter asks, a key of another form at a chosen place is asked about, and an address of one's own takes it."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes}, width=1000)
    nb.run_cell(0)
    nb.page.locator(".nb-banana-keys-open").click()
    box, field, menu = nb.page.locator(".nbb-key"), nb.page.get_by_label("API key"), nb.page.get_by_label("Provider")
    address = nb.page.get_by_role("textbox", name="Address (https://…)", exact=True)
    place = "print(p.session.endpoint.base_url, p.session.endpoint.has_key)"
    field.fill("unknown-0123456789")
    field.press("Enter")
    expect(box).to_contain_text("Choose whose key this is")
    expect(menu).to_have_value("")
    field.fill("")
    field.press_sequentially("AQ.Ab8RN6-0123456789abcdef")
    expect(menu).to_have_value("google")
    expect(box).to_contain_text("Edits will go to https://generativelanguage.googleapis.com")
    field.press("Enter")
    expect(box).to_contain_text("This looks like a key of Google Gemini API")
    expect(field).to_have_value("AQ.Ab8RN6-0123456789abcdef")
    assert nb.python(place).split() == ["https://sandbox.invalid", "False"]
    menu.select_option(label="API易 (apiyi)")
    expect(box).to_contain_text("Edits will go to https://api.apiyi.com")
    box.get_by_role("button", name="Use").click()
    expect(box).to_contain_text("like a key of Google Gemini API, not of API易 (apiyi)")
    nb.screenshot("panel-key-asked", ".nbb-key")
    menu.select_option(label="Another address…")
    box.get_by_role("button", name="Use").click()
    expect(box).to_contain_text("Type the address")
    assert nb.python(place).split() == ["https://sandbox.invalid", "False"]
    address.fill("http://127.0.0.1:9")
    expect(box).to_contain_text("Edits will go to http://127.0.0.1:9")
    address.press("Enter")
    expect(box).to_be_hidden()
    assert nb.python(place).split() == ["http://127.0.0.1:9", "True"]
    assert nb.python("print([w for w in __import__('ipywidgets').Widget.get_manager_state()['state'].values() if 'Ab8RN6' in str(w)])").strip() == "[]"


def test_keys_stay_in_the_panel(open_notebook, photo_bytes):
    """B or D D on any focused control changes no cell; Ctrl+Enter runs from the prompt; Escape stops."""
    nb = open_notebook([SLOW.format("'cat.png'", 15), "1"], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    cells = nb.page.locator(".jp-Notebook .jp-Cell")
    visited = set()
    nb.page.locator(".nb-banana-keys-open").focus()
    for _ in range(24):
        name = nb.page.evaluate("document.activeElement.closest('.nb-banana-panel') && "
                                "(document.activeElement.className || document.activeElement.tagName)")
        if name is None:
            break
        visited.add(name)
        if not nb.page.evaluate("document.activeElement.matches('input:not([type=range],[type=radio]), textarea')"):
            nb.page.keyboard.press("b")
            nb.page.keyboard.press("d")
            nb.page.keyboard.press("d")
        nb.page.keyboard.press("Tab")
    assert len(visited) >= 8
    expect(cells).to_have_count(2)
    nb.page.locator(".nb-banana-prompt textarea").press("Control+Enter")
    expect(status(nb)).to_contain_text("Working")
    expect(cells).to_have_count(2)
    nb.page.locator(".nb-banana-prompt textarea").press("Escape")
    expect(status(nb)).to_contain_text("Stopped")


def test_an_input_methods_enter_is_not_a_run(open_notebook, photo_bytes):
    """Enter that accepts a word of a Chinese input method sends nothing."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_all()
    prompt(nb, "把白天变成夜晚")
    nb.page.evaluate("""() => document.querySelector('.nb-banana-prompt textarea').dispatchEvent(new KeyboardEvent('keydown',
        {key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true, cancelable: true}))""")
    nb.page.wait_for_timeout(700)
    assert nb.python("print(p.running, len(p.results))").split() == ["False", "0"]


def test_pictures_come_by_paste_and_by_drop(open_notebook, jpeg, jupyter_server):
    """A picture pasted anywhere in the panel and one dropped on the tray arrive; both can be put in order by keyboard."""
    nb = open_notebook([PANEL.format("")])
    nb.run_all()
    nb.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=jupyter_server.url)
    nb.page.evaluate("""async () => {
        const canvas = new OffscreenCanvas(40, 30);
        canvas.getContext('2d').fillRect(0, 0, 40, 30);
        const png = await canvas.convertToBlob({type: 'image/png'});
        await navigator.clipboard.write([new ClipboardItem({'image/png': png})]);
    }""")
    nb.page.locator(".nb-banana-prompt textarea").focus()
    nb.page.keyboard.press("Control+v")
    expect(nb.page.locator(".nbb-card img")).to_have_count(1)
    dropped = nb.page.evaluate_handle("""bytes => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], 'dropped.jpg', {type: 'image/jpeg'}));
        return data;
    }""", list(jpeg))
    nb.page.locator(".nbb-tray").dispatch_event("drop", {"dataTransfer": dropped})
    expect(nb.page.locator(".nbb-card img")).to_have_count(2)
    expect(nb.page.locator(".nbb-card").nth(1)).to_contain_text("1600×1200")
    expect(nb.page.locator(".nbb-card").nth(1)).to_contain_text("sets the shape")
    later = nb.page.get_by_role("button", name="Move image.png later")
    later.focus()
    nb.page.keyboard.press("Enter")
    expect(nb.page.locator(".nbb-card").nth(1)).to_contain_text("40×30")
    assert nb.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(("Move", "Remove"))
    assert nb.python("print([image.width for image in p.tray.images])").strip() == "[1600, 40]"


def test_sixty_megabytes_arrive_and_a_bad_file_says_so(open_notebook, tmp_path):
    """A picture far over Jupyter's message limit arrives whole; a text file is named as no picture."""
    import numpy as np
    from PIL import Image

    big = tmp_path / "big.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (4500, 4500, 3), np.uint8)).save(big, compress_level=0)
    assert big.stat().st_size > 60_000_000
    (tmp_path / "notes.txt").write_text("no picture")
    nb = open_notebook([PANEL.format("")])
    nb.run_all()
    choose(nb, big, tmp_path / "notes.txt")
    expect(nb.page.locator(".nbb-problems")).to_contain_text("notes.txt is not a picture")
    expect(nb.page.locator(".nbb-card img")).to_have_count(1)
    import hashlib

    assert nb.python("print(p.tray.images[0].sha256)").strip() == hashlib.sha256(big.read_bytes()).hexdigest()


def test_a_file_dragged_from_jupyterlabs_browser(open_notebook, photo_bytes):
    """A picture dragged out of the file browser, onto the tray or beside it, is added by its path; no window is split."""
    nb = open_notebook([PANEL.format("")], files={"cat.png": photo_bytes})
    nb.run_all()
    expect(nb.page.locator(".nbb-zone")).to_be_visible()
    item = nb.page.locator(".jp-DirListing-item", has_text="cat.png")
    source = item.bounding_box()
    for count, place in enumerate((".nbb-zone", ".nb-banana-prompt textarea", ".nbb-status"), 1):
        target = nb.page.locator(place).bounding_box()
        nb.page.mouse.move(source["x"] + 30, source["y"] + 8)
        nb.page.mouse.down()
        for step in range(1, 11):
            nb.page.mouse.move(source["x"] + 30 + (target["x"] + 80 - source["x"] - 30) * step / 10,
                               source["y"] + 8 + (target["y"] + 20 - source["y"] - 8) * step / 10)  # fmt: skip
        nb.page.mouse.up()
        expect(nb.page.locator(".nbb-card img")).to_have_count(count)
    assert nb.python("print({one.origin for one in p.tray.pictures})").strip() == "{'\"cat.png\"'}"
    assert nb.page.locator(".lm-DockPanel > .lm-TabBar").count() == 1


def test_what_a_saved_notebook_holds(open_notebook, photo_bytes):
    """The slot's small picture and a line of text are saved; no HTML, no pixels in widget state, no original."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_all()
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Done")
    expect(nb.page.locator(".jp-RenderedImage img")).to_be_hidden()  # while the panel lives it shows it itself
    expect(nb.page.locator(".jp-RenderedImage img")).to_have_count(1)
    nb.save()
    outputs = nb.saved().cells[0].outputs
    pictures = [output.data for output in outputs if "image/jpeg" in output.data]
    assert len(pictures) == 1
    (caption,) = [output.data["text/plain"] for output in outputs if list(output.data) == ["text/plain"]]
    assert caption == pictures[0]["text/plain"] and caption.startswith("1200×896 · gemini-3-pro-image-preview · sandbox")
    assert [output.metadata["image/jpeg"]["alt"] for output in outputs if "image/jpeg" in output.data] == ["Turn the day into night"]
    assert not [output for output in outputs if "text/html" in output.data]
    assert len(json.dumps(nb.saved())) < 60_000


def test_a_page_opened_again_shows_the_picture_again(open_notebook, photo_bytes):
    """After a reload with the kernel alive the panel asks for its pixels and shows them."""
    nb = open_notebook([PANEL.format("'cat.png'") , "p"], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    nb.page.wait_for_function(DECODED, arg=1200)
    nb.run_cell(1)
    second = nb.page.locator(".nb-banana-panel").nth(1)
    expect(second.locator(".nbb-status")).to_contain_text("Done")
    nb.page.wait_for_function("() => document.querySelectorAll('.nbb-after img')[1]?.naturalWidth === 1200")
    expect(second.locator(".nbb-card img")).to_have_count(1)


def test_a_restarted_kernel_and_the_cell_run_again(open_notebook, photo_bytes):
    """After a restart the same cell brings its panel back: picture, prompt, result in Python, and nothing is sent."""
    nb = open_notebook([PANEL.format("'cat.png'"), PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_cell(0)
    prompt(nb, "Turn the day into night")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Done")
    digest = nb.python("print(p.result.image.sha256)")
    nb.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()")
    expect(status(nb)).to_contain_text("Run this cell again")
    nb.wait_idle()
    nb.run_cell(0)
    expect(status(nb)).to_contain_text("Back from history: 1200×896")
    nb.page.wait_for_function(DECODED, arg=1200)
    assert nb.page.locator(".nb-banana-prompt textarea").input_value() == "Turn the day into night"
    assert nb.python("print(p.result.image.sha256)") == digest
    assert len(history(nb)) == 1
    nb.run_cell(1)
    expect(nb.page.locator(".nbb-status").nth(1)).to_contain_text("Now say what should change")


def test_a_size_in_pixels_and_a_seed_by_keyboard(open_notebook, photo_bytes):
    """Typed pixels that can't be made are mended by one button; dice fill the seed box, its cross empties it; a click sends both."""
    nb = open_notebook([PANEL.format("'cat.png'")], files={"cat.png": photo_bytes})
    nb.run_all()
    prompt(nb, "Turn the day into night")
    seed = nb.page.get_by_role("textbox", name="Seed")
    nb.page.get_by_role("button", name="Draw a seed").focus()
    nb.page.keyboard.press("Enter")
    expect(seed).to_have_value(re.compile(r"^\d{1,10}$"))
    assert nb.python("print(p.seed.value)").strip() == seed.input_value()
    nb.page.get_by_role("button", name="No seed").click()
    expect(seed).to_have_value("")
    expect(seed).to_be_focused()
    seed.fill("x7")
    expect(seed).to_have_attribute("aria-invalid", "true")
    seed.fill("7")
    expect(seed).to_have_attribute("aria-invalid", "false")
    nb.page.locator(".nb-banana-run").click()
    expect(status(nb)).to_contain_text("Done: 1200×896")
    assert nb.python("print(p.result.request.seed)").strip() == "7"
    pick(nb, "model", "GPT Image 2.5 Flare")
    expect(seed).to_be_hidden()
    pick(nb, "image_size", "Own…")
    box = nb.page.get_by_label("Width × height")
    box.fill("641x368")
    expect(nb.page.locator(".nb-banana-wrong")).to_contain_text("multiples of 16")
    nb.page.get_by_role("button", name="Use 640×368").click()
    expect(box).to_have_value("640x368")
    box.press("Control+Enter")
    expect(status(nb)).to_contain_text("Done: 640×368")
    assert nb.python("print(p.result.request.image_size, p.result.request.seed)").split() == ["640x368", "None"]
