"""Where a picture comes from, written into the picture's own metadata.

Rules of the room:

* Not one pixel is encoded again: a part is added to the file, the others stay byte for byte.
* PNG carries an ``iTXt`` chunk named ``nb_banana``; JPEG and WebP an XMP packet whose
  ``nb_banana:provenance`` holds the same JSON. Both are UTF-8 and survive what keeps metadata.
* A C2PA manifest signs the file's bytes and would break, as would a signature we can't see in other
  formats: then the JSON lies beside the picture as ``<name>.json``, and the reason is in it. Files come to
  lie beside others: it speaks of the picture whose sha256 is in it, and takes no other file's place.
"""

from __future__ import annotations

import html
import json
import os
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from ._files import read_regular
from ._images.containers import parts
from ._images.data import ImageData
from ._images.saving import write_whole
from ._images.sources import as_image, path_given
from ._strings import say
from .errors import InvalidRequestError

KEYWORD: Final = "nb_banana"
_NAMESPACE: Final = "urn:nb_banana:provenance"
_XMP_HEAD: Final = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_ROOM: Final = 65_533 - len(_XMP_HEAD)
_LONGEST: Final = 4_000_000
_XMP_ROOT: Final = re.compile(rb"<(?:\w+:)?(?:xmpmeta|RDF)\b")
_NOT_IN_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""No XML may hold these; JSON has an escape for each."""
# The parts a C2PA manifest lives in.
_SIGNED: Final = {"image/png": (b"caBX",), "image/jpeg": (b"\xeb",), "image/webp": (b"C2PA",)}


def embed(image: ImageData, facts: Mapping[str, Any]) -> tuple[bytes, str]:
    """The picture's bytes with ``facts`` inside, or the bytes as they are and the reason why not."""
    data, mime = image.data, image.mime_type
    try:
        found = list(parts(data, mime))
    except (ValueError, KeyError):
        found = []
    if mime not in _SIGNED or not found:
        return data, say("provenance.no_place", type=mime)
    if any(kind.startswith(signed) for kind, _, _ in found for signed in _SIGNED[mime]):
        return data, say("provenance.signed")
    text = _written(facts, sort_keys=True)
    if mime == "image/png":
        return _png(data, found, text), ""
    packet = _packet(text)
    if mime == "image/jpeg":
        if len(packet) > _JPEG_ROOM:
            return data, say("provenance.too_long")
        return _jpeg(data, found, packet), ""
    return _webp(data, found, packet, image), ""


def save(image: ImageData, facts: Mapping[str, Any], path: str | os.PathLike[str] | None) -> Path:
    """Write the picture with its provenance inside, or beside it where inside would do harm."""
    data, why_not = embed(image, facts)
    written = image.but(data=data).save(path)
    if why_not:
        beside = _sidecar(written)
        if os.path.lexists(beside) and _parsed(_text_of(beside)) is None:
            raise InvalidRequestError(say("provenance.taken", path=written, beside=beside.name))
        told = {**facts, "sha256": image.sha256, "sidecar_because": why_not}
        write_whole(beside, _written(told, indent=1).encode())
    return written


def read(source: Any) -> dict[str, Any]:
    """What :func:`save` wrote: from the picture itself, else from the file beside it.

    Raises:
        InvalidImageError: the picture can't be read.
        InvalidRequestError: it carries no provenance of ours.
    """
    image = as_image(source)
    facts = _inside(image)
    if facts is None and isinstance(source, (str, os.PathLike)):
        beside = _parsed(_text_of(_sidecar(path_given(source)))) or {}
        facts = beside if beside.get("sha256") == image.sha256 else None
    if facts is None:
        raise InvalidRequestError(say("provenance.none", name=image.name or image.sha256[:12]))
    return facts


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _text_of(path: Path) -> str:
    try:
        return read_regular(path, _LONGEST, links=False).decode()
    except (OSError, ValueError):
        return ""


