"""Kernels of the tests: they speak through sockets of the file system, for two programs at once can be given one free port,
and what runs a notebook in one misses no reply."""

from __future__ import annotations

import itertools
import os
import tempfile
from typing import Any

import nbclient
import zmq
from jupyter_client import KernelManager
from nbformat import NotebookNode
from traitlets.config import Config

_SOCKETS = tempfile.TemporaryDirectory(prefix="nbb-", ignore_cleanup_errors=True)  # a socket's path is a short one
_NUMBERS = itertools.count()


def local() -> Config:
    """For what starts a kernel by itself."""
    own = {"transport": "ipc", "ip": f"{_SOCKETS.name}/{next(_NUMBERS)}"}
    return Config({"KernelManager": {} if os.name == "nt" else own})


def manager() -> KernelManager:
    """What starts one kernel."""
    return KernelManager(kernel_name="python3", config=local())


class Notebook(nbclient.NotebookClient):
    """Runs a notebook in a kernel of its own.

    What nbclient answers a widget while a cell runs, it sends past the event loop: with it goes the sign that the reply to
    the cell has come, and the cell waits to the end of its time, two minutes, for what is there. Asked for, the sign is given again.
    """

    def __init__(self, book: NotebookNode, **how: Any) -> None:
        super().__init__(book, kernel_name="python3", config=local(), **how)

    def process_message(self, *given: Any) -> NotebookNode | None:
        """Take what a cell showed."""
        shown = super().process_message(*given)
        self.kc.shell_channel.socket.get(zmq.EVENTS)
        return shown
