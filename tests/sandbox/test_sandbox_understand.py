"""What the sandbox reads in a prompt: what it will paint, and what a placeholder will say."""

from __future__ import annotations

import time

import pytest

from nb_banana._prompts.scenarios import SCENARIOS
from nb_banana._sandbox.wishes import Wish, read

PAIRS = [
    ("Put a straw hat on the cat", "给猫戴上一顶草帽", 1),
    ("Give the cat a crown", "给猫一顶皇冠", 1),
    ("Remove the watermark in the corner", "去掉角落的水印", 1),
    ("Remove the flag on the left", "去掉左边的旗子", 1),
    ("Change the background to a white background", "把背景换成白色背景", 1),
    ("A white background", "白色背景", 1),
    ("Change the background to a forest", "将背景改为森林", 1),
    ("Make it look like winter", "变成冬天", 1),
    ("Make the sky stormy", "让天空乌云密布", 1),
    ("Make him smile", "让他微笑", 1),
    ("Convert to black and white", "转换成黑白照片", 1),
    ("Turn the photo into a pencil sketch", "把照片变成铅笔素描", 1),
    ("Convert it to an oil painting", "转换成油画", 1),
    ("Turn this sketch into a photo", "把这张草图变成照片", 1),
    ("Add two birds in the sky", "在天空中添加两只鸟", 1),
    ("Blur the background, keep the person sharp", "虚化背景，保持人物清晰", 1),
    ("Change the dog to a cat", "把狗变成猫", 1),
    ("Add falling snow, do not change the person", "添加飘雪，不要改变人物", 1),
    ("Restore this old photo and remove scratches", "修复这张老照片并去除划痕", 1),
    ("Change the shirt color to green", "把衬衫颜色改成绿色", 1),
    ("Use a shallow depth of field", "使用浅景深", 1),
    ("Place the product on a beach", "把产品放在海滩上", 1),
    ("Combine these pictures side by side", "把这些图片并排拼在一起", 2),
    ("Add a cute corgi next to the cup", "在杯子旁边添加一只可爱的柯基", 1),
    ("Colorize this black and white photo", "给这张黑白照片上色", 1),
    ("Make this blurry photo sharp", "把这张模糊的照片变清晰", 1),
    ("Denoise this grainy photo", "给这张有噪点的照片降噪", 1),
    ("Show the cup from the left", "从左侧看杯子", 1),
    ('Change the text "OLD" to "NEW"', "把文字“旧”改成“新”", 1),
    ('Add the text "HI" at the top in red', "在顶部写上红色的“你好”", 1),
    ("First remove the background, then add a forest, then add sunlight", "先移除背景，然后添加森林场景，最后增加阳光效果", 1),
    ("A corgi in a city", "一只柯基在城市里", 0),
]


def meanings(prompt: str, pictures: int = 1) -> list[tuple[str, ...]]:
    return [wish.meaning for wish in read(prompt, pictures)]


def seen(prompt: str, pictures: int = 1) -> list[str]:
    """Effects by name, everything else by its label."""
    return [wish.thing if wish.kind == "paint" else wish.label for wish in read(prompt, pictures)]


@pytest.mark.parametrize(("english", "chinese", "inputs"), PAIRS)
def test_an_english_and_a_chinese_wording_ask_for_the_same(english: str, chinese: str, inputs: int) -> None:
    """Two wordings of one wish mean the same apart from their nouns, and something was understood."""
    assert meanings(english, inputs) == meanings(chinese, inputs) != []


