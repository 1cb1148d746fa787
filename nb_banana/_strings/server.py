"""Sentences of the server's routes."""

TABLE: dict[str, tuple[str, str]] = {
    "bad_value": ("{what} is not as it should be", "{what} 的值无效"),
    "bad_number": (
        "{what} is no whole number, or out of bounds (limit: 1 to 200, offset: 0 to 1,000,000)",
        "{what} 不是整数或超出范围（limit：1 到 200，offset：0 到 1,000,000）",
    ),
    "bad_folder": ("folder is a path from the server's root, without ..", "folder 应为服务器根目录下的路径，不含 .."),
    "no_files": (
        "This server keeps its files elsewhere; the history is read by the kernel",
        "此服务器的文件存放在别处；历史由内核读取",
    ),
    "no_picture": ("There is no such picture in this history", "此历史中没有这张图片"),
    "too_large": ("This picture is too large for a small copy", "这张图片过大，无法生成小图"),
    "newer": (
        "{what} was written by a newer nb_banana. Upgrade with pip install -U nb_banana where this server runs",
        "{what} 由更新版本的 nb_banana 写入。请在此服务器的环境中运行 pip install -U nb_banana",
    ),
    "foreign": (
        "{what} is not a history as nb_banana makes it, so it is not read",
        "{what} 不是 nb_banana 所建立的历史，因此不读取",
    ),
    "unfinished": (
        "{what} was left in the middle of a write. Open it once in a notebook, with nb.history()",
        "{what} 停留在一次未完成的写入中。请在笔记本里用 nb.history() 打开一次",
    ),
    "busy": ("It took too long, or somebody holds the file. Try again", "耗时过长，或文件正被占用。请重试"),
    "damaged": (
        "What lies in {what} is damaged or was changed, so it is not shown",
        "{what} 中的内容已损坏或被改动，因此不显示",
    ),
}
