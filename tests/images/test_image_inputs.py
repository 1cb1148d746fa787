"""What people give as a picture: every odd file is read or refused in one sentence, quickly and in little memory."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from nb_banana._images.data import MAX_BYTES, ImageData
from nb_banana._images.sources import as_image, as_images
from nb_banana.errors import InvalidImageError

from .corpus import H, W, bad, exif, good, lay_out, png, scene, srgb, traps
from .nobody import as_nobody

GOOD = good()
BAD = bad()

# One fresh process reads every path in turn, so that its high-water mark is what refusing them costs.
READER = """
import json, resource, sys, time
from nb_banana._images.sources import as_image
from nb_banana.errors import NanoBananaError
import PIL.Image, PIL.AvifImagePlugin, PIL.TiffImagePlugin, pillow_heif
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
for line in sys.stdin:
    path, before, start = json.loads(line), peak(), time.process_time()
    try:
        said = ["read", repr(as_image(path))]
    except NanoBananaError as error:
        said = ["refused", str(error)]
    print(json.dumps([*said, time.process_time() - start, peak() - before]), flush=True)
"""


def read_all(paths: list[Path]) -> list[tuple[str, str, float, int]]:
    """(read or refused, words, seconds, MB) for each path, as a fresh process sees it."""
    lines = "".join(json.dumps(str(path)) + "\n" for path in paths)
    done = subprocess.run(
        [sys.executable, "-c", READER], input=lines, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def test_bad_files_and_traps_are_refused_quickly_in_one_sentence(tmp_path: Path) -> None:
    """Every hostile file, pipe, device and hole is refused within 1 s of work and 100 MB, by name."""
    paths = [*lay_out(tmp_path, BAD), *traps(tmp_path)]
    for path, (verdict, words, seconds, megabytes) in zip(paths, read_all(paths), strict=True):
        assert verdict == "refused", (path.name, words)
        assert path.name[:60] in words, (path.name, words)
        assert "\n" not in words and len(words) < 900, words
        assert seconds < 1 and megabytes < 100, (path.name, seconds, megabytes)
    assert len(paths) > 70


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_read_as_they_are(name: str, tmp_path: Path) -> None:
    """An odd but honest file is read whatever its name says, its bytes and size untouched."""
    (path,) = lay_out(tmp_path, {name: GOOD[name]})
    image = as_image(str(path))
    assert image.data == GOOD[name]
    with Image.open(path) as opened:
        assert (image.width, image.height) == opened.size
        expected = {"MPO": "image/jpeg", "HEIF": "image/heic"}.get(opened.format, Image.MIME[opened.format])
    assert image.mime_type == expected
    assert image.name.isprintable() or "\u200d" in image.name


def test_unreadable_file_names_the_path_and_permissions(tmp_path: Path) -> None:
    """A file one may not read is refused with its path and the reason."""
    path = tmp_path / "secret.png"
    path.write_bytes(GOOD["plain.png"])
    path.chmod(0)
    words = as_nobody(lambda: as_image(path))
    assert words == f"InvalidImageError: {path} can't be read: Permission denied. Check its permissions."


def test_a_file_swapped_for_a_pipe_never_blocks(tmp_path: Path) -> None:
    """Swapping the path between a picture and a pipe while it is read gives a picture or a sentence, at once."""
    path, pipe, real = tmp_path / "swap.png", tmp_path / "pipe", tmp_path / "real.png"
    os.mkfifo(pipe)
    real.write_bytes(GOOD["plain.png"])
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for source in (pipe, real):
                link = tmp_path / "next"
                link.symlink_to(source)
                link.replace(path)

    path.symlink_to(real)
    swapper = threading.Thread(target=swap)
    swapper.start()
    seen, start = set(), time.perf_counter()
    try:
        for _ in range(3000):
            try:
                seen.add(as_image(path).width)
            except InvalidImageError as error:
                assert "is a pipe or a device" in str(error)
                seen.add("refused")
    finally:
        stop.set()
        swapper.join()
    assert seen == {W, "refused"}
    assert time.perf_counter() - start < 20


def test_paths_come_as_text_pathlike_and_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A str, a Path, a relative path and a path under ~ give the same picture, named after the file."""
    path = tmp_path / "cat.png"
    path.write_bytes(GOOD["plain.png"])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for source in (str(path), path, "cat.png", Path("cat.png"), "~/cat.png", Path("~/cat.png")):
        assert (as_image(source).sha256, as_image(source).name) == (as_image(path).sha256, "cat.png")
    assert as_image(path, name="first").name == "first"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "The path of the picture is empty"),
        ("  ", "The path of the picture is empty"),
        ("~nobody-here/cat.png", "There is no file ~nobody-here/cat.png"),
        ("cat.png", "There is no file cat.png (looked in "),
        ("file:///etc/passwd", "file: addresses are not read"),
        ("ftp://host/cat.png", "ftp: addresses are not read"),
        ("a\0b.png", "is neither a path nor a URL"),
        ("iVBORw0KGgo" * 900, "is neither a path nor a URL"),
        ("data:image/png;base64,@@@@", "does not hold valid base64"),
        ("data:image/png,abc", "does not hold valid base64"),
        ("data:image/png;base64,", "is empty"),
        (b"", "is empty"),
        (b"<html>", "it holds HTML"),
        (12, "A int is not a picture"),
        (object(), "A object is not a picture"),
        ({}, "A dict is not a picture"),
        ({"content": "text"}, "A dict is not a picture"),
        (Path("nul\0l"), "can't be read"),
        (io.StringIO("text"), "was opened as text"),
        (io.BytesIO(b""), "is empty"),
        ([[b"x"]], "A list of 1 pictures stands inside another list"),
        ([None], "A NoneType is not a picture"),
    ],
)
def test_wrong_things_get_one_sentence(source: object, words: str) -> None:
    """Whatever else is given is refused in one sentence that says what it was and what to give instead."""
    with pytest.raises(InvalidImageError) as caught:
        as_images(source)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 500 and str(caught.value)[:500].isprintable()


