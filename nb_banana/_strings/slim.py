"""Sentences of ``nb-banana slim``."""

TABLE: dict[str, tuple[str, str]] = {
    "help": (
        "Make notebooks smaller: nb-banana slim report.ipynb --budget 300KB makes the heaviest pictures in it smaller until the file "
        "keeps within the budget, and touches nothing else. The originals go to report_originals/ beside it; --restore "
        "puts them back. A notebook that is small enough stays as it is. Close it in Jupyter first.",
        "缩小笔记本：nb-banana slim report.ipynb --budget 300KB 会缩小其中最大的图片，直到文件不超过预算，其余内容一概不动。"
        "原图保存在旁边的 report_originals/ 中，可用 --restore 放回。已经够小的笔记本保持不变。请先在 Jupyter 中关闭它。",
    ),
    "cell": ("cell {number}", "第 {number} 个单元格"),
    "attachment": ("{cell}, attachment {name}", "{cell}，附件 {name}"),
    "widget": ("widget {name}", "控件 {name}"),
    "with_pictures": ("{mime} with pictures in it", "{mime}（内含图片）"),
    "not_a_picture": ("{mime} that is none", "标为 {mime} 但并非如此"),
    "moving": ("it moves", "动图"),
    "too_many_pixels": ("too many pixels to decode", "像素过多，无法解码"),
    "undecodable": ("it can't be decoded", "无法解码"),
    "too_deep": ("it is nested too deeply", "嵌套过深"),
    "no_notebook": ("it is JSON, but no notebook", "是 JSON，但不是笔记本"),
    "old_format": (
        "it is of an old format (nbformat 3); open and save it in Jupyter once",
        "是旧格式（nbformat 3）；请先在 Jupyter 中打开并保存一次",
    ),
    "unreadable": ("{path} can't be read as a notebook: {reason}.", "无法把 {path} 作为笔记本读取：{reason}。"),
    "unreadable_hint": ("Nothing was changed.", "没有改动任何内容。"),
    "changed": (
        "{path} was written by another program meanwhile, so it was left alone.",
        "{path} 在此期间被其他程序写入，因此未作改动。",
    ),
    "changed_hint": ("Close it in Jupyter, then run this again.", "请在 Jupyter 中关闭它，然后重新运行。"),
    "bad_list": (
        "{path} is no list of originals that can be read: {reason}. Nothing was changed.",
        "{path} 不是可读取的原图清单：{reason}。没有改动任何内容。",
    ),
    "bad_list_hint": ("Move it elsewhere, or put back the one that was there.", "请将其移到别处，或放回原来的清单。"),
    "gone": ("An original can't be read: {path}: {reason}.", "无法读取原图：{path}：{reason}。"),
    "other_bytes": ("it holds other bytes", "内容已改变"),
    "bad_budget": (
        "{value!r} is no size; write it as 300KB or 2MB.",
        "{value!r} 不是大小；请写成 300KB 或 2MB。",
    ),
    "working": ("{path}: {where} …", "{path}：{where} …"),
    "small": ("{path}: {size}, small enough; unchanged", "{path}：{size}，已经够小；未作改动"),
    "slimmed": (
        "{path}: {before} → {after}; pictures made smaller: {count}",
        "{path}：{before} → {after}；缩小了 {count} 张图片",
    ),
    "would": (
        "{path}: {before} would be {after}; pictures to make smaller: {count}",
        "{path}：{before} 将变为 {after}；需缩小 {count} 张图片",
    ),
    "picture": ("{where}: {was}, {before} → {now}, {after}", "{where}：{was}，{before} → {now}，{after}"),
    "originals": ("The originals are in {folder}", "原图在 {folder}"),
    "written": ("Wrote {path}", "已写入 {path}"),
    "over": (
        "{path} is still over {budget}: {left} of pictures and {rest} of everything else are left.",
        "{path} 仍超过 {budget}：图片还占 {left}，其余内容占 {rest}。",
    ),
    "left": ("Left alone, {where}: {what}, {size}", "未动，{where}：{what}，{size}"),
    "restored": ("{path}: pictures put back: {count}; {size} now", "{path}：放回了 {count} 张图片；现为 {size}"),
    "would_restore": ("{path}: pictures to put back: {count}; {size} then", "{path}：可放回 {count} 张图片；之后为 {size}"),
    "nothing_back": (
        "{path}: none of its pictures has an original in {folder}; unchanged",
        "{path}：{folder} 中没有其图片的原图；未作改动",
    ),
    "option_budget": (
        "The most bytes a notebook may have, like 2MB; left out, 300KB.",
        "笔记本的最大大小，例如 2MB；不写则为 300KB。",
    ),
    "option_restore": (
        "Put back the originals from the folder beside the notebook.",
        "把旁边文件夹中的原图放回笔记本。",
    ),
    "option_out": (
        "Write the small notebook here, or into a folder (small/), and leave the notebook alone; - is standard output.",
        "把缩小后的笔记本写到此处或文件夹（small/）中，原笔记本不动；- 表示标准输出。",
    ),
    "option_dry_run": ("Say what would become of it; write nothing.", "只说明结果，不写入任何内容。"),
    "one_out": (
        "--out {name} takes one notebook; for several name a folder (small/).",
        "--out {name} 只能用于一个笔记本；多个请写文件夹（small/）。",
    ),
    "pipe_needs_out": ("a notebook - comes from standard input and goes to --out.", "笔记本写 - 表示从标准输入读取，并写到 --out。"),
}
