# ruff: noqa: E501  (a pattern reads best on one line)
"""Quiet hints about a prompt, in English and Chinese.

Rules of this file: a hint never stops anything, so it speaks only where the cause is plain; a hint
that fires on good prompts would teach people to ignore hints. Each rule is a small function or a row
of :data:`_PATTERNS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .._strings import say

_CJK = r"[\u3400-\u9fff]"
_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_HANZI = "一二三四五六七八九十"
_PICTURE = r"(?:images?|pictures?|photos?|photographs?|pics?|inputs?|references?)"
_MAX_READ = 4_000  # characters; a longer prompt is not a beginner's


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of advice: which rule, the words it is about, and the sentence."""

    rule: str
    found: str
    text: str

    def __str__(self) -> str:
        return self.text


def lint(
    prompt: str, n_images: int = 1, aspect_ratio: str | None = None, image_size: str | None = None
) -> tuple[Hint, ...]:
    """Hints about ``prompt``, sent with ``n_images`` pictures and these settings; usually none."""
    text = re.sub(r"\s+", " ", prompt[:_MAX_READ]).strip()
    bare = _without_quotes(text)
    found = (
        *_vague(bare),
        *_by_pattern(bare),
        *_contradictions(bare),
        *_overloaded(bare),
        *_pictures(bare, n_images),
        *_shape(bare, aspect_ratio, image_size),
    )
    return tuple(Hint(rule, words, say(f"prompts.hint_{rule}", found=words)) for rule, words in found)


Remarks = Iterator[tuple[str, str]]


def _without_quotes(text: str) -> str:
    """The prompt without quoted text, which is to be written on the picture, not obeyed."""
    return re.sub(r"“[^”]*”|‘[^’]*’|「[^」]*」|《[^》]*》|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)", "“”", text)


# --- too little ---------------------------------------------------------------------------------

_NICER = re.compile(
    r"(please )?(make|get) (it|this|(the|this|my) (image|picture|photo)) (look )?(much |more )?"
    r"(better|nicer|good|great|beautiful|pretty|cool|awesome|amazing|interesting)( please)?[.!]?"
    r"|(please )?(improve|fix|edit|change|beautify) (it|this|(the|this|my) (image|picture|photo))[.!]?"
    r"|请?(帮我)?(把)?(它|这张图片?|图片|照片)?(改|弄|变|修|P)?(得|的)?(更)?"
    r"(好看|漂亮|美|优化|美化|修改|处理|修)(一下|一点|一些|些)?[。！]?",
    re.IGNORECASE,
)


# Short, and yet it says what should come of it: "make it night", "add sunglasses", "加墨镜".
_SHORT_AND_CLEAR = re.compile(
    r"(?:please )?(?:(?:make|turn) (?:it|this)(?: into)?(?: an?)?|add(?: an?| some| the)?) (?!it\b|this\b|stuff|things?|something)[a-z-]{3,}"
    r"(?: [a-z-]{3,})?[.!]?|请?(?:帮我)?(?:把(?:它|图片|照片))?(?:变成|改成|换成|加上|添加|加)一?[个只顶副]?[\u3400-\u9fff]{2,6}[。！]?",
    re.IGNORECASE,
)


def _vague(text: str) -> Remarks:
    if _SHORT_AND_CLEAR.fullmatch(text) and not _NICER.fullmatch(text):
        return
    words = len(re.findall(r"[A-Za-z][A-Za-z'-]*|\d+", text)) + len(re.findall(_CJK, text)) / 1.25
    words += 3 * text.count("“”")  # what a quotation says is to be written: that is an aim
    if words < 4 or _NICER.fullmatch(text):
        yield "vague", text


# --- one pattern, one rule ----------------------------------------------------------------------

