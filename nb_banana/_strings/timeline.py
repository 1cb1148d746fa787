"""Sentences of the timeline. Those that begin with ``page_`` go to the page."""

TABLE: dict[str, tuple[str, str]] = {
    "title": ("Chain", "编辑链"),
    "original": ("Original", "原图"),
    "total_none": ("No edits yet", "还没有编辑"),
    "total_one": ("1 edit · {cost} · {seconds}", "1 步编辑 · {cost} · {seconds}"),
    "total": ("{count} edits · {cost} · {seconds}", "{count} 步编辑 · {cost} · {seconds}"),
    "others": ("{count} on other branches", "其他分支上有 {count} 步"),
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
        "The chain now ends at {label}. Edit in the panel below, or with chain = timeline.chain.edit(…).",
        "编辑链现在到 {label} 为止。可在下方面板中继续编辑，或使用 chain = timeline.chain.edit(…)。",
    ),
    "branched_code": (
        "The chain now ends at {label}: timeline.chain.edit(…) continues from there.",
        "编辑链现在到 {label} 为止：timeline.chain.edit(…) 会从那里继续。",
    ),
    "ends": ("The chain now ends at {label}.", "编辑链现在到 {label} 为止。"),
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
