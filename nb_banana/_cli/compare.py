"""``nb-banana compare`` and ``batch``: a plan and its price, a yes, how far it is, and what came of it."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import copy_context
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .._images.data import MAX_BYTES
from .._images.sources import as_image
from .._live.run import YES
from .._result import EditResult
from .._session.door import Session
from .._session.placing import endpoint_at
from .._session.typed import session_typed, settings_typed
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from . import planfile
from .edits import as_plain, asked_of, checked, facts_and_cost, saved
from .files import PIPE, check_out, expanded, free, piped, place_of, put, target_of
from .frame import answered, tell, tell_json, told_at_end

if TYPE_CHECKING:
    from .._compare.comparison import Comparison
    from .._compare.estimate import PlanEstimate

_PAUSE: Final = 1.0
"""Seconds between two lines in a pipe."""
_EDITED: Final = "edited"


def compare(
    *, out: str | None, force: bool, dry_run: bool, yes: bool, as_json: bool, **asked: Any
) -> int:
    """Compare prompts, models and settings over photos."""
    plan_at = asked.pop("write_plan")
    filed = _filed(asked)
    if plan_at is not None:
        return _written(plan_at, asked, out, force=force, file=bool(filed))
    # Taken out of the file whatever is typed: the plan itself knows nothing of them.
    filed = {"order": "spread", "concurrency": 4, "out": None, **filed}
    how = {name: _first(asked.pop(name), filed.pop(name)) for name in ("order", "concurrency")}
    target = target_of(_first(out, filed.pop("out")), import_module("nb_banana._report.export").KINDS)
    part = {name: asked.pop(name) for name in ("only", "retry_failed")}
    terminal = import_module("nb_banana._compare.terminal")
    plan: Comparison = _door().compare(**_planned(filed, **asked))
    _check_table(plan, target)
    cells = terminal.chosen(plan, part["only"], failed=part["retry_failed"])

    def over() -> None:
        with told_at_end() as lines:
            lines.append((plan, as_json))
            if target is not None:
                terminal.fill(plan)
                path = plan.export(target if force else free(target))
                lines.append((say("running.cli_written", path=path), as_json))

    code = _carried_out(plan, how, over, cells=cells, dry_run=dry_run, yes=yes, quiet=as_json)
    if code is None and not dry_run:
        return 0
    if as_json:
        tell_json([_row(plan, place) for place in range(len(plan))])
    return code or 0


def _first(typed: Any, filed: Any) -> Any:
    return filed if typed is None else typed


def _check_table(plan: Comparison, target: Path | None) -> None:
    """A table that can't be, for want of a question or of pyarrow, is refused before anything is paid."""
    suffix = "" if target is None else target.suffix.lower()
    question_of = import_module("nb_banana._report.facts").question_of  # looks at the cells alone
    if suffix == ".tex" and question_of(plan) is None:
        raise InvalidRequestError(say("report.no_table"), hint=say("report.no_table_hint"))
    if suffix == ".parquet":
        import_module("nb_banana._report.tables").writer_of_parquet()


def _door() -> Any:
    """The room of comparisons; it is named and not imported, for it stands on all others."""
    return import_module("nb_banana._compare.comparison")


def _filed(asked: dict[str, Any]) -> dict[str, Any]:
    """What the plan's file says, where one is named; its name is taken off the photos."""
    names = [name for name in asked["photos"] if name.lower().endswith(".toml")]
    if len(names) > 1:
        raise click.UsageError(say("planfile.one"))
    asked["photos"] = expanded(name for name in asked["photos"] if name not in names)
    filed = planfile.read(Path(names[0]).expanduser()) if names else {}
    if not asked["prompts"] and "prompts" not in filed:
        raise click.UsageError(say("cli.missing", name="'-p' / '--prompt'"))
    return filed


