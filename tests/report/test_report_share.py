"""One edit for others: a slide or a page, with prompt, model and price."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageDraw

import nb_banana as nb
from nb_banana._images import fonts
from nb_banana._widgets.panel.panel import panel


@pytest.fixture
def result(clean_place, draw_photo):
    """An edit on the sandbox."""
    draw_photo((300, 200)).save(clean_place / "cat.png")
    session = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
    return session.edit(clean_place / "cat.png", "Make it <night> & warm")


def test_a_slide_shows_before_and_after(result, clean_place):
    """1920×1080, both pictures side by side, words under them; without a name the next free one is taken."""
    path = result.share()
    slide = Image.open(path)
    assert path.name == "shared.png" and slide.size == (1920, 1080) and result.share().name == "shared_2.png"
    left, right = slide.crop((64, 100, 940, 600)), slide.crop((980, 100, 1856, 600))
    assert ImageChops.difference(left, right).getbbox() and left.convert("L").getextrema() != (255, 255)
    assert slide.crop((64, 800, 1856, 1060)).convert("L").getextrema()[0] < 100


def test_a_page_says_the_same_and_loads_nothing(result, clean_place):
    """Prompt as text, model, price and what the sandbox is; pictures are in it."""
    page = result.share("one.html").read_text("utf-8")
    assert page.count("data:image/webp") == 2 and "Make it &lt;night&gt; &amp; warm" in page and "sandbox, free" in page
    assert "gemini-3-pro-image-preview" in page and "default-src 'none'" in page and "<script" not in page
    chinese = result.share("zh.html", lang="zh").read_text("utf-8")
    assert "编辑前" in chinese


@pytest.fixture
def fontless(monkeypatch):
    """Takes the fonts away, but for Pillow's own; what was looked up before or meanwhile is forgotten."""
    caches = fonts._having, fonts.font_file

    def taken():
        monkeypatch.setattr(fonts, "_font_files", tuple)
        for one in caches:
            one.cache_clear()

    yield taken
    for one in caches:
        one.cache_clear()


def test_what_cant_be_shared_is_told(result, fontless):
    """Another ending, and letters that no font here has: nothing is written, and the other kind is named."""
    with pytest.raises(nb.errors.InvalidRequestError, match=r"'.jpg' .*\.html is a page"):
        result.share("one.jpg")
    unknown = result.changed(request=replace(result.request, prompt="Make it \U00012000"))  # cuneiform
    fontless()
    with pytest.raises(nb.errors.InvalidRequestError, match="No font") as told:
        unknown.share("one.png")
    assert ".html" in told.value.hint and unknown.share("one.html").is_file()


@pytest.mark.parametrize("installed", [True, False])
def test_no_slide_has_an_empty_box(result, monkeypatch, fontless, installed):
    """Letters that the usual font lacks are refused or found in another one, emoji are written out, and our own words are English where nothing here has Chinese; also without any font but Pillow's."""
    drawn, write = [], ImageDraw.ImageDraw.text
    monkeypatch.setattr(ImageDraw.ImageDraw, "text", lambda self, at, text, **how: drawn.append((text, how["font"])) or write(self, at, text, **how))
    if not installed:
        fontless()
    for prompt in ("Make it 🌃 night", "Make it night", "ทำให้เป็นกลางคืน", "इसे रात बना दो"):
        for lang in ("en", "zh"):
            try:
                result.changed(request=replace(result.request, prompt=prompt)).share("one.png", lang=lang)
            except nb.errors.InvalidRequestError:
                assert not prompt.startswith("Make")
    missing = {id(font): bytes(font.getmask("\U0010ffff")) for _, font in drawn}
    assert not [text for text, font in drawn for letter in text if not letter.isspace() and bytes(font.getmask(letter)) == missing[id(font)]]
    words = [text for text, _ in drawn]
    assert any(one.startswith("Make it") and one.endswith("night") for one in words) and {"Before", "After"} <= set(words)


def test_a_picture_from_words_has_no_before(clean_place):
    """One picture, as wide as there is room."""
    session = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
    page = session.generate("a boat").share("boat.html").read_text("utf-8")
    assert page.count("data:image/webp") == 1 and "Before" not in page.partition("<main>")[2]


def test_the_panel_shares_with_one_click_and_keeps_its_warnings(result, clean_place):
    """Share writes the slide and says where; Save too; what the picture was warned of stays under both."""
    shown = panel("cat.png", session=nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None))
    shown.prompt.value = "Put a hat on the cat"
    shown.run_button.click()
    assert shown.wait(60).warnings
    for button, name in ((shown.view.share, "shared.png"), (shown.view.save, "edited_")):
        button.click()
        first, *others = shown.view.note.text.splitlines()
        assert name in first and [line for line in others if line.startswith("⚠")]
    assert (clean_place / "shared.png").is_file()
