"""The figures about an edit are right: known shifts, zooms and edits on scikit-image's photographs."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageCms, ImageDraw, ImageEnhance, ImageFilter

import nb_banana as nb
from nb_banana._measure import changing as measure
from tests.images.test_image_prepare import P3

PHOTOS = ("chelsea", "astronaut", "coffee", "rocket")
ROOT = Path(nb.__file__).resolve().parent.parent


@cache
def photo(name: str) -> Image.Image:
    return Image.fromarray(getattr(skimage.data, name)())


def window(picture: Image.Image, zoom: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> Image.Image:
    """The middle 70 % of a photograph, its content zoomed and moved; real content comes in at the border."""
    width, height = picture.size
    size = round(width * 0.7), round(height * 0.7)
    step = 1 / zoom
    corner = width / 2 - step * (size[0] / 2 + dx), height / 2 - step * (size[1] / 2 + dy)
    matrix = (step, 0, corner[0], 0, step, corner[1])
    return picture.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def jpeg(picture: Image.Image, quality: int = 75) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def painted(picture: Image.Image) -> Image.Image:
    """A red ball over about a tenth of the picture: an edit."""
    copy, (width, height) = picture.copy(), picture.size
    ImageDraw.Draw(copy).ellipse((width * 0.3, height * 0.1, width * 0.6, height * 0.5), fill="red")
    return copy


def blue_quarter(picture: Image.Image) -> Image.Image:
    """An eighth of the picture, left 25 % to 50 % and top 25 % to 75 %, painted over."""
    copy, (width, height) = picture.copy(), picture.size
    ImageDraw.Draw(copy).rectangle((width * 0.25, height * 0.25, width * 0.5 - 1, height * 0.75 - 1), fill="blue")
    return copy


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize(
    ("zoom", "dx", "dy"),
    [(1.0, 0, 0), (1.0, 7, -4), (1.01, 2, 0), (1.1, 10, 6), (0.9, -5, 3), (1.3, 0, 0), (0.8, 0, 0)],
)
def test_alignment_finds_shift_and_zoom(name, zoom, dx, dy):
    """Known moves are found to half a pixel and half a percent, through an edit and a JPEG encoding."""
    found = measure.alignment(window(photo(name)), jpeg(painted(window(photo(name), zoom, dx, dy))))
    assert found.found
    assert found.dx == pytest.approx(dx, abs=0.5) and found.dy == pytest.approx(dy, abs=0.5)
    assert found.zoom == pytest.approx(zoom, rel=0.005)


def test_alignment_counts_in_pixels_of_the_before_picture():
    """A result of four times the pixels that shows the same is in place, and a shift is told at the input's scale."""
    before, moved = window(photo("coffee")), window(photo("coffee"), dx=6)
    larger = moved.resize((moved.width * 2, moved.height * 2), Image.Resampling.LANCZOS)
    assert measure.alignment(before, larger).dx == pytest.approx(6, abs=0.5)
    assert str(measure.alignment(before, before.resize((1264, 848)))) == "in place"


def test_alignment_sees_through_a_change_of_light():
    """Day to night moves nothing."""
    night = ImageEnhance.Color(ImageEnhance.Brightness(photo("chelsea")).enhance(0.35)).enhance(0.5)
    found = measure.alignment(photo("chelsea"), night)
    assert (found.dx, found.dy, found.zoom, found.found) == (0.0, 0.0, 1.0, True)


@pytest.mark.parametrize(("one", "other"), [("chelsea", "coffee"), ("chelsea", "astronaut"), ("astronaut", "rocket")])
def test_different_pictures_do_not_align(one, other):
    """No shift is invented between pictures that show different things."""
    found = measure.alignment(photo(one), photo(other))
    assert not found.found and (found.dx, found.dy, found.zoom) == (0.0, 0.0, 1.0)
    assert str(found) == "nothing in common found"


@pytest.mark.parametrize("name", PHOTOS)
def test_noise_and_encoding_are_no_change(name):
    """A JPEG at quality 75, faint noise and another size change less than 1 % of the pixels."""
    picture = photo(name)
    values = np.asarray(picture) + np.random.default_rng(0).normal(0, 5, np.asarray(picture).shape)
    noisy = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    larger = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
    for after in (jpeg(picture), noisy, jpeg(larger, 90)):
        assert measure.changed_share(picture, after).outside < 0.01


