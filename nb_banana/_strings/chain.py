"""Sentences about chains."""

TABLE: dict[str, tuple[str, str]] = {
    "bad_context": (
        "context={value!r} is not a way to send a step; use 'refeed' or 'conversation'.",
        "context={value!r} 无效，请使用 'refeed' 或 'conversation'。",
    ),
    "empty": (
        "This chain has no edit yet; its picture is .image, and .edit(prompt) makes the first.",
        "该编辑链还没有编辑；当前图片是 .image，用 .edit(prompt) 开始第一步。",
    ),
    "no_step": (
        "There is no edit {index} in this chain of {count}; the first is 0.",
        "该编辑链共 {count} 步，没有第 {index} 步（从 0 开始）。",
    ),
    "stride": (
        "A chain is cut in one piece; a slice with step {stride} is none. Use chain[i:j].",
        "编辑链只能连续截取，步长 {stride} 无效。请使用 chain[i:j]。",
    ),
    "moved": (
        "Edits go elsewhere now, or with another key, than when this began, so {count} of its edits were not sent.",
        "编辑的去处或密钥中途改变了，因此还有 {count} 步没有发送。",
    ),
    "moved_hint": (
        "Run it again to make all of it where edits go now; what the history holds from there is free.",
        "再次运行即可在现在的去处完成全部步骤；历史中已有的免费。",
    ),
    "masks_differ": (
        "These steps can't be one edit: their masks differ, and an edit keeps to one.",
        "这些步骤无法合并为一次编辑：它们的蒙版不同，而一次编辑只能有一个蒙版。",
    ),
    "nothing_to_merge": (
        "merge({i}, {j}) names no edit of this chain of {count}; the first is 0, and {j} itself is not included.",
        "merge({i}, {j}) 在这条 {count} 步的编辑链中没有对应的步骤（从 0 开始，不含 {j}）。",
    ),
    "no_turns": (
        "The model's own turns are not held for this chain, or not with their pictures, so the last picture was sent "
        "instead of a conversation.",
        "没有保存该编辑链中模型的对话内容（或其中不含图片），因此改为发送上一张图片。",
    ),
    "signature_refused": (
        "This route refused the signatures of an earlier turn (they belong to the route that made them), so the "
        "last picture was sent instead of a conversation.",
        "该线路拒绝了先前对话的签名（签名只对生成它的线路有效），因此改为发送上一张图片。",
    ),
    "not_a_chain": (
        "{path} holds no chain ({reason}). Use a file written by chain.export(path).",
        "{path} 中没有编辑链（{reason}）。请使用由 chain.export(path) 写出的文件。",
    ),
    "original": ("0  original · {size}", "0  原图 · {size}"),
    "total_one": ("{count} edit · {cost}", "{count} 步 · {cost}"),
    "total": ("{count} edits · {cost}", "{count} 步 · {cost}"),
    "alt": ("the original and {count} edits of it, numbered from 0", "原图与 {count} 步编辑，从 0 编号"),
}
