"""Votes as a value and as a file: read whatever happened to the file, merged between people, never made up."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana import Vote, Votes
from nb_banana._rate.book import Book
from nb_banana._rate.vote import Reveal
from nb_banana._rate.votes import line_of

ROOT = Path(nb.__file__).resolve().parent.parent


def said(number: int, rater: str = "ann", **more: object) -> Vote:
    """A vote on pair `number`; ids count up."""
    facts = {"id": f"v{number}", "unit": f"u{number}", "left": "pro", "right": "flash", "choice": "left", "rater": rater,
             "left_record": f"l{number}", "right_record": f"r{number}", "at": f"2026-01-01T00:00:{number:02}+00:00", "seed": 7}
    return Vote(**(facts | more))


def test_votes_come_back_from_a_file_as_they_were(tmp_path):
    """Export and load give equal votes and reveals, in any script; a table is not what the file is."""
    votes = Votes([said(1), said(2, "安", choice=None, score=4, right="", right_record=""), said(3, choice="skip", undone=True)],
                  [Reveal("x", "ann", ("l1", "r1"))])
    assert Votes.load(votes.export(tmp_path / "all.jsonl")) == votes
    with pytest.raises(nb.errors.InvalidRequestError, match="to_dataframe"):
        votes.export(tmp_path / "all.csv")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"none\.jsonl"):
        Votes.load(tmp_path / "none.jsonl")


def test_two_people_s_votes_are_merged_by_id_and_rater(tmp_path):
    """Each vote is there once, one taken back in either copy is taken back, and an id of another rater is another vote."""
    ann = Votes([said(1), said(2)], [Reveal("x", "ann", ("l1",))])
    copy = Votes([replace(said(1), undone=True), said(2), said(2, "bob", at="2026-01-01T00:00:00+00:00")], [Reveal("x", "ann", ("l1",))])
    both = ann + copy
    assert [(one.id, one.rater, one.undone) for one in both] == [("v2", "bob", False), ("v1", "ann", True), ("v2", "ann", False)]
    assert set(both) == set(copy + ann) and len(both.reveals) == 1 and both.raters == ("bob", "ann")


def test_what_counts_is_the_last_answer_of_each_person_on_each_thing():
    """Taken back and skipped votes are kept, never counted; of two votes on one pair the later one counts, whichever side it stood on."""
    again = said(1, id="later", choice="tie", left="flash", right="pro", left_record="r1", right_record="l1")
    votes = Votes([said(1), said(2, undone=True), said(3, choice="skip"), said(1, "bob"), again])
    assert [(one.id, one.rater) for one in votes.counted] == [("v1", "bob"), ("later", "ann")]
    assert len(votes.standing) == 4 and repr(votes) == "4 votes by ann, bob · 1 taken back · 1 skipped"
    by_hand = Votes([Vote("a", "u", "x", "y", "left"), Vote("b", "u", "x", "y", "left")])
    assert len(by_hand.counted) == 2


def test_two_votes_of_one_id_are_never_made_one(tmp_path):
    """Different votes of one person with one id all stay, merged and from a file too; strengths and agreement, where a copy counts once, name the id."""
    by_prompt = [Vote("0", "u0", *two, "left", rater="ann") for two in ("AB", "BC", "AC")]
    votes = Votes(by_prompt) + Votes(by_prompt[1:])
    assert sorted(one.left + one.right for one in votes) == ["AB", "AC", "BC"] and len(votes.counted) == 3
    assert Votes.load(votes.export(tmp_path / "all.jsonl")) == votes
    for count in (votes.strengths, votes.agreement):
        with pytest.raises(nb.errors.InvalidRequestError, match="Two different votes of 'ann' have the id '0'"):
            count()


def test_what_is_no_vote_is_no_part_of_votes():
    """Rows of a table in place of votes are refused where they come in, by their place."""
    with pytest.raises(nb.errors.InvalidRequestError, match=r"votes\[1\] is \{'id': 'a'\}, not a vote"):
        Votes([said(1), {"id": "a"}])


def test_what_a_person_said_again_is_numbered():
    """Votes that a later one took the place of stand under "Not counted" and in the agreement; a copy stands as a copy, one on another prompt by itself."""
    first = [said(at, right_record="r", left_record="l") for at in range(8)]
    again = [replace(one, id=f"again{at}", choice="right") for at, one in enumerate(first)]
    other = [replace(one, rater="bo") for one in first]
    votes = Votes([*first, *again, *other, first[0]])
    assert votes.strengths().sentences[:2] == (
        "Votes: 16; people: 2; prompts: 8 (a prompt is an image with what was asked of it).", "Not counted: copies 1, given again later 8.")
    assert votes.agreement().accords[0].again == 8 and len(votes.counted) == 16


def test_votes_are_a_table():
    """One row per vote with who won, times as times, and columns even where there is no vote."""
    frame = Votes([said(1, seconds=2.5), said(2, choice="tie"), said(3, choice="right", undone=True)]).to_dataframe()
    assert frame["winner"].tolist() == ["pro", "", "flash"] and frame["undone"].tolist() == [False, False, True]
    assert str(frame["at"].dt.tz) == "UTC" and frame["seconds"].isna().tolist() == [False, True, True] and frame["seed"].sum() == 21
    assert list(Votes().to_dataframe().columns) == list(frame.columns)


def test_a_line_cut_short_costs_that_line_alone(tmp_path):
    """After a crash in the middle of a line the next vote has a line of its own; what can't be read is counted and said."""
    book = Book(tmp_path / "votes.jsonl")
    for number in (1, 2):
        book.add(lambda _, number=number: said(number))
    whole = book.path.read_bytes()
    book.path.write_bytes(whole[:-9])
    assert [one.id for one in book.read()] == ["v1"]
    book.add(lambda votes: said(3, unit=str(len(votes))))
    assert [(one.id, one.unit) for one in book.read()] == [("v1", "u1"), ("v3", "1")]
    with pytest.warns(UserWarning, match="1 lines of"):
        assert len(Votes.load(book.path)) == 2
    book.path.write_bytes(whole.rstrip())  # whole, but for its end
    assert [one.id for one in Book(book.path).read()] == ["v1", "v2"]


