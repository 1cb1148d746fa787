"""``nb-banana sandbox``: the sandbox for other programs, until somebody stops it."""

from __future__ import annotations

from .._sandbox.server import run_forever
from .._strings import say
from ..errors import NanoBananaError
from .frame import tell


def sandbox(*, port: int, fault: str | None, delay: float) -> None:
    """Serve the sandbox."""
    try:
        run_forever(port, delay, fault, tell)
    except OSError as error:
        raise NanoBananaError(say("cli.port_taken", port=port, reason=error.strerror)) from None
