"""Sentences about pictures going in and coming out."""

TABLE: dict[str, tuple[str, str]] = {
    "size": ("{width}×{height}", "{width}×{height}"),
    "alt": ("{name}, {size}", "{name}，{size}"),
    "picture": ("a picture", "图片"),
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
    "damaged": (
        "{name} is damaged: {reason}. Save or download it again, then retry.",
        "{name} 已损坏：{reason}。请重新保存或下载后再试。",
    ),
    "stand_in": (
        "{name} can't be edited as it is: {reason}. Export it as JPEG, PNG or TIFF with a program that opens it in "
        "full, and give that file.",
        "{name} 无法直接编辑：{reason}。请用能完整打开它的软件导出为 JPEG、PNG 或 TIFF，再提供导出的文件。",
    ),
    "camera_raw": (
        "it is a camera RAW file ({kind}), in which everybody but a RAW developer finds only a small preview",
        "这是相机 RAW 文件（{kind}），除 RAW 处理软件外只能读到其中的小预览图",
    ),
    "only_preview": (
        "it begins with a preview of {found}, and the picture itself, {meant}, lies where only few programs look",
        "文件开头只是 {found} 的预览图，真正的图片（{meant}）存放在多数软件不读取的位置",
    ),
    "cut": ("the file is truncated, its end is missing", "文件被截断，缺少结尾"),
    "damaged_part": ("its {part} part can't be read", "其中的 {part} 部分无法读取"),
    "too_many_parts": ("it has more than {limit:,} parts", "它的分段超过 {limit:,} 个"),
    "no_pixels": ("it holds no pixels", "其中没有像素数据"),
    "text_bomb": (
        "its compressed text unpacks to more than {limit} MB, as in a decompression bomb",
        "其压缩文本解压后超过 {limit} MB，疑似解压炸弹",
    ),
    "not_finite": ("it holds values that are not numbers", "其中含有非数值"),
    "other_kind": ("it holds {what}", "内容是 {what}"),
    "unknown_bytes": ("its first bytes are “{start}”", "开头字节为“{start}”"),
    "unreadable": (
        "{name} names a picture of no size; the file is damaged. Save it again and retry.",
        "{name} 的宽或高为零，文件已损坏。请重新保存后再试。",
    ),
    "undecodable": (
        "{name} can't be decoded: {reason}. The file is damaged; only another copy of it will help.",
        "{name} 无法解码：{reason}。文件已损坏，请换用另一份完好的文件。",
    ),
    "bomb": (
        "{name} claims {width}×{height} pixels in {count:,} bytes; it is refused as a decompression bomb. Scale it "
        "down first.",
        "{name} 声称用 {count:,} 字节存放 {width}×{height} 像素，按解压炸弹拒绝。请先缩小。",
    ),
    "sparse": (
        "{name} is an almost empty file with holes, not a picture. Choose another file.",
        "{name} 是几乎为空的稀疏文件，不是图片。请选择其他文件。",
    ),
    "empty_path": (
        "The path of the picture is empty; give a path, a URL or bytes.",
        "图片路径为空，请提供路径、URL 或字节。",
    ),
    "nested": (
        "A list of {count} pictures stands inside another list; give one flat list.",
        "列表中又嵌套了一个含 {count} 项的列表，请提供单层列表。",
    ),
    "missing": (
        "There is no file {path} (looked in {folder}). Check the name, or give the full path.",
        "找不到文件 {path}（查找位置：{folder}）。请检查文件名，或使用完整路径。",
    ),
    "pattern": (
        "{path} is a pattern, not a file. Expand it first: sorted(Path().glob(\"{path}\")) gives a list of files.",
        "{path} 是通配模式，不是文件。请先展开：sorted(Path().glob(\"{path}\")) 会给出文件列表。",
    ),
    "swapped": (
        "There is no file {path}, and the prompt {prompt} is one: did the pictures and the prompt change places? "
        "The order is edit(images, prompt).",
        "找不到文件 {path}，而提示词 {prompt} 是一个文件：图片和提示词的顺序是否反了？顺序为 edit(images, prompt)。",
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
    "not_given": ("{name} gave no picture: {reason}", "{name} 没有给出图片：{reason}"),
    "unreadable_stream": (
        "{name} can't be read: {reason}. Open it again, in mode 'rb', and retry.",
        "无法读取 {name}：{reason}。请用 'rb' 模式重新打开后再试。",
    ),
    "text_file": (
        "{name} was opened as text; open it with mode 'rb'.",
        "{name} 是以文本方式打开的，请用 'rb' 模式打开。",
    ),
    "needs_heic": (
        "reading HEIC needs an optional package (pip install 'nb_banana[heic]')",
        "读取 HEIC 需要可选组件（pip install 'nb_banana[heic]'）",
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
        "The stored picture {path} can't be read: {reason}.",
        "无法读取已保存的图片 {path}：{reason}。",
    ),
    "stored_changed": (
        "The stored picture {path} was changed since it was saved: its sha256 no longer matches.",
        "已保存的图片 {path} 在保存后被改动：sha256 不一致。",
    ),
    "stored_hint": (
        "Restore the history folder, or run the edit again: it is sent again, and costs again.",
        "请恢复历史文件夹，或重新运行该编辑：会再次发送并计费。",
    ),
    "no_path": (
        "{value!r} can't be the path of a file. Give a name such as 'cat.png', as text or a Path.",
        "{value!r} 不能作为文件路径。请以文本或 Path 给出文件名，例如 'cat.png'。",
    ),
    "null_in_name": ("its name holds a null character", "文件名含有空字符"),
    "not_written": ("{path} could not be written: {reason}.", "无法写入 {path}：{reason}。"),
    "in_memory": (
        "The picture is still in memory; save it somewhere else.",
        "图片仍在内存中，请保存到其他位置。",
    ),
    "nth": ("picture {number}", "第 {number} 张图片"),
    "facts": ("{kind} {width}×{height}, {size} MB", "{kind} {width}×{height}，{size} MB"),
    "joint": ("; ", "；"),
    "altered": (
        "{name} was changed before sending: {reasons}. Before: {before}; sent: {after}.",
        "{name} 在发送前被改动：{reasons}。原图：{before}；发送：{after}。",
    ),
    "first_frame": (
        "{name} is animated; only its first frame was sent.",
        "{name} 是动图，只发送了第一帧。",
    ),
    "over_advice": (
        "{name} was sent with all its {width}×{height} pixels; {who} advises at most {edge} along an edge.",
        "{name} 按完整的 {width}×{height} 像素发送；{who} 建议边长不超过 {edge} 像素。",
    ),
    "main_only": (
        "{name} holds several pictures; only its main one, {width}×{height}, counts.",
        "{name} 含有多张图片，只有主图（{width}×{height}）有效。",
    ),
    "strict": (
        "{name} can't be sent as it is: {reasons}. Change the picture, or leave strict off to have it done for you.",
        "{name} 无法原样发送：{reasons}。请修改图片，或关闭 strict 由程序处理。",
    ),
    "too_many": (
        "{count} pictures were given, but {who} takes at most {limit}. Leave out {over}.",
        "给了 {count} 张图片，但 {who} 最多接受 {limit} 张。请去掉 {over} 张。",
    ),
    "why_type": ("{who} does not take {kind}", "{who} 不接受 {kind}"),
    "why_frames": ("only the first frame of an animation counts", "动图只取第一帧"),
    "why_pages": ("only the first of its pages counts", "多页文件只取第一页"),
    "why_inks": ("its CMYK colours became RGB", "CMYK 颜色已转换为 RGB"),
    "why_metadata": ("its personal metadata can't be removed otherwise", "无法以其他方式去除个人元数据"),
    "why_turn": ("it was turned upright as its EXIF says", "按 EXIF 转正"),
    "why_bytes": ("{who} takes at most {limit} MB per picture", "{who} 的单张上限为 {limit} MB"),
    "why_total": ("{who} takes at most {limit} MB per request", "{who} 的单次请求上限为 {limit} MB"),
    "no_room": (
        "The prompt and the earlier turns of the conversation alone are {size} MB; {who} takes at most {limit} MB "
        "per request.",
        "仅提示词和此前的对话就有 {size} MB；{who} 单次请求最多 {limit} MB。",
    ),
    "make_room": (
        "Shorten the prompt, or send the last picture instead of the conversation (context=\"refeed\").",
        "请缩短提示词，或改为发送上一张图片而不是整段对话（context=\"refeed\"）。",
    ),
    "too_large_anyway": (
        "The {count} pictures don't fit into the {limit} MB {who} takes per request. Send fewer.",
        "{count} 张图片无法放进 {who} 单次请求的 {limit} MB 上限。请减少图片。",
    ),
    "suffix": (
        "{asked} was saved as {written}: the suffix now says what the bytes are.",
        "{asked} 已保存为 {written}：后缀已按实际格式更正。",
    ),
}
