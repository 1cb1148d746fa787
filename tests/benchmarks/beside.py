"""One job beside other clients: how much code it takes, and how often a paid request is sent when something goes wrong.

    python tests/benchmarks/beside.py

Rules of the measurement:

* Every client does the same job in its plainest documented way: edit one photo at 16:9 and 2K, save the picture under a
  name whose ending fits its bytes. Its code stands below, once; what is counted are Python statements of that function,
  not lines, so that nobody gains by long lines. The address and the key of the test are arguments and cost nobody a statement.
* A server on this machine counts the requests that came whole. It answers well, or with one failure for ever.
* Every client has its own defaults: retries, limits, nothing switched off. A client that is still at it after `LIMIT`
  seconds is stopped and told so.
* Each call is a process of its own; the second call of *again* is one more process, as after a restart of a kernel.
"""

from __future__ import annotations

import argparse
import ast
import base64
import inspect
import io
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "sk-benchmark-0123456789abcdef"
LIMIT = 60
MODEL = "gemini-3-pro-image-preview"
FAULTS = {
    "429": "too many requests (429), no Retry-After",
    "500": "server error (500)",
    "503": "overloaded (503)",
    "cut": "connection closed after the request, before an answer",
    "words": "an answer with words and no picture",
}
CASES = {"": "all is well", "again": "the same job again, in a new process", **FAULTS}
URL, PHOTO = "", ""


# --- the job, once for each client ---------------------------------------------------------------


def nb_banana() -> None:
    import nb_banana as nb

    nb.session(nb.Endpoint(URL, KEY, wire="gemini"))
    nb.edit(PHOTO, "Make it night", aspect_ratio="16:9", image_size="2K").save("night")


def google_genai() -> None:
    import mimetypes
    from pathlib import Path

    from google import genai
    from google.genai import types

    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=URL))
    photo = types.Part.from_bytes(data=Path(PHOTO).read_bytes(), mime_type="image/jpeg")
    config = types.GenerateContentConfig(
        response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K")
    )
    response = client.models.generate_content(model=MODEL, contents=["Make it night", photo], config=config)
    for part in response.candidates[0].content.parts:
        if part.inline_data:
            Path("night" + mimetypes.guess_extension(part.inline_data.mime_type)).write_bytes(part.inline_data.data)


def openai() -> None:
    import base64
    from pathlib import Path

    from openai import OpenAI

    client = OpenAI(base_url=f"{URL}/v1", api_key=KEY)
    photo = Path(PHOTO)
    answer = client.images.edit(
        image=photo, prompt="Make it night", model=MODEL, size="2752x1536", output_format="png"
    )
    Path("night.png").write_bytes(base64.b64decode(answer.data[0].b64_json))


def httpx() -> None:
    import base64
    import mimetypes
    from pathlib import Path

    import httpx

    data = base64.b64encode(Path(PHOTO).read_bytes()).decode()
    body = {
        "contents": [{"parts": [{"text": "Make it night"}, {"inline_data": {"mime_type": "image/jpeg", "data": data}}]}],
        "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"}},
    }
    address = f"{URL}/v1beta/models/{MODEL}:generateContent"
    answer = httpx.post(address, headers={"x-goog-api-key": KEY}, json=body, timeout=300)
    answer.raise_for_status()
    for part in answer.json()["candidates"][0]["content"]["parts"]:
        if "inlineData" in part:
            name = "night" + mimetypes.guess_extension(part["inlineData"]["mimeType"])
            Path(name).write_bytes(base64.b64decode(part["inlineData"]["data"]))


JOBS: dict[str, Callable[[], None]] = {"nb_banana": nb_banana, "google-genai": google_genai, "openai": openai, "httpx": httpx}


def statements(job: Callable[[], None]) -> int:
    """How many statements a job takes, imports among them."""
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(job))).body
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


# --- the other end -------------------------------------------------------------------------------


class Other(ThreadingHTTPServer):
    """A provider that counts whole requests and answers them all in one way."""

    fault = ""
    asked = 0
    picture = b""


