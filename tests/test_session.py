"""The session: one path for every edit, replay free, honest records, a budget that holds."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import ipywidgets
import pytest
from PIL import Image
from tracebacks import verbose

import nb_banana as nb
from nb_banana._messages import Order
from nb_banana._sandbox.server import serve
from nb_banana._session import own

KEY = "sk-test-4f9a8b7c6d5e4f3a2b1c"
@contextmanager
def lying_at(pictures: Mapping[str, bytes]) -> Iterator[str]:
    """A loopback server with pictures, by their paths without a query."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pictures.get(self.path.partition("?")[0])
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(found or b"")))
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


ENVIRONMENT = ("NB_BANANA_API_KEY", "NB_BANANA_BASE_URL", "APIYI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY",
               "OPENROUTER_API_KEY")


def png(colour: tuple[int, int, int] = (200, 60, 20), size: tuple[int, int] = (120, 80)) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every test starts in an empty folder without keys."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def sandbox() -> Iterator[nb.Session]:
    """A session on the built-in sandbox."""
    with nb.Session(tell=lambda sentence: None) as session:
        yield session


@pytest.fixture
def server() -> Iterator[object]:
    """A loopback sandbox whose log counts what was really sent."""
    with serve() as running:
        yield running


def posts(server) -> int:
    """How many edits reached the server."""
    return sum(entry.method == "POST" for entry in server.requests)


def at(server, **options) -> nb.Session:
    """A session on the loopback sandbox."""
    return nb.Session(nb.Endpoint(server.url), tell=lambda sentence: None, **options)


def test_the_same_request_is_sent_once(server):
    """Running a cell twice sends one request, and the second result says it was replayed."""
    with at(server) as session:
        first = session.edit(png(), "make it night")
        again = session.edit(png(), "make it night")
    assert posts(server) == 1
    assert (first.replayed, again.replayed) == (False, True)
    assert again.image.data == first.image.data


@pytest.mark.parametrize("change", [
    {"prompt": "make it day"}, {"aspect_ratio": "1:1"}, {"image_size": "2K"}, {"take": 2}, {"fresh": True},
    {"images": png((1, 2, 3))}, {"model": "nano-banana"},
])
def test_any_difference_is_a_new_request(server, change):
    """Picture, prompt, ratio, size, model, take and fresh each make a request of its own."""
    asked = {"images": png(), "prompt": "make it night"}
    with at(server) as session:
        session.edit(**asked)
        assert not session.edit(**asked | change).replayed
    assert posts(server) == 2


def test_fresh_answers_later_look_ups(server):
    """After fresh=True the newest success is what history gives back."""
    with at(server) as session:
        session.edit(png(), "make it night")
        fresh = session.edit(png(), "make it night", fresh=True)
        assert session.edit(png(), "make it night").record_id == fresh.record_id


def test_takes_come_in_order_and_are_replayed_one_by_one(server):
    """takes=3 after take 1 exists pays for two more only, in order."""
    with at(server) as session:
        session.edit(png(), "add a hat")
        result = session.edit(png(), "add a hat", takes=3)
    assert [take.take for take in result.takes] == [1, 2, 3]
    assert [take.replayed for take in result.takes] == [True, False, False]
    assert len({take.image.sha256 for take in result.takes}) == 3
    assert posts(server) == 3


def test_a_failed_take_is_a_warning_and_all_failed_raises():
    """One failing take of several is told beside the others; when none came the error is raised."""
    with nb.Session(nb.Endpoint.sandbox(fault=["safety"])) as session:
        result = session.edit(png(), "add a hat", takes=2)
        assert len(result.takes) == 1
        assert any("failed" in sentence for sentence in result.warnings)
    with nb.Session(nb.Endpoint.sandbox(fault="server")) as session, pytest.raises(nb.errors.ServerError):
        session.edit(png(), "add a hat", takes=2)


@pytest.mark.parametrize("bad", [{"take": 0}, {"takes": 0}, {"take": 1.5}, {"takes": True}])
def test_takes_are_counted_from_one(sandbox, bad):
    """A take that is no whole number from 1 on is refused, naming the parameter."""
    with pytest.raises(nb.errors.InvalidRequestError, match=next(iter(bad))):
        sandbox.edit(png(), "x y", **bad)


