"""Marks as a value and in pixels, and what the panel makes of them on every wire."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from pages import blocks
from PIL import Image

import nb_banana as nb
from nb_banana._images.data import ImageData
from nb_banana._images.marks import Marks, drawn_in
from nb_banana._widgets.easel import Easel
from nb_banana._widgets.surface import is_off
from nb_banana.errors import InvalidRequestError

from .test_tray import eventually

FLARE = "gpt-image-flare"
BOX = {"kind": "box", "points": [0.25, 0.25, 0.75, 0.75]}
STROKE = {"kind": "brush", "points": [0.2, 0.5, 0.8, 0.5], "width": 0.1}
ARROW = {"kind": "arrow", "points": [0.9, 0.9, 0.5, 0.5], "colour": "blue"}


def marks(*shapes, words=""):
    """Marks of these dicts."""
    return Marks.from_dict({"shapes": list(shapes), "words": words})


def pixels(image):
    """The pixels of a picture."""
    return np.asarray(image.to_pil())


def plain(size=(320, 240), colour="white", turn=None):
    """A picture of one colour; with an EXIF turn where one is given."""
    stream = io.BytesIO()
    exif = Image.Exif()
    if turn:
        exif[0x0112] = turn
    Image.new("RGB", size, colour).save(stream, "JPEG", quality=95, exif=exif)
    return ImageData.from_bytes(stream.getvalue(), name="plain.jpg")


# --- the value and its pixels -------------------------------------------------------------------------


def test_the_mask_of_a_box_is_that_box_in_pixels():
    """Every pixel of the box is white and no other; it is the region that `mask=(…)` means, edge to edge too."""
    for box, region in ((BOX, (0.25, 0.25, 0.5, 0.5)), ({"kind": "box", "points": [1, 1, 0.9, 0]}, (0.9, 0.0, 0.1, 1.0))):
        mask = pixels(marks(box).mask(plain()))
        left, top = round(region[0] * 320), round(region[1] * 240)
        right, bottom = round((region[0] + region[2]) * 320), round((region[1] + region[3]) * 240)
        expected = np.zeros((240, 320), np.uint8)
        expected[top:bottom, left:right] = 255
        assert mask.dtype == np.uint8 and np.array_equal(mask, expected)


def test_a_stroke_is_its_discs_and_what_lies_between_and_an_eraser_takes_away_in_order():
    """Pixels well within the stroke are white, those well beyond black; erased is what stood before the eraser."""
    y, x = np.mgrid[0:240, 0:320] + 0.5
    along = np.clip(x, 64, 256)
    far = np.hypot(x - along, y - 120)
    mask = pixels(marks(STROKE).mask(plain()))
    assert (mask[far < 15] == 255).all() and (mask[far > 17] == 0).all()
    eraser = {"kind": "eraser", "points": [0.5, 0.5], "width": 0.05}
    hole = np.hypot(x - 160, y - 120) < 7
    assert (pixels(marks(STROKE, eraser).mask(plain()))[hole] == 0).all()
    assert (pixels(marks(eraser, STROKE).mask(plain()))[hole] == 255).all()


def test_a_lasso_is_what_it_encloses_and_signs_are_no_mask():
    """A triangle is half of its box; arrows and labels leave the mask black."""
    lasso = {"kind": "lasso", "points": [0, 0, 1, 0, 0, 1]}
    mask = pixels(marks(lasso).mask(plain()))
    assert mask[5, 5] == mask[100, 100] == 255 and mask[235, 315] == 0
    assert (mask > 0).mean() == pytest.approx(0.5, abs=0.01)
    label = {"kind": "text", "points": [0.1, 0.5], "text": "hat"}
    assert pixels(marks(ARROW, label).mask(plain())).max() == 0
    assert not marks(ARROW).areas and marks(ARROW).signs and marks(ARROW).region is None


def test_a_photo_that_lies_on_its_side_is_marked_as_a_person_sees_it():
    """With an EXIF turn the mask and the copy have the upright size, and the library takes the mask for that photo."""
    photo = plain((320, 240), turn=6)
    mask = marks(BOX).mask(photo)
    assert (mask.width, mask.height) == photo.shown_size == (240, 320)
    copy = marks({"kind": "box", "points": [0, 0, 0.5, 0.25]}).copy(photo)
    seen = pixels(copy)
    assert seen.shape[:2] == (320, 240) and tuple(seen[1, 60]) == (230, 0, 0) and tuple(seen[79, 119]) == (230, 0, 0)
    from nb_banana._images.masks import plane

    assert plane(mask, photo).getbbox() == (60, 80, 180, 240)


def test_the_copy_shows_each_shape_in_its_colour_and_leaves_the_rest(draw_photo):
    """An arrow is blue, a stroke lets the picture through, an eraser bares it, and untouched pixels are the photo's."""
    stream = io.BytesIO()
    draw_photo((320, 240)).save(stream, "PNG")
    photo = ImageData.from_bytes(stream.getvalue())
    label = {"kind": "text", "points": [0.02, 0.2], "text": "HAT", "colour": "green"}
    seen, before = pixels(marks(STROKE, ARROW, label).copy(photo)).astype(int), pixels(photo).astype(int)[:, :, :3]
    assert tuple(seen[168, 224]) == (20, 90, 230)
    assert tuple(seen[120, 80]) == pytest.approx(tuple((before[120, 80] + (230, 0, 0)) / 2), abs=2)
    assert np.array_equal(seen[200:, :100], before[200:, :100])
    assert (seen[:60, :100] == (0, 150, 70)).all(axis=2).sum() > 50
    erased = marks(STROKE, {"kind": "eraser", "points": [0, 0.5, 1, 0.5], "width": 0.3}).copy(photo)
    assert np.array_equal(pixels(erased), before)