@pytest.mark.usefixtures("uncollected")
def test_nothing_is_made_of_lines_that_say_something_else(tmp_path):
    """Lines of other kinds, with other types, or no JSON at all are no votes; a file of nothing else is refused by name."""
    path = tmp_path / "strange.jsonl"
    wrong = [{"id": 7}, {"choice": "best"}, {"score": "5"}, {"score": True}, {"undone": 1}, {"id": ""}, {"seed": 1.5}, {"rater": None}, {"score": 500}, {"score": float("nan")}, {"seconds": -1}]
    good = json.loads(line_of(said(1)))
    lines = [*(json.dumps({**good, **one}) for one in wrong), "[]", "7", "null", '{"kind": "vote"}', '{"kind": "later"}', "\x00\xff", "[" * 5000]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"strange\.jsonl holds no votes"):
        Votes.load(path)
    path.write_text("\n".join([*lines, json.dumps({**good, "new": "field"})]), encoding="utf-8")
    with pytest.warns(UserWarning, match=f"{len(lines)} lines"):
        assert list(Votes.load(path)) == [said(1)]


def test_several_processes_write_one_file(tmp_path):
    """Three processes that vote at once lose none of their votes, and each saw the others' before it decided."""
    code = """
import sys
from nb_banana import Vote
from nb_banana._rate.book import Book
from pathlib import Path
book = Book(Path(sys.argv[1]))
for at in range(30):
    book.add(lambda votes: Vote(f"{sys.argv[2]}{at}", str(len(votes)), "a", "b", "left", rater=sys.argv[2]))
"""
    path = tmp_path / "votes.jsonl"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), name], cwd=ROOT) for name in "abc"]
    assert [one.wait(120) for one in running] == [0, 0, 0]
    votes = Votes.load(path)
    assert [one.unit for one in votes] == [str(at) for at in range(90)] and set(votes.raters) == {"a", "b", "c"}


def test_a_vote_that_can_t_be_kept_says_so(tmp_path):
    """Where the file can't be written, the error names it, and nothing is held as if it were kept."""
    (tmp_path / "votes.jsonl").mkdir()
    book = Book(tmp_path / "votes.jsonl")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"not kept.*votes\.jsonl"):
        book.add(lambda _: said(1))
    (tmp_path / "votes.jsonl").rmdir()
    assert len(book.read()) == 0
    for lost in ({"seed": 2**70}, {"score": True}, {"seconds": float("nan")}):
        with pytest.raises(nb.errors.InvalidRequestError, match=r"Not kept: .* can't be read back"):
            book.add(lambda _, lost=lost: said(1, **lost))
    assert book.path.read_bytes() == b""


