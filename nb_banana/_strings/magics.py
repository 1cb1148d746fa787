"""Sentences of the ``%%banana`` and ``%banana`` magics."""

TABLE: dict[str, tuple[str, str]] = {
    "usage": ("{command} could not read its line: {problem}.", "{command} 无法读懂这一行：{problem}。"),
    "usage_hint": (
        "Write %%banana cat.png -r 16:9 -s 2K -o hat and the prompt below it; %%banana? shows more.",
        "写法示例：%%banana cat.png -r 16:9 -s 2K -o hat，提示词写在下一行；更多示例见 %%banana?。",
    ),
    "estimate_hint": (
        "Write %banana estimate -m nano-banana-pro -s 2K -n 100",
        "写法示例：%banana estimate -m nano-banana-pro -s 2K -n 100",
    ),
    "doctor_hint": (
        "Write %banana doctor, or %banana doctor --live",
        "写法示例：%banana doctor，或 %banana doctor --live",
    ),
    "help": (
        "%%banana cat.png -r 16:9 -s 2K -o hat   edit; the prompt stands below it (%%banana? shows every flag)\n"
        "%banana panel cat.png                   the panel; %banana alone opens it too\n"
        "%banana history                         what was asked here, and what came\n"
        "%banana models                          the models and their prices\n"
        "%banana estimate -s 2K -n 100           what edits would cost; also -m --images --provider --as-of\n"
        "%banana doctor                          versions, where the key comes from, the history folder\n"
        "%banana doctor --live                   tries your provider: says the price, asks, pays; also --yes -m -o",
        "%%banana cat.png -r 16:9 -s 2K -o hat   编辑图片，提示词写在下面（全部选项见 %%banana?）\n"
        "%banana panel cat.png                   打开面板；只写 %banana 也可以\n"
        "%banana history                         在这里做过的编辑\n"
        "%banana models                          各模型及其价格\n"
        "%banana estimate -s 2K -n 100           估算费用；还有 -m --images --provider --as-of\n"
        "%banana doctor                          版本、密钥来源、历史文件夹\n"
        "%banana doctor --live                   试用您的服务商：先说明费用并询问；还有 --yes -m -o",
    ),
    "unknown_flag": ("{command} has no flag {flag}.", "{command} 没有选项 {flag}。"),
    "nearest": ("Did you mean {flag}?", "您是想写 {flag} 吗？"),
    "flags": ("It knows {flags}.", "可用的选项：{flags}。"),
    "not_a_count": ("'{text}' is not a whole number from 1", "“{text}”不是从 1 开始的整数"),
    "unclosed": (
        "%%banana could not split its line ({problem}): {line}. Close the quote, or put \\ before it.",
        "%%banana 无法拆分这一行（{problem}）：{line}。请补上另一半引号，或在引号前加 \\。",
    ),
    "no_such_photo": (
        "'{word}' is neither a variable of this notebook nor a file here.",
        "“{word}”既不是本笔记本中的变量，也不是这里的文件。",
    ),
    "did_you_mean": ("Did you mean {name}?", "您是想写 {name} 吗？"),
    "bad_name": (
        "-o {name}: that is not a name Python can assign; use letters, digits and _ like my_photo.",
        "-o {name}：Python 不能用它作变量名，请用字母、数字和下划线，例如 my_photo。",
    ),
    "taken_name": (
        "-o {name}: '{name}' is a {kind} here and would be hidden; nothing was sent.",
        "-o {name}：“{name}”在这里是一个 {kind}，赋值会把它遮住；尚未发送任何请求。",
    ),
    "taken_hint": ("Choose another name.", "请换一个名字。"),
    "no_prompt": (
        "The cell below %%banana is empty; the prompt is missing.",
        "%%banana 下面是空的，缺少提示词。",
    ),
    "saved": ("Saved {path}", "已保存 {path}"),
    "unknown_command": (
        "%banana has no command '{name}'; it knows {names}.",
        "%banana 没有命令“{name}”，可用的有 {names}。",
    ),
}
