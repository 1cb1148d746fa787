"""Templates of good edit prompts, with named blanks to fill in; other packages may add some of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Required, TypedDict

from .. import _plugins
from .._strings import language, say
from ..errors import InvalidRequestError


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of edit; ``{field}`` marks what to fill in."""

    key: str
    english: str
    chinese: str
    images: int = 1
    named: str = ""

    @property
    def title(self) -> str:
        """A few words for a menu, in the current language; those of another package are its own."""
        return self.named or say(f"prompts.title_{self.key}")

    @property
    def text(self) -> str:
        """The template in the current language."""
        return self.chinese if language() == "zh" else self.english

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the blanks, in the order they stand; the same in both languages."""
        return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(self.english) if name))

    def fill(self, **values: str) -> str:
        """The prompt, every blank filled."""
        missing = [name for name in self.fields if not values.get(name, "").strip()]
        unknown = [name for name in values if name not in self.fields]
        if missing or unknown:
            key = "prompts.blank_missing" if missing else "prompts.blank_unknown"
            sentence = say(key, template=self.key, names=", ".join(missing or unknown))
            raise InvalidRequestError(sentence, hint=say("prompts.blanks", names=", ".join(self.fields)))
        return self.text.format(**{name: value.strip() for name, value in values.items()})


class TemplateRow(TypedDict, total=False):
    """What the entry point of a template gives: ``english`` at least, and what it is called in a menu."""

    english: Required[str]
    chinese: str
    title: str


_ROWS = (
    Template(
        "add",
        "Add {element} to this picture of {subject}. Match its light, scale and perspective, "
        "and keep everything else as it is.",
        "在这张{subject}的图片中加入{element}，光线、比例和透视与原图一致，其余部分保持不变。",
    ),
    Template(
        "remove",
        "Remove {element} from this picture of {subject} and fill the place with what would be behind it. "
        "Keep everything else as it is.",
        "去掉这张{subject}图片中的{element}，用其后应有的内容自然补全，其余部分保持不变。",
    ),
    Template(
        "change_only",
        "Change only {target} to {new}. Keep everything else, {keep} included, exactly as it is.",
        "只把{target}改成{new}，其余部分（包括{keep}）完全保持不变。",
    ),
    Template(
        "restyle",
        "Redraw this picture in the style of {style}. Keep the composition and everything that is in it.",
        "用{style}的风格重新绘制这张图片，保持构图和其中的内容。",
    ),
    Template(
        "compose",
        "Take {element} from the first image and place it on {place} in the second image. "
        "Match the light and shadows of the second image.",
        "取第一张图片里的{element}，放到第二张图片的{place}上，光影与第二张图片一致。",
        images=2,
    ),
    Template(
        "preserve",
        "{change}. The {detail} must stay exactly as in the original: {description}.",
        "{change}。{detail}必须与原图完全一致：{description}。",
    ),
    Template(
        "sketch",
        "Turn this sketch of {subject} into a photograph. Keep its lines and proportions; use {materials}.",
        "把这张{subject}的草图变成真实照片，保持线条和比例，材质为{materials}。",
    ),
    Template(
        "turnaround",
        "Show the same {subject} from {view}. Keep its face, clothes and colours the same as in the picture.",
        "从{view}展示同一个{subject}，面部、服装和颜色与图片中保持一致。",
    ),
    Template(
        "translate",
        "Translate the text in this picture into {language}. Keep its font, size and place, "
        "and keep all other elements as they are.",
        "把图片中的文字翻译成{language}，保持字体、大小和位置，其他元素保持不变。",
    ),
    Template(
        "lettering",
        "Write “{words}” on {place} in {font}. Keep everything else as it is.",
        "在{place}写上“{words}”，字体为{font}，其余部分保持不变。",
    ),
    Template(
        "background",
        "Replace the background with {scene}. Keep {subject} exactly as it is "
        "and match the light to the new scene.",
        "把背景换成{scene}，{subject}保持不变，光线与新背景协调。",
    ),
    Template(
        "relight",
        "Light this picture of {subject} with {light} from {direction}. Keep its content and composition.",
        "用来自{direction}的{light}为这张{subject}的图片重新打光，内容和构图保持不变。",
    ),
)

TEMPLATES: Mapping[str, Template] = {template.key: template for template in _ROWS}


def template(name: str) -> Template:
    """The template of this name, ours or another package's, which is loaded now.

    Raises:
        InvalidRequestError: there is none, or a package's can't be used.
    """
    if isinstance(name, str) and name in TEMPLATES:
        return TEMPLATES[name]
    found = _plugins.load("template", name) if isinstance(name, str) else None
    if found is None:
        choices = ", ".join(_plugins.names("template", TEMPLATES))
        raise InvalidRequestError(say("plugins.no_template", given=repr(name)[:80], choices=choices))
    return _checked(found)


def _checked(loaded: _plugins.Loaded) -> Template:
    """The template of a plugin: a table of its words, ``english`` at least.

    Raises:
        InvalidRequestError: it can't be used.
    """
    plugin, given = loaded.plugin, loaded.given
    if not isinstance(given, Mapping):
        raise plugin.refused(say("plugins.no_table", given=type(given).__name__))
    if unknown := sorted(map(str, set(given) - set(TemplateRow.__annotations__))):
        raise plugin.refused(say("plugins.unknown_fields", fields=", ".join(unknown)))
    english: Any = given.get("english")
    chinese: Any = given.get("chinese", english)
    title = given.get("title", plugin.name)
    if not all(isinstance(text, str) and text.strip() for text in (english, chinese, title)):
        raise plugin.refused(say("plugins.template_words"))
    try:
        made = Template(plugin.name, english, chinese, named=title)
        other = Template(plugin.name, chinese, english)
        same = set(made.fields) == set(other.fields)
    except ValueError as reason:  # a brace that nothing closes
        raise plugin.refused(reason) from None
    if not same:
        raise plugin.refused(say("plugins.template_words"))
    return made
