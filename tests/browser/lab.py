"""One real Jupyter server and one real Chromium for every browser test.

How a test uses it (the fixtures are in `conftest.py` beside this file):

    def test_something(open_notebook):
        nb = open_notebook(["import nb_banana as nb\\npanel = nb.panel()\\npanel"],    # one string per code cell
                           front="lab",                     # "lab" | "notebook" | "voila"
                           files={"cat.png": png_bytes},    # put beside the notebook, before its kernel starts
                           theme="dark", width=900, lang=None)
        nb.run_all()                                        # returns when every cell is done (not needed in Voilà)
        nb.page.locator(".nb-banana-panel").wait_for()      # nb.page is Playwright's sync Page
        nb.screenshot("panel-dark")                         # tests/artifacts/panel-dark.png
        nb.python("print(panel.result.image.width)")        # runs in the notebook's own kernel, gives its stdout
        (nb.folder / "nb_banana_history").exists()          # the kernel's working directory, one per open notebook

Rules of this room:

- Every notebook has a folder of its own, so that two tests never share a history. The folder's notebook can be
  read back with `nb.saved()` after `nb.save()`.
- The kernel's environment holds no API key and no `NB_BANANA_*` variable: whatever a developer has exported, the
  tests run on the sandbox. A test that wants a variable sets it in a cell, before it imports nb_banana.
- The browser resolves no host name but 127.0.0.1, and closing a notebook asserts that nothing else was asked for
  (in Voilà the two style sheets its own stock template links are let through to fail).
- Closing shuts the kernel down. The server dies with the test process, even when that is killed.
- Kernels talk through files, not ports: a port is chosen before the kernel takes it, and in between another
  program may have it. Such a kernel is started again elsewhere, and the page waits for the first one.
- Never call `asyncio.run` in a test that uses these fixtures: Playwright's loop is running in this thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import nbformat
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, TimeoutError

from .chromium import find_chromium

Front = Literal["lab", "notebook", "voila"]

ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"
CHROMIUM_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
VOILA_TEMPLATE_LINKS = ("font-awesome", "fontawesome", "mathjax")  # linked by Voilà's own page, not by us
KEYS = ("APIYI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "OPENAI_API_KEY")

KERNEL_IDLE = """() => window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session?.kernel?.status
                       === 'idle'"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
RUN_CELL = """async index => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
SHUTDOWN = "() => window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.shutdown()"
SET_THEME = "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
ANY_THEME = "() => document.body.dataset.jpThemeName"
THEME_IS_SET = "name => document.body.dataset.jpThemeName === name"
RUN_PYTHON = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false, silent: false});
    let text = '';
    future.onIOPub = message => {
        if (message.header.msg_type === 'stream') text += message.content.text;
        if (message.header.msg_type === 'error') text += message.content.traceback.join('\\n');
    };
    const reply = await future.done;
    return {status: reply.content.status, text};
}"""


def launch_chromium(playwright: Playwright) -> Browser:
    """Chromium without a window, a network or a first-run page."""
    return playwright.chromium.launch(executable_path=find_chromium(), headless=True, args=list(CHROMIUM_ARGS))


