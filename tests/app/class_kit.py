"""A class for tests: the real server in a process of its own, and visitors who talk to it as a browser, or an attacker, does."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import websocket
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

KEY = "sk-class-Qx7Lm2Vb9Tz4Kd8Wp3"
FORM = "v1.kernel.websocket.jupyter.org"
PATIENCE = 60


def die_with_parent() -> None:
    """A killed pytest leaves no server behind (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class School:
    """A running `nb-banana app`."""

    url: str
    """Without a slash at its end."""
    teacher: str
    folder: Path
    process: subprocess.Popen[str]
    log: Path

    def visitor(self, name: str = "", **headers: str) -> Visitor:
        """Somebody new, who came in by the door."""
        one = Visitor(self, headers=headers)
        one.enter(name)
        return one


@contextlib.contextmanager
def school(home: Path, port: int, *options: str, address: str = "", **variables: str) -> Iterator[School]:
    """The app with these options; edits go to `address` with a key, or to the sandbox."""
    home.mkdir(parents=True, exist_ok=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NB_BANANA_", "JUPYTER"))}
    own = {"JUPYTER_RUNTIME_DIR": str(home / "run"), "IPYTHONDIR": str(home / "ipython"), "PYTHONUNBUFFERED": "1",
           "JUPYTER_CONFIG_DIR": str(home / "config")}
    keyed = {"NB_BANANA_BASE_URL": address, "NB_BANANA_API_KEY": KEY} if address else {}
    command = [sys.executable, "-m", "nb_banana", "app", "--port", str(port), "--folder", str(home / "class"), "--teacher", *options]
    log = home / "app.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            command, env=clean | own | keyed | variables, cwd=home, text=True, stdout=subprocess.PIPE, stderr=written,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one prctl, no locks
        )
    try:
        said = [re.search(r"http://\S+", process.stdout.readline()) for _ in range(2)]
        assert all(said), log.read_text()
        yield School(said[0][0].rstrip("/"), said[1][0], home / "class", process, log)
    finally:
        process.terminate()
        process.wait(30)


@dataclass
class Visitor:
    """One browser, without its screen."""

    school: School
    headers: dict[str, str] = field(default_factory=dict)
    web: requests.Session = field(default_factory=requests.Session)
    kernel: str = ""

    def get(self, path: str, **how: Any) -> requests.Response:
        """What this visitor is answered."""
        return self.web.get(f"{self.school.url}{path}", headers=self.headers, timeout=PATIENCE, **how)

    def enter(self, name: str = "") -> requests.Response:
        """Come in by the door."""
        self.get("/enter")
        form = {"name": name, "_xsrf": self.web.cookies.get("_xsrf", "")}
        return self.web.post(f"{self.school.url}/enter", form, allow_redirects=False, timeout=PATIENCE)

    @property
    def name(self) -> str:
        """Who the server's cookie says this is."""
        import base64

        return base64.b64decode(self.web.cookies["nb-banana-visitor"].strip('"').split("|")[4].split(":")[1]).decode().split("\n")[0]

    def open(self) -> requests.Response:
        """Load the studio, and with it get a kernel."""
        page = self.get("/")
        found = re.search(r'"kernelId": ?"([\w-]+)"', page.text)
        self.kernel = found[1] if found else ""
        return page

    @contextlib.contextmanager
    def wire(self, kernel: str = "", **how: Any) -> Iterator[Wire]:
        """The websocket of a page, to this visitor's kernel or to one that it names."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.web.cookies.items())
        url = f"{self.school.url.replace('http', 'ws', 1)}/api/kernels/{kernel or self.kernel}/channels?session_id={uuid.uuid4().hex}"
        socket = websocket.create_connection(url, cookie=cookies, timeout=PATIENCE, **{"subprotocols": [FORM], **how})
        try:
            yield Wire(socket)
        finally:
            socket.close()


@dataclass
class Wire:
    """Messages of the kernel protocol, as a page sends them or as nobody should."""

    socket: websocket.WebSocket

    def send(self, kind: str, content: dict[str, Any], channel: str = "shell", buffers: tuple[bytes, ...] = ()) -> str:
        """Send one message; gives its id."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s", "date": "", "version": "5.3"}
        parts = [json.dumps(part).encode() for part in (header, {}, {"version": "1.0.0"}, content)]
        self.socket.send_binary(serialize_msg_to_ws_v1([*parts, *buffers], channel))
        return header["msg_id"]

    def until(self, wanted: Any, seconds: float = 20) -> list[dict[str, Any]]:
        """What comes, until a message is wanted or the time is over; the wanted one is the last."""
        came, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                break
            _, (header, parent, _, content, *_) = deserialize_msg_from_ws_v1(data)
            came.append({"header": json.loads(header), "parent_header": json.loads(parent), "content": json.loads(content)})
            if wanted(came[-1]):
                return came
        raise AssertionError(f"nothing of what was wanted among {[one['header']['msg_type'] for one in came]}")

    def answer(self, kind: str, content: dict[str, Any], channel: str = "shell") -> list[dict[str, Any]]:
        """Everything a message set off that came before the answer to a harmless question sent after it."""
        self.send(kind, content, channel)
        asked = self.send("kernel_info_request", {})
        return self.until(lambda one: one["parent_header"].get("msg_id") == asked and one["header"]["msg_type"] == "kernel_info_reply")

    def widgets(self) -> dict[str, dict[str, Any]]:
        """The state of every widget of the kernel, as a page asks for it."""
        comm = uuid.uuid4().hex
        self.send("comm_open", {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {"widgets": None}, "target_module": None})
        self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        told = self.until(lambda one: one["header"]["msg_type"] == "comm_msg" and one["content"]["comm_id"] == comm)[-1]
        return {id: one["state"] for id, one in told["content"]["data"]["states"].items()}

    def set(self, widget: str, **state: Any) -> None:
        """Set a widget's traits, as its page does."""
        self.send("comm_msg", {"comm_id": widget, "data": {"method": "update", "state": state, "buffer_paths": []}})

    def tell(self, widget: str, content: Any, *buffers: bytes) -> None:
        """Send a widget one of its own messages."""
        self.send("comm_msg", {"comm_id": widget, "data": {"method": "custom", "content": content}}, buffers=buffers)


