"""Who somebody is: a signed cookie, or the login of whoever stands before. Judged in the server alone.

Rules of this file:

* A name is made here, by chance or from a login; none is ever taken from what a page sends.
* The secret that signs lies beside the histories, readable by the server's own user only.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler

from .._files import check_own

COOKIE: Final = "nb-banana-visitor"
TEACHER: Final = "nb-banana-teacher"
_DAYS: Final = 200
_LONGEST: Final = 60
_HUB: Final = "jupyterhub.services.auth"
"""Only where a hub is: it is no requirement of ours."""
_SERVICE: Final = frozenset({"JUPYTERHUB_SERVICE_NAME", "JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_API_TOKEN"})
_SECRET: Final = ".secret"
_HERE: Final = ("127.0.0.1", "::1")


def hub() -> Any:
    """JupyterHub's own module about logins, where this server is a service of a hub; else None."""
    return import_module(_HUB) if os.environ.keys() >= _SERVICE else None


class Visitors(IdentityProvider):
    """Finds the visitor of a request. ``header`` is the one a proxy on this machine puts the login into,
    ``hub`` what asks a JupyterHub.
    """

    header, hub = "", None

    async def get_user(self, handler: RequestHandler) -> User | None:
        """The visitor, or None where nobody is known."""
        if self.hub is not None:
            model = await self.hub.get_user(handler, sync=False)
            allowed = model and self.hub.check_scopes(self.hub.access_scopes, model)
            return _signed_in(str(model["name"])) if allowed else None
        if self.header:
            login = handler.request.headers.get(self.header, "").strip()
            return _signed_in(login) if login and _peer(handler) in _HERE else None
        signed = handler.get_signed_cookie(COOKIE, max_age_days=_DAYS)
        return User(*signed.decode().split("\n", 1)) if signed else None

    def get_handlers(self) -> list[tuple[str, object]]:
        """No form that asks for a password: there is none."""
        return []


def _signed_in(login: str) -> User:
    return User(f"login-{hashlib.sha256(login.encode()).hexdigest()[:24]}", login[:_LONGEST])


def _peer(handler: RequestHandler) -> str:
    """Who is at the other end of the connection, whatever headers say."""
    return str(handler.request.remote_ip)


def welcome(handler: RequestHandler, known: str, called: str) -> None:
    """Give the cookie that says who somebody is: ``known`` before, else an id by chance; and what they are
    called. Nothing is written down here, so that a flood of new ones leaves nothing behind.
    """
    words = " ".join(called.split())[:_LONGEST]
    if words or not known:
        sign(handler, COOKIE, f"{known or f'visitor-{secrets.token_hex(12)}'}\n{words}", _DAYS)


def sign(handler: RequestHandler, cookie: str, value: str, days: float) -> None:
    """A signed cookie that scripts can't read and other sites don't send."""
    forwarded: Any = handler.request.headers.get("X-Forwarded-Proto", "")
    secure = "https" in (handler.request.protocol, forwarded)
    path = handler.settings["base_url"]
    handler.set_signed_cookie(
        cookie, value, expires_days=days, path=path, httponly=True, samesite="Lax", secure=secure
    )


def secret(folder: Path) -> bytes:
    """What signs cookies: made once, so that visitors stay who they are when the server starts again."""
    path = folder / _SECRET
    check_own(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
