"""A line for each request that was sent, whatever carried it, in the one logger `nb_banana`: what ended how."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import subprocess
import sys

import httpx
import pytest

import nb_banana as nb
from nb_banana._sandbox.faults import FAULTS
from nb_banana._sandbox.server import serve

KEY = "sk-proof-Qx7Lm2Vb9Tz4Kd8Wp3Rn6Yc1"
PROMPT = "the secret prompt"
LINE = re.compile(
    r"model=[\w./-]+ host=127\.0\.0\.1:\d+ wire=gemini end=(\w+) category=(\w+) seconds=\d+\.\d\d cost=(\S+) billing=(\w+) "
    rf"prompt_characters={len(PROMPT)} pictures=1 attempt=(\d)"
)


@pytest.fixture
def lines(caplog):
    """What the logger said so far; nothing else may have been said."""
    caplog.set_level(logging.DEBUG, logger="nb_banana")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "nb_banana"]


@pytest.mark.parametrize("transport", [None, httpx.HTTPTransport, httpx.AsyncHTTPTransport])
@pytest.mark.parametrize("fault, ends", [(None, ["200"]), ("server", ["503"] * 2)])
def test_each_attempt_is_a_line(photo, lines, transport, fault, ends):
    """The pool of ours, a blocking transport and an awaiting one log the same: each attempt, once."""
    with serve(fault=fault) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY), retries=1, transport=transport() if transport else None)
        try:
            client.edit(photo, PROMPT)
        except nb.NanoBananaError:
            assert fault
    found = [LINE.fullmatch(line) for line in lines()]
    assert all(found), lines()
    assert [(match[1], match[5]) for match in found] == [(end, str(at)) for at, end in enumerate(ends, 1)]


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"timeout"}))
def test_every_failure_is_a_line_with_its_category_and_nothing_private(photo, lines, fault):
    """Whatever fails, the line has the error's own category; neither the prompt, nor its hash, nor the key stands there."""
    category = "ok"
    with serve(fault=fault) as server, nb.Client(nb.Endpoint(f"{server.url}/relay", KEY), retries=0) as client:
        try:
            client.edit(photo, PROMPT)
        except nb.NanoBananaError as error:
            category = error.category
    (line,) = lines()
    assert f" category={category} " in line
    digest = hashlib.sha256(PROMPT.encode()).hexdigest()
    assert not [word for word in (KEY, "secret", digest[:12], "relay", "?") if word in line], line


def test_what_may_be_billed_is_told_so(photo, lines):
    """An answer that can't be read from a place that takes money is maybe paid, and no price is made up for it."""
    with serve(fault="malformed") as server, nb.Client(nb.Endpoint(server.url, KEY)) as client:
        with pytest.raises(nb.errors.MalformedResponseError):
            client.edit(photo, PROMPT)
    match = LINE.fullmatch(lines()[0])
    assert (match[3], match[4]) == ("unknown", "maybe_paid")


def test_a_host_that_is_not_there_is_a_line_too(photo, lines):
    """No connection is an attempt, and so is the next one: each is logged with its number, and costs nothing."""
    with pytest.raises(nb.NanoBananaError):
        nb.Client(nb.Endpoint("http://127.0.0.1:9", KEY), retries=1).edit(photo, PROMPT)
    found = [LINE.fullmatch(line) for line in lines()]
    assert [(match[1], match[2], match[4], match[5]) for match in found] == [
        ("connect", "network", "free", "1"), ("connect", "network", "free", "2"),
    ]


def test_an_edit_that_is_cancelled_is_a_line(photo, lines):
    """Who cancels has sent something all the same, and the line says so."""

    async def cut() -> None:
        with serve(delay=5) as server:
            client = nb.AsyncClient(nb.Endpoint(server.url, KEY))
            task = asyncio.create_task(client.edit(photo, PROMPT))
            await asyncio.sleep(0.4)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cut())
    (line,) = lines()
    assert " end=cancelled category=interrupted " in line and " billing=maybe_paid " in line


def test_nobody_who_did_not_ask_reads_a_line(photo, tmp_path):
    """Without a level set an edit writes nothing to the terminal; with one, its line."""
    code = f"""
import logging, sys, nb_banana as nb
client = nb.Client(nb.Endpoint.sandbox())
client.edit({str(photo)!r}, "make it night")
sys.stderr.write("--\\n")
logging.basicConfig(level="INFO")
client.edit({str(photo)!r}, "make it night")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    before, line = done.stderr.split("--\n")
    assert before == "" and line.startswith("INFO:nb_banana:model=") and line.count("\n") == 1
