"""The commands for many edits, what they leave on disk, what a shell may complete, and the language wherever it is asked."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from PIL import Image
from test_cli import ROOT, banana, size_of, started

import nb_banana as nb

pty = sys.platform != "win32" and import_module("pty")
ONE_K = ("-m", "nb")


def completed(line, **variables):
    """The words a shell offers after this line."""
    words = line.split(" ")
    found = banana(_NB_BANANA_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1), **variables)
    return [word.partition(",")[2] for word in found.stdout.split()]


def test_a_batch_saves_each_picture_under_its_photos_name(photo, draw_photo):
    """A quoted pattern is every photo that fits; one that can't be read is named, the others are there, and the code is 1; again is free."""
    Path("more").mkdir()
    draw_photo((64, 48)).save("more/dog.png")
    words = ("batch", "**/*.png", "none.png", "Make it night", *ONE_K, "-r", "1:1", "-o", "nights", "--json")
    done = banana(*words)
    rows = json.loads(done.stdout)
    assert done.returncode == 1 and "none.png" in done.stderr
    assert [(row["photo"], row["path"]) for row in rows] == [
        ("cat.png", "nights/cat.png"), ("more/dog.png", "nights/dog.png"), ("none.png", None)]  # fmt: skip
    assert size_of("nights/dog.png") == (1024, 1024) and "none.png" in rows[2]["error"]
    again = banana("batch", "cat.png", "more/dog.png", "Make it night", *ONE_K, "-r", "1:1", "-o", "nights", "--json")
    assert again.returncode == 0 and all(row["replayed"] for row in json.loads(again.stdout))
    assert sorted(os.listdir("nights")) == ["cat.png", "dog.png"]  # noqa: PTH208


def test_what_costs_money_is_not_sent_unasked(photo):
    """With a key and no terminal to ask at nothing is sent; the price is said, and --dry-run says it with code 0."""
    key = {"APIYI_API_KEY": "sk-0123456789abcdef0123456789"}
    done = banana("batch", "cat.png", "Make it night", **key)
    assert done.returncode == 2 and "--yes" in done.stderr and "$" in done.stderr
    done = banana("batch", "cat.png", "Make it night", "--dry-run", **key)
    assert done.returncode == 0 and "1 to send" in done.stdout and not Path("edited").exists()


def test_a_chain_tells_each_step_and_goes_on(photo):
    """Each step's picture is saved with its number; the chain's own file goes on without a photo, and - is the last picture."""
    done = banana("chain", "cat.png", "Make it night", "Anime style", *ONE_K, "-o", "out.png")
    assert re.findall(r"^Step (\d) of 2: saved (\S+)", done.stdout, re.M) == [("1", "out-1.png"), ("2", "out-2.png")]
    whole = banana("chain", "cat.png", "Make it night", "Anime style", *ONE_K, "-o", "chain.zip", "--json")
    record = json.loads(whole.stdout)[-1]["record"]
    for source in ("chain.zip", record):
        done = banana("chain", "--from", source, "Make it warm", *ONE_K, "-o", f"{source}.png", "--json")
        assert json.loads(done.stdout)[0]["step"] == 1, done.stderr
    assert Path("chain.zip-1.png").read_bytes() == Path(f"{record}-1.png").read_bytes(), "one is the other's replay"
    banana("edit", "cat.png", "Make it night", "-m", "no-such-model", APIYI_API_KEY="sk-0123456789abcdef0123", APIYI_BASE_URL="http://127.0.0.1:9")
    failed = json.loads(banana("history", "-n", "1", "--json").stdout)[0]
    done = banana("chain", "--from", failed["id"], "Make it warm")
    assert failed["status"] == "failed" and done.returncode == 2 and "has no picture: it is failed" in done.stderr
    assert "PHOTO" in banana("chain").stderr and "PROMPT" in banana("chain", "cat.png").stderr


def test_a_step_that_fails_keeps_those_before_it(photo):
    """The step that failed is named, with code 1, and the first one is neither lost nor paid again."""
    banana("chain", "cat.png", "Make it night", *ONE_K, "-o", "one.png")
    done = banana("chain", "cat.png", "Make it night", "Add a hat", "--endpoint", "no-such-place", "-o", "x.png")
    assert done.returncode == 2 and "no-such-place" in done.stderr
    done = banana("chain", "cat.png", "Make it night", " ", *ONE_K, "-o", "two.png")
    assert done.returncode == 2 and "Step 1 of 2: saved two-1.png (from the history" in done.stdout
    assert "Step 2 of 2 failed" in done.stderr