def test_every_scenario_is_understood_alike_in_both_languages_and_unlike_every_other() -> None:
    """The tutorials' scenarios mean the same in both languages, and no two say the same."""
    for row in SCENARIOS.values():
        assert meanings(row.chinese, row.images) == meanings(row.english, row.images) != [], row.key
    for said in ([tuple(seen(getattr(row, name), row.images)) for row in SCENARIOS.values()] for name in ("english", "chinese")):
        assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("Make this blurry photo sharp", ["sharpen"]),
        ("Colorize this black and white photo", ["colourise"]),
        ("Turn this daytime photo into a night scene", ["night"]),
        ("把这张白天的照片变成夜景", ["night"]),
        ("Restore this faded vintage photo", ["enhance"]),
        ("修复这张泛黄的老照片", ["enhance"]),
        ("Make this dark picture brighter", ["brighter"]),
        ("add a vintage car", ["＋ vintage car"]),
    ],
)
def test_words_about_the_picture_are_no_wishes(prompt: str, wanted: list[str]) -> None:
    """What a picture is said to be is not done to it, and what describes a thing is not done to the picture."""
    assert seen(prompt) == wanted


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("Add a cute corgi next to the cup", ["＋ cute corgi"]),
        ("在杯子旁边添加一只可爱的柯基", ["＋ 可爱的柯基"]),
        ("Add two birds, a boat and a lighthouse", ["＋ birds", "＋ boat", "＋ lighthouse"]),
        ("Add a cup of coffee", ["＋ cup of coffee"]),
        ("Remove the man with the red hat", ["－ man with the red hat"]),
        ("把右边的树去掉，加几朵云", ["－ 树", "＋ 云"]),
        ("Change the dog to a cat", ["dog → cat"]),
        ("Swap the cup for a glass", ["cup → glass"]),
        ("Remove the dog and replace it with a cat", ["dog → cat"]),
        ("change the colour of the car to red and the sky to purple", ["car → red", "sky → purple"]),
        ("make her hair blue", ["hair → blue"]),
        ("Make him smile", ["him → smile"]),
        ("Make the sky darker", ["sky → darker"]),
        ("Blur the faces", ["faces → blur"]),
        ("把人脸模糊", ["人脸 → 模糊"]),
        ("Replace the sky with a starry night", ["sky → starry night"]),
        ("Add motion blur to the car", ["car → motion blur"]),
        ("让猫的眼睛变成蓝色", ["猫的眼睛 → 蓝色"]),
        ("帮我把这张照片里的水印去掉", ["－ 水印"]),
        ("Change the background to Mars", ["background: Mars"]),
        ("put a sunset landscape behind the person", ["background: sunset landscape"]),
        ("A white background for a shop", ["background: white"]),
        ("把背景换成火星", ["背景：火星"]),
        ("Remove the background", ["－ background"]),
        ("Make the background transparent", ["background: transparent"]),
        ("Turn this sketch into a photo", ["→ photo"]),
        ("Change the aspect ratio to 16:9", ["→ 16:9"]),
        ("Translate the text in this picture into French", ["text → French"]),
        ("Redraw this picture in the style of Rembrandt", ["→ Rembrandt"]),
        ('Change the text "OLD" to "NEW"', ["text: “OLD” → “NEW”"]),
        ("把文字“旧”改成“新”", ["文字：“旧” → “新”"]),
        ("Add a neon sign saying “OPEN”", ["＋ neon sign “OPEN”"]),
        ("添加一个写着“营业中”的招牌", ["＋ 招牌 “营业中”"]),
        ("add a very long list of things that goes on for years", ["＋ very long list of things"]),
        ("Add " + "supercalifragilistic " * 9, ["＋ supercalifragilistic supercalifragilist…"]),
    ],
)  # fmt: skip
def test_a_placeholder_says_the_prompts_own_noun(prompt: str, wanted: list[str]) -> None:
    """What is not painted is named by the noun phrase alone, in the prompt's language, never by the whole prompt."""
    assert seen(prompt) == wanted


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        (
            "Change only the sofa to brown leather; keep everything else, including the cat, the hat and the sky, unchanged.",
            ["sofa → brown leather"],
        ),
        ("只把沙发改成棕色皮革，其余部分（包括天空和猫）完全保持不变。", ["沙发 → 棕色皮革"]),
        ("Add a hat. The face, the coat and the sky must stay exactly as they are.", ["＋ hat"]),
        ("添加飘雪，人物和背景保持不变", ["＋ 飘雪"]),
        ("Don't change the sky, no cars, add a red hat", ["＋ red hat"]),
        ("不要改变天空，添加一顶红色的帽子", ["＋ 红色的帽子"]),
        ("Turn day into night without changing the background", ["night"]),
        ("Add a cat instead of a dog", ["＋ cat"]),
        ("Never blur the background", []),
        ("不要模糊背景", []),
        ("zzyzx", []),
        ("hello", []),
        ("", []),
    ],
)
def test_what_is_kept_or_refused_asks_for_nothing(prompt: str, wanted: list[str]) -> None:
    """Keep clauses and negations ask for nothing; what stands beside them still does."""
    assert seen(prompt) == wanted


@pytest.mark.parametrize(
    ("prompt", "where"),
    [
        ("Remove the flag on the left", "left"),
        ("去掉左边的旗子", "left"),
        ("Add a lamp on the right", "right"),
        ("在右侧添加一盏灯", "right"),
        ("Add a logo at the top left", "top left"),
        ("在左上角添加一个徽章", "top left"),
        ("Add a ribbon at the bottom", "bottom"),
        ("Add a seagull", "sky"),
        ("添加一只海鸥", "sky"),
        ("Add a corgi on the left", "ground left"),
        ("Add sunglasses", "head"),
        ("Change the background to a beach", ""),
        ('Write "HI" at the top right', "top right"),
    ],
)
def test_left_right_up_and_down_are_heard(prompt: str, where: str) -> None:
    """A side or height that was asked for is kept; else things are where such things are at home."""
    assert [wish.where for wish in read(prompt)] == [where]


@pytest.mark.parametrize(
    ("prompt", "texts"),
    [
        ('Add the text "SALE 50%" at the top', ["SALE 50%"]),
        ("Write 'Hello, don't panic' on the wall", ["Hello, don't panic"]),
        ("在顶部写上“新年快乐”", ["新年快乐"]),
        ("标题写「春天来了」", ["春天来了"]),
        ("添加文字《夜航》", ["夜航"]),
        ('Remove the text "OLD"', []),
        ('Paint it in the style of "Starry Night"', []),
        ("Add the words sale today", []),
    ],
)
def test_only_quoted_text_with_a_verb_of_lettering_is_lettered(prompt: str, texts: list[str]) -> None:
    """Quoted text is lettered when the prompt asks for lettering, and nothing else ever is."""
    assert [wish.thing for wish in read(prompt) if wish.kind == "write"] == texts


def test_a_wish_means_the_same_whatever_its_words() -> None:
    """What randomness comes from holds none of the prompt's own words."""
    for prompt in ("Add a purple zeppelin over Ulaanbaatar", "請加入一隻獨角獸 zzyzx"):
        assert not any(word in repr(meanings(prompt)).lower() for word in ("zeppelin", "zzyzx", "獨角獸"))
    assert Wish("add", "cat").meaning == Wish("add", "猫", chinese=True).meaning


@pytest.mark.parametrize("unit", ["make ", "add a, the and ", "把", '"', " ", "a", "“x”, ", "with ", "在", "not ", "it to "])
def test_a_megabyte_is_read_fast(unit: str) -> None:
    """Prompts of a million letters neither raise nor take long."""
    start = time.process_time()
    read(unit * (1_000_000 // len(unit)), 1)
    assert time.process_time() - start < 2
