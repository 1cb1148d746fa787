"""Sentences of reports: files of a comparison for others."""

TABLE: dict[str, tuple[str, str]] = {
    # nb-banana report
    "help": (
        "Write down a saved comparison for others: nb-banana report night.zip gives night.html; -o night.tex, .pdf, .png, .csv or "
        ".parquet another kind. Nothing is sent.",
        "把保存的比较写成报告：nb-banana report night.zip 生成 night.html；-o night.tex、.pdf、.png、.csv 或 .parquet 则为其他格式。不发送任何请求。",
    ),
    "option_out": (
        "Where to write, the kind by the name's end; for several files a folder (reports/). Left out, beside the file.",
        "写到何处，格式由后缀决定；多个文件请写文件夹（reports/）。不写则放在原文件旁边。",
    ),
    "option_kind": (
        "The kind where --out names none: html (left out), png, pdf, csv, parquet, tex or zip.",
        "--out 未指明时的格式：html（默认）、png、pdf、csv、parquet、tex 或 zip。",
    ),
    "option_columns": (
        "A column to tell of; several times for several. Left out, those that tell something.",
        "要报告的列；可多次给出。不写则为有意义的列。",
    ),
    "option_methods": ("Print the paragraph about methods instead.", "改为输出“方法”一段。"),
    "one_out": (
        "--out {name} takes one comparison; for several name a folder (reports/).",
        "--out {name} 只能用于一个比较；多个请写文件夹（reports/）。",
    ),
    "bad_suffix": (
        "No file that ends in {suffix} can be written: {kinds}, or a folder (a name that ends in /).",
        "无法写出以 {suffix} 结尾的文件：可用 {kinds}，或文件夹（名称以 / 结尾）。",
    ),
    "bad_suffix_hint": ("Try {suggestion}.", "请试试 {suggestion}。"),
    "unwritable": ("{path} can't be written: {reason}.", "无法写入 {path}：{reason}。"),
    "not_empty": (
        "The folder {path} holds other files; nothing was written.",
        "文件夹 {path} 中有其他文件，未写入任何内容。",
    ),
    "other_pictures": (
        "The folder {path} holds pictures that are not of this comparison, such as {name}; nothing was written.",
        "文件夹 {path} 中有不属于此比较的图片，例如 {name}；未写入任何内容。",
    ),
    "not_empty_hint": ("Name a new folder.", "请使用新的文件夹名称。"),
    "no_pyarrow": ("Parquet needs pyarrow, which is not installed.", "写 Parquet 需要 pyarrow，但未安装。"),
    "no_table": (
        "There is nothing to tabulate: the plan compares nothing, or no column has figures.",
        "没有可制成表格的内容：此计划没有比较任何变化，或没有任何数值列。",
    ),
    "no_table_hint": (
        "Run a plan with two values of an axis, measure it with .score(), or name columns=[…].",
        "请运行某个维度至少有两个值的计划，用 .score() 测量，或用 columns=[…] 指定列。",
    ),
    "too_tall": (
        "{pages} sheets are too much for one picture.",
        "{pages} 张缩略图页放不进一张图片。",
    ),
    "too_tall_hint": ("Write a .pdf, or a .html that can be searched.", "请导出 .pdf，或可搜索的 .html。"),
    "too_long": (
        "The words of {cells} cells alone are more than one page of 10 MB holds.",
        "仅 {cells} 格的文字就超过了 10 MB 的单个页面。",
    ),
    "too_long_hint": ("Write a .csv, a .parquet or a .zip.", "请导出 .csv、.parquet 或 .zip。"),
    "tex_head": (
        "Written by nb_banana. Needs \\usepackage{{booktabs}}; letters beyond Latin need XeLaTeX or LuaLaTeX.\nBold: better than every other condition in the same column, each p < .05 after Holm's correction.",
        "由 nb_banana 写出。需要 \\usepackage{{booktabs}}；中文需要 XeLaTeX 或 LuaLaTeX 与 ctex。\n粗体：同列中优于其他每个条件，且 Holm 校正后各 p < .05。",
    ),
    "caption_column": (
        "{column}: {units} units, {missing} cells without a figure.",
        "{column}：{units} 个单位，{missing} 格没有数值。",
    ),
    "caption_all": (
        "{units} units in each figure, {missing} cells without one.",
        "每个数值含 {units} 个单位，{missing} 格没有数值。",
    ),
    "caption": (
        "± is half of a symmetric 95 % interval; brackets are a 95 % interval that is not symmetric; a figure without either has too few units for one, or is the same in all. Bold is better than every other condition after Holm's correction (p < .05).",
        "± 为对称 95 % 区间的一半；方括号为不对称的 95 % 区间；两者皆无表示单位太少或各单位数值相同。粗体表示经 Holm 校正后优于其他每个条件（p < .05）。",
    ),
    "impossible": ("can't be asked", "无法请求"),
    "planned": (
        "{count} edits were planned with nb_banana {version}: {inputs} inputs, {prompts} prompts, up to {takes} takes of each combination.",
        "用 nb_banana {version} 规划了 {count} 次编辑：{inputs} 个输入，{prompts} 条提示词，每种组合最多 {takes} 次。",
    ),
    "compared": ("Compared by {by}: {values}.", "按 {by} 比较：{values}。"),
    "models": (
        "Models asked: {models_asked}; models that say they answered: {models_answered}; provider: {providers}; wire: {wires}.",
        "请求的模型：{models_asked}；自称作答的模型：{models_answered}；服务商：{providers}；接口：{wires}。",
    ),
    "sizes": ("Sizes asked: {values}.", "请求的尺寸：{values}。"),
    "ratios": ("Ratios asked: {values}.", "请求的比例：{values}。"),
    "seeds": ("Seeds: {values}.", "种子：{values}。"),
    "no_seeds": ("No seed was set.", "未设置种子。"),
    "when": ("The pictures were made between {began} and {ended} (UTC).", "图片生成于 {began} 至 {ended}（UTC）。"),
    "cost": ("They were made for {cost}.", "生成费用为 {cost}。"),
    "maybe_billed": (
        "Of the edits that brought no picture {count} may be billed too, at a cost that is not counted here.",
        "未得到图片的编辑中有 {count} 次也可能已计费，其费用未计入。",
    ),
    "all_brought": ("All {count} edits brought a picture.", "全部 {count} 次编辑都得到了图片。"),
    "left_out": (
        "{brought} edits brought a picture and {count} did not ({reasons}); those enter no mean.",
        "{brought} 次编辑得到图片，{count} 次没有（{reasons}）；后者不计入任何平均值。",
    ),
    "convention": ("{names}: {told}.", "{names}：{told}。"),
    "unit": (
        "The unit of evidence is the (image, prompt) pair; takes were averaged first.",
        "统计单位是（图片，提示词）组合；同一组合的多次结果先取平均。",
    ),
    "own_unit": (
        "The unit of evidence is the column “{unit}”; takes were averaged first.",
        "统计单位是“{unit}”列；同一单位的多次结果先取平均。",
    ),
    "statistics": (
        "Intervals are 95 %: Student's t under 30 units, the bias-corrected and accelerated bootstrap over units from 30, Wilson's for shares and Newcombe's for their paired differences, with an exact sign test (a pair whose takes disagree counts as a part of each). Conditions were compared unit by unit on the units both have, corrected by Holm; under {few} units nothing is concluded.",
        "区间为 95 %：少于 30 个单位用 t 区间，30 个及以上用按单位重抽样的 BCa 自助法，比例用 Wilson 区间，比例的配对差用 Newcombe 区间与精确符号检验（多次结果不一致的组合按比例计入）。各条件在共有的单位上逐一配对比较，并用 Holm 校正；少于 {few} 个单位时不下结论。",
    ),
    "sandbox": (
        "Pictures marked sandbox were painted by the offline stand-in: their figures say nothing about any model.",
        "标为 sandbox 的图片由离线替身绘制：其数值不说明任何模型的表现。",
    ),
    "methods": ("Methods", "方法"),
    "figures": ("What the figures show", "数值说明"),
    "mean": ("mean", "平均"),
    "interval": ("95 % interval", "95 % 区间"),
    "units": ("units", "单位数"),
    "takes": ("takes", "次数"),
    "missing": ("without a figure", "无数值"),
    "no_interval": ("too few units", "单位太少"),
    "search": ("Search", "搜索"),
    "shown": ("%1 of %2 shown", "显示 %1 / %2"),
    "theme": ("Light or dark", "明暗切换"),
    "large": ("Large view", "大图"),
    "close": ("Close", "关闭"),
    "input": ("Input: {name}", "输入：{name}"),
    "more": ("Columns and figures", "列与数值"),
    "no_room": ("no room for this picture in one file", "单个文件放不下此图片"),
    "pictures_left_out": (
        "{count} pictures are not in this file, which would be larger than 10 MB; a .zip has all of them.",
        "有 {count} 张图片未收入此文件，否则会超过 10 MB；.zip 中包含全部图片。",
    ),
    "alt": ("Result of “{prompt}”: {where}", "“{prompt}”的结果：{where}"),
    "share_title": ("Before and after", "编辑前后"),
    "no_letters": (
        "No font on this machine has the letters of this prompt, so a picture can't show it.",
        "本机没有包含此提示词文字的字体，无法画进图片。",
    ),
    "no_letters_hint": ("Write a .html, or install a font such as Noto Sans CJK.", "请导出 .html，或安装 Noto Sans CJK 等字体。"),
    "before": ("Before", "编辑前"),
    "after": ("After", "编辑后"),
    "share_suffix": (
        "{suffix} can't be shared: .html is a page, .png a picture for a slide.",
        "无法分享为 {suffix}：.html 为网页，.png 为幻灯片图片。",
    ),
}
