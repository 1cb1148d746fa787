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
    "auth_bad": (
        "auth={value} can't carry a key: write \"bearer\", or the name of a header of the service's own such as "
        "\"x-api-key\".",
        "auth={value} 无法携带密钥：请写 \"bearer\"，或服务自己的请求头名称，如 \"x-api-key\"。",
    ),
    "extra_bad": (
        "extra= must be a dict of plain values that JSON can hold ({reason}), such as "
        "extra={{'modalities': ['image', 'text']}}.",
        "extra= 必须是 JSON 能表示的普通值组成的 dict（{reason}），例如 extra={{'modalities': ['image', 'text']}}。",
    ),
    "extra_ours": (
        "extra= can't set {name!r}: model, prompt, pictures, ratio, size, seed, takes, addresses and keys have their own places.",
        "extra= 不能设置 {name!r}：模型、提示词、图片、比例、尺寸、seed、次数、地址和密钥各有专门的参数。",
    ),
    "extra_long": (
        "extra= takes {count:,} characters as JSON; {limit:,} is the most.",
        "extra= 写成 JSON 有 {count:,} 个字符，最多 {limit:,} 个。",
    ),
    "insecure": (
        "Requests go to {host} unencrypted: whoever is on this network can read pictures, prompts and the key.",
        "发往 {host} 的请求未加密：同一网络中的人都能读到图片、提示词和密钥。",
    ),
    "bad_price": (
        "price={price!r} is no amount of USD for one picture; 0 says that it costs nothing, None that nobody knows.",
        "price={price!r} 不是单张图片的美元金额；0 表示免费，None 表示未知。",
    ),
    "served_many": (
        "{host} serves {count} models, so name one: Endpoint.local(url, model=…). They are {names}.",
        "{host} 提供 {count} 个模型，请指明一个：Endpoint.local(url, model=…)。可选：{names}。",
    ),
    "served_none": (
        "{host} did not say which model it runs ({reason}).",
        "{host} 没有说明运行的是哪个模型（{reason}）。",
    ),
    "served_none_hint": (
        "Start the server, or name the model: Endpoint.local(url, model=\"…\"); with a name, what the history holds "
        "is replayed without the server.",
        "请启动服务，或指明模型：Endpoint.local(url, model=\"…\")；指明后，即使服务未启动也能重放历史。",
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
    "dotenv": (
        '{path} lies here and was not read; nb.session(env=".env") reads the key in it.',
        '此处有 {path}，但未读取；nb.session(env=".env") 会读取其中的密钥。',
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
    "key_forgotten": (
        "The key for this edit was forgotten before it was sent; nothing was sent with it.",
        "本次编辑发送之前，其密钥已被移除；没有用该密钥发送任何请求。",
    ),
    # failures of the service, by category
    "key_in": ("{name}: {problem}", "{name}：{problem}"),
    # what the body of the reply is, after the sentence that says what it means
    "body_words": (": “{message}”", "：“{message}”"),
    "body_page": (", with a web page: “{message}”", "，返回的是网页：“{message}”"),
    "body_cut": (", with a body that ends in the middle: “{message}”", "，正文在中途被截断：“{message}”"),
    "body_empty": (", with an empty body", "，正文为空"),
    "body_bytes": (
        ", with bytes that are no text (content type {message})",
        "，正文是无法识别为文字的字节（content type：{message}）",
    ),
    "auth": ("{host} refused the key (HTTP {status})", "{host} 拒绝了密钥（HTTP {status}）"),
    "auth_hint": (
        "Check that the key is complete, belongs to this provider, and may use this model; then set it again.",
        "请检查密钥是否完整、属于该服务商且有权使用该模型，然后重新设置。",
    ),
    "denied": (
        "{host} did not let this request in (HTTP {status})",
        "{host} 没有接受此请求（HTTP {status}）",
    ),
    "denied_hint": (
        "Do what the words say. If they say little: check that the key is right, may use this model, and that the "
        "account and your address are allowed.",
        "请按原文提示处理；若说明不清，请检查密钥是否正确、是否有权使用该模型，以及账户和您的网络地址是否被允许。",
    ),
    "gateway_key": (
        "{host} has no key that works at the service behind it (HTTP {status})",
        "{host} 在其上游服务处没有可用的密钥（HTTP {status}）",
    ),
    "gateway_key_hint": (
        "That is a key of {host}, not yours. Tell whoever runs it, or choose another model or provider; running it "
        "again won't help.",
        "这是 {host} 自己的密钥，不是您的密钥。请联系其运营方，或更换模型、服务商；重试无效。",
    ),
    "region": (
        "{host} does not serve this account or place (HTTP {status})",
        "{host} 不为该账户或地区提供服务（HTTP {status}）",
    ),
    "region_hint": (
        "Use a provider that serves your region, or enable billing for the account. Trying again won't help.",
        "请使用支持您所在地区的服务商，或为账户开通计费。重试无效。",
    ),
    "limited": (
        "{host} holds this account back (HTTP {status})",
        "{host} 限制了该账户（HTTP {status}）",
    ),
    "limited_hint": (
        "Settle with the provider what the words name (a bill, a plan, a limit); trying again now won't help.",
        "请按原文与服务商解决（账单、套餐或限额）；现在重试无效。",
    ),
    "quota": (
        "The balance or quota at {host} is used up (HTTP {status})",
        "{host} 的余额或配额已用完（HTTP {status}）",
    ),
    "quota_hint": (
        "Top up the account or wait for the next day's quota; trying again now won't help.",
        "请充值或等待次日配额恢复；现在重试无效。",
    ),
    "gateway_quota": (
        "What {host} may use of the service behind it is used up (HTTP {status})",
        "{host} 在其上游服务处的额度已用完（HTTP {status}）",
    ),
    "gateway_quota_hint": (
        "Your own balance may be fine. Choose another model or provider, or tell whoever runs {host}; trying again "
        "now won't help.",
        "您自己的余额可能没有问题。请更换模型或服务商，或联系 {host} 的运营方；现在重试无效。",
    ),
    "busy": (
        "{host} is too busy just now (HTTP {status})",
        "{host} 当前负载过高（HTTP {status}）",
    ),
    "busy_hint": ("Wait a little and run it again. Nothing was billed.", "请稍候再试。本次未计费。"),
    "rate_limit": (
        "Too many requests for {host} just now (HTTP {status})",
        "{host} 当前请求过多（HTTP {status}）",
    ),
    "rate_limit_hint": (
        "Wait a little and run it again, or lower the concurrency. Nothing was billed.",
        "请稍候再试，或降低并发数。本次未计费。",
    ),
    "bad_request": (
        "{host} rejected the request (HTTP {status})",
        "{host} 拒绝了请求（HTTP {status}）",
    ),
    "bad_request_hint": (
        "Change what the message names (prompt, picture, ratio or size) and run it again.",
        "请按提示修改提示词、图片、比例或尺寸后再试。",
    ),
    "unknown_field": (
        "{host} doesn't take a field of this request (HTTP {status})",
        "{host} 不接受请求中的某个字段（HTTP {status}）",
    ),
    "unknown_field_hint": (
        "Leave out what the message names; extra={{\"response_format\": None}} takes a field of ours out of the request.",
        "请去掉消息中提到的字段；例如 extra={{\"response_format\": None}} 可从请求中移除我们添加的字段。",
    ),
    "heavy": ("{host} rejected the request as too large (HTTP {status})", "{host} 因内容过大拒绝了请求（HTTP {status}）"),
    "heavy_hint": (
        "Send fewer or smaller pictures, or a shorter prompt, and run it again.",
        "请减少或缩小图片，或缩短提示词后再试。",
    ),
    "nowhere": (
        "{host} has nothing at this address, or nothing of this name (HTTP {status})",
        "{host} 的这个地址或名称下没有内容（HTTP {status}）",
    ),
    "nowhere_hint": (
        "Check base_url and wire first (native or OpenAI-compatible); if they are right, the model {model} is not "
        "offered here.",
        "请先检查 base_url 和 wire（原生或 OpenAI 兼容）；若无误，则这里没有提供模型 {model}。",
    ),
    "other_model": (
        "{host} runs another model than {model} (HTTP {status})",
        "{host} 运行的不是 {model}（HTTP {status}）",
    ),
    "other_model_hint": (
        "Leave the model out, and Endpoint.local(url) asks the server which one it runs; or start the server with this one.",
        "请不要指定模型，Endpoint.local(url) 会询问服务器运行的是哪个；或用该模型启动服务器。",
    ),
    "model_not_found": (
        "{host} does not offer the model {model} to this key (HTTP {status})",
        "{host} 未向该密钥提供模型 {model}（HTTP {status}）",
    ),
    "model_not_found_hint": (
        "Choose another model (nb.models() lists them), or enable this one for the key.",
        "请更换模型（nb.models() 可列出），或为密钥开通该模型。",
    ),
    "safety": (
        "{host} blocked the request for safety reasons (HTTP {status})",
        "{host} 因安全原因拦截了请求（HTTP {status}）",
    ),
    "safety_hint": (
        "Reword the prompt: leave out names of people and brands, violence and nudity; then run it again.",
        "请改写提示词：去掉人名、品牌、暴力或裸露内容后再试。",
    ),
    "recitation": (
        "{host} withheld the picture as too close to existing work (HTTP {status})",
        "{host} 认为图片与现有作品过于相似而未返回（HTTP {status}）",
    ),
    "recitation_hint": (
        "Ask for something less tied to a known work, or add details of your own.",
        "请避免指向已有作品，或加入您自己的细节。",
    ),
    "no_image": ("{host} answered without a picture", "{host} 的回答中没有图片"),
    "no_image_hint": (
        "Say plainly that a picture is wanted and what it shows, then run it again.",
        "请明确说明需要图片及其内容，然后再试。",
    ),
    "server": ("{host} failed (HTTP {status})", "{host} 出现故障（HTTP {status}）"),
    "server_hint": ("Run it again in a minute.", "请稍后再试。"),
    "timeout": (
        "{host} gave up waiting for the model (HTTP {status})",
        "{host} 等待模型超时（HTTP {status}）",
    ),
    "timeout_hint": (
        "Try a smaller image_size or fewer pictures, or run it again later.",
        "请尝试更小的 image_size 或更少的图片，或稍后再试。",
    ),
    "malformed_words": (
        "The answer of {host} could not be read (HTTP {status}): “{message}”",
        "无法读取 {host} 的回答（HTTP {status}）：“{message}”",
    ),
    "malformed_words_hint": (
        "Check base_url and wire (native or OpenAI-compatible): this is no answer about a picture.",
        "请检查 base_url 和 wire（原生或 OpenAI 兼容）：这不是关于图片的回答。",
    ),
    "malformed_page": (
        "{host} sent a web page instead of an answer (HTTP {status}): “{message}”",
        "{host} 返回的是网页，而不是回答（HTTP {status}）：“{message}”",
    ),
    "malformed_page_hint": (
        "Check base_url: a page for browsers is no answer of an API. It may also be a login page, a firewall or a proxy "
        "on the way. Running it again won't help.",
        "请检查 base_url：供浏览器查看的网页不是 API 的回答，也可能是登录页、防火墙或代理。重试无效。",
    ),
    "malformed_cut": (
        "The answer of {host} was cut off in the middle (HTTP {status}): “{message}”",
        "{host} 的回答在中途被截断（HTTP {status}）：“{message}”",
    ),
    "malformed_cut_hint": (
        "The address is right; the reply ended too early, at the service or at a proxy on the way. Run it again; if it "
        "happens often, choose a smaller size.",
        "地址没有问题；回答在服务端或途中的代理处提前结束。请再试一次；若经常发生，请选择更小的尺寸。",
    ),
    "unfinished": (
        "{host} sent unfinished pictures ({message}), and its answer ended before the finished one (HTTP {status}).",
        "{host} 只发来了未完成的图片（{message} 张），回答在成品之前就结束了（HTTP {status}）。",
    ),
    "unfinished_hint": (
        "The reply ended too early, at the service or at a proxy on the way; look at the provider whether it was paid "
        "before you run it again.",
        "回答在服务端或途中的代理处提前结束；重新运行之前，请先到服务商处查看是否已计费。",
    ),
    "malformed_empty": (
        "{host} sent an empty answer (HTTP {status}).",
        "{host} 返回了空的回答（HTTP {status}）。",
    ),
    "malformed_empty_hint": (
        "Nothing came that says why. Look at the provider whether the edit ran before you run it again.",
        "没有任何说明原因的内容。重新运行之前，请先到服务商处查看编辑是否已执行。",
    ),
    "malformed_bytes": (
        "{host} sent bytes that are no text and no picture (HTTP {status}, content type {message}).",
        "{host} 返回的字节既不是文字也不是图片（HTTP {status}，content type：{message}）。",
    ),
    "malformed_bytes_hint": (
        "Check base_url, and any proxy on the way: what came is packed, encrypted or another kind of file.",
        "请检查 base_url 和途中的代理：收到的内容可能经过压缩、加密，或是其他类型的文件。",
    ),
    "budget_hint": ("Raise the budget or choose a cheaper model or size.", "请提高预算，或选择更便宜的模型或尺寸。"),
    "wait_hint": (" The server asks to wait {wait}.", " 服务器要求等待 {wait}。"),
    "billed_hint": (
        " The provider may bill this request.",
        " 服务商可能对本次请求计费。",
    ),
    # answers without a picture
    "reason_given": (" ({reason})", "（{reason}）"),
    "reason_none": (" and gave no reason", "，也没有说明原因"),
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
        "The provider blocked {stage} for safety reasons{reason}.",
        "服务商因安全原因拦截了{stage}{reason}。",
    ),
    "refused_safety_hint": (
        "Reword the prompt: describe what should be seen in neutral words, without names of people or brands.",
        "请改写提示词：用中性的语言描述画面，避免人名和品牌。",
    ),
    "refused_recitation": (
        "The provider withheld {stage} as too close to existing work{reason}.",
        "服务商认为{stage}与现有作品过于相似，未返回{reason}。",
    ),
    "refused_recitation_hint": (
        "Reword the prompt: ask for something less tied to a known work, or add details of your own.",
        "请改写提示词：避免指向已有作品，或加入您自己的细节。",
    ),
    "refused_no_image": (
        "The model finished without a picture{reason}.",
        "模型结束时没有返回图片{reason}。",
    ),
    "refused_blocked": (
        "The provider blocked {stage}{reason}.",
        "服务商拦截了{stage}{reason}。",
    ),
    "refused_too_long": (
        "The model ran out of room before there was a picture{reason}.",
        "模型在生成图片之前已用完输出额度{reason}。",
    ),
    "refused_too_long_hint": (
        "Ask for one thing at a time, for a smaller image_size, or for the picture alone without words.",
        "请一次只要求一项修改，选择更小的 image_size，或只要求图片、不要文字。",
    ),
    "refused_no_image_hint": (
        "Reword the prompt: say plainly which picture is wanted (“edit the picture so that …”), or run it again.",
        "请改写提示词：明确说明需要怎样的图片（“请编辑图片，使……”），或再试一次。",
    ),
    "refused_malformed": (
        "The picture in the answer is damaged or incomplete{reason}.",
        "回答中的图片已损坏或不完整{reason}。",
    ),
    "refused_malformed_hint": ("Run it again; if it happens often, choose a smaller size.", "请再试一次；若经常发生，请选择更小的尺寸。"),
    "unreadable": (
        "{host} made a picture of a kind that can't be read here: {message}",
        "{host} 生成的图片是此处无法读取的类型：{message}",
    ),
    "unreadable_hint": (
        "Another run brings the same kind. Install what is named, or have the service give PNG or JPEG (extra=).",
        "再次运行也会得到同样的类型。请安装上面提到的依赖，或通过 extra= 让服务返回 PNG 或 JPEG。",
    ),
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
        "The edit may still run and may be billed. Give it more time: nb.session(deadline={seconds:g}), or Client(deadline={seconds:g}).",
        "编辑可能仍在执行并计费。可延长时间：nb.session(deadline={seconds:g}) 或 Client(deadline={seconds:g})。",
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
    "link_late": (
        "no time was left for it, or it is one of more than {limit} addresses",
        "没有剩余时间，或答案中的地址超过 {limit} 个",
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
    "too_large_hint": ("No picture is so large: check base_url.", "没有图片会这么大，请检查 base_url。"),
    "redirect": (
        "{host} redirects to {target}. The key and the pictures are not sent on.",
        "{host} 重定向到 {target}。密钥和图片不会被转发。",
    ),
    "redirect_hint": (
        "If you trust that address, set it as base_url.",
        "如果信任该地址，请将其设为 base_url。",
    ),
    "redirect_done_hint": (
        "HTTP 303 says that the edit was performed and that its answer lies there, so it may be billed. Check base_url "
        "before you run it again.",
        "HTTP 303 表示该编辑已执行且结果在该地址，因此可能计费。再次运行前请检查 base_url。",
    ),
    "attempts": (" ({count} attempts)", "（共尝试 {count} 次）"),
    # picture links
    "link_failed_hint": (
        "The edit was made and may be billed: run it again and the link is tried first, or open it yourself before it "
        "expires; the error's links holds it whole.",
        "编辑已完成并可能计费：再次运行会先尝试该链接，也可在过期前自行打开；完整链接见该错误的 links。",
    ),
    "link_with_key": (
        "the link holds your API key, which is for {own} and was not sent to {host}",
        "链接中含有您的 API 密钥；该密钥仅用于 {own}，未发送给 {host}",
    ),
    "key_inside": (
        "{name} holds the API key itself: it would be sent to the model and kept in the history. Nothing was sent; "
        "take the key out.",
        "{name} 中含有 API 密钥：它会被发送给模型并保存在历史记录中。未发送任何请求，请删去密钥。",
    ),
    "link_again_hint": (
        "This edit was made before and may have been billed, so it was not sent again. Run it again later, or with "
        "fresh=True to send it, and pay for it, anew.",
        "该编辑此前已完成并可能已计费，因此没有再次发送。请稍后再运行，或用 fresh=True 重新发送并付费。",
    ),
    "link_closed_hint": (
        "The edit was made and may be billed, but nothing is fetched from there: if you trust the link, open it yourself "
        "(the error's links holds it whole) and pass the file on. Only fresh=True sends the edit, and pays for it, anew.",
        "编辑已完成并可能计费，但程序不会访问该地址：如果您信任该链接，请自行打开（完整链接见该错误的 links）并传入文件。"
        "只有 fresh=True 才会重新发送并付费。",
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
    "note_mentioned": (
        "The picture lay at an address in the model's sentences. Look whether it is the edit.",
        "这张图片来自模型文字中的一个链接，请确认它是不是编辑结果。",
    ),
    "note_words_against": (
        "The model's words turn the edit down, and a picture came all the same. Look whether it is the edit.",
        "模型的文字拒绝了这次编辑，却附有图片，请确认它是不是编辑结果。",
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
    "note_broken_end": (
        "The connection broke before the reply had ended as it should; the answer itself is whole.",
        "连接在回复正常结束之前中断，但回答本身是完整的。",
    ),
    "note_link": (
        "A picture named by the answer could not be fetched: {url} ({reason})",
        "无法下载回答中的一张图片：{url}（{reason}）",
    ),
}
