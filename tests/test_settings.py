"""Mask, seed, further fields and free sizes: what is sent, what is refused, what is told, and what a record keeps."""

from __future__ import annotations

import base64
import io
import json
import pickle
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from client.misbehaving import response, sends, serving
from PIL import Image

import nb_banana as nb
from nb_banana._catalog.models import MODELS
from nb_banana._client.served import serving as served
from nb_banana._images import masks
from nb_banana._sandbox.server import serve
from nb_banana._wire.requests import form_parts

REGION = (0.25, 0.25, 0.5, 0.5)
FLARE = MODELS["gpt-image-2.5-flare"]


def png(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def photo() -> bytes:
    return png(Image.effect_mandelbrot((120, 80), (-2, -1, 1, 1), 50).convert("RGB"))


def form_of(result: nb.EditResult) -> list[tuple[str, bytes, bool]]:
    """The form that a result's plan would send."""
    body = result._plan().body()
    return list(form_parts(bytes(body), body.content_type))


def told(result: nb.EditResult) -> str:
    return "\n".join(result.told)


# --- masks --------------------------------------------------------------------------------------


def grey(box: tuple[int, int, int, int], size: tuple[int, int] = (120, 80)) -> Image.Image:
    made = Image.new("L", size, 0)
    made.paste(255, box)
    return made


@pytest.mark.parametrize(
    "mask",
    [
        REGION,
        [0.25, 0.25, 0.5, 0.5],
        png(grey((30, 20, 90, 60))),
        png(grey((60, 40, 180, 120), (240, 160))),
        png(Image.merge("LA", (Image.new("L", (120, 80), 255), grey((30, 20, 90, 60)).point(lambda v: 255 - v)))),
    ],
    ids=["region", "list", "white", "larger", "transparent"],
)
def test_a_mask_goes_out_as_a_png_with_a_hole(photo: bytes, mask: Any) -> None:
    """Whatever a mask was given as, the Images API gets a PNG of the first picture's size, clear where to edit."""
    result = nb.edit(photo, "make it night", mask=mask, session=nb.Session(nb.Endpoint.sandbox(wire="images")))
    files = {name: Image.open(io.BytesIO(data)) for name, data, is_file in form_of(result) if is_file}
    assert set(files) == {"image", "mask"}
    hole = np.asarray(files["mask"])
    assert hole.shape == (80, 120, 4)
    clear = hole[..., 3] == 0
    assert clear[20:60, 30:90].all() and clear.sum() == 40 * 60
    assert ("transparent part" in told(result)) is (isinstance(mask, bytes) and b"IHDR" in mask and Image.open(io.BytesIO(mask)).mode == "LA")


def stored(light: Image.Image, form: str) -> bytes:
    """A grey picture, opaque, as a file of this form."""
    levels = np.asarray(light)
    if form in ("RGBA", "LA"):
        return png(light.convert(form))
    if form == "palette":
        return png(light.quantize(2), transparency=7)  # an entry that no pixel has
    if form == "float":
        return png(Image.fromarray((levels / 255).astype("f4")), "TIFF")
    kind, deep = form.split()
    return png(Image.fromarray((levels.astype("i4") * 257).astype(deep)), kind)


@pytest.mark.parametrize("form", ["RGBA", "LA", "palette", "float", "PNG u2", "TIFF u2", "TIFF i4"])
def test_a_mask_means_its_light_however_it_is_stored(photo: bytes, form: str) -> None:
    """White over a ground of 10 % is *edit here* in every form a mask may be stored in, opaque though it could be transparent."""
    mask = stored(grey((30, 20, 90, 60)).point(lambda level: max(level, 25)), form)
    result = nb.edit(photo, "make it night", mask=mask, session=nb.Session(nb.Endpoint.sandbox(wire="images")))
    (hole,) = (np.asarray(Image.open(io.BytesIO(data))) for name, data, _ in form_of(result) if name == "mask")
    clear = hole[..., 3] == 0
    assert clear[20:60, 30:90].all() and clear.sum() == 40 * 60
    assert "transparent part" not in told(result)
    same, other = (result.changes(region).change for region in (Image.open(io.BytesIO(mask)), REGION))
    assert (same.inside, same.outside) == (other.inside, other.outside)


def test_a_mask_of_no_numbers_is_one_sentence(photo: bytes) -> None:
    """A map of floats with holes in it is refused with its name."""
    mask = png(Image.fromarray(np.full((80, 120), np.nan, "f4")), "TIFF")
    with pytest.raises(nb.errors.InvalidImageError, match="mask"):
        nb.edit(photo, "make it night", mask=mask)


def test_a_mask_is_turned_as_its_photo_is(photo: bytes) -> None:
    """A photo stored on its side goes upright; a mask drawn on either form of it lands on the same pixels."""
    exif = Image.Exif()
    exif[0x0112] = 6
    side = png(Image.open(io.BytesIO(photo)), "JPEG", exif=exif)  # people see 80×120
    session = nb.Session(nb.Endpoint.sandbox(wire="images"))
    stored = nb.edit(side, "night", mask=png(grey((0, 0, 60, 80))), session=session)
    shown = nb.edit(side, "night", mask=png(grey((0, 0, 80, 60), (80, 120))), session=session)
    one, other = ({name: data for name, data, _ in form_of(result)} for result in (stored, shown))
    assert Image.open(io.BytesIO(one["image"])).size == (80, 120)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(one["mask"]))), np.asarray(Image.open(io.BytesIO(other["mask"]))))


