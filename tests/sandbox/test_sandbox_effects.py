"""What the sandbox's pictures show, measured family by family."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from PIL import Image, ImageDraw
from skimage.feature import match_template
from skimage.measure import label, regionprops

from nb_banana._images.fonts import font_file
from nb_banana._prompts.scenarios import SCENARIOS
from nb_banana._sandbox import lettering
from nb_banana._sandbox.paint import paint, paint_all
from nb_banana._sandbox.vocabulary import TABLE

from .conftest import change, colours, detail, gray, inside, pixels

Edit = Callable[..., Image.Image]
TERMS = [term for row in TABLE for term in (*row[2].split("|"), *row[3].split("|")) if term] + [
    '"HI"',
    "“你好”",
    ",",
    ".",
]
CORE, FAR = inside((900, 600), 0.85), ~inside((900, 600), 1.25)
SEEN = 6.0  # mean change (of 255) that anybody sees


def hue_balance(image: Image.Image) -> float:
    """How much redder than blue a picture is on average."""
    mean = pixels(image).mean(axis=(0, 1))
    return float(mean[0] - mean[2])


@pytest.mark.parametrize("prompt", ["Transform this daytime photo to nighttime", "把白天变成夜晚"])
def test_night_is_darker(textured: Image.Image, edit: Edit, prompt: str) -> None:
    """Night lowers mean luminance by a quarter or more."""
    assert gray(edit(prompt)).mean() <= 0.75 * gray(textured).mean()


def test_day_is_brighter(textured: Image.Image, edit: Edit) -> None:
    """Day raises mean luminance."""
    assert gray(edit("Turn night into day")).mean() > 1.08 * gray(textured).mean()


@pytest.mark.parametrize("prompt", ["Blur the background", "背景虚化"])
def test_bokeh_takes_detail_from_the_background_only(textured: Image.Image, edit: Edit, prompt: str) -> None:
    """Detail outside the subject falls to a third or less; inside it stays."""
    blurred = edit(prompt)
    assert detail(blurred, FAR) < 0.34 * detail(textured, FAR)
    assert detail(blurred, CORE) > 0.97 * detail(textured, CORE)


def test_focus_on_the_foreground_softens_what_is_far(textured: Image.Image, edit: Edit) -> None:
    """The upper (far) part loses detail, the lower (near) part does not."""
    focused = edit("focus on the foreground")
    upper = np.zeros((600, 900), bool)
    lower = upper.copy()
    upper[20:150], lower[450:540] = True, True
    assert detail(focused, upper) < 0.4 * detail(textured, upper)
    assert detail(focused, lower) > 0.95 * detail(textured, lower)


@pytest.mark.parametrize(
    "scene",
    [
        "a sunset",
        "a forest",
        "the ocean",
        "an office",
        "a city",
        "snowy mountains",
        "outer space",
        "a desert",
        "a white background",
    ],
)
def test_a_new_background_keeps_the_subject(textured: Image.Image, edit: Edit, scene: str) -> None:
    """The subject's own pixels stay; what was around it is gone."""
    placed = edit(f"Change the background to {scene}")
    difference = change(placed, textured)
    assert difference[CORE].mean() < 1.0
    assert difference[FAR].mean() > 25


def test_backgrounds_differ_from_each_other(edit: Edit) -> None:
    """Each place looks like another place."""
    places = [
        edit(f"Change the background to {scene}")
        for scene in ("sunset", "forest", "ocean", "office", "city", "space")
    ]
    for at, one in enumerate(places):
        for other in places[:at]:
            assert change(one, other)[FAR].mean() > 20


def test_transparency_is_real_and_the_subject_opaque(edit: Edit) -> None:
    """A removed background leaves alpha, not a painted checkerboard; the badge stays readable."""
    alpha = np.asarray(edit("Remove the background").getchannel("A"))
    assert alpha[CORE].mean() > 250
    assert alpha[5:300, 5:100].mean() < 3


@pytest.mark.parametrize(("prompt", "sign"), [("warm tones", 1), ("冷色调", -1)])
def test_a_grade_shifts_hue(textured: Image.Image, edit: Edit, prompt: str, sign: int) -> None:
    """Warm moves towards red, cool towards blue."""
    assert sign * (hue_balance(edit(prompt)) - hue_balance(textured)) > 12


