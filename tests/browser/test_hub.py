"""Behind a hub: an address with a prefix, a name with letters from elsewhere, and a connection that breaks."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from PIL import Image
from playwright.sync_api import expect

from .lab import POLLING, JupyterServer, desk_of, free_port, notebooks

PREFIX = "/user/ann%40corp.example"
PANEL = "import nb_banana as nb\np = nb.panel(session=nb.Session(nb.Endpoint.sandbox(delay=4), tell=lambda _: None))\np"
IMPATIENT = """(later => {
    window.setTimeout = (what, ms, ...rest) => later(what, 10_000 <= ms && ms <= 30_000 ? ms / 10 : ms, ...rest);
})(setTimeout)"""
"""JupyterLab lets 10 to 30 s pass before it looks for a lost server again; here it is 1 to 3, so that nobody waits for chance."""


class Wire:
    """A way to a port that can be cut for some seconds: what is open breaks, what is new is refused."""

    def __init__(self, to: int) -> None:
        self.to, self.port, self.open = to, free_port(), list[socket.socket]()
        self.down, self.lossy = threading.Event(), threading.Event()
        self.door = socket.create_server(("127.0.0.1", self.port), backlog=64)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.door.accept()
                if self.down.is_set():
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self.to))
                self.open += [client, server]
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                if not self.lossy.is_set():
                    other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self, seconds: float) -> None:
        """Break everything, and take nothing new for a while."""
        self.down.set()
        broken, self.open = self.open, []
        for end in broken:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        time.sleep(seconds)
        self.down.clear()

    @contextmanager
    def losing(self) -> Iterator[None]:
        """Take what either side says and pass nothing on, as a radio link out of reach does; then everything breaks."""
        self.lossy.set()
        yield
        self.cut(0.5)
        self.lossy.clear()


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A server behind a prefix with an escaped letter, and the wire that leads to it."""
    server = JupyterServer.start(tmp_path_factory.mktemp("hub"), PREFIX)
    wire = Wire(int(re.search(r":(\d+)/", server.url)[1]))
    yield replace(server, url=f"http://127.0.0.1:{wire.port}{PREFIX}"), wire
    wire.door.close()
    server.stop()


def click_away(page):
    """JupyterLab's own words about the lost server, whenever they come and one upon another, are clicked away, as a person would."""
    leave = """all => all.forEach(each => [...each.querySelectorAll('.jp-Dialog-footer button')].at(-1)?.click())"""
    shown = page.locator(".jp-Dialog")
    page.add_locator_handler(shown.first, lambda _: shown.evaluate_all(leave), no_wait_after=True)


def test_uploads_and_edits_outlive_a_broken_connection(hub, chromium, tmp_path):
    """12 MB arrive to the byte though the connection breaks for 3 s; an edit ends on the page though it comes while it is broken; a reload shows both."""
    server, wire = hub
    big = tmp_path / unicodedata.normalize("NFD", "Été 50% #1 図.png")
    Image.frombytes("RGB", (2200, 2000), os.urandom(2200 * 2000 * 3)).save(big, compress_level=0)
    with desk_of(server, chromium) as desk, notebooks(desk) as open_notebook:
        desk.context("en-US").add_init_script(IMPATIENT)
        nb = open_notebook([PANEL])
        nb.run_all()
        page = nb.page
        click_away(page)
        with page.expect_file_chooser() as chooser:
            page.locator(".nbb-choose").click()
        chooser.value.set_files([str(big)])
        time.sleep(0.6)
        wire.cut(3)
        expect(page.locator(".nbb-card img")).to_be_attached(timeout=60_000)
        nb.wait_idle()
        arrived = nb.python("print(p.tray.images[0].sha256)").strip()
        assert arrived == hashlib.sha256(big.read_bytes()).hexdigest()
        page.locator(".nb-banana-prompt textarea").fill("Turn the day into night")
        page.locator(".nb-banana-run").click()
        expect(page.get_by_role("button", name="Stop").first).to_be_enabled()
        wire.cut(5)
        expect(page.locator(".nbb-status")).to_contain_text("Done", timeout=60_000)
        assert nb.python("print(p.result is not None)").strip() == "True"
        nb.save()
        page.reload()
        nb.wait_idle()
        expect(page.locator(".nb-banana-panel")).to_have_count(1)
        expect(page.locator(".nbb-card img")).to_have_count(1)
        page.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 0", polling=POLLING)


def test_what_was_lost_on_the_way_is_told_when_the_connection_is_back(hub, chromium):
    """An edit ends while nothing reaches the page and a cell keeps the kernel busy, so that Jupyter itself asks in vain: the page shows it. A click that never arrived holds nothing up."""
    server, wire = hub
    with desk_of(server, chromium) as desk, notebooks(desk) as open_notebook:
        desk.context("en-US").add_init_script(IMPATIENT)
        nb = open_notebook([PANEL, "import time\ntime.sleep(14)"])
        nb.run_cell(0)
        page, line = nb.page, nb.page.locator(".nbb-status")
        click_away(page)
        page.locator(".nb-banana-prompt textarea").fill("A banana on a table")
        page.locator(".nb-banana-run").click()
        expect(page.get_by_role("button", name="Stop").first).to_be_enabled()
        nb.start_cell(1)
        expect(line).to_contain_text("Working, 1 s")
        with wire.losing():
            time.sleep(5)
        expect(line).to_contain_text("Done")
        expect(page.get_by_role("button", name="Stop").first).to_be_disabled()
        page.wait_for_function("() => document.querySelector('.nbb-after img')?.naturalWidth > 0", polling=POLLING)

        page.locator(".nb-banana-prompt textarea").fill("A lemon beside it")
        nb.wait_idle()
        with wire.losing():
            page.locator(".nb-banana-run").click()
            expect(line).to_have_attribute("data-state", "queued")
        expect(line).to_have_attribute("data-state", "done")
        page.locator(".nb-banana-run").click()
        expect(line).to_have_attribute("data-state", "running")
        expect(line).to_have_attribute("data-state", "done")
        assert nb.python("print(len(p.results), p.prompt.value)").strip() == "2 A lemon beside it"
