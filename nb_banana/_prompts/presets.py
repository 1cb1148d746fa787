"""A person's own presets: a name, a prompt, settings; in one JSON file of the user's data folder.

Rules of this file:

* A preset holds words and settings, never keys, pictures or masks. In a file of our own it also has the day
  it was saved, which no export tells.
* A new file is closed to others; one that is there keeps its mode.
* A file is written whole or not at all, one kernel at a time, after reading what the others wrote.
* A file that can't be read, our own or another's, is named and left as it is.

The file is ``presets.json`` in the data folder for ``nb_banana``, or the one ``NB_BANANA_PRESETS`` names.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import platformdirs

from .._files import check_own, in_turn, read_regular
from .._strings import say
from ..errors import InvalidRequestError
from .blanks import blanks

VERSION: Final = 1
_MARK: Final = "nb_banana_presets"
_TEXTS: Final = ("model", "aspect_ratio", "image_size")
_LONGEST: Final = {"name": 60, "prompt": 20_000, "setting": 200}  # characters
_MOST: Final = 500
_BYTES: Final = 4_000_000
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PATIENCE: Final = 10.0  # seconds for another kernel that writes


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset; ``settings`` may hold ``model``, ``aspect_ratio``, ``image_size``, ``seed``, ``extra``.

    ``saved`` is the day, UTC; ``""`` where a file does not say it.
    """

    name: str
    prompt: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    saved: str = field(default="", compare=False)

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names in braces that are to be filled in."""
        return blanks(self.prompt)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the presets of a file.

    Attributes:
        added: those that are new here; ``same``: those that stood here already, word for word.
        clashing: those whose name stands for something else here; they were left out.
    """

    added: tuple[str, ...]
    same: tuple[str, ...]
    clashing: tuple[str, ...]