class Answer(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Other

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self._chunks()
        self.server.asked += 1
        if self.server.fault == "cut":
            self.close_connection = True
            return
        if self.server.fault.isdigit():
            status = {"429": "RESOURCE_EXHAUSTED", "500": "INTERNAL", "503": "UNAVAILABLE"}[self.server.fault]
            error = {"code": int(self.server.fault), "message": "Try later.", "status": status}
            self._say(int(self.server.fault), {"error": error})
            return
        picture = base64.b64encode(self.server.picture).decode()
        if "/images/" in self.path:
            found = {} if self.server.fault else {"b64_json": picture}
            self._say(200, {"created": 1, "data": [found] if found else []})
            return
        part = {"text": "I can't."} if self.server.fault else {"inlineData": {"mimeType": "image/png", "data": picture}}
        candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}
        self._say(200, {"candidates": [candidate], "modelVersion": MODEL})

    def _chunks(self) -> None:
        while size := int(self.rfile.readline(), 16):
            self.rfile.read(size + 2)
        self.rfile.readline()

    def _say(self, status: int, document: dict[str, object]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


# --- a run ---------------------------------------------------------------------------------------


def run_once(name: str, url: str, folder: Path) -> tuple[str, float]:
    """What a process of its own says at its end, and its seconds."""
    began = time.monotonic()
    command = [sys.executable, str(Path(__file__).resolve()), "--job", name, "--url", url, "--photo", str(folder / "photo.jpg")]
    environment = {**{key: value for key, value in os.environ.items() if "API_KEY" not in key and "BANANA" not in key}, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"still trying after {LIMIT} s", LIMIT
    raised = re.findall(r"^(?:\w+\.)*(\w*Error)\b", done.stderr, re.MULTILINE) if done.returncode else []
    saved = sorted(path.name for path in folder.glob("night*"))
    return [f"saved {saved[0]}" if saved else "no error, nothing saved", *raised][-1], time.monotonic() - began


def asked(name: str, case: str, server: Other) -> tuple[int, str, float]:
    """How many whole requests came, how it ended, and its seconds; *again* is the same job twice, in two processes."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        Image.effect_noise((600, 400), 60).convert("RGB").save(folder / "photo.jpg")
        server.fault, server.asked = case if case in FAULTS else "", 0
        url = f"http://127.0.0.1:{server.server_address[1]}"
        for _ in range(2 if case == "again" else 1):
            said, seconds = run_once(name, url, folder)
        return server.asked, said, seconds


@contextmanager
def other_end() -> Iterator[Other]:
    """The server, while it is needed."""
    from PIL import Image

    drawn = io.BytesIO()
    Image.frombytes("RGB", (2752, 1536), bytes(2752 * 1536 * 3)).save(drawn, "PNG")
    with Other(("127.0.0.1", 0), Answer) as server:
        server.picture = drawn.getvalue()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def main() -> None:
    """Print the tables."""
    told = ", ".join(f"{name} {version(name)}" for name in ("google-genai", "openai", "httpx"))
    print(f"Measured {time.strftime('%Y-%m-%d')}; Python {platform.python_version()}; {told}.\n")
    print("| " + " | ".join(["", *JOBS]) + " |\n| --- |" + " ---: |" * len(JOBS))
    print("| " + " | ".join(["statements of the job", *(str(statements(job)) for job in JOBS.values())]) + " |")
    with other_end() as server:
        for case, words in CASES.items():
            cells = []
            for name in JOBS:
                count, said, seconds = asked(name, case, server)
                cells.append(f"{count} sent, {said}" + (f", {seconds:.0f} s" if case in FAULTS and seconds > 5 else ""))
            print("| " + " | ".join([words, *cells]) + " |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="One job beside other clients.")
    parser.add_argument("--job", choices=JOBS)
    parser.add_argument("--url")
    parser.add_argument("--photo")
    options = parser.parse_args()
    if options.job:
        assert urlsplit(options.url).hostname == "127.0.0.1"
        URL, PHOTO = options.url, options.photo
        JOBS[options.job]()
    else:
        main()
