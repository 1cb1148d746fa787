"""Sentences about models, sizes and prices."""

TABLE: dict[str, tuple[str, str]] = {
    # what a name means
    "unknown_model": (
        "The catalog does not know the model {given}; it is sent as given, and nothing about it is checked.",
        "目录里没有模型 {given}；将原样发送，不做任何检查。",
    ),
    "no_model": (
        "the catalog has no model {name}; it knows {known}, and the nicknames nb.models() shows",
        "目录里没有模型 {name}；已知的有 {known}，以及 nb.models() 列出的昵称",
    ),
    "did_you_mean": (" Did you mean {value!r}?", "您是指 {value!r} 吗？"),
    "renamed": (
        "{given} is a nickname: {sent} was sent to {host}. If {given} is an id of its own there, write "
        "model={literal!r}.",
        "{given} 是昵称：发送到 {host} 的是 {sent}。如果 {given} 本身就是那里的模型编号，请写 model={literal!r}。",
    ),
    "asked_and_sent": ("{sent} (asked for as {asked})", "{sent}（请求的是 {asked}）"),
    "no_literal": (
        "model='=' names no model. Write the id behind the sign, such as model='=my-model'.",
        "model='=' 没有指明模型。请在等号后写出编号，例如 model='=my-model'。",
    ),
    "redirected": (
        "{provider} retired {given} on {since}; {sent} is sent instead.",
        "{provider} 已于 {since} 下线 {given}，改为发送 {sent}。",
    ),
    "retired_everywhere": (
        "{given} is retired at every provider the catalog knows; it is sent as given. "
        "If it is refused, use {sent}.",
        "目录中的所有服务商都已下线 {given}；将原样发送。若被拒绝，请改用 {sent}。",
    ),
    "not_listed": (
        "The catalog does not know whether {provider} offers {model}; its own id is sent.",
        "目录不确定 {provider} 是否提供 {model}；将发送它的官方编号。",
    ),
    "closing": (
        "{provider} announced the end of {model} for {date}, though reports differ; "
        "if it is refused, pick another model.",
        "{provider} 曾宣布 {model} 于 {date} 停止服务（说法不一）；若被拒绝，请换一个模型。",
    ),
    # what may be asked
    "not_offered": (
        "{parameter} {value} is not offered by {model}; choose {choices}.",
        "{model} 不支持 {parameter} {value}；可选 {choices}。",
    ),
    "hint_aspect_ratio": (
        "Leave aspect_ratio out to follow the input picture.",
        "省略 aspect_ratio 则沿用输入图片的比例。",
    ),
    "hint_image_size": (
        "Leave image_size out for the model's default, or pick another model (nb.models() lists them).",
        "省略 image_size 则用模型的默认尺寸，或换一个模型（nb.models() 可列出全部）。",
    ),
    "wire_unsized": (
        "{parameter} {value} can't be sent to {provider} over wire={wire!r}, "
        "which takes neither a ratio nor a size there.",
        "{provider} 的 wire={wire!r} 格式不支持比例和尺寸，无法发送 {parameter} {value}。",
    ),
    "use_wire": (
        'Use Endpoint(..., wire="{wire}"), or leave the parameter out.',
        '请改用 Endpoint(..., wire="{wire}")，或省略该参数。',
    ),
    "wire_without": (
        "{provider} does not take {model} over wire={wire!r}.",
        "{provider} 的 wire={wire!r} 不提供 {model}。",
    ),
    "served_by": ("Use {wires} there.", "在那里请用 {wires}。"),
    "served_at": ("{model} is served by {places}, or by a server of your own.", "提供 {model} 的有 {places}，或自建的服务。"),
    "not_these_pixels": (
        "image_size {width}x{height} is not offered by {model}: both edges are multiples of {step}, the longer one at "
        "most {widest} times the shorter and {longest} pixels, {most} million pixels in all.",
        "{model} 不支持 image_size {width}x{height}：两边须为 {step} 的倍数，长边不超过短边的 {widest} 倍且不超过 {longest} "
        "像素，总像素不超过 {most} 百万。",
    ),
    "two_ratios": (
        "aspect_ratio {ratio} and image_size {width}x{height} are two shapes; give one of them.",
        "aspect_ratio {ratio} 与 image_size {width}x{height} 形状不一致；请只给其中一个。",
    ),
    "no_default": (
        "{provider} has not said which model it runs.",
        "{provider} 没有说明运行的是哪个模型。",
    ),
    "no_default_hint": (
        "Start the server, or name the model: Endpoint.local(url, model=\"…\").",
        "请启动服务，或指明模型：Endpoint.local(url, model=\"…\")。",
    ),
    "bad_day": (
        "as_of {value} is not a day; write it like '2025-11-20'.",
        "as_of {value} 不是日期；请写成 '2025-11-20' 这样的形式。",
    ),
    "unknown_provider": (
        "There is no provider {given}; choose one of {choices}.",
        "没有名为 {given} 的服务商；可选 {choices}。",
    ),
    "bad_size": (
        "image_size {value} is not a size; choose {choices}.",
        "image_size {value} 不是有效尺寸；可选 {choices}。",
    ),
    "bad_count": (
        "{name} {value} is not a whole number from {least} to {most:,}.",
        "{name} {value} 不是 {least} 到 {most:,} 的整数。",
    ),
    "model_not_text": (
        "model must be text, not {kind}; nb.models() lists the models.",
        "model 必须是文本，而不是 {kind}；nb.models() 可列出所有模型。",
    ),
    "model_long": (
        "model={value!r} has {count:,} characters; {limit} is the most. nb.models() lists the models.",
        "model={value!r} 有 {count:,} 个字符，最多 {limit} 个；nb.models() 可列出所有模型。",
    ),
    "model_odd": (
        "model={value!r} can't be the name of a model: it is empty, holds half a character, or a step such as '..' "
        "or '//' that would lead to another address. nb.models() lists the models.",
        "model={value!r} 不能作为模型名：为空、含有不完整的字符，或含有会指向其他地址的 '..'、'//' 等；"
        "nb.models() 可列出所有模型。",
    ),
    "not_a_word": (
        "{parameter}={value!r} is not a short text like '16:9' or '2K'.",
        "{parameter}={value!r} 不是 '16:9' 或 '2K' 这样的短文本。",
    ),
    "cannot_estimate": (
        "The catalog does not know the model {model}, so nothing can be estimated; "
        "nb.models() lists those it knows.",
        "目录里没有模型 {model}，无法估算；nb.models() 可列出已知的模型。",
    ),
    # the price book
    "cost_unknown": ("price unknown", "价格未知"),
    "cost_free": ("free", "免费"),
    "spending_unpriced": ("{count} edits, price unknown", "{count} 次编辑，价格未知"),
    "spending_unpriced_one": ("1 edit, price unknown", "1 次编辑，价格未知"),
    "spending_at_least": (
        "at least {known} and {count} edits of unknown price",
        "至少 {known}，另有 {count} 次编辑价格未知",
    ),
    "spending_at_least_one": (
        "at least {known} and 1 edit of unknown price",
        "至少 {known}，另有 1 次编辑价格未知",
    ),
    "no_prices_file": (
        "NB_BANANA_PRICES names {path}, which does not exist.",
        "NB_BANANA_PRICES 指向的 {path} 不存在。",
    ),
    "bad_prices_file": (
        "The price file {path} can't be read: {reason}",
        "价格文件 {path} 无法读取：{reason}",
    ),
    "price_row_lacks": ("a [[price]] row lacks {name!r}.", "有一条 [[price]] 缺少 {name!r}。"),
    "price_row_odd": (
        "it says {value}, which is passed over; what may stand there is {choices}.",
        "其中的 {value} 不起作用；该处可写 {choices}。",
    ),
    "bad_amount": ("{value} is not an amount of money.", "{value} 不是金额。"),
    # estimates
    "estimate_head": (
        "{count} × {model} at {size}, {provider}{day}",
        "{count} × {model}，{size}，{provider}{day}",
    ),
    "prices_of": (" (prices of {day})", "（{day} 的价格）"),
    "estimate_cost": ("cost      {cost}", "费用      {cost}"),
    "estimate_tokens": (
        "billed    by token, per million: ${text_in} for words, ${image_in} for pictures sent, ${image_out} for pictures made",
        "计费      按 token，每百万：文字 ${text_in}，输入图片 ${image_in}，生成图片 ${image_out}",
    ),
    "own_word": ("your own word", "您自己给出的价格"),
    "by_token": ("by token", "按 token"),
    "estimate_official": ("official  {cost}{share}", "官方价    {cost}{share}"),
    "estimate_share": ("; you pay {usd} of it", "；约为官方的 {usd}"),
    "estimate_shares": (
        "; you pay {usd} of it in $, {cny} in ¥ after the top-up bonus",
        "；按美元为官方的 {usd}，充值加赠后按人民币为 {cny}",
    ),
    "estimate_time": ("time      {time}", "用时      {time}"),
    "size_only": (
        "{model} has no {size}: {priced} only. Figures are for {priced}.",
        "{model} 没有 {size}，仅 {priced}；以下按 {priced} 计算。",
    ),
    "size_missing": (
        "{model} does not support {size}; it makes {choices}.",
        "{model} 不支持 {size}；只能生成 {choices}。",
    ),
    "many_images": (
        "{model} is at its best with up to {advised} input pictures.",
        "{model} 的输入图片以不超过 {advised} 张为宜。",
    ),
    # the table
    "column_name": ("name", "名称"),
    "column_id": ("id", "模型编号"),
    "column_sizes": ("sizes", "尺寸"),
    "column_ratios": ("ratios", "比例数"),
    "column_seconds": ("seconds", "秒"),
    "no_price": ("unknown", "未知"),
    "column_price": ("{provider}", "{provider}"),
    "column_official": ("official", "官方价"),
    "column_status": ("status", "状态"),
    "status_current": ("current", "现行"),
    "status_deprecated": ("being retired", "将下线"),
    "table_caption": (
        "Price of one finished picture, by size; prices of {days}.",
        "单张成品图价格（按尺寸），价格日期 {days}。",
    ),
    "table_by_token": (
        "Billed by token: the reply's own count is what a picture costs; nb.estimate() shows the rates.",
        "按 token 计费：费用以回复中的计数为准；nb.estimate() 可查看单价。",
    ),
    "table_no_prices": (
        "There are no prices for provider {provider}; yours go into a prices.toml that NB_BANANA_PRICES names.",
        "没有服务商 {provider} 的价格；可把自己的价格写进 prices.toml，并用 NB_BANANA_PRICES 指定。",
    ),
    "table_guide": ("Living guide: {guide}", "实时文档：{guide}"),
}
