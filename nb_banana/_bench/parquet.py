"""A benchmark that comes as Parquet or Arrow, unpacked into the folder that the adapters read."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from .._images.data import ImageData
from .._images.saving import write_whole
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from .files import key_of, odd

_PICTURES: Final = ("input_image", "source_image", "image")
"""The input, by the name of its column; the first there is."""
_OF_PNG: Final = frozenset({"1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA"})
"""Modes of pixels that a PNG holds as they are."""
_BATCH: Final = 16
"""Rows in memory at once: a row has a picture or two."""


def unpack(copy: Path, into: Path) -> int:
    """Write ``info.jsonl`` and ``<key>_SRCIMG.png`` of every row; gives how many.

    Raises:
        InvalidRequestError: pyarrow is missing, a file is none of these, or the folder holds a list already.
    """
    files = [copy] if copy.is_file() else sorted([*copy.rglob("*.parquet"), *copy.rglob("*.arrow")])
    if not files:
        raise odd(copy, say("bench.none_of", names="*.parquet, *.arrow"), say("bench.take_its_file"))
    if (into / "info.jsonl").exists():
        raise odd(into, say("bench.unpacked_before"), say("bench.unpacked_before_then"))
    into.mkdir(parents=True, exist_ok=True)
    written: dict[str, bytes] = {}
    lines = [_written(row, number, into, written) for number, row in enumerate(_rows(files), 1)]
    write_whole(into / "info.jsonl", "".join(lines).encode())
    return len(lines)


def _rows(files: list[Path]) -> Iterator[Mapping[str, Any]]:
    try:
        arrow: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
        ipc: Any = import_module("pyarrow.ipc")
    except ImportError:
        hint = "pip install 'nb_banana[research]'"
        raise InvalidRequestError(say("report.no_pyarrow"), hint=hint) from None
    for file in files:
        try:
            if file.suffix == ".parquet":
                batches = parquet.ParquetFile(file).iter_batches(_BATCH)
            else:
                batches = iter(ipc.open_stream(arrow.memory_map(str(file))))
            for batch in batches:
                for part in range(0, batch.num_rows, _BATCH):
                    yield from batch.slice(part, _BATCH).to_pylist()
        except (arrow.ArrowException, OSError) as reason:
            told = str(reason).splitlines()[0][:120]
            raise odd(file, say("bench.bad_yaml", reason=told), say("bench.take_its_file")) from None


def _written(row: Mapping[str, Any], number: int, into: Path, written: dict[str, bytes]) -> str:
    """Write a row's picture; gives its line of the list. ``written`` are the pictures so far, as digests."""
    key = key_of(row, ("key", "idx"), number, into, say("bench.take_its_file"))
    name = next((one for one in _PICTURES if isinstance(row.get(one), Mapping)), None)
    data = row[name].get("bytes") if name else None
    if not isinstance(data, bytes):
        raise odd(into, say("bench.no_picture", key=key), say("bench.take_its_file"))
    digest = hashlib.sha256(data).digest()
    if written.setdefault(key, digest) != digest:  # rows of one key in two languages have one picture
        raise odd(into, say("bench.twice", key=key), say("bench.take_its_file"))
    write_whole(into / f"{key}_SRCIMG.png", _png(data, key, into))
    kept = {name: one for name, one in row.items() if not isinstance(one, (Mapping, bytes))}
    return json.dumps({**kept, "key": key}, ensure_ascii=False, default=str) + "\n"


def _png(data: bytes, key: str, into: Path) -> bytes:
    """The picture as PNG, its pixels as they are; a PNG byte for byte."""
    try:
        read = ImageData.from_bytes(data, name=key)
        if read.mime_type == "image/png":
            return data
        out = io.BytesIO()
        picture = read.to_pil()  # upright: the tag that turns it goes
        (picture if picture.mode in _OF_PNG else picture.convert("RGB")).save(out, "PNG")
        return out.getvalue()
    except (NanoBananaError, OSError) as reason:
        why = say("bench.bad_picture", key=key, reason=reason)
        raise odd(into, why, say("bench.take_its_file")) from None
