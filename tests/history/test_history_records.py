"""What the history remembers of an attempt, and how it is found again."""

from __future__ import annotations

import gc
import hashlib
import json
import pickle
import re
import sqlite3
import time
import weakref
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from history_kit import attempt, begin, end, picture

from nb_banana._catalog.cost import Cost
from nb_banana._catalog.spending import Spending
from nb_banana._history import claims, links
from nb_banana._history.book import History
from nb_banana._history.ledger import Ledger
from nb_banana._images.data import ImageData
from nb_banana._messages import Blob, Turn, Usage
from nb_banana.errors import InvalidRequestError


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path / "history")


def prompts(records: list) -> list[str]:
    return [record.prompt for record in records]


def test_finished_attempt_is_remembered_in_full(history: History) -> None:
    """Everything a session told comes back equal, from this process and from the next."""
    parent = attempt(history, "first")
    id = begin(
        history, "second", key="k2", take=3, parent=parent.id, notebook="a.ipynb", context="conversation",
        inputs=[picture(1), picture(5)],
    )  # fmt: skip
    signature = Blob(b"signed", hashlib.sha256(b"signed").hexdigest(), urlsafe=True)
    turn = Turn({"role": "model", "parts": [{"thoughtSignature": "~0~"}]}, {"~0~": signature})
    usage, cost = (
        Usage(1200, 1120, 77, 1120, 2397),
        Cost(Decimal("0.050"), "USD", False, "price book", "2025-11-20"),
    )
    record = end(
        history, id, status="done", outputs=[picture(2), picture(3)], text="Here it is.", usage=usage, cost=cost,
        billing="paid", elapsed=12.5, model_answered="gemini-3-pro-image", response_id="r1", request_id="q1",
        finish_reason="STOP", warnings=["one", "两"], attempts=2, turn=turn,
    )  # fmt: skip
    assert (record.key, record.take, record.parent, record.notebook) == ("k2", 3, parent.id, "a.ipynb")
    assert (record.usage, record.cost, record.warnings) == (usage, cost, ("one", "两"))
    assert [p.name for p in record.inputs] == ["picture-1.png", "picture-5.png"]
    assert [(p.sha256, p.width, p.bytes) for p in record.outputs] == [
        (picture(n).sha256, 24, len(picture(n).data)) for n in (2, 3)
    ]
    assert abs(record.timestamp - datetime.now(UTC)) < timedelta(minutes=1)
    other = History.open(history.folder).record(id)
    assert other == record
    asked = json.loads(other.request)
    assert (asked["prompt"], asked["images"]) == ("second", [picture(1).sha256, picture(5).sha256])
    assert (other.context, other.turn) == ("conversation", turn)
    assert [image.data for image in other.images] == [picture(2).data, picture(3).data]
    assert [image.data for image in other.input_images] == [picture(1).data, picture(5).data]
    assert pickle.loads(pickle.dumps(other)).images[1].data == picture(3).data


def test_running_attempt_is_already_a_record(history: History) -> None:
    """What was sent is written before it is sent, with the price to fear."""
    id = begin(history, "on its way", expected=Cost(Decimal("0.05")))
    record = history.record(id)
    assert (record.status, record.billing, record.cost) == ("running", "maybe_paid", Cost(Decimal("0.05")))
    assert record.elapsed is None and record.outputs == ()
    assert history.find("key", 1) is None and history.takes("key") == ()


def test_failed_attempt_keeps_its_evidence_and_answers_nothing(history: History) -> None:
    """A refusal that was charged keeps the ids a refund needs, and is never replayed."""
    id = begin(history, "refused")
    record = end(
        history, id, status="refused", outputs=(), billing="blocked_paid", elapsed=3.0, cost=Cost(Decimal("0.05")), request_id="req-7",
        response_id="resp-7", finish_reason="IMAGE_SAFETY", error_category="safety", error_message="It was blocked.",
    )  # fmt: skip
    assert history.record(id) == record
    assert (record.request_id, record.error_category, record.error_message) == (
        "req-7",
        "safety",
        "It was blocked.",
    )
    assert history.find("key", 1) is None


