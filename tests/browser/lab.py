"""One real Jupyter server and one real Chromium for every browser test.

How a test uses it (the fixtures are in `conftest.py` beside this file):

    def test_something(open_notebook):
        nb = open_notebook(["import nb_banana as nb\\npanel = nb.panel()\\npanel"],    # one string per code cell
                           front="lab",                     # "lab" | "notebook" | "voila"
                           files={"cat.png": png_bytes},    # put beside the notebook, before its kernel starts
                           theme="dark", width=900, lang=None, fresh=False)
        nb.run_all()                                        # returns when every cell is done (not needed in Voilà)
        nb.page.locator(".nb-banana-panel").wait_for()      # nb.page is Playwright's sync Page
        nb.screenshot("panel-dark")                         # tests/artifacts/panel-dark.png
        nb.python("print(panel.result.image.width)")        # runs in the notebook's own kernel, gives its stdout
        (nb.folder / "nb_banana_history").exists()          # the kernel's working directory, one per open notebook

Rules of this room:

- Every notebook has a folder and a kernel of its own, so that two tests never share a history. The folder's notebook
  can be read back with `nb.saved()` after `nb.save()`.
- JupyterLab is loaded once and stays: loading it takes more of a slow machine than most tests do. A notebook opens in
  it as a tab and is gone from it, with its kernel, when the test ends. After a test that failed, or a page that
  isn't at rest at its end, the next test gets a page loaded anew; a test that changes the page itself, not only its
  notebook, says `fresh=True`. The other front ends are loaded each time, out of the same browser's cache.
- Whatever waits has a limit and says what it waited for.
- The kernel's environment holds no API key and no `NB_BANANA_*` variable: whatever a developer has exported, the
  tests run on the sandbox. A test that wants a variable sets it in a cell, before it imports nb_banana.
- The browser resolves no host name but 127.0.0.1, and closing a notebook asserts that nothing else was asked for
  (in Voilà the two style sheets its own stock template links are let through to fail).
- The server dies with the test process, even when that is killed.
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
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import nbformat
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    TimeoutError,
)

from .chromium import find_chromium

Front = Literal["lab", "notebook", "voila"]

CHECKOUT = Path(__file__).resolve().parents[2]
ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"
CHROMIUM_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
VOILA_TEMPLATE_LINKS = ("font-awesome", "fontawesome", "mathjax")  # linked by Voilà's own page, not by us
KEYS = ("APIYI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "OPENAI_API_KEY")
ADDRESSES: dict[Front, str] = {"lab": "/lab/tree/{}?reset&", "notebook": "/notebooks/{}?", "voila": "/voila/render/{}?"}
POLLING = 100
"""Milliseconds between two looks at the page; Playwright's own habit, each frame, keeps the page drawing."""

WITHIN = """async ([seconds, what, arg]) => {
    let timer;
    const late = new Promise((_, give_up) => {
        timer = setTimeout(() => give_up(new Error(`not over after ${seconds} s: ${what}`)), seconds * 1000);
    });
    try {
        return await Promise.race([(%s)(arg), late]);
    } finally {
        clearTimeout(timer);
    }
}"""
OPEN_TAB = "path => window.jupyterapp.commands.execute('filebrowser:open-path', {path}).then(() => null)"
TAB_IS_OPEN = """path => {
    const context = window.jupyterapp.shell.currentWidget?.context;
    return context?.path === path && context.isReady && context.sessionContext.isReady;
}"""
CLOSE_TABS = """async () => {
    const documents = [...window.jupyterapp.shell.widgets('main')].filter(widget => widget.context);
    for (const one of documents) {
        await one.context.sessionContext.shutdown();
        one.context.model.dirty = false;
        one.dispose();
    }
    return document.querySelectorAll('.jp-Dialog').length;
}"""
LAB_IS_UP = "() => Boolean(window.jupyterapp?.shell?.currentWidget && document.body.dataset.jpThemeName)"
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


def until(page: Page, code: str, what: str, arg: object = None, *, seconds: float = 60) -> Any:
    """Wait until a JavaScript function says yes, and give its word; TimeoutError names `what` was waited for."""
    try:
        return page.wait_for_function(code, arg=arg, timeout=seconds * 1000, polling=POLLING).json_value()
    except TimeoutError as late:
        raise TimeoutError(f"not after {seconds:g} s: {what}") from late


