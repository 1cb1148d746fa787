"""Where a key is looked for: one table of places, in order. The first place that holds one is used.

1. What is given in code, or typed for a session, goes before every place.
2. A file of variables, ``nb.session(env=".env")``: only when asked for.
3. The system's keyring, ``nb.session(env="keyring")``: only when asked for.
4. The variables of this process, looked at again before each edit.
5. Colab's secrets, in the kernel of a notebook that runs there.
6. Kaggle's secrets, in a notebook or script that runs there.

Rules of this file:

* A secret is called as the variable would be, and goes where that variable's key would go
  (:mod:`.environment`). A place that names no address has that of this process's variables; where it has one
  and does not give it, its ``NB_BANANA_API_KEY`` goes nowhere.
* Nobody is asked twice: what a place said, no included, stays in memory until :func:`ask_again`. One that
  does not answer is not asked for further names. No place is asked while one before it holds a key.
* Nothing found is put into ``os.environ``; nothing but our own names is asked for. What was found is never
  in a repr, a traceback or a pickle, and of what somebody else's code raises only the kind is told.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from sys import modules
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from .._fetch.urls import is_loopback
from .._files import read_regular
from .._strings import say
from .._text import here
from ..errors import AuthenticationError, InvalidRequestError, NanoBananaError
from .environment import (
    ADDRESS,
    ANY_HOST,
    WIRE,
    KeyHolder,
    held_keys,
    key_for,
    key_variables,
    named_address,
    usable_key,
)
from .secret import Secret

Env = Literal["keyring"] | str | os.PathLike[str]
"""What a person asks for: the keyring, or a file."""
KEYRING: Final = "keyring"
SERVICE: Final = "nb_banana"
"""What our keys stand under in a keyring."""
_MOST: Final = 2**20
"""Bytes of a file of variables."""
_ON_KAGGLE: Final = ("KAGGLE_KERNEL_RUN_TYPE", "KAGGLE_USER_SECRETS_TOKEN")


Ask = Callable[[str], object]
"""What a place answers to a name; what is no text is nothing."""


class Shut(NamedTuple):
    """What a place did not give, and why; ``whole``: nor anything else."""

    name: str
    problem: str
    why: str
    whole: bool


class Kind(NamedTuple):
    """A row of the table.

    Attributes:
        name: what it is called in code and in sentences.
        open: gives what answers to a name; it may raise.
        answers: what the exceptions that it raises mean, by their names: the sentence, ``""`` where the name
            is simply not there, and whether no other name need be asked for.
        here: whether there is such a place for this process. It is asked before each edit, so it is quick.
        asked: whether it is looked at only when a person asks for it.
    """

    name: str
    open: Callable[[str], Ask]
    answers: Mapping[str, tuple[str, bool]] = {}
    here: Callable[[], bool] = lambda: True
    asked: bool = False


# --- how each is read ----------------------------------------------------------------------------


def _names() -> tuple[str, ...]:
    """All that is ever asked for."""
    return (ADDRESS, WIRE, *key_variables(named_too=True))


def _variables(_: str) -> Ask:
    return lambda name: os.environ.get(name, "")


def _file(path: str) -> Ask:
    """What a file of variables holds. Nothing in it is expanded: that would read other variables."""
    with _needs("dotenv"):
        dotenv = import_module("dotenv")
    try:
        text = read_regular(Path(path), _MOST).decode("utf-8-sig")
    except UnicodeError:
        text = None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidRequestError(
            say("places.file_bad", path=path, reason=reason), hint=say("places.file_bad_hint")
        ) from None
    if text is None:
        raise InvalidRequestError(say("places.file_coded", path=path), hint=say("places.file_coded_hint"))
    found = dotenv.dotenv_values(stream=StringIO(text), interpolate=False)
    held = {name: Secret(found[name]) for name in _names() if found.get(name)}
    return lambda name: held[name].reveal() if name in held else ""


def _keyring(_: str) -> Ask:
    with _needs(KEYRING):
        keyring = import_module("keyring")
    return partial(keyring.get_password, SERVICE)


@contextmanager
def _needs(library: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        hint = say("places.library_hint", extra=library)
        raise InvalidRequestError(say(f"places.no_{library}"), hint=hint) from None


def _colab(_: str) -> Ask:
    get: Ask = import_module("google.colab.userdata").get
    return get


def _on_kaggle() -> bool:
    """A module of this name elsewhere is somebody's own and is not run."""
    return any(name in os.environ for name in _ON_KAGGLE) and find_spec("kaggle_secrets") is not None


def _kaggle(_: str) -> Ask:
    return partial(_of_kaggle, import_module("kaggle_secrets").UserSecretsClient())


def _of_kaggle(client: Any, name: str) -> object:
    """Kaggle says that there is no such secret by an error whose words alone tell it from a failure."""
    try:
        return client.get_secret(name)
    except Exception as problem:
        if type(problem).__name__ == "BackendError" and "No user secrets exist" in str(problem):
            return ""
        raise


