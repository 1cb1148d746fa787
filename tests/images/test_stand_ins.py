"""A file whose first picture is a preview of the one meant: refused in one sentence, or read where the picture is."""

from __future__ import annotations

import base64
import io
import random
from pathlib import Path
from types import SimpleNamespace

import pytest
from client.misbehaving import KEY, answer, response, sends, serving
from PIL import Image

import nb_banana as nb
from nb_banana._catalog.models import MODELS
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._images.sources import as_image
from nb_banana._prepare import prepare
from nb_banana.errors import InvalidImageError

from .corpus import file_bytes, scene
from .tiff_kit import MOSAIC, REDUCED, Page, maker, ordinary, raws, tiff

RAWS, ORDINARY = raws(), ordinary()
APIYI, PRO = PROVIDERS["apiyi"], MODELS["gemini-3-pro-image"]


@pytest.mark.parametrize("name", RAWS)
def test_a_camera_raw_file_is_refused_before_anything_is_sent(name: str, tmp_path: Path) -> None:
    """Whatever camera it is from, its file is named, said to be a RAW one, and the next step is to export it."""
    data, kind = RAWS[name]
    (tmp_path / name).write_bytes(data)
    with serving(sends(response(answer()))) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY, wire="gemini"))
        with pytest.raises(InvalidImageError) as caught:
            client.edit(tmp_path / name, "Make it blue")
        assert server.posts == 0
    words = str(caught.value)
    assert name in words and f"camera RAW file ({kind})" in words and "Export it as JPEG, PNG or TIFF" in words


def test_what_a_raw_file_is_called_changes_nothing(tmp_path: Path) -> None:
    """A RAW file under a picture's name, in memory, open, in a data URL or in an upload is known by its content."""
    data = RAWS["nikon.nef"][0]
    path = tmp_path / "holiday.jpg"
    path.write_bytes(data)
    with path.open("rb") as file:
        for source in (
            path, data, file, io.BytesIO(data), SimpleNamespace(data=data), {"name": "a.jpg", "content": data},
            {"bytes": data, "path": None}, "data:image/tiff;base64," + base64.b64encode(data).decode(),
        ):  # fmt: skip
            with pytest.raises(InvalidImageError, match="camera RAW file"):
                as_image(source)
    picture = file_bytes(scene(), "JPEG")
    (tmp_path / "really-a-jpeg.dng").write_bytes(picture)
    assert as_image(tmp_path / "really-a-jpeg.dng").data == picture


@pytest.mark.parametrize("name", ["phone.dng", "nikon.nef", "sony.arw"])
def test_a_raw_file_opened_with_pillow_is_refused_too(name: str, tmp_path: Path) -> None:
    """Pillow opens a RAW file as its thumbnail; given here, that is no picture to edit either."""
    (tmp_path / name).write_bytes(RAWS[name][0])
    with Image.open(tmp_path / name, formats=["TIFF"]) as opened:
        assert opened.size == (160, 120)
        with pytest.raises(InvalidImageError, match=rf"{name} can't be edited as it is: it is a camera RAW file"):
            as_image(opened)


def test_a_raw_file_over_the_limit_is_not_told_to_shrink(tmp_path: Path) -> None:
    """The RAW files of large cameras are over 80 MB; the next step is still to export, not to make smaller."""
    path = tmp_path / "huge.nef"
    raw = tiff(Page((16, 12), kind=REDUCED, tags=maker("NIKON"), below=[Page((64, 48), colours=MOSAIC)]))
    path.write_bytes(raw + random.Random(3).randbytes(2**20) * 82)
    with pytest.raises(InvalidImageError, match=r"huge\.nef can't be edited as it is: it is a camera RAW file \(NEF\)"):
        as_image(path)
    path.write_bytes(file_bytes(scene(), "TIFF") + random.Random(3).randbytes(2**20) * 82)
    with pytest.raises(InvalidImageError, match=r"huge\.nef is larger than 80 MB"):
        as_image(path)


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_tiff_is_taken_with_its_full_picture(name: str) -> None:
    """A camera's name, previews, masks, pyramids and BigTIFF keep no picture out, and the large one is what is sent."""
    data, size = ORDINARY[name]
    image = as_image(data, name=name)
    assert (image.mime_type, image.width, image.height, image.data) == ("image/tiff", *size, data)
    (sent,), (warning,) = prepare((image,), APIYI, PRO)
    assert (sent.mime_type, sent.width, sent.height) == ("image/png", *size)
    with Image.open(io.BytesIO(sent.data)) as opened:
        assert opened.getpixel((0, 0)) == opened.getpixel((639, 479)) == (200, 30, 30)
    assert "640×480" in warning and "first of its pages" not in warning


