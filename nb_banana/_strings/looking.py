"""Sentences about looking: what deleting takes away, a result by itself, and the map of what changed."""

TABLE: dict[str, tuple[str, str]] = {
    # what a history holds, and what deleting takes away
    "size": (
        "Edits: {records} ({file}). Pictures: {pictures} ({size}).",
        "编辑：{records} 条（{file}）。图片：{pictures} 张（{size}）。",
    ),
    "lose": (
        "Edits that go for good: {edits}. Pictures that go with them: {pictures} ({size}). "
        "Asking for one of them again sends it again.",
        "将永久删除的编辑：{edits} 条；随之删除的图片：{pictures} 张（{size}）。再次提出相同的编辑会重新发送。",
    ),
    "lose_spent": (
        "What they cost stays in the ledger and in budgets: {cost}.",
        "它们的费用仍保留在账本和预算中：{cost}。",
    ),
    "lose_continued": (
        "Edits that stay and continue from one of them: {count}. Their chains lose that step.",
        "保留下来且从中继续的编辑：{count} 条。它们的编辑链会失去这一步。",
    ),
    "lose_not_votes": (
        "{path} stays: it has what people voted, their names, and the words of inputs and prompts. Delete that file yourself if these are to go.",
        "{path} 会保留：其中有投票、评分者的名字，以及输入和提示词的文字。如需清除，请自行删除该文件。",
    ),
    "lose_not_inputs": (
        "Copies of pictures that the code of cells names lie in {path}: nb-banana clean says which of them no edit has any more, and removes them with --yes.",
        "单元格代码所引用的图片副本位于 {path}：nb-banana clean 会说明其中哪些已没有任何编辑使用，加 --yes 即删除。",
    ),
    "lose_starred": ("Kept because of their star: {count}.", "因加星标而保留：{count} 条。"),
    "lose_running": ("Kept because they are under way: {count}.", "因正在进行而保留：{count} 条。"),
    "lose_elsewhere": (
        "Kept because they are not in this folder, which only reads them: {count}.",
        "因不在此文件夹中（此处只能读取）而保留：{count} 条。",
    ),
    "deleted_row": ("Deleted; only its cost is still counted.", "已删除；只保留其费用。"),
    "deleted": ("Deleted. {loss}", "已删除。{loss}"),
    "not_scrubbed": (
        "Pieces of deleted words may still be in the file: another program uses it just now, or its search index is one that this Python's SQLite can't reach. nb-banana clean --yes takes them out, later or from the Python that made the index.",
        "文件中可能仍有已删除文字的片段：另一个程序正在使用该文件，或者当前 Python 的 SQLite 无法处理其搜索索引。稍后或在建立该索引的 Python 中运行 nb-banana clean --yes 可将其清除。",
    ),
    "delete": ("Delete…", "删除…"),
    "delete_tip": ("Say what would be lost, and ask", "先说明会失去什么，再询问"),
    "delete_listed": ("Delete all listed…", "删除全部所列…"),
    "delete_listed_tip": (
        "Everything the filters let through; for old edits choose “Between…” and give the last day only",
        "删除筛选出的全部编辑；要删除旧的编辑，请选择“指定日期…”并只填结束日期",
    ),
    "delete_starred": ("Starred ones too", "加星标的也删除"),
    "delete_yes": ("Delete for good", "永久删除"),
    "delete_no": ("Keep them", "保留"),
    "nothing_to_delete": ("Nothing here can be deleted.", "这里没有可删除的内容。"),
    "cli_delete_how": (
        "Nothing was deleted. Add --yes to delete them, and --starred for those with a star too.",
        "没有删除任何内容。加 --yes 即删除；加 --starred 时加星标的也删除。",
    ),
    # what a record names
    "input_number": ("picture {number}", "第 {number} 张图片"),
    "mask_picture": ("a picture", "一张图片"),
    # a result by itself
    "show_no_page": ("There is no page here to show the viewer on.", "这里没有可显示查看器的页面。"),
    "show_path": ("The picture lies at {path}; result.save() copies it.", "图片位于 {path}；result.save() 可另存一份。"),
    "show_save": ("result.save() writes the picture to a file.", "result.save() 会把图片写入文件。"),
    "show_plain": ("nb_banana viewer: run this cell again to use it.", "nb_banana 查看器：请重新运行此单元格以使用。"),
    "no_result": ("No picture came back. This is what was sent.", "没有返回图片。这是发送的图片。"),
    # the map of what changed
    "map_measuring": ("Measuring what changed…", "正在测量变化…"),
    "map_none": ("No difference: every pixel is the same.", "没有差异：每个像素都相同。"),
    "map_share": ("{share} changed", "{share} 有变化"),
    "map_aligned": ("aligned: {how}", "已对齐：{how}"),
    "map_apart": (
        "they show too little in common to be aligned, so they are laid as they are",
        "两张图片共同之处太少，无法对齐，按原样叠放",
    ),
    "map_seen": ("{share} of the picture before is still in sight", "之前的图片仍可见 {share}"),
    "map_plain": (
        "Pixels as they lie, not aligned. To see a shifted or resized picture aligned: "
        "pip install 'nb_banana[research]'",
        "按像素原样比较，未对齐。要对齐移动或缩放过的图片：pip install 'nb_banana[research]'",
    ),
    "map_failed": ("The difference can't be measured: {reason}", "无法测量差异：{reason}"),
}
