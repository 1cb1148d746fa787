"""What is sent: the same pixels without personal data, or a stated change, and always within the limits."""

from __future__ import annotations

import io
import random
import struct
import time
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile

from nb_banana._catalog.models import MODELS
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._images.data import ImageData
from nb_banana._images.sources import as_image
from nb_banana._prepare import advice, prepare
from nb_banana.errors import InvalidImageError, InvalidRequestError

from .corpus import SECRET, H, W, exif, file_bytes, good, png, png_chunk, scene, srgb

GOOD = good()
APIYI, OPENROUTER, GOOGLE = PROVIDERS["apiyi"], PROVIDERS["openrouter"], PROVIDERS["google"]
PRO = MODELS["gemini-3-pro-image"]
CHANGED_AT_APIYI = {
    *(f"turned-{n}.jpg" for n in range(2, 9)),
    *(f"turned-{n}.{kind}" for n in (3, 6) for kind in ("png", "webp")),
    "turned-6.tif", "turned-6.avif", "cmyk.jpg", "animated.webp", "plain.gif", "clear.gif", "animated.gif", "trailing.gif",
    "plain.bmp", "palette.bmp", "plain.tif", "packed.tif", "cmyk.tif", "float.tif", "deep.tif", "pages.tif",
    "plain.avif", "clear.avif",
}  # fmt: skip
ADVICE = "{} was sent with all its 5000×3000 pixels; API易 (apiyi) advises at most 4096 along an edge."


def pixels(image: ImageData) -> np.ndarray:
    """Every pixel as RGBA, decoded by Pillow alone."""
    with Image.open(io.BytesIO(image.data)) as opened:
        return np.asarray(opened.convert("RGBA"), int)


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype="uint8"))


@pytest.mark.parametrize("provider", [APIYI, OPENROUTER, GOOGLE], ids=lambda p: p.name)
@pytest.mark.parametrize("name", GOOD)
def test_every_readable_file_is_sent_within_the_limits(name: str, provider: object) -> None:
    """Whatever was read arrives as a type and size the provider takes, every pixel of it, without personal data."""
    image = as_image(GOOD[name], name=name)
    (sent,), warnings = prepare((image,), provider, PRO)
    assert sent.mime_type in provider.mime_types
    assert len(sent.data) <= provider.max_image_bytes
    assert (sent.width, sent.height) in (image.shown_size, (image.width, image.height))
    assert SECRET not in sent.data and b"Alice" not in sent.data
    with Image.open(io.BytesIO(sent.data)) as opened:
        opened.load()
        assert opened.size == (sent.width, sent.height)
        assert Image.MIME[opened.format] == sent.mime_type or sent.mime_type == "image/heic"
        assert opened.getexif().get(0x0112, 1) == 1
        assert getattr(opened, "n_frames", 1) == 1
    assert as_image(sent.data).sha256 == sent.sha256
    assert all(image.name in warning for warning in warnings)


@pytest.mark.parametrize("name", sorted(set(GOOD) - CHANGED_AT_APIYI))
def test_pixels_and_colours_stay_when_nothing_forces_a_change(name: str) -> None:
    """Without a reason to change, the very pixels and colour profile go out, silently, in the same file type."""
    image = as_image(GOOD[name], name=name)
    (sent,), warnings = prepare((image,), APIYI, PRO, strict=True)
    assert sent.mime_type == image.mime_type
    np.testing.assert_array_equal(pixels(sent), pixels(image))
    assert len(sent.data) <= len(image.data)
    assert warnings == (("animated.png is animated; only its first frame was sent.",) if name == "animated.png" else ())
    profile = [Image.open(io.BytesIO(one.data)).info.get("icc_profile") for one in (image, sent)]
    assert profile[0] == profile[1]


@pytest.mark.parametrize("name", ["plain.png", "palette.png", "16-bit-rgb.png", "profile.png", "plain.jpg", "progressive.jpg", "lossy.webp", "clear.webp", "plain.heic"])
def test_clean_pictures_are_the_same_object(name: str) -> None:
    """A picture with nothing to take away is not even copied."""
    image = as_image(GOOD[name])
    assert prepare((image,), APIYI, PRO)[0][0] is image