_VERB_IN = r"(?:remov\w*|eras\w*|delet\w*|clean\w*|get rid of|take off|hide)"
_ALTER = r"(?:chang\w*|edit\w*|alter\w*|replac\w*|modif\w*|forg\w*|fak\w*)"
_PAPERS = r"(?:invoices?|receipts?|bank statements?|cheques?|passports?|id cards?|driver'?s licen[cs]es?|contracts?|transcripts?|orders?|diplomas?)"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "no_target",
        r"\b(?:remove|replace|delete|erase|move|recolou?r)\s+(?:it|this|that|these|those|them)(?=\s*(?:$|[.,;!]|with\b|by\b|from\b))"
        r"|把(?:它|这个|那个|它们)(?:去掉|删掉|删除|移除|换掉|替换|换成|改成|移)",
    ),
    (
        # "do not change the face" keeps something and is fine; "no cars" names what should be absent.
        "negative",
        r"\b(?:no|without)\s+(?!longer\b|other\b|more than\b|matter\b|changing\b|altering\b|changes?\b|affecting\b|touching\b"
        r"|modif\w+|background\b|a background\b|losing\b|crop\w*|distort\w*)(?:any\s+|a\s+|an\s+)?[a-z]+"
        r"|\b(?:don't|do not|never)\s+(?:add|include|show|draw|put|have|use|make|let)\b"
        r"|不要(?:有|出现|加|画|放|包含|带)|不能(?:有|出现)|没有(?!背景|改变|变化)\w|不(?:出现|包含)",
    ),
    (
        "transparency",
        r"\btransparent\s+(?:background|backdrop|png|layer)\b|\balpha channel\b"
        r"|\b(?:make|turn)\s+(?:it|the background|its background|everything else)\s+transparent\b"
        r"|\bbackground\s+(?:to be |is )?transparent\b"
        r"|透明(?:背景|底|的背景|通道|PNG|图层)|背景(?:变|改|设|弄|做)?(?:成|为)?透明|(?:变|改|弄)(?:成|为)?透明(?!玻璃|的?[杯瓶水])|抠图",
    ),
    (
        "watermark",
        rf"\b{_VERB_IN}\b.{{0,25}}\bwatermarks?\b|\bwatermark\s+remov\w+|(?:去|除|去除|去掉|移除|删除|消除|抹去).{{0,6}}水印|水印.{{0,4}}(?:去|除|删)",
    ),
    (
        "face_swap",
        r"\bface[- ]?swap\w*|\bswap\b.{0,20}\bfaces?\b|\breplace\b.{0,20}\bface\b.{0,10}\bwith\b|换脸",
    ),
    (
        "celebrity",
        r"\b(?:celebrity|celebrities|(?:famous|well-known)\s+(?:actor|actress|singer|person|politician|athlete)"
        r"|(?:the|a|real)\s+(?:us |american |french )?president)\b|明星|名人|总统|主席",
    ),
    (
        "famous_ip",
        r"\b(?:mickey mouse|spider-?man|batman|superman|pikachu|pok[eé]mon|hello kitty|darth vader|harry potter"
        r"|elsa from frozen|iron man|super mario)\b|米老鼠|蜘蛛侠|蝙蝠侠|超人(?!气)|皮卡丘|宝可梦|哈利波特|钢铁侠|奥特曼",
    ),
    (
        "nudity",
        r"\b(?:nude|naked|undress\w*|topless|lingerie)\b|\b(?:remove|take off)\b.{0,12}\b(?:clothes|clothing|shirt|dress)\b"
        r"|裸体|裸照|脱(?:掉|去|光).{0,4}衣|全裸",
    ),
    (
        "minor",
        r"\b(?:child|children|kids?|toddler|teen\w*|minor|schoolgirl|schoolboy)\b.{0,40}\b(?:bikini|swimsuit|underwear|kiss\w*|sexy)\b"
        r"|(?:儿童|小孩|孩子|未成年|小学生|中学生).{0,12}(?:泳装|泳衣|内衣|比基尼|性感|接吻)",
    ),
    (
        "forgery",
        rf"\b{_ALTER}\b.{{0,15}}\b(?:amounts?|totals?|numbers?|names?|dates?|prices?|figures?|scores?|grades?)\b.{{0,25}}\b{_PAPERS}\b"
        rf"|\b{_ALTER}\s+(?:the|this|my|a|an)\s+{_PAPERS}\b(?!\s+(?:holder|cover|case|wallet))"
        r"|(?:改|修改|更改|替换|伪造|P).{0,12}(?:发票|收据|银行流水|转账|身份证|护照|驾照|合同|订单|证件(?!照)|金额|成绩单|毕业证|公章)"
        r"|(?:发票|收据|银行流水|转账|身份证|护照|驾照|合同|订单|成绩单)(?:(?!背景|底色).){0,16}(?:改成|改为|修改|换成)",
    ),
)
_COMPILED = tuple((rule, re.compile(pattern, re.IGNORECASE)) for rule, pattern in _PATTERNS)