def test_real_answers_come_before_the_sandbox_s(history: History) -> None:
    """A session with a key sees only real records, a sandbox one only its own, one without a key real ones first."""
    real = attempt(history, sandbox=False)
    drawn = attempt(history, sandbox=True, outputs=[picture(4)], billing="free", cost=None)
    assert history.find("key", 1, sandbox=False) == real
    assert history.find("key", 1, sandbox=True) == drawn
    assert history.find("key", 1, sandbox=None) == real
    only = attempt(history, key="only drawn", sandbox=True, billing="free", cost=None)
    assert history.find("only drawn", 1, sandbox=None) == only
    assert history.find("only drawn", 1, sandbox=False) is None


def test_prefix_of_a_key_finds_the_same_request_whoever_answered(history: History) -> None:
    """A reader without a key looks for the request, not for the provider; nothing that merely sorts nearby is found."""
    for number, key in enumerate(("core.apiyi", "core.google", "corf", "cor", "core")):
        attempt(history, key, key=key, outputs=[picture(number)], sandbox=key == "core")
    assert history.find("core", 1, sandbox=None, prefix=True).prompt == "core.google"
    assert history.find("core.a", 1, prefix=True).prompt == "core.apiyi"
    assert history.find("core", 1, sandbox=None).prompt == "core"
    assert history.find("core.b", 1, prefix=True) is None


def test_answer_says_who_made_it(history: History) -> None:
    """What began as a real request may have been answered by the sandbox; the record then says so."""
    id = begin(history, sandbox=False)
    record = end(history, id, sandbox=True, billing="free", cost=None)
    assert record.sandbox and history.record(id) == record
    assert history.find("key", 1, sandbox=False) is None
    assert history.find("key", 1, sandbox=True) == record


def test_newest_success_of_a_take_answers(history: History) -> None:
    """`fresh=True` sends again, and from then on the new picture is the answer."""
    attempt(history)
    fresh = attempt(history, outputs=[picture(6)])
    end(history, begin(history), status="failed", outputs=(), billing="maybe_paid")
    attempt(history, take=4)
    attempt(history, take=2, sandbox=True)
    assert history.find("key", 1) == fresh
    assert history.find("key", 3) is None
    assert history.takes("key") == (1, 2, 4)
    assert history.takes("key", sandbox=False) == (1, 4)
    assert history.takes("key", sandbox=True) == (2,)


def test_pages_follow_each_other_without_gap_or_overlap(history: History) -> None:
    """Newest first, a page at a time, while new records arrive on top."""
    ids = [attempt(history, f"number {n}").id for n in range(25)]
    seen, before = [], None
    while page := history.records(limit=7, before=before):
        seen += [record.id for record in page]
        before = page[-1].id
        attempt(history, "arrives meanwhile")
    assert seen == ids[::-1]
    assert [record.id for record in history.every() if record.prompt != "arrives meanwhile"] == ids[::-1]


def test_filters_narrow_a_listing_alone_and_together(history: History) -> None:
    """Model, status, notebook, star and dates each leave exactly what they name."""
    attempt(history, "a", model="m1", notebook="x.ipynb")
    b = attempt(history, "b", model="m2", notebook="y.ipynb")
    attempt(history, "c", model="m2", notebook="x.ipynb", status="failed", outputs=())
    history.star(b.id)
    assert prompts(history.records(model="m2")) == ["c", "b"]
    assert prompts(history.records(model="gemini-3-pro-image-preview")) == ["c", "b", "a"]
    assert prompts(history.records(status="failed")) == ["c"]
    assert prompts(history.records(notebook="x.ipynb")) == ["c", "a"]
    assert prompts(history.records(starred=True)) == ["b"]
    assert prompts(history.records(starred=False)) == ["c", "a"]
    assert prompts(history.records(model="m2", notebook="y.ipynb", starred=True, text="b")) == ["b"]
    assert prompts(history.records(since=b.timestamp, until=history.records(text="c")[0].timestamp)) == ["b"]
    today = date.today()
    assert len(history.records(since=today - timedelta(days=1), until=str(today + timedelta(days=2)))) == 3
    assert history.records(until=today - timedelta(days=1)) == []
    history.star(b.id, False)
    assert history.records(starred=True) == []


