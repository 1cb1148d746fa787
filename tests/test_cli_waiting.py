"""What the terminal says while an edit takes its time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from test_cli import banana

from nb_banana._sandbox.server import serve
from nb_banana._text import amount


def test_a_slow_edit_says_what_is_sent_and_how_long_it_takes(photo):
    """After a second: the files, how many, where they went, the usual time; then seconds, bytes and the path."""
    with serve(delay=2) as server:
        done = banana(
            "edit", "cat.png", "Make it night", "-s", "1K", "-o", "o.png",
            NB_BANANA_BASE_URL=server.url, NB_BANANA_API_KEY="test-key",
        )  # fmt: skip
    place = re.escape(server.url.rpartition("/")[2])
    lines = [line for line in done.stderr.splitlines() if line.startswith("Sent to")]
    assert len(lines) == 1 and re.match(rf"Sent to {place}: cat\.png \(pictures: 1, takes: 1\)", lines[0]), done.stderr
    saved = re.search(r"Saved .*o\.png \(\d+×\d+, [\d.]+ [KM]B, PNG, ([\d.]+) s, ", done.stdout)
    assert saved and float(saved[1]) >= 2, done.stdout


def test_a_replay_and_an_error_say_nothing_more(photo):
    """What history answers, however long that takes, and what is refused here has no such line: nothing was sent."""
    banana("edit", "cat.png", "x", "-o", "o.png")
    for words in (("edit", "cat.png", "x", "-o", "o.png"), ("edit", "cat.png", "x", "-s", "9K"), ("generate", "x", "-m", "no such")):
        assert "Sent to" not in banana(*words).stderr


def test_the_usual_time_is_told_in_the_language_asked(photo):
    """In Chinese too, although another thread prints it."""
    with serve(delay=2) as server:
        where = {"NB_BANANA_BASE_URL": server.url, "NB_BANANA_API_KEY": "test-key"}
        done = banana("--lang", "zh", "edit", "cat.png", "x", "-o", "o.png", **where)
    assert "已发送到 127.0.0.1" in done.stderr


@pytest.mark.parametrize(("lang", "read", "sent", "saved", "span"), [
    ("en", r"Read {} \({}×{}, {}, {}\)", r"Sent to .*: cat\.png, dog\.jpg \(pictures: 2, takes: 1\)\. This usually takes 20–25 s …",
     r"Saved o\.png \(2400×1792, {}, PNG, ([\d.]+) s, .*\)", r"Began at ([\d:]{8}), ended at ([\d:]{8})\."),
    ("zh", r"已读取 {}（{}×{}，{}，{}）", r"已发送到 .*：cat\.png, dog\.jpg（图片 2 张，共 1 次）。通常需要 20–25 秒 …",
     r"已保存 o\.png（2400×1792，{}，PNG，([\d.]+) 秒，.*）", r"开始于 ([\d:]{8})，结束于 ([\d:]{8})。"),
])  # fmt: skip
def test_the_terminal_says_what_the_seeds_programs_say(photo, draw_photo, lang, read, sent, saved, span):
    """Each file and what it is, how many, the expected time, then real seconds, path, bytes, beginning and end, in order."""
    draw_photo((64, 48)).save("dog.jpg")
    with serve(delay=2) as server:
        where = {"NB_BANANA_BASE_URL": server.url, "NB_BANANA_API_KEY": "test-key"}
        done = banana("--lang", lang, "edit", "cat.png", "dog.jpg", "Make it night", "-s", "2K", "-r", "4:3", "-o", "o.png", **where)
    assert done.returncode == 0, done.stderr
    weights = {name: re.escape(amount(Path(name).stat().st_size)) for name in ("cat.png", "dog.jpg", "o.png")}
    said = [line for line in done.stderr.splitlines() if not line.startswith(("Sandbox", "沙盒"))]
    wanted = [read.format(r"cat\.png", 320, 240, weights["cat.png"], "PNG"), read.format(r"dog\.jpg", 64, 48, weights["dog.jpg"], "JPEG"),
              sent, span]  # fmt: skip
    found = [re.fullmatch(line, text) for line, text in zip(wanted, (*said[:3], said[-1]), strict=True)]
    assert all(found), done.stderr
    assert float(re.fullmatch(saved.format(weights["o.png"]), done.stdout.strip())[1]) >= 2, done.stdout
    began, ended = (datetime.strptime(time, "%H:%M:%S") for time in found[-1].groups())
    assert 2 <= (ended - began).seconds < 120


def test_what_is_replayed_has_no_beginning_and_end(photo):
    """A replay tells what was read and where it is saved, not the times of an edit that did not happen."""
    first, again = (banana("edit", "cat.png", "x", "-o", "o.png").stderr for _ in range(2))
    assert "Began at" in first and "Began at" not in again
    assert "Read cat.png (320×240, " in first and "Read cat.png (320×240, " in again


@pytest.mark.parametrize("takes", ["1", "2"])
def test_a_picture_is_saved_where_nobody_reads_what_is_said(photo, takes):
    """With both streams closed while an edit is under way (`2>&1 | head -1`) every picture is still made and saved under the name that was asked for."""
    with serve(delay=2) as server:
        env = {**os.environ, "NB_BANANA_BASE_URL": server.url, "NB_BANANA_API_KEY": "test-key"}
        words = [sys.executable, "-m", "nb_banana", "edit", "cat.png", "Make it night", "-n", takes, "-o", "o.png"]
        with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as started:
            assert started.stdout
            started.stdout.readline()
            started.stdout.close()
            started.wait(60)
    assert len(server.requests) == int(takes) == len(list(Path().glob("o*.png")))
