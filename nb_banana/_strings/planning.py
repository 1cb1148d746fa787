"""Sentences of plans: what can be given, and what showing one says."""

TABLE: dict[str, tuple[str, str]] = {
    "no_number": (
        "{axis}{place} is {kind}, no whole number. Give one number or a list: {axis}=[1, 2, 3].",
        "{axis}{place} 是 {kind}，不是整数。请给一个数字或列表：{axis}=[1, 2, 3]。",
    ),
    "seed_and_seeds": (
        "seed= holds for all edits and seeds= compares several: give one of the two.",
        "seed= 用于所有编辑，seeds= 用于比较多个种子：请只给其中一个。",
    ),
    "no_phrases": (
        "replace is {kind}. Give each phrase as text with what is tried in its place: replace={{'red': ['blue', 'green']}}.",
        "replace 为 {kind}。请以文本给出每个短语及其替换：replace={{'red': ['blue', 'green']}}。",
    ),
    "no_phrase": (
        "The phrase {phrase!r} is not in the prompt {prompt!r}; nothing would be replaced. Spell it as the prompt does.",
        "提示词 {prompt!r} 中没有 {phrase!r}，无从替换。请按提示词中的写法填写。",
    ),
    "no_prompt": (
        "prompts= is missing. Give a prompt, several, or a table with a column 'prompt' in place of the pictures.",
        "缺少 prompts=。请给出一个或多个提示词，或用一个带有 'prompt' 列的表格代替图片。",
    ),
    "no_prompts": (
        "The table has no column 'prompt' (it has: {names}). Name one so, or give prompts beside it: nb.compare(table, \"…\").",
        "表格中没有 'prompt' 列（现有：{names}）。请添加该列，或另外给出提示词：nb.compare(table, \"…\")。",
    ),
    "empty_table": ("The table has no rows; give at least one.", "表格没有任何行；请至少给一行。"),
    "image_and_images": (
        "The table has both columns 'image' and 'images'; keep one.",
        "表格同时有 'image' 和 'images' 两列；请保留一列。",
    ),
    "twice": (
        "{name} is a column of the table and is given beside it too; keep one of the two.",
        "{name} 既是表格中的一列，又作为参数给出；请保留其一。",
    ),
    "near_name": (
        "The column {name!r} is no coordinate; is it meant to be {near!r}? It would be carried along and not asked. Rename it.",
        "列名 {name!r} 不是坐标，是否应为 {near!r}？它只会随结果保留而不会被发送。请改名。",
    ),
    "not_a_column": (
        "The column {name!r} can't stand in a table; give {near} beside it: nb.compare(table, …).",
        "列 {name!r} 不能放在表格里；请作为参数给出 {near}：nb.compare(table, …)。",
    ),
    "taken_name": (
        "The column {name!r} has the name of a column that the results have; rename it.",
        "列名 {name!r} 与结果表中的列同名；请改名。",
    ),
    "in_row": ("Row {row} of the table: {reason}", "表格第 {row} 行：{reason}"),
    "earlier_impossible": (
        "Step {turn} of this chain can't be made, so this one can't either.",
        "该链条的第 {turn} 步无法执行，因此这一步也无法执行。",
    ),
    "detectable": (
        "{units} image–prompt pairs: between two values of {axis} a mean difference of {size} standard deviations or more would mostly "
        "be found (80 %, at 5 % over all pairs of values); a smaller one could pass for chance",
        "{units} 个图片–提示词组合：{axis}的两个值之间，平均差异达到 {size} 个标准差以上才大多能被发现（把握 80 %，总体显著性水平 5 %）；更小的差异可能与偶然无法区分",
    ),
    "few": (
        "{units} image–prompt pairs: too few to tell values of {axis} apart, whatever the takes; {least} are the least",
        "{units} 个图片–提示词组合：无论重复多少次都不足以区分不同的{axis}；至少需要 {least} 个",
    ),
}
