"""Clean a pasted key, and keep keys out of every text.

A key is copied from web pages, chats and spreadsheets, so what surrounds it is trimmed without a word.
What is wrong *inside* it is refused before any request, naming the position and never the key.

Whatever a provider says goes through :func:`mask`, :func:`mask_pieces` or :func:`mask_address` once, where a
client hands it out; nobody after that has to think of keys. What a person typed is theirs and stays as it is.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import Final, ParamSpec, TypeVar
from urllib.parse import quote

from .._strings import say
from ..errors import AuthenticationError, NanoBananaError
from .shapes import TOKENS, WORDS, Span, spans_of_shapes

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=BaseException)

_AROUND = " \t\r\n\f\v\0\u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\"'`“”‘’,;，；"
_PREFIX = re.compile(r"(authorization\s*:\s*)?bearer[\s\u00a0\u3000]+|x-goog-api-key\s*:\s*", re.IGNORECASE)
_MAX_KEY = 512
_LONGEST_PASTE = 16 * _MAX_KEY  # a key and what a page, a chat or a spreadsheet puts around it
# What stands in documents where a key belongs. Real keys are long and random, so a match is never one.
_PLACEHOLDER = re.compile(
    r"\A(?:(sk[-_])?(?:<.*>|\{.*\}|\[.*\])|none|null|nil|nan|undefined"
    r"|(sk|aiza)?[-_.]*"
    r"|(sk[-_])?(your|my|the)?[-_ ]?(own[-_ ])?(apiyi|google|gemini|openrouter|secret)?"
    r"[-_ ]?api[-_ ]?key([-_ ].*)?"
    r"|(\w+[-_ ])?key[-_ ]here|(sk[-_])?your([-_ ].*)?|(sk[-_])?(insert|put|paste|enter|replace|add)[-_ ].*"
    r"|(sk[-_])?(x{3,}|\.{2,}|…+|\*{2,}|0{4,}|example|placeholder|change[-_]?me|todo)"
    r"|(sk[-_])?\w*(你的|您的|填入|填写|密钥|替换).*)",
    re.IGNORECASE | re.DOTALL,
)
# How shells, Windows, PowerShell, CI, compose files, code and key stores write "the value of a variable".
_REFERENCE = re.compile(
    r"(?:sk[-_])?\$(?:env:)?\w+|%\w+%|!\w+!|@\w+@|#\{.*\}|(?<!\w)[A-Z]\w*+(?<=_API_KEY)"
    r"|(?:process\.|import\.meta\.)?env[.\[(].+|(?:os\.)?(?:environ|getenv)\b.*"
    r"|(?:op|vault|secrets?|keyring|file)://.*|arn:aws:.*|projects/.*/secrets/.*",
    re.IGNORECASE | re.DOTALL,
)
_EXPANDED = re.compile(r"\$\{|\$\(|\{\{|<\w[\w -]*+>")  # no key holds these, wherever they stand
# Safe to show: a key has digits or small letters.
_VARIABLE = re.compile(r"\A\W*+([A-Z]++(?:_[A-Z]++)++)(?![\w-])")
# One printable character, as JSON (however deep), code, an address or a page (even twice) may write it.
_ESCAPED = re.compile(
    r"\\++(?:u00|x)([2-7][0-9a-f])|%(?:25)?([2-7][0-9a-f])"
    r"|&(?:amp;)?#(?:x0{0,4}([2-7][0-9a-f])|0{0,4}(3[2-9]|[4-9]\d|1[01]\d|12[0-6]));",
    re.IGNORECASE | re.ASCII,
)
_HIDDEN = re.compile(r"\*{2,}+|•++|…++|\.{3,}+|x{4,}+|X{4,}+")
_STARS = re.compile(r"\*{2,}|•{2,}|…|\.{3,}")
_GRAM = 8  # characters in a row that give a key away
_TAIL = 6  # gateways echo a key's last characters, so fewer are enough there
NO_WORD: Final = 16
"""Characters from which on a key can't be a word that somebody means."""
_LEAST = 4  # characters; what is shorter stands in any text by chance
_HOST = re.compile(r"//(?:[^/?#]*@)?([^/?#]*)")
MASK = "***"
OWN_KEY = "***own-key***"
"""Where the own key stood, whole, in an address that is kept: there alone it is ever put back."""