@pytest.mark.parametrize(("text", "sentence"), [
    ("ratioz = ['1:1']", "Did you mean ratios?"), ("images = [", "can't be read"), ("sizes = ['1K']\nimage_sizes = ['2K']", "once more"),
    ("qqq = 1", "The keys are images"), ("photos = ['no*.jpg']", "no*.jpg"), ("models = 3", "models"), ("out = 5", "out = 5"),
])  # fmt: skip
def test_a_plan_that_makes_no_sense_is_said(photo, text, sentence):
    """A wrong key names the nearest, and nothing is planned from a file that can't be understood."""
    Path("plan.toml").write_text(text, encoding="utf-8")
    done = banana("compare", "plan.toml", "-p", "Make it night", "--dry-run")
    assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr


def test_a_plans_paths_are_from_its_folder_and_what_is_typed_goes_first(photo):
    """Run from elsewhere it finds its photos and writes beside itself; -p and -n replace what it says."""
    Path("plans").mkdir()
    photo.rename("plans/cat.png")
    Path("plans/plan.toml").write_text('image = "*.png"\nprompt = "Make it warm"\nmodel = "nb"\ntakes = 3\nout = "all.zip"\n', encoding="utf-8")
    done = banana("compare", "plans/plan.toml", "-p", "Make it night", "-n", "2", "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert [(row["prompt"], row["take"]) for row in rows] == [("Make it night", 1), ("Make it night", 2)] and rows[0]["sha256"]
    assert banana("report", "plans/*.zip").stdout.split()[-1] == "plans/all.html"
    assert "nb_banana" in banana("report", "plans/all.zip", "--methods").stdout
    refused = banana("report", "plans/all.zip", "--kind", "docx")
    assert refused.returncode == 2 and "html" in refused.stderr


@pytest.mark.parametrize("typed", [("-o", "other.zip"), ("--concurrency", "1"), ("--order", "plan"), ("--seed", "5")])
def test_whatever_is_typed_beside_a_plan_goes_first(photo, typed):
    """Order, lanes, seed and place of the file may each be typed too, and what is typed holds."""
    Path("plan.toml").write_text('photos = ["cat.png"]\nprompts = ["Make it night"]\nmodels = ["nb"]\norder = "spread"\n'
                                 'concurrency = 2\nout = "night.zip"\nseed = 7\n', encoding="utf-8")  # fmt: skip
    done = banana("compare", "plan.toml", *typed)
    assert done.returncode == 0 and f"Saved {'other' if typed[0] == '-o' else 'night'}.zip" in done.stdout, done.stderr


def test_rows_of_a_plan_are_from_its_folder(photo, draw_photo):
    """Pictures and masks in [[images]] are found beside the file, like all its paths, not where the command runs."""
    Path("plans").mkdir()
    for name, colour in (("cat", "navy"), ("dog", "salmon")):
        draw_photo((64, 48), background=colour).save(f"plans/{name}.png")
    draw_photo((64, 48), background="white").save("plans/there.png")
    Path("plans/plan.toml").write_text('prompt = "Make it night"\nmodel = "nb"\n[[images]]\nimage = "cat.png"\nmask = "there.png"\n'
                                       'style = "A"\n[[images]]\nimage = ["cat.png", "dog.png"]\nstyle = "B"\n', encoding="utf-8")  # fmt: skip
    done = banana("compare", "plans/plan.toml", "--json")
    assert done.returncode == 0 and all(row["sha256"] for row in json.loads(done.stdout)), done.stdout + done.stderr
    inputs = {image.sha256 for record in nb.Session(folder="nb_banana_history").history.records() for image in record.inputs}
    assert inputs == {hashlib.sha256(Path(f"plans/{name}.png").read_bytes()).hexdigest() for name in ("cat", "dog")}


def test_a_plan_with_plain_http_is_run_when_that_is_allowed(photo):
    """The file allows nothing by itself: it says how, and --insecure beside it does what it did when it was typed."""
    typed = ("compare", "cat.png", "-p", "Make it night", "-m", "nb", "--endpoint", "http://10.0.0.5:8000", "--insecure")
    assert "ins.toml --insecure" in banana(*typed, "--write-plan", "ins.toml").stderr
    assert "http://10.0.0.5:8000" in banana("compare", "ins.toml", "--dry-run").stderr
    done, as_typed = banana("compare", "ins.toml", "--insecure", "--dry-run"), banana(*typed, "--dry-run")
    assert done.returncode == 0 and "1 to send" in done.stdout, done.stderr
    assert re.findall(r"\d+ to send.*", done.stdout) == re.findall(r"\d+ to send.*", as_typed.stdout)


@pytest.mark.parametrize(("words", "sentence"), [
    (("batch", "cat.png", "Make", "it", "night"), 'nb-banana batch cat.png "Make it night"'),
    (("batch", "cat.png", "cat.png"), "the prompt is missing"),
    (("chain", "cat.png", "Make", "it", "night"), '"Make it night"'),
    (("chain", "cat.png", "cat.png", "Make it night"), "'cat.png' is a file"),
])  # fmt: skip
def test_a_prompt_without_quotes_is_not_paid_for(photo, words, sentence):
    """Its words are neither photos nor steps: they are refused with what was meant, before anything is sent."""
    done = banana(*words)
    assert done.returncode == 2 and sentence in done.stderr and not Path("nb_banana_history").exists()


def test_prices_are_told_to_programs():
    """estimate and models give the amounts they print as text that loses no cent, null where nobody knows one."""
    row = json.loads(banana("estimate", "-m", "pro", "-s", "2K", "-n", "100", "--as-of", "2026-09-18", "--json").stdout)
    assert (row["model"], row["count"], row["cost"]) == ("nano-banana-pro", 100, str(nb.estimate("pro", "2K", count=100, as_of="2026-09-18").cost.amount))
    rows = json.loads(banana("models", "--json").stdout)
    assert {"nickname", "prices", "image_sizes"} <= rows[0].keys() and set(rows[0]["prices"]) <= set(rows[0]["image_sizes"])


def test_what_is_typed_becomes_a_plans_file(photo):
    """--write-plan sends nothing; the file plans the same from its own folder, and one that is there stays."""
    Path("plans").mkdir()
    typed = ("compare", "cat.png", "-p", 'Say "你好"\nnow', "-p", "Make it night", "-m", "nb", "-r", "1:1", "-n", "2", "--seed", "7")
    Path("mine.toml").write_text("mine", encoding="utf-8")
    assert "plans/night.toml" in banana(*typed, "--write-plan", "plans/night.toml").stdout
    assert "mine_2.toml" in banana(*typed, "--write-plan", "mine.toml").stdout and Path("mine.toml").read_text() == "mine"
    assert not Path("nb_banana_history").exists()
    direct, filed = (banana(*words, "--dry-run").stdout for words in (typed, ("compare", "plans/night.toml")))
    assert direct == filed and direct.startswith("4 cells")
    assert banana(*typed, "--write-plan", "night.txt").returncode == 2


def test_clean_says_first_and_removes_when_told(photo):
    """Without --yes nothing goes; with it, and a day, old edits and their pictures do, and it is said to a program too."""
    banana("edit", "cat.png", "Make it night", *ONE_K, "-o", "a.png")
    said = banana("clean", "--before", "2200-01-01")
    assert "Nothing was removed" in said.stdout and "Make it night" in banana("history").stdout
    row = json.loads(banana("clean", "--before", "2200-01-01", "--yes", "--json").stdout)
    assert (row["edits"], row["dry_run"], row["records"]) == (1, False, 0)
    assert list(Path("nb_banana_history/images").glob("*.png")) == []


def test_looking_makes_no_history_and_a_lost_one_keeps_its_pictures(photo):
    """A folder without a history's file, its parent too, is told and left as it is, whatever pictures lie there."""
    banana("edit", "cat.png", "Make it night", *ONE_K, "-o", "a.png")
    for part in Path("nb_banana_history").glob("history.sqlite*"):
        part.unlink()
    before = sorted(Path().rglob("*"))
    for words in (("clean", "--yes"), ("history",), ("history", "--folder", "."), ("history", "--folder", "")):
        said = banana(*words)
        assert (said.returncode, said.stdout) == (1, "") and "There is no history" in said.stderr
    assert sorted(Path().rglob("*")) == before


def test_a_shell_completes_what_the_command_could_do(photo):
    """-m offers the models of the place it goes to, -r and -s those of the model named, in every command that has them."""
    everywhere = completed("nb-banana edit -m ")
    assert {"nano-banana-pro", "gpt-image-flare"} <= set(everywhere)
    google = completed("nb-banana generate --endpoint google -m ")
    assert "nano-banana-pro" in google and "gpt-image-flare" not in google
    assert google == completed("nb-banana chain -m ", GEMINI_API_KEY="x")
    assert "4:1" in completed("nb-banana batch -m nb2 -r ") and "4:1" not in completed("nb-banana edit -m nb -r ")
    assert completed("nb-banana compare -m nb -s ") == ["1K"]
    assert completed("nb-banana estimate --provider o") == ["openrouter", "openai"]
    assert {"batch", "bench"} <= set(completed("nb-banana b")) and "--budget" in completed("nb-banana slim --b")
    for shell in ("bash", "zsh", "fish"):
        assert "nb_banana" in banana(_NB_BANANA_COMPLETE=f"{shell}_source").stdout.lower()


def test_a_help_page_and_a_tab_load_no_more_than_they_say():
    """They load no network, pictures, history or TOML of prices: what makes them quick, told by what is in the process."""
    code = "import atexit, sys; atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr)); from nb_banana._cli import main; main()"
    tab = {"_NB_BANANA_COMPLETE": "bash_complete", "COMP_WORDS": "nb-banana edit -m ", "COMP_CWORD": "3"}
    for words, variables in ((["--help"], {}), ([], tab)):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False,
                              env={**os.environ, "PYTHONPATH": str(ROOT), **variables})  # fmt: skip
        assert "'click'" in done.stderr
        for name in ("httpx", "PIL", "sqlite3", "dataclasses", "json", "asyncio", "nb_banana._catalog.models", "nb_banana._session"):
            assert f"'{name}'" not in done.stderr, name


