"""What driving an edit needs: options, the request that is built, what a connection's end means."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from .._actions import Broken, Post, Received
from .._sandbox import report
from .._strings import say
from .._text import plain, whole
from .._wire.lift import Lifter, ReplyTooLargeError
from .._wire.reply import is_whole
from ..errors import InvalidRequestError
from .connections import Upload
from .endpoint import Endpoint

if TYPE_CHECKING:
    from .attempt import Course

_log: Final = logging.getLogger("nb_banana")
_CONNECT_SECONDS: Final = 15.0
TAKE_HEADER: Final = "X-NB-Banana-Take"
SANDBOX_HEADER: Final = "x-nb-banana-sandbox"


@dataclass(frozen=True, slots=True)
class Options:
    """How a client drives its edits."""

    endpoint: Endpoint
    retries: int
    deadline: float | None
    strict: bool

    def __post_init__(self) -> None:
        if not isinstance(self.endpoint, Endpoint):
            raise InvalidRequestError(say("client.endpoint_bad", kind=type(self.endpoint).__name__))
        retries = whole(self.retries, 0, 10)
        if retries is None:
            raise InvalidRequestError(say("client.retries_bad", value=self.retries))
        object.__setattr__(self, "retries", retries)
        number = isinstance(self.deadline, (int, float)) and not isinstance(self.deadline, bool)
        if self.deadline is not None and not (number and 0 < self.deadline < 86_400):
            raise InvalidRequestError(say("client.deadline_bad", value=self.deadline))

    def http_request(self, post: Post, take: int) -> httpx.Request:
        if not post.url.startswith(f"{self.endpoint.base_url}/"):  # a plan that another client made
            raise InvalidRequestError(
                say("client.plan_elsewhere", there=urlsplit(post.url).netloc, here=self.endpoint.base_url)
            )
        local = self.endpoint.takes_header
        headers = httpx.Headers(
            {
                "Host": urlsplit(post.url).netloc,
                "Content-Type": post.body.content_type,
                "Content-Length": str(len(post.body)),
                "Accept": "application/json",
                "Accept-Encoding": "identity" if local else "gzip, deflate",
                "User-Agent": "nb_banana",
            }
        )
        if local:
            headers[TAKE_HEADER] = str(take)
        self.endpoint.sign(headers)
        seconds = max(post.seconds, 0.001)
        timeout = dict.fromkeys(("read", "write", "pool"), seconds)
        timeout["connect"] = min(_CONNECT_SECONDS, seconds)
        return httpx.Request(
            "POST", post.url, headers=headers, stream=Upload(post.body), extensions={"timeout": timeout}
        )


@dataclass(slots=True)
class Seen:
    """What a driver learned on the side.

    Attributes:
        trusts: whether the other end may call itself a sandbox: one on this machine, never a provider.
        sandbox: that a sandbox answered.
        told: what the sandbox says of its picture, for people.
        posts: how many requests may have gone out.
        course: how the attempts go; None where nothing is sent.
    """

    trusts: bool = False
    sandbox: bool = False
    told: tuple[str, ...] = ()
    posts: int = 0
    course: Course | None = None


def log_notes(notes: Iterable[str]) -> None:
    """What a person should know and nobody else says: a client has no voice of its own."""
    for note in notes:
        _log.warning("%s", plain(note))


def announced(headers: httpx.Headers) -> int:
    """How long a reply says it is; 0 where it does not, or where that is the length of something packed."""
    text = headers.get("content-length", "")
    return int(text) if text.isdecimal() and len(text) < 16 and "content-encoding" not in headers else 0


class Coming:
    """One reply while it comes."""

    def __init__(self) -> None:
        self._begun: tuple[httpx.Response, Lifter] | None = None

    def begin(self, response: httpx.Response) -> Lifter:
        """Its head is here; what the rest is fed to."""
        lifter = Lifter(expected=announced(response.headers))
        self._begun = response, lifter
        return lifter

    def after_all(self, error: BaseException, seen: Seen) -> Received | None:
        """The whole of it, if the connection broke, or fell silent, after the last word had come."""
        how = how_it_broke(error).how
        if not self._begun or self._begun[0].is_error or how not in ("broken", "deadline"):
            return None
        reply = received(*self._begun, seen)
        if not is_whole(reply.reply):
            return None
        seen.told = (*seen.told, say("client.note_broken_end"))
        return reply


def received(response: httpx.Response, lifter: Lifter, seen: Seen) -> Received:
    if seen.trusts and response.headers.get(SANDBOX_HEADER) == "1":
        seen.sandbox = True
        seen.told = report.read(response.headers.get(report.HEADER, ""))
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Received(response.status_code, headers, lifter.finish())


def how_it_broke(error: BaseException) -> Broken:
    """What a connection's end means: had anything been sent or not."""
    reason = str(error).strip() or type(error).__name__
    if isinstance(error, ReplyTooLargeError):
        return Broken("too_large")
    if isinstance(error, httpx.DecodingError):
        return Broken("undecodable", reason)
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        hopeless = "certificate" in reason.lower() or isinstance(error, httpx.ProxyError)
        return Broken("refused_here" if hopeless else "connect", reason)
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return Broken("refused_here", reason)
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return Broken("deadline")
    return Broken("broken", reason)


TROUBLE: Final = (httpx.HTTPError, httpx.StreamError, ReplyTooLargeError, OSError)
