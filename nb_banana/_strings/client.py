"""Sentences about requests, answers and failures of the service."""

TABLE: dict[str, tuple[str, str]] = {
    # requests
    "prompt_type": (
        "prompt must be text, not {kind}. Did the pictures and the prompt change places? edit(images, prompt)",
        "prompt 必须是文本，而不是 {kind}。图片和提示词的顺序是否反了？edit(images, prompt)",
    ),
    "prompt_empty": (
        "prompt is empty. Say what to change, for example “replace the background with a beach”.",
        "prompt 为空。请说明要修改什么，例如“把背景换成海滩”。",
    ),
    "prompt_long": (
        "prompt has {count:,} characters; {limit:,} is the most. Shorten it.",
        "prompt 有 {count:,} 个字符，最多 {limit:,} 个，请缩短。",
    ),
    "wire_unknown": (
        "wire={wire!r} is not known; choose {choices}.",
        "wire={wire!r} 无效，请选择 {choices}。",
    ),
    "wire_not_spoken": (
        "{provider} does not offer wire={wire!r} here; choose {choices}.",
        "{provider} 不提供 wire={wire!r}，请选择 {choices}。",
    ),
    "setting_unsent": (
        "{name}= can't be sent over the {wire} wire: it has no place for it, so nothing was sent.",
        "{wire} 线路无法传递 {name}=：没有对应的字段，因此没有发送任何请求。",
    ),
    "setting_unsent_hint": (
        "Leave {name} out; say in the prompt what you want instead.",
        "请去掉 {name}，改在提示词中说明您的要求。",
    ),
    "endpoint_bad": (
        "The endpoint is a {kind}, not an Endpoint. Make one: Endpoint.apiyi(key), Endpoint.from_env() or "
        "Endpoint.sandbox().",
        "endpoint 是 {kind}，不是 Endpoint。请用 Endpoint.apiyi(key)、Endpoint.from_env() 或 "
        "Endpoint.sandbox() 创建。",
    ),
    "request_bad": (
        "send() takes an EditRequest, not a {kind}. For pictures and words use edit(images, prompt).",
        "send() 需要 EditRequest，而不是 {kind}。图片加文字请用 edit(images, prompt)。",
    ),
    "not_text": (
        "{name} must be text, not {kind}. Put it in quotes.",
        "{name} 必须是文本，而不是 {kind}。请用引号括起来。",
    ),
    "retries_bad": (
        "retries={value!r} is not a whole number from 0 to 10.",
        "retries={value!r} 无效，应为 0 到 10 的整数。",
    ),
    "deadline_bad": (
        "deadline={value!r} is not a number of seconds above 0; leave it out for the default.",
        "deadline={value!r} 无效，应为大于 0 的秒数；省略则使用默认值。",
    ),
    "no_key": (
        "No key was found. Set NB_BANANA_API_KEY, APIYI_API_KEY, GEMINI_API_KEY or OPENROUTER_API_KEY, or use "
        "Endpoint.sandbox(), which needs none.",
        "没有找到密钥。请设置 NB_BANANA_API_KEY、APIYI_API_KEY、GEMINI_API_KEY 或 OPENROUTER_API_KEY，"
        "或使用无需密钥的 Endpoint.sandbox()。",
    ),
    "key_needed": (
        "{host} needs a key. Give it as Endpoint(..., api_key=...), or set {variable}.",
        "{host} 需要密钥，请通过 Endpoint(..., api_key=...) 提供，或设置 {variable}。",
    ),
    "key_needed_hint": (
        "A key does not travel to another process: that one takes its own variable, and only for this very address.",
        "密钥不会随对象传到别的进程：那个进程使用它自己的环境变量，而且只用于完全相同的地址。",
    ),
    "both_variables": ("{key} together with {address}={url}", "{key} 并同时设置 {address}={url}"),
    "plan_elsewhere": (
        "This plan is for {there}, and this client's key is for {here}. Nothing was sent; plan with this client.",
        "这个计划针对 {there}，而此客户端的密钥属于 {here}。请求未发送；请用此客户端重新制定计划。",
    ),
    "key_astray": (
        "{name} holds a key that looks like one of {looks}; without an address it would go to {usual}. "
        "Nothing was sent.",
        "{name} 中的密钥看起来属于 {looks}，而没有指定地址时会发往 {usual}。请求未发送。",
    ),
    "key_astray_hint": (
        "Set it as {variable}, or say where it belongs: {address}={url} (or the address you mean).",
        "请改设为 {variable}，或用 {address}={url}（或您要用的地址）说明它属于哪里。",
    ),
    "other_keys": (
        "Using the key of {used}; also set and not used: {others}.",
        "正在使用 {used} 的密钥；另外还设置了但未使用：{others}。",
    ),
    "key_hidden": ("key set", "已设置密钥"),
    "key_none": ("no key", "无密钥"),
    "closed": (
        "This client was closed; make a new one.",
        "该客户端已关闭，请新建一个。",
    ),
    # failures of the service, by category
    "key_in": ("{name}: {problem}", "{name}：{problem}"),
    "auth": ("{host} refused the key (HTTP {status}): “{message}”", "{host} 拒绝了密钥（HTTP {status}）：“{message}”"),
    "auth_hint": (
        "Check that the key is complete, belongs to this provider, and may use this model; then set it again.",
        "请检查密钥是否完整、属于该服务商且有权使用该模型，然后重新设置。",
    ),
    "region": (
        "{host} does not serve this account or place (HTTP {status}): “{message}”",
        "{host} 不为该账户或地区提供服务（HTTP {status}）：“{message}”",
    ),
    "region_hint": (
        "Use a provider that serves your region, or enable billing for the account. Trying again won't help.",
        "请使用支持您所在地区的服务商，或为账户开通计费。重试无效。",
    ),
    "quota": (
        "The balance or quota at {host} is used up (HTTP {status}): “{message}”",
        "{host} 的余额或配额已用完（HTTP {status}）：“{message}”",
    ),
    "quota_hint": (
        "Top up the account or wait for the next day's quota; trying again now won't help.",
        "请充值或等待次日配额恢复；现在重试无效。",
    ),
    "rate_limit": (
        "Too many requests for {host} just now (HTTP {status}): “{message}”",
        "{host} 当前请求过多（HTTP {status}）：“{message}”",
    ),
    "rate_limit_hint": (
        "Wait a little and run it again, or lower the concurrency. Nothing was billed.",
        "请稍候再试，或降低并发数。本次未计费。",
    ),
    "bad_request": (
        "{host} rejected the request (HTTP {status}): “{message}”",
        "{host} 拒绝了请求（HTTP {status}）：“{message}”",
    ),
    "bad_request_hint": (
        "Change what the message names (prompt, picture, ratio or size) and run it again; smaller pictures often help.",
        "请按提示修改提示词、图片、比例或尺寸后再试；缩小图片往往有效。",
    ),
    "model_not_found": (
        "{host} does not offer the model {model} to this key (HTTP {status}): “{message}”",
        "{host} 未向该密钥提供模型 {model}（HTTP {status}）：“{message}”",
    ),
    "model_not_found_hint": (
        "Choose another model (nb.models() lists them), or enable this one for the key.",
        "请更换模型（nb.models() 可列出），或为密钥开通该模型。",
    ),
    "safety": (
        "{host} blocked the request for safety reasons (HTTP {status}): “{message}”",
        "{host} 因安全原因拦截了请求（HTTP {status}）：“{message}”",
    ),
    "safety_hint": (
        "Reword the prompt: leave out names of people and brands, violence and nudity; then run it again.",
        "请改写提示词：去掉人名、品牌、暴力或裸露内容后再试。",
    ),
    "recitation": (
        "{host} withheld the picture as too close to existing work (HTTP {status}): “{message}”",
        "{host} 认为图片与现有作品过于相似而未返回（HTTP {status}）：“{message}”",
    ),
    "recitation_hint": (
        "Ask for something less tied to a known work, or add details of your own.",
        "请避免指向已有作品，或加入您自己的细节。",
    ),
    "no_image": ("{host} answered without a picture: “{message}”", "{host} 的回答中没有图片：“{message}”"),
    "no_image_hint": (
        "Say plainly that a picture is wanted and what it shows, then run it again.",
        "请明确说明需要图片及其内容，然后再试。",
    ),
    "server": ("{host} failed (HTTP {status}): “{message}”", "{host} 出现故障（HTTP {status}）：“{message}”"),
    "server_hint": ("Run it again in a minute.", "请稍后再试。"),
    "timeout": (
        "{host} gave up waiting for the model (HTTP {status}): “{message}”",
        "{host} 等待模型超时（HTTP {status}）：“{message}”",
    ),
    "timeout_hint": (
        "Try a smaller image_size or fewer pictures, or run it again later.",
        "请尝试更小的 image_size 或更少的图片，或稍后再试。",
    ),
    "network": (
        "The connection between {host} and the model broke (HTTP {status}): “{message}”",
        "{host} 与模型之间的连接中断（HTTP {status}）：“{message}”",
    ),
    "network_hint": ("Run it again in a minute.", "请稍后再试。"),
    "malformed": (
        "The answer of {host} could not be read (HTTP {status}): “{message}”",
        "无法读取 {host} 的回答（HTTP {status}）：“{message}”",
    ),
    "malformed_hint": (
        "Check base_url and wire (native or OpenAI-compatible); a page instead of an answer often means a wrong address.",
        "请检查 base_url 和 wire（原生或 OpenAI 兼容）；返回网页通常说明地址有误。",
    ),
    "budget_hint": ("Raise the budget or choose a cheaper model or size.", "请提高预算，或选择更便宜的模型或尺寸。"),
    "no_message": ("no message", "没有说明"),
    "wait_hint": (" The server asks to wait {seconds} s.", " 服务器要求等待 {seconds} 秒。"),
    "billed_hint": (
        " The provider may bill this request.",
        " 服务商可能对本次请求计费。",
    ),
    # answers without a picture
    "stage_prompt": ("the prompt", "提示词"),
    "stage_output": ("the picture", "生成的图片"),
    "answered_text": (
        "The model answered with words and no picture.",
        "模型只返回了文字，没有返回图片。",
    ),
    "only_sent": (
        "The answer held no new picture: only what was sent came back.",
        "回答中没有新的图片，返回的只是发送出去的内容。",
    ),
    "accepted": (
        "{host} accepted the request as job {message} (HTTP {status}) and sent no picture yet. nb_banana waits"
        " for the picture in the same reply.",
        "{host} 已将请求受理为任务 {message}（HTTP {status}），但尚未返回图片。nb_banana 只等待同一次回答中的图片。",
    ),
    "accepted_hint": (
        "Look the job up at the provider and do not send it again: each time may be paid. To edit here, use an"
        " address or a model that answers at once.",
        "请到服务商处查询该任务，不要重复发送，每次都可能计费。如要在此编辑，请改用会直接返回图片的地址或模型。",
    ),
    "model_said": (" It said: “{text}”", " 模型说：“{text}”"),
    "refused_safety": (
        "The provider blocked {stage} for safety reasons ({reason}).",
        "服务商因安全原因拦截了{stage}（{reason}）。",
    ),
    "refused_safety_hint": (
        "Reword the prompt: describe what should be seen in neutral words, without names of people or brands.",
        "请改写提示词：用中性的语言描述画面，避免人名和品牌。",
    ),
    "refused_recitation": (
        "The provider withheld {stage} as too close to existing work ({reason}).",
        "服务商认为{stage}与现有作品过于相似，未返回（{reason}）。",
    ),
    "refused_recitation_hint": (
        "Reword the prompt: ask for something less tied to a known work, or add details of your own.",
        "请改写提示词：避免指向已有作品，或加入您自己的细节。",
    ),
    "refused_no_image": (
        "The model finished without a picture ({reason}).",
        "模型结束时没有返回图片（{reason}）。",
    ),
    "refused_no_image_hint": (
        "Reword the prompt: say plainly which picture is wanted (“edit the picture so that …”), or run it again.",
        "请改写提示词：明确说明需要怎样的图片（“请编辑图片，使……”），或再试一次。",
    ),
    "refused_bad_request": (
        "The provider refused {stage} ({reason}).",
        "服务商拒绝了{stage}（{reason}）。",
    ),
    "refused_bad_request_hint": (
        "Reword the prompt in a supported language, or start a new chain instead of continuing the conversation.",
        "请用受支持的语言改写提示词，或重新开始而不是继续对话。",
    ),
    "refused_malformed": (
        "The picture in the answer is damaged or incomplete ({reason}).",
        "回答中的图片已损坏或不完整（{reason}）。",
    ),
    "refused_malformed_hint": ("Run it again; if it happens often, choose a smaller size.", "请再试一次；若经常发生，请选择更小的尺寸。"),
    # the connection
    "connect_failed": (
        "{host} could not be reached: {reason}",
        "无法连接到 {host}：{reason}",
    ),
    "connect_failed_hint": (
        "Check the network, base_url and any proxy. Nothing was sent.",
        "请检查网络、base_url 和代理设置。请求尚未发出。",
    ),
    "broken": (
        "The connection to {host} broke before the whole answer had come: {reason}",
        "在收到完整回答之前，与 {host} 的连接中断：{reason}",
    ),
    "broken_hint": (
        "The edit may have run and may be billed, so it is not sent again by itself. Run it again if you accept that.",
        "编辑可能已执行并计费，因此不会自动重发。如可接受，请手动再试。",
    ),
    "deadline": (
        "{host} did not finish within deadline={deadline:g} s.",
        "{host} 未在 deadline={deadline:g} 秒内完成。",
    ),
    "deadline_hint": (
        "The edit may still run and may be billed. Give it more time: nb.session(deadline=600), or Client(deadline=…).",
        "编辑可能仍在执行并计费。可延长时间：nb.session(deadline=600) 或 Client(deadline=…)。",
    ),
    "undecodable": (
        "The answer of {host} could not be unpacked: {reason}",
        "无法解压 {host} 的回答：{reason}",
    ),
    "unforeseen": (
        "The answer of {host} could not be taken in: {reason}",
        "无法处理 {host} 的回答：{reason}",
    ),
    "unforeseen_hint": (
        "This is a fault of nb_banana; please report it with this line.",
        "这是 nb_banana 的缺陷，请附上这一行反馈。",
    ),
    "note_counted": (
        "The provider counted the tokens of {count} pictures, so this edit is taken to have cost {cost}.",
        "服务商按 {count} 张图片计了 token，因此本次编辑按 {cost} 计。",
    ),
    "note_disagree": (
        "What the provider says about the cost disagrees ({stated} stated); {cost} is counted. Its own bill decides.",
        "服务商给出的费用说法不一（声称 {stated}），按 {cost} 计；以服务商账单为准。",
    ),
    "too_large": (
        "The answer of {host} passed {limit} MB and was cut off.",
        "{host} 的回答超过 {limit} MB，已中止读取。",
    ),
    "redirect": (
        "{host} redirects to {target}. The key and the pictures are not sent on.",
        "{host} 重定向到 {target}。密钥和图片不会被转发。",
    ),
    "redirect_hint": (
        "If you trust that address, set it as base_url.",
        "如果信任该地址，请将其设为 base_url。",
    ),
    "attempts": (" ({count} attempts)", "（共尝试 {count} 次）"),
    # picture links
    "link_failed": (
        "The picture the answer names could not be fetched: {url} ({reason})",
        "无法下载回答中给出的图片：{url}（{reason}）",
    ),
    "link_failed_hint": (
        "The edit was made and may be billed: run it again and the link is tried first, or open it yourself before it "
        "expires.",
        "编辑已完成并可能计费：再次运行会先尝试该链接，也可在过期前自行打开。",
    ),
    "link_again_hint": (
        "This edit was made before and may have been billed, so it was not sent again. Run it again later, or with "
        "fresh=True to send it, and pay for it, anew.",
        "该编辑此前已完成并可能已计费，因此没有再次发送。请稍后再运行，或用 fresh=True 重新发送并付费。",
    ),
    "link_gone_hint": (
        "The address does not lead to the picture any more. Run the edit again to send it, and pay for it, anew.",
        "该地址已无法取得图片。再次运行会重新发送该编辑并重新付费。",
    ),
    # warnings on a result
    "note_broken_image": (
        "Part of the answer was a damaged picture and was left out.",
        "回答中有一部分图片已损坏，已忽略。",
    ),
    "note_only_drafts": (
        "Only drafts came; they are returned.",
        "只收到草稿图，已返回草稿。",
    ),
    "note_unnamed_image": (
        "The picture stood in an unusual place of the reply. Look whether it is the edit.",
        "这张图片出现在回复中不常见的位置，请确认它是不是编辑结果。",
    ),
    "note_maybe_drafts": (
        "{count} pictures came; the earlier ones may be drafts, the last is the result.",
        "收到 {count} 张图片；前面的可能是草稿，最后一张为结果。",
    ),
    "note_model": (
        "Asked for {asked}, answered by {answered}.",
        "请求的模型是 {asked}，实际由 {answered} 回答。",
    ),
    "note_pixels": (
        "Asked for {asked} ({expected}), got {got}.",
        "请求 {asked}（{expected}），实际得到 {got}。",
    ),
    "note_ratio": (
        "Asked for aspect ratio {asked}, got {got}.",
        "请求的宽高比是 {asked}，实际得到 {got}。",
    ),
    "note_shape": (
        "No ratio was asked, so the shape of the last input ({before}) was expected; got {got}.",
        "未指定宽高比，应沿用最后一张输入图片的形状（{before}），实际得到 {got}。",
    ),
    "note_rewritten": (
        "The service rewrote the prompt: “{words}”",
        "服务方改写了提示词：“{words}”",
    ),
    "note_finish": (
        "The answer did not end in the usual way ({reason}); the picture may be incomplete.",
        "回答未正常结束（{reason}），图片可能不完整。",
    ),
    "note_link": (
        "A picture named by the answer could not be fetched: {url} ({reason})",
        "无法下载回答中的一张图片：{url}（{reason}）",
    ),
}
