"""Sentences about results."""

TABLE: dict[str, tuple[str, str]] = {
    "take": ("take {take}", "第 {take} 次"),
    "cost": ("{cost}", "{cost}"),
    "replayed": ("replayed", "来自历史"),
    "said": ("model: “{words}”", "模型：“{words}”"),
    "the_input": ("the input", "输入图片"),
    "input": ("input {number}", "输入图片 {number}"),
    "same_bytes": (
        "The result is {input}, byte for byte: nothing was edited.",
        "结果与{input}逐字节相同：没有做任何编辑。",
    ),
    "same_look": (
        "The result looks the same as {input}; at most something small changed.",
        "结果看起来与{input}相同；最多只有很小的改动。",
    ),
    "not_shown": (
        "The picture can't be shown: {reason} It stays as it came; fresh=True makes it anew, which is paid.",
        "图片无法显示：{reason}它按收到的原样保留；fresh=True 会重新生成，并再次付费。",
    ),
    "flat": ("The picture is all in one colour.", "整张图片只有一种颜色。"),
    "some": ("{names}: {note}", "{names}：{note}"),
    "curl_marked": (
        "{file} is a copy of {original} with the region outlined in red; it must be there first",
        "{file} 是 {original} 的副本，区域以红线勾出；须先准备好",
    ),
    "curl_copy": (
        "{file} is {original} as it was sent ({kind}, {size}); it must be there first",
        "{file} 是 {original} 实际发送的副本（{kind}，{size}）；须先准备好",
    ),
    "not_json": (
        "This wire sends {kind}, not JSON. Use to_curl() or to_python() for code that makes the edit again.",
        "该格式发送的是 {kind}，不是 JSON。如需可重做本次编辑的代码，请用 to_curl() 或 to_python()。",
    ),
    "not_held": (
        "The conversation this result went on in, or the wire it was asked by, is not here, so there is no request to show.",
        "该结果所接续的对话或所用的请求格式不在此处，没有可显示的请求。",
    ),
    "no_address": (
        "Where this result's request went is not known here (an address in somebody's file is not taken over), so there is "
        "no command to show; to_python() makes the edit again.",
        "此处不知道该结果的请求发往何处（不采用他人文件中的地址），因此没有可显示的命令；to_python() 可重做本次编辑。",
    ),
    "no_plan": (
        "this result was not made by a client, so there is no request to show",
        "该结果不是由客户端生成的，没有可显示的请求",
    ),
}
