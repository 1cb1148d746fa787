"""How a value is shown or measured, by name: a value must not know the room that does it.

A picture, a chain or a comparison can be displayed, and what displays it stands far above it. So the view
is looked up here when something is shown; no module below a view imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

_VIEWS: Final[Mapping[str, tuple[str, str]]] = {
    "present": ("nb_banana._widgets.notebook", "present"),
    "frames": ("nb_banana._widgets.notebook", "frames"),
    "namespace": ("nb_banana._widgets.notebook", "namespace"),
    "watch": ("nb_banana._widgets.waiting", "watch"),
    "line": ("nb_banana._widgets.waiting", "line"),
    "changing_line": ("nb_banana._widgets.waiting", "ChangingLine"),
    "difference": ("nb_banana._measure.changing", "difference"),
    "viewer": ("nb_banana._widgets.single", "show"),
    "compare": ("nb_banana._compare.comparison", "compare"),
    "outside": ("nb_banana._measures.figures", "outside"),
    "score": ("nb_banana._measures.scoring", "score"),
    "measures_of": ("nb_banana._measures.scoring", "measures_of"),
    "usual": ("nb_banana._measures.scoring", "usual"),
    "pair": ("nb_banana._measures.pairs", "measured"),
    "judge": ("nb_banana._judge.door", "judge"),
    "judge_wish": ("nb_banana._judge.door", "Wish"),
    "vote": ("nb_banana._rate.vote", "Vote"),
    "votes": ("nb_banana._rate.votes", "Votes"),
    "rescore": ("nb_banana._judge.door", "rescore"),
    "judge_agreement": ("nb_banana._judge.door", "agreement"),
    "summary": ("nb_banana._compare.findings", "summary"),
    "contrast": ("nb_banana._compare.findings", "contrasts"),
    "export": ("nb_banana._report.export", "export"),
    "methods": ("nb_banana._report.export", "methods_of"),
    "telling": ("nb_banana._report.export", "telling"),
    "share": ("nb_banana._report.share", "share"),
    "timeline": ("nb_banana._widgets.timeline", "timeline"),
    "grid": ("nb_banana._widgets.grid", "grid"),
    "strengths": ("nb_banana._rate.strengths", "strengths_of"),
    "agreement": ("nb_banana._rate.agreement", "agreement_of"),
    "scores": ("nb_banana._rate.scores", "scores_of"),
    "rate": ("nb_banana._widgets.rating", "rate"),
    "kept_in": ("nb_banana._history.beside", "kept_in"),
}


def view(name: str) -> Callable[..., Any]:
    """The function that shows; its room is loaded by the first call."""
    module, function = _VIEWS[name]
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


_PLAIN: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


class Pictured:
    """What shows as a picture with its words: the two in one for marimo, which shows one kind of a bundle.

    It asks a value for this by the name ``_mime_``. Without it the words would be lost there, and with them
    every warning.
    """

    __slots__ = ()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        raise NotImplementedError

    def _mime_(self) -> tuple[str, str]:
        data, facts = self._repr_mimebundle_()
        shown = ""
        for kind in data:
            if kind.startswith("image/"):
                alt = str(facts.get(kind, {}).get("alt", "")).translate(_PLAIN)
                source = f"data:{kind};base64,{data[kind]}"
                shown += f'<img src="{source}" alt="{alt}" style="max-width: 100%">'
        words = data["text/plain"].translate(_PLAIN)
        return "text/html", f'<div>{shown}<pre style="margin: 0; white-space: pre-wrap">{words}</pre></div>'
