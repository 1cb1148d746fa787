"""The history stands beside the notebook, whoever began its kernel and wherever; asked of real kernels."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager

import pytest
from kernels import manager as kernel_manager

import nb_banana as nb

VS_CODE = "__vsc_ipynb_file__ = {!r}\n"


@contextmanager
def kernel(cwd, **variables):
    """Runs cells in a kernel that begins in `cwd`; each gives what it printed."""
    manager = kernel_manager()
    manager.start_kernel(cwd=str(cwd), env={**os.environ, **variables})
    client = manager.client()
    client.start_channels()

    def run(code):
        printed = []

        def take(message):
            content = message["content"]
            printed.append(content.get("text", "") + "\n".join(content.get("traceback", [])))

        client.execute_interactive(code, timeout=120, output_hook=take)
        return "".join(printed)

    try:
        client.wait_for_ready(timeout=120)
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def place(photo, clean_place):
    """A workspace with a notebook and a picture in a folder of its own."""
    folder = clean_place / "notebooks"
    folder.mkdir()
    (folder / "my.ipynb").write_text("{}")
    return folder


def edit(url, photo, prompt="Make it night"):
    return (
        f"import nb_banana as nb; s = nb.session(nb.Endpoint({url!r}))\n"
        f"r = nb.edit({str(photo)!r}, {prompt!r}); print(r.replayed, s.notebook)"
    )


def posts(server):
    return sum(entry.method == "POST" for entry in server.requests)


def test_vs_code_and_jupyter_share_the_history_beside_the_notebook(place, photo, server):
    """The first begins its kernel in the workspace, the second beside the notebook: one folder, one payment, one name."""
    with kernel(place.parent) as run:
        assert run(VS_CODE.format(str(place / "my.ipynb")) + edit(server.url, photo)) == "False my.ipynb\n"
    with kernel(place, JPY_SESSION_NAME=str(place / "my.ipynb")) as run:
        assert run(edit(server.url, photo)) == "True my.ipynb\n"
        assert "beside my.ipynb" in run("import nb_banana._doctor as d; print(d.report())")
    assert posts(server) == 1
    assert [path.parent for path in place.parent.rglob("nb_banana_history")] == [place]


def test_what_the_panel_saves_lies_beside_the_notebook(place, photo):
    """*Save*, *Share* and the saved composite go there wherever the kernel began and `os.chdir` led, under new names, and say so."""
    (place.parent / "away").mkdir()
    cells = (
        f"import os, nb_banana as nb; nb.session(nb.Endpoint.sandbox()); panel = nb.panel({str(photo)!r})",
        "panel.prompt.value, panel.marks = 'Make it night', (0.25, 0.25, 0.5, 0.5); panel.marking.exact.keep.value = True",
        "panel.run_button.click(); panel.wait(60)",
        f"import time; ends = time.time() + 60; os.chdir({str(place.parent / 'away')!r})",
        "while panel.marking.exact.composite is None and time.time() < ends: time.sleep(0.05)",
        "for button in [panel.view.save, panel.view.share, panel.view.share, panel.marking.exact.save]:",
        "    button.click(); print(panel.view.note.text.splitlines()[0].removeprefix('Saved as '))",
    )
    with kernel(place.parent) as run:
        told = run(VS_CODE.format(str(place / "my.ipynb")) + "\n".join(cells)).splitlines()
    made = {path.name for path in place.iterdir()} - {"my.ipynb", "nb_banana_history"}
    assert len(made) == 4 and {str(place / name) for name in made} == set(told) and {"shared.png", "shared_2.png"} < made
    assert not any((place.parent / "away").iterdir())


def test_every_form_of_a_session_name(place):
    """Absolute, relative to the server's root, with a drive, unsaved, renamed by VS Code: beside the notebook; a
    console, a remote path and nothing at all: where the kernel began. `os.chdir` changes nothing.
    """
    (place / "deep").mkdir()
    (place / "deep" / "notes.py").write_text("")
    forms = {
        str(place / "my.ipynb"): (place, "my.ipynb"),
        str(place / "unsaved.ipynb"): (place, "unsaved.ipynb"),
        str(place / "my-jvsc-0b1f6c8e-4c1d-4b0e-9d63-6f5d0e6c7a11.ipynb"): (place, "my.ipynb"),
        "my.ipynb": (place, "my.ipynb"),
        "notebooks/my.ipynb": (place, "my.ipynb"),
        "RTC:notebooks/my.ipynb": (place, "my.ipynb"),
        "deep/notes.py": (place / "deep", "notes.py"),
        "notebooks/deep/notes.py": (place / "deep", "notes.py"),
        "../notebooks/my.ipynb": (place, "my.ipynb"),
        "/nowhere/on/this/machine.ipynb": (place, "machine.ipynb"),
        "gone/away.ipynb": (place, "away.ipynb"),
        str(place / "Console 1"): (place, "Console 1"),
        "console-1-2f9c": (place, "console-1-2f9c"),
        "": (place, ""),
    }
    code = (
        "import json, os, tempfile, nb_banana as nb\n"
        "os.chdir(tempfile.mkdtemp())\n"
        "def look(name):\n"
        "    os.environ['JPY_SESSION_NAME'] = name\n"
        "    s = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)\n"
        "    return [str(s.history.folder), s.notebook, s.history.notice]\n"
        f"print(json.dumps([look(name) for name in {list(forms)!r}]))"
    )
    with kernel(place) as run:
        found = json.loads(run(code))
        for (name, (folder, notebook)), (where, called, notice) in zip(forms.items(), found, strict=True):
            assert (where, called) == (str(folder / "nb_banana_history"), notebook), name
            lost = name in ("/nowhere/on/this/machine.ipynb", "gone/away.ipynb", "../notebooks/my.ipynb")
            assert (where in notice) == lost, name
        # VS Code's own word comes before a name inherited from the Jupyter it was begun in; nonsense is passed over.
        for word, folder in ((str(place / "deep" / "a.ipynb"), place / "deep"), (r"c:\Users\me\x.ipynb", place), (7, place)):
            (where, *_), = json.loads(run(VS_CODE.format(word) + f"print(json.dumps([look({str(place / 'my.ipynb')!r})]))"))
            assert where == str(folder / "nb_banana_history")
        # A place that somebody names is the place.
        named = "os.environ['NB_BANANA_HISTORY'] = '/named'; print(nb.Session().history.folder, nb.Session(folder='/other').history.folder)"
        assert run(named) == "/named /other\n"


def test_a_history_in_the_old_place_is_answered_from_and_told(place, photo, server):
    """What an earlier release kept in the working directory is not paid again; what is new stands beside the notebook."""
    old = place.parent / "nb_banana_history"
    with nb.Session(nb.Endpoint(server.url), folder=old, tell=lambda _: None) as session:
        data = session.edit(photo, "Make it night").image.data
    with kernel(place.parent) as run:
        said = run(VS_CODE.format(str(place / "my.ipynb")) + edit(server.url, photo))
        assert said.endswith("True my.ipynb\n") and said.count(str(old)) == 1 and str(place) in said
        assert posts(server) == 1
        assert run(edit(server.url, photo, "Make it snow")).endswith("False my.ipynb\n")
        assert str(old) in run("import nb_banana._doctor as d; print(d.report())")
        assert run("print(len(s.history.records()), s.history.records()[1].images[0].sha256[:8])")[0] == "2"
    assert posts(server) == 2
    for folder, prompts in ((old, ["Make it night"]), (place / "nb_banana_history", ["Make it snow"])):
        with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=lambda _: None) as session:
            assert [record.prompt for record in session.history.records()] == prompts
            assert folder != old or session.history.records()[0].images[0].data == data


def test_a_script_has_its_working_directory(place, monkeypatch):
    """What a cell starts inherits the notebook's variable; its history is where it runs, as in a terminal."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(place / "my.ipynb"))
    assert nb.Session(nb.Endpoint.sandbox()).history.folder == place.parent / "nb_banana_history"
    monkeypatch.chdir(place)
    assert nb.Session(nb.Endpoint.sandbox()).history.folder == place / "nb_banana_history"
