"""A line while a cell waits: seen in a real kernel, and gone from the saved notebook."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from client.misbehaving import KEY, answer, picture, response, serving
from kernels import Notebook
from nbconvert import HTMLExporter, MarkdownExporter

WAITED = 2.5
"""Seconds a slow service takes: long enough for a line to come on a busy machine."""


def after(seconds):
    """A service that answers after a while."""

    def behave(connection, _seen, number):
        time.sleep(seconds)
        connection.sendall(response(answer(picture((200, 90, number)))))

    return behave


class Watching(Notebook):
    """Runs a notebook as a person does before a page, and keeps what each cell showed at any moment."""

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        client.allow_stdin = True
        return client

    def process_message(self, message, cell, index):
        if message["msg_type"] in ("display_data", "stream", "update_display_data"):
            content = message["content"]
            said = content.get("text") or content.get("data", {}).get("text/plain", "")
            self.seen.setdefault(index, []).append(said)
        return super().process_message(message, cell, index)


def run(server, cells, folder):
    """Cells in a kernel of their own, after one that makes the session: the notebook as saved, and what was seen."""
    start = f"%load_ext nb_banana\nimport nb_banana as nb\nnb.session(nb.Endpoint({server.url!r}, {KEY!r}), folder={str(folder)!r});"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in (start, *cells)])
    client = Watching(notebook, timeout=120, coalesce_streams=True)  # as a page does
    client.seen = {}
    client.execute()
    notebook.cells.pop(0)
    return notebook, [client.seen.get(at, []) for at in range(1, 1 + len(cells))]


def saved(notebook):
    """Each cell's outputs as they are saved, without what a caption measured."""
    outputs = [[dict(output, execution_count=None) for output in cell.outputs] for cell in notebook.cells]
    own = r" · \d+(\.\d+)? s\b|(?<='record': ')\w+"  # each run has times, and records, of its own
    return [[re.sub(own, "", str(one)) for one in shown] for shown in outputs]


def lines(seen):
    return [said for said in seen if "Sent 1 picture (" in said or "已向" in said or " of 2 done" in said]


EDIT = 'nb.edit("cat.png", "Add a boat {}")'
CELLS = {
    "shown": (EDIT, 2),
    "assigned": (f"result = {EDIT}", 0),
    "printed": (f'print("before")\nresult = {EDIT}\nprint("after")', 1),
    "both streams": (f'import sys\nprint("before")\nprint("trouble", file=sys.stderr)\n{EDIT}', 4),
    "awaited": ('result = await nb.session().aedit("cat.png", "Add a boat {}")\nresult.image.width', 1),
    "chain": ('chain = nb.chain("cat.png").edit("Add a boat {}")', 0),
    "magic": ("%%banana cat.png\nAdd a boat {}", 2),
    "two": (f"result = {EDIT}\nagain = nb.edit(result, 'And another')", 0),
    "comparison": ('grid = nb.compare("cat.png", ["Add a boat {}", "Draw {}"]).run(concurrency=2)', 0),
    "Chinese": (f"import os\nos.environ['NB_BANANA_LANG'] = 'zh'\nresult = {EDIT}\ndel os.environ['NB_BANANA_LANG']", 0),
}


def test_the_line_is_seen_and_leaves_no_trace(photo, tmp_path):
    """While a slow service works a cell says what was sent, where, and the usual time; what is saved is as if it had been quick."""
    cells = [code.replace("{}", str(number)) for number, (code, _) in enumerate(CELLS.values())]
    with serving(after(WAITED)) as slow, serving(after(0)) as quick:
        with ThreadPoolExecutor(1) as beside:  # the slow one mostly sleeps
            slowly = beside.submit(run, slow, cells, tmp_path / "slow")
            at_once, unseen = run(quick, cells, tmp_path / "quick")
            waited, seen = slowly.result()
    for (name, (_, count)), shown, cell in zip(CELLS.items(), seen, waited.cells):
        if name == "comparison":  # how far it is, again and again
            assert lines(shown)[0].startswith("0 of 2 done"), shown
        else:
            assert len(lines(shown)) == (2 if name == "two" else 1), (name, shown)
            assert all(f"(127.0.0.1:{slow.port})" in line for line in lines(shown)), (name, shown)
        assert len(cell.outputs) == count, (name, cell.outputs)
    english, chinese = lines(seen[0])[0], lines(seen[-1])[0]
    assert re.fullmatch(r"Sent 1 picture \([\d.]+ KB\) to .* \(127\.0\.0\.1:\d+\); usually about [\d–]+ s …", english)
    assert "1 张图片" in chinese and "通常约" in chinese
    assert not any(lines(shown) for shown in unseen)
    assert saved(waited) == saved(at_once)
    for exporter in (HTMLExporter, MarkdownExporter):
        assert not lines([exporter().from_notebook_node(waited)[0]])


WIDGET = """
import ipywidgets, threading
from IPython.display import display
from IPython.utils.capture import capture_output
"""


