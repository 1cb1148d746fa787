"""Pictures on disk: whole or not there, never over another, and one clear sentence when it can't be done."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nb_banana._images.data import ImageData
from nb_banana._images.saving import save_picture, with_true_suffix, write_new, write_whole
from nb_banana._images.sources import as_image
from nb_banana.errors import InvalidImageError, InvalidRequestError

from .corpus import file_bytes, good, scene
from .nobody import as_nobody, in_a_child

GOOD = good()


def pictures(count: int) -> list[ImageData]:
    """So many different pictures."""
    rng = np.random.default_rng(1)
    return [as_image(rng.integers(0, 256, (20, 20, 3), dtype="uint8")) for _ in range(count)]


def left_over(folder: Path) -> list[Path]:
    return list(folder.glob(".nb_banana-*"))


def test_fifty_saves_in_a_second_from_sixteen_threads_are_fifty_files(clean_place: Path) -> None:
    """Default names never collide, whoever saves at the same moment."""
    images = pictures(50)
    with ThreadPoolExecutor(16) as pool:
        paths = list(pool.map(lambda image: image.save(), images))
    assert len(set(paths)) == 50
    assert [path.read_bytes() for path in paths] == [image.data for image in images]
    assert all(re.fullmatch(r"edited_\d{8}_\d{6}(_\d+)?\.png", path.name) for path in paths)
    assert left_over(clean_place) == []


def test_saving_over_a_file_keeps_who_may_read_it_and_where_a_link_leads(clean_place: Path) -> None:
    """A picture saved under a name that is taken is written as any program does: the file stays private, the link a link."""
    (one,) = pictures(1)
    (clean_place / "mine.png").touch(0o600)
    (clean_place / "latest.png").symlink_to("mine.png")
    one.save("latest.png")
    assert (clean_place / "latest.png").is_symlink() and (clean_place / "mine.png").read_bytes() == one.data
    assert (clean_place / "mine.png").stat().st_mode & 0o777 == 0o600


def test_processes_saving_at_once_do_not_overwrite_each_other(clean_place: Path) -> None:
    """Four processes taking the same names get different files."""
    code = (
        "import sys; from pathlib import Path; from nb_banana._images.saving import write_new\n"
        "for n in range(25): print(write_new(Path(), 'same', '.png', f'{sys.argv[1]} {n}'.encode()))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(who)], stdout=subprocess.PIPE, text=True, env=environment)
        for who in range(4)
    ]
    names = [line for process in running for line in process.communicate(timeout=60)[0].split()]
    assert len(set(names)) == len(names) == 100
    assert len({Path(name).read_bytes() for name in names}) == 100


def test_folders_without_hard_links_keep_names_apart_too(clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system refuses links, threads still get a file each and nothing is overwritten."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    images = pictures(30)
    with ThreadPoolExecutor(16) as pool:
        paths = list(pool.map(lambda image: write_new(Path(), "one", ".png", image.data), images))
    assert sorted(path.read_bytes() for path in paths) == sorted(image.data for image in images)
    assert left_over(clean_place) == []


@pytest.mark.parametrize(
    ("asked", "kind", "written"),
    [
        ("out.png", "png", "out.png"),
        ("out.PNG", "png", "out.PNG"),
        ("out.jpeg", "jpg", "out.jpeg"),
        ("out.png", "jpg", "out.jpg"),
        ("out.JPG", "png", "out.png"),
        ("out", "jpg", "out.jpg"),
        ("take 16.9", "png", "take 16.9.png"),
        ("v1.2.tif", "png", "v1.2.png"),
        ("new/deep/out.png", "png", "new/deep/out.png"),
        ("图片.webp", "jpg", "图片.jpg"),
    ],
)
def test_suffixes_tell_the_truth(asked: str, kind: str, written: str, clean_place: Path) -> None:
    """The file is named after its bytes: a wrong picture suffix is replaced, any other is part of the name."""
    image = as_image(GOOD[f"plain.{kind}"])
    assert with_true_suffix(Path(asked), image.mime_type) == Path(written)
    assert image.save(asked) == Path(written)
    assert Path(written).read_bytes() == image.data


def test_a_name_asked_for_is_overwritten_and_one_not_asked_for_never(clean_place: Path) -> None:
    """save("a.png") twice is one file; a JPEG saved as a.png never replaces somebody's a.jpg, but may find itself."""
    first, second = pictures(2)
    first.save("a.png")
    assert second.save("a.png").read_bytes() == second.data
    mine = Path("a.jpg")
    mine.write_bytes(b"precious")
    photo = as_image(GOOD["plain.jpg"])
    assert photo.save("a.png") == photo.save("a.png") == Path("a_2.jpg")
    assert mine.read_bytes() == b"precious"
    assert Path("a.png").read_bytes() == second.data


