"""Sentences of judging: what is asked, what came, what can't be said."""

TABLE: dict[str, tuple[str, str]] = {
    # what can't be asked
    "no_words": (
        "{provider} can't be asked a question over wire={wire!r}: that wire answers with pictures only. Give the judge an "
        "endpoint with wire='openai' or wire='gemini'.",
        "无法通过 wire={wire!r} 向 {provider} 提问：该接口只返回图片。请给评判者一个 wire='openai' 或 wire='gemini' 的端点。",
    ),
    "no_judge": (
        "A judge is an nb.Judge(\"model\", …), not {kind}.", "评判者应为 nb.Judge(\"模型\", …)，而不是 {kind}。",
    ),
    "no_model": (
        "model={value} names no judge. Give the id of a vision model, with its date if it has one.",
        "model={value} 不是评判模型。请给出视觉模型的 ID；若带日期，请一并写上。",
    ),
    "bad_edge": (
        "longest_edge={value} is no whole number of pixels from {low} to {high}.",
        "longest_edge={value} 不是 {low} 到 {high} 之间的整数像素。",
    ),
    "bad_temperature": (
        "temperature={value} is no number from 0 to 2. None sends none.",
        "temperature={value} 不是 0 到 2 之间的数字。None 表示不发送。",
    ),
    "bad_seed": (
        "seed={value} is no whole number from 0 to 2147483648. None sends none.",
        "seed={value} 不是 0 到 2147483648 之间的整数。None 表示不发送。",
    ),
    "bad_price": (
        "price={value} is no amount of dollars from 0. None leaves the price of a question unknown.",
        "price={value} 不是不小于 0 的美元金额。None 表示单次提问的价格未知。",
    ),
    "bad_lanes": (
        "concurrency={value} is no whole number from 1 to {most}.", "concurrency={value} 不是 1 到 {most} 之间的整数。",
    ),
    "bad_again": (
        "again={value} is no status of an answer. There are: {known}.",
        "again={value} 不是回答的状态。可用的有：{known}。",
    ),
    "bad_by": (
        "Pairs can't be made along by={by}: both results of a pair must have been told the same. There are: {known}.",
        "无法按 by={by} 配对：一对中的两个结果必须来自相同的指令。可用的有：{known}。",
    ),
    "no_pairs": (
        "No two results differ in {by} alone, so there is no pair to judge. Run the comparison, or choose another by=.",
        "没有仅在 {by} 上不同的两个结果，因此无可评判的配对。请先运行比较，或选择其他 by=。",
    ),
    # protocols
    "no_protocol": (
        "protocol={value} is none of ours ({known}), and no path of a .toml file. A benchmark's prompt is read with "
        "nb.Judge.rubric(path, …).",
        "protocol={value} 既不是内置协议（{known}），也不是 .toml 文件的路径。基准测试的提示词用 nb.Judge.rubric(path, …) 读取。",
    ),
    "bad_file": ("{path} can't be used as a protocol: {reason}", "{path} 无法用作协议：{reason}"),
    "bad_scale": (
        "The score {name!r} from {low!r} to {high!r} is none: it needs a name and two numbers, the lower one first.",
        "评分项 {name!r}（{low!r} 到 {high!r}）无效：需要名称和两个数字，小的在前。",
    ),
    "bad_pictures": (
        "pictures={value!r} is not what a question can show. There are: {known}.",
        "pictures={value!r} 不是问题可展示的内容。可用的有：{known}。",
    ),
    "bad_combine": (
        "{field}={value!r} is no way to make one figure of several. There are: min, mean, geometric.",
        "{field}={value!r} 不是合并分数的方式。可用的有：min、mean、geometric。",
    ),
    "below_zero": (
        "{of!r} can't take a geometric mean: one of its scores may be below 0. Use mean or min.",
        "{of!r} 无法取几何平均：其中有评分可能小于 0。请用 mean 或 min。",
    ),
    "bad_ask": (
        "{field}={value} is of no use to the question {ask}: name, choice, by and instruction are text, and fill names a column "
        "for every mark, as {{\"<reference>\": \"reference\"}}.",
        "问题 {ask} 无法使用 {field}={value}：name、choice、by 和 instruction 应为文字，fill 为每个标记指定一列，如 "
        "{{\"<reference>\": \"reference\"}}。",
    ),
    "bad_scores": (
        "scores={value} names no scores. Give each its two ends: {{\"Score\": (1, 5)}}.",
        "scores={value} 不是评分项。请为每项给出两端：{{\"Score\": (1, 5)}}。",
    ),
    "bad_parser": (
        "parser={value!r} is none; there are 'lines' (Score: 4) and 'json'.",
        "没有 parser={value!r}；可用的有 'lines'（Score: 4）和 'json'。",
    ),
    "no_scores": (
        "The question {ask!r} must ask for scores or for a choice, and not for both.",
        "问题 {ask!r} 必须要求评分或选择，且不能两者都要。",
    ),
    "twice": (
        "The protocol {protocol!r} can't be used: it asks nothing, has no name, or uses a name twice ({names}); \"overall\" is "
        "ours.",
        "协议 {protocol!r} 无法使用：没有问题、没有名称，或名称重复（{names}）；“overall”为保留名称。",
    ),
    "bad_kind": (
        "The protocol {protocol!r} of kind {kind!r} does not fit its questions: a pair has one question with the pictures "
        "first and second and a choice; anything else is single and asks for scores.",
        "协议 {protocol!r} 的类型 {kind!r} 与其问题不符：pair 只有一个问题，包含图片 first 与 second 和一个选择；其他均为 single 并要求评分。",
    ),
    "no_instruction": (
        "No prompt of the protocol {protocol!r} has a place for the instruction, so the judge would not know what was asked "
        "for. Write {{instruction}} where it belongs.",
        "协议 {protocol!r} 的提示词中没有放置指令的位置，评判者将不知道要求是什么。请在相应位置写上 {{instruction}}。",
    ),
    "no_place": (
        "{path} has no {mark!r}, so the judge would not know what was asked for. Say what stands for the instruction there "
        "with instruction=.",
        "{path} 中没有 {mark!r}，评判者将不知道要求是什么。请用 instruction= 说明文件中代表指令的标记。",
    ),
    "no_prompt": (
        "The rubric has no prompt for {by}={value!r}. It has: {known}.", "评分标准中没有 {by}={value!r} 的提示词。现有：{known}。",
    ),
    # answers
    "empty": ("The answer is empty.", "回答为空。"),
    "declined": ("The model declined to judge.", "模型拒绝评判。"),
    "no_form": (
        "The answer does not hold what was asked for, whole and in its form: {names}.",
        "回答中没有按要求的形式完整给出：{names}。",
    ),
    "several": ("The answer holds several readings that differ.", "回答中有多个互不相同的结果。"),
    "two_values": ("two values", "两个值"),
    "no_choice": ("{value} is none of \"A\", \"B\", \"tie\".", "{value} 不是 \"A\"、\"B\" 或 \"tie\"。"),
    "outside": (
        "{name} is {value}, which is no score from {low:g} to {high:g}.", "{name} 为 {value}，不是 {low:g} 到 {high:g} 之间的分数。",
    ),
    "under_way": ("It is being asked.", "正在询问中。"),
    # estimates and money
    "estimate": (
        "{total} questions to the judge: {answered} answered before (free), {to_ask} to ask",
        "向评判者提问共 {total} 个：{answered} 个此前已回答（免费），{to_ask} 个待询问",
    ),
    "estimate_sandbox": ("the sandbox answers: free, and no opinion", "由沙盒回答：免费，但不代表任何意见"),
    "estimate_cost": ("about {cost} by the price you gave", "按您给出的价格约为 {cost}"),
    "estimate_unknown": (
        "price unknown: the catalog has none for this model's words. Say it with nb.Judge(…, price=…), USD a question.",
        "价格未知：目录中没有该模型文字回答的价格。可用 nb.Judge(…, price=…) 给出每个问题的美元价格。",
    ),
    "maybe_paid": (
        "{count} of these failed before and may have been billed", "其中 {count} 个此前失败，可能已计费",
    ),
    "your_word": ("the price you gave", "您给出的价格"),
    "over_budget": (
        "The next question (about {each}) would pass budget={budget} dollars of this call.",
        "下一个问题（约 {each}）会超出本次调用的预算 budget={budget} 美元。",
    ),
    "no_price": (
        "A budget can't be kept: nobody knows what a question to {judge} costs. Nothing was sent.",
        "无法遵守预算：没有人知道向 {judge} 提问的价格。未发送任何内容。",
    ),
    "no_price_hint": (
        "Say what you expect to pay for a question with nb.Judge(…, price=…).",
        "请用 nb.Judge(…, price=…) 给出每个问题的预计价格。",
    ),
    "progress": ("{done} of {total} answered", "已回答 {done}/{total}"),
    # what came
    "head": (
        "{judge} by {protocol} v{version}: {answers} answers, {spent}", "{judge}，协议 {protocol} v{version}：{answers} 个回答，{spent}",
    ),
    "nothing_spent": ("free", "免费"),
    "all_scored": ("All {total} answers scored", "全部 {total} 个回答均有分数"),
    "unscored": ("{missing} of {total} unscored ({reasons})", "{total} 个中有 {missing} 个无分数（{reasons}）"),
    "word_refused": ("refused", "拒绝"),
    "word_unparsable": ("unparsable", "无法解析"),
    "word_failed": ("failed", "失败"),
    "word_unasked": ("not asked", "未询问"),
    "nothing": ("There is nothing to judge: no cell has a result yet.", "没有可评判的内容：尚无任何结果。"),
    "withheld": (
        "No verdict: {share} % of the answers have no score, more than {most} %. {counts}. What has none may differ from what "
        "has one; ask again with again=(\"refused\", \"unparsable\"), or look at .unscored.",
        "不作结论：{share} % 的回答没有分数，超过 {most} %。{counts}。没有分数的可能与有分数的不同；请用 again=(\"refused\", \"unparsable\") "
        "重新询问，或查看 .unscored。",
    ),
    "withheld_left": (
        "No verdict: {share} % of the answers have no score, more than {most} %. {counts}. The same call of judge() asks what is "
        "left.",
        "不作结论：{share} % 的回答没有分数，超过 {most} %。{counts}。再次调用同样的 judge() 即可询问剩余部分。",
    ),
    "unable": (
        "Not judged, for they were made from words alone and the protocol looks at what was before: {count}.",
        "未评判（仅由文字生成，而协议需要原图）：{count} 个。",
    ),
    "bias": (
        "Position bias: in {share} % of {both} pairs the judge named the same place in both orders ({first} times the first, "
        "{second} times the second); {turned} disagreements between the two orders count as ties.",
        "位置偏差：在 {both} 对中有 {share} % 两种顺序都选了同一位置（第一位 {first} 次，第二位 {second} 次）；两种顺序不一致的 {turned} 对计为平局。",
    ),
    "no_bias": (
        "No pair was answered in both orders, so the position bias is unknown.",
        "没有任何一对在两种顺序下都得到回答，因此位置偏差未知。",
    ),
    "older": (
        "{count} answers are shown as an older parser read them; today's is {parser}. rescore() reads them again, free.",
        "{count} 个回答按旧版解析器的结果显示；当前版本为 {parser}。rescore() 可免费重新解析。",
    ),
    "answered_as": (
        "Asked for {asked}; the answers say they are from {answered}.", "请求的模型为 {asked}；回答自称来自 {answered}。",
    ),
    "sandbox": (
        "From the sandbox: a stand-in that counts pixels. Nobody looked; these are no opinions.",
        "来自沙盒：只统计像素的替身。没有人看过图片，这些不是意见。",
    ),
    "stopped": (
        "The asking ended early: {reason} What was answered stays; the same call asks what is left.",
        "提问提前结束：{reason} 已有的回答保留；再次调用只询问剩余部分。",
    ),
    # agreement
    "replaced": (
        "The columns {columns} are now those of another judge or protocol; give each nb.Judge a name= of its own to keep both.",
        "列 {columns} 现已属于另一个评判者或协议；请用 name= 为每个 nb.Judge 单独命名，以便同时保留。",
    ),
    "no_fact": (
        "The rubric asks for the column {column!r}, which the cell {index} does not have or has empty: the judge would not "
        "know it. Columns come from a plan made of a table.",
        "评分标准需要列 {column!r}，而第 {index} 个单元没有该列或为空：评判者将无从得知。列来自由表格生成的计划。",
    ),
    "none_yet": (
        "No judge has been asked about this comparison yet; begin with .judge(nb.Judge(…)).",
        "尚未有评判者评判此比较；请先使用 .judge(nb.Judge(…))。",
    ),
    "one_only": (
        "One judge alone agrees with nobody.", "只有一个评判者，无从比较一致性。",
    ),
    "one_only_hint": (
        "Ask a second one, or this one with passes=3, or give people's votes.", "请再询问一个评判者，或用 passes=3 多次询问，或给出人的投票。",
    ),
    "no_evalica": (
        "Krippendorff's alpha needs the package evalica, which is not installed.", "计算 Krippendorff's alpha 需要 evalica 包，但尚未安装。",
    ),
    "no_evalica_hint": (
        "Install it with pip install \"nb_banana[research]\".", "请用 pip install \"nb_banana[research]\" 安装。",
    ),
    "itself": ("itself, {passes} passes", "自身（{passes} 次）"),
    "people": ("people", "人"),
    "people_on": ("people: {question}", "人：{question}"),
    "votes_lost": (
        "{count} of {total} votes are about results that are not in this comparison, and were left out.",
        "{total} 票中有 {count} 票针对的结果不在此比较中，已略去。",
    ),
    "no_votes": (
        "No vote that counts is about a result of this comparison.", "没有针对此比较结果的有效投票。",
    ),
    "few_common": (
        "{names}: fewer than {least} in common, too few for a figure.", "{names}：共同评判的少于 {least} 个，不足以给出数值。",
    ),
    "on_ranks": (
        "Where the scales differ, alpha is of the ranks, each rater's own.", "量表不同时，alpha 按各自的名次计算。",
    ),
    "lose": (
        "Answers of judges about them, which go too: {count}.",
        "评判者对它们的回答也将一并删除：{count} 条。",
    ),
}
