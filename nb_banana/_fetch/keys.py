"""Clean a pasted key, and keep keys out of every text.

A key is copied from web pages, chats and spreadsheets, so what surrounds it is trimmed without a word.
What is wrong *inside* it is refused before any request, naming the position and never the key.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from .._strings import say
from ..errors import AuthenticationError

_AROUND = " \t\r\n\f\v\0\u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\"'`“”‘’,;，；"
_PREFIX = re.compile(r"(authorization\s*:\s*)?bearer[\s\u00a0\u3000]+|x-goog-api-key\s*:\s*", re.IGNORECASE)
_MAX_KEY = 512
_LONGEST_PASTE = 16 * _MAX_KEY  # a key and what a page, a chat or a spreadsheet puts around it
# What stands in documents where a key belongs. Real keys are long and random, so a match is never one.
_PLACEHOLDER = re.compile(
    r"\A(?:<.*>|\{.*\}|\[.*\]"
    r"|(sk|aiza)?[-_.]*"
    r"|(sk[-_])?(your|my|the)?[-_ ]?(own[-_ ])?(apiyi|google|gemini|openrouter|secret)?"
    r"[-_ ]?api[-_ ]?key([-_ ].*)?"
    r"|(sk[-_])?your([-_ ].*)?|(sk[-_])?(insert|put|paste|enter|replace|add)[-_ ].*"
    r"|(sk[-_])?(x{3,}|\.{2,}|…+|\*{2,}|0{4,}|example|placeholder|change[-_]?me|todo)"
    r"|(sk[-_])?\w*(你的|您的|填入|填写|密钥|替换).*)",
    re.IGNORECASE | re.DOTALL,
)
# How shells, Windows, PowerShell, CI and compose files write "the value of a variable".
_REFERENCE = re.compile(r"\$\{.*\}|\$\(.*\)|\$(env:)?\w+|%\w+%|!\w+!", re.IGNORECASE | re.DOTALL)
# Safe to show: a key has digits or small letters.
_VARIABLE = re.compile(r"\A\W*+([A-Z]++(?:_[A-Z]++)++)(?![\w-])")
_HIDDEN = re.compile(r"\*{2,}+|•++|…++|\.{3,}+|x{4,}+|X{4,}+")
_STARS = re.compile(r"\*{2,}|•{2,}|…|\.{3,}")
_GRAM = 8  # characters in a row that give a key away
_TAIL = 6  # gateways echo a key's last characters, so fewer are enough there
_MASK = "***"


def clean_key(text: str) -> str:
    """The key in ``text``, or :class:`AuthenticationError` saying what is wrong with it and where."""
    if len(text) > _LONGEST_PASTE:
        raise _refused("fetch.key_long", length=len(text))
    key = _trimmed(text)
    if len(key) > _MAX_KEY:
        raise _refused("fetch.key_long", length=len(key))
    if not key:
        raise _refused("fetch.key_empty")
    if _REFERENCE.fullmatch(key):
        named = _VARIABLE.match(key)
        raise _refused("fetch.key_reference", name=named[1] if named else say("fetch.a_variable"))
    if _PLACEHOLDER.fullmatch(key):
        raise _refused("fetch.key_placeholder")
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
    """``text`` with every trace of the secrets replaced by ``***``.

    A trace is: the secret, plain or escaped or in base64; eight characters of it in a row; its last
    six; and the half-masked forms gateways print (``sk-abc***xyz``).
    """
    for secret in secrets:
        if len(secret) < 4:
            continue
        for form in _forms(secret):
            text = text.replace(form, _MASK)
        text = _without_grams(text, secret)
        text = _without_half_masked(text, secret)
    return text


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


def _without_grams(text: str, secret: str) -> str:
    small, needle = text.lower(), secret.lower()
    if len(small) != len(text):  # a letter whose lower case is longer would shift every position
        small, needle = text, secret
    spans = [(start, start + _GRAM) for start in _starts(small, needle, _GRAM)]
    tail = needle[-_TAIL:] if len(needle) > _TAIL else ""
    if tail:
        spans += [(match.start(), match.end()) for match in re.finditer(re.escape(tail), small)]
    return _cut(text, sorted(spans))


def _starts(text: str, needle: str, size: int) -> Iterator[int]:
    grams = {needle[index : index + size] for index in range(len(needle) - size + 1)}
    return (index for index in range(len(text) - size + 1) if grams and text[index : index + size] in grams)


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        if start > done or not pieces:
            pieces += [text[done:start], _MASK]
        done = max(done, end)
    return "".join((*pieces, text[done:]))


def _without_half_masked(text: str, secret: str) -> str:
    """What gateways leave of a key around stars or dots; a key's length is looked at on either side."""
    spans = []
    for hidden in _HIDDEN.finditer(text):
        start, end = hidden.span()
        lead, rest = text[max(0, start - len(secret)) : start], text[end : end + len(secret)]
        leads, rests = lead[-1:] in secret, rest[:1] in secret
        head = next((n for n in range(len(lead) * leads, 0, -1) if secret.startswith(lead[-n:])), 0)
        tail = next((n for n in range(len(rest) * rests, 0, -1) if secret.endswith(rest[:n])), 0)
        if head + tail >= 4:
            spans.append((start - head, end + tail))
    return _cut(text, spans)
