"""What a word of the command line may be: click's own kinds, with our words where one does not fit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from .._chosen import language_of
from .._strings import say

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

    Kind = click.ParamType[Any]  # generic from click 8.2 on
    Choice = click.Choice[str]
else:
    Kind, Choice = click.ParamType, click.Choice


def _begun(of: str, given: dict[str, Any], typed: str) -> list[CompletionItem]:
    found: list[CompletionItem] = import_module("nb_banana._cli.completing").begun(of, given, typed)
    return found


class Word(Kind):
    """Any word; the shell completes those of a kind: models, ratios, sizes, endpoints …"""

    name = "text"

    def __init__(self, of: str) -> None:
        self.of = of

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return _begun(self.of, ctx.params, incomplete)


class Size(Word):
    """A size; small letters are as good, and a help page lists those there are."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value).upper()

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "|".join(import_module("nb_banana._catalog.models").all_sizes())


class File(Kind):
    """A name that the shell completes as one of a file; what is wrong with it is said where it is read."""

    name = "file"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return _begun("file", ctx.params, incomplete)


class Place(File):
    """A path: of a file or, with ``folder``, of a folder; what lies there and is the other is refused."""

    def __init__(self, *, folder: bool = False) -> None:
        self.folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path: Path = import_module("pathlib").Path(value)
        if self.folder and path.is_file():
            self.fail(say("cli.not_a_folder", path=path), param, ctx)
        if not self.folder and path.is_dir():
            self.fail(say("cli.not_a_file", path=path), param, ctx)
        return path


class Language(Kind):
    """A language we speak."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if language_of(value) is None:
            self.fail(say("cli.bad_lang", value=value), param, ctx)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return _begun("language", ctx.params, incomplete)


class Whole(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            most = self.max
            key = "cli.want_whole" if most is None else "cli.want_whole_to"
            return self.fail(say(key, value=value, least=self.min, most=most), param, ctx)


class Seconds(click.FloatRange):
    """Seconds, none or more."""

    def __init__(self) -> None:
        super().__init__(0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            return self.fail(say("cli.want_seconds", value=value), param, ctx)


class Day(click.DateTime):
    """A day."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            return self.fail(say("cli.want_day", value=value), param, ctx)


class OneOf(Choice):
    """One of a few words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            return self.fail(say("cli.want_one_of", value=value, words=", ".join(self.choices)), param, ctx)
