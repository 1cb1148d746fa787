"""Sentences of what a comparison's numbers show."""

TABLE: dict[str, tuple[str, str]] = {
    "few": (
        "{names}: fewer than {least} image–prompt pairs, too few to tell; the mean is all there is.",
        "{names}：图片–提示词组合少于 {least} 个，不足以下结论；只给出平均值。",
    ),
    "infinite": (
        "{column}, {value}: {count} infinite (as the PSNR of equal pictures is), in no mean: counted as without a figure.",
        "{column}，{value}：{count} 个为无穷大（如两张相同图片的 PSNR），不计入任何平均值，算作没有数值。",
    ),
    "one_value": (
        "There is nothing to compare: {by} has one value ({value}). Plan at least two.",
        "没有可比较的内容：{by} 只有一个值（{value}）。请至少规划两个值。",
    ),
    "no_axis": (
        "{by!r} is no axis of this plan and no column of your own. There are: {known}.",
        "{by!r} 既不是此计划的维度，也不是您自己的列。可用的有：{known}。",
    ),
    "bad_against": (
        "against={value} can't be: 'before' measures each step against the picture it edited, 'input' against the first one.",
        "against={value} 无效：'before' 表示与该步编辑的图片比较，'input' 表示与最初的图片比较。",
    ),
    "no_turn": (
        "No chain here has turn {turn!r}: give a number up to {last}, or 'last' for the steps that no other follows.",
        "这里没有第 {turn!r} 步：请给出不大于 {last} 的数字，或用 'last' 表示每条链的最后一步。",
    ),
    "taken": (
        "The table has a column {column!r} of its own; what was measured stands in {name!r}.",
        "表中已有名为 {column!r} 的列；测得的数值放在 {name!r} 列。",
    ),
    "no_column": (
        "There is no column {column!r} of numbers or of yes and no. There are: {known}.",
        "没有名为 {column!r} 的数值列或是/否列。可用的有：{known}。",
    ),
    "answered": ("of what was answered", "仅计有结果的"),
    "failures_as_no": ("failures counted as no", "失败计为否"),
    "too_few": (
        "{column}, {first} and {second}: {units} image–prompt pairs in common, under {least}: too few to tell.",
        "{column}，{first} 与 {second}：共同的图片–提示词组合 {units} 个，少于 {least} 个，不足以下结论。",
    ),
    "nothing_common": (
        "{column}, {first} and {second}: no image–prompt pair has both: nothing can be said.",
        "{column}，{first} 与 {second}：没有两者都有结果的图片–提示词组合，无法比较。",
    ),
    "more": (
        "{column} is higher with {second} than with {first}, by {difference} ({interval}; p = {p} after Holm; {units} image–prompt pairs; {reading}).",
        "{column}：{second} 比 {first} 高 {difference}（{interval}；Holm 校正后 p = {p}；{units} 个图片–提示词组合；{reading}）。",
    ),
    "less": (
        "{column} is lower with {second} than with {first}, by {difference} ({interval}; p = {p} after Holm; {units} image–prompt pairs; {reading}).",
        "{column}：{second} 比 {first} 低 {difference}（{interval}；Holm 校正后 p = {p}；{units} 个图片–提示词组合；{reading}）。",
    ),
    "no_difference": (
        "{column}: no difference between {first} and {second} was shown; anything from {low} to {high} fits (p = {p} after Holm; {units} image–prompt pairs; {reading}).",
        "{column}：未显示 {first} 与 {second} 之间有差异；从 {low} 到 {high} 都与数据相符（Holm 校正后 p = {p}；{units} 个图片–提示词组合；{reading}）。",
    ),
    "interval": ("95 %: {low} to {high}", "95 %：{low} 至 {high}"),
    "steady": ("the same in every pair", "每个组合都相同"),
    "each_same": (
        "{column}: {first} and {second} are equal in each of {units} image–prompt pairs; {reading}.",
        "{column}：在 {units} 个图片–提示词组合中，{first} 与 {second} 全都相等；{reading}。",
    ),
    "each_differs": (
        "{column}: no difference between {first} and {second} was shown: all {units} image–prompt pairs differ by {difference}, but so few go one way by chance too often (p = {p} after Holm; {reading}).",
        "{column}：未显示 {first} 与 {second} 之间有差异：{units} 个图片–提示词组合都相差 {difference}，但这么少的组合偶然也会同向（Holm 校正后 p = {p}；{reading}）。",
    ),
    "close": (
        "{column}: no difference between {first} and {second} was shown: the test does not tell them apart (p = {p} after Holm), though the interval of the difference ({low} to {high}) "
        "leaves out 0: a close call ({units} image–prompt pairs; {reading}).",
        "{column}：未显示 {first} 与 {second} 之间有差异：检验未能区分（Holm 校正后 p = {p}），但差异的区间（{low} 至 {high}）不含 0：处于临界（{units} 个图片–提示词组合；{reading}）。",
    ),
    "one_of_several": (
        "{column}: no difference between {first} and {second} was shown: taken alone this pair would differ, by {difference} ({interval}), but among several comparisons chance brings such a one "
        "too often (p = {p} after Holm; {units} image–prompt pairs; {reading}).",
        "{column}：未显示 {first} 与 {second} 之间有差异：单看这一对，差异为 {difference}（{interval}），但同时做多个比较时，偶然也会出现这样的差异（Holm 校正后 p = {p}；{units} 个图片–提示词组合；{reading}）。",
    ),
}
