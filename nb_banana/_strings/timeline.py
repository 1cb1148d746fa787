"""Sentences of the timeline. Those that begin with ``page_`` go to the page."""

TABLE: dict[str, tuple[str, str]] = {
    "title": ("Chain", "编辑链"),
    "original": ("Original", "原图"),
    "total_none": ("No edits yet", "还没有编辑"),
    "total_one": ("1 edit · {cost} · {seconds}", "1 步编辑 · {cost} · {seconds}"),
    "total": ("{count} edits · {cost} · {seconds}", "{count} 步编辑 · {cost} · {seconds}"),
    "others": ("{count} other edits", "另有 {count} 条编辑"),
    "others_one": ("1 other edit", "另有 1 条编辑"),
    "others_hide": ("Hide the other edits", "隐藏其他编辑"),
    "others_tip": (
        "Every edit that the history knows of the same picture",
        "历史记录中同一张图片的所有编辑",
    ),
    "branch": ("Branch from here", "从这里分支"),
    "branch_tip": (
        "B: the chain ends at the chosen picture, and the next edit continues from there",
        "B：编辑链回到所选图片，下一步从那里继续",
    ),
    "undo": ("Undo", "撤销"),
    "undo_tip": ("One step back. Nothing is deleted", "后退一步。不会删除任何内容"),
    "first": ("Compare", "对比"),
    "second": ("with", "与"),
    "branched": (
        "The chain now ends at {label}. Edit in the panel below, or in a cell with {code}.",
        "编辑链现在到 {label} 为止。可在下方面板中继续编辑，或在单元格中使用 {code}。",
    ),
    "branched_code": (
        "The chain now ends at {label}; in a cell, go on from there with {code}.",
        "编辑链现在到 {label} 为止；在单元格中可使用 {code} 从那里继续。",
    ),
    "code_below": ("the Python under the picture", "图片下方的 Python 代码"),
    "ends": ("The chain now ends at {label}.", "编辑链现在到 {label} 为止。"),
    "undone": (
        "The chain now ends at {label}; a chain in a variable keeps every step. In a cell, go on with {code}.",
        "编辑链现在到 {label} 为止；变量中的编辑链仍保留所有步骤。在单元格中可使用 {code} 继续。",
    ),
    "grown": ("Step {label} is here; the chain ends with it.", "第 {label} 步已完成，编辑链以它结束。"),
    "nothing_to_undo": ("The chain holds the original only.", "编辑链中只有原图。"),
    "ready": (
        "Arrows walk the steps, Enter shows one, B branches from it.",
        "方向键在各步之间移动，Enter 查看，B 从该步分支。",
    ),
    "not_shown": ("This picture can't be shown: {reason}", "无法显示此图片：{reason}"),
    "listener_failed": ("on_branch: {kind}: {reason}", "on_branch：{kind}：{reason}"),
    "plain": (
        "nb_banana timeline: run this cell again to use it.",
        "nb_banana 时间线：请重新运行此单元格以使用。",
    ),
    # the page
    "page_strip": ("Steps of the chain", "编辑链的各步"),
}