def die_with_parent() -> None:
    """Run in a child between fork and exec: a killed pytest leaves no server behind (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(home: Path) -> dict[str, str]:
    """This process's environment without keys, with Jupyter's folders of its own under `home`."""
    own = {name: value for name, value in os.environ.items()
           if name not in KEYS and not name.startswith(("NB_BANANA_", "JUPYTER"))}
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
               "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings",
               "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    for variable, folder in folders.items():
        (home / folder).mkdir(parents=True, exist_ok=True)
        own[variable] = str(home / folder)
    return own


@dataclass
class JupyterServer:
    """One `jupyter lab` process that serves Lab, Notebook 7 and Voilà from `root`."""

    root: Path
    url: str
    token: str
    process: subprocess.Popen[bytes]
    sockets: tempfile.TemporaryDirectory[str]

    @classmethod
    def start(cls, home: Path, prefix: str = "") -> JupyterServer:
        """Start the server and return once it answers; its log is `server.log` in `home`.

        With a `prefix`, such as `/user/ann`, it stands behind it as behind a hub.
        """
        root, port, token = home / "root", free_port(), secrets.token_hex(16)
        root.mkdir(parents=True)
        environment = clean_environment(home)
        sockets = tempfile.TemporaryDirectory(prefix="nbb-", ignore_cleanup_errors=True)  # a socket's path is a short one
        environment["JUPYTER_RUNTIME_DIR"] = sockets.name
        quiet = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        quiet.parent.mkdir(parents=True)
        quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}))
        command = [
            sys.executable, "-m", "jupyterlab", "--allow-root", "--no-browser", "--expose-app-in-browser",
            "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            *(["--KernelManager.transport=ipc"] if os.name != "nt" else []), f"--ServerApp.base_url={prefix}/",
        ]
        if prefix:
            environment["JUPYTERHUB_SERVICE_PREFIX"] = f"{urllib.parse.unquote(prefix)}/"
        with (home / "server.log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=subprocess.STDOUT,
                                       preexec_fn=die_with_parent)  # noqa: PLW1509 - one prctl, no locks
        server = cls(root, f"http://127.0.0.1:{port}{prefix}", token, process, sockets)
        server.wait_until_up(home / "server.log")
        return server

    def wait_until_up(self, log: Path, seconds: float = 90) -> None:
        """Poll the status page; a server that died or hangs is reported with its own log."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/api/status?token={self.token}", timeout=5).close()
                return
            time.sleep(0.1)
        raise RuntimeError(f"the Jupyter server did not come up in {seconds} s:\n{log.read_text(errors='replace')}")

    def stop(self) -> None:
        """End the server and, through it, every kernel still running."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.sockets.cleanup()


@dataclass
class OpenNotebook:
    """A notebook open in the browser: the page, the kernel behind it, the folder it lives in."""

    page: Page
    path: Path
    front: Front
    context: BrowserContext
    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The kernel's working directory."""
        return self.path.parent

    def wait_idle(self, seconds: float = 60) -> None:
        """Wait until the kernel has started and has nothing left to run."""
        self.page.wait_for_function(KERNEL_IDLE, timeout=seconds * 1000)

    def started(self) -> None:
        """Wait for the first kernel; one that does not come up on a loaded machine is given up for another."""
        try:
            self.wait_idle(45)
        except TimeoutError:
            self.page.evaluate(SHUTDOWN)
            self.page.reload()
            self.wait_idle(90)

    def run_all(self) -> None:
        """Run every cell and wait for the last one."""
        self.page.evaluate(RUN_ALL)

    def run_cell(self, index: int) -> None:
        """Run one code cell, counted from 0, and wait for it."""
        self.page.evaluate(RUN_CELL, index)

    def start_cell(self, index: int) -> None:
        """Start one code cell and do not wait: the kernel stays busy with it."""
        self.page.evaluate(f"index => {{ ({RUN_CELL})(index) }}", index)

    def python(self, code: str) -> str:
        """Run code in the notebook's kernel, outside its cells, and give what it printed."""
        reply = self.page.evaluate(RUN_PYTHON, code)
        assert reply["status"] == "ok", reply["text"]
        return str(reply["text"])

    def output(self, index: int) -> str:
        """The text of one code cell's output as it stands on the page."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-OutputArea").inner_text()

    def set_theme(self, theme: Literal["light", "dark"]) -> None:
        """Switch JupyterLab's theme, as the Settings menu does. The server keeps it, also for later pages."""
        name = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[theme]
        if self.page.wait_for_function(ANY_THEME).json_value() != name:
            self.page.evaluate(SET_THEME, name)
        self.page.wait_for_function(THEME_IS_SET, arg=name)

    def screenshot(self, name: str, selector: str | None = None) -> Path:
        """A picture of the page (or of one element) in tests/artifacts, for people to look at."""
        ARTIFACTS.mkdir(exist_ok=True)
        target = ARTIFACTS / f"{name}.png"
        (self.page.locator(selector).first if selector else self.page).screenshot(path=target)
        return target

    def save(self) -> None:
        """Save the notebook, as Ctrl+S does."""
        self.page.evaluate(SAVE)

    def saved(self) -> Any:
        """The notebook as it stands on disk."""
        return nbformat.read(self.path, as_version=4)

    def assert_offline(self) -> None:
        """Nothing was asked of any host but the test's own server."""
        let_through = VOILA_TEMPLATE_LINKS if self.front == "voila" else ()
        assert [url for url in self.outside if not any(part in url.lower() for part in let_through)] == []

    def close(self) -> None:
        """Shut the kernel down and leave."""
        if self.front != "voila":
            self.page.evaluate(SHUTDOWN)
        self.context.close()


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """A notebook with these code cells and no outputs."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def watch(context: BrowserContext, server: JupyterServer, notebook: OpenNotebook) -> None:
    """Note every request that leaves the test's server, and every error on the console."""
    own = (server.url, server.url.replace("http://", "ws://"), "data:", "blob:", "about:")
    context.on("request", lambda request: None if request.url.startswith(own)
               else notebook.outside.append(request.url))
    notebook.page.on("console", lambda message: notebook.console.append(message.text)
                     if message.type == "error" else None)


@contextlib.contextmanager
def notebooks(server: JupyterServer, browser: Browser) -> Iterator[Callable[..., OpenNotebook]]:
    """Gives `open_notebook`; everything opened through it is closed and checked at the end."""
    opened: list[OpenNotebook] = []
    addresses = {"lab": "/lab/tree/{}?reset&", "notebook": "/notebooks/{}?", "voila": "/voila/render/{}?"}

    def open_notebook(
        cells: Sequence[str], *, front: Front = "lab", files: Mapping[str, bytes] | None = None,
        theme: Literal["light", "dark"] = "light", width: int = 1280, height: int = 1000, lang: str | None = None,
    ) -> OpenNotebook:
        path = server.root / f"t{secrets.token_hex(4)}" / "notebook.ipynb"
        write_notebook(path, cells)
        for name, data in (files or {}).items():
            (path.parent / name).write_bytes(data)
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True,
                                      color_scheme=theme, locale=lang or "en-US")
        context.set_default_timeout(60_000)
        notebook = OpenNotebook(context.new_page(), path, front, context)
        opened.append(notebook)
        watch(context, server, notebook)
        relative = path.relative_to(server.root).as_posix()
        notebook.page.goto(f"{server.url}{addresses[front].format(relative)}token={server.token}")
        if front != "voila":
            notebook.started()
            notebook.set_theme(theme)
        return notebook

    try:
        yield open_notebook
    finally:
        for notebook in opened:
            notebook.close()
    for notebook in opened:
        notebook.assert_offline()