def test_a_cinematic_grade_shifts_hue_and_contrast(textured: Image.Image, edit: Edit) -> None:
    """The cinematic grade changes the balance of colours and widens the tones."""
    graded = edit("Apply cinematic color grading with warm tones and enhanced contrast")
    assert abs(hue_balance(graded) - hue_balance(textured)) > 8
    assert gray(graded).std() > 1.15 * gray(textured).std()


def test_black_and_white_has_no_colour(edit: Edit) -> None:
    """Every pixel of a monochrome picture is gray."""
    values = pixels(edit("make it black and white"))
    assert np.ptp(values, axis=2).max() <= 2


@pytest.mark.parametrize("name", ["chelsea", "astronaut"])
def test_anime_cuts_the_number_of_colours(photographs: dict[str, Image.Image], name: str) -> None:
    """A cartoon of a photograph has a small part of its colours."""
    photo = photographs[name]
    assert colours(paint("Convert to anime style", [photo], photo.size)) < 0.05 * colours(photo)


@pytest.mark.parametrize(
    "style", ["pencil sketch", "watercolor", "oil painting", "pixel art", "pop art", "anime"]
)
def test_a_style_redraws_the_picture_and_keeps_its_layout(
    photographs: dict[str, Image.Image], style: str
) -> None:
    """A restyled photograph is clearly changed and still clearly the same photograph."""
    photo = photographs["astronaut"]
    drawn = paint(f"Turn it into {style}", [photo], photo.size)
    assert change(drawn, photo).mean() > SEEN
    small = [np.asarray(im.convert("L").resize((24, 24)), float).ravel() for im in (photo, drawn)]
    assert np.corrcoef(*small)[0, 1] > 0.5


@pytest.mark.parametrize(
    "thing",
    [
        "a cute kitten",
        "a cat",
        "a dog",
        "a corgi",
        "a boat",
        "a balloon",
        "a bird",
        "a tree",
        "a flower",
        "一只可爱的动物",
        "a zeppelin",
    ],
)
def test_an_added_thing_changes_a_region_and_not_the_rest(
    textured: Image.Image, edit: Edit, thing: str
) -> None:
    """A region changes clearly, and nine tenths or more of what lies outside its box not at all."""
    difference = change(edit(f"Add {thing}"), textured)
    difference[540:, 780:] = 0  # the badge
    changed = difference > 8
    assert 0.01 < changed.mean() < 0.35
    rows, columns = np.where(changed)
    box = np.zeros_like(changed)
    box[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    assert box.mean() < 0.5
    assert difference[~box].max() <= 8
    assert difference[changed].mean() > 30


def test_sunglasses_land_on_the_eyes(photographs: dict[str, Image.Image]) -> None:
    """On a portrait and on a cat, the glasses cover where the eyes are."""
    for name, eyes in (
        ("astronaut", [(0.40, 0.205), (0.475, 0.205)]),
        ("chelsea", [(0.385, 0.36), (0.69, 0.44)]),
    ):
        photo = photographs[name]
        difference = change(paint("Add sunglasses", [photo], photo.size), photo)
        for x, y in eyes:
            at = (int(y * photo.height), int(x * photo.width))
            assert difference[at[0] - 3 : at[0] + 4, at[1] - 3 : at[1] + 4].mean() > 20, (name, x, y)


def test_hair_takes_its_new_colour_and_the_face_does_not(photographs: dict[str, Image.Image]) -> None:
    """Blue hair is blue; cheeks and suit stay."""
    photo = photographs["astronaut"]
    dyed = pixels(paint("change hair color to blue", [photo], photo.size))
    before = pixels(photo)
    hair, cheek, suit = (
        (slice(40, 60), slice(205, 240)),
        (slice(118, 130), slice(222, 236)),
        (slice(350, 400), slice(150, 200)),
    )
    assert dyed[hair][..., 2].mean() > dyed[hair][..., 0].mean() + 25
    assert np.abs(dyed[cheek] - before[cheek]).mean() < 12
    assert np.abs(dyed[suit] - before[suit]).mean() < 2


def test_what_is_removed_is_gone(textured: Image.Image, edit: Edit) -> None:
    """The subject's colour leaves its place, the rest stays."""
    removed = edit("Remove the object")
    orange = pixels(textured)[CORE].mean(axis=0)
    assert np.abs(pixels(removed)[CORE].mean(axis=0) - orange).max() > 40
    border = np.zeros((600, 900), bool)
    border[:60] = True
    assert change(removed, textured)[border].max() < 6


def test_the_birds_eye_moves_the_view() -> None:
    """A new camera angle moves shapes: the near edge is wider than before, the far one as wide."""
    tall = Image.new("RGB", (600, 600), (30, 60, 90))
    ImageDraw.Draw(tall).rectangle((200, 100, 400, 550), fill=(240, 200, 60))
    seen = pixels(paint("Change to a bird's eye view", [tall], (600, 600)))
    wide = [int((seen[y, :, 0] > 150).sum()) for y in (120, 500)]
    assert wide[1] > 1.3 * wide[0]


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("Combine these pictures", 2),
        ("Create a professional office team photo with these people, modern office background", 4),
        ("将这三张图片合成为一张专业的团队照片", 3),
        ("Combine these two logos and add a cute animal", 2),
        ("Add a warm family mood and a soft background", 2),
    ],
)
def test_every_input_is_found_in_a_composition_undistorted(
    photographs: dict[str, Image.Image], prompt: str, count: int
) -> None:
    """Each input is found by its pattern at one scale for both directions, at different places."""
    inputs = list(photographs.values())[:count]
    composed = paint(prompt, inputs, (1024, 768))
    places = []
    for picture in inputs:
        score, place = _found(picture, composed)
        assert score > 0.9, score
        places.append(place)
    assert len({(round(x / 20), round(y / 20)) for x, y in places}) == count


