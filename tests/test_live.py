"""`doctor --live`: what it asks, what it sends, what it reports and saves; at a terminal, in a kernel, on real servers."""

from __future__ import annotations

import base64
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from client.misbehaving import KEY, PICTURE, answer, leaks, response, sends, serving, silent
from shapes import lifted, reply_of
from test_cli import ROOT, banana
from test_kernel import kernel  # noqa: F401 - a fixture
from test_magics import completions, run
from wire.answers import ROWS

import nb_banana as nb
from nb_banana._history.book import History
from nb_banana._live.check import Check
from nb_banana._live.report import report, terms
from nb_banana._live.shapes import shape_of
from nb_banana._messages import Answer
from nb_banana._sandbox.server import serve
from nb_banana._wire.reply import read_reply
from tests import talker

PROMPT = "Make the ball red"
NO_WORDS = re.compile(r"[A-Za-z0-9+/=_-]{200}")


def at(url, key=KEY):
    return {"NB_BANANA_BASE_URL": url, "NB_BANANA_API_KEY": key}


def live(url, *words, key=KEY, **more):
    """`nb-banana doctor --live` against an address."""
    return banana("doctor", "--live", *words, **at(url, key), **more)


def saved():
    """What was written into the working directory."""
    (path,) = Path().glob("nb-banana-live-*.json")
    return json.loads(path.read_text(encoding="utf-8"))


def states(document):
    return [check["state"] for check in document["checks"]]


def posts(server):
    return sum(entry.method == "POST" for entry in server.requests)


def test_three_pictures_are_tried_reported_and_saved(server):
    """Native with ratio and size, its next turn with signatures, the chat wire: three POSTs, a report, a file, records."""
    done = live(server.url, "--yes")
    assert done.returncode == 0, done.stderr
    assert [entry.path.rpartition("/")[2].partition(":")[2] for entry in server.requests] == ["generateContent"] * 2 + [""]
    assert re.search(r"\| native, 16:9 1K +\| passed \| 200 +\| [\d.]+ s +\| sandbox, free \| 1376×768 \|", done.stdout)
    assert "signatures sent back and accepted: 1" in done.stdout and "3 of 3 passed; cost: sandbox, free" in done.stdout
    assert "answered by gemini-nano-banana-2.1; 573 tokens in, 1,120 out; signatures on 1 of 1 pictures." in done.stdout
    assert "Not tried: other models" in done.stdout and "a refusal" in done.stdout
    document = saved()
    assert states(document) == ["passed"] * 3 and [check["status"] for check in document["checks"]] == [200] * 3
    history = History.open(Path("nb_banana_history"))
    records = list(reversed(history.records()))
    history.close()
    assert [(one.status, one.context, one.wire) for one in records] == [
        ("done", "refeed", "gemini"), ("done", "conversation", "gemini"), ("done", "refeed", "openai"),
    ]  # fmt: skip
    assert records[1].parent == records[0].id


def test_a_server_of_ones_own_and_gpt_image_are_tried_over_the_wire_they_speak(server, clean_place):
    """One POST over the one wire a local server speaks, of the model it runs; GPT Image over the Images API, by its price."""
    session = nb.Session(nb.Endpoint.local(server.url, "nano-banana-pro", price=0), folder=clean_place / "h")
    check = Check(session)
    assert len(list(check.go())) == 1
    assert [outcome.state for outcome in check.ended()] == ["passed", "untried", "untried"]
    assert [entry.path for entry in server.requests] == ["/v1/images/edits"]
    apiyi = nb.Session(nb.Endpoint.apiyi(KEY), folder=clean_place / "h")
    assert [step.wire for step in Check(apiyi, "flare").steps] == ["images"] * 3
    down = nb.Session(nb.Endpoint.local("http://127.0.0.1:9"), folder=clean_place / "h")
    with pytest.raises(nb.errors.InvalidRequestError, match="did not say which model"):
        Check(down)


