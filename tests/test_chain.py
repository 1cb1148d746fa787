"""Chains: edits as a value, sent in two ways, safe to run again. A real server counts what is sent."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._chain.links import chain_to
from nb_banana._sandbox.service import respond
from nb_banana._session.door import Session

STEPS = ("remove the background", "add a forest behind the subject", "warm sunlight")


@cache
def painted(path: str, take: str, content: bytes) -> tuple[int, str, bytes]:
    """The sandbox's answer. It is the same for the same request and take, so it is painted once for all tests."""
    headers = {"Content-Type": "application/json", "X-NB-Banana-Take": take}
    answer = respond(httpx.Request("POST", f"http://sandbox{path}", headers=headers, content=content))
    return answer.status_code, answer.headers["content-type"], answer.content


class Service:
    """The sandbox behind a real socket: it remembers each request and can refuse as a provider would."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.refuse: Callable[[dict[str, Any]], str] = lambda body: ""
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                body = json.loads(content)
                service.bodies.append(body)
                words = service.refuse(body)
                if words:
                    error = {"error": {"code": 400, "message": words, "status": "INVALID_ARGUMENT"}}
                    self.reply(400, "application/json", json.dumps(error).encode())
                    return
                self.reply(*painted(self.path, self.headers.get("X-NB-Banana-Take", "1"), content))

            def reply(self, status: int, kind: str, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """The requests are remembered; standard error stays clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture
def session(service: Service) -> Iterator[Session]:
    with Session(nb.Endpoint(service.url, "test-key"), folder="history") as session:
        yield session


def stepwise(session: Session, photo: Path, **options: Any) -> nb.Chain:
    """The seed's own example, one instruction at a time."""
    chain = nb.chain(photo, session=session)
    for prompt in STEPS:
        chain = chain.edit(prompt, image_size="1K", **options)
    return chain


def test_chain_is_a_value(session: Session, service: Service, photo: Path) -> None:
    """Making one sends nothing; each edit returns a longer chain and leaves the shorter one as it was."""
    start = nb.chain(photo, session=session)
    assert (len(start), start.image, service.bodies) == (0, start.start, [])
    one = start.edit(STEPS[0], image_size="1K")
    two = one.edit(STEPS[1], image_size="1K")
    assert [len(chain) for chain in (start, one, two)] == [0, 1, 2]
    assert two[0] is one.result and two.results == (one.result, two.result)
    assert two.image == two.result.image == two[-1].image
    assert [result.request.prompt for result in two] == list(STEPS[:2])
    assert two.result.request.images[0] == one.image
    assert two.undo().results == one.results and len(start.undo()) == 0


def test_second_run_of_a_chain_sends_nothing_and_gives_the_same_bytes(
    session: Session, service: Service, photo: Path
) -> None:
    """The seed's stepwise example costs three requests once; run again it is replayed, visibly."""
    first = stepwise(session, photo)
    assert len(service.bodies) == 3
    with Session(nb.Endpoint(service.url, "test-key"), folder="history") as later:
        second = stepwise(later, photo)
    assert len(service.bodies) == 3
    assert [result.image.data for result in second] == [result.image.data for result in first]
    assert [result.replayed for result in first] == [False] * 3
    assert [result.replayed for result in second] == [True] * 3
    assert second.image.data != second.start.data


def test_branches_share_their_beginning(session: Session, service: Service, photo: Path) -> None:
    """Two continuations of one step are siblings in the history, and the tree draws both."""
    trunk = stepwise(session, photo)[:1]
    snow = trunk.edit("add falling snow", image_size="1K")
    boat = trunk.edit("make it night", image_size="1K").edit("add stars", image_size="1K")
    records = session.history.children(trunk.result.record_id)
    assert [record.prompt for record in records] == [STEPS[1], "add falling snow", "make it night"]
    tree = boat.tree()
    assert [(branch.label, branch.depth, branch.current) for branch in tree] == [
        ("1", 0, True), ("2b", 1, False), ("3", 1, False), ("2c", 1, False), ("2", 0, True), ("3", 0, True),
    ]  # fmt: skip
    lines = repr(tree).splitlines()
    assert lines[0] == "0  original · 320×240"
    assert "└─ 2c  “add falling snow”" in lines[4] and "2 ●  “make it night”" in lines[5]
    assert [branch.current for branch in snow.tree()] == [True, False, False, False, False, True]


