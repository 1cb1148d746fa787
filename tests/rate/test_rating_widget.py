"""The rating as a widget: what goes to the page, what the page says, what a program can do."""

from __future__ import annotations

import json
import threading
import time

import pytest

import nb_banana as nb
from nb_banana import _display, _strings


@pytest.fixture(autouse=True)
def english():
    """A page's language noted by one test does not reach the next."""
    yield
    _strings.use_language(None)


@pytest.fixture
def heard(monkeypatch):
    """`heard(widget)`: its messages to the page from now on, as a list and a function that waits for the next."""

    def note(widget):
        noted, more = [], threading.Semaphore(0)

        def send(message, buffers=None):
            noted.append((message, list(buffers or [])))
            more.release()

        monkeypatch.setattr(widget, "send", send)
        return noted, lambda: more.acquire(timeout=30)

    return note


def page(widget, **message):
    """What a page says."""
    widget._hear(widget, message, [])


def test_nothing_that_goes_to_the_page_tells_whose_a_picture_is(compared, heard):
    """Through a whole rating no trait, message, buffer or text names a model, a record or a hash; keys never come twice; every
    message of pictures has the same parts, of one length."""
    c = compared(takes=2)
    names = {word for r in c.results for word in (r.model, r.request.model, r.record_id, r.record_id[:8], r.image.sha256, r.image.sha256[:8])}
    names |= {name for r in c.results for name in (r.image.name, r.image.path and r.image.path.name) if name} | {"nano-banana", "Nano Banana", "gemini-"}
    r = c.rate()
    noted, came = heard(r)
    told, keys = [repr(r), str(r._repr_mimebundle_()), json.dumps(r.get_state(), default=str)], []
    page(r, t="page", lang="en")
    page(r, t="want")
    page(r, t="begin", name="Ann")
    for key in (1, 2, 3, 4, 5, 6, 7, 8):
        assert came() and r.state["phase"] == "rate" and r.progress == f"{key - 1} of 8"
        keys += [r.state["key"], r.state["pair"]]
        page(r, t="vote", key=r.state["key"], choice="left", seconds=1)
        told.append(json.dumps(r.get_state(), default=str))
    assert r.state["phase"] == "done" and len(set(keys)) == 16
    assert [sorted(message) for message, _ in noted] == [["height", "key", "mime", "t", "width"]] * 8
    assert {len(buffers) for _, buffers in noted} == {3} and all(len({len(one) for one in buffers}) == 1 for _, buffers in noted)
    told += [json.dumps(message) for message, _ in noted]
    assert [name for name in names if any(name in text for text in told)] == []
    assert [name for name in names if any(name.encode() in data for _, buffers in noted for data in buffers)] == []
    r.reveal()
    assert "nano-banana-pro better" in json.dumps(r.state)


def test_a_vote_that_comes_late_or_twice_is_none(compared):
    """A key that was answered, or is made up, changes nothing; the page is brought up to date."""
    r = compared().rate(rater="ann")
    first = r.state["key"]
    page(r, t="vote", key=first, choice="left", seconds=1.5)
    for key in (first, "", None, "made-up"):
        page(r, t="vote", key=key, choice="right")
    page(r, t="vote", key=r.state["key"], choice="best")
    assert r.state["said"]["problem"] and "'both_bad'" in r.state["said"]["text"]
    assert [(one.choice, one.seconds) for one in r.votes] == [("left", 1.5)]


def test_the_page_goes_on_after_a_vote_elsewhere_and_after_an_undo(compared):
    """Two widgets of one rater: the later vote is refused and said, and what is left is shown; undo is said too."""
    c = compared()
    one, other = c.rate(rater="ann", seed=1), c.rate(rater="ann", seed=1)
    shown = other.state["key"]
    one.vote("left")
    page(other, t="vote", key=shown, choice="right")
    assert other.state["said"]["problem"] and "voted on this already" in other.state["said"]["text"]
    assert other.state["done"] == 1 and other.state["undo"]
    asked = other.state["said"]["at"]
    page(other, t="undo", at=asked)
    assert other.state["done"] == 0 and other.state["said"]["text"] == "Taken back; it is asked again."
    other.vote("left")
    page(other, t="undo", at=asked)  # a page that heard no answer asks again
    assert other.state["done"] == 1
    other.undo()
    page(other, t="undo", at=other.state["said"]["at"])
    assert "no vote of ann" in other.state["said"]["text"]