def test_it_pays_again_each_time_and_never_overwrites_a_file(server):
    """A second check sends its own three requests, and its shapes get the next free name."""
    assert [live(server.url, "--yes").returncode for _ in range(2)] == [0, 0]
    assert posts(server) == 6
    assert len(list(Path().glob("nb-banana-live-*.json"))) == 2


def test_what_is_printed_and_saved_gives_nothing_away(server):
    """No key, no picture, no word of the prompt, and no address that is not a known provider's, in report or file."""
    done = live(server.url, "--yes", "-o", "sub/shapes.json")
    text = Path("sub/shapes.json").read_text(encoding="utf-8")
    for shown in (done.stdout, text):
        assert not leaks(shown) and not NO_WORDS.search(shown)
        assert PROMPT not in shown and "127.0.0.1" not in shown and str(Path.cwd()) not in shown
    assert "custom address" in done.stdout and not leaks(done.stderr)
    assert "sub/shapes.json" in done.stderr


def test_a_saved_shape_is_a_test_case(server):
    """The file of a check becomes bodies again, with pictures of ours, and the decoders read each as an answer."""
    live(server.url, "--yes")
    for check in saved()["checks"]:
        read = read_reply(check["answer"]["status"], {}, reply_of(check["answer"]["body"]))
        assert isinstance(read, Answer) and len(read.images) == 1
        assert read.model == "gemini-nano-banana-2.1" and read.usage.output_tokens == 1120
        assert bool(read.turn and "thoughtSignature" in json.dumps(read.turn.verbatim())) == (check["wire"] == "gemini")


LOST = {
    "reference-style link", "SSE text split inside base64", "chat percent-encoded", "chat bytes beside link",
    "chat escaped newlines", "chat SSE split base64", "chat SSE large split", "cut JSON after the picture",
}  # fmt: skip
"""Layouts in which a picture or a link is written across what a marker stands for."""


@pytest.mark.parametrize("row", [row for row in ROWS if row.status == 200], ids=lambda row: row.name)
def test_layouts_of_the_wild_survive_being_shaped(row):
    """Every known layout of an answer, shaped and filled again, gives as many pictures and links, and tells none of its words."""
    reply = lifted(row.body)
    shape = json.dumps(shape_of(reply, lambda text: text), ensure_ascii=False)
    assert not NO_WORDS.search(shape)
    assert not row.text or len(row.text) < 12 or row.text not in shape
    before, after = (read_reply(200, row.headers, one) for one in (reply, reply_of(json.loads(shape))))
    if isinstance(before, Answer) and row.name not in LOST:
        assert isinstance(after, Answer)
        assert (len(after.images), len(after.links)) == (len(before.images), len(before.links))
        assert (after.finish_reason, after.usage) == (before.finish_reason, before.usage)


# --- asking ----------------------------------------------------------------------------------------


