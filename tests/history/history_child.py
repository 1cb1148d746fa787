"""Jobs that need a process of their own: to be killed, to be limited, or to be somebody else."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from history_kit import attempt, begin, end, picture

import nb_banana as nb
from nb_banana._history.book import History
from nb_banana._images.data import ImageData
from nb_banana._measures.kept import Kept
from nb_banana.errors import NanoBananaError


def write(folder: str, name: str, count: str) -> None:
    """Many attempts, one after another."""
    history = History.open(folder)
    for number in range(int(count)):
        attempt(history, f"{name} {number}", key=f"{name}-{number}", outputs=[picture(number % 7)])
    assert not history.notice, history.notice


def write_on(folder: str, name: str, count: str) -> None:
    """The same, whatever the history has to say first."""
    history = History.open(folder)
    for number in range(int(count)):
        assert attempt(history, f"{name} {number}", key=f"{name}-{number}").problems == ()


def hold(folder: str) -> None:
    """Begin one attempt, say so, and wait to be told to end (or killed)."""
    history = History.open(folder)
    print(begin(history, "held"), flush=True)
    sys.stdin.readline()


def fork(folder: str) -> None:
    """A history used before and after a fork, by parent and child at once."""
    history = History.open(folder)
    attempt(history, "before")
    child = os.fork()
    for number in range(20):
        attempt(history, f"{'parent' if child else 'child'} {number}")
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def fork_killed(folder: str) -> None:
    """A child forked from a process that used its history is killed in an attempt; prints what that process sees."""
    history = History.open(folder)
    begin(history, "the parent's", key="parent")
    child = _forked(lambda: begin(history, "the child's", key="child"))
    print({record.prompt: record.status for record in history.records()})
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print({record.prompt: record.status for record in history.records()})


def fork_outlives(folder: str) -> None:
    """A process is killed in an attempt, and a child of it that does something else lives on; prints the child's id."""
    history = History.open(folder)
    begin(history, "the parent's")
    print(_forked(lambda: None), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def fork_busy(folder: str, rounds: str, what: str) -> None:
    """Children are forked while threads open, write and close histories, or the file of measures; prints how many of them never came to an end."""
    history, place, over = History.open(Path(folder) / "shared"), Path(folder), threading.Event()
    attempt(history, "the parent's")

    def busy(name: int) -> None:
        for number in itertools.count():
            if over.is_set():
                return
            own = History.open(place / f"{name}-{number % 3}")
            attempt(own, f"{number}", key=f"{number}")
            own.close()

    def measuring() -> None:
        for number in itertools.count():
            if over.is_set():
                return
            Kept(place).put({str(number): number})

    works = [measuring, measuring] if what == "measures" else [partial(busy, name) for name in range(4)]
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    hung = 0
    for _ in range(int(rounds)):
        time.sleep(0.01)
        if not (child := os.fork()):
            signal.alarm(20)
            os._exit(0 if len(history.records()) == 1 else 1)
        hung += os.waitpid(child, 0)[1] != 0
        if hung > 2:
            break
    over.set()
    for thread in threads:
        thread.join()
    print(hung)


def fork_kept_waiting(folder: str) -> None:
    """A fork while a thread waits for a file that somebody else holds until a line is read; prints the seconds it took, and the child's and the parent's records."""
    history = History.open(folder)
    attempt(history, "before")
    print("ready", flush=True)
    sys.stdin.readline()
    waiting = threading.Thread(target=attempt, args=(history, "waits"))
    waiting.start()
    time.sleep(1)
    began = time.monotonic()
    child = os.fork()
    took = time.monotonic() - began
    if not child:
        signal.alarm(20)
        os._exit(0 if history.records() else 1)
    print(round(took), flush=True)
    sys.stdin.readline()
    waiting.join()
    print(os.waitpid(child, 0)[1], len(history.records()))


def _forked(work: Callable[[], object]) -> int:
    """The id of a child that has done this work and lives until it is killed."""
    read, told = os.pipe()
    if child := os.fork():
        assert os.read(read, 1) == b"."
        return child
    work()
    os.write(told, b".")
    signal.alarm(300)
    signal.pause()
    os._exit(0)


def kill_many(folder: str, rounds: str) -> None:
    """Kill a writing process at random moments, and look at what it left, every time."""
    dice = random.Random(11)
    for image in range(40):
        picture(image, 200)
    checked: set[str] = set()
    for turn in range(int(rounds)):
        # Every tenth round begins a new history, so that the making of the file is killed too.
        place = Path(folder) / f"history-{turn // 10}"
        read, told = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            _write_until_killed(place, told, turn)
        os.close(told)
        with os.fdopen(read, encoding="ascii") as pipe:
            # Every other one while it begins; the rest in the midst of its work, however slow the machine is.
            lines = [pipe.readline() for _ in range(dice.randint(1, 4) * (turn % 2))]
            time.sleep(dice.uniform(0.0, 0.08))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            finished = [line.split() for line in "".join([*lines, pipe.read()]).split("\n")[:-1]]
        _check_what_is_left(place, finished, checked)
    print(len(checked))


def _write_until_killed(place: Path, told: int, turn: int) -> None:
    history = History.open(place)
    for number in itertools.count():
        image = picture((turn * 3 + number) % 40, 200)
        record = attempt(history, f"turn {turn} number {number}", outputs=[image])
        os.write(told, f"{record.id} {image.sha256}\n".encode())


def _check_what_is_left(place: Path, finished: list[list[str]], checked: set[str]) -> None:
    per_process: dict[str, int] = {}
    for left in place.glob("images/.partial/*"):
        token = left.name.partition("-")[0]
        per_process[token] = per_process.get(token, 0) + 1
    assert all(count == 1 for count in per_process.values()), per_process
    for file in place.glob("images/*.png"):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == file.stem, f"{file} is not whole"
        checked.add(f"{place.name}/{file.stem}")
    history = History.open(place)
    for id, sha256 in finished:
        assert [image.sha256 for image in history.record(id).images] == [sha256]
    assert not history.records(status="running")
    assert not history.notice, history.notice
    assert not list(place.glob("images/.partial/*"))
    history.close()
    assert not list(place.glob("live/*"))
    with sqlite3.connect(place / "history.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


LARGE = 60 * 2**20


def kill_in_pictures(folder: str, times: str) -> None:
    """Kill a process so many times while a part of a picture is on the disk, at a random one of its bytes."""
    dice, place, cut, rounds = random.Random(7), Path(folder), 0, 0
    noise = picture(1, 200).data + random.Random(3).randbytes(LARGE)
    while cut < int(times):
        rounds += 1
        assert rounds < 40 * int(times), f"only {cut} of {rounds} were killed while they wrote"
        child = os.fork()
        if not child:
            try:
                History.open(place).put(ImageData.from_bytes(noise[: -2 * rounds]))
            finally:
                os._exit(0)
        until = dice.uniform(0.0, 0.9) * LARGE
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            size = max(map(_size, place.glob("images/**/*")), default=0)
            if until < size < LARGE - 2**20:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                cut += 1
                break
        for file in place.glob("images/*.png"):
            assert hashlib.sha256(file.read_bytes()).hexdigest() == file.stem, f"{file} is not whole"
            file.unlink()  # large, and checked
    History.open(place).records()
    assert not list(place.glob("images/.partial/*"))
    print(cut)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # it was renamed just now
        return 0


def full_disk(folder: str, kind: str) -> None:
    """Run out of space after every number of pages, and come back from it."""
    place = Path(folder)
    if kind == "tmpfs":
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder], check=True)
    else:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    seen = {"whole": 0, "no picture": 0, "no row": 0}
    for pages in range(0, 72, 2) if kind == "tmpfs" else range(0, 300, 12):
        home = place / f"history-{pages}"
        history = History.open(home)
        kept = attempt(history, "before", key="before", outputs=[picture(3)])
        _leave_room(place, kind, pages)
        # The price is paid between these two, so neither may raise; what could not be kept is said.
        id = begin(history, "tight", key="tight", inputs=[picture(pages, 90)])
        record = end(history, id, outputs=[picture(pages + 1, 120)], text="a word " * 400)
        seen["whole"] += not record.problems
        seen["no picture"] += record.lost
        seen["no row"] += any("history.sqlite" in problem for problem in record.problems)
        assert len(record.problems) <= 2 and len(set(record.problems)) == len(record.problems)
        assert bool(record.problems) == (record.lost or not record.inputs or _unwritten(home, record.id))
        for file in home.glob("images/*.png"):
            assert hashlib.sha256(file.read_bytes()).hexdigest() == file.stem, f"{file} is not whole"
        assert not list(home.glob("images/.partial/*"))
        assert history.find("before", 1) == kept
        _leave_room(place, kind, None)
        later = attempt(history, "after", key="after", outputs=[picture(pages + 2)])
        assert later.problems == () and history.find("after", 1) == later
        # The row that found no space was written with this one; without its picture it answers nothing.
        again = History.open(home)
        assert again.record(record.id).status == "done"
        assert (again.find("tight", 1) is None) == bool(record.lost)
        with sqlite3.connect(home / "history.sqlite") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        if kind == "tmpfs":
            for other in (history, again):
                other.close()
            subprocess.run(["rm", "-r", home], check=True)
    print(seen)
    assert seen["whole"] and seen["no picture"] and seen["no row"], seen