@pytest.mark.parametrize("name", sorted(CHANGED_AT_APIYI))
def test_every_change_of_pixels_is_announced_or_refused(name: str) -> None:
    """A change names the picture, the reason, before and after; strict refuses it by name and reason."""
    image = as_image(GOOD[name], name=name)
    (sent,), (warning,) = prepare((image,), APIYI, PRO)
    assert sent.data != image.data
    assert warning.startswith(f"{name} was changed before sending: ")
    assert "{}×{}".format(*image.shown_size) in warning and f"{sent.width}×{sent.height}" in warning
    assert image.mime_type[6:].upper() in warning and sent.mime_type[6:].upper() in warning
    with pytest.raises(InvalidImageError, match=name):
        prepare((image,), APIYI, PRO, strict=True)


@pytest.mark.parametrize("turn", range(1, 9))
def test_exif_turns_become_pixels(turn: int) -> None:
    """All eight orientations arrive upright: as a viewer shows them, not as they were stored."""
    upright = scene()
    stored = {1: [], 2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}[turn]  # the inverse of each turn
    for step in stored:
        upright_stored = upright.transpose(Image.Transpose(step))
    data = file_bytes(upright_stored if stored else upright, "JPEG", exif=exif(turn), quality=95, subsampling=0)
    (sent,), _ = prepare((as_image(data),), APIYI, PRO)
    assert (sent.width, sent.height) == (W, H)
    assert np.abs(pixels(sent)[..., :3] - np.asarray(upright, int)).mean() < 4


def test_lossless_sources_stay_exact_and_lossy_ones_stay_close() -> None:
    """GIF, BMP and TIFF become PNGs of the same pixels; a re-encoded photo stays within JPEG's error at 95."""
    for name in ("plain.gif", "clear.gif", "plain.bmp", "plain.tif", "packed.tif"):
        image = as_image(GOOD[name])
        (sent,), _ = prepare((image,), APIYI, PRO)
        assert sent.mime_type == "image/png"
        np.testing.assert_array_equal(pixels(sent), pixels(image))
    (sent,), _ = prepare((as_image(GOOD["plain.avif"]),), APIYI, PRO)
    assert sent.mime_type == "image/jpeg"
    assert np.abs(pixels(sent) - pixels(as_image(GOOD["plain.avif"]))).mean() < 2


def test_colour_profiles_survive_a_new_encoding_and_inks_lose_theirs() -> None:
    """A turned photo keeps its profile; CMYK becomes RGB colours that look the same and need none."""
    data = file_bytes(scene(), "JPEG", exif=exif(6), icc_profile=srgb())
    (sent,), _ = prepare((as_image(data),), APIYI, PRO)
    with Image.open(io.BytesIO(sent.data)) as opened:
        assert opened.info["icc_profile"] == srgb()
    (sent,), _ = prepare((as_image(GOOD["cmyk.jpg"]),), APIYI, PRO)
    with Image.open(io.BytesIO(sent.data)) as opened:
        assert opened.mode == "RGB"
        assert np.abs(np.asarray(opened, int) - np.asarray(scene(), int)).mean() < 8


