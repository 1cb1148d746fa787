"""Where the commands write: what this run has made or reads keeps its place, and a failure to write is told as it is."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from PIL import Image
from test_cli import banana

pty = sys.platform != "win32" and import_module("pty")


def noise(name):
    """A notebook that is heavy by one picture."""
    Path(name).parent.mkdir(exist_ok=True)
    Image.frombytes("RGB", (200, 200), os.urandom(120_000)).save("noise.png")
    picture = nbformat.v4.new_output("display_data", {"image/png": import_module("base64").b64encode(Path("noise.png").read_bytes()).decode()})
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[picture])]), name)
    return Path(name).read_bytes()


@pytest.mark.parametrize("forced", [(), ("--force",)])
def test_no_result_of_a_command_takes_the_place_of_another(photo, draw_photo, forced):
    """Photos, comparisons and notebooks of one name in several folders are all there afterwards, forced or not."""
    for number, folder in enumerate("ab"):
        Path(folder).mkdir()
        draw_photo((64 + number, 48), background=("navy", "salmon")[number]).save(f"{folder}/cat.png")
        banana("compare", f"{folder}/cat.png", "-p", "Make it night", "-m", "nb", "-o", f"{folder}/c.zip")
        noise(f"{folder}/n.ipynb")
    done = banana("batch", "a/cat.png", "b/cat.png", "Make it night", "-m", "nb", "-o", "out", "--json", *forced)
    paths = [row["path"] for row in json.loads(done.stdout)]
    assert paths == ["out/cat.png", "out/cat_2.png"] and ("written by this same command" in done.stderr)
    assert Path(paths[0]).read_bytes() != Path(paths[1]).read_bytes()
    done = banana("report", "a/c.zip", "b/c.zip", "-o", "pages/", "--json", *forced)
    assert [row["path"] for row in json.loads(done.stdout)] == ["pages/c.html", "pages/c_2.html"], done.stderr
    banana("slim", "a/n.ipynb", "b/n.ipynb", "--budget", "50KB", "-o", "small/", *forced)
    assert sorted(os.listdir("small")) == ["n.ipynb", "n_2.ipynb"]  # noqa: PTH208
    if forced:  # what lay there before under the name asked for makes way all the same
        again = banana("batch", "a/cat.png", "b/cat.png", "Make it warm", "-m", "nb", "-o", "out", "--json", *forced)
        assert [row["path"] for row in json.loads(again.stdout)] == ["out/cat.png", "out/cat_3.png"]


def test_a_notebook_forced_onto_itself_keeps_its_originals(clean_place):
    """Slimming into its own place is slimming in place, and the folder of another notebook of the run loses none."""
    was, other = noise("n.ipynb"), noise("b/n.ipynb")
    for out in (".", "n.ipynb"):
        assert banana("slim", "n.ipynb", "--budget", "50KB", "-o", out, "--force").returncode == 0
        assert Path("n.ipynb").stat().st_size <= 50_000
        assert banana("slim", "n.ipynb", "--restore").returncode == 0 and Path("n.ipynb").read_bytes() == was
    banana("slim", "n.ipynb", "b/n.ipynb", "--budget", "50KB", "-o", "b", "--force")
    assert sorted(one.name for one in Path("b").glob("*.ipynb")) == ["n.ipynb", "n_2.ipynb"]
    assert banana("slim", "b/n.ipynb", "--restore").returncode == 0 and Path("b/n.ipynb").read_bytes() == other


def test_one_bad_comparison_keeps_no_report_back(photo):
    """It is named, the others are written and the code is 1; a folder that is a file is a sentence; --methods beside -o writes too."""
    banana("compare", "cat.png", "-p", "Make it night", "-m", "nb", "-o", "c.zip")
    Path("bad.zip").write_text("no zip")
    done = banana("report", "bad.zip", "c.zip", "-o", "pages/", "--json")
    bad, good = json.loads(done.stdout)
    assert done.returncode == 1 and "bad.zip" in bad["error"] and Path(good["path"]).is_file()
    done = banana("report", "c.zip", "-o", "bad.zip/")
    assert done.returncode == 2 and "bad.zip can't be written" in done.stderr and "Traceback" not in done.stderr
    done = banana("report", "c.zip", "--methods", "-o", "m.html")
    assert "nb_banana" in done.stdout and "Saved" not in done.stdout and Path("m.html").is_file()
