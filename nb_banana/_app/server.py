"""The server of a class: Voilà with every door shut but the ones a studio needs.

Rules of this file:

* There is one list of addresses, and it stands here. Files, folders, lists of kernels and the running of
  code are not on it.
* A kernel is its visitor's: for everybody else it is not there.
* Of a websocket's messages only what moves widgets is passed on, and no length is believed unread.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.ioloop import IOLoop, PeriodicCallback
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from .._history.till import Till
from .._strings import language, say, speaking
from ..errors import NanoBananaError
from . import pages
from .keeping import tidy
from .kernels import SWEEP, VISITOR, Full, Kernels
from .rules import Rules, notices
from .visitors import TEACHER, Visitors, hub, secret, sign, welcome

HERE: Final = Path(__file__).parent
_DAY: Final = 24 * 3600 * 1000
_KERNEL: Final = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_MESSAGES: Final = frozenset({"comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
_FORM: Final = "v1.kernel.websocket.jupyter.org"
_PARTS: Final = (6, 200)
"""Of how many places the parts of a message are told: those of its own, and of what travels beside them."""
_TARGETS: Final = frozenset({"jupyter.widget.control"})
"""What a page may open by itself: the channel that asks for the state of the widgets there are."""
_FEDERATED: Final = ("@jupyter-widgets/jupyterlab-manager", "anywidget", "@voila-dashboards/widgets-manager8")
"""What a page is given of JupyterLab: widgets, and nobody's extension."""
_STATIC: Final = ("voila/templates", "voila/static", "voila/api/themes", "voila/labextensions")


class Own(JupyterHandler):
    """What is asked of a kernel, by its visitor only."""

    async def prepare(self, **options: Any) -> None:
        """For anybody else the kernel is not there."""
        await super().prepare(**options)
        kernels: Kernels = self.kernel_manager
        if not kernels.is_of(self.path_kwargs["kernel_id"], self.current_user.username):
            raise web.HTTPError(404)


class OwnKernel(Own, KernelHandler):
    """What a page may know of its kernel; it may not end it by this address."""

    SUPPORTED_METHODS = ("GET", "OPTIONS")


