"""The extension's menus in JupyterLab: pictures of outputs, files, the image viewer; launcher, palette, shortcut."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from playwright.sync_api import expect

from .lab import until

SETUP = "import nb_banana as nb\nnb.session(nb.Endpoint.sandbox(), tell=lambda _: None)\nr = nb.edit('cat.png', 'Make the sky stormy')"
OWN = "r"
FOREIGN = "from IPython.display import Image\nImage('cat.png')"
SOURCES = "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.getSource())"
DROP = """async ([from, to]) => {
    const data = new DataTransfer(), fire = (kind, place) => place.dispatchEvent(
        new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data, clientX: at.x + 4, clientY: at.y + 4}));
    const [start, end] = [from, to].map((selector) => document.querySelector(selector));
    const at = end.getBoundingClientRect();
    fire('dragstart', start);
    const taken = !fire('dragover', end);
    fire('drop', end);
    return taken;
}"""


def menu(page, target, *, near=None):
    """Open the context menu there and give what stands in it."""
    target.click(button="right", position=near)
    items = page.locator(".lm-Menu-item:visible .lm-Menu-itemLabel")
    expect(items.first).to_be_visible()
    return [text for text in items.all_inner_texts() if text]


def choose(page, words):
    """Choose an item of the menu that is open."""
    page.locator(".lm-Menu-item:visible", has_text=words).click()


def told(page, words):
    """The page's list of what was said holds these words; the tests' server lets nothing pop up, and Notebook 7 has no status bar."""
    said, turn = page.locator(".jp-Notification-List"), "() => void window.jupyterapp.commands.execute('apputils:display-notifications')"
    if not said.is_visible():
        page.evaluate(turn)
    expect(said).to_contain_text(words)
    page.evaluate(turn)
    expect(said).to_be_hidden()


def sources(nb):
    return nb.page.evaluate(SOURCES)


def panel_shown(nb, cards=1):
    """A panel is on the page, with this many pictures in its tray."""
    expect(nb.page.locator(".nb-banana-panel").last).to_be_visible()
    expect(nb.page.locator(".nb-banana-panel").last.locator(".nbb-card img")).to_have_count(cards)


def test_any_output_picture_is_edited(open_notebook, photo_bytes):
    """On somebody's picture the menu offers Edit alone; a cell below names a file with the very bytes of the output, and shows a panel on it."""
    nb = open_notebook([FOREIGN, "1 + 1"], files={"cat.png": photo_bytes})
    nb.run_all()
    picture = nb.page.locator(".jp-RenderedImage img")
    shown = menu(nb.page, picture)
    assert "Edit with nb_banana…" in shown and "Save Original" not in shown
    choose(nb.page, "Edit with nb_banana")
    panel_shown(nb)
    source = sources(nb)[1]
    name = f"output-{hashlib.sha256(photo_bytes).hexdigest()[:8]}.png"
    assert source == f'import nb_banana as nb\n\nnb.panel("nb_banana_history/inputs/{name}")'
    assert (nb.folder / "nb_banana_history" / "inputs" / name).read_bytes() == photo_bytes
    assert sources(nb)[2] == "1 + 1"


@pytest.mark.parametrize("front", ["lab", "notebook"])
def test_our_own_output_is_its_original(open_notebook, photo_bytes, front):
    """On our result the menu edits, saves, copies the original, not the preview, and inserts the code that made it; dragged, it is that too."""
    nb = open_notebook([SETUP, OWN, "x = 1"], front=front, files={"cat.png": photo_bytes})
    nb.run_all()
    page, record = nb.page, nb.python("print(r.record_id)").strip()
    original = nb.python("print(r.image.sha256)").strip()
    picture = page.locator(".jp-RenderedImage img")
    assert {"Edit with nb_banana…", "Insert the Code of This Result Below", "Save Original", "Copy Original"} <= set(menu(page, picture))
    choose(page, "Save Original")
    told(page, "The original is saved")
    (saved,) = nb.folder.glob("edited-*")
    assert hashlib.sha256(saved.read_bytes()).hexdigest() == original
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu(page, picture)
    choose(page, "Copy Original")
    told(page, "in the clipboard")
    width = page.evaluate("""async () => {
        const [item] = await navigator.clipboard.read();
        return (await createImageBitmap(await item.getType('image/png'))).width;
    }""")
    assert str(width) == nb.python("print(r.image.width)").strip()
    menu(page, picture)
    choose(page, "Insert the Code")
    until(page, f"() => ({SOURCES})().length === 4", "the code stands below")
    code = sources(nb)[2]
    assert code == nb.python(f"print(nb.history()['{record}'].to_python())").removesuffix("\n") and "Make the sky stormy" in code
    if front == "lab":  # where a list of files stands beside
        assert page.evaluate(DROP, [".jp-RenderedImage img", ".jp-DirListing-content"])
        expect(page.locator(".jp-DirListing-item", has_text=f"edited-{record}-2.")).to_be_visible()
    assert {hashlib.sha256(one.read_bytes()).hexdigest() for one in nb.folder.glob("edited-*")} == {original}
    assert page.evaluate(DROP, [".jp-RenderedImage img", ".jp-CodeCell:nth-of-type(4) .cm-line"])
    until(page, f"""() => ({SOURCES})().at(-1).includes('nb.history()["{record}"]')""", "the drop stands in the cell")
    menu(page, picture)
    choose(page, "Edit with nb_banana")
    panel_shown(nb)
    assert f'nb.panel(nb.history()["{record}"])' in sources(nb)[2]
    tray = nb.python("import gc\nfrom nb_banana import Panel\nprint([p.tray.images[0].sha256 for p in gc.get_objects() if type(p) is Panel])")
    assert original in tray
    page.locator(".nb-banana-panel").scroll_into_view_if_needed()
    assert page.evaluate(DROP, [".jp-RenderedImage img", ".nb-banana-panel .nbb-tray"])
    expect(page.locator(".nb-banana-panel .nbb-card img")).to_have_count(2)