def test_chinese_labels_are_drawn_or_refused_by_name(monkeypatch):
    """Without a font for it the label is named with what to install; no empty boxes are drawn."""
    from nb_banana._images import strokes

    monkeypatch.setattr(strokes, "font_for", lambda *_: None)
    with pytest.raises(InvalidRequestError, match="帽子"):
        marks({"kind": "text", "points": [0.5, 0.5], "text": "帽子"}).copy(plain())


def test_a_mask_and_a_copy_carry_the_marks_they_were_made_of():
    """What was drawn is read back from both files, from a large JPEG copy too; any other picture holds none."""
    drawn = marks(STROKE, ARROW, words="the ear")
    assert drawn_in(drawn.mask(plain())) == drawn_in(drawn.copy(plain())) == drawn
    large = drawn.copy(plain((1600, 1200)))
    assert large.mime_type == "image/jpeg" and drawn_in(large) == drawn
    assert drawn_in(plain()) is None


@pytest.mark.parametrize("bad", [
    {"kind": "circle", "points": [0, 0]}, {"kind": "box", "points": [0, 0, 1]}, {"kind": "box", "points": [0, 0, 2, 1]},
    {"kind": "brush", "points": [0.5, float("nan")]}, {"kind": "brush", "points": [0, 0], "width": 0}, {"kind": "text", "points": [0, 0]},
    {"kind": "brush", "points": [0, 0], "colour": "mauve"}, {"kind": "lasso", "points": [0, 0, 1, 1]}, 7, None,
])  # fmt: skip
def test_what_is_no_shape_is_named(bad):
    """A value that can't be drawn raises with that value in the sentence; a page's is left out and told there."""
    with pytest.raises(InvalidRequestError, match=r"kind|points|width|colour|text"):
        marks(bad)
    easel = Easel(plain())
    easel.set_state({"shapes": [BOX, bad]})
    assert easel.marks == marks(BOX) and "left out" in easel.problem