def test_transparency_survives_every_change() -> None:
    """A transparent picture over the limit comes out smaller and still transparent, never flattened to JPEG."""
    clear = noise(900, 700).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((900, 700)))
    tight = replace(APIYI, max_image_bytes=300_000)
    (sent,), _ = prepare((as_image(clear),), tight, PRO)
    assert len(sent.data) <= 300_000
    alpha = pixels(sent)[..., 3]
    assert alpha.min() < 10 and alpha.max() > 245


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("JPEG", {"quality": 100, "subsampling": 0}), ("WEBP", {"lossless": True})])
def test_too_many_bytes_lower_quality_first_and_size_last(kind: str, options: dict) -> None:
    """A picture over the byte limit keeps its size where a JPEG of it fits, and else is scaled just enough."""
    image = as_image(file_bytes(noise(1000, 800), kind, **options), name="grain")
    room = replace(APIYI, max_image_bytes=1_300_000)
    (sent,), (warning,) = prepare((image,), room, PRO)
    assert (sent.width, sent.height, sent.mime_type) == (1000, 800, "image/jpeg")
    assert "API易 (apiyi) takes at most 1.3 MB per picture" in warning
    tight = replace(APIYI, max_image_bytes=200_000)
    (sent,), _ = prepare((image,), tight, PRO)
    assert 100_000 < len(sent.data) <= 200_000
    assert sent.width / sent.height == pytest.approx(1.25, rel=0.02)


def test_an_advised_edge_is_said_and_alters_nothing() -> None:
    """A picture longer than the provider advises goes as the same object, in strict mode too, and one line says so."""
    for name in ("big.png", "big.jpg"):
        image = as_image(GOOD[name], name=name)
        (sent,), warnings = prepare((image,), APIYI, PRO, strict=True)
        assert sent is image and warnings == ()
        assert list(advice((sent,), APIYI)) == [ADVICE.format(name)]
        assert list(advice((sent,), GOOGLE)) == []


def test_a_change_for_another_reason_keeps_a_long_edge() -> None:
    """What is encoded anew because of its type, its turn or its bytes is not scaled to what is only advised."""
    wide, lying = scene((5000, 300)), scene((300, 5000))
    heavy = file_bytes(noise(5000, 300), "PNG")
    for data, kind in (
        (file_bytes(wide, "BMP"), "image/png"),
        (file_bytes(lying, "JPEG", exif=exif(6)), "image/jpeg"),
        (heavy, "image/jpeg"),
    ):
        room = replace(APIYI, max_image_bytes=len(heavy) - 1)
        (sent,), (altered,) = prepare((as_image(data, name="wide"),), room, PRO)
        assert (sent.width, sent.height, sent.mime_type) == (5000, 300, kind)
        assert altered.startswith("wide was changed before sending")
        assert "wide was sent with all its 5000×300 pixels" in "".join(advice((sent,), APIYI))


