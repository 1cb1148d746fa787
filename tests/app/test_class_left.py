"""Pages that are left in the middle of an edit: their kernels go when the picture has come, and not before."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

from client.misbehaving import PICTURE, Seen, answer, response, sends, serving

from .class_kit import Desk, school
from .conftest import STARTUP, free_port

SOON = """
import sys
if "app" in sys.orig_argv:
    import nb_banana._app.kernels as kernels
    kernels._LEFT = kernels._COMING = 1.0
"""
"""The server waits for a page that went for a second, and not for minutes."""


def test_an_edit_outlives_its_page_however_often_that_is_loaded_again(tmp_path: Path):
    """A paid edit ends in the history although its page was loaded twice more and is gone for long; an idle kernel makes room in its place, else the page is told no in words."""
    at_once, go_on = sends(response(answer(PICTURE))), threading.Event()

    def behave(connection: socket.socket, seen: Seen, number: int) -> None:
        go_on.wait(90)
        at_once(connection, seen, number)

    startup = tmp_path / "ipython" / "profile_default" / "startup" / "00.py"
    startup.parent.mkdir(parents=True)
    startup.write_text(STARTUP)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SOON)
    paths = os.pathsep.join([str(tmp_path / "site"), *filter(None, [os.environ.get("PYTHONPATH")])])
    with serving(behave) as provider, school(tmp_path, free_port(), address=provider.url, PYTHONPATH=paths) as klass:
        ann = klass.visitor("Ann")

        def there(kernel: str) -> bool:
            return ann.get(f"/api/kernels/{kernel}").status_code == 200

        def leave(kernel: str) -> None:
            assert ann.web.post(f"{klass.url}/voila/api/shutdown/{kernel}", timeout=30).status_code == 204

        assert ann.open().status_code == 200
        first = ann.kernel
        with ann.wire() as wire:
            Desk(wire).start("Make it night")
            assert provider.wait_for(lambda: provider.posts == 1, 20)
            leave(first)
        assert ann.open().status_code == 200
        second = ann.kernel
        leave(second)
        assert there(first) and not there(second)
        assert ann.open().status_code == 200
        with ann.wire() as wire:
            wire.widgets()
            refused = ann.open()
            assert refused.status_code == 429 and "in the middle of an edit" in refused.text
            time.sleep(12)  # two looks of the server at the pages that went
            assert there(first)
            go_on.set()
            assert provider.wait_for(lambda: not there(first), 20)
        assert [file.read_bytes() for file in (klass.folder / "visitors").rglob("images/*.png")] == [PICTURE]
        assert provider.posts == 1
