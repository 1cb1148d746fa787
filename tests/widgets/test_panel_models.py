"""The panel shows what the chosen model has, sends it over the wire that carries the model, and says so."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

import nb_banana as nb
from nb_banana._client import served
from nb_banana._widgets.panel.refill import refill
from nb_banana._widgets.records import facts
from nb_banana._widgets.surface import is_off
from nb_banana._wire.requests import form_parts

from .test_tray import eventually

FLARE, EDITOR = "gpt-image-2.5-flare", "Qwen/Qwen-Image-Edit-2511"


class OwnServer:
    """A server of one's own: it says what it runs, notes each form, and lets the loopback sandbox draw."""

    def __init__(self, sandbox: str) -> None:
        self.names: list[str] = [EDITOR]
        self.forms: list[dict[str, str]] = []
        own = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(200, json.dumps({"data": [{"id": name} for name in own.names]}).encode())

            def do_POST(self) -> None:
                body, kind = self.rfile.read(int(self.headers["Content-Length"])), self.headers["Content-Type"]
                own.forms.append({name: data.decode() for name, data, is_file in form_parts(body, kind) if not is_file})
                made = httpx.post(f"{sandbox}{self.path}", content=body.replace(EDITOR.encode(), FLARE.encode()),
                                  headers={"Content-Type": kind}, timeout=60)
                self.reply(made.status_code, made.content)

            def reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


@pytest.fixture
def own(server) -> Iterator[OwnServer]:
    """A server of one's own that runs one model nobody knows."""
    running = OwnServer(server.url)
    yield running
    running.http.shutdown()
    running.http.server_close()


def at(endpoint: nb.Endpoint) -> nb.Session:
    """A session there that says nothing and sends nothing twice."""
    return nb.Session(endpoint, tell=lambda _: None, retries=0)


def ready(session, photo, model=None, **values):
    """A panel one click away from an edit, with these values in its controls."""
    panel = nb.panel(photo, session=session)
    panel.prompt.value = "Turn the day into night"
    for name, value in {**({"model": model} if model else {}), **values}.items():
        getattr(panel, name).value = value
    return panel


def values(menu):
    """What a menu offers."""
    return [value for _, value in menu.options]


def clicked(panel):
    """Click, and the result."""
    panel.run_button.click()
    return panel.wait(60)


# --- sizes ----------------------------------------------------------------------------------------


def test_free_sizes_are_named_or_typed_and_the_line_says_the_pixels_asked_for(sandbox, photo):
    """Auto leaves the size to the model; a name and typed pixels are what the line says and what comes."""
    panel = ready(sandbox(), photo, "gpt-image-flare")
    assert values(panel.image_size) == ["auto", "1K", "2K", "4K", "own"] and panel.image_size.value == "auto"
    assert "3:1" in values(panel.aspect_ratio) and is_off(panel.pixels)
    eventually(lambda: "the model chooses the size" in panel.sends.text)
    assert panel.ask().settings == {"model": "gpt-image-flare"}
    panel.image_size.value = "1K"
    eventually(lambda: "asks for 1184×880" in panel.sends.text)
    assert panel.ask().pixels(panel.choices.there) == clicked(panel).image.shown_size == (1184, 880)
    panel.image_size.value, panel.pixels.value = "own", " 640 × 368 "
    assert not is_off(panel.pixels) and is_off(panel.aspect_ratio)
    eventually(lambda: "asks for 640×368" in panel.sends.text)
    assert panel.tray.follow is False
    assert clicked(panel).request.image_size == "640x368" and panel.image.shown_size == (640, 368)
    panel.model.value = "nano-banana-2"
    assert panel.image_size.value == "1K" and is_off(panel.pixels) and "image_size" not in panel.ask().settings


@pytest.mark.parametrize(
    ("typed", "says", "nearest"),
    [
        ("641x368", "multiples of 16", "640x368"),
        ("8000x4000", "neither may be more than 3840, and in all at most 8.3 million", "3840x1920"),
        ("1600x160", "at most 3 times the shorter", "864x288"),
        ("wide", "“wide” is not a size", ""),
        ("0x64", "is not a size", ""),
        ("", "Type the size of the picture in pixels", ""),
    ],
)
def test_pixels_that_cannot_be_made_are_not_sent_and_the_nearest_is_offered(sandbox, photo, typed, says, nearest):
    """The sentence names the limit and the nearest size that works; a click sends nothing until it is mended."""
    session = sandbox()
    panel = ready(session, photo, "gpt-image-flare", image_size="own", pixels=typed)
    panel.run_button.click()
    assert panel.wait() is None and session.history.records() == [] and panel.code == ""
    panel._refresh()  # as a moment after every change: what the click was told stays while it is true
    assert says in panel.status.text and panel.status.text.endswith("Nothing was sent.")
    eventually(lambda: says in panel.choices._wrong.text)
    assert is_off(panel.choices.nearest) is not bool(nearest)
    if nearest:
        panel.choices.nearest.click()
        assert panel.pixels.value == nearest and panel.ask().trouble == "" and f'image_size="{nearest}"' in panel.code


