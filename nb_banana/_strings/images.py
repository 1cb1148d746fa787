"""Sentences about pictures going in and coming out."""

TABLE: dict[str, tuple[str, str]] = {
    "size": ("{width}×{height}", "{width}×{height}"),
    "bytes_label": ("the picture of {count:,} bytes", "这份 {count:,} 字节的图片"),
    "empty": (
        "{name} is empty (0 bytes); choose a picture with content.",
        "{name} 是空的（0 字节），请选择有内容的图片。",
    ),
    "too_many_bytes": (
        "{name} is larger than {limit} MB; make it smaller first.",
        "{name} 超过 {limit} MB，请先缩小。",
    ),
    "not_an_image": (
        "{name} is not a picture that can be read: {reason}. Use PNG, JPEG, WebP, HEIC or GIF.",
        "{name} 不是可读取的图片：{reason}。请使用 PNG、JPEG、WebP、HEIC 或 GIF。",
    ),
    "unknown_bytes": ("its first bytes are “{start}”", "开头字节为“{start}”"),
    "unreadable": (
        "{name} names a picture of no size; the file is damaged. Save it again and retry.",
        "{name} 的宽或高为零，文件已损坏。请重新保存后再试。",
    ),
    "undecodable": (
        "{name} can't be decoded: {reason}. The file is damaged; save it again and retry.",
        "{name} 无法解码：{reason}。文件已损坏，请重新保存后再试。",
    ),
    "bomb": (
        "{name} claims {width}×{height} pixels, more than {limit} million; it is refused as a decompression "
        "bomb. Scale it down first.",
        "{name} 声称有 {width}×{height} 像素，超过 {limit} 百万像素，按解压炸弹拒绝。请先缩小。",
    ),
    "missing": (
        "There is no file {path} (looked in {folder}). Check the name, or give the full path.",
        "找不到文件 {path}（查找位置：{folder}）。请检查文件名，或使用完整路径。",
    ),
    "directory": (
        "{path} is a folder, not a picture. Name one file in it, or a list of files.",
        "{path} 是文件夹，不是图片。请指定其中的一个文件，或一个文件列表。",
    ),
    "not_a_file": (
        "{path} is a pipe or a device, not a regular file. Save the picture to a file first.",
        "{path} 是管道或设备，不是普通文件。请先把图片保存为文件。",
    ),
    "unreadable_file": (
        "{path} can't be read: {reason}. Check its permissions.",
        "无法读取 {path}：{reason}。请检查文件权限。",
    ),
    "text_file": (
        "{name} was opened as text; open it with mode 'rb'.",
        "{name} 是以文本方式打开的，请用 'rb' 模式打开。",
    ),
    "needs_heic": (
        "HEIC pictures need the optional reader: pip install 'nb_banana[heic]'",
        "读取 HEIC 图片需要可选组件：pip install 'nb_banana[heic]'",
    ),
    "unknown_kind": (
        "A {kind} is not a picture. Give a path, a URL, bytes, a PIL image, a numpy array, an ImageData, an "
        "EditResult or an open file.",
        "{kind} 不是图片。请提供路径、URL、字节、PIL 图片、numpy 数组、ImageData、EditResult 或已打开的文件。",
    ),
    "bad_data_url": (
        "The data URL “{start}…” does not hold valid base64.",
        "data URL “{start}…” 的 base64 内容无效。",
    ),
    "not_a_path": (
        "“{start}…” is neither a path nor a URL. For encoded pictures give bytes.",
        "“{start}…” 既不是路径也不是 URL。已编码的图片请以 bytes 形式提供。",
    ),
    "scheme": (
        "“{source}” can't be opened: {scheme}: addresses are not read. Use an http(s) URL or a file path.",
        "无法打开“{source}”：不支持 {scheme}: 地址。请使用 http(s) URL 或文件路径。",
    ),
    "bad_array": (
        "An array of shape {shape} and type {dtype} is not a picture. Use (height, width), (height, width, 3) or "
        "(height, width, 4) with uint8, bool, or floats from 0 to 1.",
        "形状 {shape}、类型 {dtype} 的数组不是图片。请使用 (高, 宽)、(高, 宽, 3) 或 (高, 宽, 4)，"
        "类型为 uint8、bool 或 0 到 1 的浮点数。",
    ),
    "stored_missing": (
        "The stored picture {path} can't be read: {reason}. Restore the history folder, or run the edit again "
        "with fresh=True.",
        "无法读取已保存的图片 {path}：{reason}。请恢复历史文件夹，或用 fresh=True 重新编辑。",
    ),
    "stored_changed": (
        "The stored picture {path} was changed since it was saved: its sha256 no longer matches. Restore it, or "
        "run the edit again with fresh=True.",
        "已保存的图片 {path} 在保存后被改动：sha256 不一致。请恢复该文件，或用 fresh=True 重新编辑。",
    ),
    "not_saved": (
        "{path} could not be written: {reason}. The picture is still in memory; save it somewhere else.",
        "无法写入 {path}：{reason}。图片仍在内存中，请保存到其他位置。",
    ),
}
