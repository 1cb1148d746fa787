"""The wheel enables the routes, the server's start loads next to nothing for them, and they are told by their name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import Jupyter

import nb_banana as nb

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_wheel_holds_what_enables_the_routes(tmp_path):
    """Installing is enough: the wheel puts the server's file where a Jupyter server looks, word for word."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True,
                   capture_output=True, timeout=300)  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        (name,) = [name for name in file.namelist() if name.endswith(".data/data/etc/jupyter/jupyter_server_config.d/nb_banana.json")]
        assert file.read(name) == (ROOT / "jupyter-config" / "nb_banana.json").read_bytes()
        assert not [name for name in file.namelist() if name.startswith("jupyter-config")]


def test_the_extension_is_listed_as_enabled_and_fine(tmp_path):
    """`jupyter server extension list` names it, says it is enabled, and finds nothing wrong with it."""
    done = subprocess.run([sys.executable, "-m", "jupyter_server.extension.serverextension", "list"], check=False, env=Jupyter(tmp_path).environment(),
                          capture_output=True, text=True, timeout=120)  # fmt: skip
    told = re.sub(r"\x1b\[\d*m| +", " ", done.stdout)
    assert re.search(r"nb_banana +enabled", told) and re.search(rf"nb_banana {re.escape(nb.__version__)} +OK", told), told


def test_the_servers_start_loads_no_room_that_reads():
    """What reads a history is loaded with the first question, so that a server starts as it did without us."""
    code = (
        "import sys, jupyter_server.serverapp, jupyter_server.services.contents.filemanager, jupyter_server.base.handlers\n"
        "before = set(sys.modules)\n"
        "import nb_banana\n"
        "for one in nb_banana._jupyter_server_extension_points(): __import__(one['module'])\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120,
                            env={**os.environ, "PYTHONPATH": str(ROOT)}).stdout.split()  # fmt: skip
    rooms = {name.split(".")[1] for name in loaded if name.startswith("nb_banana.")}
    assert rooms <= {"_version", "_server", "_strings", "_chosen"}
    assert not {"PIL", "httpx", "h11", "ipywidgets", "numpy"} & {name.split(".")[0] for name in loaded}


def test_another_kind_of_server(serve, photo):
    """Behind a hub's prefix, with the file manager that waits and with hidden folders shown, the routes answer as the server's own do."""
    server: Jupyter = serve("--ServerApp.base_url=/user/ann/", "--ContentsManager.allow_hidden=True",
                            "--ServerApp.contents_manager_class=jupyter_server.services.contents.largefilemanager.LargeFileManager")  # fmt: skip
    with nb.Session(nb.Endpoint.sandbox(), folder=server.root / ".cache" / "nb_banana_history", tell=lambda _: None) as session:
        made = session.edit(photo, "make it night")
    assert server.history("").json == {"rows": [], "total": 0, "folder": None}
    found = server.history(".cache").json
    assert ([row["id"] for row in found["rows"]], found["folder"]) == ([made.record_id], ".cache/nb_banana_history")
    assert server.image(made.image.sha256, found["folder"], size="full").body == made.image.data
    server.prefix = ""
    assert server.history("").status == 404
