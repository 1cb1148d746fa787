"""Say what the body of a reply is where it is no answer: words, a web page, half an answer, nothing, no text.

A person is told which, because each means something else: a page is a wrong address or a wall in front of
the service, half an answer is a connection that ended early, and neither is the model's fault or the key's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final, Literal

from .documents import BLANK, is_page, parsed

Form = Literal["words", "page", "cut", "empty", "bytes"]

_LOOKED_AT: Final = 20_000
_FRAGMENT = re.compile(
    r"<(?:div|center|h[1-6]|p|span|title|meta|script|style|table|pre)\b", re.IGNORECASE
)
_HIDDEN = re.compile(r"(?is)<(script|style)\b[^>]{0,500}>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
_NOTHING = re.compile(r"(?:data:|\[DONE\]|null|\{\s*\}|\[\s*\]|\"\"|\s|\0|\ufeff)*+", re.IGNORECASE)
_COMMENT = re.compile(r"(?m)^:[^\n]*$")
_UNREADABLE: Final = 0.1
"""The share of characters nobody can read, from which on a text is none."""
_COUNTED: Final = 1_000_000
"""Characters whose brackets are counted; pictures are lifted out before."""
_SLIPS: Final = 4
"""Characters that may be unreadable in any text, however short."""
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+(?P<end>"?)|[{}\[\]]', re.DOTALL)


def form_of(text: str, headers: Mapping[str, str]) -> Form:
    """What a body is."""
    body = text.strip(BLANK)
    if _NOTHING.fullmatch(_COMMENT.sub("", body[:_LOOKED_AT])) and len(body) <= _LOOKED_AT:
        return "empty"
    if is_gibberish(body):
        return "bytes"
    if is_page(body) or _FRAGMENT.match(body) or (
        body[:1] == "<" and headers.get("content-type", "").lower().startswith("text/html")
    ):
        return "page"
    return "cut" if is_cut(body) else "words"


def is_cut(text: str) -> bool:
    """Whether JSON, or the last event of a stream, begins and does not end."""
    body = text.strip(BLANK)
    if body[:1] not in ("{", "["):
        last = body.rpartition("\n")[2]
        field, _, value = last.partition(":")
        value = value.strip()
        if field.strip().lower() != "data" or value[:1] not in ("{", "["):
            return False
        body = value
    if parsed(body) is not None:
        return False
    if len(body) > _COUNTED:
        return body[-1:] not in ("}", "]")
    depth = 0
    for token in _TOKENS.finditer(body):
        if token[0][:1] == '"':
            if not token["end"]:
                return True
        else:
            depth += 1 if token[0] in "{[" else -1
    return depth > 0


def is_gibberish(text: str) -> bool:
    """Whether a text is bytes that are no text: what can't be read says nothing to anybody."""
    seen = text[:2000]
    bad = sum(letter == "\ufffd" or not (letter.isprintable() or letter.isspace()) for letter in seen)
    return bad > max(_SLIPS, _UNREADABLE * len(seen))


def page_text(text: str) -> str:
    """A page or plain text as one line: the title and what stands in the body."""
    text = text[:_LOOKED_AT]
    if "<" in text:
        text = html.unescape(re.sub(r"<[^<>]{0,2000}>", " ", _HIDDEN.sub(" ", text)))
    return " ".join(text.split())


__all__ = ["Form", "form_of", "is_cut", "is_gibberish", "page_text"]
