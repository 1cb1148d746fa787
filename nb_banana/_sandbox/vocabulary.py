# ruff: noqa: E501
# fmt: off
"""The words the sandbox knows, English and Chinese side by side: data only.

Rules of this file: one row is one meaning, `(name, english, chinese)`, both as alternatives of a regular
expression, so that an English and a Chinese wording cannot drift apart. English is matched at the edges of
words, Chinese anywhere. What is painted stands in `EFFECTS`, in the order it is applied; everything else a
prompt asks for is held open by a placeholder and needs no row here.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Row(NamedTuple):
    """One meaning in both languages."""

    name: str
    english: str
    chinese: str


EFFECTS: tuple[Row, ...] = (
    Row("mirror", r"flip(?:ped)?(?: horizontally)?|mirror(?:ed)?(?: image)?", "水平翻转|左右翻转|翻转|镜像"),
    Row("rotate:left", r"(?:rotate|turn)d?(?: \S+){0,2} (?:to the left|left|counter-?clockwise)", "向左旋转|逆时针旋转|向左转"),
    Row("rotate:right", r"rotated?(?: \S+){0,2} (?:to the right|right|clockwise)|turn(?: \S)? right|rotate(?: \S)?(?: 90\S*(?: degrees)?)?", "向右旋转|顺时针旋转|向右转|旋转(?!木)"),
    Row("camera:birdseye", r"bird'?s?'?[- ]eye(?: view)?|aerial(?: view| shot)?|top[- ]down(?: view)?|overhead (?:view|shot)|drone (?:view|shot)|high[- ]angle(?: shot| view)?|(?:seen |view(?:ed)? |shot |camera )?from above|tilt(?: the camera)? down", "鸟瞰(?:图|视角)?|俯视|俯拍|俯瞰|航拍|高角度|从(?:上方|上面|高处)(?:看|拍)"),
    Row("camera:low", r"low[- ]angle(?: shot| view)?|worm'?s?'?[- ]eye(?: view)?|(?:seen |view(?:ed)? |shot |camera )?from below|looking up(?:wards)?|tilt(?: the camera)? up", "仰视|仰拍|低角度|低机位|从(?:下方|下面|低处)(?:看|拍)"),
    Row("camera:left", r"(?:view(?:ed)?|seen|shown?|shot|camera|angle|look(?:ing)?|perspective)(?: \S+){0,4} (?:from|to) the left(?: side)?|left[- ](?:side )?(?:view|angle|perspective)|from the left(?: side)? (?:view|angle)", "左侧视角|左视角|从左(?:侧|边|面)?(?:看|拍|的角度)|(?:机位|镜头|相机)(?:移到|放在|向|从)?左(?:侧|边)?"),
    Row("camera:right", r"(?:view(?:ed)?|seen|shown?|shot|camera|angle|look(?:ing)?|perspective)(?: \S+){0,4} (?:from|to) the right(?: side)?|right[- ](?:side )?(?:view|angle|perspective)|(?:from the )?side(?: view| angle)|from the side|(?:another|different|new) (?:camera )?(?:angle|perspective)|change the (?:camera )?(?:angle|perspective)(?! to)", "右侧视角|右视角|从右(?:侧|边|面)?(?:看|拍|的角度)|(?:机位|镜头|相机)(?:移到|放在|向|从)?右(?:侧|边)?|侧面(?:视角)?|另一个(?:角度|视角)|换个?(?:角度|视角)"),
    Row("zoom", r"zoom(?:ed)?(?: in)?|close[- ]?up|crop(?:ped)?(?: in)?|magnif\w+|tight(?:er)? shot|move closer", "特写|放大|拉近|裁剪|裁切|近景"),
    Row("extend", r"zoom(?:ed)? out|wide[rn]?(?: shot| view)?|wide[- ]angle(?: shot)?|extend(?:ed)?|expand(?:ed)?|outpaint(?:ing)?|uncrop|pull back", "扩展|扩图|延伸|拉远|广角|全景|远景|外扩"),
    Row("denoise", r"de-?nois\w+|(?:remov\w+|reduc\w+|less|clean up)(?: the| any| image)?(?: \S+)? (?:noise|grain)|noise reduction|less nois[ey]\w*|noise-free", "(?:去除|去掉|减少|消除|降低)(?:画面|图像)?(?:的)?(?:噪点|噪声|颗粒)|去噪|降噪|噪点去除"),
    Row("enhance", r"enhance(?: (?:the )?(?:details?|quality))?|improve(?: (?:the )?(?:details?|quality))?|restor\w+|repair\w*|retouch\w*|upscal\w+|super[- ]resolution|high[- ](?:definition|resolution|quality)|hd|4k|better(?: quality)?|nicer|(?:remov\w+|fix)(?: the| all| any)? (?:scratch\w*|dust|damage|blemish\w*|stains?)|fix|beautif(?:y|ul)|(?:premium|professional|high-end)[- ](?:look(?:ing)?|feel|quality|texture|photo(?:graph(?:y|ic)?)?(?: works?)?)|(?:perfect|professional) light(?:ing)?", "画质|质量|高清(?!晰)|超清|修复|修图|还原|美化|优化|修饰|(?:去除|去掉|消除)(?:划痕|污渍|瑕疵|灰尘|折痕)|增强(?=$|图|照|画|细|一|清)|增强细节|细节|高端质感|质感|完美(?:的)?(?:照明|光线|布光)|专业(?:的)?(?:摄影(?:作品)?|照片|照明)|摄影作品|更好看"),
    Row("sharpen", r"sharp(?:en(?:ed|ing)?|er|ly|ness)?|crisp(?:er)?|de-?blur(?:red)?|un-?blur|(?:remove|fix|reduce)(?: the)?(?: motion)? blur\w*|clear(?:er)?|clarity|in focus", "锐化|锐利|清晰(?:度)?|去模糊|(?:去除|去掉|消除)模糊"),
    Row("colourise", r"colou?ri[sz]\w+|(?:add|bring back|restore)(?: the)? colou?rs?(?: to)?|(?:in|into|to|full)(?: full| natural)? colou?r(?! of)|(?:full|natural) colou?rs?", "上色|着色|(?:变成|变为|转为|转成|改成)彩色|彩色"),
    Row("night", r"night[- ]?(?:time|fall)?(?: scene| view| photo)?|midnight|evening|moonlit", "夜晚|夜间|夜景|黑夜|晚上|深夜|夜色"),
    Row("brighter", r"bright(?:er|en(?:ed|ing)?)?|lighten|lighter|(?:increase|raise|more)(?: the)? (?:brightness|exposure)|brightness", "明亮|提亮|亮一[点些]|更亮|变亮|调亮|(?:提高|增加)?亮度"),
    Row("darker", r"dark(?:er|en(?:ed|ing)?)?|dim(?:mer)?|(?:lower|reduce|decrease|less)(?: the)? (?:brightness|exposure)", "调暗|更暗|暗一[点些]|变暗|压暗|(?:降低|减少)亮度"),
    Row("contrast", r"(?:more |high(?:er)? |strong(?:er)? |enhanced? |enhancing |increased? |boost )?(?:the )?contrast|punch(?:y|ier)", "(?:增强|提高|增加|更强的?|加强)?(?:的)?对比度?|高对比度?|增强对比|反差"),
    Row("vivid", r"vivid|vibran(?:t|ce|cy)|(?:more )?saturat(?:ed|ion)|colou?rful|rich(?:er)? colou?rs?|boost(?: the)? colou?rs?|more colou?rs?", "鲜艳|饱和度?|艳丽|多彩|色彩丰富"),
    Row("black-and-white", r"black-and-white|monochrom\w+|gr[ae]y-?scale|b&w|noir", "黑白|单色|灰度"),
    Row("warm", r"warm(?:er|th|ly)?(?:(?: \S+)? (?:tones?|colou?rs?|light|mood|atmosphere|feel(?:ing)?|look))?|golden (?:tones?|hour)|co[sz]y", "暖色调?|暖调|更暖|暖一[点些]|变暖|暖光|温暖|温馨(?:的)?(?:\\w{0,3}(?:氛围|气氛))?"),
    Row("cool", r"(?:cool|cold)(?:er)?(?: (?:blue ))?(?:tones?|colou?rs?|light|look)|cooler|colder|bluish|(?:cool|cold)", "冷色调?|冷调|更冷|冷一[点些]|清冷|蓝调"),
    Row("cinematic", r"cinema(?:tic)?(?:ally)?|film[- ](?:grade|look|still)|movie[- ](?:look|still|like)|hollywood|colou?r[- ]grad(?:e|ed|ing)|teal and orange", "电影级?(?:的)?(?:色彩)?(?:分级)?|电影[感风]|色彩分级|调色|影院级|大片感?"),
    Row("vintage", r"vintage|retro|nostalgic|sepia|old[- ](?:film|photo)(?: look| style)?|polaroid|faded|film photo|(?:19)?[5-8]0s|analog(?:ue)?", "复古|怀旧|做旧|胶片|泛黄|老电影|年代感|老照片(?:风格|效果)"),
    Row("bokeh", r"(?:soft )?bokeh(?: lights?| effect)?|shallow depth[- ]of[- ]field|depth[- ]of[- ]field|blur\w*(?: \S+){0,2} background|background blur\w*|make the background(?: more)? blur\w*|background out of focus|defocus\w*|portrait mode|soft(?:en|er)? the background", "背景(?:带|要|加)?(?:虚化|模糊)(?:光斑)?|(?:虚化|模糊)(?:掉)?背景|虚化(?:光斑)?|散景|浅景深|景深|光斑"),
    Row("focus", r"(?:put |shift |move |adjust |set |bring )?(?:the )?focus (?:on|to|onto) (?:the )?(?:foreground|front)|foreground (?:in )?focus|focus(?: \S+){0,2} foreground|tilt[- ]shift", "(?:把|将)?(?:焦点|对焦|聚焦)(?:调整到|调到|放在|对准|到|于|在)?前景|前景(?:对焦|清晰|焦点)|移轴"),
    Row("blur", r"blur(?:r?y|red|ring)?|out of focus|soft focus", "模糊|柔焦"),
    Row("anime", r"anime|cartoon(?:ish|y)?|manga|comic(?:s| book)?|ghibli|pixar|disney|animated", "动漫|卡通|漫画|动画|日漫|二次元|吉卜力|宫崎骏"),
    Row("sketch", r"(?:pencil |charcoal |hand-drawn )?sketch(?:ed)?|pencil(?: drawing)?|line[- ](?:art|drawing)|charcoal(?: drawing)?|hand-drawn|drawing", "(?:铅笔)?素描|草图|铅笔画|线稿|速写|手绘|线描|炭笔画?"),
    Row("watercolour", r"water-?colou?r(?: painting)?|aquarelle", "水彩画?"),
    Row("pixel", r"pixel(?:ated|[- ]?art)?|8-?bit|mosaic", "像素(?:风|画|艺术)?|马赛克(?:风|画)"),
)

# Where only a part of the picture is named ("make the sky darker"), these are not painted on all of it.
PARTIAL = frozenset({"enhance", "sharpen", "brighter", "darker", "contrast", "vivid", "warm", "cool", "blur", "vintage", "colourise"})

# What a clause does; the earliest word in it decides.
VERBS: tuple[Row, ...] = (
    Row("compose", r"combin\w+|merge|blend|stitch|compose|fuse|join|montage|collage|side by side", "合成|合并|拼接|拼图|组合|融合|结合|拼贴|拼在一起|并排"),
    Row("remove", r"remov(?:e|ing)|delet(?:e|ing)|eras(?:e|ing)|get rid of|take (?:away|out|off)|cut out|clean up|clear away|eliminate|wipe out|hide|strip", "去掉|去除|移除|删除|删掉|删去|擦除|擦掉|抹去|抹掉|消除|抠掉|清除|除去|拿掉|移走|去背景"),
    Row("write", r"writ(?:e|ing)|letter|print|saying|says|reads|captioned|titled", "写上|写着|写|题字|印上|印着"),
    Row("create", r"creat(?:e|ing)|generat(?:e|ing)|produce|design|imagine", "生成|创建|创作|制作|设计"),
    Row("change", r"chang(?:e|ing)|replac(?:e|ing)|swap|turn(?:ing)?|mak(?:e|ing)|convert(?:ing)?|transform(?:ing)?|re-?colou?r|dye|switch|set|modify|alter|render|redraw|restyle|re-?paint|translate|move|edit|let|use|resize", "改变成|改变为|改变|更改为?|改为|改成|改到|换成|换为|替换成|替换为|替换|更换为?|变成|变为|变得|变|转换成|转换为|转成|转为|转化为|染成|染|涂成|做成|设为|设置为|修改为|调整为|翻译成|翻译为|重新绘制|移到|移动到|当作|用作|改|换|(?:让|使(?!用))(?![^,。]*(?:变|换成|改成))"),
    Row("effect", r"sharpen|blur|colou?ri[sz]e|enhance|restore|improve|denoise|crop|zoom|extend|expand|outpaint|flip|mirror|rotate|brighten|darken|lighten|upscale|tilt|increase|decrease|boost|reduce|lower|raise|adjust|focus|shoot|view|show|light|relight|fix|repair|retouch", "锐化|模糊|虚化|上色|着色|增强|提高|降低|修复|翻转|旋转|裁剪|放大|扩展|调亮|调暗|提亮|压暗|降噪|去噪|拍摄|打光|展示|使用"),
    Row("add", r"add(?:ing)?|insert(?:ing)?|include|put(?:ting)?(?: on)?|plac(?:e|ing)|give|wear(?:ing)?|draw|attach|append|introduce|apply(?:ing)?|hang|paste|paint|take|need", "增加|添加|加上|加入|添上|增添|插入|放上|放到|放在|放进|放入|放|戴上|佩戴|戴|穿上|画上|画|贴上|挂上|营造|应用|加(?!强|深|亮|大)|取|需要|要有|来(?=[一两三几])|给(?=[^,。]{1,6}[一两三几][只个条顶副件双束])"),
)
KEEP = Row("keep", r"keep(?:ing)?|kept|preserv(?:e|ing)|maintain(?:ing)?|retain(?:ing)?|leav(?:e|ing)|hold|match(?:ing)?|(?:must |should )?stay|unchanged|untouched|intact|as (?:it is|is|they are)|the same(?= as|\W*$)|everything else|all else|the rest|nothing else|other elements|and fill|fill (?:the|in)|integrate", "保持|保留|维持|别动|不变|原样|不动|一致|协调|其余|其他部分|其它|自然补全|补全")
NOT = Row("not", r"not|don'?t|do not|no(?! background)|without|never|avoid(?:ing)?|instead of|rather than|exclud(?:e|ing)|nothing", "不要|不需要|不能|不得|没有|(?<![特分个区级])别(?!墅)|勿|无需|而不是|而非|避免|不改|不加|切勿")

# What is picture, not thing: "this blurry photo", "把这张老照片".
BLANKET = r"(?:photo(?:graph)?|picture|image|pic|shot|snapshot)s?"
THESE = rf"(?:{BLANKET}|sketch(?:es)?|drawing|painting|portrait|scan|selfie|screenshot|logos?|people|persons?|products?(?! (?:photo|picture|image|shot)))"
PICTURE = Row("picture",
    rf"(?:this|these|those|my|our|your|both|all)(?: (?!in |on |of |from |to |at |with |and |into |the )[\w'-]+){{0,5}}? {THESE}(?! \w*(?:bag|shop|shelf))|(?:the|this|these|both)(?: (?!in |on |of |from |to |at |with |and |into )[\w'-]+){{0,4}}? {BLANKET}|(?:the |this )?whole (?:thing|{BLANKET})|these|both of them", r"(?:[这那该此](?:[一二两三四五六几]?[张幅副些个件位只]))[^,。;!?把将变改换转成为]{0,8}?(?:照片|图片|图像|相片|画面|草图|素描|标志|徽标|人物|产品图|画|图)|(?:(?<=把)|(?<=将)|(?<=给)|(?<=为)|(?<=让)|(?<=对)|(?<=修复)|(?<=使))[^,。;!?把将变改换转成为]{0,6}?(?:照片|图片|图像|相片)|(?:[两三四五六几]张)(?:照片|图片|图|人物照片)|(?:整个|整张)?(?:画面|图片|照片)(?=变|改|换|转|更)")
WHOLE = Row("whole", r"it|this|them|these|they|image|photo|picture|everything|(?:camera )?(?:angle|view(?:point)?|perspective|position)|colou?rs?(?: grading| palette)?|tones?|light(?:ing)?|contrast|brightness|saturation|mood|atmosphere|style|look|focus|day(?:time|light)?|night|time(?: of day)?|scene|details?|(?:aspect )?ratio|format|quality|edges?", "它们?|这个?|全部|拍摄角度|角度|视角|机位|镜头|颜色|色彩|色调|光线|灯光|对比度?|亮度|饱和度|氛围|风格|焦点|白天|日间|夜晚|时间|场景|画面|整体|细节|照片|图片|图|画质|比例")
# Which side a thing was asked for, and where things are at home when nothing was said.
SIDES = (Row("left", r"left", "左"), Row("right", r"right(?! now| away)", "右"))
HEIGHTS = (Row("top", r"top|above|upper|overhead|up", "顶部|上方|上端|上角|(?<=[左右])上|最上|高处|上侧"), Row("bottom", r"bottom|below|lower|underneath|down", "底部|下方|下端|下角|(?<=[左右])下|最下|下侧"))
HOMES: tuple[Row, ...] = (
    Row("sky", r"sky|skies|birds?|seagulls?|flock(?: of)?|sun(?:light|shine|ray|beam)?s?|moon|stars?|clouds?|balloons?|(?:air)?planes?|rainbow|kite|drone|rain|snow(?:ing|fall|flakes?)?|helicopter|fireworks|lightning|storm(?:y)?|butterfl(?:y|ies)|weather|ufo", "天空|鸟|海鸥|太阳|阳光|月亮|月|星|云|气球|飞机|彩虹|风筝|雨|雪|烟花|闪电|蝴蝶|天气"),
    Row("head", r"(?:sun)?glasses|hat|cap|crown|hair\w*|face|eyes?|smil(?:e|ing)|beard|moustache|mustache|head|helmet|him|her", "墨镜|眼镜|太阳镜|帽|皇冠|王冠|头发|发色|发型|脸|眼睛|微笑|笑|胡子|头|他|她"),
    Row("ground", r"(?:and )?(?:cat|kitten|dog|puppy|corgi|animal|car|tree|flower|boat|cup|rug|chair|table|horse|bike|bicycle|rabbit)s?|floor|ground|grass|foreground", "猫|狗|犬|柯基|动物|车|树|花|船|杯|地毯|椅|桌|马|兔|地面|地板|草地|前景"),
)
SCENES = Row("scene", r"landscape|scenery|scene|sunset|sunrise|forest|woods|jungle|ocean|sea(?:side)?|beach|coast|office|cit(?:y|yscape)|skyline|street|mountains?|space|galaxy|desert|meadow|field|garden|park|studio|room|kitchen|caf[eé]|library|mars|moon surface|snowfield|countryside|paris|tokyo|new york|hawaii", "风景|风光|景色|日落|夕阳|日出|森林|树林|丛林|大海|海洋|海边|海滩|沙滩|海岸|办公室|城市|都市|街道|街头|天际线|雪山|雪地|太空|宇宙|银河|星空|山脉|群山|沙漠|草地|草原|田野|花园|公园|摄影棚|影棚|客厅|房间|厨房|咖啡馆|卧室|图书馆|火星|巴黎|东京")
BACKGROUND = Row("background", r"background|backdrop", "背景")
TRANSPARENT = Row("transparent", r"transparen(?:t|cy)|alpha channel|no background|cut-?out", "透明|抠图|无背景|去底|去背")
# Looks that are asked for without a verb, and held open all the same.
LOOKS = Row("look", r"(?:heavy |falling )?(?:snow(?:ing|fall|y)?|rain(?:y|ing|bow)?|fog(?:gy)?|mist(?:y)?|storm(?:y)?(?: sky)?)|winter|spring|summer|autumn|sunrise|sunset|golden hour|dramatic light(?:ing)?|sunlight|pop art|oil[- ]paint(?:ing)?|cyberpunk|neon|poster|3d|pastel|sunny|cloudy|daytime", "下雪|飘雪|大雪|下雨|大雨|彩虹|大雾|起雾|暴风雨|冬天|冬季|春天|春季|夏天|夏季|秋天|秋季|日出|日落|阳光|波普|油画|赛博朋克|霓虹|海报|阴天|晴天|白天")
LETTERING = Row("lettering", r"text|words?|caption|title|headline|slogan|lettering|letters|phrase|subtitle|label|heading|message|quote", "文字|字样|标题|标语|字幕|文案|口号|大字|字")

COLOURS: tuple[tuple[Row, tuple[int, int, int]], ...] = (
    (Row("red", r"red|crimson|scarlet", "红"), (226, 44, 44)), (Row("orange", r"orange", "橙|橘"), (244, 134, 34)),
    (Row("yellow", r"yellow", "黄"), (250, 212, 50)), (Row("green", r"green", "绿"), (52, 168, 83)),
    (Row("teal", r"teal|turquoise|cyan", "青"), (38, 172, 172)), (Row("blue", r"blue|navy", "蓝"), (44, 104, 226)),
    (Row("purple", r"purple|violet", "紫"), (136, 78, 200)), (Row("pink", r"pink|magenta", "粉"), (240, 110, 170)),
    (Row("brown", r"brown", "棕|褐"), (132, 84, 52)), (Row("black", r"black", "黑"), (20, 20, 22)),
    (Row("white", r"white", "白"), (255, 255, 255)), (Row("gray", r"gr[ae]y", "灰"), (140, 144, 150)),
    (Row("gold", r"gold(?:en)?", "金"), (230, 180, 66)), (Row("silver", r"silver", "银"), (200, 206, 214)),
)
RGB: dict[str, tuple[int, int, int]] = {row.name: colour for row, colour in COLOURS}

DETERMINERS = r"(?:an?|the|some|any|one|two|three|four|five|six|several|a few|\d+|this|that|these|those|his|her|its|their|my|our|more|another|only|just|also|all|every|please|of|both|me|be|being|is|a (?:lot|couple|pair|piece|bunch|bit|little)(?: of)?|lots of|a pair of|been|to be|become|looks? like|looks?|have|in the style of)"
MEASURES = r"(?:[一二两三四五六七八九十几\d]+\s*(?:只|个|条|朵|棵|艘|头|匹|辆|顶|副|张|杯|座|片|群|位|名|把|件|幅|盏|束|块|颗|架|种|支|串|双|对|本|轮|道|栋|间|场|点|些|层|款)|[这那][只个条张件辆朵棵位]|一些|更多|更加?|只|再|一|为|成|了|的|得|上|到|进|在|和|也|都|仅|请|给我|出|中的?|里的?|有)"
GENERIC = Row("generic", r"effects?|styles?|looks?|filters?|tones?|colou?rs?|grading|grade|mood|feel|atmosphere|vibe|version|photo(?:graph)?|picture|image|scene|shot|light(?:ing|s)?|art|illustration|painting|drawing|view|a bit|a little|please|too|as well|instead|character|like|now|again|perspective", "效果|风格|滤镜|色调|调|感|氛围|气氛|照片|图片|图|画面|画|场景|光线|一点|一些|一下|些|的|吧|版|插画|视角|起来|了")

def pattern(*rows: Row) -> re.Pattern[str]:
    """Rows as one expression; what matched is the group of the row's number."""
    body = "|".join(rf"((?<![A-Za-z0-9])(?:{row.english})(?![A-Za-z0-9])|(?:{row.chinese}))" for row in rows)
    return re.compile(body, re.IGNORECASE)


