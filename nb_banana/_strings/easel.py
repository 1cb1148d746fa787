"""Drawing on a picture: the easel's own words, what becomes of what is drawn, what is wrong with it."""

TABLE: dict[str, tuple[str, str]] = {
    "went": (
        "What was drawn went with its picture; ↶ brings both back.",
        "画上的内容随原图片一起移除了；按 ↶ 可一并恢复。",
    ),
    "not_an_input": (
        "A region goes with a picture of the inputs, and this one is none of them.",
        "区域须画在输入图片上，而这张图片不在输入之中。",
    ),
    # what a page or a cell gave that is no mark
    "bad_kind": (
        "{value!r} is nothing that can be drawn: kind is brush, eraser, box, lasso, arrow or text.",
        "{value!r} 无法绘制：kind 应为 brush、eraser、box、lasso、arrow 或 text。",
    ),
    "bad_points": (
        "The points of {value!r} don't fit: x, y, x, y … in shares of the picture from 0 to 1; two for a box or an "
        "arrow, one for a text, three or more for a lasso.",
        "{value!r} 的 points 无效：应为 x, y, x, y …（图片的比例，0 到 1）；box 和 arrow 需两个点，text 一个，lasso 至少三个。",
    ),
    "bad_width": (
        "The width of {value!r} is no share of the picture's longer edge, above 0 and up to 1.",
        "{value!r} 的 width 无效：应为图片长边的比例，大于 0，最大 1。",
    ),
    "bad_colour": (
        "The colour of {value!r} is not offered: red, yellow, green or blue.",
        "{value!r} 的 colour 无效：可选 red、yellow、green、blue。",
    ),
    "bad_text": (
        "The text of {value!r} is empty or longer than 200 characters.",
        "{value!r} 的 text 为空或超过 200 个字符。",
    ),
    "bad_marks": (
        "{value!r} is nothing that can be drawn: give marks, a list of shapes, four shares (left, top, width, "
        "height), words, or None.",
        "{value!r} 无法作为标记：请给出标记、形状列表、四个比例（左、上、宽、高）、文字，或 None。",
    ),
    "not_drawn": ("The page drew something that can't be used and was left out: {reason}", "页面绘制了无法使用的内容，已忽略：{reason}"),
    "no_font": (
        "No font here has the letters of the label “{text}”: install {package}, or say it in the prompt.",
        "此电脑上没有能显示标签“{text}”的字体：请安装 {package}，或在提示词中说明。",
    ),
    # the room in the panel
    "draw": ("Draw", "绘制"),
    "draw_done": ("Done drawing", "完成绘制"),
    "draw_tip": ("Mark on the picture where and what to change", "在图片上标出要修改的位置和内容"),
    "ground": ("Draw on", "绘制于"),
    "ground_name": ("picture {number}: {name}", "图片 {number}：{name}"),
    "first": ("Make it picture 1", "设为图片 1"),
    "first_tip": ("Put the picture drawn on before the others", "把所绘制的图片移到最前"),
    "clear_marks": ("Remove what is drawn", "移除绘制内容"),
    "only": ("Change only this", "只修改这里"),
    "only_mask": (
        "{model} gets it as a mask and is asked to change nothing outside of it.",
        "{model} 会收到一张蒙版，并被要求不改动蒙版之外的部分。",
    ),
    "only_unproven": (
        "It is sent as a mask; whether the model at this address keeps to it, nobody here knows.",
        "会作为蒙版发送；此地址的模型是否遵守蒙版无从得知。",
    ),
    "only_marked": (
        "{model} takes no mask: a copy of the picture with the region outlined in red goes in its place, and the prompt "
        "says so. What is outside may change.",
        "{model} 不支持蒙版：将改为发送用红线圈出区域的副本，并在提示词中说明。区域之外仍可能改变。",
    ),
    "all_erased": (
        "All that was drawn is erased again: draw where to edit, or press “Remove what is drawn”.",
        "画的内容已全部擦除：请画出要编辑的位置，或点“移除绘制内容”。",
    ),
    "only_off": (
        "Off: a copy of picture {number} with what you drew goes before it, and the prompt says that the marks only show "
        "where.",
        "关闭：图片 {number} 的标记副本会排在它之前发送，提示词会说明标记只用于指示位置。",
    ),
    "only_first": (
        "A mask belongs to the first picture, and you drew on picture {number}: what is drawn goes as marks.",
        "蒙版只能用于第一张图片，而您绘制的是图片 {number}：绘制内容将作为标记发送。",
    ),
    "only_signs": (
        "Arrows and labels go on a marked copy of picture {number}, and the prompt says that they only show where.",
        "箭头和标签画在图片 {number} 的标记副本上，提示词会说明它们只用于指示位置。",
    ),
    "drawing": ("Preparing what is drawn…", "正在处理绘制内容…"),
    "added": ("Added to the prompt: “{words}”", "已加入提示词：“{words}”"),
    "sends_marked": ("one of them with your marks", "其中一张带有您的标记"),
    "exact": ("Keep everything else exactly", "其余部分完全保持原样"),
    "exact_says": (
        "Afterwards the region of the result is laid over your own picture, beside the model's: outside of it, "
        "beyond a narrow seam, every pixel stays yours.",
        "完成后会把结果中的该区域叠加到您的原图上，与模型的图片并列：区域之外，除窄窄的接缝，每个像素都保持原样。",
    ),
    "theirs": ("Model's picture", "模型的图片"),
    "ours": ("Composite", "合成图"),
    "composing": ("Laying the region over the original…", "正在把区域叠加到原图…"),
    "not_exact": ("No composite: {reason}", "无法合成：{reason}"),
    "save_exact": ("Save composite", "保存合成图"),
    "use_exact": ("Use composite as input", "用合成图作为输入"),
    "exact_used": (
        "The composite is the input now: a new picture, made of your original and the region of the result.",
        "合成图现在是输入：由您的原图和结果中的区域合成的新图片。",
    ),
    "exact_name": ("composite", "合成图"),
    "measuring": ("Measuring what changed…", "正在测量变化…"),
    "share": ("{share:.1%}", "{share:.1%}"),
    "outside": ("outside: {outside} changed · inside: {inside}", "区域外：{outside} 改变 · 区域内：{inside}"),
    # what the model is told
    "only_words": ("Change only: {words}.", "只修改：{words}。"),
    "marks_before": (
        "The picture just before the one to edit is a copy of it with marks drawn on it (strokes, outlines, arrows or "
        "labels). The marks show where and what to change. Edit the picture without marks, and leave every mark out of "
        "the result.",
        "在要编辑的图片之前有一张它的副本，上面画有标记（笔画、轮廓、箭头或文字）。标记指示在哪里修改、修改什么。"
        "请编辑没有标记的那张图片，结果中不要保留任何标记。",
    ),
    "marks_last": (
        "The last picture is a copy of the first one with marks drawn on it (strokes, outlines, arrows or labels). The "
        "marks show where and what to change. Edit the first picture, and leave every mark out of the result.",
        "最后一张图片是第一张的副本，上面画有标记（笔画、轮廓、箭头或文字）。标记指示在哪里修改、修改什么。"
        "请编辑第一张图片，结果中不要保留任何标记。",
    ),
    # the easel's page
    "page_stage": ("Picture to draw on", "要绘制的图片"),
    "page_help": (
        "Arrow keys move the crosshair (Shift: farther). Enter begins and ends a shape; for a lasso it sets points, twice "
        "in one place closes it. Esc gives up the shape. [ ] size, E eraser, Ctrl+Z undo, Ctrl+Shift+Z redo.",
        "方向键移动十字光标（Shift：更远）。回车开始和结束一个形状；套索用回车放置点，同一位置按两次即闭合。"
        "Esc 放弃当前形状。[ ] 粗细，E 橡皮擦，Ctrl+Z 撤销，Ctrl+Shift+Z 重做。",
    ),
    "page_keys": ("Keys", "按键"),
    "page_tools": ("Tools", "工具"),
    "page_brush": ("Brush", "画笔"),
    "page_eraser": ("Eraser", "橡皮擦"),
    "page_box": ("Box", "方框"),
    "page_lasso": ("Lasso", "套索"),
    "page_arrow": ("Arrow", "箭头"),
    "page_text": ("Label", "标签"),
    "page_label": ("Label text", "标签文字"),
    "page_label_first": ("Write the label first, then choose its place.", "请先填写标签文字，再选择位置。"),
    "page_size": ("Size", "粗细"),
    "page_colour": ("Colour", "颜色"),
    "page_red": ("red", "红色"),
    "page_yellow": ("yellow", "黄色"),
    "page_green": ("green", "绿色"),
    "page_blue": ("blue", "蓝色"),
    "page_undo": ("Undo", "撤销"),
    "page_redo": ("Redo", "重做"),
    "page_clear": ("Clear", "清空"),
    "page_screen": ("Full screen", "全屏"),
    "page_describe": ("Describe the region", "描述区域"),
    "page_left": ("left", "左"),
    "page_top": ("top", "上"),
    "page_width": ("width", "宽"),
    "page_height": ("height", "高"),
    "page_add": ("Add box", "添加方框"),
    "page_words": ("What it shows, in words", "用文字说明"),
    "page_words_like": ("the cat's left ear", "猫的左耳"),
    "page_at": ("{x} % from the left, {y} % from the top", "距左 {x}%，距上 {y}%"),
    "page_drawn": ("{what}: {count} on the picture", "{what}：图片上共 {count} 个"),
    "page_begun": ("{what} begun at {x} %, {y} %", "{what}：起点 {x}%，{y}%"),
    "page_none": ("Nothing is drawn.", "没有绘制内容。"),
}
