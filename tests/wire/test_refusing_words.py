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
    "Your prompt was blocked by the safety filter. A sample: @",
    "Generated content violates our usage policy, see @",
    "图片含敏感内容，详见 @",
    "无法处理，请改用其他图片：@",
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
    "I could not create it in 4K, so this is 2K:\n\n![image](@)",
    "I cannot edit people's faces freely, so only the sky changed.\n\n![image](@)",
    "本次生成消耗3次，剩余0次，积分不足请充值\n\n![image](@)",
    "Your credits have been used up by this picture.\n![image](@)",
    "The edit doesn't violate any policy.\n![image](@)",
    "Added a safety vest to the man: @",
    "The picture with the safety helmet is at @",
    "Rendered: @ Do you want changes?",
    "A version at sunset: @ Would you like anything else?",
    "Sensitive content blurred: @",
    "Rate limit sign removed: @",
    "去掉了二维码：@",
    "已将违反规定的牌子去掉：@",
    "I cannot generate images larger than 1024px, so the result is 1024px: @",
    "I can't see the small text clearly, but the sky is now blue: @",
    "无法生成4K图片，改为2K：@",
)  # fmt: skip

# Words that turn the edit down, beside a picture that is plainly shown.
TOLD = (
    "![规则](@)\n抱歉，无法处理该请求。",
    "![qr](@)\nYour trial has ended.",
    "![二维码](@)\n额度已用完",
    "![rules](@) This content violates our policy.",
    "I cannot edit this photo. ![rules](@)",
    "I cannot help with this picture. ![rules](@)",
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
    assert not any("turn the edit down" in warning for warning in result.warnings)


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("words", TOLD)
def test_a_picture_shown_beside_a_refusal_is_given_and_told(words: str, wire: str) -> None:
    """What may be paid for is not thrown away for its words: it comes, with a word that they say otherwise."""
    said = words.replace("@", OUT)
    result, fetched = ask(chat(said) if wire == "openai" else native({"text": said}), wire=wire)
    assert isinstance(result, nb.EditResult), result
    assert (result.image.data, fetched) == (PICTURES[MADE], [OUT])
    assert any("turn the edit down" in warning for warning in result.warnings)


def test_a_refusal_whose_picture_is_no_more_is_told_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where words turn the edit down and nothing lies behind the link, the words are the error, not the link."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    error, _ = ask(chat(f"![rules]({OUT}) This content violates our policy."), links={})
    assert isinstance(error, nb.errors.NoImageError), error
    assert ("violates our policy" in str(error), error.links) == (True, ())


def test_a_page_shown_beside_a_refusal_is_not_asked_for() -> None:
    """An address that is no picture's is left in the words of a refusal, which are the error."""
    page = "https://api.example.com/rules"
    error, fetched = ask(chat(f"![rules]({page}) This content violates our policy."))
    assert isinstance(error, nb.errors.NoImageError), error
    assert (fetched, page in error.text) == ([], True)


@pytest.mark.parametrize("words", ["I cannot help with that.", "I could not create it in 4K; 2K instead."])
def test_bytes_in_an_unusual_place_are_given_and_told(words: str) -> None:
    """Whole bytes are no less the edit for what the model's words say, wherever they stand; that is told."""
    result, _ = ask({**chat(words), "extra": {"bin": data_url(MADE)}})
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURES[MADE]
    assert any("unusual place" in warning for warning in result.warnings)
    assert any("turn the edit down" in warning for warning in result.warnings) is ("help" in words)


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
    "a source beside a word": {"result": "success", "source": {"url": OUT}},
    "a source beside a flag": {"final": True, "status": "completed", "source": OUT},
    "an original beside what was meant": {"target": "cat", "original": data_url(MADE)},
    "a source in a sentence's company": {"result": "The edit was made, see the source.", "source": OUT},
    "original beside an edit": {"data": {"original": again(MINE), "edited": b64(MADE)}},
    "drafts alone": native({**inline(MADE), "thought": True}),
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_a_name_that_may_mean_either_hides_no_edit(name: str) -> None:
    """``original`` and ``src`` are the input only beside a name for the output."""
    result, _ = ask(GIVEN[name])
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]


@pytest.mark.parametrize("there", [{"image": data_url(MADE)}, {"data": [{"url": OUT}]}])
@pytest.mark.parametrize("name", ["context", "echo"])
def test_what_mostly_repeats_the_request_is_looked_into_last(name: str, there: Any) -> None:
    """A picture under ``context`` or ``echo`` is the edit where nothing else came and nothing went wrong, and that is told."""
    result, _ = ask({name: there})
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURES[MADE]
    assert any("unusual place" in warning for warning in result.warnings)
    result, _ = ask({"task_id": "j1", "status": "succeeded", name: there})
    assert isinstance(result, nb.EditResult), result
    error, fetched = ask({"task_id": "j1", name: {"image_url": OUT}})
    assert isinstance(error, nb.errors.MalformedResponseError) and not fetched and "j1" in str(error)
    error, fetched = ask({name: there, "error": {"message": "The generation failed"}})
    assert isinstance(error, nb.errors.ServerError) and not fetched, error
    result, _ = ask({name: {"image": again(MINE)}, "image": b64(MADE)})
    assert isinstance(result, nb.EditResult), result
    assert [image.data for image in result.images] == [PICTURES[MADE]]
