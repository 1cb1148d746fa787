"""A saved shape of an answer (``nb-banana doctor --live``) as a body again, with pictures of our own in it.

A file that a person sends becomes a test case so::

    for check in json.loads(path.read_text())["checks"]:
        reply = reply_of(check["answer"]["body"])
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from wire.answers import CUT, PICTURES

from nb_banana._wire.lift import Lifter, Reply

MARKER = re.compile(r"<(key|text|page|signature|base64|link|image/[\w.+-]+) ([\d,]+)(?:×\d+, [^>#]+)?(?: ?#(\d+)( cut)?)?>")
WORDS = "lorem ipsum "


def filled(node: Any) -> Any:
    """The shape with something of ours in the place of each marker."""
    if isinstance(node, dict):
        made = {filled(name): filled(inner) for name, inner in node.items() if name != "…"}
        return json.dumps(made["<json>"]) if "<json>" in made else made
    if isinstance(node, list):
        return [filled(inner) for inner in node if not re.fullmatch(r"<\d+ more>", str(inner))]
    if node in ("<integer>", "<number>"):
        return 1 if node == "<integer>" else 0.5
    return MARKER.sub(one, node) if isinstance(node, str) else node


def one(marker: re.Match[str]) -> str:
    kind, length = marker[1], int(marker[2].replace(",", ""))
    if kind.startswith("image/"):
        return base64.b64encode(CUT if marker[4] else picture(marker)).decode()
    if kind in ("signature", "base64"):
        return base64.b64encode(bytes(length))[:length].decode()
    if kind == "link":
        return f"https://example.com/{marker[3]}.png"
    return (WORDS * (length // len(WORDS) + 1))[:length]


def picture(marker: re.Match[str]) -> bytes:
    """The same of our pictures for the same number."""
    return list(PICTURES.values())[(int(marker[3]) - 1) % len(PICTURES)]


def body_of(shape: Any) -> bytes:
    """The bytes of a reply of this shape."""
    if isinstance(shape, str) and (whole := MARKER.fullmatch(shape)) and whole[1].startswith("image/"):
        return CUT if whole[4] else picture(whole)
    made = filled(shape)
    if isinstance(made, dict) and "<events>" in made:
        return "".join(f"data: {json.dumps(event)}\n\n" for event in made["<events>"]).encode()
    if isinstance(made, dict) and "<documents>" in made:
        return "\n".join(map(json.dumps, made["<documents>"])).encode()
    return made.encode() if isinstance(made, str) else json.dumps(made).encode()


def lifted(body: bytes) -> Reply:
    """A body as the client reads it."""
    lifter = Lifter()
    lifter.feed(body)
    return lifter.finish()


def reply_of(shape: Any) -> Reply:
    """A reply of this shape, as the client reads it."""
    return lifted(body_of(shape))
