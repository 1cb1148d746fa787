"""A notebook's pictures: where they are, how they are written, and what else of it is heavy."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from .._images.containers import mime_of
from .._strings import say
from .spans import Change, Span, Table, Words, added, key_before, parsed, taken

SMALLER: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""What can be made smaller."""
HEAVY: Final = 20_000
"""From how many characters on what is left alone is worth a word."""
_LEAST, _LEAST_SIZED = 1_000, 480
"""The longest edge that is not scaled below: of what would be shown smaller then, and of what would not."""
_STATE: Final = "application/vnd.jupyter.widget-state+json"
_URL: Final = re.compile(r"data:(image/[\w.+-]+);base64,")
_EMBEDDED: Final = re.compile(r"data:image/")


@dataclass(frozen=True)
class Picture:
    """One picture of a notebook.

    Attributes:
        where: how a person finds it.
        span: where its literal stands, or its literals where it is a list of lines.
        literal: that text.
        words: its bytes as base64, as they are written.
        mime: what it is said to be.
        key: where its type is written, and how: what a new type is written into.
        sized: the object that may say how large it is shown, and the entry that would; None where it is said.
        tables: the objects that may say it.
        mends: where its type is written once more.
        free: whether its type may change, for all who name it are known.
        least: the longest edge it is not scaled below.
        place: which one it is of those that a person finds there.
    """

    where: str
    span: Span
    literal: str
    words: str
    mime: str
    key: Span | None = None
    typed: str = '"{mime}"'
    sized: tuple[Table, str] | None = None
    tables: tuple[Table, ...] = ()
    mends: Span | None = None
    free: bool = True
    least: int = _LEAST
    prefix: str = ""
    place: str = "1"

    @cached_property
    def data(self) -> bytes:
        """Its bytes."""
        return base64.b64decode(self.words)

    @cached_property
    def sha256(self) -> str:
        """Their hash."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Left:
    """What is heavy and stays as it is."""

    where: str
    what: str
    size: int


@dataclass
class Notebook:
    """The text of a notebook and what was found in it."""

    text: str
    pictures: list[Picture] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def read(text: str) -> Notebook:
    """Find the pictures of a notebook.

    Raises:
        ValueError: it is no JSON, or no notebook; the sentence says which.
    """
    try:
        tree = parsed(text)
    except RecursionError:
        raise ValueError(say("slim.too_deep")) from None
    if not isinstance(tree, dict) or not isinstance(tree.get("cells"), list):
        old = isinstance(tree, dict) and "worksheets" in tree
        raise ValueError(say("slim.old_format" if old else "slim.no_notebook"))  # noqa: TRY004 - of a text
    book = Notebook(text)
    for number, cell in enumerate(tree["cells"], 1):
        if isinstance(cell, dict):
            _cell(book, say("slim.cell", number=number), cell)
    metadata = tree.get("metadata")
    widgets = metadata.get("widgets") if isinstance(metadata, dict) else None
    state = widgets.get(_STATE) if isinstance(widgets, dict) else None
    models = state.get("state") if isinstance(state, dict) else None
    for model in (models or {}).values() if isinstance(models, dict) else ():
        if isinstance(model, dict):
            _model(book, model)
    return book


def _cell(book: Notebook, where: str, cell: Mapping[str, Any]) -> None:
    for output in _tables(cell.get("outputs")):
        if isinstance(output.get("data"), dict):
            metadata = output.get("metadata")
            _bundle(book, where, output["data"], metadata if isinstance(metadata, Table) else None)
    attachments = cell.get("attachments")
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(bundle, dict):
            _bundle(book, say("slim.attachment", cell=where, name=name), bundle, None)


def _tables(values: Any) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in values if isinstance(one, dict)) if isinstance(values, list) else ()


def _bundle(
    book: Notebook, where: str, bundle: Mapping[str, Any], metadata: Table | None
) -> None:
    """The pictures of one output or attachment, by their types."""
    for mime, value in bundle.items():
        lines = [value] if isinstance(value, Words) else value
        if not isinstance(lines, list) or not lines or not all(isinstance(one, Words) for one in lines):
            continue
        words = "".join(lines)
        if mime not in SMALLER:
            _weigh(book, where, mime, words)
            continue
        span = (lines[0].span[0], lines[-1].span[1])
        value_at = span if lines[0] is value else (book.text.rfind("[", 0, span[0]), span[1])
        key = key_before(book.text, value_at, mime)
        about = metadata.get(mime) if metadata is not None else None
        mends = None
        if isinstance(about, Table):
            mends = key_before(book.text, about.span, mime)
        free = key is not None and (about is None or mends is not None) and not _others(bundle, mime)
        tables = tuple(one for one in (metadata, about) if isinstance(one, Table))
        _add(book, Picture(
            where, span, book.text[span[0]:span[1]], words, mime, key, sized=_sized(metadata, about),
            tables=tables, mends=mends, free=free,
            least=_LEAST if metadata is None else _LEAST_SIZED,
        ))  # fmt: skip


def _others(bundle: Mapping[str, Any], mime: str) -> bool:
    """Whether the same bundle holds other pictures: two of one type can't be in it."""
    return any(other != mime and other in SMALLER for other in bundle)


