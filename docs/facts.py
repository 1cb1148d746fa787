"""Writes the tables of the pages facts, costs and wires, in both languages, from the catalog: ``python docs/facts.py``.

What stands between ``<!-- facts: name -->`` and ``<!-- /facts -->`` is written here, the rest by people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import nb_banana as nb
from nb_banana._catalog.load import load
from nb_banana._catalog.providers import PROVIDERS
from nb_banana._images.data import ImageData
from nb_banana._messages import EditRequest
from nb_banana._wire.wires import WIRES

HERE: Final = Path(__file__).parent
PAGES: Final = {"en": HERE / "facts.md", "zh": HERE / "facts.zh-CN.md"}
OTHERS: Final = {
    name: {"en": HERE / f"{name}.md", "zh": HERE / f"{name}.zh-CN.md"} for name in ("costs", "wires")
}
"""Pages with some of these tables between their own words."""
DAYS: Final = ("2025-11-20", "2026-11-23")
_DOT: Final = ImageData(b"", "image/png", 1, 1)
_BLOCK: Final = re.compile(r"(<!-- facts: (\w+) -->\n).*?(<!-- /facts -->)", re.DOTALL)
_WORDS: Final = {
    "model": "模型",
    "id": "标识",
    "at apiyi": "apiyi 标识",
    "ratio": "比例",
    "sizes": "尺寸",
    "tokens": "输出 token",
    "as of": "日期",
    "source": "来源",
    "usual seconds": "通常秒数",
    "provider": "服务商",
    "size": "尺寸",
    "all": "全部",
    "dollars": "美元",
    "yuan": "人民币",
    "share of official": "占官方价",
    "what": "事件",
    "day": "日期",
    "at": "于",
    "released": "发布",
    "stable": "正式版",
    "deprecated": "弃用",
    "shutdown": "停用",
    "retired": "停用",
    "address": "地址",
    "key": "密钥",
    "wires": "格式",
    "per picture": "单张上限",
    "per request": "单次请求上限",
    "advised edge": "建议边长",
    "inputs": "输入格式",
    "job": "任务",
    "prices of": "价格日期",
    "official": "官方价",
    "waits before it speaks up": "提示等待秒数",
    "hangs up": "断开秒数",
    "several pictures": "多张图片另加",
    "not certain": "未确定",
    "not offered": "不支持",
    "advised pictures": "建议图片数",
    "most pictures": "图片上限",
    "free": "像素自由",
    "words in": "输入文字",
    "pictures in": "输入图片",
    "pictures out": "输出图片",
    "wire": "格式",
    "POST to": "POST 到",
    "ratio and size": "比例和尺寸",
    "mask": "蒙版",
    "conversation": "继续对话",
    "models": "模型",
    "yes": "有",
    "no": "无",
    "what is yours": "您自己的",
    "dollars at apiyi": "apiyi 美元价",
    "yuan at apiyi": "apiyi 人民币价",
    "unknown": "未知",
}


def written(page: str, lang: str) -> str:
    """The page with its tables as the catalog has them now."""
    tables = TABLES | {name: table for more in MORE.values() for name, table in more.items()}
    return _BLOCK.sub(lambda found: f"{found[1]}\n{tables[found[2]](lang)}\n{found[3]}", page)


def _table(lang: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [
        [_word(one, lang) for one in head],
        ["---"] * len(head),
        *([str(one) for one in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _word(word: str, lang: str) -> str:
    return word if lang == "en" else _WORDS[word]


def _models(lang: str) -> str:
    head = ("model", "at apiyi", "sizes", "usual seconds", "advised pictures", "most pictures")
    return _table(
        lang,
        head,
        (
            (
                f"`{info.nickname}` `{info.id}`",
                f"`{info.provider_ids['apiyi']}`" if "apiyi" in info.provider_ids else "–",
                _word("free", lang) if info.free else " ".join(info.image_sizes),
                " · ".join(dict.fromkeys(_seconds(info, size) for size in info.image_sizes)),
                info.advised_images,
                info.max_images,
            )
            for info in nb.MODELS.values()
        ),
    )


def _seconds(info: Any, size: str) -> str:
    usual = info.typical_seconds(size)
    if usual is None:
        return "–"
    low, high = usual
    return f"{low:g}–{high:g}" if low != high else f"{low:g}"


def _pixels(lang: str, nickname: str) -> str:
    info = nb.MODELS[nickname]
    cells = (
        (ratio, *("×".join(map(str, info.pixels(ratio, size))) for size in info.image_sizes))
        for ratio in info.aspect_ratios
    )
    head = [_word("ratio", lang), *info.image_sizes]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *cells)) + "\n"


def _tokens(lang: str) -> str:
    return _table(
        lang,
        ("model", "tokens", "as of", "source"),
        (
            (
                f"`{info.nickname}`",
                " · ".join(f"{size} {count}" for size, count in row.sizes.items()),
                row.as_of,
                row.source,
            )
            for info in nb.MODELS.values()
            for row in info.tokens
        ),
    )


def _events(lang: str) -> str:
    rows = []
    for info in nb.MODELS.values():
        for event in info.events:
            doubt = "" if event.certain else f" ({_word('not certain', lang)})"
            rows.append(
                (
                    f"`{info.id}`",
                    _word(event.what, lang) + doubt,
                    event.provider or "–",
                    event.date,
                    event.source,
                )
            )
        for gone in info.retired:
            rows += [
                (f"`{gone.id}`", _word("retired", lang), at, day, gone.source)
                for at, day in gone.providers.items()
                if at != "sandbox"
            ]
    return _table(lang, ("id", "what", "at", "day", "source"), rows)


def _prices(lang: str) -> str:
    rows = []
    for row in load("prices")["price"]:
        if row["provider"] == "sandbox":
            continue
        sizes = " ".join(row.get("size", ())) or _word("all", lang)
        sign = "" if row.get("certain", True) else "≈"
        yuan = f"¥{row['cny']}" if "cny" in row else "–"
        rows.append(
            (
                row["provider"],
                f"`{nb.MODELS[row['model']].nickname}`",
                sizes,
                f"{sign}${row['usd']}",
                yuan,
                row["as_of"],
                row["source"],
            )
        )
    return _table(lang, ("provider", "model", "size", "dollars", "yuan", "as of", "source"), rows)


def _token_prices(lang: str) -> str:
    rows = (
        (
            row["provider"],
            f"`{nb.MODELS[row['model']].nickname}`",
            *(f"${row[kind]}" for kind in ("text_in", "image_in", "image_out")),
            row["as_of"],
            row["source"],
        )
        for row in load("prices")["token_price"]
    )
    head = ("provider", "model", "words in", "pictures in", "pictures out", "as of", "source")
    return _table(lang, head, rows)


def _jobs(lang: str) -> str:
    rows = []
    for count, size in ((100, "2K"), (50, "4K")):
        for day in DAYS:
            for name in ("nano-banana-pro", "nano-banana"):
                job = nb.estimate(name, size, count, as_of=day)
                made = (
                    f"{count} × {size}" if job.priced_size in (size, None) else f"{count} × {job.priced_size}"
                )
                money = (
                    f"{job.cost} ({job.cost_cny})"
                    if job.cost.amount is not None
                    else _word("not offered", lang)
                )
                whole = f"{job.official} ({job.official_cny})" if job.official.amount is not None else "–"
                part = (
                    "–"
                    if not (job.cost.amount and job.official.amount)
                    else f"{job.cost.amount / job.official.amount:.0%}"
                )
                rows.append((made, f"`{name}`", day, money, whole, part))
    return _table(lang, ("job", "model", "prices of", "dollars", "official", "share of official"), rows)


def _limits(lang: str) -> str:
    rows = []
    for name, row in load("providers").items():
        if not (isinstance(row, dict) and row.get("hosts")) or name == "sandbox":
            continue
        edge = f"{row['advised_edge']} px" if "advised_edge" in row else "–"
        kinds = " ".join(kind.removeprefix("image/") for kind in row["mime_types"])
        rows.append(
            (
                row["title"],
                f"`{row['base_url']}`",
                f"`{row['key_header']}`",
                " ".join(f"`{wire}`" for wire in row["wires"]),
                kinds,
                f"{row['max_image_bytes'] / 1e6:g} MB",
                f"{row['max_request_bytes'] / 1e6:g} MB",
                edge,
            )
        )
    return _table(
        lang,
        ("provider", "address", "key", "wires", "inputs", "per picture", "per request", "advised edge"),
        rows,
    )


def _waits(lang: str) -> str:
    waits = load("models")["deadlines"]
    rows = [
        (size, waits["recommended"][size], waits["hard"][size], f"+{waits['several_inputs']}")
        for size in waits["recommended"]
    ]
    return _table(lang, ("size", "waits before it speaks up", "hangs up", "several pictures"), rows)


def _per_picture(lang: str) -> str:
    """What one finished picture costs by model and size; sizes that agree in everything share a row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for info in nb.MODELS.values():
        for size in () if info.free else info.image_sizes:
            one = nb.estimate(info, size, 1, as_of=DAYS[-1])
            known = one.cost.amount is not None
            facts = (
                f"`{info.nickname}`",
                str(one.cost) if known else _word("unknown", lang),
                str(one.cost_cny) if known else "–",
                str(one.official),
                f"{one.share:.0%}" if one.share else "–",
                _seconds(info, size),
            )
            rows.setdefault(facts, []).append(size)
    head = ("model", "sizes", "dollars at apiyi", "yuan at apiyi", "official", "share of official", "usual seconds")
    return _table(lang, head, ((facts[0], " ".join(sizes), *facts[1:]) for facts, sizes in rows.items()))