def _by_pattern(text: str) -> Remarks:
    for rule, pattern in _COMPILED:
        match = pattern.search(text)
        if match:
            yield rule, match[0]


# --- too much -----------------------------------------------------------------------------------

# Two wishes for the whole picture that cannot both come true.
_OPPOSITES: tuple[tuple[str, str], ...] = (
    (r"\bwarm(?:er)?\s+(?:tones?|colou?rs?|look)|暖色|暖调", r"\b(?:cool|cold)(?:er)?\s+(?:tones?|colou?rs?|look)|冷色|冷调"),
    (r"\bblack[- ]and[- ]white\b|\bmonochrome\b|\bgr[ae]yscale\b|黑白", r"\b(?:vivid|vibrant|bright)\s+colou?rs\b|\bcolou?rful\b|色彩鲜艳|色彩丰富|五彩"),
    (
        r"\bkeep(?:ing)?\s+(?:the\s+)?(?:original\s+)?background\b|保持背景|保留背景|背景(?:保持)?不变",
        r"\b(?:change|replace|remove|swap)\s+(?:the\s+)?background\b|(?:更换|替换|改变|去掉|换掉?)背景|背景(?:换|改)成",
    ),
    (r"\bphoto-?realis\w+|\brealistic photo\w*|写实|照片级", r"\b(?:anime|cartoon|comic|pixel art)\b|动漫|卡通|漫画|像素"),
    (r"\bnight(?:time)?\b|夜景|夜晚", r"\b(?:daytime|broad daylight|midday|noon)\b|白天|正午"),
)  # fmt: skip
# Words that make two opposites a change from one to the other, or two different places.
_TRANSITION = re.compile(
    r"\b(?:to|into|from|instead of|rather than|not|versus|vs|than|except|half|left|right|while|but)\b|→|->"
    r"|变|转|改|换|而不是|而非|从|除了|一半|左|右|到",
    re.IGNORECASE,
)


def _contradictions(text: str) -> Remarks:
    for one, other in _OPPOSITES:
        first, second = re.search(one, text, re.IGNORECASE), re.search(other, text, re.IGNORECASE)
        if not first or not second:
            continue
        start, end = sorted((first, second), key=lambda match: match.start())
        if "背景" in one or not _TRANSITION.search(text[: end.start()].replace(start[0], "")):
            yield "contradiction", f"{start[0]} / {end[0]}"


_CLAUSE = re.compile(
    r"[.;,!?。；，！？、]+|\b(?:and then|then|and|also|plus|next|finally)\b|然后|接着|再|并且?|同时|最后|以及"
)
_EDIT = re.compile(
    r"^\W*(?:please |also |now |step \d+:? |\d+[.)]? )*(?:add|remove|erase|delete|change|replace|swap|turn|convert|transform|apply|insert"
    r"|adjust|blur|rotate|flip|crop|extend|resize|write|draw|paint|recolou?r|brighten|darken|sharpen|restore|combine|merge|move)\b"
    r"|^(?:请|把|将|给|在|让)?.{0,12}?(?:增加|添加|加上|加入|加一|去掉|去除|移除|删除|换成|换为|改成|改为|变成|变为|替换|调整|转换|应用|合成"
    r"|模糊|虚化|旋转|裁剪|翻转|放大|缩小|写上|戴上|提亮|调暗|锐化|染成)",
    re.IGNORECASE,
)
_CHAIN = 3


def _overloaded(text: str) -> Remarks:
    edits = sum(bool(_EDIT.search(clause.strip())) for clause in _CLAUSE.split(text) if clause)
    if edits > _CHAIN:
        yield "overloaded", str(edits)


# --- which picture ------------------------------------------------------------------------------