def test_changed_share_tells_inside_from_outside():
    """An eighth painted over is an eighth (within 1.5 points), all of it inside its region and none outside."""
    before, after = photo("chelsea"), blue_quarter(photo("chelsea"))
    whole = measure.changed_share(before, after)
    assert whole.outside == pytest.approx(0.125, abs=0.015) and whole.inside is None and whole.seen == 1.0
    there = measure.changed_share(before, after, (0.25, 0.25, 0.25, 0.5))
    assert there.outside == pytest.approx(0, abs=0.001) and there.inside == pytest.approx(1, abs=0.01)
    elsewhere = measure.changed_share(before, after, (0.6, 0.0, 0.4, 1.0))
    assert elsewhere.inside == pytest.approx(0, abs=0.001)
    assert elsewhere.outside == pytest.approx(0.125 / 0.6, abs=0.02)
    assert str(there).startswith("0.0% changed outside the region, 100.0% inside")


def test_a_mask_picture_is_a_region():
    """White in a mask means the same as the four numbers."""
    before, after = photo("chelsea"), blue_quarter(photo("chelsea"))
    mask, (width, height) = Image.new("L", before.size), before.size
    mask.paste(255, (round(width * 0.25), round(height * 0.25), round(width * 0.5), round(height * 0.75)))
    found = measure.changed_share(before, after, mask)
    assert found.outside == pytest.approx(0, abs=0.001) and found.inside == pytest.approx(1, abs=0.01)


def test_a_shifted_edit_changes_only_its_region():
    """An edit in a picture that also moved is counted where it was painted, not everywhere."""
    moved = window(photo("coffee"), zoom=1.03, dx=6, dy=-3)
    found = measure.changed_share(window(photo("coffee")), painted(moved))
    ball = np.pi / 4 * 0.3 * 0.4
    assert found.outside == pytest.approx(ball, abs=0.03)
    assert measure.changed_share(window(photo("coffee")), moved).outside < 0.02


@pytest.mark.parametrize("region", [(0, 0, 2, 1), (0.5, 0, 0.6, 1), (-0.1, 0, 1, 1), (0, 0, 0, 1), ("a", 0, 1, 1), (1, 2)])
def test_a_bad_region_is_refused(region):
    """Four shares inside the picture, or a sentence that shows what was given."""
    with pytest.raises(nb.errors.InvalidRequestError, match="region="):
        measure.changed_share(photo("chelsea"), photo("chelsea"), region)


def test_drift_grows_along_a_chain():
    """The same picture has none, an encoding hardly any, an edit some, another picture much."""
    first = photo("chelsea")
    steps = [first, jpeg(first), painted(first), photo("coffee")]
    drifts = [measure.drift(first, step) for step in steps]
    assert drifts[0] == measure.Drift(0.0, 0)
    assert 0 < drifts[1].structure < 0.1 and drifts[1].hash_bits <= 2
    assert drifts[1].structure < drifts[2].structure < drifts[3].structure
    assert drifts[3].structure > 0.6 and drifts[3].hash_bits > 20


def test_sharpness_falls_with_blur():
    """Each wider blur is less sharp, by a figure one can see."""
    values = [measure.sharpness(photo("chelsea").filter(ImageFilter.GaussianBlur(r))).value for r in (0, 1, 2, 4)]
    assert all(one - other > 0.05 for one, other in pairwise(values))
    assert all(0 <= value <= 1 for value in values)


def test_changes_tells_everything_at_once():
    """One call gives alignment, change, drift and sharpness, the same as the single functions."""
    before, after = photo("chelsea"), blue_quarter(photo("chelsea"))
    found = measure.changes(before, after, (0.25, 0.25, 0.25, 0.5))
    assert found.change == measure.changed_share(before, after, (0.25, 0.25, 0.25, 0.5))
    assert found.alignment == measure.alignment(before, after) and found.drift == measure.drift(before, after)
    assert found.sharpness_before == measure.sharpness(before)
    assert str(found).splitlines()[0] == "in the region nearly everything changed; redder; bluer"
    assert len(str(found).splitlines()) == 5 and repr(found) == str(found)


@pytest.mark.parametrize(
    "edit, words",
    [
        (lambda picture: picture, "nothing changed that shows at a glance"),
        (lambda picture: picture.point(lambda level: level * 0.7), "nearly everything changed; darker"),
        (lambda picture: picture.convert("RGB", (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0.7, 0)), "yellower"),
        (lambda picture: picture.filter(ImageFilter.GaussianBlur(3)), "less sharp"),
    ],
)  # fmt: skip
def test_words_come_before_figures(edit, words):
    """The first line says in plain words what became of the picture, a colour cast among it; figures stand below."""
    before = photo("chelsea")
    first, *figures = str(measure.changes(before, edit(before))).splitlines()
    assert words in first and not any(character.isdigit() for character in first), first
    assert any("ΔE" in figure for figure in figures) and all(figure.startswith("  ") for figure in figures)


