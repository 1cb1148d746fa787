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
