"""One person's way through a rating: resumed, taken back, locked once the names are known."""

from __future__ import annotations

import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._rate.ballot import Asked, Ballot, Turn
from nb_banana._rate.book import Book
from nb_banana._rate.pairing import Field, Pair, Shown, field_of
from nb_banana._rate.vote import key_of


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Sixteen results, made once: two inputs, two prompts, two models, two takes."""
    place = tmp_path_factory.mktemp("compared")
    for name, colour in (("rose", "mistyrose"), ("oak", "khaki")):
        Image.new("RGB", (96, 72), colour).save(place / f"{name}.png")
    with nb.Session(nb.Endpoint.sandbox(), folder=place / "history", tell=lambda _: None) as session:
        words, models = ["Make it snow", "Turn the day into night"], ["nano-banana-pro", "nano-banana"]
        c = nb.compare([place / "rose.png", place / "oak.png"], words, models=models, takes=2, session=session)
        return c.run()._holder.held


@pytest.fixture
def ballot(held, tmp_path):
    """`ballot(rater="ann", **asked)`: as on a page that opens anew each time."""

    def make(rater="ann", **asked):
        using = Asked(**asked)
        return Ballot(field_of(held, using.by, using.mode), using, Book(tmp_path / "votes.jsonl"), rater)

    return make


def refused(*words):
    return pytest.raises(nb.errors.InvalidRequestError, match=".*".join(words))


def test_it_goes_on_where_the_last_vote_left_off(ballot):
    """Another kernel has the same seed, order and sides, and asks what is left; a skipped pair is not asked again."""
    first = ballot()
    seen = []
    for choice in ("left", "skip", "tie"):
        seen.append(first.turn)
        first.vote(choice, seconds=1.234)
    again = ballot()
    assert (again.seed, again.done, again.count) == (first.seed, 3, 8) and again.turn == first.turn
    assert again.turn.pair not in [turn.pair for turn in seen]
    assert [(one.choice, one.seconds, one.seed, one.rater) for one in again.votes] == [(c, 1.23, first.seed, "ann") for c in ("left", "skip", "tie")]
    assert [(one.left_record, one.right_record) for one in again.votes] == [tuple(s.record for s in turn.shown) for turn in seen]
    assert ballot("bob").done == 0 and ballot(question="Which is sharper?").done == 0 and ballot(seed=9).seed == 9


@pytest.mark.parametrize("pairing", ["balanced", "adaptive"])
def test_two_votes_are_taken_back_one_after_the_other_and_asked_again(ballot, pairing):
    """Also in another kernel; they stay in the file, marked, and what is asked next is the one taken back, on the same sides."""
    first = ballot(pairing=pairing, seed=5)
    turns = []
    for _ in range(3):
        turns.append(first.turn)
        first.vote("left")
    again = ballot(pairing=pairing)
    assert again.undo().undone and again.turn == turns[2]
    again.undo()
    assert again.turn == turns[1] and again.done == 1
    again.vote("right")
    assert again.turn == turns[2] and [one.undone for one in again.votes] == [False, True, True, False]
    for _ in range(2):
        again.undo()
    assert again.undo() is None and again.done == 0


def test_what_is_taken_back_is_asked_again_whatever_others_said_meanwhile(tmp_path):
    """Where the next pair hangs on everybody's votes, the one taken back comes first all the same."""
    shown = [tuple(Shown(0, name, f"{unit}{name}") for name in two) for unit in range(4) for two in ("ab", "bc", "ac")]
    field = Field(tuple(Pair(two[0].record[0], two, key_of(*(one.record for one in two))) for two in shown))
    ann, bob = (Ballot(field, Asked(pairing="adaptive", seed=1), Book(tmp_path / "votes.jsonl"), name) for name in ("ann", "bob"))
    turn = ann.turn
    ann.vote("left")
    for pair in field.pairs:
        if pair.matchup == turn.pair.matchup:
            bob.vote("tie", turn=Turn(pair, pair.shown, ""))
    ann.undo()
    assert ann.turn == turn