def test_an_edit_is_one_prompt_in_all_comparisons_and_two_of_one_name_are_two(clean_place, draw_photo):
    """Rated one comparison after the other, under other names or by a column of one's own, photos are told by what is in them."""
    paths = []
    for folder, colour in (("a", "khaki"), ("b", "navy")):
        (clean_place / folder).mkdir()
        draw_photo((96, 72), colour).save(clean_place / folder / "input.png")
        paths.append(clean_place / folder / "input.png")
    rows = [{"image": path, "prompt": "Make it snow", "model": model, "edit": path.parent.name} for path in paths for model in ("nb", "pro")]
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        models = ["nb", "pro"]
        for images, takes in ((paths[:1], 1), (paths[1:], 1), ({"one": paths[0], "two": paths[1]}, 2)):
            rating = nb.compare(images, "Make it snow", models=models, takes=takes, session=session).run().rate(rater="ann", question="Which?")
            while rating._turn:
                rating.vote("left")
        table = nb.compare(rows, session=session).run().rate(unit="edit", rater="bo", question="Which?")
        while table._turn:
            table.vote("right")
        single = [nb.compare(path, "Make it snow", models=models, session=session).run().rate(mode="single", rater="ann") for path in paths]
        for rating in single:
            while rating._turn:
                rating.vote(score=3)
        votes = Votes.load(session.history.folder / "votes.jsonl")
    assert {one.unit for one in votes} == {"input.png · Make it snow", "one · Make it snow", "two · Make it snow", "a", "b"}
    (of_pairs,) = [one for one in votes.strengths().standings if one.votes.pairs]
    assert (of_pairs.units, len(of_pairs.votes.pairs)) == (2, 6) and of_pairs.votes.replaced == ()
    assert {row["units"] for row in votes.scores().rows} == {2}
    assert votes.agreement().accords[0].items == 2


def test_votes_of_before_go_by_the_name_of_their_prompt():
    """Without what an edit is known by, a name is one prompt, and one with the edit that has that name; a column that means two edits is a name."""
    old = [Vote(f"o{at}", unit, "A", "B", "left") for at, unit in enumerate(("x", "y", "z"))]
    new = [Vote(f"n{at}", unit, "A", "B", "left", edit=edit) for at, (unit, edit) in enumerate((("x", "1"), ("x", "2"), ("y", "1"), ("x (2)", "3")))]
    found = Votes([*old, *new]).strengths().standings[0]
    assert found.units == 4 and {one.unit for one in found.votes.pairs} == {"x", "x (2)", "x (3)", "z"}
    copy = replace(new[0], edit="", undone=True)  # as an earlier release writes it
    assert [(one.edit, one.undone) for one in Votes(new[:1]) + Votes([copy])] == [("1", True)]


def test_what_was_said_after_a_reveal_on_another_machine_is_not_blind():
    """Merged, a person's votes on what they had been told by then are numbered and don't count, nor take the place of an earlier one; another's do."""
    told = Votes([said(1)], [Reveal("x", "ann", ("l1", "r2", "l3"), at="2026-01-01T00:00:30+00:00"), Reveal("y", "ann", ("l1",), at="2026-01-01T00:00:50+00:00")])
    late = "2026-01-01T00:00:40+00:00"
    away = Votes([said(1, id="late", choice="right", at=late), said(2, at=late), said(3, "bo", at=late), said(4, at=late),
                  said(3, choice=None, score=5, right="", right_record="", at=late), said(2, id="back", at=late, undone=True)])
    both = told + away
    assert len(both) == 7 and {(one.rater, one.id) for one in both.counted} == {("ann", "v1"), ("bo", "v3"), ("ann", "v4")}
    assert both.strengths().sentences[1] == "Not counted: taken back 1, given once the names were revealed to that person 3."
    assert [(one.of, one.raters, one.seen) for one in both.agreement().accords] == [("pairs", 2, 2)]
    assert both.scores().sentences == ("Not counted: given once the names were revealed to that person 1.",)
    assert len(Votes(away).counted) == 5
