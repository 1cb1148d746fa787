"""Two results side by side in words: what was asked, what it took, what came. Pure functions."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Final

from ..._strings import say
from ..._text import money, seconds, shortened

if TYPE_CHECKING:
    from ..._result import EditResult

_PROMPT: Final = 300


def facts(result: EditResult) -> dict[str, str]:
    """What is compared of a result, by its label."""
    asked, extra = result.request, dict(result.request.extra or {})
    return {
        say("panel.prompt_short"): shortened(asked.prompt, _PROMPT),
        say("panel.model"): result.model,
        say("panel.ratio"): asked.aspect_ratio or say("panel.auto"),
        say("panel.size"): asked.image_size or say("panel.auto"),
        say("panel.quality"): str(extra.pop("quality", "")),
        say("panel.seed_label"): "" if asked.seed is None else str(asked.seed),
        say("panel.mask_short"): "" if asked.mask is None else say("panel.mask_yes"),
        say("panel.extra_short"): shortened(json.dumps(extra, ensure_ascii=False), _PROMPT) if extra else "",
        say("panel.cost"): money(result.cost, sandbox=result.sandbox),
        say("panel.seconds"): seconds(result.elapsed),
        say("panel.pixels"): "{}×{}".format(*result.image.shown_size),
    }


def table(first: EditResult, second: EditResult, names: tuple[str, str]) -> str:
    """Both results' facts as an HTML table; a row that differs says so in words, not by colour alone. What
    neither has is left out.
    """
    heads = "".join(f"<th scope=col>{escape(name)}</th>" for name in ("", *names, ""))
    ours, theirs = facts(first), facts(second)
    words = {True: say("panel.same"), False: f"≠ {say('panel.differs')}"}
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{escape(ours[name])}</td><td>{escape(theirs[name])}</td>"
        f"<td>{escape(words[ours[name] == theirs[name]])}</td></tr>"
        for name in ours
        if ours[name] or theirs[name]
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
