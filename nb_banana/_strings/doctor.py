"""Sentences of the doctor's report."""

TABLE: dict[str, tuple[str, str]] = {
    "language": ("language {language}", "语言 {language}"),
    "packages": ("packages", "软件包"),
    "extras": ("not installed, if you want them", "未安装，可按需安装"),
    "versions": ("versions", "版本"),
    "key": ("key", "密钥"),
    "no_key": (
        "none is set, so the sandbox answers and nothing is sent",
        "没有设置，因此由沙盒回答，不发送任何请求",
    ),
    "hand_over": (
        "one that stands elsewhere is handed over: nb.session(nb.Endpoint.apiyi(key))",
        "密钥在别处时请自行传入：nb.session(nb.Endpoint.apiyi(key))",
    ),
    "looked": ("looked for a key in", "查找密钥"),
    "key_from": ("from {name}", "来自 {name}"),
    "key_not_needed": ("none, and this address needs none", "没有，该地址也不需要"),
    "address": ("address", "地址"),
    "proxy": ("proxy", "代理"),
    "direct": ("none, connections are direct", "无，直接连接"),
    "certificates": ("certificates", "证书"),
    "certificates_usual": ("the usual ones and the system's", "常用列表与系统自带"),
    "plugins": ("plugins", "插件"),
    "history": ("history", "历史"),
    "history_there": ("exists, can be written", "已存在，可写入"),
    "history_chosen": ("named by NB_BANANA_HISTORY", "由 NB_BANANA_HISTORY 指定"),
    "history_beside": ("beside {notebook}", "位于 {notebook} 旁边"),
    "history_began": ("where this kernel began", "内核启动时所在的文件夹"),
    "history_here": ("in the working directory", "位于工作目录"),
    "history_older": ("{folder} (is read as well)", "{folder}（也会读取）"),
    "history_new": ("will be made with the first edit", "首次编辑时创建"),
    "history_unwritable": (
        "{folder} can't be written; set NB_BANANA_HISTORY to a folder that can",
        "{folder} 无法写入；请把 NB_BANANA_HISTORY 设为可写的文件夹",
    ),
}
