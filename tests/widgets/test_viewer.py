"""The viewer's Python side."""

from __future__ import annotations

import io
import json
import random
import re
import sys

import pytest
from ipywidgets.embed import dependency_state, embed_minimal_html
from PIL import Image, ImageDraw, ImageFilter

import nb_banana as nb
from nb_banana._images.data import ImageData
from nb_banana._widgets import notebook, single
from nb_banana._widgets.timeline import Timeline
from nb_banana._widgets.viewer import PanelViewer, Viewer
from nb_banana.errors import InvalidRequestError

from .test_tray import eventually, noise


def pixels(messages):
    """The pixel messages sent so far."""
    return [(message, buffers) for message, buffers in messages if message["t"] == "pixels"]


def test_a_small_result_travels_as_it_is_in_one_binary_message(photo_bytes, sent):
    """What fits is sent untouched: no decoding in the kernel, no base64, no second copy later."""
    viewer = Viewer()
    messages = sent(viewer)
    viewer.show(after=photo_bytes)
    eventually(lambda: pixels(messages))
    message, buffers = pixels(messages)[0]
    assert buffers == [photo_bytes]
    assert message == {"t": "pixels", "key": viewer.after["key"], "full": True, "mime": "image/png"}


def test_a_large_one_shows_a_preview_first_and_its_own_bytes_on_request(sent):
    """A picture of many megabytes appears as a small preview; the page then gets the original when it asks."""
    viewer, big = Viewer(), noise(2200, 2000)
    messages = sent(viewer)
    viewer.show(after=big)
    eventually(lambda: pixels(messages))
    message, buffers = pixels(messages)[0]
    assert message["full"] is False
    assert max(Image.open(io.BytesIO(buffers[0])).size) <= 1600
    assert len(buffers[0]) < 1_000_000
    viewer._handle_custom_msg({"t": "want", "key": viewer.after["key"], "full": True}, [])
    eventually(lambda: len(pixels(messages)) == 2)
    assert pixels(messages)[1][1] == [big]


def test_pixels_travel_once_be_they_sent_ahead_or_shown_before(photo_bytes, sent):
    """A picture whose pixels went ahead, or that stays on the page, costs its megabytes one time."""
    viewer, first, second = Viewer(), ImageData.from_bytes(photo_bytes), ImageData.from_bytes(noise(300, 200))
    messages = sent(viewer)
    viewer.show(after=first)
    viewer.send_ahead(second)
    assert viewer.after["key"] == first.sha256[:16]
    viewer.show(before=first, after=second)
    viewer.show(after=second)
    viewer.show(before=first, after=second)
    eventually(lambda: len(pixels(messages)) == 3)
    keys = [message["key"] for message, _ in pixels(messages)]
    assert sorted(keys) == sorted([first.sha256[:16], second.sha256[:16], first.sha256[:16]])


def test_the_state_names_pictures_and_holds_no_pixels(photo_bytes):
    """What could be saved in a notebook is names and numbers."""
    viewer = Viewer(before=photo_bytes, after=noise(900, 700))
    assert (viewer.after["width"], viewer.after["height"], viewer.after["mime"]) == (900, 700, "image/png")
    rest = {name: value for name, value in viewer.get_state().items() if name not in ("_esm", "_css")}
    assert len(json.dumps(rest, default=str)) < 6_000


def test_a_page_can_ask_only_for_what_is_shown(photo_bytes, sent):
    """An unknown key is no way to other pictures."""
    viewer = Viewer(after=photo_bytes)
    messages = sent(viewer)
    viewer._handle_custom_msg({"t": "want", "key": "0" * 16, "full": True}, [])
    viewer.show()
    assert pixels(messages) == []
    assert (viewer.before, viewer.after) == (None, None)


def test_no_widget_takes_the_place_of_what_ipywidgets_calls_itself(photo_bytes):
    """A panel, a viewer, a timeline and a history can be written to a page by ``ipywidgets.embed``."""
    made = [nb.panel(photo_bytes), Viewer(ImageData.from_bytes(photo_bytes)), Timeline(nb.chain(photo_bytes)), nb.history()]
    for widget in made:
        page = io.StringIO()
        own = dependency_state([widget], drop_defaults=True)  # not that of all widgets the tests before have left
        embed_minimal_html(page, views=[widget], state=own)
        assert "application/vnd.jupyter.widget-view+json" in page.getvalue()


def test_an_unknown_mode_is_refused():
    """Python can choose how to compare, among what there is."""
    viewer = Viewer()
    viewer.mode = "difference"
    with pytest.raises(Exception, match="sideways"):
        viewer.mode = "sideways"


def test_a_download_is_named_after_the_bytes(photo_bytes):
    """A JPEG that came in as cat.png is offered as cat.jpg."""
    out = io.BytesIO()
    Image.open(io.BytesIO(photo_bytes)).save(out, "JPEG")
    from nb_banana import ImageData

    viewer = Viewer(after=ImageData.from_bytes(out.getvalue(), name="cat.png"))
    assert viewer.after["name"] == "cat.jpg"