def test_pictures_of_the_library_work_and_are_decoded_only_when_measured():
    """`ImageData` goes in as it is; a stored one is not read before a figure is asked for."""
    stream = io.BytesIO()
    photo("chelsea").save(stream, "PNG")
    whole = nb.ImageData.from_bytes(stream.getvalue())
    Path("cat.png").write_bytes(stream.getvalue())
    stored = nb.ImageData.from_file(
        Path("cat.png").absolute(), sha256=whole.sha256, mime_type="image/png", width=whole.width, height=whole.height
    )
    assert stored._held.data is None
    assert measure.drift(photo("chelsea"), stored) == measure.Drift(0.0, 0)


def stored(picture: Image.Image, kind: str, **options: object) -> nb.ImageData:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return nb.ImageData.from_bytes(stream.getvalue())


DEEP = {
    "PNG of 16 bits": lambda grey: stored(Image.fromarray(grey.astype("u2") * 257), "PNG"),
    "TIFF of 16 bits": lambda grey: stored(Image.fromarray(grey.astype("u2") * 257), "TIFF"),
    "TIFF of 32 bits": lambda grey: stored(Image.fromarray(grey.astype("i4") * 257), "TIFF"),
    "TIFF of floats": lambda grey: stored(Image.fromarray((grey / 255).astype("f4")), "TIFF"),
}


@pytest.mark.parametrize("form", DEEP)
def test_a_deep_picture_is_measured_by_what_it_shows(form):
    """A result that shows the same as an original of more than 8 bits is unchanged in every figure, and every picture in itself."""
    shown = photo("chelsea").convert("L")
    before, after = DEEP[form](np.asarray(shown)), stored(shown.convert("RGB"), "PNG")
    assert measure.changes(before, after) == measure.changes(after, after)
    assert nb.measures.psnr()(before, after) == nb.measures.psnr()(after, after)
    assert measure.sharpness(before) == measure.sharpness(before.to_pil()) == measure.sharpness(after)


def test_the_sandbox_paints_on_what_a_deep_picture_shows(tmp_path):
    """A photo of 16 bits comes back from the sandbox as the same one of 8 bits does."""
    shown = photo("chelsea").convert("L")
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path, tell=lambda _: None) as session:
        deep, flat = (session.edit(one, "Make it night").image for one in (DEEP["PNG of 16 bits"](np.asarray(shown)), stored(shown, "PNG")))
    assert np.array_equal(np.asarray(deep), np.asarray(flat))


def test_a_colour_profile_counts():
    """The same look in another profile is no change; the same numbers without it are; the picture that was given stays as it is."""
    srgb, wide = ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(P3))
    look = photo("coffee").resize((300, 200))
    before = stored(ImageCms.profileToProfile(look, srgb, wide), "PNG", icc_profile=P3)
    given = before.to_pil()
    same, lost = measure.changes(given, stored(look, "PNG", icc_profile=None)), measure.changes(given, stored(before.to_pil(), "PNG", icc_profile=None))
    assert same.colour.distance < 0.3 and same.drift.structure < 0.01
    assert lost.colour.distance > 2.5 and nb.measures.color(before, stored(before.to_pil(), "PNG", icc_profile=None)) > 2.5
    assert given.info["icc_profile"] == P3
    tagged = stored(look, "PNG", icc_profile=ImageCms.ImageCmsProfile(srgb).tobytes())
    assert nb.measures.mse()(tagged, stored(look, "PNG", icc_profile=None))["mse_rgb_lanczos_to_input"] == 0


def test_a_picture_of_no_numbers_is_one_sentence():
    """Floats that are no light have no figures, and it is said which picture it is."""
    with pytest.raises(nb.errors.InvalidImageError, match="decoded"):
        measure.sharpness(stored(Image.fromarray(np.full((64, 64), np.nan, "f4")), "TIFF"))


@pytest.mark.parametrize("missing", ["numpy", "skimage", "imagehash"])
def test_a_missing_library_is_one_sentence(missing, tmp_path):
    """Without the research extra an edit works, and its figures say at every door what to install."""
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import nb_banana as nb; from PIL import Image\n"
        "with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:\n"
        "    chain = nb.chain(Image.new('RGB', (64, 64), 'grey'), session=session).edit('Make it night')\n"
        "for door in (lambda: chain.result.changes(), lambda: chain.drift, lambda: chain.result.composite((0, 0, 1, 1))):\n"
        "    try: door()\n"
        "    except nb.errors.InvalidRequestError as error: print(error)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert told.count(f"needs {missing}") == 3 and told.count("pip install 'nb_banana[research]'") == 3