def test_the_language_stands_anywhere(photo):
    """Before the command, behind it and as one word; one that nobody speaks is refused by name."""
    for words in (("--lang", "zh", "edit", "cat.png"), ("edit", "--lang=zh", "cat.png"), ("edit", "cat.png", "--lang", "zh")):
        assert "错误：" in banana(*words).stderr and "用法：" in banana(*words).stderr
    refused = banana("edit", "cat.png", "x", "--lang", "fr")
    assert refused.returncode == 2 and "'fr'" in refused.stderr and "en or zh" in refused.stderr


def on_a_screen(*words, columns=80):
    """What a terminal of so many columns is sent."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", 0) as screen:
        if columns:
            subprocess.run(["stty", "cols", str(columns)], stdin=theirs, check=True)
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"PYTHONPATH": str(ROOT)}
        done = subprocess.Popen([sys.executable, "-m", "nb_banana", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        shown = b""
        try:
            while part := screen.read(65536):
                shown += part
        except OSError:  # the other end is closed
            pass
        assert done.wait(60) == 0, shown.decode()
    return shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_a_help_page_is_as_wide_as_its_terminal(clean_place):
    """A page fits the terminal it is shown in, and a pipe gets 80 columns."""
    assert 50 < max(map(len, on_a_screen("edit", "--help", columns=60).splitlines())) <= 60
    assert 70 < max(map(len, started("edit", "--help", COLUMNS="").stdout.splitlines())) <= 80


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_a_terminal_has_one_line_that_is_written_over_and_a_pipe_none(clean_place):
    """While a notebook gets smaller its line says where it is, on a terminal that knows no width too, and nothing of it stays."""
    grain = io.BytesIO()
    Image.effect_noise((300, 300), 40).save(grain, "PNG")
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": base64.b64encode(grain.getvalue()).decode()}}
    cell = {"cell_type": "code", "metadata": {}, "source": [], "execution_count": None, "outputs": [output]}
    Path("a.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}), encoding="utf-8")
    words = ("slim", "a.ipynb", "--budget", "60KB", "--dry-run")
    shown = on_a_screen(*words, columns=0)
    assert "\r\x1b[Ka.ipynb: cell 1 …\r\x1b[Kcell 1: PNG 300×300" in shown
    done = banana(*words)
    assert "…" not in done.stdout + done.stderr and "\x1b" not in done.stdout + done.stderr


def test_an_estimate_tells_the_prices_of_the_place_that_edits_go_to():
    """With Google's key in the environment `estimate` tells Google's price; a provider that is named comes before it."""
    asked = ("estimate", "-m", "pro", "-s", "4K", "-n", "10", "--json")
    for words, provider in (((), "google"), (("--provider", "apiyi"), "apiyi")):
        row = json.loads(banana(*asked, *words, GOOGLE_API_KEY="AQ.abcdefghijklmnopqrstuv12").stdout)
        told = nb.estimate("pro", "4K", count=10, provider=provider)
        assert (row["provider"], row["cost"]) == (provider, str(told.cost.amount))
