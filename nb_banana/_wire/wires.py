"""The table of wires."""

from __future__ import annotations

from typing import Literal

from . import gemini, images, openai
from .base import Wire

WireName = Literal["gemini", "openai", "images"] | str
"""The names below, for an editor to complete; ``Endpoint`` refuses any other."""
WIRES: dict[str, Wire] = {wire.name: wire for wire in (gemini.WIRE, openai.WIRE, images.WIRE)}