# Words in Chinese follow and precede English ones without a blank, so that \b would not see the edge.
_BEGIN, _END = "(?<![A-Za-z0-9])", "(?![A-Za-z0-9])"
_MEASURE = r"(?!\s*(?:x|×|:|：|\.\d|%|px|times|cm|mm|in(?:ch(?:es)?)?\b|k\b|d\b|apart|寸|厘米|毫米|像素))"
# A number in letters is as often one of things: "add to this photo two balloons", 照片四周.
_ENDS = r"(?=\s*(?:$|[^\sA-Za-z0-9]|(?:and|to|with|into|in|on|onto|is|as|for|at|below|above)\b))"
_ENDS_CJK = r"(?=\s*(?:$|[^\s\w]|[A-Za-z的里中上和与跟及或放换]))"
_NUMBERED = re.compile(
    rf"{_BEGIN}{_PICTURE}\s*(?:no\.?\s*|number\s*|#\s*)?(?P<after>\d{{1,2}}|(?:{'|'.join(_NUMBERS)}){_ENDS}){_END}{_MEASURE}"
    rf"|{_BEGIN}(?:(?P<ordinal>{'|'.join(_ORDINALS)})|(?P<nth>\d{{1,2}})(?:st|nd|rd|th))\s+(?:input\s+|reference\s+)?{_PICTURE}{_END}"
    rf"|(?:图片?|照片)\s*(?P<figure>\d{{1,2}}|[{_HANZI}]{_ENDS_CJK})(?![张个只寸\dDdKk]){_MEASURE}|第\s*(?P<place>\d{{1,2}}|[{_HANZI}])\s*(?:张|幅|个图)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"{_BEGIN}(?:images|pictures|photos|pics|inputs)\s+(\d{{1,2}}(?:\s*(?:,|and|&|to|-)\s*(?:and\s+)?\d{{1,2}})+){_END}{_MEASURE}",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:these|those|both|all|each|every|them|together|combine\w*|merge\w*|stitch\w*|blend\w*|collage|montage|compare\w*"
    r"|two|three|four|five|last|other)\b"
    r"|这些|那些|两|三|四|五|几|所有|每|全部|它们|他们|她们|一起|合成|拼接|拼图|合并|融合|组合|对比|分别|另一|最后一张|各",
    re.IGNORECASE,
)


def _pictures(text: str, n_images: int) -> Remarks:
    named = [(match, _number(match)) for match in _NUMBERED.finditer(text)]
    named += [(match, max(map(int, re.findall(r"\d+", match[1])))) for match in _LISTED.finditer(text)]
    beyond = next((match[0] for match, number in named if number > n_images), None)
    if beyond is not None:
        yield ("no_such_picture" if n_images else "no_picture"), beyond
    elif n_images > 1 and not named and not _TOGETHER.search(text):
        yield "which_picture", str(n_images)


def _number(match: re.Match[str]) -> int:
    word = next(group for group in match.groups() if group is not None).lower()
    for words in (_NUMBERS, _ORDINALS, list(_HANZI)):
        if word in words:
            return words.index(word) + 1
    return int(word)


# --- shape and size -----------------------------------------------------------------------------

_RATIO = re.compile(r"(?<![\d:.])(21|16|9|8|5|4|3|2|1)\s?[:：]\s?(21|16|9|8|5|4|3|2|1)(?![\d:.])")
_KNOWN = frozenset(
    ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1"]
)
_SIZE = re.compile(r"(?<![\w.])([1248])\s?[kK](?![\w])")
_SQUARE = re.compile(
    r"\bsquare\s+(?:image|picture|photo|format|crop|frame|aspect)\b|\bmake it square\b|正方形(?:图|画面|构图|比例)|方图",
    re.IGNORECASE,
)
_TALL = re.compile(
    r"\b(?:portrait|vertical)\s+(?:orientation|format|layout|image)\b|竖(?:版|屏|图|构图)", re.IGNORECASE
)
_WIDE = re.compile(
    r"\b(?:landscape|horizontal)\s+(?:orientation|format|layout)\b|\bwide-?screen\b|横(?:版|屏|图|构图)|宽屏",
    re.IGNORECASE,
)


def _shape(text: str, aspect_ratio: str | None, image_size: str | None) -> Remarks:
    asked = next((f"{a}:{b}" for a, b in _RATIO.findall(text) if f"{a}:{b}" in _KNOWN), None)
    if asked and asked != aspect_ratio:
        yield "ratio", asked
    elif aspect_ratio and not asked:
        width, height = (
            map(int, aspect_ratio.split(":")) if re.fullmatch(r"\d+:\d+", aspect_ratio) else (0, 0)
        )
        fits = ((_SQUARE, width == height), (_TALL, width < height), (_WIDE, width > height))
        clash = next((found[0] for pattern, fit in fits if not fit and (found := pattern.search(text))), None)
        if clash:
            yield "shape", clash
    size = _SIZE.search(text)
    if size and f"{size[1]}K" != image_size:
        yield "size", f"{size[1]}K"
