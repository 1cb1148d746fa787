"""What differs between two pictures, as a map and in words, with and without the libraries that measure."""

from __future__ import annotations

from .._display import view
from .._images.data import ImageData
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError


def told(before: ImageData, after: ImageData) -> tuple[ImageData | None, str]:
    """The map of what changed, and a sentence; no map where nothing did, or where it can't be made."""
    if before.sha256 == after.sha256:
        return None, say("looking.map_none")
    try:
        made = view("difference")(before, after)
    except InvalidRequestError:  # the research extra is not there
        return None, say("looking.map_plain")
    except NanoBananaError as problem:
        return None, say("looking.map_failed", reason=problem)
    if made.same:
        return made.picture, say("looking.map_none")
    change, lie = made.change, made.change.alignment
    words = [say("looking.map_share", share=f"{change.outside:.1%}")]
    words.append(say("looking.map_aligned", how=lie) if lie.found else say("looking.map_apart"))
    if change.seen < _NEARLY_ALL:
        words.append(say("looking.map_seen", share=f"{change.seen:.0%}"))
    return made.picture, " · ".join(words)


_NEARLY_ALL = 0.98