def test_together_too_large_shrinks_the_largest_first() -> None:
    """When only the sum is over the limit, the large pictures give way and the small ones are not touched."""
    small, large, larger = (as_image(file_bytes(noise(w, w), "PNG"), name=f"{w}") for w in (100, 500, 600))
    tight = replace(APIYI, max_request_bytes=1_400_000)
    sent, warnings = prepare((larger, small, large), tight, PRO)
    assert sent[1] is small
    assert sum(4 * -(-len(one.data) // 3) for one in sent) <= 1_400_000
    assert [warning.split()[0] for warning in warnings] == ["600", "500"]
    assert all("takes at most 1.4 MB per request" in warning for warning in warnings)
    one_large, notes = prepare((larger, small), replace(APIYI, max_request_bytes=1_200_000), PRO)
    assert one_large[1] is small and len(notes) == 1
    with pytest.raises(InvalidImageError, match="600 can't be sent as it is"):
        prepare((larger, small, large), tight, PRO, strict=True)
    with pytest.raises(InvalidRequestError, match="The 3 pictures don't fit"):
        prepare((larger, small, large), tight, PRO, reserved=1_399_000)


def test_fourteen_photos_at_the_limit_fit_one_request() -> None:
    """Fourteen pictures of 6.9 MB each are over 100 MB in base64; they arrive under it."""
    one = ImageData.from_bytes(GOOD["plain.png"])
    padded = file_bytes(noise(1515, 1515), "PNG")
    many = (ImageData.from_bytes(padded), *[one] * 2)
    limit = replace(APIYI, max_request_bytes=len(padded))
    sent, _ = prepare(many, limit, PRO)
    assert sum(4 * -(-len(image.data) // 3) for image in sent) <= limit.max_request_bytes


def test_too_many_pictures_name_count_and_limit() -> None:
    """Fifteen inputs are refused before anything is read, naming how many may stay; unknown models set no limit."""
    image = as_image(GOOD["plain.png"])
    with pytest.raises(InvalidRequestError) as caught:
        prepare((image,) * 15, APIYI, PRO)
    assert str(caught.value) == "15 pictures were given, but nano-banana-pro takes at most 14. Leave out 1."
    assert len(prepare((image,) * 15, APIYI, None)[0]) == 15


def test_damaged_pictures_are_refused_by_name() -> None:
    """A picture cut short after it was read, or with broken pixels that must change, is a sentence, not a crash."""
    cut = ImageData.from_bytes(GOOD["plain.png"][:-20], name="answer.png")
    with pytest.raises(InvalidImageError, match=r"answer\.png is damaged: the file is truncated"):
        prepare((cut,), APIYI, PRO)
    turned = GOOD["turned-6.png"]
    at = turned.index(b"IDAT") + 4
    holed = turned[:at] + bytes(50) + turned[at + 50 :]
    with pytest.raises(InvalidImageError, match=r"hole\.png is damaged: its IDAT part"):
        prepare((as_image(holed, name="hole.png"),), APIYI, PRO)


def test_nameless_pictures_are_called_by_their_place() -> None:
    """A warning about a picture without a name counts: picture 2."""
    _, (warning,) = prepare((as_image(GOOD["plain.png"]), as_image(GOOD["plain.bmp"])), APIYI, PRO)
    assert warning.startswith("picture 2 was changed before sending: API易 (apiyi) does not take BMP.")


def test_real_metadata_is_gone_and_the_rest_is_not() -> None:
    """EXIF, XMP, text, comments, MPO frames, motion-photo tails go; JFIF, Adobe and colour parts stay."""
    for name in ("exif.jpg", "xmp.jpg", "comment.jpg", "stereo.jpg", "trailing.jpg", "text.png", "exif.png", "trailing.png",
                 "private-chunk.png", "exif.webp", "trailing.webp", "exif.heic", "trailing.heic"):  # fmt: skip
        data = prepare((as_image(GOOD[name]),), APIYI, PRO)[0][0].data
        assert data != GOOD[name] and SECRET not in data and b"Alice" not in data, name
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            said = {key: value for key, value in opened.info.items() if key in ("xmp", "comment", "Comment", "mp", "exif")}
            assert not (said.get("xmp") or b"").strip() and len((said.get("exif") or b"").strip(b"\0")) < 10, (name, said)
            assert not {"comment", "Comment", "mp"} & set(said), (name, said)
            assert 0x010E not in opened.getexif()
    assert b"ICC_PROFILE" in prepare((as_image(GOOD["profile.jpg"]),), APIYI, PRO)[0][0].data


def test_clean_large_pictures_pass_as_the_very_same_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four clean PNGs of 5 MB are neither decoded nor copied; a photo's EXIF goes without decoding it."""
    clean = tuple(as_image(file_bytes(noise(1290, 1290, seed), "PNG", compress_level=1)) for seed in range(4))
    photo = as_image(file_bytes(noise(1280, 1280), "JPEG", quality=100, subsampling=0, exif=exif()))
    assert sum(len(image.data) for image in clean) > 19_000_000 and len(photo.data) > 4_000_000
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("a pixel was decoded"))
    assert all(kept is given for kept, given in zip(prepare(clean, APIYI, PRO)[0], clean))
    (sent,), warnings = prepare((photo,), APIYI, PRO)
    assert len(sent.data) < len(photo.data) and warnings == ()


def test_strange_heic_is_converted_rather_than_sent_with_its_place() -> None:
    """A HEIC whose EXIF can't be found is encoded anew, and a table built to waste time is left early."""
    data = GOOD["exif.heic"]
    at = data.index(b"iloc")
    version_2 = data[: at + 4] + b"\2" + data[at + 5 :]
    endless = data[: at + 4] + b"\0\0\0\0\0\0\xff\xff" + b"\xff" * 40 + data[at + 52 :]
    for strange in (version_2, endless, data.replace(b"iloc", b"free", 1), data.replace(b"iinf", b"free", 1)):
        start = time.process_time()
        image = ImageData(strange, "image/heic", W, H, name="strange.heic")
        try:
            (sent,), (warning,) = prepare((image,), APIYI, PRO)
        except InvalidImageError as error:
            assert "strange.heic" in str(error)
        else:
            assert sent.mime_type == "image/jpeg" and b"Alice" not in sent.data
            assert "metadata can't be removed" in warning
        assert time.process_time() - start < 1


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_random_damage_never_escapes_as_another_error() -> None:
    """Thousands of files with random bytes changed are sent within limits or refused, never anything else."""
    rng = np.random.default_rng(5)
    names = [name for name in GOOD if not name.startswith(("big", "many-chunks"))]
    outcomes = {"sent": 0, "refused": 0}
    for round_ in range(1500):
        data = bytearray(GOOD[names[round_ % len(names)]])
        for _ in range(rng.integers(1, 6)):
            data[rng.integers(0, len(data))] = rng.integers(0, 256)
        if rng.random() < 0.3:
            del data[rng.integers(0, len(data)) :]
        try:
            (sent,), _ = prepare((as_image(bytes(data)),), OPENROUTER, PRO)
            assert len(sent.data) <= OPENROUTER.max_image_bytes
            outcomes["sent"] += 1
        except InvalidImageError as error:
            assert "\n" not in str(error)
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 300, outcomes


def with_profile(kind: str, profile: bytes) -> bytes:
    """A picture of 640×480 that carries these bytes as its colour profile, however many they are."""
    if kind == "JPEG":
        plain = file_bytes(scene((640, 480)), "JPEG")
        pieces = [profile[at : at + 65_000] for at in range(0, len(profile), 65_000)]
        marks = (b"ICC_PROFILE\0" + bytes([number % 255 + 1, min(len(pieces), 255)]) + one for number, one in enumerate(pieces))
        return plain[:2] + b"".join(b"\xff\xe2" + struct.pack(">H", len(mark) + 2) + mark for mark in marks) + plain[2:]
    if kind == "WEBP":
        plain = file_bytes(scene((640, 480)), "WEBP", icc_profile=srgb())
        at = plain.index(b"ICCP")
        size = int.from_bytes(plain[at + 4 : at + 8], "little")
        whole = plain[:at] + b"ICCP" + struct.pack("<I", len(profile)) + profile + plain[at + 8 + size + size % 2 :]
        return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]
    if kind == "PNG":
        return png(640, 480, png_chunk(b"iCCP", b"icc\0\0" + zlib.compress(profile, 1)))
    return file_bytes(scene((640, 480)), kind, icc_profile=profile)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "TIFF"])
