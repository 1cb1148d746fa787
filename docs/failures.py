"""Writes the tables of failures.md and failures.zh-CN.md from the product itself: ``python docs/failures.py``.

Rules of this file:

- What stands between ``<!-- failures: name -->`` and ``<!-- /failures -->`` is written here, the rest by people.
- A sentence is the one of the string table, with the names of its fields in ‹ ›. What an error of the service means for
  money is asked of the functions that make that error; nothing of it stands here a second time.
- What nb_banana says by itself is read from the source: each error that is made with a sentence of the table.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, get_args, get_type_hints

import nb_banana as nb
from nb_banana import _flow, _strings, errors
from nb_banana._actions import Broken, Received
from nb_banana._messages import Answer, EditRequest
from nb_banana._sandbox.faults import BLOCK_REASONS, FAULTS, FINISH_REASONS
from nb_banana._wire import failures
from nb_banana._wire.bodies import Form
from nb_banana._wire.lift import Reply
from nb_banana._wire.phrases import PHRASES, VARIANTS

HERE: Final = Path(__file__).parent
SOURCE: Final = HERE.parent / "nb_banana"
PAGES: Final = {"en": HERE / "failures.md", "zh": HERE / "failures.zh-CN.md"}
TREE: Final = tuple(errors.BY_CATEGORY.values())
OURS: Final = (
    "_asking", "_images", "_fetch", "_catalog", "_prepare", "_masking", "_wire", "_client", "_session", "_history", "_chain",
    "_compare",
)  # fmt: skip
"""The rooms that an edit, a chain or a comparison passes."""
TOLD: Final = (
    "_catalog/models", "_prepare", "_masking", "_flow", "_client/billing", "_result", "_session/attempts", "_session/hooks",
    "_sandbox/report",
)  # fmt: skip
"""The rooms that say something about an edit without refusing it."""
_BLOCK: Final = re.compile(r"(<!-- failures: (\w+) -->\n).*?(<!-- /failures -->)", re.DOTALL)
_FRAGMENT: Final = re.compile("(an?|the|its?) ")
"""How what is only a part of a sentence begins."""
_FIELD: Final = re.compile(r"(?<!\{)\{(\w+)[^{}]*\}(?!\})")
_STATUSES: Final = (200, 400, 401, 402, 403, 404, 405, 408, 413, 422, 429, 451, 499, 500, 502, 503, 504, 524, 529)
_WORDS: Final = {
    "class": "类",
    "category": "category",
    "what it means": "含义",
    "what you read": "您看到的句子",
    "what to do": "怎么办",
    "may be billed": "可能计费",
    "sent again by itself": "是否自动重发",
    "the reason it names": "给出的原因",
    "HTTP status": "HTTP 状态",
    "fault": "故障名",
    "yes": "是",
    "no": "否",
    "at": "HTTP",
    "not at": "是，除了 HTTP",
    "worth running again": "再次运行可能成功",
}
MEANINGS: Final = {
    "AuthenticationError": "密钥缺失、格式不对或被拒绝。",
    "RegionError": "您所在的地区不提供该服务，或那里尚未开通计费。",
    "QuotaError": "余额或当日配额已用完。",
    "RateLimitError": "此刻请求过多；服务器若说明了要等多久，见 `retry_after`。",
    "InvalidRequestError": "请求中必须先改动某处才可能成功。",
    "InvalidImageError": "某张输入图片无法读取或发送；未发送任何请求。",
    "ModelNotFoundError": "服务商不提供该模型，或不向这个密钥提供。",
    "SafetyError": "提示词或图片被服务商的安全规则拦截。",
    "RecitationError": "图片与已有作品过于相似，未返回。",
    "NoImageError": "收到了回答，但其中没有图片；模型写的文字见 `text`。",
    "ServerError": "服务出现故障。",
    "APITimeoutError": "在收到完整回答之前已到期限。",
    "APIConnectionError": "连接无法建立，或已中断。",
    "MalformedResponseError": "无法读取回答。",
    "BudgetError": "发送会超出预算；未发送任何请求。",
}
"""The first sentence of each class in Chinese; in English it is its docstring's."""


