"""Scenarios, templates and hints: complete in both languages, and quiet where nothing is wrong."""

from __future__ import annotations

import re
import time
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_banana import errors
from nb_banana._prompts import hints as hints_room
from nb_banana._prompts.hints import lint
from nb_banana._prompts.scenarios import SCENARIOS
from nb_banana._prompts.templates import TEMPLATES
from nb_banana._strings import prompts as strings
from nb_banana._strings import speaking

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def rules(prompt, n_images=1, aspect_ratio=None, image_size=None):
    return {hint.rule for hint in lint(prompt, n_images, aspect_ratio, image_size)}


# --- scenarios ----------------------------------------------------------------------------------


def test_the_nine_scenarios_and_the_other_prompts_are_there():
    """None of the guide's sixteen examples is lost, and the nine come first, in its order."""
    assert list(SCENARIOS) == [
        "poster", "birdseye", "night", "cinematic", "team", "logos", "sunset", "anime", "sunglasses",
        "kitten", "pets", "trio", "cat_and_dog", "film", "corgi", "cutout",
    ]  # fmt: skip


def test_scenarios_keep_the_figures_of_the_guide():
    """The 4K poster is 3584×4800 pixels and the team photo 2752×1536, as the guide says; the others keep their inputs."""
    cells = nbformat.read(NOTEBOOKS / "scenarios.ipynb", as_version=4).cells
    for key, pixels in (("poster", "3584×4800"), ("team", "2752×1536")):
        (cell,) = (cell for cell in cells if cell.cell_type == "code" and SCENARIOS[key].english in cell.source)
        assert pixels in "".join(output.get("text", "") for output in cell.outputs)
    assert [SCENARIOS[key].images for key in ("team", "trio", "pets", "logos")] == [4, 3, 2, 2]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_scenario_speaks_both_languages(scenario):
    """Title and prompt follow the language that is spoken."""
    with speaking("en"):
        assert scenario.prompt == scenario.english
        english = scenario.title
    with speaking("zh"):
        assert scenario.prompt == scenario.chinese
        assert scenario.title != english
        assert re.search(r"[\u4e00-\u9fff]", scenario.title)
    assert not re.search(r"[\u4e00-\u9fff]", scenario.english)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
@pytest.mark.parametrize("language", ["english", "chinese"])
def test_good_prompts_get_no_hint(scenario, language):
    """A hint on our own examples would teach people to ignore hints; only the transparent one earns one."""
    found = rules(getattr(scenario, language), scenario.images)
    assert found == ({"transparency"} if scenario.key == "cutout" else set())


# --- templates ----------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_templates_fill_the_same_blanks_in_both_languages(template):
    """Whichever language is spoken, the same blanks are filled and none is left."""
    assert set(re.findall(r"\{(\w+)\}", template.chinese)) == set(template.fields)
    values = {name: f"〔{name}〕" for name in template.fields}
    for lang in ("en", "zh"):
        with speaking(lang):
            prompt = template.fill(**values)
            assert all(value in prompt for value in values.values())
            assert "{" not in prompt
            assert template.title


def test_the_kinds_of_edit_the_vendor_describes_are_there():
    """Add, remove, change one thing, restyle, compose, preserve, sketch, turn around, translate."""
    assert {
        "add", "remove", "change_only", "restyle", "compose", "preserve", "sketch", "turnaround", "translate",
    } <= set(TEMPLATES)  # fmt: skip


def test_a_template_says_which_blank_is_missing_or_unknown():
    """Filling half a template names what is missing and what there is."""
    with pytest.raises(errors.InvalidRequestError, match="'change_only' needs new, keep") as caught:
        TEMPLATES["change_only"].fill(target="the sofa", new="  ")
    assert "target, new, keep" in caught.value.hint
    with pytest.raises(errors.InvalidRequestError, match="no blank colour"):
        TEMPLATES["restyle"].fill(style="oil painting", colour="red")