KINDS: Final = (
    Kind("file", _file, asked=True),
    Kind(
        KEYRING, _keyring, asked=True,
        answers={
            "NoKeyringError": ("keyring_none", True), "KeyringLocked": ("keyring_locked", True),
            "InitError": ("keyring_locked", True),
        },
    ),
    Kind("variables", _variables),
    Kind(
        "colab", _colab, here=lambda: "google.colab" in modules,  # a kernel there has loaded it
        answers={
            "SecretNotFoundError": ("", False), "NotebookAccessError": ("colab_denied", False),
            "TimeoutException": ("colab_silent", True),
        },
    ),
    Kind(
        "kaggle", _kaggle, here=_on_kaggle,
        answers={"CredentialError": ("kaggle_denied", True), "ConnectionError": ("kaggle_silent", True)},
    ),
)  # fmt: skip


# --- a place -------------------------------------------------------------------------------------


class Place(Mapping[str, str]):
    """One place as a mapping from the names of our variables to what stands there under them.

    Attributes:
        kind: its row.
        path: of a file, absolute.
    """

    def __init__(self, kind: Kind, path: str = "") -> None:
        self.kind, self.path = kind, path
        self._lock = threading.Lock()
        self._ask: Ask | None = None
        self._said: dict[str, Secret] = {}
        self._shut: dict[str, Shut] = {}

    def own(self, name: str) -> str:
        """What stands here under a name, ``""`` for nothing."""
        if self.kind.open is _variables:  # they change, and cost nothing
            return os.environ.get(name, "").strip()
        if not self.kind.here():
            return ""
        with self._lock:
            if name not in self._said:
                self._said[name] = Secret(self._asked(name))
            return self._said[name].reveal()

    def _asked(self, name: str) -> str:
        if any(shut.whole for shut in self._shut.values()):
            return ""
        try:
            self._ask = self._ask or self.kind.open(self.path)
            given = self._ask(name)
        except NanoBananaError:
            raise
        except Exception as problem:  # noqa: BLE001 - of whatever kind: this place gives nothing
            self._refused(name, type(problem).__name__)
            return ""
        return given.strip() if isinstance(given, str) else ""

    def _refused(self, name: str, problem: str) -> None:
        why, whole = self.kind.answers.get(problem, ("failed", True))
        if why:
            self._shut[name] = Shut(name, problem, why, whole)

    @property
    def names_address(self) -> bool:
        """Whether it says itself where its key goes."""
        return bool(self.own(ADDRESS))

    def __getitem__(self, name: str) -> str:
        if name == ANY_HOST and not self.names_address and ADDRESS in self._shut:
            raise KeyError(name)  # it is for an address that nobody let us read: not for the usual one
        value = self.own(name)
        if not value and name in (ADDRESS, WIRE) and not self.names_address:
            value = os.environ.get(name, "").strip()
        if not value:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name in _names() if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<Place {self.path or self.kind.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.kind.name, self.path)

    def ask_again(self) -> None:
        """Forget what was said here."""
        with self._lock:
            self._ask = None
            self._said.clear()
            self._shut.clear()

    @property
    def title(self) -> str:
        """What it is, for a person."""
        return say(f"places.{self.kind.name}", path=self.path)

    @property
    def troubles(self) -> list[str]:
        """What a person should know of what it did not give."""
        return [
            say(f"places.{one.why}", place=self.title, name=one.name, problem=one.problem)
            for one in self._shut.values()
        ]

    def source(self, name: str) -> str:
        """A name and its place as one word: a variable's is the name alone."""
        place = self.path or self.kind.name
        return name if self.kind.open is _variables else f"{place}:{name}"


def _again(name: str, path: str) -> Place:
    return Place(next(kind for kind in KINDS if kind.name == name), path)


HERE: Final = tuple(Place(kind) for kind in KINDS if not kind.asked)
"""Where a key is looked for without being asked, in order."""
_looked_in: ContextVar[Sequence[Place]] = ContextVar("nb_banana_places", default=HERE)


def places(env: object = None) -> tuple[Place, ...]:
    """Where a session looks for a key: first the place that a person asked for, a file or ``"keyring"``.

    Raises:
        InvalidRequestError: it can't be read, or its library is not installed.
        AuthenticationError: there is no key in it.
    """
    if env is None:
        return HERE
    if not isinstance(env, (str, os.PathLike)) or not os.fsdecode(env).strip():
        raise InvalidRequestError(say("places.env_bad", given=env), hint=say("places.env_hint"))
    if env == KEYRING:
        asked = _again(KEYRING, "")
    else:
        asked = _again("file", str(Path(os.fsdecode(env)).expanduser().absolute()))
    if not find((asked,)).held:
        sentence = say("places.none_in", place=asked.title, names=", ".join(key_variables()))
        raise AuthenticationError(
            " ".join([sentence, *asked.troubles]),
            hint=say(f"places.none_in_{asked.kind.name}", name=key_variables()[1]),
        )
    return (asked, *HERE)


