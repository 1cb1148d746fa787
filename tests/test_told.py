"""What is told for nothing: that the result is the input, flat, of another shape, of another prompt, cut short."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import pickle
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image, ImageDraw, ImageFilter

import nb_banana as nb


@contextmanager
def answering(picture, finish="STOP", **fields):
    """A client whose server answers every request with this picture and these fields beside it."""
    part = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(picture).decode()}}
    candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": finish}
    body = json.dumps({"candidates": [candidate], **fields}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with nb.Client(nb.Endpoint(f"http://127.0.0.1:{server.server_port}", "test-key")) as client:
        yield client
    server.shutdown()
    server.server_close()


def encoded(picture, kind="PNG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def told(result):
    """The lines under the picture, without the caption."""
    data, _ = result._repr_mimebundle_()
    return "\n".join(data["text/plain"].splitlines()[1:])


def with_hat(picture):
    """A small edit, plain to see: about one percent of the picture."""
    changed = picture.copy()
    ImageDraw.Draw(changed).rectangle((140, 40, 180, 60), fill="red")
    return changed


@pytest.mark.parametrize(
    "again",
    [
        lambda picture: encoded(picture, "JPEG", quality=80),
        lambda picture: encoded(picture, "WEBP", quality=70),
        lambda picture: encoded(picture.resize((640, 480), Image.Resampling.LANCZOS)),
        lambda picture: encoded(picture.filter(ImageFilter.GaussianBlur(0.7))),
        lambda picture: encoded(picture.convert("RGBA")),
    ],
)
def test_the_input_again_is_told(draw_photo, again):
    """A result that looks like its input, whatever its bytes, size and format, is told under the picture."""
    photo = draw_photo()
    with answering(again(photo)) as client:
        assert "looks the same as the input" in told(client.edit(photo, "Add a hat"))


@pytest.mark.parametrize(
    "edited",
    [
        with_hat,
        lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(1),
        lambda picture: picture.point(lambda level: min(255, level + 25)),
        lambda picture: picture.convert("L").convert("RGB"),
        lambda picture: picture.crop((60, 45, 260, 195)),
    ],
)
def test_an_edit_is_not_called_the_input(draw_photo, edited):
    """A hat, a mirror, more light, no colour or another crop is an edit, and nothing is said."""
    photo = draw_photo()
    with answering(encoded(edited(photo))) as client:
        assert "same" not in told(client.edit(photo, "Do it"))


def test_the_second_of_two_inputs_is_named(draw_photo):
    """Of several inputs the one that came back is named by its number."""
    photo, other = draw_photo(), draw_photo(background="salmon")
    with answering(encoded(other, "JPEG")) as client:
        assert "looks the same as input 2" in told(client.edit([photo, other], "Combine them"))


def test_a_replay_of_the_very_bytes_is_told(draw_photo):
    """A record that holds the input as its result (older releases filed such) says so by the bytes."""
    photo = draw_photo()
    with answering(encoded(with_hat(photo))) as client:
        result = client.edit(photo, "Add a hat")
    same = dataclasses.replace(result, images=result.request.images)
    assert "The result is the input, byte for byte" in told(same)


def test_a_picture_in_one_colour_is_told(draw_photo):
    """Nothing on the picture is told, unless nothing was on the input either."""
    with answering(encoded(Image.new("RGB", (320, 240), "navy"))) as client:
        assert "all in one colour" in told(client.edit(draw_photo(), "Add a hat"))
        assert "one colour" not in told(client.edit(Image.new("RGB", (320, 240), "white"), "Paint it navy"))


@pytest.mark.parametrize(
    "before, got, lost",
    [
        ((300, 200), (1024, 1024), True),
        ((200, 300), (1248, 832), True),
        ((300, 200), (1264, 848), False),
        ((320, 240), (1200, 896), False),
        ((1000, 100), (1584, 672), False),  # nothing wider is made, so the widest is what was to be expected
        ((1000, 100), (1000, 100), False),
    ],
)
def test_a_lost_shape_is_told(draw_photo, before, got, lost):
    """Without a ratio the shape of the last input is expected; another one is told, the closest on offer is not."""
    with answering(encoded(draw_photo(got, "salmon"))) as client:
        result = client.edit(draw_photo(before), "Make it night")
        said = any("the shape of the last input" in sentence for sentence in result.warnings)
        assert said is lost, result.warnings
        asked = client.edit(draw_photo(before), "Make it night", aspect_ratio="1:1")
        assert not any("the shape of the last input" in sentence for sentence in asked.warnings)


def test_a_lying_photo_is_measured_as_it_is_seen(draw_photo):
    """The EXIF turn counts on both sides: a phone's photo stored lying down keeps its shape, and is told upright."""
    turned = Image.Exif()
    turned[0x0112] = 6
    lying = encoded(draw_photo((300, 200)), "JPEG", exif=turned)
    with answering(encoded(draw_photo((848, 1264), "salmon"))) as client:
        assert not any("shape" in one for one in client.edit(lying, "Make it night").warnings)
    with answering(encoded(draw_photo((1264, 848), "salmon"), "JPEG", exif=turned)) as client:
        result = client.edit(lying, "Make it night")
        assert not any("shape" in one for one in result.warnings)
        assert result.caption.startswith("848×1264")


