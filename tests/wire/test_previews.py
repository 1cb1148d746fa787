"""A preview does not stand for the picture it shows in small: what lies behind the address is the result."""

from __future__ import annotations

import base64
import io
from typing import Any

import httpx
import pytest
from PIL import Image

import nb_banana as nb

from .answers import PICTURES, b64, chat, data_url, draw, inline, native
from .test_whose_picture import KEY, OUT, ask

FULL, OTHER = draw("PNG", "teal", (1024, 768)), draw("PNG", "navy", (900, 900))
SMALL = "B"  # of 24 × 16 points


def shrunk(size: tuple[int, int]) -> str:
    """The full picture in small, as base64."""
    out = io.BytesIO()
    Image.open(io.BytesIO(FULL)).resize(size).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


THUMB = shrunk((64, 48))
SMALL_AT = "https://cdn.example.com/t/7.png"
SHOWN = f"data:image/png;base64,{THUMB}"

BOTH: dict[str, Any] = {
    "a thumbnail in the result": {"result": {"thumbnail": SHOWN, "url": OUT}},
    "a thumbnail of an item": {"data": [{"url": OUT, "thumbnail": THUMB}]},
    "a preview beside the output": {"status": "succeeded", "preview": THUMB, "output": [OUT]},
    "a placeholder": {"images": [{"url": OUT, "placeholder": SHOWN}]},
    "words of a chat": chat(f"![preview]({SHOWN})\n\n[The full picture]({OUT})"),
    "native parts": native({"inlineData": {"mimeType": "image/png", "data": THUMB}}, {"text": f"[HD]({OUT})"}),
    "rounded sides": chat(f"![preview](data:image/png;base64,{shrunk((101, 75))}) ![full]({OUT})"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PICTURES, "full", FULL)
    monkeypatch.setitem(PICTURES, "other", OTHER)


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize("name", BOTH)
def test_the_full_picture_is_the_result_and_not_its_preview(name: str, wire: str) -> None:
    """However small and full picture stand beside one another, the larger one is the last, which is the result."""
    result, fetched = ask(BOTH[name], wire=wire, links={OUT: "full"})
    assert isinstance(result, nb.EditResult), result
    assert (result.image.data, fetched) == (FULL, [OUT])


def test_a_preview_whose_picture_is_not_there_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was paid for is the picture behind the address: its address is kept, and the preview is not replayed."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    error, _ = ask(BOTH["a thumbnail in the result"], links={})
    assert isinstance(error, nb.errors.APIConnectionError), error
    assert error.links == (OUT,)


@pytest.mark.parametrize(
    "body", [{"status": "ok", "preview": b64(SMALL)}, {"choices": [], "thumb": data_url(SMALL)}, {"preview_url": OUT}]
)
def test_a_preview_that_is_all_there_is_is_the_result(body: Any) -> None:
    """A name that mostly means a draft throws nothing away where nothing else came."""
    result, _ = ask(body, links={OUT: SMALL})
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == PICTURES[SMALL]


def test_a_small_picture_keeps_its_place_beside_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """A larger picture of another shape is no full size of it; one that is shown and can't be fetched is told."""
    monkeypatch.setattr("nb_banana._flow._LINK_PATIENCE", 0.0)
    body = chat(f"![edit]({data_url(SMALL)})\n\nOur logo: {OUT}")
    result, fetched = ask(body, links={OUT: "other"})
    assert isinstance(result, nb.EditResult) and fetched == [OUT]
    assert [image.data for image in result.images] == [PICTURES[SMALL]]
    result, _ = ask(body, links={})
    assert isinstance(result, nb.EditResult) and result.image.data == PICTURES[SMALL]
    assert not any("could not be fetched" in warning for warning in result.warnings)  # a perhaps in a sentence
    result, _ = ask(chat(f"![edit]({data_url(SMALL)})\n\n![full]({OUT})"), links={})
    assert isinstance(result, nb.EditResult) and result.image.data == PICTURES[SMALL]
    assert any("could not be fetched" in warning and OUT in warning for warning in result.warnings)


def test_a_full_picture_at_hand_leaves_its_copy_alone() -> None:
    """Where the bytes are as large as a model makes them, nothing is downloaded a second time."""
    result, fetched = ask(native(inline("L"), {"text": f"![copy]({OUT})"}))
    assert isinstance(result, nb.EditResult)
    assert (result.image.data, fetched) == (PICTURES["L"], [])


def test_a_picture_as_small_as_was_asked_for_is_no_preview() -> None:
    """Who asked for the smallest size got it: nothing is looked for behind the address beside it."""
    small = draw("PNG", "teal", (512, 384))
    data = base64.b64encode(small).decode()
    body = native({"inlineData": {"mimeType": "image/png", "data": data}}, {"text": f"![copy]({OUT})"})
    client = nb.Client(
        nb.Endpoint("https://api.example.com", KEY, wire="gemini"),
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=body)),
        download_transport=httpx.MockTransport(lambda _: httpx.Response(200, content=FULL)),
    )
    draft = client.edit(PICTURES["A"], "add a boat", model="nano-banana-2", image_size="512")
    usual = client.edit(PICTURES["A"], "add a boat", model="nano-banana-2")
    assert (draft.image.data, usual.image.data) == (small, FULL)


BOTH_WHOLE: dict[str, Any] = {
    "names of sizes": {"status": "ok", "image": {"large": OUT, "small": SMALL_AT}},
    "a cover": {"url": OUT, "cover_url": SMALL_AT},
    "a message and its words": chat(f"![preview]({SHOWN})", message={"images": [{"image_url": {"url": data_url("C")}}, {"b64_json": base64.b64encode(FULL).decode()}]}),
    "links in words": chat(f"![full]({OUT})\n![small]({SMALL_AT})"),
    "native parts": native({"inlineData": {"data": base64.b64encode(FULL).decode()}}, {"inlineData": {"data": THUMB}}),
}  # fmt: skip


@pytest.mark.parametrize("name", BOTH_WHOLE)
def test_the_smaller_of_two_copies_is_not_the_result(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of two copies a reply names last, the one with many more pixels is the result, and all are kept."""
    monkeypatch.setitem(PICTURES, "thumb", base64.b64decode(THUMB))
    result, _ = ask(BOTH_WHOLE[name], links={OUT: "full", SMALL_AT: "thumb"})
    assert isinstance(result, nb.EditResult), result
    assert result.image.data == FULL
    assert base64.b64decode(THUMB) in [image.data for image in result.images]


def test_pictures_of_about_one_size_keep_their_order() -> None:
    """Of drafts and a result nobody knows which is which but by their order."""
    body = native({"inlineData": {"data": base64.b64encode(FULL).decode()}}, {"inlineData": {"data": shrunk((640, 480))}})
    result, _ = ask(body, wire="gemini")
    assert isinstance(result, nb.EditResult), result
    assert [image.width for image in result.images] == [1024, 640]
