"""What a plain IPython terminal shows beside the words: where the picture's file is, and a small picture.

A terminal is only asked to draw where its environment says that it can, and where somebody looks: escape
sequences in a file or a pipe are rubbish, and a multiplexer swallows or garbles them.
"""

from __future__ import annotations

import base64
import io
import os
import sys
from collections.abc import Mapping
from typing import Any, Final, Literal

from .._history.book import History
from .._images.data import ImageData
from .._result import EditResult
from .._strings import say
from .._text import printed
from .._widgets.notebook import in_kernel
from ..errors import NanoBananaError

_LONGEST: Final = 320
_CHUNK: Final = 4096
"""The longest piece of a picture kitty takes at once."""

Protocol = Literal["iterm2", "kitty"]


def protocol(environment: Mapping[str, str], *, is_terminal: bool) -> Protocol | None:
    """How this terminal is told to draw; None where it can't, or nobody looks."""
    kind = environment.get("TERM", "")
    if not is_terminal or "TMUX" in environment or kind.startswith(("screen", "tmux")):
        return None
    if "KITTY_WINDOW_ID" in environment or kind == "xterm-kitty":
        return "kitty"
    of_iterm = environment.get("TERM_PROGRAM") == "iTerm.app" or environment.get("LC_TERMINAL") == "iTerm2"
    return "iterm2" if of_iterm else None


def drawn(image: ImageData, how: Protocol) -> str:
    """The escape sequence that shows a small copy of a picture, and the end of its line."""
    held = io.BytesIO()
    image.preview(_LONGEST).to_pil().save(held, "PNG")
    text = base64.b64encode(held.getvalue()).decode()
    if how == "iterm2":
        return f"\x1b]1337;File=inline=1;size={held.tell()};preserveAspectRatio=1:{text}\a\n"
    pieces = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    last = len(pieces) - 1
    orders = ["a=T,f=100," if not number else "" for number in range(len(pieces))]
    return "".join(
        f"\x1b_G{order}m={int(number < last)};{piece}\x1b\\"
        for number, (order, piece) in enumerate(zip(orders, pieces, strict=True))
    ) + "\n"


def show_file(result: Any, history: History) -> None:
    """In a terminal: the picture where it can be drawn, and the file that keeps it. Elsewhere nothing."""
    if in_kernel() or not isinstance(result, EditResult):
        return
    how = protocol(os.environ, is_terminal=sys.stdout.isatty())
    if how is not None:
        sys.stdout.write(drawn(result.image, how))
        sys.stdout.flush()
    for path in _files(result, history):
        printed(say("magics.kept", path=path))


def _files(result: EditResult, history: History) -> list[str]:
    """Where the history keeps the pictures of these takes."""
    found: list[str] = []
    for take in result.takes:
        try:
            record = history.record(str(take.record_id))
        except NanoBananaError:
            continue  # what was not written down has warned of it
        found += [str(record.shelf.path(picture)) for picture in record.outputs[-1:]]
    return found