def test_filled_templates_get_no_hint():
    """What we advise people to write passes our own hints."""
    filled = [
        TEMPLATES["change_only"].fill(target="the sofa", new="brown leather", keep="the cushions"),
        TEMPLATES["remove"].fill(subject="a street", element="the parked cars"),
        TEMPLATES["restyle"].fill(style="a watercolour"),
        TEMPLATES["translate"].fill(language="French"),
    ]
    assert [rules(prompt) for prompt in filled] == [set()] * 4
    assert rules(TEMPLATES["compose"].fill(element="the hat", place="the dog"), 2) == set()


# --- hints --------------------------------------------------------------------------------------

FIRING = [
    ("vague", "改变背景", {}),
    ("vague", "Make it better", {}),
    ("vague", "please make this photo look nicer.", {}),
    ("vague", "", {}),
    ("vague", "帮我把这张图片修得更好看一点", {}),
    ("no_target", "Remove it from the table, keep the plates", {}),
    ("no_target", "Please replace this with a big red balloon", {}),
    ("no_target", "把这个换成一只红色的气球", {}),
    ("negative", "A quiet street at dawn with no cars", {}),
    ("negative", "Show the beach without any people on it", {}),
    ("negative", "Please do not add any trees to the hill", {}),
    ("negative", "一条安静的街道，不要有汽车", {}),
    ("transparency", "Cut out the cup on a transparent background", {}),
    ("transparency", "Keep the shoe and make the background transparent", {}),
    ("transparency", "保留鞋子，背景改成透明", {}),
    ("watermark", "Remove the watermark in the lower right corner", {}),
    ("watermark", "去掉右下角的水印，补全背景", {}),
    ("face_swap", "Swap the faces of the two people in the photo", {}),
    ("face_swap", "给这两个人换脸，保持光线一致", {}),
    ("celebrity", "Put a famous actor next to me at the table", {}),
    ("celebrity", "在我旁边加一位明星，一起合影", {}),
    ("famous_ip", "Put Spider-Man on the roof of the house", {}),
    ("famous_ip", "在沙发上加一只皮卡丘玩偶", {}),
    ("nudity", "Make the person in the picture naked", {}),
    ("minor", "Show the child in a bikini on the beach", {}),
    ("forgery", "Change the total on this receipt to 900 dollars", {}),
    ("forgery", "把发票上的金额改成九百元", {}),
    ("contradiction", "Apply warm tones and cool tones over the whole picture", {}),
    ("contradiction", "Black and white with vibrant colors everywhere", {}),
    ("contradiction", "保持背景不变，背景换成雪山", {}),
    ("contradiction", "整体用暖色调，整体用冷色调", {}),
    ("overloaded", "Add a hat, remove the bag, change the wall to blue and blur the background", {}),
    ("overloaded", "加上帽子，去掉背包，把墙改成蓝色，然后模糊背景", {}),
    ("which_picture", "Put the cat on the red sofa", {"n_images": 2}),
    ("which_picture", "把小猫放在红色的沙发上", {"n_images": 2}),
    ("no_such_picture", "Put the hat of image 3 on the dog", {"n_images": 2}),
    ("no_such_picture", "Use the third photo as the background", {"n_images": 2}),
    ("no_such_picture", "把第三张图片里的帽子给狗戴上", {"n_images": 2}),
    ("no_such_picture", "把图3里的帽子给狗戴上", {"n_images": 2}),
    ("no_picture", "Put a hat on the dog of the first image", {"n_images": 0}),
    ("ratio", "Extend the scene to 16:9 with more sky", {}),
    ("ratio", "把画面扩展成 16：9，多一些天空", {"aspect_ratio": "1:1"}),
    ("shape", "Crop to a square format around the cup", {"aspect_ratio": "16:9"}),
    ("shape", "改成竖版海报，产品居中", {"aspect_ratio": "16:9"}),
    ("size", "Sharpen the photo and give it to me in 4K", {}),
    ("size", "增强细节，输出 4K 照片", {"image_size": "2K"}),
]


