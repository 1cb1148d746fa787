"""Sentences of the places where a key is looked for."""

TABLE: dict[str, tuple[str, str]] = {
    # what each is
    "file": ("the file {path}", "文件 {path}"),
    "keyring": ("the system's keyring (service nb_banana)", "系统钥匙串 keyring（服务名 nb_banana）"),
    "variables": ("the variables of this process", "本进程的环境变量"),
    "colab": ("Colab's secrets (userdata)", "Colab 的密钥（userdata）"),
    "kaggle": ("Kaggle's secrets (kaggle_secrets)", "Kaggle 的密钥（kaggle_secrets）"),
    "looked_for": (
        "A key is looked for under the names {variables}, in this order: {places}. A .env file and the keyring are read "
        'only when asked: nb.session(env=".env"), nb.session(env="keyring"). From elsewhere, hand it over: '
        "nb.session(nb.Endpoint.apiyi(key)).",
        "按以下名称查找密钥：{variables}；依次查找：{places}。.env 文件和系统钥匙串（keyring）只在要求时读取："
        'nb.session(env=".env")、nb.session(env="keyring")。密钥在别处时请自行传入：nb.session(nb.Endpoint.apiyi(key))。',
    ),
    # what one was found to hold, for the doctor
    "unusable": ("(can't be used)", "（无法使用）"),
    "holds_address": ("{name} names {address}; no key for it", "{name} 指定了 {address}；没有它的密钥"),
    "holds_nothing": ("nothing under {names}", "没有 {names}"),
    "not_used": ("{text} (not used)", "{text}（未使用）"),
    "elsewhere": ("not asked: this process does not run there", "未查询：本进程不在该平台上运行"),
    "not_asked": ("not asked: a key was found before it", "未查询：之前已找到密钥"),
    "unread": ("not read: only {code} reads it", "未读取：只有 {code} 才会读取"),
    "any_file": ("a .env file", ".env 文件"),
    "any_keyring": ("the system's keyring", "系统钥匙串 keyring"),
    "tip": (
        "Here a key may also stand in {place} as {name}; after putting one in: nb.session().find_key().",
        "在此平台上，密钥也可以放进{place}，名称为 {name}；放好后运行 nb.session().find_key()。",
    ),
    # what one did not give
    "colab_denied": (
        "Colab did not let this notebook have the secret {name}: switch “Notebook access” on beside it (the key at the left), then "
        "nb.session().find_key().",
        "Colab 不允许此笔记本读取密钥 {name}：请在左侧钥匙图标处打开它的“笔记本访问权限”，然后运行 nb.session().find_key()。",
    ),
    "colab_silent": (
        "Colab's page did not answer when asked for secrets: they can be read only while the notebook is open there. Open it, then "
        "nb.session().find_key().",
        "向 Colab 页面查询密钥没有得到回答：只有在 Colab 中打开笔记本时才能读取。请打开后运行 nb.session().find_key()。",
    ),
    "kaggle_denied": (
        "Kaggle did not let this notebook read secrets ({problem}): open Add-ons, Secrets, attach the one with the key, then "
        "nb.session().find_key().",
        "Kaggle 不允许此笔记本读取密钥（{problem}）：请打开 Add-ons → Secrets，勾选所需的密钥，然后运行 nb.session().find_key()。",
    ),
    "kaggle_silent": (
        "Kaggle's secrets can't be reached: they need internet (Settings, Internet on), as edits do. Then nb.session().find_key().",
        "无法读取 Kaggle 的密钥：需要联网（Settings 中打开 Internet），编辑图片也是如此。然后运行 nb.session().find_key()。",
    ),
    "keyring_none": (
        "This machine has no keyring that the keyring package can use (servers and containers often have none).",
        "本机没有 keyring 可用的钥匙串（服务器和容器通常没有）。",
    ),
    "keyring_locked": (
        "The keyring is locked, or was not unlocked when it asked.",
        "钥匙串已锁定，或在询问时没有解锁。",
    ),
    "failed": ("{place} could not be read ({problem}).", "无法读取{place}（{problem}）。"),
    # a place that somebody asked for
    "env_bad": (
        "env={given!r} is neither a file's path nor \"keyring\".",
        "env={given!r} 既不是文件路径，也不是 \"keyring\"。",
    ),
    "env_hint": (
        'Write nb.session(env=".env") for a file of variables, nb.session(env="keyring") for the system\'s keyring.',
        '读取变量文件请写 nb.session(env=".env")，读取系统钥匙串请写 nb.session(env="keyring")。',
    ),
    "env_and_endpoint": (
        "Both endpoint= and env= say where the key is; give one of them.",
        "endpoint= 与 env= 都说明了密钥的来源，请只给一个。",
    ),
    "file_bad": ("The file {path} can't be read: {reason}.", "无法读取文件 {path}：{reason}。"),
    "file_bad_hint": (
        "env= takes the path of a file of lines NAME=value, such as a .env; a relative one begins in the working directory.",
        "env= 需要一个由 NAME=value 行组成的文件的路径，例如 .env；相对路径从工作目录开始。",
    ),
    "file_coded": ("The file {path} is no text in UTF-8.", "文件 {path} 不是 UTF-8 文本。"),
    "file_coded_hint": (
        "Save it again as UTF-8: PowerShell's > writes UTF-16.",
        "请另存为 UTF-8：PowerShell 的 > 写出的是 UTF-16。",
    ),
    "no_dotenv": (
        "Reading a file of variables needs the package python-dotenv.",
        "读取变量文件需要安装 python-dotenv。",
    ),
    "no_keyring": (
        "Reading the system's keyring needs the package keyring.",
        "读取系统钥匙串需要安装 keyring。",
    ),
    "library_hint": (
        'pip install "nb_banana[{extra}]", then again; the kernel need not restart.',
        '请运行 pip install "nb_banana[{extra}]" 后重试，无需重启内核。',
    ),
    "none_in": (
        "There is no key in {place}; looked for: {names}.",
        "{place}中没有密钥；已查找：{names}。",
    ),
    "none_in_file": ("Write a line such as {name}=… into it.", "请在其中写入一行，例如 {name}=…。"),
    "none_in_keyring": (
        "Put one in with `keyring set nb_banana {name}` in a terminal, which asks for it.",
        "请在终端运行 `keyring set nb_banana {name}` 并按提示输入。",
    ),
}
