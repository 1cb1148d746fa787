"""Where the commands write: what this run has made or reads keeps its place, and a failure to write is told as it is."""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from PIL import Image
from test_cli import banana
from test_live import terminal

import nb_banana as nb
from nb_banana._images.sources import as_image


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
    assert sorted(path.name for path in Path("small").iterdir()) == ["n.ipynb", "n_2.ipynb"]
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


def test_what_can_not_be_written_says_what_is_true(clean_place):
    """Votes and notebooks that can't be written tell of no picture in memory; a picture of one's own does."""
    Path("file").write_bytes(b"x")
    vote = nb.Vote("1", "u", "a", "b", "left")
    noise("n.ipynb")
    with pytest.raises(nb.NanoBananaError, match=r"could not be written: Not a directory\.$"):
        nb.Votes([vote]).export("file/x.jsonl")
    assert "memory" not in banana("slim", "n.ipynb", "--budget", "50KB", "-o", "file/n.ipynb").stderr
    with pytest.raises(nb.NanoBananaError, match="still in memory"):
        as_image("noise.png").save("file/x.png")


@pytest.mark.parametrize("words", [
    ("edit", "cat.png", "Make it night"), ("chain", "cat.png", "Make it night", "Add a hat"), ("generate", "A boat"),
])  # fmt: skip
def test_a_picture_that_is_not_saved_is_in_the_history(photo, words):
    """A folder that is a file is refused before anything is sent; what fails later says that it is kept, with code 1."""
    for out in ("cat.png/n.png", "cat.png/", "cat.png/deep/n.png"):
        refused = banana(*words, "-m", "nb", "-o", out)
        assert refused.returncode == 2 and "cat.png is a file" in refused.stderr and not Path("nb_banana_history").exists()
    done = banana(*words, "-m", "nb", "-o", "n" * 300 + ".png")
    assert done.returncode == 1 and "in the history" in done.stderr and "memory" not in done.stderr, done.stderr
    again = banana(*words, "-m", "nb", "-o", "n.png")
    assert again.returncode == 0 and "from the history" in again.stdout


def test_no_picture_is_printed_on_a_screen(photo):
    """A chain, a batch and decode refuse it before anything is sent or read, as an edit does."""
    for words, sentence in ((("chain", "cat.png", "Make it night", "-o", "-"), "on this terminal"), (("decode",), "on this terminal"),
                            (("batch", "cat.png", "Make it night", "-o", "-"), "can't be had with batch")):  # fmt: skip
        with terminal(*words) as (process, read, _):
            assert sentence in " ".join(read("").split()) and process.wait(30) == 2
    assert [path.name for path in Path().iterdir()] == ["cat.png"]


def test_json_is_all_there_is_on_standard_output(photo):
    """Whatever is asked beside it, one JSON value comes and tells what was really written."""
    def told(*words):
        done = banana(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    Path("c.zip").write_bytes(b"another")
    (step,) = told("chain", "cat.png", "Make it night", "-m", "nb", "-o", "c.zip")
    assert step["path"] == "c_2.zip" and Path("c_2.zip").is_file()
    (row,) = told("compare", "cat.png", "-p", "Make it warm", "-m", "nb", "--dry-run", "-o", "x.zip")
    assert (row["prompt"], row["sha256"]) == ("Make it warm", None) and not Path("x.zip").exists()
    assert told("batch", "cat.png", "Make it warm", "-m", "nb", "--dry-run") == [{"photo": "cat.png", "path": None, "error": None}]
    assert told("history", "--export", "h.jsonl") == {"path": "h.jsonl"}
    assert told("history", "--delete-before", "2200-01-01") | {"bytes": 0} == {"dry_run": True, "edits": 1, "pictures": 2, "bytes": 0}
    noise("n.ipynb")
    both = banana("slim", "n.ipynb", "-o", "-", "--json")
    assert both.returncode == 2 and both.stdout == "" and "--json and -o -" in both.stderr
