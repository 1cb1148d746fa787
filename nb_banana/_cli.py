"""``nb-banana``: the same edits from a terminal, and the way into the tutorials.

Rules of this room:

- A command is another door to the session, never another way to edit.
- Results go to stdout, everything said about them (warnings, the sandbox notice, errors) to stderr.
- The exit code is 0 when it worked, 1 when it did not, 2 when the command line itself was wrong, and 130
  after Ctrl-C. An error is one sentence and the next step, never a traceback.
- Texts are not written at the commands but looked up for them (``cli.help_…``, ``cli.option_…``), because
  the language is known only when the command line has been seen. click's own words are said by us too.
- Everything printed goes through :func:`_say`, which lets nothing through that steers a terminal.
- A file that is there is the reader's: a result never replaces it unless ``--force`` says so.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import io
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click

from . import _text
from ._catalog import prices, table
from ._catalog.models import MODELS, all_sizes
from ._doctor import findings
from ._fetch.download import fetch
from ._history.book import History
from ._history.record import Record
from ._images.data import MAX_BYTES, ImageData
from ._images.saving import save_picture, told_of_suffix, with_true_suffix
from ._images.sources import as_image
from ._live.check import Check
from ._live.run import Doors, agreed
from ._live.run import live as run_live
from ._result import EditResult, hints
from ._session.door import Session
from ._session.waiting import shown_by
from ._strings import say, speaking, use_language
from ._version import __version__
from ._widgets.records import cost
from ._wire import failures
from ._wire.lift import Lifter
from ._wire.phrases import refuses
from ._wire.reply import read_reply
from .errors import InvalidRequestError, NanoBananaError

PACKAGED_NOTEBOOKS = Path(__file__).parent / "_notebooks"
CHECKOUT_NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NOTEBOOK_FOLDER = "nb_banana_notebooks"
FIRST_NOTEBOOK = "quickstart.ipynb"
PIPE = "-"
"""Standard input as a photo, standard output as the place of the picture."""
SERVER_SECONDS = 90
START_LAB = """
import contextlib, warnings
with contextlib.suppress(ImportError):
    import voila