@dataclass(frozen=True)
class Row:
    """One sentence that a person may read, and what it means for money."""

    kind: type[nb.NanoBananaError]
    sentence: str
    hint: str
    billed: str = "no"
    again: str = "no"
    worth: str = "no"
    reasons: list[str] = field(default_factory=list)


def written(page: str, lang: str) -> str:
    """The page with its tables as the product has them now."""
    with _templates(lang):
        return _BLOCK.sub(lambda found: f"{found[1]}\n{TABLES[found[2]](lang)}\n{found[3]}", page)


def kinds() -> tuple[type[nb.NanoBananaError], ...]:
    """Every class of the tree, a class of a class after it."""
    every = (one for top in TREE for one in (top, *top.__subclasses__()))
    return tuple(one for one in every if one.__module__ == errors.__name__)


# --- sentences with the names of their fields ------------------------------------------------------


@contextmanager
def _templates(lang: str) -> Iterator[None]:
    """Inside, the functions that make errors fill no field, but for what is itself a sentence."""
    made = set[str]()

    def say(key: str, /, **values: object) -> str:
        part, _, entry = key.partition(".")
        text = _text_of(part, entry, lang)
        given = {name: value for name, value in values.items() if value in made or (name, value) == ("reason", "")}
        text = _FIELD.sub(lambda one: str(given[one[1]]) if one[1] in given else f"‹{one[1]}›", text)
        text = text.replace("{{", "{").replace("}}", "}")
        made.add(text)
        return text

    before = failures.say, _flow.say
    failures.say = _flow.say = say
    try:
        yield
    finally:
        failures.say, _flow.say = before


def _text_of(part: str, entry: str, lang: str) -> str:
    return _strings._table(part)[entry][0 if lang == "en" else 1]


def _plain(key: str, lang: str) -> str:
    """A sentence of the table by its key, the names of its fields in ‹ ›."""
    text = _FIELD.sub(lambda one: f"‹{one[1]}›", _text_of(*key.split("."), lang))
    return text.replace("{{", "{").replace("}}", "}")


# --- failures of a service, as the functions that make them say ------------------------------------


def replies() -> Iterator[tuple[str, list[failures.Failure]]]:
    """Each sentence a failed reply can get, with such failures over the statuses."""
    found: dict[tuple[str, str, str], None] = {}
    for status in _STATUSES:
        for body in ("", "<html><h1>No</h1></html>", "no", '{"error": {"message": "no"}}'):
            one = failures.read_failure(status, {}, (), body)
            found[one.category, one.kind, "words"] = None
    found |= {(category, kind, "words"): None for category, kind, _ in VARIANTS}
    found |= {(category, "", "words"): None for category, _ in PHRASES}
    found |= {("malformed", "", form): None for form in get_args(Form)}
    said = [failures.accepted(200, {}, "1", ""), failures.damaged(200, {}, ""), failures.unreadable(200, {}, "…")]
    for made in (*said, failures.unfinished(200, {}, 2, "")):
        found[made.category, made.kind, made.form] = None
    for category, kind, form in found:
        statuses = (200,) if category == "malformed" else _STATUSES
        yield category, [failures.Failure(category, "…", status, body="…", kind=kind, form=form) for status in statuses]


def _replied() -> list[Row]:
    rows = []
    for _, several in replies():
        made = [failures.error_of(one, model="…", base_url="…") for one in several]
        # The shortest says no more than the sentence: what the money means has columns of its own.
        short = min(made, key=lambda error: len(error.hint))
        billed = [one.status for one, error in zip(several, made) if error.may_be_billed]
        again = [one.status for one in several if one.nothing_ran]
        states = _at(billed, len(several)), _at(again, len(several)), _bool(short.retryable)
        rows.append(Row(type(short), short.message, short.hint, *states))
    return list({(row.kind, row.sentence): row for row in rows}.values())


