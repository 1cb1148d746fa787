"""The viewer's Python side."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from nb_banana._widgets.viewer import Viewer
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
    assert viewer.region == (0.0, 0.0, 1.0, 0.5)
    viewer.show(before=noise(320, 240))
    assert viewer.region is None
