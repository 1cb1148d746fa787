"""What the sandbox's pictures show: every painted effect and every placeholder is measured."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from PIL import Image, ImageDraw, ImageFilter
from skimage.feature import match_template
from skimage.measure import label, regionprops

from nb_banana._images.fonts import font_file
from nb_banana._prompts.scenarios import SCENARIOS
from nb_banana._sandbox import lettering, vocabulary
from nb_banana._sandbox.paint import Painting, paint_all
from nb_banana._sandbox.placeholders import arranged, touching
from nb_banana._sandbox.wishes import read

from .conftest import Array, change, colourfulness, colours, detail, gray, pixels

Edit = Callable[..., Image.Image]
SIZE = (900, 600)
SEEN = 6.0  # mean change (of 255) that anybody sees
ROWS = (*vocabulary.EFFECTS, *vocabulary.VERBS, vocabulary.KEEP, vocabulary.NOT, *vocabulary.HOMES, vocabulary.SCENES)
TERMS = [
    "a", "the", "cat", "photo", "to", "with", "in red", "on the left", "and", ",", ".", '"HI"', "“你好”", "把", "猫", "一只", "照片", "的", "改成",
    "background", "背景", "\ue000", "\x00", "🦄", "ﷺ", "16:9",
    *(term for row in ROWS for term in (*row.english.split("|"), *row.chinese.split("|")) if term.replace(" ", "").isalpha()),
]  # fmt: skip


def paint(prompt: str, pictures: list[Image.Image], size: tuple[int, int], take: int = 1) -> Image.Image:
    return paint_all(prompt, pictures, size, take=take).image


def balance(image: Image.Image) -> float:
    """How much redder than blue a picture is on average."""
    mean = pixels(image).mean(axis=(0, 1))
    return float(mean[0] - mean[2])


# --- light, colour, focus, repair -----------------------------------------------------------------


@pytest.mark.parametrize("prompt", ["Transform this daytime photo to nighttime", "把白天变成夜晚"])
def test_night_is_darker_and_bluer(photographs: dict[str, Image.Image], prompt: str) -> None:
    """Night lowers mean luminance by a quarter or more on any photo, and moves towards blue."""
    for photo in photographs.values():
        dark = paint(prompt, [photo], photo.size)
        assert gray(dark).mean() <= 0.75 * gray(photo).mean()
        assert balance(dark) < balance(photo)


@pytest.mark.parametrize(("prompt", "sign"), [("make it warmer", 1), ("暖色调", 1), ("cool tones", -1), ("冷色调", -1)])
def test_a_grade_shifts_hue(textured: Image.Image, edit: Edit, prompt: str, sign: int) -> None:
    """Warm moves towards red, cool towards blue."""
    assert sign * (balance(edit(prompt)) - balance(textured)) > 12


@pytest.mark.parametrize(("prompt", "sign"), [("make it brighter", 1), ("调亮一点", 1), ("darken the photo", -1), ("调暗", -1)])
def test_brightness_goes_where_it_is_asked_to(textured: Image.Image, edit: Edit, prompt: str, sign: int) -> None:
    """Brighter is lighter and darker is darker."""
    assert sign * (gray(edit(prompt)).mean() - gray(textured).mean()) > 12


def test_contrast_and_vividness_rise(photographs: dict[str, Image.Image]) -> None:
    """Stronger contrast spreads the tones; vivid colours are stronger colours."""
    photo = photographs["coffee"]
    assert gray(paint("increase the contrast", [photo], photo.size)).std() > 1.05 * gray(photo).std()
    assert colourfulness(paint("more vivid", [photo], photo.size)) > 1.2 * colourfulness(photo)


def test_a_cinematic_grade_splits_shadows_from_lights(photographs: dict[str, Image.Image]) -> None:
    """Shadows become bluer, as against the lights, than they were."""
    photo = photographs["astronaut"]

    def split(image: Image.Image) -> float:
        values, tone = pixels(image), gray(image)
        warmth = values[..., 0] - values[..., 2]
        return float(warmth[tone > 170].mean() - warmth[tone < 60].mean())

    assert split(paint("Apply cinematic color grading", [photo], photo.size)) > split(photo) + 8


def test_vintage_fades_and_browns(textured: Image.Image, edit: Edit) -> None:
    """A vintage picture has less colour and is redder than blue."""
    old = edit("make it look vintage")
    assert colourfulness(old) < colourfulness(textured)
    assert balance(old) > balance(textured) + 12


@pytest.mark.parametrize("prompt", ["make it black and white", "转换成黑白照片"])
def test_black_and_white_has_no_colour(edit: Edit, prompt: str) -> None:
    """Every pixel of a monochrome picture is gray."""
    assert np.ptp(pixels(edit(prompt)), axis=2).max() <= 2


@pytest.mark.parametrize("prompt", ["Colorize this black and white photo", "给这张黑白照片上色"])
def test_colourising_adds_colour_to_a_gray_photo(photographs: dict[str, Image.Image], prompt: str) -> None:
    """A gray photo becomes colourful, in more than one hue, and keeps its light and dark."""
    for photo in photographs.values():
        old = photo.convert("L").convert("RGB")
        new = paint(prompt, [old], old.size)
        assert colourfulness(new) > 12 > colourfulness(old) + 10
        assert np.corrcoef(gray(new).ravel(), gray(old).ravel())[0, 1] > 0.9


@pytest.mark.parametrize("prompt", ["Make this blurry photo sharp", "把这张模糊的照片变清晰", "sharpen", "Restore this old photo"])
def test_a_blurry_photo_becomes_sharper(photographs: dict[str, Image.Image], prompt: str) -> None:
    """Sharpening and restoring raise detail; nothing is blurred because the prompt says that it is."""
    photo = photographs["coffee"].filter(ImageFilter.GaussianBlur(2))
    assert detail(paint(prompt, [photo], photo.size)) > 1.3 * detail(photo)


@pytest.mark.parametrize("prompt", ["Denoise this grainy photo", "给这张有噪点的照片降噪"])
def test_denoising_lowers_noise_and_keeps_edges(prompt: str) -> None:
    """The noise of a flat area falls below a third; a strong edge stays where it was."""
    clean = Image.new("RGB", (640, 480), (70, 90, 120))
    clean.paste((210, 190, 150), (320, 0, 640, 480))
    noisy = Image.blend(clean, Image.effect_noise(clean.size, 90).convert("RGB"), 0.25)
    calm = gray(paint(prompt, [noisy], noisy.size))
    assert calm[100:300, 60:260].std() < 0.34 * gray(noisy)[100:300, 60:260].std()
    assert calm[100:300, 335:345].mean() - calm[100:300, 295:305].mean() > 60


def test_blur_and_bokeh_take_detail_away(textured: Image.Image, edit: Edit) -> None:
    """Blur takes it everywhere, bokeh towards the edges only."""
    middle, corner = np.zeros((600, 900), bool), np.zeros((600, 900), bool)
    middle[260:400, 380:520], corner[10:120, 10:160] = True, True
    assert detail(edit("blur it")) < 0.3 * detail(textured)
    for prompt in ("Blur the background", "背景虚化"):
        assert detail(edit(prompt), corner) < 0.34 * detail(textured, corner)
        assert detail(edit(prompt), middle) > 0.95 * detail(textured, middle)


def test_focus_on_the_foreground_softens_what_is_far(textured: Image.Image, edit: Edit) -> None:
    """The upper (far) part loses detail, the lower (near) part does not."""
    upper, lower = np.zeros((600, 900), bool), np.zeros((600, 900), bool)
    upper[20:150], lower[450:540] = True, True
    for prompt in ("focus on the foreground", "焦点对准前景"):
        assert detail(edit(prompt), upper) < 0.4 * detail(textured, upper)
        assert detail(edit(prompt), lower) > 0.95 * detail(textured, lower)


# --- styles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["chelsea", "astronaut"])
def test_anime_and_pixels_cut_the_number_of_colours(photographs: dict[str, Image.Image], name: str) -> None:
    """A cartoon of a photograph has a small part of its colours."""
    photo = photographs[name]
    for prompt in ("Convert to anime style", "pixel art"):
        marked = paint(prompt, [photo], photo.size).crop((0, 0, photo.width, photo.height * 9 // 10))
        assert colours(marked) < 0.05 * colours(photo)


@pytest.mark.parametrize("style", ["pencil sketch", "watercolor", "pixel art", "anime", "素描", "水彩画", "像素画", "动漫"])
def test_a_style_redraws_the_picture_and_keeps_its_layout(photographs: dict[str, Image.Image], style: str) -> None:
    """A restyled photograph is clearly changed and still clearly the same photograph."""
    photo = photographs["astronaut"]
    drawn = paint(f"变成{style}" if not style.isascii() else f"Turn it into {style}", [photo], photo.size)
    assert change(drawn, photo).mean() > SEEN
    small = [np.asarray(im.convert("L").resize((24, 24)), float).ravel() for im in (photo, drawn)]
    assert np.corrcoef(*small)[0, 1] > 0.5


# --- geometry -------------------------------------------------------------------------------------


def test_the_camera_moves_the_view() -> None:
    """From above the near edge is wider, from below the far one; from the left and the right it is the nearer side."""
    tall = Image.new("RGB", (600, 600), (30, 60, 90))
    ImageDraw.Draw(tall).rectangle((150, 150, 450, 450), fill=(240, 200, 60))

    def extents(prompt: str) -> tuple[int, int, int, int]:
        seen = pixels(paint(prompt, [tall], (600, 600)))[..., 0] > 150
        rows, columns = np.where(seen.any(axis=1))[0], np.where(seen.any(axis=0))[0]
        lines = [seen[rows[len(rows) // 4]], seen[rows[-len(rows) // 4]], seen[:, columns[len(columns) // 4]], seen[:, columns[-len(columns) // 4]]]
        return tuple(int(line.sum()) for line in lines)

    top, bottom, *_ = extents("Change to a bird's eye view")
    assert bottom > 1.1 * top
    top, bottom, *_ = extents("仰拍")
    assert top > 1.1 * bottom
    *_, left, right = extents("view from the left")
    assert left > 1.04 * right
    *_, left, right = extents("右侧视角")
    assert right > 1.04 * left


def test_zoom_extend_mirror_and_rotate_do_as_they_say() -> None:
    """A disc grows, shrinks, changes sides, and goes where a quarter turn takes it."""
    scene = Image.new("RGB", (600, 600), (30, 60, 90))
    ImageDraw.Draw(scene).ellipse((120, 240, 240, 360), fill=(250, 210, 40))

    def disc(prompt: str) -> tuple[float, float, float]:
        seen = pixels(paint(prompt, [scene], (600, 600)))
        found = max(regionprops(label((seen[..., 0] > 170) & (seen[..., 2] < 110))), key=lambda one: one.area)
        return (found.centroid[1], found.centroid[0], found.area**0.5)

    x, _, wide = disc("Never mind")
    assert disc("zoom in")[2] > 1.4 * wide
    assert disc("Extend the picture")[2] < 0.8 * wide
    assert disc("水平翻转")[0] == pytest.approx(600 - x, abs=4)
    assert disc("rotate it to the left")[1] == pytest.approx(600 - x, abs=4)
    assert disc("向右旋转")[1] == pytest.approx(x, abs=4)


@pytest.mark.parametrize("size", [(1376, 768), (768, 1376), (1584, 672), (1024, 1024), (384, 3072), (2048, 512)])
def test_a_ratio_never_stretches(size: tuple[int, int]) -> None:
    """A circle stays a circle at every ratio."""
    photo = Image.new("RGB", (800, 600), (40, 90, 120))
    ImageDraw.Draw(photo).ellipse((300, 200, 500, 400), fill=(250, 210, 40))
    seen = pixels(paint("zzyzx", [photo], size))
    yellow = (seen[..., 0] > 150) & (seen[..., 1] > 110) & (seen[..., 2] < 110)
    discs = [region for region in regionprops(label(yellow)) if region.solidity > 0.9]
    top, left, bottom, right = max(discs, key=lambda region: region.area).bbox
    assert (right - left) / (bottom - top) == pytest.approx(1.0, abs=0.06)
    assert bottom - top > 0.2 * min(size)


def test_a_ratio_that_the_answer_has_is_done_and_another_is_left_out(textured: Image.Image) -> None:
    """A ratio asked for in words is done where the request's settings give it, else a placeholder says it."""
    assert paint_all("Change the aspect ratio to 16:9", [textured], (1376, 768))[1:3] == (("ratio",), ())
    assert paint_all("Change the aspect ratio to 16:9", [textured], (900, 600))[1:3] == ((), ("→ 16:9",))


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("Combine these pictures", 2),
        ("Create a professional team photo of these four people in a modern office", 4),
        ("将这三张图片合成为一张专业的团队照片", 3),
        ("Combine these two logos and add a cute animal", 2),
        ("hello", 2),
    ],
)
def test_every_input_is_found_in_a_composition_undistorted(
    photographs: dict[str, Image.Image], prompt: str, count: int
) -> None:
    """Each input is found by its pattern at one scale for both directions, at different places."""
    inputs = list(photographs.values())[:count]
    painting = paint_all(prompt, inputs, (1024, 768))
    assert painting.done[0] == "collage"
    places = []
    for picture in inputs:
        score, place = _found(picture, painting.image)
        assert score > 0.85, score
        places.append(place)
    assert len({(round(x / 20), round(y / 20)) for x, y in places}) == count