def _at(statuses: Sequence[int], of: int) -> str:
    if not statuses:
        return "no"
    if len(statuses) == of:
        return "yes"
    most = len(statuses) > of / 2
    listed = [one for one in _STATUSES if (one in statuses) is not most]
    return ("not at " if most else "at ") + " ".join(map(str, listed))


def _refused() -> list[Row]:
    """Answers without a picture, by what the provider gave as a reason."""
    given = [("finish", reason, Answer(finish_reason=reason)) for reason in FINISH_REASONS if reason != "STOP"]
    given += [("block", reason, Answer(block_reason=reason)) for reason in BLOCK_REASONS]
    given += [("finish", "STOP", Answer(finish_reason="STOP")), ("finish", "STOP", Answer(finish_reason="STOP", text="…"))]
    given += [("finish", "", Answer(notes=(note,))) for note in ("only_sent", "broken_image")]
    rows: dict[str, Row] = {}
    for _, reason, answer in given:
        error = failures.refusal(answer, 200, {}, "")
        row = rows.setdefault(error.message, Row(type(error), error.message, error.hint, "yes", "no", _bool(error.retryable)))
        if reason and reason not in row.reasons:
            row.reasons.append(reason)
    return list(rows.values())


def _broke() -> list[Row]:
    """The connection, and what the flow itself makes of an answer."""
    plan: Any = SimpleNamespace(
        deadline=1.0, url="https://host/", base_url="https://host/", provider=SimpleNamespace(name="host"), asked=None, request=None,
    )  # fmt: skip
    rows = []
    for how in get_args(get_type_hints(Broken)["how"]):
        error, again = _flow._broken(plan, Broken(how, "…"), "host")
        rows.append(_row_of(error, again=again))
    for status in (302, 303):
        rows.append(_row_of(_flow._redirected(plan, Received(status, {}, Reply("", {})), "host")))
    rows.append(_row_of(_flow.unforeseen(plan, ValueError("x"))))
    for status in (404, 500, None):
        rows.append(_row_of(_collected(status)))
    rows.append(_row_of(_unlinked()))
    return list({(row.sentence, row.hint): row for row in reversed(rows)}.values())[::-1]


def _collected(status: int | None) -> nb.NanoBananaError:
    """The error of a picture that was paid for and can't be fetched from its link any more, or not yet."""
    ticks = iter(range(0, 10_000, 10))
    going = _flow.collect(SimpleNamespace(new=lambda images: ()), ["https://host/x.png"], lambda: next(ticks))  # type: ignore[arg-type]
    return _driven(going, errors.InvalidRequestError("…", status=status))


def _unlinked() -> nb.NanoBananaError:
    """The error of an answer whose link gives no picture."""
    request = EditRequest(prompt="x", images=())
    plan: Any = SimpleNamespace(asked=request, request=request)
    done = _flow.Performed(Answer(links=("https://host/x.png",)), 1, None)
    going = _flow._whole(plan, done, Received(200, {}, Reply("", {})), 0.0)
    return _driven(going, errors.InvalidRequestError("…", status=410))


def _driven(going: Any, answer: nb.NanoBananaError) -> nb.NanoBananaError:
    """What a generator of the flow raises when every download fails so."""
    try:
        next(going)
        while True:
            going.send(answer)
    except nb.NanoBananaError as error:
        return error


def _row_of(error: nb.NanoBananaError, *, again: bool = False) -> Row:
    return Row(type(error), error.message, error.hint, *map(_bool, (error.may_be_billed, again, error.retryable)))


def served() -> list[Row]:
    """Every failure once a request goes out."""
    return [*_replied(), *_refused(), *_broke()]


# --- what is said by ourselves, as the source has it -----------------------------------------------


