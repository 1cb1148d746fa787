"""A judge that misbehaves in every way: what has no score is counted, nothing is made up, nothing is paid twice."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from judge_kit import KEY, asked, by_words, pictures, reply, scores

import nb_banana as nb
from nb_banana._judge.parsing import PARSER
from nb_banana._judge.values import Judgements
from nb_banana.errors import BudgetError, InvalidRequestError, NoImageError

WAYS = ("ok 6 and 9", "blocked", "declined", "cut", "prose", "outside", "late", "broken", "ok 3 and 2")


def compared(photo, session, prompts=WAYS, **axes) -> nb.Comparison:
    made = nb.compare(photo, [f"make it {one}" for one in prompts], session=session, **axes)
    return made.run()


def tables(session) -> dict[str, list]:
    with sqlite3.connect(session.history.folder / "history.sqlite") as file:
        names = ("records", "details", "images", "pictures")
        found = {name: file.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        return found | {"facts": file.execute("SELECT record, core, one, other, facts FROM judgements").fetchall()}


def test_what_has_no_score_is_counted_by_its_reason_and_no_number_is_made_up(photo, session, fake, judge, clean_place):
    """Refused by filter and in words, cut, prose, off the scale, late and broken: each by its name, each without a number."""
    compared(photo, session)
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "history", deadline=4, tell=lambda _: None) as hasty:
        plan = compared(photo, hasty)
        judged = plan.judge(judge)
        assert [one.status for one in judged.answers] == [
            "scored", "refused", "refused", "unparsable", "unparsable", "unparsable", "failed", "failed", "scored",
        ]
        assert judged.told == "7 of 9 unscored (refused 2, unparsable 3, failed 2)" and judged.told in repr(judged)
        assert judged.figures == {
            "j_done": [6.0, *[None] * 7, 3.0], "j_kept": [9.0, *[None] * 7, 2.0],
            "j_overall": [6.0, *[None] * 7, 2.0],
        }
        frame = plan.to_dataframe()
        assert frame["j_overall"].count() == 2 and judged.answers[3].raw.endswith('"ke')
        assert "No verdict: 77.8 %" in repr(judged.summary()) and not judged.summary().rows
        for say in (plan.summary, plan.contrast):
            with pytest.raises(InvalidRequestError, match="No verdict"):
                say("j_overall")
        assert KEY not in judged.to_dataframe().to_csv()


def test_a_verdict_is_given_while_no_more_than_five_in_a_hundred_have_no_score(photo, session, fake, judge):
    """One of 24 is 4.2 %: it is told, the mean is of the others; two of 24 are too many."""
    plan = compared(photo, session, ("ok 4 and 5", "ok 6 and 7", "ok 8 and 9"))
    lost = {("make it ok 6 and 7", 103)}

    def answer(_, body):
        odd = (asked(body), body["seed"]) in lost
        return (200, reply("No comment.")) if odd else by_words(_, body)

    fake.answer = answer
    many = replace(judge, passes=8, seed=100)
    judged = plan.judge(many)
    assert judged.told == "1 of 24 unscored (unparsable 1)" and not judged.withheld
    assert [row["mean"] for row in judged.summary("prompt").rows if row["figure"] == "j_overall"] == [4, 6, 8]
    assert sorted({body["seed"] for body in fake.bodies}) == list(range(100, 108))
    lost.add(("make it ok 4 and 5", 107))
    assert plan.judge(many, again="scored").withheld.startswith("No verdict: 8.3 %")


def test_a_look_at_the_price_leaves_what_was_paid_for_in_its_place(photo, session, fake, judge):
    """A dry run of more passes, or of larger pictures, says what is not asked and how to ask it; the figures that are there stay."""
    plan = compared(photo, session, ("ok 4 and 5", "ok 6 and 7"))
    plan.judge(judge)
    for other in (replace(judge, passes=3), replace(judge, longest_edge=200)):
        looked = plan.judge(other, dry_run=True)
        assert "The same call of judge()" in looked.withheld and "again=" not in looked.withheld
        assert [row["mean"] for row in plan.summary("j_overall", "prompt").rows] == [4, 6]
        assert plan.to_dataframe()["j_overall"].tolist() == [4, 6]
    assert fake.posts.total() == 2


def test_what_was_answered_is_never_asked_again_and_what_failed_is(photo, session, fake, judge):
    """Refused and unreadable answers are answers; only what failed is asked once more, and what is named with again=."""
    plan = compared(photo, session, ("ok 5 and 5", "blocked", "prose", "broken"))
    plan.judge(judge)
    before = dict(fake.posts)
    assert set(before.values()) == {1}
    assert plan.judge(judge, dry_run=True).estimate.to_ask == 1 and fake.posts.total() == 4
    plan.judge(judge)
    assert fake.posts["make it broken"] == 2 and fake.posts.total() == 5
    plan.judge(judge, again=("unparsable",))
    assert fake.posts["make it prose"] == 2 and fake.posts["make it blocked"] == 1 and fake.posts["make it broken"] == 3


def test_a_temperature_of_nought_is_one_question_however_it_is_written(photo, session, fake, judge):
    """0 and 0.0, 1 and 1.0 are the same question: answered once, paid once."""
    plan = compared(photo, session, ("ok 5 and 5",))
    for temperature in (0, 0.0, 1, 1.0, np.float64(1), 0.5):
        plan.judge(replace(judge, temperature=temperature))
    assert [body["temperature"] for body in fake.bodies] == [0, 1, 0.5]


def test_what_was_answered_while_a_nought_with_a_point_was_another_question_is_not_paid_for_again(photo, session, fake, judge):
    """Answers that an earlier version filed under temperature 0.0 or 1.0 answer 0 and 1; asked again, the newer one counts."""
    plan = compared(photo, session, ("ok 4 and 8", "prose"))
    for temperature in (0.0, 1.0):
        earlier = replace(judge, temperature=temperature)
        object.__setattr__(earlier, "temperature", temperature)  # as it was sent and filed then
        plan.judge(earlier)
        assert repr(fake.bodies[-1]["temperature"]) == repr(temperature)
    assert fake.posts.total() == 4
    for temperature in (0, 0.0, 1, 1.0):
        now = replace(judge, temperature=temperature)
        assert plan.judge(now, dry_run=True).estimate.to_ask == 0
        assert plan.judge(now).figures["j_overall"] == [4.0, None] == plan.rescore(now).figures["j_overall"]
    assert fake.posts.total() == 4
    fake.answer = lambda *_: (200, reply(scores(7, 7)))
    assert plan.judge(judge, again=("unparsable",)).figures["j_overall"] == [4.0, 7.0] and fake.posts.total() == 5
    assert plan.judge(judge).figures["j_overall"] == [4.0, 7.0] and fake.posts.total() == 5


def test_rescoring_is_free_and_changes_nothing_but_how_answers_are_read(photo, session, fake, judge, one):
    """Another way to combine asks the same words: no question is sent, every row and every raw answer stays."""
    plan = compared(photo, session, ("ok 4 and 8", "prose"))
    first = plan.judge(judge)
    held, sent = tables(session), fake.posts.total()
    one.write_text(one.read_text(encoding="utf-8").replace('combine = "min"', 'combine = "mean"'), encoding="utf-8")
    milder = replace(judge, protocol=one)
    again = plan.rescore(milder)
    assert (first.figures["j_overall"], again.figures["j_overall"]) == ([4.0, None], [6.0, None])
    assert fake.posts.total() == sent and tables(session) == held
    assert [a.raw for a in again.answers] == [a.raw for a in first.answers] and again.changed == 0
    assert plan.to_dataframe()["j_overall"].iloc[0] == 6.0


def test_an_older_reading_stands_until_it_is_rescored(photo, session, fake, judge):
    """What was reported does not change by itself: an older parser's reading is shown as such, rescore reads anew."""
    from nb_banana._history.answers import note_score

    plan = compared(photo, session, ("ok 4 and 8",))
    (answer,) = plan.judge(judge).answers
    old = {"status": "unparsable", "scores": {}, "reason": "then", "parser": 0, "protocol_sha256": judge.rules.sha256}
    note_score(session.history.shelf, answer.kept.record.id, old)
    shown = plan.judge(judge)
    assert shown.older == 1 and shown.answers[0].status == "unparsable" and "an older parser" in repr(shown)
    assert plan.rescore(judge).changed == 1 and plan.judge(judge).figures["j_overall"] == [4.0]


