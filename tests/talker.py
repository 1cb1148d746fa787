"""A service on loopback that answers every edit with a picture of its own shape, and words beside it.

    from tests import talker
    url = talker.start("I could not add the hat.")

It asks for nothing but the standard library and Pillow, so a notebook's kernel can run it too: the browser tests put
this file beside the notebook.
"""

from __future__ import annotations

import base64
import io
import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

SIZE = (480, 360)  # no 16:9, whoever asks for it


def answer(words: str, number: int) -> bytes:
    """What generateContent answers: a text part, then a picture, each time another one."""
    stream = io.BytesIO()
    picture = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    picture.paste((200, 120, 40), (8, 8, 8 + 8 * number, 24))
    picture.save(stream, "PNG")
    inline = {"mimeType": "image/png", "data": base64.b64encode(stream.getvalue()).decode()}
    content = {"role": "model", "parts": [{"text": words}, {"inlineData": inline}]}
    return json.dumps({"candidates": [{"content": content, "finishReason": "STOP"}]}).encode()


def start(words: str) -> str:
    """Serve until the process ends; gives the address."""
    numbers = itertools.count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = answer(words, next(numbers))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Standard error stays clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
