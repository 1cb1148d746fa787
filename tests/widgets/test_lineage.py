"""What a record continues, at every door that follows it: chain, panel, timeline, Restore."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb
from nb_banana._sandbox.server import serve
from nb_banana._widgets.timeline import timeline
from nb_banana.widgets import HistoryView

from .test_tray import eventually

NIGHT, STARS, MOON = "Turn the day into night", "Add stars", "Add a moon"
Places = Callable[..., nb.Session]


@pytest.fixture
def at() -> Iterator[Places]:
    """`at(folder)`: somebody without a key, on that history; `at(folder, keyed=True)`: its author, at a real address."""
    opened: list[nb.Session] = []
    with serve() as server:

        def session(folder: str, *, keyed: bool = False) -> nb.Session:
            place = nb.Endpoint(server.url) if keyed else nb.Endpoint.sandbox()
            opened.append(nb.Session(place, folder=folder, tell=lambda _: None))
            return opened[-1]

        yield session
        for each in opened:
            each.close()


@pytest.fixture
def part(at: Places, photo: Path, tmp_path: Path) -> tuple[nb.Chain, Path]:
    """A chain that began with a result, and its export: the record it began with is not in the file."""
    theirs = at("theirs", keyed=True)
    chain = nb.chain(theirs.edit(photo, NIGHT), session=theirs).edit(STARS)
    chain[:0].edit(MOON)
    return chain, chain.export(tmp_path / "part.zip")


def restored(session: nb.Session, prompt: str) -> tuple[HistoryView, nb.Panel]:
    """The record of a prompt put back into a panel, as the Restore button does it."""
    panel = nb.panel(session=session)
    view = HistoryView(session=session, panel=panel)
    view.selected = next(record.id for record in view.records if record.prompt == prompt)
    view.restore_button.click()
    return view, panel


def run(panel: nb.Panel, prompt: str | None = None) -> nb.EditResult:
    if prompt is not None:
        panel.prompt.value = prompt
    panel.run_button.click()
    result = panel.wait(60)
    assert result is not None
    return result


def test_restore_puts_a_picture_back_whose_record_is_not_here(part: Any, at: Places) -> None:
    """That nobody knows how a picture was made doesn't make it unreadable."""
    chain, path = part
    mine = at("mine")
    nb.Chain.load(path, session=mine)
    view, panel = restored(mine, STARS)
    assert [image.sha256 for image in panel.tray.images] == [chain.start.sha256]
    assert "can't be read" not in view._line.hint and panel.prompt.value == STARS


def test_the_chain_of_an_imported_edit_begins_where_history_begins(part: Any, at: Places) -> None:
    """A parent that was left out of the file ends the way back; the chain starts with the picture that is here."""
    chain, path = part
    mine = at("mine")
    nb.Chain.load(path, session=mine)
    _, panel = restored(mine, STARS)
    assert run(panel).replayed
    found = panel.chain
    assert (found.start.sha256, [step.prompt for step in found.steps]) == (chain.start.sha256, [STARS])
    assert found.rerun().result.replayed


def test_a_loaded_chain_knows_what_it_began_with(part: Any, at: Places) -> None:
    """Where its first record came from is in the file, so that its branches are found, here and elsewhere."""
    chain, path = part
    again = nb.Chain.load(path, session=chain.session)
    assert again.origin == chain.origin is not None
    assert repr(again.tree()) == repr(chain.tree()) and len(again.tree()) == 2
    assert repr(again[:0].tree()).splitlines()[1].endswith(repr(chain.tree()).splitlines()[1][4:])
    elsewhere = nb.Chain.load(path, session=at("mine"))
    assert [branch.record.prompt for branch in elsewhere.tree()] == [STARS]


