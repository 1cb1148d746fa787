"""Pictures that came damaged on the way: mended where that is certain, told where it is not."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

import nb_banana as nb

from .misbehaving import KEY, response, sends, serving


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NB_BANANA_HISTORY", str(tmp_path / "shared"))


def noise(kind: str, seed: int = 1) -> bytes:
    """A picture whose base64 has plus signs at many places."""
    picture = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
    for x in range(300):
        picture.putpixel((x, x * seed % 200), (x * 37 % 256, x * 91 % 256, x * seed % 256))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


PHOTO, EDIT = noise("PNG"), noise("PNG", 7)
SPOILT = EDIT[: len(EDIT) // 2] + bytes([EDIT[len(EDIT) // 2] ^ 64]) + EDIT[len(EDIT) // 2 + 1 :]


@contextmanager
def answering(*texts: str) -> Iterator[nb.Session]:
    """A session whose provider gives these pictures in turn."""
    replies = [response(json.dumps({"data": [{"b64_json": text}]}).encode()) for text in texts]
    with serving(sends(*replies)) as server:
        yield nb.Session(nb.Endpoint(server.url, KEY, wire="images"), retries=0, tell=lambda _: None)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_plus_signs_that_became_blanks_are_put_back(kind: str) -> None:
    """Base64 that a relay read as a form gives the very bytes that were made; lines parted by blanks stay lines."""
    data = noise(kind, 7)
    whole = b64(data)
    assert whole.count("+") > 3
    lines = " ".join(whole[at : at + 76] for at in range(0, len(whole), 76))
    with answering(whole.replace("+", " "), lines) as session:
        result = session.edit(PHOTO, "make it night")
        assert result.image.data == data and result.warnings == ()
        assert session.edit(PHOTO, "make it day").image.data == data


def test_a_picture_that_cannot_be_decoded_is_kept_and_said() -> None:
    """A damaged answer stays as it came, shows as a grey field, and the words under it say what is wrong."""
    with answering(b64(SPOILT)) as session:
        result = session.edit(PHOTO, "make it night")
    assert result.image.data == SPOILT
    assert [warning for warning in result.warnings if "can't be shown" in warning]
    bundle, _ = result._repr_mimebundle_()
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size[0] > 200
    assert "can't be shown" in bundle["text/plain"]


def test_one_damaged_picture_hides_no_other() -> None:
    """Of several takes, and of a chain's steps, those that are whole are seen beside one that is not."""
    with answering(b64(EDIT), b64(SPOILT), b64(noise("PNG", 3)), b64(SPOILT)) as session:
        result = session.edit(PHOTO, "make it night", takes=3)
        chain = nb.chain(PHOTO, session=session).edit("make it day")
    for shown in (result, chain):
        bundle, _ = shown._repr_mimebundle_()
        assert {"image/jpeg", "image/png"} & bundle.keys() and "can't be shown" in bundle["text/plain"]


FOREIGN = {
    "JPEG XL": b"\xff\x0a" + bytes(range(256)) * 40,
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<path d='M0 0'/>" * 600 + b"</svg>",
    "MP4": b"\0\0\0\x18ftypisom" + bytes(range(256)) * 40,
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_whole_picture_of_a_kind_not_read_here_is_no_damaged_one(kind: str) -> None:
    """What can't be read is named by its kind, and nobody is told to run it again, for that would be paid and bring the same."""
    with answering(b64(FOREIGN[kind])) as session, pytest.raises(nb.errors.MalformedResponseError, match=kind) as caught:
        session.edit(PHOTO, "make it night")
    error = caught.value
    assert (error.retryable, error.may_be_billed) == (False, True)
    assert "damaged" not in str(error) and "Run it again" not in str(error)


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_every_kind_of_picture_that_is_read_may_be_the_whole_reply(kind: str) -> None:
    """A body that is a BMP or a TIFF itself is the edit, as it is inside of JSON."""
    data = noise(kind, 7)
    with serving(sends(response(data, content_type=f"image/{kind.lower()}"))) as server:
        session = nb.Session(nb.Endpoint(server.url, KEY, wire="images"), retries=0, tell=lambda _: None)
        assert session.edit(PHOTO, "make it night").image.data == data