@pytest.mark.parametrize("nothing", [None, [], (), iter(())])
def test_no_picture_at_all_is_refused(server, nothing):
    """An empty list, from a pattern that matched nothing perhaps, never pays for a picture from words."""
    with at(server) as session:
        with pytest.raises(nb.errors.InvalidRequestError, match=r"nb\.generate"):
            session.edit(nothing, "make it night")
        assert session.generate("a quiet lake at night").image.width == 1024
    assert posts(server) == 1


def test_next_take_is_the_first_free_one(sandbox):
    """The panel's button asks for a take that history does not hold."""
    assert sandbox.next_take(png(), "add a hat") == 1
    sandbox.edit(png(), "add a hat")
    sandbox.edit(png(), "add a hat", take=4)
    assert sandbox.next_take(png(), "add a hat") == 5


def test_a_result_as_input_is_remembered_as_parent(sandbox):
    """Editing a result links the new record to the old one."""
    first = sandbox.edit(png(), "make it night")
    second = sandbox.edit(first, "add a moon")
    assert sandbox.history.record(second.record_id).parent == first.record_id


def test_failures_are_recorded_with_category_and_billing():
    """A refusal and an outage each leave one record that says what happened."""
    with nb.Session(nb.Endpoint.sandbox(fault="image_safety")) as session:
        with pytest.raises(nb.errors.SafetyError):
            session.edit(png(), "make it night")
        (record,) = session.history.records()
    assert (record.status, record.error_category, record.finish_reason) == ("refused", "safety", "IMAGE_SAFETY")


def test_a_cancelled_edit_leaves_one_interrupted_record():
    """Stopping a job ends it at once and is written down as interrupted."""
    session = nb.Session(nb.Endpoint.sandbox(delay=30))

    async def stop_soon() -> None:
        task = asyncio.create_task(session.aedit(png(), "make it night"))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 2)

    asyncio.run(stop_soon())
    assert [record.status for record in session.history.records()] == ["interrupted"]


def test_what_nobody_waits_for_is_still_filed_and_nothing_more_is_sent():
    """After go_on() turns false a request on its way ends in the history, and no retry begins."""
    waiting = [True]

    async def stop_waiting(session, server=None) -> object:
        request = nb.EditRequest("make it night", [png()])
        task = asyncio.create_task(session.asend(Order(request), go_on=lambda: waiting[0]))
        while server and not server.requests and not task.done():
            await asyncio.sleep(0.01)
        waiting[0] = False
        return (await asyncio.gather(task, return_exceptions=True))[0]

    with serve(delay=0.5) as server:
        session = nb.Session(nb.Endpoint.custom(server.url, KEY))
        assert isinstance(asyncio.run(stop_waiting(session, server)), nb.EditResult)
        assert [record.status for record in session.history.records()] == ["done"]
    waiting[0] = True
    with serve(delay=0.5, fault="rate_limit") as server:
        error = asyncio.run(stop_waiting(nb.Session(nb.Endpoint.custom(server.url, KEY), folder="other"), server))
        assert isinstance(error, nb.errors.RateLimitError) and error.attempts == len(server.requests) == 1
    waiting[0], session = False, nb.Session(nb.Endpoint.sandbox(), folder="empty")
    assert isinstance(asyncio.run(stop_waiting(session)), asyncio.CancelledError)
    assert session.history.records() == []


def test_a_picture_is_told_of_before_it_is_written_down_and_is_the_one_that_is_returned():
    """A page can be sent the pixels while the file is written; by then the picture lies in the history."""
    session, told = nb.Session(nb.Endpoint.sandbox()), []

    def answered(image: nb.ImageData) -> None:
        told.append((image, image.path, [record.status for record in session.history.records()]))

    request = nb.EditRequest("make it night", [png()])
    result = asyncio.run(session.asend(Order(request), answered=answered))
    ((image, path, statuses),) = told
    assert path is None and statuses == ["running"]
    assert image is result.image and image.path.is_file() and image.path.read_bytes() == image.data