@contextmanager
def looking_in(several: Sequence[Place]) -> Iterator[None]:
    """Inside the block :func:`looked_in` gives these places."""
    token = _looked_in.set(several)
    try:
        yield
    finally:
        _looked_in.reset(token)


def looked_in() -> Sequence[Place]:
    """Where the keys of places that somebody names are looked for."""
    return _looked_in.get()


def ask_again(several: Iterable[Place]) -> None:
    """Let places be asked anew, where something may have changed there."""
    for place in several:
        place.ask_again()


# --- what is found -------------------------------------------------------------------------------


class Found(NamedTuple):
    """The keys of the first place that has one, the one to use in front; or an address alone.

    Attributes:
        place: where they are; of an address alone, what names it.
        address: where the first key goes, or the address that has none; ``""`` for neither.
        held: the variables' names with where their keys go.
        looked: the places that were looked at, in order.
    """

    place: Mapping[str, str] | None
    address: str
    held: Sequence[KeyHolder]
    looked: Sequence[Mapping[str, str]]

    @property
    def source(self) -> str:
        """Where the key is, in a word; ``""`` for none."""
        if not self.held:
            return ""
        name = self.held[0].name
        return self.place.source(name) if isinstance(self.place, Place) else name


def find(several: Sequence[Mapping[str, str]] = HERE) -> Found:
    """Look for a key, place by place, until one has it.

    An address that a place names is where edits go: keys for other addresses stay where they are. A place
    that a person asked for goes before an address that only the process's variables name.
    """
    alone, named_by = "", None
    for number, place in enumerate(several, 1):
        named, held = named_address(place), held_keys(place)
        own = not isinstance(place, Place) or place.names_address
        wanted = not named or (isinstance(place, Place) and place.kind.asked and not own)
        if held and (wanted or held[0].address == named):
            return Found(place, held[0].address, held, several[:number])
        if named and own and not alone:
            alone, named_by = named, place
            if is_loopback(urlsplit(named).hostname or ""):  # which needs none
                return Found(place, named, (), several[:number])
    return Found(named_by, alone, (), several)


def key_at(address: str, several: Sequence[Mapping[str, str]] = HERE) -> str | None:
    """The key that the first of these places gives to this very address, or None."""
    return next(filter(None, (key_for(place, address) for place in several)), None)


def troubles(several: Iterable[Mapping[str, str]]) -> list[str]:
    """What a person should know of what these places did not give."""
    return [sentence for place in several if isinstance(place, Place) for sentence in place.troubles]


def tips(several: Iterable[Place]) -> list[str]:
    """How a key gets into the secrets of the platform that this process runs on, and is taken up."""
    kept = (place for place in several if not (place.kind.asked or place.kind.open is _variables))
    return [
        say("places.tip", place=place.title, name=key_variables()[1])
        for place in kept if place.kind.here() and not place.troubles
    ]  # fmt: skip


def accounts(several: Sequence[Place]) -> Iterator[tuple[str, str]]:
    """Every place there is, in order, with what was found in it; of a key no more than its end."""
    found, given = find(several), {place.kind.name: place for place in several}
    for kind in KINDS:
        place = given.get(kind.name)
        if place is None:
            code = 'nb.session(env="keyring")' if kind.name == KEYRING else 'nb.session(env=".env")'
            yield say(f"places.any_{kind.name}"), say("places.unread", code=code)
        elif not kind.here():
            yield place.title, say("places.elsewhere")
        elif any(place is one for one in found.looked):
            yield place.title, _holds(place, found)
        else:
            yield place.title, say("places.not_asked")


def _holds(place: Place, found: Found) -> str:
    held = held_keys(place)
    if held:
        used = found.held[0] if found.held and place is found.place else None
        return ", ".join(_holder(place, one, one == used) for one in held)
    if place.names_address:
        return say("places.holds_address", name=ADDRESS, address=named_address(place))
    return say("places.holds_nothing", names=", ".join(key_variables()))


def _holder(place: Place, held: KeyHolder, used: bool) -> str:
    end = say("places.unusable")
    with suppress(AuthenticationError):
        hint = Secret(usable_key(place, held)).hint
        end = f"…{hint}" if hint else ""
    words = " ".join(filter(None, (held.name, end, "→", urlsplit(held.address).netloc)))
    return words if used else say("places.not_used", text=words)


def looked_for(several: Sequence[Place] = HERE) -> str:
    """Where a key is looked for and where not, for a person who has one somewhere."""
    titles = ", ".join(place.title for place in several)
    said = say("places.looked_for", variables=", ".join(key_variables()), places=titles)
    return " ".join(filter(None, (said, *troubles(several), unread_dotenv(several))))


def unread_dotenv(several: Sequence[Place] = HERE) -> str:
    """A sentence where a ``.env`` lies beside the notebook: a person may think that its key is used."""
    lies_here = (here() or Path()) / ".env"
    read = any(place.path == str(lies_here) for place in several)
    return say("client.dotenv", path=lies_here) if lies_here.is_file() and not read else ""
