"""`ImageData` is a value: never changed, copied in one way, and it tells the size a person sees."""

from __future__ import annotations

import copy
import io
import pickle
import struct
import time
from pathlib import Path

import pytest
from PIL import Image

from nb_banana._catalog.models import MODELS
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._images.containers import ends_early
from nb_banana._images.data import ImageData
from nb_banana._images.sources import as_image
from nb_banana._prepare import prepare
from nb_banana.errors import InvalidImageError

from .corpus import H, W, exif, file_bytes, good, png, png_chunk, scene

GOOD = good()
APIYI, PRO = PROVIDERS["apiyi"], MODELS["gemini-3-pro-image"]


@pytest.mark.parametrize("name", GOOD)
def test_the_size_told_is_the_size_seen(name: str) -> None:
    """For every file and every kind of turn, what is told of a picture is what its pixels then are, and what is sent."""
    image = as_image(GOOD[name], name=name)
    assert image.shown_size == image.to_pil().size
    (sent,), _ = prepare((image,), PROVIDERS["google"], PRO)
    assert (sent.width, sent.height) == image.shown_size


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "TIFF", "AVIF"])
@pytest.mark.parametrize("turn", [0, *range(1, 9), 9, 65535])
def test_every_turn_of_every_type(kind: str, turn: int) -> None:
    """The eight turns are seen in each type; a number that is none of them turns nothing."""
    image = as_image(file_bytes(scene(), kind, exif=exif(turn)))
    assert image.shown_size == image.to_pil().size == ((H, W) if turn in (5, 6, 7, 8) else (W, H))


def test_an_exif_after_the_pixels_counts_too() -> None:
    """A PNG may say its turn behind the pixels; it is found without decoding them."""
    plain, turned = file_bytes(scene(), "PNG"), exif(6).tobytes().removeprefix(b"Exif\0\0")
    image = as_image(plain[:-12] + png_chunk(b"eXIf", turned) + plain[-12:])
    assert image.shown_size == image.to_pil().size == (H, W)


def test_a_turn_that_makes_no_sense_is_none_and_costs_nothing() -> None:
    """EXIF that is cut, points nowhere or lists 65,535 giant tags is read at once as no turn."""
    tags = b"".join(struct.pack("<HHII", 1, 7, 2**31, 8) for _ in range(65_535))
    bombs = (b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"II*\0\x08\0\0\0\xff\xff" + tags)
    for bomb in bombs:
        image, start = as_image(png(W, H, png_chunk(b"eXIf", bomb))), time.process_time()
        assert image.shown_size == (W, H)
        assert time.process_time() - start < 1


def test_a_cut_or_lost_picture_tells_its_stored_size(tmp_path: Path) -> None:
    """Where the bytes end early or their file is gone, telling the size is no error; once the file is back, it is right."""
    assert ImageData.from_bytes(GOOD["plain.png"][:-20]).shown_size == (W, H)
    whole = as_image(GOOD["turned-6.webp"])
    path = tmp_path / "photo.webp"
    stored = ImageData.from_file(path, sha256=whole.sha256, mime_type="image/webp", width=W, height=H)
    assert stored.shown_size == (W, H)
    path.write_bytes(whole.data)
    assert stored.shown_size == (H, W)


def test_a_turned_input_is_told_as_it_is_seen_when_it_was_changed() -> None:
    """The warning about a turned photo names the size its owner knows, before and after."""
    image = as_image(GOOD["turned-6.webp"], name="photo.webp")
    _, (warning,) = prepare((image,), APIYI, PRO)
    assert f"Before: WEBP {H}×{W}" in warning and f"{W}×{H}" not in warning