def keyed(monkeypatch: pytest.MonkeyPatch, answer: Callable, **options) -> nb.Session:
    """A session at a real provider's address, answered by a transport."""
    import httpx

    session = nb.Session(nb.Endpoint.apiyi(KEY), tell=lambda sentence: None, **options)
    transport = httpx.MockTransport(answer)
    client = nb.AsyncClient(session.endpoint, transport=transport, retries=0)
    monkeypatch.setattr(session._clients, "of", lambda endpoint: client)
    return session


def answered(request):
    """A native answer with one picture."""
    import httpx

    inline = {"mimeType": "image/png", "data": base64.b64encode(png((20, 60, 200))).decode()}
    return httpx.Response(200, json={"candidates": [{"content": {"parts": [{"inlineData": inline}]}}]})


def test_the_budget_is_never_passed(monkeypatch):
    """With $0.20 and $0.09 an edit, the third is refused before anything is sent, naming the price."""
    sent = []
    session = keyed(monkeypatch, lambda request: sent.append(1) or answered(request), budget="0.20")
    session.edit(png(), "one two")
    session.edit(png(), "one two", take=2)
    with pytest.raises(nb.errors.BudgetError, match=r"\$0\.09.*\$0\.02.*\$0\.20"):
        session.edit(png(), "one two", take=3)
    assert (len(sent), session.spent.amount) == (2, Decimal("0.18"))
    assert session.edit(png(), "one two").replayed


def test_what_may_have_been_billed_counts_as_spent(monkeypatch):
    """A 500 may have run: its price is gone from the budget and stands in the ledger as maybe paid."""
    import httpx

    session = keyed(monkeypatch, lambda request: httpx.Response(500, text="boom"), budget=1)
    with pytest.raises(nb.errors.ServerError):
        session.edit(png(), "one two")
    assert session.spent.amount == session.ledger.maybe_paid.amount == Decimal("0.09")
    assert session.ledger.paid.amount == 0


def test_an_unknown_price_is_not_sent_under_a_budget(monkeypatch):
    """A model without a price could cost anything, so a budget refuses it."""
    session = keyed(monkeypatch, answered, budget=5)
    with pytest.raises(nb.errors.BudgetError, match="not known"):
        session.edit(png(), "one two", model="some-new-model-9")


def test_the_ledger_counts_what_replays_saved(monkeypatch):
    """A replay of a paid edit adds its price to what was saved."""
    session = keyed(monkeypatch, answered)
    for _ in range(3):
        session.edit(png(), "one two")
    assert (session.ledger.paid.amount, session.ledger.saved.amount) == (Decimal("0.09"), Decimal("0.18"))
    assert set(session.ledger.by_model()) == {"gemini-3-pro-image-preview"}


def test_what_a_replay_saved_stands_in_the_account_of_who_was_answered(monkeypatch):
    """One notebook pays, another is answered by it: each account says what it was spared itself."""
    paying, reading = (keyed(monkeypatch, answered, notebook=name) for name in ("a.ipynb", "b.ipynb"))
    for session in (paying, reading, reading, paying):
        session.edit(png(), "one two")
    assert [(one.account.paid.count, one.account.saved.count) for one in (paying, reading)] == [(1, 1), (0, 2)]
    assert reading.account.saved.cost.amount == Decimal("0.18")
    assert [line.replays for line in reading.history.totals(notebook="b.ipynb")] == [2]
    assert reading.ledger.saved.amount == Decimal("0.27")


def test_a_reader_without_a_key_sees_the_authors_pictures(monkeypatch):
    """A history made with a key answers a session without one, before the sandbox does."""
    paid = keyed(monkeypatch, answered).edit(png(), "one two")
    with nb.Session(tell=lambda sentence: None) as reader:
        seen = reader.edit(png(), "one two")
    assert (seen.replayed, seen.sandbox, seen.image.data) == (True, False, paid.image.data)


def test_sandbox_records_never_answer_a_session_with_a_key(monkeypatch, sandbox):
    """A sample made without a key is not passed off as the provider's work later."""
    sandbox.edit(png(), "one two")
    result = keyed(monkeypatch, answered).edit(png(), "one two")
    assert (result.replayed, result.sandbox) == (False, False)


def test_the_sandbox_is_announced_once_and_so_is_the_switch(monkeypatch):
    """Nobody edits in the sandbox without having been told, and a key that appears is announced."""
    told: list[str] = []
    session = nb.Session(tell=told.append)
    session.edit(png(), "make it night")
    session.edit(png(), "make it day")
    assert len(told) == 1 and "Sandbox" in told[0]
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    assert not session.sandbox
    session.announce()
    assert len(told) == 2 and "apiyi" in told[1] and KEY not in told[1]


