"""What a person chose outside of a call: a variable before JupyterLab's setting, an argument before both, and never a session that fails for it."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from pathlib import Path

import nbformat
import pytest
from client.misbehaving import KEY, answer, picture, response, sends, serving
from kernels import Notebook
from pages import blocks

import nb_banana as nb
from nb_banana._chosen import VARIABLES, forget
from nb_banana._doctor import report
from nb_banana._history.book import History

COMMENTED = """// nb_banana
{
    // "language": "en",
    /* what
       people write */
    "language": "zh-CN", // as on my desk
    "historyFolder": "edits//mine",
    "previewSize": 256,
    "runInsertedCell": false,
}
"""


@pytest.fixture
def lab(clean_place, monkeypatch):
    """`lab(text)`: JupyterLab's settings file of ours, at a place of this call's own."""
    made = []

    def write(text):
        place = clean_place / f"user-settings-{len(made)}"
        made.append(place)
        path = place / "nb-banana" / "plugin.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode())
        monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(place))
        forget()
        return path

    yield write
    forget()


@pytest.fixture
def notebook(monkeypatch):
    """This process passes for the kernel of a notebook, as IPython tells it."""
    import IPython

    class Shell:
        kernel, user_ns = object(), {}

    monkeypatch.setattr(IPython, "get_ipython", Shell)
    forget()


def test_an_argument_comes_before_a_variable_before_a_setting(lab, notebook, clean_place, monkeypatch):
    """The folder of the history is the argument's, else the variable's, else JupyterLab's, else the usual one beside the notebook."""
    usual = clean_place / "nb_banana_history"
    assert History.open().folder == usual
    lab({"historyFolder": "by-lab"})
    assert History.open().folder == clean_place / "by-lab"
    monkeypatch.setenv("NB_BANANA_HISTORY", "by-variable")
    assert History.open().folder == clean_place / "by-variable"
    assert History.open("by-argument").folder == clean_place / "by-argument"


