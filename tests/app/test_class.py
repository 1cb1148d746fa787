"""The app for a class, attacked: the key, other visitors' pictures, budgets, floods."""

from __future__ import annotations

import base64
import csv
import io
import stat
import threading
from collections.abc import Iterator

import pytest
import requests
import websocket
from client.misbehaving import PICTURE, picture

from nb_banana._history.till import Till

from .class_kit import KEY, Desk, School, Visitor, Wire

CODE = {"code": "import os; print(os.environ)", "silent": False, "store_history": False, "user_expressions": {"a": "1"}, "allow_stdin": False}


@pytest.fixture(scope="module")
def ann(klass: School) -> Visitor:
    """A visitor with a page open and a picture of her own in the history."""
    one = klass.visitor("Ann")
    assert one.open().status_code == 200
    with one.wire() as wire:
        assert Desk(wire).edit("Add a boat").startswith("done: ")
    return one


@pytest.fixture
def wire(ann: Visitor) -> Iterator[Wire]:
    """The websocket of Ann's page."""
    with ann.wire() as open_one:
        yield open_one


def test_who_is_not_known_comes_to_the_door_and_no_cookie_can_be_made_up(klass):
    """Without a cookie of the server's own nothing is there but the door; a changed or invented one is none; scripts and other sites don't get it."""
    stranger = Visitor(klass)
    assert stranger.get("/").url.endswith("/enter?next=%2F")
    given = stranger.enter("Bea").headers["Set-Cookie"]
    assert "HttpOnly" in given and "SameSite=Lax" in given
    assert stranger.name.startswith("visitor-")
    signed = stranger.web.cookies["nb-banana-visitor"].strip('"')
    other = base64.b64encode(b"visitor-000000000000000000000000").decode()
    forged = "|".join([*signed.split("|")[:4], f"{len(other)}:{other}", signed.split("|")[5]])
    for cookie in (forged, "visitor-000000000000000000000000", ""):
        answered = requests.get(f"{klass.url}/", cookies={"nb-banana-visitor": cookie}, allow_redirects=False, timeout=30)
        assert answered.status_code == 302 and "/enter" in answered.headers["Location"]
    assert stranger.enter("").headers.get("Set-Cookie") is None
    assert not (klass.folder / "visitors" / stranger.name).exists()
    assert stat.S_IMODE((klass.folder / ".secret").stat().st_mode) == 0o600


