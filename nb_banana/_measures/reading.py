"""Was the text that was asked for really drawn? It is read back, and compared letter by letter.

Three answers: ``drawn``, ``otherwise`` (with what was read), and ``nothing``: a reader that finds nothing
proves nothing, for letters on an arc are not found by any that runs here.
"""

from __future__ import annotations

import importlib
import re
import threading
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, permutations
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from .._images.pixels import plain
from .._sandbox.lettering import badge_box
from .._strings import say
from ..errors import InvalidRequestError
from .pairs import Measure, Number, Pair, Unmeasured

_QUOTED: Final = re.compile(
    r"\"([^\"\n]{1,200})\"|“([^”\n]{1,200})”|「([^」\n]{1,200})」|『([^』\n]{1,200})』"
    r"|(?<!\w)‘([^‘\n]{1,200}?)’(?!\w)|(?<!\w)'([^'\n]{1,200}(?:'\w[^'\n]*)*)'(?!\w)"
)
_TAKEN_AWAY: Final = re.compile(
    r"(?:\b(?:remove|delete|erase|without|get rid of|take away)\b|去掉|删除|删掉|移除|去除|擦除)"
    r"[^.;,，。；!！\n]*$",
    re.I,
)
_REPLACED: Final = re.compile(r"(?:\b(?:replace|change|turn|swap|rename)\b|把|将|替换)[^.;。；!！\n]*$", re.I)
_BY: Final = re.compile(r"(?:\b(?:to|with|by|into|for)\b|→|->|替换|换成|改成|改为|换为|变成|变为)", re.I)
_ALIKE: Final = str.maketrans("‘’“”「」『』–—−", '\'\'""""""---')
_SPACED: Final = re.compile(
    r"(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[^\W_]"
)
"""A letter or digit of a script that writes spaces between words."""
_NOTHING: Final = 0.6
"""Error rate from which on what was read is no other spelling but something else."""
_PIECES: Final = 5
"""Pieces that are tried in every order; of more, those most like what was asked."""


class Match(NamedTuple):
    """How a text was found: edits needed, letters asked for, and the letters read in its place."""

    edits: int
    letters: int
    read: str

    @property
    def rate(self) -> float:
        """Character error rate, 0 for letter by letter; may be over 1."""
        return self.edits / self.letters


def quoted(prompt: str) -> tuple[str, ...]:
    """The texts a prompt asks for in quotes, in order; not those it wants gone or replaced."""
    found = []
    for match in _QUOTED.finditer(prompt):
        before, after = prompt[: match.start()], prompt[match.end() :]
        before = _QUOTED.sub("", before)
        gone = _TAKEN_AWAY.search(before) or (_REPLACED.search(before) and _BY.match(after.lstrip()))
        if not gone and (text := next(filter(None, match.groups())).strip()):
            found.append(text)
    return tuple(dict.fromkeys(found))


def letters(text: str) -> str:
    """A text as it is compared: one width, one kind of quotes, no spaces; case and accents count."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


def match(asked: str, pieces: Sequence[str]) -> Match:
    """The best place of a text among the pieces that were read, in any order of them."""
    whole = letters(asked)
    read = [words for piece in pieces if (words := _words(piece))]
    tried = [_within(whole, joined) for joined in _orders(whole, read)]
    words = _words(asked)
    if len(words) > 1 and read:
        tokens = [*chain.from_iterable(read)]
        each = [min((_all_of(word, token) for token in tokens), key=_order) for word in words]
        tried.append((sum(edits for edits, _ in each), " ".join(text for _, text in each)))
    edits, text = min(tried, key=_order, default=(len(whole), ""))
    return Match(edits, len(whole), text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split() if (word := letters(part)))


def _order(found: tuple[int, str]) -> int:
    return found[0]


def _orders(whole: str, read: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The words of each piece, of all as they were read, and of those most like the text in every order."""
    yield from read
    near = sorted(read, key=lambda piece: _within(whole, piece)[0])[:_PIECES]
    if len(near) > 1:
        yield tuple(chain.from_iterable(read))
        yield from map(tuple, map(chain.from_iterable, permutations(near)))


def _within(asked: str, words: Sequence[str]) -> tuple[int, str]:
    """The edits that make ``asked`` of the best matching part of what was read, and that part.

    Letters are compared as Sellers does: a match may begin and end anywhere. A letter or digit right beside
    it is an edit more, and read with it: COFFEEE holds COFFEE, and says something else.
    """
    read, ends = "".join(words), {0, *accumulate(map(len, words))}
    row = _row(asked, read, [(0, start) for start in range(len(read) + 1)])
    found = []
    for end, (edits, start) in enumerate(row):
        wide = _run(read, ends, start, -1, asked[:1]), _run(read, ends, end, 1, asked[-1:])
        found.append((edits + (wide[0] != start) + (wide[1] != end), start, wide))
    edits, _, (first, last) = min(found)
    return edits, read[first:last]


def _all_of(asked: str, read: str) -> tuple[int, str]:
    """The edits that make ``asked`` of all of a word, and the word."""
    return _row(asked, read, [(start, 0) for start in range(len(read) + 1)])[-1][0], read


