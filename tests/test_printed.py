"""Nothing that is printed steers a terminal, and a terminal that knows ASCII only is no error."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import prefork
import pytest
from test_told import answering, encoded

import nb_banana as nb
from nb_banana import _text
from nb_banana._catalog.cost import Cost

ROOT = Path(__file__).resolve().parent.parent
NASTY = "a\x1b[2J\x1b]0;owned\x07\x9b31mb\u202e\x00\x08\x0d\x7f\x85c"
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def banana(*words, **variables):
    """Run `nb-banana` in the working directory; gives everything it printed, as it was."""
    return prefork.banana(*words, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables})


def started(*words, **variables):
    """The same in a Python that opens its streams itself."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run([sys.executable, "-m", "nb_banana", *words], capture_output=True, timeout=120, check=False, env=env)


@pytest.fixture
def nasty(photo, draw_photo):
    """A service whose model name, end, prompt and id try to steer the terminal."""
    more = {"modelVersion": NASTY, "responseId": NASTY, "revised_prompt": NASTY}
    with answering(encoded(draw_photo(background="salmon")), finish=NASTY, **more) as client:
        yield client


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_terminal_is_never_steered(nasty, lang):
    """Prompt, model name, the answer's words and ids, and errors are printed without escapes by every command."""
    where = {"NB_BANANA_BASE_URL": nasty.endpoint.base_url, "NB_BANANA_API_KEY": "test-key"}
    prompt, model = NASTY.replace("\0", ""), "m" + NASTY.replace("\0", "")
    for words in (
        ("edit", "cat.png", prompt, "-m", model, "-o", "out.png"),
        ("edit", "cat.png", prompt, "-m", model, "-o", "out.png"),
        ("edit", prompt + ".png", "x"),
        ("edit", "cat.png", "x", "-r", model),
        ("history",),
        ("estimate", "-m", model),
        ("models", "--provider", model),
        ("doctor",),
        (prompt,),
    ):
        done = banana("--lang", lang, *words, **where)
        said = (done.stdout + done.stderr).decode().replace(os.linesep, "\n")
        assert said and not STEERS.search(said), (words, said)
    assert "owned" not in said


def test_what_python_prints_is_never_steered(nasty, tmp_path):
    """The repr of every value that holds such words is lines of plain text."""
    with nb.Session(nasty.endpoint, folder=tmp_path / "h", tell=lambda _: None) as session:
        chain = nb.chain("cat.png", session=session).edit(NASTY, model="m" + NASTY)
        grid = nb.compare("cat.png", [NASTY, "x"], models=["m" + NASTY], session=session)
        (record, *_) = session.history.records()
        result = replace(chain.results[0], cost=Cost(Decimal(1), NASTY))
        with pytest.raises(nb.NanoBananaError) as caught:
            session.edit("cat.png", "x", aspect_ratio=NASTY)
        values = (chain, chain.tree(), grid, record, result, session, session.ledger, session.history, caught.value)
        for value in values:
            for said in (str(value), repr(value) if value is not caught.value else ""):
                assert not STEERS.search(said), (type(value), said)


def test_plain_keeps_lines_and_letters():
    """Line ends, indents, Chinese, joined emoji stay; escapes go, controls and direction marks become blanks."""
    assert _text.plain("  a\r\n\tb 暴风雨 👩\u200d🚀\n\x1b[1mc\x1b]8;;http://x\x1b\\d") == "  a\n b 暴风雨 👩\u200d🚀\ncd"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_ascii_terminal_is_no_error(photo, lang, encoding):
    """Where the terminal knows few letters every command prints all the same: what is near, else "?"."""
    for words in (("models",), ("edit", "cat.png", "变成夜晚", "-o", "o.png"), ("history",)):
        run = started if (encoding, words) == ("ascii", ("models",)) else banana
        done = run("--lang", lang, *words, PYTHONIOENCODING=encoding)
        assert done.returncode == 0 and b"Traceback" not in done.stderr, (words, done.stderr)


@pytest.mark.parametrize("encoding, lang", [("gbk", "zh"), ("cp1252", "en")])
def test_a_sign_that_a_terminal_lacks_is_one_that_is_near(clean_place, encoding, lang):
    """A Chinese Windows' pipe has no yen and a Western one no "about": no sum of money loses its sign to a "?"."""
    words = ("--lang", lang, "estimate", "-n", "50", "-m", "pro", "-s", "4K", "--provider", "apiyi")
    read, shown = banana(*words).stdout.decode(), banana(*words, PYTHONIOENCODING=encoding).stdout.decode(encoding)
    for sign, near in {"gbk": {"¥": "CNY "}, "cp1252": {"≈": "~", "易": "?"}}[encoding].items():
        assert sign in read
        read = read.replace(sign, near)
    assert shown == read


@pytest.mark.parametrize("command", ["models", "doctor", "--help", "edit"])
def test_a_full_disk_behind_the_output_is_said(photo, command):
    """`nb-banana … > file` on a full disk ends in one line and code 1, not in frames of code."""
    words = [command, *(["cat.png", "Make it night"] if command == "edit" else [])]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nb_banana", *words], stdout=full, stderr=subprocess.PIPE, timeout=120, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    last = done.stderr.decode().splitlines()[-1]
    assert (done.returncode, last.startswith("nb-banana: the standard output can't be written: No space left")) == (1, True)
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("out", ["ascii", "full", "closed"])
def test_a_script_whose_output_takes_no_words_edits_all_the_same(photo, out):
    """What a session tells in a script never ends the edit: on an ASCII log, a full disk, a closed output."""
    code = "import nb_banana as nb; nb.edit('cat.png', '变成夜晚').save('night.png')"
    redirect = {"ascii": "> log.txt", "full": "> /dev/full", "closed": ">&-"}[out]
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$1" {redirect}', sys.executable, code], capture_output=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NB_BANANA_LANG": "zh", "PYTHONIOENCODING": "ascii" if out == "ascii" else "utf-8"},
    )
    assert b"Traceback" not in done.stderr and Path("night.png").stat().st_size > 1000
    assert out != "ascii" or b"?" in Path("log.txt").read_bytes()
