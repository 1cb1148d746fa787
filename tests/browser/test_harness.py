"""The harness itself: what every other browser test stands on."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from .lab import clean_environment, notebooks

BUTTON = """\
import os
import ipywidgets as w
button, label = w.Button(description="press"), w.Label("waiting")
button.on_click(lambda _: setattr(label, "value", f"pressed in {os.path.basename(os.getcwd())}"))
box = w.VBox([button, label])
box.add_class("harness-box")
box"""


@pytest.mark.parametrize("front", ["lab", "notebook", "voila"])
def test_a_click_reaches_the_kernel_and_comes_back(open_notebook, front):
    """A widget button runs Python in the notebook's own folder, in all three front ends."""
    nb = open_notebook([BUTTON], front=front)
    if front != "voila":
        nb.run_all()
    box = nb.page.locator(".harness-box")
    box.locator("button").click()
    expect(box).to_contain_text(f"pressed in {nb.folder.name}")


def test_files_output_saving_and_the_dark_theme(open_notebook):
    """Files are beside the notebook before it starts; a test can read outputs, save, and look at it in dark."""
    nb = open_notebook(["print(open('note.txt').read())", "1 + 1"], files={"note.txt": b"hello"}, theme="dark")
    nb.run_cell(0)
    assert nb.output(0).strip() == "hello"
    nb.run_all()
    nb.save()
    assert nb.saved().cells[1].outputs[0]["data"]["text/plain"] == "2"
    assert nb.page.evaluate("document.body.dataset.jpThemeLight") == "false"
    assert nb.screenshot("harness-dark").stat().st_size > 10_000


def test_a_developers_keys_stay_out(open_notebook, monkeypatch, tmp_path):
    """Whatever is exported where the tests start, the kernels they drive hold no key and no setting."""
    monkeypatch.setenv("APIYI_API_KEY", "sk-of-a-developer")
    monkeypatch.setenv("NB_BANANA_BASE_URL", "http://elsewhere.test")
    assert not {"APIYI_API_KEY", "NB_BANANA_BASE_URL"} & set(clean_environment(tmp_path))
    nb = open_notebook([])
    keys = nb.python("import os; print([n for n in os.environ if n.endswith('_API_KEY') or n.startswith('NB_BANANA')])")
    assert keys.strip() == "[]"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such sockets")
def test_a_kernel_takes_no_port(open_notebook):
    """Kernels listen on files: no other program can take a port between its choice and its use."""
    nb = open_notebook([])
    assert nb.python("from ipykernel.connect import get_connection_info as told; print(told(unpack=True)['transport'])").strip() == "ipc"


def test_a_kernel_that_never_starts_is_given_up_for_another(open_notebook, monkeypatch):
    """A page whose first kernel does not answer in time is opened again with another one."""
    nb = open_notebook([])
    waits = [0.01, 60]
    monkeypatch.setattr(nb, "wait_idle", lambda _: type(nb).wait_idle(nb, waits.pop(0)))
    before = nb.python("import os; print(os.getpid())")
    nb.page.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel()")
    nb.started()
    assert nb.python("import os; print(os.getpid())") != before


@pytest.mark.skipif(sys.platform != "linux", reason="a kernel is found by /proc, and asked by a signal")
def test_who_waits_in_vain_is_told_where_the_kernel_stands(open_notebook):
    """A kernel that does not answer is asked by a signal, and the test's failure holds its stacks."""
    nb = open_notebook(["import time\ndef stands_here():\n    time.sleep(8)", "stands_here()"])
    nb.run_cell(0)
    nb.start_cell(1)
    time.sleep(1)
    with pytest.raises(AssertionError, match=r"not over after 1 s: an answer(?s:.*)in stands_here"):
        nb.do("() => new Promise(() => {})", "an answer", seconds=1)
    nb.wait_idle()


def test_a_notebook_leaves_the_shared_page_with_its_kernel(desk):
    """The next notebook finds the same JupyterLab without the one before, its kernel or its permissions; a test that failed leaves no page at all."""
    server = desk.server
    with notebooks(desk) as open_one:
        first = open_one([BUTTON], width=900)
        first.run_all()
        first.context.grant_permissions(["clipboard-read"], origin=server.url)
        expect(first.page.locator(".harness-box")).to_be_visible()
    assert first.page.locator(".jp-Notebook, .harness-box").count() == 0
    with urllib.request.urlopen(f"{server.url}/api/sessions?token={server.token}", timeout=20) as answer:
        assert json.load(answer) == []
    with notebooks(desk, failed=lambda: True) as open_one:
        second = open_one([])
        assert second.page is first.page and second.folder != first.folder
        assert second.page.evaluate("innerWidth") == 1280
        assert second.page.evaluate("navigator.permissions.query({name: 'clipboard-read'}).then(one => one.state)") != "granted"
        assert second.python("print('box' in globals())").strip() == "False"
    assert second.page.is_closed() and second.page not in desk.labs.values()


def test_pages_are_not_offered_subshells_and_cells_may_still_wait(open_notebook):
    """The common server's kernels tell no page of subshells, and answer in the way ipykernel answers when it has them."""
    nb = open_notebook(["import asyncio\nawait asyncio.sleep(0.01)\nprint('waited')"])
    nb.run_cell(0)
    assert nb.output(0).strip() == "waited"
    has = nb.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.supportsSubshells")
    assert has is False and nb.python("print(get_ipython().kernel._supports_kernel_subshells)").strip() == "True"
