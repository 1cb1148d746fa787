"""Sentences about URLs, addresses, proxies and keys."""

TABLE: dict[str, tuple[str, str]] = {
    # picture URLs
    "refused": ("The URL {url} is not fetched: {reason}", "不会访问 {url}：{reason}"),
    "too_long": ("it has more than {limit} characters.", "长度超过 {limit} 个字符。"),
    "odd_characters": (
        "it contains a space, a backslash or an invisible character.",
        "其中含有空格、反斜杠或不可见字符。",
    ),
    "scheme": (
        "its scheme is {scheme}:, only http and https are used.",
        "协议是 {scheme}:，只支持 http 和 https。",
    ),
    "userinfo": ("it contains a user name or password; leave that out.", "其中含有用户名或密码，请去掉。"),
    "no_host": ("it names no valid host.", "其中没有有效的主机名。"),
    "inside": ("{host} is a name inside a private network.", "{host} 是内网名称。"),
    "private": (
        "An answer named the address {address}, which is not public; it is not connected to.",
        "返回内容指向非公网地址 {address}，不会连接。",
    ),
    "private_hint": (
        "If you trust it, download the picture yourself and pass the file.",
        "如果您信任该地址，请自行下载图片后传入文件。",
    ),
    "too_many_redirects": ("it redirects more than {limit} times.", "重定向超过 {limit} 次。"),
    "downgrade": (
        "it redirects from https to plain http ({target}).",
        "它从 https 重定向到不加密的 http（{target}）。",
    ),
    "slow": (
        "The picture at {url} did not arrive within {limit:g} s.",
        "{url} 的图片未能在 {limit:g} 秒内下载完成。",
    ),
    "unreachable": ("The picture at {url} could not be fetched: {reason}", "无法下载 {url} 的图片：{reason}"),
    "unreachable_hint": (
        "Check that the URL opens without signing in, or pass the file itself.",
        "请确认该链接无需登录即可打开，或直接传入图片文件。",
    ),
    "status": (
        "The picture at {url} could not be fetched: the server answered {status}.",
        "无法下载 {url} 的图片：服务器返回 {status}。",
    ),
    "too_big": ("The file at {url} is larger than {limit} MiB.", "{url} 的文件超过 {limit} MiB。"),
    # base URLs
    "base_url": ("base_url {value} can't be used: {reason}", "base_url {value} 无法使用：{reason}"),
    "base_hint": (
        "Write it like https://api.apiyi.com, without a path.",
        "请写成 https://api.apiyi.com 这样的形式，不带路径。",
    ),
    "base_empty": ("it is empty.", "内容为空。"),
    "base_no_address": ("it is not a web address.", "它不是网址。"),
    "base_query": (
        "it must not contain ? or #; the key is passed separately.",
        "不能含有 ? 或 #；密钥请单独传入。",
    ),
    "base_http": (
        "plain http would show your key to the network; use https (http is for this machine only).",
        "不加密的 http 会泄露密钥，请用 https（http 仅限本机）。",
    ),
    "base_private": (
        "plain http shows pictures, prompts and the key to this network; use https, or say insecure=True.",
        "不加密的 http 会让同一网络看到图片、提示词和密钥；请用 https，或注明 insecure=True。",
    ),
    "base_dots": ("its path contains . or .. .", "路径中含有 . 或 .. 。"),
    # proxies
    "proxy_scheme": (
        "The proxy in {variable} ({value}) uses {scheme}://, which is not supported.",
        "环境变量 {variable} 中的代理（{value}）使用 {scheme}://，不受支持。",
    ),
    "proxy_address": (
        "The proxy in {variable} ({value}) is not a usable address.",
        "环境变量 {variable} 中的代理（{value}）不是有效地址。",
    ),
    "proxy_socksio": (
        "The proxy in {variable} ({value}) needs the package socksio: pip install socksio.",
        "环境变量 {variable} 中的代理（{value}）需要 socksio：pip install socksio。",
    ),
    "proxy_failed_hint": (
        "It was asked for by way of the proxy {proxy} (HTTPS_PROXY or ALL_PROXY): check that this proxy runs, takes "
        "the host and knows your user name, or add the host to NO_PROXY. Nothing was sent.",
        "请求经由代理 {proxy}（HTTPS_PROXY 或 ALL_PROXY）：请检查该代理是否运行、是否允许该主机以及用户名密码，"
        "或将该主机加入 NO_PROXY。请求未发送。",
    ),
    "proxy_hint": (
        "Set {variable} to http://host:port or socks5://host:port, or add the host to NO_PROXY.",
        "请把 {variable} 设为 http://主机:端口 或 socks5://主机:端口，或将目标主机加入 NO_PROXY。",
    ),
    # certificates
    "trust_broken": (
        "{variable} names {path}, which can't be used to check certificates: {reason}. Nothing was sent.",
        "环境变量 {variable} 指向 {path}，无法用来校验证书：{reason}。请求未发送。",
    ),
    "trust_broken_hint": (
        "Set {variable} to certificates in PEM form that exist, or remove it (in Python: "
        "os.environ.pop(\"{variable}\", None)) and run this again; tools such as conda leave old ones behind.",
        "请把 {variable} 改为存在的 PEM 证书，或删除该变量（Python 中：os.environ.pop(\"{variable}\", None)）后重新运行；"
        "conda 等工具常会留下失效的设置。",
    ),
    "trust_left_out": (
        "{variable} names {path}, which can't be used ({reason}); it is left out and the edit goes on. Remove or "
        "correct the variable.",
        "环境变量 {variable} 指向 {path}，无法使用（{reason}），已忽略并继续。请删除或改正该变量。",
    ),
    "trust_no_certificate": ("it holds no certificate in PEM form", "其中没有 PEM 格式的证书"),
    "trust_no_hashed": (
        "it holds no certificate under a hashed name (“openssl rehash” makes them)",
        "其中没有以哈希命名的证书（可用 openssl rehash 生成）",
    ),
    "trust_refused": (
        "the certificate it shows is not trusted: {reason}{by}",
        "它出示的证书不受信任：{reason}{by}",
    ),
    "trust_no_tls": ("no secure connection could be agreed on ({reason})", "无法建立安全连接（{reason}）"),
    "trust_no_tls_hint": (
        "Something answers there that does not speak https as expected: check the scheme, the host and the port of "
        "the address, and any proxy. Nothing was sent.",
        "对方未按 https 应答：请检查地址的协议、主机和端口以及代理设置。请求未发送。",
    ),
    "trust_issuer": (" (issued by “{issuer}”)", "（签发者：“{issuer}”）"),
    "trust_hint": (
        "A company's proxy, an antivirus program or the server itself signs with a certificate authority that is not "
        "known here. If you trust it, save its certificate as a PEM file and set SSL_CERT_FILE (that one only) or "
        "REQUESTS_CA_BUNDLE (beside the usual ones) to that file, then run this again. Nothing was sent.",
        "可能是公司代理、杀毒软件或服务器自身使用了本机不认识的证书颁发机构（CA）。如信任它，请把其 CA 证书存为 PEM 文件，"
        "将 SSL_CERT_FILE（只信任该文件）或 REQUESTS_CA_BUNDLE（与常用证书一并信任）设为该文件后重新运行。请求未发送。",
    ),
    "trust_used": (" It was checked with {used}.", " 校验时使用了 {used}。"),
    "trust_time_hint": (
        "The clock of this machine says {now}: set it if that is wrong. If it is right, whoever runs the server has "
        "to renew the certificate. Nothing was sent.",
        "本机时间为 {now}，如有误请校准；如无误，则需服务器方更新证书。请求未发送。",
    ),
    "trust_name_hint": (
        "It was made for another host: check the address for a slip; a proxy or the sign-in page of a network may "
        "have answered instead. Nothing was sent.",
        "该证书属于另一个主机：请检查地址是否有误，也可能是代理或网络的登录页面代为应答。请求未发送。",
    ),
    # keys
    "key_empty": ("The API key is empty. Paste the whole key.", "API 密钥为空，请粘贴完整密钥。"),
    "key_placeholder": (
        "The API key is still the placeholder of an example. Paste your own key.",
        "API 密钥还是示例中的占位符，请换成您自己的密钥。",
    ),
    "key_reference": (
        "The API key is only a reference to {name}, not replaced by its value. Give the value itself, "
        "in Python with os.environ[...].",
        "API 密钥只是对 {name} 的引用，没有替换成实际的值。请给出密钥本身，在 Python 中可用 os.environ[...] 读取。",
    ),
    "a_variable": ("a variable", "某个变量"),
    "key_masked": (
        "The API key is a masked copy (with stars or dots). Copy the whole key from the provider's console.",
        "API 密钥是打码后的（含星号或省略号），请从服务商控制台复制完整密钥。",
    ),
    "key_long": (
        "The API key has {length} characters, too many for a key. Paste the key alone.",
        "API 密钥有 {length} 个字符，太长了，请只粘贴密钥本身。",
    ),
    "key_character": (
        "The API key has {kind} at position {position}. Copy the key again, as plain text.",
        "API 密钥的第 {position} 个字符是{kind}，请重新复制纯文本密钥。",
    ),
    "kind_line_break": ("a line break", "换行符"),
    "kind_space": ("a space", "空格"),
    "kind_invisible": ("an invisible character", "不可见字符"),
    "kind_full_width": ("a full-width character", "全角字符"),
    "kind_foreign": ("a character no key contains", "密钥中不会出现的字符"),
}