def test_every_answer_is_kept_with_all_that_made_it(photo, session, fake, judge):
    """Prompt hash, protocol, model asked and answered, provider, sizes sent, temperature, seed, pass, raw answer, parser, cost."""
    plan = compared(photo, session, ("ok 6 and 9",))
    leaky = scores(6, 9).replace("looked", f"my key is {KEY}")
    fake.answer = lambda *_: (200, reply(leaky, usage={"prompt_tokens": 9, "completion_tokens": 2, "cost": 0.002}))
    row = plan.judge(replace(judge, seed=5, longest_edge=200)).to_dataframe().iloc[0]
    assert (row["model"], row["model_sent"], row["model_answered"]) == ("judge-1", "judge-1", "judge-answered-1")
    assert (row["protocol"], row["protocol_version"], row["parser"], row["pass"]) == ("one", 3, PARSER, 1)
    assert row["sent"] == "200x150 200x149" and (row["temperature"], row["seed"]) == (0, 5)
    assert row["raw"].startswith('{"reason": "my key is ') and row["raw"].endswith('"done": 6, "kept": 9}')
    assert len(row["prompt_sha256"]) == len(row["protocol_sha256"]) == 64 and KEY not in row["raw"]
    assert (row["provider"], row["wire"], row["billing"], row["cost"]) == ("custom", "openai", "paid", 0.002)
    (body,) = fake.bodies
    assert body["temperature"] == 0 and body["seed"] == 5 and "modalities" not in body and len(pictures(body)) == 2
    assert session.ledger.paid.amount == Decimal("0.002")


