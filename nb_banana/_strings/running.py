"""Sentences of a run: how far it is, and why it ended early."""

TABLE: dict[str, tuple[str, str]] = {
    "no_order": ("There is no order {order!r}; there are {known}.", "没有 {order!r} 这种顺序；可用：{known}。"),
    "done": ("{done} of {total} done", "已完成 {done}/{total}"),
    "failed": ("{count} failed", "{count} 个失败"),
    "spent": ("spent {cost}", "已花费 {cost}"),
    "money_left": ("{cost} of the budget left", "预算还剩 {cost}"),
    "time_left": ("about {time} left", "约剩 {time}"),
    "stopping": ("stopping: {count} under way, nothing more is sent", "正在停止：{count} 个进行中，不再发送"),
    "hold": ("waiting {time}: {place} asks for fewer requests", "等待 {time}：{place} 要求减少请求"),
    "unreached": (
        "The host could not be reached {count} times in a row, so nothing more is sent to it: {reason}",
        "连续 {count} 次无法连接该主机，不再向它发送请求：{reason}",
    ),
    "limited": (
        "For {minutes} minutes the provider has answered nothing but that there are too many requests: {reason}",
        "{minutes} 分钟以来服务商只回答请求过多：{reason}",
    ),
    "go_on_later": (
        "Run it again later: what is done stays, and only what is left is sent.",
        "稍后再次运行即可：已完成的保留，只发送剩下的部分。",
    ),
    "already": (
        "This comparison is running; wait for it (.wait()) or stop it (.stop()) first.",
        "此比较正在运行；请先等待（.wait()）或停止（.stop()）。",
    ),
    "not_here": ("{cell!r} is no cell of this comparison; its cells are 0 to {last}.", "{cell!r} 不是此比较的单元；单元编号为 0 到 {last}。"),
    "impossible": ("Cell {index} can't work: {reason}", "第 {index} 个单元无法运行：{reason}"),
    "not_started": ("Nothing runs; begin with .run() or .start().", "没有正在运行的任务；请先用 .run() 或 .start()。"),
}