class OwnChannels(Own, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The messages between a page and its widgets, in the one form that is read here.

    What Voilà makes of a message in the older form takes it years: nobody is let in who speaks it.
    """

    async def prepare(self, **options: Any) -> None:
        """For anybody else the kernel is not there; who speaks another form is told to speak this one."""
        await super().prepare(**options)
        if _FORM not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise web.HTTPError(426)

    def on_message(self, message: str | bytes) -> None:
        """Pass on what moves widgets; anything else goes nowhere."""
        if _moves_widgets(message):
            super().on_message(message)
        else:
            self.log.warning("A message of a page that moves no widget was dropped")


def _moves_widgets(message: str | bytes) -> bool:
    """Whether a message is whole, and of a kind that only widgets hear."""
    count = int.from_bytes(message[:8], "little") if isinstance(message, bytes) else 0
    if not _PARTS[0] <= count <= _PARTS[1] or len(message) <= 8 * count:  # what unpacks it believes that
        return False
    try:
        channel, parts = deserialize_msg_from_ws_v1(message)
        kind, content = json.loads(parts[0])["msg_type"], json.loads(parts[3])
        opens = kind == "comm_open" and content["target_name"] in _TARGETS
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return False
    return channel == "shell" and (opens or kind in _MESSAGES)


class Leave(Own, VoilaShutdownKernelHandler):  # type: ignore[misc]
    """A page says that it goes; its kernel ends what is under way, and then itself."""

    async def post(self, kernel_id: str) -> None:
        """Note it."""
        await self.kernel_manager.left(kernel_id)
        self.set_status(204)

    def check_xsrf_cookie(self) -> None:
        """A page that goes can send no header; the cookie says whose kernel it is."""


class Written(JupyterHandler):
    """A page that the server writes itself."""

    @property
    def content_security_policy(self) -> str:
        """Nothing runs on it."""
        return pages.POLICY

    def initialize(self, app: Class) -> None:
        """Take the class."""
        self._app = app

    def say(self, made: Callable[[], str], status: int = 200) -> None:
        """Answer with a page in the reader's language."""
        with speaking(self._app.rules.lang or _asked(self)):
            self.set_status(status)
            self.set_header("Cache-Control", "no-store")
            self.set_header("Referrer-Policy", "same-origin")
            self.finish(made())


class Door(Written):
    """Where who is not known yet comes in."""

    @allow_unauthenticated
    def get(self) -> None:
        """What a visitor should know, and a field for a name."""
        if self._app.header:
            self.say(lambda: pages.told("header_missing"), 403)
        else:
            form = self.xsrf_form_html()
            self.say(lambda: pages.door(notices(self._app.rules), form))

    @allow_unauthenticated
    def post(self) -> None:
        """Give a cookie, and open the studio. Who has one stays who they are."""
        if self._app.header:
            raise web.HTTPError(404)
        known = self.current_user.username if self.current_user else ""
        welcome(self, known, self.get_body_argument("name", ""))
        self.redirect(self.base_url)


class Teacher(Written):
    """Who spent what, for the one browser that opened the address that was printed."""

    @allow_unauthenticated
    def get(self, kind: str) -> None:
        """The page, or the table; the address that was printed gives a cookie, once."""
        given, app = self.get_query_argument("token", ""), self._app
        if given and app.token and secrets.compare_digest(given.encode(), app.token.encode()):
            app.token = ""
            sign(self, TEACHER, app.seal, 1)
            self.redirect(url_path_join(self.base_url, "teacher"))
            return
        signed = self.get_signed_cookie(TEACHER, max_age_days=1)
        if not signed or not secrets.compare_digest(signed, app.seal.encode()):
            self.say(lambda: pages.told("teacher_refused"), 403)
            return
        spenders = app.till.spenders()
        if kind:
            self.set_header("Content-Type", "text/csv; charset=utf-8")
            self.set_header("Content-Disposition", 'attachment; filename="spent.csv"')
            self.say(lambda: pages.table(spenders))
        else:
            self.say(lambda: pages.ledger(spenders, app.rules))


class StudioPage(TornadoVoilaHandler):  # type: ignore[misc]
    """The studio itself: a page, and a kernel for it."""

    def initialize(self, app: Class, **options: Any) -> None:
        """Take the class."""
        super().initialize(**options)
        self._app = app

    async def get(self, path: str | None = None) -> None:
        """The page of who asks; or in words why there is none just now."""
        if path:
            raise web.HTTPError(404)
        user = self.current_user
        with speaking(self._app.rules.lang or _asked(self)):
            VISITOR.set((user.username, language()))
        try:
            await super().get()
            self._app.till.visit(user.username, user.name if user.name != user.username else "")
        except Full as full:
            with speaking(VISITOR.get()[1]):
                self.set_status(429 if full.whose == "own" else 503)
                self.set_header("Content-Type", "text/html; charset=utf-8")
                self.set_header("Content-Security-Policy", pages.POLICY)
                await self.finish(pages.told(f"full_{full.whose}", count=full.count))


def _asked(handler: JupyterHandler) -> str:
    """The language a browser asks for first."""
    return str(handler.request.headers.get("Accept-Language", "")).partition(",")[0]


class Class(Voila):  # type: ignore[misc]
    """Voilà for one notebook, the studio's, with the rules of a class."""

    rules: Rules
    till: Till
    token = seal = header = ""
    hub: Any = None
    ready: Callable[[Class], None]

    def init_handlers(self) -> list[Any]:
        """The addresses there are."""
        self._look_after()
        at, own = (lambda *parts: url_path_join(self.server_url, *parts)), {"app": self}
        usual = super().init_handlers()
        kept = [one for one in usual if one[0].startswith(tuple(map(at, _STATIC)))]
        (page,) = [one for one in usual if one[1] is TornadoVoilaHandler]
        return [
            (at(rf"/api/kernels/{_KERNEL}"), OwnKernel),
            (at(rf"/api/kernels/{_KERNEL}/channels"), OwnChannels),
            (at(rf"/voila/api/shutdown/{_KERNEL}"), Leave),
            *kept,
            (at("/enter"), self._hub_door() if self.hub else Door, own),
            *([(at("/oauth_callback"), self.hub.HubOAuthCallbackHandler)] if self.hub else []),
            (at(r"/teacher(\.csv|)"), Teacher, own),
            (at("/()"), StudioPage, {**page[2], **own}),
        ]

    def init_settings(self) -> dict[str, Any]:
        """Who is not known is sent to the door."""
        usual = super().init_settings()
        visitors: Visitors = usual["identity_provider"]
        visitors.header, visitors.hub = self.header, self.hub and self.hub.HubOAuth.instance()
        door = url_path_join(self.base_url, "enter")
        return {**usual, "login_url": door, "xsrf_cookies": True, "ws_ping_timeout": 30_000}

    def _hub_door(self) -> type[Written]:
        """The way in by a JupyterHub: it asks who somebody is, and sends them back."""

        class HubDoor(self.hub.HubOAuthenticated, Written):  # type: ignore[misc, name-defined]
            hub_auth = self.hub.HubOAuth.instance()

            @allow_unauthenticated
            def get(self) -> None:
                self.redirect(self.base_url if self.current_user else self.get_login_url())

        return HubDoor

    def _look_after(self) -> None:
        """Tell that it is ready once it is, and look after kernels and what is kept."""
        loop = IOLoop.current()
        loop.add_callback(lambda: self.ready(self))
        loop.add_callback(self._tidy)
        PeriodicCallback(self.kernel_manager.sweep, SWEEP * 1000).start()
        PeriodicCallback(self._tidy, _DAY).start()

    async def _tidy(self) -> None:
        await asyncio.to_thread(tidy, self.rules)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the server stands: its host and port, what comes before its addresses, who names the visitors."""

    host: str = "127.0.0.1"
    port: int = 8866
    prefix: str = "/"
    header: str = ""

    @property
    def address(self) -> str:
        """How people reach it; the hub knows better, where there is one."""
        host = _own_address() if self.host in ("0.0.0.0", "::") else self.host
        shown = f"[{host}]" if ":" in host else host
        return os.environ.get("JUPYTERHUB_PUBLIC_URL") or f"http://{shown}:{self.port}{self.prefix}"


def _own_address() -> str:
    """This machine's address in its network; nothing is sent to find it out."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address that is nobody's
        return str(probe.getsockname()[0])
    return socket.gethostname()


def serve(rules: Rules, stand: Stand, *, teacher: bool, ready: Callable[[str, str], None]) -> None:
    """Serve the class until it is interrupted; ``ready`` is told its address and the teacher's once it is up.

    Raises:
        NanoBananaError: the port is taken.
    """
    folder = rules.folder
    paths = str(HERE / "site"), os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, paths))
    app = Class(config=_config(stand, secret(folder), rules.lang), log_level=logging.ERROR)
    app.rules, app.till, app.header, app.hub = rules, Till(folder), stand.header, hub()
    app.token, app.seal = secrets.token_urlsafe(24) if teacher else "", secrets.token_urlsafe(24)
    at = stand.address
    app.ready = lambda app: ready(at, f"{at}teacher?token={app.token}" if teacher else "")
    app.initialize([])
    try:
        app.start()
    except SystemExit:
        hint = say("app.port_taken_hint")
        raise NanoBananaError(say("app.port_taken", port=stand.port, host=stand.host), hint=hint) from None


def _config(stand: Stand, signs: bytes, lang: str | None) -> Config:
    sockets = {"KernelManager": {"transport": "ipc"}} if os.name != "nt" else {}
    return Config({
        "Voila": {
            "ip": stand.host, "port": stand.port, "port_retries": 0, "open_browser": False,
            "base_url": stand.prefix, "notebook_path": str(HERE / "page" / "studio.ipynb"),
            "root_dir": str(HERE / "page"),
            "config_file_paths": [], "cookie_secret": signs, "token": "", "identity_provider_class": Visitors,
        },
        "VoilaConfiguration": {
            "template": "nb_banana_class", "allow_template_override": "NO", "allow_theme_override": "NO",
            "multi_kernel_manager_class": Kernels, "show_tracebacks": False, "file_allowlist": [],
            "extension_allowlist": list(_FEDERATED),
            "http_header_envs": [], "resources": {"class_lang": lang},
        },
        **sockets,
    })  # fmt: skip