class Presets:
    """The presets in a file; each call reads it anew, for other kernels write it too.

    Every method raises InvalidRequestError, which names the file, where that can't be read or written.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """Where they are kept."""
        named = self._path or os.environ.get("NB_BANANA_PRESETS")
        if named:
            return Path(named).expanduser()
        return platformdirs.user_data_path("nb_banana", appauthor=False) / "presets.json"

    def all(self) -> tuple[Preset, ...]:
        """Every preset, by name."""
        return tuple(sorted(_read(self.path), key=lambda one: one.name.casefold()))

    def save(self, name: str, prompt: str, settings: Mapping[str, Any] | None = None) -> Preset:
        """Keep a preset; one of the same name is replaced. A mask among the settings is left out."""
        kept = {key: value for key, value in (settings or {}).items() if key != "mask" and value is not None}
        row = {"name": name.strip(), "prompt": prompt.strip(), "settings": kept}
        made = _checked(row, say("prompting.this"))
        with self._open() as (known, write):
            write([*(one for one in known if one.name != made.name), made])
        return made

    def delete(self, name: str) -> None:
        """Forget a preset."""
        with self._open() as (known, write):
            if name not in [one.name for one in known]:
                raise InvalidRequestError(say("prompting.no_preset", name=name))
            write([one for one in known if one.name != name])

    def forget(self, until: datetime) -> None:
        """Forget those saved before a day; one without a day is as old as its file."""
        with self._open() as (known, write):
            day = _day(until)
            kept = [one for one in known if (one.saved or _day(_changed(self.path))) >= day]
            if len(kept) < len(known):
                write(kept)

    def export_to(self, path: str | Path) -> Path:
        """Write all of them into a new file, to be shared.

        Raises:
            InvalidRequestError: there is nothing to write, or something stands there already.
        """
        target, known = Path(path).expanduser(), self.all()
        if not known:
            raise InvalidRequestError(say("prompting.none_to_export"))
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(_text(known))
        except FileExistsError:
            raise InvalidRequestError(say("prompting.export_exists", path=target)) from None
        except (OSError, ValueError) as reason:
            raise InvalidRequestError(say("prompting.not_written", path=target, reason=reason)) from None
        return target

    def import_from(self, path: str | Path, *, replace: bool = False) -> Imported:
        """Take over the presets of a file; a name that stands for something else here is told, not replaced.

        Args:
            replace: whether such a name then stands for what the file says.
        """
        source = Path(path).expanduser()
        if not source.exists():
            raise InvalidRequestError(say("prompting.no_file", path=source))
        given = [_dated(one, "") for one in _read(source)]  # it is saved here now
        with self._open() as (known, write):
            here = {one.name: one for one in known}
            same = tuple(one.name for one in given if here.get(one.name) == one)
            other = tuple(one.name for one in given if one.name in here and one.name not in same)
            new = tuple(one.name for one in given if one.name not in here)
            added = (*new, *other) if replace else new
            write({**here, **{one.name: one for one in given if one.name in added}}.values())
        return Imported(added, same, () if replace else other)

    @contextmanager
    def _open(self) -> Iterator[tuple[list[Preset], Any]]:
        """What the file holds and a function that writes it, while no other kernel does either."""
        path = self.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with in_turn(path.with_name(f"{path.name}.lock"), _PATIENCE):
                yield _read(path), lambda presets: _write(path, presets)
        except OSError as reason:
            raise InvalidRequestError(say("prompting.not_written", path=path, reason=reason)) from None


def _write(path: Path, presets: Iterable[Preset]) -> None:
    today = _day(datetime.now(UTC))
    text = _text((_dated(one, one.saved or today) for one in presets), dated=True)
    check_own(path)
    partial = path.with_name(f"{path.name}.partial")
    check_own(partial)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
    partial.unlink(missing_ok=True)  # of a kernel that died
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.chmod(mode)
    partial.replace(path)


def _dated(preset: Preset, day: str) -> Preset:
    return Preset(preset.name, preset.prompt, preset.settings, day)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _text(presets: Iterable[Preset], *, dated: bool = False) -> str:
    rows = [
        {"name": one.name, "prompt": one.prompt, "settings": dict(one.settings)}
        | ({"saved": one.saved} if dated else {})
        for one in presets
    ]
    if len(rows) > _MOST:
        raise InvalidRequestError(say("prompting.too_many", most=_MOST))
    text = json.dumps({_MARK: VERSION, "presets": rows}, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair is no text a file holds


def _read(path: Path) -> list[Preset]:
    """The presets of a file; none where there is no file."""
    try:
        held = json.loads(read_regular(path, _BYTES).decode("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as reason:
        raise _damaged(path, str(reason)) from None
    rows = held.get("presets") if isinstance(held, dict) and held.get(_MARK) == VERSION else None
    if not isinstance(rows, list) or len(rows) > _MOST:
        raise _damaged(path, say("prompting.not_presets"))
    found = [_checked(row, say("prompting.row", number=at, path=path)) for at, row in enumerate(rows, 1)]
    return list({one.name: one for one in found}.values())


def _damaged(path: Path, reason: str) -> InvalidRequestError:
    sentence = say("prompting.damaged", path=path, reason=reason)
    return InvalidRequestError(sentence, hint=say("prompting.damaged_hint"))


def _checked(row: Any, where: str) -> Preset:
    """A preset, if that is what it is; its file may be anybody's."""
    settings: Any
    saved: Any
    match row:
        case {"name": str(name), "prompt": str(prompt), **rest} if name and prompt and name.isprintable():
            settings, saved = rest.get("settings", {}), rest.get("saved")
        case _:
            raise InvalidRequestError(say("prompting.no_name_or_prompt", where=where))
    if len(name) > _LONGEST["name"] or len(prompt) > _LONGEST["prompt"]:
        raise InvalidRequestError(say("prompting.too_long", where=where, **_LONGEST))
    wrong = _wrong_setting(settings)
    if wrong is not None:
        raise InvalidRequestError(say("prompting.bad_setting", where=where, name=wrong))
    return Preset(name, prompt, dict(settings), saved if _is_day(saved) else "")


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def _wrong_setting(settings: Any) -> str | None:
    """The first setting that a preset can't hold, or None."""
    if not isinstance(settings, Mapping):
        return "settings"
    for name, value in settings.items():
        match value:
            case str() if name in _TEXTS and len(value) <= _LONGEST["setting"]:
                continue
            case int() if name == "seed" and not isinstance(value, bool) and 0 <= value < 2**31:
                continue
            case dict() if name == "extra":
                try:
                    if len(json.dumps(value, allow_nan=False)) <= _LONGEST["prompt"]:
                        continue
                except (TypeError, ValueError, RecursionError):
                    pass
        return str(name)[: _LONGEST["name"]]
    return None
