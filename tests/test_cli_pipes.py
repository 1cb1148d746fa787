"""The terminal among other programs: folders, standard input and output, JSON, the shell's completion."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import prefork
import pytest
from PIL import Image
from test_cli import ROOT, banana
from test_live import terminal


def piped(*words, data=b"", **variables):
    """`nb-banana` between two pipes, in bytes."""
    return prefork.banana(*words, env={**os.environ, "PYTHONPATH": str(ROOT), **variables}, stdin=data)


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_is_a_folder(photo, there):
    """`-o out/` puts the picture into that folder, made where it is missing; `-o out` means it too where it is there."""
    if there:
        Path("out").mkdir()
    done = banana("edit", "cat.png", "Make it night", "-s", "1K", "-n", "2", "-o", "out" if there else "out/")
    assert done.returncode == 0, done.stderr
    kept = sorted(Path("out").iterdir())
    assert [path.suffix for path in kept] == [".png"] * 2 and all(path.stem.startswith("edited_") for path in kept)
    assert not Path("out.png").exists() and all(str(path) in done.stdout for path in kept)
    assert ("Made the folder out" in done.stderr) == (not there)


def test_a_picture_goes_through_pipes(photo):
    """`-` as a photo is standard input, `-o -` is the picture's own bytes on standard output and nothing else."""
    words = [sys.executable, "-m", "nb_banana", "edit", "-", "Make it night", "-s", "1K", "-o", "-"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, input=photo.read_bytes(), capture_output=True, timeout=120, check=False, env=env)
    assert done.returncode == 0, done.stderr
    with Image.open(io.BytesIO(done.stdout)) as picture:
        assert picture.size == (1200, 896)
    again = piped("edit", "-", "Make it night", "-s", "1K", "-o", "-", data=photo.read_bytes())
    assert again.stdout == done.stdout and b"from the history" in again.stderr
    beside = piped("edit", "cat.png", "-", "Combine them", "-o", "both.png", data=photo.read_bytes())
    assert beside.returncode == 0 and Path("both.png").is_file()
    assert list(Path().glob("edited_*")) == []


@pytest.mark.parametrize(
    "words, data, sentence",
    [
        (("edit", "-", "x"), b"", "stdin"),
        (("edit", "-", "x"), b"no picture", "stdin"),
        (("edit", "-", "-", "x"), b"", "- can be given once"),
        (("edit", "cat.png", "x", "-o", "-", "-n", "2"), b"", "can't be had with --takes"),
        (("generate", "x", "-o", "-", "--json"), b"", "can't be had with --json"),
    ],
)
def test_a_pipe_that_can_not_be_is_a_sentence(photo, words, data, sentence):
    """Nothing in the pipe, no picture in it, two pictures for one pipe: code 2, and nothing is sent or printed."""
    done = piped(*words, data=data)
    assert (done.returncode, done.stdout) == (2, b"")
    assert sentence in done.stderr.decode() and b"Traceback" not in done.stderr
    assert not Path("nb_banana_history").exists()


@pytest.mark.parametrize("words", [(), ("bench",), ("--lang", "zh"), ("bench", "--lang", "zh")])
def test_words_that_ask_for_nothing_get_the_help_page(clean_place, words):
    """Without a command the page that lists them comes, once, in the language asked for, with code 2."""
    done, page = banana(*words), banana(*words, "--help")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", page.stdout) and page.returncode == 0


def test_a_terminal_is_no_pipe(photo):
    """Bytes are not printed on a screen, and nobody is waited for who types no picture."""
    for words, sentence in ((("cat.png", "x", "-o", "-"), "on this terminal"), (("-", "x"), "nothing is piped")):
        with terminal("edit", *words) as (process, read, _):
            assert sentence in read("").replace("\r\n", " ")
            assert process.wait(30) == 2


def test_json_is_for_other_programs(photo):
    """Edits, history and doctor as JSON on standard output alone, with the values and types their words stand for."""
    few = {"PYTHONIOENCODING": "cp1252"}
    done = piped("edit", "cat.png", "变成夜晚", "-s", "1K", "-n", "2", "-o", "night.png", "--json", **few)
    made = json.loads(done.stdout)
    assert [(one["path"], one["width"], one["height"], one["take"]) for one in made] == [
        ("night-1.png", 1200, 896, 1), ("night-2.png", 1200, 896, 2),
    ]  # fmt: skip
    assert made[0] | {"cost": "0", "sandbox": True, "replayed": False, "mime_type": "image/png"} == made[0]
    kept = json.loads(piped("history", "--json", **few).stdout)
    assert {one["edit_instruction"] for one in kept} == {"变成夜晚"} and len(kept) == 2
    assert {one["record"] for one in made} == {one["id"] for one in kept}
    found = json.loads(banana("doctor", "--json").stdout)
    assert {"label": "proxy", "text": "none, connections are direct", "fine": True} in found
    broken = banana("doctor", "--json", NB_BANANA_API_KEY="sk-your-api-key")
    assert broken.returncode == 1 and not all(one["fine"] for one in json.loads(broken.stdout))


def test_the_live_check_speaks_json_too(server):
    """`doctor --live --json` prints what it saves."""
    done = banana("doctor", "--live", "--yes", "--json", NB_BANANA_BASE_URL=server.url)
    (path,) = Path().glob("nb-banana-live-*.json")
    assert json.loads(done.stdout) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "typed, offered, never",
    [
        ("edit cat.png x -m nano-banana-2", {"nano-banana-2", "nano-banana-2-lite", "nano-banana-2.1"}, "nano-banana-pro"),
        ("generate x -r 16", {"16:9"}, "1:1"),
        ("edit x -s ", {"512", "1K", "2K", "4K"}, "16:9"),
        ("estimate -m gemini-3-p", {"gemini-3-pro-image"}, "nano-banana"),
        ("edit --j", {"--json"}, "--fresh"),
    ],
)
def test_the_shell_completes_models_ratios_and_sizes(typed, offered, never):
    """What the README's line switches on: Tab offers the catalog's own words after -m, -r and -s."""
    words = typed.split(" ")
    done = banana(_NB_BANANA_COMPLETE="bash_complete", COMP_WORDS=f"nb-banana {typed}", COMP_CWORD=str(len(words)))
    found = {line.partition(",")[2] for line in done.stdout.splitlines()}
    assert offered <= found and never not in found
