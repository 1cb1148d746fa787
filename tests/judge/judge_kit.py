"""A judge on loopback that answers, refuses, breaks off, chats and dawdles as its questions say, and counts them."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-judge-Qx7Lm2Vb9Tz4Kd8Wp3Rn6Yc1"
ONE = """
name = "one"
version = 3
[[ask]]
name = "whole"
combine = "min"
pictures = ["before", "after"]
prompt = "Was it done? {pictures} Asked for: [[{instruction}]]"
score = [{ name = "done", low = 0, high = 10 }, { name = "kept", low = 0, high = 10 }]
"""


def reply(content: str, finish: str = "stop", **more: object) -> bytes:
    message = {"role": "assistant", "content": content, **{name: more.pop(name) for name in ("refusal",) if name in more}}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return json.dumps({"id": "judged-1", "model": "judge-answered-1", "choices": [choice], **more}).encode()


def scores(done: float, kept: float) -> str:
    return json.dumps({"reason": "looked", "done": done, "kept": kept})


Answer = Callable[["FakeJudge", dict], tuple[int, bytes]]


class FakeJudge(ThreadingHTTPServer):
    """`posts` counts the questions by what was asked for; `answer` makes each answer from the question."""

    daemon_threads, block_on_close = True, False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts, self.lock = Counter[str](), threading.Lock()
        self.bodies: list[dict] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.answer: Answer = by_words
        self.at_once, self.gate = 10_000, threading.Event()  # later answers wait for the gate

    def handle_error(self, *_):
        """Somebody hung up: no news."""


class Handler(BaseHTTPRequestHandler):
    server: FakeJudge
    protocol_version, timeout = "HTTP/1.1", 60

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.posts[asked(body)] += 1
            self.server.bodies.append(body)
            waits = self.server.posts.total() > self.server.at_once
        if waits:
            self.server.gate.wait(60)
        status, content = self.server.answer(self.server, body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """`posts` is the log."""


def words(body: dict) -> str:
    return body["messages"][0]["content"][0]["text"]


def pictures(body: dict) -> list[str]:
    return [item["image_url"]["url"] for item in body["messages"][0]["content"][1:]]


def asked(body: dict) -> str:
    found = re.search(r"\[\[(.*?)\]\]", words(body)) or re.search(r"<<<\n(.*?)\n>>>", words(body), re.S)
    return found[1] if found else ""


def by_words(judge: FakeJudge, body: dict) -> tuple[int, bytes]:
    """What the instruction names: a behaviour, or two numbers."""
    how = asked(body)
    if "blocked" in how:
        return 200, reply("", "content_filter", refusal="I can't look at that.")
    if "declined" in how:
        return 200, reply("I'm sorry, but I can't assist with that request.")
    if "cut" in how:
        return 200, reply('{"reason": "the sky is red and", "done": 9, "ke', "length")
    if "prose" in how:
        return 200, reply("A lovely edit! I would give it 9 out of 10 for both.")
    if "outside" in how:
        return 200, reply(scores(11, 9))
    if "late" in how:
        judge.gate.wait(30)
        return 200, reply(scores(9, 9))
    if "broken" in how:
        return 500, b'{"error": {"message": "upstream exploded"}}'
    numbers = [float(one) for one in re.findall(r"\d+", how)] or [7.0, 8.0]
    return 200, reply(scores(*(numbers * 2)[:2]))
