"""One result by itself: the viewer over the picture it was made from, and what it leaves in the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from .._result import before_of, notes, whence
from .._strings import say
from .._text import near, printed
from . import notebook
from .viewer import Viewer

if TYPE_CHECKING:
    from .._result import EditResult


def opened(result: EditResult, lang: str | None = None) -> Viewer:
    """A viewer of it; caption, warnings and the model's words stand below the picture."""
    viewer = Viewer(lang=lang)
    viewer.show(
        before_of(result), result.image, caption="\n".join([result.summary(), *notes({"": result})])
    )
    viewer.twin = True
    return viewer


def show(result: EditResult) -> None:
    """Show a result in the viewer; the plain picture under it stays when the kernel is gone.

    Where no page shows widgets, say the result in words and how to look at it.
    """
    if not notebook.in_kernel():
        path = result.image.path
        where = say("looking.show_path", path=near(path)) if path else say("looking.show_save")
        printed(f"{result}\n{say('looking.show_no_page')} {where}")
        return
    view = w.VBox([opened(result)])._repr_mimebundle_()
    slot = notebook.Slot(result._repr_mimebundle_, wanted=True)
    slot.show({**view, "text/plain": say("looking.show_plain")}, "viewer", whence(result))
