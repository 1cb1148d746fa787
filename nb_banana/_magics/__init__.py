"""``%%banana`` and ``%banana``: the edit you can type at the head of a cell.

Rules of this room:

- A magic is another door to :func:`nb_banana.edit`, never another way to edit: it parses, calls, returns.
- The line is read as a POSIX shell would (``shlex``), so quotes group and vanish, but backslashes before
  letters stay, for Windows writes paths with them; IPython's own ``$x`` and
  ``{x}`` expansion is off, because prompts are full of braces. ``{name}`` is replaced by the notebook's
  variable, ``{{name}}`` stands for ``{name}``, and a name nobody knows is an error, for nobody wants it sent.
- What can be refused is refused before anything is sent: an unknown flag, a photo that is neither variable
  nor file, an output name that would hide a module or a function.
- A failure stops the cell (so Run All stops), and shows as every error of ours: its sentence, the next step.
"""

from __future__ import annotations

from typing import Any

from IPython.core.magic import no_var_expand

from .._strings import say
from .._widgets.waiting import watch
from . import cell as cell_of
from . import commands
from .completion import matcher


def load_ipython_extension(shell: Any) -> None:
    """Register both magics and their completion; loading twice changes nothing."""

    def banana_cell(line: str, cell: str) -> Any:
        return cell_of.run(line, cell, shell.user_ns)

    def banana_line(line: str) -> Any:
        """``%banana panel [PHOTO ...]``, ``history``, ``models``, ``estimate``, ``doctor`` or ``help``."""
        return commands.run(line, shell.user_ns)

    banana_cell.__doc__ = say("magics.cell_help")
    unload_ipython_extension(shell)
    watch()
    shell.register_magic_function(no_var_expand(banana_cell), "cell", "banana")
    shell.register_magic_function(no_var_expand(banana_line), "line", "banana")
    shell.Completer.custom_matchers.append(matcher(shell))


def unload_ipython_extension(shell: Any) -> None:
    """Remove both magics and their completion."""
    for kind in ("cell", "line"):
        shell.magics_manager.magics[kind].pop("banana", None)
    shell.Completer.custom_matchers[:] = [
        matcher
        for matcher in shell.Completer.custom_matchers
        if getattr(matcher, "matcher_identifier", "") != "nb_banana"
    ]