def test_nothing_of_a_picture_can_be_set_or_deleted() -> None:
    """An attribute that is set, new or deleted is an error, and the picture stays as it was."""
    image = as_image(GOOD["plain.png"], name="cat.png")
    for name in ("data", "mime_type", "sha256", "width", "height", "shown_size", "name", "source", "path", "note"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(image, name, 99)
    for name in ("width", "name"):
        with pytest.raises((AttributeError, TypeError)):
            delattr(image, name)
    assert (image.width, image.height, image.name, image.data) == (W, H, "cat.png", GOOD["plain.png"])


def test_copies_and_pickles_are_the_same_picture(tmp_path: Path) -> None:
    """A copy and a picture from another process have every fact, and a stored one still reads its file only when asked."""
    path = tmp_path / "cat.png"
    path.write_bytes(GOOD["plain.png"])
    whole = as_image(path)
    stored = ImageData.from_file(path, sha256=whole.sha256, mime_type="image/png", width=W, height=H, name="cat.png")
    for image in (whole, stored):
        for again in (copy.copy(image), copy.deepcopy(image), *(pickle.loads(pickle.dumps(image, n)) for n in range(2, 6))):
            assert again == image and hash(again) == hash(image)
            assert (again.name, again.source, again.path) == (image.name, image.source, image.path)
            assert repr(again) == repr(image) == "<ImageData cat.png image/png 60×40>"
    sent = pickle.dumps(ImageData.from_file(path, sha256=whole.sha256, mime_type="image/png", width=W, height=H))
    assert len(sent) < 1000
    path.unlink()
    with pytest.raises(InvalidImageError, match=r"cat\.png"):
        _ = pickle.loads(sent).data


def test_a_changed_copy_keeps_what_was_not_changed(tmp_path: Path) -> None:
    """Other bytes, another place, another source: each leaves the rest, and the picture itself, as it was."""
    path = tmp_path / "cat.jpg"
    path.write_bytes(GOOD["exif.jpg"])
    image = as_image(str(path))
    assert (image.source, image.name) == (str(path), "cat.jpg")
    elsewhere, named, other = image.but(path=path), image.but(source="https://host/cat.jpg"), image.but(data=b"other")
    assert elsewhere.path == path and elsewhere == image and elsewhere.source == image.source
    assert named == image and named.source == "https://host/cat.jpg" and named.data is image.data
    assert (other.data, other.source, other.name, other.path) == (b"other", str(path), "cat.jpg", None)
    assert other != image and (other.width, other.mime_type) == (W, "image/jpeg")
    assert (image.source, image.path, image.data) == (str(path), None, GOOD["exif.jpg"])


def test_a_picture_without_its_metadata_still_knows_where_it_came_from(tmp_path: Path) -> None:
    """Cleaning a photo keeps the path a person gave, so that code can name it."""
    path = tmp_path / "cat.jpg"
    path.write_bytes(GOOD["exif.jpg"])
    (sent,), _ = prepare((as_image(str(path)),), APIYI, PRO)
    assert sent.data != GOOD["exif.jpg"] and sent.source == str(path)


def test_a_gif_whose_first_frame_is_larger_than_its_screen_tells_the_pictures_size() -> None:
    """The size is that of the picture that is decoded and sent, not a small lie in the header."""
    plain = GOOD["plain.gif"]
    image = as_image(plain[:6] + struct.pack("<HH", 8, 5) + plain[10:])
    assert (image.width, image.height) == image.to_pil().size == (W, H)


@pytest.mark.parametrize("edge", [10_000, 65_000])
def test_a_gif_bomb_hidden_in_its_first_frame_is_ours_to_refuse(edge: int, recwarn: pytest.WarningsRecorder) -> None:
    """A frame far larger than its screen is refused in the one sentence about bombs, whatever Pillow's own limits say."""
    plain = GOOD["plain.gif"]
    at = plain.index(b"," + struct.pack("<HHHH", 0, 0, W, H))
    with pytest.raises(InvalidImageError, match=f"{edge}×{edge}.*decompression bomb"):
        as_image(plain[: at + 5] + struct.pack("<HH", edge, edge) + plain[at + 9 :])
    assert not recwarn.list


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA"])
@pytest.mark.parametrize("lost", [1, W * 3])
def test_a_bmp_that_lost_its_last_row_is_cut(mode: str, lost: int) -> None:
    """Pixels that the header promises and the file lacks are noticed, for rows of every depth."""
    whole = file_bytes(scene(mode=mode), "BMP")
    assert as_image(whole).width == W
    with pytest.raises(InvalidImageError, match="truncated"):
        as_image(whole[:-lost])


def test_an_answer_is_cut_only_where_its_end_is_missing() -> None:
    """A thumbnail's end is not the photo's, and damage inside a photo that has its end is no cut."""
    small = file_bytes(scene((16, 10)), "JPEG")
    photo = file_bytes(scene((600, 400)), "JPEG", comment=b"x" + small, quality=95)
    assert not ends_early(photo, "image/jpeg") and ends_early(photo[:-400], "image/jpeg")
    assert ends_early(photo[: photo.index(small) + len(small) + 40], "image/jpeg")
    scan = photo.rindex(b"\xff\xda") + 200
    assert not ends_early(photo[:scan] + b"\xff\xc4\xff\xff" + photo[scan:], "image/jpeg")
    for name in ("plain.png", "lossy.webp", "plain.gif"):
        mime = "image/" + name.rpartition(".")[2]
        assert not ends_early(GOOD[name], mime) and ends_early(GOOD[name][: len(GOOD[name]) // 2], mime)


def test_headers_are_read_without_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the type, neither its size nor its turn decodes a pixel."""
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("a pixel was decoded"))
    for name in ("turned-6.png", "turned-6.webp", "turned-6.jpg", "turned-6.tif", "plain.gif", "plain.bmp"):
        assert sorted(as_image(GOOD[name]).shown_size) == [H, W]


def test_pictures_opened_by_pillow_agree() -> None:
    """The size told is the one Pillow's own upright view of the file has."""
    from PIL import ImageOps

    for name in [name for name in GOOD if name.startswith("turned")]:
        with Image.open(io.BytesIO(GOOD[name])) as opened:
            assert as_image(GOOD[name]).shown_size == ImageOps.exif_transpose(opened).size, name
