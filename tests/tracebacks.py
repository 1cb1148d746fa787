"""IPython's verbose traceback as text, whichever IPython it is."""

from __future__ import annotations

import inspect
import io
from types import TracebackType

from IPython.core.ultratb import VerboseTB

PLAIN = {"theme_name": "nocolor"} if "theme_name" in inspect.signature(VerboseTB).parameters else {"color_scheme": "NoColor"}


def verbose(error: BaseException, tb: TracebackType | None) -> str:
    """What `%xmode Verbose` prints from `tb` on: every frame with its locals."""
    out = io.StringIO()
    VerboseTB(**PLAIN, include_vars=True, ostream=out)(type(error), error, tb)
    return out.getvalue()
