"""Sentences about what other packages add."""

TABLE: dict[str, tuple[str, str]] = {
    "provider": ("provider", "服务商"),
    "measure": ("measure", "度量"),
    "template": ("template", "模板"),
    "wire": ("wire", "请求格式"),
    "offers": ("{kind} {name}, from {package}", "{kind} {name}，来自 {package}"),
    "shadowed": (
        "{kind} {name} from {package} is not used: nb_banana has one of that name of its own",
        "未使用 {package} 的{kind} {name}：nb_banana 自带同名项",
    ),
    "refused": (
        "The {kind} {name} can't be used: {reason}. It comes from the package {package} ({value}).",
        "无法使用{kind} {name}：{reason}。它来自软件包 {package}（{value}）。",
    ),
    "refused_hint": (
        "Tell the authors of {package}, update the package, or uninstall it; everything else works without it.",
        "请告知 {package} 的作者，更新或卸载该软件包；其余功能不受影响。",
    ),
    "two": (
        "The {kind} {name} is offered by several packages: {packages}.",
        "{kind} {name} 由多个软件包提供：{packages}。",
    ),
    "two_hint": ("Uninstall all but one of them.", "请只保留其中一个，卸载其余软件包。"),
    "no_table": ("it is a {given}, and a table of names and values is wanted", "它是 {given}，而这里需要一个由名称和值组成的表"),
    "bad_name": (
        "a name is of small letters, digits and _, and begins with a letter",
        "名称只能由小写字母、数字和下划线组成，并以字母开头",
    ),
    "no_field": ("{field} is missing", "缺少 {field}"),
    "unknown_fields": ("it has no place for {fields}", "不支持字段 {fields}"),
    "bad_field": ("{field}={value!r} is not allowed there", "{field}={value!r} 无效"),
    "bad_base_url": (
        "base_url={value!r} is no address such as https://api.example.com, without a version or a slash at its end",
        "base_url={value!r} 不是形如 https://api.example.com 的地址（末尾不带版本号和斜杠）",
    ),
    "host_taken": (
        "the host {host} belongs to {owner}, which is built in",
        "主机 {host} 属于内置服务商 {owner}",
    ),
    "host_elsewhere": (
        "hosts holds {host}, and base_url does not lie there",
        "hosts 中的 {host} 与 base_url 不符",
    ),
    "key_elsewhere": (
        "it asks for the key in {variable}; its own is {own}, and no other goes to its address",
        "它要求读取 {variable} 中的密钥；它自己的变量是 {own}，其他密钥不会发送到它的地址",
    ),
    "key_taken": ("its variable {variable} holds the key of another provider", "变量 {variable} 保存的是其他服务商的密钥"),
    "template_words": (
        "english holds no words, or its blanks are not those of chinese",
        "english 没有文字，或其填空与 chinese 不一致",
    ),
    "no_wire": ("it lacks {names}", "缺少 {names}"),
    "no_measure": ("it is neither a measure nor a function of a result", "它既不是度量，也不是以结果为参数的函数"),
    "no_template": ("There is no template {given}; there are {choices}.", "没有名为 {given} 的模板；可选 {choices}。"),
}