SEARCHES = [
    ("forest", ["add a FOREST behind the 100%_sure cat"]),
    ("FOREST cat", ["add a FOREST behind the 100%_sure cat"]),
    ("forest dog", []),
    ("海滩", ["把背景换成海滩夕阳"]),
    ("海", ["把背景换成海滩夕阳"]),
    ("换成海滩", ["把背景换成海滩夕阳"]),
    ("海滩 夕阳", ["把背景换成海滩夕阳"]),
    ("0%_s", ["add a FOREST behind the 100%_sure cat"]),
    ("0%", ["add a FOREST behind the 100%_sure cat"]),
    ("%z", []),
    ("__", []),
    ('say "hi" OR', ['say "hi" OR NOT (a*b)']),
    ('"h', ['say "hi" OR NOT (a*b)']),
    ("a*b)", ['say "hi" OR NOT (a*b)']),
    ("straße", ["Die STRASSE bei Nacht"]),
    ("back\\slash", ["a back\\slash"]),
    ("k\\", ["a back\\slash"]),
    ("'; DROP TABLE records; --", []),
    ("", ["a back\\slash", "Die STRASSE bei Nacht", 'say "hi" OR NOT (a*b)', "把背景换成海滩夕阳",
          "add a FOREST behind the 100%_sure cat"]),
]  # fmt: skip


