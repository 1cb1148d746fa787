"""What other people's secrets look like: how they begin, and what stands before them.

A shape alone is not enough: ``sk-etch`` is a word and ``key=value`` is prose. What follows must be long and
look as if nobody had thought of it. Hashes and ids that nothing calls a secret stay. All patterns are linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

Span = tuple[int, int]

# Not inside a word; the letters of an escape are none.
_FREE: Final = r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
_CUT: Final = r"(?=…|\.{3}|\Z)"
"""Where somebody shortened a text: what is left of a secret there is short."""
NO_PORT: Final = r"(?!\d{1,5}[/?#])"
"""What follows a host's colon is a password, not a port: ``https://host:8080/@me/cat.png`` has none."""
_BEFORE: Final = r"\\{0,3}[\"']?\s{0,3}(?:[:=：＝]|%3[Dd])\s{0,3}\\{0,3}[\"']?"
"""What stands between a name and its value, in JSON (also inside a string), in a header, in prose."""


class Shape(NamedTuple):
    """How a kind of secret is recognised: ``secret`` in the pattern is what goes."""

    pattern: re.Pattern[str]
    sure: bool = False
    """Whether the pattern alone is proof; otherwise what goes must look random too."""


def _token(begins: str, letters: str, least: int) -> re.Pattern[str]:
    """What begins so and goes on in letters; shorter where the text was cut."""
    return re.compile(
        rf"{_FREE}(?P<secret>(?:{begins})(?:[{letters}]{{{least},}}+|[{letters}]{{4,{least}}}+{_CUT}))"
    )


def _value(names: str, least: int) -> re.Pattern[str]:
    """What a name gives as its value."""
    return re.compile(
        rf"(?<![A-Za-z0-9])(?:{names}){_BEFORE}(?P<secret>[\w.~+/%=-]{{{least},}}+)", re.IGNORECASE | re.ASCII
    )


def _parameter(names: str, least: int) -> re.Pattern[str]:
    """A parameter of an address, as it is or escaped."""
    return re.compile(
        rf"(?:[?&;]|\\u0026|%26|%3F)(?:{names})(?:=|%3D)(?P<secret>[^\s&\"'<>#\\)\]]{{{least},}}+)",
        re.IGNORECASE,
    )


TOKENS: Final = (
    # OpenAI and who imitates it, Anthropic, OpenRouter, DeepSeek; Stripe
    Shape(_token(r"sk-|[rsp]k_(?:live|test)_", r"A-Za-z0-9_\-", 12)),
    # Google's API keys and client secrets, GitHub, GitLab, Replicate, Groq, NVIDIA, Slack: no word begins so
    Shape(_token(
        r"AIza|GOCSPX-|gh[oprsu]_|github_pat_|glpat-|r8_|gsk_|nvapi-|xox[abeoprs]-|dop_v1_|whsec_",
        r"A-Za-z0-9_\-", 12,
    ), sure=True),
    # Google's newer keys and tokens, Hugging Face, xAI, Perplexity, npm, PyPI, Fireworks, Cerebras
    Shape(_token(r"AQ\.|ya29\.|hf_|xai-|pplx-|npm_|pypi-|fw_|csk-", r"A-Za-z0-9_\-", 12)),
    # what signs a request in a header
    Shape(re.compile(
        r"\b(?:Bearer|Basic)(?:\s{1,3}|%20|\+)"
        rf"(?P<secret>[\w.~+/=-]{{8,}}+|[\w.~+/=-]{{4,8}}+{_CUT})", re.IGNORECASE | re.ASCII,
    )),
    # a password in an address, with what should have been escaped in it; a port is none
    Shape(
        re.compile(rf"://(?P<secret>[^\s/:@?#[\"'<>]{{0,100}}:{NO_PORT}[^\s\"'<>]{{1,300}})@"), sure=True
    ),
)  # fmt: skip
"""Secrets by themselves, which no address of a picture needs. JSON in base64 (``eyJ``) is none of them:
stores sign links with it, and write in it what is to be done with a picture."""

WORDS: Final = (
    *TOKENS,
    # JSON Web Tokens
    Shape(_token(r"eyJ", r"A-Za-z0-9_.\-", 16)),
    # the ids of cloud keys, which sign links to pictures
    Shape(_token(r"A(?:KIA|SIA|ROA|IDA)", r"A-Z0-9", 12), sure=True),
    Shape(_token(r"LTAI|AKID", r"A-Za-z0-9", 12)),
    # a value under a name that says it is a secret
    Shape(_value(
        r"(?:x[-_](?:goog[-_])?)?api[-_ ]?key|access[-_ ]?key(?:[-_ ]?(?:id|secret))?"
        r"|secret(?:[-_ ]?(?:access[-_ ]?)?key)?|client[-_ ]?secret|private[-_ ]?key|authorization"
        r"|(?:access|refresh|auth|session|security|id)[-_ ]?token|token|passw(?:or)?d|密钥|令牌|密码",
        8,
    )),
    # an API key that a sentence names
    Shape(re.compile(
        r"\bapi[-_ ]?key(?:\s(?:provided|is|was|not|valid|invalid|incorrect)){0,3}"
        r"[\s:(\[\"'`]{1,4}(?P<secret>[A-Za-z0-9_\-]{16,}+)",
        re.IGNORECASE,
    )),
    # what opens an address
    Shape(_parameter(r"key|api[-_]?key|token|auth|access[-_]?token|code|st|jwt|secret|password", 6)),
    Shape(_parameter(
        r"x-(?:amz|goog|oss|cos)-(?:signature|credential|security-token)|(?:q-)?signature|sig|hmac|policy|q-ak"
        r"|ossaccesskeyid|awsaccesskeyid|googleaccessid|security-token",
        1,
    ), sure=True),
)  # fmt: skip
"""Everything that is a secret where people read, the signatures of addresses among them."""

_PART = re.compile(r"[A-Za-z0-9]++")


def spans_of_shapes(text: str, shapes: tuple[Shape, ...]) -> Iterator[Span]:
    """Where the secrets of these shapes stand."""
    for pattern, sure in shapes:
        for match in pattern.finditer(text):
            if sure or is_random(match["secret"]):
                yield match.span("secret")


def is_random(text: str) -> bool:
    """Whether nobody can have thought of this: some part of it mixes letters and digits, or is very long."""
    return any(map(_is_random, _PART.findall(text)))


def _is_random(part: str) -> bool:
    digits = sum(map(str.isdigit, part))
    if digits in (0, len(part)):
        return len(part) >= 20
    return len(part) >= 8 or (len(part) >= 4 and part.upper() != part != part.lower())


__all__ = ["TOKENS", "WORDS", "Shape", "Span", "is_random", "spans_of_shapes"]
