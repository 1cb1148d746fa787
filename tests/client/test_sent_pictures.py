"""What leaves the machine when a picture is edited: read from the request itself, as a server on this machine got it."""

from __future__ import annotations

import base64
import io
import json

from PIL import Image

import nb_banana as nb

from .misbehaving import KEY, Server, answer, picture, response, sends, serving


def sent_pictures(server: Server, number: int = 0) -> list[bytes]:
    """The pictures inside one request."""
    parts = json.loads(server.requests[number].body)["contents"][-1]["parts"]
    return [base64.b64decode(part["inlineData"]["data"]) for part in parts if "inlineData" in part]


def test_a_4k_result_is_edited_again_with_every_pixel() -> None:
    """A finished 4K picture fed back goes out as the bytes that came; that less is advised is one line of the result."""
    out = io.BytesIO()
    Image.new("RGB", (5504, 3072), (40, 90, 160)).save(out, "PNG")
    with serving(sends(response(answer(out.getvalue())), response(answer()))) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY, wire="gemini"), strict=True)
        first = client.edit(picture(), "Make it large", image_size="4K", aspect_ratio="16:9")
        second = client.edit(first, "Now at night", image_size="4K", aspect_ratio="16:9")
        assert sent_pictures(server, 1) == [out.getvalue()]
    assert [line for line in second.warnings if "4096" in line] == [
        "picture 1 was sent with all its 5504×3072 pixels; Custom advises at most 4096 along an edge."
    ]
    assert not any("4096" in line for line in first.warnings)
    assert second.reencodings == 1