def test_undo_redo_and_clear_agree_between_page_and_python():
    """Clear can be undone; what is drawn anew ends redo; another picture has no marks yet."""
    easel = Easel(plain())
    easel.set_state({"shapes": [BOX, STROKE]})
    easel.clear()
    assert not easel.marks
    easel.undo()
    easel.undo()
    assert easel.marks == marks(BOX)
    easel.redo()
    assert easel.marks == marks(BOX, STROKE)
    easel.marks = (0.25, 0.25, 0.5, 0.5)
    assert easel.marks == marks(BOX) and easel.undone == []
    easel.show(plain(colour="red"))
    assert not easel.marks


def test_what_a_page_draws_is_not_said_back_to_it(monkeypatch):
    """What comes as a message is drawn, the usable of it, and goes to no page again, where it would cover the strokes drawn since."""
    easel, told = Easel(plain()), []
    easel._handle_custom_msg({"t": "drawn", "shapes": [BOX, 7], "undone": []}, [])
    assert easel.marks == marks(BOX) and "left out" in easel.problem
    monkeypatch.setattr(easel, "_send", lambda message, buffers=None: told.append(message))
    easel._handle_custom_msg({"t": "drawn", "shapes": [BOX, STROKE], "undone": []}, [])
    easel._handle_custom_msg({"t": "drawn", "words": "the cat"}, [])
    assert (easel.marks, easel.words) == (Marks(marks(BOX, STROKE).shapes, "the cat"), "the cat")
    states = [message["state"] for message in told if message.get("method") == "update"]
    assert not [state for state in states if {"shapes", "undone", "words"} & set(state)], states
    easel.clear()
    assert any("shapes" in message["state"] for message in told if message.get("method") == "update")


def test_pixels_are_sent_when_a_page_asks(sent):
    """The page's question is answered with that picture once, and with no other."""
    easel = Easel(plain())
    noted = sent(easel)
    easel._handle_custom_msg({"t": "want", "key": "another"}, [])
    easel._handle_custom_msg({"t": "want", "key": easel.picture["key"]}, [])
    eventually(lambda: noted)
    assert [message["key"] for message, _ in noted] == [easel.picture["key"]] and noted[0][1][0][:2] == b"\xff\xd8"


# --- the panel ------------------------------------------------------------------------------------------


def ready(session, photo, **how):
    """A panel one click away from an edit."""
    panel = nb.panel(photo, session=session, **how)
    panel.prompt.value = "Turn the day into night"
    return panel


def clicked(panel):
    """The result of a click."""
    panel.run_button.click()
    return panel.wait(60)


@pytest.mark.parametrize("wire", ["gemini", "openai"])
def test_a_wire_without_masks_says_so_before_and_marks_the_photo(sandbox, photo, wire):
    """The sentence stands there before the click; what goes is one outlined picture, and the record keeps the mask."""
    panel = ready(sandbox(wire=wire), photo)
    panel.marks = (0.25, 0.25, 0.5, 0.5)
    assert "takes no mask: a copy of the picture with the region outlined in red" in panel.marking.says.text
    result = clicked(panel)
    assert result.request.images[0].data == photo.read_bytes() and len(result.request.images) == 1
    assert np.array_equal(pixels(result.request.mask), pixels(panel.marks.mask(result.request.images[0])))
    assert any("outlined in red was sent instead" in warning for warning in result.warnings)
    assert panel.viewer.region == (0.25, 0.25, 0.5, 0.5)
    path = panel.code.split('mask="')[1].split('"')[0]
    assert drawn_in(ImageData.from_bytes(Path(path).read_bytes())) == panel.marks


def test_the_images_wire_gets_a_mask(sandbox, photo):
    """At a model with masks the sentence says so, and the form holds a mask whose hole is what was drawn."""
    panel = ready(sandbox(), photo)
    panel.model.value = FLARE
    panel.marks = {"shapes": [STROKE]}
    assert "gets it as a mask" in panel.marking.says.text and "sent instead" not in panel.marking.says.text
    result = clicked(panel)
    sent = result._plan().request.mask
    hole = pixels(sent)[:, :, 3] == 0
    assert np.array_equal(hole, pixels(panel.marks.mask(result.request.images[0])) == 255)


