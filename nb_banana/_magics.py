"""``%%banana`` and ``%banana``: the edit you can type at the head of a cell.

Rules of this room:

- A magic is another door to :func:`nb_banana.edit`, never another way to edit: it parses, calls, returns.
- The line is read as a POSIX shell would (``shlex``), so quotes group and vanish, but backslashes before
  letters stay, for Windows writes paths with them; IPython's own ``$x`` and
  ``{x}`` expansion is off, because prompts are full of braces. ``{name}`` is replaced where ``name`` is a
  variable of the notebook, and stays as it is where it is not.
- What can be refused is refused before anything is sent: an unknown flag, a photo that is neither variable
  nor file, an output name that would hide a module or a function.
- A failure stops the cell (so Run All stops), and shows as every error of ours: its sentence, the next step.
"""

from __future__ import annotations

import argparse
import builtins
import difflib
import keyword
import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from inspect import isclass, ismodule, isroutine
from pathlib import Path
from typing import Any, NoReturn

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.error import StdinNotImplementedError
from IPython.core.magic import no_var_expand

from ._catalog.models import MODELS, find_model
from ._catalog.prices import estimate
from ._catalog.providers import PROVIDERS
from ._catalog.table import models
from ._compare.estimate import Request
from ._compare.estimate import estimate as of_requests
from ._images.data import ImageData
from ._images.sources import pasted
from ._live.check import Check
from ._live.run import Doors, agreed, live
from ._result import EditResult
from ._session.door import Session
from ._session.own import current, edit, generate
from ._session.placing import place_names
from ._session.typed import region_of, session_typed, settings_typed
from ._strings import say
from ._text import plain
from ._widgets.waiting import watch
from ._wire.wires import WIRES
from .errors import InvalidImageError, InvalidRequestError

