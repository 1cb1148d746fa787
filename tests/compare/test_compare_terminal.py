"""`nb-banana compare` as people start it: its plan and price, a yes, what is left, Ctrl-C, and the files."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import prefork
import pytest

ROOT = Path(__file__).resolve().parents[2]
TWO = ("-p", "a boat, red", "-p", "a boat, blue")


def place(url):
    return {"NB_BANANA_BASE_URL": url, "NB_BANANA_API_KEY": "test-key"}


def banana(*words, **variables):
    done = prefork.banana("compare", *words, env={**os.environ, "PYTHONPATH": str(ROOT), **variables})
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_same_command_again_does_what_is_left(server, photos):
    """A plan is shown for nothing; one cell is made, then the rest, then nothing is sent; files never take another's place."""
    words = ("rose.png", "ash.png", *TWO, "--yes")
    shown = banana(*words, "--dry-run", **place(server.url))
    assert (shown.returncode, server.requests) == (0, []) and "4 cells, 4 to send" in shown.stdout
    assert banana(*words, "--only", "1", **place(server.url)).returncode == 0 and len(server.requests) == 1
    done = banana(*words, "-o", "all.csv", **place(server.url))
    assert done.returncode == 0 and len(server.requests) == 4, done.stderr
    assert done.stdout.startswith("4 cells · 4 done") and "Saved all.csv" in done.stdout
    assert "3 to send · 1 in the history, free" in done.stderr and "\r" not in done.stderr
    assert len(Path("all.csv").read_text("utf-8-sig").splitlines()) == 5
    again = banana(*words, "-o", "all.csv", "--only", "0", **place(server.url))
    assert "Saved all_2.csv" in again.stdout and len(server.requests) == 4
    banana(*words, "-o", "all.zip", **place(server.url))
    assert {"table.csv", "comparison.json"} <= set(zipfile.ZipFile("all.zip").namelist()) and len(server.requests) == 4


def test_nothing_is_paid_without_a_yes(server, photos):
    """Where nobody can be asked the price is said and nothing is sent; a wrong name is said before anything is paid."""
    done = banana("rose.png", *TWO, **place(server.url))
    assert done.returncode == 2 and "2 to send" in done.stderr and "--dry-run" in done.stderr and "--yes" in done.stderr
    for wrong in (("-o", "all.xlsx"), ("-o", "nowhere/all.zip"), ("--only", "9"), ("--seed", "red")):
        bad = banana("rose.png", *TWO, "--yes", *wrong, **place(server.url))
        assert bad.returncode == 2 and wrong[1].partition("/")[0] in bad.stderr, bad.stderr
    assert "没有可供确认的终端" in banana("rose.png", *TWO, NB_BANANA_LANG="zh", **place(server.url)).stderr
    assert server.requests == []
    assert banana("rose.png", *TWO).returncode == 0  # the sandbox costs nothing and asks nothing


def test_what_failed_is_tried_again_alone(server, photos):
    """`--retry-failed` sends what history knows as failed, not what never ran; a failure is the command's failure."""
    server.script._left = ["safety"]
    words = ("rose.png", "--yes")
    failed = banana(*words, "-p", "a boat, red", **place(server.url))
    assert failed.returncode == 1 and "1 failed" in failed.stdout
    again = banana(*words, *TWO, "--retry-failed", **place(server.url))
    assert again.returncode == 0 and len(server.requests) == 2 and "1 done · 1 not run" in again.stdout
    assert "0 to send" in banana(*words, *TWO, "--retry-failed", **place(server.url)).stderr and len(server.requests) == 2


def test_a_part_that_is_run_leaves_a_file_of_the_whole(server, photos):
    """With --force a retry writes what failed and what was paid before into one file, not the retried cells alone."""
    words = ("rose.png", *TWO, "--yes", "--force", "-o", "all.zip", "--concurrency", "1", "--order", "plan")
    assert banana(*words, "--only", "0", **place(server.url)).returncode == 0
    server.script._left = ["safety"]
    assert banana(*words, **place(server.url)).returncode == 1 and len(server.requests) == 2
    for part in (("--retry-failed",), ("--only", "1")):
        assert banana(*words, *part, **place(server.url)).returncode == 0 and len(server.requests) == 3
        table = zipfile.ZipFile("all.zip").read("table.csv").decode("utf-8-sig")
        assert [row["status"] for row in csv.DictReader(io.StringIO(table))] == ["done", "done"]