@pytest.mark.parametrize(("rule", "prompt", "settings"), FIRING)
def test_a_hint_names_its_cause(rule, prompt, settings):
    """Each rule speaks on a plain case, in English and in Chinese, and quotes the words it is about."""
    found = {hint.rule: hint for hint in lint(prompt, **settings)}
    assert rule in found
    hint = found[rule]
    for lang in ("en", "zh"):
        with speaking(lang):
            [again] = [other for other in lint(prompt, **settings) if other.rule == rule]
            assert again.text
            assert "{" not in again.text
    if rule not in ("overloaded", "which_picture", "size", "ratio"):
        assert hint.found in re.sub(r"\s+", " ", prompt) or " / " in hint.found


NAMED = [
    "picture 3", "image 3", "Image #3", "pic #3", "pic 3", "pictures 1 and 3", "images 1, 2 and 3", "the third picture",
    "the 3rd photo", "image three", "photo no. 3", "picture number 3", "input 3", "图三", "图3", "图 3", "第3张图", "第三张",
    "第 3 幅", "第三个图", "照片3", "图片三", "图1和图3",
]  # fmt: skip
COUNTED = [
    "Draw 3 images in a row from picture 1", "a picture of 3 cats on the sofa, as in the first image", "Show 3 pictures on the wall of image 2",
    "a photo 3 times as wide, from picture 2", "a picture 3 cm wide next to image 1", "picture 3D style of image 1", "image 16:9, hat of image 1",
    "a photo from 1950, colourised like picture 1", "in image 1 the 3rd person", "the second cat of the first picture", "picture 1, 3 cats",
    "图1中的3只猫", "照片里有3个人，用图2的背景", "第3个人戴上图1的帽子", "3张图片拼在一起", "图3D风格，参考图1", "照片5寸，按图1", "图1是猫，图2是狗",
]  # fmt: skip


@pytest.mark.parametrize("words", NAMED)
def test_a_picture_beyond_those_there_is_named_in_any_words(words):
    """However a third picture is named, inside English or Chinese, two inputs are too few and three are enough."""
    for prompt in (f"Put the hat of {words} on the dog in picture 1", f"把{words}里的帽子给图1的狗戴上，其他不变"):
        assert [hint.rule for hint in lint(prompt, 2) if "picture" in hint.rule] == ["no_such_picture"]
        assert [hint.rule for hint in lint(prompt, 3) if "picture" in hint.rule] == []


@pytest.mark.parametrize("prompt", COUNTED)
def test_numbers_of_other_things_are_no_pictures(prompt):
    """Counts, measures and years beside the word picture bring up no hint about pictures."""
    assert [hint for hint in lint(prompt, 2) if "picture" in hint.rule] == []


def test_every_rule_has_a_case_that_fires():
    """No hint can be written that nothing brings up."""
    told = {key.removeprefix("hint_") for key in strings.TABLE if key.startswith("hint_")}
    assert {rule for rule, _, _ in FIRING} == told
    assert {rule for rule, _ in hints_room._PATTERNS} <= told