def test_slices_are_chains(session: Session, service: Service, photo: Path) -> None:
    """`chain[:k]` is the chain as it was; `chain[j:k]` begins with the picture of the step before it."""
    chain = stepwise(session, photo)
    assert chain[:2].results == chain.results[:2] and chain[:2].image == chain[1].image
    middle = chain[1:]
    assert middle.start == chain[0].image and middle.results == chain.results[1:]
    assert chain[:].results == chain.results
    more = chain[:2].edit(STEPS[2], image_size="1K")
    assert more.result.replayed and more.result.record_id == chain.result.record_id
    assert len(service.bodies) == 3
    with pytest.raises(nb.errors.InvalidRequestError, match="step -1"):
        _ = chain[::-1]
    with pytest.raises(IndexError, match="no edit 3 in this chain of 3"):
        _ = chain[3]


def test_failing_step_keeps_all_before_it(session: Session, service: Service, photo: Path) -> None:
    """The error is raised, the chain is what it was, and the next edit works from there."""
    chain = stepwise(session, photo)
    service.refuse = lambda body: "The prompt is not supported."
    with pytest.raises(nb.NanoBananaError):
        chain.edit("something refused", image_size="1K", context="conversation")
    service.refuse = lambda body: ""
    assert len(chain) == 3 and len(chain.edit("add a hat", image_size="1K")) == 4
    failed = session.history.records(status="failed")
    assert [record.parent for record in failed] == [chain.result.record_id]


def test_several_pictures_at_any_step(session: Session, service: Service, photo: Path) -> None:
    """Further pictures of a step go after the chain's own, and only with that step."""
    Image.new("RGB", (64, 64), "red").save("hat.png")
    chain = nb.chain(photo, session=session).edit("make it night", image_size="1K")
    chain = chain.edit("put the hat of the second picture on", images="hat.png", image_size="1K")
    assert [image.width for image in chain.result.request.images] == [chain[0].image.width, 64]
    assert len(chain.edit("add stars", image_size="1K").result.request.images) == 1


def test_rerun_repeats_the_steps_on_another_picture(
    session: Session, service: Service, photo: Path, draw_photo: Callable[..., Image.Image]
) -> None:
    """The same instructions on another photo; without a change, a re-run is free."""
    chain = stepwise(session, photo)
    draw_photo(background="pink").save("other.png")
    other = chain.rerun("other.png")
    assert [result.request.prompt for result in other] == list(STEPS)
    assert other.start != chain.start and other.image != chain.image
    assert len(service.bodies) == 6
    assert [result.replayed for result in chain.rerun()] == [True] * 3
    assert len(service.bodies) == 6


def test_rerun_from_a_step_with_another_model_or_prompt(
    session: Session, service: Service, photo: Path
) -> None:
    """Steps before `start` are kept as they are; the rest follows on the new picture."""
    chain = stepwise(session, photo)
    changed = chain.rerun(start=1, prompt="add a beach behind the subject")
    assert changed[0] is chain[0]
    assert [r.request.prompt for r in changed] == [STEPS[0], "add a beach behind the subject", STEPS[2]]
    assert not changed[2].replayed and changed[2].image != chain[2].image
    flash = nb.chain(photo, session=session).edit("make it night").rerun(model="gemini-2.5-flash-image")
    assert flash.result.model.startswith("gemini-2.5-flash-image")
    with pytest.raises(nb.errors.InvalidRequestError, match="no edit 3"):
        chain.rerun(start=3)


