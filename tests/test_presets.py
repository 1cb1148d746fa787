"""A person's own presets: kept in one file, shared as a file, never lost to another kernel or to damage."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana._images.data import ImageData
from nb_banana._prompts.blanks import blanks, unfilled
from nb_banana._prompts.presets import Imported, Preset, Presets
from nb_banana._prompts.templates import TEMPLATES


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Presets in a file of the test's own."""
    monkeypatch.setenv("NB_BANANA_PRESETS", str(tmp_path / "data" / "presets.json"))
    return Presets()


def test_what_is_saved_is_there_by_name_and_the_same_name_replaces(own):
    """Prompt and settings come back as they were, sorted by name; saving again renames nothing and keeps one."""
    assert own.all() == ()
    own.save(" Night ", " Turn the day into night ", {"model": "nano-banana-2", "seed": 0, "extra": {"quality": "high"}})
    own.save("雨天", "让{地点}下雨")
    own.save("Night", "Make it {colour} night", {"aspect_ratio": "16:9", "image_size": None})
    assert own.all() == (Preset("Night", "Make it {colour} night", {"aspect_ratio": "16:9"}), Preset("雨天", "让{地点}下雨"))
    assert [one.blanks for one in own.all()] == [("colour",), ("地点",)]
    own.delete("Night")
    assert [one.name for one in own.all()] == ["雨天"]
    with pytest.raises(nb.errors.InvalidRequestError, match="no preset 'Night'"):
        own.delete("Night")


def test_no_picture_and_no_mask_is_kept(own, photo):
    """A mask among the settings is left out of the file; what presets don't hold is refused by name."""
    own.save("Hat", "Add a hat", {"mask": ImageData.from_bytes(photo.read_bytes()), "seed": 3})
    (row,) = json.loads(own.path.read_text("utf-8"))["presets"]
    assert row == {"name": "Hat", "prompt": "Add a hat", "settings": {"seed": 3}, "saved": row["saved"]}
    with pytest.raises(nb.errors.InvalidRequestError, match="'api_key'"):
        own.save("Key", "Add a hat", {"api_key": "sk-0123456789abcdef"})
    assert [one.name for one in own.all()] == ["Hat"]


@pytest.mark.parametrize(("name", "prompt", "settings"), [
    ("", "words", {}), ("two\nlines", "words", {}), ("name", "  ", {}), ("n" * 61, "words", {}), ("name", "w" * 20_001, {}),
    ("name", "words", {"seed": -1}), ("name", "words", {"seed": True}), ("name", "words", {"extra": {"a": {1}}}),
    ("name", "words", {"extra": {"a": float("nan")}}), ("name", "words", {"model": 7}),
])  # fmt: skip
def test_what_is_no_preset_is_refused_and_nothing_written(own, name, prompt, settings):
    """A name on one line, a prompt, settings that a file can hold: anything else is an error of ours."""
    with pytest.raises(nb.errors.InvalidRequestError, match="This preset"):
        own.save(name, prompt, settings)
    assert not own.path.exists()


@pytest.mark.parametrize("bad", [
    b"", b"{", b"[]", b"\xff\xfe", b'{"nb_banana_presets": 2, "presets": []}', b'{"nb_banana_presets": 1, "presets": {}}',
    b'{"nb_banana_presets": 1, "presets": [{"name": "a"}]}', b"[" * 100_000,
    b'{"nb_banana_presets": 1, "presets": [{"name": "a", "prompt": "b", "settings": {"mask": "x"}}]}',
])  # fmt: skip
@pytest.mark.usefixtures("uncollected")
def test_a_damaged_file_is_named_and_left_alone(own, bad):
    """Reading and saving say which file it is; its bytes stay what they were."""
    own.path.parent.mkdir()
    own.path.write_bytes(bad)
    for attempt in (own.all, lambda: own.save("new", "words"), lambda: own.import_from(own.path)):
        with pytest.raises(nb.errors.InvalidRequestError, match=r"presets\.json"):
            attempt()
    assert own.path.read_bytes() == bad


def test_half_a_letter_is_saved_as_a_question_mark(own):
    """A prompt cut in the middle of an emoji is kept, and nothing half-written lies beside the file."""
    own.save("cut", "Add a smile \ud83d")
    assert Presets(own.path).all()[0].prompt == "Add a smile ?" and [one.name for one in own.path.parent.glob("*.partial")] == []


