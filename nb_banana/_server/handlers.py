"""The two routes: what may be asked, who may ask, and how an answer goes out."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.contents.fileio import FileManagerMixin
from tornado import web

from .._strings import say
from .refused import Refused

PAGE: Final = 50
MOST: Final = 200
"""Rows of one answer."""
FAR: Final = 1_000_000
LONGEST: Final = 200
"""Letters of a search."""
DEEPEST: Final = 4_000
"""Letters of a path."""
PATIENCE: Final = 20.0
"""Seconds until an answer is given up; what its thread reads has an end of its own."""
WAITING: Final = 64
"""Questions that may wait for a thread."""
THREADS: Final = 2
STATUS: Final = {
    **dict.fromkeys(("bad_value", "bad_number", "bad_folder"), 400),
    "no_picture": 404, "busy": 503, "no_files": 501,
}  # fmt: skip
"""What HTTP calls a reason; any other one is a conflict with what lies on the disk (409)."""


class Desk:
    """The threads that read, and how many questions wait for them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="nb-banana")
        self._waiting = 0

    async def ask(self, name: str, *place: Any, **asked: Any) -> Any:
        """What the function ``name`` of the room that reads says, from a thread.

        Raises:
            Refused: it can't be told, too many wait, or it takes too long.
        """
        if self._waiting >= WAITING:
            raise Refused("busy")
        self._waiting += 1
        try:
            work = self._threads.submit(_answer, name, place, asked)
            return await asyncio.wait_for(asyncio.wrap_future(work), PATIENCE)
        except TimeoutError:
            raise Refused("busy") from None
        finally:
            self._waiting -= 1


def _answer(name: str, place: tuple[Any, ...], asked: dict[str, Any]) -> Any:
    """In a thread: the rooms that read are loaded by the first question, not by the server's start."""
    room = import_module("nb_banana._server.answers")
    return getattr(room, name)(room.Place(*place), **asked)


class Route(APIHandler):
    """What both routes share."""

    auth_resource = "contents"  # who may not list files sees no history either

    def initialize(self, desk: Desk) -> None:
        """Take the threads."""
        self._desk = desk

    @property
    def content_security_policy(self) -> str:
        """Nothing that comes from here runs or loads anything, should it be opened by itself."""
        return f"{super().content_security_policy}; sandbox"

    def set_default_headers(self) -> None:
        """No browser guesses a type; each answer is asked for again, since what is deleted is gone."""
        super().set_default_headers()
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "private, no-cache")

    def text(self, name: str, most: int) -> str:
        """A word of the query as it was sent; ``""`` without one."""
        try:
            (value,) = self.request.query_arguments.get(name, [b""])
            text = str(value, "utf-8")
        except ValueError:  # several, or no text
            raise Refused("bad_value", name) from None
        if len(text) > most or "\0" in text:
            raise Refused("bad_value", name)
        return text

    def number(self, name: str, usual: int, low: int, most: int) -> int:
        """A number of the query."""
        text = self.text(name, 12) or str(usual)
        if not (text.isascii() and text.isdigit() and low <= int(text) <= most):
            raise Refused("bad_number", name)
        return int(text)

    async def read(self, name: str, **asked: Any) -> Any:
        """What is found in the folder that is asked for."""
        contents, path = self.contents_manager, self.text("folder", DEEPEST)
        if not isinstance(contents, FileManagerMixin):
            raise Refused("no_files")
        return await self._desk.ask(name, Path(contents.root_dir), path, contents.allow_hidden, **asked)

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer, or say why not as the server's own services do: a sentence, and a word for programs."""
        try:
            await self.answer()
        except Refused as why:
            sentence = say(f"server.{why.reason}", what=why.what)
            raise web.HTTPError(STATUS.get(why.reason, 409), sentence, reason=why.reason) from None

    async def answer(self) -> None:
        """Each route's own."""
        raise NotImplementedError


class Rows(Route):
    """``GET /nb-banana/history``: a page of a history, newest first."""

    async def answer(self) -> None:
        """``{"rows": […], "total": n, "folder": path}``; without a history there are no rows."""
        found = await self.read(
            "rows", q=self.text("q", LONGEST), offset=self.number("offset", 0, 0, FAR),
            limit=self.number("limit", PAGE, 1, MOST),
        )  # fmt: skip
        await self.finish(json.dumps(found, ensure_ascii=False))


class Pictures(Route):
    """``GET /nb-banana/image``: one picture of a history, by its hash."""

    async def answer(self) -> None:
        """The bytes as they came, or a small copy; 304 where the page has them and they are still there."""
        sha256, size = self.text("sha", 64), self.text("size", 5) or "thumb"
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise Refused("bad_value", "sha")
        if size not in ("thumb", "full"):
            raise Refused("bad_value", "size")
        self.set_header("Etag", f'"{sha256}-{size}"')  # the bytes of a hash never change
        known = self.check_etag_header()
        data, kind = await self.read("picture_of", sha256=sha256, small=size == "thumb", known=known)
        if known:
            self.set_status(304)
            await self.finish()
        else:
            await self.finish(data, set_content_type=kind)