@pytest.mark.parametrize("pairing", ["balanced", "adaptive"])
def test_criteria_are_asked_of_one_pair_in_turn(ballot, pairing):
    """All criteria of a pair come before the next pair, also after a break in between; undo takes back one answer."""
    asked = {"criteria": {"instruction": "Does it do what was asked?", "quality": "Which looks better?"}, "pairing": pairing}
    one = ballot(**asked)
    pair = one.turn.pair
    one.vote("left")
    assert ballot(**asked).turn.pair == pair and ballot(**asked).turn.criterion == "quality" and one.done == 0
    one.vote("right")
    assert one.done == 1 and one.turn.pair != pair
    assert [(vote.criterion, vote.question) for vote in one.votes] == [("instruction", "Does it do what was asked?"), ("quality", "Which looks better?")]
    one.undo()
    assert (one.turn.pair, one.turn.criterion) == (pair, "quality")
    while one.turn:
        one.vote("tie")
    assert one.done == one.count == 8 and len(one.votes.counted) == 16


def test_who_knows_the_names_votes_no_more(ballot):
    """A reveal locks that person's votes on these results, for every question, on every page, and on the page that was open; not another's."""
    ann, open_page = ballot(), ballot()
    turn = open_page.turn
    ann.vote("left")
    ann.reveal()
    with refused("Not kept", "ann was told"):
        open_page.vote("left", turn=turn)
    with refused("ann was told"):
        ann.vote("left")
    with refused("ann was told"):
        ballot(question="Which is sharper?").vote("left")
    assert ann.locked and ann.turn is None and ann.undo() is None and ann.undoable is None and len(ann.votes) == 1
    bob = ballot("bob")
    bob.vote("right")
    assert not bob.locked and len(bob.votes) == 2


def test_what_two_pages_say_of_one_pair_is_said_once(ballot):
    """A second page that shows a pair voted on meanwhile is refused, and has the next one."""
    one, other = ballot(seed=1), ballot(seed=1)
    turn = other.turn
    one.vote("left")
    with refused("ann has voted on this already"):
        other.vote("right", turn=turn)
    assert other.turn == one.turn and [vote.choice for vote in one.votes] == ["left"]


def test_single_results_have_scores(ballot):
    """One to five or a skip; anything else is no vote and says what is."""
    one = ballot(mode="single")
    assert one.vote(score=4).right == "" and one.vote("skip").score is None
    for wrong in ({"score": 6}, {"score": 2.5}, {"score": True}, {"choice": "left"}, {"score": 3, "choice": "skip"}, {}):
        with refused("1–5, 'skip'"):
            one.vote(**wrong)
    with refused("'both_bad'"):
        ballot().vote("best")
    assert one.count == 16 and len(one.votes) == 2


@pytest.mark.parametrize(("given", "named"), [({"mode": "triples"}, "triples"), ({"pairing": "random"}, "random"), ({"criteria": "quality"}, "quality"),
                                              ({"criteria": ["a", ""]}, "criteria"), ({"criteria": {"a": 3}}, "criteria"), ({"seed": 1.5}, "1.5"), ({"seed": 2**64 + 1}, str(2**64 + 1)), ({"question": None}, "None")])  # fmt: skip
def test_what_can_t_be_asked_is_named(given, named):
    """A bad argument is refused with its value before anything is shown."""
    with refused(named):
        Asked(**given)


def test_a_rater_has_a_name(ballot):
    """An empty one, or a page of text, is none; it is kept on one line."""
    for name in ("", "  ", "x" * 81, None):
        with refused("no name"):
            ballot(name)
    assert ballot(" Ann\nLee ").rater == "Ann Lee"


def test_a_vote_that_is_told_as_kept_can_be_read_again(ballot):
    """The largest seed and an endless look come back from the file and are a table too, whatever a page says of its clock."""
    one = ballot(seed=2**64)
    for seconds in (float("inf"), float("nan"), -1.0):
        one.vote("left", seconds=seconds)
    assert [(vote.seconds, vote.seed) for vote in ballot().votes] == [(1e9, 2**64), (0.0, 2**64), (0.0, 2**64)]
    assert one.done == 3 and one.votes.to_dataframe()["seed"].tolist() == [2**64] * 3
