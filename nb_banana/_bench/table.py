"""The benchmarks there are, by the name they are loaded by."""

from __future__ import annotations

from typing import Final

from .gedit import GEDIT
from .gedit_v2 import GEDIT_V2
from .imgedit import IMGEDIT, IMGEDIT_UGE
from .kris import KRIS
from .layout import Layout
from .magicbrush import MAGICBRUSH
from .multiturn import MULTITURN
from .pie import PIE
from .rise import RISE
from .rows import CSV
from .ti2i import TI2I

_ALL: Final = (
    *(GEDIT, GEDIT_V2, IMGEDIT, IMGEDIT_UGE, MULTITURN),
    *(RISE, KRIS, MAGICBRUSH, PIE, TI2I, CSV),
)
LAYOUTS: Final[dict[str, Layout]] = {one.name: one for one in _ALL}