def test_a_profile_larger_than_any_is_left_behind(kind: str) -> None:
    """Tens of megabytes that call themselves a colour profile go like other metadata: no pixel changes, nothing hangs."""
    flood = random.Random(4).randbytes(2**20) * (7 if kind == "PNG" else 40)
    image = as_image(with_profile(kind, flood), name="flood")
    start = time.process_time()
    (sent,), warnings = prepare((image,), APIYI, PRO)
    assert time.process_time() - start < 20
    assert (sent.width, sent.height) == (640, 480) and len(sent.data) < 1_000_000
    assert len(warnings) == (kind == "TIFF")
    with Image.open(io.BytesIO(sent.data)) as opened:
        opened.load()
        assert "icc_profile" not in opened.info
    assert max(image.preview().shown_size) <= 768


def test_a_pil_picture_with_such_a_profile_is_taken() -> None:
    """A picture opened elsewhere that carries a flood as its profile is stored without it."""
    picture = scene()
    picture.info["icc_profile"] = random.Random(4).randbytes(2**20) * 40
    assert len(as_image(picture).data) < 100_000


def seen(data: bytes) -> np.ndarray:
    """The colours as a person sees them, in CIE Lab by way of the picture's own profile, over white."""
    with Image.open(io.BytesIO(data)) as opened:
        profile, picture = opened.info.get("icc_profile"), opened
        if opened.mode.startswith("I"):
            picture = opened.point(lambda level: level / 257).convert("L")
        clear = picture.convert("RGBA")
        alpha = clear.getchannel("A")
        whole = Image.composite(clear.convert("RGB"), Image.new("RGB", clear.size, "white"), alpha)
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else ImageCms.createProfile("sRGB")
    lab = ImageCms.profileToProfile(whole, source, ImageCms.createProfile("LAB"), outputMode="LAB")
    values = np.asarray(lab.resize((32, 24), Image.Resampling.BOX), float)
    values[..., 0] *= 100 / 255
    values[..., 1:] = (values[..., 1:] + 128) % 256 - 128  # Pillow keeps a and b as signed bytes.
    return values


