"""Sentences of the functions that are offered to programs."""

TABLE: dict[str, tuple[str, str]] = {
    "no_budget": (
        "There is no budget, so nothing was sent to {place}: an edit there may be paid.",
        "未设置预算，因此没有向 {place} 发送任何请求：那里的编辑可能需要付费。",
    ),
    "no_budget_hint": (
        "Whoever runs the Jupyter server sets {variable} to the most USD that may be spent, such as {variable}=5, and "
        "starts it again. Without a key the sandbox edits for nothing.",
        "请由 Jupyter 服务器的管理者将 {variable} 设为最多可花费的美元金额（例如 {variable}=5），然后重新启动。没有密钥时由沙盒免费编辑。",
    ),
    "no_pictures": (
        "images names no picture: give a list of paths, or of record ids of earlier edits.",
        "images 中没有图片：请给出路径列表，或以往编辑的记录编号列表。",
    ),
    "no_such_file": ("There is no file {path} in {folder}.", "{folder} 中没有文件 {path}。"),
    "elsewhere": (
        "{path} does not lie in {folder}, and no other file is read from here. Copy the picture there.",
        "{path} 不在 {folder} 中，此处不读取其他位置的文件。请先把图片复制到该文件夹。",
    ),
    "bad_limit": ("limit={value!r} is no whole number from 1 to {most}.", "limit={value!r} 无效：应为 1 到 {most} 的整数。"),
}