def test_two_kernels_at_once_lose_nothing(own):
    """Sixty presets saved by twelve hands, a process of its own among them, are all there."""
    code = "from nb_banana._prompts.presets import Presets\nfor n in range(5): Presets().save(f'other {n}', 'words')"
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(nb.__file__).parent.parent) as other:
        with ThreadPoolExecutor(11) as pool:
            list(pool.map(lambda number: Presets().save(f"mine {number}", "words"), range(55)))
        assert other.wait(60) == 0
    assert len(own.all()) == 60


def test_a_shared_file_brings_what_is_new_and_tells_what_clashes(own, tmp_path):
    """Exported presets are taken over elsewhere; a name that stands for something else is told and stays."""
    own.save("Night", "Make it night")
    own.save("Rain", "Make it rain", {"seed": 5})
    shared = own.export_to(tmp_path / "shared.json")
    with pytest.raises(nb.errors.InvalidRequestError, match="exists already"):
        own.export_to(shared)
    there = Presets(tmp_path / "there.json")
    there.save("Night", "Make it dark")
    assert there.import_from(shared) == Imported(("Rain",), (), ("Night",))
    assert [one.prompt for one in there.all()] == ["Make it dark", "Make it rain"]
    assert there.import_from(shared, replace=True) == Imported(("Night",), ("Rain",), ())
    assert there.all() == own.all()
    with pytest.raises(nb.errors.InvalidRequestError, match=r"no file .*nowhere"):
        there.import_from(tmp_path / "nowhere.json")
    with pytest.raises(nb.errors.InvalidRequestError, match="no presets to export"):
        Presets(tmp_path / "empty.json").export_to(tmp_path / "x.json")


def test_a_new_file_is_private_and_another_keeps_its_mode(own):
    """Prompts are nobody else's whatever the umask; a file that its owner opened or closed stays so when presets are saved."""
    before = os.umask(0)
    try:
        for mode in (0o600, 0o640):
            own.save("Night", f"Make it night {mode}")
            assert stat.S_IMODE(own.path.stat().st_mode) == mode
            own.path.chmod(0o640)
    finally:
        os.umask(before)


def test_what_was_saved_before_a_day_is_forgotten(own, tmp_path):
    """Each preset goes by its own day, one without by its file's; a shared file tells no days, and what comes from one is saved today."""
    own.save("Night", "Make it night")
    held = json.loads(own.path.read_text("utf-8"))
    held["presets"] = [held["presets"][0] | {"saved": "2026-01-05"}, {"name": "Rain", "prompt": "Make it rain"}, {"name": "Odd", "prompt": "Odd", "saved": 9}]
    own.path.write_text(json.dumps(held), encoding="utf-8")
    own.forget(datetime(2026, 1, 6, tzinfo=UTC))
    assert [one.name for one in own.all()] == ["Odd", "Rain"]
    os.utime(own.path, (0, 0))
    own.forget(datetime(2026, 1, 1, tzinfo=UTC))
    assert [one.name for one in own.all()] == ["Odd", "Rain"]  # they got a day when the file was written
    assert "saved" not in own.export_to(tmp_path / "shared.json").read_text("utf-8")


def test_a_planted_link_is_not_followed(own, tmp_path):
    """A link in the place of the file is no place of ours to write to."""
    own.path.parent.mkdir()
    (tmp_path / "other.json").write_text('{"nb_banana_presets": 1, "presets": []}')
    own.path.symlink_to(tmp_path / "other.json")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"presets\.json"):
        own.save("new", "words")
    assert "words" not in (tmp_path / "other.json").read_text()


def test_blanks_are_names_in_braces_and_nothing_else():
    """Every template's blanks are found in both languages; formulas, empty braces and sets are none."""
    for template in TEMPLATES.values():
        assert set(blanks(template.english)) == set(blanks(template.chinese)) == set(template.fields)
    assert blanks("{} { x } {a,b} {{y}} {first name} {帽子} {first name}") == ("y", "first name", "帽子")
    assert unfilled("Add {hat} to {who} and {own}", ("hat", "who", "gone")) == ("hat", "who")