WITHOUT_SUBSHELLS = """from ipykernel.ipkernel import IPythonKernel

class Kernel(IPythonKernel):
    @property
    def kernel_info(self):  # a page asks here before it starts one
        told = super().kernel_info
        return told | {"supported_features": [one for one in told["supported_features"] if one != "kernel subshells"]}

c.IPKernelApp.kernel_class = Kernel
"""
"""What hides subshells from pages. A kernel that is told it has none (`_supports_kernel_subshells`) answers from its main
thread on the socket that its shell thread reads from: now and then it is asked for the rest of its life in vain."""


TELLS_WHERE_IT_STANDS = """import faulthandler, os, signal
faulthandler.register(signal.SIGUSR1, open(os.path.join({folder!r}, f"{{os.getpid()}}.txt"), "w"))
"""
"""What a kernel reads when it starts: asked by a signal, it writes where each of its threads is."""


def where_it_stands(folder: Path) -> str:
    """The stacks of the kernel that works in this folder, for a page that waited for it in vain (Linux only)."""
    told = []
    for kernel in (folder.parents[1] / "stacks").glob("*.txt"):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{kernel.stem}/cwd").samefile(folder):
                os.kill(int(kernel.stem), signal.SIGUSR1)
                time.sleep(1)
                told.append(kernel.read_text(encoding="utf-8"))
    return "\n".join(["", *told])


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


def with_extension(home: Path, *, extension: bool = True, routes: bool = True) -> dict[str, str]:
    """Variables with which a server finds the extension of this checkout, whatever is installed, or leaves it off."""
    shared = home / "share" / "labextensions"
    shared.mkdir(parents=True)
    (shared / "nb-banana").symlink_to(CHECKOUT / "labextension", target_is_directory=True)
    off = home / "config" / "labconfig" / "page_config.json"
    off.parent.mkdir(parents=True, exist_ok=True)
    off.write_text(json.dumps({} if extension else {"disabledExtensions": {"nb-banana": True}}))
    served = home / "config" / "jupyter_server_config.d" / "nb_banana.json"
    served.parent.mkdir(parents=True, exist_ok=True)
    served.write_text(json.dumps({"ServerApp": {"jpserver_extensions": {"nb_banana": extension and routes}}}))
    # In a virtual environment Jupyter would let what is installed there have the last word.
    return {"JUPYTER_PATH": str(home / "share"), "JUPYTER_PREFER_ENV_PATH": "0"}


