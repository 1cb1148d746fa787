"""What ``nb-banana doctor`` and ``%banana doctor`` report: facts a person needs when something won't work.

Rules of this room: it looks and changes nothing; it sends nothing; a key is named by its variable, and
of it no more than the end is shown; what is wrong comes with the sentence the core itself would give.
"""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ._catalog.providers import PROVIDERS
from ._chosen import LAB, VARIABLES, choices, in_notebook, lab, read
from ._client.endpoint import Endpoint, env_endpoint
from ._client.places import HERE, Place, accounts, ask_again, find, troubles, unread_dotenv
from ._fetch.proxies import proxy_here
from ._fetch.trust import in_use, trust
from ._fetch.urls import shown_url
from ._history.beside import beside, in_kernel
from ._history.book import History
from ._plugins import KINDS, offered
from ._prompts.templates import TEMPLATES
from ._strings import language, say
from ._text import shortened
from ._version import __version__
from ._wire.wires import BUILT_IN
from .errors import NanoBananaError

PACKAGES = ("jupyterlab", "notebook", "voila", "ipykernel", "ipywidgets", "anywidget", "httpx", "pillow")
EXTRAS = {"research": "scikit-image", "heic": "pillow-heif", "lab": "jupyterlab"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``fine`` is False where something needs doing."""

    label: str
    text: str
    fine: bool = True

    def __str__(self) -> str:
        return f"{'✓' if self.fine else '✗'} {self.label}: {self.text}"


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _versions() -> Iterator[Finding]:
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield Finding("nb_banana", f"{__version__}, {system}, {say('doctor.language', language=language())}")
    found = ((package, _installed(package)) for package in PACKAGES)
    here = ", ".join(f"{package} {number}" for package, number in found if number)
    yield Finding(say("doctor.packages"), here)
    missing = [extra for extra, package in EXTRAS.items() if not _installed(package)]
    if missing:
        yield Finding(
            say("doctor.extras"), ", ".join(f'pip install "nb_banana[{extra}]"' for extra in missing)
        )


def _key(places: Sequence[Place]) -> Iterator[Finding]:
    ask_again(places)
    try:
        yield from _key_found(env_endpoint(places), find(places).source)
    except NanoBananaError as error:
        yield Finding(say("doctor.key"), " ".join(str(error).splitlines()), fine=False)
    with contextlib.suppress(NanoBananaError):  # an address that is none has been said
        yield from (Finding(say("doctor.looked"), f"{place}: {text}") for place, text in accounts(places))
    yield from (Finding(say("doctor.looked"), trouble, fine=False) for trouble in troubles(places))
    if unread := unread_dotenv(places):
        yield Finding(say("doctor.looked"), unread)


def _key_found(endpoint: Endpoint | None, source: str) -> Iterator[Finding]:
    if endpoint is None:
        yield Finding(say("doctor.key"), f"{say('doctor.no_key')}; {say('doctor.hand_over')}")
        return
    text = say("doctor.key_from", name=source) if endpoint.has_key else say("doctor.key_not_needed")
    yield Finding(say("doctor.key"), text)
    yield Finding(
        say("doctor.address"), f"{endpoint.base_url} ({endpoint.provider.title}, wire={endpoint.wire})"
    )
    if endpoint.notice:
        yield Finding(say("doctor.key"), endpoint.notice)


def _proxy(places: Sequence[Place]) -> Iterator[Finding]:
    endpoint = None
    with contextlib.suppress(NanoBananaError):  # what is wrong with the key, the key's own line has said
        endpoint = env_endpoint(places)
    endpoint = endpoint or Endpoint("https://api.apiyi.com")
    proxy = proxy_here(endpoint.base_url)
    text = say("doctor.direct") if proxy is None else shown_url(proxy)
    yield Finding(say("doctor.proxy"), text)


def _certificates() -> Iterator[Finding]:
    found = trust(os.environ)
    yield Finding(say("doctor.certificates"), in_use(os.environ) or say("doctor.certificates_usual"))
    for note in found.notes:
        yield Finding(say("doctor.certificates"), note, fine=False)


def _history() -> Iterator[Finding]:
    kept = History.open()
    folder = kept.folder
    nearest = next(path for path in (folder, *folder.parents) if path.is_dir())
    if os.access(nearest, os.W_OK) and _can_write(nearest):
        there = say("doctor.history_there" if folder.is_dir() else "doctor.history_new")
        yield Finding(say("doctor.history"), f"{folder} ({_whose_place()}; {there})")
    else:
        yield Finding(say("doctor.history"), say("doctor.history_unwritable", folder=folder), fine=False)
    for older in kept.shelf.older:
        yield Finding(say("doctor.history"), say("doctor.history_older", folder=older))


def _whose_place() -> str:
    """Why the history stands where it does."""
    if choice := next(choices("historyFolder"), None):
        return say("chosen.chosen_folder" if choice.where == LAB else "doctor.history_chosen")
    here = beside()
    if here.known:
        return say("doctor.history_beside", notebook=here.name)
    return say("doctor.history_began" if in_kernel() else "doctor.history_here")


def _can_write(folder: Path) -> bool:
    """Asked by writing: permission bits say nothing of a full or read-only disk."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except OSError:
        return False
    return True


def _settings() -> Iterator[Finding]:
    """What was chosen outside of calls, and where; also what could not be understood."""
    label, found = say("chosen.settings"), lab()
    if found.trouble:
        text = say("chosen.not_read", path=found.path, reason=found.trouble)
        yield Finding(label, text, fine=False)
    names = {setting: say(f"chosen.{setting}") for setting in VARIABLES}
    count = 0
    for setting, name in names.items():
        for choice in choices(setting):
            said = {"name": name, "value": shortened(choice.text, 200), "where": choice.where}
            fine = read(setting, choice.text) is not None
            count += 1
            yield Finding(label, say("chosen.set" if fine else "chosen.not_used", **said), fine=fine)
            if fine:
                break
    aside = {} if in_notebook() else found.values
    if aside:
        values = ", ".join(f"{names[setting]} = {shortened(text, 200)}" for setting, text in aside.items())
        yield Finding(label, say("chosen.notebooks", values=values, path=found.path))
    elif not count and not found.trouble:
        yield Finding(label, say("chosen.not_set"))


def _plugins_of() -> Iterator[Finding]:
    """What other packages add, from their metadata; what has a name of ours is not used."""
    built_in: dict[str, Callable[[], Collection[str]]] = {
        "provider": lambda: PROVIDERS, "template": lambda: TEMPLATES, "wire": lambda: BUILT_IN,
        "measure": lambda: import_module("nb_banana._measures.scoring").NAMED,
    }  # fmt: skip
    for kind in KINDS:
        for one in offered(kind):
            shadows = one.name in built_in[kind]()
            facts = {"kind": say(f"plugins.{kind}"), "name": one.name, "package": one.package}
            text = say("plugins.shadowed" if shadows else "plugins.offers", **facts)
            yield Finding(say("doctor.plugins"), text, fine=not shadows)


CHECKS: dict[str, Callable[[Sequence[Place]], Iterator[Finding]]] = {
    "versions": lambda _: _versions(), "key": _key, "proxy": _proxy,
    "certificates": lambda _: _certificates(),
    "history": lambda _: _history(), "settings": lambda _: _settings(), "plugins": lambda _: _plugins_of(),
}  # fmt: skip


def findings(places: Sequence[Place] = HERE) -> tuple[Finding, ...]:
    """Every check in order; one that fails reports its error and does not stop the others.

    ``places``: where the session in question looks for its key; they are asked anew.
    """
    found: list[Finding] = []
    for name, check in CHECKS.items():
        try:
            found += check(places)
        except NanoBananaError as error:
            found.append(Finding(say(f"doctor.{name}"), " ".join(str(error).splitlines()), fine=False))
    return tuple(found)


def report(places: Sequence[Place] = HERE) -> str:
    """The findings as text."""
    return "\n".join(map(str, findings(places)))