def forged(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> Path:
    """The zip with the lines of its records changed, the newest first."""
    target = path.with_name("forged.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "records.jsonl":
                lines = [json.loads(line) for line in data.splitlines()]
                change(lines)
                data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
            new.writestr(name, data)
    return target


@pytest.mark.parametrize("pictures_agree", [False, True])
def test_parents_in_a_ring_end(at: Places, photo: Path, tmp_path: Path, pictures_agree: bool) -> None:
    """A file whose records are each other's parents leads nobody in a circle, even where its pictures fit."""
    theirs = at("theirs", keyed=True)
    first = theirs.edit(photo, NIGHT)
    theirs.edit(first, STARS)

    def ring(lines: list[dict[str, Any]]) -> None:
        newest, oldest = sorted(lines, key=lambda line: -line["row"]["id"])
        oldest["row"]["parent"] = newest["row"]["id"]
        if pictures_agree:
            output = next(one for one in newest["pictures"] if one[0] == "output")
            oldest["pictures"].append(["input", 1, *output[2:]])

    mine = at("mine")
    mine.history.import_zip(forged(theirs.history.export_zip(tmp_path / "all.zip"), ring))
    _, panel = restored(mine, STARS)
    assert run(panel).replayed
    found: list[nb.Chain] = []
    looking = threading.Thread(target=lambda: found.append(panel.chain), daemon=True)
    looking.start()
    looking.join(20)
    assert [[step.prompt for step in chain.steps] for chain in found] == [[NIGHT, STARS]]
    assert len({branch.record.id for branch in found[0].tree()}) == len(found[0].tree())


def test_the_chain_of_a_conversation_is_a_conversation(at: Places, photo: Path) -> None:
    """What continued the model's own turns is asked again as such: the re-run is free and sends nothing new."""
    session = at("mine")
    talk = nb.chain(photo, session=session).edit(NIGHT).edit(STARS, context="conversation")
    panel = nb.panel(talk.result, session=session)
    run(panel, MOON)
    chain = panel.chain
    assert [step.sent for step in chain.steps] == ["refeed", "conversation", "refeed"]
    known = len(session.history.records())
    again = chain.rerun()
    assert [result.record_id for result in again] == [result.record_id for result in chain]
    assert len(session.history.records()) == known


def test_a_step_keeps_the_order_of_its_pictures(at: Places, photo: Path, draw_photo: Any, tmp_path: Path) -> None:
    """The chain's picture need not be the first that was sent: a re-run, and a file of it, hold it where it was."""
    session = at("mine")
    panel = nb.panel([draw_photo(background="red"), session.edit(photo, NIGHT)], session=session)
    run(panel, STARS)
    chain = panel.chain
    assert chain.start.data == photo.read_bytes() and [len(step.images) for step in chain.steps] == [0, 1]
    assert [result.replayed for result in chain.rerun()] == [True, True]
    loaded = nb.Chain.load(chain.export(tmp_path / "chain.zip"), session=at("other"))
    assert [step.inputs(chain.start) for step in loaded.steps] == [step.inputs(chain.start) for step in chain.steps]


def test_a_replay_of_somebody_else_s_record_is_the_next_step(at: Places, photo: Path) -> None:
    """The record names its own maker's parent; that it was made from the picture shown is what counts."""
    theirs = at("shared", keyed=True)
    night = theirs.edit(photo, NIGHT)
    stars = theirs.edit(night, STARS)
    mine = at("shared")
    view = timeline(nb.chain(night.image.save("night.png"), session=mine))
    view.others.value = True  # edits beside the chain's own path are folded away
    assert [node.prompt for node in view.nodes] == ["Original", STARS]
    view.branch(0)
    came = run(view.children[-1], STARS)
    assert (came.replayed, came.record_id) == (True, stars.record_id)
    eventually(lambda: [result.record_id for result in view.chain] == [stars.record_id])
    assert [(node.label, node.current) for node in view.nodes] == [("0", True), ("1", True)]


def test_an_edit_without_a_parent_hangs_below_the_picture_it_edited(at: Places, photo: Path) -> None:
    """An edit of a saved file is found beside the ones that continued the result itself; twins don't share them."""
    session = at("mine")
    chain = nb.chain(photo, session=session).edit(NIGHT).edit(STARS)
    session.edit(chain[0].image.save("night.png"), MOON)
    twin = session.edit(photo, NIGHT, fresh=True)
    session.edit(twin, "Make it snow")
    branches = list(chain.tree())
    assert sorted((branch.label, branch.record.prompt) for branch in branches) == [
        ("1", NIGHT), ("1b", NIGHT), ("2", STARS), ("2", "Make it snow"), ("2b", MOON),
    ]  # fmt: skip
    below = {branch.record.prompt: branch.parent for branch in branches}
    assert below == {NIGHT: None, STARS: chain[0].record_id, MOON: chain[0].record_id, "Make it snow": twin.record_id}


def test_an_edit_of_another_result_is_no_step_though_the_picture_went_along(at: Places, photo: Path) -> None:
    """Where the chain's picture was only shown beside the one that was edited, the edit is a branch of the other."""
    session = at("mine")
    chain = nb.chain(photo, session=session).edit(NIGHT)
    view = timeline(chain)
    view.others.value = True  # edits beside the chain's own path are folded away
    view.branch(1)
    panel = view.children[-1]
    panel.tray.add(session.edit(photo, MOON))
    came = run(panel, STARS)
    eventually(lambda: came.record_id in [node.id for node in view.nodes])
    assert [result.request.prompt for result in view.chain] == [NIGHT]
    parents = {node.prompt: view.nodes[node.parent].prompt for node in view.nodes[1:]}
    assert parents == {NIGHT: "Original", MOON: "Original", STARS: MOON}