@contextmanager
def terminal(*words, **variables):
    """`nb-banana` at a terminal of its own; gives what it printed so far, and what types into it."""
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "nb_banana", *words], stdin=slave, stdout=slave, stderr=slave, env=environment
    )
    os.close(slave)
    shown = bytearray()

    def read(until, seconds=60.0):
        """Everything printed, once ``until`` is in it; "" waits for the end."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not (until and until.encode() in shown):
            if select.select([master], [], [], 0.2)[0]:
                try:
                    shown.extend(os.read(master, 65536))
                except OSError:  # the other side is gone
                    break
        assert until.encode() in shown, shown.decode()
        return shown.decode()

    try:
        yield process, read, lambda text: os.write(master, text.encode())
    finally:
        process.kill()
        process.wait()
        os.close(master)


@pytest.mark.parametrize("typed, count", [("n", 0), ("", 0), ("maybe", 0), ("\x04", 0), ("y", 3), ("是", 3)])
def test_a_terminal_is_asked_after_it_was_told_the_price(server, typed, count):
    """The price stands above the question; anything but a yes sends nothing and is no failure."""
    with terminal("doctor", "--live", **at(server.url)) as (process, read, write):
        told = read("[y/N]")
        assert "price" in told and "unknown: the price book has none for this address" in told and "$0" not in told
        assert server.url in told and "sent as gemini-nano-banana-2.1" in told
        assert posts(server) == 0
        write(typed if typed == "\x04" else f"{typed}\n")
        told = read("")
        assert process.wait(60) == 0
    assert posts(server) == count
    assert ("Nothing was sent." in told) == (count == 0) != ("3 of 3 passed" in told)
    assert not leaks(told)


def test_the_question_is_asked_in_chinese_too(server):
    """`--lang zh`: terms, question, progress and report are Chinese; 好 is a yes."""
    with terminal("--lang", "zh", "doctor", "--live", **at(server.url)) as (process, read, write):
        assert "未知：价格表中没有该地址的价格" in read("[y/N]")
        write("好\n")
        told = read("")
        assert process.wait(60) == 0
    assert "第 1 项，共 3 项" in told and "| 通过 |" in told and "未尝试：其他模型" in told


def test_without_a_terminal_it_waits_for_nobody(server):
    """Nobody to ask and no --yes: nothing is sent, and the exit code says that the command line was wrong."""
    done = live(server.url)
    assert (done.returncode, done.stdout, posts(server)) == (2, "", 0)
    assert "nobody is here to say yes; nothing was sent." in done.stderr and "Add --yes" in done.stderr


@pytest.mark.parametrize("words", [(), ("--yes",)])
@pytest.mark.parametrize("key", ["", "sk-your-api-key"])
def test_without_a_key_it_says_how_to_give_one(clean_place, words, key):
    """No key, or one that is none: one sentence, code 2, and no history or file is made."""
    done = banana("doctor", "--live", *words, **({"APIYI_API_KEY": key} if key else {}))
    assert (done.returncode, done.stdout, list(clean_place.iterdir())) == (2, "", [])
    assert "APIYI_API_KEY" in done.stderr and "sk-your" not in done.stderr


@pytest.mark.parametrize("option", [("--yes",), ("-o", "x.json"), ("-m", "pro")])
def test_what_belongs_to_live_is_refused_without_it(clean_place, option):
    """An agreement to pay that agrees to nothing is a slip of the command line."""
    done = banana("doctor", *option)
    assert done.returncode == 2 and "belongs to --live" in done.stderr


# --- prices ----------------------------------------------------------------------------------------


def told(endpoint, folder, model=None):
    with nb.Session(endpoint, folder=folder, tell=lambda _: None) as session:
        check = Check(session, model)
        return check, terms(check)


def test_the_cheapest_model_and_its_price_come_from_the_book(clean_place, monkeypatch):
    """Each provider's own rows choose; wires it lacks are told as not tried; a price nobody knows is never nothing."""
    apiyi, words = told(nb.Endpoint.apiyi(KEY), clean_place)
    assert apiyi.sent == "gemini-2.5-flash-image" and "at most $0.06 (≈¥0.37) for 3 (prices of 2026-09-18)" in words
    google, words = told(nb.Endpoint.google(KEY), clean_place)
    assert google.sent == "gemini-nano-banana-2.1" and "≈$0.07 for 2, and the tokens" in words
    assert re.search(r"not tried +one more wire: This provider has one wire\.", words)
    router, words = told(nb.Endpoint.openrouter(KEY), clean_place)
    assert "unknown: the price book has none for this address; pictures it may bill: 1" in words and "$" not in words
    assert [step.barred for step in router.steps] == ["", "no_turns", "one_wire"] and router.steps[0].ratio == "16:9"
    (clean_place / "prices.toml").write_text(
        '[[price]]\nprovider = "openrouter"\nmodel = "pro"\nusd = "0.01"\n'
        '[[price]]\nprovider = "openrouter"\nmodel = "lite"\nusd = "0.02"\n'
    )
    monkeypatch.setenv("NB_BANANA_PRICES", str(clean_place / "prices.toml"))
    router, words = told(nb.Endpoint.openrouter(KEY), clean_place)
    assert router.sent == "google/gemini-3-pro-image" and "at most $0.01 for 1" in words


