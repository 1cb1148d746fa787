"""What a plain edit must not load or keep: guards that need no clock. Times are in tests/benchmarks/run.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nb_banana as nb

ROOT = Path(nb.__file__).resolve().parent.parent
SERVER = """
import base64, http.server, threading
class Reply(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        inline = {"mimeType": "image/png", "data": base64.b64encode(answer).decode()}
        content = {"role": "model", "parts": [{"inlineData": inline}]}
        body = json.dumps({"candidates": [{"content": content, "finishReason": "STOP"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Reply)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint_url = f"http://127.0.0.1:{server.server_port}"
"""
EDITS = {
    "Client": """
with nb.Client(nb.Endpoint(endpoint_url, "sk-0123456789abcdef")) as client:
    result = client.edit(picture, "make it blue")
""",
    "AsyncClient": """
import asyncio
async def edit():
    async with nb.AsyncClient(nb.Endpoint(endpoint_url, "sk-0123456789abcdef")) as client:
        return await client.edit(picture, "make it blue")
result = asyncio.run(edit())
""",
}
HEAVY = ("PIL", "numpy", "IPython", "ipywidgets", "anywidget", "traitlets", "sqlite3", "pandas", "skimage")


@pytest.mark.parametrize("client", EDITS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_plain_edit_decodes_nothing_and_loads_no_heavy_library(tmp_path, draw_photo, client, kind):
    """A picture that needs no change goes out and comes back untouched, without Pillow, widgets or certificates."""
    path = tmp_path / f"photo.{kind.lower()}"
    draw_photo().save(path, kind)
    other = tmp_path / f"answer.{kind.lower()}"
    draw_photo(background="navy").save(other, kind)
    code = (
        f"import json, sys\n{SERVER}\nfrom pathlib import Path\npicture = Path({str(path)!r}).read_bytes()\n"
        f"answer = Path({str(other)!r}).read_bytes()\n"
        f"import nb_banana as nb\n{EDITS[client]}\n"
        f"assert result.image.data == answer\n"
        f"assert not result.request.images[0]._held.sha256, 'an input is hashed only for a history'\n"
        f"print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}} & set({HEAVY!r}))))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
