"""What is drawn, made into what is sent: a mask, a marked copy, words. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..._images.marks import Marks, drawn_in
from ..._masking import language_of
from ..._messages import Settings
from ..._strings import say, speaking
from ...errors import InvalidRequestError
from ..tray import Card, card_of
from .ask import Ask, is_marked

if TYPE_CHECKING:
    from ..._images.data import ImageData


@dataclass(frozen=True, slots=True)
class Drawn:
    """What becomes of marks on one picture of an ask.

    Attributes:
        marks, ground: what is drawn, and on what.
        mask: where to edit; None where the marks only point.
        copy: the ground with the marks on it; None where the mask says it all.
    """

    marks: Marks
    ground: ImageData | None = None
    mask: ImageData | None = None
    copy: ImageData | None = None

    def put_into(self, ask: Ask) -> Ask:
        """The ask with the mask, the marked copy and the words in it.

        A marked copy goes before the picture it is of; with a mask it goes last, for a mask is on the first.
        """
        pictures, settings = ask.pictures, dict(ask.settings)
        at = next((n for n, one in enumerate(pictures) if one.image == self.ground), None)
        if at is not None and self.mask is not None:
            settings["mask"] = self.mask
        if at is not None and self.copy is not None:
            at = len(pictures) if self.mask is not None else at
            pictures = (*pictures[:at], card_of(self.copy), *pictures[at:])
        prompt = "\n\n".join([ask.prompt, *self.words(ask.prompt)]) if ask.prompt else ""
        return replace(ask, pictures=pictures, prompt=prompt, settings=Settings(**settings))  # type: ignore[typeddict-item]

    def words(self, prompt: str) -> list[str]:
        """What is added to a prompt, in its language."""
        with speaking(language_of(prompt + self.marks.words)):
            words = self.marks.words.rstrip(".。")
            found = [say("easel.only_words", words=words)] if words else []
            if self.copy is not None:
                found.append(say("easel.marks_last" if self.mask is not None else "easel.marks_before"))
        return found

    def unsaid(self, prompt: str) -> str:
        """A prompt that was sent without the words that were added to it."""
        for told in reversed(self.words(prompt)):
            prompt = prompt.removesuffix(told).rstrip()
        return prompt


def drawn(marks: Marks, ground: ImageData | None, *, only: bool) -> Drawn:
    """Marks made into pictures; slow with a large one.

    Args:
        only: nothing but what is drawn is to be changed: strokes, boxes and lassos become a mask.

    Raises:
        InvalidImageError: the ground can't be decoded.
        InvalidRequestError: all of it is erased again, or a label needs a font that is not here.
    """
    if ground is None or not marks.shapes:
        return Drawn(marks, ground)
    erased = marks.areas and any(one.kind == "eraser" for one in marks.shapes)
    if erased and marks.mask(ground).to_pil().convert("L").getbbox() is None:
        raise InvalidRequestError(say("easel.all_erased"))
    masked = only and marks.areas
    pointing = marks.signs or (marks.areas and not masked)
    mask, copy = marks.mask(ground) if masked else None, marks.copy(ground) if pointing else None
    return Drawn(marks, ground, mask, copy)


def undrawn(pictures: tuple[Card, ...], prompt: str, mask: Any) -> tuple[Drawn, tuple[Card, ...], str]:
    """What was drawn for an edit, by what it sent: with the pictures and the prompt as they were before."""
    copies = [one for one in pictures if is_marked(one)]
    copy = copies[0].image if copies else None
    marks = next((found for one in (copy, mask) if one is not None and (found := drawn_in(one))), None)
    if marks is None:
        return Drawn(Marks()), pictures, prompt
    masked = mask if mask is not None and drawn_in(mask) is not None else None
    at = pictures.index(copies[0]) if copies and mask is None else 0
    rest = tuple(one for one in pictures if one not in copies)
    ground = rest[at].image if len(rest) > at else None
    made = Drawn(marks, ground, masked, copy)
    return made, rest, made.unsaid(prompt)
