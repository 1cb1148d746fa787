"""What other packages build on: the names that a plugin or a hook is written with.

A package adds a provider, a measure, a template or a wire by an entry point of the groups
``nb_banana.providers``, ``nb_banana.measures``, ``nb_banana.templates`` and ``nb_banana.wires``; it is loaded
when somebody names it. A hook of ``nb.session(hooks=…)`` gets ``Sending`` before a request and ``Answered``
after it. ``docs/extending.md`` shows both.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._catalog.added import ProviderRow
    from ._client.attempt import Answered, Sending
    from ._measures.pairs import Measure, Pair, Unmeasured
    from ._messages import Answer, EditRequest
    from ._plugins import offered
    from ._prompts.templates import Template, TemplateRow, template
    from ._wire.base import Call, Refusal, Served, Wire
    from ._wire.body import Base64, Body, Raw

_HOMES = {
    "Answer": "_messages",
    "Answered": "_client.attempt",
    "Base64": "_wire.body",
    "Body": "_wire.body",
    "Call": "_wire.base",
    "EditRequest": "_messages",
    "Measure": "_measures.pairs",
    "Pair": "_measures.pairs",
    "ProviderRow": "_catalog.added",
    "Raw": "_wire.body",
    "Refusal": "_wire.base",
    "Sending": "_client.attempt",
    "Served": "_wire.base",
    "Template": "_prompts.templates",
    "TemplateRow": "_prompts.templates",
    "Unmeasured": "_measures.pairs",
    "Wire": "_wire.base",
    "offered": "_plugins",
    "template": "_prompts.templates",
}

__all__ = [
    "Answer",
    "Answered",
    "Base64",
    "Body",
    "Call",
    "EditRequest",
    "Measure",
    "Pair",
    "ProviderRow",
    "Raw",
    "Refusal",
    "Sending",
    "Served",
    "Template",
    "TemplateRow",
    "Unmeasured",
    "Wire",
    "offered",
    "template",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __package__), name)