def bare(error: E) -> E:
    """The error without the frames it came through: they hold a key, and a verbose traceback prints them."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def keyless(function: Callable[P, T]) -> Callable[P, T]:
    """Let an error of ours leave a function that is given a key without its frames and arguments."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except NanoBananaError as error:
            problem = bare(error)
        del args, kwargs
        raise problem

    return called


def clean_key(text: str) -> str:
    """The key in ``text``, or :class:`AuthenticationError` saying what is wrong with it and where."""
    if len(text) > _LONGEST_PASTE:
        raise _refused("fetch.key_long", length=len(text))
    key = _trimmed(text)
    if len(key) > _MAX_KEY:
        raise _refused("fetch.key_long", length=len(key))
    if not key:
        raise _refused("fetch.key_empty")
    if _PLACEHOLDER.fullmatch(key):
        raise _refused("fetch.key_placeholder")
    if _REFERENCE.fullmatch(key) or _EXPANDED.search(key):
        named = _VARIABLE.match(key)
        raise _refused("fetch.key_reference", name=named[1] if named else say("fetch.a_variable"))
    if _STARS.search(key):
        raise _refused("fetch.key_masked")
    start = text.index(key)
    for index, character in enumerate(key):
        if not "!" <= character <= "~":
            raise _refused("fetch.key_character", position=start + index + 1, kind=_kind(character))
    return key


def _trimmed(text: str) -> str:
    """What is left when quotes, invisible characters and ``Bearer`` are gone from around it."""
    while True:
        key = text.strip(_AROUND)
        prefix = _PREFIX.match(key)
        key = key[prefix.end() :] if prefix else key
        key = "" if key.lower() in ("bearer", "authorization: bearer") else key
        if key == text:
            return key
        text = key


def _kind(character: str) -> str:
    """What the offending character is, without showing it."""
    if character in "\r\n\x0b\x0c\x85\u2028\u2029":
        return say("fetch.kind_line_break")
    if character.isspace():
        return say("fetch.kind_space")
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return say("fetch.kind_invisible")
    if unicodedata.east_asian_width(character) == "F":
        return say("fetch.kind_full_width")
    return say("fetch.kind_foreign")


def _refused(key: str, **values: object) -> AuthenticationError:
    return AuthenticationError(say(key, **values))


def mask(text: str, secrets: Iterable[str]) -> str:
    """``text`` with ``***`` for the secrets, and for what has the shape of anybody's.

    Of the secrets every trace goes: the secret, plain or escaped or in base64; eight characters of it in a
    row; its last six; and the half-masked forms gateways print (``sk-abc***xyz``).
    """
    return mask_pieces([text], secrets)[0]


def mask_pieces(pieces: Sequence[str], secrets: Iterable[str]) -> list[str]:
    """:func:`mask` for a text that came in pieces: a stream cuts it anywhere, a key too."""
    whole = "".join(pieces)
    if not whole:
        return list(pieces)
    return list(_cut(pieces, [*_spans(whole, secrets), *spans_of_shapes(whole, WORDS)]))


def mask_address(url: str, secrets: Iterable[str]) -> str:
    """An address as it may be kept: without the secrets and without anybody's API key.

    What signs it stays: without that nobody could fetch the picture it was paid for. A secret that stands in
    it whole leaves a mark of its own (:func:`with_key`). One that may be a word (a local server's) is looked
    for behind the host alone, and not by its traces: what is left of the address must lead there.
    """
    known = [secret for secret in secrets if len(secret) >= _LEAST]
    long = [secret for secret in known if len(secret) >= NO_WORD]
    host = _HOST.search(url)
    start, end = host.span(1) if host else (0, 0)
    parts = (url[:start], known), (url[start:end], ()), (url[end:], known)
    return "".join(_marked(part, whole, long) for part, whole in parts)


def _marked(text: str, whole: Sequence[str], traced: Sequence[str]) -> str:
    """A part of an address with the own mark for secrets that stand in it whole, and stars for traces."""
    forms = [re.escape(form) for secret in whole for form in (quote(secret, safe=""), secret)]
    pieces = re.split("|".join(forms), text) if forms else [text]
    return OWN_KEY.join(
        next(_cut([piece], [*_spans(piece, traced), *spans_of_shapes(piece, TOKENS)])) for piece in pieces
    )