def test_every_view_tells_the_size_as_it_is_seen(draw_photo, clean_place):
    """A result that is stored lying down has its upright size in caption, grid, frame, panel and its comparison."""
    turned = Image.Exif()
    turned[0x0112] = 6
    draw_photo((200, 300)).save("tall.png")
    made = encoded(draw_photo((1264, 848), "salmon"), "JPEG", exif=turned)
    with answering(made) as client, nb.Session(client.endpoint, tell=lambda _: None) as session:
        plan = nb.batch(["tall.png"], "Make it night", session=session).run()
        frame = plan.to_dataframe()
        assert (frame.width[0], frame.height[0]) == (848, 1264) and "848×1264" in repr(plan)
        panel = nb.panel("tall.png", session=session)
        panel.prompt.value = "Make it day"
        panel.run_button.click()
        panel.wait(60)
        words = " ".join(str(one.get_state()) for one in walk(panel))
        assert "848×1264" in words and "1264×848" not in words


def walk(widget):
    """A widget and all that lies in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def test_a_rewritten_prompt_is_told(draw_photo):
    """What the service says it made of the prompt is told on one line, and not if it is the prompt itself."""
    picture = encoded(draw_photo(background="salmon"))
    with answering(picture, revised_prompt="A cat\x1b[31m with\na hat") as client:
        warned = client.edit(draw_photo(), "Add a hat").warnings
    assert warned == ("The service rewrote the prompt: “A cat with a hat”",)
    with answering(picture, data=[{"revisedPrompt": " Add a  hat"}]) as client:
        assert client.edit(draw_photo(), "Add a hat").warnings == ()


@pytest.mark.parametrize("reason, odd", [("STOP", False), ("FINISH_REASON_STOP", False), ("MAX_TOKENS", True), ("OTHER", True)])
def test_an_odd_end_is_told(draw_photo, reason, odd):
    """A picture that came with another end than a plain one says which."""
    with answering(encoded(draw_photo(background="salmon")), finish=reason) as client:
        warned = client.edit(draw_photo(), "Add a hat").warnings
    assert any(f"({reason})" in sentence for sentence in warned) is odd


def test_every_door_tells_it(photo, draw_photo):
    """`result.warnings` has it when made, replayed, retaken, pickled; so have chain, grid, frame, panel and history view."""
    sentence = "The result looks the same as the input; at most something small changed."
    with answering(encoded(draw_photo(), "JPEG")) as client:
        session = nb.Session(client.endpoint, tell=lambda _: None)
        made = session.edit(photo, "Add a hat")
        assert made.warnings == (sentence,) and made.told == ()
        again = session.edit(photo, "Add a hat")
        assert again.replayed and again.warnings == (sentence,)
        assert pickle.loads(pickle.dumps(made)).warnings == (sentence,)
        assert dataclasses.replace(made, take=2).warnings == (sentence,)  # and not twice
        assert session.edit(photo, "Add a hat", takes=2).warnings == (sentence,)
        assert str(made).splitlines()[1:] == [f"⚠ {sentence}"]
        chain = nb.chain(photo, session=session).edit("Add a hat")
        assert f"⚠ {sentence}" in repr(chain)
        batch = nb.batch([photo], "Add a hat", takes=2, session=session).run()
        assert repr(batch).count(sentence) == 1
        assert list(batch.to_dataframe()["warnings"]) == [sentence] * 2
        panel = nb.panel(photo, session=session)
        panel.prompt.value = "Add a hat"
        panel.run_button.click()
        panel.wait(60)
        assert f"⚠ {sentence}" in panel.view.note.text
        history = nb.history(session=session)
        history.selected = made.record_id
        ends = time.monotonic() + 20
        while f"⚠ {sentence}" not in history._line.hint:
            assert time.monotonic() < ends, history._line.hint
            time.sleep(0.02)


def test_a_grid_looks_at_the_cells_it_lists(photo, draw_photo):
    """A table of many cells reads the pictures of those it shows, and tells what was known of the rest."""
    with answering(encoded(draw_photo(), "JPEG")) as client:
        session = nb.Session(client.endpoint, tell=lambda _: None)
        batch = nb.batch([photo], "Add a hat", takes=42, session=session).run()
        said = next(line for line in repr(batch).splitlines() if "looks the same" in line)
        assert "#39" not in said and "+32" in said  # forty of the 42
        assert all(one.image._held.look is None for one in batch[40:])


def test_an_edit_nobody_looks_at_is_not_decoded(photo, draw_photo):
    """Pixels are looked at with the preview or the warnings and never before: an edit alone loads no decoder."""
    code = (
        "import pickle, sys, nb_banana as nb\n"
        "session = nb.Session(nb.Endpoint(sys.argv[1], 'test-key'), tell=lambda _: None)\n"
        "session.edit('cat.png', 'Add a hat', takes=2)\n"
        "pickle.dumps(session.edit('cat.png', 'Add a hat'))\n"
        "result = nb.Client(nb.Endpoint(sys.argv[1], 'test-key')).edit('cat.png', 'Add a hat')\n"
        "assert 'PIL.Image' not in sys.modules, 'decoded without need'\n"
        "print(result._repr_mimebundle_()[0]['text/plain'])"
    )
    with answering(encoded(draw_photo(), "JPEG")) as client:
        url = client.endpoint.base_url
        done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "looks the same as the input" in done.stdout


def test_hints_are_told_at_every_door(photo, capsys):
    """A vague prompt gets the panel's hint under a cell's picture, in the text and in the terminal; a good one none."""
    from nb_banana._cli import main

    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        vague, good = session.edit(photo, "Make it better"), session.edit(photo, "Make it night")
        for text in (str(vague), vague._repr_mimebundle_()[0]["text/plain"]):
            assert "· Say what should change and into what" in text
        assert "Say what" not in str(good) + good._repr_mimebundle_()[0]["text/plain"]
    for prompt, count in (("Make it better", 1), ("Make it night", 0)):
        main(["edit", str(photo), prompt, "-o", f"{count}.png"])
        assert capsys.readouterr().err.count("Say what should change") == count