warnings.filterwarnings("ignore", category=DeprecationWarning, module="traitlets")
from jupyterlab.labapp import main
main()
"""
"""Voilà, once imported, shows what traitlets finds deprecated in Jupyter's own code; our word comes after."""
SENTENCE_END = re.compile(r"[.:;]\s|[。：；]|\.$")
HEADINGS = {"Options": "cli.heading_options", "Commands": "cli.heading_commands"}
OWN_TEXT = {
    ("_generate", "aspect_ratio"): "cli.option_new_aspect_ratio",
    ("_doctor", "model"): "cli.option_live_model",
    ("_doctor", "out"): "cli.option_live_out",
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


def _say(words: object, *, err: bool = False) -> None:
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
        _say(ctx.get_help(), err=True)
        ctx.exit(2)


def _begun(_: click.Context, option: click.Parameter, typed: str) -> list[str]:
    """What the shell may complete: the catalog's own words that go on as typed."""
    known: Mapping[str, Callable[[], Iterable[str]]] = {
        "model": lambda: (name for info in MODELS.values() for name in (info.nickname, info.id)),
        "aspect_ratio": lambda: (ratio for info in MODELS.values() for ratio in info.aspect_ratios),
        "image_size": all_sizes,
    }
    return [word for word in dict.fromkeys(known[str(option.name)]()) if word.startswith(typed)]


def _edit_options(command: Any) -> Any:
    """The options that edit and generate share."""
    for option in reversed(
        (
            click.option("-r", "--ratio", "aspect_ratio", metavar="W:H", shell_complete=_begun),
            click.option("-s", "--size", "image_size", type=str.upper, shell_complete=_begun),
            click.option("-m", "--model", shell_complete=_begun),
            click.option("-o", "--out", type=click.Path()),
            click.option("-f", "--force", is_flag=True),
            click.option("--json", "as_json", is_flag=True),
            click.option("-n", "--takes", type=click.IntRange(1), default=1),
            click.option("--fresh", is_flag=True),
        )
    ):
        command = option(command)
    return command


@cli.command()
@click.argument("photos", nargs=-1, metavar="PHOTO...")
@click.argument("prompt")
@_edit_options
def edit(
    photos: tuple[str, ...], prompt: str, out: str | None, force: bool, as_json: bool, **asked: Any
) -> None:
    """Edit photos."""
    _check_out(out, asked["takes"], as_json=as_json)
    if _exists(prompt):
        raise click.UsageError(say("cli.prompt_is_a_file", name=prompt))
    if not photos:
        raise click.UsageError(say("cli.missing", name="PHOTO"))
    if photos.count(PIPE) > 1:
        raise click.UsageError(say("cli.piped_once"))
    _check_quotes(photos, prompt)
    session, began = _own_session(), datetime.now()
    with _waiting(session, photos, asked) as pictures:
        result = session.edit(pictures, prompt, **asked)
    _report(result, out, force, began, as_json=as_json)


def _check_out(out: str | None, takes: int, *, as_json: bool) -> None:
    """One picture goes to standard output, alone, and to no screen."""
    if out != PIPE:
        return
    if takes > 1 or as_json:
        raise click.UsageError(say("cli.pipe_alone", option="--json" if as_json else "--takes"))
    if sys.stdout.isatty():
        raise click.UsageError(say("cli.pipe_is_screen"))


def _read(photos: Sequence[str]) -> list[ImageData]:
    """The pictures in order, and a line for each: what it is that will be sent."""
    pictures = []
    for photo in photos:
        picture = _piped() if photo == PIPE else as_image(photo)
        _say(say("cli.read", photo=photo, facts=_facts_of(picture)), err=True)
        pictures.append(picture)
    return pictures


def _piped() -> ImageData:
    """The picture on standard input."""
    if sys.stdin.isatty():
        raise click.UsageError(say("cli.nothing_piped"))
    return as_image(sys.stdin.buffer.read(MAX_BYTES + 1), name="stdin")


def _facts_of(picture: ImageData) -> str:
    width, height = picture.shown_size
    kind = picture.mime_type.removeprefix("image/").upper()
    return say("cli.facts", size=f"{width}×{height}", kind=kind, bytes=_text.amount(len(picture.data)))


def _exists(word: str) -> bool:
    """Is there such a file? A long prompt is no file, and ``Path`` would raise for it."""
    return os.path.isfile(os.path.expanduser(word))  # noqa: PTH111, PTH113


def _check_quotes(photos: Sequence[str], prompt: str) -> None:
    """``edit cat.jpg Make it night``: words after the photos that can be no file are the prompt's."""
    for at, word in enumerate(photos):
        if at and word != PIPE and not _exists(word) and not Path(word).suffix and ":" not in word:
            command = shlex.join(photos[:at])
            meant = f'nb-banana edit {command} "{" ".join((*photos[at:], prompt))}"'
            raise click.UsageError(say("cli.prompt_unquoted", name=word, command=meant))


@cli.command()
@click.argument("prompt")
@_edit_options
def generate(prompt: str, out: str | None, force: bool, as_json: bool, **asked: Any) -> None:
    """Make a picture from words."""
    _check_out(out, asked["takes"], as_json=as_json)
    session, began = _own_session(), datetime.now()
    with _waiting(session, (), asked):
        result = session.generate(prompt, **asked)
    _report(result, out, force, began, as_json=as_json)


def _own_session() -> Session:
    """A session whose notices (sandbox, other keys, where the history went) go to stderr."""
    return Session(tell=partial(_say, err=True))


@contextlib.contextmanager
def _waiting(
    session: Session, photos: Sequence[str], asked: Mapping[str, Any]
) -> Iterator[list[ImageData]]:
    """Read the pictures; say where they went and the usual time, once a request is under way for a while."""
    usual = ""
    with contextlib.suppress(NanoBananaError, LookupError):  # the edit itself says what can't be asked
        provider = session.endpoint.provider
        one = prices.estimate(asked["model"], asked["image_size"], images=len(photos), provider=provider)
        usual = _text.span(*one.seconds) if one.seconds else ""
    endpoint = session.endpoint
    line = say(
        "cli.waiting" if usual else "cli.waiting_longer",
        what=_text.shortened(", ".join(photos) or say("cli.the_prompt"), 200),
        count=len(photos),
        takes=asked["takes"],
        place=endpoint.provider.title if endpoint.is_sandbox else urlsplit(endpoint.base_url).netloc,
        usual=usual,
    )
    pictures = _read(photos)

    def show(_: str) -> Callable[[], None]:
        _say(line, err=True)
        return lambda: None

    before = shown_by.set(show)
    try:
        yield pictures
    finally:
        shown_by.reset(before)


def _report(result: EditResult, out: str | None, force: bool, began: datetime, *, as_json: bool) -> None:
    """Save every picture of every take, and say where each is, what it cost, and when all that was."""
    found = []
    for hint in hints(result):
        _say(hint, err=True)
    for take in result.takes:
        for warning in take.warnings:
            _say(warning, err=True)
        if out == PIPE:
            click.echo(take.image.data, nl=False)
            _say(_facts_and_cost(take, take.image), err=True)
        for number, image in enumerate(take.images if out != PIPE else ()):
            numbers = (len(result.takes) > 1 and take.take, len(take.images) > 1 and number + 1)
            path = _write(image, out, numbers, force) if out else image.save()
            if as_json:
                found.append(_plain(take, image, path) | {"warnings": take.warnings})
            else:
                _say(say("cli.saved", path=path, facts=_facts_and_cost(take, image)))
        if take.text:
            _say(take.text, err=True)
    if as_json:
        _say_json(found)
    if not all(take.replayed for take in result.takes):
        _say(say("cli.began_ended", began=f"{began:%H:%M:%S}", ended=f"{datetime.now():%H:%M:%S}"), err=True)


def _facts_and_cost(take: EditResult, image: ImageData) -> str:
    if take.replayed:
        return say("cli.replayed")
    return say(
        "cli.facts_and_cost",
        facts=_facts_of(image),
        time=_text.seconds(take.elapsed),
        cost=_text.money(take.cost, sandbox=take.sandbox),
    )


def _plain(take: EditResult, image: ImageData, path: Path) -> dict[str, Any]:
    """One saved picture as plain values; ``cost`` is null where nobody knows it."""
    width, height = image.shown_size
    cost = take.cost.amount
    return {
        "path": str(path), "width": width, "height": height, "mime_type": image.mime_type,
        "sha256": image.sha256, "model": take.model, "take": take.take, "record": take.record_id,
        "cost": None if cost is None else str(cost), "currency": take.cost.currency,
        "sandbox": take.sandbox, "replayed": take.replayed, "elapsed": take.elapsed, "text": take.text,
    }  # fmt: skip


def _say_json(value: object) -> None:
    """For another program: in ASCII, so that no terminal is steered and no encoding loses a letter."""
    click.echo(json.dumps(value, indent=2))


def _write(image: ImageData, name: str, numbers: Sequence[int], force: bool) -> Path:
    """Write under the name asked for or, where another file has it, the next free one; say what differs.

    Into a folder, one that is yet to be made too, a picture goes under a name of its own.
    """
    place = os.path.expanduser(name)  # noqa: PTH111 - leaves an unknown ~user as it is
    into = place.endswith(("/", os.sep)) or os.path.isdir(place)  # noqa: PTH112
    asked = Path(place) if into else _numbered(Path(place), *numbers)
    target = with_true_suffix(asked, image.mime_type)
    folder = asked if into else target.parent
    new_folder = not os.path.exists(folder)  # noqa: PTH110 - any text may come
    path = save_picture(image.data, image.mime_type, f"{asked}/" if into else asked, replace=force)
    if new_folder:
        _say(say("cli.new_folder", folder=folder), err=True)
    if into:
        return path
    if sentence := told_of_suffix(asked, path):
        _say(sentence, err=True)
    if path != target:
        _say(say("cli.name_taken", path=target), err=True)
    return path


def _numbered(path: Path, *numbers: int) -> Path:
    """``cat.png`` → ``cat-2.png`` where there are several."""
    return path.with_stem("-".join([path.stem, *(str(number) for number in numbers if number)]))


@cli.command(context_settings={"ignore_unknown_options": True})
@click.option("--no-browser", is_flag=True)
@click.option("--port", type=click.IntRange(1, 65535))
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=NOTEBOOK_FOLDER)
@click.argument("jupyter", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTER OPTIONS]...")
def lab(no_browser: bool, port: int | None, folder: Path, jupyter: tuple[str, ...]) -> None:
    """Open the tutorials in JupyterLab."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise NanoBananaError(say("cli.no_lab"), hint=say("cli.no_lab_hint"))
    copied = copy_notebooks(folder)
    if copied:
        _say(say("cli.copied", count=len(copied), folder=folder), err=True)
    command = [sys.executable, "-c", START_LAB, "--Application.log_level=ERROR"]
    command += ["--ServerApp.answer_yes=True"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port else []
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command += ["--no-browser"] if no_browser else []
    with _running([*command, FIRST_NOTEBOOK, *jupyter], folder) as server:
        _say(say("cli.lab_address", address=_lab_address(server)))
        _say(say("cli.stop"), err=True)
        server.wait()
    if server.returncode:
        raise NanoBananaError(say("cli.lab_failed", code=server.returncode))


def copy_notebooks(folder: Path) -> list[Path]:
    """Copy the tutorials and their pictures; a file that is already there is the reader's and stays."""
    source = PACKAGED_NOTEBOOKS if PACKAGED_NOTEBOOKS.is_dir() else CHECKOUT_NOTEBOOKS
    made = []
    for path in sorted(source.rglob("*")):
        target = folder / path.relative_to(source)
        hidden = any(part.startswith(".") or part == "nb_banana_history" for part in target.parts)
        if path.is_file() and not hidden and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            made.append(target)
    return made