def _row(asked: str, read: str, row: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each end in ``read`` the fewest edits, and where that match begins."""
    for number, letter in enumerate(asked, 1):
        next_row = [(number, 0)]
        for place, other in enumerate(read, 1):
            same, missing, more = row[place - 1], row[place], next_row[place - 1]
            next_row.append(
                min(
                    (same[0] + (letter != other), same[1]),
                    (missing[0] + 1, missing[1]),
                    (more[0] + 1, more[1]),
                )
            )
        row = next_row
    return row


def _run(read: str, ends: Collection[int], place: int, step: Literal[-1, 1], edge: str) -> int:
    """Where the word ends that goes on from a place; the place itself where none does, or in a script that
    writes no spaces between words.
    """
    while _SPACED.fullmatch(edge) and place not in ends:
        beside = read[place if step > 0 else place - 1]
        if not _SPACED.fullmatch(beside):
            break
        place += step
    return place


_lock = threading.Lock()


@cache
def _reader() -> Any:
    try:
        module = importlib.import_module("rapidocr")
        importlib.import_module("onnxruntime")
    except ModuleNotFoundError as missing:
        raise InvalidRequestError(
            say("measures.needs_package", name="text", package=missing.name),
            hint=say("measures.needs_ocr_hint"),
        ) from None
    try:
        return module.RapidOCR(params={"Global.log_level": "error"})
    except Exception as reason:  # whatever a foreign library has against its files
        raise InvalidRequestError(say("measures.no_reader", reason=reason)) from reason


def ready() -> None:
    """Make sure that text can be read at all.

    Raises:
        InvalidRequestError: rapidocr or onnxruntime is not installed, or can't start.
    """
    _reader()


def read(picture: Image.Image) -> tuple[str, ...]:
    """The pieces of text in a picture, contrast stretched first, from above to below.

    Raises:
        InvalidRequestError: rapidocr or onnxruntime is not installed, or can't start.
    """
    clear = ImageOps.autocontrast(plain(picture).convert("RGB"))
    pixels = np.asarray(clear)[..., ::-1]  # BGR, as OpenCV has it
    with _lock:  # one reader, which keeps the settings of a call in itself
        # Without its guess at lines that stand on their heads: it turned "$3.99" over.
        found = _reader()(np.ascontiguousarray(pixels), use_cls=False)
    return tuple(getattr(found, "txts", None) or ())


def text(text: str | Sequence[str] | None = None) -> Measure:
    """Whether the quoted text was drawn: ``text_drawn``, ``text_read``, ``text_cer`` (character error rate).

    Args:
        text: what to look for; None is what the prompt asks for in quotes.

    Needs the ``ocr`` extra.
    """
    given = (text,) if isinstance(text, str) else None if text is None else tuple(text)
    if given is not None and not (given and all(isinstance(one, str) and letters(one) for one in given)):
        raise InvalidRequestError(say("measures.bad_text", value=repr(text)[:80]))

    def work(pair: Pair) -> dict[str, Number]:
        wanted = given or _wanted(pair)
        found = [match(one, _pieces(pair)) for one in wanted]
        worst = max(found, key=lambda one: one.rate)
        words = " · ".join(one.read for one in found if one.rate < _NOTHING)
        if worst.rate >= _NOTHING:
            return {"text_drawn": "nothing", "text_read": words, "text_cer": None}
        edits, count = sum(one.edits for one in found), sum(one.letters for one in found)
        return {
            "text_drawn": "otherwise" if edits else "drawn", "text_read": words, "text_cer": edits / count,
        }  # fmt: skip

    def also(pair: Pair) -> str:
        return repr((given or _wanted(pair), _marked(pair)))

    rate = "character error rate"
    return Measure("text", "about_text", work, version=3, unit=rate, better="lower", also=also)


def _marked(pair: Pair) -> bool:
    return pair.result is not None and pair.result.sandbox


def _wanted(pair: Pair) -> tuple[str, ...]:
    if pair.result is None:
        raise Unmeasured(say("measures.no_prompt"))
    wanted = tuple(one for one in quoted(pair.result.request.prompt) if letters(one))
    if not wanted:
        raise Unmeasured(say("measures.no_quotes"))
    return wanted


def _pieces(pair: Pair) -> tuple[str, ...]:
    kept = pair.__dict__.setdefault("_read", [])
    if not kept:
        kept.append(read(masked(pair.after.to_pil(), sandbox=_marked(pair))))
    pieces: tuple[str, ...] = kept[0]
    return pieces


def masked(picture: Image.Image, *, sandbox: bool) -> Image.Image:
    """The picture without the sandbox's own mark, which a reader would read."""
    if not sandbox:
        return picture
    copy = plain(picture).convert("RGB")
    left, top, right, bottom = badge_box(copy.size)
    around = copy.getpixel((max(0, left - 2), max(0, top - 2)))
    ImageDraw.Draw(copy).rectangle((left - 1, top - 1, right, bottom), fill=around)
    return copy


__all__ = ["Match", "letters", "masked", "match", "quoted", "read", "ready", "text"]
