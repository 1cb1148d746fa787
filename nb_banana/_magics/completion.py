"""What Tab offers on a line of ours, and after ``{`` in the prompt below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, get_args

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

from .._catalog.models import MODELS
from .._catalog.providers import PROVIDERS
from .._messages import Context
from .._session.placing import place_names
from .._wire.wires import WIRES
from .flags import DOCTOR, ESTIMATE, PARSER, SUBCOMMANDS
from .photos import picture_files, picture_variables

LINES: Final = {"%banana estimate": ESTIMATE, "%banana doctor": DOCTOR}
_TYPED: Final = re.compile(r"""(?:'[^']*'|"[^"]*"|[^\s'"])*(?:'[^']*|"[^"]*)?$""")
"""The word being typed; one that begins with a quote goes on over spaces."""
_NAME: Final = re.compile(r"(?<!\{)\{([^\W\d]\w*)?$")


def _model_names() -> list[str]:
    return [name for info in MODELS.values() for name in (info.id, info.nickname)]


def _choices(attribute: str) -> list[str]:
    """Every ratio or size that some model offers, in the catalog's order."""
    return list(
        dict.fromkeys(choice for info in MODELS.values() for choice in getattr(info, attribute))
    )


def _offers(line: str, variables: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The word being typed on a magic's line, and what could stand there."""
    found = _TYPED.search(line)
    word = found[0] if found else ""
    before = line[: len(line) - len(word)].split()
    if before[-1:] == ["%banana"]:
        return word, _begun(SUBCOMMANDS, word)
    previous = before[-1] if before else ""
    if word.startswith("--") and "=" in word:
        previous, _, word = word.partition("=")
    parser = LINES.get(" ".join(before[:2]), PARSER)
    action = parser._option_string_actions.get(previous)
    if action is not None and action.nargs != 0:
        return word, _values(action.dest, word, variables)
    if word.startswith("-"):
        return word, _begun(parser.flags(), word)
    return word, [*_begun(picture_variables(variables), word), *picture_files(word)]


def _values(dest: str, word: str, variables: Mapping[str, Any]) -> list[str]:
    """What could stand after a flag."""
    values: dict[str, Callable[[], Iterable[str]]] = {
        "aspect_ratio": lambda: _choices("aspect_ratios"),
        "image_size": lambda: _choices("image_sizes"),
        "model": _model_names,
        "source": lambda: picture_variables(variables),
        "mask": lambda: picture_variables(variables),
        "quality": lambda: dict.fromkeys(name for info in MODELS.values() for name in info.qualities),
        "context": lambda: get_args(Context),
        "endpoint": place_names,
        "wire": lambda: WIRES,
        "provider": lambda: PROVIDERS,
    }
    files = picture_files(word) if dest in ("mask", "save") else []
    return [*_begun(values.get(dest, tuple)(), word), *files]


def _filling(line: str, variables: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    """The name begun after a brace, and the variables it could be; None where no brace is open."""
    found = _NAME.search(line)
    if found is None:
        return None
    begun = found[1] or ""
    words = [name for name, value in variables.items() if isinstance(value, (str, int, float))]
    return found[0], [f"{{{name}}}" for name in sorted(_begun(words, begun)) if not name.startswith("_")]


def _begun(names: Iterable[str], word: str) -> list[str]:
    return [name for name in names if name.startswith(word)]


def matcher(shell: Any) -> Any:
    """IPython's own guesses for ``--r`` are ``range`` and ``repr``; on our line only ours are offered."""

    def banana(context: CompletionContext) -> SimpleMatcherResult:
        line = context.line_with_cursor[: context.cursor_position]
        first = context.full_text.lstrip("\n").partition("\n")[0]
        if line.startswith(("%%banana ", "%banana ")) and context.cursor_line == 0:
            word, offers = _filling(line, shell.user_ns) or _offers(line, shell.user_ns)
        elif first.startswith("%%banana") and (filling := _filling(line, shell.user_ns)):
            word, offers = filling
        else:
            return {"completions": []}
        found = [SimpleCompletion(text=offer, type="nb_banana") for offer in offers]
        return {"completions": found, "matched_fragment": word, "suppress": True}

    return context_matcher(identifier="nb_banana", priority=200)(banana)