def test_a_region_is_a_trait_that_python_and_page_share(photo_bytes):
    """Set in a cell or drawn in a page it is four shares of the picture; another picture has none; nonsense says so."""
    viewer, seen = Viewer(before=photo_bytes), []
    viewer.observe(lambda change: seen.append(change["new"]), "region")
    viewer.region = (0.25, 0.1, 0.5, 0.2)
    viewer.set_state({"region": [0, 0, 1, 0.5]})
    assert seen == [(0.25, 0.1, 0.5, 0.2), (0.0, 0.0, 1.0, 0.5)]
    viewer.show(before=photo_bytes, after=noise(320, 240))
    assert viewer.region == (0.0, 0.0, 1.0, 0.5)
    with pytest.raises(InvalidRequestError, match=r"\(0\.5, 0\.5, 0\.6, 0\.1\)"):
        viewer.region = (0.5, 0.5, 0.6, 0.1)
    with pytest.raises(InvalidRequestError):
        viewer.region = (0.5, 0.5, 0.5000005, 0.1)  # `result.changes(viewer.region)` would refuse it
    assert viewer.region == (0.0, 0.0, 1.0, 0.5)
    viewer.show(before=noise(320, 240))
    assert viewer.region is None


def textured():
    """A picture with enough in it to be found again when it moved."""
    picture = Image.frombytes("L", (320, 240), random.Random(1).randbytes(320 * 240)).filter(ImageFilter.GaussianBlur(3)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for at in range(0, 320, 40):
        pen.ellipse((at, at // 2, at + 24, at // 2 + 24), fill=(at // 2, 90, 160))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def moved(photo):
    """The photo with a red box on it, a little larger and shifted, as models give pictures back."""
    picture = Image.open(io.BytesIO(photo)).convert("RGB")
    picture.paste((220, 20, 20), (40, 40, 110, 100))
    wide = picture.crop((6, 4, picture.width, picture.height)).resize((640, 480), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    wide.save(out, "PNG")
    return out.getvalue()


def test_the_difference_is_aligned_and_only_made_when_it_is_looked_at(sent):
    """A shifted and resized result is laid back first: only the box glows on the map, and a sentence says how much changed."""
    photo = textured()
    viewer = Viewer(before=photo, after=moved(photo))
    messages = sent(viewer)
    assert viewer.change is None
    viewer.mode = "difference"
    eventually(lambda: (viewer.change or {}).get("key"))
    assert re.match(r"\d+\.\d% changed · aligned: shifted", viewer.change["words"])
    eventually(lambda: any(message["key"] == viewer.change["key"] for message, _ in pixels(messages)))
    (data,) = next(buffers for message, buffers in pixels(messages) if message["key"] == viewer.change["key"])
    seen = Image.open(io.BytesIO(data)).convert("HSV")
    assert max(seen.size) <= 1024
    glow = [seen.getpixel(place)[1] for place in ((75, 70), (200, 160), (20, 200))]
    assert glow[0] > 150 and max(glow[1:]) < 60
    rest = seen.getchannel("S").crop((140, 0, 300, 230))
    assert sum(level * count for level, count in enumerate(rest.histogram())) / (160 * 230) < 3
    viewer.show(after=photo)
    assert viewer.change is None


def test_equal_pictures_are_said_to_be_equal(photo_bytes):
    """No map is made of a picture and itself, and re-encoded pixels that are the same count as the same."""
    viewer = Viewer(before=photo_bytes, after=photo_bytes)
    viewer.mode = "difference"
    eventually(lambda: "every pixel is the same" in viewer.change["words"])
    out = io.BytesIO()
    Image.open(io.BytesIO(photo_bytes)).save(out, "PNG", compress_level=1)
    viewer.show(photo_bytes, out.getvalue())
    eventually(lambda: viewer.change.get("key") and "every pixel is the same" in viewer.change["words"])


def test_without_the_libraries_that_measure_the_plain_difference_says_so(photo_bytes, monkeypatch):
    """Where the research extra is missing, the words say that nothing is aligned and what to install."""
    monkeypatch.setitem(sys.modules, "skimage.color", None)
    monkeypatch.delitem(sys.modules, "nb_banana._measure.changing", raising=False)
    viewer = Viewer(before=photo_bytes, after=noise(90, 70))
    viewer.mode = "difference"
    eventually(lambda: "nb_banana[research]" in viewer.change["words"])
    assert "key" not in viewer.change


def test_a_result_shows_itself_over_the_picture_it_was_made_from(sandbox, photo, monkeypatch):
    """`result.show()` displays a viewer with before and after and their words, and the plain picture that outlives the kernel."""
    shown = []
    monkeypatch.setattr(notebook, "in_kernel", lambda: True)
    monkeypatch.setattr(notebook, "publish", lambda bundle, id, update: shown.append(bundle[0]))
    result = sandbox().edit(photo, "Turn the day into night", mask=(0.1, 0.1, 0.5, 0.5))
    assert result.show() is None
    view, picture, words = shown
    assert "application/vnd.jupyter.widget-view+json" in view and "run this cell again" in view["text/plain"]
    assert {"image/png", "image/jpeg"} & set(picture) and result.caption in words["text/plain"]
    viewer = single.opened(result)
    assert (viewer.before["key"], viewer.after["key"]) == (result.request.images[0].sha256[:16], result.image.sha256[:16])
    assert viewer.caption.startswith(result.summary()) and viewer.twin


def test_outside_of_a_notebook_a_result_says_what_to_do(sandbox, photo, capsys):
    """A script has no page: the result is said in words, with where its picture lies."""
    result = sandbox().edit(photo, "Turn the day into night")
    result.show()
    said = capsys.readouterr().out
    assert result.caption in said and "no page here" in said and str(result.image.path.name) in said


def test_a_viewer_on_a_panel_is_sent_its_own_sheet_only():
    """The panel's status line brings the common sheet; a viewer by itself brings its own copy, else its buttons had no looks."""
    assert "--nbb-accent:" in Viewer._css and "--nbb-accent:" not in PanelViewer._css
    assert PanelViewer._esm == Viewer._esm