@pytest.mark.parametrize("indexed", [True, False])
def test_search_finds_substrings_of_any_language(
    history: History, indexed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All words must occur, anywhere and in any case; no character has a meaning of its own; with or without index."""
    for prompt in SEARCHES[-1][1][::-1]:
        attempt(history, prompt)
    monkeypatch.setattr(history.shelf.database(), "indexed", indexed)
    for text, expected in SEARCHES:
        assert prompts(history.records(text=text)) == expected, text


def test_search_sees_answers_notes_and_tags_as_they_are_now(history: History) -> None:
    """A word added to a note is found, a word replaced is not."""
    record = attempt(history, "prompt", text="the model wrote seagull")
    assert prompts(history.records(text="seagull")) == ["prompt"]
    history.note(record.id, "first wording")
    history.tag(record.id, "cover", "封面", "cover")
    assert prompts(history.records(text="wording 封面")) == ["prompt"]
    history.note(record.id, "second")
    assert history.records(text="wording") == []
    assert (history.record(record.id).note, history.record(record.id).tags) == ("second", ("cover", "封面"))
    history.tag(record.id)
    assert history.record(record.id).tags == () and history.records(text="cover") == []


def test_mark_given_while_an_attempt_runs_stays(history: History) -> None:
    """Finishing an attempt does not wipe the star, note and tags it got meanwhile."""
    id = begin(history)
    history.star(id)
    history.note(id, "promising")
    history.tag(id, "x")
    end(history, id)
    record = history.record(id)
    assert (record.status, record.starred, record.note, record.tags) == ("done", True, "promising", ("x",))
    assert history.records(text="promising") == [record]


def test_children_are_the_branches_of_a_record(history: History) -> None:
    """A record's continuations come oldest first."""
    root = attempt(history, "root")
    attempt(history, "left", parent=root.id)
    right = attempt(history, "right", parent=root.id)
    attempt(history, "grandchild", parent=right.id)
    assert prompts(history.children(root.id)) == ["left", "right"]
    assert history.children(history.children(root.id)[0].id) == []


@pytest.mark.parametrize("id", ["0000000000000", "no id", "", "zzzzzzzzzzzzz", "é" * 13])
def test_unknown_id_is_named_with_the_next_step(history: History, id: str) -> None:
    """Every door that takes an id says which one it does not know."""
    for use in (history.record, history.star, lambda x: history.note(x, "n"), lambda x: end(history, x)):
        with pytest.raises(InvalidRequestError) as caught:
            use(id)
        assert f"“{id}”" in str(caught.value)


def test_date_that_is_none_is_refused(history: History) -> None:
    """A moment that can't be read is quoted, with two that can."""
    with pytest.raises(InvalidRequestError, match="“yesterday” is not a date"):
        history.records(since="yesterday")


ODD = "a\x1b]0;x\x07\x00b\ud800\u202e\ud83d\ude00'\"; DROP TABLE records; --"


def test_odd_prompts_survive(history: History) -> None:
    """NUL, escapes and quotes round-trip; a lone surrogate becomes U+FFFD and a pair one character, as documented."""
    record = attempt(history, ODD, text=ODD, notebook=ODD, warnings=[ODD], error_message=ODD)
    clean = ODD.replace("\ud800", "\ufffd").replace("\ud83d\ude00", "😀")
    stored = History.open(history.folder).record(record.id)
    assert stored == record
    assert {stored.prompt, stored.text, stored.notebook, stored.warnings[0], stored.error_message} == {clean}
    assert prompts(history.records(text="😀")) == [clean]
    assert prompts(history.records(text="drop table", notebook=clean)) == [clean]
    assert "\x1b" not in repr(stored) and "\x00" not in repr(stored)


def test_prompt_of_a_megabyte_is_kept_and_shown_short(history: History) -> None:
    """It takes under two seconds, comes back whole, and its repr is a line."""
    prompt = "sky " * 262_144
    began = time.perf_counter()
    record = attempt(history, prompt)
    assert time.perf_counter() - began < 2.0
    assert history.record(record.id).prompt == prompt
    assert len(repr(record)) < 200
    assert prompts(history.records(text="sky sky")) == [prompt]


def test_clock_that_jumps_breaks_neither_ids_nor_order(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day back, ten years on, back again, before 1970, past the year 9999: newest is what was written last."""
    now, day = time.time(), 86_400.0
    moments = [now, now - day, now + 3650 * day, now, now - day, -5 * day, 3e11, now, now]
    ids = []
    for number, moment in enumerate(moments):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        ids.append(attempt(history if number % 2 else History.open(history.folder), f"number {number}").id)
    assert ids == sorted(ids) and len(set(ids)) == len(ids)
    assert {len(id) for id in ids} == {13}
    monkeypatch.undo()
    assert prompts(history.records()) == [f"number {n}" for n in reversed(range(len(moments)))]
    assert end(history, begin(history), elapsed=-3.0).elapsed == 0.0


def test_fifty_results_in_one_moment_are_fifty_records(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids rise strictly though the clock stands still."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    ids = [attempt(history, outputs=[picture(n)]).id for n in range(50)]
    assert all(a < b for a, b in pairwise(ids))
    assert len(list(history.folder.glob("images/*.png"))) == 50


def test_ledger_adds_exactly_and_counts_what_replay_saved(history: History) -> None:
    """Ten times ten cents is a dollar; free, running and unpriced attempts are told apart."""
    cents = Cost(Decimal("0.1"))
    paid = [attempt(history, f"p{n}", cost=cents) for n in range(10)]
    end(history, begin(history), status="refused", outputs=(), billing="blocked_paid", cost=cents)
    end(history, begin(history), status="interrupted", outputs=(), billing="maybe_paid", cost=None)
    end(history, begin(history, model_sent="other", notebook="n.ipynb"), cost=Cost(Decimal("7.25"), "CNY"))
    drawn = attempt(history, sandbox=True, billing="free", cost=Cost(Decimal(0)))
    begin(history, "running", expected=cents)
    for record in (paid[0], paid[0], drawn):
        history.replayed(record.id)
    sent = "gemini-3-pro-image-preview"
    lines = {line.model: line for line in history.totals()}
    assert set(lines) == {sent, "other"}
    pro = lines[sent]
    assert (pro.paid, pro.paid_count) == (dollars("1.0"), 10)
    assert (pro.blocked_paid, pro.blocked_paid_count) == (dollars("0.1"), 1)
    assert (pro.maybe_paid, pro.maybe_paid_count) == (Spending(unpriced=1), 1)
    assert (pro.saved, pro.replays) == (dollars("0.2"), 3)
    yuan = Cost(Decimal("7.25"), "CNY")
    assert lines["other"].paid == Spending((yuan,))
    assert pro.day == date.today().isoformat()
    assert [line.model for line in history.totals(notebook="n.ipynb")] == ["other"]
    assert history.totals(since=datetime.now(UTC) + timedelta(days=2)) == []
    ledger = Ledger(history.totals)
    assert (ledger.paid, ledger.blocked_paid) == (dollars("1.0") + yuan, dollars("0.1"))
    assert (ledger.saved, ledger.total.amount, ledger.total.certain) == (dollars("0.2"), Decimal("1.1"), False)
    assert ledger.by_model() == {sent: dollars("1.1") + Spending(unpriced=1), "other": Spending((yuan,))}
    assert ledger.by_day() == {pro.day: ledger.total}
    assert str(ledger).splitlines()[:4] == [
        "paid              $1.00 + ¥7.25",
        "blocked but paid  $0.10",
        "maybe paid        1 edit, price unknown",
        "saved by replay   $0.20",
    ]


def dollars(amount: str) -> Spending:
    """A sum in dollars and nothing else."""
    return Spending((Cost(Decimal(amount)),))


def test_memory_of_a_listing_holds_no_picture(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listing reads no stored file: with every picture file gone it is the same."""
    attempt(history, outputs=[picture(8)])
    for file in history.folder.glob("images/*.png"):
        file.unlink()
    (record,) = history.records()
    assert record.outputs[0].sha256 == picture(8).sha256
    assert [image.width for image in record.images] == [24]


def test_history_that_is_no_longer_used_lets_go_of_its_file(tmp_path: Path) -> None:
    """Dropping the last reference closes the file and removes the lock."""
    history = History.open(tmp_path / "history")
    attempt(history)
    gone = weakref.ref(history)
    del history
    gc.collect()
    assert gone() is None
    assert list((tmp_path / "history" / "live").iterdir()) == []
    assert not (tmp_path / "history" / "history.sqlite-wal").exists()


def test_place_of_the_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`folder=` wins over the variable, the variable over the working directory; a later chdir changes nothing."""
    here = History.open()
    monkeypatch.setenv("NB_BANANA_HISTORY", str(tmp_path / "by variable"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert here.folder == tmp_path / "nb_banana_history"
    assert History.open().folder == tmp_path / "by variable"
    assert History.open("named").folder == tmp_path / "elsewhere" / "named"
    assert isinstance(attempt(here).images[0], ImageData)
    assert (tmp_path / "nb_banana_history" / "history.sqlite").is_file()


def test_beginning_an_attempt_looks_through_no_whole_table(tmp_path: Path) -> None:
    """What is asked of the file before an edit is sent goes by an index, so that a long history costs no time."""
    history = History.open(tmp_path / "history")
    attempt(history)
    asked = [links._KEEP, links._LEFT, links._LEFT_ANY, links._RECEIPT, claims._RUNNING, claims._ANSWERS, claims._HAS,
             claims._LAST_TAKE, claims._VAIN_HERE, claims._OWED]  # fmt: skip

    def plans(connection: sqlite3.Connection) -> list[str]:
        found = (connection.execute(f"EXPLAIN QUERY PLAN {query}", ["x"] * query.count("?")) for query in asked)
        return [str(row[3]) for rows in found for row in rows]

    steps = history.shelf.run(plans)
    assert len(steps) > len(asked)
    assert [step for step in steps if re.fullmatch(r"(SCAN|SEARCH) (records|other)", step)] == []
