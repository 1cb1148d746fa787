"""A composite is the original to the last bit but for the edited region and its seam, and says so."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw, ImageOps

import nb_banana as nb
from tests.images.test_image_prepare import P3
from tests.test_measure import photo, window

REGION = (0.3, 0.25, 0.4, 0.5)


def data_of(picture: Image.Image, kind: str = "PNG", **options: object) -> nb.ImageData:
    """A picture as a file's bytes."""
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return nb.ImageData.from_bytes(stream.getvalue(), name=f"photo.{kind.lower()}")


def result_of(before: nb.ImageData, after: Image.Image, **settings: object) -> nb.EditResult:
    """A result as a provider gave it for the edit of a picture."""
    return nb.EditResult(images=(data_of(after),), request=nb.EditRequest("x", (before,), **settings), model="m")


def small() -> Image.Image:
    return photo("chelsea").resize((300, 200))


def scene(zoom: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> Image.Image:
    """210×140 of a photograph, zoomed and moved; real content comes in at the border."""
    return window(photo("coffee").resize((300, 200), Image.Resampling.LANCZOS), zoom, dx, dy)


def remade(picture: Image.Image, part: tuple[float, ...] = (0.35, 0.3, 0.65, 0.7), scale: float = 1.5) -> Image.Image:
    """What a model gives back: everything a little other, of other pixels, and a part in negative."""
    clear = picture.convert("RGBA")
    seen = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    lighter = seen.point(lambda level: level * 0.94 + 12)
    box = tuple(round(share * edge) for share, edge in zip(part, picture.size * 2, strict=True))
    lighter.paste(ImageOps.invert(lighter.crop(box)), box)
    return lighter.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def edges(region: tuple[float, ...], size: tuple[int, int], by: int = 0) -> tuple[slice, slice]:
    """Rows and columns of a region, larger by some pixels."""
    (left, top, wide, tall), (width, height) = region, size
    rows = slice(max(0, round(top * height) - by), round((top + tall) * height) + by)
    return rows, slice(max(0, round(left * width) - by), round((left + wide) * width) + by)


def beyond(region: tuple[float, ...], size: tuple[int, int], by: int) -> np.ndarray:
    """Which pixels lie farther from the region than that."""
    kept = np.ones(size[::-1], bool)
    kept[edges(region, size, by)] = False
    return kept


def turned() -> nb.ImageData:
    """A photo that lies on its side in its file."""
    tags = Image.Exif()
    tags[0x0112] = 6
    return data_of(small().transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=tags)


def clear() -> Image.Image:
    """A photo that fades to nothing, colour under it."""
    picture = small().convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


def palette(transparency: int | None = None) -> nb.ImageData:
    options = {} if transparency is None else {"transparency": transparency}
    return data_of(small().quantize(64), "PNG", **options)


ORIGINALS: dict[str, tuple[Callable[[], nb.ImageData], str]] = {
    "jpeg": (lambda: data_of(small(), "JPEG", quality=90), "RGB"),
    "turned": (turned, "RGB"),
    "alpha": (lambda: data_of(clear()), "RGBA"),
    "webp": (lambda: data_of(clear(), "WEBP", lossless=True, exact=True), "RGBA"),
    "palette": (palette, "RGB"),
    "clear palette": (lambda: palette(3), "RGBA"),
    "grey": (lambda: data_of(small().convert("L")), "RGB"),
    "grey and alpha": (lambda: data_of(clear().convert("LA")), "RGBA"),
    "bits": (lambda: data_of(small().convert("1")), "RGB"),
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_every_pixel_beyond_the_seam_is_the_originals(name):
    """Upright and in the original's size; beyond the feather each value, alpha included, is the one the file holds."""
    before, mode = ORIGINALS[name][0](), ORIGINALS[name][1]
    original = before.to_pil()
    with warnings.catch_warnings(action="error"):
        made = result_of(before, remade(original)).composite(REGION, feather=8)
    assert (made.mime_type, made.shown_size, made.to_pil().mode) == ("image/png", before.shown_size, mode)
    one, other = np.asarray(original.convert(mode)), np.asarray(made.to_pil())
    kept = beyond(REGION, original.size, 8)
    assert kept.mean() > 0.6 and (one[kept] == other[kept]).all()


def test_within_the_region_it_is_the_result():
    """Every pixel of the region is the result's, brought to the original's pixels, opaque as the result is; the seam lies between."""
    before, after = data_of(clear()), remade(clear())
    made = np.asarray(result_of(before, after).composite(REGION, feather=8))
    theirs = np.asarray(after.resize(small().size, Image.Resampling.LANCZOS))
    inside = edges(REGION, small().size)
    assert (made[inside][..., 3] == 255).all()
    assert np.abs(made[inside][..., :3].astype(int) - theirs[inside]).max() <= 2
    (rows, columns), old = inside, np.asarray(clear())
    seam = made[rows, columns.start - 8 : columns.start][..., 3].mean(axis=0) - old[rows, columns.start - 8 : columns.start][..., 3].mean(axis=0)
    assert (np.diff(seam) > 0).all() and 0 < seam[0] < seam[-1]


def test_what_nobody_sees_lends_the_seam_no_colour():
    """Over a ground that is transparent, and red underneath, the seam fades in the result's own colour."""
    before, ground = small().convert("RGBA"), Image.new("RGBA", (300, 60), (255, 0, 0, 0))
    before.paste(ground, (0, 140))
    made = np.asarray(result_of(data_of(before), remade(before)).composite((0.3, 0.4, 0.4, 0.45), feather=8))
    seam = made[170:178, 100:200]
    assert (seam[..., 3] < 255).all() and 0 < seam[-1, 50, 3] < seam[0, 50, 3]
    assert seam[seam[..., 3] > 40][:, 1:3].min() > 235
    assert (made[185:, :, :] == (255, 0, 0, 0)).all()


def test_a_seam_of_nothing_is_a_hard_edge():
    """`feather=0` changes the region's own pixels and no other; the usual seam is 1 % of the longer edge."""
    before, after = data_of(small()), remade(small())
    for feather, by in ((0, 0), (None, 3)):
        made = np.asarray(result_of(before, after).composite(REGION, feather))
        differs = np.argwhere((made != np.asarray(small())).any(axis=2))
        rows, columns = edges(REGION, small().size, by)
        assert (differs.min(axis=0) >= (rows.start, columns.start)).all()
        assert (differs.max(axis=0) < (rows.stop, columns.stop)).all()
        assert by or (differs.min(axis=0) == (rows.start, columns.start)).all()


def test_a_thin_stroke_shows_the_result_in_full():
    """A line two pixels wide is the result's, however wide the seam; at the picture's own edge there is no seam."""
    before, after, stroke = data_of(small()), remade(small()), Image.new("L", small().size)
    ImageDraw.Draw(stroke).line((150, 40, 150, 199), fill=255, width=2)
    made = np.asarray(result_of(before, after).composite(stroke, feather=20)).astype(int)
    theirs = np.asarray(after.resize(small().size, Image.Resampling.LANCZOS))
    line = np.asarray(stroke) > 127
    assert line[199].any() and np.abs(made[line] - theirs[line]).max() <= 1


# --- alignment -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zoom", "dx", "dy", "scale"), [(1.0, 9, -6, 1.0), (1.05, -8, 5, 2.0), (0.96, 4, 3, 1.2)])
def test_a_result_that_moved_is_aligned(zoom, dx, dy, scale):
    """A result that is shifted, zoomed and of other pixels is laid where it belongs: what didn't change looks the same."""
    before, after = scene(), scene(zoom, dx, dy)
    box = 0.3, 0.3, 0.4, 0.4
    resized = after.resize((round(after.width * scale), round(after.height * scale)), Image.Resampling.LANCZOS)
    made = result_of(data_of(before), resized).composite(box)
    inside = edges(box, before.size)
    old = np.asarray(before)[inside].astype(int)
    off = np.abs(np.asarray(made)[inside] - old).mean()
    unaligned = np.abs(np.asarray(after)[inside] - old).mean()
    assert off < 3.5 and unaligned > 2.5 * off
    found = nb.read_provenance(made)["alignment"]
    assert (found["dx"], found["dy"]) == (pytest.approx(dx, abs=0.6), pytest.approx(dy, abs=0.6))
    assert found["zoom"] == pytest.approx(zoom, rel=0.003)


@pytest.mark.parametrize("seed", range(4))
def test_an_edit_of_nearly_everything_is_aligned_by_the_rest(seed):
    """Three quarters made anew don't disturb the alignment: only what lies outside of the region is compared."""
    before, after = scene(), scene(1.0, 7, 4)
    region = 0.0, 0.0, 0.94, 0.75
    size = after.width, round(after.height * 0.74)
    noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    after.paste(Image.fromarray(noise), (0, 0))
    found = nb.read_provenance(result_of(data_of(before), after).composite(region))["alignment"]
    assert (found["dx"], found["dy"]) == (pytest.approx(7, abs=0.6), pytest.approx(4, abs=0.6)) and found["likeness"] > 0.9


def test_another_picture_is_refused_with_its_likeness():
    """A result that shows something else is not pasted in: the error gives the figure, the limit and what to do."""
    with pytest.raises(nb.errors.InvalidRequestError) as told:
        result_of(data_of(small()), photo("astronaut").resize((240, 240))).composite(REGION)
    assert re.search(r"likeness 0\.[01]\d, at least 0\.50 is needed", str(told.value))
    assert "result.changes()" in told.value.hint and "take=" in told.value.hint


def test_a_region_the_result_does_not_show_is_refused_with_the_figures():
    """Shift, likeness, what is seen and the region are told, and the region the hint names is one that works."""
    before, after = scene(), scene(1.0, 15, 0)
    result = result_of(data_of(before), after)
    with pytest.raises(nb.errors.InvalidRequestError) as told:
        result.composite((0.5, 0.2, 0.5, 0.5))
    assert re.search(r"shifted \+1[45]\.\d px right, [+-]0\.\d px down \(likeness (1\.00|0\.9\d)\).* x 0–19[45], y \d–1[34]\d, .* x 105–210, y 28–98", str(told.value))
    within = tuple(float(share) for share in re.search(r"\(([\d., ]+)\)", told.value.hint)[1].split(","))
    assert result.composite(within).shown_size == before.size


def test_a_strip_below_measuring_is_no_reason_to_refuse():
    """A region that reaches one pixel over what the result shows is laid; that strip stays the original's, and the facts say what is shown."""
    before, after = scene(), scene(1.0, 0.9, 0)
    made = result_of(data_of(before), after).composite((0.0, 0.0, 1.0, 0.5))
    left, top, right, bottom = nb.read_provenance(made)["alignment"]["shown"]
    assert max(left, top, before.width - right, before.height - bottom) == 1
    hidden = np.ones((before.height, before.width), bool)
    hidden[top:bottom, left:right] = False
    assert (np.asarray(made)[hidden] == np.asarray(before)[hidden]).all()


# --- what is asked ----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["mask", "region", "picture", "array", "transparent", "opaque"])
def test_every_form_of_a_region_means_the_same(given):
    """The edit's own mask, four shares, a mask picture (one that could be transparent too), an array and a hole give one picture."""
    before, after = data_of(small()), remade(small())
    white = Image.new("L", small().size)
    rows, columns = edges(REGION, small().size)
    white.paste(255, (columns.start, rows.start, columns.stop, rows.stop))
    hole = small().convert("RGBA")
    hole.putalpha(ImageOps.invert(white))
    region = {"region": REGION, "picture": white, "array": np.asarray(white), "transparent": data_of(hole), "opaque": white.convert("RGBA")}.get(given)
    result = result_of(before, after, **({"mask": REGION} if given == "mask" else {}))
    made = result.composite(region)
    assert made.to_pil().tobytes() == result_of(before, after).composite(REGION).to_pil().tobytes()


def test_a_mask_drawn_on_the_file_turns_with_its_photo():
    """A photo turned by EXIF, its mask drawn on the pixels as stored: changes and composite see it where the person does."""
    region = 0.1, 0.2, 0.3, 0.6
    before, white = turned(), Image.new("L", small().size)
    after = remade(small(), (0.1, 0.2, 0.4, 0.8))
    rows, columns = edges(region, small().size)
    white.paste(255, (columns.start, rows.start, columns.stop, rows.stop))
    result = result_of(before, after, mask=data_of(white.transpose(Image.Transpose.ROTATE_90)))
    made, original = np.asarray(result.composite(feather=0)), np.asarray(before.to_pil())
    differs = np.argwhere((made != original).any(axis=2))
    assert tuple(differs.min(axis=0)) == (rows.start, columns.start)
    change = result.changes().change
    assert change.inside > 0.95 and change.outside < 0.01


def test_what_is_missing_is_told_with_the_next_step():
    """No region, no original and a bad feather are each refused with a sentence that leads on."""
    before = data_of(small())
    with pytest.raises(nb.errors.InvalidRequestError, match="made without a mask") as told:
        result_of(before, remade(small())).composite()
    assert "region=(left, top, width, height)" in told.value.hint and "mask=" in told.value.hint
    made = nb.EditResult(images=(before,), request=nb.EditRequest("a cat"), model="m")
    with pytest.raises(nb.errors.InvalidRequestError, match="words alone"):
        made.composite(REGION)
    for feather in (-1, 301, float("nan"), "wide", True):
        with pytest.raises(nb.errors.InvalidRequestError, match=r"feather=.*from 0 to 300"):
            result_of(before, remade(small())).composite(REGION, feather)
    with pytest.raises(nb.errors.InvalidRequestError, match="region="):
        result_of(before, remade(small())).composite((0, 0, 2, 1))


# --- colours and depth ------------------------------------------------------------------------------


def deep_rgb() -> nb.ImageData:
    """A PNG of 16 bits a channel, which Pillow reads and doesn't write."""
    values = np.asarray(small()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in values)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 300, 200, 16, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return nb.ImageData.from_bytes(data)


@pytest.mark.parametrize(("name", "words"), [("deep grey", "more than 8 bits"), ("deep", "more than 8 bits"), ("inks", "CMYK")])
def test_what_png_can_not_hold_is_told(name, words):
    """16 bits a channel become 8 and inks become light: a warning and the picture's own facts say so; beyond the seam it is what is shown."""
    grey = Image.fromarray(np.asarray(small().convert("L"), "uint16") * 257)
    before = {"deep grey": lambda: data_of(grey), "deep": deep_rgb, "inks": lambda: data_of(small().convert("CMYK"), "JPEG")}[name]()
    with pytest.warns(UserWarning, match=words):
        made = result_of(before, remade(small())).composite(REGION, feather=4)
    assert nb.read_provenance(made)["lost"] == ("inks" if name == "inks" else "deep")
    kept = beyond(REGION, (300, 200), 4)
    shown = {"deep grey": small().convert("L").convert("RGB"), "deep": small(), "inks": before.to_pil().convert("RGB")}[name]
    assert np.abs(np.asarray(made)[kept].astype(int) - np.asarray(shown)[kept]).max() == 0


@pytest.mark.parametrize("read", [True, False])
def test_the_originals_profile_stays_and_the_result_is_brought_to_it(read):
    """A wide photo keeps profile and numbers; a result in sRGB is converted, one that repeats the photo's own numbers is taken as it is."""
    colours = small().convert("HSV")
    strong = Image.merge("HSV", (colours.getchannel("H"), colours.getchannel("S").point(lambda v: min(255, v * 2)), colours.getchannel("V"))).convert("RGB")
    before = data_of(strong, icc_profile=P3)
    wide, srgb = ImageCms.ImageCmsProfile(io.BytesIO(P3)), ImageCms.createProfile("sRGB")
    after = ImageCms.profileToProfile(strong, wide, srgb) if read else strong.copy()
    after.info.clear()
    made = result_of(before, after).composite(REGION)
    picture = made.to_pil()
    assert picture.info["icc_profile"] == P3
    assert nb.read_provenance(made)["colours"] == ("converted" if read else "untagged")
    off = np.abs(np.asarray(picture).astype(int) - np.asarray(strong))
    assert np.median(off) == 0 and off.mean() < 1.5
    assert np.abs(np.asarray(after).astype(int) - np.asarray(strong)).mean() > 3 or not read


# --- what it says of itself ---------------------------------------------------------------------------


def test_a_saved_composite_says_what_it_is(photo, tmp_path):
    """An edit with a mask over the Images API, composited and saved: the file tells original, result, region, seam, alignment, and whose marks cover what."""
    with nb.Session(nb.Endpoint.sandbox(wire="images"), tell=lambda _: None) as session:
        result = session.edit(photo, "Make it night", mask=REGION, model="gpt-image-flare")
        made = result.composite()
    facts = nb.read_provenance(made.save(tmp_path / "kept"))
    assert (facts["kind"], facts["prompt"], facts["sandbox"]) == ("composite", "Make it night", True)
    original = result.request.images[0]
    assert original.data == Path(photo).read_bytes()
    assert facts["parents"] == [original.sha256, result.image.sha256]
    assert facts["original"] == {"sha256": original.sha256, "size": [320, 240]}
    size = list(result.image.shown_size)
    assert facts["result"] == {"sha256": result.image.sha256, "size": size, "model": result.model, "record": result.record_id}
    assert facts["region"] == list(REGION) and facts["alignment"]["shown"] == [0, 0, 320, 240]
    assert facts["seam"] == {"lies": "outside", "feather": 3, "region": [96, 60, 224, 180], "reach": [93, 57, 227, 183]}
    assert "SynthID and C2PA marks of the model's picture no longer cover the whole" in facts["marks"]
    kept = beyond(REGION, (320, 240), 3)
    assert (np.asarray(made)[kept] == np.asarray(original)[kept]).all()
    assert np.asarray(made)[edges(REGION, (320, 240))].mean() < np.asarray(original)[edges(REGION, (320, 240))].mean() - 20


def test_a_composite_is_a_picture_like_any_other():
    """It goes into the next edit, and its facts name a mask picture by its hash."""
    before, after = data_of(small()), remade(small())
    white = data_of(Image.new("L", small().size, 255).resize((300, 200)))
    made = result_of(before, after, mask=white).composite()
    assert nb.read_provenance(made)["region"] == white.sha256
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        assert session.edit(made, "Make it warm").request.images == (made,)
