"""Sentences of experiments."""

TABLE: dict[str, tuple[str, str]] = {
    "steps": ("Step by step, or all at once?", "分步编辑，还是一次完成？"),
    "wires": ("Does it matter over which interface a model is asked?", "通过哪种接口请求模型有区别吗？"),
    "models": ("What do the models do otherwise?", "这些模型有何不同？"),
    "sizes": ("Is a larger picture the same edit?", "更大的图片还是同样的编辑吗？"),
    "prompts": ("Which wording does what was meant?", "哪种说法更合本意？"),
    "masks": ("How much changes outside of a mask, with it and without?", "用蒙版与不用蒙版，蒙版外改变多少？"),
    "many": (
        "Holm's correction holds for the pairs of one figure, not over the {count} figures looked at: say beforehand which one decides.",
        "Holm 校正只针对同一数值的各对比较，并不覆盖所看的 {count} 个数值：请事先说明以哪个为准。",
    ),
    "not_run": ("Nothing has run yet, so there is no answer.", "尚未运行，因此没有答案。"),
    "not_run_hint": ("Look at .estimate(), then .run().", "先看 .estimate()，再 .run()。"),
    "few_steps": (
        "{value} is no edit in steps: give at least two, such as ['make it snow', 'make it night'].",
        "{value} 不是分步编辑：请至少给出两步，例如 ['make it snow', 'make it night']。",
    ),
    "not_as_many": (
        "{edits} edits in steps, but {prompts} prompts at_once: give one for each edit, in the same order.",
        "分步编辑有 {edits} 个，at_once 提示词有 {prompts} 个：请按相同顺序为每个编辑各给一个。",
    ),
    "one_wording": (
        "One wording alone can't be compared: give a dict of at least two, such as {{'A': …, 'B': …}}.",
        "只有一种说法无法比较：请给出至少两种，例如 {{'A': …, 'B': …}}。",
    ),
    "uneven": (
        "Each wording needs a prompt for every edit, in the same order; there are: {counts}.",
        "每种说法都需按相同顺序为每个编辑给出提示词；目前为：{counts}。",
    ),
}
