# No postponed annotations here: whoever offers a function to a program reads its types as they are.
"""Three functions that ``jupyter_server_mcp`` offers to programs: edit, estimate, history.

Rules of this room:

* Nothing that is paid is sent without a budget, and no caller sets one: it stands in ``NB_BANANA_BUDGET``,
  where whoever runs the server put it. It counts in the history's ledger, so that a restart begins nothing
  anew. The sandbox is free and needs none.
* A caller names pictures by paths below the folder the server runs in, or by ids of earlier edits; no other
  file is read, no address fetched, and no place or key is chosen by a caller.
* What comes back is paths and facts, and no picture.
"""

import asyncio
import logging
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from ._catalog.prices import estimate as estimated
from ._history.record import Record
from ._result import EditResult
from ._session.door import Session
from ._strings import say
from ._text import plain
from .errors import BudgetError, InvalidRequestError

BUDGET: Final = "NB_BANANA_BUDGET"
_NOTEBOOK: Final = "jupyter_server_mcp"
"""Under which name the ledger counts what these functions spend."""
_MOST: Final = 50
_SHOWN: Final = 500
_log: Final = logging.getLogger("nb_banana")
TOOLS: Final = [f"nb_banana._tools:nb_banana_{name}" for name in ("edit", "estimate", "history")]
"""The entry point of the group ``jupyter_server_mcp.tools``."""


async def nb_banana_edit(
    prompt: str,
    images: list[str],
    model: str | None = None,
    aspect_ratio: str | None = None,
    image_size: str | None = None,
    take: int = 1,
) -> dict[str, Any]:
    """Edit pictures as the prompt says with a Nano Banana image model; may cost money, within the owner's
    budget.

    The same request again is answered from the history for nothing; another take makes another picture.
    Without a key a free sandbox makes a placeholder picture, and "sandbox" is true.

    Args:
        prompt: the instruction, in any language.
        images: one to fourteen pictures: paths below the server's folder, or record ids of earlier edits.
        model: an id or nickname such as "nano-banana-pro"; the default when left out.
        aspect_ratio: such as "16:9"; left out, the picture keeps its own.
        image_size: "1K", "2K" or "4K"; the model's default when left out.
        take: which attempt at this very request, from 1.

    Returns:
        The path of the picture that came, its record id, size, cost and warnings.
    """
    session = _session()
    session = session.at(session.endpoint)  # what is checked is where it goes, whatever is set meanwhile
    _check_budget(session)
    given = await asyncio.to_thread(lambda: [_picture(session, one) for one in _several(images)])
    settings = {"model": model, "aspect_ratio": aspect_ratio, "image_size": image_size}
    result = await session.aedit(given, prompt, take=take, **settings)  # type: ignore[arg-type]
    return await asyncio.to_thread(_facts, session, result)


def nb_banana_estimate(
    model: str | None = None, image_size: str | None = None, count: int = 1, images: int = 1
) -> dict[str, Any]:
    """What so many edits would cost and how long they would take; sends nothing and costs nothing.

    Args:
        model: an id or nickname such as "nano-banana-pro"; the default when left out.
        image_size: "1K", "2K" or "4K"; the model's default when left out.
        count: how many finished pictures.
        images: input pictures of each edit.

    Returns:
        The cost in USD, or null where nobody knows it, the usual seconds, and the same in words.
    """
    endpoint = _session().endpoint
    found = estimated(model, image_size, count, images, endpoint.provider)
    return {
        "provider": endpoint.name, "model": found.model.nickname, "image_size": found.image_size,
        "count": found.count, "cost_usd": _usd(found.cost), "seconds": found.seconds,
        "note": found.note, "text": str(found), "budget_usd": _budget(),
    }  # fmt: skip


def nb_banana_history(text: str | None = None, limit: int = 10) -> list[dict[str, Any]]:
    """The edits made so far, newest first; sends nothing and costs nothing.

    Args:
        text: words that must occur in the prompt, the answer, the note or the tags; all edits when left out.
        limit: how many, at most 50.

    Returns:
        Of each edit its record id, moment, prompt, model, state, cost and the paths of its pictures.
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= _MOST:
        raise InvalidRequestError(say("tools.bad_limit", value=limit, most=_MOST))
    return [_told(record) for record in _session().history.records(text=text, limit=limit)]


# --- the owner's side ----------------------------------------------------------------------------


@cache
def _made(folder: str, budget: str) -> Session:
    return Session(folder=None, budget=budget or None, notebook=_NOTEBOOK, tell=_log.info)


def _session() -> Session:
    """The session of this server's folder, with the budget that its owner set."""
    return _made(str(Path.cwd()), os.environ.get(BUDGET, "").strip())


def _budget() -> str | None:
    budget = _session().budget
    return None if budget is None else str(budget)


def _check_budget(session: Session) -> None:
    """Raise :class:`BudgetError` where an edit would be paid and nobody said how much may be spent."""
    if session.budget is None and not session.sandbox:
        sentence = say("tools.no_budget", place=session.endpoint.provider.title)
        raise BudgetError(sentence, hint=say("tools.no_budget_hint", variable=BUDGET))


def _several(images: object) -> list[str]:
    given = [images] if isinstance(images, str) else images
    if not isinstance(given, list) or not given or not all(isinstance(one, str) and one for one in given):
        raise InvalidRequestError(say("tools.no_pictures"))
    return given


def _picture(session: Session, given: str) -> Path | EditResult:
    """A picture by its path below this folder, or by the edit it came from."""
    home, path = Path.cwd().resolve(), Path(given)
    try:
        found = path.resolve()
        is_here = found.is_relative_to(home) or found.is_relative_to(session.history.folder.resolve())
        there = is_here and found.is_file()
    except (OSError, ValueError, RuntimeError):  # no path at all, or one that leads round in a circle
        is_here, there = False, False
    if there:
        return found
    if path.name == given and not path.suffix:
        return session.result_of(session.history.record(given).pictured())
    why = "tools.no_such_file" if is_here else "tools.elsewhere"
    raise InvalidRequestError(say(why, path=plain(given)[:200], folder=home))


# --- what is told --------------------------------------------------------------------------------


def _facts(session: Session, result: EditResult) -> dict[str, Any]:
    image = result.image
    return {
        "path": str(image.path) if image.path else None, "record_id": result.record_id,
        "width": image.width, "height": image.height, "mime_type": image.mime_type, "model": result.model,
        "cost_usd": _usd(result.cost), "sandbox": result.sandbox, "replayed": result.replayed,
        "take": result.take, "seconds": round(result.elapsed, 2), "text": result.text[:_SHOWN],
        "warnings": list(result.warnings), "budget_usd": _budget(), "owed": str(session.account.owed),
    }  # fmt: skip


def _told(record: Record) -> dict[str, Any]:
    return {
        "record_id": record.id, "started": record.timestamp.isoformat(), "prompt": record.prompt[:_SHOWN],
        "model": record.model_sent, "status": record.status, "billing": record.billing,
        "cost_usd": _usd(record.cost) if record.cost else None, "sandbox": record.sandbox,
        "paths": [str(record.shelf.path(picture)) for picture in record.outputs],
        "error": record.error_message[:_SHOWN] if record.error_message else None,
    }  # fmt: skip


def _usd(cost: Any) -> float | None:
    known: Decimal | None = cost.dollars
    return None if known is None else float(known)


__all__ = ["TOOLS", "nb_banana_edit", "nb_banana_estimate", "nb_banana_history"]