def _written(place: Path, asked: Mapping[str, Any], out: str | None, *, force: bool, file: bool) -> int:
    """Write down what was typed as a plan's file; nothing is planned, nothing is sent."""
    if file or place.suffix.lower() != ".toml":
        raise click.UsageError(say("planfile.one" if file else "planfile.suffix", path=place))
    names = ("photos", "prompts", "models", "aspect_ratios", "image_sizes", "endpoints", "takes", "order")
    typed: dict[str, Any] = {name: asked[name] for name in (*names, "concurrency")}
    typed["seeds"] = [settings_typed(seed=seed)["seed"] for seed in asked["seeds"]]
    typed["out"] = out and planfile.beside(out, place.parent)
    path = put(place_of(str(place), place.name), planfile.written(typed, place).encode(), force=force)
    tell(say("cli.exported", path=path))
    if asked["insecure"]:
        tell(say("planfile.insecure", path=path), err=True)
    return 0


def _carried_out(
    plan: Comparison, how: Mapping[str, Any], over: Callable[[], object], *, dry_run: bool, yes: bool,
    quiet: bool, cells: list[int] | None = None,
) -> int | None:  # fmt: skip
    """Say the price, ask, run; gives the exit code, or None where nothing was run.

    ``over()`` saves what came and then tells it: perhaps nobody reads on (``| head``).
    """
    terminal = import_module("nb_banana._compare.terminal")
    here = plan if cells is None else terminal.part(plan, cells)
    price = here.estimate(how["concurrency"])
    if dry_run:
        tell(plan if cells is None else price, err=quiet)
        return None
    if not _agreed(price, free=yes or terminal.is_sandbox(plan)):
        return None
    stopping = partial(tell, say("running.cli_stopping"), err=True)
    with terminal.gentle(plan, stopping) as interrupted, _told(plan):
        plan.run(cells=cells, **how)
    over()
    if interrupted:
        tell(say("running.cli_resume"), err=True)
    failed = [cell for cell in plan.failed if cells is None or cell.index in cells]
    return 130 if interrupted else 1 if failed or plan.stopped else 0


@contextlib.contextmanager
def _told(plan: Comparison) -> Iterator[None]:
    """How far it is, a line now and then: a terminal has one line of the run itself, a pipe has these."""
    if sys.stderr.isatty():
        yield
        return
    spoken, before = copy_context(), [time.monotonic()]  # the language is this thread's

    def look() -> None:
        if plan.progress.running and time.monotonic() - before[0] >= _PAUSE:
            before[0] = time.monotonic()
            spoken.copy().run(tell, plan.progress, err=True)

    end = plan.when_changed(look)
    try:
        yield
    finally:
        end()


def _planned(
    filed: Mapping[str, Any], *, photos: tuple[str, ...], prompts: tuple[str, ...], seeds: tuple[str, ...],
    takes: int | None, **asked: Any,
) -> dict[str, Any]:  # fmt: skip
    """What to plan, at the place or the places named; what is typed goes before what the file says."""
    endpoints, insecure = asked.pop("endpoints"), asked.pop("insecure")
    session = Session(tell=partial(tell, err=True))
    places: Any = None
    if len(endpoints) > 1:
        places = {name: endpoint_at(name, insecure=insecure) for name in endpoints}
    elif insecure and not endpoints and "endpoints" in filed:
        places = _allowed(filed["endpoints"])
    else:
        session = session_typed(session, endpoint=endpoints[0] if endpoints else None, insecure=insecure)
    # What is typed goes before what the file says of the same, whatever it is called there.
    gone = {"endpoints": endpoints, "seed": seeds}
    filed = {name: value for name, value in filed.items() if not gone.get(name)}
    typed = {
        "images": list(photos), "prompts": list(prompts), "endpoints": places, "takes": takes,
        "seeds": [settings_typed(seed=seed)["seed"] for seed in seeds],
        **{name: list(values) for name, values in asked.items()},
    }  # fmt: skip
    given = {**filed, **{name: value for name, value in typed.items() if value}}
    return {"images": None, **given, "session": session}


def _allowed(filed: Any) -> Any:
    """The places of a file with plain http to a private address allowed: a file itself allows nothing."""
    if isinstance(filed, Mapping):
        return {name: _allowed(one) for name, one in filed.items()}
    if isinstance(filed, list):
        return [_allowed(one) for one in filed]
    plain = isinstance(filed, str) and filed.strip().lower().startswith("http://")
    return endpoint_at(filed, insecure=True) if plain else filed


