"""Public benchmarks: a local copy is read, results go where its own script reads them, its numbers come back.

Rules of this room:

* Nothing is downloaded and nobody's prompts are shipped: what a person has is read in its own layout.
* An official script is never imitated where it could be asked: the pictures are written for it, a folder is
  checked before it runs, and its output is read back. What it would do in silence is said here.
* What brought no score is counted, never a zero. Where a benchmark does not say what "overall" is, every
  reading that is in use is given with its name.
* A benchmark is a row of :mod:`.table`: a value of functions, with its layout in a file of its own.
"""
