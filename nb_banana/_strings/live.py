"""Sentences of the live check."""

TABLE: dict[str, tuple[str, str]] = {
    # before
    "head": (
        "A live check: a few small edits at your provider, each of them paid.",
        "实时检查：向您的服务商发送几次很小的编辑，每次都会计费。",
    ),
    "foot": (
        "It sends a picture drawn for this and none of yours, provokes no refusal, and sends nothing twice.\n"
        "What comes is kept in {folder}, like any edit.",
        "只发送为此绘制的图片，不发送您的图片；不会故意触发拒绝，也不会重复发送。\n"
        "结果与其他编辑一样保存在 {folder}。",
    ),
    "provider": ("provider", "服务商"),
    "with_key": ("with your key (not shown)", "使用您的密钥（不显示）"),
    "without_key": ("without a key", "不带密钥"),
    "model": ("model", "模型"),
    "model_as_is": ("{model}", "{model}"),
    "model_sent": ("{model}, sent as {sent}", "{model}，发送为 {sent}"),
    "price": ("price", "费用"),
    "price_most": (
        "at most {cost} for {count} (prices of {day})",
        "{count} 次最多 {cost}（{day} 的价格）",
    ),
    "price_about": (
        "{cost} for {count}, and the tokens of what is sent (prices of {day})",
        "{count} 次共 {cost}，另计发送内容的 token（{day} 的价格）",
    ),
    "price_unknown": (
        "unknown: the price book has none for this address; pictures it may bill: {count}",
        "未知：价格表中没有该地址的价格；可能计费的图片：{count} 张",
    ),
    "time": ("time", "用时"),
    "tries": ("tries", "尝试"),
    "untried": ("not tried", "未尝试"),
    "step_first": ("{wire}, {asked}", "{wire}，{asked}"),
    "step_turn": ("{wire}, second turn", "{wire}，第二轮"),
    "step_other": ("{wire}, one more wire", "{wire}，另一种请求格式"),
    "step_none": ("one more wire", "另一种请求格式"),
    "unsized": ("its own shape", "自带比例"),
    "question": ("Send and pay? [y/N]", "发送并付费？[y/N]"),
    "declined": ("Nothing was sent.", "未发送任何请求。"),
    "nobody": (
        "The live check costs money, and nobody is here to say yes; nothing was sent.",
        "实时检查会产生费用，而这里无人确认；未发送任何请求。",
    ),
    "nobody_hint": ("Add --yes to agree beforehand.", "加上 --yes 表示事先同意。"),
    "only_live": ("{option} belongs to --live.", "{option} 要与 --live 一起使用。"),
    "no_key": (
        "The live check asks a provider, and no key is set: without one the sandbox answers. Nothing was sent.",
        "实时检查要访问服务商，而没有设置密钥（此时由沙盒回答）。未发送任何请求。",
    ),
    "no_key_hint": (
        "Set one of APIYI_API_KEY, GOOGLE_API_KEY, GEMINI_API_KEY or OPENROUTER_API_KEY, or NB_BANANA_API_KEY with "
        "NB_BANANA_BASE_URL; in a notebook, nb.session().use_key(key, provider=\"apiyi\") works too.",
        "请设置 APIYI_API_KEY、GOOGLE_API_KEY、GEMINI_API_KEY、OPENROUTER_API_KEY 之一，或同时设置 NB_BANANA_API_KEY 与 "
        "NB_BANANA_BASE_URL；在笔记本中也可以用 nb.session().use_key(key, provider=\"apiyi\")。",
    ),
    # meanwhile
    "begun": ("{number} of {count}: {step} …", "第 {number} 项，共 {count} 项：{step} …"),
    # afterwards
    "title": ("Live check of nb_banana {version}, {day}", "nb_banana {version} 实时检查，{day}"),
    "custom": ("custom address", "自定义地址"),
    "spent": (
        "{passed} of {tried} passed; cost: {cost}",
        "尝试 {tried} 项，通过 {passed} 项；费用：{cost}",
    ),
    "no_cost": ("none", "无"),
    "passed": ("passed", "通过"),
    "failed": ("failed", "失败"),
    "column_check": ("check", "检查"),
    "column_state": ("result", "结果"),
    "column_status": ("HTTP", "HTTP"),
    "column_time": ("time", "用时"),
    "column_cost": ("cost", "费用"),
    "column_picture": ("picture", "图片"),
    "list": ("{words}.", "{words}。"),
    "comma": ("; ", "；"),
    "answered": ("answered by {model}", "由 {model} 回答"),
    "tokens": ("{inputs} tokens in, {outputs} out", "输入 {inputs} token，输出 {outputs}"),
    "no_tokens": ("no token counts", "没有 token 数"),
    "signed": ("signatures on {signed} of {count} pictures", "{count} 张图片中 {signed} 张带签名"),
    "accepted": ("signatures sent back and accepted: {count}", "签名已送回并被接受：{count}"),
    "unsigned": (
        "The first answer's pictures carry no signature; the turn went out without.",
        "第一次回答的图片没有签名，第二轮未带签名发送。",
    ),
    "maybe_billed": ("may be billed", "可能已计费"),
    "other_pixels": (
        "Asked for {asked}, which is {expected}; got {got}.",
        "要求 {asked}（{expected}），得到 {got}。",
    ),
    "no_turns": ("This wire carries no conversation.", "该请求格式不支持对话。"),
    "one_wire": ("This provider has one wire.", "该服务商只有一种请求格式。"),
    "no_first": ("The first step gave no turn to go on from.", "第一步没有可继续的对话。"),
    "hopeless": ("What failed before would fail here too.", "前面的失败原因在这里同样存在。"),
    "interrupted": ("Interrupted.", "已中断。"),
    "everything_else": (
        "Not tried: other models, other ratios and sizes, several pictures in one edit, a picture from words alone, "
        "masks and seeds, a refusal, limits of size and pace.",
        "未尝试：其他模型、其他比例和尺寸、多图编辑、文字生成图片、蒙版与种子、拒绝、大小和频率限制。",
    ),
    "saved": (
        "The answers' shapes (no pictures, no words, no key) are in {path}; attach it to an issue.",
        "回答的结构（不含图片、文字和密钥）已保存到 {path}，可附在 issue 中。",
    ),
}
