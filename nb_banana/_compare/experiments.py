"""``nb.experiments``: the questions people ask of image models, each as one call.

Rules of this file:

* An experiment is a plan with its question: what is compared, on what, measured how. It sends nothing itself.
* Prompts are sent as a person wrote them; several at once are the same words, one under the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from .. import _text
from .._catalog.names import ModelName, Size
from .._display import view
from .._session.door import Session
from .._strings import Lang, quoted, say
from .._wire.wires import WireName
from ..errors import InvalidRequestError
from .cells import AXES
from .estimate import PlanEstimate
from .given import Texts, choices, pictures
from .power import NO_POWER, power_between
from .question import Question
from .table import COLUMNS, text

if TYPE_CHECKING:
    from .comparison import Comparison

Wording = str | Sequence[str]


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What an experiment showed.

    Attributes:
        sentences: one for every figure and every two values compared.
        findings: the table behind each figure, by column.
    """

    sentences: tuple[str, ...]
    findings: Mapping[str, Any]

    def __repr__(self) -> str:
        return _text.plain("\n".join(self.sentences))


@dataclass(frozen=True, slots=True, repr=False)
class Experiment:
    """A question and the plan that answers it.

    Attributes:
        name: such as ``"models"``.
        comparison: the plan and what came of it.
        question: what is compared.
        mask: the region all results are measured against, and only outside of it; None is each edit's own.
        against: ``"input"`` where steps count from the first picture.
    """

    name: str
    comparison: Comparison
    question: Question
    mask: Any = None
    against: Literal["before", "input"] = "before"

    def estimate(self, concurrency: int = 4) -> PlanEstimate:
        """What running it would cost and take, and what difference it could show."""
        groups = self.question.groups(self.comparison._holder.held)
        of = self.question.unit_of(self.comparison.cells)
        units = {value: frozenset(map(of, cells)) for value, cells in groups.items()}
        power = power_between(self.question.by, units) if len(units) > 1 else NO_POWER
        told = replace(power, own=self.question.by not in AXES)
        return replace(self.comparison.estimate(concurrency), power=told)

    def run(self, **how: Any) -> Experiment:
        """Make what is missing, as :meth:`Comparison.run` does."""
        self.comparison.run(**how)
        return self

    def score(self, *measures: Any, workers: int = 2) -> Any:
        """Measure the results as this question asks for, or by the measures named."""
        chosen = measures or (view("outside")() if self.mask is not None else ())
        return self.comparison.score(*chosen, mask=self.mask, against=self.against, workers=workers)

    def summary(self, column: str) -> Any:
        """A column by the values compared."""
        return self.comparison.summary(column, **self._asked())

    def contrast(self, column: str) -> Any:
        """A column between every two values compared."""
        return self.comparison.contrast(column, **self._asked())

    def answer(self, *columns: str) -> Answer:
        """What the figures say, in sentences; of ``columns``, or of all of which one end is better.

        Measures first what has not been looked at: a column nobody has measured, and results that came later,
        each as the column was measured before.

        Raises:
            InvalidRequestError: nothing has run yet.
        """
        if not any(self.comparison.results):
            raise InvalidRequestError(say("experiments.not_run"), hint=say("experiments.not_run_hint"))
        came = self.comparison
        if not columns or not {*columns} <= {*COLUMNS, *came._scored.figures}:
            self._measure_what_is_not()
        folder = came.session.history.folder
        came._scored = came._scored.caught_up(came._holder.held, folder, columns)
        also = ("changed_outside",) if self.mask is not None and not columns else ()
        named = columns or (*also, *view("telling")(self.comparison, self.question))
        found = {column: self.contrast(column) for column in named}
        told = [say(f"experiments.{self.name}"), *(one for each in found.values() for one in each.sentences)]
        if len(named) > 1:
            told.append(say("experiments.many", count=len(named)))
        if any(one.sandbox for one in self.comparison.results if one is not None):
            told.append(say("report.sandbox"))
        return Answer(tuple(told), found)

    def _measure_what_is_not(self) -> None:
        """Measure by the default measures; what a person measured in a way of their own stands, unless the
        question itself says against what all are measured.
        """
        if self.mask is not None or self.against != "before":
            self.score()
            return
        known = {one.measure.name for one in self.comparison._scored.tried.values()}
        if left := [one for one in view("measures_of")(None) if one.name not in known]:
            self.score(*left)

    def export(self, path: Any, **how: Any) -> Path:
        """Write it down, as :meth:`Comparison.export` does, with this question."""
        return self.comparison.export(path, **self._asked(), **how)

    def methods(self, lang: Lang | None = None) -> str:
        """The paragraph about methods."""
        return self.comparison.methods(**self._asked(), lang=lang)

    def _asked(self) -> dict[str, Any]:
        return {"by": self.question.by, "unit": self.question.unit, "turn": self.question.turn}

    def __repr__(self) -> str:
        held = self.comparison._holder.held
        price = "" if held.outcomes else f"{self.estimate()}\n"
        return f"{say(f'experiments.{self.name}')}\n{price}{text(held)}"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, facts = self.comparison._repr_mimebundle_()
        return {**data, "text/plain": repr(self)}, facts

    def _ipython_display_(self) -> None:
        view("present")(self._repr_mimebundle_())


