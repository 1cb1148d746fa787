"""What the page about keys says of privacy holds: what leaves with an edit, what is kept, and that erasing erases."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from client.misbehaving import KEY, picture, response, sends, serving
from pages import blocks
from PIL import Image

import nb_banana as nb

ROOT = Path(__file__).resolve().parent.parent
NAME, MARKS = "holiday-at-home.jpg", (b"MAKER-OF-CAMERA", b"A-PRIVATE-COMMENT")


@pytest.fixture
def photo(clean_place, draw_photo) -> Path:
    """A JPEG whose EXIF names a camera and a place, with a comment."""
    exif = Image.Exif()
    exif[0x010F] = MARKS[0].decode()
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (48.0, 51.0, 29.6)
    draw_photo((320, 240)).convert("RGB").save(clean_place / NAME, exif=exif, comment=MARKS[1])
    assert all(mark in (clean_place / NAME).read_bytes() for mark in (*MARKS, b"Exif"))
    return clean_place / NAME


def unfolded(request: bytes) -> bytes:
    """A request's bytes with what stands in base64 in them."""
    return request + b"".join(base64.b64decode(run) for run in re.findall(rb"[A-Za-z0-9+/]{400,}={0,2}", request))


def kept() -> list[bytes]:
    """Every file of the history's folder."""
    return [path.read_bytes() for path in Path("nb_banana_history").rglob("*") if path.is_file()]


@pytest.mark.parametrize("wire", ["gemini", "openai", "images"])
def test_what_a_photo_file_says_beside_its_pixels_stays_here(wire, photo):
    """Over every wire the request has the words and the pixels; EXIF, comment and the file's name are not in it, the history keeps the file as given."""
    with serving(sends(response(picture(), content_type="image/png"))) as server:
        with nb.Session(nb.Endpoint.custom(server.url, KEY, wire=wire)) as session:
            session.edit(NAME, "Make it night")
        (sent,) = [unfolded(one.head + one.body) for one in server.requests]
    assert b"Make it night" in sent and b"\xff\xd8\xff" in sent
    assert [mark for mark in (*MARKS, b"Exif", NAME.encode(), NAME.partition(".")[0].encode()) if mark in sent] == []
    assert photo.read_bytes() in kept()


def test_a_pil_image_brings_pixels_alone(photo):
    """A photo given as a PIL image leaves nothing of its EXIF in the history folder either."""
    with nb.Session(nb.Endpoint.sandbox()) as session:
        session.edit(Image.open(photo), "Make it night")
    assert kept() and not [mark for data in kept() for mark in MARKS if mark in data]


def test_the_python_that_erases_erases(photo):
    """The block of the page, with a day that means everything: no record, no picture, and no byte of the prompt in the file."""
    nb.session(nb.Endpoint.sandbox())
    nb.edit(NAME, "Make it night for nobody to read")
    assert [data for data in kept() if b"nobody to read" in data]
    (code,) = [code for code in blocks("keys.md") if "removal.delete" in code]
    space: dict[str, object] = {"nb": nb}
    exec(code.replace("2026-01-01", "2999-01-01"), space)
    assert not [path for path in Path("nb_banana_history/images").rglob("*") if path.is_file()]
    assert not [data for data in kept() if b"nobody to read" in data]


@pytest.mark.parametrize("page", ["keys.md", "keys.zh-CN.md"])
def test_the_commands_that_erase_run_as_printed(page, photo):
    """Each in order, in the folder of the notebook; after the last nothing of the history is left."""
    with nb.Session(nb.Endpoint.sandbox()) as session:
        session.edit(NAME, "Make it night")
    assert Path("nb_banana_history").is_dir()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    script = "set -euo pipefail\n" + "\n".join(blocks(page, "bash"))
    subprocess.run(["bash", "-c", script], check=True, env=environment, timeout=120, stdout=subprocess.DEVNULL)
    assert not Path("nb_banana_history").exists()
