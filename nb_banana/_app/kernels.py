"""The visitors' kernels: whose each is, how many there may be, and when one goes.

Rules of this file:

* A kernel is counted before it starts, so that a flood of requests at once starts no more than one by one.
* A page that went is given time; where an edit is under way, as long as that takes: it is paid for, and its
  picture is to reach the history.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from .._history.till import Till
from .rules import VARIABLE, Rules

VISITOR: Final[ContextVar[tuple[str, str]]] = ContextVar("nb_banana_visitor")
"""Whose page is being made, in which language: set by the server's handler, read where its kernel starts."""
SWEEP: Final = 5.0
_LEFT: Final = 150.0
"""Seconds that a kernel stays without its page, which may be about to come back."""
_COMING: Final = 45.0
"""Seconds that it waits for a page which never came: who only takes places gives them back."""
_IDLE: Final = 3600
_HIDDEN: Final = ("JUPYTERHUB_", "JUPYTER_TOKEN")
"""How that begins which the server may know and no kernel needs."""


class Full(Exception):
    """There is no room for another page; ``whose`` limit it is, and how many that are."""

    def __init__(self, whose: str, count: int) -> None:
        super().__init__(whose)
        self.whose, self.count = whose, count


class Kernels(AsyncMappingKernelManager):
    """Starts a kernel for the visitor whose page is being made, and remembers whose it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.cull_idle_timeout, self.cull_connected, self.cull_interval = _IDLE, True, 60
        self._owners: dict[str, str] = {}
        self._starting: Counter[str] = Counter()
        self._alone: dict[str, float] = {}
        self._met: set[str] = set()

    @property
    def rules(self) -> Rules:
        """The rules of the class."""
        rules: Rules = self.parent.rules
        return rules

    def is_of(self, kernel: str, visitor: str) -> bool:
        """Whether a kernel is there and this visitor's."""
        return kernel in self and self._owners.get(kernel) == visitor

    def of(self, visitor: str) -> list[str]:
        """The kernels of a visitor, the oldest first."""
        return [kernel for kernel in self._owners if self.is_of(kernel, visitor)]

    async def start_kernel(self, *given: Any, **options: Any) -> str:  # type: ignore[override]
        """Start one for the visitor whose page is being made.

        Raises:
            Full: there are as many as there may be.
        """
        visitor, lang = VISITOR.get()
        gone = self._room(visitor)
        self._starting[visitor] += 1
        try:
            if gone:
                await self.shutdown_kernel(gone)
            rules = replace(self.rules, lang=lang)
            options["kernel_id"] = self.new_kernel_id()
            told = rules.told(visitor, options["kernel_id"])
            options["env"] = _environment(options.get("env") or os.environ, rules, visitor, told)
            kernel = str(await super().start_kernel(*given, **options))
            self._owners[kernel] = visitor
        finally:
            self._starting[visitor] -= 1
        return kernel

    def _room(self, visitor: str) -> str:
        """The visitor's kernel that has to go for another, ``""`` for none."""
        rules, own, gone = self.rules, self.of(visitor), ""
        if len(own) + self._starting[visitor] >= rules.pages_each:
            left = [kernel for kernel in own if self._is_alone(kernel)]
            gone = next((kernel for kernel in left if kernel not in self._busy()), "")
        if len(own) + self._starting[visitor] - bool(gone) >= rules.pages_each:
            raise Full("own", rules.pages_each)
        if len(self.list_kernel_ids()) + self._starting.total() - bool(gone) >= rules.pages:
            raise Full("all", rules.pages)
        return gone

    def _is_alone(self, kernel: str) -> bool:
        return kernel in self._alone and not self.kernel_model(kernel)["connections"]

    async def sweep(self) -> None:
        """End the kernels whose page went, or never came."""
        now = time.monotonic()
        self._owners = {kernel: owner for kernel, owner in self._owners.items() if kernel in self}
        for kernel in list(self._owners):
            if self.kernel_model(kernel)["connections"]:
                self._met.add(kernel)
                self._alone.pop(kernel, None)
                continue
            long = now - self._alone.setdefault(kernel, now) > (_LEFT if kernel in self._met else _COMING)
            if long and kernel not in self._busy():
                await self.shutdown_kernel(kernel)
        self._alone = {kernel: since for kernel, since in self._alone.items() if kernel in self._owners}
        self._met &= self._owners.keys()

    async def left(self, kernel: str) -> None:
        """A page says that it goes; what it paid for and has not got yet keeps its kernel."""
        self._alone.setdefault(kernel, time.monotonic())
        if kernel not in self._busy():
            await self.shutdown_kernel(kernel)

    def _busy(self) -> set[str]:
        """The kernels with an edit under way that is paid for."""
        till: Till = self.parent.till
        return till.busy()


def _environment(given: Mapping[str, str], rules: Rules, visitor: str, told: str) -> dict[str, str]:
    """What a kernel is told: whose it is, and nothing that a request could have set in its place."""
    own = {
        VARIABLE: told, "NB_BANANA_HISTORY": str(rules.history(visitor)),
        "NB_BANANA_PRESETS": str(rules.presets(visitor)),
    }  # fmt: skip
    return {name: value for name, value in given.items() if not name.startswith(_HIDDEN)} | own