@pytest.mark.parametrize("mask", [REGION, "it's where.png"], ids=["region", "file"])
def test_printed_curl_sends_the_mask_that_was_sent(photo: bytes, mask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script runs as it stands, whatever the mask's file is called: the same form arrives, field for field, mask included."""
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(photo)
    Path("it's where.png").write_bytes(png(grey((30, 20, 90, 60))))
    Path("mask.png").write_bytes(b"another one's")
    with serving(sends(response(json.dumps({"data": [{"b64_json": base64.b64encode(png(grey((0, 0, 9, 9)))).decode()}]}).encode()))) as server:
        endpoint = nb.Endpoint(server.url, "sk-made-up-for-this-test", wire="images", name="apiyi")
        result = nb.edit("cat.png", "make it night", mask=mask, model="flare", session=nb.Session(endpoint))
        script = result.to_curl().rpartition("  | nb-banana decode")[0].rstrip(" \\\n")
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        kinds = [next(line for line in seen.head.decode().splitlines() if "multipart" in line) for seen in server.requests]
        sent, again = (list(form_parts(seen.body, kind.partition(": ")[2])) for seen, kind in zip(server.requests, kinds, strict=True))
    assert sent == again and "mask" in {name for name, _, _ in sent} and len(script) < 4000


def test_printed_curl_never_sends_the_plain_photo_for_an_outlined_one(photo: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a wire has no mask the words speak of an outline, so the script asks for that copy by name and says what it is."""
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(photo)
    result = nb.edit(["cat.png", photo], "make it night", mask=REGION, session=nb.Session(nb.Endpoint.sandbox(wire="gemini")))
    script = result.to_curl()
    assert "# marked.png is a copy of cat.png with the region outlined in red" in script
    assert "base64 < marked.png" in script and "< cat.png" not in script


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (png(Image.new("L", (120, 80), 0)), "marks nothing"),
        (png(Image.new("L", (80, 120), 255)), "80×120.*120×80"),
        ((0.5, 0.5, 0.9, 0.1), "share from 0 to 1"),
        ((0, 0, "a", 1), "share from 0 to 1"),
        ("nowhere.png", r"nowhere\.png"),
    ],
    ids=["black", "turned", "beyond", "letters", "no file"],
)
@pytest.mark.parametrize("wire", ["gemini", "images"])
def test_a_mask_that_says_nothing_is_refused(server, photo: bytes, wire: str, mask: Any, words: str) -> None:
    """A mask that marks nothing, has another shape, or is none stops the edit before anything is sent."""
    with nb.Client(nb.Endpoint(server.url, wire=wire)) as client, pytest.raises(nb.NanoBananaError, match=words):
        client.edit(photo, "night", mask=mask)
    assert server.requests == []


def test_a_mask_belongs_to_a_picture(server) -> None:
    """A new picture from words has nothing a mask could lie on."""
    with nb.Client(nb.Endpoint(server.url)) as client, pytest.raises(nb.errors.InvalidRequestError, match="belongs to a picture"):
        client.generate("a fox", mask=REGION)


@pytest.mark.parametrize("wire", ["gemini", "openai"])
@pytest.mark.parametrize(("prompt", "words"), [("make it night", "red outline"), ("换成夜晚", "红色轮廓线")])
def test_where_a_wire_has_no_mask_a_marked_copy_is_sent_and_told(photo: bytes, wire: str, prompt: str, words: str) -> None:
    """The copy takes the photo's place, the words are of the prompt's language, and a warning says all that."""
    result = nb.edit([photo, photo[:]], prompt, mask=REGION, session=nb.Session(nb.Endpoint.sandbox(wire=wire)))
    plan = result._plan()
    marked, second = (np.asarray(image.to_pil().convert("RGB")) for image in plan.request.images)
    plain = np.asarray(Image.open(io.BytesIO(photo)))
    assert np.array_equal(second, plain)
    changed = (marked != plain).any(axis=2)
    assert (marked[changed] == masks.RED).all()
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (20, 59, 30, 89)
    assert not changed[30:50, 40:80].any()
    assert plan.request.prompt.startswith(prompt) and words in plan.request.prompt and result.request.prompt == prompt
    assert f"wire={wire!r} has no mask" in told(result) and "composite" in told(result)


def test_at_an_address_of_ones_own_a_mask_is_not_promised(server, photo: bytes) -> None:
    """Some servers ignore a mask in silence: where only the owner knows, that is told, and the way to see it."""
    with nb.Client(nb.Endpoint.local(server.url, "nano-banana-pro")) as client:
        assert "keeps to it, nobody here knows" in told(client.edit(photo, "night", mask=REGION))
    assert "nobody here knows" not in told(nb.edit(photo, "night", mask=REGION, session=nb.Session(nb.Endpoint.sandbox(wire="images"))))


def test_a_mask_is_part_of_what_a_replay_answers_and_stays_in_the_history(photo: bytes, tmp_path: Path) -> None:
    """Another mask is another edit; the mask picture is in the folder, in an exported zip, and survives a clean-up."""
    mask = png(grey((30, 20, 90, 60)))
    with nb.Session(nb.Endpoint.sandbox(wire="images"), folder=tmp_path / "one") as session:
        first = session.edit(photo, "night", mask=mask)
        assert session.edit(photo, "night", mask=mask).replayed
        assert not session.edit(photo, "night", mask=REGION).replayed
        assert not session.edit(photo, "night").replayed
        session.history.collect_garbage()
        again = session.result_of(session.history.record(first.record_id))
        assert isinstance(again.request.mask, nb.ImageData) and again.request.mask.data == mask
        session.history.export_zip(tmp_path / "h.zip")
    with nb.Session(nb.Endpoint.sandbox(wire="images"), folder=tmp_path / "two") as other:
        other.history.import_zip(tmp_path / "h.zip")
        found = other.edit(photo, "night", mask=mask)
        assert found.replayed and found.image == first.image
        record = other.history.record(found.record_id)
        assert other.result_of(record).request.mask.data == mask
    assert "mask='" in first.to_python()


# --- seeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [-1, 2**31, 1.5, True, "7"])
def test_what_is_no_seed_is_refused(server, photo: bytes, seed: Any) -> None:
    """A seed is a whole number that every service can hold."""
    with nb.Client(nb.Endpoint(server.url)) as client, pytest.raises(nb.errors.InvalidRequestError, match=r"^seed="):
        client.edit(photo, "night", seed=seed)
    assert server.requests == []


def test_a_seed_is_sent_where_the_model_has_one(server, photo: bytes) -> None:
    """Gemini's is sent and called unproven; GPT Image has none and says so; a model nobody knows gets it as it is."""
    for wire, place in (("gemini", ("generationConfig", "seed")), ("openai", ("seed",))):
        with nb.Client(nb.Endpoint(server.url, wire=wire)) as client:
            result = client.edit(photo, "night", seed=7)
        document = json.loads(result.to_json())
        for name in place:
            document = document[name]
        assert document == 7 and "nobody has shown" in told(result)
    with nb.Client(nb.Endpoint.local(server.url, "nano-banana-pro")) as client:
        result = client.edit(photo, "night", seed=7)
        assert ("seed", b"7", False) in form_of(result)
    with nb.Client(nb.Endpoint.sandbox()) as client, pytest.raises(nb.errors.InvalidRequestError, match="has no seed"):
        client.edit(photo, "night", seed=7, model="flare")


# --- further fields -----------------------------------------------------------------------------


def test_further_fields_join_the_request_and_the_replay_key(server, photo: bytes, tmp_path: Path) -> None:
    """They stand in the wire's own request, over those of the endpoint, and another value is another edit."""
    place = nb.Endpoint.custom(server.url, extra={"background": "opaque", "quality": "low"}, wire="images")
    with nb.Session(place, folder=tmp_path / "h") as session:
        result = session.edit(photo, "night", model="flare", extra={"quality": "high", "nested": {"a": [1]}})
        fields = {name: data for name, data, is_file in form_of(result) if not is_file}
        assert (fields["quality"], fields["background"], fields["nested"]) == (b"high", b"opaque", b'{"a": [1]}')
        assert session.edit(photo, "night", model="flare", extra={"nested": {"a": [1]}, "quality": "high"}).replayed
        assert not session.edit(photo, "night", model="flare", extra={"quality": "max"}).replayed
        assert not session.edit(photo, "night", model="flare").replayed
        kept = session.result_of(session.history.record(result.record_id)).request
        assert kept.extra == {"quality": "high", "nested": {"a": [1]}}
        assert session.edit(photo, "night", model="flare", extra={}).replayed


@pytest.mark.parametrize(
    "extra",
    [
        {"model": "x"}, {"Prompt": "x"}, {"image[]": "x"}, {"mask": 1}, {"n": 2}, {"size": "1x1"}, {"seed": 1},
        {"api_key": "x"}, {"metadata": {"Authorization": "Bearer x"}}, {"list": [{"api-key": "x"}]},
        {"api_base": "https://elsewhere.test"}, {"base_url": "https://elsewhere.test"}, {"image_url": "https://x.test/a.png"},
        {"generationConfig": {"imageConfig": {"imageSize": "4K"}}}, {"generation_config": {"candidate_count": 4}},
        {"image_config": {"aspect_ratio": "1:1"}}, {"num_images_per_prompt": 4}, {"parameters": {"sampleCount": 4}},
        {"number": float("nan")}, {"object": object()}, ["quality"], {"long": "x" * 200_000},
    ],
    ids=lambda extra: str(extra)[:40],
)  # fmt: skip
def test_further_fields_never_touch_the_edit_its_price_an_address_or_a_key(server, photo: bytes, extra: Any) -> None:
    """What has a place of its own, leads elsewhere, carries a key or is no JSON is refused by its name."""
    with nb.Client(nb.Endpoint(server.url, wire="images")) as client:
        with pytest.raises(nb.errors.InvalidRequestError, match=r"^extra="):
            client.edit(photo, "night", extra=extra)
    assert server.requests == []


def test_a_key_typed_into_further_fields_stays_here(server, photo: bytes) -> None:
    """The endpoint's own key is recognised wherever a person pastes it."""
    key = "sk-test-4f9a8b7c6d5e4f3a2b1c"
    with nb.Client(nb.Endpoint(server.url, key, wire="images")) as client:
        with pytest.raises(nb.errors.InvalidRequestError) as caught:
            client.edit(photo, "night", extra={"user": key})
    assert key not in str(caught.value) and server.requests == []


# --- sizes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "pixels"),
    [
        ({}, "auto"),
        ({"aspect_ratio": "16:9"}, "1360x768"),
        ({"aspect_ratio": "7:3", "image_size": "2K"}, "3136x1344"),
        ({"image_size": "1K"}, "1248x832"),
        ({"image_size": "1536x864"}, "1536x864"),
        ({"image_size": "4K", "aspect_ratio": "1:1"}, "2880x2880"),
    ],
)
def test_a_ratio_and_a_size_become_pixels(photo: bytes, asked: dict[str, str], pixels: str) -> None:
    """GPT Image is asked for pixels within its limits; nothing asked is ``auto``; the picture that comes has them."""
    with nb.Client(nb.Endpoint.sandbox()) as client:
        result = client.edit(photo, "night", model="flare", **asked)
    assert ("size", pixels.encode(), False) in form_of(result)
    if pixels != "auto":
        assert f"{result.image.width}x{result.image.height}" == pixels
        assert not any("expected" in sentence for sentence in result.told)
    assert any("experimental" in sentence for sentence in result.told) is (asked.get("image_size") in ("2K", "4K"))


@pytest.mark.parametrize("width", range(16, 4000, 16 * 13))
def test_free_sizes_stay_within_their_limits(width: int) -> None:
    """Every ratio at every size gives multiples of 16, no edge and no area beyond the maker's, the ratio kept."""
    free = FLARE.free
    assert free is not None
    for height in range(16, 4000, 16 * 11):
        for size in ("1K", "2K", "4K"):
            across, down = free.pixels(f"{width}:{height}", size)
            assert free.takes_pixels(across, down), (width, height, size, across, down)
            wanted = min(max(width / height, 1 / 3), 3)
            assert abs(across / down / wanted - 1) < 0.03


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"image_size": "1000x1000"}, "multiples of 16"),
        ({"image_size": "3840x3840"}, "million pixels"),
        ({"image_size": "1600x160"}, "at most 3 times"),
        ({"aspect_ratio": "4:1"}, "aspect_ratio '4:1'"),
        ({"aspect_ratio": "1:1", "image_size": "1536x864"}, "two shapes"),
        ({"image_size": "8K"}, "image_size '8K'"),
    ],
)
def test_pixels_beyond_the_limits_are_refused(photo: bytes, asked: dict[str, str], words: str) -> None:
    """The sentence names the value and the limit; nothing is sent."""
    with nb.Client(nb.Endpoint.sandbox()) as client, pytest.raises(nb.errors.InvalidRequestError, match=words):
        client.edit(photo, "night", model="flare", **asked)


