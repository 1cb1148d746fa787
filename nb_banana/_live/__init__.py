"""The live check of ``doctor --live``: a few small paid edits, and what came of them, fit to be shown around.

Rules of this room:

* It states its price and sends nothing before somebody agreed; it sends each request once, and three at most.
* Its edits take the way of every edit: session, budget, history. Only what carries them is wrapped.
* What it prints and saves holds no key, no picture, and no address that is not a known provider's. It
  saves no words of an answer, only how many there were, and values from a list of harmless ones; a failure is
  told in the sentence the person would have seen, shortened.
"""