QUIET = [
    ("Add a cute kitten", 1, None, None),
    ("加一只小猫", 1, None, None),
    ("Change only the sofa to brown leather; do not change the wall or the lamp", 1, None, None),
    ("把沙发改成棕色皮革，不要改变墙壁，其他不变", 1, None, None),
    ("Turn this daytime photo into a night scene", 1, None, None),
    ("把白天变成夜晚", 1, None, None),
    ("Change the warm tones to cool tones", 1, None, None),
    ("Keep the dog in vivid colors but make the background black and white", 1, None, None),
    ("Turn this cartoon into a photorealistic portrait", 1, None, None),
    ("A transparent glass vase on a wooden table", 1, None, None),
    ("桌上放一个透明玻璃杯", 1, None, None),
    ("Show the drone view of the old harbour", 1, None, None),
    ("无人机视角下的老港口", 1, None, None),
    ("Write “No parking, 16:9, image 7” on the sign in bold letters", 1, None, None),
    ('Put the text "remove the watermark" on the poster', 1, None, None),
    ("A portrait of my grandmother in a landscape with hills", 1, "16:9", None),
    ("A busy evening at Times Square, neon lights", 1, "16:9", None),
    ("The clock on the tower shows 4:30 in the afternoon", 1, None, None),
    ("Make the third person from the left smile a little", 1, None, None),
    ("Combine these three images into one poster", 3, None, None),
    ("把这三张图片合成一张海报", 3, None, None),
    ("Take the hat of the second image and put it on the dog in image 1", 2, None, None),
    ("给第一张图里的狗戴上第二张图的帽子", 2, None, None),
    ("Extend the picture to 16:9 with more sky", 1, "16:9", None),
    ("Sharpen the photo and give it to me in 4K", 1, None, "4K"),
    ("Crop to a square format around the cup", 1, "1:1", None),
    ("Children playing football in the park at sunset", 1, None, None),
    ("孩子们在公园里踢足球，夕阳西下", 1, None, None),
    ("Add a boat, a bird and a cloud to the lake", 1, None, None),
    *((words, 1, None, None) for words in (
        "给照片四周加上白色边框，宽一些", "让这张照片十分清晰自然", "把照片二次元化，保留人物表情", "把图片三等分，每份不同色调",
        "Add to this photo two balloons in the sky", "Give the image ten percent more light and contrast",
    )),
    ("将身份证照片的背景换成蓝色，其他保持不变", 1, None, None),
    ("A child reading a book in bed by the light of a lamp", 1, None, None),
    ("Change the colour of the door to match the passport holder", 1, None, None),
    ("给女孩穿上红色外套，头发不变", 1, None, None),
    ("Make it look like an oil painting by candlelight", 1, None, None),
    ("Replace the cloudy sky with a clear blue sky without changing the buildings", 1, None, None),
]


@pytest.mark.parametrize(("prompt", "n_images", "aspect_ratio", "image_size"), QUIET)
def test_hints_stay_quiet_on_sound_prompts(prompt, n_images, aspect_ratio, image_size):
    """Words that merely look like trouble bring up nothing."""
    assert rules(prompt, n_images, aspect_ratio, image_size) == set()


@given(st.text(max_size=300), st.integers(0, 14))
def test_any_text_can_be_read(text, n_images):
    """No prompt makes the reader fail, and each rule speaks at most once."""
    found = [hint.rule for hint in lint(text, n_images, "16:9", "2K")]
    assert len(found) == len(set(found))


def test_a_very_long_prompt_is_read_in_no_time():
    """A pasted file must not freeze the panel, whatever it repeats."""
    for piece in ("remove the ", "把", "no ", "image ", "swap ", "child ", "改", "a, ", "1:"):
        started = time.process_time()
        lint(piece * 200_000, 2)
        assert time.process_time() - started < 0.5


@pytest.mark.parametrize("prompt", ["Make it night", "make it anime", "Add sunglasses", "Turn this into a watercolour",
                                    "变成夜晚", "加墨镜"])
def test_short_and_clear_is_not_vague(prompt):
    """Three words that name what should come of it are left in peace."""
    assert [hint.rule for hint in lint(prompt)] == []


@pytest.mark.parametrize("prompt", ["Write “MEOW” in white", 'Write "SALE" on it', "写上“你好”"])
def test_words_to_be_written_are_an_aim(prompt):
    """A short prompt that quotes what is to stand on the picture is not called vague."""
    assert [hint.rule for hint in lint(prompt)] == []


@pytest.mark.parametrize("prompt", ["Make it better", "change the background", "改变背景", "add something"])
def test_short_and_vague_is_told_so(prompt):
    """Three words that name nothing still get the hint."""
    assert "vague" in [hint.rule for hint in lint(prompt)]