def _unwritten(home: Path, id: str) -> bool:
    reader = sqlite3.connect(f"file:{home}/history.sqlite?mode=ro", uri=True)
    try:
        rows = reader.execute("SELECT id FROM records WHERE status = 'done' AND prompt = 'tight'").fetchall()
    finally:
        reader.close()
    return not rows


def _leave_room(place: Path, kind: str, pages: int | None) -> None:
    """Leave so many pages free; None is all of them."""
    if kind == "limit":
        size = resource.RLIM_INFINITY if pages is None else pages * 4096
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        return
    filler = place / "filler"
    filler.unlink(missing_ok=True)
    if pages is not None:
        facts = os.statvfs(place)
        filler.write_bytes(b"\0" * ((facts.f_bavail - pages - 1) * facts.f_bsize))
        while os.statvfs(place).f_bavail > pages:
            with filler.open("ab") as file:
                file.write(b"\0" * 4096)


def _become_nobody() -> None:
    """Root may write anything, so root steps down, with all modules in memory that it could still read."""
    if os.getuid() == 0:
        with tempfile.TemporaryDirectory() as place:
            warm = History.open(Path(place) / "blocked")
            (Path(place) / "blocked").write_text("a file, so that the way around it is loaded too")
            data = os.environ.get("XDG_DATA_HOME", "")
            os.environ["XDG_DATA_HOME"] = place
            attempt(warm)
            warm.close()
            os.environ["XDG_DATA_HOME"] = data
        os.setgid(65534)
        os.setuid(65534)


