"""A vision model as judge: what it is asked, what it answered, and what was a score in that.

Rules of the room:

* There is no default score. An answer that was refused, cut, prose, out of its scale or ambiguous is no
  number, nowhere; it is counted, and over 5 % of such answers no verdict is given.
* The raw answer is kept as it came and never changes; reading it again is free.
* A protocol is data: TOML of ours, of a person's own, or a prompt of a benchmark that is read from where the
  person has it. None of those travels with us.
* What was answered is not asked again; what it costs is said before, and an unknown price stays unknown.
"""
