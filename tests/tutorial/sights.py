"""A plugin of pytest for nbval: a saved picture is compared too, by what it shows.

nbval leaves pictures out, as their bytes differ with the version of the encoder. Here two are the same if they have one size and,
made small, hardly differ: by no more than another encoder or another smoothing makes.
"""

from __future__ import annotations

import base64
import io

from nbval.plugin import IPyNbCell, IPyNbFile
from PIL import Image, ImageChops, ImageStat

HEADS = ("iVBOR", "/9j/")
SMALL = (32, 32)
MOST = 6  # of 255, in any channel, on average
OF_ONE_HISTORY = {"record", "sha256", "folder"}  # what `docs/tutorials.py` doesn't save


class Picture(str):
    """A picture in Base64 that equals another one if they show the same."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        ours, theirs = (Image.open(io.BytesIO(base64.b64decode(text))).convert("RGBA") for text in (self, other))
        small = ImageChops.difference(ours.resize(SMALL), theirs.resize(SMALL))
        return ours.size == theirs.size and max(ImageStat.Stat(small).mean) <= MOST

    def __ne__(self, other):
        return not self == other


def pytest_collectstart(collector):
    """No kind of picture is left out."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = tuple(kind for kind in collector.skip_compare if not kind.startswith("image/"))


def pytest_itemcollected(item):
    """A cell's pictures are compared by their looks, its words as nbval compares them."""
    if isinstance(item, IPyNbCell):
        words = item.sanitize

        def sanitize(value):
            if isinstance(value, dict):
                return {name: words(said) for name, said in value.items() if name not in OF_ONE_HISTORY}
            return Picture(value) if isinstance(value, str) and value.startswith(HEADS) else words(value)

        item.sanitize = sanitize
