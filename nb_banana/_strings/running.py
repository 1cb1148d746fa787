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
    "learned": (
        "{place} asked for fewer requests; in the end {allowed} were made at a time instead of {most}. Begin with a lower "
        "concurrency next time.",
        "{place} 要求减少请求；最后同时进行 {allowed} 个，而不是 {most} 个。下次请使用较低的并发数。",
    ),
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
    "moved": (
        "Edits go elsewhere now, or with another key, than when this run began, so nothing more was sent.",
        "编辑的去处或密钥在运行期间改变了，因此不再发送请求。",
    ),
    "moved_hint": (
        "What is done stays. To go on where edits go now, look at .estimate() and run it again.",
        "已完成的保留。要在现在的去处继续，请先查看 .estimate()，再重新运行。",
    ),
    "other_history": (
        "The results of this comparison lie in the history in {folder}; the notebook's session keeps its history in {now} now.",
        "此比较的结果保存在 {folder} 的历史中，而笔记本的会话现在使用 {now} 中的历史。",
    ),
    "other_history_hint": (
        "Plan it anew for this session, or name the one it is for: nb.compare(…, session=…).",
        "请用现在的会话重新制定计划，或指明所用的会话：nb.compare(…, session=…)。",
    ),
    "already": (
        "This comparison is running; wait for it (.wait()) or stop it (.stop()) first.",
        "此比较正在运行；请先等待（.wait()）或停止（.stop()）。",
    ),
    "not_here": ("{cell!r} is no cell of this comparison; its cells are 0 to {last}.", "{cell!r} 不是此比较的单元；单元编号为 0 到 {last}。"),
    "impossible": ("Cell {index} can't work: {reason}", "第 {index} 个单元无法运行：{reason}"),
    "not_started": ("Nothing runs; begin with .run() or .start().", "没有正在运行的任务；请先用 .run() 或 .start()。"),
    # The same in a terminal.
    "cli_question": ("Send {count} requests? [y/N]", "要发送 {count} 个请求吗？[y/N]"),
    "cli_nobody": (
        "This costs money, and there is no terminal to ask at; nothing was sent.",
        "此操作会产生费用，而当前没有可供确认的终端；没有发送任何请求。",
    ),
    "cli_nobody_hint": (
        "Look at the price with --dry-run and agree to it with --yes.",
        "请用 --dry-run 查看费用，并用 --yes 表示同意。",
    ),
    "cli_declined": ("Nothing was sent.", "没有发送任何请求。"),
    "cli_stopping": (
        "Stopping: nothing more is sent, what is under way is awaited. Ctrl-C again breaks it off.",
        "正在停止：不再发送，等待进行中的请求结束。再按一次 Ctrl-C 则立即中断。",
    ),
    "cli_resume": (
        "The same command again does only what is left.",
        "再次运行同一命令，只会完成剩下的部分。",
    ),
    "cli_written": ("Saved {path}", "已保存 {path}"),
    "cli_out": (
        "--out {name!r}: nothing is written under such a name; it may end in {kinds}.",
        "--out {name!r}：无法写出这样的文件；后缀可为 {kinds}。",
    ),
    "cli_no_folder": ("There is no folder {folder}; make it first.", "文件夹 {folder} 不存在；请先创建。"),
    "option_prompts": (
        "What is asked; several times for several to compare.",
        "要做什么；可多次给出以作比较。",
    ),
    "option_models": (
        "A model to compare, by id or short name; several times for several.",
        "要比较的模型（ID 或简称）；可多次给出。",
    ),
    "option_image_sizes": ("A size to compare; several times for several.", "要比较的尺寸；可多次给出。"),
    "option_aspect_ratios": (
        "An aspect ratio to compare; several times for several.",
        "要比较的宽高比；可多次给出。",
    ),
    "option_seeds": (
        "A seed to compare, where the model has one; several times for several.",
        "要比较的随机种子，仅适用于支持种子的模型；可多次给出。",
    ),
    "option_endpoints": (
        "Where to: apiyi, google, openrouter, openai, sandbox or an address; several times to compare places.",
        "发往何处：apiyi、google、openrouter、openai、sandbox 或网址；多次给出则比较各处。",
    ),
    "option_takes": (
        "How many attempts at each combination; each is paid.",
        "每种组合做几次，每次单独计费。",
    ),
    "option_order": (
        "spread: the first take of everything first, evenly over the plan; plan: in the order of the table.",
        "spread：先完成所有组合的第一次，均匀分布；plan：按表格顺序。",
    ),
    "option_concurrency": ("How many edits are under way at once.", "同时进行的编辑数量。"),
    "option_only": (
        "Only the cell of this number in the table; several times for several.",
        "只运行表格中这个编号的单元；可多次给出。",
    ),
    "option_retry_failed": (
        "Only what was tried before and brought no picture.",
        "只重试以前试过但没有得到图片的单元。",
    ),
    "option_out": (
        "Where to save what came: .zip for everything, .csv for the table. Where a file has the name, the next "
        "free one is taken unless --force is given.",
        "结果保存到何处：.zip 为全部内容，.csv 为表格。若已有同名文件，则改用下一个空闲的名字，除非加上 --force。",
    ),
    "option_dry_run": ("Show the plan and its price; send nothing.", "只显示计划与费用，不发送任何请求。"),
    "option_yes": ("Agree to the price without being asked.", "同意费用，不再询问。"),
}