def test_what_was_not_asked_for_is_no_failure(server, photos):
    """With --only a cell that can't work, and was not named, leaves the code 0; a table of nothing is refused unpaid."""
    words = ("rose.png", "-p", "a boat, red", "-m", "nb", "-m", "pro", "-s", "4K")
    assert banana(*words, "--only", "1").returncode == 0 and banana(*words).returncode == 1
    refused = banana("rose.png", "-p", "a boat, red", "--yes", "-o", "all.tex", **place(server.url))
    assert refused.returncode == 2 and "nothing to tabulate" in refused.stderr and server.requests == []


def test_a_table_nobody_here_can_write_is_refused_unpaid(server, photos):
    """Without pyarrow `-o all.parquet` says what to install before anything is sent."""
    Path("pyarrow.py").write_text("raise ImportError", encoding="utf-8")
    words = [sys.executable, "-m", "nb_banana", "compare", "rose.png", *TWO, "--yes", "-o", "all.parquet"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([".", str(ROOT)]), **place(server.url)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, env=env)
    assert (done.returncode, server.requests) == (2, []) and "nb_banana[research]" in done.stderr, done.stderr


@pytest.fixture
def terminal(provider):
    """Starts the command in a terminal: it asks, and hears Ctrl-C. Gives the process, and how to type and read."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "nb_banana", "compare", "-p", "a boat, red", "-p", "a boat, blue", "-p", "a boat, old", "--concurrency", "1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "200", **place(provider.url)}
    with subprocess.Popen(words, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True, env=env) as child:
        seen = []

        def read_until(words, limit=30.0):
            end = time.monotonic() + limit
            while words not in "".join(seen):
                assert time.monotonic() < end, seen
                seen.append(os.read(ours, 65536).decode())

        yield child, lambda typed: os.write(ours, typed), read_until
        child.kill()
    os.close(ours)
    os.close(theirs)


def test_ctrl_c_stops_gently_and_the_rest_is_done_later(terminal, provider):
    """It asks and goes on with a yes; says how far it is; Ctrl-C sends nothing more and keeps what was under way."""
    child, write, read_until = terminal
    provider.at_once = 1
    read_until("Send 3 requests?")
    assert provider.posts.total() == 0
    write(b"y\n")
    read_until("1 of 3 done")
    child.send_signal(signal.SIGINT)
    read_until("Ctrl-C again")
    read_until("stopping: 1 under way")
    provider.gate.set()
    read_until("only what is left")
    assert child.wait(20) == 130 and "2 done · 1 not run" in child.stdout.read()
    assert provider.posts.total() == 2
    done = banana(*TWO, "-p", "a boat, old", "--yes", **place(provider.url))
    assert done.returncode == 0 and set(provider.posts.values()) == {1} and provider.posts.total() == 3


def test_a_second_ctrl_c_breaks_off(terminal, provider):
    """What is under way is given up at once, and filed as maybe paid."""
    child, write, read_until = terminal
    provider.at_once = 0
    read_until("Send 3 requests?")
    write(b"y\n")
    read_until("0 of 3 done")
    child.send_signal(signal.SIGINT)
    read_until("Ctrl-C again")
    child.send_signal(signal.SIGINT)
    assert child.wait(10) == 130 and provider.posts.total() == 1
    assert "1 of those to send may have been billed" in banana(*TWO, "-p", "a boat, old", "--dry-run", **place(provider.url)).stdout


def test_a_line_that_nobody_reads_loses_no_picture(provider, photos):
    """`2>&1 | head -1` closes both streams while edits are under way: all are made, and the file is written before anything more is told."""
    provider.at_once = 1
    words = [sys.executable, "-m", "nb_banana", "compare", "rose.png", *TWO, "--yes", "-o", "all.zip"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **place(provider.url)}
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as started:
        assert started.stdout
        started.stdout.readline()
        started.stdout.close()
        time.sleep(2.5)  # a pipe has a line each second
        provider.gate.set()
        started.wait(60)
    assert provider.posts.total() == 2 and Path("all.zip").exists()
    assert json.loads(zipfile.ZipFile("all.zip").read("comparison_about.json"))["cells"] == {"done": 2}
