"""The command itself: its language, help pages, complaints and exit code; and how all of it prints."""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import click

from .. import _text
from .._catalog.models import MODELS, all_sizes
from .._catalog.providers import PROVIDERS
from .._strings import say, speaking, use_language
from .._version import __version__
from .._wire.wires import WIRES
from ..errors import InvalidRequestError, NanoBananaError

SENTENCE_END: Final = re.compile(r"[.:;]\s|[。：；]|\.$")
HEADINGS: Final = {"Options": "cli.heading_options", "Commands": "cli.heading_commands"}
OWN_TEXT: Final = {
    ("_history", "yes"): "cli.option_delete_yes",
    ("_generate", "aspect_ratio"): "cli.option_new_aspect_ratio",
    ("_doctor", "model"): "cli.option_live_model",
    ("_doctor", "out"): "cli.option_live_out",
    **{
        ("_compare", name): f"running.option_{name}"
        for name in (
            "prompts", "models", "image_sizes", "aspect_ratios", "seeds", "endpoints", "takes", "order",
            "concurrency", "only", "retry_failed", "out", "dry_run", "yes",
        )
    },
    **{
        ("_app", name): f"app.option_{name}"
        for name in (
            "host", "folder", "budget_each", "budget", "keep", "upload_mb", "pages", "teacher", "prefix",
            "login_header", "lang",
        )
    },
}
"""Options that mean something else at one command."""

class _Page(click.HelpFormatter):
    """A help page whose headings are in the current language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{say('cli.usage')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(say(HEADINGS[heading]) if heading in HEADINGS else heading)


class _Context(click.Context):
    formatter_class = _Page


class _Command(click.Command):
    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("cli.option_help")
        return option


class _Group(_Command, click.Group):
    command_class = _Command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.commands, n=1)
            ctx.fail(say("cli.no_such_command", name=args[0]) + _meant(near))
        return super().resolve_command(ctx, args)


def _meant(near: Sequence[str] | None) -> str:
    return say("cli.did_you_mean", name=near[0]) if near else ""


def tell(words: object, *, err: bool = False) -> None:
    """Print, and only through here: prompts, names and answers hold what steers a terminal."""
    click.echo(_text.plain(words), err=err)


@click.group(
    cls=_Group, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True
)
@click.option("--lang", metavar="en|zh")
@click.version_option(__version__, prog_name="nb-banana")
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:
    """Edit images with the Nano Banana models."""
    if ctx.invoked_subcommand is None:
        tell(ctx.get_help(), err=True)
        ctx.exit(2)


def begun(_: click.Context, option: click.Parameter, typed: str) -> list[str]:
    """What the shell may complete: the catalog's own words that go on as typed."""
    known: Mapping[str, Callable[[], Iterable[str]]] = {
        "model": lambda: (name for info in MODELS.values() for name in (info.nickname, info.id)),
        "aspect_ratio": lambda: (ratio for info in MODELS.values() for ratio in info.aspect_ratios),
        "image_size": all_sizes,
        "endpoint": lambda: (row.name for row in PROVIDERS.values() if not row.anywhere),
        "wire": lambda: WIRES,
        "quality": lambda: (name for info in MODELS.values() for name in info.qualities),
    }
    words = dict.fromkeys(known[str(option.name).removesuffix("s")]())
    return [word for word in words if word.startswith(typed)]


def tell_json(value: object) -> None:
    """For another program: in ASCII, so that no terminal is steered and no encoding loses a letter."""
    click.echo(json.dumps(value, indent=2))


def answered(question: str) -> str | None:
    """A person's answer; None where there is no terminal to ask at."""
    if not sys.stdin or not sys.stdin.isatty():
        return None
    click.echo(question, nl=False, err=True)
    return sys.stdin.readline()


def _translate(command: click.Command, path: str = "") -> None:
    """Put the help of the current language on a command, its options and its subcommands."""
    command.help = say(f"cli.help{path}", nicknames=NAMES[path]() if path in NAMES else "")
    command.short_help = SENTENCE_END.split(command.help)[0]
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = say(OWN_TEXT.get((path, option.name or ""), f"cli.option_{option.name}"))
            if option.name in ("image_size", "image_sizes"):
                option.metavar = "|".join(all_sizes())
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            _translate(below, f"{path}_{name}")


def _nicknames() -> str:
    """The shortest name of every model."""
    return ", ".join(
        f"{min(info.nicknames, key=len)} = {info.nickname}" for info in MODELS.values()
    )


NAMES: Final[dict[str, Callable[[], str]]] = {"_models": _nicknames}
"""What a command's help lists, by its path."""


def _terminal_language() -> str | None:
    """The terminal's language stands where a page's language stands in a notebook."""
    return next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)


def _asked_language(words: Sequence[str]) -> str | None:
    """``--lang`` wherever it stands: help is printed before the options are read."""
    for before, word in zip(("", *words), words):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if before == "--lang":
            return word
    return None


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning is a sentence for a person; where in our code it was given helps nobody in a terminal."""
    tell(str(message), err=True)


def _complaint(problem: click.ClickException) -> str:
    """What was wrong with the command line; what click says of a value's type stays in its own words."""
    ctx = getattr(problem, "ctx", None)
    if isinstance(problem, click.NoSuchOption):
        return say("cli.no_such_option", name=problem.option_name) + _meant(problem.possibilities)
    if isinstance(problem, click.BadParameter) and problem.param is not None and ctx is not None:
        name = problem.param.get_error_hint(ctx)
        if isinstance(problem, click.MissingParameter):
            return say("cli.missing", name=name)
        return say("cli.bad_value", name=name, problem=problem.message)
    return problem.format_message()


def _show(problem: click.ClickException) -> None:
    """The usage, where to read more, and the complaint."""
    ctx = getattr(problem, "ctx", None)
    if ctx is not None:
        tell(ctx.get_usage(), err=True)
        tell(say("cli.try_help", command=f"{ctx.command_path} --help") + "\n", err=True)
    tell(say("cli.error", problem=_complaint(problem)), err=True)


def _unwritten(problem: OSError) -> None:
    """A full disk behind ``> file`` is said where it still can be, and nothing more is tried at the exit."""
    sys.stdout = None
    with contextlib.suppress(OSError):
        tell(say("cli.unwritten", reason=problem.strerror), err=True)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit code."""
    words = sys.argv[1:] if words is None else words
    use_language(_terminal_language())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that knows few letters gets "?", not an error
            stream.reconfigure(errors="replace")
    with speaking(_asked_language(words)), warnings.catch_warnings():
        warnings.showwarning = _show_warning
        _translate(cli)
        try:
            code = cli.main(list(words), prog_name="nb-banana", standalone_mode=False)
        except click.ClickException as problem:
            _show(problem)
            return problem.exit_code
        except NanoBananaError as problem:
            tell(f"nb-banana: {problem}", err=True)
            return 2 if isinstance(problem, InvalidRequestError) and not problem.attempts else 1
        except OSError as problem:
            if problem.filename is not None:
                raise
            _unwritten(problem)
            return 1
        except (KeyboardInterrupt, click.Abort):
            tell(say("cli.interrupted"), err=True)
            return 130
    return code if isinstance(code, int) else 0  # what ``ctx.exit`` was given; a command itself gives None
