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
    "much_nothing": ("nothing visible changed", "看不出变化"),
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
}
