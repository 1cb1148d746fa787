"""Sentences of the app for a class: its pages, its limits, its command."""

TABLE: dict[str, tuple[str, str]] = {
    "till_unusable": (
        "The file that counts what all spend ({path}) can't be used: {reason}. Nothing was sent.",
        "统计全体花费的文件（{path}）无法使用：{reason}。未发送任何请求。",
    ),
    "till_unusable_hint": ("Tell the teacher.", "请告诉老师。"),
    "over_all": (
        "This edit would cost {price}, and {left} is left of the {budget} that all may spend together; nothing "
        "was sent.",
        "本次编辑需要 {price}，而全体共用的预算 {budget} 只剩 {left}；请求未发送。",
    ),
    "over_all_hint": (
        "It is the limit of the whole class, not yours: the teacher can raise it.",
        "这是全班共用的限额，并非您个人的限额：可由老师提高。",
    ),
    "over_own": (
        "This edit would cost {price}, and {left} of your own {budget} is left; nothing was sent.",
        "本次编辑需要 {price}，而您个人的预算 {budget} 只剩 {left}；请求未发送。",
    ),
    "cheaper_hint": (
        "A cheaper model or a smaller size may still fit; else ask the teacher.",
        "更便宜的模型或更小的尺寸也许仍可使用；否则请询问老师。",
    ),
    "all_unknown": (
        "Nobody knows what {model} costs, and there is a limit of {budget} for all; nothing was sent.",
        "{model} 的价格未知，而全体限额为 {budget}；请求未发送。",
    ),
    "no_keys": (
        "In this app edits go with the server's own key; another one can't be entered.",
        "此应用使用服务器自己的密钥，不能输入其他密钥。",
    ),
    "told_each": ("You may spend ${most}.", "您可以花费 ${most}。"),
    "told_together": ("All together may spend ${most}.", "所有人合计可以花费 ${most}。"),
    "told_keep": (
        "Pictures and prompts are deleted after {most} days.",
        "图片和提示词会在 {most} 天后删除。",
    ),
    "told_upload": ("A picture may have {most}.", "每张图片不超过 {most}。"),
    "told_teacher": (
        "Your pictures are seen by nobody else on this page; the teacher sees what you spend, and whoever runs "
        "the server has its files.",
        "此页面上其他人看不到您的图片；老师能看到您的花费，管理服务器的人可以接触其中的文件。",
    ),
    "enter_title": ("Studio", "图片工作室"),
    "enter_name": ("Your name, as the teacher is to see it", "您的姓名（供老师查看）"),
    "enter_button": ("Begin", "开始"),
    "enter_cookie": (
        "A cookie keeps your place on this computer. Who deletes it does not find the pictures again.",
        "此电脑上的 Cookie 会记住您的位置；删除后将无法再找到之前的图片。",
    ),
    "full_own_title": ("Too many pages", "打开的页面过多"),
    "full_own": (
        "You have {count} pages of the studio open, as many as one person may. Close one, wait a moment and load this "
        "page again. One that was left in the middle of an edit counts until its picture has come.",
        "您已打开 {count} 个工作室页面，达到每人上限。请关闭一个，稍等片刻后重新加载此页。编辑未完成就离开的页面，在图片返回之前仍计入。",
    ),
    "full_all_title": ("No room just now", "暂时没有空位"),
    "full_all": (
        "{count} pages are open, as many as this server takes. Nothing of yours is lost: load this page again in a "
        "few minutes.",
        "已打开 {count} 个页面，达到此服务器的上限。您的内容不会丢失：请几分钟后重新加载此页。",
    ),
    "again": ("Try again", "重试"),
    "teacher_title": ("Who spent what", "谁花了多少"),
    "teacher_refused_title": ("This address was used already", "此地址已被使用"),
    "teacher_refused": (
        "The teacher's address works once, in one browser. Start nb-banana app --teacher again for another.",
        "老师的地址只能在一个浏览器中使用一次。如需新地址，请重新运行 nb-banana app --teacher。",
    ),
    "column_name": ("Name", "姓名"),
    "column_edits": ("Paid edits", "付费编辑次数"),
    "column_cost": ("Spent", "花费"),
    "column_under_way": ("Under way", "进行中"),
    "column_seen": ("Last seen", "最近访问"),
    "row_total": ("All", "合计"),
    "row_nameless": ("no name", "未填姓名"),
    "teacher_limits": (
        "For one: {each}. For all: {together}. What may have been billed, and what is under way, counts as spent.",
        "每人：{each}。全体：{together}。可能已计费的和进行中的均计入花费。",
    ),
    "no_limit": ("no limit", "无限额"),
    "teacher_csv": ("As a table (CSV)", "下载表格（CSV）"),
    "teacher_nobody": ("Nobody has been here yet.", "还没有人来过。"),
    "ready": ("The studio is at {address} (Ctrl+C ends it)", "工作室地址：{address}（按 Ctrl+C 结束）"),
    "teacher_ready": (
        "The teacher's page, for one browser: {address}",
        "老师页面（仅可在一个浏览器中打开一次）：{address}",
    ),
    "plain_http": (
        "{host} is reached by others over plain http: what they send can be read on the way. Put a proxy with https "
        "in front of it where that matters.",
        "其他人将通过未加密的 http 访问 {host}：传输内容可能被途中读取。如有必要，请在前面设置支持 https 的代理。",
    ),
    "no_key": (
        "There is no key: edits are made by the built-in sandbox and cost nothing.",
        "没有密钥：编辑由内置沙盒完成，不产生费用。",
    ),
    "no_limit_notice": (
        "There is no limit for all: --budget 5 sets one.",
        "全体没有限额：可用 --budget 5 设置。",
    ),
    "not_installed": (
        "nb-banana app needs Voilà, which is not installed.",
        "nb-banana app 需要 Voilà，但尚未安装。",
    ),
    "not_installed_hint": ('Run: pip install "nb_banana[lab]"', '请运行：pip install "nb_banana[lab]"'),
    "port_taken": (
        "Port {port} of {host} is taken, or can't be opened.",
        "{host} 的端口 {port} 已被占用或无法打开。",
    ),
    "port_taken_hint": ("Choose another with --port.", "请用 --port 选择其他端口。"),
    "header_host": (
        "--login-header needs a proxy before the app that sets {name}: it is believed from this machine only, so "
        "the app must stand on 127.0.0.1 and not on {host}.",
        "--login-header 要求前面有设置 {name} 的代理：只信任来自本机的请求，因此应用必须监听 127.0.0.1，而不是 {host}。",
    ),
    "header_missing_title": ("Not signed in", "尚未登录"),
    "header_missing": (
        "Nobody said who you are. Open this page by the address at which you sign in.",
        "无法确认您的身份。请通过登录地址打开此页面。",
    ),
    "option_host": (
        "The address to listen on; 127.0.0.1 is this machine alone, 0.0.0.0 everybody who can reach it.",
        "监听的地址；127.0.0.1 仅限本机，0.0.0.0 表示所有能访问本机的人。",
    ),
    "option_folder": (
        "Where the visitors' histories and the count of what was spent lie.",
        "存放各访问者历史记录与花费统计的文件夹。",
    ),
    "option_budget_each": ("Most USD that one visitor may spend.", "每位访问者最多可花费的美元。"),
    "option_budget": (
        "Most USD that all may spend together; it is looked at first.",
        "所有人合计最多可花费的美元；优先检查。",
    ),
    "option_keep": (
        "Delete pictures and prompts after so many days; what was spent stays.",
        "在这么多天后删除图片和提示词；花费统计保留。",
    ),
    "option_upload_mb": ("The largest picture that is taken, in MB.", "可上传图片的最大 MB 数。"),
    "option_pages": ("How many pages may be open at once.", "最多可同时打开的页面数。"),
    "option_teacher": (
        "Print the address of the teacher's page: who spent what. It works once, in one browser.",
        "显示老师页面的地址：谁花了多少。该地址只能在一个浏览器中使用一次。",
    ),
    "option_prefix": (
        "What comes before the addresses, behind a proxy: /class/.",
        "位于代理之后时地址的前缀：/class/。",
    ),
    "option_login_header": (
        "The header in which a proxy on this machine tells who signed in, as X-Forwarded-User; it must take the "
        "header off what others send.",
        "本机代理用来告知登录者的请求头，如 X-Forwarded-User；代理必须去掉他人发送的同名请求头。",
    ),
    "option_lang": ("The language of the pages; each browser's own without it.", "页面语言；不设置时按浏览器语言。"),
}