def test_merge_makes_several_steps_one_instruction(session: Session, service: Service, photo: Path) -> None:
    """The merged steps are one request from the picture before them; the ones after follow again."""
    chain = stepwise(session, photo)
    merged = chain.merge(0, 2)
    assert len(merged) == 2 and merged[1].request.prompt == STEPS[2]
    assert merged[0].request.prompt.splitlines()[1:] == [f"1. {STEPS[0]}", f"2. {STEPS[1]}"]
    assert merged[0].request.images == (chain.start,)
    assert chain.merge(1, 2).results[1].replayed
    chinese = (
        nb.chain(photo, session=session)
        .edit("变成夜晚", image_size="1K")
        .edit("加上星星", image_size="1K")
        .merge(0, 2)
    )
    assert chinese.result.request.prompt == "请在一次编辑中依次完成以下修改：\n1. 变成夜晚\n2. 加上星星"
    with pytest.raises(nb.errors.InvalidRequestError, match=r"merge\(3, 5\) names no edit"):
        chain.merge(3, 5)


def test_conversation_echoes_the_model_s_turns_verbatim(
    session: Session, service: Service, photo: Path
) -> None:
    """The second step sends the first question and answer as they were, signatures included, and no new picture."""
    chain = stepwise(session, photo, context="conversation")
    first, second, third = (body["contents"] for body in service.bodies)
    assert [turn["role"] for turn in third] == ["user", "model", "user", "model", "user"]
    assert [len(first), len(second)] == [1, 3]
    assert second[0] == first[0] and third[:3] == second
    assert second[1] == chain[0].turn and third[3] == chain[1].turn
    assert second[1]["parts"][-1]["thoughtSignature"]
    assert second[2]["parts"] == [{"text": STEPS[1]}]
    assert [step.sent for step in chain.steps] == ["refeed", "conversation", "conversation"]
    assert [session.history.record(r.record_id).context for r in chain] == [
        "refeed",
        "conversation",
        "conversation",
    ]


def test_conversation_is_replayed_too(session: Session, service: Service, photo: Path) -> None:
    """Run again, from another process's history, a conversation sends nothing; and it goes on from there."""
    first = stepwise(session, photo, context="conversation")
    with Session(nb.Endpoint(service.url, "test-key"), folder="history") as later:
        second = stepwise(later, photo, context="conversation")
        assert [result.record_id for result in second] == [result.record_id for result in first]
        assert len(service.bodies) == 3
        second.edit("add stars", image_size="1K", context="conversation")
    assert service.bodies[3]["contents"][:5] == service.bodies[2]["contents"]
    assert len(service.bodies[3]["contents"]) == 7


def test_a_result_of_a_conversation_alone_names_its_record(session: Session, photo: Path) -> None:
    """Its code never asks for a picture of its prompt alone, which would be another one, and paid; a re-fed step's makes it again."""
    first, second, _ = stepwise(session, photo, context="conversation")
    assert (first.context, second.context) == ("refeed", "conversation")
    for result in (second, session.result_of(session.history.record(str(second.record_id)))):
        assert result.to_python() == f'import nb_banana as nb\n\nresult = nb.history()["{second.record_id}"]\nresult.save()\n'
    assert "nb.edit(" in first.to_python()


def test_conversation_begins_anew_after_a_re_fed_step(
    session: Session, service: Service, photo: Path
) -> None:
    """A re-fed picture is the start of what a later conversation remembers."""
    chain = stepwise(session, photo, context="conversation").edit("add a hat", image_size="1K")
    chain.edit("add stars", image_size="1K", context="conversation")
    contents = service.bodies[-1]["contents"]
    assert [turn["role"] for turn in contents] == ["user", "model", "user"]
    assert contents[0]["parts"][0]["text"] == "add a hat"


