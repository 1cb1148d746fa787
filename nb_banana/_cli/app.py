"""``nb-banana app``: the studio as a page for a class."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import click

from .._client.endpoint import env_endpoint
from .._session.purse import budget_of
from .._strings import say
from ..errors import InvalidRequestError, NanoBananaError
from .frame import tell

_HERE = ("127.0.0.1", "::1", "localhost")


def app(
    *, login_header: str, teacher: bool, host: str | None, port: int | None, prefix: str | None, **asked: Any
) -> None:
    """Serve the studio to a class."""
    if importlib.util.find_spec("voila") is None:
        raise NanoBananaError(say("app.not_installed"), hint=say("app.not_installed_hint"))
    usual = _of_hub(os.environ)
    host, port, prefix = host or usual[0], port or usual[1], (prefix or usual[2]).strip("/")
    if login_header and host not in _HERE:
        raise InvalidRequestError(say("app.header_host", name=login_header, host=host))
    rules = import_module("nb_banana._app.rules").Rules(
        asked["folder"].expanduser().absolute(), budget_of(asked["budget_each"]), budget_of(asked["budget"]),
        asked["keep"], asked["upload_mb"], asked["pages"],
        lang=click.get_current_context().obj,  # what --lang said, wherever it stands
    )  # fmt: skip
    server = import_module("nb_banana._app.server")
    if env_endpoint() is None:
        tell(say("app.no_key"), err=True)
    elif rules.together is None:
        tell(say("app.no_limit_notice"), err=True)
    if host not in _HERE:
        tell(say("app.plain_http", host=host), err=True)
    stand = server.Stand(host, port, f"/{prefix}/" if prefix else "/", login_header)
    server.serve(rules, stand, teacher=teacher, ready=_ready)


def _of_hub(environ: Mapping[str, str]) -> tuple[str, int, str]:
    """Where to stand when nothing else is said: as a JupyterHub wants its service, else on this machine."""
    if "JUPYTERHUB_SERVICE_NAME" not in environ:
        return "127.0.0.1", 8866, "/"
    asked = urlsplit(environ.get("JUPYTERHUB_SERVICE_URL", ""))
    return asked.hostname or "127.0.0.1", asked.port or 8866, environ.get("JUPYTERHUB_SERVICE_PREFIX", "/")


def _ready(address: str, teacher: str) -> None:
    tell(say("app.ready", address=address))
    if teacher:
        tell(say("app.teacher_ready", address=teacher))