def test_where_it_could_not_be_taken_away_there_is_none(photo, tmp_path):
    """Beside a picture of somebody's own, in an Output widget, captured, in a thread, for a replay: nothing is shown, and nothing is lost."""
    own = {
        "displayed": f"display({{'text/plain': 'mine'}}, raw=True)\nresult = {EDIT}",
        "widget": f"with out:\n    result = {EDIT}",
        "captured": f"with capture_output() as held:\n    print('kept')\n    result = {EDIT}\nprint(held.stdout, len(held.outputs))",
        "thread": f"work = threading.Thread(target=lambda: {EDIT})\nwork.start(); work.join()",
        "replayed": EDIT.replace("{}", "1"),
    }
    prepare = WIDGET + "out = ipywidgets.Output()\nwith out:\n    print('in the widget')"
    cells = [prepare, *(code.replace("{}", str(number)) for number, code in enumerate(own.values())), "print(out.outputs)"]
    with serving(after(WAITED)) as server:
        notebook, seen = run(server, cells, tmp_path / "history")
    assert not any(lines(shown) for shown in seen), seen
    outputs = dict(zip(own, (cell.outputs for cell in notebook.cells[1:])))
    assert [one["data"] for one in outputs["displayed"]] == [{"text/plain": "mine"}]
    assert [one["text"] for one in outputs["captured"]] == ["kept\n 0\n"]
    assert outputs["thread"] == [] and "replayed" in str(outputs["replayed"][1])
    assert "in the widget" in notebook.cells[-1].outputs[0]["text"]


FIRST = """\
import os
import nb_banana as nb
os.environ["TRIED"] = "1"
result = nb.edit("cat.png", "Add a boat", session=nb.Session(nb.Endpoint({url!r}, {key!r})))"""


@pytest.mark.parametrize(("before", "shown"), [("", 1), ("from IPython.display import display\ndisplay({'text/plain': 'mine'}, raw=True)\n", 0)])
def test_the_very_first_cell(photo, before, shown):
    """A cell that imports and edits shows the line; one that may have shown something before keeps that, and shows none."""
    with serving(after(WAITED)) as server:
        code = before + FIRST.format(url=server.url, key=KEY)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        client = Watching(notebook, timeout=120)
        client.seen = {}
        client.execute()
    assert len(lines(client.seen.get(0, []))) == shown, client.seen
    assert [one["data"]["text/plain"] for one in notebook.cells[0].outputs] == (["mine"] if before else [])


def test_an_interrupted_cell_keeps_no_line(photo, tmp_path):
    """Ctrl-C, and an error of the service, take the line away too."""
    failing = 'try:\n    nb.edit("cat.png", "Add a boat")\nexcept nb.NanoBananaError as error:\n    print(error.status)'
    interrupted = (
        "import os, signal, threading\n"
        f"threading.Timer({WAITED}, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        'try:\n    nb.edit("cat.png", "Add a hat")\nexcept KeyboardInterrupt:\n    print("stopped")'
    )

    def behave(connection, seen, _number):
        time.sleep(20 if b"hat" in seen.body else WAITED)
        connection.sendall(response(b'{"error":{"message":"no such thing"}}', 400))

    with serving(behave) as server:
        notebook, seen = run(server, [failing, interrupted], tmp_path / "history")
    assert [len(lines(shown)) for shown in seen] == [1, 1]
    assert [[dict(one) for one in cell.outputs] for cell in notebook.cells] == [
        [{"output_type": "stream", "name": "stdout", "text": f"{text}\n"}] for text in ("400", "stopped")
    ]


def test_a_script_says_nothing(photo):
    """Outside of a notebook nothing is printed, and no notebook machinery is loaded."""
    code = (
        "import sys, nb_banana as nb\n"
        "nb.Session(nb.Endpoint(sys.argv[1], sys.argv[2]), tell=lambda _: None).edit('cat.png', 'Add a boat')\n"
        "print(sorted({'IPython', 'ipykernel', 'ipywidgets', 'nb_banana._widgets.waiting'} & set(sys.modules)))"
    )
    with serving(after(WAITED)) as server:
        start = [sys.executable, "-c", code, server.url, KEY]
        done = subprocess.run(start, capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_nobody_waits_where_a_program_runs_the_notebook(photo, tmp_path):
    """nbval, nbconvert and the like see the cell as it will be saved, printed text once: there is no line."""
    with serving(after(WAITED)) as server:
        code = FIRST.format(url=server.url, key=KEY) + '\nprint("after")'
        seen = []

        class Running(Notebook):
            def process_message(self, message, cell, index):
                seen.append(message["msg_type"])
                return super().process_message(message, cell, index)

        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        Running(notebook, timeout=120).execute()
    assert [one["text"] for one in notebook.cells[0].outputs] == ["after\n"]
    assert "clear_output" not in seen and "display_data" not in seen