def test_lists_keep_order_and_none_is_no_picture() -> None:
    """A list, a tuple and an iterator give their pictures in order; None and [] give none."""
    sources = [GOOD["plain.png"], GOOD["plain.jpg"], GOOD["lossy.webp"]]
    kinds = ["image/png", "image/jpeg", "image/webp"]
    for several in (sources, tuple(sources), iter(sources)):
        assert [image.mime_type for image in as_images(several)] == kinds
    assert as_images(None) == as_images([]) == ()
    assert len(as_images(GOOD["plain.png"])) == 1


class Endless(io.RawIOBase):
    """A stream without end that begins like ``start``."""

    def __init__(self, start: bytes = b"") -> None:
        self.start, self.given = start, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "asked for everything"
        self.given += size
        start, self.start = self.start[:size], self.start[size:]
        return start + bytes(size - len(start))


def test_endless_streams_are_left_early() -> None:
    """A stream that never ends is dropped after its first piece, or at the limit when it began like a picture."""
    noise, picture = Endless(), Endless(png(W, H)[:60])
    with pytest.raises(InvalidImageError, match="its first bytes are"):
        as_image(noise)
    assert noise.given <= 64 * 1024
    with pytest.raises(InvalidImageError, match="larger than 80 MB"):
        as_image(picture)
    assert picture.given <= MAX_BYTES + 2


def test_open_files_are_read_from_where_they_stand(tmp_path: Path) -> None:
    """A binary file, a buffer left at its end and an unseekable stream are read; text and closed files are refused."""
    path = tmp_path / "cat.png"
    path.write_bytes(GOOD["plain.png"])
    with path.open("rb") as file:
        assert as_image(file).name == "cat.png"
    written = io.BytesIO()
    scene().save(written, "PNG")
    assert as_image(written).width == W
    read_end, write_end = os.pipe()
    os.write(write_end, GOOD["plain.png"])
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        assert as_image(pipe).sha256 == as_image(path).sha256
    with path.open(encoding="latin-1") as text, pytest.raises(InvalidImageError, match=r"cat\.png was opened as text"):
        as_image(text)
    with pytest.raises(InvalidImageError, match=r"cat\.png can't be read: read of closed file. Open it again"):
        as_image(file)


def test_streams_that_fail_name_themselves() -> None:
    """A stream that raises, or gives None, is refused in a sentence and not with its own traceback."""

    def broken(_: int) -> bytes:
        raise ConnectionResetError(104, "Connection reset by peer")

    with pytest.raises(InvalidImageError, match="Connection reset by peer"):
        as_image(SimpleNamespace(read=broken))
    with pytest.raises(InvalidImageError, match="was opened as text"):
        as_image(SimpleNamespace(read=lambda _: None, name="radio"))
    assert as_image(SimpleNamespace(read=io.BytesIO(GOOD["plain.png"]).read, name=3)).name == ""


def test_arrays_of_every_honest_kind() -> None:
    """uint8, bool, floats in 0…1 and single channels become the picture they show; views need no copy first."""
    colours = np.asarray(scene())
    for array, expected in [
        (colours, colours),
        (colours[::-1, ::-1], colours[::-1, ::-1]),
        (colours / 255, colours),
        ((colours / 255).astype("float32"), colours),
        (colours / 255 + 1e-7, colours),
        (colours[:, :, 0], colours[:, :, 0]),
        (colours[:, :, :1], colours[:, :, 0]),
        (colours[:, :, 0] > 100, (colours[:, :, 0] > 100) * np.uint8(255)),
        (np.asarray(scene(mode="RGBA")), np.asarray(scene(mode="RGBA"))),
    ]:
        image = as_image(array)
        assert image.mime_type == "image/png"
        np.testing.assert_array_equal(np.asarray(image.to_pil()), expected)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), "int64"),
        np.zeros((4, 4, 2), "uint8"),
        np.zeros((2, 4, 4, 3), "uint8"),
        np.zeros((0, 4, 3), "uint8"),
        np.full((4, 4), 128.0),
        np.full((4, 4), -1.0),
        np.full((4, 4), np.nan),
        np.zeros((4, 4), "uint16"),
        np.zeros((4, 4), "complex64"),
        np.zeros((4,), "uint8"),
        np.array("text"),
    ],
)
def test_other_arrays_are_refused_with_shape_and_type(array: np.ndarray) -> None:
    """An array that could mean several pictures, or none, is refused with its shape, type and what to give."""
    with pytest.raises(InvalidImageError) as caught:
        as_image(array)
    assert str(array.shape) in str(caught.value) and str(array.dtype) in str(caught.value)