def test_every_setting_is_honoured_in_a_real_kernel(lab, photo, clean_place):
    """In a kernel, JupyterLab's settings, comments and all, choose language, folder and size of previews; a variable set there comes before them."""
    lab(COMMENTED)
    cells = [
        "import nb_banana as nb\nresult = nb.edit('cat.png', 'Make it night')\nresult",
        "import os\nos.environ['NB_BANANA_LANG'] = 'en'\nos.environ['NB_BANANA_PREVIEW'] = '128'\nresult",
        "print(nb.session().history.folder.name)",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    Notebook(book, timeout=60, resources={"metadata": {"path": str(clean_place)}}).execute()
    shown = [next(one for one in cell.outputs if any(kind.startswith("image/") for kind in one.get("data", {}))) for cell in book.cells[:2]]
    widths = [next(iter(one.metadata.values()))["width"] for one in shown]
    assert widths == [256, 128]
    assert "沙盒" in shown[0].data["text/plain"] and "sandbox" in shown[1].data["text/plain"]
    assert book.cells[2].outputs[0].text == "mine\n"
    assert (clean_place / "edits" / "mine" / "history.sqlite").is_file()


def test_a_script_and_a_terminal_follow_no_setting_of_notebooks(lab, clean_place):
    """What is set in JupyterLab changes nothing outside of notebooks; the doctor there tells of it."""
    path = lab({"historyFolder": "by-lab", "language": "zh", "previewSize": 100})
    assert History.open().folder == clean_place / "nb_banana_history"
    told = report()
    assert f"settings: in notebooks also language = zh, size of previews = 100, history folder = by-lab (from JupyterLab's settings, {path})" in told


def test_what_was_paid_before_a_folder_was_chosen_is_answered(lab, notebook, photo, clean_place):
    """A history that stood beside the notebook is still read once JupyterLab's setting moves it: nothing is paid twice."""
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        before = session.edit(photo, "Make it night")
    lab({"historyFolder": "elsewhere/mine"})
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        again = session.edit(photo, "Make it night")
        assert (again.replayed, again.record_id) == (True, before.record_id)
        assert session.history.folder == clean_place / "elsewhere" / "mine"


def deep(levels):
    return '{"language": ' + "[" * levels + "]" * levels + "}"


ODD = {
    "not there": None, "empty": "", "no object": "[1, 2]", "a word": '"zh"', "cut": '{"language": "z', "bytes": b"\xff\xfe\x00{",
    "deep": deep(20_000), "large": '{"language": "zh", "x": "' + "x" * 70_000 + '"}', "other types": '{"language": ["zh"], "historyFolder": {"a": 1}, "previewSize": true}',
    "null": '{"language": null, "historyFolder": null}', "endless comment": "/*" * 20_000, "control": '{"historyFolder": "a\\u0000b", "language": "\\u001b[2J"}',
    "long": json.dumps({"historyFolder": "x" * 5000}), "many": '{"language": "auto", ' + ", ".join(f'"k{n}": 1' for n in range(5000)) + "}",
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.usefixtures("uncollected")
def test_no_file_whatever_fails_a_session(lab, notebook, photo, clean_place, kind):
    """A settings file that is none, is broken, or was made to harm counts as not there; an edit works as ever, and in time."""
    lab(ODD[kind])
    began = time.monotonic()
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        assert session.history.folder == clean_place / "nb_banana_history"
        assert "sandbox" in session.edit(photo, "Make it night").caption
    assert time.monotonic() - began < 10
    broken = kind in ("no object", "empty", "a word", "cut", "bytes", "deep", "large", "endless comment")
    assert ("✗ settings: JupyterLab's settings in" in report()) == broken


@pytest.mark.skipif(os.name == "nt", reason="these kinds of files are POSIX")
@pytest.mark.parametrize("kind", ["pipe", "folder", "zeros", "unreadable link"])
def test_nothing_is_waited_for(lab, notebook, clean_place, kind):
    """A pipe, a folder, an endless device or a link to nowhere in the file's place is passed over at once."""
    path = lab(None)
    {"pipe": os.mkfifo, "folder": os.mkdir, "zeros": lambda at: at.symlink_to("/dev/zero"), "unreadable link": lambda at: at.symlink_to(at)}[kind](path)
    began = time.monotonic()
    assert History.open().folder == clean_place / "nb_banana_history" and time.monotonic() - began < 2


def test_a_setting_is_read_once(lab, notebook, clean_place):
    """A session does not change under a notebook because somebody opened the settings meanwhile."""
    path = lab({"historyFolder": "first"})
    assert History.open().folder == clean_place / "first"
    path.write_text('{"historyFolder": "second"}')
    assert History.open().folder == clean_place / "first"


def test_the_doctor_says_what_was_chosen_and_where(lab, notebook, clean_place, monkeypatch):
    """Each choice is told with its source; what means nothing is named, and what counts instead."""
    lab({"language": "en", "historyFolder": "by-lab", "previewSize": 5, "confirmAbove": 0.25})
    monkeypatch.setenv("NB_BANANA_LANG", "fr")
    lines = report().splitlines()
    assert "✗ settings: NB_BANANA_LANG says language = 'fr', which means nothing here" in lines
    assert "✓ settings: language = en (from JupyterLab)" in lines
    assert "✗ settings: JupyterLab says size of previews = '5', which means nothing here" in lines
    assert "✓ settings: history folder = by-lab (from JupyterLab)" in lines
    assert "✓ settings: ask above $ = 0.25 (from JupyterLab)" in lines
    assert any(str(clean_place / "by-lab") in line and "named by JupyterLab's setting" in line for line in lines)


def test_nothing_chosen_is_said_too():
    """Who set nothing reads that all is as usual."""
    assert "✓ settings: none, all as usual" in report().splitlines()


def test_a_key_in_the_settings_is_nowhere(lab, notebook, clean_place):
    """Whatever else somebody writes into the file is read by nobody and shown nowhere."""
    lab({"api_key": "sk-not-a-key-0123456789", "APIYI_API_KEY": "sk-not-a-key-0123456789", "language": "en"})
    assert "not-a-key" not in report() and nb.Session().sandbox


@pytest.mark.parametrize(("size", "least", "most"), [("64", 64, 4 * 1024), ("768", 768, 24 * 1024), ("1500", 1500, 100 * 1024)])
def test_previews_are_as_large_as_was_chosen(monkeypatch, size, least, most):
    """The small copy in an output has the edge that was chosen, and no more bytes than its area is worth."""
    from PIL import Image

    monkeypatch.setenv("NB_BANANA_PREVIEW", size)
    picture = nb.ImageData.from_bytes(_jpeg(Image.effect_mandelbrot((2000, 1000), (-2, -1, 1, 1), 80)))
    data, _ = picture._repr_mimebundle_()
    (small,) = [value for kind, value in data.items() if kind.startswith("image/")]
    assert len(small) * 3 // 4 <= most
    assert max(picture.shown().shown_size) == least


def _jpeg(image):
    import io

    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG")
    return out.getvalue()


# --- asking first ---------------------------------------------------------------------------------


def paid(connection, _seen, _number):
    connection.sendall(response(answer(picture((200, 90, 3)))))


def panel_at(server, photo, name="apiyi"):
    session = nb.Session(nb.Endpoint(server.url, KEY, name=name), retries=0, tell=lambda _: None)
    panel = nb.panel(photo, session=session)
    panel.prompt.value = "Add a boat"
    return panel


def click(panel):
    panel.run_button.click()
    try:
        return panel.wait(60)
    except nb.NanoBananaError:
        return None


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_price_above_the_limit_is_asked_about(photo, monkeypatch, lang):
    """The first click says the price and the limit and sends nothing, nor does the second press of a double click; the next click sends."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
    monkeypatch.setenv("NB_BANANA_LANG", lang)
    with serving(paid) as server:
        panel = panel_at(server, photo)
        assert click(panel) is None and click(panel) is None
        said = panel.status.text
        assert "$0.01" in said and ("nothing was sent" if lang == "en" else "尚未发送") in said and server.posts == 0
        time.sleep(0.6)
        assert panel.status.text == said  # it stays to be read
        assert click(panel) is not None and server.posts == 1
        assert click(panel) is not None and server.posts == 1  # each time anew; the result of before stands
        time.sleep(0.6)
        click(panel)
        assert server.posts == 2


def test_the_wait_a_server_asks_for_lets_the_question_stand(photo, monkeypatch):
    """After too many requests the price that a click is told stays to be read, and the next click sends."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
    busy = response(b'{"error": {"code": 429, "message": "slow down"}}', 429, retry_after="9")
    with serving(sends(busy, response(answer()))) as server:
        panel = panel_at(server, photo)
        for _ in range(2):
            click(panel)
            time.sleep(0.6)
        assert server.posts == 1 and "slow down" in panel.status.text
        click(panel)
        asked = panel.status.text
        time.sleep(1.2)
        assert panel.status.text == asked and "$0.01" in asked
        assert click(panel) is not None and server.posts == 2


def test_a_click_while_one_runs_is_asked_about_and_waits(photo, monkeypatch):
    """The line counts seconds then: the price stands in the note, and goes with the click that agrees to it."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
    release = threading.Event()

    def slow(connection, seen, number):
        release.wait(30)
        paid(connection, seen, number)

    with serving(slow) as server:
        panel = panel_at(server, photo)
        panel.run_button.click()
        time.sleep(0.6)
        panel.run_button.click()
        panel.prompt.value = "Add a hat"
        panel.run_button.click()
        assert panel.running and panel.waiting == 0
        time.sleep(1.2)
        assert "$0.01" in panel.view.note.text and "nothing was sent" in panel.view.note.text
        panel.run_button.click()
        assert panel.waiting == 1 and panel.view.note.text == ""
        release.set()
        assert panel.wait(60).request.prompt == "Add a hat" and server.posts == 2


def test_a_grids_buttons_ask_too(photo, monkeypatch, clean_place):
    """A click that would run a comparison says the price of what is left and sends nothing; the next click for the same sends."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
    with serving(paid) as server:
        session = nb.Session(nb.Endpoint(server.url, KEY, name="apiyi"), retries=0, tell=lambda _: None)
        grid = nb.compare(photo, ["Add a boat", "Add a hat"], session=session).grid()

        def clicked(**message):
            grid.table._hear(None, message, [])
            time.sleep(0.7)

        clicked(t="run", at=1)
        one = grid._line.hint
        clicked(t="all")
        assert "$0.01" in one and "Click again" in one and one != grid._line.hint and server.posts == 0
        grid.stop()  # says something else, so the question is no longer there to be read
        clicked(t="all")
        assert "Click again" in grid._line.hint and server.posts == 0
        clicked(t="all")
        grid.comparison.wait(60)
        assert server.posts == 2


def test_what_changed_meanwhile_is_asked_about_anew(photo, monkeypatch):
    """Agreeing to one price is not agreeing to another: more takes, or another size, ask again."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
    with serving(paid) as server:
        panel = panel_at(server, photo)
        click(panel)
        time.sleep(0.6)
        panel.takes.value = 4
        click(panel)
        assert server.posts == 0
        time.sleep(0.6)
        click(panel)
        assert server.posts == 4


def test_whatever_a_button_sends_is_asked_about(photo, monkeypatch):
    """A larger copy of a result, and what failed once more, are asked about as the first click is, each with its own price."""
    with serving(paid) as server:
        panel = panel_at(server, photo)
        assert click(panel) is not None and server.posts == 1
        monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
        panel.run_button.click()
        time.sleep(0.6)  # asked about that one; the larger copy is another, whatever it costs
        for clicks in (1, 2):
            panel.view.larger.click()
            panel.wait(60)
            assert server.posts == clicks
            time.sleep(0.6)
    with serving(_fail_twice()) as server:
        panel = panel_at(server, photo)
        panel.takes.value = 3
        monkeypatch.delenv("NB_BANANA_CONFIRM")
        click(panel)
        sent = server.posts
        monkeypatch.setenv("NB_BANANA_CONFIRM", "0.01")
        panel.view.retry.click()
        assert server.posts == sent and "$0.1" in panel.status.text
        time.sleep(0.6)
        panel.view.retry.click()
        panel.wait(60)
        assert server.posts == sent + 2


def _fail_twice():
    """The first two requests are refused, the others answered."""

    def behave(connection, _seen, number):
        connection.sendall(response(b'{"error": {"message": "no"}}', 400) if number < 3 else response(answer(picture((200, 90, number)))))

    return behave


@pytest.mark.parametrize(("limit", "asks"), [("5", False), ("0", False), ("$5.00", False), ("a lot", True), ("-1", True), ("nan", True)])
def test_a_limit_that_is_none_asks_about_every_price(photo, monkeypatch, limit, asks):
    """Below the limit, or with 0, a click is sent at once; a limit that nobody can read asks each time and is named."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", limit)
    with serving(paid) as server:
        panel = panel_at(server, photo)
        click(panel)
        assert (server.posts == 0) == asks
        assert (repr(limit) in panel.status.text and "NB_BANANA_CONFIRM" in panel.status.text) == asks


def test_the_sandbox_never_asks(photo, monkeypatch):
    """What is free is made at once, however low the limit."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "0.0001")
    panel = nb.panel(photo, session=nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None))
    panel.prompt.value = "Make it night"
    assert click(panel) is not None


def test_a_price_nobody_knows_is_asked_about(photo, monkeypatch):
    """Unknown is not below the limit."""
    monkeypatch.setenv("NB_BANANA_CONFIRM", "100")
    with serving(paid) as server:
        panel = panel_at(server, photo, "custom")
        click(panel)
        assert "price unknown" in panel.status.text and server.posts == 0


# --- the page about it ------------------------------------------------------------------------------

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = ("settings.md", "settings.zh-CN.md")


@pytest.mark.parametrize(("page", "lang"), list(zip(PAGES, ("en", "zh"), strict=True)))
def test_the_page_shows_what_the_doctor_says(page, lang, shell, monkeypatch, capsys):
    """Its Python runs as printed, in a notebook, and the report has the lines it prints."""
    for name in ("NB_BANANA_PREVIEW", "NB_BANANA_CONFIRM"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("NB_BANANA_LANG", lang)
    for code in blocks(page, "python"):
        assert shell.run_cell(code).success
    (lines,) = blocks(page, "text")
    assert set(lines.splitlines()) <= set(capsys.readouterr().out.splitlines())


def test_both_pages_name_the_same():
    """Every variable, address and command is in both languages, and each variable of the room is on the page."""
    named = [sorted(re.findall(r"`([^`\n]+)`", (DOCS / page).read_text(encoding="utf-8"))) for page in PAGES]
    assert named[0] == named[1]
    assert set(VARIABLES.values()) <= set(named[0])


def test_every_variable_is_on_the_page():
    """Each variable of ours that the source spells stands on the page of settings, but for the one the app sets for its own kernels."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (DOCS.parent / "nb_banana").rglob("*.py"))
    spelled = set(re.findall(r"\"(NB_BANANA_[A-Z_]+)\"", source)) - {"NB_BANANA_CLASS"}
    assert len(spelled) >= 9 and spelled <= set(re.findall(r"`(NB_BANANA_[A-Z_]+)`", (DOCS / PAGES[0]).read_text(encoding="utf-8")))