def test_another_model_may_be_named(server):
    """-m tries that one; one the catalog does not know is tried too, at an unknown price."""
    done = live(server.url, "--yes", "-m", "lite")
    assert done.returncode == 0 and "nano-banana-2-lite, sent as gemini-3.1-flash-lite-image" in done.stdout
    done = live(server.url, "--yes", "-m", "no-such-model")
    assert done.returncode == 1 and "no-such-model" in done.stdout and "unknown: the price book" in done.stderr


# --- failures --------------------------------------------------------------------------------------


def body(**error):
    return json.dumps({"error": error}).encode()


CUT = response(b'{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0K')
FAILURES = {
    "401": (response(body(message="bad key", code=401), 401), ["failed", "untried", "untried"], 1),
    "402": (response(body(message="Insufficient credits", code=402), 402), ["failed", "untried", "untried"], 1),
    "500": (response(body(message="oops", code=500), 500), ["failed", "untried", "failed"], 2),
    "503": (response(body(message="overloaded", code=503), 503), ["failed", "untried", "failed"], 2),
    "cut": (CUT, ["failed", "untried", "failed"], 2),
    "page": (response(b"<html><body>Bad gateway</body></html>", 502), ["failed", "untried", "failed"], 2),
    "refusal": (response(b'{"candidates":[{"finishReason":"SAFETY"}]}'), ["failed", "untried", "failed"], 2),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_stops_what_needs_it_and_nothing_else(kind):
    """A key or a balance that fails ends the check; another failure leaves the other wire to be tried. Nothing is sent twice."""
    reply, expected, count = FAILURES[kind]
    with serving(sends(reply)) as server:
        done = live(server.url, "--yes")
        assert server.posts == count
    assert done.returncode == 1 and states(saved()) == expected
    assert ("may be billed" in done.stdout) == (kind in ("500", "cut", "refusal"))
    assert "Traceback" not in done.stderr and not leaks(done.stdout + done.stderr)


def test_the_other_wire_is_tried_after_a_failure_of_the_first():
    """One 500, then all is well: the chat wire passes, the turn was not tried, the check as a whole failed."""
    with serve(fault=["server"]) as server:
        done = live(server.url, "--yes")
        assert posts(server) == 2
    assert done.returncode == 1 and states(saved()) == ["failed", "untried", "passed"]


def test_no_connection_is_reported(clean_place):
    """An address where nobody listens: each wire is tried once, nothing was billed, no status is made up."""
    done = live("http://127.0.0.1:9", "--yes")
    assert done.returncode == 1 and "may be billed" not in done.stdout and "127.0.0.1" not in done.stdout
    assert "0 of 2 passed; cost: none" in done.stdout
    assert [(check["status"], check["answer"]) for check in saved()["checks"]] == [(None, None)] * 3


def test_no_network_of_anybody_is_told(clean_place):
    """Where a redirect leads, and what addresses an error names, is left out of report and file."""
    moved = response(b"", 307, location="https://relay.secret.example/v1?key=1")
    dialled = response(body(message="upstream 10.1.2.3:8443 and fd00:12:34:56:78::9 at http://inner.secret.example/x"), 500)
    for reply in (moved, dialled):
        with serving(sends(reply)) as server:
            done = live(server.url, "--yes", "-o", "file.json")
        text = done.stdout + Path("file.json").read_text(encoding="utf-8")
        assert done.returncode == 1 and not re.search(r"secret|10\.1\.2|fd00|127\.0", text), text


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("socks4://proxy.corp.example:1080", "uses socks4://, which is not supported"),
        ("proxy.corp.example:port", "is not a usable address"),
        ("ftp://ann:hunter2@10.1.2.3:21", "uses ftp://"),
    ],
)
def test_no_proxy_of_anybody_is_told(variable, told, clean_place, monkeypatch):
    """Whatever way a proxy is written, the report says what is wrong with it and not where it stands."""
    monkeypatch.setenv("HTTPS_PROXY", variable)
    monkeypatch.setenv("NO_PROXY", "")
    check = Check(nb.Session(nb.Endpoint("https://relay.example.com", "sk-live-check-0123456789"), tell=lambda _: None))
    for _ in check.go():
        pass
    text = report(check)
    assert told in text and not re.search(r"corp|hunter2|10\.1\.2|relay\.example", text), text