def wide_gamut(red: tuple[float, float, float], green: tuple[float, float, float], blue: tuple[float, float, float]) -> bytes:
    """An RGB profile with the primaries of another screen, given as XYZ under D50."""
    profile = bytearray(srgb())
    named = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue}
    for number in range(int.from_bytes(profile[128:132])):
        entry = 132 + 12 * number
        if (name := bytes(profile[entry : entry + 4])) in named:
            at = int.from_bytes(profile[entry + 4 : entry + 8]) + 8
            profile[at : at + 12] = b"".join(struct.pack(">i", round(part * 65536)) for part in named[name])
    return bytes(profile)


P3 = wide_gamut((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841))
ADOBE = wide_gamut((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))


def colourful(mode: str = "RGB") -> Image.Image:
    """Strong colours in large fields, with grain enough to be over a small limit."""
    fields = scene((640, 480))
    return Image.blend(fields, noise(640, 480), 0.15).convert(mode)


def looks() -> dict[str, bytes]:
    colours, clear = colourful(), colourful("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize((640, 480)))
    grey = colourful("L")
    levels = Image.fromarray(np.asarray(grey, "uint16") * 257)
    palette = colours.quantize(64)
    return {
        "p3.png": file_bytes(colours, "PNG", icc_profile=P3),
        "p3.jpg": file_bytes(colours, "JPEG", quality=100, icc_profile=P3, exif=exif(1)),
        "p3.tif": file_bytes(colours, "TIFF", icc_profile=P3),
        "adobe.png": file_bytes(colours, "PNG", icc_profile=ADOBE),
        "adobe.webp": file_bytes(colours, "WEBP", lossless=True, icc_profile=ADOBE),
        "16-bit-grey.png": file_bytes(levels, "PNG"),
        "palette.png": file_bytes(palette, "PNG"),
        "palette-clear.png": file_bytes(palette, "PNG", transparency=palette.getpixel((0, 0))),
        "grey-alpha.png": file_bytes(clear.convert("LA"), "PNG"),
        "clear-p3.png": file_bytes(clear, "PNG", icc_profile=P3),
        "grey.bmp": file_bytes(grey, "BMP"),
    }


LOOKS = looks()


@pytest.mark.parametrize("name", LOOKS)
def test_colours_are_seen_alike_whatever_had_to_change(name: str) -> None:
    """Made smaller, or of another type, a picture of any gamut, depth, palette or transparency looks as it did."""
    image = as_image(LOOKS[name], name=name)
    for share in (0.9, 0.4):
        room = replace(APIYI, max_image_bytes=int(len(image.data) * share))
        (sent,), (warning,) = prepare((image,), room, PRO)
        assert sent.data != image.data and "changed before sending" in warning
        before, after = seen(image.data), seen(sent.data)
        apart = np.sqrt(((before - after) ** 2).sum(axis=-1))
        assert apart.mean() < 2 and np.quantile(apart, 0.95) < 7, (name, share, apart.mean(), apart.max())
