"""``{name}`` in a line or a prompt: the value of a variable of the notebook."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from inspect import isclass, ismodule, isroutine
from typing import Any, Final

from .._strings import say
from .._widgets.notebook import is_picture
from ..errors import InvalidRequestError
from .background import Background
from .flags import split

_BRACES: Final = re.compile(r"\{\{(?P<kept>[^{}]*)\}\}|\{(?P<name>[^\W\d]\w*)\}")
"""Doubled braces stand for single ones; braces around anything but a name, such as JSON's, stay."""
_NEAR: Final = 3


def filled(text: str, variables: Mapping[str, Any]) -> str:
    """``text`` with ``{name}`` replaced by the variable's value and ``{{ }}`` by ``{ }``.

    Raises:
        InvalidRequestError: there is no such variable, or what it holds has no words.
    """

    def value(found: re.Match[str]) -> str:
        if found["kept"] is not None:
            return f"{{{found['kept']}}}"
        return _words(found["name"], variables)

    return _BRACES.sub(value, text)


def words_of(line: str, variables: Mapping[str, Any]) -> list[str]:
    """The words of a line, split first and filled then: a value with spaces or backslashes stays one word.

    A word that is nothing but the name of a picture in braces is that variable.
    """
    return [_word(word, variables) for word in split(line)]


def _word(word: str, variables: Mapping[str, Any]) -> str:
    name = word[1:-1]
    whole = word == f"{{{name}}}" and name.isidentifier()
    return name if whole and _is_photo(variables.get(name)) else filled(word, variables)


def _is_photo(value: object) -> bool:
    return isinstance(value, (Background, list, tuple)) or is_picture(value)


def _words(name: str, variables: Mapping[str, Any]) -> str:
    if name not in variables:
        known = [one for one in variables if not one.startswith("_")]
        near = difflib.get_close_matches(name, known, n=_NEAR)
        hint = say("magics.unknown_name_hint", name=name)
        if near:
            hint = f"{say('magics.did_you_mean', name=', '.join(f'{{{one}}}' for one in near))} {hint}"
        raise InvalidRequestError(say("magics.unknown_name", name=name), hint=hint)
    value = variables[name]
    held = isinstance(value, Background) or is_picture(value)
    if held or ismodule(value) or isroutine(value) or isclass(value):
        sentence = say("magics.not_words", name=name, kind=type(value).__name__)
        raise InvalidRequestError(sentence, hint=say("magics.not_words_hint", name=name))
    return str(value)
