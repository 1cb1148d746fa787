"""The tray's Python side, spoken to as the page speaks to it."""

from __future__ import annotations

import http.server
import io
import json
import threading
import time

import numpy as np
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana._widgets import uploads
from nb_banana._widgets.tray import Tray
from nb_banana.errors import InvalidImageError, InvalidRequestError

PIECE = 1_000_000


def upload(tray, data, name="photo.png", key="u1"):
    """Send a file as the page does, in pieces."""
    pieces = [data[i : i + PIECE] for i in range(0, len(data), PIECE)] or [b""]
    tray._handle_custom_msg({"t": "begin", "id": key, "name": name, "size": len(data), "n": len(pieces)}, [])
    for i, piece in enumerate(pieces):
        tray._handle_custom_msg({"t": "piece", "id": key, "i": i}, [memoryview(piece)])


def noise(width, height):
    """A PNG that does not compress."""
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)).save(out, "PNG")
    return out.getvalue()


def eventually(check, seconds=10.0):
    """Wait for what happens on another thread."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def test_a_file_in_pieces_arrives_whole_and_is_acknowledged(sent):
    """A file larger than Jupyter's message limit arrives byte for byte, each piece acknowledged."""
    tray, data = Tray(), noise(2100, 2000)
    assert len(data) > 12_000_000
    messages = sent(tray)
    upload(tray, data, "big.png")
    assert tray.images[0].data == data
    assert (tray.images[0].width, tray.images[0].height, tray.images[0].name) == (2100, 2000, "big.png")
    acks = [message["got"] for message, _ in messages if message["t"] == "ack"]
    assert acks == list(range(1, len(data) // PIECE + 2))
    assert {"t": "done", "id": "u1"} in [message for message, _ in messages]


def test_two_uploads_may_mix_and_pieces_may_come_in_any_order(photo_bytes):
    """Pieces are put together by number and by upload, not by arrival."""
    tray, other = Tray(), noise(900, 800)
    half = len(other) // 2
    tray._handle_custom_msg({"t": "begin", "id": "a", "name": "a.png", "size": len(other), "n": 2}, [])
    tray._handle_custom_msg({"t": "piece", "id": "a", "i": 1}, [memoryview(other[half:])])
    upload(tray, photo_bytes, "b.png", "b")
    tray._handle_custom_msg({"t": "piece", "id": "a", "i": 0}, [memoryview(other[:half])])
    assert [image.name for image in tray.images] == ["b.png", "a.png"]
    assert tray.images[1].data == other


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "notes.txt is empty"), (b"hello, not a picture", "notes.txt is not a picture"),
     (b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, "notes.txt")],
)  # fmt: skip
def test_a_bad_file_says_so_in_one_sentence(data, says):
    """What is no picture is refused in the tray at once, by name, and nothing is added."""
    tray = Tray()
    upload(tray, data, "notes.txt")
    eventually(lambda: len(tray.problems) == 1 and tray.images == ())
    assert says in tray.problems[0]["text"]
    assert "\n" not in tray.problems[0]["text"]
    tray._handle_custom_msg({"t": "dismiss", "id": tray.problems[0]["id"]}, [])
    assert tray.problems == []


