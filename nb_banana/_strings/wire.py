"""Sentences about requests that can't be written or read."""

TABLE: dict[str, tuple[str, str]] = {
    "no_json": ("The request body is not a JSON object.", "请求体不是 JSON 对象。"),
    "no_contents": ("The request has no contents.", "请求缺少 contents。"),
    "no_messages": ("The request has no messages.", "请求缺少 messages。"),
    "bad_base64": ("“{start}…” is not base64.", "“{start}…” 不是 base64。"),
    "links_refused": (
        "image_url “{url}” is a link; this endpoint takes data URLs only.",
        "image_url “{url}” 是链接；此接口只接受 data URL。",
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