def steps_or_at_once(
    images: Any,
    edits: Sequence[str] | Sequence[Sequence[str]],
    *,
    at_once: Sequence[str] | str | None = None,
    model: ModelName | None = None,
    takes: int = 1,
    session: Session | None = None,
) -> Experiment:
    """Step by step, or everything in one prompt: which keeps more of the picture, and costs what?

    Both are measured against the first picture; of a chain its last step counts.

    Args:
        images: pictures, as for ``nb.compare``.
        edits: the steps of one edit, or of several: ``[["make it snow", "make it night"], […]]``.
        at_once: the same in one prompt, for each edit; None is the steps' own words, one under the other.
        model, takes, session: as for ``nb.compare``.

    Raises:
        InvalidRequestError: an edit has fewer than two steps, or there are not as many prompts as edits.
    """
    chains: list[Any] = [edits] if all(isinstance(one, str) for one in edits) else list(edits)
    whole = [at_once] if isinstance(at_once, str) else at_once
    once = ["\n".join(steps) for steps in chains] if whole is None else list(whole)
    if not chains or any(isinstance(steps, str) or len(steps) < 2 for steps in chains):
        raise InvalidRequestError(say("experiments.few_steps", value=quoted(edits)))
    if len(once) != len(chains):
        raise InvalidRequestError(say("experiments.not_as_many", edits=len(chains), prompts=len(once)))
    rows = [
        {"image": image, "prompt": prompt, "edit": f"{label} · {number}", "way": way}
        for label, image in _named(images)
        for number, (steps, together) in enumerate(zip(chains, once, strict=True), 1)
        for way, prompt in (("steps", list(steps)), ("at once", together))
    ]
    plan = _plan(rows, models=model, takes=takes, session=session)
    return Experiment("steps", plan, Question("way", "edit", "last"), against="input")


def wires(
    images: Any,
    prompts: Texts,
    *,
    wires: Sequence[WireName] = ("gemini", "openai", "images"),
    model: ModelName | None = None,
    takes: int = 1,
    session: Session | None = None,
) -> Experiment:
    """The native interface, the chat one or the Images API: does it matter which way a model is asked?

    What an interface doesn't carry (a model, a size) stands in the plan as its error, free.
    """
    plan = _plan(images, prompts, wires=list(wires), models=model, takes=takes, session=session)
    return Experiment("wires", plan, Question("wire"))


def models(
    images: Any,
    prompts: Texts,
    *,
    models: Sequence[ModelName] | Mapping[str, ModelName] = ("nano-banana-pro", "nano-banana"),
    takes: int = 1,
    session: Session | None = None,
) -> Experiment:
    """Pro or Flash, or any other models: what do the dearer ones do otherwise?"""
    return Experiment(
        "models", _plan(images, prompts, models=models, takes=takes, session=session), Question("model")
    )


