"""What was made lately is not made again, and what is kept has an end."""

from __future__ import annotations

import io

from PIL import Image

from nb_banana._images.data import ImageData
from nb_banana._images.lately import Lately


def test_the_newest_stay_by_their_bytes_and_nothing_larger_than_all_may_be() -> None:
    """Four pictures' worth is kept, in the order they were last asked for; a larger thing is made each time."""
    Image.new("RGB", (30, 20), "teal").save(out := io.BytesIO(), "PNG")
    photo = ImageData.from_bytes(out.getvalue())
    lately = Lately[tuple[ImageData, ...]](4 * len(photo.data), tuple)
    made: list[str] = []

    def ask(key: str, count: int = 1) -> None:
        def make() -> tuple[ImageData, ...]:
            made.append(key)
            return (photo,) * count

        assert lately(key, make) == (photo,) * count

    for key in "abcdacef":
        ask(key)
    assert made == list("abcdef")
    ask("d")
    assert made == list("abcdefd")
    for _ in range(2):
        ask("large", 5)
    assert made[-2:] == ["large", "large"]
