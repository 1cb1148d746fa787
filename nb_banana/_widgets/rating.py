"""Blind rating on a page: two results of one instruction, or one alone, and a vote on them.

Rules of this file:

* Until the names are revealed, nothing goes to the page that could betray a condition: pictures are made
  alike (``_rate.blinding``), all of a pair go in one message under a key drawn by lot, and no name, record,
  hash, size or time of a result is in any trait or message.
* A vote names the question it answers by a key drawn by lot: one that comes late, or twice, is none.
* A vote is shown as saved once it is on the disk, and not before.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import anywidget
import traitlets

from .. import _worker
from .._history.shelf import VOTES
from .._rate.ballot import Asked, Ballot, Turn, named, of_ballot
from .._rate.blinding import MIME, Alike, alike, edge_of
from .._rate.book import Book
from .._rate.pairing import Pair, field_of
from .._rate.tally import findings, tally
from .._rate.vote import Choice, Vote
from .._rate.votes import Votes, winner
from .._result import EditResult
from .._strings import Lang, language, say, speaking, use_language
from ..errors import InvalidImageError, InvalidRequestError, NanoBananaError
from .assets import script, styles
from .shown import sentences

if TYPE_CHECKING:
    from .._compare.held import Held
    from .._history.book import History
    from .._images.data import ImageData
    from .._rate.pairing import Shown

MOST_INPUTS: Final = 4
KEPT: Final = 3
"""Pairs whose pictures are held: this one, the one before, which may be asked again, and the next."""
_TELLING: Final = frozenset({"prompt", "phrase", "turn"})
"""Axes whose values are read in the instruction: where they are compared, it is not shown."""


class Rating(anywidget.AnyWidget):  # type: ignore[misc]
    """A blind rating of a comparison's results.

    Attributes:
        state, strings: what the page shows; no name of a condition before it is revealed.
    """

    _esm = script("rating.js")
    _css = styles("base.css", "rating.css")

    state = traitlets.Dict({}).tag(sync=True)
    strings = traitlets.Dict({}).tag(sync=True)

    def __init__(
        self, held: Held, history: History, asked: Asked, *, rater: str = "", lang: Lang | None = None
    ) -> None:
        super().__init__()
        self._held, self._asked, self._lang = held, asked, lang
        self._field = field_of(held, asked.by, asked.mode, asked.unit)
        self._records = {one.record for pair in self._field.pairs for one in pair.shown}
        history.shelf.database()  # where it lies is known after its first use
        self._book = Book(history.folder / VOTES)
        self._edge = edge_of((one.width, one.height) for one in self._pictures())  # no picture is read
        self._lock, self._making = threading.RLock(), threading.Lock()
        self._ballot: Ballot | None = None
        self._turn: Turn | None = None
        self._keys = {"vote": "", "pair": ""}
        self._made: dict[str, Alike] = {}
        self._watched, self._told = False, 0
        self._found: list[str] = []
        self.on_msg(self._hear)
        if rater:
            self._ballot = Ballot(self._field, asked, self._book, rater)
        self._relabel()

    def __repr__(self) -> str:
        with speaking(self._lang):
            return say("rating.plain")

    # --- what programs do -------------------------------------------------------------------------

    @property
    def votes(self) -> Votes:
        """Everybody's votes in this rating, as the file holds them now."""
        return of_ballot(self._book.read(), self._asked.ballot, self._records)

    @property
    def rater(self) -> str:
        """Who rates; ``""`` while nobody does. Setting it goes on where that person stopped."""
        return self._ballot.rater if self._ballot else ""

    @rater.setter
    def rater(self, name: str) -> None:
        with self._lock, speaking(self._lang):
            ballot = Ballot(self._field, self._asked, self._book, named(name)) if name else None
            self._ballot = ballot
            self._advance()

    @property
    def progress(self) -> str:
        """How far this person is: ``"12 of 40"``."""
        with speaking(self._lang):
            return say("rating.progress", done=self._theirs.done, count=self._theirs.count)

    def vote(self, choice: Choice | None = None, *, score: float | None = None) -> Vote:
        """Vote on what is shown: ``left``, ``right``, ``tie``, ``both_bad``, ``skip``; or a score, 1 to 5.

        Raises:
            InvalidRequestError: nobody rates, nothing is left, or its names were revealed to this person.
        """
        with self._lock, speaking(self._lang):
            return self._vote(self._turn, choice, score, None)

    def undo(self) -> Vote | None:
        """Take this person's last vote back; None where there is none that may be."""
        with self._lock, speaking(self._lang):
            back = self._theirs.undo()
            self._advance(say("rating.undone" if back else "rating.cant_undo", rater=self.rater))
            return back

    def reveal(self) -> Votes:
        """Tell this person which result is whose, and lock their votes on them."""
        with self._lock, speaking(self._lang):
            self._theirs.reveal()
            self._advance()
            return self.votes

    @property
    def _theirs(self) -> Ballot:
        if self._ballot is None:
            raise InvalidRequestError(say("rating.no_rater"))
        return self._ballot

    def _vote(self, turn: Turn | None, choice: Any, score: Any, seconds: float | None) -> Vote:
        theirs = self._theirs
        try:
            vote = theirs.vote(choice, score=score, seconds=seconds, turn=turn)
        except InvalidRequestError as refused:
            self._advance(refused.message)  # what is left is shown, whatever happened elsewhere
            raise
        self._advance(say("rating.saved", done=theirs.done, count=theirs.count))
        return vote

    # --- what the page says -----------------------------------------------------------------------

    def _hear(self, _: Any, message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        kind = message.get("t")
        with self._lock, self._said():
            if kind == "page":
                self._page(message.get("lang"))
            elif kind == "want":
                self._watched = True
                self._push()
            elif kind == "begin":
                self.rater = named(message.get("name"))
            elif kind == "vote":
                self._heard_vote(message)
            elif kind in ("undo", "reveal", "change"):
                self._heard_once(kind, message.get("at"))

    def _heard_vote(self, message: Mapping[str, Any]) -> None:
        if message.get("key") != self._keys["vote"] or self._turn is None:
            self._tell("")  # a page that is behind is brought up to date
            return
        seconds = message.get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            seconds = None
        self._vote(self._turn, message.get("choice"), message.get("score"), seconds)

    def _heard_once(self, kind: str, at: Any) -> None:
        """What a page asks for again because nobody answered is done once: it says what it last heard."""
        if at != self._told:
            self._tell("")
        elif kind == "undo":
            self.undo()
        elif kind == "reveal":
            self.reveal()
        else:
            self.rater = ""

    def _page(self, lang: str | None) -> None:
        before = language()
        use_language(lang)
        if language() != before and self._lang is None:
            self._relabel()

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What goes wrong inside is said on the page."""
        with speaking(self._lang):
            try:
                yield
            except (NanoBananaError, OSError) as problem:
                self._tell(getattr(problem, "message", str(problem)), problem=True)

    # --- what the page shows ----------------------------------------------------------------------

    def _relabel(self) -> None:
        with speaking(self._lang):
            self.strings = sentences("rating.page", self._lang)
            self._advance()

    def _advance(self, said: str = "") -> None:
        """Ask what is to be asked now."""
        turn = self._ballot.turn if self._ballot else None
        if turn is not None and (turn != self._turn or not self._keys["vote"]):
            if self._turn is None or turn.pair.key != self._turn.pair.key:
                self._keys["pair"] = secrets.token_hex(8)
            self._keys["vote"] = secrets.token_hex(8)
        self._turn, self._found = turn, []
        self._tell(said)
        self._push()
        if self._ballot is not None and self.state["phase"] == "revealed":
            _worker.aside(self._weigh, self._ballot)

    def _tell(self, said: str, *, problem: bool = False) -> None:
        self._told += 1
        word = {"text": said, "problem": problem, "at": self._told}
        self.state = {"mode": self._asked.mode, "question": self._question(), "said": word, **self._phase()}

    def _question(self) -> str:
        return self._asked.question or say(f"rating.question_{self._asked.mode}")

    def _phase(self) -> dict[str, Any]:
        ballot, turn = self._ballot, self._turn
        if not self._field.pairs:
            return {"phase": "nothing", "told": self._field.nothing, "left_out": self._left_out()}
        if ballot is None:
            return {"phase": "name"}
        facts = {
            "rater": ballot.rater, "done": ballot.done, "count": ballot.count, "left_out": self._left_out(),
            "undo": ballot.undoable is not None,
            "progress": say("rating.progress", done=ballot.done, count=ballot.count),
        }  # fmt: skip
        if turn is None:
            return facts | (self._revealed() if ballot.locked else {"phase": "done"})
        names = list(self._asked.questions)
        asked = self._asked.questions[turn.criterion] if turn.criterion else ""
        return facts | {
            "phase": "rate", "key": self._keys["vote"], "pair": self._keys["pair"], "criterion": asked,
            "step": [names.index(turn.criterion) + 1, len(names)], "instruction": self._instruction(turn),
            "inputs": len(self._inputs(turn.pair)),
        }  # fmt: skip

    def _left_out(self) -> str:
        left_out = self._ballot.left_out if self._ballot else self._field.left_out
        if not left_out:
            return ""
        reasons = ", ".join(say(f"rating.why_{why}", count=count) for why, count in left_out.items())
        return say(f"rating.left_out_{self._asked.mode}", count=sum(left_out.values()), reasons=reasons)

    def _instruction(self, turn: Turn) -> str:
        if self._asked.by in _TELLING or self._asked.unit is not None:
            return ""
        cells = [self._held.cells[one.cell] for one in turn.shown]
        asked = {" → ".join(cell.steps or (cell.prompt,)) for cell in cells}
        return asked.pop() if len(asked) == 1 else ""

    def _weigh(self, ballot: Ballot) -> None:
        """Find out what the votes show, beside the kernel: drawing them anew many times takes a while."""
        found = findings(self.votes)
        with self._lock:
            if ballot is self._ballot and self.state["phase"] == "revealed":
                self._found = found
                self._tell("")

    def _revealed(self) -> dict[str, Any]:
        """The names, at last: what all said, and what this person said of each pair."""
        votes = self.votes
        said = [vote for vote in votes.standing if vote.rater == self.rater and not vote.undone]
        mine = {(vote.pair, vote.criterion): vote for vote in said}
        own = []
        for pair in self._field.pairs:
            for criterion in self._asked.questions:
                vote = mine.get((pair.key, criterion))
                names = [one.condition for one in pair.shown] if vote is None else [vote.left, vote.right]
                own.append([pair.unit, criterion, " | ".join(filter(None, names)), _word(vote)])
        return {
            "phase": "revealed", "findings": self._found or [say("rating.weighing")], "own": own,
            "tally": [{"head": one.head, "rows": one.rows} for one in tally(votes)],
        }  # fmt: skip

    # --- pictures ---------------------------------------------------------------------------------

    def _pictures(self) -> Iterator[ImageData]:
        for pair in self._field.pairs:
            yield from (self._result(one) for one in pair.shown)

    def _result(self, shown: Shown) -> ImageData:
        result = self._held[shown.cell]
        assert isinstance(result, EditResult)
        return result.image

    def _inputs(self, pair: Pair) -> tuple[ImageData, ...]:
        """What both sides were made from; nothing where that is what differs."""
        if self._asked.by == "image":
            return ()
        return self._held.cells[pair.shown[0].cell].source.images[:MOST_INPUTS]

    def _push(self) -> None:
        if self._watched and self._turn is not None and self._ballot is not None:
            _worker.aside(self._send_pair, self._ballot, self._turn, self._keys["pair"])

    def _send_pair(self, ballot: Ballot, turn: Turn, key: str) -> None:
        """Make the pictures of a pair and send them in one message; then those of the next one, unsent."""
        try:
            found = self._alike(turn.pair, turn.shown)
        except (InvalidImageError, OSError):
            with self._lock, speaking(self._lang):
                ballot.drop(turn)
                self._advance()
            return
        if key == self._keys["pair"]:
            told = {"t": "pair", "key": key, "mime": MIME, "width": found.width, "height": found.height}
            self.send(told, buffers=list(found.data))
        following = ballot.following(turn)
        if following is not None:
            with _quietly():
                self._alike(following.pair, following.shown)

    def _alike(self, pair: Pair, shown: Sequence[Shown]) -> Alike:
        with self._making:
            name = f"{pair.key}/{shown[0].record}"
            if name not in self._made:
                results = [self._result(one) for one in shown]
                self._made[name] = alike(results, self._inputs(pair), self._edge)
                while len(self._made) > KEPT:
                    del self._made[next(iter(self._made))]
            return self._made[name]


@contextmanager
def _quietly() -> Iterator[None]:
    """What can't be made ahead is told when it is asked for."""
    try:
        yield
    except (InvalidImageError, OSError):
        return


def _word(vote: Vote | None) -> str:
    if vote is None:
        return say("rating.page_nothing_said")
    if vote.score is not None:
        return "★" * int(vote.score)
    return winner(vote) or say(f"rating.page_{vote.choice}")


def rate(
    held: Held, history: History, asked: Mapping[str, Any], rater: str = "", lang: Lang | None = None
) -> Rating:
    """A blind rating of what a comparison brought.

    Args:
        held: the cells and outcomes of this moment; results that come later are rated by a later call.
        history: its folder holds the votes.
        asked: the fields of ``Asked``.
        rater: who rates; ``""`` asks on the page.
        lang: ``"en"`` or ``"zh"``; the page's language if None.
    """
    with speaking(lang):
        return Rating(held, history, Asked(**asked), rater=rater, lang=lang)
