"""Sentences of the key, what it costs to try it, and the money spent with it."""

TABLE: dict[str, tuple[str, str]] = {
    # whose key, and whence
    "open": ("Key…", "密钥…"),
    "open_tip": ("The key in use: test it, change it, forget it", "当前密钥：测试、更换或清除"),
    "untested": ("○ {provider}: key not tested yet", "○ {provider}：密钥尚未测试"),
    "none": ("No key: edits go to the sandbox.", "没有密钥：使用沙盒。"),
    "unneeded": ("{provider} at {host}: no key is given.", "{provider}（{host}）：未提供密钥。"),
    "in_use": ("{provider} · {host}", "{provider} · {host}"),
    "ends": ("ends in …{hint}", "末四位 …{hint}"),
    "from_session": (
        "given for this session, in the kernel's memory only",
        "仅用于本次会话，只在内核内存中",
    ),
    "from_code": ("given in code", "由代码给出"),
    "from_variable": ("from the variable {name}", "来自环境变量 {name}"),
    "from_file": ("from {name} in the file {path}", "来自文件 {path} 中的 {name}"),
    "from_keyring": ("from {name} in the system's keyring", "来自系统钥匙串中的 {name}"),
    "from_colab": ("from Colab's secret {name}", "来自 Colab 的密钥 {name}"),
    "from_kaggle": ("from Kaggle's secret {name}", "来自 Kaggle 的密钥 {name}"),
    "works": ("✓ has answered", "✓ 已验证可用"),
    "unproven": ("not tested yet", "尚未测试"),
    "aside": (
        "A key is left aside for this session; edits go to the sandbox.",
        "本次会话已搁置密钥；使用沙盒。",
    ),
    # what can be done with it
    "test": ("Test", "测试"),
    "test_free": ("Test · free", "测试 · 免费"),
    "test_paid": ("Yes, make it · {price}", "确定生成 · {price}"),
    "cancel": ("No", "不用了"),
    "change": ("Change…", "更换…"),
    "forget": ("Forget", "清除"),
    "leave": ("Use the sandbox here", "在此使用沙盒"),
    "find": ("Use the key again", "重新使用密钥"),
    "free_question": (
        "Free: the test asks {url} and makes no picture.",
        "免费：测试只访问 {url}，不生成图片。",
    ),
    "paid_question": (
        "{provider} documents no free test. Only a picture can prove this key: the smallest one, by {model}, "
        "{price}. Nothing has been sent.",
        "{provider} 没有公开的免费测试方式。只有生成一张图片才能验证密钥：用 {model} 生成最小的图片，{price}。尚未发送任何内容。",
    ),
    "moved": (
        "Edits now go elsewhere: {place}. Nothing was sent; test again to go on.",
        "请求的去向变了：{place}。尚未发送；再次点击“测试”即可继续。",
    ),
    "testing": ("Asking {host}…", "正在询问 {host}…"),
    "taken": (
        "✓ {host} took the key ({seconds}). Whether its balance suffices only an edit shows.",
        "✓ {host} 接受了密钥（{seconds}）。余额是否足够，只有实际编辑才知道。",
    ),
    "paid": (
        "✓ {host} took the key and made a picture: {cost}. It is in the history.",
        "✓ {host} 接受了密钥并生成了图片：{cost}。图片已存入历史记录。",
    ),
    "refused": ("✕ {reason}", "✕ {reason}"),
    "forgotten": ("The key is forgotten. Edits now go to: {place}", "密钥已清除。现在的去向：{place}"),
    "left": (
        "The key is left aside until this kernel ends. Edits now go to: {place}",
        "密钥已搁置，直到内核结束。现在的去向：{place}",
    ),
    "found": ("Edits go to: {place}", "现在的去向：{place}"),
    # what a test can meet
    "no_free": (
        "{provider} documents no free test of a key, or there is none: only an edit can prove it.",
        "{provider} 没有公开的免费密钥测试方式，或未提供密钥：只有实际编辑才能验证。",
    ),
    "slow": (
        "{host} has not answered within {seconds} s.",
        "{host} 在 {seconds} 秒内没有回答。",
    ),
    "unreached": ("{host} can't be reached ({reason}).", "无法连接 {host}（{reason}）。"),
    "unreached_hint": (
        "That says nothing of the key: check the network and the proxy, then test again.",
        "这与密钥本身无关：请检查网络和代理后再测试。",
    ),
    "strange": (
        "{host} answered (HTTP {status}), but not as this service does.",
        "{host} 有回答（HTTP {status}），但不像该服务的回答。",
    ),
    "strange_hint": (
        "A portal or a proxy may stand in between; that says nothing of the key.",
        "中间可能有登录门户或代理；这与密钥本身无关。",
    ),
    # what the next click costs
    "about": ("≈ {cost}", "≈ {cost}"),
    "both": ("{usd} ({cny})", "{usd}（{cny}）"),
    "by_token": ("by token", "按 token 计费"),
    "unpriced": ("price unknown", "价格未知"),
    "over": (
        "⚠ The budget of {budget} has {left} left, and this costs about {price}: nothing would be sent.",
        "⚠ 预算 {budget} 仅剩 {left}，而本次约需 {price}：不会发送任何内容。",
    ),
    "over_some": (
        "⚠ The budget of {budget} has {left} left: enough for {count} of {takes} takes.",
        "⚠ 预算 {budget} 仅剩 {left}：{takes} 张中只够 {count} 张。",
    ),
    "over_unknown": (
        "⚠ With a budget ({budget}), an edit of unknown price is refused: nothing would be sent.",
        "⚠ 设有预算（{budget}）时，价格未知的编辑会被拒绝：不会发送任何内容。",
    ),
    # what was spent
    "spent": ("Spent {spent}", "已用 {spent}"),
    "spent_of": ("Spent {spent} of {budget}", "已用 {spent}，预算 {budget}"),
    "spent_tip": ("The ledger of this notebook, and its budget", "本笔记本的账目与预算"),
    "since": ("This notebook, since {since}", "本笔记本，自 {since} 起"),
    "in_all": ("This notebook, all that its history holds", "本笔记本，历史记录中的全部"),
    "kind": ("What", "项目"),
    "edits": ("Edits", "次数"),
    "cost": ("Cost", "费用"),
    "line_paid": ("Paid", "已付"),
    "line_blocked_paid": ("Blocked but paid", "被拦截但已付"),
    "line_maybe_paid": ("Maybe paid (no answer came)", "可能已付（未收到回答）"),
    "line_under_way": ("Under way", "进行中"),
    "line_owed": ("In all", "合计"),
    "line_saved": ("Saved by replay", "重放节省"),
    "rate": (
        "Yuan at the rate of {day} in the price book.",
        "人民币按价格表 {day} 的汇率换算，仅供参考。",
    ),
    "budget": ("Budget in $, counted since then (empty: none)", "预算（美元，自上述时间起计；留空为不限）"),
    "budget_code": ('In code: nb.session().budget = "{amount}"', '代码写法：nb.session().budget = "{amount}"'),
}