def _sized(metadata: Table | None, about: Any) -> tuple[Table, str] | None:
    """Where it may be said how large a picture is shown; None where it is said, or can't be."""
    if isinstance(about, Table):
        said = "width" in about or "height" in about
        return None if said else (about, '"width": {width}, "height": {height}')
    if metadata is None or about is not None:
        return None
    return metadata, '"{mime}": {{"width": {width}, "height": {height}}}'


def _weigh(book: Notebook, where: str, mime: str, words: str) -> None:
    """What is heavy and no picture of ours: drawings, pages with pictures in them."""
    embedded = _EMBEDDED.search(words) is not None
    if len(words) >= HEAVY and (mime.startswith("image/") or embedded or mime == "text/html"):
        what = say("slim.with_pictures", mime=mime) if embedded else mime
        book.left.append(Left(where, what, len(words)))


def _model(book: Notebook, model: Mapping[str, Any]) -> None:
    """The pictures of one widget: its buffers, and the addresses in its state that hold one."""
    state, name = model.get("state"), model.get("model_name")
    where = say("slim.widget", name=name if isinstance(name, str) else "?")
    for buffer in _tables(model.get("buffers")):
        data = buffer.get("data")
        if isinstance(data, Words) and buffer.get("encoding") == "base64":
            _buffer(book, where, data, state, image=name == "ImageModel" and buffer.get("path") == ["value"])
    for value in state.values() if isinstance(state, dict) else ():
        if not isinstance(value, Words) or not (found := _URL.match(value)):
            if isinstance(value, Words):
                _weigh(book, where, "text/plain", value)
            continue
        start, end = value.span
        literal = book.text[start:end]
        if literal == json.dumps(str(value)) and found[1] in SMALLER:
            words = value[found.end() :]
            _add(book, Picture(where, value.span, literal, words, found[1], prefix="data:{mime};base64,"))


def _buffer(book: Notebook, where: str, data: Words, state: Any, *, image: bool) -> None:
    head = _decoded(data[:64])
    mime = mime_of(head) if head else None
    if mime not in SMALLER:
        return
    start, end = data.span
    form = state.get("format") if image and isinstance(state, Table) else None
    key = form.span if isinstance(form, Words) else None
    sized = None
    if image and isinstance(state, Table) and "width" not in state and "height" not in state:
        sized = state, '"width": "{width}", "height": "{height}"'
    _add(book, Picture(
        where, data.span, book.text[start:end], data, mime, key,
        typed='"{format}"', sized=sized, tables=(state,) if isinstance(state, Table) else (),
        free=key is not None, least=_LEAST_SIZED if image else _LEAST,
    ))  # fmt: skip


def _decoded(words: str) -> bytes:
    try:
        return base64.b64decode(words[: len(words) // 4 * 4])
    except (ValueError, binascii.Error):
        return b""


def _add(book: Notebook, picture: Picture) -> None:
    """A picture that can be read; what is said to be one and is none stays as it is."""
    head = _decoded("".join(picture.words[:120].split()))
    if (mime_of(head) if head else None) == picture.mime:
        before = sum(one.where == picture.where for one in book.pictures)
        book.pictures.append(replace(picture, place=str(before + 1)))
    else:
        what = say("slim.not_a_picture", mime=picture.mime)
        book.left.append(Left(picture.where, what, len(picture.words)))


# ── how a picture is written ────────────────────────────────────────────────────────────────────────


def _line(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _lines(data: bytes) -> str:
    return base64.encodebytes(data).decode()


WAYS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "plain": _line,
    "ended": lambda data: _line(data) + "\n",
    "lines": _lines,
    "lines_open": lambda data: _lines(data).rstrip("\n"),
}
"""How bytes are written as base64: in one line, with an end, in lines of 76."""


def way_of(picture: Picture) -> str:
    """The way a picture's literal is written; ``""`` for none of ours."""
    words = picture.words
    inner = "\n" in words.rstrip("\n")
    guess = ("lines" if words.endswith("\n") else "lines_open") if inner else (
        "ended" if words.endswith("\n") else "plain"
    )  # fmt: skip
    return guess if literal_of(picture, picture.data, picture.mime, guess) == picture.literal else ""


def literal_of(picture: Picture, data: bytes, mime: str, way: str) -> str:
    """Bytes as the literal that takes the place of a picture's."""
    return json.dumps(picture.prefix.format(mime=mime) + WAYS[way](data))


def changes(picture: Picture, literal: str, mime: str) -> Iterator[Change]:
    """What makes a picture another one of this type."""
    yield Change(*picture.span, literal)
    if mime == picture.mime:
        return
    if picture.key is not None:
        form = mime.removeprefix("image/")
        yield Change(*picture.key, picture.typed.format(mime=mime, format=form))
    if picture.mends is not None:
        yield Change(*picture.mends, f'"{mime}"')


def sizing(picture: Picture, text: str, size: tuple[int, int], mime: str) -> Change | None:
    """What says that a picture is shown at this size, whatever its pixels are."""
    if picture.sized is None:
        return None
    table, entry = picture.sized
    return added(table, entry.format(mime=mime, width=size[0], height=size[1]), text)


def unsizing(picture: Picture, text: str, entry: str) -> Change | None:
    """What takes away an entry that :func:`sizing` added, if it stands as it was written."""
    found = (taken(table, entry, text) for table in picture.tables)
    return next(filter(None, found), None)
