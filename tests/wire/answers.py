"""Answers seen in the wild at Google, gateways and relays, and what a client must make of each.

Facts only: layouts, codes and the shape of sentences, collected from the services' own references and
from public issue threads. The pictures are drawn here. A row says what must come out: pictures by the
letters of ``PICTURES`` in order, text, or the failure's category, whether sending again may help, how
long the server asks to wait, whether it may be billed, and the request id. ``None`` means "not said".
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import textwrap
import zlib
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from typing import Any

from PIL import Image


@cache
def draw(kind: str, colour: str, size: tuple[int, int] = (24, 16)) -> bytes:
    """A small picture of one colour with a diagonal, so that every one differs."""
    picture = Image.new("RGB", size, colour)
    for at in range(min(size)):
        picture.putpixel((at, at), (at * 9 % 256, 40, 200))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


PICTURES = {
    "A": draw("PNG", "tomato"),
    "B": draw("PNG", "gold"),
    "C": draw("JPEG", "teal"),
    "D": draw("WEBP", "navy"),
    "E": draw("PNG", "orchid", (160, 120)),
    "G": draw("GIF", "olive"),
    "L": draw("PNG", "sienna", (1900, 1500)),
}
CUT = PICTURES["C"][: len(PICTURES["C"]) // 2]
CUT_PNG = PICTURES["E"][:-20]


def b64(letter: str) -> str:
    return base64.b64encode(PICTURES[letter]).decode()


def url64(letter: str) -> str:
    return base64.urlsafe_b64encode(PICTURES[letter]).decode()


MIME = {"A": "image/png", "B": "image/png", "C": "image/jpeg", "D": "image/webp", "E": "image/png", "G": "image/gif", "L": "image/png"}


def data_url(letter: str) -> str:
    return f"data:{MIME[letter]};base64,{b64(letter)}"


@dataclass(frozen=True)
class Row:
    """One answer and what is expected of it."""

    name: str
    body: bytes
    _: KW_ONLY
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    images: str | None = None
    text: str | None = None
    category: str | None = None
    retryable: bool | None = None
    retry_after: float | None = None
    billed: bool | None = None
    request_id: str | None = None
    finish: str | None = None
    says: str = ""
    drafts_warning: bool | None = None
    links: dict[str, str] = field(default_factory=dict)


ROWS: list[Row] = []
JSON = {"content-type": "application/json"}


def row(name: str, body: Any, **expected: Any) -> None:
    """Add a row; a dict or list becomes JSON."""
    if isinstance(body, (dict, list)):
        body = json.dumps(body, ensure_ascii=False)
    raw = body.encode() if isinstance(body, str) else body
    expected.setdefault("headers", JSON)
    ROWS.append(Row(name, raw, **expected))


def inline(letter: str, mime: str | None = None, **more: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime or MIME[letter], "data": b64(letter)}, **more}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"text": words, **more}


def native(*parts: Any, finish: str | None = "STOP", **more: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], **more}


def chat(content: Any, finish: str = "stop", message: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1763000000,
        "model": "gemini-3-pro-image-preview",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content, **(message or {})}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 1120, "total_tokens": 1130},
        **more,
    }


def sse(*documents: Any, done: bool = False, newline: str = "\n") -> str:
    lines = [f"data: {json.dumps(d, ensure_ascii=False)}{newline}{newline}" for d in documents]
    return "".join(lines) + (f"data: [DONE]{newline}{newline}" if done else "")


def error(message: Any, code: Any = None, status: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"message": message, **more}
    if code is not None:
        found["code"] = code
    if status is not None:
        found["status"] = status
    return {"error": found}


# --- native answers with pictures ----------------------------------------------------------------

row("one picture", native(inline("A")), images="A", text="")
row("text then picture", native(text("Here you are."), inline("A")), images="A", text="Here you are.")
row("picture then text", native(inline("A"), text("Done.")), images="A", text="Done.")
row("text, picture, text", native(text("One."), inline("A"), text("Two.")), images="A", text="One.\nTwo.")
row("two pictures", native(inline("A"), inline("B")), images="AB", drafts_warning=True)
row("five pictures", native(*(inline(x) for x in "ABCDE")), images="ABCDE", drafts_warning=True)
row("signed unflagged drafts", native(*(inline(x, thoughtSignature="c2ln") for x in "ABC")), images="ABC", drafts_warning=True)
row("flagged draft dropped", native(inline("A", thought=True), inline("B")), images="B", drafts_warning=False)
row("two flagged drafts dropped", native(inline("A", thought=True), text("hm", thought=True), inline("B", thought=True), inline("C")), images="C", text="", drafts_warning=False)
row("only drafts", native(inline("A", thought=True), inline("B", thought=True)), images="AB")
row("same picture twice", native(inline("A"), inline("A")), images="A", drafts_warning=False)
row("draft equal to the final", native(inline("A", thought=True), inline("A")), images="A")
row("jpeg declared png", native(inline("C", "image/png")), images="C")
row("png declared jpeg", native(inline("A", "image/jpeg")), images="A")
row("webp declared octet-stream", native(inline("D", "application/octet-stream")), images="D")
row("no mime type", native({"inlineData": {"data": b64("A")}}), images="A")
row("mime null", native({"inlineData": {"mimeType": None, "data": b64("A")}}), images="A")
row("snake_case", {"candidates": [{"content": {"role": "model", "parts": [{"inline_data": {"mime_type": "image/png", "data": b64("A")}}]}, "finish_reason": "STOP"}], "usage_metadata": {"prompt_token_count": 3, "total_token_count": 9}}, images="A", finish="STOP")
row("url-safe base64", native({"inlineData": {"mimeType": "image/png", "data": url64("E")}}), images="E")
row("unpadded", native({"inlineData": {"mimeType": "image/png", "data": b64("A").rstrip("=")}}), images="A")
row("url-safe unpadded", native({"inlineData": {"mimeType": "image/png", "data": url64("E").rstrip("=")}}), images="E")
row("line-wrapped 76", native({"inlineData": {"mimeType": "image/png", "data": "\n".join(textwrap.wrap(b64("E"), 76))}}), images="E")
row("line-wrapped 64 crlf", native({"inlineData": {"mimeType": "image/png", "data": "\r\n".join(textwrap.wrap(b64("E"), 64)) + "\r\n"}}), images="E")
row("large line-wrapped", native({"inlineData": {"mimeType": "image/png", "data": "\n".join(textwrap.wrap(b64("L"), 76))}}), images="L")
row("spaces around", native({"inlineData": {"mimeType": "image/png", "data": f"  {b64('A')} \n"}}), images="A")
row("data URL in inlineData", native({"inlineData": {"mimeType": "image/png", "data": data_url("A")}}), images="A")
row("slash-escaped", json.dumps(native(inline("E"))).replace("/", "\\/"), images="E")
row("slash-escaped large", json.dumps(native(inline("L"))).replace("/", "\\/"), images="L")
row("unicode-escaped plus", json.dumps(native(inline("E"))).replace("+", "\\u002b").replace("=", "\\u003d"), images="E")
row("large picture lifted", native(inline("L"), text("big")), images="L", text="big")
row("two large", native(inline("L"), inline("E"), inline("L")), images="LE")
row("parts an object", {"candidates": [{"content": {"parts": inline("A")}}]}, images="A")
row("candidate an object", {"candidates": {"content": {"parts": [inline("A")]}, "finishReason": "STOP"}}, images="A")
row("content a list", {"candidates": [{"content": [inline("A")]}]}, images="A")
row("null parts between", native(None, inline("A"), None, {}, {"text": None}, {"inlineData": None}), images="A", text="")
row("null fields everywhere", {"candidates": [{"content": {"role": None, "parts": [{"text": None, "inlineData": {"mimeType": "image/png", "data": b64("A")}, "thought": None, "fileData": None}]}, "finishReason": None, "safetyRatings": None}], "promptFeedback": None, "usageMetadata": None, "modelVersion": None, "error": None}, images="A")
row("two candidates", {"candidates": [{"content": {"parts": [inline("A")]}}, {"content": {"parts": [inline("B")]}}]}, images="AB")
row("second candidate has it", {"candidates": [{"finishReason": "IMAGE_SAFETY"}, {"content": {"parts": [inline("B")]}, "finishReason": "STOP"}]}, images="B")
row("usage absent", native(inline("A")), images="A")
row("finish max tokens but picture", native(inline("A"), finish="MAX_TOKENS"), images="A", finish="MAX_TOKENS")
row("data URL in text", native(text(f"![image]({data_url('A')})")), images="A", text="")
row("data URL in text with words", native(text(f"Here:\n\n![image]({data_url('A')})\n\nEnjoy.")), images="A", text="Here:\n\nEnjoy.")
row("bare base64 in text", native(text(b64("E"))), images="E", text="")
row("link in text", native(text("https://x.oss-us-west-1.aliyuncs.com/nb/1.png?Expires=1&Signature=a%2Bb")), images="A", links={"https://x.oss-us-west-1.aliyuncs.com/nb/1.png?Expires=1&Signature=a%2Bb": "A"}, text="")
row("markdown link in text", native(text("Ready: ![img](https://cdn.example.com/a/b.jpg)")), images="C", links={"https://cdn.example.com/a/b.jpg": "C"}, text="Ready:")
row("markdown link no suffix", native(text("![img](https://cdn.example.com/f/abc123)")), images="A", links={"https://cdn.example.com/f/abc123": "A"})
row("html img link", native(text('<img src="https://cdn.example.com/p?id=3&amp;k=v" alt="x">')), images="A", links={"https://cdn.example.com/p?id=3&k=v": "A"})
row("reference-style link", native(text("See ![pic][1].\n\n[1]: https://cdn.example.com/out/1.webp \"t\"")), images="D", links={"https://cdn.example.com/out/1.webp": "D"}, text="See .")
row("two links", native(text("![1](https://h.example.com/1.png)\n![2](https://h.example.com/2.png)")), images="AB", links={"https://h.example.com/1.png": "A", "https://h.example.com/2.png": "B"}, drafts_warning=True)
row("same link twice", native(text("https://h.example.com/1.png https://h.example.com/1.png")), images="A", links={"https://h.example.com/1.png": "A"})
row("fileData link", native({"fileData": {"mimeType": "image/png", "fileUri": "https://h.example.com/file/1"}}), images="A", links={"https://h.example.com/file/1": "A"})
row("inlineData holds a link", native({"inlineData": {"mimeType": "image/png", "data": "https://h.example.com/z.png"}}), images="B", links={"https://h.example.com/z.png": "B"})
row("bytes beside a broken link", native(text("![image](https://upload.example.com/failed/x.png)"), inline("A")), images="A")
row("bytes before a broken link", native(inline("A"), text("Uploaded: https://upload.example.com/failed/x.png")), images="A")
row("link then full-width stop", native(text("图片：https://h.example.com/a.png。")), images="A", links={"https://h.example.com/a.png": "A"})
row("ordinary link stays", native(text("Read https://ai.google.dev/docs for more."), inline("A")), images="A", text="Read https://ai.google.dev/docs for more.")
row("broken beside whole", native({"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(CUT).decode()}}, inline("A")), images="A")
row("response wrapped", {"response": native(inline("A"))}, images="A")
row("data wrapped with code", {"code": 200, "msg": "success", "data": native(inline("A"))}, images="A")
row("code zero wrapped", {"code": 0, "message": "ok", "result": native(inline("B"))}, images="B")
row("data is a JSON string", {"code": 0, "data": json.dumps(native(inline("A")))}, images="A")
row("whole body a JSON string", json.dumps(json.dumps(native(inline("L")))), images="L")
row("array of one", [native(inline("A"))], images="A")
row("array of chunks", [native(text("Hel"), finish=None), native(text("lo"), finish=None), native(inline("A"))], images="A", text="Hello")
row("nested array", [[native(inline("A"))]], images="A")
row("BOM", b"\xef\xbb\xbf" + json.dumps(native(inline("A"))).encode(), images="A")
row("blank keep-alive", " \n\n  \n" * 40 + json.dumps(native(inline("A"))), images="A")
row("comment keep-alive", ": OPENROUTER PROCESSING\n\n" * 3 + json.dumps(native(inline("A")), indent=2), images="A")
row("XSSI prefix", ")]}'\n" + json.dumps(native(inline("A"))), images="A")
row("concatenated JSON", json.dumps(native(text("a"), finish=None)) + json.dumps(native(inline("A"))), images="A", text="a")
row("NDJSON", "\n".join(json.dumps(x) for x in (native(text("a"), finish=None), native(inline("A")))), images="A", text="a")
row("pretty JSON", json.dumps(native(inline("A")), indent=4), images="A")
row("SSE", sse(native(text("Hi"), finish=None), native(inline("A"))), images="A", text="Hi", headers={"content-type": "text/event-stream"})
row("SSE crlf done", sse(native(text("Hi"), finish=None), native(inline("L")), done=True, newline="\r\n"), images="L", text="Hi")
row("SSE with comments and events", ": ping\n\nevent: message\nid: 1\nretry: 10\n" + sse(native(inline("A"))) + ": ping\n\n", images="A")
row("SSE without blank lines", "".join(f"data: {json.dumps(x)}\n" for x in (native(text("x"), finish=None), native(inline("A")))), images="A", text="x")
row("SSE pretty data", "data: {\ndata:   \"candidates\": [\ndata: " + json.dumps(native(inline("A"))["candidates"][0]) + "\ndata: ]}\n\n", images="A")
row("SSE text split inside base64", sse(*(native(text(piece), finish=None) for piece in re.findall(".{1,90}", f"![i]({data_url('E')})")), native(text("."))), images="E")
row("SSE u2028 in text", "data: " + json.dumps(native(text("a\u2028b"), inline("A")), ensure_ascii=False) + "\n\n", images="A")
row("gzip", gzip.compress(json.dumps(native(inline("L"))).encode()), headers={"content-encoding": "gzip", **JSON}, images="L")
row("deflate", zlib.compress(json.dumps(native(inline("A"))).encode()), headers={"content-encoding": "deflate", **JSON}, images="A")
row("gb18030 text", json.dumps(native(text("图片已经生成，请查看。"), inline("A")), ensure_ascii=False).encode("gb18030"), images="A", text="图片已经生成，请查看。")
row("broken utf-8 in text", json.dumps(native(text("图片已经生成好了"), inline("A")), ensure_ascii=False).encode().replace("好".encode(), b"\xe5\xa5"), images="A")
row("control characters raw in JSON", json.dumps(native(text("a b"), inline("A"))).replace("a b", "a\tb\x01"), images="A")
row("raw png", PICTURES["A"], headers={"content-type": "image/png"}, images="A")
row("raw jpeg wrong type", PICTURES["C"], headers={"content-type": "application/json"}, images="C")
row("raw webp", PICTURES["D"], headers={}, images="D")
row("plain data URL", data_url("A"), headers={"content-type": "text/plain"}, images="A")
row("plain base64", b64("E"), headers={"content-type": "text/plain"}, images="E")
row("plain large base64", b64("L"), headers={"content-type": "text/plain"}, images="L")
row("plain markdown", f"Done\n![x]({data_url('A')})", headers={"content-type": "text/plain"}, images="A", text="Done")
row("thought text dropped", native(text("thinking…", thought=True), text("Result"), inline("A")), images="A", text="Result")
row("signature on text", native(text("ok", thoughtSignature="AAAA"), inline("A", thoughtSignature="BBBB")), images="A", text="ok")
row("long signature", native(inline("A", thoughtSignature=base64.b64encode(bytes(range(256)) * 60).decode())), images="A", text="")
row("picture with stray error null", {**native(inline("A")), "error": {}}, images="A")
row("heic unsupported kind beside png", native({"inlineData": {"mimeType": "application/pdf", "data": base64.b64encode(b"%PDF-1.7 " + bytes(90)).decode()}}, inline("A")), images="A")
row("request id header", native(inline("A")), headers={"x-request-id": "req-77", **JSON}, images="A", request_id="req-77")
row("oneapi id header", native(inline("A")), headers={"X-Oneapi-Request-Id": "2026112300"}, images="A", request_id="2026112300")

# --- OpenAI-shaped answers with pictures ---------------------------------------------------------

row("chat markdown", chat(f"![image]({data_url('A')})"), images="A", text="")
row("chat words and markdown", chat(f"Sure!\n\n![image]({data_url('C')})"), images="C", text="Sure!")
row("chat bare data URL", chat(data_url("A")), images="A", text="")
row("chat bare base64", chat(b64("E")), images="E", text="")
row("chat bare base64 small", chat(b64("A")), images="A", text="")
row("chat code fence", chat(f"```\n{data_url('A')}\n```"), images="A", text="")
row("chat html img", chat(f'<img src="{data_url("A")}" width="10"/> ok'), images="A", text="ok")
row("chat reference data", chat(f"Look ![p][x]\n\n[x]: {data_url('A')}"), images="A", text="Look")
row("chat percent-encoded", chat("data:image/png;base64," + b64("E").replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")), images="E", text="")
row("chat wrapped base64", chat("\n".join(textwrap.wrap(b64("E"), 76))), images="E", text="")
row("chat base64 then words", chat(b64("E") + "\nDone"), images="E", text="Done")
row("chat message.images", chat("Here.", message={"images": [{"type": "image_url", "image_url": {"url": data_url("A")}, "index": 0}]}), images="A", text="Here.")
row("chat images plain url string", chat(None, message={"images": [data_url("A")]}), images="A", text="")
row("chat images url key", chat("", message={"images": [{"url": data_url("B")}]}), images="B")
row("chat images b64", chat("", message={"images": [{"b64_json": b64("B"), "media_type": "image/png"}]}), images="B")
row("chat two images", chat("", message={"images": [{"image_url": {"url": data_url(x)}} for x in "AC"]}), images="AC", drafts_warning=True)
row("chat images and same in content", chat(f"![i]({data_url('A')})", message={"images": [{"image_url": {"url": data_url("A")}}]}), images="A", text="")
row("chat content list", chat([{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {"url": data_url("A")}}]), images="A", text="Hi")
row("chat content list output_image", chat([{"type": "output_image", "image_base64": b64("A")}]), images="A")
row("chat content list inline_data", chat([{"inline_data": {"mime_type": "image/png", "data": b64("A")}}]), images="A")
row("chat anthropic image", chat([{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": b64("A")}}]), images="A")
row("chat image_url string", chat([{"type": "image_url", "image_url": data_url("A")}]), images="A")
row("chat link", chat("![image](https://files.example.com/out/1.png)"), images="A", links={"https://files.example.com/out/1.png": "A"}, text="")
row("chat download link pair", chat("![image](https://f.example.com/1.png)\n[download](https://f.example.com/1.png)"), images="A", links={"https://f.example.com/1.png": "A"})
row("chat images link", chat("", message={"images": [{"image_url": {"url": "https://f.example.com/2.png"}}]}), images="B", links={"https://f.example.com/2.png": "B"})
row("chat link in a sentence", chat("Your picture: https://f.example.com/images/abc, valid 24 h."), images="A", links={"https://f.example.com/images/abc": "A"}, text="Your picture: , valid 24 h.")
row("chat bytes beside link", chat(f"![image]({data_url('A')})\n\n[original](https://f.example.com/x.png)"), images="A")
row("chat multi_mod_content", chat(None, message={"multi_mod_content": [{"text": "Hi"}, {"inlineData": {"mimeType": "image/png", "data": b64("A")}}]}), images="A", text="Hi")
row("chat attachments", chat("Hi", message={"attachments": [{"url": data_url("A")}]}), images="A", text="Hi")
row("chat beside images", {**chat("Hi"), "images": [{"url": data_url("B")}]}, images="B", text="Hi")
row("chat lone link", chat("https://t.example.com/abc?x-oss-process=image"), images="A", links={"https://t.example.com/abc?x-oss-process=image": "A"}, text="")
row("chat upper-case data URL", chat("DATA:image/PNG;BASE64," + b64("A")), images="A", text="")
row("chat link without bang", chat(f"[image]({data_url('A')} \"x\")"), images="A", text="")
row("chat JSON content", chat(json.dumps({"image": b64("E")})), images="E")
row("chat escaped newlines", chat("\\n".join(textwrap.wrap(b64("E"), 76))), images="E", text="")
row("chat SSE pings", "event: ping\ndata: {\"type\": \"ping\"}\n\n" + sse({"choices": [{"delta": {"content": data_url("A")}}]}), images="A")
row("chat image object", chat({"type": "image", "data": b64("A")}), images="A")
row("chat file data", chat([{"type": "file", "file": {"file_data": data_url("A")}}]), images="A")
row("chat progress lines and two links", chat("> 50%\n\n![图片](https://c.example.com/images/x.png)\n\n[下载](https://c.example.com/images/x.png)"), images="A", links={"https://c.example.com/images/x.png": "A"}, text="> 50%")
row("qwen output", {"output": {"choices": [{"message": {"content": [{"image": "https://d.example.com/a.png"}]}}]}, "request_id": "r"}, images="A", links={"https://d.example.com/a.png": "A"})
row("multipart", "--b\r\nContent-Type: application/json\r\n\r\n" + json.dumps(native(inline("A"))) + "\r\n--b--", images="A")
row("utf-16", json.dumps(native(inline("A"))).encode("utf-16"), images="A")
row("record separator", "\x1e" + json.dumps(native(inline("A"))) + "\n", images="A")
row("callback", "callback(" + json.dumps(native(inline("A"))) + ");", images="A")
row("wrapped twice", {"data": {"data": native(inline("A"))}}, images="A")
row("unspecified block beside a picture", {**native(inline("A")), "promptFeedback": {"blockReason": "BLOCK_REASON_UNSPECIFIED"}}, images="A")
row("unspecified block alone", {"promptFeedback": {"blockReason": "BLOCK_REASON_UNSPECIFIED"}}, category="no_image")
row("chat reasoning ignored", chat(f"![i]({data_url('A')})", message={"reasoning": "thinking", "reasoning_details": [{"type": "reasoning.encrypted", "data": base64.b64encode(bytes(600)).decode()}]}), images="A", text="")
row("chat usage cost", chat("", message={"images": [{"image_url": {"url": data_url("A")}}]}, usage={"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "cost": 0.0387243}), images="A")
row("chat SSE", sse({"id": "x", "object": "chat.completion.chunk", "choices": [{"delta": {"role": "assistant", "content": "Hi "}}]}, {"id": "x", "choices": [{"delta": {"content": f"![i]({data_url('A')})"}, "finish_reason": None}]}, {"id": "x", "choices": [{"delta": {}, "finish_reason": "stop"}]}, done=True), images="A", text="Hi")
row("chat SSE split base64", sse(*({"choices": [{"delta": {"content": p}}]} for p in re.findall("(?s).{1,70}", f"ok ![i]({data_url('E')}) end")), done=True), images="E", text="ok end")
row("chat SSE large split", sse(*({"choices": [{"delta": {"content": p}}]} for p in re.findall("(?s).{1,9000}", data_url("L"))), done=True), images="L", text="")
row("chat SSE delta images", ": OPENROUTER PROCESSING\n\n" + sse({"choices": [{"delta": {"content": "", "images": [{"type": "image_url", "image_url": {"url": data_url("A")}}]}}]}, {"choices": [], "usage": {"cost": 0.03}}, done=True), images="A")
row("chat SSE then whole message", sse({"choices": [{"delta": {"content": "Hi"}}]}, {"choices": [{"message": {"content": "Hi", "images": [data_url("A")]}, "finish_reason": "stop"}]}), images="A", text="Hi")
row("images b64_json", {"created": 1, "data": [{"b64_json": b64("A")}]}, images="A")
row("images url", {"created": 1, "data": [{"url": "https://f.example.com/i/9", "revised_prompt": "x"}]}, images="A", links={"https://f.example.com/i/9": "A"})
row("images two", {"created": 1, "data": [{"b64_json": b64("A")}, {"b64_json": b64("C")}]}, images="AC")
row("images b64 and url", {"created": 1, "data": [{"b64_json": b64("A"), "url": "https://f.example.com/i/9"}]}, images="A")
row("images b64 null url", {"created": 1, "data": [{"b64_json": None, "url": "https://f.example.com/i/9.png"}]}, images="A", links={"https://f.example.com/i/9.png": "A"})
row("images data URL in b64_json", {"data": [{"b64_json": data_url("A")}]}, images="A")
row("images data URL in url", {"data": [{"url": data_url("A")}]}, images="A")
row("images strings", {"data": [data_url("A")]}, images="A")
row("responses output", {"id": "resp", "object": "response", "output": [{"type": "message", "content": [{"type": "output_text", "text": "Hello"}]}, {"type": "image_generation_call", "result": b64("A")}]}, images="A", text="Hello")
row("interactions outputs", {"id": "v1_x", "status": "completed", "outputs": [{"type": "text", "text": "Hi"}, {"type": "image", "mime_type": "image/png", "data": b64("A")}]}, images="A", text="Hi")
row("output link list", {"id": "p1", "status": "succeeded", "output": ["https://r.example.com/out-0.png"]}, images="A", links={"https://r.example.com/out-0.png": "A"})
row("output link string", {"id": "p1", "status": "succeeded", "output": "https://r.example.com/out-0.webp"}, images="D", links={"https://r.example.com/out-0.webp": "D"})
row("images list of urls", {"images": [{"url": "https://v3.example.media/files/a.png", "width": 1}]}, images="A", links={"https://v3.example.media/files/a.png": "A"})
row("vertex predictions", {"predictions": [{"mimeType": "image/png", "bytesBase64Encoded": b64("A")}]}, images="A")
row("code data image", {"code": 200, "msg": "success", "data": {"image": b64("A")}}, images="A")
row("success true image_base64", {"success": True, "image_base64": b64("E")}, images="E")
row("message field beside link", {"message": "ok", "url": "https://f.example.com/img/1.png"}, images="A", links={"https://f.example.com/img/1.png": "A"})

# --- answers without a picture -------------------------------------------------------------------

for reason, category, again in (
    ("SAFETY", "safety", False), ("IMAGE_SAFETY", "safety", True), ("PROHIBITED_CONTENT", "safety", False),
    ("IMAGE_PROHIBITED_CONTENT", "safety", False), ("BLOCKLIST", "safety", False), ("SPII", "safety", False),
    ("MODEL_ARMOR", "safety", False), ("RECITATION", "recitation", False), ("IMAGE_RECITATION", "recitation", False),
    ("NO_IMAGE", "no_image", True), ("OTHER", "no_image", True), ("IMAGE_OTHER", "no_image", True),
    ("MAX_TOKENS", "no_image", True), ("LANGUAGE", "no_image", False), ("MALFORMED_FUNCTION_CALL", "no_image", True),
    ("UNEXPECTED_TOOL_CALL", "no_image", True), ("TOO_MANY_TOOL_CALLS", "no_image", True), ("MALFORMED_RESPONSE", "no_image", True),
    ("MISSING_THOUGHT_SIGNATURE", "no_image", False), ("ESCALATION", "no_image", True), ("A_NEW_REASON", "no_image", True),
):  # fmt: skip
    row(f"finish {reason}", {"candidates": [{"content": {"parts": None}, "finishReason": reason, "finishMessage": "Unable to show it.", "index": 0}], "usageMetadata": {"promptTokenCount": 531, "candidatesTokenCount": 0}}, category=category, retryable=again, billed=True, finish=reason, says=reason)
for reason in ("SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK"):
    row(f"block {reason}", {"promptFeedback": {"blockReason": reason, "safetyRatings": []}, "usageMetadata": {"promptTokenCount": 4}}, category="safety", retryable=False, billed=True, finish=reason)
row("block with message", {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT", "blockReasonMessage": "Not this."}}, category="safety", says="Not this.")
row("block in snake case", {"prompt_feedback": {"block_reason": "SAFETY"}}, category="safety")
row("block beside empty candidates", {"candidates": [], "promptFeedback": {"blockReason": "OTHER"}}, category="safety")
row("finish without content", {"candidates": [{"finishReason": "IMAGE_SAFETY", "index": 0}]}, category="safety", retryable=True)
row("finish content role only", {"candidates": [{"content": {"role": "model"}, "finishReason": "IMAGE_PROHIBITED_CONTENT", "finishMessage": "sensitive words that violate practices"}], "responseId": "resp-5"}, category="safety", request_id="resp-5")
row("candidates null", {"candidates": None, "usageMetadata": {"promptTokenCount": 271, "candidatesTokenCount": 0, "totalTokenCount": 271}}, category="no_image", retryable=True, billed=True)
row("candidates empty", {"candidates": [], "modelVersion": "gemini-3-pro-image"}, category="no_image", billed=True)
row("STOP without parts", {"candidates": [{"content": {}, "finishReason": "STOP"}]}, category="no_image")
row("STOP parts empty", native(), category="no_image", billed=True)
row("refusal English", native(text("I can't generate images that are sexually explicit.")), category="no_image", text="I can't generate images that are sexually explicit.", billed=True, says="sexually explicit")
row("refusal Chinese", native(text("我不能为你创建带有色情内容的图像。")), category="no_image", says="我不能为你创建")
row("question instead", native(text("Which sofa do you mean?")), category="no_image", retryable=True, says="Which sofa")
row("only thoughts", native(text("planning", thought=True)), category="no_image")
row("only a function call", native({"functionCall": {"name": "x", "args": {}}}), category="no_image")
row("base64 of words", native({"inlineData": {"mimeType": "image/png", "data": base64.b64encode(b"not a picture, just words " * 5).decode()}}), category="malformed", billed=True)
row("not base64", native({"inlineData": {"mimeType": "image/png", "data": "!!!! nothing !!!!"}}), category="malformed", billed=True)
row("cut jpeg", native({"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(CUT).decode()}}), category="malformed", billed=True, retryable=True)
row("cut png", native({"inlineData": {"mimeType": "image/png", "data": base64.b64encode(CUT_PNG).decode()}}), category="malformed", billed=True)
row("empty data", native({"inlineData": {"mimeType": "image/png", "data": ""}}), category="no_image")
row("chat refusal field", chat(None, message={"refusal": "I can't help with that."}), category="safety", says="I can't help with that.")
row("chat content filter", chat("", finish="content_filter"), category="safety", billed=True)
row("chat native reason", {"choices": [{"message": {"content": ""}, "finish_reason": "stop", "native_finish_reason": "IMAGE_SAFETY"}]}, category="safety", finish="IMAGE_SAFETY")
row("chat litellm native", {"choices": [{"message": {"content": None}, "finish_reason": "content_filter", "provider_specific_fields": {"native_finish_reason": "NO_IMAGE"}}]}, category="no_image")
row("chat words only", chat("I am a text model."), category="no_image", says="I am a text model.")
row("chat empty", chat(""), category="no_image", retryable=True, billed=True)
row("chat null message", {"choices": [{"message": None, "finish_reason": "stop"}]}, category="no_image")
row("chat choices empty", {"id": "x", "object": "chat.completion", "choices": []}, category="no_image", billed=True)
row("chat length", chat("", finish="length"), category="no_image")
row("images data empty", {"created": 1, "data": []}, category="no_image", billed=True)
row("chat SSE words only", sse({"choices": [{"delta": {"content": "No, "}}]}, {"choices": [{"delta": {"content": "sorry."}, "finish_reason": "stop"}]}, done=True), category="no_image", says="No, sorry.")

# --- answers that can't be read ------------------------------------------------------------------

row("empty 200", "", category="malformed", billed=True, retryable=True)
row("204", "", status=204, category="malformed", billed=True)
row("blank 200", " \n\n ", category="malformed", billed=True)
row("only keep-alive", ": ping\n\n: ping\n\n", category="malformed", billed=True)
row("only done", "data: [DONE]\n\n", category="malformed", billed=True)
row("html 200", "<!DOCTYPE html><html><head><title>Sign in</title></head><body><img src='https://x.example.com/logo.png'></body></html>", headers={"content-type": "text/html"}, category="malformed", says="Sign in")
row("html app 200", '<!doctype html><html lang="zh"><head><title>New API</title><script type="application/ld+json">{"image": "https://x.example.com/l.png"}</script></head><body><div id="root"></div></body></html>', headers={"content-type": "text/html"}, category="malformed", says="New API")
row("cut JSON after the picture", json.dumps(native(inline("A")))[:-30], images="A")
row("cut JSON in the picture", json.dumps(native(inline("E")))[:400], category="malformed", billed=True)
row("cut JSON in a large picture", json.dumps(native(inline("L")))[:4600], category="malformed", billed=True)
row("number", "42", category="malformed")
row("null", "null", category="malformed")
row("empty object", "{}", category="malformed", billed=True)
row("empty array", "[]", category="malformed", billed=True)
row("other JSON", {"hello": "world", "n": 3}, category="malformed")
row("task accepted", {"id": "task-1", "status": "processing", "created_at": 1}, category="malformed")
row("binary noise", bytes(range(256)) * 4, category="malformed")
row("raw cut png", PICTURES["E"][:-20], headers={"content-type": "image/png"}, category="malformed", billed=True)

# --- failures ------------------------------------------------------------------------------------

INFO = "type.googleapis.com/google.rpc.ErrorInfo"
RETRY = "type.googleapis.com/google.rpc.RetryInfo"
QUOTA = "type.googleapis.com/google.rpc.QuotaFailure"
HELP = "type.googleapis.com/google.rpc.Help"


def failed(name: str, status: int, body: Any, category: str, again: bool = False, billed: bool = False, **more: Any) -> None:
    row(name, body, status=status, category=category, retryable=again, billed=billed, **more)


def google(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return error(message, code, status, **({"details": list(details)} if details else {}))


def quota(metric: str, quota_id: str, value: str = "10") -> dict[str, Any]:
    return {"@type": QUOTA, "violations": [{"quotaMetric": f"generativelanguage.googleapis.com/{metric}", "quotaId": quota_id, "quotaValue": value}]}


failed("google bad key", 400, google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", {"@type": INFO, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}), "auth")
failed("google expired key", 400, google(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", {"@type": INFO, "reason": "API_KEY_INVALID"}), "auth")
failed("google no key", 403, google(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity)."), "auth")
failed("google leaked key", 403, google(403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key."), "auth")
failed("google api off", 403, google(403, "PERMISSION_DENIED", "Generative Language API has not been used in project 1 before or it is disabled.", {"@type": INFO, "reason": "SERVICE_DISABLED"}), "auth")
failed("google suspended", 403, google(403, "PERMISSION_DENIED", "Permission denied: Consumer 'projects/1' has been suspended.", {"@type": INFO, "reason": "CONSUMER_SUSPENDED"}), "auth")
failed("google unauthenticated", 401, google(401, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token."), "auth")
failed("google location", 400, google(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), "region")
failed("google billing", 400, google(400, "FAILED_PRECONDITION", "The free tier is not available in your country. Please enable billing on your project."), "region")
failed("google unknown field", 400, google(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unknown name \"imageOutputOptions\" at 'generation_config.image_config': Cannot find field.", {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "generation_config.image_config", "description": "Unknown name"}]}), "bad_request", says="imageOutputOptions")
failed("google bad ratio", 400, google(400, "INVALID_ARGUMENT", "Invalid value at 'generation_config.image_config.aspect_ratio': \"7:3\""), "bad_request")
failed("google safety setting", 400, google(400, "INVALID_ARGUMENT", "Invalid value at 'safety_settings[0].category': HARM_CATEGORY_IMAGE_HATE"), "bad_request")
failed("google bad image", 400, google(400, "INVALID_ARGUMENT", "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting"), "bad_request")
failed("google image invalid", 400, google(400, "INVALID_ARGUMENT", "Provided image is not valid."), "bad_request")
failed("google plain invalid", 400, google(400, "INVALID_ARGUMENT", "Request contains an invalid argument."), "bad_request")
failed("google too large", 400, google(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 104857600 bytes."), "bad_request")
failed("google bad signature", 400, google(400, "INVALID_ARGUMENT", "Invalid thought signature."), "bad_request")
failed("google model gone", 404, google(404, "NOT_FOUND", "models/gemini-2.5-flash-image-preview is not found for API version v1beta, or is not supported for generateContent."), "model_not_found")
failed("vertex model gone", 404, google(404, "NOT_FOUND", "Publisher Model `projects/p/locations/global/publishers/google/models/x` was not found or your project does not have access to it."), "model_not_found")
failed("google entity", 404, google(404, "NOT_FOUND", "Requested entity was not found."), "model_not_found")
failed("google per minute", 429, google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric.", quota("generate_requests", "GenerateRequestsPerMinutePerProjectPerModel"), {"@type": RETRY, "retryDelay": "34s"}), "rate_limit", True, retry_after=34.0)
failed("google retry fraction", 429, google(429, "RESOURCE_EXHAUSTED", "Please retry in 8.5s.", {"@type": RETRY, "retryDelay": "8.512s"}), "rate_limit", True, retry_after=8.512)
failed("google retry words only", 429, google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota. Please retry in 41.25s."), "rate_limit", True, retry_after=41.25)
failed("google retry object", 429, google(429, "RESOURCE_EXHAUSTED", "Slow.", {"@type": RETRY, "retryDelay": {"seconds": 3, "nanos": 500000000}}), "rate_limit", True, retry_after=3.5)
failed("google per day", 429, google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.", quota("free_tier_requests", "GenerateRequestsPerDayPerProjectPerModel-FreeTier"), {"@type": RETRY, "retryDelay": "5s"}, {"@type": HELP, "links": [{"description": "Learn more", "url": "https://ai.google.dev/gemini-api/docs/rate-limits"}]}), "quota", retry_after=5.0)
failed("google limit 0", 429, google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: gemini-3-pro-image"), "quota")
failed("google exhausted", 429, google(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."), "rate_limit", True)
failed("google capacity", 429, google(429, "RESOURCE_EXHAUSTED", "No capacity available for model gemini-3-pro-image on the server", {"@type": INFO, "reason": "MODEL_CAPACITY_EXHAUSTED"}), "rate_limit", True)
failed("google array", 429, [google(429, "RESOURCE_EXHAUSTED", "Resource exhausted.", {"@type": RETRY, "retryDelay": "2s"})], "rate_limit", True, retry_after=2.0)
failed("google prepaid", 402, google(402, "FAILED", "Prepay credits are depleted."), "quota")
failed("google internal", 500, google(500, "INTERNAL", "Internal error encountered."), "server", True, True)
failed("google internal advice", 500, google(500, "INTERNAL", "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting"), "server", True, True)
failed("google overloaded", 503, google(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), "server", True)
failed("google demand", 503, google(503, "UNAVAILABLE", "This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later."), "server", True)
failed("google unavailable", 503, google(503, "UNAVAILABLE", "The service is currently unavailable."), "server", True)
failed("google deadline", 504, google(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."), "timeout", True, True)
failed("google deadline in 503", 503, google(503, "UNAVAILABLE", "Deadline exceeded while calling the model."), "timeout", True, True)
failed("google cancelled", 499, google(499, "CANCELLED", "The operation was cancelled."), "timeout", True, True)

# gateways of the one-api / new-api family, apiyi's form of it, and relays built on them
failed("oneapi bad token", 401, error("无效的令牌 (request id: 2024031818293511967485424587671)", type="one_api_error"), "auth", request_id="2024031818293511967485424587671")
failed("newapi bad token", 401, error("Invalid token (request id: 20250318131155384202563SBRLdIC9)", "", type="new_api_error"), "auth", request_id="20250318131155384202563SBRLdIC9")
failed("apiyi bad token", 401, error("无效的令牌", type="shell_api_error", localized_message="Invalid token", param="", code=""), "auth")
failed("apiyi incorrect key", 401, error("Incorrect API key provided: sk-abc***xyz.", "invalid_api_key", type="invalid_request_error"), "auth")
failed("oneapi no token", 401, error("未提供令牌", type="one_api_error"), "auth")
failed("oneapi token expired", 401, error("该令牌已过期", type="one_api_error"), "auth")
failed("oneapi token off", 401, error("该令牌状态不可用", type="one_api_error"), "auth")
failed("oneapi token check", 401, error("令牌验证失败", type="one_api_error"), "auth")
failed("oneapi subnet", 403, error("该令牌只能在指定网段使用：10.0.0.0/8，当前 ip：1.2.3.4", type="one_api_error"), "auth")
failed("oneapi user banned", 403, error("用户已被封禁", type="one_api_error"), "auth")
failed("oneapi model not allowed", 403, error("该令牌无权使用模型：gemini-3-pro-image-preview", type="one_api_error"), "auth")
failed("token quota used up", 401, error("该令牌额度已用尽", type="one_api_error"), "quota")
failed("token quota English", 401, error("[sk-abc***xyz] Token quota is exhausted", type="new_api_error"), "quota")
failed("user quota", 403, error("user quota is not enough (request id: 2024081922011112714735330169131)", "insufficient_user_quota", type="v_api_error", param=""), "quota", request_id="2024081922011112714735330169131")
failed("user quota Chinese", 403, error("用户额度不足, 剩余额度: ＄-0.01", "insufficient_user_quota", type="new_api_error"), "quota")
failed("apiyi quota", 403, error("user [25359] quota [50264] preConsumedQuota [154753475] is not enough", "insufficient_user_quota", type="shell_api_error", localized_message="Insufficient user quota", param=""), "quota")
failed("quota in 401", 401, error("余额不足，请充值", type="api_error"), "quota")
failed("quota in 429", 429, error("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", type="insufficient_quota", param=None), "quota")
failed("quota in 500", 500, error("预扣费额度失败, 用户剩余额度不足", "pre_consume_token_quota_failed", type="new_api_error"), "quota")
failed("quota in 400", 400, {"code": 400, "msg": "账户余额不足，请先充值后再使用"}, "quota")
failed("arrears", 403, {"code": "Arrearage", "message": "Access denied, please make sure your account is in good standing."}, "quota")
failed("daily entitlement", 429, error("daily limit exceeded", "entitlement_daily_limit_exceeded", type="new_api_error"), "quota")
failed("today used up", 429, error("今日调用次数已达上限"), "quota")
failed("no channel Chinese", 503, error("当前分组 default 下对于模型 gemini-3-pro-image 无可用渠道 (request id: 20250318131155384202563SBRLdIC9)", type="new_api_error"), "model_not_found")
failed("no channel new", 503, error("分组 default 下模型 gemini-9 无可用渠道（distributor）", "model_not_found", type="new_api_error"), "model_not_found")
failed("no channel English", 503, error("No available channel for model gemini-9 under group default (distributor)", "model_not_found", type="new_api_error"), "model_not_found")
failed("laozhang no channels", 503, error("There are no available channels for model nano under the current group", type="rix_api_error"), "model_not_found")
failed("get channel failed", 503, error("获取分组 vip 下模型 x 的可用渠道失败（retry）", "get_channel_failed", type="new_api_error"), "model_not_found")
failed("channel disabled", 403, error("该渠道已被禁用", type="one_api_error"), "model_not_found")
failed("price not set", 500, error("模型 gemini-9 倍率或价格未配置，请联系管理员设置；Model gemini-9 ratio or price not set", "model_price_error", type="new_api_error"), "model_not_found")
failed("billing mode", 503, error("This token does not support the billing mode of the model", type="shell_api_error"), "auth")
failed("billing mode Chinese", 503, error("当前令牌计费模式不支持该请求", type="shell_api_error"), "auth")
failed("model missing Chinese", 400, {"code": 400, "message": "模型不存在"}, "model_not_found")
failed("invalid model name", 400, error("Invalid model name passed in model=nano-banana. Call `/v1/models` to view available models for your key.", "400", type="None", param="None"), "model_not_found")
failed("404 inside 429", 429, error("upstream error: 404 Not Found", "bad_response_status_code", type="upstream_error", param="404"), "model_not_found")
failed("openai model", 404, error("The model `gemini-9` does not exist or you do not have access to it.", "model_not_found", type="invalid_request_error", param=None), "model_not_found")
failed("empty message param 502", 502, error("", "bad_response_status_code", type="shell_api_error", param="502"), "server", True)
failed("empty message param 502 in 500", 500, error("", "bad_response_status_code", type="shell_api_error", param="502"), "server", True, True)
failed("empty message param 429", 429, error("", "bad_response_status_code", type="shell_api_error", param="429"), "rate_limit", True)
failed("empty message param 500 in 503", 503, error("", "bad_response_status_code", type="shell_api_error", param="500"), "server", True, True)
failed("empty message param 401 in 500", 500, error("", "bad_response_status_code", type="upstream_error", param="401"), "auth")
failed("empty message param 400 in 500", 500, error("", "bad_response_status_code", type="upstream_error", param="400"), "bad_request")
failed("openai_error 500 in 502", 502, error("openai_error", "bad_response_status_code", type="openai_error", param="500"), "server", True, True)
failed("bad response words", 500, error("bad response status code 503", "bad_response_status_code", type="upstream_error", param="503"), "server", True, True)
failed("saturated", 429, error("当前分组上游负载已饱和，请稍后再试 (request id: 20251120)", type="new_api_error"), "rate_limit", True)
failed("too frequent", 429, {"code": 429, "msg": "请求过于频繁，请稍后再试"}, "rate_limit", True)
failed("a span to wait", 429, error("Please wait 45 seconds before trying again."), "rate_limit", True, retry_after=45.0)
failed("a span to wait, in Chinese", 429, error("请求过于频繁，请等待 20 秒"), "rate_limit", True, retry_after=20.0)
failed("what is left to wait", 429, error("触发限流，剩余等待时间：15秒"), "rate_limit", True, retry_after=15.0)
failed("a page of Cloudflare's about the rate", 429, "<!DOCTYPE html><html><head><title>Access denied | api.example.com used Cloudflare to restrict access</title></head><body><h1>Error 1015</h1><h2>You are being rate limited</h2><p>The owner of this website has banned you temporarily.</p></body></html>", "rate_limit", True)
failed("a refusal in a 429", 429, error("permission denied"), "auth")
failed("wait in Chinese", 429, error("请求频率超限，请在 30 秒后重试"), "rate_limit", True, retry_after=30.0)
failed("concurrency", 429, error("concurrency limit reached for this token", "token_concurrency_limit_reached", type="new_api_error"), "rate_limit", True)
failed("sensitive words", 500, error("用户敏感词检测失败: xx", "sensitive_words_detected", type="new_api_error"), "safety")
failed("prompt blocked", 400, error("request blocked by Gemini API: PROHIBITED_CONTENT", "prompt_blocked", type="new_api_error"), "safety")
failed("word filter 500", 500, error("输入内容包含违规信息，请修改后重试", type="api_error"), "safety")
failed("content policy", 400, error("Your request was rejected as a result of our safety system.", "content_policy_violation", type="invalid_request_error"), "safety")
failed("moderation", 403, error("Input was flagged by moderation", 403, metadata={"reasons": ["violence"], "flagged_input": "…"}), "safety")
failed("data inspection", 400, {"code": "DataInspectionFailed", "message": "Input data may contain inappropriate content.", "request_id": "b1-7"}, "safety", request_id="b1-7")
failed("connection reset upload", 500, error("write tcp 10.0.0.1:1->10.0.0.2:2: write: connection reset by peer", "write_response_body_failed", type="shell_api_error"), "bad_request", False, True)
failed("do request failed", 500, error("do request failed: Post \"https://upstream\": EOF", "do_request_failed", type="new_api_error"), "server", True, True)
failed("upstream timeout 500", 500, error("do request failed: context deadline exceeded (Client.Timeout exceeded while awaiting headers)", "do_request_failed"), "timeout", True, True)
failed("timeout Chinese", 500, {"code": 500, "msg": "请求超时，请稍后重试"}, "timeout", True, True)
failed("read body failed", 500, error("unexpected EOF", "read_response_body_failed"), "server", True, True)
failed("no image from upstream", 500, error("provider returned no generated images", type="api_error"), "no_image", True, True)
failed("no image reason in 500", 500, error("Gemini API error: NO_IMAGE"), "no_image", True, True)
failed("safety reason in 500", 500, error("Gemini API error: IMAGE_SAFETY"), "safety")
failed("no image in Chinese", 502, error("上游未返回图片"), "no_image", True, True)
failed("ratio not for this model", 400, error("aspect_ratio 7:3 is not supported for this model"), "bad_request")
failed("size not for the model", 400, error("The model does not support image size 4K"), "bad_request")
failed("free tier ended", 429, error("Your free tier quota has been exhausted"), "quota")
failed("throttled", 429, {"detail": "Request was throttled. Expected available in 12 seconds."}, "rate_limit", True, retry_after=12.0)
failed("no healthy upstream", 503, "no healthy upstream", "server", True)
failed("spending cap", 429, google(429, "RESOURCE_EXHAUSTED", "Your project has exceeded its monthly spending cap."), "quota")
failed("deadline expired in 503", 503, google(503, "UNAVAILABLE", "Deadline expired before operation could complete."), "timeout", True, True)
failed("size not for the model Chinese", 400, error("模型 gemini-3-pro-image-preview 不支持 4K"), "bad_request")
failed("model not supported Chinese", 400, error("该模型暂不支持，请更换"), "model_not_found")
failed("unsafe picture", 400, error("image generation failed: the image could be unsafe"), "safety")
failed("apigee fault", 400, {"fault": {"faultstring": "Rate limit quota violation", "detail": {"errorcode": "policies.ratelimit.QuotaViolation"}}}, "rate_limit", True, says="Rate limit quota violation")
row("empty error beside null candidates", {"error": {"code": "", "message": ""}, "candidates": None}, category="no_image")
failed("405", 405, {"detail": "Method Not Allowed"}, "bad_request")
failed("page with JSON", 429, "<html><body><pre>{\"error\": \"rate limit exceeded\"}</pre></body></html>", "rate_limit", True)
failed("python dict body", 401, "{'error': {'message': 'Invalid API key'}}", "auth")
failed("upstream timeout Chinese", 502, error("上游服务超时"), "timeout", True, True)
failed("location in a 403", 403, google(403, "PERMISSION_DENIED", "Image generation is not available in your country."), "region")
failed("image required", 400, error("image is required", type="shell_api_error"), "bad_request")
failed("prompt required", 400, {"data": None, "error": {"code": "VALIDATION_ERROR", "message": "prompt is required"}}, "bad_request")
failed("parameter Chinese", 400, {"code": 1210, "msg": "API 调用参数有误，请检查文档。"}, "bad_request")
failed("picture too big Chinese", 400, error("图片大小超过限制"), "bad_request")
failed("413 json", 413, error("Request body too large"), "bad_request")
failed("422 detail", 422, {"detail": [{"loc": ["body", "model"], "msg": "field required", "type": "value_error.missing"}]}, "bad_request")
failed("415", 415, error("Unsupported media type"), "bad_request")

# LiteLLM, OpenRouter, OpenAI, Azure and others
failed("litellm nested", 429, error('litellm.RateLimitError: RateLimitError: VertexAIException - {\n  "error": {\n    "code": 429,\n    "message": "Resource has been exhausted (e.g. check quota).",\n    "status": "RESOURCE_EXHAUSTED"\n  }\n}\n. Received Model Group=x', "429", type="throttling_error", param=None), "rate_limit", True)
failed("litellm auth", 401, error("litellm.AuthenticationError: AuthenticationError: GeminiException - API key not valid.", "401", type="auth_error"), "auth")
failed("litellm key access", 401, error("key not allowed to access model. This key can only access models=['x']. Tried to access y", "401", type="key_model_access_denied"), "auth")
failed("litellm policy", 400, error("litellm.ContentPolicyViolationError: blocked", "400"), "safety")
failed("litellm budget", 400, error("Budget has been exceeded! Current cost: 1.0, Max budget: 0.5", "400", type="budget_exceeded"), "quota")
failed("litellm deployments", 429, error("No deployments available for selected model, Try again in 60 seconds. Passed model=x.", "429", type="None"), "rate_limit", True, retry_after=60.0)
failed("litellm unhealthy", 400, error("There are no healthy deployments for this model", "400"), "model_not_found")
failed("litellm timeout", 408, error("litellm.Timeout: Connection timed out. Timeout passed=600.0", "408"), "timeout", True, True)
failed("litellm python dict", 400, error("litellm.BadRequestError: Error code: 400 - {'error': {'message': 'Image too large', 'code': None}}", "400"), "bad_request")
failed("openrouter raw", 429, error("Provider returned error", 429, metadata={"raw": "google/gemini-3-pro-image-preview is temporarily rate-limited upstream. Please retry shortly.", "provider_name": "Google AI Studio"}), "rate_limit", True)
failed("openrouter raw json", 400, error("Provider returned error", 400, metadata={"raw": json.dumps(google(400, "INVALID_ARGUMENT", "Invalid value at 'contents[0].parts[2].inline_data.data' (TYPE_BYTES), Base64 decoding failed")), "provider_name": "Google"}), "bad_request", says="Base64 decoding failed")
failed("three levels deep", 500, error(json.dumps(error(json.dumps(google(404, "NOT_FOUND", "models/x is not found for API version v1beta")), 500))), "model_not_found", says="models/x")
failed("openrouter credits", 402, error("Insufficient credits. Add more using https://openrouter.ai/settings/credits", 402), "quota")
failed("openrouter more credits", 402, error("This request requires more credits, or fewer max_tokens.", 402), "quota")
failed("openrouter no auth", 401, error("No auth credentials found", 401), "auth")
failed("openrouter user", 401, error("User not found.", 401), "auth")
failed("openrouter endpoints", 404, error("No endpoints found for google/gemini-9.", 404), "model_not_found")
failed("openrouter data policy", 404, error("No endpoints found matching your data policy", 404), "model_not_found")
failed("openrouter provider", 503, error("There is no available model provider that meets your routing requirements", 503), "model_not_found")
failed("openrouter model id", 400, error("google/nano is not a valid model ID", 400), "model_not_found")
failed("openrouter 502", 502, error("Provider returned error", 502, metadata={"raw": "", "provider_name": "Google"}), "server", True)
failed("openrouter reset header", 429, error("Rate limit exceeded: free-models-per-min.", 429, metadata={"headers": {"X-RateLimit-Limit": "20", "Retry-After": "17"}}), "rate_limit", True, retry_after=17.0)
failed("openrouter per day", 429, error("Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day", 429), "quota")
failed("openai rate", 429, error("Rate limit reached for images per minute. Limit: 5 / 1min. Please try again in 12s.", "rate_limit_exceeded", type="requests", param=None), "rate_limit", True, retry_after=12.0)
failed("openai rate ms", 429, error("Rate limit reached. Please try again in 450ms.", "rate_limit_exceeded", type="tokens"), "rate_limit", True, retry_after=0.45)
failed("openai rate typed invalid", 429, error("Too many requests", "rate_limit_exceeded", type="invalid_request_error"), "rate_limit", True)
failed("openai billing", 400, error("Billing hard limit has been reached", "billing_hard_limit_reached", type="invalid_request_error"), "quota")
failed("openai unknown url", 404, error("Invalid URL (POST /v1/v1/chat/completions)", None, type="invalid_request_error"), "bad_request")
failed("openai region", 403, error("Country, region, or territory not supported", "unsupported_country_region_territory", type="request_forbidden"), "region")
failed("azure filter", 400, error("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", "content_filter", innererror={"code": "ResponsibleAIPolicyViolation"}), "safety")
failed("azure deployment", 404, error("The API deployment for this resource does not exist.", "DeploymentNotFound"), "model_not_found")
failed("anthropic overloaded", 529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "req_011C"}, "server", True, request_id="req_011C")
failed("minimax", 200, {"base_resp": {"status_code": 1004, "status_msg": "login fail: please carry the API secret key"}}, "auth")

# errors that are strings, arrays, pages, or live inside a 200
failed("error string", 400, {"error": "Invalid API key"}, "auth")
failed("error string 500", 500, {"error": "Internal Server Error"}, "server", True, True)
failed("error array", 400, {"error": [{"message": "Invalid image"}, {"message": "second"}]}, "bad_request")
failed("errors array", 429, {"errors": [{"code": 1015, "message": "You are being rate limited"}]}, "rate_limit", True)
failed("errors strings", 401, {"errors": ["Unauthorized"]}, "auth")
failed("error list body", 403, ["forbidden"], "auth")
failed("JSON in a string body", 429, json.dumps(json.dumps(error("Too many requests", 429))), "rate_limit", True)
failed("detail string", 401, {"detail": "Not authenticated"}, "auth")
failed("detail 404", 404, {"detail": "Not Found"}, "model_not_found")
failed("message only 401", 401, {"message": "Unauthorized"}, "auth")
failed("kong", 404, {"message": "no Route matched with those values"}, "model_not_found")
failed("spring", 503, {"timestamp": "2026-11-01T00:00:00Z", "status": 503, "error": "Service Unavailable", "path": "/v1"}, "server", True)
failed("empty 401", 401, "", "auth")
failed("empty 403", 403, "", "auth")
failed("empty 404", 404, "", "model_not_found")
failed("empty 429", 429, "", "rate_limit", True)
failed("empty 500", 500, "", "server", True, True)
failed("empty 502", 502, "", "server", True)
failed("empty 503", 503, "", "server", True)
failed("empty 504", 504, "", "timeout", True, True)
failed("empty 529", 529, "", "server", True)
failed("empty object 400", 400, "{}", "bad_request")
failed("empty error 500", 500, {"error": {}}, "server", True, True)
failed("error null 402", 402, {"error": None}, "quota")
failed("418", 418, "teapot", "bad_request")
failed("451", 451, "", "region")
failed("plain 429", 429, "Too Many Requests", "rate_limit", True, headers={"retry-after": "7"}, retry_after=7.0)
failed("plain 503 envoy", 503, "upstream connect error or disconnect/reset before headers. reset reason: connection timeout", "server", True)
failed("plain gateway timeout", 504, "upstream request timeout", "timeout", True, True)
failed("nginx 502", 502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>", "server", True, says="502 Bad Gateway")
failed("nginx 503", 503, "<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>", "server", True)
failed("nginx 504", 504, "<html><head><title>504 Gateway Time-out</title></head><body></body></html>", "timeout", True, True)
failed("nginx 413", 413, "<html><head><title>413 Request Entity Too Large</title></head><body></body></html>", "bad_request")
failed("nginx 404", 404, "<html><head><title>404 Not Found</title></head><body></body></html>", "model_not_found")
failed("nginx 403", 403, "<html><head><title>403 Forbidden</title></head><body></body></html>", "auth")
CLOUDFLARE = "<!DOCTYPE html><html lang=\"en-US\"><head><title>{title}</title><script>var a = {{\"image\": \"https://x.example.com/a.png\"}};</script><style>.x{{}}</style></head><body><img src=\"/cdn-cgi/images/cf.png\"><h1>{title}</h1><p>Ray ID: 8f0</p></body></html>"
failed("cloudflare 520", 520, CLOUDFLARE.format(title="api.example.com | 520: Web server is returning an unknown error"), "server", True, True, headers={"cf-ray": "8f0-SJC", "content-type": "text/html"}, request_id="8f0-SJC")
failed("cloudflare 521", 521, CLOUDFLARE.format(title="521: Web server is down"), "server", True, True)
failed("cloudflare 522", 522, CLOUDFLARE.format(title="522: Connection timed out"), "timeout", True, True)
failed("cloudflare 524", 524, CLOUDFLARE.format(title="524: A timeout occurred"), "timeout", True, True)
failed("cloudflare 1015 plain", 429, "error code: 1015", "rate_limit", True)
failed("cloudflare country", 403, CLOUDFLARE.format(title="Error 1009: the owner of this website has banned the country or region your IP address is in"), "region")
failed("cloudflare challenge", 403, CLOUDFLARE.format(title="Just a moment..."), "auth")
failed("gb18030 error", 401, json.dumps(error("无效的令牌，请检查密钥"), ensure_ascii=False).encode("gb18030"), "auth", says="无效的令牌")
failed("SSE error 400", 400, "event: error\ndata: " + json.dumps(error("Invalid image data", 400)) + "\n\n", "bad_request")
failed("gzip error", 429, gzip.compress(json.dumps(error("Too many requests", 429)).encode()), "rate_limit", True, headers={"content-encoding": "gzip"})
failed("200 code msg", 200, {"code": 401, "msg": "token 无效", "data": None}, "auth")
failed("200 code 500", 200, {"code": 500, "msg": "系统繁忙，请稍后再试", "data": None}, "server", True, True)
failed("200 code balance", 200, {"code": -1, "msg": "余额不足"}, "quota")
failed("200 code string", 200, {"code": "InvalidParameter", "message": "aspect_ratio must be one of 1:1, 16:9"}, "bad_request", False, True)
failed("200 success false", 200, {"success": False, "message": "该令牌已过期"}, "auth")
failed("200 status failed", 200, {"id": "t1", "status": "failed", "error": None, "fail_reason": "x", "message": "content policy violation"}, "safety", False, True)
failed("200 error object", 200, google(429, "RESOURCE_EXHAUSTED", "Quota exceeded", {"@type": RETRY, "retryDelay": "9s"}), "rate_limit", True, retry_after=9.0)
failed("200 error unknown", 200, error("something odd happened"), "server", True, True)
failed("200 openrouter choice error", 200, {"id": "gen-1", "choices": [{"message": {"content": ""}, "finish_reason": "error", "error": {"code": 502, "message": "Upstream error from Google"}}]}, "server", True, True)
failed("200 detail", 200, {"detail": "Not authenticated"}, "auth")
failed("200 message", 200, {"message": "Too many requests"}, "rate_limit", True)
failed("200 plain", 200, "Too Many Requests", "rate_limit", True)
failed("200 SSE error after words", 200, sse(native(text("Let me"), finish=None), google(500, "INTERNAL", "Internal error encountered.")), "server", True, True)
failed("200 SSE error after a draft", 200, sse(native(inline("A", thought=True), finish=None), google(503, "UNAVAILABLE", "The model is overloaded.")), "server", True, True)
failed("200 SSE error event", 200, "event: error\ndata: " + json.dumps(error("upstream error", 502)) + "\n\n", "server", True, True)
failed("200 chat SSE error", 200, sse({"choices": [{"delta": {"content": "Hm"}}]}, error("Rate limit exceeded", 429), done=True), "rate_limit", True)
row("picture then SSE error", sse(native(inline("A"), finish=None), google(500, "INTERNAL", "late")), images="A")

# how long to wait
for header, value, wait in (
    ("retry-after", "30", 30.0), ("retry-after", " 5 ", 5.0), ("retry-after", "1.5", 1.5), ("retry-after", "0", 0.0),
    ("retry-after", "20s", 20.0), ("retry-after-ms", "1500", 1.5), ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    ("retry-after", "soon", None), ("retry-after", "-3", None), ("retry-after", "86400", 86400.0), ("retry-after", "1e3", None),
    ("retry-after", "1 day", 86400.0), ("retry-after", "PT1M30.5S", 90.5), ("retry-after", "P1DT2H", 93600.0), ("retry-after", "P", None),
    ("retry-after", "2015-10-21T07:28:00Z", 0.0), ("retry-after", "2015-10-21T07:28:00+08:00", 0.0), ("retry-after", "2015-10-21 07:28", None),
):  # fmt: skip
    failed(f"{header}: {value}", 429, error("Too many requests"), "rate_limit", True, headers={header: value}, retry_after=wait)
failed("a day to wait", 429, error("Rate limit reached. Please try again in 1d2h."), "rate_limit", True, retry_after=93600.0, says="asks to wait 26 h")
failed("days to wait, in Chinese", 429, error("请求频率超限，请在 3 天后重试"), "rate_limit", True, retry_after=259200.0)
failed("a moment to wait for", 429, error("Rate limit exceeded, resets at 2015-10-21 07:28:00 UTC"), "rate_limit", True, retry_after=0.0)
failed("a moment that is no wait", 429, error("Too many requests. This preview is available until 2099-01-01T00:00:00Z"), "rate_limit", True)
failed("a moment of no zone", 429, error("Rate limit exceeded, resets at 2015-10-21 07:28:00"), "rate_limit", True)
failed("retry_after field", 429, error("Too many requests", retry_after=11), "rate_limit", True, retry_after=11.0)
failed("retryAfterMs field", 429, error("Too many requests", retryAfterMs=2500), "rate_limit", True, retry_after=2.5)
failed("RetryInfo beats header", 429, google(429, "RESOURCE_EXHAUSTED", "slow", {"@type": RETRY, "retryDelay": "12s"}), "rate_limit", True, headers={"retry-after": "3"}, retry_after=12.0)
failed("minutes and seconds", 429, error("Rate limited. Please try again in 1m30s."), "rate_limit", True, retry_after=90.0)
failed("hours", 429, error("Rate limited, try again in 2 hours"), "rate_limit", True, retry_after=7200.0)
failed("503 retry-after", 503, error("overloaded"), "server", True, headers={"retry-after": "4"}, retry_after=4.0)
