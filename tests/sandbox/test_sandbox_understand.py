"""What the sandbox reads in a prompt."""

from __future__ import annotations

import pytest

from nb_banana._prompts.scenarios import SCENARIOS
from nb_banana._sandbox.understand import Effect, understand

PAIRS = [
    ("Put a straw hat on the cat", "给猫戴上一顶草帽", 1),
    ("Remove the watermark in the corner", "去掉角落的水印", 1),
    ("Change the background to a white background", "把背景换成白色背景", 1),
    ("Change the background to a forest", "将背景改为森林", 1),
    ("Make it look like winter", "变成冬天", 1),
    ("Make the sky stormy", "让天空乌云密布", 1),
    ("Convert to black and white", "转换成黑白照片", 1),
    ("Turn the photo into a pencil sketch", "把照片变成铅笔素描", 1),
    ("Convert it to an oil painting", "转换成油画", 1),
    ("Add two birds in the sky", "在天空中添加两只鸟", 1),
    ("Blur the background, keep the person sharp", "虚化背景，保持人物清晰", 1),
    ("Change the dog to a cat", "把狗变成猫", 1),
    ("Add falling snow, do not change the person", "添加飘雪，不要改变人物", 1),
    ("Restore this old photo and remove scratches", "修复这张老照片并去除划痕", 1),
    ("Change the shirt color to green", "把衬衫颜色改成绿色", 1),
    ("Use a shallow depth of field", "使用浅景深", 1),
    ("Place the product on a beach", "把产品放在海滩上", 1),
    ("Combine these pictures side by side", "把这些图片并排拼在一起", 2),
    ("Place the person of image 1 into image 2", "把第一张图里的人放到第二张图片中", 2),
    ("Add a cute corgi next to the cup", "在杯子旁边添加一只可爱的柯基", 1),
    (
        "First remove the background, then add a forest, then add sunlight",
        "先移除背景，然后添加森林场景，最后增加阳光效果",
        1,
    ),
    ("A corgi in a city at night with rain", "一只柯基在下雨的夜晚城市", 0),
]


@pytest.mark.parametrize(("english", "chinese", "inputs"), PAIRS)
def test_an_english_and_a_chinese_wording_ask_for_the_same(english: str, chinese: str, inputs: int) -> None:
    """Two wordings of one wish give equal effects, and something was understood."""
    assert understand(english, inputs) == understand(chinese, inputs)
    assert Effect("touch") not in understand(english, inputs)


def test_every_scenario_is_understood_alike_in_both_languages_and_unlike_every_other() -> None:
    """The tutorials' scenarios give equal effects in both languages, and no two give the same."""
    read = {row.key: understand(row.english, row.images) for row in SCENARIOS.values()}
    for row in SCENARIOS.values():
        assert understand(row.chinese, row.images) == read[row.key], row.key
        assert Effect("touch") not in read[row.key], row.key
    assert len(set(read.values())) == len(read)


@pytest.mark.parametrize(
    ("prompt", "effects"),
    [
        (
            "Change only the sofa to brown leather; keep everything else, including the cat, the hat and the sky, unchanged.",
            [Effect("recolour", "subject", "brown")],
        ),
        (
            "只把沙发改成棕色皮革，其余部分（包括天空和猫）完全保持不变。",
            [Effect("recolour", "subject", "brown")],
        ),
        ("Don't change the sky, no cars, add a red hat", [Effect("add", "hat", "red")]),
        ("不要改变天空，添加一顶红色的帽子", [Effect("add", "hat", "red")]),
        ("Turn day into night without changing the background", [Effect("light", "night")]),
        ("Turn night into day", [Effect("light", "day")]),
        ("Add a cat instead of a dog", [Effect("add", "cat")]),
        ("Never blur the background", [Effect("touch")]),
        ("Add a golden crown in the golden hour", [Effect("add", "crown", "gold"), Effect("light", "sun")]),
        ("Add a zeppelin", [Effect("add", "sticker")]),
        ("hello", [Effect("touch")]),
        ("", [Effect("touch")]),
    ],
)
def test_what_is_kept_or_refused_asks_for_nothing(prompt: str, effects: list[Effect]) -> None:
    """Keep clauses and negations trigger no effect; what stands beside them still does."""
    assert list(understand(prompt)) == effects


@pytest.mark.parametrize(
    ("prompt", "texts"),
    [
        ('Add the text "SALE 50%" at the top', ["SALE 50%"]),
        ("Write 'Hello, don't panic' on the sign", ["Hello, don't panic"]),
        ("在顶部写上“新年快乐”", ["新年快乐"]),
        ("标题写「春天来了」", ["春天来了"]),
        ("添加文字《夜航》", ["夜航"]),
        ('Change the text "OLD" to "NEW"', ["NEW"]),
        ('Remove the text "OLD"', []),
        ('Paint it in the style of "Starry Night"', []),
        ("Add the words sale today", []),
    ],
)
def test_only_quoted_text_with_a_verb_of_lettering_is_lettered(prompt: str, texts: list[str]) -> None:
    """Quoted text is drawn when the prompt asks for lettering, and nothing else ever is."""
    assert [effect.value for effect in understand(prompt) if effect.kind == "write"] == texts


def test_nothing_of_an_unquoted_prompt_survives_into_the_effects() -> None:
    """No effect carries the prompt's own words, so none can be drawn or seed anything."""
    for prompt in ("Add a purple zeppelin over Ulaanbaatar", "請加入一隻獨角獸 zzyzx"):
        assert not any(
            word in repr(understand(prompt)).lower()
            for word in ("zeppelin", "ulaanbaatar", "zzyzx", "獨角獸")
        )