def test_what_can_t_be_shown_is_left_out_and_said(compared, heard):
    """Failed and missing results are counted in words; a picture that is lost meanwhile is left out when its turn comes."""
    c = compared(fault=["safety"], cells=range(7))
    r = c.rate(rater="ann", seed=1)
    assert r.state["left_out"] == "2 pairs are not shown: 1 where an edit failed or was refused, 1 where an edit has not run."
    _, came = heard(r)
    turn = r._turn
    for one in turn.shown:
        c[one.cell].image.path.write_bytes(b"gone")
        c[one.cell].image._held.data = None
    page(r, t="want")
    assert came() and r.state["count"] == 1 and r._turn.pair != turn.pair
    assert "1 whose picture can't be read" in r.state["left_out"]
    nothing = nb.compare(["rose.png"], "Make it snow", models=["nano-banana", "nano-banana-pro"], session=c.session).rate()
    assert nothing.state["phase"] == "nothing" and "Run the comparison" in nothing.state["told"]


def test_where_the_prompt_is_compared_it_is_not_shown(compared):
    """The instruction would betray the condition; elsewhere it is shown."""
    c = compared()
    assert [c.rate("prompt", rater="ann", mode=mode).state["instruction"] for mode in ("pairs", "single")] == ["", ""]
    assert c.rate(rater="ann").state["instruction"] in ("Make it snow", "Turn the day into night")
    assert c.rate("image", rater="ann").state["inputs"] == 0


def findings(votes):
    """A stand-in for the room that finds out who is better: it says what it was given."""
    return type("Found", (), {"sentences": (f"{len(votes)} votes were weighed.",)})


def weighed(widget):
    """What is found out beside the kernel, once it is there; the names do not wait for it."""
    end = time.monotonic() + 30
    assert widget.state["phase"] == "revealed"
    while widget.state["findings"] == ["Weighing the votes…"] and time.monotonic() < end:
        time.sleep(0.02)
    return widget.state["findings"]


def refusing(votes):
    raise nb.errors.InvalidRequestError("install the research extra")


def test_the_names_come_with_what_the_votes_show(compared, monkeypatch):
    """After the reveal stand the sentences of the room that weighs votes, or why it can't; counts always; and nothing more is voted."""
    c = compared()
    monkeypatch.setitem(_display._VIEWS, "strengths", (__name__, "findings"))
    ann, bob = c.rate(rater="ann"), c.rate(rater="bob")
    ann.vote("tie")
    bob.vote("both_bad")
    page(ann, t="reveal", at=ann.state["said"]["at"])
    assert weighed(ann) == ["2 votes were weighed."]
    assert ann.state["tally"][0]["rows"] == (("nano-banana | nano-banana-pro", "2", "0", "1", "1", "0"),)
    assert sorted(row[3] for row in ann.state["own"]) == ["Tie", "not rated", "not rated", "not rated"]
    with pytest.raises(nb.errors.InvalidRequestError, match="ann was told"):
        ann.vote("left")
    monkeypatch.setitem(_display._VIEWS, "strengths", (__name__, "refusing"))
    bob.reveal()
    assert weighed(bob)[0] == "install the research extra"
    ann.rater = "cleo"
    assert ann.state["phase"] == "rate" and "nano-banana" not in json.dumps(ann.state)


def test_programs_vote_and_errors_say_what_is_missing(compared):
    """Without a rater there is no vote; with one, scores and choices are kept, in the language asked for."""
    c = compared(prompts=1)
    r = c.rate(mode="single", lang="zh")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"rating\.rater"):
        r.vote(score=3)
    r.rater = "安"
    assert r.progress == "0 / 4" and r.state["question"] == "这个结果有多好？"
    for score in (5, 4, 3, 2):
        r.vote(score=score)
    assert r.undo().score == 2 and r.progress == "3 / 4"
    assert r.votes.to_dataframe()["score"].tolist() == [5, 4, 3, 2] and len(r.votes.counted) == 3