@dataclass(frozen=True)
class Raised:
    """An error made in the source, with the keys of its sentence and of its next step."""

    kind: str
    sentence: str
    hint: str
    billed: bool


@dataclass(frozen=True)
class _Scope:
    """Where an expression stands: what names were assigned there, and the keys that the file spells."""

    assigned: dict[str, ast.expr]
    spelled: tuple[str, ...]

    def without(self, name: str) -> _Scope:
        return _Scope({key: value for key, value in self.assigned.items() if key != name}, self.spelled)


def raised() -> list[Raised]:
    """The errors that these rooms make with sentences of the table."""
    names = {kind.__name__ for kind in kinds()}
    found: dict[tuple[str, str, str], Raised] = {}
    for function, scope in _functions(OURS):
        for node in ast.walk(function):
            if not (isinstance(node, ast.Call) and _name(node.func) in names and node.args):
                continue
            given = {one.arg: one.value for one in node.keywords}
            hints, bill = _keys(given.get("hint"), scope), given.get("may_be_billed")
            keys = [key for key in _keys(node.args[0], scope) if not (key.endswith("_hint") or _is_part(key))]
            for key in keys or ([""] if hints else []):
                hint = f"{key}_hint" if f"{key}_hint" in hints else (hints or [""])[0]
                billed = isinstance(bill, ast.Constant) and bill.value is True
                one = Raised(_name(node.func), key, hint, billed)
                found.setdefault((one.kind, key, "" if key else hint), one)
    return list(found.values())