def test_a_price_nobody_knows_is_unknown_and_a_budget_is_kept_to_the_question(photo, session, fake, judge):
    """Without a price the estimate says unknown and a budget is refused; with one the budget ends the asking in time."""
    plan = compared(photo, session, ("ok 1 and 1", "ok 2 and 2", "ok 3 and 3", "ok 4 and 4"))
    blind = plan.judge(judge, dry_run=True)
    assert blind.estimate.cost.amount is None and "price unknown" in str(blind.estimate) and fake.posts.total() == 0
    with pytest.raises(BudgetError, match="nobody knows"):
        plan.judge(judge, budget=1)
    assert fake.posts.total() == 0
    priced = replace(judge, price="0.01")
    with pytest.warns(UserWarning, match="ended early"):
        part = plan.judge(priced, budget="0.03", concurrency=3)
    assert fake.posts.total() == 3 and isinstance(part.stopped, BudgetError)
    assert part.told == "1 of 4 unscored (not asked 1)" and part.figures["j_overall"].count(None) == 1
    assert session.ledger.paid.amount == Decimal("0.03")
    plan.judge(judge)
    assert fake.posts.total() == 4 and session.ledger.paid.unpriced == 1 and session.spent.unpriced == 1


def test_a_judges_answers_travel_with_the_comparison_and_go_with_its_edits(photo, session, fake, judge, clean_place):
    """An export holds them, a load answers from them for free; deleting an edit says so and takes them; the money stays."""
    plan = compared(photo, session, ("ok 6 and 9", "prose"))
    plan.judge(replace(judge, price="0.01"))
    saved = plan.export(clean_place / "c.zip")
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "other", tell=lambda _: None) as other:
        theirs = nb.Comparison.load(saved, session=other).judge(judge)
        assert fake.posts.total() == 2 and theirs.figures["j_overall"] == [6.0, None]
        assert other.ledger.total.amount == 0
    assert len(session.history.records()) == 2  # edits, no questions
    loss = session.history.removal.delete([plan[0].record_id])
    assert loss.edits == loss.opinions == 1 and "Answers of judges about them" in str(loss)
    assert session.ledger.paid.amount == Decimal("0.02")
    assert plan.judge(judge, dry_run=True).estimate.to_ask == 1