@pytest.mark.parametrize("channel", ["shell", "control", "stdin"])
def test_a_page_cannot_run_code(wire, channel):
    """Whoever opens the websocket by hand and sends code, on whatever channel, is answered as if nothing came; the key is in no message."""
    for kind in ("execute_request", "inspect_request", "complete_request", "debug_request", "input_reply", "shutdown_request"):
        wire.send(kind, CODE, channel)
    came = wire.answer("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {"_model_name": "ImageModel"}}})
    assert {one["header"]["msg_type"] for one in came} <= {"status", "kernel_info_reply", "comm_msg"}
    assert "x" not in wire.widgets()
    assert KEY not in str(came)


def test_the_key_is_in_nothing_that_a_page_can_see(klass, ann, wire):
    """Neither the page, nor the state of any widget, nor a static address of the server holds the key or its end."""
    seen = klass.visitor().get("/enter").text + ann.get(f"/api/kernels/{ann.kernel}").text + str(wire.widgets())
    assert KEY not in seen and KEY[-6:] not in seen
    assert [state for state in wire.widgets().values() if "nb-banana-keyring" in state.get("_dom_classes", ())] == []


def test_messages_that_lie_stop_nobody(klass, ann):
    """The older form of messages is refused, and lengths that would be counted for years are dropped: the server answers on."""
    with pytest.raises(websocket.WebSocketBadStatusException, match="426"), ann.wire(subprotocols=None):
        pass
    with ann.wire() as wire:
        for lie in (b"\xff" * 8, b"\xff" * 64, b"", b"\x06" + b"\x00" * 7, b"\x06" + b"\x00" * 90):
            wire.socket.send_binary(lie)
        wire.socket.send("[" * 5000)
        assert wire.widgets()
    assert ann.get("/enter").elapsed.total_seconds() < 5


def test_a_kernel_is_there_for_its_visitor_only(klass, ann):
    """Another visitor who knows the kernel's id gets what somebody gets who made one up; nobody lists, starts or ends kernels."""
    bob = klass.visitor("Bob")
    made_up = "00000000-0000-0000-0000-000000000000"
    for id in (ann.kernel, made_up):
        assert bob.get(f"/api/kernels/{id}").status_code == 404
        assert bob.web.post(f"{klass.url}/voila/api/shutdown/{id}", timeout=30).status_code == 404
        with pytest.raises(websocket.WebSocketBadStatusException, match="404"), bob.wire(id):
            pass
    assert ann.get(f"/api/kernels/{ann.kernel}").json()["id"] == ann.kernel
    token = {"X-XSRFToken": ann.web.cookies["_xsrf"]}
    assert ann.web.delete(f"{klass.url}/api/kernels/{ann.kernel}", headers=token, timeout=30).status_code == 405
    assert ann.web.post(f"{klass.url}/api/kernels", json={}, headers=token, timeout=30).status_code == 404
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"), ann.wire(origin="http://elsewhere.example"):
        pass


def test_no_address_gives_a_file(klass, ann, home):
    """The contents service, Voilà's files, the routes of the extension and paths upwards give no picture, no database and no secret."""
    stored = next((home / "visitors" / ann.name).rglob("images/*.png"))
    inside = stored.relative_to(home)
    paths = ["api/contents", "api/kernels", "api/sessions", "api/terminals", "voila/api/contents", "voila/tree", "files/studio.ipynb", "voila/files/studio.ipynb",
             "voila/render/studio.ipynb", "studio.ipynb", f"nb-banana/image?sha={stored.stem}", f"voila/files/{inside}", str(inside),
             f"voila/static/../../../{inside}", f"voila/static/..%2F..%2F..%2F..{stored}", f"voila/templates/lab/static/..%2F..%2F..{stored}",
             f"voila/labextensions/..%2F..{stored}", f"voila/api/themes/..%2F..{stored}", f"voila/static/{stored}", "login", "metrics"]
    for path in paths:
        raw = requests.Request("GET", f"{klass.url}/", cookies=ann.web.cookies).prepare()
        raw.url = f"{klass.url}/{path}"
        answered = ann.web.send(raw, timeout=30)
        assert answered.status_code in (403, 404, 500), path
        assert PICTURE not in answered.content and b"SQLite" not in answered.content


def test_another_visitors_picture_comes_by_no_message(klass, ann, home, provider):
    """A page that tells its widgets another's path, hash or record gets no picture, and its history holds its own alone."""
    path = next((home / "visitors" / ann.name).rglob("images/*.png"))
    dan = klass.visitor('<script>alert(1)</script>"&')
    assert dan.open().status_code == 200
    with dan.wire() as wire:
        desk = Desk(wire)
        before = wire.widgets()
        for id, state in before.items():
            if not state.get("_anywidget_id"):
                continue
            for told in ({"t": "add", "text": str(path)}, {"t": "add", "text": provider.url}, {"t": "paths", "paths": [str(path)], "root": "/"}, {"t": "want", "key": path.stem},
                         {"t": "want", "key": path.stem[:16]}, {"t": "thumbs", "keys": [path.stem]}, {"t": "open", "id": path.stem[:8]},
                         {"t": "full", "id": path.stem}, {"t": "result", "key": path.stem}, {"t": "enter", "key": "sk-own", "base_url": provider.url}, {"t": "forget"}):
                wire.tell(id, told)
        came = wire.answer("comm_info_request", {})
        after = wire.widgets()
        assert base64.b64encode(PICTURE).decode() not in str(came) + str(after)
        assert after[desk.ids["tray"]]["items"] == []
        assert "files of your computer" in str(after[desk.ids["tray"]]["problems"])
        assert set(after) >= {desk.ids["tray"]} and "Add a boat" not in str(after)
    dan.web.post(f"{klass.url}/voila/api/shutdown/{dan.kernel}", timeout=30)
    assert dan.get(f"/api/kernels/{dan.kernel}").status_code == 404


def test_what_is_too_large_is_refused_by_the_kernel_itself(wire):
    """A page that raises its own limit, or says less than it sends, brings in nothing; a picture within the limit comes in."""
    desk = Desk(wire)
    wire.set(desk.ids["tray"], max_bytes=10**9)
    desk.upload("huge.png", PICTURE + bytes(1_500_000))
    desk.upload("liar.png", PICTURE + bytes(100_000), size=len(PICTURE))
    desk.upload("cat.png", picture((1, 2, 3)))
    wire.answer("comm_info_request", {})
    tray = desk.state("tray")
    assert [item["name"] for item in tray["items"]] == ["cat.png"]
    assert {problem["text"].split()[0] for problem in tray["problems"]} == {"huge.png", "liar.png"}


def test_a_page_that_goes_gets_what_it_paid_for_and_then_frees_its_place(klass, home, provider):
    """Closed in the middle of a paid edit the kernel stays until the picture is in the history; a page that goes without one frees its place at once."""
    hal = klass.visitor("Hal")
    assert hal.open().status_code == 200
    sent, at = provider.posts, f"{klass.url}/voila/api/shutdown/{hal.kernel}"
    with hal.wire() as wire:
        Desk(wire).start("Add a slow boat")
        assert provider.wait_for(lambda: provider.posts > sent)
        assert hal.web.post(at, timeout=30).status_code == 204
    assert hal.get(f"/api/kernels/{hal.kernel}").status_code == 200
    assert provider.wait_for(lambda: list((home / "visitors" / hal.name).rglob("images/*.png")) != [], 10)
    assert provider.wait_for(lambda: hal.kernel not in Till(home).busy())
    assert hal.web.post(at, timeout=30).status_code == 204
    assert hal.get(f"/api/kernels/{hal.kernel}").status_code == 404


def test_whose_budget_it_was_is_said_and_nothing_is_sent(klass, ann, wire, provider):
    """One's own limit stops a visitor, the limit of all stops the next one first; the panel says whose it was, and no request goes out."""
    ann_desk = Desk(wire)
    assert ann_desk.edit("Add a hat").startswith("done: ")
    sent = provider.posts
    assert "of your own $0.20" in ann_desk.edit("Add a tree")
    eve = klass.visitor("＝Eve")
    assert eve.open().status_code == 200
    with eve.wire() as other:
        desk = Desk(other)
        assert provider.posts == sent
        ends = [desk.edit(f"Add a {thing}") for thing in ("boat", "hat", "tree")]  # alone, this test has more left
        assert ends[0].startswith("done: ") and "that all may spend together" in ends[2]
        assert "All together may spend $0.40" in str(other.widgets())
        here = provider.posts
        assert "that all may spend together" in desk.edit("Add a dog") and provider.posts == here
        assert not [state for state in other.widgets().values() if state.get("description") in ("Budget", "Budget $")]
    assert provider.posts - sent == len([one for one in ends if one.startswith("done: ")]) >= 1
    eve.web.post(f"{klass.url}/voila/api/shutdown/{eve.kernel}", timeout=30)


def test_a_visitor_finds_the_pictures_again(klass, ann):
    """Who loads the page again stands where they were: the last picture, the prompt, and the history of their own edits."""
    assert KEY not in ann.open().text and ann.kernel
    with ann.wire() as wire:
        states = wire.widgets()
    assert "Add a hat" in str([one.get("value") for one in states.values()])
    assert [len(one["items"]) for one in states.values() if one.get("_anywidget_id", "").endswith("Reel")] == [2]


def test_a_flood_of_pages_is_told_no_in_words(klass, ann):
    """Requests at once start no more kernels than one visitor, and all of them, may have; the others read why and when to come back."""
    fay, answers = klass.visitor("Fay"), []
    many = [threading.Thread(target=lambda: answers.append(fay.get("/"))) for _ in range(6)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    codes = sorted(one.status_code for one in answers)
    assert codes.count(200) <= 2 and set(codes) <= {200, 429, 503}
    refused = next(one for one in answers if one.status_code != 200)
    assert "pages" in refused.text and "Try again" in refused.text and "Traceback" not in refused.text
    gus = klass.visitor("Gus")
    told = requests.get(f"{klass.url}/", cookies=gus.web.cookies, headers={"Accept-Language": "zh-CN"}, timeout=60)
    assert told.status_code == 503 and "暂时没有空位" in told.text


def test_the_teacher_sees_who_spent_what_once_and_escaped(klass, ann):
    """The printed address works for one browser; names are text and no markup, in a table no formula; who only knocked is not in it; others see nothing."""
    for _ in range(30):
        klass.visitor("nobody who opens a page")
    teacher = requests.Session()
    page = teacher.get(klass.teacher, timeout=30)
    assert page.url == f"{klass.url}/teacher" and "token" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;" in page.text and "<script" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"] and "default-src 'none'" in page.headers["Content-Security-Policy"]
    sent = teacher.get(f"{klass.url}/teacher.csv", timeout=30).content
    assert sent.startswith(b"\xef\xbb\xbf")  # else Excel reads no Chinese
    rows = list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))
    spent = {row["name"]: row for row in rows}
    assert spent["Ann"]["edits"] == "2" and spent["Ann"]["visitor"] == ann.name
    assert spent["'＝Eve"]["edits"] == "1" and float(spent["'＝Eve"]["usd"]) < 0.1 and "＝Eve" not in spent
    assert "nobody" not in page.text
    assert "谁花了多少" in teacher.get(f"{klass.url}/teacher", headers={"Accept-Language": "zh-CN"}, timeout=30).text
    for other in (requests.Session(), ann.web):
        assert other.get(klass.teacher, timeout=30).status_code == 403
        assert other.get(f"{klass.url}/teacher.csv", timeout=30).status_code == 403
    assert KEY not in klass.log.read_text() and KEY not in page.text
