"""The text that was asked for, letter by letter: by the reader as it is installed, and where it is told what to read."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

import nb_banana as nb
from nb_banana._images.fonts import font_for
from nb_banana._measures import reading
from nb_banana.errors import InvalidRequestError


@pytest.mark.parametrize(("prompt", "texts"), [
    ('Add a sign that says "OPEN 24H" in red', ("OPEN 24H",)),
    ("Write “Fresh Coffee” and 'Joe's Bar' on the wall; don't blur it", ("Fresh Coffee", "Joe's Bar")),
    ("在牌子上写「大吉大利」和『早安』，再写“春天”", ("大吉大利", "早安", "春天")),
    ('Replace the text "SALE" with "SOLD"', ("SOLD",)),
    ("把“开门”改成“关门”", ("关门",)),
    ('Remove the word "DRAFT" from the corner', ()),
    ("去掉“草稿”两个字，写上“定稿”", ("定稿",)),
    ("Make the dog's coat and the cats' tails blue", ()),
])  # fmt: skip
def test_quoted_text_is_what_is_asked_for(prompt, texts):
    """Every kind of quotes, English and Chinese; an apostrophe quotes nothing, and what is to go is not asked."""
    assert nb.measures.quoted(prompt) == texts


@pytest.mark.parametrize(("asked", "pieces", "edits", "read"), [
    ("OPEN 24H", ["OPEN 24H"], 0, "OPEN24H"),
    ("OPEN 24H", ["shop", "24H", "OPEN"], 0, "OPEN24H"),
    ("OPEN", ["WE ARE OPNE NOW"], 2, "OPNE"),
    ("COFFEE", ["COFFEEE"], 1, "COFFEEE"),
    ("COFFEE", ["CCOFFEE shop"], 1, "CCOFFEE"),
    ("5 km", ["15 km"], 1, "15km"),
    ("SALE", ["WHOLESALE"], 1, "WHOLESALE"),
    ("COFFEE", ["FRESH COFFEE, $3"], 0, "COFFEE"),
    ("OPEN 24H", ["OPEN", "24H", "7 DAYS"], 0, "OPEN24H"),
    ("春", ["春天来了"], 0, "春"),
    ("春天", ["舂天"], 1, "舂天"),
    ("大吉大利", ["大吉", "大利"], 0, "大吉大利"),
    ("Café", ["Ｃａｆé"], 0, "Café"),
    ("open", ["OPEN"], 4, None),
    ("hello", [], 5, ""),
])  # fmt: skip
def test_the_best_place_in_any_order_letter_by_letter(asked, pieces, edits, read):
    """Pieces in any order, width ignored, case and look-alikes not."""
    found = reading.match(asked, pieces)
    assert found.edits == edits and (read is None or found.read.replace(" ", "") == read)


CHINESE = [("欢迎光临", "欢迎光临", "drawn", 0), ("欢迎观临", "欢迎光临", "otherwise", 1)]


@pytest.mark.parametrize(("written", "asked", "answer", "edits"), [
    ("OPEN 24H", "OPEN 24H", "drawn", 0), ("OPNE 24H", "OPEN 24H", "otherwise", 2), ("$3.99", "$3.99", "drawn", 0),
    ("Café", "Cafe", "otherwise", 1), ("", "OPEN 24H", "nothing", None),
    *(CHINESE if font_for("欢迎光临观", 60) else ()),  # what no font here has can't be drawn for a test
])  # fmt: skip
def test_the_reader_itself_tells_letters_apart(written, asked, answer, edits):
    """rapidocr, as it is installed, reads letters of two scripts that Pillow drew, and finds a wrong one."""
    page = Image.new("RGB", (480, 200), (235, 235, 225))
    ImageDraw.Draw(page).text((40, 60), written, font=font_for(written or "x", 60), fill=(20, 20, 40))
    (row,) = nb.measures.score([(page, page)], [nb.measures.text(asked)]).rows
    assert row["text_drawn"] == answer
    assert row["text_cer"] == (None if edits is None else pytest.approx(edits / len(asked.replace(" ", ""))))


def test_the_sandbox_writes_what_is_asked_for_and_the_reader_finds_it(clean_place, draw_photo):
    """From prompt to figure: the quoted text of an edit on the sandbox is read back, its own mark is not."""
    draw_photo((640, 420)).save("cat.png")
    session = nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None)
    result = session.edit("cat.png", 'Write "OPEN 24H" on a sign')
    (row,) = nb.measures.of(result, "text").rows
    assert (row["text_drawn"], row["text_read"], row["text_cer"]) == ("drawn", "OPEN24H", 0)


@pytest.fixture
def reader(monkeypatch):
    """A module in the place of rapidocr, with its interface, that reads what it is told to."""
    told = SimpleNamespace(txts=(), seen=[])

    class RapidOCR:
        def __init__(self, params=None):
            pass

        def __call__(self, pixels, use_cls=True):
            told.seen.append(pixels)
            return SimpleNamespace(txts=told.txts or None)

    for name in ("rapidocr", "onnxruntime"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["rapidocr"].RapidOCR = RapidOCR
    reading._reader.cache_clear()
    yield told
    reading._reader.cache_clear()


@pytest.mark.parametrize(("txts", "answer", "rate"), [
    (("OPEN 24H",), "drawn", 0), (("OPNE 24H",), "otherwise", 2 / 7), ((), "nothing", None), (("BAKERY",), "nothing", None),
])  # fmt: skip
def test_there_are_three_answers(reader, txts, answer, rate):
    """Drawn; drawn otherwise, with what was read; nothing found, which is no figure and has its reason."""
    reader.txts = txts
    grey = Image.new("RGB", (64, 64), "grey")
    scores = nb.measures.score([(grey, grey)], [nb.measures.text("OPEN 24H")])
    assert scores[0]["text_drawn"] == answer and scores[0]["text_cer"] == (rate if rate is None else pytest.approx(rate))
    assert (scores.reasons[0].get("text_cer", "") == "") == (answer != "nothing")
    assert scores[0]["text_read"] == {"drawn": "OPEN24H", "otherwise": "OPNE24H", "nothing": ""}[answer]


def test_the_sandboxes_own_mark_is_not_read(reader):
    """Its badge is painted over before the picture is read; the rest is contrast-stretched and otherwise whole."""
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        result = session.edit(Image.new("RGB", (256, 256), "grey"), 'Write "HELLO" on it')
    reader.txts = ("HELLO",)
    assert nb.measures.text()(result)["text_drawn"] == "drawn"
    left, top, right, bottom = reading.badge_box(result.image.shown_size)
    (seen,) = reader.seen
    assert seen.shape[1::-1] == result.image.shown_size
    assert np.ptp(seen[top:bottom, left:right].astype(int), axis=(0, 1)).max() == 0
    plain = np.asarray(result.image.to_pil().convert("RGB"))[top:bottom, left:right]
    assert np.ptp(plain.astype(int), axis=(0, 1)).max() > 50


def test_without_a_reader_it_is_refused_with_the_line_to_type(monkeypatch):
    """Before any pair is measured, and not once for each of them."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    reading._reader.cache_clear()
    with pytest.raises(InvalidRequestError, match="rapidocr") as told:
        nb.measures.score([], ["text"])
    assert "pip install 'nb_banana[ocr]'" in str(told.value)
