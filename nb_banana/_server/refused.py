"""Why something is not told: a word that programs read, and that names the sentence for people."""

from __future__ import annotations


class Refused(Exception):
    """Raised where something is read; the route makes an answer of it. ``what`` is at fault."""

    def __init__(self, reason: str, what: str = "") -> None:
        super().__init__(reason)
        self.reason, self.what = reason, what