def _found(picture: Image.Image, composed: Image.Image) -> tuple[float, tuple[int, int]]:
    """The best correlation of a picture's upper part with the composition, over scales that keep its shape."""
    canvas = np.asarray(composed.convert("L").resize((256, 192), Image.Resampling.BOX), float)
    best = (0.0, (0, 0))
    for height in range(24, 166, 2):
        width = round(height * picture.width / picture.height)
        if width > 250:
            break
        small = np.asarray(picture.convert("L").resize((width, height), Image.Resampling.BOX), float)
        part = small[height // 8 : height * 5 // 8, width // 6 : -width // 6]
        scores = match_template(canvas, part)
        at = np.unravel_index(scores.argmax(), scores.shape)
        best = max(best, (float(scores[at]), (int(at[1]), int(at[0]))))
    return best


# --- placeholders ---------------------------------------------------------------------------------


def boxes(changed: Array) -> list[tuple[int, int, int, int]]:
    """The boxes around what changed, larger than specks, as left, top, right, bottom."""
    grown = np.asarray(Image.fromarray(changed).convert("L").filter(ImageFilter.MaxFilter(9)))
    found = [region.bbox for region in regionprops(label(grown > 0)) if region.area > 400]
    return sorted((box[1], box[0], box[3], box[2]) for box in found)


def held(prompt: str, picture: Image.Image, size: tuple[int, int] = SIZE) -> tuple[Painting, list[tuple[int, int, int, int]]]:
    """A painting, and the boxes that changed in it apart from the badge's."""
    painting = paint_all(prompt, [picture], size)
    difference = change(painting.image, picture.resize(size))
    left, top, right, bottom = lettering.badge_box(size)
    difference[top - 2 : bottom + 2, left - 2 : right + 2] = 0
    return painting, boxes(difference > 2)


@pytest.mark.parametrize(
    ("prompt", "where"),
    [
        ("Remove the flag on the left", "left"),
        ("去掉左边的旗子", "left"),
        ("Add a lamp on the right", "right"),
        ("Add a badge at the top left", "top left"),
        ("Add a seagull", "top"),
        ("添加一只海鸥", "top"),
        ("Add a ribbon at the bottom", "bottom"),
        ("Add a cute corgi next to the cup", "bottom"),
        ("Change the background to Mars", "top"),
        ("Make the sky stormy", "top"),
        ("Turn this sketch into a photo", "top"),
    ],
)
def test_a_placeholder_stands_where_it_was_asked_for_and_nothing_else_changes(
    textured: Image.Image, prompt: str, where: str
) -> None:
    """All change is inside one box (and the badge's), and the box is at the side and height meant."""
    painting, found = held(prompt, textured)
    assert painting.done == () and len(painting.left_out) == 1
    assert len(found) == 1
    left, top, right, bottom = found[0]
    assert (right - left) * (bottom - top) < 0.25 * 900 * 600
    x, y = (left + right) / 2 / 900, (top + bottom) / 2 / 600
    assert {"left": x < 0.35, "right": x > 0.65}.get(where.split()[-1], True)
    assert {"top": y < 0.35, "bottom": y > 0.62}.get(where.split()[0], True)


@pytest.mark.parametrize("size", [(256, 256), (1024, 1024), (1376, 768), (768, 1376), (1584, 672), (384, 3072)])
def test_many_placeholders_touch_neither_each_other_nor_the_badge(textured: Image.Image, size: tuple[int, int]) -> None:
    """Five wishes give five boxes inside the picture, apart from each other, from letters and from the badge."""
    prompt = (
        'Add a cat, a dog and a long red balloon, remove the flag on the right, change the background to Mars, write "HELLO" at the bottom'
    )
    wishes = [wish for wish in read(prompt) if wish.kind not in ("paint", "write")]
    _, letters = lettering.write(Image.new("RGB", size), "HELLO", "bottom", None, 1)
    plates = arranged(wishes, [wish.label for wish in wishes], size, [letters], random.Random(3))
    assert len(plates) == len(wishes) == 5
    taken = [letters, lettering.badge_box(size), *(plate.box for plate in plates)]
    for at, one in enumerate(taken):
        assert 0 <= one[0] < one[2] <= size[0] and 0 <= one[1] < one[3] <= size[1]
        assert not any(touching(one, other) for other in taken[:at])


@pytest.mark.parametrize("size", [(1024, 1024), (1376, 768), (768, 1376), (4096, 4096)])
@pytest.mark.parametrize("back", [(0, 0, 0), (255, 255, 255), (128, 160, 90)])
def test_a_label_is_legible_at_256_pixels(size: tuple[int, int], back: tuple[int, int, int]) -> None:
    """Shrunk to 256 pixels, the capitals are nine pixels high or more and stand out from their plate, on any picture."""
    painting = paint_all("Add a HHHH on the left", [Image.new("RGB", (64, 64), back)], size)
    shown = painting.image.copy()
    shown.thumbnail((256, 256), Image.Resampling.LANCZOS)
    tone = gray(shown)
    near = tone[:, : shown.width // 2]
    bright = near > 200 if max(back) < 200 else (near > 200) & (np.roll(near, 1, axis=1) < 190)
    rows = np.where(bright[shown.height // 3 : shown.height * 2 // 3, 14:].sum(axis=1) >= 4)[0]
    assert painting.left_out == ("＋ HHHH",)
    assert len(rows) >= (9 if size[0] >= size[1] else 8)
    middle = near[shown.height // 2 - 3 : shown.height // 2 + 3, 30:60]
    assert middle.max() - middle.min() > 90


def test_without_a_font_a_number_stands_for_the_label(tmp_path: Path) -> None:
    """Where no font has the letters the placeholder bears a number, the painting says which label it is, and no box is empty."""
    code = (
        "import sys, json; from pathlib import Path; from PIL import Image; from nb_banana._images import fonts\n"
        "fonts.PLACES = ()\n"
        "from nb_banana._sandbox.paint import paint_all\n"
        "painting = paint_all('在左边加一只猫，在右边加一棵树，在顶部写上“新年”', [Image.new('RGB', (640, 480), 'teal')], (640, 480))\n"
        "painting.image.save(sys.argv[1]); print(json.dumps(painting[1:], ensure_ascii=True))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "NB_BANANA_FONTS": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "seen.png")], env=environment, capture_output=True, text=True, check=True)
    shown, left_out, numbered, _ = json.loads(done.stdout)
    assert shown == []
    assert left_out == ["＋ 猫", "＋ 树", "文字：“新年”"]
    assert numbered == [[1, "＋ 猫"], [2, "＋ 树"], [3, "文字：“新年”"]]
    difference = change(Image.open(tmp_path / "seen.png"), Image.new("RGB", (640, 480), "teal"))
    left, top, right, bottom = lettering.badge_box((640, 480))
    difference[top - 2 : bottom + 2, left - 2 : right + 2] = 0
    assert len(boxes(difference > 2)) == 3


def test_letters_no_font_has_are_numbered_too(textured: Image.Image) -> None:
    """A font that lacks a letter would draw an empty box; the number stands there instead."""
    painting = paint_all("Add a \U000e0041\U0001f9ff\U0001fae8 charm", [textured], SIZE)
    assert [number for number, _ in painting.numbered] in ([], [1])
    assert not lettering.settable("\U0010fffe")


# --- letters and badge ----------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "rows", "columns"), [("at the top", (0, 200), (100, 800)), ("at the bottom", (400, 600), (100, 800)),
                                                        ("at the top left", (0, 200), (0, 450)), ("on the right", (400, 600), (450, 900))])  # fmt: skip
def test_quoted_text_is_drawn_where_it_is_asked_for(
    textured: Image.Image, edit: Edit, where: str, rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    """Other text gives other letters in that part of the picture; the rest does not change."""
    one, two = edit(f'Add the text "HELLO" {where}'), edit(f'Add the text "WORLD" {where}')
    difference = change(one, two)
    inside = np.zeros(difference.shape, bool)
    inside[rows[0] : rows[1], columns[0] : columns[1]] = True
    assert (difference[inside] > 60).mean() > 0.01
    assert difference[~inside].max() == 0
    outside = change(one, textured)
    outside[560:, 800:] = 0
    assert outside[~inside].max() == 0


@pytest.mark.parametrize(("colour", "channel"), [("red", 0), ("green", 1), ("blue", 2)])
def test_letters_have_the_colour_asked_for(textured: Image.Image, edit: Edit, colour: str, channel: int) -> None:
    """Most of what letters changed leans to that colour."""
    shown = edit(f'Write "MMMM" in {colour} at the top')
    changed = pixels(shown)[change(shown, textured) > 40]
    leaning = (changed[:, channel] > np.delete(changed, channel, axis=1).max(axis=1) + 40).mean()
    assert leaning > 0.28
    assert paint_all(f'Write "MMMM" in {colour}', [textured], SIZE).done == ("text",)


def test_chinese_text_is_drawn_with_a_font_or_owned_up_to(textured: Image.Image) -> None:
    """With a font that has the characters they appear; without one the painting says which number stands for them."""
    painting = paint_all("在顶部写上“新年快乐”", [textured], SIZE)
    if font_file(cjk=True) is None:
        assert painting[1:4] == ((), ("文字：“新年快乐”",), ((1, "文字：“新年快乐”"),))
    else:
        assert painting[1:4] == (("text",), (), ())
    assert change(painting.image, textured).mean() > 1.0


def test_every_picture_bears_a_readable_badge() -> None:
    """The lower right corner carries the mark, at every size, and only there."""
    for size in ((512, 512), (1376, 768)):
        marked = lettering.badge(Image.new("RGB", size, (90, 120, 150)))
        difference = change(marked, Image.new("RGB", size, (90, 120, 150)))
        rows, columns = np.where(difference > 10)
        left, top, right, bottom = lettering.badge_box(size)
        assert left <= columns.min() and columns.max() < right and top <= rows.min() and rows.max() < bottom
        assert np.ptp(rows) >= 11 and difference.max() > 80


# --- the whole ------------------------------------------------------------------------------------


def test_what_is_reported_is_in_order_and_complete(textured: Image.Image) -> None:
    """`done` names effects in the order they were applied, `left_out` the labels as they are read; both empty: not understood."""
    prompt = "Make it warmer and black and white, add a hat, change the dog to a cat and write “HI”, view from the left"
    painting = paint_all(prompt, [textured], SIZE)
    assert painting.done == ("camera:left", "black-and-white", "warm", "text")
    assert painting.left_out == ("＋ hat", "dog → cat")
    assert painting.numbered == ()
    lost = paint_all("zzyzx", [textured], SIZE)
    assert lost[1:4] == ((), (), ())
    assert SEEN < change(lost.image, textured).mean() < 60


SEED = [(row.english, row.images) for row in SCENARIOS.values()] + [
    ("Add a boat", 1), ("Remove the person", 1), ("resize it to 21:9", 1), ("Enhance the photo", 1), ("Write “BANANA” at the top", 1),
    ("Swap the background for a beach", 1), ("Turn night into day", 1), ("Add dramatic light and shadow", 1), ("in watercolor", 1),
    ("extend the picture", 1), ("colorize it", 1), ("sharpen it", 1),
]  # fmt: skip


def test_every_prompt_of_the_seed_changes_the_picture_and_differs_from_the_others(photographs: dict[str, Image.Image]) -> None:
    """Every prompt the tutorials name is seen in the picture, and no two give the same."""
    inputs = [photographs[name] for name in ("astronaut", "chelsea", "coffee", "rocket")]
    plain = photographs["astronaut"].resize((384, 384))
    shown = {prompt: paint(prompt, inputs[:images], (384, 384)) for prompt, images in SEED}
    values = {prompt: np.asarray(picture.convert("RGB"), dtype=np.int16) for prompt, picture in shown.items()}
    for key, picture in shown.items():
        assert change(picture, plain).mean() > 1.0, key
        for other in shown:
            if other < key:
                difference = np.abs(values[key] - values[other]).max(axis=2)
                assert (difference > 30).sum() > 60, (key, other)


@pytest.mark.parametrize(
    "prompt",
    ["Add a kitten", "night", "anime", "change the background to a forest", 'Add the text "HI"', "make the object blue",
     "mirror it", "zzyzx", "add a hat and make it warmer"],
)  # fmt: skip
def test_a_take_repeats_and_another_take_differs(edit: Edit, textured: Image.Image, prompt: str) -> None:
    """The same take is the same picture; the next take is visibly another and shows the same wish."""
    first = edit(prompt)
    assert first.tobytes() == edit(prompt).tobytes()
    for take in (2, 3):
        difference = change(first, edit(prompt, take=take))
        assert difference.mean() > 0.2
        assert (difference > 12).mean() > 0.0025
        assert paint_all(prompt, [textured], SIZE, take=take)[1:] == paint_all(prompt, [textured], SIZE)[1:]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Convert this photo to anime style", "将这张照片转换为动漫风格"),
        ("night with bokeh in the background", "夜晚，背景虚化"),
        ("Change the camera angle to a bird's eye view", "把拍摄角度改成鸟瞰"),
        ("Please make it warmer!", "换成暖色调"),
    ],
)
def test_wording_is_no_source_of_randomness(edit: Edit, english: str, chinese: str) -> None:
    """Equal wishes in either language give equal pixels."""
    assert edit(english).tobytes() == edit(chinese).tobytes()
    assert edit("qwertz one").tobytes() == edit("asdfgh two words").tobytes()


@pytest.mark.parametrize("prompt", ["A corgi on a beach at sunset", "一座夜晚下雨的城市", "watercolor of a cat in a forest", "a poster with the text “SALE”"])
def test_text_to_image_is_a_calm_ground_with_what_was_asked_for_in_the_middle(prompt: str) -> None:
    """Without inputs a quiet gradient bears the placeholder in its middle: the same each time, another one for another take."""
    painting = paint_all(prompt, [], (640, 400))
    assert painting.left_out
    corners = np.concatenate([gray(painting.image)[:60, :60].ravel(), gray(painting.image)[-60:, :60].ravel()])
    assert corners.std() < 30
    assert gray(painting.image)[120:280, 200:440].std() > 20
    assert painting.image.tobytes() == paint(prompt, [], (640, 400)).tobytes()
    assert change(painting.image, paint(prompt, [], (640, 400), take=2)).mean() > 2


ODD_INPUTS = [
    Image.new("RGB", (1, 1), "red"),
    Image.new("L", (50, 3)),
    Image.new("RGBA", (60, 40), (1, 2, 3, 0)),
    Image.new("P", (9, 90)),
    Image.new("I;16", (30, 30)),
    Image.new("CMYK", (30, 30)),
    Image.linear_gradient("L").convert("RGB"),
]


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    words=strategies.lists(strategies.sampled_from(TERMS) | strategies.text(max_size=5), min_size=0, max_size=12),
    inputs=strategies.lists(strategies.sampled_from(ODD_INPUTS), max_size=4),
    size=strategies.sampled_from([(160, 100), (100, 160), (256, 32), (32, 256), (24, 24)]),
    take=strategies.integers(1, 3),
)
def test_any_wish_on_any_input_gives_a_picture_of_its_size(
    words: list[str], inputs: list[Image.Image], size: tuple[int, int], take: int
) -> None:
    """Whatever words meet whatever inputs, a picture of the right size comes out, and labels stay short."""
    painting = paint_all(" ".join(words), inputs, size, take=take)
    assert (painting.image.size, painting.image.mode) == (size, "RGB")
    assert all(len(one) <= 130 and "\ue000" not in one for one in painting.left_out)
    assert {one for _, one in painting.numbered} <= set(painting.left_out)