def _agreed(price: PlanEstimate, *, free: bool) -> bool:
    """Say what it costs, and ask where it may cost anything."""
    tell(price, err=True)
    if free or not price.to_send or (price.cost.amount == 0 and not price.unpriced):
        return True
    answer = answered(f"{say('running.cli_question', count=price.to_send)} ")
    if answer is None:
        raise InvalidRequestError(say("running.cli_nobody"), hint=say("running.cli_nobody_hint"))
    if answer.strip().lower() in YES:
        return True
    tell(say("running.cli_declined"), err=True)
    return False


def _row(plan: Comparison, place: int) -> dict[str, Any]:
    """One cell as plain values: where it stands in the plan, and what came of it."""
    cell, came = plan.cells[place], plan[place]
    row: dict[str, Any] = {
        "cell": place, "image": cell.image, "prompt": cell.prompt, "model": cell.model, "take": cell.take,
        "error": came.message if isinstance(came, NanoBananaError) else None, "sha256": None, "cost": None,
    }  # fmt: skip
    if isinstance(came, EditResult):
        amount = came.cost.amount
        cost = None if amount is None else str(amount)
        row |= {"sha256": came.image.sha256, "model": came.model, "record": came.record_id, "cost": cost}
    return row


# ── one instruction over many photos ────────────────────────────────────────────────────────────────


def batch(
    *, photos: tuple[str, ...], prompt: str, out: str | None, force: bool, as_json: bool, takes: int,
    concurrency: int, dry_run: bool, yes: bool, **typed: Any,
) -> int:  # fmt: skip
    """Edit each photo as the prompt says, and save each picture under its photo's name."""
    check_out(out, "batch")
    names = checked(photos, prompt, "batch")
    folder = Path(out or _EDITED).expanduser()
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(say("cli.batch_folder", name=out))
    wire = typed.pop("wire")
    session, asked = asked_of({**typed, "wire": None})
    axes = {f"{name}s": asked.pop(name) for name in ("model", "aspect_ratio", "image_size")}
    plan: Comparison = _door().compare(
        [as_image(piped(MAX_BYTES), name="stdin") if name == PIPE else name for name in names], prompt,
        **axes, **asked, wires=wire, takes=takes, session=session,
    )  # fmt: skip
    how = {"concurrency": concurrency, "order": "plan"}
    rows: list[dict[str, Any]] = []

    def over() -> None:
        with told_at_end() as lines:
            lines.append((plan, True))
            for cell in plan.cells:
                take = cell.take if takes > 1 else 0
                row, line = _saved(plan[cell], names[cell.index // takes], folder, take, force)
                rows.append(row)
                lines.append((line, as_json or row["error"] is not None))

    code = _carried_out(plan, how, over, dry_run=dry_run, yes=yes, quiet=as_json or not dry_run)
    if code is None and not dry_run:
        return 0
    for cell in plan.cells if dry_run else ():
        came = plan[cell]
        error = came.message if isinstance(came, NanoBananaError) else None
        rows.append({"photo": names[cell.index // takes], "path": None, "error": error})
    if as_json:
        tell_json(rows)
    return code or 0


def _saved(came: Any, name: str, folder: Path, take: int, force: bool) -> tuple[dict[str, Any], str]:
    """Save one picture; gives what is to be known of it, and says where it is or why there is none."""
    row: dict[str, Any] = {"photo": name, "path": None, "error": None}
    if not isinstance(came, EditResult):
        row["error"] = reason = came.message if came is not None else say("cli.batch_not_run")
        return row, say("cli.batch_failed", photo=name, reason=reason)
    stem = "stdin" if name == PIPE else Path(name.partition("?")[0]).stem
    path = saved(came.image, str(folder / f"{stem}.png"), (take,), force)
    return row | as_plain(came, came.image, path), say(
        "cli.saved", path=path, facts=facts_and_cost(came, came.image)
    )
