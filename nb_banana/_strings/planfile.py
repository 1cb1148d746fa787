"""Sentences about a plan's file."""

TABLE: dict[str, tuple[str, str]] = {
    "option": (
        "Write what is typed here as a plan's file, and end; nothing is sent.",
        "把此处写的内容存为计划文件，然后结束；不发送任何请求。",
    ),
    "suffix": ("{path} is no name of a plan's file; end it with .toml.", "{path} 不是计划文件的名字；请以 .toml 结尾。"),
    "one": ("one plan's file at a time.", "一次只能使用一个计划文件。"),
    "unreadable": ("The plan {path} can't be read: {reason}.", "无法读取计划 {path}：{reason}。"),
    "unknown": ("{path}: there is no key {key!r} in a plan.", "{path}：计划中没有 {key!r} 这个键。"),
    "near": ("Did you mean {name}?", "您是想写 {name} 吗？"),
    "keys": ("The keys are {names}.", "可用的键：{names}。"),
    "twice": ("{path}: {key} says once more what {name} is.", "{path}：{key} 重复指定了 {name}。"),
    "out": ("out = {value!r} is no file's name in quotes.", "out = {value!r} 不是加引号的文件名。"),
    "insecure": (
        "A plan's file allows no plain http by itself: nb-banana compare {path} --insecure",
        "计划文件本身不会允许不加密的 http，运行时请加上：nb-banana compare {path} --insecure",
    ),
}