class Desk:
    """The studio of a page, worked by its messages."""

    def __init__(self, wire: Wire) -> None:
        self.wire, self.ids = wire, dict[str, str]()
        for id, state in wire.widgets().items():
            if "blanks" in state:
                self.ids.setdefault("status", id)
            if "camera" in state:
                self.ids["tray"] = id
            if "nb-banana-prompt" in state.get("_dom_classes", ()):
                self.ids["prompt"] = id

    def state(self, part: str) -> dict[str, Any]:
        """What a part says now."""
        return self.wire.widgets()[self.ids[part]]

    def edit(self, prompt: str, seconds: float = 15) -> str:
        """Write a prompt and run it; gives the last word of the status line."""
        self.start(prompt)
        return self.over(prompt, seconds)

    def start(self, prompt: str) -> None:
        """Write a prompt and run it."""
        self.wire.tell(self.ids["status"], {"t": "run", "values": {"prompt": prompt}})

    def over(self, prompt: str, seconds: float = 15) -> str:
        """Wait until nothing runs."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            said = self.state("status")
            if said["state"] in ("done", "error", "partial", "blocked", "cancelled", "no_image"):
                return f"{said['state']}: {said['text']} {said['hint']}"
            time.sleep(0.1)
        raise AssertionError({name: said[name] for name in ("state", "text", "hint", "details")})

    def upload(self, name: str, data: bytes, *, size: int | None = None) -> None:
        """Send a file as the tray's page does."""
        id = uuid.uuid4().hex
        self.wire.tell(self.ids["tray"], {"t": "begin", "id": id, "name": name, "mime": "image/png", "size": size or len(data), "n": 1})
        self.wire.tell(self.ids["tray"], {"t": "piece", "id": id, "i": 0}, data)
