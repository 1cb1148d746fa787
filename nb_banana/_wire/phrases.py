"""What services say when they fail: one phrase per line, read by ``failures``.

The lists are tried in order and the first that matches names the category, so what is specific comes
first. How a phrase is written:

* in lower case and plain words, for that is how :func:`plain` writes what it reads: ``RateLimit``,
  ``rate_limit`` and ``Rate-Limit`` are all ``rate limit``;
* ``…`` stands for up to 60 characters of the same sentence;
* ``(a|b)``, ``?``, ``\\b`` and the like are regular expressions.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

PHRASES: Final = (
    ("quota", r"""
        insufficient (user |account |token )?(quota|balance|credits?|funds?)\b
        quota not enough
        (exhausted|depleted|empty|negative|insufficient) (balance|credits?|quota|funds?)\b
        (quota|balance|credits?)… (is |are )?not enough
        not enough …(quota|balance|credits?|funds?)\b
        (run|ran) out of …(quota|balance|credits?|funds?)\b
        no (remaining )?(credits?|balance|funds)\b
        requires more credits
        free (tier|quota|trial)…(exhausted|used up|ended|expired)
        (credits?|balance|pre ?paid|pre ?pay)…(exhausted|depleted|too low|insufficient|empty)
        (credits?|balance|pre ?paid|pre ?pay)…(used up|ran out|negative)
        (token|key|user|account) quota… (exhausted|used up|exceeded)
        pre consumed? (token )?quota
        budget …exceeded
        exceeded (token )?budget
        billing (hard )?limit
        billing not active
        not active…check your billing
        quota exhausted for (today|the day)
        free trial (has )?(ended|expired)
        credit limit (exceeded|reached)
        monthly (included )?credits
        exceeded for (the|this) (day|month)
        \barrears
        spend(ing)? (cap|limit)
        payment required
        \barrearage
        overdue (payment|balance)
        top ?up your
        unpaid
        (account|organization|project)…(is|was|been|currently|temporarily) (limited|restricted|paused)
        \baccount…(good standing)
        (set|usage) limit (exceeded|reached)
        reached…(set|usage|inference) limit
        requires? (a |an )?…(subscription|paid plan)
        upgrade (to|your) …plan
        (账[号户])…(被限制|受限|限制使用)
        (daily|total|weekly|monthly) (limit|quota|requests?|usage)\b
        limit…per (day|month)
        \bper day
        requests per (project )?(model )?per day
        \brpd\b
        \blimit["']?:\s*0\b
        quota (limit )?value["']?:\s*["']?0\b
        余额(不足|为负|耗尽|不够|已用)
        (余额|额度|配额|点数|积分)…(不足|不够|耗尽|用[完尽])
        (额度|次数|套餐)…(不足|不够|耗尽|用[完尽])
        (没有|无)(可用|剩余)的?(额度|余额|配额|次数)
        余额 ?[:：=为是]{1,2} ?[¥￥$＄]? ?0(\.0{1,6})?(?![\d.])
        资金不足
        套餐…(过期|到期)
        欠费
        预扣费
        (请|需要?|去)充值
        充值后
        (每日|当日|当天|今日|每月|本月|当月|本周)…(上限|限额|限制|配额|额度|用完)
        次日
    """),
    ("region", r"""
        unsupported country
        user location is not supported
        (country|region|territory|location)…not (supported|available|allowed)
        not (supported|available|offered) in your (country|region|location|area|territory)
        (banned|blocked|restricted) the country or region
        (country|region)…(banned|blocked|restricted)
        failed precondition
        enable billing
        (地区|区域|国家)…(不支持|不可用|无法使用|限制|受限)
        不支持…(地区|区域|国家)
    """),
    ("recitation", r"""
        \b(image )?recitation\b
    """),
    ("auth", r"""
        \b\w+ api key…(not (set|configured|found)|missing)
        api key… must be set
        (key|credentials?) (is |are )?not (set|configured)
        no (valid |available |usable |working )?(api )?keys? (available|configured|left)
        all (the )?(api )?keys…(disabled|exhausted|invalid|failed|expired|unavailable)
        no available key
        default credentials were not found
        \bapi key invalid
        api key (not valid|not found|invalid|expired|disabled|service blocked)
        (invalid|incorrect|wrong|bad) (api key|key provided|(access )?token)\b
        (invalid|incorrect|wrong|bad) (credentials?|authorization|authentication)
        no (api key|auth credentials|authorization|cookie auth)
        (api key|token|credentials?)…\b(invalid|inactive|expired|revoked|leaked|disabled)\b
        (api key|token|credentials?)…\b(missing|malformed|unauthorized|not provided|not set)\b
        (missing|invalid|expired) …(api key|authentication|authorization|credentials?|bearer)
        (did not|didn't|didn’t) provide an api key
        (provide|pass|use) (a|your) valid api key
        api key (is )?required
        access token (expired|type unsupported)
        credentials missing
        unauthenticated
        \bunauthori[sz]ed\b
        authentication (error|failed|required)
        not (authenticated|logged in)
        login fail
        unregistered callers
        permission (denied|error)
        insufficient (permissions?|scopes?)
        (no|lacks?|without|not have) (the )?(access|permission)\b(?! to (it|(the |this )?model))
        (not|isn't) (authorized|allowed) to
        key not allowed
        access (to \w+ )?denied
        access terminated
        consumer…suspended
        account…(suspended|deactivated|disabled|banned|blocked)
        \bforbidden\b
        service disabled
        ip …not (allowed|whitelisted|in (the )?(whitelist|allow list))
        billing mode
        计费(模式|类型|方式)
        (令牌|密钥|秘钥|鉴权|认证|凭证|api ?key)…(无效|错误|失败|过期|失效|不可用|不存在)
        (令牌|密钥|秘钥|鉴权|认证|凭证|api ?key)…(缺失|未提供|禁用|不正确|有误|不合法)
        (无效|错误|非法)的? ?(令牌|密钥|秘钥|api|key|token)
        (未提供|缺少|没有)(有效的?)?(令牌|密钥|秘钥|api|key|token|authorization)
        未授权
        未登录
        无权(限|访问|使用|调用)?
        没有权限
        权限不足
        封禁
        (用户|账[号户])…(禁用|封停|冻结)
        指定网段
        白名单
    """),
    ("model_not_found", r"""
        model not found
        model mismatch
        not have access to (the |this )?model
        model…(not found|does not exist|doesn't exist|not exist)
        model…(not (currently )?available|no longer (available|supported))
        model[^.。!！\n:=]{0,60}?not supported\b
        model…(has been|was|is) (deprecated|retired|shut ?down|removed|withdrawn|discontinued|offline)
        (no|not) (an )?(available |enabled |healthy )?channels?\b
        (not found|unknown|unsupported|invalid|no such) model
        no endpoints found
        not a valid model
        no (available|available model|allowed) providers?
        no (healthy )?deployments? (found|for this model)
        no healthy deployments?
        is not found for api version
        not supported for (generate ?content|predict)
        deploymentnotfound
        get channel failed
        model price error
        price not set
        价格未配置
        无可用(的)?(渠道|通道)
        (没有|未找到|找不到)可用的?(渠道|通道)
        可用渠道(不存在|失败)
        渠道…(不存在|禁用|下线|关闭)
        模型…(不存在|未找到|下线|下架|不可用|停用|未开通|未开放|未启用)
        模型…不支持($|[,.;:，。；：!！])
        (不存在|未找到|不支持|找不到|未知|无效)的?(该|此)?模型
    """),
    ("safety", r"""
        content (policy|filter|violation|moderation)
        safety (violations?|polic(y|ies)|filters?|systems?|reasons?|check|error|block|guidelines?|rating)
        \b(image )?safety\b(?! settings?)
        prohibited content
        \bblocklist\b
        \bspii\b
        model armor
        sensitive (words?|content|information)
        moderation (blocked|failed|error|rejected|flagged|refused)
        requires moderation
        (blocked|rejected|flagged|refused|filtered) (by|due to|because|for|as)…(safety|polic)
        (blocked|rejected|flagged|refused|filtered) (by|due to|because|for|as)…(moderation|filter)
        (blocked|rejected|flagged|refused|filtered) (by|due to|because|for|as)…(content|prohibited|violat)
        (blocked|rejected|flagged|refused|filtered) (by|due to|because|for|as)…(unsafe|harmful|sexual)
        flagged input
        violat(es?|ed|ing|ion)…(polic|guideline|terms|rule|responsible)
        responsible ai
        prompt (was )?blocked
        request (was )?blocked by
        usage polic
        (nsfw|inappropriate|harmful|explicit) (content|image|prompt)
        \bunsafe\b|不安全
        \bcsam\b
        data inspection failed
        (banned|forbidden) words?\b
        敏感(词|内容|信息|人物)
        (input|output) moderation
        不当(的)?(内容|信息|言论)
        风控
        不适宜
        违规
        违反…(政策|规定|规范|条款|法|规则|准则)
        内容(审核|安全|审查|政策|策略)
        安全(策略|审核|政策|过滤|系统|检查)
        审核…(未通过|不通过|失败|拒绝)
        (未|不)通过…审核
        不合规
        违禁
        涉黄|色情|涉政
    """),
    ("no_image", r"""
        \bno image\b(?! data provided)
        image other
        no (generated )?images? (was|were|is|in|data|returned|generated|found)
        (return|generat|produc)(ed|e) no (generated )?images?
        (did|does) not (return|generate|contain|include) (an|any) images?
        (未|没有)(返回|生成)(任何)?(图片|图像)
    """),
    ("rate_limit", r"""
        每分钟
        请求(次数|频率|速率|数)…(超|达到|上限)
    """),
    ("bad_request", r"""
        write response body failed
        (request|payload|body|entity|content) (is )?too (large|long|big)
        request payload size exceeds
        (image|file|body|request|payload|input|prompt)…too (large|big|long)
        (image|file|body|request|payload|input|prompt)…exceeds? (the )?(maximum|max|limit|size|allowed)
        context length exceeded
        unknown name
        invalid (json|value|argument|param|image|base64|url|aspect|role|content|size|type)
        invalid (prompt|data|format|field|input|request body|thought signature)
        unsupported (image|value|parameter|file|media|mime|aspect|format|size)
        (unable|failed) to (process|decode|parse|read|fetch|download|load)…(image|file|url|body|json)
        (could not|couldn't|cannot) (process|decode|download|fetch|parse|read)…(image|url|file|body|json)
        image is not valid
        invalid mask|mask image
        (image|file|picture) (was )?not found
        (missing|lacks?) (a )?(required|field|parameter|`)
        (is|are) required\b
        must be (one of|a |an |in |between|less|at most|valid)
        does not support…(size|ratio|parameter|image|modalit|instruction)
        not enabled for
        bad request body
        read request body failed
        convert request failed
        corrupted thought signature
        thought signature
        参数(错误|无效|缺失|缺少|不合法|有误|不正确|异常|非法|校验)
        (无效|非法|不支持|错误)的?(参数|请求|图片|图像|格式|尺寸|比例|宽高比)
        (?<!生成)(?<!编辑)(图片|图像)(?!生成|编辑)…(过大|太大|超过|超出|无效|无法|格式|损坏|失败|为空)
        请求体?(过大|太大|格式|错误|无效)
        格式(错误|不支持|不正确|无效)
        缺少…参数
        (下载|获取|解析|读取|处理)(图片|图像)…失败
        不能为空
        必填
        (超出|超过)…(长度|大小|限制)
    """),
    ("rate_limit", r"""
        rate ?limit
        too many requests
        throttl
        requests? (are )?too frequent
        (requests?|tokens?|images?)?…per minute
        \b[rti]pm\b
        concurren(t|cy)…(limit|exceed|too many|reached)
        too many concurrent
        slow down
        resource exhausted
        resource (has been )?exhausted
        capacity exhausted
        exceeded your current quota
        quota exceeded
        quota …exceeded
        no deployments available
        频率
        频繁
        限流|限速|速率
        请求(数|量|次数)?(过|太)[多快高]
        并发…(限制|上限|超)
        负载…饱和
    """),
    ("server", r"""
        upstream connect error
        overloaded
    """),
    ("timeout", r"""
        deadline (exceeded|expired)
        gateway time ?out
        (upstream|request|connection|operation|read|response|server) (request )?timed? ?out
        (generation|model|task|i/o|a) timed? ?out
        timed? ?out (occurred|while|waiting|after|error|exceeded)
        timed out
        timeout ?(error|exception|:)
        context deadline
        response time exceeded
        超时
    """),
    ("server", r"""
        over ?capacity
        unavailable
        internal (server )?error
        \binternal\b
        bad gateway
        do request failed
        upstream (error|connect|failed|unavailable|service|model)
        bad response
        empty response
        high demand
        try again later
        \bcapacity\b
        maintenance
        服务器?…(繁忙|异常|错误|不可用|维护|过载)
        系统(繁忙|异常|错误|维护)
        上游…(错误|异常|失败|繁忙)
        内部错误
        过载
        繁忙
        稍后(再|重)?试
    """),
)  # fmt: skip

RATES: Final = tuple((category, lines) for category, lines in PHRASES if str(category) == "rate_limit")

# Of one category, what was said more exactly: the sentence a person reads follows the words it quotes.
VARIANTS: Final = (
    ("auth", "gateway_key", r"""
        \bupstream error\b
        bad response status code
        provider returned error
        \blitellm\.
        \b(gemini|google|openai|vertex|anthropic|azure|replicate|openrouter)…key…not (set|configured|found)
        missing \w+ api key
        (not (set|configured)|missing)…\b(server|environment|backend|env)\b
        environment variable
        api key… must be set
        no (valid |available |usable |working )?(api )?keys? (available|configured|left)
        all (the )?(api )?keys
        no available key
        default credentials
        渠道|上游|channel ?:
    """),
    ("auth", "auth", r"""
        (key|token|credentials?)…(not valid|invalid|incorrect|expired|missing|required|not provided|malformed)
        (invalid|incorrect|wrong|missing|expired|bad|no) …(key|token|credentials?)\b
        unauthenticated|\bauthenticat|\bunauthori[sz]ed\b|log(ged)? ?in|未授权|未登录
        (令牌|密钥|秘钥|key|token)…(无效|错误|过期|失效|未提供|缺失|不正确|失败|状态)
        (无效|错误|非法|未提供|缺少)的?…(令牌|密钥|秘钥|key|token)
    """),
    ("auth", "denied", r"""
        permission
        \bforbidden\b
        (access|request) (to \w+ )?(was |is )?denied
        (not|isn't) (authorized|allowed) to
        (no|lacks?|without|not have) (the )?access
        insufficient scopes?
        (account|user|consumer|organization)…(suspended|deactivated|disabled|banned|blocked|terminated)
        access terminated
        \bip\b…not (allowed|whitelisted|in)
        ip [^。]{0,20}不在
        service disabled
        key not allowed
        billing mode
        blocked by
        you have been blocked
        计费(模式|类型|方式)
        无权|没有权限|权限不足|封禁|指定网段|白名单
        (用户|账[号户])…(禁用|封停|冻结)
    """),
    ("quota", "gateway_quota", r"""
        \bupstream( |\b)
        provider returned error
        \blitellm\.(?!budget)
        上游
    """),
    ("quota", "quota", r"""
        quota|balance|credit|funds|budget|prepa(y|id)|billing|\bper day|daily|monthly|weekly|limit["']?:\s*0
        payment|arrear|overdue|spend|top ?up|free (tier|trial)|\brpd\b|exceeded for
        余额|额度|配额|点数|积分|次数|套餐|资金|欠费|预扣|充值|每日|当日|当天|今日|每月|本月|当月|本周|次日
    """),
    ("quota", "limited", ""),
    ("rate_limit", "busy", r"""
        overloaded|over ?capacity|high demand|负载|饱和|繁忙|过载
    """),
    ("model_not_found", "other_model", r"""
        model mismatch
    """),
    ("bad_request", "unknown_field", r"""
        unknown parameter
        unrecognized (request )?(argument|parameter|field)
        extra inputs are not permitted
        only response format
    """),
    ("bad_request", "nowhere", r"""
        invalid url
        method not allowed|not allowed method
        cannot (post|get) /
        no route
    """),
    ("bad_request", "heavy", r"""
        too (large|big|long)|exceeds?\b…(size|limit|maximum|pixels|bytes)|write response body failed|\b413\b
        过大|太大|大小|超[过出]
    """),
)  # fmt: skip

# Words that every kind of failure carries at some gateway: believed only where nothing else speaks.
WEAK: Final = (
    ("bad_request", r"""
        invalid argument
        invalid request( error)?
        badrequest
    """),
    ("auth", r"""
        authenticationerror
    """),
    ("model_not_found", r"""
        \bnot found\b
    """),
    ("safety", r"""
        image generation user error
    """),
)  # fmt: skip


# Of a gateway that says its upstream failed: the model had the request, for its answer broke off on the way.
# Clients and gateways word it in many ways, so what broke is looked for near a word for breaking; an Envoy
# says "disconnect/reset before headers" of whatever happened, and only the reason after it tells.
_BROKE: Final = (
    r"(?:disconnect(?:ed|ion)?\b(?!/)|\bclosed\b|(?<!/)\breset\b(?! reason)|\blost\b|\babort(?:ed)?\b"
    r"|\bh[au]ng up\b|\beconnreset\b|\binterrupted\b|\bended\b"
    r"|\bincomplete\b|\bnot completed?\b|\bprematurely\b|\bbroken\b)"
)
_WHAT: Final = (
    r"\b(?:connection|response|stream|upstream|body|payload|peer|server|remote|socket|side|client|transport)\b"
)
_ANSWERING: Final = rf"""
    {_BROKE}…{_WHAT}|{_WHAT}…{_BROKE}|\beconnreset\b|: terminated(?=\n|$)
    connection termination|\bread tcp\b|broken pipe|(client payload|transfer encoding) error
    \beof\b|incomplete read|chunked encoding|premature(ly)?( connection)? (close|end)|\bstream error
    \bread(ing)?…response|\bresponse body\b|\bwhile reading\b|received from peer
    context cancell?ed
    (上游|连接|响应|数据流|流式)…(中断|断开|重置|不完整|提前(结束|关闭|终止))|(中断|断开|重置)…(连接|响应)
    读取…(上游|响应|数据流)…失败
"""
_NEVER_MET: Final = r"""
    \bdial\b|connect(ion)? refused|connection failure|delayed connect|no such host|no route to host|handshake
    (could not|couldn't|cannot|can't|unable to|failed to) (connect|establish)|\bconnect e[a-z]{5,20}\b
    econnrefused|enotfound|ehostunreach|before secure tls|no healthy upstream
    (无法|未能)(建立)?连接|连接失败|拒绝了?连接|连接(被|遭)?拒绝
"""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[^\S\n]+|[_-]+")


def plain(text: str) -> str:
    """Text as the phrases are written: lower case, one blank between words."""
    return _BETWEEN.sub(" ", _CAMEL.sub(" ", text)).lower()


@cache
def _pattern(lines: str) -> re.Pattern[str]:
    phrases = (line.strip() for line in lines.strip().splitlines())
    return re.compile("|".join(phrases).replace("…", r"[^.。!！\n]{0,60}?"))


def category_of(text: str, phrases: tuple[tuple[str, str], ...] = PHRASES) -> str | None:
    """The category of the first phrase found in ``plain`` text."""
    return next((category for category, lines in phrases if _pattern(lines).search(text)), None)


def broke_off(text: str) -> bool:
    """Whether ``plain`` words of a gateway say that an answer was under way when the connection broke."""
    return bool(_pattern(_ANSWERING).search(text)) and not _pattern(_NEVER_MET).search(text)


def variant_of(category: str, text: str) -> str | None:
    """The name of what was said more exactly in a ``category``, or None."""
    return next(
        (name for own, name, lines in VARIANTS if own == category and _pattern(lines).search(text)), None
    )


_REFUSAL = re.compile(
    r"\b(?:i|we)\b[^.!?\n]{0,40}\b(?:cannot|can not|can['’]t|could not|couldn['’]t|unable|not able|won['’]t"
    r"|will not|(?:do not|don['’]t) (?:have|support))\b"
    r"|^\W*(?:(?:sorry|unfortunately)\W{1,3}(?:but )?)?(?:unable to|cannot|can['’]t"
    r"|could not|couldn['’]t|failed to)\b"
    r"|\b(?:an? ai|language model)\b[^.!?\n]{0,60}\b(?:not|can['’]t|cannot)\b"
    r"|\bplease (?:attach|upload|provide|share|send)\b"
    r"|(?<![后後则則将將])(?:无法|無法|不能|没法|没有办法)(?:直接)?"
    r"(?:访问|訪問|打开|打開|处理|處理|编辑|編輯|生成|读取|讀取|查看|下载|下載|加载|識別|识别|完成|获取|修改|提供)"
    r"|抱歉|对不起|對不起|请(?:您)?(?:先)?(?:上传|提供|发送)",
    re.IGNORECASE,
)


_CANNOT: Final = (
    r"\b(cannot|can not|can['’]t|could not|couldn['’]t|unable to|not able to|won['’]t|will not)"
)
_WHOLE: Final = (
    r"(photos?|images?|pictures?|requests?|people|persons?|this|that|it)\b(?!['’]s\b)"
    r"(?! (in|at) (a )?(\d|full|higher|(that|the|this|your) (size|resolution|ratio|format)))"
    r"(?!…(exact|perfect|full|complet|freely|sharply|larger|bigger))"
)
_UNABLE: Final = r"(?<![后後则則將将])(无法|無法|不能|没法|没有办法)"
# Words that turn the whole of an edit down: what is shown beside them is a rule or an advert. A remark about
# a part that did not work out ("I could not keep the exact font") is none of them.
_TURNED_DOWN: Final = r"""
    CANNOT (directly )?(edit|modify|process|create|generate|open|access|view) (\w{1,20} ){0,2}THAT
    CANNOT (help|assist|comply|fulfil|do (that|this|it)\b(?!…(exact|perfect|full|complet)))
    (?<!not )(?<!n['’]t )(?<!no )(?<!never )(?<!without )\bviolat(es?|ed|ing|ion)…(polic|guideline|terms|rule)
    \bagainst (my|our|the)…(guidelines|polic(y|ies)|rules|terms)
    \b(trial|quota|credits?|balance|plan|subscription)…(ha(s|ve) ended|expired|used up|exhausted)
    \b(quota|credits?|balance)…(is low|too low|insufficient|(run|ran) out)
    (余额|额度|配额|点数|积分|次数)…(不足(?![时時？?])|不够|耗尽|用[完尽](?![后後]))
    UNABLE(直接)?(编辑|編輯|处理|處理|修改|完成|提供)[^。，,!！\n]{0,4}(图|圖|照片|请求|請求|内容|要求|任务)
    不予处理|做不了|违反…(政策|规定|规范|条款|法|规则|准则)|(未|不)通过…审核
""".replace("CANNOT", _CANNOT).replace("UNABLE", _UNABLE).replace("THAT", _WHOLE)
# What a sentence about a part that did not work out goes on with: the edit is there all the same.
_YET: Final = r"""
    \b(so|therefore),? (this|it|the \w{1,20})( is| was|['’]s) (a |in |at |only |now )?\d
    \b(so|but) the (result|picture|image|photo|output|edit|version) (is|was)\b
    \b(so|but) only…\b(changed|edited|done|replaced|moved)\b
    \bbut…\b(is|are) now\b
    \b[124]k (version|instead)\b
    (?<![请議议您以能可])改[为為用](?!其他|别的|別的)|但已经?(?!被|拒|停|禁|取消)
"""
# Around an address in a sentence these are enough: it leads to a sample, a page or a code to scan.
_BESIDE: Final = r"""
    \b(text( based)?|language) model\b|\bi only describe\b
    \bisn['’]t something i do\b
    \bbeyond my (abilities|capabilities|scope)
    \brather not\b
    \bno …tools? (is|are) available
    \bdo this yourself\b
    \bi found an? …(photo|picture|image)
    \bplease (recharge|top up|verify|log ?in|sign (in|up)|subscribe)
    \bonly …(members|subscribers)\b
    \bscan (the|this|to)\b
    \b(does not|doesn['’]t|will not|won['’]t) (open|load)\b
    \brate ?limit(s|ed)? (exceeded|reached|hit)\b|\btoo many requests\b
    \b(blocked|rejected|flagged|refused|filtered) (by|due to|because|for|as)\b|\bprohibited content\b
    \b(content|usage|safety) (polic|guideline|system)
    \b(nsfw|inappropriate|harmful|explicit|unsafe) (content|image|prompt)
    (含有?|涉及|涉嫌|存在)(敏感|违规|违禁|不当|色情|政治)|违规(内容|信息|图片)
    语言模型|遗憾|超出…(能力|范围)|扫码|二维码|关注公众号|不予
"""
_ACTED: Final = (
    "added|removed|edited|rendered|replaced|changed|blurred|covered|cropped|(?:re)?colou?red|turned|made"
    "|created|generated|updated|applied|swapped|erased|cleaned|retouched|brightened|painted|placed|moved"
)
# Words that say the edit was made: beside them a rule or a quota is a remark.
_MADE: Final = r"""
    \bhere(['’]s| is| are) (it\b|your\b|an? (edited|new|updated|modified))
    \bhere(['’]s| is| are) the (edit|result|new|updated|modified|final|picture|image|photo)
    \bhere you (go|are)\b
    \byour (\w{1,20} ){0,2}(picture|image|photo|edit|result)s? (is|are) (at|here|ready|done|below|attached)
    \byour (\w{1,20} ){0,2}(picture|image|photo|edit)s? (is|has been) (edited|generated|created|saved)
    \bi(['’]ve| have)? ((?!not |never )\w{1,20} )?(edited|made|created|generated|changed|added|removed)\b
    \bi(['’]ve| have)? ((?!not |never )\w{1,20} )?(replaced|turned|applied|updated|put)\b
    (?<!\d)(?<! of )[1-9]\d{0,9}( of \d{1,9})?( \w{1,20}){0,3} (remaining|left)\b
    \b(edited|final|updated|resulting) (picture|image|photo)\b[^.!\n]{0,60}:
    ^\W{0,9}(ACTED)\b(?! (for|due|because|by|content|(image|picture|photo|output)s)\b)
    ^(?!…(\b(no|not|never|nothing|none|cannot|without|be)\b|n['’]t\b))…\b(ACTED) ?:
    ^\W{0,9}(the )?(result|output|edit) ?:|\bnow (says|reads|shows|wears|looks)\b
    \b(used up|spent|charged) (by|with|for) this (picture|image|photo|edit)\b
    (?<!be )\bdone\b|\bas (you )?(asked|requested)\b
    已经?(为[您你]|帮[您你]|按)?(?!被?(拒绝|停止|禁止|取消))[^。，,!！\n]{0,6}(完成|生成|编辑|修改|处理好|添加|换成|加上)
    (?<!被)(去掉|去除|移除|换成|改成|换上|加上|添加|打上?码|模糊)了|已经?[将把][^。，,!！\n]{1,20}(去掉|去除|换成|改成|加上)
    已(去掉|去除|换成|改成|加上|添加|打码)|本次[^。，,!！\n]{0,6}(消耗|扣除|花费)[^。，,!！\n]{0,6}[1-9]
    (剩余|还剩)[^。，,!！\n]{0,8}[1-9]|(编辑|修改|处理|生成)后的?(图|照片)[^。，,!！\n]{0,20}[:：]
    (生成|编辑|修改|处理)(完成|成功|好了)|这是(您|你|修改|编辑|处理|生成)|以下是(您|你|修改|编辑|生成)
""".replace("ACTED", _ACTED)
# Grave wherever they stand; "safety vest" and "rate limit sign" may name what the picture shows.
_GRAVE: Final = tuple(row for row in PHRASES if row[0] in ("auth", "quota"))
_OFFER: Final = r"\W{0,3}(?:do you (?:want|like)|would you like (?:any|more)|shall i|anything else|like it)"
_ASKED = re.compile(
    rf"https?://\S{{1,4000}}+(?!{_OFFER})(?:(?<=[?？])(?=\s|$)|[^.!。！\n]{{0,80}}[?？](?=\s|$))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s()<>\"'，。；！、）】]{1,4000}")
_LOOKED_AT: Final = 5000


def _is_made(said: str) -> bool:
    return bool(_pattern(_MADE).search(said) or _pattern(_YET).search(said))


def turns_down(text: str) -> bool:
    """Whether a model's words turn the whole edit down and none says that it was made."""
    said = plain(_ADDRESS.sub(" ", text[:_LOOKED_AT]))
    return bool(_pattern(_TURNED_DOWN).search(said)) and not _is_made(said)


def refuses(text: str) -> bool:
    """Whether a model's words decline or ask for something: an address among them is no result."""
    said = plain(_ADDRESS.sub(" ", text := text[:_LOOKED_AT]))
    if _REFUSAL.search(text):
        return not _pattern(_YET).search(said)
    if _is_made(said):
        return False
    against = _ASKED.search(text) or any(_pattern(lines).search(said) for lines in (_TURNED_DOWN, _BESIDE))
    return bool(against) or category_of(said, _GRAVE) is not None


__all__ = [
    "PHRASES", "RATES", "VARIANTS", "WEAK", "broke_off", "category_of", "plain", "refuses", "turns_down",
    "variant_of",
]  # fmt: skip
