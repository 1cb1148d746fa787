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
    "cell_help": (
        "Edit pictures with the prompt written in the cell.\n"
        "\n"
        "    %%banana cat.png -r 16:9 -s 2K -o hat\n"
        "    Add a small red hat\n"
        "\n"
        "    %%banana hat\n"
        "    Make it night\n"
        "\n"
        "    %%banana\n"
        "    A banana on a desk, watercolour\n"
        "\n"
        "A picture is a variable, a file, an address or _ (the last value); several go into one edit, and with\n"
        "none the picture is made from the words alone. Pictures and flags come in any order. {{name}} stands for\n"
        "a variable of the notebook, {{{{name}}}} for {{name}} itself.\n"
        "\n"
        "  -r --ratio, --aspect-ratio  16:9, 1:1, ...; else as the picture\n"
        "  -s --size                   1K, 2K, 4K\n"
        "  -n --takes                  how many attempts, at once\n"
        "  --take                      which attempt: a new number pays, a known one is replayed\n"
        "  -m --model                  an id or a nickname: %banana models\n"
        "  -o --out                    the variable that gets the result\n"
        "  --save                      a file to write, too\n"
        "  --from                      the result to go on from\n"
        "  --context                   with --from: refeed (its picture) or conversation (all that was said)\n"
        "  --fresh                     send again, and pay again\n"
        "  --dry-run                   what it would cost; nothing is sent\n"
        "  --bg                        go on at once: gives a handle with await, .result and .cancel()\n"
        "  --compare                   several prompts with a line --- between them, each on each picture\n"
        "\n"
        "Where to edit, and what else a model takes:\n"
        "\n"
        "  --mask                      a variable, a file (white there) or 0.25,0.25,0.5,0.5 (left, top, width,\n"
        "                              height in shares of the first picture)\n"
        "  --seed                      a whole number\n"
        "  --quality                   low, medium, high, ...\n"
        "  --extra                     further fields: '{{\"num_inference_steps\": 20}}'\n"
        "\n"
        "Where to, for this cell alone:\n"
        "\n"
        "  --endpoint                  a provider's name or an address: http://127.0.0.1:8000\n"
        "  --wire                      gemini, openai or images\n"
        "  --insecure                  plain http to a private address\n",
        "用单元格里写的提示词编辑图片。\n"
        "\n"
        "    %%banana cat.png -r 16:9 -s 2K -o hat\n"
        "    加一顶红色小帽子\n"
        "\n"
        "    %%banana hat\n"
        "    改成夜晚\n"
        "\n"
        "    %%banana\n"
        "    桌上的一根香蕉，水彩画\n"
        "\n"
        "图片可以是变量、文件、网址或 _（上一个值）；写多张则合在一次编辑里，不写则只按文字生成。\n"
        "图片和选项的顺序随意。{{name}} 代表笔记本中的变量，{{{{name}}}} 代表 {{name}} 本身。\n"
        "\n"
        "  -r --ratio, --aspect-ratio  16:9、1:1 等；不写则随图片\n"
        "  -s --size                   1K、2K、4K\n"
        "  -n --takes                  同时做几次\n"
        "  --take                      第几次：新的编号要付费，已有的直接重放\n"
        "  -m --model                  模型的编号或昵称：%banana models\n"
        "  -o --out                    存放结果的变量\n"
        "  --save                      另外写入的文件\n"
        "  --from                      从哪个结果继续\n"
        "  --context                   与 --from 合用：refeed（用它的图片）或 conversation（接着整段对话）\n"
        "  --fresh                     重新发送，重新付费\n"
        "  --dry-run                   要花多少钱；不发送任何请求\n"
        "  --bg                        立即继续：得到一个句柄，可用 await、.result 和 .cancel()\n"
        "  --compare                   多条提示词，中间用一行 --- 隔开，逐一用于每张图片\n"
        "\n"
        "编辑哪里，以及模型的其他参数：\n"
        "\n"
        "  --mask                      变量、文件（白色处）或 0.25,0.25,0.5,0.5（左、上、宽、高，占第一张图片的比例）\n"
        "  --seed                      整数\n"
        "  --quality                   low、medium、high 等\n"
        "  --extra                     其他字段：'{{\"num_inference_steps\": 20}}'\n"
        "\n"
        "发到哪里，只对这个单元格有效：\n"
        "\n"
        "  --endpoint                  服务商的名称或地址：http://127.0.0.1:8000\n"
        "  --wire                      gemini、openai 或 images\n"
        "  --insecure                  允许用明文 http 访问内网地址\n",
    ),
    "no_cache": ("--no-cache is called --fresh now.", "--no-cache 现在叫 --fresh。"),
    "unknown_name": (
        "{{{name}}}: this notebook has no variable '{name}'; nothing was sent.",
        "{{{name}}}：本笔记本中没有变量“{name}”；尚未发送任何请求。",
    ),
    "unknown_name_hint": (
        "For the braces themselves write {{{{{name}}}}}.",
        "若要写花括号本身，请写 {{{{{name}}}}}。",
    ),
    "not_words": (
        "{{{name}}}: '{name}' is a {kind}, which has no words for a prompt; nothing was sent.",
        "{{{name}}}：“{name}”是 {kind}，不能作为提示词里的文字；尚未发送任何请求。",
    ),
    "not_words_hint": (
        "A picture goes on the first line: %%banana {name}",
        "图片应写在第一行：%%banana {name}",
    ),
    "one_prompt": (
        "--compare needs two prompts or more; there is one.",
        "--compare 至少需要两条提示词，现在只有一条。",
    ),
    "one_prompt_hint": ("Put a line --- between them.", "请在提示词之间单独写一行 ---。"),
    "apart": (
        "{flag} and {other} can't go together; nothing was sent. Leave out {other}.",
        "{flag} 与 {other} 不能同时使用；尚未发送任何请求。请去掉 {other}。",
    ),
    "context_alone": (
        "--context goes with --from, which names the result to go on from.",
        "--context 须与 --from 合用，由 --from 指明从哪个结果继续。",
    ),
    "context_hint": (
        "Write %%banana --from hat --context conversation, where hat is a result.",
        "写法示例：%%banana --from hat --context conversation，其中 hat 是一个结果。",
    ),
    "no_conversation": (
        "--from {name}: that is no result, so there is no conversation to go on with.",
        "--from {name}：它不是编辑结果，没有可以继续的对话。",
    ),
    "kept": ("Kept in {path}", "保存在 {path}"),
    "under_way": ("“{prompt}” is under way …", "“{prompt}”正在进行……"),
    "cancelled": (
        "“{prompt}” was cancelled; nb.history() says whether it may be billed.",
        "“{prompt}”已取消；是否可能计费见 nb.history()。",
    ),
    "failed": ("“{prompt}” failed. {reason}", "“{prompt}”失败。{reason}"),
    "was_cancelled": ("This edit was cancelled.", "此次编辑已取消。"),
    "was_cancelled_hint": (
        "Run the cell again to make it; nb.history() says whether it may be billed.",
        "重新运行单元格即可再做；是否可能计费见 nb.history()。",
    ),
}