def test_refused_signature_falls_back_to_the_last_picture_once(
    session: Session, service: Service, photo: Path
) -> None:
    """Another route refuses the signatures: the step is re-fed with a warning, and a second run sends nothing at all."""
    service.refuse = lambda body: "Invalid thought signature." if len(body["contents"]) > 1 else ""
    chain = nb.chain(photo, session=session).edit(STEPS[0], image_size="1K")
    chain = chain.edit(STEPS[1], image_size="1K", context="conversation")
    assert [len(body["contents"]) for body in service.bodies] == [1, 3, 1]
    assert any("refused the signatures" in warning for warning in chain.result.warnings)
    assert (chain.steps[1].context, chain.steps[1].sent) == ("conversation", "refeed")
    again = nb.chain(photo, session=session).edit(STEPS[0], image_size="1K")
    again = again.edit(STEPS[1], image_size="1K", context="conversation")
    assert len(service.bodies) == 3
    assert again.result.replayed and again.result.warnings == chain.result.warnings
    service.refuse = lambda body: ""
    again[:1].edit(STEPS[1], image_size="1K", context="conversation", fresh=True)
    assert len(service.bodies[-1]["contents"]) == 3


def test_conversation_without_the_model_s_turns_is_re_fed(
    session: Session, service: Service, photo: Path
) -> None:
    """A step made on the chat wire has no native turn to echo; the picture is sent instead, and it says so."""
    chat = session.with_wire("openai")
    start = nb.chain(photo, session=chat).edit("make it night")
    mixed = nb.Chain(start.start, session, start.results, start.steps)
    longer = mixed.edit("add stars", image_size="1K", context="conversation")
    assert any("turns are not held" in warning for warning in longer.result.warnings)
    assert len(service.bodies[-1]["contents"]) == 1


def test_unknown_way_to_send_is_named(session: Session, service: Service, photo: Path) -> None:
    """A misspelt context is refused before anything is sent, with the two that exist."""
    with pytest.raises(
        nb.errors.InvalidRequestError, match="'chat' is not a way to send a step; use 'refeed' or"
    ):
        nb.chain(photo, session=session).edit("make it night", context="chat")
    assert service.bodies == []


def test_exported_chain_opens_somewhere_else(
    session: Session, service: Service, photo: Path, tmp_path: Path
) -> None:
    """Another person's session loads the file, sees the same pictures, and continues without paying for the past."""
    chain = stepwise(session, photo, context="conversation")
    path = chain.export(tmp_path / "chain.zip")
    with Session(nb.Endpoint(service.url, "other-key"), folder="other") as other:
        loaded = nb.Chain.load(path, session=other)
        assert loaded.start == chain.start and loaded.steps == chain.steps
        assert [r.image.data for r in loaded] == [r.image.data for r in chain]
        assert repr(loaded.tree()) == repr(chain.tree())
        assert [r.replayed for r in loaded.rerun()] == [True] * 3
        assert len(service.bodies) == 3
        loaded.edit("add stars", image_size="1K", context="conversation")
        assert len(service.bodies[-1]["contents"]) == 7
    assert "test-key" not in path.read_bytes().decode("latin-1")


@pytest.mark.parametrize("context", ["refeed", "conversation"])
def test_a_result_of_the_history_shows_its_request(
    session: Session, service: Service, photo: Path, tmp_path: Path, context: Any
) -> None:
    """What the history gives back tells the request as the edit itself does; one from a file takes no address from there."""
    chain = nb.chain(photo, session=session).edit(STEPS[0]).edit(STEPS[1], context=context)
    again = nb.history(session=session)[str(chain.result.record_id)]
    assert json.loads(again.to_json()) == json.loads(chain.result.to_json()) == service.bodies[-1]
    assert again.to_curl() == chain.result.to_curl() and again.reencodings == chain.result.reencodings
    assert pickle.loads(pickle.dumps(again)).to_json() == again.to_json()
    away = nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "away", tell=lambda _: None)
    loaded = nb.Chain.load(chain.export(tmp_path / "chain.zip"), session=away)
    assert loaded.reencodings == chain.reencodings
    assert json.loads(loaded.result.to_json()) == service.bodies[-1]
    with pytest.raises(nb.errors.InvalidRequestError, match="somebody's file"):
        loaded.result.to_curl()


