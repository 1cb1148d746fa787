"""Scenarios to start from: each a prompt in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .._strings import language, say


@dataclass(frozen=True, slots=True)
class Scenario:
    """One worked example.

    Attributes:
        english, chinese: the prompt.
        images: how many input pictures it needs.
    """

    key: str
    english: str
    chinese: str
    images: int = 1

    @property
    def title(self) -> str:
        """A few words for a menu, in the current language."""
        return say(f"prompts.title_{self.key}")

    @property
    def prompt(self) -> str:
        """The prompt in the current language."""
        return self.chinese if language() == "zh" else self.english


_ROWS = (
    # The nine scenarios.
    Scenario(
        "poster",
        "Make this product photo a professional commercial poster with a premium look and perfect lighting",
        "把这张产品照片做成专业的商业海报，要有高端质感和完美照明",
    ),
    Scenario(
        "birdseye",
        "Change the camera angle to a bird's eye view and put the focus on the foreground",
        "把拍摄角度改成鸟瞰，焦点对准前景",
    ),
    Scenario(
        "night",
        "Turn this daytime photo into a night scene with bokeh in the background",
        "把这张白天的照片变成夜景，背景带虚化光斑",
    ),
    Scenario(
        "cinematic",
        "Apply cinematic color grading with warm tones and stronger contrast",
        "应用电影级色彩分级，暖色调，增强对比度",
    ),
    Scenario(
        "team",
        "Create a professional team photo of these four people in a modern office",
        "用这四张人物照片合成一张专业的团队照片，背景是现代办公室",
        images=4,
    ),
    Scenario(
        "logos",
        "Combine these two logos into one and add a cute animal",
        "把这两个标志合成一个，并加上一只可爱的动物",
        images=2,
    ),
    Scenario(
        "sunset",
        "Remove the background and put a sunset landscape behind the subject",
        "去掉背景，换成日落风景",
    ),
    Scenario("anime", "Convert this photo to an anime cartoon style", "把这张照片转换成动漫卡通风格"),
    Scenario(
        "sunglasses",
        "Add sunglasses to the person and change the hair color to blue",
        "给人物戴上墨镜，并把头发改成蓝色",
    ),
    # More prompts of the same guide.
    Scenario(
        "kitten",
        "Add a cute kitten to the picture",
        "增加一只可爱的小猫",
    ),
    Scenario(
        "pets",
        "Combine these two pictures into one with a warm family mood and a soft background",
        "把这两张图片合成一张，营造温馨的家庭氛围，背景柔和",
        images=2,
    ),
    Scenario(
        "trio",
        "Combine these three pictures into one professional team photo",
        "把这三张图片合成一张专业的团队照片",
        images=3,
    ),
    Scenario("cat_and_dog", "Add a handsome cat next to the dog", "在狗狗旁边加一只帅气的猫咪"),
    Scenario(
        "film",
        "Turn this photo into professional photography with cinematic color grading",
        "把这张照片变成专业摄影作品，应用电影级色彩分级",
    ),
    Scenario(
        "corgi",
        "Combine both images and add a Corgi dog",
        "把两张图片合成一张，再加一只柯基犬",
        images=2,
    ),
    Scenario(
        "cutout",
        "Remove the background and make it transparent, then add a sunset background",
        "去掉背景，变成透明底，然后加上日落背景",
    ),
)

SCENARIOS: Mapping[str, Scenario] = {scenario.key: scenario for scenario in _ROWS}
