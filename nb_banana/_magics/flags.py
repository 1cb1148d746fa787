"""The flags of ``%%banana``, ``%banana estimate`` and ``%banana doctor``, and how a line is split."""

from __future__ import annotations

import argparse
import difflib
import re
import shlex
from pathlib import Path
from typing import Final, NoReturn, get_args

from .._messages import Context
from .._strings import say
from ..errors import InvalidRequestError

_BACKSLASHES = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|(?<!\S)\\\\(?=\w)|\\(?=[^\s"'\\]|$)""")
"""Quoted words as they are; a share's two backslashes; one that stands before a letter or at the end."""
SUBCOMMANDS = ("panel", "history", "models", "estimate", "doctor", "help")
_OLD: Final = frozenset({"--no-cache"})
"""Names that flags had before."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ours, with the nearest flag named."""

    example = "magics.usage_hint"

    def error(self, message: str) -> NoReturn:
        sentence = say("magics.usage", command=self.prog, problem=message)
        raise InvalidRequestError(sentence, hint=say(self.example))

    def parse(self, words: list[str]) -> argparse.Namespace:
        """Flags and photos in any order; a flag nobody knows is answered with the one it looks like."""
        options, unknown = self.parse_known_intermixed_args(words)
        if unknown:
            near = difflib.get_close_matches(unknown[0].partition("=")[0], self.flags(), n=1)
            hint = (
                say("magics.nearest", flag=near[0])
                if near
                else say("magics.flags", flags=", ".join(self.flags()))
            )
            sentence = say("magics.unknown_flag", command=self.prog, flag=unknown[0])
            raise InvalidRequestError(sentence, hint=hint)
        return options

    def flags(self) -> list[str]:
        """What it offers; an old name that still works is not among them."""
        return sorted(set(self._option_string_actions) - _OLD)


def _count(text: str) -> int:
    """A whole number from 1, for -n and --take."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(say("magics.not_a_count", text=text))
    return int(text)


def _parser() -> _Parser:
    parser = _Parser(prog="%%banana", add_help=False, allow_abbrev=False)
    parser.add_argument("photos", nargs="*")
    parser.add_argument("-r", "--ratio", "--aspect-ratio", dest="aspect_ratio")
    parser.add_argument("-s", "--size", dest="image_size", type=str.upper)
    parser.add_argument("-n", "--takes", type=_count, default=1)
    parser.add_argument("--take", type=_count, default=1)
    parser.add_argument("-m", "--model")
    parser.add_argument("--mask", metavar="PICTURE|L,T,W,H")
    parser.add_argument("--seed")
    parser.add_argument("--quality")
    parser.add_argument("--extra", metavar="JSON")
    parser.add_argument("--endpoint", metavar="NAME|URL")
    parser.add_argument("--wire")
    parser.add_argument("--insecure", action="store_true")
    parser.add_argument("-o", "--out")
    parser.add_argument("--from", dest="source", metavar="RESULT")
    parser.add_argument("--context", choices=get_args(Context))
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--no-cache", action="store_true")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--bg", action="store_true")
    parser.add_argument("--save", metavar="PATH")
    parser.add_argument("--dry-run", action="store_true")
    return parser


def _estimate_parser() -> _Parser:
    """The words of ``nb-banana estimate``."""
    parser = _Parser(prog="%banana estimate", add_help=False, allow_abbrev=False)
    parser.example = "magics.estimate_hint"
    parser.add_argument("-m", "--model")
    parser.add_argument("-s", "--size", dest="image_size", type=str.upper)
    parser.add_argument("-n", "--count", type=_count, default=1)
    parser.add_argument("--images", type=_count, default=1)
    parser.add_argument("--provider")
    parser.add_argument("--as-of")
    return parser


def _doctor_parser() -> _Parser:
    """The words of ``nb-banana doctor``."""
    parser = _Parser(prog="%banana doctor", add_help=False, allow_abbrev=False)
    parser.example = "magics.doctor_hint"
    parser.add_argument("--live", action="store_true")
    parser.add_argument("-y", "--yes", action="store_true")
    parser.add_argument("-m", "--model")
    parser.add_argument("-o", "--out", type=Path)
    return parser


PARSER = _parser()
ESTIMATE = _estimate_parser()
DOCTOR = _doctor_parser()
LINES = {"%banana estimate": ESTIMATE, "%banana doctor": DOCTOR}


def split(line: str) -> list[str]:
    """The words of the line, quotes resolved; an unclosed quote is named."""
    try:
        return shlex.split(_BACKSLASHES.sub(_kept, line))
    except ValueError as problem:
        raise InvalidRequestError(say("magics.unclosed", line=line, problem=problem)) from None


def _kept(found: re.Match[str]) -> str:
    """What stands for itself, a Windows path's backslash before all, made safe from the shell's rules."""
    words = found[0]
    if words[0] == "'":
        return words
    if words[0] == '"':
        return words.replace("\\\\", "\\\\\\\\", 1) if words.startswith('"\\\\') else words
    return words.replace("\\", "\\\\")