def _functions(rooms: Sequence[str]) -> Iterator[tuple[ast.AST, _Scope]]:
    """Each outermost function of these rooms, but for what reads the requests of other programs."""

    def outermost(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield child
            else:
                yield from outermost(child)

    for room in rooms:
        path = SOURCE / room
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
            spelled = tuple(dict.fromkeys(text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", text) and _known(text)))
            for function in outermost(tree):
                assigned = {
                    target.id: node.value
                    for node in ast.walk(function)
                    if isinstance(node, ast.Assign)
                    for target in node.targets
                    if isinstance(target, ast.Name)
                }
                yield function, _Scope(assigned, spelled)


def _is_part(key: str) -> bool:
    return bool(_FRAGMENT.match(_text_of(*key.split("."), "en")))


def _known(key: str) -> bool:
    part, _, entry = key.partition(".")
    return (SOURCE / "_strings" / f"{part}.py").is_file() and entry in _strings._table(part)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _keys(node: ast.AST | None, scope: _Scope) -> list[str]:
    """The keys of the sentences in an expression, the first said first; a name that was assigned is followed."""
    if isinstance(node, ast.Name) and node.id in scope.assigned:
        return _keys(scope.assigned[node.id], scope.without(node.id))
    if isinstance(node, ast.Call) and _name(node.func) == "say" and node.args:
        return _said(node.args[0], scope)
    if isinstance(node, ast.IfExp):
        return [*_keys(node.body, scope), *_keys(node.orelse, scope)]
    return _keys(node.left, scope) if isinstance(node, ast.BinOp) else []


def _said(node: ast.expr, scope: _Scope) -> list[str]:
    """The keys that the first argument of `say` can be."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*_said(node.body, scope), *_said(node.orelse, scope)]
    if isinstance(node, ast.Name):
        if node.id in scope.assigned:
            return _said(scope.assigned[node.id], scope.without(node.id))
        return list(scope.spelled)  # it is handed in by others of the file
    if isinstance(node, ast.JoinedStr):
        parts = [[str(one.value)] if isinstance(one, ast.Constant) else _words_of(one, scope) for one in node.values]
        shape = "".join(f"(?:{'|'.join(map(re.escape, part))})" if part else "[a-z_]+" for part in parts)
        table = parts[0][0].partition(".")[0] if parts[0] else ""
        if not (SOURCE / "_strings" / f"{table}.py").is_file():
            return []
        keys = (f"{table}.{entry}" for entry in _strings._table(table))
        open_end = parts[0][0].endswith(".") and not all(parts)  # any sentence at all is none in particular
        return [] if open_end else [key for key in keys if re.fullmatch(shape, key) and not key.endswith("_hint")]
    return []


def _words_of(node: ast.expr, scope: _Scope) -> list[str]:
    """The words that a name inside a key can stand for, if they were assigned; else none."""
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    if isinstance(inner, ast.Name) and inner.id in scope.assigned:
        return _said(scope.assigned[inner.id], _Scope({}, ()))
    return []


def told() -> list[str]:
    """The keys of sentences that stand under a picture: whole ones, said and not raised."""
    refused = {one.sentence for one in raised()} | set(_hints())
    found: dict[str, None] = {}
    for function, scope in _functions(TOLD):
        inside = {id(part) for node in ast.walk(function) if _apart(node) for part in ast.walk(node)}
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and _name(node.func) == "say" and node.args and id(node) not in inside:
                found |= dict.fromkeys(_said(node.args[0], scope))
    whole = (key for key in found if not key.endswith("_hint") and key not in refused)
    return [key for key in whole if re.search("[.”]$", _text_of(*key.split("."), "en")) and not _is_part(key)]


def _hints() -> Iterator[str]:
    """The keys of all next steps: none of them stands alone."""
    for function, scope in _functions((*OURS, *TOLD)):
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                for one in node.keywords:
                    yield from _keys(one.value, scope) if one.arg == "hint" else ()


def _apart(node: ast.AST) -> bool:
    """Whether what is said inside is for an error, for the model, or a field of a file, and not for people."""
    if isinstance(node, (ast.Raise, ast.Dict, ast.JoinedStr, ast.Yield)) and not (isinstance(node, ast.Yield) and isinstance(node.value, ast.Call)):
        return True
    return isinstance(node, ast.Call) and (_name(node.func).endswith("Error") or any(one.arg == "hint" for one in node.keywords))


# --- tables ----------------------------------------------------------------------------------------


def _table(lang: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [[_word(one, lang) for one in head], ["---"] * len(head), *([_cell(one) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _word(word: str, lang: str) -> str:
    return word if lang == "en" else _WORDS.get(word, word)


def _cell(text: str) -> str:
    """Text as a cell shows it: what Markdown would read is marked as text."""
    parts = " ".join(text.split()).split("`")  # every other one is code, where only a table's own sign is marked
    marked = (re.sub(r"\|" if at % 2 else r"[|*<\[\]]", r"\\\g<0>", part) for at, part in enumerate(parts))
    return "`".join(marked) or "–"


def _money(state: str, lang: str) -> str:
    if found := re.fullmatch("(not at|at) (.+)", state):
        numbers = found[2].replace(" ", ", " if lang == "en" else "、")
        words = {"at": "at HTTP", "not at": "yes, but not at HTTP"}[found[1]] if lang == "en" else _WORDS[found[1]]
        return f"{words} {numbers}"
    return _word(state, lang)


def _meaning(kind: type, lang: str) -> str:
    return (kind.__doc__ or "").split("\n\n")[0].replace("``", "`") if lang == "en" else MEANINGS[kind.__name__]


def _classes(lang: str) -> str:
    rows = served()
    head = ("class", "category", "what it means", "may be billed", "sent again by itself", "worth running again")
    lines = []
    for kind in kinds():
        mine = [row for row in rows if row.kind is kind]
        states = (_sum([getattr(row, name) for row in mine], lang) for name in ("billed", "again", "worth"))
        lines.append((f"`{kind.__name__}`", f"`{kind.category}`", _meaning(kind, lang), *states))
    return _table(lang, head, lines)


def _sum(states: Sequence[str], lang: str) -> str:
    """One word for several sentences: what holds for all of them, or that it depends."""
    plain = set(states) or {"no"}
    if len(plain) == 1 and (one := plain.pop()) in ("yes", "no"):
        return _word(one, lang)
    return "depends" if lang == "en" else "视情况"


def _statuses(lang: str) -> str:
    grouped: dict[tuple[str, str, str], list[int]] = {}
    for status in range(400, 600):
        one = failures.read_failure(status, {}, (), "")
        state = errors.BY_CATEGORY[one.category].__name__, _bool(one.may_be_billed), _bool(one.nothing_ran)
        grouped.setdefault(state, []).append(status)
    head = ("HTTP status", "class", "may be billed", "sent again by itself")
    rows = ((_ranges(found), f"`{kind}`", _money(billed, lang), _money(again, lang)) for (kind, billed, again), found in grouped.items())
    return _table(lang, head, sorted(rows))


def _bool(value: bool) -> str:
    return "yes" if value else "no"


def _ranges(numbers: Sequence[int]) -> str:
    """Whole numbers as a person writes them: `500, 501, 505–521`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{part[0]}–{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)


def _by_class(lang: str, rows: Sequence[Row]) -> str:
    head = ("what you read", "what to do", "may be billed", "sent again by itself")
    parts = []
    for kind in kinds():
        mine = [row for row in rows if row.kind is kind]
        if mine:
            table = _table(lang, head, (
                (row.sentence, row.hint, _money(row.billed, lang), _money(row.again, lang)) for row in mine
            ))  # fmt: skip
            parts.append(f"### `{kind.__name__}`\n\n{_meaning(kind, lang)}\n\n{table}")
    return "\n".join(parts)


def _answers(lang: str) -> str:
    head = ("what you read", "the reason it names", "class", "what to do")
    return _table(lang, head, (
        (row.sentence, " ".join(f"`{one}`" for one in row.reasons), f"`{row.kind.__name__}`", row.hint) for row in _refused()
    ))  # fmt: skip


def _ours(lang: str) -> str:
    head = ("what you read", "what to do", "may be billed")
    found, parts = raised(), []
    for kind in kinds():
        rows = [
            (_plain(one.sentence, lang) if one.sentence else "…", _plain(one.hint, lang) if one.hint else "", _money(_bool(one.billed), lang))
            for one in found
            if one.kind == kind.__name__
        ]
        if rows:
            name = f"`{kind.__name__}` of our own" if lang == "en" else f"本地的 `{kind.__name__}`"
            parts.append(f"### {name}\n\n{_table(lang, head, rows)}")
    return "\n".join(parts)


def _warnings(lang: str) -> str:
    return "\n".join(f"- {_cell(_plain(key, lang))}" for key in told()) + "\n"


def _faults(lang: str) -> str:
    rows = []
    for fault in FAULTS:
        session = nb.Client(nb.Endpoint.sandbox(fault=fault), retries=0, deadline=2)
        try:
            session.generate("a red sofa")
            raise AssertionError(f"the fault {fault} played nothing")
        except nb.NanoBananaError as error:
            rows.append((f"`{fault}`", f"`{type(error).__name__}`", _money(_bool(error.may_be_billed), lang)))
        finally:
            session.close()
    return _table(lang, ("fault", "class", "may be billed"), rows)


def _connection(lang: str) -> str:
    head = ("what you read", "class", "what to do", "may be billed", "sent again by itself")
    return _table(lang, head, (
        (row.sentence, f"`{row.kind.__name__}`", row.hint, _money(row.billed, lang), _money(row.again, lang)) for row in _broke()
    ))  # fmt: skip


TABLES: Final[dict[str, Callable[[str], str]]] = {
    "classes": _classes,
    "replies": lambda lang: _by_class(lang, _replied()),
    "answers": _answers,
    "connection": _connection,
    "statuses": _statuses,
    "ours": _ours,
    "warnings": _warnings,
    "faults": _faults,
}


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(written(path.read_text(encoding="utf-8"), language), encoding="utf-8")