def test_files_and_the_image_viewer(open_notebook, photo_bytes):
    """One picture file, several, and the one in the image viewer open in a panel, by paths the kernel can open; other files have no such entry."""
    nb = open_notebook(["1"], files={"cat.png": photo_bytes, "dog.png": photo_bytes, "words.txt": b"x"})
    page = nb.page
    page.evaluate("() => window.jupyterapp.commands.execute('filebrowser:activate').then(() => 0)")
    page.evaluate("path => window.jupyterapp.commands.execute('filebrowser:go-to-path', {path}).then(() => 0)", nb.folder.name)
    file = lambda name: page.locator(".jp-DirListing-item", has_text=name)  # noqa: E731 - three words, used six times
    expect(file("cat.png")).to_be_visible()
    assert "Edit with nb_banana…" not in menu(page, file("words.txt"))
    page.keyboard.press("Escape")
    file("cat.png").click()
    file("dog.png").click(modifiers=["Control"])
    menu(page, file("dog.png"))
    choose(page, "Edit with nb_banana")
    panel_shown(nb, 2)
    assert sorted(re.findall(r'"(\w+\.png)"', sources(nb)[1])) == ["cat.png", "dog.png"]
    file("dog.png").dblclick()
    viewer = page.locator(".jp-ImageViewer")
    expect(viewer).to_be_visible()
    menu(page, viewer)
    choose(page, "Edit with nb_banana")
    # No notebook is in sight beside the viewer, so one is made in the picture's folder.
    expect(page.locator(".nb-banana-panel:visible .nbb-card img")).to_have_count(1)
    made = json.loads((nb.folder / "Untitled.ipynb").read_text(encoding="utf-8"))
    assert "".join(made["cells"][0]["source"]) == 'import nb_banana as nb\n\nnb.panel("dog.png")'


def test_launcher_palette_menu_toolbar_and_shortcut(open_notebook):
    """A panel is one step away everywhere: palette, Edit menu, keys; the toolbar's button is off until somebody wants it."""
    nb = open_notebook(["1"])
    page = nb.page
    assert page.locator(".jp-NotebookPanel-toolbar [data-jp-item-name='nb-banana-open']:visible").count() == 0
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Alt+b")
    panel_shown(nb, 0)
    assert sources(nb)[1] == "import nb_banana as nb\n\nnb.panel()"
    page.keyboard.press("Control+Shift+c")
    page.locator(".lm-CommandPalette-input").fill("picture panel")
    expect(page.locator(".lm-CommandPalette-item", has_text="New Picture Panel")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".lm-MenuBar-item", has_text="Edit").click()
    expect(page.locator(".lm-Menu-item:visible", has_text="New Picture Panel")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("() => window.jupyterapp.commands.execute('launcher:create').then(() => 0)")
    card = page.locator(".jp-LauncherCard[data-category='nb_banana']:visible")
    expect(card).to_contain_text("Picture Panel")
    card.click()
    expect(page.locator(".nb-banana-panel:visible")).to_have_count(1)


@pytest.fixture
def settings(open_notebook):
    """A page and a way to change a plugin's settings in it, the extension's own or another's; put back at the end."""
    nb, changed = open_notebook([SETUP.splitlines()[0]]), {"nb-banana:plugin"}

    def put(name, value, plugin="nb-banana:plugin"):
        changed.add(plugin)
        nb.page.evaluate("""async ([plugin, name, value]) => {
            const {settings} = window.jupyterapp.serviceManager;
            await settings.save(plugin, value === null ? '{}' : JSON.stringify({[name]: value}));
        }""", [plugin, name, value])

    yield nb, put
    for plugin in changed:
        put("", None, plugin)


def test_language_and_running_follow_the_settings(settings):
    """In Chinese by the setting alone, menus, side bar, the settings' form and the kernel are Chinese; a cell is not run where that is not
    wished; the toolbar's button is there for who switches it on."""
    nb, put = settings
    page = nb.page
    put("language", "zh")
    page.goto(nb.address)
    nb.wait_idle()
    assert nb.python("from nb_banana._strings import language\nprint(language())").strip() == "zh"
    page.evaluate("() => window.jupyterapp.commands.execute('nb-banana:history').then(() => 0)")
    expect(page.locator(".nb-banana-side h2")).to_have_text("编辑历史")
    page.locator(".lm-MenuBar-item", has_text="Edit").click()
    expect(page.locator(".lm-Menu-item:visible", has_text="新建图片编辑面板")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("() => window.jupyterapp.commands.execute('settingeditor:open', {query: 'nb_banana'}).then(() => 0)")
    form = page.locator(".jp-SettingsPanel")
    expect(form).to_contain_text("运行插入的单元格")
    expect(form).to_contain_text("这里不保存任何密钥")
    nb.screenshot("extension-settings-zh")
    put("runInsertedCell", False)
    put("toolbar", [{"name": "nb-banana-open", "disabled": False}], "@jupyterlab/notebook-extension:panel")
    page.goto(nb.address)
    nb.wait_idle()
    page.locator(".jp-NotebookPanel-toolbar [data-jp-item-name='nb-banana-open']").locator("jp-button, button").first.click()
    until(page, f"() => ({SOURCES})().length === 2", "a cell was inserted")
    assert page.locator(".nb-banana-panel").count() == 0
    assert page.locator(".nb-banana-side h2").inner_text() == "History of Edits"
