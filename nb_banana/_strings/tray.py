"""Sentences of the tray of inputs: numbers, looking at a picture, cutting, turning and extending it.

Those that begin with ``page_`` go to the page, with those of the panel's table.
"""

TABLE: dict[str, tuple[str, str]] = {
    "only_files": (
        "Here pictures come from files of your computer: choose, drop or paste one.",
        "此处只接受您电脑上的图片文件：请选择、拖放或粘贴。",
    ),
    # errors
    "bad_box": (
        "{box!r} is no box of this picture: give left, top, right and bottom in whole pixels, as in "
        "(0, 0, 800, 600).",
        "{box!r} 不是这张图片上的区域：请以整数像素给出左、上、右、下，例如 (0, 0, 800, 600)。",
    ),
    "beyond": (
        "{box!r} reaches beyond the picture of {width}×{height} pixels; crop inside it, or extend it.",
        "{box!r} 超出了 {width}×{height} 像素的图片；请在图片内裁剪，或使用扩展。",
    ),
    "bad_fill": ("{fill!r} is no fill; choose one of {fills}.", "没有名为 {fill!r} 的填充；可选：{fills}。"),
    "too_wide": (
        "A picture of {width}×{height} pixels is too large; stay below {limit} million pixels.",
        "{width}×{height} 像素的图片太大；请不要超过 {limit} 百万像素。",
    ),
    "no_number": (
        "There is no picture {number!r} in the tray; it holds {count}, counted from 1.",
        "输入图片中没有第 {number!r} 张；共有 {count} 张，从 1 数起。",
    ),
    "not_shaped": (
        "Picture {number} was not changed here; there is nothing to undo.",
        "图片 {number} 没有在这里改动过，无需撤销。",
    ),
    "no_result": (
        "The result that was dropped can't be found any more; choose it again or give its file.",
        "找不到拖入的结果了；请重新选择，或提供它的文件。",
    ),
    # before a click
    "not_ready": (
        "Not ready in the tray yet: {names}.",
        "输入图片还没有准备好：{names}。",
    ),
    "sends_shaped": ("Sends {count} pictures, {size} in all", "发送 {count} 张图片，共 {size}"),
    "sends_masked": (
        "Sends {count} pictures, {size} in all; the region to change is on the first one",
        "发送 {count} 张图片，共 {size}；要修改的区域在第一张上",
    ),
    # the page
    "page_label": ("Picture {number}", "图{number}"),
    "page_insert": ("picture {number}", "图{number}"),
    "page_insert_tip": ("Put “{words}” into the prompt (Alt+{number})", "在提示词中插入“{words}”（Alt+{number}）"),
    "page_open": ("Look at {name} large; crop, turn or extend it", "放大查看 {name}；裁剪、旋转或扩展"),
    "page_undo": ("Undo: the original of {name}", "撤销：恢复 {name} 的原图"),
    "page_masked": ("the mask is on this one", "蒙版在这一张上"),
    "page_masked_why": ("A mask always belongs to the first picture", "蒙版总是对应第一张图片"),
    "page_border_grey": ("grey border to fill", "灰色边框待补全"),
    "page_border_white": ("white border to fill", "白色边框待补全"),
    "page_border_transparent": ("transparent border to fill", "透明边框待补全"),
    "page_large": ("The picture, large", "放大查看"),
    "page_close": ("Close", "关闭"),
    "page_previous": ("Previous picture", "上一张"),
    "page_next": ("Next picture", "下一张"),
    "page_loading": ("Loading …", "加载中…"),
    "page_shape": ("Crop, turn, extend", "裁剪、旋转、扩展"),
    "page_left": ("Turn left", "向左转"),
    "page_right": ("Turn right", "向右转"),
    "page_ratio": ("Ratio", "比例"),
    "page_free": ("Free", "自由"),
    "page_original": ("As it is", "原比例"),
    "page_beyond": ("Extend beyond the picture", "扩展到图片之外"),
    "page_fill": ("Fill", "填充"),
    "page_grey": ("Grey", "灰色"),
    "page_white": ("White", "白色"),
    "page_transparent": ("Transparent", "透明"),
    "page_x": ("Left", "左"),
    "page_y": ("Top", "上"),
    "page_width": ("Width", "宽"),
    "page_height": ("Height", "高"),
    "page_whole": ("Start over", "重来"),
    "page_apply": ("Apply", "应用"),
    "page_working": ("Working …", "处理中…"),
    "page_frame": ("Frame; arrow keys move it", "裁剪框；方向键移动"),
    "page_handle": ("Frame, {side}; arrow keys move it", "裁剪框{side}；方向键移动"),
    "page_side_n": ("top edge", "上边"),
    "page_side_e": ("right edge", "右边"),
    "page_side_s": ("bottom edge", "下边"),
    "page_side_w": ("left edge", "左边"),
    "page_side_nw": ("top left corner", "左上角"),
    "page_side_ne": ("top right corner", "右上角"),
    "page_side_se": ("bottom right corner", "右下角"),
    "page_side_sw": ("bottom left corner", "左下角"),
    "page_becomes": ("Becomes {width}×{height} {kind}", "得到 {width}×{height} {kind}"),
    "page_lossy": (", saved anew at JPEG quality 95", "，以 JPEG 质量 95 重新保存"),
    "page_ask_grey": (
        "The model sees a grey border: say in the prompt what belongs there, as in “fill the grey border with …”.",
        "模型看到的是灰色边框：请在提示词中说明那里应有什么，例如“把灰色边框补成……”。",
    ),
    "page_ask_white": (
        "The model sees a white border: say in the prompt what belongs there, as in “fill the white border with …”.",
        "模型看到的是白色边框：请在提示词中说明那里应有什么，例如“把白色边框补成……”。",
    ),
    "page_ask_transparent": (
        "The border is sent as transparent pixels of the picture; no mask goes with it. Say in the prompt what "
        "belongs there, as in “fill the transparent border with …”.",
        "边框作为图片的透明像素发送，不附带蒙版。请在提示词中说明那里应有什么，例如“把透明边框补成……”。",
    ),
}
