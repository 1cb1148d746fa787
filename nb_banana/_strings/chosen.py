"""Sentences of what a person chose outside of a call: the question before an edit, and lines of the doctor's report."""

TABLE: dict[str, tuple[str, str]] = {
    "ask": (
        "Price: {price}. You want to be asked above {limit}, so nothing was sent. Click again to send it.",
        "费用：{price}。您要求超过 {limit} 时先询问，因此尚未发送。再次点击即可发送。",
    ),
    "ask_unread": (
        "Price: {price}. {where} says from where on to ask, but {value!r} is no amount in dollars, so every price "
        "is asked about. Nothing was sent. Click again to send it.",
        "费用：{price}。{where} 指定了询问的上限，但 {value!r} 不是美元金额，因此每次都会询问。尚未发送。再次点击即可发送。",
    ),
    "language": ("language", "语言"),
    "previewSize": ("size of previews", "预览尺寸"),
    "historyFolder": ("history folder", "历史文件夹"),
    "confirmAbove": ("ask above $", "超过 $ 先询问"),
    "settings": ("settings", "设置"),
    "set": ("{name} = {value} (from {where})", "{name} = {value}（来自 {where}）"),
    "not_set": ("none, all as usual", "未设置，均为默认"),
    "notebooks": (
        "in notebooks also {values} (from JupyterLab's settings, {path})",
        "在笔记本中另有 {values}（来自 JupyterLab 的设置 {path}）",
    ),
    "not_used": ("{where} says {name} = {value!r}, which means nothing here", "{where} 中的 {name} = {value!r} 无法识别"),
    "not_read": (
        "JupyterLab's settings in {path} can't be read ({reason}), so none of them counts",
        "无法读取 {path} 中的 JupyterLab 设置（{reason}），因此均不生效",
    ),
    "chosen_folder": ("named by JupyterLab's setting", "由 JupyterLab 的设置指定"),
}
