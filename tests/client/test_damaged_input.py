"""A picture that was damaged on its way here is refused before anything is sent."""

from __future__ import annotations

import random

import pytest

import nb_banana as nb
from nb_banana.errors import InvalidImageError

from .misbehaving import KEY, answer, picture, response, sends, serving


def test_a_flipped_bit_in_the_pixels_of_a_png_is_found_before_it_is_paid() -> None:
    """Wherever a bit of the compressed pixels is wrong, the edit ends with a sentence and without a request."""
    whole = picture((30, 160, 90), (64, 48))
    start = whole.index(b"IDAT") + 4
    stop = whole.index(b"IEND") - 8
    chance = random.Random(7)
    with serving(sends(response(answer()))) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY, wire="gemini"), retries=0)
        for at in [start, stop - 1, *chance.sample(range(start, stop), 10)]:
            damaged = bytearray(whole)
            damaged[at] ^= 1 << chance.randrange(8)
            with pytest.raises(InvalidImageError, match="IDAT"):
                client.edit(bytes(damaged), "Make it blue")
        assert server.posts == 0
        client.edit(whole, "Make it blue")
        assert server.posts == 1
