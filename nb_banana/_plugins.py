"""What other packages add by entry points: a provider, a measure, a template, a wire.

Rules of this room:

* A plugin is loaded when a person names it, and only that one. Which there are is read from the metadata of
  what is installed; nothing is imported for that.
* No plugin takes the place of what is built in, nor of another plugin.
* One that can't be loaded is an error that names its package, for it is there that something must be mended.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal

from ._strings import say
from ._text import plain
from .errors import InvalidRequestError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Kind = Literal["provider", "measure", "template", "wire"]
KINDS: Final[tuple[Kind, ...]] = ("provider", "measure", "template", "wire")
_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class Plugin:
    """One thing that an installed package offers, not loaded.

    Attributes:
        kind, name: what it is, and how it is named.
        package: the distribution and its version.
        value: where it stands there, ``module:name``.
    """

    kind: Kind
    name: str
    package: str
    value: str

    @classmethod
    def of(cls, kind: Kind, entry: EntryPoint) -> Plugin:
        """The plugin behind an entry point."""
        package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else "?"
        return cls(kind, entry.name, plain(package), plain(entry.value))

    def refused(self, reason: object) -> InvalidRequestError:
        """The error of one that can't be used."""
        facts = {"kind": say(f"plugins.{self.kind}"), "name": self.name, "package": self.package}
        sentence = say("plugins.refused", **facts, value=self.value, reason=plain(str(reason))[:_SHOWN])
        return InvalidRequestError(sentence, hint=say("plugins.refused_hint", package=self.package))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin, and the object that stands at its entry point."""

    plugin: Plugin
    given: Any


def offered(kind: Kind) -> tuple[Plugin, ...]:
    """What installed packages offer, in order of the names; nothing is imported."""
    found = map(partial(Plugin.of, kind), _entries(kind))
    return tuple(dict.fromkeys(sorted(found, key=lambda one: (one.name, one.package))))


def names(kind: Kind, built_in: Collection[str]) -> tuple[str, ...]:
    """All that may be named: what is built in, then what plugins add."""
    return tuple(dict.fromkeys((*built_in, *(one.name for one in offered(kind)))))


def load(kind: Kind, name: str) -> Loaded | None:
    """What the plugin of this name gives, or None where no package offers it.

    Raises:
        InvalidRequestError: two packages offer it, or it can't be imported.
    """
    entries = _entries(kind, name=name)
    found = dict.fromkeys(Plugin.of(kind, entry) for entry in entries)
    if not found:
        return None
    first, *others = found
    if others:
        packages = ", ".join(one.package for one in (first, *others))
        raise InvalidRequestError(
            say("plugins.two", kind=say(f"plugins.{kind}"), name=name, packages=packages),
            hint=say("plugins.two_hint"),
        )
    entry = next(iter(entries))
    try:
        return Loaded(first, entry.load())
    except (Exception, SystemExit) as reason:
        raise first.refused(f"{type(reason).__name__}: {reason}") from reason


def _entries(kind: Kind, **named: str) -> Collection[EntryPoint]:
    """The entry points of a kind; what reads them is loaded when somebody asks, for most never do."""
    found: Collection[EntryPoint] = import_module("importlib.metadata").entry_points(
        group=f"nb_banana.{kind}s", **named
    )
    return found


__all__ = ["KINDS", "Kind", "Loaded", "Plugin", "load", "names", "offered"]
