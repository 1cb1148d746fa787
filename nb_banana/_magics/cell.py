"""One ``%%banana`` cell: everything is checked first, then one call of the session."""

from __future__ import annotations

import argparse
import builtins
import keyword
import re
from collections.abc import Callable, Mapping
from inspect import isclass, ismodule, isroutine
from typing import Any, Final, NamedTuple

from .. import _worker
from .._asking import edit_of, request_of
from .._catalog.models import find_model
from .._catalog.prices import estimate
from .._chain.links import Chain, chain_to
from .._compare.estimate import Request
from .._compare.estimate import estimate as of_requests
from .._display import view
from .._images.saving import means_folder, numbered, path_of
from .._messages import Order, Settings, orders
from .._result import EditResult
from .._session.door import Session, parent_of
from .._session.own import current, edit, generate
from .._session.typed import region_of, session_typed, settings_typed
from .._strings import say
from .._text import plain, shortened
from ..errors import InvalidRequestError
from .background import Background
from .flags import PARSER
from .photos import photo_of, photos_of
from .terminal import show_file
from .words import filled, words_of

_PROMPT: Final = 60
_BETWEEN: Final = re.compile(r"^[ \t]*---[ \t]*$", re.MULTILINE)
"""The line that stands between the prompts of a comparison."""
_APART: Final = (
    ("compare", "fresh", "--fresh"), ("compare", "save", "--save"), ("compare", "context", "--context"),
    ("compare", "later", "--take"), ("continues", "bg", "--bg"), ("continues", "several", "-n"),
)  # fmt: skip
"""What can't be asked together, and the flag that has to go."""


class _Asked(NamedTuple):
    """A cell, checked: nothing on its line is wrong, and nothing was sent.

    Attributes:
        options: what the line says.
        photos: the pictures it names.
        prompts: what stands below it; several with ``--compare``.
        settings: model, ratio, size, mask, seed and further fields.
        session: where edits go.
    """

    options: argparse.Namespace
    photos: list[Any]
    prompts: tuple[str, ...]
    settings: Settings
    session: Session


def run(line: str, prompt: str, variables: dict[str, Any]) -> Any:
    """Do what a cell asks: an edit, a comparison, either in the background, or what it would cost."""
    asked = _checked(line, prompt, variables)
    options = asked.options
    if options.no_cache:
        print(say("magics.no_cache"))
    if options.dry_run:
        return _dry(asked)
    made = _comparison(asked) if options.compare else _edited(asked)
    if options.out:
        variables[options.out] = made
    show_file(made, asked.session.history)
    return made


def _checked(line: str, prompt: str, variables: dict[str, Any]) -> _Asked:
    options = PARSER.parse(words_of(line, variables))
    options.fresh |= options.no_cache
    _check_together(options)
    prompts = tuple(text.strip() for text in (_BETWEEN.split(prompt) if options.compare else (prompt,)))
    if not all(prompts):
        raise InvalidRequestError(say("magics.no_prompt"), hint=say("magics.usage_hint"))
    if options.compare and len(prompts) == 1:
        raise InvalidRequestError(say("magics.one_prompt"), hint=say("magics.one_prompt_hint"))
    prompts = tuple(filled(text, variables) for text in prompts)
    if options.out:
        _check_name(options.out, variables)
    photos = photos_of(([options.source] if options.source else []) + options.photos, variables)
    names = ("model", "aspect_ratio", "image_size")
    settings: Any = {name: getattr(options, name) for name in names} | dict(_settings(options, variables))
    there = {name: getattr(options, name) for name in ("endpoint", "wire", "insecure")}
    return _Asked(options, photos, prompts, settings, session_typed(current(), **there))