@contextlib.contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A child that ends with us, whether we end by Ctrl-C, by SIGTERM or by an error."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    child = subprocess.Popen(command, cwd=folder, env=_quiet(os.environ))
    try:
        yield child
    finally:
        signal.signal(signal.SIGTERM, before)
        child.terminate()
        child.wait()


def _quiet(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Jupyter prints no addresses of its own, which open no tutorial.

    It prints them for a token it made itself, so the token is ours.
    """
    if not environ.keys().isdisjoint(("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE")):
        return dict(environ)
    return {**environ, "JUPYTER_TOKEN": secrets.token_hex(24)}


def _lab_address(server: subprocess.Popen[bytes]) -> str:
    """The address with its token, from the file a Jupyter server writes about itself once it is up."""
    from jupyter_core.paths import jupyter_runtime_dir  # of the lab extra

    facts = Path(jupyter_runtime_dir()) / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError, ValueError):  # not written yet, or half written
            found = json.loads(facts.read_text(encoding="utf-8"))
            return f"{found['url']}lab/tree/{FIRST_NOTEBOOK}?token={found['token']}"
        time.sleep(0.1)
    raise NanoBananaError(say("cli.lab_failed", code=server.poll()))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765)
@click.option("--fault")
@click.option("--delay", type=click.FloatRange(0), default=0.0)
def sandbox(port: int, fault: str | None, delay: float) -> None:
    """Serve the sandbox."""
    from ._sandbox.server import run_forever  # loaded when it is served: every other command does without

    try:
        run_forever(port, delay, fault, _say)
    except OSError as error:
        raise NanoBananaError(say("cli.port_taken", port=port, reason=error.strerror)) from None


@cli.command()
@click.option("--provider", default="apiyi")
def models(provider: str) -> None:
    """List the models."""
    _say(str(table.models(provider)))


@cli.command()
@click.option("-m", "--model", shell_complete=_begun)
@click.option("-s", "--size", "image_size", type=str.upper, shell_complete=_begun)
@click.option("-n", "--count", type=click.IntRange(1), default=1)
@click.option("--images", type=click.IntRange(0), default=1)
@click.option("--provider", default="apiyi")
@click.option("--as-of", metavar="YYYY-MM-DD")
def estimate(**asked: Any) -> None:
    """Say what edits would cost and take."""
    _say(str(prices.estimate(**asked)))


@cli.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.jsonl")
@click.option("-n", "--count", type=click.IntRange(1), default=20)
@click.option("--json", "as_json", is_flag=True)
def history(folder: Path | None, export: Path | None, count: int, as_json: bool) -> None:
    """Show or export the history."""
    kept = History.open(folder)
    if not kept.folder.is_dir():  # looking must not make a folder
        raise NanoBananaError(say("cli.no_history", folder=kept.folder), hint=say("cli.no_history_hint"))
    if export:
        _say(say("cli.exported", path=kept.export_jsonl(export)))
        return
    if as_json:
        _say_json([record.to_dict() for record in kept.records(limit=count)])
        return
    for line in _text.aligned(map(_facts, kept.records(limit=count))):
        _say(line)


def _facts(record: Record) -> tuple[str, ...]:
    """One attempt in a row: when, how it ended, what came, what it cost, what was asked, where it lies."""
    picture = record.outputs[-1] if record.outputs else None
    return (
        f"{record.timestamp.astimezone():%Y-%m-%d %H:%M}",
        say(f"history_view.{record.status}"),
        f"{picture.width}×{picture.height}" if picture else record.error_category or "",
        cost(record),
        _text.shortened(record.prompt, 60),
        str(record.shelf.path(picture)) if picture else _text.one_line(record.error_message),
    )


@cli.command()
def decode() -> None:
    """Read an answer, write its picture: the last step of what ``result.to_curl()`` prints."""
    lifter = Lifter()
    for chunk in iter(lambda: sys.stdin.buffer.read(65536), b""):
        lifter.feed(chunk)
    reply = lifter.finish()
    answer = read_reply(200, {}, reply)
    if isinstance(answer, failures.Failure) and answer.inner_status:
        answer = read_reply(answer.inner_status, {}, reply)  # curl kept the status to itself; the body has it
    if isinstance(answer, failures.Failure):
        raise failures.error_of(answer, model="", base_url=say("cli.the_provider"))
    links = answer.links or (() if refuses(answer.text) else answer.mentions)
    if not answer.images and not links:
        raise failures.refusal(answer, 200, {}, reply.text)
    picture = answer.images[-1].data if answer.images else fetch(links[-1], named_by="answer")
    click.echo(picture, nl=False)


@cli.command()
@click.option("--live", is_flag=True)
@click.option("-y", "--yes", is_flag=True)
@click.option("-m", "--model", shell_complete=_begun)
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def doctor(
    ctx: click.Context, live: bool, yes: bool, model: str | None, out: Path | None, as_json: bool
) -> None:
    """Check the set-up."""
    if live:
        check = Check(_own_session(), model)
        doors = Doors(partial(_say, err=True), _say, agreed if yes else _answer)
        ctx.exit(0 if run_live(check, doors, out=out, as_json=as_json) else 1)
    for option, given in (("--yes", yes), ("--model", model), ("--out", out)):
        if given:
            raise click.UsageError(say("live.only_live", option=option))
    found = findings()
    if as_json:
        _say_json([asdict(finding) for finding in found])
    else:
        _say("\n".join(map(str, found)))
    ctx.exit(0 if all(finding.fine for finding in found) else 1)


def _answer(question: str) -> str | None:
    """A person's answer; None where there is no terminal to ask at."""
    if not sys.stdin or not sys.stdin.isatty():
        return None
    click.echo(question, nl=False, err=True)
    return sys.stdin.readline()


def _translate(command: click.Command, path: str = "") -> None:
    """Put the help of the current language on a command, its options and its subcommands."""
    command.help = say(f"cli.help{path}", nicknames=_nicknames() if path == "_models" else "")
    command.short_help = SENTENCE_END.split(command.help)[0]
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = say(OWN_TEXT.get((path, option.name or ""), f"cli.option_{option.name}"))
            if option.name == "image_size":
                option.metavar = "|".join(all_sizes())
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            _translate(below, f"{path}_{name}")


def _nicknames() -> str:
    """The shortest name of every model."""
    return ", ".join(
        f"{min(info.nicknames, key=len)} = {info.nickname}" for info in MODELS.values()
    )


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
    _say(str(message), err=True)


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
        _say(ctx.get_usage(), err=True)
        _say(say("cli.try_help", command=f"{ctx.command_path} --help") + "\n", err=True)
    _say(say("cli.error", problem=_complaint(problem)), err=True)


def _unwritten(problem: OSError) -> None:
    """A full disk behind ``> file`` is said where it still can be, and nothing more is tried at the exit."""
    sys.stdout = None
    with contextlib.suppress(OSError):
        _say(say("cli.unwritten", reason=problem.strerror), err=True)


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
            _say(f"nb-banana: {problem}", err=True)
            return 2 if isinstance(problem, InvalidRequestError) and not problem.attempts else 1
        except OSError as problem:
            if problem.filename is not None:
                raise
            _unwritten(problem)
            return 1
        except (KeyboardInterrupt, click.Abort):
            _say(say("cli.interrupted"), err=True)
            return 130
    return code if isinstance(code, int) else 0  # what ``ctx.exit`` was given; a command itself gives None