def _found(picture: Image.Image, composed: Image.Image) -> tuple[float, tuple[int, int]]:
    """The best correlation of a picture's middle with the composition, over scales that keep its shape."""
    canvas = np.asarray(composed.convert("L").resize((256, 192), Image.Resampling.BOX), float)
    best = (0.0, (0, 0))
    for height in range(36, 166, 2):
        width = round(height * picture.width / picture.height)
        if width > 250:
            break
        small = np.asarray(picture.convert("L").resize((width, height), Image.Resampling.BOX), float)
        part = small[height // 6 : -height // 6, width // 6 : -width // 6]
        scores = match_template(canvas, part)
        at = np.unravel_index(scores.argmax(), scores.shape)
        best = max(best, (float(scores[at]), (int(at[1]), int(at[0]))))
    return best


@pytest.mark.parametrize(
    "size", [(1376, 768), (768, 1376), (1584, 672), (1024, 1024), (384, 3072), (2048, 512)]
)
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


@pytest.mark.parametrize(
    "prompt",
    [
        "add rain",
        "falling snow",
        "大雾",
        "stormy sky",
        "add a rainbow",
        "make it autumn",
        "spring",
        "winter",
        "summer",
        "sunlight",
        "dramatic lighting",
        "vintage",
        "cyberpunk",
        "enhance the quality",
        "sharpen",
        "zoom in",
        "extend the picture",
        "low angle",
        "product poster",
        "pastel",
        "brighter",
        "vivid",
        "an utterly unknown wish",
    ],
)
def test_every_prompt_changes_the_picture(textured: Image.Image, edit: Edit, prompt: str) -> None:
    """Whatever is asked, the answer is visibly another picture."""
    assert change(edit(prompt), textured).mean() > 3


def test_every_scenario_changes_the_picture_and_differs_from_the_others(
    photographs: dict[str, Image.Image],
) -> None:
    """The tutorials' scenarios, once each on one set of photographs: visible, and pairwise different."""
    inputs = [photographs[name] for name in ("astronaut", "chelsea", "coffee", "rocket")]
    shown = {row.key: paint(row.english, inputs[: row.images], (384, 384)) for row in SCENARIOS.values()}
    for key, picture in shown.items():
        assert change(picture, photographs["astronaut"].resize((384, 384))).mean() > 1.0, key
        for other, another in shown.items():
            if other < key:
                assert change(picture, another).mean() > 1.0, (key, other)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Add a cute kitten", "增加一只可爱的小猫"),
        ("Convert this photo to anime style", "将这张照片转换为动漫风格"),
        ("Remove the background and add a sunset landscape", "移除背景并添加日落风景"),
        ("night with bokeh in the background", "夜晚，背景虚化"),
    ],
)
def test_both_languages_give_the_very_same_picture(edit: Edit, english: str, chinese: str) -> None:
    """Wording is no source of randomness: equal effects give equal pixels."""
    assert edit(english).tobytes() == edit(chinese).tobytes()