@dataclass
class JupyterServer:
    """One `jupyter lab` process that serves Lab, Notebook 7 and Voilà from `root`."""

    root: Path
    url: str
    token: str
    process: subprocess.Popen[bytes]
    sockets: tempfile.TemporaryDirectory[str]

    @classmethod
    def start(cls, home: Path, prefix: str = "", *, extension: bool = True, routes: bool = True,
              packs: Path | None = None, subshells: bool = True) -> JupyterServer:
        """Start the server and return once it answers; its log is `server.log` in `home`.

        With a `prefix`, such as `/user/ann`, it stands behind it as behind a hub. The notebook extension is this
        checkout's; without `extension` it is disabled, without `routes` its server part is. `packs` holds further
        packages for the server alone, such as a language's. Without `subshells` the words of widgets wait for the
        cell that runs, as in every JupyterLab before 4.4.
        """
        root, port, token = home / "root", free_port(), secrets.token_hex(16)
        root.mkdir(parents=True)
        environment = clean_environment(home)
        sockets = tempfile.TemporaryDirectory(prefix="nbb-", ignore_cleanup_errors=True)  # a socket's path is a short one
        environment["JUPYTER_RUNTIME_DIR"] = sockets.name
        environment |= with_extension(home, extension=extension, routes=routes)
        if packs:
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(packs), environment.get("PYTHONPATH"))))
        quiet = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        quiet.parent.mkdir(parents=True)
        quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}))
        (stacks := home / "stacks").mkdir()
        profile = home / "ipython" / "profile_default" / "ipython_kernel_config.py"
        profile.parent.mkdir(parents=True)
        told = TELLS_WHERE_IT_STANDS.format(folder=str(stacks)) if sys.platform == "linux" else ""
        profile.write_text(told + ("" if subshells else WITHOUT_SUBSHELLS), encoding="utf-8")
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
    address: str
    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The kernel's working directory."""
        return self.path.parent

    def do(self, code: str, what: str, arg: object = None, *, seconds: float = 120) -> Any:
        """Run a JavaScript function in the page to its end; AssertionError names `what` when that takes too long."""
        try:
            return self.page.evaluate(WITHIN % code, [seconds, what, arg])
        except Error as problem:
            raise AssertionError(f"{what}: {problem}{where_it_stands(self.folder)}") from problem

    def wait_idle(self, seconds: float = 60) -> None:
        """Wait until the kernel has started and has nothing left to run."""
        until(self.page, KERNEL_IDLE, "the kernel is idle", seconds=seconds)

    def started(self) -> None:
        """Wait for the first kernel; one that does not come up on a loaded machine is given up for another."""
        try:
            self.wait_idle(45)
        except TimeoutError:
            self.do(SHUTDOWN, "shutting a kernel down that never answered")
            self.page.goto(self.address)
            self.wait_idle(90)

    def run_all(self) -> None:
        """Run every cell and wait for the last one."""
        self.do(RUN_ALL, "running all cells")

    def run_cell(self, index: int) -> None:
        """Run one code cell, counted from 0, and wait for it."""
        self.do(RUN_CELL, f"running cell {index}", index)

    def start_cell(self, index: int) -> None:
        """Start one code cell and do not wait: the kernel stays busy with it."""
        self.page.evaluate(f"index => {{ ({RUN_CELL})(index) }}", index)

    def python(self, code: str) -> str:
        """Run code in the notebook's kernel, outside its cells, and give what it printed."""
        reply = self.do(RUN_PYTHON, f"running {code!r} in the kernel", code)
        assert reply["status"] == "ok", reply["text"]
        return str(reply["text"])

    def output(self, index: int) -> str:
        """The text of one code cell's output as it stands on the page."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-OutputArea").inner_text()

    def set_theme(self, theme: Literal["light", "dark"]) -> None:
        """Switch JupyterLab's theme, as the Settings menu does. The server keeps it, also for later pages."""
        name = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[theme]
        if until(self.page, ANY_THEME, "the page has a theme") != name:
            self.do(SET_THEME, f"changing the theme to {name}", name)
        until(self.page, THEME_IS_SET, f"the theme is {name}", name)

    def screenshot(self, name: str, selector: str | None = None) -> Path:
        """A picture of the page (or of one element) in tests/artifacts, for people to look at."""
        ARTIFACTS.mkdir(exist_ok=True)
        target = ARTIFACTS / f"{name}.png"
        (self.page.locator(selector).first if selector else self.page).screenshot(path=target)
        return target

    def save(self) -> None:
        """Save the notebook, as Ctrl+S does."""
        self.do(SAVE, "saving the notebook")

    def saved(self) -> Any:
        """The notebook as it stands on disk."""
        return nbformat.read(self.path, as_version=4)

    def assert_offline(self) -> None:
        """Nothing was asked of any host but the test's own server."""
        let_through = VOILA_TEMPLATE_LINKS if self.front == "voila" else ()
        assert [url for url in self.outside if not any(part in url.lower() for part in let_through)] == []

    def shut_down(self) -> None:
        """End the kernel; Voilà's ends with its page."""
        if self.front != "voila":
            self.do(SHUTDOWN, "shutting the kernel down")


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """A notebook with these code cells and no outputs."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


@contextlib.contextmanager
def watched(server: JupyterServer, notebook: OpenNotebook) -> Iterator[None]:
    """Note every request that leaves the test's server, and every error on the console."""
    own = (server.url, server.url.replace("http://", "ws://"), "data:", "blob:", "about:")

    def asked(request: Request) -> None:
        if not request.url.startswith(own):
            notebook.outside.append(request.url)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            notebook.console.append(message.text)

    notebook.context.on("request", asked)
    notebook.page.on("console", said)
    try:
        yield
    finally:
        notebook.context.remove_listener("request", asked)
        notebook.page.remove_listener("console", said)