GOOGLE = "AQ.Ab8RN6-0123456789abcdef"


@pytest.mark.parametrize(
    ("key", "place", "host"),
    [
        (KEY, {"provider": "apiyi"}, "https://api.apiyi.com"),
        (GOOGLE, {"provider": " Google "}, "https://generativelanguage.googleapis.com"),
        ("sk-or-v1-0123456789", {"provider": "openrouter"}, "https://openrouter.ai/api"),
        ("no-known-form-0123456789", {"provider": "google"}, "https://generativelanguage.googleapis.com"),
        (GOOGLE, {"base_url": "gateway.example/v1"}, "https://gateway.example"),
        (GOOGLE, {"provider": "custom", "base_url": "https://gateway.example"}, "https://gateway.example"),
        (KEY, {"provider": "apiyi", "base_url": "https://vip.apiyi.com"}, "https://vip.apiyi.com"),
        (GOOGLE, {"provider": "apiyi", "sure": True}, "https://api.apiyi.com"),
        (KEY, {"base_url": "http://127.0.0.1:8765"}, "http://127.0.0.1:8765"),
    ],
)
def test_a_key_goes_to_the_place_that_is_named(key, place, host, monkeypatch):
    """A provider or an address, as said; a variable that is set has no say in it."""
    monkeypatch.setenv("NB_BANANA_BASE_URL", "https://elsewhere.example")
    session = nb.Session(tell=lambda _: None)
    used = session.use_key(key, **place)
    assert (used.base_url, used.has_key, session.endpoint) == (host, True, used)


@pytest.mark.parametrize(
    ("key", "place", "words"),
    [
        (GOOGLE, {}, ("Google Gemini API", 'provider="google"')),
        ("no-known-form-0123456789", {}, ('provider="apiyi"', "base_url=")),
        (GOOGLE, {"provider": "apiyi"}, ("Google Gemini API", "apiyi", "sure=True")),
        ("sk-or-v1-0123456789", {"provider": "apiyi"}, ("OpenRouter", "apiyi")),
        (KEY, {"provider": "openrouter"}, ("apiyi", "OpenRouter")),
        (GOOGLE, {"base_url": "https://api.apiyi.com"}, ("Google Gemini API", "apiyi")),
        (GOOGLE, {"provider": "custom", "base_url": "https://openrouter.ai"}, ("Google Gemini API", "OpenRouter")),
        (KEY, {"provider": "custom"}, ("base_url",)),
        (KEY, {"provider": "sandbox"}, ("sandbox", "takes no key")),
        (KEY, {"base_url": "https://sandbox.invalid"}, ("takes no key",)),
        (KEY, {"provider": "googel"}, ("googel", "google")),
        (KEY, {"base_url": "http://gateway.example"}, ("base_url", "https")),
        (GOOGLE, {"provider": "google", "wire": "openai"}, ("wire='gemini'",)),
        (5318008, {"provider": "google"}, ("key", "int")),
    ],
)
def test_a_key_without_a_clear_place_is_not_used(key, place, words, monkeypatch):
    """Nothing is guessed: the error says whose the key looks like and what to type, and the sandbox stays; a verbose traceback holds no key."""
    session = nb.Session(tell=lambda _: None)
    with pytest.raises(nb.errors.InvalidRequestError) as caught:
        session.use_key(key, **place)
    assert all(word in str(caught.value) for word in words) and session.sandbox
    out = verbose(caught.value, caught.value.__traceback__.tb_next)
    assert "use_key" in out and str(key) not in out.replace("int", "") + str(caught.value)


@pytest.mark.parametrize("key", ["${APIYI_API_KEY}", "%APIYI_API_KEY%", "$KEY", "sk-your-api-key"])
def test_a_reference_nobody_expanded_is_no_key(key):
    """What stands where a key belongs is refused as a key, wherever it should go."""
    session = nb.Session(tell=lambda _: None)
    with pytest.raises(nb.errors.AuthenticationError):
        session.use_key(key, base_url="https://gateway.example")
    assert session.sandbox


