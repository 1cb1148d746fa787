"""Kernels of the tests speak through sockets of the file system: two programs at once can be given one free port."""

from __future__ import annotations

import itertools
import os
import tempfile

from jupyter_client import KernelManager
from traitlets.config import Config

_SOCKETS = tempfile.TemporaryDirectory(prefix="nbb-", ignore_cleanup_errors=True)  # a socket's path is a short one
_NUMBERS = itertools.count()


def local() -> Config:
    """For what starts a kernel by itself, as `nbclient.NotebookClient(…, config=local())`."""
    own = {"transport": "ipc", "ip": f"{_SOCKETS.name}/{next(_NUMBERS)}"}
    return Config({"KernelManager": {} if os.name == "nt" else own})


def manager() -> KernelManager:
    """What starts one kernel."""
    return KernelManager(kernel_name="python3", config=local())