def sizes(
    images: Any,
    prompts: Texts,
    *,
    sizes: Sequence[Size] = ("1K", "2K", "4K"),
    model: ModelName | None = None,
    takes: int = 1,
    session: Session | None = None,
) -> Experiment:
    """1K, 2K or 4K: is the larger picture the same edit, and what does it cost?"""
    plan = _plan(images, prompts, image_sizes=list(sizes), models=model, takes=takes, session=session)
    return Experiment("sizes", plan, Question("image_size"))


def prompts(
    images: Any,
    wordings: Mapping[str, Wording],
    *,
    model: ModelName | None = None,
    takes: int = 1,
    session: Session | None = None,
) -> Experiment:
    """Wording A or B, of one edit or of several: which does what was meant?

    Args:
        images: pictures, as for ``nb.compare``.
        wordings: ``{"A": "make it night", "B": "night falls"}``, or as many prompts for each, of the same
            edits in the same order.
        model, takes, session: as for ``nb.compare``.

    Raises:
        InvalidRequestError: there are fewer than two wordings, or not as many prompts of each.
    """
    said = {name: [one] if isinstance(one, str) else list(one) for name, one in wordings.items()}
    if len(said) < 2:
        raise InvalidRequestError(say("experiments.one_wording"))
    if len({len(each) for each in said.values()}) > 1:
        counts = ", ".join(f"{name} {len(each)}" for name, each in said.items())
        raise InvalidRequestError(say("experiments.uneven", counts=counts))
    rows = [
        {"image": image, "prompt": each[number], "edit": f"{label} · {number + 1}", "wording": name}
        for label, image in _named(images)
        for number in range(len(next(iter(said.values()))))
        for name, each in said.items()
    ]
    plan = _plan(rows, models=model, takes=takes, session=session)
    return Experiment("prompts", plan, Question("wording", "edit"))


def masks(
    images: Any,
    prompts: Texts,
    mask: Any,
    *,
    model: ModelName | None = None,
    takes: int = 1,
    session: Session | None = None,
) -> Experiment:
    """With and without a mask: how much changes outside of it?

    All results are measured against the mask, also those that were asked without it.

    Args:
        images, prompts, model, takes, session: as for ``nb.compare``.
        mask: a region or a picture, as for ``nb.edit``.
    """
    rows = [
        {"image": image, "prompt": prompt, "region": way, "mask": given}
        for _, image in _named(images)
        for _, prompt in choices(prompts, "prompts")
        for way, given in (("masked", mask), ("unmasked", None))
    ]
    plan = _plan(rows, models=model, takes=takes, session=session)
    return Experiment("masks", plan, Question("region"), mask=mask)


def _plan(images: Any, prompts: Any = None, **how: Any) -> Comparison:
    made: Comparison = view("compare")(images, prompts, **how)
    return made


def _named(images: Any) -> Iterator[tuple[str, Any]]:
    """Each picture with what tells its edits from those of others."""
    for place, (name, image) in enumerate(pictures(images), 1):
        file = Path(image).name if isinstance(image, (str, Path)) else ""
        yield name or f"{place} {file}".strip(), image


class Experiments:
    """Questions about image models, each as one call that plans the answer; ``run()`` sends."""

    Experiment: Final = Experiment
    steps_or_at_once = staticmethod(steps_or_at_once)
    wires, models, sizes = staticmethod(wires), staticmethod(models), staticmethod(sizes)
    prompts, masks = staticmethod(prompts), staticmethod(masks)

    def __repr__(self) -> str:
        known = ("steps_or_at_once", "wires", "models", "sizes", "prompts", "masks")
        first = {one: str(getattr(self, one).__doc__).splitlines()[0] for one in known}
        return "\n".join(f"nb.experiments.{one}: {line}" for one, line in first.items())


experiments: Final = Experiments()