def test_a_choice_nobody_made_is_the_next_models_default_and_one_that_was_made_stays(sandbox, photo):
    """1K as Gemini's default does not become a wish at a model whose default is its own choice; 2K does."""
    panel = ready(sandbox(), photo)
    panel.model.value = "gpt-image-flare"
    assert panel.image_size.value == "auto"
    panel.model.value = "nano-banana-2"
    assert panel.image_size.value == "1K"
    panel.image_size.value = "2K"
    panel.model.value = "gpt-image-flare"
    assert panel.ask().settings["image_size"] == "2K"


# --- quality and seed ------------------------------------------------------------------------------


def test_quality_is_offered_where_the_model_has_one(sandbox, photo):
    """Auto sends nothing; a quality goes out as a further field, and only at a model that has it."""
    panel = ready(sandbox(), photo)
    assert is_off(panel.quality)
    panel.model.value = "gpt-image-flare"
    assert not is_off(panel.quality) and values(panel.quality) == ["auto", "low", "medium", "high", "xhigh", "max"]
    assert "extra" not in panel.ask().settings
    panel.quality.value = "high"
    assert clicked(panel).request.extra == {"quality": "high"} and 'extra={"quality": "high"}' in panel.code
    panel.model.value = "nano-banana-2"
    assert is_off(panel.quality) and "extra" not in panel.ask().settings


def test_a_seed_is_a_number_or_nothing(sandbox, photo):
    """An empty box sends nothing; a number is sent; what is none is said and not sent; GPT Image has no box."""
    session = sandbox()
    panel = ready(session, photo)
    assert not is_off(panel.choices.seed_place) and panel.seed.value is None and "seed" not in panel.ask().settings
    panel.seed.text = "2147483648"
    panel.run_button.click()
    assert "is not a seed" in panel.status.text and session.history.records() == []
    panel.seed.text = " 42 "
    assert panel.seed.value == 42
    eventually(lambda: "nobody has shown" in panel.choices._quiet.text)
    assert clicked(panel).request.seed == 42 and "seed=42" in panel.code
    panel.seed.value = None
    assert panel.seed.text == "" and panel.ask().settings == {}
    eventually(lambda: panel.choices._quiet.text == "")
    panel.seed.value, panel.model.value = 7, "gpt-image-flare"
    assert is_off(panel.choices.seed_place) and "seed" not in panel.ask().settings


def test_the_page_runs_the_boxes_that_stand_on_the_screen(sandbox, photo):
    """A click carries pixels and seed as they were typed, though the kernel had not heard of them yet."""
    panel = ready(sandbox(), photo, "gpt-image-flare", image_size="own")
    panel.status._handle_custom_msg({"t": "run", "values": {"boxes": {"pixels": "320x320", "seed": "9"}}}, [])
    assert panel.wait(60).request.image_size == "320x320" and panel.seed.value == 9


def test_a_run_says_no_words_back_to_the_page_that_told_them(sandbox, photo, monkeypatch):
    """What is typed while a click is on its way stays: the kernel's answer does not carry the boxes of that click."""
    panel = ready(sandbox(), photo, "gpt-image-flare", image_size="own")
    sent = []
    for box in (panel.prompt, panel.choices.pixels, panel.seed.box):
        monkeypatch.setattr(box.comm, "publish_msg", lambda *_, data=None, **__: sent.append(data))
    values = {"prompt": "make it day", "boxes": {"pixels": "320x320", "seed": "9"}}
    panel.status._handle_custom_msg({"t": "run", "values": values}, [])
    request = panel.wait(60).request
    assert (request.prompt, request.image_size, panel.seed.value) == ("make it day", "320x320", 9)
    assert not any("value" in said.get("state", {}) for said in sent)


# --- the wire and the place ------------------------------------------------------------------------