def _check_together(options: argparse.Namespace) -> None:
    if options.context and not options.source:
        raise InvalidRequestError(say("magics.context_alone"), hint=say("magics.context_hint"))
    said = vars(options) | {
        "later": options.take != 1, "several": options.takes != 1,
        "continues": options.context == "conversation",
    }  # fmt: skip
    names = {"compare": "--compare", "continues": "--context conversation"}
    for flag, other, shown in _APART:
        if said[flag] and said[other]:
            raise InvalidRequestError(say("magics.apart", flag=names[flag], other=shown))


def _edited(asked: _Asked) -> Any:
    options, photos, session = asked.options, asked.photos, asked.session
    often = {"take": options.take, "fresh": options.fresh}
    if options.context == "conversation":
        return _saved(_continued(asked, often), options.save)
    if options.bg:
        return _begun(asked)
    often |= {"takes": options.takes, "session": session}
    text = asked.prompts[0]
    given = {**often, **asked.settings}
    made = edit(photos, text, **given) if photos else generate(text, **given)
    return _saved(made, options.save)


def _saved(result: EditResult, path: Any) -> EditResult:
    """Write the picture there; of several takes each, under the name and the take's number."""
    several = len(result.takes) > 1 and path and not means_folder(path)
    for take in result.takes if path else ():
        saved = take.save(numbered(path_of(path), take.take) if several else path)
        print(plain(say("magics.saved", path=saved)))
    return result


def _continued(asked: _Asked, often: Mapping[str, Any]) -> EditResult:
    """The next step of the conversation that led to the picture ``--from`` names."""
    first, *more = asked.photos
    if not isinstance(first, (Chain, EditResult)):
        raise InvalidRequestError(
            say("magics.no_conversation", name=asked.options.source), hint=say("magics.context_hint")
        )
    chain = first if isinstance(first, Chain) else chain_to(first, asked.session)
    longer = chain.edit(asked.prompts[0], images=more, context="conversation", **often, **asked.settings)
    return longer.result


def _begun(asked: _Asked) -> Background:
    """An edit under way; what is wrong with the cell was told before."""
    options, text, photos = asked.options, asked.prompts[0], asked.photos
    path = options.save and path_of(options.save)
    request = edit_of(photos, text, asked.settings) if photos else request_of(None, text, asked.settings)
    several = orders(Order(request, options.take, options.fresh, parent_of(photos)), options.takes)
    asked.session.announce()

    async def made() -> EditResult:
        result = await asked.session.asend(*several)
        if path:
            await _worker.in_thread(_saved, result, path)
        return result

    return Background(made(), shortened(text, _PROMPT), then=_shower(asked))


def _shower(asked: _Asked) -> Callable[[Any], None]:
    return lambda made: show_file(made, asked.session.history)


def _plan(asked: _Asked) -> Any:
    given: dict[str, Any] = dict(asked.settings)
    several = {f"{name}s": given.pop(name) for name in ("model", "aspect_ratio", "image_size")}
    given |= {"takes": asked.options.takes, "session": asked.session}
    return view("compare")(asked.photos or None, list(asked.prompts), **several, **given)


def _comparison(asked: _Asked) -> Any:
    """Every prompt on every picture; one that fails is shown in its place, and the others go on."""
    plan = _plan(asked)
    if not asked.options.bg:
        return plan.run()
    plan.start()
    words = shortened(" | ".join(asked.prompts), _PROMPT)
    return Background(_worker.in_thread(plan.wait), words, then=_shower(asked), stop=plan.stop)


def _dry(asked: _Asked) -> Any:
    if asked.options.compare:
        return _plan(asked).estimate()
    return _would_cost(asked.options, asked.session, len(asked.photos))


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


def _settings(options: argparse.Namespace, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Mask, seed and further fields; a mask may be a variable: a region, or anything that is a picture."""
    words = {name: getattr(options, name) for name in ("seed", "extra", "quality")}
    asked = settings_typed(**words)
    if options.mask is None:
        return asked
    return {**asked, "mask": region_of(options.mask) or photo_of(options.mask, variables)}


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
