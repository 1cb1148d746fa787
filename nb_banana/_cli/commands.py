"""Every command by its words: its arguments, its options and where what it does is written.

Rules of this file:

* Only what a command looks like stands here. What it does stands in the module its row names, which is loaded
  when the command runs: a help page and a Tab load no network, no pictures and no history.
* A text is looked up by the option's name (``cli.option_…``); ``says`` names another where it means
  something else at this command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, Final

import click

from .._strings import say
from .._version import __version__
from .frame import Command, Group, tell
from .kinds import Day, File, Language, OneOf, Place, Seconds, Size, Whole, Word

Shape = Callable[[], list[click.Parameter]]


def _option(*names: str, says: str = "", **how: Any) -> click.Option:
    option = click.Option(names, **how)
    option.help = say(says or f"cli.option_{option.name}")
    return option


def _flag(*names: str, says: str = "", **how: Any) -> click.Option:
    return _option(*names, says=says, is_flag=True, **how)


def _argument(name: str, metavar: str, **how: Any) -> click.Argument:
    return click.Argument([name], metavar=metavar, **{"type": File(), **how})


def _said(shape: Shape) -> Shape:
    """A shape with what every command has."""
    return lambda: [*shape(), _option("--lang", metavar="en|zh", type=Language(), expose_value=False)]


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        tell(say("cli.version", version=__version__))
        ctx.exit(0)


def _top() -> list[click.Parameter]:
    return [_flag("--version", is_eager=True, expose_value=False, callback=_version)]


def _model(says: str = "") -> click.Option:
    return _option("-m", "--model", metavar="NAME", type=Word("model"), says=says)


def _settings(ratio: str = "") -> list[click.Parameter]:
    """What an edit may be asked for, and where it goes."""
    return [
        _option("-r", "--ratio", "aspect_ratio", metavar="W:H", type=Word("aspect_ratio"), says=ratio),
        _option("-s", "--size", "image_size", type=Size("image_size")),
        _model(),
        _option("--mask", metavar="PATH|L,T,W,H", type=File()),
        _option("--seed", metavar="N"),
        _option("--quality", metavar="NAME", type=Word("quality")),
        _option("--extra", metavar="JSON"),
        _option("--endpoint", metavar="NAME|URL", type=Word("endpoint")),
        _option("--wire", metavar="NAME", type=Word("wire")),
        _flag("--insecure"),
    ]


def _saving(says: str = "") -> list[click.Parameter]:
    return [_option("-o", "--out", metavar="PATH", type=File(), says=says), _flag("-f", "--force")]


def _as_json() -> click.Option:
    return _flag("--json", "as_json")


def _takes(says: str = "") -> click.Option:
    return _option("-n", "--takes", metavar="N", type=Whole(1), default=1, says=says)


def _edit() -> list[click.Parameter]:
    photos = _argument("photos", "PHOTO...", nargs=-1)
    return [photos, _argument("prompt", "PROMPT", type=None), *_settings(), *_saving(), *_one_go()]


def _one_go() -> list[click.Parameter]:
    return [_as_json(), _takes(), _flag("--fresh")]


def _generate() -> list[click.Parameter]:
    ratio = "cli.option_new_aspect_ratio"
    return [_argument("prompt", "PROMPT", type=None), *_settings(ratio), *_saving(), *_one_go()]


def _compare() -> list[click.Parameter]:
    own, several = "running.option_", {"multiple": True}
    return [
        _argument("photos", "[PHOTO|PLAN.toml]...", nargs=-1),
        _option("-p", "--prompt", "prompts", metavar="WORDS", says=f"{own}prompts", **several),
        _option(
            "-m", "--model", "models", metavar="NAME", type=Word("model"), says=f"{own}models", **several
        ),
        _option(
            "-s", "--size", "image_sizes", type=Size("image_size"), says=f"{own}image_sizes", **several
        ),
        _option(
            "-r", "--ratio", "aspect_ratios", metavar="W:H", type=Word("aspect_ratio"),
            says=f"{own}aspect_ratios", **several,
        ),
        _option("--seed", "seeds", metavar="N", says=f"{own}seeds", **several),
        _option(
            "--endpoint", "endpoints", metavar="NAME|URL", type=Word("endpoint"), says=f"{own}endpoints",
            **several,
        ),
        _flag("--insecure"),
        _option("-n", "--takes", "--take", metavar="N", type=Whole(1), says=f"{own}takes"),
        _option("--order", type=OneOf(("spread", "plan")), says=f"{own}order"),
        _option("--concurrency", metavar="N", type=Whole(1), says=f"{own}concurrency"),
        _option("--only", metavar="N", multiple=True, type=Whole(0), says=f"{own}only"),
        _flag("--retry-failed", says=f"{own}retry_failed"),
        *_saving(f"{own}out"),
        _option("--write-plan", metavar="PLAN.toml", type=Place(), says="planfile.option"),
        _as_json(),
        *_agreeing(),
    ]  # fmt: skip


def _agreeing() -> list[click.Parameter]:
    own = "running.option_"
    return [_flag("--dry-run", says=f"{own}dry_run"), _flag("-y", "--yes", says=f"{own}yes")]


def _batch() -> list[click.Parameter]:
    return [
        _argument("photos", "PHOTO...", nargs=-1),
        _argument("prompt", "PROMPT", type=None),
        *_settings(),
        *_saving("cli.option_batch_out"),
        _as_json(),
        _takes(),
        _option("--concurrency", metavar="N", type=Whole(1), default=4, says="running.option_concurrency"),
        *_agreeing(),
    ]


def _chain() -> list[click.Parameter]:
    return [
        _argument("words", "PHOTO PROMPT...", nargs=-1),
        *_settings(),
        _option("--context", type=OneOf(("refeed", "conversation")), default="refeed"),
        _option("--from", "source", metavar="RECORD|FILE.zip", type=File()),
        *_saving("cli.option_chain_out"),
        _as_json(),
        _flag("--fresh"),
    ]


def _report() -> list[click.Parameter]:
    return [
        _argument("files", "FILE.zip...", nargs=-1),
        *_saving("report.option_out"),
        _option("--kind", metavar="NAME", default="html", says="report.option_kind"),
        _option("--column", "columns", metavar="NAME", multiple=True, says="report.option_columns"),
        _flag("--methods", says="report.option_methods"),
        _as_json(),
    ]


def _clean() -> list[click.Parameter]:
    return [
        _option("--folder", metavar="FOLDER", type=Place(folder=True)),
        _option("--before", metavar="YYYY-MM-DD", type=Day()),
        _flag("--starred"),
        _flag("-y", "--yes", says="cli.option_delete_yes"),
        _as_json(),
    ]


def _lab() -> list[click.Parameter]:
    return [
        _flag("--no-browser"),
        _option("--port", metavar="N", type=Whole(1, 65535)),
        _option("--folder", metavar="FOLDER", type=Place(folder=True)),
        _argument("jupyter", "[JUPYTER OPTIONS]...", nargs=-1, type=click.UNPROCESSED),
    ]


def _sandbox() -> list[click.Parameter]:
    return [
        _option("--port", metavar="N", type=Whole(0, 65535), default=8765),
        _option("--fault", metavar="NAME"),
        _option("--delay", metavar="S", type=Seconds(), default=0.0),
    ]


def _provider(default: str | None) -> click.Option:
    return _option("--provider", metavar="NAME", type=Word("provider"), default=default)


def _estimate() -> list[click.Parameter]:
    return [
        _model(),
        _option("-s", "--size", "image_size", type=Size("image_size")),
        _option("-n", "--count", metavar="N", type=Whole(1), default=1),
        _option("--images", metavar="N", type=Whole(0), default=1),
        _provider(None),
        _option("--as-of", metavar="YYYY-MM-DD"),
        _as_json(),
    ]


def _history() -> list[click.Parameter]:
    return [
        _option("--folder", metavar="FOLDER", type=Place(folder=True)),
        _option("--export", metavar="FILE.jsonl", type=Place()),
        _option("-n", "--count", metavar="N", type=Whole(1), default=20),
        _as_json(),
        _option("--delete-before", metavar="YYYY-MM-DD", type=Day()),
        _flag("--starred"),
        _flag("--yes", says="cli.option_delete_yes"),
    ]


def _bench_check() -> list[click.Parameter]:
    return [
        _argument("name", "NAME", type=None),
        _argument("folder", "FOLDER"),  # a list of one's own is a file
        _argument("results", "[RESULTS]", type=Place(folder=True), required=False),
    ]


def _bench_published() -> list[click.Parameter]:
    return [_argument("name", "[NAME]", type=None, required=False)]


def _doctor() -> list[click.Parameter]:
    return [
        _flag("--live"),
        _flag("-y", "--yes"),
        _model("cli.option_live_model"),
        _option("-o", "--out", metavar="FILE", type=Place(), says="cli.option_live_out"),
        _as_json(),
    ]


def _slim() -> list[click.Parameter]:
    return [
        _argument("notebooks", "NOTEBOOK...", nargs=-1),
        _option("--budget", metavar="SIZE", default="300KB", says="slim.option_budget"),
        *_saving("slim.option_out"),
        _flag("--restore", says="slim.option_restore"),
        _flag("--dry-run", says="slim.option_dry_run"),
        _as_json(),
    ]


def _app() -> list[click.Parameter]:
    own = "app.option_"
    return [
        _option("--port", metavar="N", type=Whole(1, 65535)),
        _option("--host", metavar="ADDRESS", says=f"{own}host"),
        _option(
            "--folder", metavar="FOLDER", type=Place(folder=True), default="nb_banana_class",
            says=f"{own}folder",
        ),
        _option("--budget-each", metavar="USD", says=f"{own}budget_each"),
        _option("--budget", metavar="USD", says=f"{own}budget"),
        _option("--keep", metavar="DAYS", type=Whole(1), says=f"{own}keep"),
        _option("--upload-mb", metavar="N", type=Whole(1, 64), default=20, says=f"{own}upload_mb"),
        _option("--pages", metavar="N", type=Whole(1), default=30, says=f"{own}pages"),
        _flag("--teacher", says=f"{own}teacher"),
        _option("--prefix", metavar="PATH", says=f"{own}prefix"),
        _option("--login-header", metavar="NAME", default="", says=f"{own}login_header"),
        _option("--lang", metavar="en|zh", type=Language(), expose_value=False, says=f"{own}lang"),
    ]  # fmt: skip


def _nicknames() -> str:
    """The shortest name of every model."""
    models = import_module("nb_banana._catalog.models").MODELS
    return ", ".join(f"{min(info.nicknames, key=len)} = {info.nickname}" for info in models.values())


def _benchmarks() -> str:
    return ", ".join(import_module("nb_banana._bench.door").bench.names)


def _row(work: str, shape: Shape = list, **how: Any) -> Callable[[Sequence[str]], click.Command]:
    return partial(Command, shape=_said(shape), work=work, **how)


ROWS: Final[dict[tuple[str, ...], Callable[[Sequence[str]], click.Command]]] = {
    ("app",): partial(Command, shape=_app, work="app.app"),
    ("batch",): _row("compare.batch", _batch),
    ("bench",): partial(Group, shape=_said(list)),
    ("bench", "check"): _row("benches.check", _bench_check, names=_benchmarks),
    ("bench", "published"): _row("benches.published", _bench_published),
    ("chain",): _row("chains.chain", _chain),
    ("clean",): _row("tools.clean", _clean),
    ("compare",): _row("compare.compare", _compare),
    ("decode",): _row("tools.decode"),
    ("doctor",): _row("tools.doctor", _doctor),
    ("edit",): _row("edits.edit", _edit),
    ("estimate",): _row("tools.estimate", _estimate),
    ("generate",): _row("edits.generate", _generate),
    ("history",): _row("tools.history", _history),
    ("lab",): _row("lab.lab", _lab, foreign=True),
    ("models",): _row("tools.models", lambda: [_provider("apiyi"), _as_json()], names=_nicknames),
    ("report",): _row("reports.report", _report, says="report.help"),
    ("sandbox",): _row("serving.sandbox", _sandbox),
    ("slim",): _row("slimming.slim", _slim, says="slim.help"),
}
"""Every command, in the order a help page lists them."""


def cli() -> Group:
    """The command itself, in the language spoken now."""
    return Group((), _said(_top))