def test_with_the_box_off_marks_go_on_a_copy_before_the_photo(sandbox, photo):
    """The copy is sent first, named in the code and said; the prompt says that marks only show where."""
    panel = ready(sandbox(), photo)
    panel.marks = {"shapes": [BOX]}
    panel.marking.only.value = False
    eventually(lambda: "one of them with your marks" in panel.sends.text)
    assert "goes before it" in panel.marking.says.text
    result = clicked(panel)
    copy, original = result.request.images
    assert original.data == photo.read_bytes() and result.request.mask is None
    assert tuple(pixels(copy)[60, 160]) == (230, 0, 0)
    assert "leave every mark out of the result" in result.request.prompt and panel.prompt.value == "Turn the day into night"
    assert "inputs/marked-copy-" in panel.code and panel.viewer.before["width"] == 320
    assert panel.chain.start == original


def test_arrows_go_last_beside_a_mask_and_words_are_said(sandbox, photo):
    """A mask is on the first picture, so the copy with the arrow follows; words are shown before they are sent."""
    panel = ready(sandbox(), photo)
    panel.prompt.value = "把白天变成夜晚"
    panel.marks = {"shapes": [BOX, ARROW], "words": "猫的左耳"}
    assert panel.marking.added.text == "Added to the prompt: “只修改：猫的左耳。”"
    result = clicked(panel)
    assert result.request.images[0].data == photo.read_bytes() and len(result.request.images) == 2
    assert "只修改：猫的左耳。" in result.request.prompt and "最后一张图片" in result.request.prompt
    assert panel.viewer.before["key"] == result.request.images[0].sha256[:16]


def test_a_picture_that_is_not_the_first_can_have_no_mask_until_it_is(sandbox, photo):
    """Drawn on the second of two pictures, the checkbox is off with the reason; the button makes it the first."""
    panel = nb.panel([str(photo), plain(colour="navy")], session=sandbox())
    panel.prompt.value = "Turn the day into night"
    panel.marks = {"shapes": [BOX]}
    assert panel.marking.only.disabled and "you drew on picture 2" in panel.marking.says.text
    assert panel.ask().settings.get("mask") is None and len(panel.ask().pictures) == 3
    panel.marking.first.click()
    assert not panel.marking.only.disabled and panel.tray.images[0] == panel.marking.easel.image
    assert panel.ask().settings["mask"] is not None and panel.marks


def test_marks_go_with_their_picture(sandbox, photo):
    """Another picture in the tray is one nobody drew on; a region drawn in the viewer is a box, cleared there none."""
    panel = ready(sandbox(), photo)
    panel.viewer.region = (0.0, 0.0, 1.0, 0.5)
    assert panel.marks.region == (0.0, 0.0, 1.0, 0.5)
    panel.viewer.region = None
    assert not panel.marks
    panel.marks = {"shapes": [BOX]}
    panel.tray.clear()
    panel.tray.add(plain(colour="navy"))
    assert not panel.marks and is_off(panel.marking._asks)


