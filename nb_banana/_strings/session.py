"""Sentences of the session."""

TABLE: dict[str, tuple[str, str]] = {
    "sandbox": (
        "Sandbox: no key was found, so pictures are samples made on this computer; nothing is sent and nothing "
        "is paid. Set APIYI_API_KEY (or GEMINI_API_KEY, OPENROUTER_API_KEY) to edit for real.",
        "沙盒模式：未找到密钥，图片由本机生成作为示例，不联网、不计费。"
        "设置 APIYI_API_KEY（或 GEMINI_API_KEY、OPENROUTER_API_KEY）即可真正编辑。",
    ),
    "switched": (
        "From now on edits go to {provider} ({host}) and are paid.",
        "从现在起，编辑将发送到 {provider}（{host}）并计费。",
    ),
    "paid_again": (
        "This edit is in the history, but not its picture, so it is sent again and paid again. {reason}",
        "历史中有这次编辑，但图片已不可用，因此会重新发送并再次计费。{reason}",
    ),
    "drawn_again": (
        "This edit is in the history, but not its picture, so the sandbox makes one. {reason}",
        "历史中有这次编辑，但图片已不可用，因此由沙盒重新生成。{reason}",
    ),
    "no_pictures": (
        "There is no picture to edit: images is empty. Nothing was sent.",
        "没有要编辑的图片：images 为空。请求未发送。",
    ),
    "no_pictures_hint": (
        "Check the list or the pattern that made it; for a picture from words alone use nb.generate(prompt).",
        "请检查图片列表或匹配模式；如需仅凭文字生成图片，请使用 nb.generate(prompt)。",
    ),
    "bad_endpoint": (
        "A session needs an Endpoint, not a {kind}. Make one with nb.Endpoint.apiyi(key), .google(key), .sandbox(), …",
        "会话需要 Endpoint，而不是 {kind}。请用 nb.Endpoint.apiyi(key)、.google(key)、.sandbox() 等创建。",
    ),
    "bad_session": (
        "session={kind} is not a Session; leave it out for the notebook's own, or make one with nb.Session().",
        "session={kind} 不是 Session；省略则使用笔记本自己的会话，或用 nb.Session() 创建。",
    ),
    "bad_request": (
        "A session is asked with an EditRequest, not a {kind}. For pictures and words use edit(images, prompt).",
        "会话需要 EditRequest，而不是 {kind}。图片加文字请用 edit(images, prompt)。",
    ),
    "bad_record": (
        "A result is made of a record of the history, not of a {kind}. By its id: session.history.record(id).",
        "结果由历史记录生成，而不是 {kind}。按编号取记录：session.history.record(id)。",
    ),
    "hook_failed": (
        "The hook {name} failed in {moment} ({reason}); the edit went on without it.",
        "钩子 {name} 在 {moment} 中出错（{reason}）；编辑不受影响，照常进行。",
    ),
    "bad_hook": (
        "hooks holds {value}, which is no hook. A hook is an object with before_send(facts) or after_answer(facts), "
        "or a pair of functions (before, after); None stands for one that is not wanted.",
        "hooks 中的 {value} 不是钩子。钩子是带有 before_send(facts) 或 after_answer(facts) 的对象，"
        "或一对函数 (before, after)；不需要的一个用 None 表示。",
    ),
    "hook_awaits": (
        "The hook {name} is an async function, and hooks are called on a thread: write it with def.",
        "钩子 {name} 是异步函数，而钩子在线程中调用：请用 def 定义。",
    ),
    "bad_take": (
        "{name}={value!r} is not a whole number from 1 on.",
        "{name}={value!r} 无效，应为从 1 开始的整数。",
    ),
    "over_most": (
        "{name}={value!r} is more than {most:,}, which is the most.",
        "{name}={value!r} 超过上限 {most:,}。",
    ),
    "waiting": ("Sent {what} to {place}{usual} …", "已向 {place} 发送{what}{usual} …"),
    "waiting_pictures": ("{count} pictures ({size})", " {count} 张图片（{size}）"),
    "waiting_picture": ("1 picture ({size})", " 1 张图片（{size}）"),
    "waiting_words": ("the prompt", "提示词"),
    "waiting_size": (" at {size}", "，{size}"),
    "waiting_takes": (" {count} times", "，共 {count} 次"),
    "waiting_usual": ("; usually about {span}", "；通常约 {span}"),
    "nothing_left": (
        "Record {record} left no picture behind a link; there is nothing to fetch.",
        "记录 {record} 没有留下待下载的图片链接，无需下载。",
    ),
    # places and settings as people type them
    "bad_place": (
        "A place is named by a text or an Endpoint, not by a {kind}.",
        "去处应为文本或 Endpoint，而不是 {kind}。",
    ),
    "no_such_place": (
        "'{given}' is neither a provider nor an address.",
        "“{given}”既不是服务商，也不是网址。",
    ),
    "place_hint": (
        "Providers: {names}. An address begins with http:// or https://, such as http://127.0.0.1:8000.",
        "服务商：{names}。网址以 http:// 或 https:// 开头，例如 http://127.0.0.1:8000。",
    ),
    "place_meant": (" Did you mean {name}?", "您是想写 {name} 吗？"),
    "plain_http": (
        "{address} is plain http: whoever is on that network could read pictures, prompts and the key. Nothing was sent.",
        "{address} 是不加密的 http：同一网络中的人都能读到图片、提示词和密钥。未发送任何请求。",
    ),
    "plain_http_hint": (
        'Use https, or allow it: --insecure where flags are typed, nb.Endpoint.local("{address}", insecure=True) in Python.',
        '请使用 https；如确认允许：命令行选项加 --insecure，Python 中写 nb.Endpoint.local("{address}", insecure=True)。',
    ),
    "insecure_alone": (
        "--insecure goes with --endpoint, whose plain http it allows.",
        "--insecure 须与 --endpoint 一起使用，表示允许其不加密的 http。",
    ),
    "no_key_there": (
        "There is no key for {place}: set {variable}.",
        "没有 {place} 的密钥：请设置 {variable}。",
    ),
    "no_key_there_hint": (
        "A place gets the key of its own variable and no other; a server on this machine or in a private network needs none.",
        "每个去处只使用它自己的环境变量中的密钥；本机或专用网络中的服务不需要密钥。",
    ),
    "bad_region": (
        "The mask '{value}' is no region of the picture: it needs four shares of it, left,top,width,height, from 0 to 1.",
        "蒙版“{value}”不是图片内的区域：需要四个占图片比例的数 left,top,width,height，在 0 到 1 之间。",
    ),
    "bad_region_hint": (
        "For example 0.25,0.25,0.5,0.5 is the middle; or name a picture file that is white where to edit.",
        "例如 0.25,0.25,0.5,0.5 表示正中；也可以给出一个图片文件，白色处为编辑区域。",
    ),
    "bad_seed_text": (
        "The seed '{value}' is not a whole number.",
        "种子“{value}”不是整数。",
    ),
    "bad_seed_hint": ("Give one such as --seed 7.", "请给出整数，例如 --seed 7。"),
    "bad_extra": (
        "--extra {value} is no JSON object ({reason}).",
        "--extra {value} 不是 JSON 对象（{reason}）。",
    ),
    "bad_extra_hint": (
        """Write it in single quotes: --extra '{{"quality": "high"}}'.""",
        """请用单引号括起：--extra '{{"quality": "high"}}'。""",
    ),
    "not_an_object": ("it is a {kind}", "它是 {kind}"),
    "two_qualities": (
        "--quality {quality} and --extra, which says quality {other}, differ. Give one of them.",
        "--quality {quality} 与 --extra 中的 quality {other} 不一致，请只给一个。",
    ),
    "key_where": (
        "A key alone does not say where it may be sent. Nothing was set.",
        "只有密钥无法确定应发往哪里，未做任何设置。",
    ),
    "key_where_looks": (
        "A key alone does not say where it may be sent; this one looks like a key of {looks}. Nothing was set.",
        "只有密钥无法确定应发往哪里；这个密钥看起来属于 {looks}。未做任何设置。",
    ),
    "key_where_hint": (
        'Name the place: use_key(key, provider="{example}") (known: {choices}), or use_key(key, base_url="https://…").',
        '请指明去处：use_key(key, provider="{example}")（已知：{choices}），或 use_key(key, base_url="https://…")。',
    ),
    "key_sandbox": (
        "The sandbox takes no key. For the sandbox use nb.session(nb.Endpoint.sandbox()).",
        "沙盒不需要密钥。如需沙盒，请用 nb.session(nb.Endpoint.sandbox())。",
    ),
    "key_no_address": (
        'provider="custom" needs an address: use_key(key, base_url="https://…").',
        'provider="custom" 需要地址：use_key(key, base_url="https://…")。',
    ),
    "key_mismatch": (
        "This looks like a key of {looks}, not of {chosen}. Nothing was set.",
        "这个密钥看起来属于 {looks}，而不是 {chosen}。未做任何设置。",
    ),
    "key_mismatch_hint": (
        'Use provider="{looks}"; to go ahead on purpose, add sure=True.',
        '请用 provider="{looks}"；如果确实要这样使用，请加上 sure=True。',
    ),
    "paid_before": (
        "Earlier attempts at this edit that brought no picture: {count}, and they may have been billed; it was sent anew.",
        "此前对该编辑的 {count} 次尝试没有得到图片，但可能已计费；本次为重新发送。",
    ),
    "accepted_hint": (
        "That was an earlier run, which may have been billed; nothing was sent now. Look the job up at the provider, or "
        "send it, and pay for it, anew with fresh=True.",
        "那是先前的一次运行，可能已计费；本次没有发送任何请求。请到服务商处查询该任务，或用 fresh=True 重新发送并付费。",
    ),
    "take_failed": ("Take {take} failed: {reason}", "第 {take} 次失败：{reason}"),
    "bad_budget": (
        "budget={value!r} is not an amount in USD; give a number such as 1.50.",
        "budget={value!r} 不是有效的美元金额，请给出如 1.50 的数字。",
    ),
    "budget_stays": (
        "The budget of {budget} stays in force; budget=None drops it.",
        "预算 {budget} 继续有效；如需取消，请写 budget=None。",
    ),
    "budget_ended": (
        "The budget of {budget} no longer holds: the session that was given has none.",
        "预算 {budget} 不再有效：所给的会话没有设置预算。",
    ),
    "option_beside": (
        "{name}= stands beside a session, which has options of its own; nothing was changed.",
        "{name}= 不能与会话同时给出，会话已有自己的选项；未做任何更改。",
    ),
    "option_beside_hint": (
        "Make the session with it, nb.Session(endpoint, {name}=…), or give nb.session an endpoint in its place.",
        "请在创建会话时给出：nb.Session(endpoint, {name}=…)，或向 nb.session 传入 Endpoint 而不是会话。",
    ),
    "since_ahead": (
        "since= says {since}, which is yet to come: a budget can't count from there. Give a moment that is past.",
        "since= 给出的 {since} 尚未到来，预算无法从那时起算。请给出已经过去的时刻。",
    ),
    "over_budget": (
        "This edit would cost {price}, and {left} of the budget of {budget} is left; nothing was sent.",
        "本次编辑需要 {price}，而预算 {budget} 只剩 {left}；请求未发送。",
    ),
    "over_budget_since": (
        "This edit would cost {price}, and {left} of the budget of {budget} is left since {since}; nothing was sent.",
        "本次编辑需要 {price}，而自 {since} 起的预算 {budget} 只剩 {left}；请求未发送。",
    ),
    "over_budget_since_hint": (
        "Raise the budget, move its beginning with since=, or choose a cheaper model or size.",
        "请提高预算，或用 since= 移动起算时间，或选择更便宜的模型或尺寸。",
    ),
    "budget_since": (
        "The budget of {budget} counts what this notebook spent since {since}; since= moves that.",
        "预算 {budget} 从 {since} 起计入本笔记本的花费；可用 since= 调整。",
    ),
    "same_failed_hint": (
        "The same request, sent at the same moment, ended so, and may be billed; this one was not sent. Run it again to send it.",
        "同一时刻发送的相同请求如此结束，可能已计费；本次未发送。如需发送，请再运行一次。",
    ),
    "same_under_way": (
        "The same request has been under way elsewhere for {seconds} s; this one was not sent.",
        "相同的请求已在别处进行了 {seconds} 秒；本次未发送。",
    ),
    "same_under_way_hint": (
        "Run it again later for its result, or ask with fresh=True or another take to send it now.",
        "请稍后再运行以取得结果，或用 fresh=True 或另一个 take 立即发送。",
    ),
    "price_unknown": (
        "The price of {model} here is not known, so it can't be kept within the budget of {budget}; nothing was sent.",
        "{model} 在此处的价格未知，无法保证不超出预算 {budget}；请求未发送。",
    ),
    "price_unknown_hint": (
        "Add its price to your prices file (NB_BANANA_PRICES; the page “What it costs” shows its form), choose another model, or remove the budget.",
        "请在价格文件（NB_BANANA_PRICES，格式见文档“要花多少钱”）中添加该价格，或更换模型，或取消预算。",
    ),
}