def test_the_wire_follows_the_model_and_the_head_names_it(sandbox, photo):
    """At one provider a model that another wire carries goes over that one; the head says so, and the record too."""
    session = sandbox()
    panel = ready(session, photo)
    assert "Images API" not in panel.head.mode.text
    panel.model.value = "gpt-image-flare"
    assert panel.head.mode.text.endswith("· Images API")
    record = session.history.record(clicked(panel).record_id)
    assert (record.wire, record.model_sent) == ("images", FLARE)
    apiyi = ready(at(nb.Endpoint.apiyi("sk-" + "a" * 40)), photo, "gpt-image-flare")
    assert apiyi.head.mode.text == "○ API易 (apiyi) · Images API: key not tested yet"
    eventually(lambda: "billed by token, known once it is made" in apiyi.sends.text)
    assert "$" not in apiyi.sends.text


def test_a_model_the_place_does_not_serve_is_not_offered(photo):
    """Google has no GPT Image, OpenAI nothing else, and a wire that was asked for only its own models."""
    google = ready(at(nb.Endpoint.google("AIza" + "a" * 35)), photo)
    assert not any("gpt" in value for value in values(google.model))
    openai = ready(at(nb.Endpoint.openai("sk-proj-" + "a" * 40)), photo)
    assert values(openai.model) == [FLARE, "gpt-image-sunburst"]
    assert google.put({"model": FLARE}) == [f"{FLARE} (served by API易 (apiyi), OpenAI)"]
    apiyi = nb.Endpoint.apiyi("sk-" + "a" * 40)
    assert "gpt-image-flare" in values(ready(at(apiyi), photo).model)
    assert "gpt-image-flare" not in values(ready(at(apiyi.on("gemini")), photo).model)


# --- a server of one's own -------------------------------------------------------------------------


def test_a_server_of_ones_own_says_its_model_and_gets_what_the_panel_promised(own, photo):
    """It is asked beside the page; its free sizes, its seed and its owner's price are there before the click."""
    panel = ready(at(nb.Endpoint.local(own.url, price=0)), photo, seed=5, takes=2, aspect_ratio="16:9")
    eventually(lambda: values(panel.model) == [EDITOR])
    assert values(panel.image_size) == ["auto", "1K", "2K", "4K", "own"] and is_off(panel.quality)
    eventually(lambda: "asks for 1360×768 · free, by your own word" in panel.sends.text)
    eventually(lambda: "makes the same picture for every take" in panel.choices._quiet.text)
    assert "nobody has shown" not in panel.choices._quiet.text
    result = clicked(panel)
    assert [(form["model"], form["size"], form["seed"]) for form in own.forms] == [(EDITOR, "1360x768", "5")] * 2
    assert result.image.shown_size == (1360, 768) and "free" in panel.status.text
    assert len({take.image.sha256 for take in result.takes}) == 1


def test_of_several_models_one_is_chosen_first(own, photo):
    """A server that runs several is not guessed at: nothing is sent before one is chosen, then that one is asked."""
    own.names = [EDITOR, "another/editor"]
    panel = ready(at(nb.Endpoint.local(own.url)), photo)
    eventually(lambda: values(panel.model) == ["", *own.names] and not panel.model.disabled)
    panel.run_button.click()
    assert panel.status.text == "Choose one of the models this server runs. Nothing was sent." and own.forms == []
    panel.model.value = EDITOR
    eventually(lambda: "price not known" in panel.sends.text)
    clicked(panel)
    assert [form["model"] for form in own.forms] == [EDITOR] and own.forms[0]["size"] == "auto"


def test_a_server_that_says_nothing_is_told_and_asked_again_by_a_click(own, photo, monkeypatch):
    """The panel stands there with what happened and how to go on; a click sends nothing, and asks once more."""
    monkeypatch.setattr(served, "_KEPT", 0.0)
    own.names = []
    panel = ready(at(nb.Endpoint.local(own.url)), photo)
    eventually(lambda: "did not say which model it runs" in panel.head.mode.text)
    assert "Start the server, or name the model" in panel.head.mode.text and panel.model.disabled
    own.names = [EDITOR]
    monkeypatch.setattr(served, "_known", {})
    panel.run_button.click()
    assert not panel.running and panel.status.text.endswith("Nothing was sent.")
    eventually(lambda: values(panel.model) == [EDITOR] and "did not say" not in panel.head.mode.text and not panel.model.disabled)
    assert clicked(panel).model == EDITOR and len(own.forms) == 1


