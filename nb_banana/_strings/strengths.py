"""Sentences of what votes show: strengths, sides, agreement."""

TABLE: dict[str, tuple[str, str]] = {
    "needs_research": (
        "Counting votes needs {library}, which is not installed.",
        "统计投票需要 {library}，但它尚未安装。",
    ),
    "no_vote": (
        "votes[{at}] is {given!r}, not a vote. Give the votes of a rating, or nb.Vote values.",
        "votes[{at}] 是 {given!r}，不是投票。请给出一次评分的投票。",
    ),
    "no_choice": (
        "Vote {id!r} has the choice {choice!r}. There are: {known}.",
        "投票 {id!r} 的选择是 {choice!r}。可用的有：{known}。",
    ),
    "with_itself": (
        "Vote {id!r} compares {condition!r} with itself. The two sides must be two values of what is compared.",
        "投票 {id!r} 将 {condition!r} 与自身比较。两侧必须是被比较项的两个不同的值。",
    ),
    "same_id": (
        "Two different votes of {rater!r} have the id {id!r}, so which one counts can't be told. Give each vote an id of its own.",
        "评分者 {rater!r} 的两个不同投票使用了同一个 id {id!r}，无法判断哪一个有效。请为每个投票使用各自的 id。",
    ),
    "no_covariate": (
        "No vote has the covariate {name!r} on both sides, or it has a name of ours (side, seconds). Its keys are ids of records, or conditions: {known}.",
        "没有任何投票两侧都有协变量 {name!r}，或它使用了保留的名称（side、seconds）。它的键应为记录的 id 或条件：{known}。",
    ),
    "no_number": (
        "The covariate of {of!r} is {given!r}. Give a number, or leave it out.",
        "{of!r} 的协变量是 {given!r}。请给出数字，或将其省略。",
    ),
    "nothing": ("No vote on a pair that counts.", "没有可计入的成对投票。"),
    "of": ("{asked}: {line}", "{asked}：{line}"),
    "and": (", ", "，"),
    "comma": (", ", "、"),
    "against": (" | ", " | "),
    "counted": (
        "Votes: {votes}; people: {raters}; prompts: {units} (a prompt is an image with what was asked of it).",
        "投票：{votes}；评分者：{raters}；提示词：{units}（一张图片与对它的要求合计为一个）。",
    ),
    "not_counted": ("Not counted: {left}.", "未计入：{left}。"),
    "skipped": ("skipped {count}", "跳过 {count}"),
    "undone": ("taken back {count}", "撤回 {count}"),
    "copies": ("copies {count}", "重复的副本 {count}"),
    "replaced": ("given again later {count}", "之后重新投过 {count}"),
    "seen": ("given once the names were revealed to that person {count}", "在向本人公布名称之后投出 {count}"),
    "singles": ("scores of one result alone {count}", "单个结果的打分 {count}"),
    "ties": (
        "Ties: {ties}, of them both bad: {both_bad}. A tie is half a win for each.",
        "平局：{ties}，其中两者都差：{both_bad}。平局算双方各半胜。",
    ),
    "approximate": (
        "{units} prompts are under {many}: every interval here is approximate.",
        "{units} 个提示词少于 {many} 个：此处所有区间均为近似。",
    ),
    "holm": ("; p = {p} after Holm", "；Holm 校正后 p = {p}"),
    "half": ("ties half; ", "平局算半；"),
    "beats": (
        "{first} beats {second} in {share} % of pairs ({half}95 %: {low}–{high}, {units} prompts{holm}).",
        "{first} 在 {share} % 的对比中胜过 {second}（{half}95 %：{low}–{high}，{units} 个提示词{holm}）。",
    ),
    "not_apart": (
        "{first} and {second} can't be told apart: {first} won {share} % of pairs ({half}95 %: {low}–{high}, {units} prompts{holm}); ",
        "{first} 与 {second} 无法区分：{first} 赢得 {share} % 的对比（{half}95 %：{low}–{high}，{units} 个提示词{holm}）；",
    ),
    "more": (
        "about {further} more prompts would, if the difference is as large as it looks.",
        "如果差异与所见一样大，再增加约 {further} 个提示词即可区分。",
    ),
    "more_far": (
        "if the difference is as small as it looks, it takes over {far} more prompts.",
        "如果差异与所见一样小，则还需要超过 {far} 个提示词。",
    ),
    "more_unknown": (
        "no difference was seen, so nobody can say how many more prompts would.",
        "未见差异，因此无法说明还需要多少提示词。",
    ),
    "too_few": (
        "{first} and {second}: {units} prompts, under {least}: too few to tell.",
        "{first} 与 {second}：{units} 个提示词，少于 {least} 个，不足以下结论。",
    ),
    "through_beats": (
        "{first} and {second} were compared only by way of others; by the model {first} would win {share} % of pairs (95 %: {low}–{high}{holm}).",
        "{first} 与 {second} 只通过其他条件间接比较；按模型，{first} 会赢得 {share} % 的对比（95 %：{low}–{high}{holm}）。",
    ),
    "through_not_apart": (
        "{first} and {second} were compared only by way of others, and can't be told apart: by the model {first} would win {share} % of pairs (95 %: {low}–{high}{holm}).",
        "{first} 与 {second} 只通过其他条件间接比较，无法区分：按模型，{first} 会赢得 {share} % 的对比（95 %：{low}–{high}{holm}）。",
    ),
    "through_untold": (
        "{first} and {second} were compared only by way of others: too few votes to tell.",
        "{first} 与 {second} 只通过其他条件间接比较：投票太少，不足以下结论。",
    ),
    "apart": (
        "Never compared, neither directly nor by way of others: {groups}. What stands on two sides of a bar can't be told apart, and no strengths are fitted.",
        "从未直接或间接比较：{groups}。竖线两侧的条件无法区分，因此不拟合强度。",
    ),
    "unbeaten": (
        "No strengths are fitted: against the rest, {names} neither lost nor tied, so how much stronger has no upper end. The shares hold.",
        "不拟合强度：{names} 对其余条件既无负也无平，因此强多少没有上限。上述占比仍然有效。",
    ),
    "one_way": (
        "No strengths are fitted: no vote contradicts another, so how far apart they are has no upper end. The shares hold.",
        "不拟合强度：没有任何投票彼此矛盾，因此差距没有上限。上述占比仍然有效。",
    ),
    "uneven": (
        "{first} stood left of {second} in {count} of {votes} votes, which is no shuffle: a lean to a side would look like strength.",
        "{votes} 次投票中有 {count} 次 {first} 在 {second} 的左侧，并非随机排列：对某一侧的偏向会看起来像强度。",
    ),
    "side_left": (
        "People lean to the left: of two of a strength the left one is chosen in {share} % (95 %: {low}–{high}; {votes} votes that decided, {units} prompts).",
        "评分者偏向左侧：强度相同时，左侧被选中的比例为 {share} %（95 %：{low}–{high}；{votes} 次分出胜负的投票，{units} 个提示词）。",
    ),
    "side_right": (
        "People lean to the right: of two of a strength the left one is chosen in only {share} % (95 %: {low}–{high}; {votes} votes that decided, {units} prompts).",
        "评分者偏向右侧：强度相同时，左侧被选中的比例仅为 {share} %（95 %：{low}–{high}；{votes} 次分出胜负的投票，{units} 个提示词）。",
    ),
    "side_neither": (
        "No lean to a side was shown: of two of a strength the left one is chosen in {share} % (95 %: {low}–{high}; {votes} votes that decided, {units} prompts).",
        "未显示对某一侧的偏向：强度相同时，左侧被选中的比例为 {share} %（95 %：{low}–{high}；{votes} 次分出胜负的投票，{units} 个提示词）。",
    ),
    "side_confounded": (
        "A lean to a side can't be told from strength here: conditions always stood on the same side (left chosen: {share} %, 95 %: {low}–{high}; {votes} votes that decided, {units} prompts).",
        "此处无法区分侧向偏好与强度：各条件总在同一侧（选左：{share} %，95 %：{low}–{high}；{votes} 次分出胜负的投票，{units} 个提示词）。",
    ),
    "side_endless": (
        "The side alone decided without exception (left chosen: {share} %, 95 %: {low}–{high}; {votes} votes that decided, {units} prompts).",
        "胜负毫无例外地由左右位置决定（选左：{share} %，95 %：{low}–{high}；{votes} 次分出胜负的投票，{units} 个提示词）。",
    ),
    "name_seconds": ("The time taken", "用时"),
    "confounded": (
        "{name} can't be told from the conditions: it always went with them.",
        "{name} 与条件总是同时变化，无法区分两者的影响。",
    ),
    "endless": (
        "{name} goes with the side chosen without exception: how strongly has no upper end.",
        "{name} 与所选的一侧毫无例外地一致：其影响程度没有上限。",
    ),
    "seconds_told": (
        "Who looks twice as long chooses the left side with {value} times the odds (95 %: {low}–{high}; {votes} votes, {units} prompts{holm}).",
        "用时加倍时，选左侧的几率变为 {value} 倍（95 %：{low}–{high}；{votes} 次投票，{units} 个提示词{holm}）。",
    ),
    "seconds_untold": (
        "That the time taken goes with the side was not shown (twice as long: {value} times the odds of left, 95 %: {low}–{high}; {votes} votes, {units} prompts{holm}).",
        "未显示用时与所选一侧有关（用时加倍：选左的几率为 {value} 倍，95 %：{low}–{high}；{votes} 次投票，{units} 个提示词{holm}）。",
    ),
    "covariate_told": (
        "{name} goes with the choice: {step} more of it has {value} times the odds (95 %: {low}–{high}; {votes} votes, {units} prompts{holm}).",
        "{name} 与选择有关：多 {step} 时被选中的几率为 {value} 倍（95 %：{low}–{high}；{votes} 次投票，{units} 个提示词{holm}）。",
    ),
    "covariate_untold": (
        "That {name} goes with the choice was not shown ({step} more of it: {value} times the odds, 95 %: {low}–{high}; {votes} votes, {units} prompts{holm}).",
        "未显示 {name} 与选择有关（多 {step}：几率为 {value} 倍，95 %：{low}–{high}；{votes} 次投票，{units} 个提示词{holm}）。",
    ),
    "column_condition": ("condition", "条件"),
    "column_strength": ("strength", "强度"),
    "column_interval": ("95 %", "95 %"),
    "column_units": ("prompts", "提示词"),
    "column_votes": ("votes", "投票"),
    "column_wtl": ("won / tied / lost", "胜 / 平 / 负"),
}
