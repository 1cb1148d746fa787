"""Comparisons: a plan of edits, run at leisure, looked at side by side.

Rules of the room:

* A comparison is a plan first. Making one, looking at it and asking what it would cost sends nothing.
* Plan order is fixed: the last of image, prompt, model, ratio, size, endpoint, wire, take changes
  fastest.
* What can't work is in the plan as its error from the start, and costs nothing.
* Running does what is missing or failed, and nothing twice: cells that ask for the very same thing are
  one request, what history holds is free, and whatever ends a run keeps all that is done.
* A worker of somebody else's executor sends only what it could claim by a file in the history's folder, for
  the engine may run a lost task again. Who can't see the folder sends nothing.
* Every edit goes through the session: one history, one budget, one ledger.
"""