def test_a_price_by_token_is_said_before_and_counted_after(own, photo, monkeypatch, tmp_path):
    """Before the click the line says that tokens are billed; the answer's own count gives the cost."""
    book = tmp_path / "prices.toml"
    book.write_text(f'[[token_price]]\nprovider = "local"\nmodel = "{EDITOR}"\ntext_in = "5"\nimage_in = "8"\nimage_out = "30"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(book))
    panel = ready(at(nb.Endpoint.local(own.url, EDITOR)), photo, image_size="own", pixels="320x320")
    eventually(lambda: "billed by token, known once it is made" in panel.sends.text)
    assert clicked(panel).cost.amount and str(panel.result.cost) in panel.status.text


# --- coming back -----------------------------------------------------------------------------------


def test_a_cell_run_again_finds_quality_seed_and_pixels(sandbox, photo, monkeypatch):
    """Typed pixels and a quality come back into their controls, a seed into its box, and the code is the same."""
    monkeypatch.setattr("nb_banana._widgets.notebook.place", lambda: "cell-1:1")
    session = sandbox()
    panel = ready(session, photo, "gpt-image-flare", image_size="own", pixels="320x320", quality="low")
    clicked(panel)
    again = nb.panel(photo, session=session)
    assert again.ask().settings == panel.ask().settings and again.code == panel.code and again.result.replayed
    assert (again.image_size.value, again.pixels.value, again.quality.value) == ("own", "320x320", "low")
    panel.model.value, panel.seed.value = "nano-banana-2", 11
    clicked(panel)
    last = nb.panel(photo, session=session)
    assert last.seed.value == 11 and last.code == panel.code and "quality" not in last.code


def test_what_has_no_control_is_kept_said_and_can_be_left_out(sandbox, photo, draw_photo):
    """A mask and further fields of an old edit are sent again, stand in the code, and go with one click."""
    session = sandbox()
    mask = draw_photo().convert("L").point(lambda level: 255 if level > 160 else 0)
    made = session.edit(photo, "Turn the day into night", model=FLARE, mask=mask, extra={"background": "opaque"})
    panel = nb.panel(session=session)
    lost, missing = refill(panel, session.history.record(made.record_id), session)
    assert (lost, missing) == (0, [])
    assert panel.choices._also.text == 'Also sent: a mask of 320×240, where to edit · background = "opaque"'
    assert panel.ask().settings["mask"].sha256 == made.request.mask.sha256
    assert 'extra={"background": "opaque"}' in panel.code and "mask=" in panel.code
    names: dict = {}
    nb.session(nb.Endpoint.sandbox())
    exec(panel.code.replace("take=2", "take=1"), names)
    assert names["result"].replayed and names["result"].image.sha256 == made.image.sha256
    panel.choices.drop.click()
    assert panel.ask().settings == {"model": "gpt-image-flare"} and is_off(panel.choices._keeps)


def test_the_history_shows_quality_seed_and_mask(sandbox, photo):
    """The chosen record's facts name what was asked beyond ratio and size; what was not asked is left out."""
    session = sandbox()
    made = session.edit(photo, "Turn the day into night", model=FLARE, mask=(0, 0, 0.5, 1), extra={"quality": "low"})
    shown = facts(session.history.record(made.record_id))
    assert shown["Quality asked"] == "low" and shown["Mask"] == "region: left, top, width, height 0%, 0%, 50%, 100%"
    assert shown["Seed"] == shown["Further fields"] == ""
    seeded = session.edit(photo, "Turn the day into night", seed=0)
    assert facts(session.history.record(seeded.record_id))["Seed"] == "0"


def test_the_settings_speak_chinese(sandbox, photo):
    """Labels, the sentence about pixels and the button that mends them are in the panel's language."""
    panel = nb.panel(photo, session=sandbox(), lang="zh")
    panel.model.value, panel.image_size.value, panel.pixels.value = "gpt-image-flare", "own", "641x368"
    assert (panel.quality.description, panel.pixels.description, panel.seed.box.description) == ("质量", "宽 × 高", "种子")
    eventually(lambda: "宽和高都须为 16 的倍数" in panel.choices._wrong.text)
    eventually(lambda: panel.choices.nearest.description == "改用 640×368")


def test_a_panel_on_a_server_that_runs_several_comes_back_with_the_model_chosen(own, photo, monkeypatch):
    """The model of the last edit is chosen again once the server has said what it runs; picture and seed are there at once."""
    monkeypatch.setattr("nb_banana._widgets.notebook.place", lambda: "cell-1:1")
    own.names = ["another/editor", EDITOR]
    session = at(nb.Endpoint.local(own.url))
    panel = ready(session, photo, seed=3)
    eventually(lambda: values(panel.model) == ["", *own.names] and not panel.model.disabled)
    panel.model.value = EDITOR
    clicked(panel)
    again = nb.panel(photo, session=session)
    assert again.seed.value == 3 and again.result.replayed
    eventually(lambda: again.model.value == EDITOR)
    assert again.ask().settings == panel.ask().settings and "seed=3" in again.code and EDITOR in again.code