def rule(expression: str) -> re.Pattern[str]:
    """An expression of the prompt's grammar, in both languages at once."""
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


def first(words: str, *rows: Row) -> str:
    """The name of the first row that has a word here."""
    return next((row.name for row in rows if pattern(row).search(words)), "")


EFFECT, VERB, COMPOSING = pattern(*EFFECTS), pattern(*VERBS), pattern(VERBS[0])
KEPT, REFUSED, SCENE, BACK, CLEAR, WORDS, LOOK, GENERAL, ABOUT = map(pattern, (KEEP, NOT, SCENES, BACKGROUND, TRANSPARENT, LETTERING, LOOKS, GENERIC, PICTURE))

# Private letters stand for quotations (E000…) and for words about the picture (E800…).
QUOTES = re.compile(
    r"“([^“”]{1,120})”|「([^「」]{1,120})」|『([^『』]{1,120})』|《([^《》]{1,120})》|‘([^‘’]{1,120})’"
    r'|"([^"\n]{1,120})"|(?<!\w)\'((?:[^\'\n]|(?<=\w)\'(?=\w)){1,120})\'(?!\w)'
)
RETEXT = rule(r"[\ue000-\ue7ff]\s*(?:text\s*)?(?:to|with|into|by|改成|改为|换成|换为|替换成|替换为|变成|为)\s*[\ue000-\ue7ff]")
BREAK = rule(
    r"(?P<hard>[;!?\n。]|\.(?!\w))|(?P<or>\b(?:or|nor)\b|或者?)|(?P<but>\bbut\b|但是?)|[,、()]|:(?!\d)"
    r"|(?<!-)\b(?:and then|and|then|also|plus|while|finally|next(?! to)|as well as)\b(?!-)"
    r"|然后|并且|而且|接着|最后|同时|(?<!合)并(?!排)|(?<!一)再(?!次)|以及|(?<![柔饱温暖协平总共])和(?!谐)|(?<!参)与(?!众)"
)
# Where a noun phrase ends, and where the halves of a change meet.
STOP = rule(
    r"\s(?:in|on|at|onto|to|into|next to|beside|behind|near|under|over|above|below|around|from|between|inside|across|against"
    r"|along|as|for|so|that|which|where|by|using|of (?:these|those|people))\b|\sof\s*(?=[\ue800-\uefff])|(?<!^)(?<![现存实])[在到从](?=\S)"
)
WITH, OF, FURTHER = rule(r"\swith\s"), rule(r"\sof\s"), rule(r"\s(?:so that|using|for|that|which|in order|from)\s")
BECOMES = rule(r"\s(?:in)?to\s|\s(?:with|as|by)\s")
BECOMES_FOR = rule(rf"{BECOMES.pattern}|\sfor\s")
REPLACES = rule(r"replac|swap|switch|[替更]?换")
GRADED = rule(r"\s(?=(?:more|less|much|very|a|an|look|wear|hold|smile|sit|stand|have|be|like)\w*\s)")
SPLITTING = rule(r"mak(?:e|ing)|let|set|turn|dye|render|re-?colou?r|re-?paint")  # "dye it red"
SOMEBODY = rule(r"(?:it|him|her(?! \S+ (?:red|blue|green|pink|black|white|blonde|brown))|them|us|me|this|[\ue800-\uefff])(?!\w)")
HEADED = rule(r"^[\s把将]*([\ue800-\uefff]|背景|它们?|[他她]们?|天空|人物|头发|眼睛)?(.*)$")
STYLED = rule(r"\bin (?:the )?style of (.+)$|\bin (?:an? )?((?:\S+ ){1,3}?style)\b|[用以](.+?)的?风格")
BA = rule(r"^.*?(?:[把将让使给]|^)([^把将让使]*?)$")
PUT_IN = rule(r"^\s*((?:(?:the|this|that|him|her|it|them)\b|[\ue800-\uefff]).*?)\s+(?:in front of|in|on|at|into|onto|before|to)\s+(.+)$")
BA_PUT = rule(r"[把将](.+?)放[在到进入](.+?)[上里中内]?$")
BEHIND = rule(r"\bbehind(?:\s+(?:the\s+)?(?:subject|person|man|woman|cat|dog|product|him|her|it|them|me|us)\b|\s*$)|[后背]面|身后|背后")
GIVEN = rule(r"^\s*(?:it|him|her|them|me|[\ue800-\uefff]|(?:the|this|that|my)\s+\w+)\s+|^[^a-z]+?(?=[一两三四五几])")
LIT = rule(r"\bwith\s+(.+)|[用以](.+?)(?:为|给|打光|照)")
TO_PART = rule(r"(?<!\s)\s++(?:to|on)\s+(?:the\s+|his\s+|her\s+)?(.+)$")
BEFORE = rule(r"\b(?:in front of|on|with|in|against|to|behind|into)\s+")
COLOUR_OF = rule(r"\bcolou?rs?\s++of\s++|(?<!\s)\s++colou?r\s*+$|的?颜色$")
IN_IT = rule(r"\b(?:in|from|of|to|on) (?:the|its) $")
SPEAKING = rule(r"\b(?:that |which )?(?:says?|saying|reads?|reading|with the (?:text|words?)|written)\b|写着|写有")
COUNTED = rule(rf"(?:{DETERMINERS}|{MEASURES}|[^\w\ue000-\uf8ff])*")
LEAD = rule(rf"^(?:[\s,]*(?:with\s+|{DETERMINERS}\s+|{MEASURES}(?=\S)|(?:画面|图|照片|背景|[\ue800-\uefff])[中里上]的?|(?:最|靠)?[左右上下](?:[边侧方面]|[上下]?角)的?|角落的?|顶部的?|底部的?))+")
TAIL = rule(r"(?:(?<!\s)\s++(?:too|please|instead|as well|now|for me|everywhere|here|there)|[吧了的]|一下)+$")
NOBODY = rule(r"(?:it|this|them|one|everything|something|him|her|image|picture|photo|it all)?")
ENTIRE = rule(rf"(?:(?:the|of|in|its?)\s+)*(?:{WHOLE.english}|{WHOLE.chinese}|[\ue800-\uefff].*)?(?:的(?:{WHOLE.chinese}))?")