def test_chain_without_edits_exports_its_picture(session: Session, photo: Path, tmp_path: Path) -> None:
    """An empty chain is a chain."""
    loaded = nb.Chain.load(nb.chain(photo, session=session).export(tmp_path / "chain.zip"), session=session)
    assert (len(loaded), loaded.image.data) == (0, photo.read_bytes())


def test_file_that_holds_no_chain_is_named(session: Session, photo: Path, tmp_path: Path) -> None:
    """A history export, or anything else, gets one sentence with its name."""
    stepwise(session, photo)
    path = session.history.export_zip(tmp_path / "history.zip")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"history\.zip holds no chain"):
        nb.Chain.load(path, session=session)


def test_python_of_a_chain_makes_it_again(
    session: Session, service: Service, photo: Path
) -> None:
    """The printed code, run as it is, gives the same pictures and sends nothing."""
    Image.new("RGB", (64, 64), "red").save("hat.png")
    chain = stepwise(session, photo, context="conversation")
    chain = chain.edit("put it on", images="hat.png", take=2, model="nano-banana-pro")
    code = chain.to_python()
    sent = len(service.bodies)
    names: dict[str, Any] = {}
    nb.session(session)
    exec(code, names)
    assert len(service.bodies) == sent
    assert names["chain"].image.data == chain.image.data
    assert "base64" not in code and "test-key" not in code and len(code) < 1500
    assert "context='conversation'" in code and "take=2" in code


def test_python_of_a_chain_names_its_own_picture(
    session: Session, service: Service, photo: Path, tmp_path: Path
) -> None:
    """A start that came as bytes is named where it is kept, whatever file here has its name; so is that of a loaded chain."""
    other = nb.ImageData.from_bytes(photo.read_bytes(), name="red.png")
    Image.new("RGB", (64, 64), "red").save("red.png")
    chain = nb.chain(other, session=session).edit("make it night", image_size="1K")
    nb.session(session)
    loaded = nb.Chain.load(chain.export(tmp_path / "chain.zip"), session=session)
    sent = len(service.bodies)
    for each in (chain, loaded):
        names: dict[str, Any] = {}
        exec(each.to_python(), names)
        assert names["chain"].image == chain.image
    assert len(service.bodies) == sent


def test_python_of_a_chain_keeps_the_order_of_its_pictures(
    session: Session, service: Service, photo: Path, tmp_path: Path
) -> None:
    """Where the chain's own picture was not the first of a step's, the code sends it in that place again: nothing is sent."""
    nb.session(session)
    Image.new("RGB", (64, 64), "red").save("hat.png")
    night = nb.edit(photo, "make it night", image_size="1K")
    both = nb.edit(["hat.png", night], "put the hat of picture 1 on picture 2", image_size="1K")
    chain = chain_to(both, session).edit("add snow", image_size="1K")
    sent = len(service.bodies)
    names: dict[str, Any] = {}
    exec(chain.to_python(), names)
    assert names["chain"].image == chain.image and len(service.bodies) == sent


def test_merged_steps_say_which_pictures_they_mean(session: Session, service: Service, photo: Path) -> None:
    """Each step counted its own pictures; together they have other numbers, and the instruction says so."""
    for name in ("hat", "logo"):
        Image.new("RGB", (64, 64), "red" if name == "hat" else "blue").save(f"{name}.png")
    chain = nb.chain(photo, session=session).edit("the hat of picture 2", images="hat.png", image_size="1K")
    merged = chain.edit("the logo of picture 2", images="logo.png", image_size="1K").merge(0, 2)
    assert merged.result.request.prompt.splitlines()[1:] == [
        "1. the hat of picture 2",
        "2. (In this step picture 2 means picture 3 of those given.) the logo of picture 2",
    ]


