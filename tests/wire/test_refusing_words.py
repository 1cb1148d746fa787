"""A refusal, an advert or a question is no edit, whatever picture stands beside it; a remark on an edit is no refusal."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

import nb_banana as nb

from .answers import PICTURES, b64, chat, data_url, inline, native
from .test_whose_picture import MADE, MINE, OUT, ask

# Words of a model around an address (@) at which a picture lies, and what is no edit.
AGAINST = (
    "As a text model I describe pictures. A sample is at @",
    "Editing isn't something I do; you might begin with @",
    "That is beyond my abilities. The style you mean: @",
    "This goes against our usage rules, see @",
    "I'd rather not change a face. A stock photo: @",
    "No drawing tools are available here. A sample: @",
    "To do this yourself, follow the steps in @",
    "I found a photo on the web that matches: @",
    "Your daily free quota is used up. Scan the code at @",
    "Your balance is low. Please top up: @",
    "Please log in first, see @",
    "Only members can edit. Join us: @",
    "![规则](@)\n抱歉，无法处理该请求。",
    "很遗憾，这超出了我的能力范围，可参考 @",
    "我是语言模型，只描述图片。示例：@",
    "余额不足，请充值 @",
    "请先关注公众号，二维码：@",
    "该图片涉及真人，不予处理。规则见 @",
    "这个我做不了，可以看看这张：@",
    "Which hat do you mean, one like @ ?",
    "Is it @?",
    "已拒绝生成该图片，违反内容政策，详见 @",
    "剩余额度不足，请扫码充值 @",
    "I have not edited the photo, your balance is used up: @",
    "That can't be done here. Please log in: @",
    "0 of 10 edits remaining, your daily quota is used up: @",
    "The link @ you gave does not open for me.",
    "Rate limit exceeded, the limits are shown in @",
    "![qr](@)\nYour trial has ended.",
    "![二维码](@)\n额度已用完",
    "![rules](@) This content violates our policy.",
    "I cannot edit this photo. ![rules](@)",
)  # fmt: skip

# Words around an edit, and what of them looks like a refusal.
FOR = (
    "![edit](@)",
    "Here it is: @ (kept for 24 hours)",
    "Here's your picture: @ Would you like anything else?",
    "Your edited picture is ready: @. Shall I change more?",
    "Done! @\n\nDaily limit: 7 of 10 remaining.",
    "已为您生成：@ 今日剩余额度：9 次",
    "Edited image (it passed the safety filters): @",
    "修改后的图片（已通过内容审核）：@",
    "I have added the hat. It follows the content policy: @",
    "![edit](@)\n\n今日剩余额度：9 次，扫码加群",
    "![edit](@)\n\n余额不足时可扫码充值，额度用完后次日恢复",
    "![edit](@)\n无法修改招牌上的小字。",
    "![edit](@)\nI could not keep the exact font of the sign.",
    "![edit](@)\nI couldn't edit the photo exactly as you asked.",
    "![edit](@)\nThe face was not edited and does not violate any policy. Anything else?",
    "I cannot edit this photo in place, so here is the new picture: ![edit](@)",
)  # fmt: skip


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("words", AGAINST)
def test_words_that_turn_an_edit_down_give_no_edit(words: str, wire: str) -> None:
    """What lies behind an address in a refusal, an advert or a question is never taken, and the words are told."""
    said = words.replace("@", OUT)
    error, fetched = ask(chat(said) if wire == "openai" else native({"text": said}), wire=wire)
    assert isinstance(error, nb.errors.NoImageError), error
    assert (fetched, error.may_be_billed) == ([], True)
    assert OUT in error.text  # whoever knows better can look


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("words", FOR)
def test_words_about_an_edit_that_was_made_hide_it_not(words: str, wire: str) -> None:
    """A remark on the account, the rules or a detail beside a picture that was paid for throws nothing away."""
    said = words.replace("@", OUT)
    result, _ = ask(chat(said) if wire == "openai" else native({"text": said}), wire=wire)
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURES[MADE]
    told = any("model's sentences" in warning for warning in result.warnings)
    assert told is ("![" not in words)  # an address in a sentence is always told


def test_bytes_beside_a_refusal_are_kept_and_told() -> None:
    """A picture that is at hand is shown, with a word that the model says otherwise."""
    result, _ = ask(chat(f"额度已用完，请扫码充值\n![qr]({data_url(MADE)})"))
    assert isinstance(result, nb.EditResult)
    assert any("turn the edit down" in warning for warning in result.warnings)


def again(letter: str) -> str:
    """A picture as base64 of other bytes."""
    out = io.BytesIO()
    Image.open(io.BytesIO(PICTURES[letter])).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


REFUSED: dict[str, tuple[Any, str]] = {
    "a blocked prompt and a badge": ({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "meta": {"badge": data_url(MADE)}}, "safety"),
    "a blocked picture and a badge": ({"candidates": [{"finishReason": "IMAGE_SAFETY"}], "about": {"badge": data_url(MADE)}}, "safety"),
    "a filter and a badge": ({**chat("No.", finish="content_filter"), "provider": {"badge": data_url(MADE)}}, "safety"),
    "words of refusal and a badge": ({**chat("I cannot help with that."), "ad": {"badge": data_url(MADE)}}, "no_image"),
    "a logo": ({**chat(""), "provider": {"logo": data_url(MADE)}}, "no_image"),
    "the input, written anew, beside an empty edit": ({"data": {"original": again(MINE), "edited": ""}}, "malformed"),
    "before without after": ({"success": True, "before": again(MINE), "after": None}, "malformed"),
    "a source without a result": ({"status": "ok", "source": {"data": again(MINE)}, "result": None}, "malformed"),
    "drafts of a blocked picture": (native({**inline(MADE), "thought": True}, finish="IMAGE_SAFETY"), "safety"),
    "drafts of a forbidden picture": (native({**inline(MADE), "thought": True}, finish="PROHIBITED_CONTENT"), "safety"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_where_the_service_said_no_no_picture_is_the_edit(name: str) -> None:
    """A badge, a logo, a draft or the input in other bytes is never the result of a reply that holds none."""
    body, category = REFUSED[name]
    error, _ = ask(body)
    assert isinstance(error, nb.NanoBananaError), error
    assert error.category == category


GIVEN: dict[str, Any] = {
    "the full size is called original": {"images": [{"original": data_url(MADE)}]},
    "a list of sources": {"images": [{"src": data_url(MADE)}]},
    "original beside an edit": {"data": {"original": again(MINE), "edited": b64(MADE)}},
    "drafts alone": native({**inline(MADE), "thought": True}),
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_a_name_that_may_mean_either_hides_no_edit(name: str) -> None:
    """``original`` and ``src`` are the input only beside a name for the output."""
    result, _ = ask(GIVEN[name])
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]
