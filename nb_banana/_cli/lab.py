"""``nb-banana lab``: the tutorials, copied and opened in JupyterLab."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NoReturn

from .._strings import language, say
from ..errors import NanoBananaError
from .frame import tell

PACKAGED_NOTEBOOKS: Final = Path(__file__).parent.parent / "_notebooks"
CHECKOUT_NOTEBOOKS: Final = Path(__file__).parent.parent.parent / "notebooks"
NOTEBOOK_FOLDER: Final = "nb_banana_notebooks"
FIRST_NOTEBOOK: Final = {"en": "quickstart.ipynb", "zh": "quickstart.zh-CN.ipynb"}
OUTSIDE: Final = re.compile(r"\[([^\[\]]+)\]\(\.\./([^()#\s]+)(?:#[^()\s]*)?\)")
"""A link to a file of the repository that is not copied, such as ``[keys](../docs/keys.md#the-key)``."""
FOR_THE_README: Final = "studio.gif"
"""The moving picture, which no tutorial shows."""
SERVER_SECONDS: Final = 90
START_LAB: Final = """
import contextlib, warnings
with contextlib.suppress(ImportError):
    import voila
warnings.filterwarnings("ignore", category=DeprecationWarning, module="traitlets")
from jupyterlab.labapp import main
main()
"""
"""Voilà, once imported, shows what traitlets finds deprecated in Jupyter's own code; our word comes after."""

def lab(*, no_browser: bool, port: int | None, folder: Path | None, jupyter: tuple[str, ...]) -> None:
    """Open the tutorials in JupyterLab: those of both languages are there, the one of ours is open."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise NanoBananaError(say("cli.no_lab"), hint=say("cli.no_lab_hint"))
    folder = folder or Path(NOTEBOOK_FOLDER)
    copied = copy_notebooks(folder)
    if copied:
        tell(say("cli.copied", count=len(copied), folder=folder), err=True)
    command = [sys.executable, "-c", START_LAB, "--Application.log_level=ERROR"]
    command += ["--ServerApp.answer_yes=True"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"] if port else []
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command += ["--no-browser"] if no_browser else []
    began, first = time.time(), FIRST_NOTEBOOK[language()]
    with _running([*command, first, *jupyter], folder) as server:
        tell(say("cli.lab_address", address=_lab_address(server, began, first)))
        tell(say("cli.stop"), err=True)
        server.wait()
    if server.returncode:
        raise NanoBananaError(say("cli.lab_failed", code=server.returncode))


def copy_notebooks(folder: Path) -> list[Path]:
    """Copy the tutorials and their pictures; a file that is already there is the reader's and stays."""
    source = PACKAGED_NOTEBOOKS if PACKAGED_NOTEBOOKS.is_dir() else CHECKOUT_NOTEBOOKS
    made = []
    for path in sorted(source.rglob("*")):
        target = folder / path.relative_to(source)
        parts = path.relative_to(source).parts
        hidden = any(part.startswith(".") or part in ("nb_banana_history", FOR_THE_README) for part in parts)
        if path.is_file() and not hidden and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".ipynb":
                target.write_text(_on_its_own(path.read_text(encoding="utf-8")), encoding="utf-8")
            else:
                shutil.copyfile(path, target)
            made.append(target)
    return made


def _on_its_own(notebook: str) -> str:
    """A tutorial whose links out of its folder are words and a file's name: a copy has nothing there."""
    read = json.loads(notebook)
    for cell in read["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = OUTSIDE.sub(r"\1 (`\2`)", "".join(cell["source"])).splitlines(keepends=True)
    return json.dumps(read, ensure_ascii=False, indent=1) + "\n"


@contextlib.contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A child that ends with us, whether we end by Ctrl-C, by SIGTERM or by an error."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    child = subprocess.Popen(command, cwd=folder, env=_quiet(os.environ))
    try:
        yield child
    finally:
        signal.signal(signal.SIGTERM, before)
        child.terminate()
        child.wait()


def _quiet(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Jupyter prints no addresses of its own, which open no tutorial.

    It prints them for a token it made itself, so the token is ours. Beside a Chinese tutorial the panel
    speaks Chinese too, whatever language JupyterLab itself is in.
    """
    environ = {**environ, "NB_BANANA_LANG": "zh"} if language() == "zh" else environ
    if not environ.keys().isdisjoint(("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE")):
        return dict(environ)
    return {**environ, "JUPYTER_TOKEN": secrets.token_hex(24)}


def _lab_address(server: subprocess.Popen[bytes], began: float, first: str) -> str:
    """The address with its token, from the file a Jupyter server writes about itself once it is up.

    A server that was killed leaves its file, and its number comes again: one from before ``began`` says
    nothing, and an address is told once somebody answers there.
    """
    from jupyter_core.paths import jupyter_runtime_dir  # of the lab extra

    facts = Path(jupyter_runtime_dir()) / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError, ValueError):  # not written yet, or half written
            found = json.loads(facts.read_text(encoding="utf-8"))
            if facts.stat().st_mtime >= began - 1:
                if found.get("port"):  # none where it listens on a file
                    socket.create_connection((found["hostname"], found["port"]), timeout=5).close()
                return f"{found['url']}lab/tree/{first}?token={found['token']}"
        time.sleep(0.1)
    raise NanoBananaError(say("cli.lab_failed", code=server.poll()))