def test_folders_get_a_file_inside(clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An existing folder, or a path that ends in a slash, gets a default name inside it."""
    image = as_image(GOOD["plain.png"])
    Path("there").mkdir()
    assert image.save("there").parent == Path("there")
    assert image.save("not-yet/").parent == Path("not-yet")
    monkeypatch.setenv("HOME", str(clean_place))
    assert image.save("~/home.png") == clean_place / "home.png"


def test_files_get_ordinary_rights_unless_told_otherwise(clean_place: Path) -> None:
    """A saved picture has the rights the umask leaves; private files only their owner's."""
    before = os.umask(0o027)
    try:
        shown = as_image(GOOD["plain.png"]).save("shown.png")
        write_whole(Path("private.json"), b"{}", mode=0o600)
    finally:
        os.umask(before)
    assert shown.stat().st_mode & 0o777 == 0o640
    assert Path("private.json").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_old_file_and_one_sentence(clean_place: Path) -> None:
    """When a write fails halfway, for real, the target is as it was, nothing is left over, and the path is named."""
    image = as_image(file_bytes(scene((400, 400)), "BMP"))
    target = clean_place / "out.bmp"
    target.write_bytes(b"before")

    def fill() -> object:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        return image.save(target)

    assert in_a_child(fill) == (
        f"InvalidRequestError: {target} could not be written: File too large.\n"
        "The picture is still in memory; save it somewhere else."
    )
    assert target.read_bytes() == b"before"
    assert left_over(clean_place) == []


def test_read_only_and_impossible_places_are_named(clean_place: Path) -> None:
    """A folder one may not write, a file used as a folder and a folder used as a file give a sentence each."""
    image = as_image(GOOD["plain.png"])
    # Not under pytest's own folder, which a nobody can't even enter.
    locked = Path(tempfile.mkdtemp())
    try:
        locked.chmod(0o555)
        words = as_nobody(lambda: image.save(locked / "out.png"))
    finally:
        locked.rmdir()
    assert words.startswith(f"InvalidRequestError: {locked}/out.png could not be written: Permission denied.")
    Path("file").write_bytes(b"x")
    with pytest.raises(InvalidRequestError, match=r"file/out\.png could not be written: Not a directory"):
        image.save("file/out.png")
    Path("folder.png").mkdir()
    assert image.save("folder.png").parent == Path("folder.png")
    with pytest.raises(InvalidRequestError, match=r"folder\.png could not be written: Is a directory"):
        write_whole(Path("folder.png"), b"x")
    with pytest.raises(InvalidRequestError, match=r"could not be written: its name holds a null character"):
        image.save("a\0b.png")
    assert left_over(clean_place) == []


SAVER = """
import sys
from pathlib import Path
from nb_banana._images.saving import save_picture, write_whole
data = Path(sys.argv[1]).read_bytes()
print("ready", flush=True)
for n in range(10**6):
    write_whole(Path("same.png"), data)
    save_picture(data, "image/png")
"""


def test_sixty_kills_leave_whole_files_only(clean_place: Path) -> None:
    """kill -9 at sixty random moments and more: every name holds the whole picture, and one hidden file a run at most.

    It goes on until some kills came in the middle of a write, however fast or busy the machine is.
    """
    source = clean_place / "source.png"
    noise = np.random.default_rng(2).integers(0, 256, (600, 600, 3), dtype="uint8")
    data = as_image(noise).data
    source.write_bytes(data)
    rng = np.random.default_rng(3)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    hidden = finished = run = 0
    while run < 60 or hidden <= 5:
        run += 1
        assert run < 300, "no kill came in the middle of a write"
        folder = clean_place / f"run{run}"
        folder.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-c", SAVER, str(source)], cwd=folder, stdout=subprocess.PIPE, env=environment
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        ends = time.monotonic() + 60
        while not (folder / "same.png").exists() and time.monotonic() < ends:
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.03))
        process.kill()
        process.wait()
        process.stdout.close()
        for path in folder.glob("*.png"):
            assert path.read_bytes() == data, path
            finished += 1
        assert len(left_over(folder)) <= 1
        hidden += len(left_over(folder))
        for path in folder.iterdir():
            path.unlink()
    assert finished > 60


def test_a_stored_picture_is_read_late_and_checked(tmp_path: Path) -> None:
    """A picture from a file reads it on first use, and says so when the file is gone or was changed."""
    image = as_image(GOOD["plain.png"])
    path = save_picture(image.data, image.mime_type, tmp_path / "kept.png")
    facts = {"sha256": image.sha256, "mime_type": "image/png", "width": image.width, "height": image.height}
    assert ImageData.from_file(path, **facts).data == image.data
    changed, gone = ImageData.from_file(path, **facts), ImageData.from_file(tmp_path / "gone.png", **facts)
    path.write_bytes(GOOD["clear.png"])
    with pytest.raises(InvalidImageError, match="was changed since it was saved"):
        _ = changed.data
    with pytest.raises(InvalidImageError, match=r"gone\.png can't be read: No such file"):
        _ = gone.data
