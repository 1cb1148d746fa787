"""What the terminal says while an edit takes its time."""

from __future__ import annotations

import re

from test_cli import banana

from nb_banana._sandbox.server import serve


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
    assert re.search(r"Saved .*o\.png \(\d+×\d+, [\d.]+ [KM]B, 2(\.\d)? s, ", done.stdout), done.stdout


def test_a_quick_edit_and_an_error_say_nothing_more(photo):
    """What answers at once, from the sandbox or the history, and what is refused here has no such line."""
    for words in (("edit", "cat.png", "x", "-o", "o.png"), ("edit", "cat.png", "x", "-s", "9K"), ("generate", "x", "-m", "no such")):
        assert "Sent to" not in banana(*words).stderr


def test_the_usual_time_is_told_in_the_language_asked(photo):
    """In Chinese too, although another thread prints it."""
    with serve(delay=2) as server:
        where = {"NB_BANANA_BASE_URL": server.url, "NB_BANANA_API_KEY": "test-key"}
        done = banana("--lang", "zh", "edit", "cat.png", "x", "-o", "o.png", **where)
    assert "已发送到 127.0.0.1" in done.stderr