def test_a_file_that_claims_other_words_or_scores_is_not_believed(photo, session, fake, judge, clean_place):
    """A score written into somebody's file is read anew from the raw answer; words that are not those asked refuse the file."""
    plan = compared(photo, session, ("ok 6 and 9",))
    plan.judge(judge)
    good, bad, forged = (clean_place / name for name in ("good.zip", "bad.zip", "forged.zip"))
    plan.export(good)
    with zipfile.ZipFile(good) as source:
        line = json.loads(source.read("judgements.jsonl"))
        for path, change in ((forged, {"scored": {**line["scored"], "scores": {"done": 10, "kept": 10}}}),
                             (bad, {"facts": {**line["facts"], "prompt_sha256": "0" * 64}})):
            with zipfile.ZipFile(path, "w") as target:
                for name in source.namelist():
                    made = json.dumps(line | change) if name == "judgements.jsonl" else source.read(name)
                    target.writestr(name, made)
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "other", tell=lambda _: None) as other:
        with pytest.raises(InvalidRequestError):
            nb.Comparison.load(bad, session=other)
        assert other.history.records() == []
        read = nb.Comparison.load(forged, session=other).judge(judge)
        assert read.figures["j_overall"] == [6.0] and fake.posts.total() == 1


def test_words_are_an_answer_to_a_question_and_still_no_picture(photo, session, fake, at):
    """The same words end an edit with NoImageError, and a wire that brings only pictures is refused by name."""
    fake.answer = lambda *_: (200, reply("It looks fine to me."))
    with pytest.raises(NoImageError):
        session.at(at).edit(photo, "make it [[red]]")
    with pytest.raises(InvalidRequestError, match="wire='images'"):
        compared(photo, session, ("blue",)).judge(nb.Judge("m", nb.Endpoint(fake.url, KEY).on("images")))


@pytest.mark.parametrize("wire", ["gemini", "openai"])
def test_the_sandbox_answers_over_both_wires_and_says_that_nobody_looked(photo, session, wire):
    """A judge without a key gets figures from pixels, the same each time, marked as no opinion, free."""
    plan = compared(photo, session, ("a red sky",))
    judge = nb.Judge("any-vision-model", nb.Endpoint.sandbox(wire=wire), longest_edge=64)
    judged = plan.judge(judge)
    assert isinstance(judged, Judgements) and judged.told == "All 2 answers scored" and judged.sandbox
    assert "no opinions" in repr(judged) and "stand-in" in judged.answers[0].raw
    semantic, quality, overall = (judged.figures[f"any-vision-model_{one}"][0] for one in ("semantic", "quality", "overall"))
    assert overall == pytest.approx((semantic * quality) ** 0.5)
    assert session.ledger.total.amount == 0 and judged.to_dataframe()["wire"].eq(wire).all()
    assert plan.judge(judge).estimate.to_ask == 0


def test_too_many_requests_is_waited_out_and_a_refused_key_ends_the_asking(photo, session, fake, judge):
    """A limit is no answer: each question is answered in the end. After a 401 nothing more is sent."""
    plan = compared(photo, session, ("ok 1 and 1", "ok 2 and 2", "ok 3 and 3", "ok 4 and 4"))

    def limited(_, body):
        over = fake.posts.total() <= 8
        return (429, b'{"error": {"message": "Rate limit reached, try again in 50ms"}}') if over else by_words(_, body)

    fake.answer = limited
    assert plan.judge(judge, concurrency=2).told == "All 4 answers scored"
    fake.posts.clear()
    fake.answer = lambda *_: (401, b'{"error": {"message": "invalid api key"}}')
    with pytest.warns(UserWarning, match="ended early"):
        left = plan.judge(replace(judge, model="judge-2", name="k"), concurrency=2)
    assert fake.posts.total() <= 2 and left.counts["unasked"] >= 2 and left.withheld


