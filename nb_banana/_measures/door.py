"""``nb.measures``: the measures by name, and what asks for many at once."""

from __future__ import annotations

from typing import Final

from . import figures, learned, pairs, reading, scoring


class Measures:
    """Figures about an edit, each with its convention; many pairs at once with ``score``.

    ``changed``, ``alignment``, ``drift``, ``color`` and ``asked`` are measures as they are. ``psnr``,
    ``ssim``, ``l1``, ``mse``, ``text`` and ``lpips`` make one for a convention. Called with a result, or
    with before and after, a measure gives its figure.
    """

    Measure, Pair, Scores, DEFAULT = pairs.Measure, pairs.Pair, scoring.Scores, scoring.DEFAULT
    asked, changed, drift, color = figures.asked, figures.changed, figures.drift, figures.color
    alignment = shift = figures.alignment
    psnr, ssim = staticmethod(figures.psnr), staticmethod(figures.ssim)
    l1, mse = staticmethod(figures.l1), staticmethod(figures.mse)
    text, quoted = staticmethod(reading.text), staticmethod(reading.quoted)
    lpips = staticmethod(learned.lpips)
    score, of = staticmethod(scoring.score), staticmethod(scoring.of)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.DEFAULT))


measures: Final = Measures()

__all__ = ["Measures", "measures"]