def test_the_session_speaks_chinese(monkeypatch):
    """With NB_BANANA_LANG=zh the notice is Chinese."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh")
    told: list[str] = []
    nb.Session(tell=told.append).edit(png(), "变成夜晚")
    assert "沙盒" in told[0]


def test_the_four_history_fields_are_in_the_export(sandbox, tmp_path):
    """The export names timestamp, original_image, edit_instruction and result_path."""
    sandbox.edit(png(), "make it night")
    line = json.loads(sandbox.history.export_jsonl(tmp_path / "h.jsonl").read_text().splitlines()[0])
    assert line["edit_instruction"] == "make it night"
    assert Path(line["original_image"]).read_bytes() == png()
    assert Path(line["result_path"]).exists() and line["timestamp"]


def test_printed_python_runs_and_replays(server, tmp_path):
    """to_python() names files that exist, so that running it gives the same picture for nothing."""
    with at(server) as session:
        result = session.edit(png(), "make it \"night\"", aspect_ratio="16:9")
        nb.session(nb.Endpoint(server.url), tell=lambda sentence: None)
        names: dict[str, object] = {}
        exec(result.to_python(), names)
    assert names["result"].image.data == result.image.data
    assert posts(server) == 1


def test_wires_share_history_and_purse(server):
    """with_wire is the same session seen through the other format."""
    with at(server) as session:
        other = session.with_wire("openai")
        other.edit(png(), "make it night")
        assert session.history.records()[0].wire == "openai"
        assert not session.edit(png(), "make it night").replayed


def test_what_one_wire_spends_the_other_has_spent(monkeypatch):
    """The budget is the session's, whichever wire its edits take."""
    session = keyed(monkeypatch, answered, budget="0.10")
    other = session.with_wire("openai")
    session.edit(png(), "one two")
    with pytest.raises(nb.errors.BudgetError):
        other.edit(png(), "one two")


def test_sixteen_threads_share_one_session(server):
    """Concurrent edits give each caller its own picture and one record each."""
    with at(server) as session:
        results: dict[int, nb.EditResult] = {}
        threads = [
            threading.Thread(target=lambda n=n: results.update({n: session.edit(png((n, 0, 0)), "add a hat")}))
            for n in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {n: r.request.images[0].data for n, r in results.items()} == {n: png((n, 0, 0)) for n in range(16)}
        assert len(session.history.records()) == posts(server) == 16


def test_the_notebooks_own_session_is_replaced_by_options():
    """nb.session() is one object until an endpoint or an option makes a new one."""
    assert nb.session() is nb.session()
    new = nb.session(nb.Endpoint.sandbox(), budget=1)
    assert nb.session() is new is own.current()


@pytest.fixture
def made(server, tmp_path):
    """An edit of a file, made over the loopback server, in a session that stays open."""
    (tmp_path / "it's me.png").write_bytes(png())
    with at(server) as session:
        yield session.edit("it's me.png", "make it 'night' & \"calm\"\n换成夜晚 $HOME", aspect_ratio="16:9")


def test_printed_curl_runs_as_it_stands(made, server):
    """to_curl() is a script a shell runs: it sends the same edit and decodes the same picture."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    root = str(Path(nb.__file__).resolve().parent.parent)
    environment = {**os.environ, "PATH": path, "NB_BANANA_API_KEY": KEY, "PYTHONPATH": root}
    script = made.to_curl().replace("nb-banana decode", f"{shlex.quote(sys.executable)} -m nb_banana decode")
    done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert Path("edited.png").read_bytes() == made.image.data
    assert posts(server) == 2 and KEY not in made.to_curl()


def _run(script: str) -> subprocess.CompletedProcess[str]:
    """A printed script in a shell, with this package's own terminal command."""
    root = str(Path(nb.__file__).resolve().parent.parent)
    script = script.replace("nb-banana decode", f"{shlex.quote(sys.executable)} -m nb_banana decode")
    environment = {**os.environ, "NB_BANANA_API_KEY": KEY, "PYTHONPATH": root}
    return subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False)