def _two_jobs(lang: str) -> str:
    """The jobs the seed worked out, on its day and now: a model in a column."""
    rows = []
    for count, size in ((100, "2K"), (50, "4K")):
        for day in DAYS:
            pro, small = (nb.estimate(name, size, count, as_of=day) for name in ("nano-banana-pro", "nano-banana"))
            cheap = _word("not offered", lang)
            if small.cost.amount is not None:
                cheap = f"{small.cost} ({small.cost_cny}), {small.priced_size}"
            whole = f"{pro.official} ({pro.official_cny})"
            rows.append((f"{count} × {size}", day, f"{pro.cost} ({pro.cost_cny})", cheap, whole))
    head = [_word("job", lang), _word("prices of", lang), "nano-banana-pro", "nano-banana"]
    head.append("Pro, official" if lang == "en" else "Pro 官方价")
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in (head, ["---"] * len(head), *rows)) + "\n"


def _endpoints(lang: str) -> str:
    """Each form of request that each provider takes: where it goes and what it can say."""
    rows = []
    for name, at in PROVIDERS.items():
        for wire in at.wires:
            form = WIRES[wire]
            model = at.default_model or "MODEL"
            asked = (EditRequest("x", (_DOT,), model=model), EditRequest("x", (), model=model))
            paths = dict.fromkeys(form.path(one).replace(model, "MODEL") for one in asked)
            base = at.base_url if at.base_url and name != "sandbox" else ""
            held = [f"`{info.nickname}`" for info in nb.MODELS.values() if wire in info.wires_at(at) and name in info.provider_ids]
            rows.append((
                at.title if base else f"`Endpoint.{name}`", f"`{wire}`", " ".join(f"`{base}{path}`" for path in paths),
                _word("yes" if wire in at.sized_wires else "no", lang), _word("yes" if form.masks else "no", lang),
                _word("yes" if form.turns else "no", lang), _word("what is yours", lang) if not held else _word("all", lang) if len(held) == len(nb.MODELS) else " ".join(held),
            ))  # fmt: skip
    head = ("provider", "wire", "POST to", "ratio and size", "mask", "conversation", "models")
    return _table(lang, head, rows)


TABLES: Final = {
    "models": _models,
    "pixels3": lambda lang: _pixels(lang, "gemini-3.1-flash-image"),
    "pixels25": lambda lang: _pixels(lang, "gemini-2.5-flash-image"),
    "tokens": _tokens,
    "events": _events,
    "prices": _prices,
    "token_prices": _token_prices,
    "jobs": _jobs,
    "limits": _limits,
    "waits": _waits,
}

MORE: Final = {
    "costs": {"per_picture": _per_picture, "two_jobs": _two_jobs},
    "wires": {"endpoints": _endpoints},
}

if __name__ == "__main__":
    for pages in (PAGES, *OTHERS.values()):
        for language, path in pages.items():
            path.write_text(written(path.read_text(encoding="utf-8"), language), encoding="utf-8")
