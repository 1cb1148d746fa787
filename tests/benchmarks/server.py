"""The other end of the wire: a process that answers every POST with the same picture, as fast as a socket takes it.

    python server.py PICTURE [--delay SECONDS] [--coding plain|chunked|gzip] [--rate BYTES_PER_SECOND]

Prints its port. The replies of both wires are encoded before the first request, so that all the time spent in a
call is the network's and the client's. ``GET /last`` tells the monotonic time just before the last bytes of the last
reply were handed to the kernel; on one machine that is the client's clock too.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import re
import socket
import threading
import time
from pathlib import Path

LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
CHUNK = 16 * 1024
PACE = 64 * 1024
MODEL = "gemini-3-pro-image-preview"
last_send = [0.0]


def native(picture: str) -> str:
    """What generateContent answers."""
    parts = [{"inlineData": {"mimeType": "image/png", "data": picture}}]
    candidate = {"content": {"parts": parts, "role": "model"}, "finishReason": "STOP", "index": 0}
    usage = {"promptTokenCount": 1298, "candidatesTokenCount": 1210, "totalTokenCount": 2508}
    return json.dumps({"candidates": [candidate], "usageMetadata": usage, "modelVersion": MODEL, "responseId": "bench"})


def chat(picture: str) -> str:
    """What chat completions answer at a gateway: the picture as Markdown inside the text."""
    message = {"role": "assistant", "content": f"![image](data:image/png;base64,{picture})"}
    usage = {"prompt_tokens": 1298, "completion_tokens": 1210, "total_tokens": 2508}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    document = {"id": "bench", "object": "chat.completion", "created": 1, "model": MODEL, "choices": choices}
    return json.dumps({**document, "usage": usage})


def images(picture: str) -> str:
    """What the Images API answers."""
    details = {"text_tokens": 18, "image_tokens": 1280}
    usage = {"input_tokens": 1298, "input_tokens_details": details, "output_tokens": 1210, "total_tokens": 2508}
    return json.dumps({"created": 1, "data": [{"b64_json": picture}], "output_format": "png", "usage": usage})


def wire_of(line: bytes) -> bytes:
    """Which wire a request's first line belongs to."""
    return b"openai" if b"/chat/" in line else b"images" if b"/images/" in line else b"gemini"


def reply(document: str, coding: str) -> bytes:
    """A whole HTTP reply."""
    body, header = document.encode(), f"Content-Length: {len(document)}"
    if coding == "gzip":
        body = gzip.compress(body, 1)
        header = f"Content-Encoding: gzip\r\nContent-Length: {len(body)}"
    if coding == "chunked":
        cut = [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in cut) + b"0\r\n\r\n"
        header = "Transfer-Encoding: chunked"
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{header}\r\n\r\n".encode() + body


def read_request(connection: socket.socket, spare: bytearray) -> bytes:
    """The first line of the next request, once all of it has come; ``b""`` at the connection's end."""
    head = b""
    while b"\r\n\r\n" not in head:
        got = connection.recv(65536)
        if not got:
            return b""
        head += got
    head, _, body = head.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    left = int(length[1]) - len(body) if length else 0
    while left > 0:
        left -= connection.recv_into(spare, min(left, len(spare))) or left
    return head.partition(b"\r\n")[0]


def send(connection: socket.socket, whole: bytes, rate: float) -> None:
    """Send a reply, at once or at ``rate``."""
    if not rate:
        connection.sendall(whole)
        return
    view, began = memoryview(whole), time.monotonic()
    for at in range(0, len(view), PACE):
        time.sleep(max(0.0, began + at / rate - time.monotonic()))
        last_send[0] = time.monotonic()
        connection.sendall(view[at : at + PACE])


def serve(connection: socket.socket, replies: dict[bytes, bytes], delay: float, rate: float) -> None:
    """One connection, request after request."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    spare = bytearray(1024 * 1024)
    with connection:
        while line := read_request(connection, spare):
            if line.startswith(b"GET"):
                told = repr(last_send[0]).encode()
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told))
                continue
            time.sleep(delay)
            send(connection, replies[wire_of(line)], rate)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("picture", type=Path)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--coding", choices=["plain", "chunked", "gzip"], default="plain")
    parser.add_argument("--rate", type=float, default=0.0)
    options = parser.parse_args()
    encoded = base64.b64encode(options.picture.read_bytes()).decode()
    wires = {b"gemini": native, b"openai": chat, b"images": images}
    replies = {wire: reply(document(encoded), options.coding) for wire, document in wires.items()}
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(
            target=serve, args=(connection, replies, options.delay, options.rate), daemon=True
        ).start()


if __name__ == "__main__":
    main()