def test_a_prompt_longer_than_the_model_reads_is_refused(photo: bytes) -> None:
    """GPT Image reads 32,000 characters."""
    with nb.Client(nb.Endpoint.sandbox()) as client, pytest.raises(nb.errors.InvalidRequestError, match=r"32,001.*32,000"):
        client.edit(photo, "x" * 32_001, model="flare")


# --- where a model goes -------------------------------------------------------------------------


def test_a_model_goes_over_the_wire_that_carries_it(photo: bytes) -> None:
    """One apiyi key serves both families; a wire asked for by name stays, and what it can't carry is refused."""
    apiyi = nb.Endpoint.apiyi("sk-test-4f9a8b7c6d5e4f3a2b1c")
    assert served(apiyi, "nano-banana-pro").wire == "gemini" and served(apiyi, "flare").wire == "images"
    assert served(apiyi.on("openai"), "flare").wire == "openai"
    with nb.Client(apiyi.on("openai")) as client, pytest.raises(nb.errors.InvalidRequestError, match="images"):
        client.edit(photo, "night", model="flare")
    with nb.Client(nb.Endpoint.google("AIzaSyA1234567890123456789012345678901")) as client:
        with pytest.raises(nb.errors.InvalidRequestError) as caught:
            client.edit(photo, "night", model="flare")
    assert "OpenAI" in str(caught.value) and "API易" in str(caught.value)
    session = nb.Session(nb.Endpoint.sandbox())
    assert session.edit(photo, "night", model="flare")._plan().wire == "images"
    assert session.edit(photo, "night")._plan().wire == "gemini"


