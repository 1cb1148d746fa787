"""`nb-banana` in a process of its own, without loading the package anew for each: half a second of CPU less a command.

One process, started at the first need, has loaded the package and done nothing else. Each command is a fork of it with a
working directory, an environment and standard streams of its own, and ends as every Python does, so what is tested is
the whole command: its exit code, what it leaves on disk and in its pipes, its threads and its exit handlers.

What is *not* tested so is the start itself: what is imported when, how Python opens its streams, signals at the start.
A test of these starts a process of its own, and so does everything where there is no fork.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ORDER = 1 << 20
"""The most bytes of one order: its words and its environment."""
_LOCK = threading.Lock()


def banana(*words: str, env: dict[str, str], stdin: bytes = b"", timeout: float = 120) -> subprocess.CompletedProcess[bytes]:
    """Run `nb-banana` in the working directory with exactly this environment; what it wrote is bytes."""
    command = [sys.executable, "-m", "nb_banana", *words]
    if not hasattr(os, "fork"):
        return subprocess.run(command, env=env, input=stdin, capture_output=True, timeout=timeout, check=False)
    (read_in, write_in), (read_out, write_out), (read_err, write_err), (read_end, write_end) = (os.pipe() for _ in range(4))
    order = json.dumps({"words": words, "cwd": str(Path.cwd()), "env": env}).encode()
    given = (read_in, write_out, write_err, write_end)
    with _LOCK:
        socket.send_fds(_loaded(), [len(order).to_bytes(4, "big")], given)
        _loaded().sendall(order)
    for one in given:
        os.close(one)
    heard: dict[int, bytes] = {}
    listeners = [threading.Thread(target=lambda one=one: heard.update({one: _all(one)}), daemon=True) for one in (read_out, read_err, read_end)]
    for listener in listeners:
        listener.start()
    try:
        with os.fdopen(write_in, "wb") as pipe:
            pipe.write(stdin)
    except BrokenPipeError:  # it did not want to know
        pass
    for listener in listeners:
        listener.join(timeout)
        if listener.is_alive():
            raise subprocess.TimeoutExpired(command, timeout)
    return subprocess.CompletedProcess(command, int(heard[read_end]), heard[read_out], heard[read_err])


def _all(pipe: int) -> bytes:
    with os.fdopen(pipe, "rb") as stream:
        return stream.read()


@cache
def _loaded() -> socket.socket:
    """The way to the process that has loaded the package; it ends when this one does."""
    ours, theirs = socket.socketpair()
    with theirs:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=ROOT, start_new_session=True)  # fmt: skip
    atexit.register(process.wait)
    atexit.register(ours.close)  # it sees that nobody is there, and ends
    return ours


# ── in the process that has loaded the package ──────────────────────────────────────────────────────


def serve(control: socket.socket) -> list[str]:
    """Fork a child for each order, and tell how each ended; returns in a child, with its words."""
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    ends: dict[int, int] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(control, selectors.EVENT_READ)
        ready.register(wake, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj == wake:
                    os.read(wake, 4096)
                    _tell(ends)
                    continue
                size, given, _, _ = socket.recv_fds(control, 4, 4)
                if not size:  # the tests have ended
                    sys.exit()
                *streams, end = given
                order = json.loads(control.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
                if child := os.fork():
                    ends[child] = end
                    for stream in streams:
                        os.close(stream)
                    continue
                for other in (control.detach(), wake, woken, end, *ends.values()):
                    os.close(other)
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return become(order, streams)


def _tell(ends: dict[int, int]) -> None:
    """Write the exit code of each child that has ended into its pipe."""
    while ends:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        end = ends.pop(child)
        os.write(end, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(end)


def become(order: dict[str, Any], streams: list[int]) -> list[str]:
    """Be a process as if just started: its directory, environment and streams; gives its words."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    sys.stdin = io.TextIOWrapper(os.fdopen(0, "rb", closefd=False), encoding, errors or "strict")
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), encoding, errors or "strict")
    sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), encoding, "backslashreplace", line_buffering=True)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    return order["words"]


if __name__ == "__main__":
    from nb_banana import _cli, _doctor  # noqa: F401 - loaded for the children
    from nb_banana._cli import chains, compare, edits, lab, reports, slimming, tools  # noqa: F401
    from nb_banana._compare import comparison, terminal  # noqa: F401
    from nb_banana._report import export  # noqa: F401
    from nb_banana._sandbox import service, transport  # noqa: F401
    from nb_banana._session import door  # noqa: F401

    gc.freeze()  # what is loaded is never looked at again, so the children share it
    sys.argv = ["nb-banana", *serve(socket.socket(fileno=int(sys.argv[1])))]
    sys.exit(_cli.main())
