"""How both magics and their completion get into a shell; what they do is loaded when one is used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from IPython.core.magic import no_var_expand

from .._strings import say
from .._widgets.waiting import watch
from .completion import matcher


def load_ipython_extension(shell: Any) -> None:
    """Register both magics and their completion; loading twice changes nothing."""

    def banana_cell(line: str, cell: str) -> Any:
        return import_module(".cell", __package__).run(line, cell, shell.user_ns)

    def banana_line(line: str) -> Any:
        """``%banana panel [PHOTO ...]``, ``history``, ``models``, ``estimate``, ``doctor`` or ``help``."""
        return import_module(".commands", __package__).run(line, shell.user_ns)

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