def _inside(image: ImageData) -> dict[str, Any] | None:
    data = image.data
    try:
        for kind, start, stop in parts(data, image.mime_type):
            if kind == b"iTXt":
                head, _, text = data[start + 8 : stop - 4].partition(b"\0\0\0\0\0")
                if head == KEYWORD.encode():
                    return _parsed(text.decode("utf-8", "replace"))
            elif kind == b"XMP " or kind.startswith(b"\xe1http://ns."):
                found = _in_packet(data[start:stop])
                if found:
                    return _parsed(found)
    except (ValueError, KeyError):
        return None
    return None


def _in_packet(part: bytes) -> str:
    """Our JSON in an XMP packet: as an attribute, or as the element other tools make of it; else ``""``.

    The root element alone is parsed: a document type, and with it any entity of one's own, stays outside.
    """
    opening = _XMP_ROOT.search(part)
    if opening is None or len(part) > _LONGEST:
        return ""
    closing = b"</" + opening[0][1:] + b">"
    try:
        root = ElementTree.fromstring(part[opening.start() : part.rfind(closing) + len(closing)])
    except ElementTree.ParseError:
        return ""
    name = f"{{{_NAMESPACE}}}provenance"
    found = (node.get(name) or (node.text if node.tag == name else "") for node in root.iter())
    return next(filter(None, found), "")


def _written(facts: Mapping[str, Any], **options: Any) -> str:
    return _NOT_IN_XML.sub(_escaped, json.dumps(dict(facts), ensure_ascii=False, **options))


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        facts = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) and facts.get("tool") == KEYWORD else None


def _packet(text: str) -> bytes:
    quoted = html.escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:nb_banana="{_NAMESPACE}" nb_banana:provenance="{quoted}"/></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="r"?>'
    ).encode()


def _png(data: bytes, found: list[tuple[bytes, int, int]], text: str) -> bytes:
    """An ``iTXt`` chunk before the end; an older one of ours goes."""
    body = b"iTXt" + KEYWORD.encode() + b"\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    kept = [
        data[start:stop]
        for kind, start, stop in found
        if not (kind == b"iTXt" and data[start + 8 :].startswith(KEYWORD.encode() + b"\0"))
    ]
    return b"".join([*kept[:-1], chunk, kept[-1], data[found[-1][2] :]])


def _jpeg(data: bytes, found: list[tuple[bytes, int, int]], packet: bytes) -> bytes:
    """An XMP segment after the file's own header segments; another XMP packet gives way."""
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(_XMP_HEAD) + len(packet)) + _XMP_HEAD + packet
    heads = [(k, a, b) for k, a, b in found if k[:1] in (b"\xd8", b"\xe0")]
    rest = [(k, a, b) for k, a, b in found if (k, a, b) not in heads and not k.startswith(b"\xe1http://ns.")]
    pieces = [data[a:b] for _, a, b in heads] + [segment] + [data[a:b] for _, a, b in rest]
    return b"".join([*pieces, data[found[-1][2] :]])


def _webp(data: bytes, found: list[tuple[bytes, int, int]], packet: bytes, image: ImageData) -> bytes:
    """An XMP chunk at the end; the extended header that announces it is added where it is missing."""
    body = [(kind, data[start:stop]) for kind, start, stop in found[1:] if kind != b"XMP "]
    if body[0][0] != b"VP8X":
        alpha = 0x10 if body[0][0] == b"VP8L" and body[0][1][12] & 0x10 else 0
        size = (image.width - 1).to_bytes(3, "little") + (image.height - 1).to_bytes(3, "little")
        body.insert(0, (b"VP8X", b"VP8X" + struct.pack("<I", 10) + bytes([alpha, 0, 0, 0]) + size))
    head = bytearray(body[0][1])
    head[8] |= 0x04
    chunks = [bytes(head), *(chunk for _, chunk in body[1:])]
    chunks.append(b"XMP " + struct.pack("<I", len(packet)) + packet)
    whole = b"WEBP" + b"".join(chunk + b"\0" * (len(chunk) % 2) for chunk in chunks)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


__all__ = ["embed", "read", "save"]
