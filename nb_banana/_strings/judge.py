"""Sentences of judging: what is asked, what came, what can't be said."""

TABLE: dict[str, tuple[str, str]] = {
    "no_words": (
        "{provider} can't be asked a question over wire={wire!r}: that wire answers with pictures only. Give the judge an "
        "endpoint with wire='openai' or wire='gemini'.",
        "无法通过 wire={wire!r} 向 {provider} 提问：该接口只返回图片。请给评判者一个 wire='openai' 或 wire='gemini' 的端点。",
    ),
    "lose": (
        "Answers of judges about them, which go too: {count}.",
        "评判者对它们的回答也将一并删除：{count} 条。",
    ),
}