@dataclass
class Desk:
    """The browser's side of one server: a context per language, and in it the JupyterLab page that stays open."""

    server: JupyterServer
    browser: Browser
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    labs: dict[str, Page] = field(default_factory=dict)

    def context(self, lang: str) -> BrowserContext:
        """The context of this language; its cache is warm from the second page on."""
        if lang not in self.contexts:
            self.contexts[lang] = self.browser.new_context(accept_downloads=True, locale=lang)
            self.contexts[lang].set_default_timeout(60_000)
        return self.contexts[lang]

    def lab(self, lang: str) -> Page:
        """The JupyterLab page of this language, loaded if there is none."""
        if lang not in self.labs:
            page = self.context(lang).new_page()
            page.goto(f"{self.server.url}/lab?reset&token={self.server.token}")
            until(page, LAB_IS_UP, "JupyterLab is on the screen", seconds=120)
            self.labs[lang] = page
        return self.labs[lang]

    def tidy(self, notebook: OpenNotebook) -> None:
        """End the notebook's kernel and take it off the desk; a page that is not at rest then goes too."""
        notebook.context.clear_permissions()
        try:
            if notebook.page in self.labs.values():
                left = notebook.do(CLOSE_TABS, "closing the notebook", seconds=30)
                assert not left, f"closing the notebook: {left} dialogs are open on the page"
                return
            notebook.shut_down()
        except AssertionError as problem:
            warnings.warn(f"{problem}; the next test gets a new page", stacklevel=1)
        self.discard(notebook.page)

    def discard(self, page: Page) -> None:
        """Close a page; if it was JupyterLab's, the next test loads another."""
        self.labs = {lang: lab for lang, lab in self.labs.items() if lab is not page}
        page.close()

    def close(self) -> None:
        """Close every page."""
        for context in self.contexts.values():
            context.close()


@contextlib.contextmanager
def desk_of(server: JupyterServer, browser: Browser) -> Iterator[Desk]:
    """A desk, cleared at the end."""
    desk = Desk(server, browser)
    try:
        yield desk
    finally:
        desk.close()


@contextlib.contextmanager
def notebooks(desk: Desk, failed: Callable[[], bool] = lambda: False) -> Iterator[Callable[..., OpenNotebook]]:
    """Gives `open_notebook`; everything opened through it is closed and checked at the end.

    After a test that `failed`, nothing of its pages is used again.
    """
    opened: list[OpenNotebook] = []
    watching = contextlib.ExitStack()

    def open_notebook(
        cells: Sequence[str], *, front: Front = "lab", files: Mapping[str, bytes] | None = None,
        theme: Literal["light", "dark"] = "light", width: int = 1280, height: int = 1000, lang: str | None = None,
        fresh: bool = False,
    ) -> OpenNotebook:
        server, path = desk.server, desk.server.root / f"t{secrets.token_hex(4)}" / "notebook.ipynb"
        write_notebook(path, cells)
        for name, data in (files or {}).items():
            (path.parent / name).write_bytes(data)
        relative = path.relative_to(server.root).as_posix()
        stays = front == "lab" and not fresh and not opened
        page = desk.lab(lang or "en-US") if stays else desk.context(lang or "en-US").new_page()
        notebook = OpenNotebook(page, path, front, page.context,
                                f"{server.url}{ADDRESSES[front].format(relative)}token={server.token}")
        opened.append(notebook)
        watching.enter_context(watched(server, notebook))
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        if stays:
            page.bring_to_front()
            notebook.set_theme(theme)
            notebook.do(OPEN_TAB, f"opening {relative}", relative)
            until(page, TAB_IS_OPEN, f"{relative} is on the screen with its kernel", relative)
        else:
            page.goto(notebook.address)
        if front != "voila":
            notebook.started()
            notebook.set_theme(theme)
        return notebook

    with watching:
        try:
            yield open_notebook
        finally:
            for notebook in opened:
                desk.tidy(notebook)
                if failed():
                    desk.discard(notebook.page)
    for notebook in opened:
        notebook.assert_offline()
