"""Sentences of how far people who judged agree."""

TABLE: dict[str, tuple[str, str]] = {
    "no_level": (
        "level={level!r} is unknown. There are: {known}.",
        "level={level!r} 未知。可用的有：{known}。",
    ),
    "pairs": ("on pairs", "对比"),
    "scores": ("on scores", "打分"),
    "alpha": (
        "Agreement {what}: Krippendorff's alpha {alpha} (95 %: {low} to {high}; {raters} people, {items} items of {units} prompts judged by two or more); two answers to an item are the same in {same} %. 1 is full agreement, 0 what chance brings.",
        "一致性（{what}）：Krippendorff α 为 {alpha}（95 %：{low} 至 {high}；{raters} 位评分者，{units} 个提示词的 {items} 项由两人以上评判）；同一项的两个回答相同的占 {same} %。1 为完全一致，0 为随机水平。",
    ),
    "few": (
        "Agreement {what}: {units} prompts were judged by two or more of {raters} people, under {least}: too few to tell (alpha {alpha}, the same answer in {same} %).",
        "一致性（{what}）：{raters} 位评分者中有两人以上评判的提示词为 {units} 个，少于 {least} 个，不足以下结论（α 为 {alpha}，回答相同的占 {same} %）。",
    ),
    "one_rater": (
        "Agreement {what}: one person judged, so there is nobody to agree with.",
        "一致性（{what}）：只有一位评分者，无从比较。",
    ),
    "nothing_common": (
        "Agreement {what}: {raters} people judged, but no two of them the same item: nothing can be said.",
        "一致性（{what}）：{raters} 位评分者没有任何两人评判过同一项，无法判断。",
    ),
    "constant": (
        "Agreement {what}: {raters} people gave the same answer to all {items} items. Whether they would agree where there is something to tell can't be said.",
        "一致性（{what}）：{raters} 位评分者对全部 {items} 项给出相同的回答；在确有差别时是否一致无法判断。",
    ),
    "alone": (
        "Judged by one person alone, and not counted here: {alone} items.",
        "仅一人评判、此处未计入的项：{alone}。",
    ),
    "again": (
        "Votes that the same person gave again later, of which the last counts: {again}.",
        "同一人之后重新投过的票（以最后一次为准）：{again}。",
    ),
}