def test_another_shape_and_missing_signatures_are_failures(clean_place):
    """A picture that is not 16:9, and a turn without a signature, are what a live check is for."""
    done = live(talker.start("I made what I liked."), "--yes")
    assert done.returncode == 1 and states(saved()) == ["failed", "failed", "passed"]
    assert "Asked for 16:9 1K, which is 1376×768; got 480×360." in done.stdout
    assert "The first answer's pictures carry no signature" in done.stdout and "I made what I liked" not in done.stdout


def echoing(connection, seen, number):
    """Everything that can hold the key holds it; the second reply is a failure."""
    encoded, half = base64.b64encode(KEY.encode()).decode(), f"{KEY[:9]}***{KEY[-6:]}"
    words = f"{KEY} {encoded} {half} {seen.body.decode('latin-1')[:4000]}"
    inline = {"mimeType": KEY, "data": base64.b64encode(PICTURE).decode()}
    parts = [{"text": words, KEY: KEY}, {"inlineData": inline, "thoughtSignature": encoded * 9}]
    whole = {"candidates": [{"content": {"role": KEY, "parts": parts}, "finishReason": KEY}], "modelVersion": KEY}
    whole |= {"responseId": KEY, KEY: {"code": KEY, "status": half}, "usageMetadata": {"promptTokenCount": KEY}}
    failed = {"error": {"message": words, "code": KEY, "status": KEY, "type": encoded}}
    status, document = (200, whole) if number == 1 else (500, failed)
    headers = {"x_key": KEY, "retry_after": KEY, KEY: "1", "content_type": f"application/json; {KEY}"}
    connection.sendall(response(json.dumps(document).encode(), status, **headers))


def test_a_service_that_echoes_the_key_everywhere_gets_it_nowhere():
    """Names, values, headers, models, messages, base64 of it: nothing of the key, and no long run, is printed or saved."""
    with serving(echoing) as server:
        done = live(server.url, "--yes")
        assert server.posts == 3
    text = json.dumps(saved(), ensure_ascii=False)
    for shown in (done.stdout, done.stderr, text):
        assert leaks(shown) == [] and not NO_WORDS.search(shown)
    assert PROMPT not in text


def test_no_folder_and_no_address_of_anybody_is_told():
    """A server that calls its model by a file, or by an address inside a network, gives neither to whoever reads the report."""
    place, home = "http://10.20.30.40:9000/v1", "/home/ann.smith/secret/flux.safetensors"
    inline = {"mimeType": "image/png", "data": base64.b64encode(PICTURE).decode()}
    content = {"role": "model", "parts": [{"inlineData": inline}]}
    bodies = [{"candidates": [{"content": content, "finishReason": "STOP"}], "modelVersion": name} for name in (home, place)]
    with serving(sends(*(response(json.dumps(body).encode()) for body in bodies))) as server:
        done = live(server.url, "--yes", "-m", f"={home}")
    told = done.stdout + json.dumps(saved())
    assert "answered by flux.safetensors" in done.stdout
    assert not any(part in told for part in ("ann.smith", "secret", "10.20.30.40"))