@pytest.mark.parametrize(
    ("ratio", "share"), [("auto", (1.0, 1.0)), ("16:9", (0.75, 1.0)), ("9:16", (1.0, 0.42))], ids=["as it was", "wider", "taller"]
)
def test_a_region_on_a_result_that_is_the_next_input_is_where_it_was_drawn(sandbox, photo, ratio, share):
    """The viewer still shows the picture before over it, whole and centred: the mask is on the same place of the result, the outline stays."""
    panel = nb.panel(photo, session=sandbox())
    panel.prompt.value, panel.aspect_ratio.value = "Make it night", ratio
    panel.marks = (0.5, 0.5, 0.1, 0.1)
    panel.run_button.click()
    result = panel.wait(60)
    eventually(lambda: panel.viewer.after and panel.viewer.region)
    panel.view.go_on.click()
    assert panel.viewer.region is None and not panel.marks  # what was drawn was on the picture before
    panel.viewer.region = (0.0, 0.0, 0.5, 0.25)
    left, top = ((1 - each) / 2 for each in share)
    assert panel.marks.region == pytest.approx((left, top, 0.5 * share[0], 0.25 * share[1]), abs=0.01)
    assert panel.tray.images == (result.image,) and panel.ask().settings["mask"].shown_size == result.image.shown_size
    eventually(lambda: panel.viewer.region == pytest.approx((0.0, 0.0, 0.5, 0.25)))
    panel.marks = (0.5, 0.5, 0.25, 0.5)
    assert panel.viewer.region == pytest.approx((0.5, 0.5, min(0.5, 0.25 / share[0]), min(0.5, 0.5 / share[1])), abs=0.01)
    if share[0] < 1:  # beside what the viewer shows of the picture before: nothing is outlined, and what is drawn stays
        panel.marks = (0.0, 0.1, 0.05, 0.3)
        assert panel.viewer.region is None and panel.marks.region == pytest.approx((0.0, 0.1, 0.05, 0.3))
        panel.marks = (0.5, 0.5, 0.25, 0.5)
    panel.viewer.region = None
    assert not panel.marks


def test_a_region_on_a_picture_that_is_no_input_goes_and_says_so(sandbox, photo, draw_photo):
    """What is outlined is what the next edit keeps to: on another picture there is no outline."""
    panel = nb.panel(photo, session=sandbox())
    panel.prompt.value = "Make it night"
    panel.marks = (0.1, 0.1, 0.2, 0.2)
    panel.run_button.click()
    panel.wait(60)
    panel.tray.clear()
    panel.tray.add(draw_photo(background="grey"))
    assert panel.viewer.region is None
    panel.viewer.region = (0.1, 0.1, 0.2, 0.2)
    assert panel.viewer.region is None and not panel.marks
    assert panel.view.note.text == "A region goes with a picture of the inputs, and this one is none of them."


def test_taking_the_last_area_away_leaves_arrows_and_words(sandbox, photo):
    """Undo of a box takes that box, on the page and in Python, and redo brings it back; marks set anew are those set."""
    panel = ready(sandbox(), photo)
    easel = panel.marking.easel
    panel.marks = {"shapes": [ARROW, BOX], "words": "the ear"}
    easel.undo()
    assert panel.marks == marks(ARROW, words="the ear") and panel.viewer.region is None
    easel.redo()
    assert panel.marks == marks(ARROW, BOX, words="the ear") and panel.viewer.region is not None
    easel.set_state({"shapes": [ARROW], "undone": [BOX]})
    assert panel.marks == marks(ARROW, words="the ear") and easel.undone == [BOX]
    panel.marks = (0.25, 0.25, 0.5, 0.5)
    panel.marks = [ARROW]
    assert panel.marks == marks(ARROW)


@pytest.mark.parametrize("only", [True, False])
def test_what_was_drawn_is_there_again_after_the_kernel(sandbox, photo, only, monkeypatch):
    """A panel that comes back has the marks on its easel, its own prompt, and one picture; removed they are gone."""
    from nb_banana._widgets import notebook

    monkeypatch.setattr(notebook, "place", lambda: "cell")
    session = sandbox()
    panel = ready(session, str(photo))
    panel.marks = {"shapes": [BOX, ARROW], "words": "the ear"}
    panel.marking.only.value = only
    clicked(panel)
    again = nb.panel(str(photo), session=session)
    assert again.prompt.value == "Turn the day into night" and len(again.tray.images) == 1
    assert again.marks == panel.marks and again.marking.only.value is only and again.result is not None
    assert again.ask().request.images == panel.ask().request.images and is_off(again.choices._keeps)
    again.marking.clear.click()
    assert not again.marks and again.ask().settings.get("mask") is None


