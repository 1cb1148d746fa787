"""Sentences about what an edit changed."""

TABLE: dict[str, tuple[str, str]] = {
    "needs_research": (
        "Measuring pictures needs {library}, which is not installed.",
        "测量图片需要 {library}，但它尚未安装。",
    ),
    "needs_research_hint": (
        "Install it with: pip install 'nb_banana[research]'",
        "请运行：pip install 'nb_banana[research]'",
    ),
    "bad_region": (
        "region={value} is not (left, top, width, height) inside the picture, each as a share from 0 to 1; "
        "a mask picture works too.",
        "region={value} 无效：应为图片内的 (左, 上, 宽, 高)，每个值为 0 到 1 的比例；也可以传入蒙版图片。",
    ),
    "nothing_common": ("nothing in common found", "未找到共同内容"),
    "in_place": ("in place", "位置不变"),
    "shifted": ("shifted {dx} px right, {dy} px down", "右移 {dx} 像素，下移 {dy} 像素"),
    "zoomed": ("zoomed {zoom}×", "缩放 {zoom} 倍"),
    "changed": ("{share} of the picture changed", "画面的 {share} 有变化"),
    "changed_region": (
        "{outside} changed outside the region, {inside} inside",
        "区域外 {outside} 有变化，区域内 {inside} 有变化",
    ),
    "drift": (
        "drift: structure {structure} (0 is the same), hash {bits} of 64 bits",
        "偏离：结构 {structure}（0 为相同），哈希 {bits}/64 位",
    ),
    "colour": (
        "colour: ΔE {distance} on average (2.3 is just noticeable)",
        "色彩：平均 ΔE {distance}（2.3 为刚可察觉）",
    ),
    "much_nothing": ("nothing changed that shows at a glance", "一眼看不出变化"),
    "much_little": ("a small part changed", "一小部分有变化"),
    "much_some": ("part of the picture changed", "画面的一部分有变化"),
    "much_most": ("most of the picture changed", "画面的大部分有变化"),
    "much_all": ("nearly everything changed", "几乎全部有变化"),
    "in_region": ("in the region {words}", "区域内{words}"),
    "outside_too": ("the rest of the picture changed too", "区域外也有变化"),
    "another": ("it looks like another picture", "看起来像另一张图片"),
    "moved": ("the content moved or was zoomed", "内容有移动或缩放"),
    "cast_lighter": ("lighter", "变亮"),
    "cast_darker": ("darker", "变暗"),
    "cast_redder": ("redder", "偏红"),
    "cast_greener": ("greener", "偏绿"),
    "cast_yellower": ("yellower", "偏黄"),
    "cast_bluer": ("bluer", "偏蓝"),
    "softer": ("less sharp", "清晰度下降"),
    "sharpness": ("sharpness {value} of 1", "清晰度 {value}（满分 1）"),
    "sharpness_change": ("sharpness: {before} before, {after} after", "清晰度：之前 {before}，之后 {after}"),
    "no_original": (
        "There is nothing to lay this picture over: it was made from words alone.",
        "没有可供合成的原图：这张图片仅由文字生成。",
    ),
    "no_original_hint": (
        "Edit a photo instead: nb.edit(photo, prompt, mask=…).composite().",
        "请改为编辑照片：nb.edit(photo, prompt, mask=…).composite()。",
    ),
    "no_region": (
        "composite() needs to know which region was edited: this edit was made without a mask.",
        "composite() 需要知道编辑了哪个区域：这次编辑没有使用蒙版。",
    ),
    "no_region_hint": (
        "Give region=(left, top, width, height) in shares of the first picture, or a mask picture, white where "
        "the edit is; or edit with mask=.",
        "请传入 region=(左, 上, 宽, 高)（首张图片的比例），或蒙版图片（白色为编辑处）；也可以在编辑时使用 mask=。",
    ),
    "apart": (
        "The result can't be laid over its original: they have too little in common "
        "(likeness {likeness}, at least {least} is needed).",
        "无法将结果叠加到原图上：两者的共同内容太少（相似度 {likeness}，至少需要 {least}）。",
    ),
    "apart_hint": (
        "result.changes() tells what became of the rest. Try another take=, ask to keep everything else as it "
        "is, or use result.image by itself.",
        "result.changes() 会说明其余部分的变化。可尝试另一个 take=，在提示词中要求其他内容保持不变，或直接使用 result.image。",
    ),
    "not_shown": (
        "The result doesn't show all of the region. It lies so: {alignment} (likeness {likeness}); of the "
        "original it shows {seen}, the region is {box}.",
        "结果没有显示完整的区域。对齐情况：{alignment}（相似度 {likeness}）；结果显示了原图的 {seen}，区域为 {box}。",
    ),
    "not_shown_hint": (
        "Give a region within ({within}), or try another take=.",
        "请传入位于 ({within}) 之内的区域，或尝试另一个 take=。",
    ),
    "box": ("x {left}–{right}, y {top}–{bottom}", "x {left}–{right}，y {top}–{bottom}"),
    "bad_feather": (
        "feather={value} is not a number of pixels from 0 to {most}; None is 1 % of the longer edge.",
        "feather={value} 无效：应为 0 到 {most} 的像素数；None 为长边的 1%。",
    ),
    "lost_deep": (
        "The original has more than 8 bits a channel: the composite has 8. Its pixels outside of the seam are the "
        "original's at 8 bits.",
        "原图每通道超过 8 位，合成图为 8 位；接缝以外的像素为原图的 8 位值。",
    ),
    "lost_inks": (
        "PNG can't hold the original's colours (such as CMYK): the composite is RGB. Its pixels outside of the "
        "seam are the original's as it is shown.",
        "PNG 无法保存原图的色彩模式（如 CMYK），合成图为 RGB；接缝以外的像素与原图显示的一致。",
    ),
}
