"""``nb-banana compare``: a plan and its price, a yes, how far it is, and what came of it."""

from __future__ import annotations

import os
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .._live.run import YES
from .._session.door import Session
from .._session.placing import endpoint_at
from .._session.typed import session_typed, settings_typed
from .._strings import say
from ..errors import InvalidRequestError
from .frame import answered, tell

if TYPE_CHECKING:
    from .._compare.comparison import Comparison
    from .._compare.estimate import PlanEstimate


def compare(*, out: str | None, force: bool, dry_run: bool, yes: bool, **asked: Any) -> int:
    """Compare prompts, models and settings over photos."""
    terminal = import_module("nb_banana._compare.terminal")
    if not asked["prompts"]:
        raise click.UsageError(say("cli.missing", name="'-p' / '--prompt'"))
    target = _target(out)
    how = {name: asked.pop(name) for name in ("order", "concurrency")}
    only, again = asked.pop("only"), asked.pop("retry_failed")
    plan: Comparison = import_module("nb_banana._compare.comparison").compare(**_planned(**asked))
    cells = terminal.chosen(plan, only, failed=again)
    here = plan if cells is None else terminal.part(plan, cells)
    price = here.estimate(how["concurrency"])
    if dry_run:
        tell(plan if cells is None else price)
        return 0
    if not _agreed(price, free=yes or terminal.is_sandbox(plan)):
        return 0
    with terminal.gentle(plan, lambda: tell(say("running.cli_stopping"), err=True)) as interrupted:
        plan.run(cells=cells, **how)
    tell(plan)
    if target is not None:
        tell(say("running.cli_written", path=plan.export(target if force else _free(target))))
    if interrupted:
        tell(say("running.cli_resume"), err=True)
    return 130 if interrupted else 1 if _fell_short(plan) else 0


def _fell_short(plan: Comparison) -> bool:
    return bool(plan.failed or plan.stopped)


def _planned(
    *, photos: tuple[str, ...], prompts: tuple[str, ...], seeds: tuple[str, ...], endpoints: tuple[str, ...],
    insecure: bool, takes: int, **several: tuple[str, ...],
) -> dict[str, Any]:  # fmt: skip
    """What to plan, at the place or the places named; the session's notices go to stderr."""
    session = Session(tell=partial(tell, err=True))
    places = None
    if len(endpoints) > 1:
        places = {name: endpoint_at(name, insecure=insecure) for name in endpoints}
    else:
        session = session_typed(session, endpoint=endpoints[0] if endpoints else None, insecure=insecure)
    return {
        "images": list(photos) or None, "prompts": list(prompts), "endpoints": places, "takes": takes,
        "seeds": [settings_typed(seed=seed)["seed"] for seed in seeds] or None, "session": session,
        **{name: list(values) or None for name, values in several.items()},
    }  # fmt: skip


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


def _target(out: str | None) -> Path | None:
    """Where the results go; what can't be written is said before anything is paid."""
    if out is None:
        return None
    path = Path(os.path.expanduser(out))  # noqa: PTH111 - leaves an unknown ~user as it is
    kinds = import_module("nb_banana._report.export").KINDS
    if path.suffix.lower() not in kinds:
        raise click.UsageError(say("running.cli_out", name=out, kinds=", ".join(kinds)))
    if not path.parent.is_dir():
        raise click.UsageError(say("running.cli_no_folder", folder=path.parent))
    return path


def _free(path: Path) -> Path:
    """The name, or the next one that no file has."""
    names = (path.with_stem(f"{path.stem}_{number}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())
