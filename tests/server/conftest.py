"""A real Jupyter server per file of tests, asked over HTTP as a page asks it."""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Answer:
    """What came over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Jupyter:
    """A server that shows `root`, with the extension enabled as an installation does it."""

    home: Path
    options: tuple[str, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    port: int = 0
    prefix: str = ""
    pid: int = 0

    @property
    def root(self) -> Path:
        return self.home / "root"

    def environment(self) -> dict[str, str]:
        """Jupyter's folders below `home`; the config folder is laid out as the wheel lays it out."""
        named = {"JUPYTER_CONFIG_DIR": "own", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run"}
        enabled = self.home / "own" / "jupyter_server_config.d"
        enabled.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "jupyter-config" / "nb_banana.json", enabled)
        paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        return {**os.environ, "PYTHONPATH": paths, **{name: str(self.home / folder) for name, folder in named.items()}}

    def start(self) -> subprocess.Popen[bytes]:
        self.prefix = next((one.partition("=")[2].rstrip("/") for one in self.options if "base_url" in one), "")
        self.root.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={self.root}", *self.options,
        ]
        with (self.home / "server.log").open("wb") as log:
            process = subprocess.Popen(command, env=self.environment(), cwd=self.home, stdout=log, stderr=log,
                                       preexec_fn=_die_with_parent if sys.platform == "linux" else None)  # noqa: PLW1509 - one prctl, no locks
        self.pid = process.pid
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError):
                if self.get("/api/status").status == 200:
                    return process
            time.sleep(0.1)
        raise RuntimeError((self.home / "server.log").read_text(errors="replace"))

    def get(self, path: str, *, method: str = "GET", token: bool = True, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        """Ask; no redirect is followed. A value that is bytes goes into the address as it is."""
        words = "&".join(f"{name}={value.decode('latin-1') if isinstance(value, bytes) else urllib.parse.quote(str(value), safe='')}"
                         for name, value in query.items())
        own = {"Authorization": f"token {self.token}"} if token else {}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, self.prefix + (f"{path}?{words}" if words else path), headers={**own, **(headers or {})})
            reply = connection.getresponse()
            return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def history(self, folder: str = "", **query: Any) -> Answer:
        return self.get("/nb-banana/history", folder=folder, **query)

    def image(self, sha: Any, folder: Any = "", **query: Any) -> Answer:
        return self.get("/nb-banana/image", folder=folder, sha=sha, **query)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Starts servers, and ends them."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> Jupyter:
        one = Jupyter(tmp_path_factory.mktemp("jupyter"), options)
        running.append(one.start())
        return one

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


@pytest.fixture(scope="module")
def jupyter(serve: Any) -> Jupyter:
    """One server for all tests of a file; each test has a folder of its own in its root."""
    server: Jupyter = serve()
    return server
