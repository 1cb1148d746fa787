"""TI2I (ImageNet-R-TI2I, Wild-TI2I): pictures with descriptions of what they should become.

There is no script with fixed names of results: they are written as ``<key>.png`` in one flat folder, and a
table with a column ``key`` is read back. Its prompts describe a picture ("a photo of a husky") and are no
instructions; that is said, and nothing is put before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from .._strings import say
from .files import fields, odd, text_of
from .layout import Layout
from .rows import means, scores
from .values import Finding, Item, Place

_LISTS: Final = ("*.yaml", "*.yml")


def _items(folder: Path) -> Iterator[Item]:
    """Each picture with each of its descriptions; an entry without a picture's name is none."""
    listed = _listed(folder)
    for place, row in enumerate(_rows(listed), 1):
        if not row.get("init_img"):
            continue  # said of the copy
        picture = _found(folder, str(row["init_img"]))
        kind, stem = picture.parent.name.lower(), picture.stem
        for number, words in enumerate(row["target_prompts"]):
            yield Item(
                f"{kind}-{stem}_{number}", f"{kind}-{stem}_{number}", (str(words),), (picture,), kind,
                facts={"entry": place, "source_prompt": str(row.get("source_prompt") or "")},
            )  # fmt: skip


def _listed(folder: Path) -> Path:
    lists = [folder] if folder.is_file() else [one for kind in _LISTS for one in sorted(folder.glob(kind))]
    if len(lists) != 1:
        key = "several_of" if lists else "none_of"
        raise odd(folder, say(f"bench.{key}", names=", ".join(_LISTS)), say("bench.take_its_file"))
    return lists[0]


def _rows(listed: Path) -> list[Mapping[str, Any]]:
    """The entries of the list.

    Raises:
        InvalidRequestError: pyyaml is missing, or it is no such list.
    """
    try:
        yaml: Any = import_module("yaml")
    except ImportError:
        raise odd(listed, say("bench.no_yaml"), "pip install 'nb_banana[research]'") from None
    try:
        found = yaml.safe_load(text_of(listed, say("bench.take_its_file")))
    except yaml.YAMLError as reason:
        told = str(reason).splitlines()[0]
        raise odd(listed, say("bench.bad_yaml", reason=told), say("bench.take_its_file")) from None
    if not isinstance(found, list):
        kind = type(found).__name__
        raise odd(listed, say("bench.no_object", key=listed.name, kind=kind), say("bench.take_its_file"))
    rows = [fields(row, ("target_prompts",), listed, f"#{place}") for place, row in enumerate(found, 1)]
    for place, row in enumerate(rows, 1):
        if not isinstance(row["target_prompts"], list):
            raise odd(listed, say("bench.ti2i_prompts", key=f"#{place}"), say("bench.take_its_file"))
    return rows


def _found(folder: Path, named: str) -> Path:
    """A picture by the end of its path: the list begins with another folder, and in other letters."""
    home = folder if folder.is_dir() else folder.parent
    parts = [one for one in named.replace("\\", "/").split("/") if one not in ("", ".", "..")]
    for at in range(len(parts)):
        place = home
        for part in parts[at:]:
            held = sorted(place.iterdir()) if place.is_dir() else []
            near = [one for one in held if one.name.lower() == part.lower()]
            place = next((one for one in near if one.name == part), near[0] if near else place / part)
        if place.is_file():
            return place
    return home.joinpath(*parts)  # missing: the copy's check says so


def _about(folder: Path, items: Sequence[Item]) -> Iterator[Finding]:
    """Entries that name no picture, and that prompts are no instructions."""
    listed = _listed(folder)
    nameless = [place for place, row in enumerate(_rows(listed), 1) if not row.get("init_img")]
    if nameless:
        places = ", ".join(f"#{place}" for place in nameless)
        yield Finding("skipped", str(listed), say("bench.ti2i_nameless", places=places), "ti2i-nameless")
    yield Finding("misleading", str(listed), say("bench.ti2i_descriptions"), "ti2i-descriptions")


def _places(item: Item) -> tuple[Place, ...]:
    return (Place(f"{item.key}.png"),)


TI2I: Final = Layout(
    "ti2i",
    "ImageNet-R-TI2I / Wild-TI2I",
    "pnp-diffusion TI2I benchmarks, lists as others read them, 2026-11-27",
    "no licence file",
    _items,
    _places,
    scores,
    means,
    about=_about,
)
