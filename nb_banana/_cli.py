"""``nb-banana``: the same edits from a terminal, and the way into the tutorials.

Rules of this room:

- A command is another door to the session, never another way to edit.
- Results go to stdout, everything said about them (warnings, the sandbox notice, errors) to stderr.
- The exit code is 0 when it worked, 1 when it did not, 2 when the command line itself was wrong, and 130
  after Ctrl-C. An error is one sentence and the next step, never a traceback.
- Texts are not written at the commands but looked up for them (``cli.help_…``, ``cli.option_…``), because
  the language is known only when the command line has been seen.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from . import __version__, _catalog, _session
from ._fetch import fetch
from ._history import History, Record
from ._result import EditResult
from ._strings import say, speaking, use_language
from ._wire import Lifter, failures, read_reply
from .errors import InvalidRequestError, NanoBananaError

PACKAGED_NOTEBOOKS = Path(__file__).parent / "_notebooks"
CHECKOUT_NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NOTEBOOK_FOLDER = "nb_banana_notebooks"
FIRST_NOTEBOOK = "quickstart.ipynb"
SERVER_SECONDS = 90
SENTENCE_END = re.compile(r"[.:;]\s|[。：；]|\.$")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", metavar="en|zh")
@click.version_option(__version__, prog_name="nb-banana")
def cli(lang: str | None) -> None:
    """Edit images with the Nano Banana models."""


def _edit_options(command: Any) -> Any:
    """The options that edit and generate share."""
    for option in reversed(
        (
            click.option("-r", "--ratio", "aspect_ratio", metavar="W:H"),
            click.option("-s", "--size", "image_size", metavar="512|1K|2K|4K"),
            click.option("-m", "--model"),
            click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False)),
            click.option("-n", "--takes", type=click.IntRange(1), default=1),
            click.option("--fresh", is_flag=True),
        )
    ):
        command = option(command)
    return command


@cli.command()
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.argument("prompt")
@_edit_options
def edit(photos: tuple[str, ...], prompt: str, out: Path | None, **asked: Any) -> None:
    """Edit photos."""
    if Path(prompt).is_file():
        raise click.UsageError(say("cli.prompt_is_a_file", name=prompt))
    _report(_session.edit(list(photos), prompt, session=_own_session(), **asked), out)


@cli.command()
@click.argument("prompt")
@_edit_options
def generate(prompt: str, out: Path | None, **asked: Any) -> None:
    """Make a picture from words."""
    _report(_session.generate(prompt, session=_own_session(), **asked), out)


def _own_session() -> _session.Session:
    """A session whose notices (sandbox, other keys, where the history went) go to stderr."""
    return _session.Session(tell=partial(click.echo, err=True))


def _report(result: EditResult, out: Path | None) -> None:
    """Save every picture of every take, and say where each is and what it cost."""
    for take in result.takes:
        for warning in take.warnings:
            click.echo(warning, err=True)
        for number, image in enumerate(take.images):
            name = out and _numbered(
                out, len(result.takes) > 1 and take.take, len(take.images) > 1 and number + 1
            )
            path = take.save(name) if image is take.image else image.save(name)
            facts = say(
                "cli.facts",
                size=f"{image.width}×{image.height}",
                seconds=f"{take.elapsed:.1f}",
                cost=take.cost,
            )
            click.echo(say("cli.saved", path=path, facts=say("cli.replayed") if take.replayed else facts))
        if take.text:
            click.echo(take.text, err=True)


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
        click.echo(say("cli.copied", count=len(copied), folder=folder), err=True)
    command = [sys.executable, "-m", "jupyterlab", "--Application.log_level=ERROR"]
    command += ["--ServerApp.answer_yes=True"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port else []
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command += ["--no-browser"] if no_browser else []
    with _running([*command, FIRST_NOTEBOOK, *jupyter], folder) as server:
        click.echo(say("cli.lab_address", address=_lab_address(server)))
        click.echo(say("cli.stop"), err=True)
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
    child = subprocess.Popen(command, cwd=folder)
    try:
        yield child
    finally:
        signal.signal(signal.SIGTERM, before)
        child.terminate()
        child.wait()


def _lab_address(server: subprocess.Popen[bytes]) -> str:
    """The address with its token, from the file a Jupyter server writes about itself once it is up."""
    from jupyter_core.paths import jupyter_runtime_dir

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
    from ._sandbox.server import run_forever

    try:
        run_forever(port, delay, fault)
    except OSError as error:
        raise NanoBananaError(say("cli.port_taken", port=port, reason=error.strerror)) from None


@cli.command()
@click.option("--provider", default="apiyi")
def models(provider: str) -> None:
    """List the models."""
    click.echo(str(_catalog.models(provider)))


@cli.command()
@click.option("-m", "--model")
@click.option("-s", "--size", "image_size", metavar="512|1K|2K|4K")
@click.option("-n", "--count", type=click.IntRange(1), default=1)
@click.option("--images", type=click.IntRange(0), default=1)
@click.option("--provider", default="apiyi")
@click.option("--as-of", metavar="YYYY-MM-DD")
def estimate(**asked: Any) -> None:
    """Say what edits would cost and take."""
    click.echo(str(_catalog.estimate(**asked)))


@cli.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.jsonl")
@click.option("-n", "--count", type=click.IntRange(1), default=20)
def history(folder: Path | None, export: Path | None, count: int) -> None:
    """Show or export the history."""
    kept = History.open(folder)
    if not kept.folder.is_dir():  # looking must not make a folder
        raise NanoBananaError(say("cli.no_history", folder=kept.folder), hint=say("cli.no_history_hint"))
    if export:
        click.echo(say("cli.exported", path=kept.export_jsonl(export)))
        return
    for record in kept.records(limit=count):
        click.echo(_line(record))


def _line(record: Record) -> str:
    """One attempt on one line: when, how it ended, what came, what it cost, what was asked, where it lies."""
    picture = record.outputs[-1] if record.outputs else None
    facts = (
        f"{record.timestamp.astimezone():%Y-%m-%d %H:%M}",
        f"{record.status:11}",
        f"{f'{picture.width}×{picture.height}' if picture else record.error_category or '':11}",
        f"{say('cli.sandbox') if record.sandbox else str(record.cost or ''):8}",
        textwrap.shorten(record.prompt, 60, placeholder="…"),
        str(record.shelf.path(picture)) if picture else record.error_message,
    )
    return "  ".join(facts).rstrip()


@cli.command()
def decode() -> None:
    """Read an answer, write its picture: the last step of what ``result.to_curl()`` prints."""
    lifter = Lifter()
    for chunk in iter(lambda: sys.stdin.buffer.read(65536), b""):
        lifter.feed(chunk)
    reply = lifter.finish()
    answer = read_reply(200, {}, reply)
    if isinstance(answer, failures.Failure):
        raise failures.error_of(answer, model="", base_url=say("cli.the_provider"))
    if not answer.images and not answer.links:
        raise failures.refusal(answer, 200, {}, reply.text)
    picture = answer.images[-1].data if answer.images else fetch(answer.links[-1], named_by="answer")
    click.echo(picture, nl=False)


@cli.command()
def doctor() -> None:
    """Check the set-up."""
    from ._doctor import report

    click.echo(report())


def _translate(command: click.Command, path: str = "") -> None:
    """Put the help of the current language on a command, its options and its subcommands."""
    command.help = say(f"cli.help{path}")
    command.short_help = SENTENCE_END.split(command.help)[0]
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = say(f"cli.option_{option.name}")
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            _translate(below, f"{path}_{name}")


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
    click.echo(str(message), err=True)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit code."""
    words = sys.argv[1:] if words is None else words
    use_language(_terminal_language())
    with speaking(_asked_language(words)), warnings.catch_warnings():
        warnings.showwarning = _show_warning
        _translate(cli)
        try:
            cli.main(list(words), prog_name="nb-banana", standalone_mode=False)
        except click.ClickException as problem:
            problem.show()
            return problem.exit_code
        except NanoBananaError as problem:
            click.echo(f"nb-banana: {problem}", err=True)
            return 2 if isinstance(problem, InvalidRequestError) and not problem.attempts else 1
        except (KeyboardInterrupt, click.Abort):
            click.echo(say("cli.interrupted"), err=True)
            return 130
    return 0