def with_key(url: str, secret: str) -> str:
    """An address that :func:`mask_address` kept, as it was: only the key's own mark is filled in."""
    return url.replace(OWN_KEY, quote(secret, safe="")) if secret else url


def _spans(text: str, secrets: Iterable[str]) -> Iterator[Span]:
    """Where traces of the secrets stand."""
    for secret in secrets:
        if len(secret) < _LEAST:
            continue
        for form in _forms(secret) if len(text) >= len(secret) else ():  # none is shorter than itself
            yield from _all(form, text)
        yield from _grams(text, secret)
        yield from _half_masked(text, secret)
        if _ESCAPED.search(text):
            plain, places = _unescaped(text)
            yield from ((places[start], places[end]) for start, end in _grams(plain, secret))


def _all(needle: str, text: str) -> Iterator[Span]:
    found = text.find(needle)
    while found >= 0:
        yield found, found + len(needle)
        found = text.find(needle, found + len(needle))


def _unescaped(text: str) -> tuple[str, list[int]]:
    """Text without escapes, and where each of its characters stood."""
    pieces, places, done = [], list[int](), 0
    for match in _ESCAPED.finditer(text):
        pieces += [text[done : match.start()], _letter(match)]
        places += range(done, match.start() + 1)
        done = match.end()
    places += range(done, len(text) + 1)
    return "".join((*pieces, text[done:])), places


def _letter(escaped: re.Match[str]) -> str:
    """What an escape stands for; a page may write its number in tens."""
    return chr(int(escaped[4]) if escaped[4] else int(escaped[1] or escaped[2] or escaped[3], 16))


def _forms(secret: str) -> Iterator[str]:
    """Ways to write a whole secret; the longest first, so that none leaves a rest."""
    raw = secret.encode("utf-8", "surrogatepass")
    # Base64 of a longer text that holds the secret: at each of three offsets, the characters that
    # depend on the secret alone.
    encoded = []
    for offset in range(3):
        core = base64.b64encode(b"\0" * offset + raw)
        first, last = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
        encoded.append(core[first:last].decode())
    whole = base64.b64encode(raw).decode()
    plain = {
        secret,
        whole,
        whole.rstrip("="),
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
    }
    urlsafe = {form.translate(str.maketrans("+/", "-_")) for form in encoded}
    yield from sorted(plain | set(encoded) | urlsafe, key=len, reverse=True)


def _grams(text: str, secret: str) -> Iterator[Span]:
    small, needle = text.lower(), secret.lower()
    if len(small) != len(text):  # a letter whose lower case is longer would shift every position
        small, needle = text, secret
    yield from ((start, start + _GRAM) for start in _starts(small, needle, _GRAM))
    if len(needle) > _TAIL:
        yield from _all(needle[-_TAIL:], small)


def _starts(text: str, needle: str, size: int) -> Iterator[int]:
    """Where each run of so many characters of the needle stands; one run after the other, overlaps too."""
    for gram in {needle[index : index + size] for index in range(len(needle) - size + 1)}:
        found = text.find(gram)
        while found >= 0:
            yield found
            found = text.find(gram, found + 1)


def _cut(pieces: Iterable[str], spans: Iterable[Span]) -> Iterator[str]:
    """Each piece without what of the spans lies in it; stars stand where a span begins."""
    gone, at, number = _merged(spans), 0, 0
    for piece in pieces:
        kept, done, ends = list[str](), at, at + len(piece)
        while number < len(gone) and gone[number][0] < ends:
            start, end = gone[number]
            kept += [piece[done - at : start - at], MASK] if start >= at else []
            done = min(end, ends)
            if end > ends:
                break
            number += 1
        yield "".join((*kept, piece[done - at :]))
        at = ends


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order; those that touch are one."""
    merged = list[Span]()
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _half_masked(text: str, secret: str) -> Iterator[Span]:
    """What gateways leave of a key around stars or dots; a key's length is looked at on either side."""
    for hidden in _HIDDEN.finditer(text):
        start, end = hidden.span()
        lead, rest = text[max(0, start - len(secret)) : start], text[end : end + len(secret)]
        leads, rests = lead[-1:] in secret, rest[:1] in secret
        head = next((n for n in range(len(lead) * leads, 0, -1) if secret.startswith(lead[-n:])), 0)
        tail = next((n for n in range(len(rest) * rests, 0, -1) if secret.endswith(rest[:n])), 0)
        if head + tail >= 4:
            yield start - head, end + tail