def test_openais_key_is_used_where_it_is_named_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """``OPENAI_API_KEY`` never ends the sandbox by itself; ``Endpoint.openai()`` reads it, also in another process."""
    with pytest.raises(nb.errors.AuthenticationError, match="OPENAI_API_KEY"):
        nb.Endpoint.openai()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-proj-4f9a8b7c6d5e4f3a2b1c")
    assert nb.Session().endpoint.is_sandbox
    with pytest.raises(nb.errors.AuthenticationError):
        nb.Endpoint.from_env()
    place = nb.Endpoint.openai()
    assert (place.base_url, place.wire, place.has_key) == ("https://api.openai.com", "images", True)
    assert pickle.loads(pickle.dumps(place)).has_key
    assert "4f9a8b7c6d5e" not in repr(place)


def test_a_local_server_says_which_model_it_runs(photo: bytes, tmp_path: Path) -> None:
    """It is asked at first use; several models, or none, are an error, never a guess; a name needs no asking."""
    one = {"object": "list", "data": [{"id": "Qwen/Qwen-Image-Edit-2511"}]}
    picture = {"created": 1, "data": [{"b64_json": base64.b64encode(photo).decode()}]}
    with serving(sends(*(response(json.dumps(document).encode()) for document in (one, picture)))) as place:
        session = nb.Session(nb.Endpoint.local(place.url, price=0), folder=tmp_path / "h", budget=1)
        result = session.edit(png(Image.new("RGB", (120, 80))), "night", seed=3)
        assert result.model == "Qwen/Qwen-Image-Edit-2511" and result.cost.amount == 0 and result.told == ()
        assert session.edit(png(Image.new("RGB", (120, 80))), "night", seed=3).replayed
        assert [seen.head.split(b" ")[1] for seen in place.requests] == [b"/v1/models", b"/v1/images/edits"]
        assert b'name="response_format"\r\n\r\nb64_json' in place.requests[1].body
    with serve() as server:
        with nb.Client(nb.Endpoint.local(server.url)) as client, pytest.raises(nb.errors.InvalidRequestError, match="7 models"):
            client.edit(photo, "night")
        unpriced = nb.Session(nb.Endpoint.local(server.url, "nano-banana-pro"), folder=tmp_path / "b", budget=1)
        with pytest.raises(nb.errors.BudgetError):
            unpriced.edit(photo, "night")
    with nb.Client(nb.Endpoint.local("http://127.0.0.1:9")) as client:
        with pytest.raises(nb.errors.InvalidRequestError, match="did not say") as caught:
            client.edit(photo, "night")
    assert "model=" in caught.value.hint


