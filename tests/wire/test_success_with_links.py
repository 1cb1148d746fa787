"""A success that brings the picture as an address is one, whatever code or note it carries; a complaint stays a failure."""

from __future__ import annotations

from typing import Any

import pytest

import nb_banana as nb

from .answers import PICTURES
from .test_whose_picture import MADE, OUT, ask

URL = {"url": OUT}

SUCCESS: dict[str, Any] = {
    "a code nobody knows": {"code": 10000, "message": "Success", "status": 10000, "data": {"binary_data": [], "image_urls": [OUT]}},
    "code one": {"code": 1, "msg": "success", "data": URL},
    "a long code": {"code": 20000, "message": "ok", "data": {"images": [URL]}},
    "created": {"code": 201, "msg": "created", "data": {"image_url": OUT}},
    "zeros": {"code": "00000", "msg": "成功", "data": {"image_url": OUT}},
    "ret one": {"ret": 1, "msg": "ok", "data": {"image_url": OUT}},
    "an error that says success": {"error": {"code": 0, "message": "success"}, "data": [URL]},
    "the same in a chat": {"error": {"code": 0, "message": "success"}, "choices": [{"message": {"content": f"![x]({OUT})"}}]},
    "no error, in a word": {"error": "none", "data": [URL]},
    "a note among errors": {"errors": ["size was rounded to 1024x1024"], "data": [URL]},
    "a warning": {"error": {"message": "warning: seed not supported"}, "data": [URL]},
    "the same in Chinese": {"error": {"message": "提示：种子未生效"}, "data": [URL]},
    "no error, in a sentence": {"error": {"code": "", "message": "No error occurred"}, "data": [URL]},
    "no error, in Chinese": {"error": {"message": "没有错误"}, "data": [URL]},
    "no queue": {"code": "A0001", "msg": "不需要排队", "data": URL},
    "created is its state": {"id": "img_12", "status": "created", "url": OUT},
    "a code without words": {"code": 7, "data": URL},
}  # fmt: skip


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("name", SUCCESS)
def test_a_success_with_an_address_gives_the_picture(name: str, wire: str) -> None:
    """An address that was paid for is fetched as bytes would be taken, although the reply's code is an odd one."""
    result, fetched = ask(SUCCESS[name], wire=wire)
    assert isinstance(result, nb.EditResult), result
    assert (result.image.data, fetched) == (PICTURES[MADE], [OUT])


COMPLAINTS: dict[str, tuple[Any, str]] = {
    "a balance and a code to scan": ({"code": 1, "msg": "余额不足", "data": URL}, "quota"),
    "a server's code": ({"code": 500, "msg": "ok", "data": URL}, "server"),
    "words of failure": ({"code": -1, "msg": "The generation failed", "data": URL}, "server"),
    "the same in Chinese": ({"code": 3, "msg": "生成失败", "data": URL}, "server"),
    "a warning of a failure": ({"error": {"message": "Warning: generation failed"}, "data": [URL]}, "server"),
    "a warning that nothing came": ({"error": {"message": "Warning: no image was generated"}, "data": [URL]}, "no_image"),
    "no picture": ({"code": 7, "msg": "未出图", "data": URL}, "server"),
    "no success": ({"success": False, "message": "see the page", "data": URL}, "server"),
    "inside what it wraps": ({"data": {"error": {"message": "Invalid API key"}, "url": OUT}}, "auth"),
    "an error of a choice": ({"choices": [{"error": {"message": "It went wrong"}, "message": {"content": f"![x]({OUT})"}}]}, "server"),
    "a filter": ({"error": {"code": "content_policy_violation", "message": "rejected"}, "data": [URL]}, "safety"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPLAINTS)
def test_a_complaint_with_an_address_stays_a_failure(name: str) -> None:
    """What lies behind the address of a reply that says what went wrong is not fetched, let alone shown."""
    body, category = COMPLAINTS[name]
    error, fetched = ask(body)
    assert isinstance(error, nb.NanoBananaError), error
    assert (error.category, fetched) == (category, [])
