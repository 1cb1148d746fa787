"""Sentences of blind rating. Those that begin with ``page_`` go to the page."""

TABLE: dict[str, tuple[str, str]] = {
    "plain": (
        "A blind rating. It needs a running kernel: run this cell. Votes are kept beside the history.",
        "盲评。需要运行中的内核：请运行此单元格。投票保存在历史记录旁边。",
    ),
    # votes
    "votes": ("{count} votes by {raters}", "{raters} 的 {count} 张投票"),
    "votes_undone": ("{count} taken back", "{count} 张已撤回"),
    "votes_skip": ("{count} skipped", "{count} 张跳过"),
    "unread": ("{count} lines could not be read", "{count} 行无法读取"),
    "unread_in": (
        "{count} lines of {path} could not be read and are not counted: they were cut short, or written by a newer release.",
        "{path} 中有 {count} 行无法读取，未计入：它们被截断，或由更新的版本写入。",
    ),
    "bad_suffix": (
        "Votes are written to a .jsonl file, not to {path!r}. For a table: votes.to_dataframe().to_csv(…).",
        "投票写入 .jsonl 文件，而不是 {path!r}。要表格请用 votes.to_dataframe().to_csv(…)。",
    ),
    "not_written": ("{path} could not be written: {reason}.", "无法写入 {path}：{reason}。"),
    "not_read": ("No votes could be read from {path}: {reason}.", "无法从 {path} 读取投票：{reason}。"),
    "no_votes": (
        "{path} holds no votes. Give a file that votes.export(…) wrote, or the votes.jsonl of a history.",
        "{path} 中没有投票。请给出 votes.export(…) 写的文件，或历史记录中的 votes.jsonl。",
    ),
    "not_kept": (
        "The vote is not kept: {path} can't be written ({reason}). Make room, or free the file, and vote again.",
        "投票未保存：无法写入 {path}（{reason}）。请腾出空间或释放文件后重新投票。",
    ),
    "not_sound": (
        "Not kept: what was given can't be read back from the file of votes: {entry!r}.",
        "未保存：给出的内容写入投票文件后无法原样读回：{entry!r}。",
    ),
    # refusals
    "unknown": ("{name}={value!r} is not known; choose {known}.", "没有 {name}={value!r}；可选 {known}。"),
    "no_text": ("{name}={value!r} is no text.", "{name}={value!r} 不是文字。"),
    "bad_criteria": (
        "criteria={value!r}: give names such as [\"instruction\", \"quality\"], or names with a question each.",
        "criteria={value!r}：请给出名称，如 [\"instruction\", \"quality\"]，或每个名称及其问题。",
    ),
    "bad_seed": (
        "seed={value!r} is no whole number from -2**64 to 2**64.",
        "seed={value!r} 不是 -2**64 至 2**64 之间的整数。",
    ),
    "bad_rater": (
        "{value!r} is no name to keep votes under: give 1 to {most} characters.",
        "{value!r} 不能作为保存投票的名字：请给出 1 至 {most} 个字符。",
    ),
    "one_value": (
        "Along {by!r} there is only {value!r}: nothing to rate against each other. Name an axis with two values, or rate with mode=\"single\".",
        "{by!r} 只有 {value!r}：没有可以相互比较的。请指定有两个值的坐标，或用 mode=\"single\" 逐个打分。",
    ),
    "no_rater": (
        "Nobody rates yet: give a name on the page, or rating.rater = \"ann\".",
        "还没有评分者：请在页面上填写名字，或设置 rating.rater = \"ann\"。",
    ),
    "nothing_left": ("{rater} has rated everything there is.", "{rater} 已评完全部内容。"),
    "voted": (
        "Not kept: {rater} has voted on this already, perhaps on another page. Here is what is left.",
        "未保存：{rater} 已对此投过票（可能在另一个页面）。以下是剩余的内容。",
    ),
    "locked": (
        "Not kept: {rater} was told which result is whose, so a vote on them would not be blind. Another person can rate them.",
        "未保存：{rater} 已知道每个结果的来源，再投票就不是盲评了。可由其他人来评。",
    ),
    "cant_undo": (
        "There is no vote of {rater} to take back.",
        "没有 {rater} 可以撤回的投票。",
    ),
    # on the page
    "progress": ("{done} of {count}", "{done} / {count}"),
    "saved": ("Saved. {done} of {count}.", "已保存。{done} / {count}。"),
    "undone": ("Taken back; it is asked again.", "已撤回；将重新提问。"),
    "question_pairs": ("Which result is better?", "哪个结果更好？"),
    "question_single": ("How good is this result?", "这个结果有多好？"),
    "left_out_pairs": ("{count} pairs are not shown: {reasons}.", "{count} 对未显示：{reasons}。"),
    "left_out_single": ("{count} results are not shown: {reasons}.", "{count} 个结果未显示：{reasons}。"),
    "why_failed": ("{count} where an edit failed or was refused", "{count} 个因编辑失败或被拒绝"),
    "why_missing": ("{count} where an edit has not run", "{count} 个因编辑尚未运行"),
    "why_same": ("{count} where one result stands on both sides", "{count} 个因两边是同一结果"),
    "why_spare": ("{count} where one side has no further result to meet", "{count} 个因另一边没有更多结果可对照"),
    "why_lost": ("{count} whose picture can't be read", "{count} 个因图片无法读取"),
    "nothing": (
        "There is nothing to rate: no two results can be compared yet. Run the comparison, then this cell.",
        "没有可评的内容：还没有可比较的两个结果。请先运行对比，再运行此单元格。",
    ),
    "no_two": (
        "There is nothing to rate: no two results of one edit (the same picture, the same words) differ in what is compared. "
        "If a column of yours says what was edited, name it: rate(by=…, unit=\"…\").",
        "没有可评的内容：没有两个结果属于同一编辑（同一图片、同一指令）而只在被比较项上不同。若您的某一列说明了编辑的是什么，请指明它：rate(by=…, unit=\"…\")。",
    ),
    "tally_count": ("votes", "票数"),
    "tally_wins": ("{first} better", "{first} 更好"),
    "tally_tie": ("tie", "平局"),
    "tally_both_bad": ("both bad", "都不好"),
    "tally_mean": ("mean of {count}", "{count} 个的平均"),
    "weighing": ("Weighing the votes…", "正在分析投票…"),
    "no_strengths": (
        "These are counts, not findings: nothing here says whether a difference is more than chance.",
        "这些只是计数，不是结论：无法说明差异是否只是偶然。",
    ),
    "about": ("{what}: ", "{what}："),
    "mean": (
        "{condition}: {mean} stars (95 %: {low} to {high}; {units} prompts, {votes} votes).",
        "{condition}：{mean} 星（95 %：{low} 至 {high}；{units} 个提示词，{votes} 张投票）。",
    ),
    "mean_few": (
        "{condition}: {mean} stars from {units} prompts, under {least}: too few to tell more.",
        "{condition}：{mean} 星，仅 {units} 个提示词，少于 {least} 个，无法说明更多。",
    ),
    "contrast_few": (
        "{better} and {other}: {units} prompts in common, under {least}: too few to tell.",
        "{better} 与 {other}：共同的提示词 {units} 个，少于 {least} 个，不足以下结论。",
    ),
    "contrast_shown": (
        "{better} has {difference} stars more than {other} ({interval}; p = {p} after Holm; {units} prompts).",
        "{better} 比 {other} 多 {difference} 星（{interval}；Holm 校正后 p = {p}；{units} 个提示词）。",
    ),
    "contrast_none": (
        "{better} and {other} can't be told apart: anything from {low} to {high} stars more fits (p = {p} after Holm; {units} prompts).",
        "{better} 与 {other} 无法区分：相差 {low} 至 {high} 星都与数据相符（Holm 校正后 p = {p}；{units} 个提示词）。",
    ),
    "mean_steady": (
        "{condition}: {mean} stars on every one of {units} prompts ({votes} votes).",
        "{condition}：{units} 个提示词都是 {mean} 星（{votes} 张投票）。",
    ),
    "contrast_same": (
        "{better} and {other} have the same stars on every one of {units} prompts.",
        "{better} 与 {other} 在 {units} 个提示词上星数都相同。",
    ),
    "contrast_steady": (
        "{better} and {other} can't be told apart: {better} has {difference} stars more on every one of {units} prompts, but so few go one way by chance too often (p = {p} after Holm).",
        "{better} 与 {other} 无法区分：{better} 在 {units} 个提示词上都多 {difference} 星，但这么少的提示词偶然也会同向（Holm 校正后 p = {p}）。",
    ),
    "contrast_close": (
        "{better} and {other} can't be told apart (p = {p} after Holm), though the interval of these two alone, {low} to {high} stars more, leaves out 0 ({units} prompts).",
        "{better} 与 {other} 无法区分（Holm 校正后 p = {p}），尽管单看这一对，多 {low} 至 {high} 星的区间不含 0（{units} 个提示词）。",
    ),
    "page_title": ("Blind rating", "盲评"),
    "page_name": ("Your name or initials", "您的名字或缩写"),
    "page_name_hint": (
        "Your votes are kept under this name. Come back with the same name to go on where you stopped.",
        "您的投票以此名字保存。用同一名字回来即可继续。",
    ),
    "page_begin": ("Begin", "开始"),
    "page_intro_pairs": (
        "You will see two results of the same instruction, side by side. Who made them is hidden. Say which one is better.",
        "您会看到同一指令的两个结果并排显示，来源已隐藏。请说明哪个更好。",
    ),
    "page_intro_single": (
        "You will see one result at a time. Who made it is hidden. Give it one to five stars.",
        "您每次会看到一个结果，来源已隐藏。请给出一到五颗星。",
    ),
    "page_rater": ("Rater: {rater}", "评分者：{rater}"),
    "page_change": ("Someone else", "换人"),
    "page_instruction": ("Instruction: {text}", "指令：{text}"),
    "page_input": ("Input", "输入"),
    "page_input_at": ("Input {at}", "输入 {at}"),
    "page_picture": ("Picture {at}", "图片 {at}"),
    "page_result": ("Result", "结果"),
    "page_left": ("Left is better", "左边更好"),
    "page_right": ("Right is better", "右边更好"),
    "page_tie": ("Tie", "平局"),
    "page_both_bad": ("Both bad", "都不好"),
    "page_skip": ("Skip", "跳过"),
    "page_undo": ("Undo", "撤回"),
    "page_stars": ("{at} of 5 stars", "{at} 星（共 5 星）"),
    "page_step": ("Question {at} of {count}", "第 {at} 问，共 {count} 问"),
    "page_zoom": ("Zoom", "缩放"),
    "page_zoom_in": ("Zoom in", "放大"),
    "page_zoom_out": ("Zoom out", "缩小"),
    "page_fit": ("Fit", "适合"),
    "page_loading": ("Loading pictures…", "正在加载图片…"),
    "page_saving": ("Saving…", "正在保存…"),
    "page_silent": (
        "Not saved yet: the kernel does not answer. Wait for it, or run the cell again; what was saved stays.",
        "尚未保存：内核没有响应。请等待，或重新运行单元格；已保存的投票不会丢失。",
    ),
    "page_unseen": (
        "This browser can't show the pictures. Skip the pair, or open the page in another browser.",
        "此浏览器无法显示图片。请跳过，或换一个浏览器打开。",
    ),
    "page_keys_pairs": (
        "Keys: 1 left · 2 right · 0 tie · B both bad · S skip · U or {ctrl}+Z undo · + − zoom · drag to move · hold Space to see the input",
        "按键：1 左 · 2 右 · 0 平局 · B 都不好 · S 跳过 · U 或 {ctrl}+Z 撤回 · + − 缩放 · 拖动移动 · 按住空格看输入",
    ),
    "page_keys_single": (
        "Keys: 1 to 5 stars · S skip · U or {ctrl}+Z undo · + − zoom · drag to move · hold Space to see the input",
        "按键：1 至 5 星 · S 跳过 · U 或 {ctrl}+Z 撤回 · + − 缩放 · 拖动移动 · 按住空格看输入",
    ),
    "page_done": ("All {count} rated. Thank you!", "全部 {count} 个已评完，谢谢！"),
    "page_done_hint": (
        "Every vote is saved. You can still take the last one back, until the names are revealed.",
        "所有投票均已保存。在公布名称之前，仍可撤回最后一张。",
    ),
    "page_reveal": ("Reveal names…", "公布名称…"),
    "page_reveal_sure": (
        "After this you can't vote on these results any more, nor take a vote back. {left} are not rated yet.",
        "公布之后，您不能再对这些结果投票，也不能撤回。还有 {left} 个未评。",
    ),
    "page_reveal_yes": ("Reveal and lock", "公布并锁定"),
    "page_reveal_no": ("Keep blind", "保持盲评"),
    "page_revealed": ("Revealed to {rater}; their votes are locked", "已向 {rater} 公布；其投票已锁定"),
    "page_tally": ("Votes of all raters", "所有评分者的投票"),
    "page_own": ("What {rater} said", "{rater} 的投票"),
    "page_own_what": ("what was shown", "内容"),
    "page_own_names": ("left | right", "左 | 右"),
    "page_own_name": ("whose it is", "来源"),
    "page_own_asked": ("asked", "问题"),
    "page_own_said": ("vote", "投票"),
    "page_click": ("Click the pictures to use keys.", "点击图片即可使用按键。"),
    "page_nothing_said": ("not rated", "未评"),
}
