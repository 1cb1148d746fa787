"""``nb-banana``: the same edits from a terminal, and the way into the tutorials.

Rules of this room:

- A command is another door to the session, never another way to edit.
- Results go to stdout, everything said about them (warnings, the sandbox notice, errors) to stderr.
- The exit code is 0 when it worked, 1 when it did not, 2 when the command line itself was wrong, and 130
  after Ctrl-C. An error is one sentence and the next step, never a traceback.
- Texts are not written at the commands but looked up for them (``cli.help_…``, ``cli.option_…``), because
  the language is known only when the command line has been seen. click's own words are said by us too.
- Everything printed goes through :func:`tell`, which lets nothing through that steers a terminal.
- A file that is there is the reader's: a result never replaces it unless ``--force`` says so.
"""

from . import app, benches, compare, edits, lab, tools
from .frame import cli, main
from .lab import CHECKOUT_NOTEBOOKS, copy_notebooks

__all__ = [
    "CHECKOUT_NOTEBOOKS", "app", "benches", "cli", "compare", "copy_notebooks", "edits", "lab", "main",
    "tools",
]  # fmt: skip