def test_a_file_that_only_looks_like_a_picture_goes_again(photo_bytes):
    """A picture whose pixels can't be decoded is taken out of the tray with its reason."""
    tray = Tray()
    upload(tray, photo_bytes[: len(photo_bytes) // 2], "torn.png")
    eventually(lambda: tray.images == ())
    assert "torn.png" in tray.problems[0]["text"]


def test_the_same_in_python_raises(tmp_path):
    """`tray.add` raises for a program what the tray says to a person."""
    with pytest.raises(InvalidImageError, match=r"nothing\.png"):
        Tray().add(tmp_path / "nothing.png")


def test_a_file_too_large_for_the_tray_is_refused_with_both_sizes():
    """The page refuses to send it; the sentence names its size and the limit."""
    tray = Tray()
    tray._handle_custom_msg({"t": "refused", "name": "scan.tif", "size": 312_000_000}, [])
    assert tray.problems[0]["text"] == "scan.tif has 312 MB; the tray takes up to 84 MB. Make it smaller first."


def test_an_upload_that_was_cancelled_leaves_nothing(photo_bytes):
    """Pieces of a dropped upload are forgotten, also those still under way."""
    tray = Tray()
    tray._handle_custom_msg({"t": "begin", "id": "x", "name": "x.png", "size": len(photo_bytes), "n": 2}, [])
    tray._handle_custom_msg({"t": "drop", "id": "x"}, [])
    tray._handle_custom_msg({"t": "piece", "id": "x", "i": 0}, [memoryview(photo_bytes)])
    assert (tray.images, len(tray._uploads)) == ((), 0)


def test_uploads_that_were_cut_off_keep_no_room(photo_bytes, monkeypatch):
    """Pages that were closed in the middle of many uploads keep no later file out of the tray."""
    monkeypatch.setattr(uploads, "PATIENCE", 0.2)
    tray = Tray()
    for number in range(uploads.AT_ONCE):
        tray._handle_custom_msg({"t": "begin", "id": f"old{number}", "name": "old.png", "size": 9, "n": 2}, [])
    upload(tray, photo_bytes, key="early")
    assert tray.images == ()
    time.sleep(0.3)
    upload(tray, photo_bytes, key="late")
    assert [image.data for image in tray.images] == [photo_bytes]


def test_order_removal_and_revision(draw_photo):
    """Pictures move, leave, and all leave; each change counts once in `revision`, which can be observed."""
    tray, seen = Tray(), []
    tray.observe(lambda change: seen.append(change["new"]), "revision")
    for width in (40, 50, 60):
        tray.add(draw_photo((width, 30)))
    keys = [item["key"] for item in tray.items]
    tray._handle_custom_msg({"t": "move", "key": keys[2], "to": 0}, [])
    assert [image.width for image in tray.images] == [60, 40, 50]
    tray._handle_custom_msg({"t": "move", "key": keys[0], "to": 99}, [])
    tray._handle_custom_msg({"t": "remove", "key": keys[2]}, [])
    assert [image.width for image in tray.images] == [50, 40]
    tray._handle_custom_msg({"t": "clear"}, [])
    assert tray.images == ()
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_no_pixels_are_in_the_synced_state(photo_bytes):
    """The widget's state holds names and numbers; pixels travel as binary messages when a page asks."""
    tray = Tray()
    upload(tray, noise(600, 500), "n.png")
    state = json.dumps(tray.get_state(), default=str)
    assert len(state) - len(tray._esm) - len(tray._css) < 6_000
    assert not [value for value in tray.get_state().values() if isinstance(value, (bytes, memoryview))]


def test_a_page_that_asks_gets_a_small_thumbnail(photo_bytes, sent):
    """A re-rendered page asks again and gets one binary message, small enough for twenty pictures."""
    tray = Tray()
    upload(tray, noise(1200, 900), "n.png")
    messages = sent(tray)
    tray._handle_custom_msg({"t": "thumb", "key": tray.items[0]["key"]}, [])
    eventually(lambda: [m for m, _ in messages if m["t"] == "thumb"])
    message, buffers = next(pair for pair in messages if pair[0]["t"] == "thumb")
    assert message["mime"] == "image/jpeg"
    thumb = Image.open(io.BytesIO(buffers[0]))
    assert max(thumb.size) == 240
    assert len(buffers[0]) <= 16 * 1024


def test_a_path_typed_or_dropped_is_found_and_keeps_its_name(photo, monkeypatch, tmp_path):
    """A typed path, and one JupyterLab gives from its own root, become pictures that the code can name."""
    tray = Tray()
    tray._handle_custom_msg({"t": "add", "text": "cat.png"}, [])
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    tray._handle_custom_msg({"t": "paths", "root": str(tmp_path), "paths": ["cat.png"]}, [])
    tray._handle_custom_msg({"t": "paths", "root": "", "paths": [f"{tmp_path.name}/cat.png"]}, [])
    assert tray.problems == []
    assert tray.pictures[0].origin == '"cat.png"'
    assert [image.data for image in tray.images] == [photo.read_bytes()] * 3


def test_a_wrong_path_says_what_was_looked_for():
    """A path that is not there is a sentence in the tray, not a silent nothing."""
    tray = Tray()
    tray._handle_custom_msg({"t": "paths", "root": "/", "paths": ["nowhere/cat.png"]}, [])
    assert "nowhere/cat.png" in tray.problems[0]["text"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_phone_photo_stored_lying_shows_upright_numbers(kind):
    """The numbers under a picture are those of the picture as it is seen."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 300), "peru").save(out, kind, exif=exif)
    tray = Tray(out.getvalue())
    assert (tray.items[0]["width"], tray.items[0]["height"]) == (300, 400)


def test_messages_nobody_knows_are_ignored():
    """An older or newer page can't break the kernel side."""
    tray = Tray()
    tray._handle_custom_msg({"t": "dance"}, [])
    tray._handle_custom_msg({}, [])
    assert tray.images == ()


def test_a_camera_that_is_refused_says_what_to_do():
    """What the browser refused is a sentence in the tray, with a way out."""
    tray = Tray(camera=True)
    tray._handle_custom_msg({"t": "camera", "reason": "NotAllowedError"}, [])
    assert tray.problems[0]["text"].startswith("The camera can't be used (NotAllowedError): allow it")
    assert Tray().camera is False


def test_a_picture_is_shaped_in_its_place_and_put_back(draw_photo, tmp_path, monkeypatch):
    """`shape` puts the new picture where the old one was, kept as a file in the code; `unshape` gives the old one back."""
    monkeypatch.chdir(tmp_path)
    draw_photo((60, 40)).save("cat.png")
    tray = Tray(["cat.png", draw_photo((20, 20)), draw_photo((30, 30))])
    was = tray.pictures
    assert tray.shape(1, turns=1, box=(0, 0, 40, 30)).shown_size == (40, 30)
    tray.shape(1, box=(-5, 0, 40, 30), fill="white")
    card = tray.pictures[0]
    assert (card.name, card.origin, card.image.shown_size) == ("cat-cropped-extended", None, (45, 30))
    assert [item["shaped"] for item in tray.items] == [True, False, False]
    assert tray.pictures[1:] == was[1:]
    tray.unshape(1)
    assert tray.pictures[0].name == "cat-cropped"
    assert tray.unshape(1).shown_size == (60, 40)
    assert tray.pictures == was
    assert tray.revision == 7
    with pytest.raises(InvalidRequestError, match="Picture 1 was not changed here"):
        tray.unshape(1)
    for number in (0, 4, "1"):
        with pytest.raises(InvalidRequestError, match="it holds 3"):
            tray.shape(number, turns=1)


def test_the_page_shapes_looks_and_undoes(draw_photo, sent):
    """What the page asks is done and answered with the key that stands there then; what is wrong is said in the tray."""
    tray = Tray([draw_photo((60, 40))])
    messages, [old] = sent(tray), [item["key"] for item in tray.items]

    def told(kind, count=1):
        eventually(lambda: len([m for m, _ in messages if m["t"] == kind]) >= count)
        return [pair for pair in messages if pair[0]["t"] == kind][-1]

    tray._handle_custom_msg({"t": "shape", "key": old, "turns": 1, "box": [0, 0, 40, 30], "fill": "grey"}, [])
    now = told("shaped")[0]["now"]
    assert [item["key"] for item in tray.items] == [now] != [old]
    tray._handle_custom_msg({"t": "view", "key": now}, [])
    message, [large] = told("view")
    assert (message["key"], Image.open(io.BytesIO(large)).size) == (now, (40, 30))
    tray._handle_custom_msg({"t": "shape", "key": now, "turns": 0, "box": [50, 0, 60, 9], "fill": "grey"}, [])
    assert told("shaped", 2)[0]["now"] == now
    assert "(50, 0, 60, 9)" in tray.problems[0]["text"]
    tray._handle_custom_msg({"t": "undo", "key": now}, [])
    assert told("shaped", 3)[0]["now"] == old
    assert tray.items[0]["key"] == old


def test_a_result_dragged_here_is_an_input(sandbox, photo_bytes):
    """The key of a result is looked up by whoever holds the results; one that is gone is said."""
    tray, result = Tray(lang="zh"), sandbox().edit(photo_bytes, "Make it night")
    tray.results = {"r1": result}.get
    tray._handle_custom_msg({"t": "result", "key": "r1"}, [])
    assert (tray.images, tray.pictures[0].record_id) == ((result.image,), result.record_id)
    tray._handle_custom_msg({"t": "result", "key": "r2"}, [])
    assert "找不到" in tray.problems[0]["text"]


def test_who_sets_the_shape_is_said_only_where_it_does(sandbox, draw_photo):
    """With a ratio chosen nobody says that the last picture sets the shape; with a mask it is said to be on the first."""
    panel = nb.panel([draw_photo((60, 40)), draw_photo((40, 40))], session=sandbox(), slot=False)
    eventually(lambda: "sets the shape" in panel.sends.text)
    assert (panel.tray.follow, panel.tray.masked) == (True, False)
    panel.aspect_ratio.value = "1:1"
    eventually(lambda: not panel.tray.follow)
    assert "sets the shape" not in panel.sends.text
    assert "Sends 2 pictures" in panel.sends.text
    panel.put({"mask": (0.0, 0.0, 0.5, 0.5)})
    panel.prompt.value = "Red"
    eventually(lambda: panel.tray.masked)
    assert "the region to change is on the first one" in panel.sends.text
    assert not panel.tray.follow


def test_a_result_of_the_strip_can_be_dropped_on_the_tray(sandbox, draw_photo):
    """The panel knows its results by the key the strip drags; a shaped input goes out and its code names the kept file."""
    panel = nb.panel(draw_photo((60, 40)), session=sandbox(), slot=False)
    panel.tray.shape(1, box=(0, 0, 40, 40))
    panel.prompt.value = "Make it night"
    panel.run_button.click()
    result = panel.wait(30)
    assert result.request.images[0].shown_size == (40, 40)
    assert "-cropped-" in panel.code
    panel.tray._handle_custom_msg({"t": "result", "key": panel.strip.reel.items[0]["drag"]}, [])
    assert panel.tray.images[-1] == result.image
    assert panel.tray.pictures[-1].record_id == result.record_id


def test_a_result_dragged_from_another_panel_is_that_one_or_none(sandbox, draw_photo, tmp_path):
    """What is dropped is the picture that was dragged, from any panel on the same history; from elsewhere the tray says that it can't be found."""
    here, elsewhere = sandbox(), nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "other", tell=lambda _: None)
    panels = [nb.panel(draw_photo((60, 40 + at)), session=session, slot=False) for at, session in enumerate((here, here, elsewhere))]
    for panel in panels:
        panel.prompt.value = "Make it night"
        panel.run_button.click()
    (first, _, third), keys = [panel.wait(30) for panel in panels], [panel.strip.reel.items[0]["drag"] for panel in panels]
    tray = panels[1].tray
    tray._handle_custom_msg({"t": "result", "key": keys[0]}, [])
    assert (tray.images[-1], tray.pictures[-1].record_id) == (first.image, first.record_id)
    tray._handle_custom_msg({"t": "result", "key": keys[2]}, [])
    assert third.image not in tray.images and len(tray.images) == 2
    assert "can't be found" in tray.problems[0]["text"]
    elsewhere.close()


def clicked(panel, prompt="Make it night"):
    """A click on Edit as the page sends it; whether anything was sent."""
    panel.status._handle_custom_msg({"t": "run", "values": {"prompt": prompt}}, [])
    return panel.running or panel.result is not None


def test_a_click_is_held_back_while_a_file_is_on_its_way(sandbox, photo_bytes):
    """An edit is never sent without a picture that is still being uploaded; the line names it, until it is here or given up."""
    panel = nb.panel(session=sandbox(), slot=False)
    tray, half = panel.tray, len(photo_bytes) // 2
    tray._handle_custom_msg({"t": "begin", "id": "a", "name": "cat.png", "size": len(photo_bytes), "n": 2}, [])
    tray._handle_custom_msg({"t": "piece", "id": "a", "i": 0}, [photo_bytes[:half]])
    assert not clicked(panel)
    assert panel.status.text == "Not ready in the tray yet: cat.png. Nothing was sent."
    tray._handle_custom_msg({"t": "piece", "id": "a", "i": 1}, [photo_bytes[half:]])
    eventually(lambda: "cat.png" not in panel.status.text)
    tray._handle_custom_msg({"t": "begin", "id": "b", "name": "dog.png", "size": 9, "n": 2}, [])
    assert not clicked(panel) and "dog.png" in panel.status.text
    tray._handle_custom_msg({"t": "drop", "id": "b"}, [])
    eventually(lambda: "dog.png" not in panel.status.text)
    assert clicked(panel)
    assert [image.data for image in panel.wait(60).request.images] == [photo_bytes]


def test_a_click_is_held_back_while_an_address_loads(sandbox, photo_bytes):
    """A picture that a slow server is still sending is waited for as a file is; the line says so at once."""
    go = threading.Event()

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            go.wait(30)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(photo_bytes)

        def log_message(self, *_):
            """Nothing on the terminal."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        panel = nb.panel(session=sandbox(), slot=False)
        panel.tray._handle_custom_msg({"t": "add", "text": f"http://127.0.0.1:{server.server_port}/cat.png"}, [])
        eventually(lambda: "/cat.png" in panel.status.text)
        assert not clicked(panel) and panel.status.text.endswith("/cat.png. Nothing was sent.")
        go.set()
        eventually(lambda: panel.tray.images and "cat.png" not in panel.status.text)
        assert clicked(panel) and len(panel.wait(60).request.images) == 1
        server.shutdown()


def test_a_picture_that_comes_while_the_panel_adds_another_hangs_nothing(sandbox, draw_photo):
    """A download reaches the tray at the moment the panel, stepping back or at a click, puts something there: both get in."""
    panel = nb.panel(session=sandbox(), slot=False)
    comes = threading.Thread(target=panel.tray.add, args=(draw_photo((60, 40)),), daemon=True)

    def adds():
        with panel.view.lock:
            comes.start()
            comes.join(0.5)  # it holds all it can get by now
            panel.tray.add(draw_photo((50, 40)))

    added = threading.Thread(target=adds, daemon=True)
    added.start()
    for each in (added, comes):
        each.join(30)
        assert not each.is_alive()
    assert {image.width for image in panel.tray.images} == {60, 50}


def test_a_click_is_held_back_while_a_picture_is_cut(sandbox, draw_photo):
    """What is sent is the picture as it was asked to be cut, not as it was a moment before."""
    panel = nb.panel(draw_photo((60, 40)), session=sandbox(), slot=False)
    tray = panel.tray
    with tray.lock:  # the cut is made, and can't be put in its place yet
        message = {"t": "shape", "key": tray.items[0]["key"], "turns": 0, "box": [0, 0, 40, 40], "fill": "grey"}
        tray._handle_custom_msg(message, [])
        assert not clicked(panel)
    eventually(lambda: tray.coming == 0)
    assert clicked(panel) and panel.wait(60).request.images[0].shown_size == (40, 40)


def test_a_closed_page_holds_no_click_back(sandbox, photo, monkeypatch):
    """A file whose page was closed while it was sent is not waited for."""
    monkeypatch.setattr(uploads, "ALIVE", 0.1)
    panel = nb.panel(photo, session=sandbox(), slot=False)
    panel.tray._handle_custom_msg({"t": "begin", "id": "a", "name": "cat.png", "size": 9, "n": 2}, [])
    time.sleep(0.2)
    assert clicked(panel) and len(panel.wait(60).request.images) == 1


def test_what_stands_in_the_trays_field_counts_at_a_click(sandbox, photo):
    """A path that was typed and not yet added goes along with the click; one that leads nowhere keeps the click from being sent, and both places say so."""
    panel = nb.panel(session=sandbox(), slot=False)
    panel.status._handle_custom_msg({"t": "run", "values": {"prompt": "Make it night", "source": "dog.png"}}, [])
    assert not panel.running and panel.result is None
    said = panel.status.text
    assert "dog.png" in said and said.endswith("Nothing was sent.")
    assert "dog.png" in panel.tray.problems[0]["text"]
    time.sleep(0.5)  # what follows a change of the prompt leaves the sentence there
    assert panel.status.text == said
    panel.status._handle_custom_msg({"t": "run", "values": {"prompt": "Make it night", "source": " cat.png "}}, [])
    assert [image.name for image in panel.wait(60).request.images] == ["cat.png"]
    panel.status._handle_custom_msg({"t": "run", "values": {"prompt": "Make it day", "source": " "}}, [])
    assert [image.name for image in panel.wait(60).request.images] == ["cat.png"]


def test_a_tray_for_files_only_takes_no_typed_path_with_a_click(sandbox, photo):
    """What a page says at a click opens no file of the kernel's machine where only uploads are taken."""
    panel = nb.panel(session=sandbox(), slot=False)
    panel.tray.take_only_files(1_000_000)
    panel.status._handle_custom_msg({"t": "run", "values": {"prompt": "Make it night", "source": "cat.png"}}, [])
    assert not panel.running and panel.result is None and panel.tray.images == ()
    assert "choose, drop or paste" in panel.status.text
