"""Sentences about requests that can't be written or read."""

TABLE: dict[str, tuple[str, str]] = {
    "no_json": ("The request body is not a JSON object.", "请求体不是 JSON 对象。"),
    "bad_json": ("The request body is not JSON: {reason}.", "请求体不是 JSON：{reason}。"),
    "wrapped_base64": (
        "A string in the request has line breaks: `base64` of GNU wraps its lines. Write them without: "
        "`base64 < photo.png | tr -d '\\n'`.",
        "请求中的字符串含有换行：GNU 的 `base64` 会自动折行。请去掉换行：`base64 < photo.png | tr -d '\\n'`。",
    ),
    "files_refused": (
        "fileData “{uri}” is a file stored elsewhere; this endpoint takes a picture's own bytes only: send it as "
        "inlineData with its mimeType and its data in base64.",
        "fileData “{uri}” 指向别处的文件；此接口只接受图片本身的数据：请用 inlineData（mimeType 与 base64 的 data）发送。",
    ),
    "no_contents": ("The request has no contents.", "请求缺少 contents。"),
    "no_messages": ("The request has no messages.", "请求缺少 messages。"),
    "bad_base64": ("“{start}…” is not base64.", "“{start}…” 不是 base64。"),
    "links_refused": (
        "image_url “{url}” is a link; the chat form of API易, and so this endpoint, takes data URLs only: send "
        "“data:image/png;base64,…” with the picture's bytes.",
        "image_url “{url}” 是链接；API易 的对话格式（以及此接口）只接受 data URL：请发送“data:image/png;base64,…”，即图片数据本身。",
    ),
    "no_turns": (
        "A conversation can't be continued over wire={wire!r}.",
        "wire={wire!r} 格式无法继续对话。",
    ),
    "turns_elsewhere": (
        'Use Endpoint(..., wire="{wire}"), or send the last picture instead (context="refeed").',
        '请改用 Endpoint(..., wire="{wire}")，或改为发送上一张图片（context="refeed"）。',
    ),
    # what each wire is, in a word
    "gemini": ("native", "原生"),
    "openai": ("chat", "对话"),
}
