"""Previews: small enough for a notebook, always, true to the picture, and hardly more than one decoding."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from nb_banana._images.data import ImageData
from nb_banana._images.sources import as_image
from nb_banana.errors import InvalidImageError

from .corpus import H, W, exif, file_bytes, good, scene, srgb

GOOD = good()
BUDGET = 24 * 1024


def grain(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Pure noise, which no encoder makes small."""
    channels = len(Image.new(mode, (1, 1)).getbands())
    return Image.fromarray(np.random.default_rng(4).integers(0, 256, (height, width, channels), dtype="uint8"), mode)


@pytest.mark.parametrize("name", GOOD)
def test_every_readable_file_has_a_preview(name: str) -> None:
    """Each odd file shows as a JPEG, or as a PNG where pixels are transparent, within 768 pixels and 24 KiB."""
    small = as_image(GOOD[name], name=name).preview()
    clear = any(word in name for word in ("clear", "alpha", "transparent"))
    assert small.mime_type == ("image/png" if clear else "image/jpeg")
    assert len(small.data) <= BUDGET and max(small.width, small.height) <= 768
    with Image.open(io.BytesIO(small.data)) as opened:
        opened.load()
        assert opened.size == (small.width, small.height)


@pytest.mark.parametrize(("mode", "size"), [("RGB", (3000, 2000)), ("RGBA", (1200, 900)), ("RGB", (8, 6000)), ("RGBA", (2000, 3))])
def test_noise_stays_within_the_budget(mode: str, size: tuple[int, int]) -> None:
    """The worst picture there is still fits: quality is lowered first, then the edge."""
    small = as_image(grain(*size, mode)).preview()
    assert len(small.data) <= BUDGET
    assert max(small.width, small.height) >= 64
    assert small.width / small.height == pytest.approx(size[0] / size[1], rel=0.5)


def test_opaque_alpha_is_a_jpeg_and_a_single_clear_corner_a_png() -> None:
    """Only pixels that are really transparent cost a PNG."""
    opaque = scene().convert("RGBA")
    assert as_image(opaque).preview().mime_type == "image/jpeg"
    opaque.putpixel((0, 0), (0, 0, 0, 0))
    assert as_image(opaque).preview().mime_type == "image/png"


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_previews_stand_upright(turn: int) -> None:
    """A turned photo is shown as a viewer shows it, large ones too."""
    data = file_bytes(scene((3000, 2000)), "JPEG", exif=exif(turn))
    small = ImageData.from_bytes(data).preview()
    with Image.open(io.BytesIO(small.data)) as shown:
        expected = scene((3000, 2000)).transpose(Image.Transpose({3: 3, 6: 4, 8: 2}[turn])).resize(shown.size)
        assert np.abs(np.asarray(shown, int) - np.asarray(expected, int)).mean() < 6


@pytest.mark.parametrize("name", [name for name in GOOD if name.startswith("turned-6")])
def test_every_type_is_turned_once(name: str) -> None:
    """Readers that turn by themselves and readers that don't both end upright: red top left goes top right."""
    with as_image(GOOD[name]).to_pil() as shown:
        assert shown.size == (H, W)
        red, green, blue = shown.convert("RGB").getpixel((H - 4, 3))
        assert red > 200 and green < 80 and blue < 80


def test_previews_of_a_wide_gamut_keep_alpha_and_drop_the_profile() -> None:
    """A transparent picture with a colour profile shows in sRGB and keeps its transparency."""
    data = file_bytes(scene(mode="RGBA"), "PNG", icc_profile=srgb())
    small = as_image(data).preview()
    with Image.open(io.BytesIO(small.data)) as shown:
        alpha = np.asarray(shown.convert("RGBA"), int)[..., 3]
        assert "icc_profile" not in shown.info
    assert np.abs(alpha - np.asarray(scene(mode="RGBA"), int)[..., 3]).mean() < 12


def test_previews_keep_the_colours_of_deep_and_inked_pictures() -> None:
    """16-bit greys are scaled, not clipped; CMYK shows as the colours it prints."""
    levels = np.asarray(scene().convert("L")).astype("uint16") * 257
    deep = as_image(file_bytes(Image.fromarray(levels), "PNG"))
    with Image.open(io.BytesIO(deep.preview().data)) as shown:
        assert np.abs(np.asarray(shown.convert("L"), int) - np.asarray(scene().convert("L"), int)).mean() < 4
    with Image.open(io.BytesIO(as_image(GOOD["cmyk.jpg"]).preview().data)) as shown:
        assert np.abs(np.asarray(shown, int) - np.asarray(scene(), int)).mean() < 8


def test_a_preview_decodes_its_picture_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many qualities are tried, the large picture itself is decoded a single time."""
    decoded: list[tuple[int, int]] = []
    prepare = PngImagePlugin.PngImageFile.load_prepare
    monkeypatch.setattr(
        PngImagePlugin.PngImageFile, "load_prepare", lambda self: (decoded.append(self.size), prepare(self))[1]
    )
    image = as_image(file_bytes(Image.effect_noise((1400, 900), 90).convert("RGB"), "PNG"))
    assert len(image.preview().data) <= 24 * 1024
    assert decoded == [(1400, 900)]


def test_pictures_show_themselves_as_a_preview_and_a_line() -> None:
    """In a notebook a picture is its preview plus one line of text, and never HTML."""
    image = as_image(GOOD["<img src=x onerror=alert(1)>.png"], name="<img src=x onerror=alert(1)>.png")
    bundle, metadata = image._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"image/jpeg", "text/plain"} and metadata == {"image/jpeg": {"alt": f"<img src=x onerror=alert(1)>.png, {W}×{H}"}}
    assert as_image(GOOD["<img src=x onerror=alert(1)>.png"])._repr_mimebundle_()[1] == {"image/jpeg": {"alt": f"a picture, {W}×{H}"}}
    assert base64.b64decode(bundle["image/jpeg"]) == image.preview().data
    assert bundle["text/plain"] == f"<ImageData <img src=x onerror=alert(1)>.png image/png {W}×{H}>"


def test_a_picture_that_cannot_be_decoded_still_shows_its_line() -> None:
    """A damaged answer shows what it is and why there is no picture; asking for its pixels is a sentence."""
    cut = ImageData.from_bytes(GOOD["big.png"][:3000], name="cut.png")
    bundle, _ = cut._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert bundle["text/plain"].startswith("<ImageData cut.png image/png 5000×3000>\ncut.png can't be decoded: ")
    with pytest.raises(InvalidImageError, match=r"cut\.png can't be decoded"):
        cut.to_pil()


def test_names_are_safe_to_show() -> None:
    """Control and direction characters never reach a screen, long names are cut in the middle, emoji stay."""
    image = as_image(GOOD["plain.png"], name="a\x1b[31m\n\u202egnp.\ud800" + "x" * 500 + ".png")
    assert image.name.isprintable() and len(image.name) == 200 and image.name.endswith("x.png")
    assert as_image(GOOD["plain.png"], name="👩\u200d🚀.png").name == "👩\u200d🚀.png"


def test_equal_bytes_are_equal_pictures() -> None:
    """Two pictures of the same bytes are one in a set, whatever they are called."""
    one, other = as_image(GOOD["plain.png"], name="a"), as_image(GOOD["plain.png"], name="b")
    assert one == other and len({one, other, as_image(GOOD["plain.jpg"])}) == 2