def test_marks_wholly_erased_are_no_region(sandbox, photo):
    """The panel says what to do before a click does, promises no region, and takes it back at the next stroke."""
    panel = ready(sandbox(), photo)
    panel.marks = {"shapes": [STROKE]}
    eventually(lambda: panel.marking.says.text)
    eraser = {"kind": "eraser", "points": [0, 0.5, 1, 0.5], "width": 0.5}
    panel.marks = {"shapes": [STROKE, eraser]}
    eventually(lambda: "erased again" in panel.status.text and not panel.marking.says.text)
    panel.marks = {"shapes": [STROKE, eraser, BOX]}
    eventually(lambda: "erased again" not in panel.status.text and panel.marking.says.text)


def test_everything_else_is_kept_exactly_where_that_is_wished(sandbox, photo, draw_photo, tmp_path, monkeypatch):
    """The result is measured by itself; the composite stands beside the model's picture, and can be the next input,
    from which a step back leads to the inputs before."""
    monkeypatch.chdir(tmp_path)
    panel = ready(sandbox(), photo)
    panel.model.value = FLARE
    exact = panel.marking.exact
    panel.marks = (0.25, 0.25, 0.5, 0.5)
    exact.keep.value = True
    result = clicked(panel)
    eventually(lambda: "outside: " in exact.figures.text, 60)
    eventually(lambda: exact.composite is not None)
    assert panel.code.endswith("\n\nresult.composite()")
    exact.which.index = 1
    assert panel.viewer.after["key"] == exact.composite.sha256[:16] and panel.result is result
    assert np.array_equal(pixels(exact.composite)[:50], pixels(result.request.images[0])[:50])
    panel.tray.add(draw_photo(background="red"))
    made, before = exact.composite, panel.tray.images
    exact.use.click()
    assert panel.tray.images == (made,) and nb.read_provenance(made)
    panel.step(-1)
    assert panel.tray.images == before and len(before) == 2


def test_the_wish_to_keep_the_rest_stays_in_sight_before_there_is_a_result(sandbox, photo):
    """Ticked before the first edit, the checkbox stays and says what will be done; it can be unticked again."""
    panel = ready(sandbox(), photo)
    panel.marks = (0.25, 0.25, 0.5, 0.5)
    exact = panel.marking.exact
    for wished in (True, False):
        exact.keep.value = wished
        assert not is_off(exact.keep) and bool(exact.says.text) is wished


def test_an_edit_shows_what_comes_in_place_of_the_easel(sandbox, photo):
    """Whoever clicks Edit while drawing sees the result, and what was drawn is still there to go on with."""
    panel = ready(sandbox(), photo)
    panel.marks = (0.25, 0.25, 0.5, 0.5)
    panel.marking.draw.click()
    assert panel.marking.easel.active
    clicked(panel)
    assert not panel.marking.easel.active and panel.viewer.after and panel.marks


def test_measuring_without_the_research_extra_says_what_to_install(sandbox, photo, monkeypatch):
    """Where numpy and scikit-image are missing the line names the extra; nothing else suffers."""
    panel = ready(sandbox(), photo)
    panel.marks = (0.1, 0.1, 0.5, 0.5)
    for name in ("skimage", "numpy"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "nb_banana._measure.changing", raising=False)
    clicked(panel)
    eventually(lambda: "pip install 'nb_banana[research]'" in panel.marking.exact.figures.text)
    assert panel.status.state == "done"


@pytest.mark.parametrize("page", ["docs/draw.md", "docs/draw.zh-CN.md"])
def test_the_page_about_drawing_does_what_it_says(page, tmp_path, monkeypatch, photo):
    """Its Python runs on the sandbox as it stands there, and its result was edited where the box is."""
    source = blocks(page)[0]
    monkeypatch.chdir(tmp_path)
    nb.session(nb.Endpoint.sandbox())
    names: dict = {}
    exec(source.replace("notebooks/pictures/chelsea.jpg", str(photo)), names)
    assert names["result"].request.mask == names["mask"] and names["panel"].marks.region == pytest.approx((0.3, 0.2, 0.15, 0.2))
