"""How a command looks and how it prints: its language, its help page, its complaints.

Rules of this file:

* Nothing is loaded here but click and what says a sentence: a help page and a Tab must be there before
  anybody has noticed.
* click's own words are said by us, so that a page is in one language.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, Final

import click

from .._strings import say

SENTENCE_END: Final = r"[.:;]\s|[。：；]|\.$"
HEADINGS: Final = {"Options": "cli.heading_options", "Commands": "cli.heading_commands"}
_WIDEST, _NARROWEST = 80, 52


def columns() -> int:
    """How wide the terminal is; without one as wide as click takes a page to be."""
    found = 0
    with contextlib.suppress(AttributeError, OSError, ValueError):  # there may be no such stream
        stream: Any = sys.__stdout__
        found = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(stream.fileno()).columns
    return found or _WIDEST  # some terminals say that they have none


class _Page(click.HelpFormatter):
    """A help page whose headings are in the current language, and that is measured without loading more."""

    def __init__(self, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(width=max(min(columns(), _WIDEST), _NARROWEST) - 2)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{say('cli.usage')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(say(HEADINGS[heading]) if heading in HEADINGS else heading)


class _Context(click.Context):
    formatter_class = _Page


class Command(click.Command):
    """A command whose words and parameters come when they are looked at.

    Args:
        path: its words, ``("bench", "check")``; its help is the sentence of that name, or ``says``.
        shape: makes its parameters.
        work: what it does: a module of this room and a function of it, loaded when it runs.
        names: gives what its help lists.
        foreign: whether words it does not know are somebody else's options.
    """

    context_class = _Context

    def __init__(
        self, path: Sequence[str], shape: Callable[[], list[click.Parameter]], work: str = "",
        *, names: Callable[[], str] = str, foreign: bool = False, says: str = "",
    ) -> None:  # fmt: skip
        settings = {"help_option_names": ["-h", "--help"], "ignore_unknown_options": foreign}
        name = path[-1] if path else "nb-banana"
        super().__init__(name, callback=_doing(work) if work else None, context_settings=settings)
        self.path, self._shape, self._names = tuple(path), shape, names
        self._sentence = says or "_".join(("cli.help", *path))
        self.options_metavar = say("cli.options")

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        if not self.params:
            self.params = self._shape()
        return super().get_params(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("cli.option_help")
        return option

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = say(self._sentence, nicknames=self._names())
        super().format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 200) -> str:
        return re.split(SENTENCE_END, say(self._sentence, nicknames=""))[0]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True  # and what is too much is said by us
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as problem:  # what a parser finds knows no command
            problem.ctx = problem.ctx or ctx
            raise
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            ctx.fail(say("cli.too_many", words=" ".join(rest)))
        return rest


class Group(Command, click.Group):
    """Commands under a common word."""

    def __init__(self, path: Sequence[str], shape: Callable[[], list[click.Parameter]]) -> None:
        super().__init__(path, shape)
        # The page comes from us: click's own is an error here, nothing there, and English.
        self.invoke_without_command, self.no_args_is_help = True, False
        self.callback = _alone
        self.subcommand_metavar = say("cli.subcommand")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [path[-1] for path in _rows() if path[:-1] == self.path]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = _rows().get((*self.path, cmd_name))
        found: click.Command | None = row((*self.path, cmd_name)) if row else None
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = import_module("difflib").get_close_matches(args[0], self.list_commands(ctx), n=1)
            ctx.fail(say("cli.no_such_command", name=args[0]) + meant(near))
        return super().resolve_command(ctx, args)


def _alone() -> None:
    """What there is, where nothing of it was asked for; a command line that asks for nothing has code 2."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        tell(ctx.get_help(), err=True)
        ctx.exit(2)


def _rows() -> dict[tuple[str, ...], Callable[[Sequence[str]], click.Command]]:
    found: dict[tuple[str, ...], Callable[[Sequence[str]], click.Command]]
    found = import_module("nb_banana._cli.commands").ROWS
    return found


def _doing(work: str) -> Callable[..., Any]:
    """Load what a command does, and do it."""
    module, _, name = work.partition(".")

    def do(**given: Any) -> Any:
        return getattr(import_module(f"nb_banana._cli.{module}"), name)(**given)

    return do


def meant(near: Sequence[str] | None) -> str:
    """The sentence that asks whether another word was meant."""
    return say("cli.did_you_mean", name=near[0]) if near else ""


def tell(words: object, *, err: bool = False) -> None:
    """Print, and only through here: prompts, names and answers hold what steers a terminal.

    A remark that can't be printed (``2>&1 | head``) ends nothing: what is under way may be paid.
    """
    with contextlib.suppress(OSError) if err else contextlib.nullcontext():
        click.echo(import_module("nb_banana._text").plain(words), err=err)


@contextlib.contextmanager
def told_at_end() -> Iterator[list[tuple[object, bool]]]:
    """Lines, and whether each is a remark, that are told once all is saved: perhaps nobody reads on."""
    lines: list[tuple[object, bool]] = []
    try:
        yield lines
    finally:
        for words, err in lines:
            tell(words, err=err)


def changing(words: object) -> None:
    """A line of a terminal that takes the place of the one before; ``""`` takes it away. A pipe has none."""
    if sys.stderr.isatty():
        text = import_module("nb_banana._text")
        line = text.shortened(text.plain(words), columns() - 1)
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


def tell_json(value: object) -> None:
    """For another program: in ASCII, so that no terminal is steered and no encoding loses a letter."""
    click.echo(import_module("json").dumps(value, indent=2))


def answered(question: str) -> str | None:
    """A person's answer; None where there is no terminal to ask at."""
    if not sys.stdin or not sys.stdin.isatty():
        return None
    click.echo(question, nl=False, err=True)
    return sys.stdin.readline()


def complaint(problem: click.ClickException) -> str:
    """What was wrong with the command line."""
    ctx = getattr(problem, "ctx", None)
    if isinstance(problem, click.NoSuchOption):
        return say("cli.no_such_option", name=problem.option_name) + meant(problem.possibilities)
    if isinstance(problem, click.BadOptionUsage) and ctx is not None:
        params = ctx.command.get_params(ctx)
        flags = [word for one in params if getattr(one, "is_flag", False) for word in one.opts]
        name = problem.option_name
        return say("cli.takes_no_value" if name in flags else "cli.needs_value", name=name)
    if isinstance(problem, click.BadParameter) and problem.param is not None and ctx is not None:
        name = problem.param.get_error_hint(ctx)
        if isinstance(problem, click.MissingParameter):
            return say("cli.missing", name=name)
        return say("cli.bad_value", name=name, problem=problem.message)
    return problem.format_message()


def show(problem: click.ClickException) -> None:
    """The usage, where to read more, and the complaint."""
    ctx = getattr(problem, "ctx", None)
    if ctx is not None:
        tell(ctx.get_usage(), err=True)
        tell(say("cli.try_help", command=f"{ctx.command_path} --help") + "\n", err=True)
    tell(say("cli.error", problem=complaint(problem)), err=True)