def test_a_preview_before_a_picture_no_reader_finds_is_refused() -> None:
    """A small first picture whose large one lies below it, where readers don't look, is refused with both sizes."""
    hidden = Page((640, 480), kind=0)
    for first in (Page((160, 120), kind=REDUCED, below=[hidden]), Page((160, 120), below=[hidden])):
        with pytest.raises(InvalidImageError) as caught:
            as_image(tiff(first), name="layers.tif")
        words = str(caught.value)
        assert words.startswith("layers.tif can't be edited as it is") and "160×120" in words and "640×480" in words


def test_further_pages_are_left_out_loudly() -> None:
    """Of a document of several pages the first is sent, and the warning says that the others are not."""
    image = as_image(tiff(Page((640, 480)), Page((640, 480), (0, 0, 9)), Page((160, 120), kind=REDUCED)), name="fax.tif")
    _, (warning,) = prepare((image,), APIYI, PRO)
    assert "only the first of its pages counts" in warning
    with pytest.raises(InvalidImageError, match="only the first of its pages counts"):
        prepare((image,), APIYI, PRO, strict=True)


def heif(*pictures: Image.Image, main: int = 0) -> bytes:
    first, *others = pictures
    return file_bytes(first, "HEIF", save_all=True, append_images=others, primary_index=main)


def test_a_heic_whose_main_picture_is_a_small_copy_is_refused() -> None:
    """A HEIC that names its thumbnail as the main picture is refused; one that names the large one is taken, and told."""
    small, large = scene((160, 120)), scene((640, 480))
    with pytest.raises(InvalidImageError, match="a preview of 160×120, and the picture itself, 640×480"):
        as_image(heif(small, large), name="burst.heic")
    for data in (heif(large, small), heif(small, large, main=1)):
        image = as_image(data, name="burst.heic")
        (sent,), warnings = prepare((image,), APIYI, PRO)
        assert (sent.width, sent.height) == (640, 480)
        assert warnings == ("burst.heic holds several pictures; only its main one, 640×480, counts.",)
    assert prepare((as_image(heif(large)),), APIYI, PRO)[1] == ()


@pytest.mark.parametrize(
    ("start", "what"),
    [(b"\0\0\1\0\1\0", "ICO"), (b"icns\0\0\1\0", "ICNS"), (b"\xff\n\0\0", "JPEG XL"), (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
     (b"gimp xcf v011", "XCF"), (b"v/1\x01\2\0\0\0", "EXR"), (bytes(128) + b"DICM", "DICOM"), (b"%!PS-Adobe", "EPS"), (b"8BPS\0\1", "PSD"), (b"MM\0+\0\x08\0\0", "BigTIFF"), (b"P6\n9 9\n", "PNM")],
)  # fmt: skip
def test_other_containers_are_called_by_their_names(start: bytes, what: str) -> None:
    """Icons, layers, scans and print files are refused by what they are, not by their first bytes."""
    with pytest.raises(InvalidImageError, match=f"x is not a picture that can be read: it holds {what}"):
        as_image(start + bytes(99), name="x")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_loops_and_lies_in_directories_end_in_a_picture_or_a_sentence() -> None:
    """Directories that name themselves, point nowhere or claim absurd counts are left; thousands of damages are harmless."""
    looping = bytearray(tiff(Page((64, 48), below=[Page((8, 8), kind=REDUCED)])))
    looping[-4:] = looping[4:8]
    assert as_image(bytes(looping)).width == 64
    chance, outcomes = random.Random(11), {"read": 0, "refused": 0}
    files = [data for data, _ in (*RAWS.values(), *ORDINARY.values())]
    for round_ in range(3000):
        data = bytearray(files[round_ % len(files)])
        places = [*range(min(len(data), 16)), *range(max(0, len(data) - 600), len(data))]
        for _ in range(chance.randint(1, 5)):
            data[chance.choice(places)] = chance.choice((0, 1, 2, 255, chance.randrange(256)))
        try:
            as_image(bytes(data))
            outcomes["read"] += 1
        except InvalidImageError as error:
            assert "\n" not in str(error)
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 100, outcomes


def test_the_refusal_speaks_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same refusal in Chinese names file, kind and next step."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh")
    with pytest.raises(InvalidImageError, match=r"a\.dng 无法直接编辑：这是相机 RAW 文件（DNG）.*导出为 JPEG、PNG 或 TIFF"):
        as_image(RAWS["phone.dng"][0], name="a.dng")
