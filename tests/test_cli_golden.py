"""Every help page, and what a session prints into a pipe, word for word in both languages: `--regold` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_cli import banana

from nb_banana._cli import main
from nb_banana._cli.commands import ROWS

GOLD = Path(__file__).parent / "data" / "golden"
LANGUAGES = ("en", "zh")
PLAN = """photos = ["c*.png"]
models = ["nb"]
ratios = ["1:1"]
takes = 2
out = "night.zip"

[prompts]
night = "Make it night"
"""
SESSION = (
    ("edit", "cat.png", "Make it night", "-m", "nb", "-o", "night.png"),
    ("edit", "cat.png", "Make it night", "-m", "nb", "-o", "night.png"),
    ("batch", "c*.png", "none.png", "Make it night", "-m", "nb", "-o", "nights"),
    ("chain", "cat.png", "Make it night", "Anime style", "-m", "nb", "-o", "steps.png"),
    ("compare", "plan.toml", "--dry-run"),
    ("compare", "plan.toml"),
    ("report", "night.zip", "-o", "night.csv"),
    ("history", "-n", "1"),
    ("clean",),
    ("slim", "none.ipynb"),
    ("edit", "cat.png", "x", "-s", "9K"),
    ("edit", "cat.png", "--rato", "16:9", "x"),
    ("batch", "no*.jpg", "x"),
    ("estimate", "-n", "many"),
    ("models", "one", "two"),
    ("sandbox", "--delay", "long"),
    ("compare", "cat.png", "--order", "odd", "-p", "x"),
    ("history", "--delete-before", "yesterday"),
    ("generate", "x", "--json=1"),
    ("generate", "x", "-m"),
    ("nothing",),
)
# What differs from run to run, and what a slow machine says besides.
STEADY = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d", "DAY"), (r"\d\d:\d\d:\d\d", "CLOCK"), (r"\b[0-9a-f]{64}\b", "HASH"),
    (r"\d[\d.]* [KM]?B\b", "N B"), (r"\d[\d.]*(–\d[\d.]*)? ?(s\b|秒)", "N s"),
)  # fmt: skip
NOW_AND_THEN = re.compile(r"^(\d+ of \d+ done|已完成 \d+/|Sent to |已发送到 )")


def same(name, text, request):
    """The text is the one that is kept, or with `--regold` the one that is kept from now on."""
    path = GOLD / name
    if request.config.getoption("--regold"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} says something else; look at it, and --regold where it is meant"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_help_page_says_what_it_said(lang, request, capsys, monkeypatch, clean_place):
    """A word of a help page changes only where somebody meant it, and each page is in one language."""
    monkeypatch.setenv("COLUMNS", "80")
    for path in ((), *ROWS):
        assert main(["--lang", lang, *path, "--help"]) == 0
        page = capsys.readouterr().out
        same(f"{lang}/help{''.join(f'-{word}' for word in path)}.txt", page, request)
        assert lang == "en" or not re.search(r"Usage|Options|Commands|default|required|Show this", page)
    assert {one.stem for one in (GOLD / lang).glob("help*.txt")} == {"-".join(("help", *path)) for path in ((), *ROWS)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_session_in_a_pipe_says_what_it_said(lang, request, photo):
    """Results on one stream, all else on the other, plain lines and an exit code for each: of edits, plans, errors."""
    Path("plan.toml").write_text(PLAN, encoding="utf-8")
    lines = []
    for words in SESSION:
        done = banana("--lang", lang, *words, COLUMNS="80")
        lines += ["", f"$ nb-banana {' '.join(words)}", *done.stdout.splitlines()]
        lines += [f"! {line}".rstrip() for line in done.stderr.splitlines() if not NOW_AND_THEN.match(line)]
        lines += [f"= {done.returncode}"]
    text = "\n".join(lines[1:]).replace(str(Path.cwd()), "HERE") + "\n"
    for found, instead in STEADY:
        text = re.sub(found, instead, text)
    same(f"{lang}/session.txt", text, request)
