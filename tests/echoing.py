"""A service that gives away the key it was sent, and another person's, in every place of its answers.

What a prompt asks for decides how: ``refuse``, ``only words``, ``stream``, ``page``, ``elsewhere``, ``link``, ``pretend``;
anything else is an edit that worked.
"""

from __future__ import annotations

import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

OTHERS = ("AQ.Zt9Xw2LmQpRs4Vb7Nc3Kd8Fg5Hj1", "sk-elses-9Qw8Er7Ty6Ui5Op4As3Df2Gh1")
SIGNATURE = base64.b64encode(bytes(range(90))).decode()


def picture(seed: str) -> bytes:
    """A picture of its own for each prompt."""
    out = io.BytesIO()
    Image.new("RGB", (48, 36), tuple(hash(seed) >> shift & 255 for shift in (0, 8, 16))).save(out, "PNG")
    return out.getvalue()


def gossip(key: str) -> str:
    """The keys in plain, escaped, quoted, encoded and half-masked forms."""
    basic = base64.b64encode(f"user:{key}".encode()).decode()
    quoted = "".join(f"%{ord(letter):02X}" for letter in key)
    return (
        f"I used {key} and {OTHERS[0]}; Bearer {OTHERS[1]}, Basic {basic}; https://api.example.com/v1?key={OTHERS[0]}&alt=json"
        f" {quoted} {key[:14]}***{key[-6:]} see ?api_key={key}."
    )


class Echoing(ThreadingHTTPServer):
    """Remembers the keys and the prompts it got, and which links were fetched.

    Attributes:
        stored: whether the picture behind a link is there.
        named: the address links lead to.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys: set[str] = set()
        self.prompts: list[str] = []
        self.fetched: list[str] = []
        self.stored = True
        self.named = self.url

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Echoing

    def do_GET(self) -> None:
        """The picture behind a link, for who has the key."""
        self.server.fetched.append(self.path)
        known = any(f"key={key}" in self.path for key in self.server.keys)
        status = 200 if known and self.server.stored else 403
        self._send(status, picture(self.path[:12]) if status == 200 else b"", "image/png")

    def do_POST(self) -> None:
        """One edit, answered in the form it was asked in."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self._sent_key()
        self.server.keys.add(key)
        chat = "messages" in body
        parts = body["messages"][-1]["content"] if chat else body["contents"][-1]["parts"]
        prompt = next(part["text"] for part in parts if "text" in part)
        self.server.prompts.append(prompt)
        for word, answer in _ANSWERS.items():
            if word in prompt:
                answer(self, key, prompt, chat)
                return
        self._edited(key, prompt, chat, gossip(key))

    def _sent_key(self) -> str:
        return self.headers.get("Authorization", self.headers.get("x-goog-api-key", "")).removeprefix("Bearer ")

    def _edited(self, key: str, prompt: str, chat: bool, words: str) -> None:
        data = base64.b64encode(picture(prompt)).decode()
        if chat:
            content = f"{words}\n\n![{key}](data:image/png;base64,{data})"
            message = {"role": "assistant", "content": content, "reasoning": words}
            choice = {"message": message, "finish_reason": f"stop {key}"}
            self._json({"id": f"id-{key}", "model": f"m-{OTHERS[1]}", "choices": [choice], "revised_prompt": words})
            return
        parts = [
            {"text": words, "thought": True, "thoughtSignature": SIGNATURE},
            {"text": words, key: OTHERS[0], "note": {"deep": [words, {"url": f"https://files.example.com/{key}?key={OTHERS[0]}"}]}},
            {"inlineData": {"mimeType": "image/png", "data": data}, "thoughtSignature": SIGNATURE},
        ]
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": f"STOP {OTHERS[0]}", "finishMessage": words}
        self._json({"candidates": [candidate], "modelVersion": f"m-{key}", "responseId": key, "revised_prompt": words})

    def refuse(self, key: str, _prompt: str, _chat: bool) -> None:
        """An error of the gateway."""
        self._json({"error": {"message": f"API key not valid: {key}. {gossip(key)}", "code": key, "param": OTHERS[1]}}, 401)

    def only_words(self, key: str, prompt: str, chat: bool) -> None:
        """An answer without a picture, its escapes as some libraries write them."""
        text = gossip(key) + "".join(f"\\u{ord(letter):04x}" for letter in key)
        plain = {"choices": [{"message": {"content": text}}]} if chat else {"candidates": [{"content": {"parts": [{"text": text}]}}]}
        self._send(200, json.dumps(plain).replace("\\\\u", "\\u").encode())

    def stream(self, key: str, prompt: str, chat: bool) -> None:
        """Events that cut the keys into pieces of five letters."""
        words = f"one {key} two {OTHERS[0]} three {OTHERS[1]} four"
        pieces = re.findall("(?s).{1,5}", words)
        data = base64.b64encode(picture(prompt)).decode()
        if chat:
            events: list[Any] = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
            events.append({"choices": [{"delta": {"content": f" ![](data:image/png;base64,{data})"}}]})
        else:
            events = [{"candidates": [{"content": {"parts": [{"text": piece}]}}]} for piece in pieces]
            events.append({"candidates": [{"content": {"parts": [{"inlineData": {"mimeType": "image/png", "data": data}}]}}]})
        body = "".join(f"data: {json.dumps(event)}\r\n\r\n" for event in events)
        self._send(200, f": {key}\n\n{body}".encode(), "text/event-stream")

    def page(self, key: str, _prompt: str, _chat: bool) -> None:
        """A page for a browser."""
        self._send(500, f"<html><title>{key}</title><p>{gossip(key)}</p></html>".encode(), "text/html")

    def elsewhere(self, key: str, _prompt: str, _chat: bool) -> None:
        """A redirect."""
        self._send(307, gossip(key).encode(), "text/plain", Location=f"https://{key}.example.com/?key={key}")

    def link(self, key: str, prompt: str, chat: bool) -> None:
        """A picture behind a link that only the key opens."""
        url = f"{self.server.named}/made/{key}.png?X-Amz-Signature=c0ffee0123456789&key={key}"
        text = f"![{key}]({url})\n{gossip(key)}"
        self._json({"choices": [{"message": {"content": text}}]} if chat else {"candidates": [{"content": {"parts": [{"text": text}]}}]})

    def pretend(self, key: str, prompt: str, chat: bool) -> None:
        """Words of a sandbox."""
        report = json.dumps({"done": [], "left_out": [gossip(key)], "numbered": []})
        self._more = {"x-nb-banana-sandbox": "1", "x-nb-banana-report": report}
        self._edited(key, prompt, chat, gossip(key))

    def _json(self, document: dict[str, Any], status: int = 200) -> None:
        self._send(status, json.dumps(document).encode())

    _more: dict[str, str] = {}  # noqa: RUF012

    def _send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        key = self._sent_key()
        more, self._more = self._more, {}
        self.send_response(status, f"{status} {key}")
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "x-request-id": f"req-{key}", **more, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Standard error stays clean."""


_ANSWERS = {
    "refuse": _Handler.refuse, "only words": _Handler.only_words, "stream": _Handler.stream, "page": _Handler.page,
    "elsewhere": _Handler.elsewhere, "link": _Handler.link, "pretend": _Handler.pretend,
}  # fmt: skip


@contextmanager
def echoing() -> Iterator[Echoing]:
    """Serve inside the block."""
    server = Echoing()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
