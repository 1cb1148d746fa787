"""A debug line for each request that was sent, whatever carried it: host, path, end, seconds, attempt."""

from __future__ import annotations

import logging
import re

import httpx
import pytest

import nb_banana as nb
from nb_banana._sandbox.server import serve

KEY = "sk-proof-Qx7Lm2Vb9Tz4Kd8Wp3Rn6Yc1"
LINE = re.compile(r"127\.0\.0\.1:\d+ /v1beta/models/[\w.-]+:generateContent (\w+) \d+\.\d\d s attempt (\d)")


@pytest.mark.parametrize("transport", [None, httpx.HTTPTransport, httpx.AsyncHTTPTransport])
@pytest.mark.parametrize("fault, ends", [(None, ["200"]), ("server", ["503"] * 3)])
def test_each_attempt_is_a_line(photo, caplog, transport, fault, ends):
    """The pool of ours, a blocking transport and an awaiting one log the same; no prompt and no key is in it."""
    caplog.set_level(logging.DEBUG, logger="nb_banana")
    with serve(fault=fault) as server:
        given = transport() if transport else None
        client = nb.Client(nb.Endpoint(server.url, KEY), transport=given)
        try:
            client.edit(photo, "the secret prompt")
        except nb.NanoBananaError:
            assert fault
    lines = [record.getMessage() for record in caplog.records if record.name == "nb_banana"]
    found = [LINE.fullmatch(line) for line in lines]
    assert all(found), lines
    assert [(match[1], match[2]) for match in found] == [(end, str(at)) for at, end in enumerate(ends, 1)]
    assert KEY not in caplog.text and "secret" not in "\n".join(lines)


def test_a_host_that_is_not_there_is_a_line_too(photo, caplog):
    """No connection is an attempt, and so is the next one: each is logged with its number."""
    caplog.set_level(logging.DEBUG, logger="nb_banana")
    with pytest.raises(nb.NanoBananaError):
        nb.Client(nb.Endpoint("http://127.0.0.1:9", KEY), retries=1).edit(photo, "x")
    lines = [record.getMessage() for record in caplog.records if record.name == "nb_banana"]
    assert [line.rpartition(" ")[2] for line in lines] == ["1", "2"]
    assert all(line.startswith("127.0.0.1:9 /") and " connect " in line for line in lines)
