"""Pictures made alike: nothing but their pixels can tell them apart."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from nb_banana import ImageData
from nb_banana._rate.blinding import alike, edge_of


def picture(size, colour="peru", kind="PNG", mode="RGB", **how) -> ImageData:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **how)
    return ImageData.from_bytes(out.getvalue())


def opened(data: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(data))
    found.load()
    return found


def test_format_size_bytes_and_metadata_are_one():
    """A large noisy PNG with text in it and a small JPEG with EXIF and a comment come out as JPEGs of one size, one length, and no words."""
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", "secret-model")
    noisy = io.BytesIO()
    Image.effect_noise((1024, 1024), 90).convert("RGB").save(noisy, "PNG", pnginfo=text)
    exif = Image.Exif()
    exif[0x010E] = "secret-model"
    made = alike([ImageData.from_bytes(noisy.getvalue()), picture((512, 512), kind="JPEG", exif=exif, comment=b"secret-model")], [], 1024)
    assert len({len(data) for data in made.data}) == 1 and len(made.data[0]) % 65536 == 0
    assert [opened(data).size for data in made.data] == [(1024, 1024)] * 2 == [(made.width, made.height)] * 2
    assert not any(b"secret" in data for data in made.data)
    assert all(set(opened(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} for data in made.data)


@pytest.mark.parametrize("sizes", [((896, 1200), (880, 1168)), ((1376, 768), (1344, 768)), ((1000, 870), (1000, 880))])
def test_ratios_that_were_meant_to_be_one_are_one(sizes):
    """Models round the pixels of a ratio in their own ways: no edge stays grey at one side alone."""
    made = alike([picture(size, "white") for size in sizes], [], 600)
    assert all(min(opened(data).convert("L").tobytes()) > 250 for data in made.data)
    alone = [alike([picture(size)], [], 600) for size in sizes]
    assert len({(one.width, one.height) for one in alone}) == 1 or sizes[0] == (1000, 870)  # 1.15 is nobody's ratio


def test_a_shape_that_differs_stands_whole_in_the_same_box():
    """A tall and a wide picture get one box, grey around each, and nothing of them is cut off; an input alone may differ."""
    wide, tall = picture((800, 400), "white"), picture((400, 800), "white")
    made = alike([wide, tall], [wide], 400)
    assert (made.width, made.height) == (400, 400)
    shares = [sum(level > 250 for level in opened(data).convert("L").tobytes()) / 160_000 for data in made.data]
    assert shares == pytest.approx([0.5, 0.5, 0.5], abs=0.01)


def test_clear_pixels_and_turned_photos_look_as_they_do_elsewhere():
    """What is transparent stands on squares, and a photo lying down is upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    made = alike([picture((200, 100), (0, 0, 0, 0), mode="RGBA"), picture((100, 200), kind="JPEG", exif=exif)], [], 200)
    assert (made.width, made.height) == (200, 100)
    assert len(opened(made.data[0]).convert("L").getcolors()) > 1


def test_one_edge_for_a_whole_rating():
    """The largest picture says it, up to a limit: a pair's own size can't tell who is in it."""
    assert edge_of([(1024, 512), (300, 1200)]) == 1200
    assert edge_of([(4096, 4096)]) == 1600
    assert edge_of([]) == edge_of([(16, 16)]) == 256