def test_a_judge_that_turns_every_question_down_is_not_asked_a_hundred_times(photo, session, fake, judge):
    """A model that takes no temperature refuses each question alike: after five the asking ends, with its words."""
    plan = compared(photo, session, ("ok 1 and 1",))
    fake.answer = lambda *_: (400, b'{"error": {"message": "Unsupported value: temperature", "param": "temperature"}}')
    with pytest.warns(UserWarning, match="Unsupported value: temperature"):
        left = plan.judge(replace(judge, passes=12, seed=1), concurrency=1)
    assert fake.posts.total() == 5 and left.counts == {"failed": 5, "unasked": 7}


def test_a_reader_without_a_key_sees_the_authors_scores(photo, session, fake, judge):
    """The sandbox is not asked what a real judge answered in this history: its scores show, and are called real."""
    plan = compared(photo, session, ("ok 6 and 9",))
    plan.judge(judge)
    read = plan.judge(replace(judge, endpoint=None))
    assert read.figures["j_overall"] == [6.0] and not read.sandbox and read.estimate.to_ask == 0


@pytest.mark.parametrize(("endpoint", "model", "wire"), [
    (nb.Endpoint.apiyi(KEY), "gpt-4.1", "openai"), (nb.Endpoint.google("AIza" + "x" * 35), "gemini-2.5-pro", "gemini"),
    (nb.Endpoint.openrouter("sk-or-" + "x" * 40), "openai/gpt-4.1", "openai"), (nb.Endpoint.openai(KEY), "gpt-4.1", "openai"),
    (nb.Endpoint.local("http://127.0.0.1:9"), "qwen-vl", "openai"), (nb.Endpoint("http://127.0.0.1:9", KEY), "m", "gemini"),
    (nb.Endpoint.apiyi(KEY).on("gemini"), "gemini-2.5-pro", "gemini"), (nb.Endpoint.sandbox(), "m", "gemini"),
])  # fmt: skip
def test_a_judge_is_asked_over_the_wire_that_carries_its_words(endpoint, model, wire):
    """Each provider's own for models the catalog has no row of, unless one was asked for by name; nothing is sent."""
    assert nb.Judge(model).place(endpoint).wire == nb.Judge(model, endpoint).place(nb.Endpoint.sandbox()).wire == wire


def test_two_who_ask_at_once_pay_once(photo, session, fake, judge, clean_place):
    """Two notebooks judge the same pictures at the same moment: each question is sent once, and both have the scores."""
    asked_for = ("ok 2 and 2", "ok 6 and 7", "ok 8 and 9")
    plan = compared(photo, session, asked_for)
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "history", tell=lambda _: None) as other:
        plans = (plan, compared(photo, other, asked_for))
        with ThreadPoolExecutor(2) as threads:
            both = list(threads.map(lambda one: one.judge(judge), plans))
    assert set(fake.posts.values()) == {1} and [one.figures["j_overall"] for one in both] == [[2, 6, 8]] * 2


def test_hooks_hear_of_a_judges_questions(photo, clean_place, fake, judge):
    """A question is a request like another: heard of before and after, as one for words, with its record and no key."""
    heard = []
    with nb.Session(nb.Endpoint.sandbox(), folder=clean_place / "history", tell=lambda _: None, hooks=[(heard.append, heard.append)]) as session:
        plan = nb.batch([photo], "make it ok 4 and 5", session=session)
        plan.run()
        plan.judge(judge)
        edited, _, asked, told = heard
        assert (edited.asks_for, asked.asks_for, asked.model, told.sent) == ("picture", "words", "judge-1", asked)
        assert told.category == "ok" and session.history.record(told.record_id).prompt == asked.prompt
    assert KEY not in repr(heard)