def test_giant_arrays_and_pil_pictures_are_refused_before_any_work() -> None:
    """A view that claims 10¹² pixels costs nothing to refuse."""
    giant = np.broadcast_to(np.uint8(0), (10**6, 10**6, 3))
    with pytest.raises(InvalidImageError, match="decompression bomb"):
        as_image(giant)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "RGBa", "La", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "I;16"])
def test_pil_pictures_of_every_mode(mode: str) -> None:
    """Every PIL mode becomes a PNG of the same size that looks the same."""
    source = scene().convert({"RGBa": "RGBA", "La": "LA", "LAB": "RGB"}.get(mode, mode))
    if mode in ("RGBa", "La"):
        source = source.convert(mode)
    if mode == "LAB":
        from PIL import ImageCms

        lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        source = ImageCms.applyTransform(source, lab)
    image = as_image(source)
    assert (image.mime_type, image.width, image.height) == ("image/png", W, H)
    if mode not in ("LAB", "HSV", "1", "P"):
        grey = np.asarray(scene().convert("L"), int)
        shown = np.asarray(image.to_pil().convert("L"), int)
        if mode == "I;16":
            grey = grey // 257  # PIL leaves 0…255 as they are in its 65,536 levels: almost black.
        assert abs(shown - grey).max() <= 3


def test_pil_pictures_lose_their_place_but_not_their_turn(tmp_path: Path) -> None:
    """A photo opened with PIL arrives upright, with its colour profile and without its EXIF."""
    path = tmp_path / "phone.jpg"
    scene().save(path, exif=exif(6), icc_profile=srgb())
    with Image.open(path) as photo:
        image = as_image(photo)
    assert (image.width, image.height, image.name) == (H, W, "phone.jpg")
    assert b"Alice" not in image.data and b"iCCP" in image.data


def test_uploads_results_and_data_urls() -> None:
    """A FileUpload entry, an object with an .image, one with .data bytes and a data URL all give the picture."""
    data = GOOD["plain.jpg"]
    picture = as_image(data, name="cat.jpg")
    url = "data:image/jpeg;base64," + base64.encodebytes(data).decode()
    for source in (
        {"name": "cat.jpg", "content": memoryview(data)},
        SimpleNamespace(image=picture),
        SimpleNamespace(data=data),
        url,
        bytearray(data),
        memoryview(data),
        picture,
    ):
        assert as_image(source) == picture
    assert as_image({"name": "cat.jpg", "content": memoryview(data)}).name == "cat.jpg"


def test_urls_are_fetched_and_named_after_their_path() -> None:
    """A URL's bytes come from the fetcher given, and an error names the address without its query."""
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return GOOD["plain.png"] if "cat" in url else b"<html>gone</html>"

    image = as_image("https://host/a/my%20cat.png?token=secret", fetch=fetch)
    assert (image.name, asked) == ("my cat.png", ["https://host/a/my%20cat.png?token=secret"])
    with pytest.raises(InvalidImageError) as caught:
        as_image("HTTPS://host/gone?token=secret", fetch=fetch)
    assert "HTTPS://host/gone is not a picture" in str(caught.value) and "secret" not in str(caught.value)


def test_answers_may_be_cut_short_but_inputs_may_not() -> None:
    """A picture that was paid for is kept even when its end is missing; as an input it is refused."""
    cut = GOOD["big.jpg"][:-500]
    assert ImageData.from_bytes(cut).width == 5000
    with pytest.raises(InvalidImageError, match="truncated"):
        as_image(cut, name="cut.jpg")
    with pytest.raises(InvalidImageError, match="can't be decoded"):
        ImageData.from_bytes(cut).to_pil()


def test_sentences_come_in_chinese_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same refusal speaks Chinese, reason included."""
    monkeypatch.setenv("NB_BANANA_LANG", "zh")
    with pytest.raises(InvalidImageError, match=r"cut\.png 已损坏：文件被截断"):
        as_image(GOOD["plain.png"][:-9], name="cut.png")


def test_what_an_object_raises_is_told_in_its_own_words() -> None:
    """A tensor on a GPU, a figure that can't be drawn and a damaged member of a zip are one sentence each, no traceback of theirs."""

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")

    for given in (SimpleNamespace(__array__=fails), SimpleNamespace(savefig=fails), SimpleNamespace(read=fails)):
        with pytest.raises(InvalidImageError, match=r"Can't call numpy\(\) on Tensor"):
            as_image(given)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("cat.png", png(W, H))
    spoilt = packed.getvalue().replace(png(W, H)[-20:], bytes(20), 1)
    with zipfile.ZipFile(io.BytesIO(spoilt)) as archive, archive.open("cat.png") as member, pytest.raises(InvalidImageError, match="CRC"):
        as_image(member)