@pytest.mark.parametrize(
    "prompt",
    [
        "Add a kitten",
        "night",
        "anime",
        "change the background to a forest",
        'Add the text "HI"',
        "make the object blue",
        "Add sunglasses",
    ],
)
def test_a_take_repeats_and_another_take_differs(edit: Edit, prompt: str) -> None:
    """The same take is the same picture; the next take is visibly another."""
    first = edit(prompt)
    assert first.tobytes() == edit(prompt).tobytes()
    difference = change(first, edit(prompt, take=2))
    assert difference.mean() > 0.4
    assert (difference > 12).mean() > 0.004


def test_the_prompt_is_never_drawn(edit: Edit) -> None:
    """Prompts of different wording but one meaning differ in no pixel."""
    assert edit("Please, add a kitten!").tobytes() == edit("ADD A KITTEN").tobytes()
    assert edit("qwertz one").tobytes() == edit("asdfgh two words").tobytes()


def test_quoted_text_is_drawn(textured: Image.Image, edit: Edit) -> None:
    """Other text gives other letters in a band of the picture; the rest does not change."""
    one, two = edit('Add the text "HELLO" at the top'), edit('Add the text "WORLD" at the top')
    difference = change(one, two)
    assert (difference[:150] > 60).mean() > 0.01
    assert difference[200:500].max() == 0
    assert change(one, textured)[200:500].max() == 0


def test_chinese_text_is_drawn_with_a_font_or_owned_up_to(textured: Image.Image) -> None:
    """With a font that has the characters they appear; without one the painting names them, and no boxes are drawn."""
    painting = paint_all("在顶部写上“新年快乐”", [textured], (900, 600))
    if font_file(cjk=True) is None:
        assert painting.unset == ("新年快乐",)
    else:
        assert painting.unset == ()
    assert change(painting.image, textured).mean() > 1.0


def test_every_picture_bears_a_readable_badge() -> None:
    """The lower right corner carries the mark, at every size, and only there."""
    for size in ((512, 512), (1376, 768)):
        marked = lettering.badge(Image.new("RGB", size, (90, 120, 150)))
        difference = change(marked, Image.new("RGB", size, (90, 120, 150)))
        rows, columns = np.where(difference > 10)
        assert rows.min() > 0.9 * size[1] and columns.min() > 0.75 * size[0]
        assert np.ptp(rows) >= 11 and difference.max() > 80


@pytest.mark.parametrize(
    "prompt",
    [
        "A corgi on a beach at sunset",
        "一座夜晚下雨的城市",
        "a robot in space",
        "watercolor of a cat in a forest",
        "something quite unknown",
    ],
)
def test_text_to_image_paints_a_scene(prompt: str) -> None:
    """Without inputs a scene is painted: not flat, the same each time, another one for another take."""
    scene = paint(prompt, [], (640, 400))
    assert gray(scene).std() > 8
    assert scene.tobytes() == paint(prompt, [], (640, 400)).tobytes()
    assert change(scene, paint(prompt, [], (640, 400), take=2)).mean() > 2


ODD_INPUTS = [
    Image.new("RGB", (1, 1), "red"),
    Image.new("L", (50, 3)),
    Image.new("RGBA", (60, 40), (1, 2, 3, 0)),
    Image.new("P", (9, 90)),
    Image.new("I;16", (30, 30)),
    Image.new("CMYK", (30, 30)),
    Image.linear_gradient("L").convert("RGB"),
]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    words=strategies.lists(strategies.sampled_from(TERMS), min_size=0, max_size=9),
    inputs=strategies.lists(strategies.sampled_from(ODD_INPUTS), max_size=4),
    size=strategies.sampled_from([(160, 100), (100, 160), (256, 32), (32, 256)]),
    take=strategies.integers(1, 3),
)
def test_any_wish_on_any_input_gives_a_picture_of_its_size(
    words: list[str], inputs: list[Image.Image], size: tuple[int, int], take: int
) -> None:
    """Whatever words of the vocabulary meet whatever inputs, a picture of the right size comes out."""
    painted = paint(" ".join(words), inputs, size, take=take)
    assert painted.size == size
    assert painted.mode in ("RGB", "RGBA")


def test_the_first_of_two_tiny_inputs_can_be_placed_into_the_other() -> None:
    """An input of one pixel has no subject to cut out, and is placed all the same."""
    inputs = [Image.new("RGB", (1, 1), "red"), Image.new("RGB", (90, 60), "navy")]
    assert paint("Place the person of image 1 into image 2", inputs, (128, 128)).size == (128, 128)
