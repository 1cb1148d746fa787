"""The table of wires.

A wire that another package adds is a row once somebody named it. It writes requests and is given no key: that
is put on a request after it, for the endpoint's own address only.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from .. import _plugins
from .._strings import say
from ..errors import InvalidRequestError
from . import gemini, images, openai
from .base import Wire

WireName = Literal["gemini", "openai", "images"] | str
"""The names below, for an editor to complete; ``Endpoint`` refuses any other."""
_FLAGS: Final = ("turns", "pixels", "masks", "words")
_DOES: Final = ("path", "encode", "serves", "decode_request", "encode_answer", "encode_error")


class _Table(dict[str, Wire]):
    """The rows by name; one that another package adds is loaded when it is asked for by name."""

    def __missing__(self, name: str) -> Wire:
        found = _plugins.load("wire", name)
        if found is None:
            raise KeyError(name)
        return self.setdefault(name, _checked(found))


WIRES: Final = _Table({wire.name: wire for wire in (gemini.WIRE, openai.WIRE, images.WIRE)})
BUILT_IN: Final = tuple(WIRES)


def wire_named(name: object) -> Wire:
    """The wire that somebody named.

    Raises:
        InvalidRequestError: there is none, or a package's can't be used.
    """
    try:
        return WIRES[name]  # type: ignore[index]  # what is no text has no row
    except (KeyError, TypeError):
        known = [f"{wire.name!r} ({wire.title})" for wire in WIRES.values()]
        others = [repr(one) for one in _plugins.names("wire", WIRES)[len(WIRES) :]]
        choices = " / ".join((*known, *others))
    raise InvalidRequestError(say("client.wire_unknown", wire=name, choices=choices))


def _checked(loaded: _plugins.Loaded) -> Wire:
    """The wire of a plugin, with all that is asked of one.

    Raises:
        InvalidRequestError: it lacks something.
    """
    given: Any = loaded.given
    lacks = [name for name in _FLAGS if not isinstance(getattr(given, name, None), bool)]
    lacks += [name for name in _DOES if not callable(getattr(given, name, None))]
    lacks += [] if isinstance(getattr(given, "title", None), str) else ["title"]
    lacks += [] if getattr(given, "name", None) == loaded.plugin.name else [f"name={loaded.plugin.name!r}"]
    if lacks:
        raise loaded.plugin.refused(say("plugins.no_wire", names=", ".join(lacks)))
    wire: Wire = given
    return wire
