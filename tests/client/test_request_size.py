"""The whole request keeps within the provider's limit: prompt and earlier turns take room from the pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._images.data import ImageData
from nb_banana._images.sources import as_images
from nb_banana._messages import EditRequest
from nb_banana._sandbox.server import Server, serve
from nb_banana._wire.turns import user_turn

LIMIT = 1_300_000
KEY = "sk-0123456789abcdef"



@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A loopback sandbox at a custom address whose requests may have 1.3 MB."""
    row = replace(PROVIDERS["custom"], max_request_bytes=LIMIT)
    monkeypatch.setitem(PROVIDERS._rows, "custom", row)
    with serve() as running:
        yield running


@pytest.fixture
def grain(clean_place: Path) -> Path:
    """A picture of 0.86 MB, 1.14 MB in base64: alone it fits as it is."""
    Image.effect_noise((1000, 1000), 120).save(clean_place / "grain.png")
    assert 1_100_000 < 4 / 3 * (clean_place / "grain.png").stat().st_size < 1_200_000
    return clean_place / "grain.png"


@pytest.mark.parametrize("wire", ["gemini", "openai"])
def test_a_long_prompt_takes_room_from_the_pictures(server: Server, grain: Path, wire: str) -> None:
    """A picture that fits beside a short prompt is made smaller, and said so, beside a long one, umlauts counted twice."""
    with nb.Client(nb.Endpoint(server.url, KEY, wire=wire)) as client:
        short = client.edit(grain, "make it night")
        assert short.plan.request.images[0].data == grain.read_bytes() and short.plan.reencoded == 0
        long = client.edit(grain, "make it night" + " ä" * 60_000)
    assert len(long.plan.body()) <= LIMIT and long.plan.reencoded == 1
    assert any("1.3 MB per request" in warning for warning in long.warnings)
    assert long.image.width == 1024


def test_earlier_turns_take_room_from_the_pictures(server: Server, grain: Path) -> None:
    """What a conversation repeats, its pictures in base64, counts as well."""
    before = user_turn(EditRequest("first", (ImageData.from_bytes(grain.read_bytes()[:600_000]),)))
    with nb.Client(nb.Endpoint(server.url, KEY)) as client:
        result = client.send(EditRequest("make it night", EditRequest("x", grain).images, turns=(before,)))
    assert 800_000 < len(result.plan.body()) <= LIMIT and result.plan.reencoded == 1


@pytest.mark.parametrize("pictures", [0, 1])
def test_a_conversation_that_is_too_large_alone_is_refused_before_it_is_sent(
    server: Server, grain: Path, photo: Path, pictures: int
) -> None:
    """No picture can be made small enough: the sentence names the size, the limit and the next step."""
    turn = user_turn(EditRequest("first", as_images(grain)))
    request = EditRequest("make it night", EditRequest("x", [photo] * pictures).images, turns=(turn, turn))
    with nb.Client(nb.Endpoint(server.url, KEY)) as client, pytest.raises(nb.errors.InvalidRequestError) as caught:
        client.send(request)
    assert re.search(r"alone are 2\.2\d+ MB; .* 1\.3 MB", caught.value.message)
    assert 'context="refeed"' in caught.value.hint
    assert server.requests == []