def test_a_place_that_can_not_be_written_loses_no_report(server):
    """The report of what was paid for is printed; that the file could not be written is told."""
    Path("taken").write_text("a file")
    done = live(server.url, "--yes", "-o", "taken/shapes.json")
    assert "3 of 3 passed" in done.stdout and "taken/shapes.json" in done.stderr
    assert done.returncode == 0 and "Traceback" not in done.stderr


def test_ctrl_c_reports_what_came_until_then(clean_place):
    """Interrupted in the second request: the first is in the report and in the file, the second may be billed."""

    def behave(connection, seen, number):
        sends(response(answer()))(connection, seen, number) if number == 1 else silent(connection)

    with serving(behave) as server:
        with terminal("doctor", "--live", "--yes", **at(server.url)) as (process, read, _):
            read("2 of 3")
            assert server.wait_for(lambda: server.posts == 2, 60)
            process.send_signal(signal.SIGINT)
            shown = read("")
            assert process.wait(60) == 130
        assert server.posts == 2
    assert "Interrupted." in shown and "0 of 2 passed" in shown and "may be billed" in shown
    assert states(saved()) == ["failed", "failed", "untried"] and saved()["checks"][0]["status"] == 200


# --- in a notebook ---------------------------------------------------------------------------------


def ask(kernel, code, reply, allowed=True):  # noqa: F811
    """Run a cell that asks; gives what it printed and its error."""
    cell = kernel.client.execute(code, allow_stdin=allowed)
    if allowed:
        request = kernel.client.get_stdin_msg(timeout=60)
        assert "[y/N]" in request["content"]["prompt"]
        kernel.client.input(reply)
    done = kernel.finish(cell)
    return done.stdout, done.error


def test_a_cell_asks_and_reports(kernel, server):  # noqa: F811
    """`%banana doctor --live` states the price, asks with the notebook's own field, and spends the notebook's own budget."""
    kernel.run(f"%load_ext nb_banana\nsession = nb.session(nb.Endpoint({server.url!r}, {KEY!r}))")
    shown, error = ask(kernel, "%banana doctor --live", "n")
    assert (error, posts(server)) == ("", 0) and "price" in shown and shown.rstrip().endswith("Nothing was sent.")
    shown, error = ask(kernel, "%banana doctor --live", "y")
    assert (error, posts(server)) == ("", 3) and "3 of 3 passed" in shown and not leaks(shown)
    shown, error = ask(kernel, "%banana doctor --live --yes -o again.json", "", allowed=False)
    assert (error, posts(server)) == ("", 6) and Path("again.json").is_file()
    assert kernel.run("print(len(session.history.records()))").stdout.strip() == "6"


def test_a_notebook_that_nobody_watches_pays_nothing(kernel, server):  # noqa: F811
    """Where the front end takes no input (nbconvert), the cell fails with the way to agree; a budget stops it too."""
    kernel.run(f"%load_ext nb_banana\nnb.session(nb.Endpoint({server.url!r}, {KEY!r}), budget=1)")
    shown, error = ask(kernel, "%banana doctor --live", "", allowed=False)
    assert (error, posts(server)) == ("InvalidRequestError", 0) and "Nothing" not in shown
    shown, error = ask(kernel, "%banana doctor --live --yes", "", allowed=False)
    assert (error, posts(server)) == ("", 0) and "0 of 1 passed" in shown


def test_the_magic_knows_its_flags(shell):
    """Tab offers the doctor's own flags, help names --live, and without a key it says how to give one."""
    assert {"--live", "--yes", "--model", "--out"} <= set(completions(shell, "%banana doctor --"))
    with pytest.raises(nb.errors.InvalidRequestError, match="no key is set"):
        run(shell, "%banana doctor --live")
    with pytest.raises(nb.errors.InvalidRequestError, match="belongs to --live"):
        run(shell, "%banana doctor --yes")
    with pytest.raises(nb.errors.InvalidRequestError, match="--live"):
        run(shell, "%banana doctor --liv")
