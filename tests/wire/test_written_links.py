"""A picture's address leads to the picture however an answer writes it, and nothing that signs it is changed."""

from __future__ import annotations

from typing import Any

import pytest

import nb_banana as nb

from .answers import PICTURES, b64, chat, native
from .test_previews import FULL, SHOWN, THUMB
from .test_whose_picture import MADE, OUT, ask

BLANK, SIGNED = "https://cdn.example.com/r/my edit.png", "https://cdn.example.com/r/a.png?e=1&sig=a%2Bb%2F_-~c=="
ASKED = "https://cdn.example.com/r/my%20edit.png"
HOST = "//cdn.example.com/out/7.png"

WRITTEN: dict[str, tuple[Any, str]] = {
    "a blank": ({"data": [{"url": BLANK}]}, ASKED),
    "a blank in any field": ({"result": {"final": BLANK}}, ASKED),
    "a blank in a native part": (native({"fileData": {"fileUri": BLANK}}), ASKED),
    "a blank in Markdown": (chat(f"![a]({BLANK})"), ASKED),
    "a blank in HTML": (chat(f'<img src="{BLANK}" alt="x">'), ASKED),
    "an escaped &": ({"data": [{"url": SIGNED.replace("&", "&amp;")}]}, SIGNED),
    "an escaped & in a native part": (native({"fileData": {"fileUri": SIGNED.replace("&", "&amp;")}}), SIGNED),
    "an escaped underscore": (chat(f"![x]({SIGNED.replace('_', chr(92) + '_')})"), SIGNED),
    "a signature": (chat(f"Here you go: {SIGNED}"), SIGNED),
    "a signature that ends in underscores": (chat(f"Here you go: {OUT}?s=a__"), f"{OUT}?s=a__"),
    "emphasis": (chat(f"Here you go: _{OUT}_"), OUT),
    "no scheme": ({"data": [{"url": HOST}]}, OUT),
    "no scheme in any field": ({"result": {"final": HOST}}, OUT),
    "no scheme in Markdown": (chat(f"![a]({HOST})"), OUT),
    "no scheme in HTML": (chat(f'<img src="{HOST}">'), OUT),
    "a blank before it": ({"data": [{"url": " " + OUT}]}, OUT),
    "a mark that is not seen": ({"data": [{"url": "\u200b" + OUT}]}, OUT),
    "backticks": ({"data": [{"url": f"`{OUT}`"}]}, OUT),
    "quotes": ({"data": [{"url": f'"{OUT}"'}]}, OUT),
    "Markdown in a field": ({"data": [{"url": f"![]({OUT})"}]}, OUT),
    "Chinese behind it": (chat(f"图片已生成：{OUT}点击查看"), OUT),
    "Chinese quotes": (chat(f"编辑完成“{OUT}”"), OUT),
    "Chinese brackets": (chat(f"编辑完成「{OUT}」，请查看"), OUT),
    "a title's brackets": (chat(f"编辑完成《{OUT}》"), OUT),
    "a Chinese name": (chat("![a](https://cdn.example.com/r/夜景.png)"), "https://cdn.example.com/r/%E5%A4%9C%E6%99%AF.png"),
    "another suffix": (chat("Done: https://cdn.example.com/r/a.tiff"), "https://cdn.example.com/r/a.tiff"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_an_address_is_asked_for_as_it_was_meant(name: str) -> None:
    """One address is fetched, once, with its signature untouched, and what lies there is the result."""
    body, meant = WRITTEN[name]
    result, fetched = ask(body, links={meant: MADE})
    assert isinstance(result, nb.EditResult), result
    assert (result.image.data, fetched) == (PICTURES[MADE], [meant])


@pytest.mark.parametrize("written", [r"![cat](https://photos.example.net/me/my\_cat.png)", "![cat](//photos.example.net/me/my_cat.png)"])
def test_the_users_own_address_is_known_however_it_is_written(written: str) -> None:
    """An echo of what was sent is never fetched for a new way of writing it."""
    error, fetched = ask(chat(written), prompt="blue, like https://photos.example.net/me/my_cat.png")
    assert isinstance(error, nb.errors.NoImageError), error
    assert fetched == []


def test_an_address_that_is_never_fetched_is_named() -> None:
    """A picture in a store of Google's is paid for: its address is told, and it is not offered to be paid again."""
    error, fetched = ask(native({"fileData": {"fileUri": "gs://bucket/out/a.png"}}), wire="gemini")
    assert isinstance(error, nb.errors.APIConnectionError), error
    assert (fetched, error.links, error.retryable) == ([], ("gs://bucket/out/a.png",), False)


BESIDE: dict[str, Any] = {
    "words": {"data": [{"b64_json": "(omitted)", "url": OUT}]},
    "a cut picture": {"data": [{"b64_json": b64(MADE)[:80], "url": OUT}]},
    "a preview": {"data": [{"b64_json": THUMB, "url": OUT}]},
    "a preview in a message": chat("", message={"images": [{"base64": THUMB, "url": OUT}]}),
    "a preview as a data URL": {"data": [{"b64_json": SHOWN, "image_url": {"url": OUT}}]},
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_the_address_of_an_item_counts_beside_its_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is cut, left out or small in one field is fetched whole from the other."""
    monkeypatch.setitem(PICTURES, "full", FULL)
    result, fetched = ask(BESIDE[name], links={OUT: "full"})
    assert isinstance(result, nb.EditResult), result
    assert (result.image.data, fetched) == (FULL, [OUT])


def test_whole_bytes_of_an_item_are_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy behind the address of a picture at its full size is left alone."""
    monkeypatch.setitem(PICTURES, "full", FULL)
    result, fetched = ask({"data": [{"b64_json": b64("full"), "url": OUT}]}, links={OUT: MADE})
    assert isinstance(result, nb.EditResult), result
    assert (result.image.data, fetched) == (FULL, [])
