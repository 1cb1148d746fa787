"""The page about comparing families: its Python runs as printed, its figures are the catalog's, both languages say the same."""

from __future__ import annotations

import json
import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from pages import blocks, run_bash, text_of

import nb_banana as nb
from nb_banana._catalog.prices import token_price
from nb_banana._sandbox.service import respond

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("docs/compare.md", "docs/compare.zh-CN.md")
QWEN, GEMINI = "Qwen/Qwen-Image-Edit-2511", "gemini/gemini-3-pro-image-preview"


@contextmanager
def running(model: str) -> Iterator[tuple[str, list[str]]]:
    """A server that runs one model, as vLLM-Omni does, painted by the sandbox; its address and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.answer(200, json.dumps({"data": [{"id": model}]}).encode(), "application/json")

        def do_POST(self) -> None:
            asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert model.encode() in body and b'name="image' in body
            known = body.replace(model.encode(), b"gemini-3-pro-image-preview")
            kind = {"content-type": self.headers["Content-Type"]}
            reply = respond(httpx.Request("POST", f"http://127.0.0.1{self.path}", headers=kind, content=known))
            self.answer(reply.status_code, reply.content, reply.headers["content-type"])

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_its_python_runs_as_printed(clean_place, draw_photo, monkeypatch):
    """Word for word, with the sandbox where a provider stands and servers of one model where the page starts them; below, the Chinese page has the same code."""
    draw_photo((320, 240)).save(clean_place / "photo.jpg")
    monkeypatch.setattr("builtins.print", lambda *_: None)
    names: dict[str, object] = {}
    with running(QWEN) as (qwen, asked), running(GEMINI) as (proxy, _), nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        nb.session(session)
        there = {
            '"http://127.0.0.1:8000"': repr(qwen),
            '"http://127.0.0.1:4000"': repr(proxy),
            '"apiyi"': '"sandbox"',
            "nb.Endpoint.openai()": 'nb.Endpoint.sandbox(wire="images")',
        }
        code = "\n".join(blocks(PAGES[0], "python"))
        for printed, here in there.items():
            assert printed in code
            code = code.replace(printed, here)
        exec(code, names)
        (line,) = [line for block in blocks(PAGES[0], "bash") for line in block.splitlines() if line.startswith("nb-banana ")]
        run_bash(line.replace("http://127.0.0.1:8000", qwen))
    first, grid, families = names["result"], names["grid"], names["families"]
    assert first.request.seed == 7 and first.cost.amount == 0 and first.model == QWEN
    assert asked.count("/v1/images/edits") == 4 and asked.count("/v1/models") == 2
    assert [one.model for one in families] == ["gemini-3-pro-image-preview", "gpt-image-2.5-flare"]
    assert len(grid) == 6 and grid.failed == () and [one.model for one in grid].count(QWEN) == 2
    kept = names["kept"]
    assert kept.shown_size == (320, 240) and nb.read_provenance(names["path"])["kind"] == "composite"


def test_both_languages_show_the_same_code_and_figures():
    """Commands, price rows and code are the same but for words in quotes and remarks; so is every number."""
    english, chinese = PAGES
    for language in ("console", "bash", "python", "toml"):
        one, other = (re.sub(r'"[^"]*"|#.*', "", "\n".join(blocks(page, language))) for page in PAGES)
        assert one == other
    ours, theirs = (sorted(re.findall(r"\d+(?:\.\d+)*", text_of(page).split("##", 1)[1].split("<!-- translated")[0])) for page in PAGES)
    assert ours == theirs, (english, chinese)


def test_its_row_of_prices_is_one_the_book_reads(clean_place, monkeypatch):
    """The block in TOML, in a file of one's own, is what a reply's count is priced by, and the shipped figures are these."""
    (block, *_) = blocks(PAGES[0], "toml")
    (row,) = tomllib.loads(block)["token_price"]
    (clean_place / "prices.toml").write_text(block.replace('"30"', '"60"'), encoding="utf-8")
    shipped = tomllib.loads(text_of("nb_banana/_catalog/prices.toml"))["token_price"]
    kinds = ("text_in", "image_in", "image_out")
    assert [[one[kind] for kind in kinds] for one in shipped] == [[row[kind] for kind in kinds]] * len(shipped)
    monkeypatch.setenv("NB_BANANA_PRICES", str(clean_place / "prices.toml"))
    own = token_price("flare", "openai", "2026-11-01")
    assert own is not None and (own.image_out, own.text_in, own.source) == (60, 5, "my contract")