def as_nobody(folder: str) -> None:
    """Use a folder this user can't write; prints what a person is told, and where results went."""
    _become_nobody()
    history = History.open(folder)
    found = history.find("author", 1)
    record = attempt(history, "a reader's own", key="reader")
    print(history.notice)
    print(history.folder)
    print(found.images[0].sha256 if found else None)
    print(history.find("reader", 1) == record, [each.prompt for each in history.records()])


def places_as_nobody(folder: str, place: str, *ids: str) -> None:
    """What a place of a folder that can't be written holds, before and after these records came there."""
    _become_nobody()
    history = History.open(folder)
    print(*(record.id for record in history.places.records(place, notebook="paper.ipynb")))
    for id in ids:
        history.places.put(place, id, notebook="paper.ipynb")
    print(*(record.id for record in history.places.records(place, notebook="paper.ipynb")))
    print(history.folder, history.notice)


def nowhere(folder: str) -> None:
    """Nothing can be written anywhere: the error comes before anything would be sent."""
    _become_nobody()
    tempfile.tempdir = str(Path(folder).parent)
    try:
        begin(History.open(folder))
    except NanoBananaError as error:
        print(error)


def planted(folder: str, *names: str) -> None:
    """Use a history in which something is in the place of one of its own files or folders; prints what is said."""
    place, outside = Path(folder), Path(folder) / "outside"
    outside.mkdir()
    (outside / "0123456789abcdef-1-0").write_text("somebody's")
    (outside / "somebody.lock").write_text("somebody's")
    for name in names:
        for kind, plant in PLANTS.items():
            for used in (False, True):
                home = place / f"{kind} {name.replace('/', ' ')} {used}"
                history = History.open(home)
                attempt(history, key="mine")
                history.close()
                path = home / name
                if used:  # by a kernel that is at work on the folder
                    history.records()
                if path.is_dir():
                    path.rename(place / f"was {home.name}")
                path.unlink(missing_ok=True)
                plant(path, outside)
                try:
                    record = attempt(history, "again", key="again")
                    print(kind, name, used, "taken", bool(record.problems))
                except NanoBananaError as error:
                    print(kind, name, used, "refused", str(path) in error.message)
    print(sorted(file.read_text() for file in outside.iterdir()))


def _listen(path: Path, _: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may not be long
    socket.socket(socket.AF_UNIX).bind(path.name)
    os.chdir(here)


PLANTS = {
    "pipe": lambda path, _: os.mkfifo(path),
    "socket": _listen,
    "link": lambda path, outside: path.symlink_to(outside),
    "dangling": lambda path, outside: path.symlink_to(outside / "new"),
    "device": lambda path, _: path.symlink_to("/dev/zero"),
}


def modes(folder: str) -> None:
    """Write with a umask that would let everybody read."""
    os.umask(0)
    history = History.open(folder)
    attempt(history)
    begin(history)
    for path in sorted([Path(folder), *Path(folder).rglob("*")]):
        print(oct(path.stat().st_mode & 0o777), path.is_dir(), path.name)


def without_locks(folder: str, url: str, photo: str) -> None:
    """An edit whose history lies where SQLite can't lock, as on many shared home folders; prints what came of it."""
    opened = sqlite3.connect

    class Unlocked(sqlite3.Connection):
        def execute(self, *_: Any, **__: Any) -> Any:
            raise sqlite3.OperationalError("locking protocol")

    def connect(path: Any, *args: Any, **options: Any) -> Any:
        return opened(path, *args, **options, **({"factory": Unlocked} if folder in str(path) else {}))

    sqlite3.connect = connect
    with nb.Session(nb.Endpoint(url, "sk-a-test-key"), folder=folder, tell=print) as session:
        try:
            print("picture", session.edit(photo, "make it blue").image.width)
        except NanoBananaError as error:
            print("error", error)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