@pytest.mark.parametrize("price", [-1, "much", float("nan"), True])
def test_a_price_of_ones_own_is_an_amount(price: Any) -> None:
    """Zero is the user's word that it costs nothing; anything else that is no amount is refused."""
    with pytest.raises(nb.errors.InvalidRequestError, match=r"^price="):
        nb.Endpoint.local("http://127.0.0.1:8000", price=price)


@pytest.mark.parametrize(
    ("url", "insecure", "fine"),
    [
        ("http://192.168.1.5:8000", False, False), ("http://192.168.1.5:8000", True, True),
        ("http://gpu.local:8000", True, True), ("http://10.0.0.3", True, True), ("http://[fd00::1]:8000", True, True),
        ("http://8.8.8.8:8000", True, False), ("http://example.com", True, False), ("http://169.254.169.254", True, False),
        ("http://0.0.0.0:8000", True, False), ("http://100.64.0.1", True, False),
    ],
)  # fmt: skip
def test_plain_http_goes_to_a_private_address_by_the_users_word_alone(url: str, insecure: bool, fine: bool) -> None:
    """A private address needs ``insecure=True`` and is told; a public one is refused whatever is said."""
    if not fine:
        with pytest.raises(nb.errors.InvalidRequestError, match="http"):
            nb.Endpoint.local(url, "m", insecure=insecure)
        return
    assert "unencrypted" in nb.Endpoint.local(url, "m", insecure=insecure).notice
    assert "unencrypted" in nb.Endpoint.custom(url, insecure=insecure).notice
