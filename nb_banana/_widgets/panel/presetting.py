"""A person's own presets in the panel: save the prompt with its settings, delete, share as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as w

from ..._prompts.presets import Preset, Presets
from ..._strings import say
from ..._text import near, shortened
from ...errors import NanoBananaError
from ..surface import Note, classify, is_off, press, toggle

if TYPE_CHECKING:
    from ..status import StatusLine

FILE: Final = "nb_banana_presets.json"
"""Where presets are shared, unless another file is named; from the working directory."""


class Presetting:
    """The rows that keep presets.

    Args:
        line: the panel's status line; its page gives the focus.
        now: the prompt and the settings as they stand.
        changed: called once the presets are others.

    Attributes:
        presets: the file they are kept in.
        button: opens the rows.
        name, save, delete: a preset's name and what is done with it.
        file, give, take: a file to share them in, the way out and the way in.
        note: what came of it.
        part: the rows.
    """

    def __init__(
        self, line: StatusLine, now: Callable[[], tuple[str, Mapping[str, Any]]], changed: Callable[[], None],
        lang: str | None,
    ) -> None:  # fmt: skip
        self.presets, self._line, self._now, self._changed = Presets(), line, now, changed
        self.button, self.note = w.Button(), Note()
        self.name, self.save, self.delete = w.Text(), w.Button(), w.Button()
        self.file, self.give, self.take = w.Text(value=FILE), w.Button(), w.Button()
        rows = w.HBox([self.name, self.save, self.delete]), w.HBox([self.file, self.give, self.take])
        self.part = w.VBox([*rows, self.note])
        classify({
            "manage": self.button, "presets": self.part, "row": rows, "field": (self.name, self.file),
            "preset-name": self.name, "note": self.note, "off": self.part,
        })  # fmt: skip
        press(self.button, self._open, lang)
        actions: dict[w.Button, Callable[[], str]] = {
            self.save: self._save, self.delete: self._delete, self.give: self._give, self.take: self._take,
        }  # fmt: skip
        for button, action in actions.items():
            press(button, partial(self._do, action), lang)

    def relabel(self) -> None:
        """Say every label in the current language."""
        self.button.description, self.button.tooltip = say("prompting.manage"), say("prompting.manage_tip")
        buttons = {"save": self.save, "export": self.give, "import": self.take}
        for key, button in buttons.items():
            button.description, button.tooltip = say(f"prompting.{key}"), say(f"prompting.{key}_tip")
        self.delete.description = say("prompting.delete")
        self.name.description, self.file.description = say("prompting.name"), say("prompting.file")

    def all(self) -> tuple[Preset, ...]:
        """Every preset; none, and why in the open rows, where their file can't be read."""
        try:
            return self.presets.all()
        except NanoBananaError as error:
            self.note.text = f"⚠ {error}"
            toggle(self.part, True)
            return ()

    def _open(self) -> None:
        opening = is_off(self.part)
        toggle(self.part, opening)
        if opening:
            self._changed()  # another kernel may have saved some
            self._line.point("preset-name")

    def _do(self, action: Callable[[], str]) -> None:
        try:
            told = action()
        except NanoBananaError as error:
            told = f"⚠ {error}"
        self._changed()
        self.note.text = told

    def _save(self) -> str:
        prompt, settings = self._now()
        known = [one.name for one in self.presets.all()]
        made = self.presets.save(self.name.value, prompt, settings)
        key = "replaced" if made.name in known else "saved"
        return say(f"prompting.{key}", name=made.name, path=near(self.presets.path))

    def _delete(self) -> str:
        name = self.name.value.strip()
        prompt = next((one.prompt for one in self.presets.all() if one.name == name), "")
        self.presets.delete(name)
        return say("prompting.deleted", name=name, prompt=prompt)

    def _give(self) -> str:
        path = self.presets.export_to(self.file.value.strip() or FILE)
        return say("prompting.exported", count=len(self.presets.all()), path=near(path))

    def _take(self) -> str:
        path = self.file.value.strip() or FILE
        came = self.presets.import_from(path)
        lines = [say("prompting.imported", added=_names(came.added))] if came.added else []
        if came.clashing:
            lines.append("⚠ " + say("prompting.clashing", names=_names(came.clashing)))
        return "\n".join(lines) or say("prompting.imported_none", path=path)


def _names(names: tuple[str, ...]) -> str:
    return shortened(", ".join(names), 400)
