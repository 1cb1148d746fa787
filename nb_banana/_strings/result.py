"""Sentences about results."""

TABLE: dict[str, tuple[str, str]] = {
    "take": ("take {take}", "第 {take} 次"),
    "cost": ("{cost}", "{cost}"),
    "replayed": ("replayed", "来自历史"),
    "said": ("model: “{words}”", "模型：“{words}”"),
    "some": ("{names}: {note}", "{names}：{note}"),
    "no_plan": (
        "this result was not made by a client, so there is no request to show",
        "该结果不是由客户端生成的，没有可显示的请求",
    ),
    "suffix": (
        "{asked} was saved as {written}: the suffix now says what the bytes are.",
        "{asked} 已保存为 {written}：后缀已按实际格式更正。",
    ),
}
