"""A chain as the Python that makes it again, and several steps as one instruction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .._fetch.urls import signed
from .._images.data import ImageData
from .._lineage import Step
from .._result import EditResult, place_of, typed

_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


def to_python(start: ImageData, steps: Sequence[Step], results: Sequence[EditResult]) -> str:
    """The Python that makes a chain's pictures again; it holds no base64 and no key.

    A step whose own picture is not the first of its inputs is an edit by itself, and a chain goes on from it.
    """
    kept = {image.sha256: image for one in results for image in one.request.images if image.path}

    def place(image: ImageData) -> str:
        # A name alone may be that of another file here: what was sent is in the history under its own.
        named = image.path or (image.source and not signed(image.source))
        return place_of(image if named else kept.get(image.sha256, image))

    lines = ["import nb_banana as nb", "", f"chain = nb.chain({place(start)!r})"]
    own = repr(place(start))
    for step, result in zip(steps, results, strict=True):
        images = [repr(place(image)) for image in step.images]
        context = step.context if step.context != "refeed" else None
        take = step.take if step.take != 1 else None
        given = {"context": context, **typed(step.request, result.request.mask), "take": take}
        options = "".join(f", {name}={value!r}" for name, value in given.items() if value is not None)
        if step.at:  # its own picture is not the first: a chain puts it there
            inputs = ", ".join([*images[: step.at], own, *images[step.at :]])
            lines.append(f"chain = nb.chain(nb.edit([{inputs}], {step.prompt!r}{options}))")
        else:
            further = f", images=[{', '.join(images)}]" if images else ""
            lines.append(f"chain = chain.edit({step.prompt!r}{further}{options})")
        own = "chain.result"
    return "\n".join(lines) + "\n"


def one_instruction(steps: Sequence[Step], pictures: Sequence[ImageData]) -> str:
    """The instructions of several steps as one, in the language they are mostly written in.

    Args:
        steps: what is merged.
        pictures: what goes along, after the chain's own picture.
    """
    if len(steps) == 1 and not steps[0].at:
        return steps[0].prompt.strip()
    chinese = sum(bool(_CHINESE.search(step.prompt)) for step in steps) * 2 > len(steps)
    # Addressed to the model, not to a person: the language is the prompts' own, not the page's.
    english = "Make all of these changes, in this order, in one edit:"
    head = "请在一次编辑中依次完成以下修改：" if chinese else english
    hashes = [image.sha256 for image in pictures]
    lines = [
        f"{number}. {_renumbered(step, hashes, chinese=chinese)}{step.prompt.strip()}"
        for number, step in enumerate(steps, 1)
    ]
    return "\n".join([head, *lines])


def _renumbered(step: Step, hashes: Sequence[str], *, chinese: bool) -> str:
    """What the pictures that a step counts are among all that go along; ``""`` where they are the same."""
    places = [hashes.index(image.sha256) + 2 for image in step.images]
    places.insert(step.at, 1)
    moved = [(was, now) for was, now in enumerate(places, 1) if was != now]
    if not moved:
        return ""
    if chinese:
        return f"（这一步里{'，'.join(f'图{was}指所给的第{now}张图' for was, now in moved)}）"
    named = ", ".join(f"picture {was} means picture {now} of those given" for was, now in moved)
    return f"(In this step {named}.) "