PICTURE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif"}
_BACKSLASHES = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|(?<!\S)\\\\(?=\w)|\\(?=[^\s"'\\]|$)""")
"""Quoted words as they are; a share's two backslashes; one that stands before a letter or at the end."""
PLACEHOLDER = re.compile(r"\{([^\W\d]\w*)\}")
SUBCOMMANDS = ("panel", "history", "models", "estimate", "doctor", "help")


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
        return sorted(self._option_string_actions)


def _count(text: str) -> int:
    """A whole number from 1, for -n and --take."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(say("magics.not_a_count", text=text))
    return int(text)


def _parser() -> _Parser:
    parser = _Parser(prog="%%banana", add_help=False, allow_abbrev=False)
    parser.add_argument("photos", nargs="*")
    parser.add_argument("-r", "--ratio", dest="aspect_ratio")
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
    parser.add_argument("--fresh", "--no-cache", action="store_true")
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
    parser.add_argument("--provider", default="apiyi")
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


def _split(line: str) -> list[str]:
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


def _expand(text: str, variables: Mapping[str, Any]) -> str:
    """``{name}`` becomes the variable's value; where there is no such variable it stays as it is."""
    return PLACEHOLDER.sub(lambda m: str(variables[m[1]]) if m[1] in variables else m[0], text)


def _photo(word: str, variables: Mapping[str, Any]) -> Any:
    """A variable of the notebook, a URL, or a file; anything else is refused with both readings named."""
    if word in variables and word.isidentifier():
        return variables[word]
    word = pasted(word)
    if "://" in word or os.path.exists(os.path.expanduser(word)):  # noqa: PTH110, PTH111 - any text may come
        return word
    folder = word[: word.rfind("/") + 1]
    near = difflib.get_close_matches(word, [*_picture_variables(variables), *_picture_files(folder)], n=1)
    raise InvalidImageError(
        say("magics.no_such_photo", word=word), hint=say("magics.did_you_mean", name=near[0]) if near else ""
    )


def _photos(words: Iterable[str], variables: Mapping[str, Any]) -> list[Any]:
    """What the words name; a variable that holds a list stands for everything in it."""
    found = [_photo(word, variables) for word in words]
    return [one for each in found for one in (each if isinstance(each, (list, tuple)) else [each])]


def _check_name(name: str, variables: Mapping[str, Any]) -> None:
    """May ``-o name`` be assigned? Never over a module, a function or a class, nor a name Python needs."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise InvalidRequestError(say("magics.bad_name", name=name))
    held = variables.get(name, getattr(builtins, name, None))
    if ismodule(held) or isroutine(held) or isclass(held):
        kind = "module" if ismodule(held) else "class" if isclass(held) else "function"
        raise InvalidRequestError(
            say("magics.taken_name", name=name, kind=kind), hint=say("magics.taken_hint")
        )


def _edit(line: str, prompt: str, variables: dict[str, Any]) -> Any:
    """One ``%%banana`` cell: everything is checked first, then one call of the session."""
    options = PARSER.parse(_split(_expand(line, variables)))
    prompt = _expand(prompt, variables).strip()
    if not prompt:
        raise InvalidRequestError(say("magics.no_prompt"), hint=say("magics.usage_hint"))
    if options.out:
        _check_name(options.out, variables)
    photos = _photos(([options.source] if options.source else []) + options.photos, variables)
    names = ("model", "aspect_ratio", "image_size", "take", "takes", "fresh")
    asked = {name: getattr(options, name) for name in names} | dict(_settings(options, variables))
    there = {name: getattr(options, name) for name in ("endpoint", "wire", "insecure")}
    session = session_typed(current(), **there)
    if options.dry_run:
        return _would_cost(options, session, len(photos))
    asked["session"] = session
    result = edit(photos, prompt, **asked) if photos else generate(prompt, **asked)
    if options.save:
        print(plain(say("magics.saved", path=result.save(options.save))))
    if options.out:
        variables[options.out] = result
    return result


def _settings(options: argparse.Namespace, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Mask, seed and further fields; a mask may be a variable: a region, or anything that is a picture."""
    words = {name: getattr(options, name) for name in ("seed", "extra", "quality")}
    asked = settings_typed(**words)
    if options.mask is None:
        return asked
    return {**asked, "mask": region_of(options.mask) or _photo(options.mask, variables)}


def _would_cost(options: argparse.Namespace, session: Session, images: int) -> Any:
    """What the edit would cost where it would go; without a key, at the provider most people choose."""
    place = session.endpoint
    if place.is_sandbox and options.endpoint is None:
        return estimate(options.model, options.image_size, count=options.takes, images=images)
    asked = Request.at(place, options.model, options.image_size)
    if find_model(asked.model, asked.provider).info is None:
        return of_requests({asked: options.takes}, options.takes, cells=options.takes)
    return estimate(
        asked.model, asked.image_size, count=options.takes, images=images, provider=asked.provider
    )


def _panel(words: list[str], variables: Mapping[str, Any]) -> Any:
    from ._widgets.panel.panel import panel  # loaded when one is shown

    return panel(_photos(words, variables) or None)


def _history() -> Any:
    from ._widgets.history import history  # loaded when it is shown

    return history()


def _estimate(words: list[str]) -> Any:
    return estimate(**vars(ESTIMATE.parse(words)))


def _doctor(words: list[str]) -> None:
    from ._doctor import report  # loaded when it is asked

    given = DOCTOR.parse(words)
    if not given.live:
        needless = next((f"--{name}" for name in ("yes", "model", "out") if getattr(given, name)), "")
        if needless:
            raise InvalidRequestError(say("live.only_live", option=needless))
        print(plain(report()))
        return
    doors = Doors(_print, _print, agreed if given.yes else _answer)
    live(Check(current(), given.model), doors, out=given.out)


def _print(words: str) -> None:
    print(plain(words))


def _answer(question: str) -> str | None:
    """What a person types into the notebook; None where the front end has nobody to ask."""
    try:
        return input(f"{plain(question).strip()} ")
    except (EOFError, OSError, StdinNotImplementedError):
        return None


def _command(line: str, variables: dict[str, Any]) -> Any:
    """``%banana panel|history|models|estimate|doctor|help``."""
    words = _split(_expand(line, variables))
    name = words[0] if words else "panel"
    commands: dict[str, Callable[[], Any]] = {
        "panel": lambda: _panel(words[1:], variables),
        "history": _history,
        "models": models,
        "estimate": lambda: _estimate(words[1:]),
        "doctor": lambda: _doctor(words[1:]),
        **dict.fromkeys(("help", "-h", "--help"), lambda: print(say("magics.help"))),
    }
    if name not in commands:
        near = difflib.get_close_matches(name, SUBCOMMANDS, n=1, cutoff=0.5)
        hint = say("magics.did_you_mean", name=f"%banana {near[0]}") if near else ""
        raise InvalidRequestError(
            say("magics.unknown_command", name=name, names=", ".join(SUBCOMMANDS)), hint=hint
        )
    return commands[name]()


# ── completion ──────────────────────────────────────────────────────────────────────────────────────


def _picture_variables(variables: Mapping[str, Any]) -> list[str]:
    """Names that hold a picture of ours, a result, or a PIL image."""

    def holds_picture(value: object) -> bool:
        return isinstance(value, (ImageData, EditResult)) or any(
            base.__module__.startswith("PIL.") for base in type(value).__mro__
        )

    return sorted(
        name for name, value in variables.items() if not name.startswith("_") and holds_picture(value)
    )


def _picture_files(begun: str) -> list[str]:
    """Picture files and folders that continue what has been typed, quoted where they need it."""
    typed = Path(begun).expanduser()
    folder = typed if begun.endswith("/") else typed.parent
    stem = begun[: begun.rfind("/") + 1]
    if not folder.is_dir():
        return []
    fitting = [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
        and f"{stem}{path.name}".startswith(begun)
        and (path.is_dir() or path.suffix.lower() in PICTURE_SUFFIXES)
    ]
    return [shlex.quote(f"{stem}{path.name}") + ("/" if path.is_dir() else "") for path in fitting]


def _model_names() -> list[str]:
    return [name for info in MODELS.values() for name in (info.id, info.nickname)]


def _choices(attribute: str) -> list[str]:
    """Every ratio or size that some model offers, in the catalog's order."""
    return list(
        dict.fromkeys(choice for info in MODELS.values() for choice in getattr(info, attribute))
    )


def _offers(line: str, variables: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The word being typed on a magic's line, and what could stand there."""
    before, _, word = line.rpartition(" ")
    previous = before.split()[-1] if before.split() else ""
    values: dict[str, Callable[[], Iterable[str]]] = {
        "aspect_ratio": lambda: _choices("aspect_ratios"),
        "image_size": lambda: _choices("image_sizes"),
        "model": _model_names,
        "source": lambda: _picture_variables(variables),
        "mask": lambda: (*_picture_variables(variables), *_picture_files(word)),
        "quality": lambda: dict.fromkeys(name for info in MODELS.values() for name in info.qualities),
        "endpoint": place_names,
        "wire": lambda: WIRES,
        "provider": lambda: PROVIDERS,
    }
    parser = LINES.get(" ".join(before.split()[:2]), PARSER)
    action = parser._option_string_actions.get(previous)
    if previous == "%banana":
        return word, _begun(SUBCOMMANDS, word)
    if action is not None and action.nargs != 0:
        return word, _begun(values.get(action.dest, tuple)(), word)
    if word.startswith("-"):
        return word, _begun(parser.flags(), word)
    return word, [*_begun(_picture_variables(variables), word), *_picture_files(word)]


def _begun(names: Iterable[str], word: str) -> list[str]:
    return [name for name in names if name.startswith(word)]


def _matcher(shell: Any) -> Any:
    """IPython's own guesses for ``--r`` are ``range`` and ``repr``; on our line only ours are offered."""

    def banana(context: CompletionContext) -> SimpleMatcherResult:
        line = context.line_with_cursor[: context.cursor_position]
        cell = context.cursor_line == 0 and line.startswith("%%banana ")
        if not cell and not line.startswith("%banana "):
            return {"completions": []}
        word, offers = _offers(line, shell.user_ns)
        found = [SimpleCompletion(text=offer, type="nb_banana") for offer in offers]
        return {"completions": found, "matched_fragment": word, "suppress": True}

    return context_matcher(identifier="nb_banana", priority=200)(banana)


# ── registration ────────────────────────────────────────────────────────────────────────────────────


def load_ipython_extension(shell: Any) -> None:
    """Register both magics and their completion; loading twice changes nothing."""

    def banana_cell(line: str, cell: str) -> Any:
        """Edit photos with the prompt written in the cell.

        ::

            %%banana cat.png -r 16:9 -s 2K -o hat
            Add a small red hat

            %%banana hat
            Make it night

            %%banana
            A banana on a desk, watercolour

        A photo is a variable, a file, a URL or ``_`` (the last value); with none, the picture is made from
        the words alone.
        Photos and flags come in any order: ``-r RATIO``, ``-s SIZE``, ``-n TAKES``, ``-m MODEL``, ``-o NAME``
        (assigns the result), ``--from RESULT``, ``--take N``, ``--fresh`` (send again and pay again),
        ``--save PATH``, ``--dry-run`` (what it would cost; nothing is sent). ``{name}`` in line or prompt
        stands for a variable of the notebook.

        Where to edit: ``--mask`` with a variable, a file (white there) or ``0.25,0.25,0.5,0.5`` (left, top,
        width, height in shares of the first photo). What else a model takes: ``--seed N``,
        ``--quality NAME``, ``--extra '{"num_inference_steps": 20}'``. Where to, for this cell alone:
        ``--endpoint`` with a provider's name or an address such as ``http://127.0.0.1:8000``,
        ``--wire gemini|openai|images``, ``--insecure`` (plain http to a private address).
        """
        return _edit(line, cell, shell.user_ns)

    def banana_line(line: str) -> Any:
        """``%banana panel [PHOTO ...]``, ``history``, ``models``, ``estimate``, ``doctor`` or ``help``."""
        return _command(line, shell.user_ns)

    unload_ipython_extension(shell)
    watch()
    shell.register_magic_function(no_var_expand(banana_cell), "cell", "banana")
    shell.register_magic_function(no_var_expand(banana_line), "line", "banana")
    shell.Completer.custom_matchers.append(_matcher(shell))


def unload_ipython_extension(shell: Any) -> None:
    """Remove both magics and their completion."""
    for kind in ("cell", "line"):
        shell.magics_manager.magics[kind].pop("banana", None)
    shell.Completer.custom_matchers[:] = [
        matcher
        for matcher in shell.Completer.custom_matchers
        if getattr(matcher, "matcher_identifier", "") != "nb_banana"
    ]