def test_a_printed_curl_sends_nothing_where_a_file_is_missing(server, tmp_path):
    """A picture of an address is fetched first, one made anew must be there; without the file nothing is posted."""
    pictures = {"/cat.png": png()}
    Image.open(io.BytesIO(png())).save(tmp_path / "cat.bmp")
    with lying_at(pictures) as address, at(server) as session:
        fetched, made_anew = session.edit(f"{address}/cat.png", "Make it night"), session.edit("cat.bmp", "Make it night")
        assert _run(fetched.to_curl()).returncode == 0 and posts(server) == 3
        assert Path("edited.png").read_bytes() == fetched.image.data
        pictures.clear()
        Path("picture-1.png").unlink()
        for script in (fetched.to_curl(), made_anew.to_curl()):
            assert _run(script).returncode != 0
        assert posts(server) == 3 and "# sent-1.png is cat.bmp as it was sent (PNG, 120×80)" in made_anew.to_curl()


def test_code_holds_no_signature_of_an_address(server, tmp_path):
    """What unlocks an address stands in no code that is handed on: of a result, a chain, and in a panel's cell."""
    with lying_at({"/cat.png": png()}) as address, at(server) as session:
        signed = f"{address}/cat.png?X-Amz-Signature=0123456789abcdef&v=2"
        result, chain = session.edit(signed, "Make it night"), nb.chain(signed, session=session).edit("Make it warm")
        panel = nb.panel(signed, session=session, slot=False)
        panel.prompt.value = "Make it night"
        panel.run_button.click()
        panel.wait(60)
        told = [result.to_python(), result.to_curl(), chain.to_python(), panel.code, str(ipywidgets.Widget.get_manager_state())]
        assert not any("0123456789abcdef" in one for one in told) and "nb.edit(" in panel.code
        assert "nb.edit('nb_banana_history/images/" in result.to_python()  # the copy that was sent, not the address


def test_curl_of_the_built_in_sandbox_names_one_that_can_run(sandbox, tmp_path):
    """The built-in sandbox has no address, so the script says which server to start and goes there."""
    (tmp_path / "cat.png").write_bytes(png())
    script = sandbox.edit("cat.png", "make it night").to_curl()
    assert script.startswith("# nb-banana sandbox --port 8765\n")
    assert "http://127.0.0.1:8765/v1beta/models/" in script and "base64 < cat.png" in script


def test_swapped_arguments_and_patterns_are_recognised(sandbox, tmp_path):
    """The prompt in the place of the picture, and a pattern in place of files, are named as what they are."""
    (tmp_path / "cat.png").write_bytes(png())
    with pytest.raises(nb.errors.InvalidImageError, match=r"edit\(images, prompt\)"):
        sandbox.edit("make it night", "cat.png")
    with pytest.raises(nb.errors.InvalidImageError, match="glob"):
        sandbox.edit("*.png", "make it night")
    with pytest.raises(nb.errors.InvalidImageError, match=r"no file lighthose\.png"):
        sandbox.edit("lighthose.png", "灯塔后面的阴天换成温暖的傍晚天空" * 6)  # longer than a file's name may be


def test_one_key_is_not_announced_as_two(monkeypatch):
    """NB_BANANA_API_KEY serves any host, so it must not be listed beside itself."""
    monkeypatch.setenv("NB_BANANA_API_KEY", KEY)
    monkeypatch.setenv("NB_BANANA_BASE_URL", "http://127.0.0.1:9")
    assert nb.Endpoint.from_env().notice == ""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    assert "APIYI_API_KEY" in nb.Endpoint.from_env().notice


def test_printed_json_is_the_request(made, server):
    """to_json() posted as it stands gives the same picture."""
    import httpx

    url = f"{server.url}/v1beta/models/{made.model}:generateContent"
    answer = httpx.post(url, content=made.to_json().encode(), timeout=60).json()
    parts = answer["candidates"][0]["content"]["parts"]
    inline = [part["inlineData"]["data"] for part in parts if "inlineData" in part]
    assert base64.b64decode(inline[-1]) == made.image.data


def test_a_replay_prints_the_same_code(made, server):
    """What history gives back knows its request as well as the first answer did."""
    with at(server) as session:
        again = session.edit("it's me.png", made.request.prompt, aspect_ratio="16:9")
    assert again.replayed
    assert (again.to_python(), again.to_curl(), again.to_json()) == (made.to_python(), made.to_curl(), made.to_json())