def test_display_is_a_small_numbered_picture_and_text(
    session: Session, service: Service, photo: Path
) -> None:
    """Saved in a notebook it is under 24 KB, needs no script, and reads the same when replayed but for saying so."""
    chain = stepwise(session, photo)
    bundle, metadata = chain._repr_mimebundle_()
    (kind,) = set(bundle) - {"text/plain"}
    assert kind in ("image/png", "image/jpeg") and len(bundle[kind]) < 24 * 1024 * 4 / 3 + 4
    assert metadata[kind]["alt"] == "the original and 3 edits of it, numbered from 0"
    lines = bundle["text/plain"].splitlines()
    assert lines[0] == "0  original · 320×240"
    assert lines[1].startswith("1  “remove the background”") and lines[-1].startswith("3 edits · ")
    assert "\x1b" not in repr(nb.chain(photo, session=session).edit("night \x1b[31m", image_size="1K"))


def test_cost_is_the_sum_of_the_steps(session: Session, photo: Path) -> None:
    """A chain's cost is what its edits cost when they were made, replayed or not; none costs nothing."""
    assert nb.chain(photo, session=session).cost == nb.chain(photo, session=session)[:0].cost
    assert nb.chain(photo, session=session).cost.amount == Decimal(0)
    chain = stepwise(session, photo)
    assert chain.cost == sum((result.cost for result in chain), start=nb.chain(photo, session=session).cost)


def test_chain_of_a_result_continues_its_record(session: Session, service: Service, photo: Path) -> None:
    """`nb.chain(result)` hangs its first edit under that result, so the tree is one."""
    result = session.edit(photo, "make it night", image_size="1K")
    chain = nb.chain(result, session=session).edit("add stars", image_size="1K")
    assert session.history.record(chain.result.record_id).parent == result.record_id
    assert [branch.record.prompt for branch in chain.tree()] == ["add stars"]


def test_ring_of_parents_ends(session: Session, service: Service, photo: Path) -> None:
    """Records a forger linked in a ring are drawn once, each where the picture it edited puts it."""
    chain = stepwise(session, photo)
    numbers = [session.history.shelf.number(result.record_id) for result in chain]
    session.history.shelf.run(
        lambda c: c.execute("UPDATE records SET parent = ? WHERE id = ?", (numbers[2], numbers[1])),
        write=True,
    )
    assert len(chain.tree()) == 3
    session.history.shelf.run(
        lambda c: c.execute("UPDATE records SET parent = ? WHERE id = ?", (numbers[0], numbers[1])),
        write=True,
    )
    assert len(chain.tree()) == 3


def test_empty_chain_has_no_result(session: Session, photo: Path) -> None:
    """Asking for it says what to do instead."""
    with pytest.raises(nb.errors.InvalidRequestError, match="no edit yet"):
        _ = nb.chain(photo, session=session).result


@pytest.mark.parametrize("again", [lambda chain: chain.rerun(model="nano-banana"), lambda chain: chain.merge(0, 2)])
def test_the_steps_of_one_call_are_made_in_one_place(service: Service, photo: Path, again: Callable[[nb.Chain], nb.Chain]) -> None:
    """A key that is typed while the free sandbox makes steps again pays for none of them; asked once more, all are made with the key."""
    came: list[Callable[[], object]] = []
    with Session(tell=lambda _: None, hooks=(None, lambda _: came.pop()() if came else None)) as session:
        chain = nb.chain(photo, session=session)
        for words in STEPS:
            chain = chain.edit(words)
        came.append(lambda: session.use_key("sk-0123456789abcdef0123456789", base_url=service.url))
        with pytest.raises(nb.errors.InvalidRequestError, match=r"[12] of its edits were not sent"):
            again(chain)
        assert service.bodies == []
        made = again(chain)
        assert len(service.bodies) == len(made)
