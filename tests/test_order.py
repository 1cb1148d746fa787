"""One order, one path: settings spelled once, requests that read nothing, one road for those who wait."""

from __future__ import annotations

import asyncio
import inspect
import io
import itertools
import multiprocessing
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

import nb_banana as nb
from nb_banana import _worker
from nb_banana._messages import SETTINGS, EditRequest
from nb_banana._session.identity import keys_of

KEY = "sk-test-4f9a8b7c6d5e4f3a2b1c"
GOOGLE_KEY = "AIzaSyA1234567890123456789012345678901"
DOORS = [
    nb.edit, nb.generate, nb.Session.edit, nb.Session.aedit, nb.Session.generate, nb.Session.agenerate, nb.Session.next_take,
    nb.Client.edit, nb.Client.generate, nb.AsyncClient.edit, nb.AsyncClient.generate, nb.Chain.edit,
]  # fmt: skip


def picture(colour: tuple[int, int, int] = (1, 2, 3)) -> bytes:
    """Twelve pixels whose bytes no library can change."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), colour).save(out, "BMP")
    return out.getvalue()


def posts(server: Any) -> int:
    return sum(entry.method == "POST" for entry in server.requests)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__qualname__)
def test_every_door_lists_each_setting_by_name(door: Callable[..., Any]) -> None:
    """Shift-Tab and completion show model, aspect_ratio and the others, not a nameless ``**settings``."""
    parameters = inspect.signature(door).parameters
    assert [name for name in SETTINGS if parameters[name].kind is not inspect.Parameter.KEYWORD_ONLY] == []
    assert all(one.kind is not one.VAR_KEYWORD for one in parameters.values())


def test_a_request_holds_every_setting_there_is() -> None:
    """The value and the one spelling of its settings can't drift apart."""
    assert [name for name in SETTINGS if name not in inspect.signature(EditRequest).parameters] == []


@pytest.mark.parametrize(
    ("setting", "sent"),
    [({"mask": (0.1, 0.1, 0.5, 0.5)}, b'name="mask"'), ({"mask": picture((255, 255, 255))}, b'name="mask"'), ({"seed": 7}, b"7"),
     ({"seed": 0}, b"0"), ({"extra": {"quality": "high"}}, b"high")], ids=repr)  # fmt: skip
def test_every_door_sends_what_was_set(server, setting: dict[str, Any], sent: bytes) -> None:
    """mask, seed and extra reach the request from each door that makes an edit, and the result remembers them."""
    endpoint, (name,) = nb.Endpoint(server.url, wire="images"), setting
    session = nb.Session(endpoint, tell=lambda _: None)
    client, aclient = nb.Client(endpoint), nb.AsyncClient(endpoint)
    doors: list[Callable[[], Any]] = [
        lambda: nb.edit(picture(), "night", session=session, **setting),
        lambda: asyncio.run(session.aedit(picture(), "dusk", **setting)),
        lambda: client.edit(picture(), "night", **setting),
        lambda: client.send(EditRequest("night", (picture(),), **setting)),
        lambda: nb.chain(picture(), session=session).edit("dawn", **setting).result,
    ]
    if name != "mask":
        doors += [lambda: nb.generate("a bird", session=session, **setting),
                  lambda: asyncio.run(aclient.generate("a bird", **setting))]  # fmt: skip
    for door in doors:
        result = door()
        assert sent in bytes(result._plan().body())
        assert getattr(result.request, name) is not None and f"{name}=" in result.to_python()
    assert posts(server) == len(doors)


# What 9c9fb20 computed: a history written by it must go on answering.
REQUESTS = {
    "plain": lambda image: EditRequest("make it night", (image,)),
    "all settings": lambda image: EditRequest(
        "变成夜晚", (image, image), model="nano-banana", aspect_ratio="16:9", image_size="1K"),
    "words": lambda image: EditRequest("a bird", model="some-model"),
}  # fmt: skip
ENDPOINTS = {
    "apiyi": lambda: nb.Endpoint.apiyi(KEY),
    "google": lambda: nb.Endpoint.google(GOOGLE_KEY),
    "custom": lambda: nb.Endpoint("http://127.0.0.1:9/v1", wire="openai"),
    "sandbox": lambda: nb.Endpoint.sandbox(fault="safety"),
}
KEYS = {
    ("apiyi", "plain"): "89dc3f24fe1f28a0cb26536eae6c1bc0a9793f16.fc63a0b90287",
    ("apiyi", "all settings"): "d292ce8ced0bb81452a39066d8024b6db1278b7e.22269c833072",
    ("apiyi", "words"): "9ba9f6bf6e8663a06ea0874800050ac2ec2dee92.eebd65e696d9",
    ("google", "plain"): "89dc3f24fe1f28a0cb26536eae6c1bc0a9793f16.0b5bdf3c1771",
    ("google", "all settings"): "d292ce8ced0bb81452a39066d8024b6db1278b7e.8753a64cab97",
    ("google", "words"): "9ba9f6bf6e8663a06ea0874800050ac2ec2dee92.5693d7c08443",
    ("custom", "plain"): "89dc3f24fe1f28a0cb26536eae6c1bc0a9793f16.46dd840f0ee3",
    ("custom", "all settings"): "d292ce8ced0bb81452a39066d8024b6db1278b7e.991323494ec9",
    ("custom", "words"): "9ba9f6bf6e8663a06ea0874800050ac2ec2dee92.f7e907f59ec7",
    ("sandbox", "plain"): "89dc3f24fe1f28a0cb26536eae6c1bc0a9793f16.e5fc841501ff",
    ("sandbox", "all settings"): "d292ce8ced0bb81452a39066d8024b6db1278b7e.88a486a08113",
    ("sandbox", "words"): "9ba9f6bf6e8663a06ea0874800050ac2ec2dee92.229a6dc92f3b",
}


@pytest.mark.parametrize(("place", "asked"), KEYS)
def test_replay_keys_stay_what_they_were(place: str, asked: str) -> None:
    """A folder written by 0.1.0 answers the same requests: their keys are the same to the letter."""
    request = REQUESTS[asked](nb.ImageData.from_bytes(picture()))
    assert keys_of(request, ENDPOINTS[place]())[1] == KEYS[place, asked]


def test_each_newer_setting_makes_another_key() -> None:
    """Two requests that differ in mask, seed or extra alone are two requests; the order inside extra is not one."""
    endpoint = nb.Endpoint.apiyi(KEY)
    made = [{}, {"seed": 1}, {"seed": 2}, {"extra": {"a": 1, "b": 2}}, {"extra": {"a": 2}}, {"mask": (0.0, 0.0, 1.0, 0.5)},
            {"mask": nb.ImageData.from_bytes(picture())}]
    assert len({keys_of(EditRequest("a bird", **one), endpoint)[0] for one in made}) == len(made)
    first, second = ({"extra": {"a": 1, "b": 2}}, {"extra": {"b": 2, "a": 1}})
    assert keys_of(EditRequest("a bird", **first), endpoint) == keys_of(EditRequest("a bird", **second), endpoint)


def test_a_request_reads_nothing_until_it_is_sent(server, clean_place) -> None:
    """Neither an address is fetched nor a file read when the value is made; both are when it is sent."""
    address = f"{server.url}/missing.png"
    EditRequest("night", [address, "not-there-yet.bmp"])
    assert server.requests == []
    request = EditRequest("night", ["later.bmp"])
    (clean_place / "later.bmp").write_bytes(picture())
    with nb.Client(nb.Endpoint(server.url)) as client:
        assert client.send(request).request.images[0].sha256 == nb.ImageData.from_bytes(picture()).sha256
        with pytest.raises(nb.errors.InvalidImageError, match="gone"):
            client.send(EditRequest("night", ["gone.bmp"]))
    assert posts(server) == 1


def test_no_picture_is_one_error_at_every_door(server) -> None:
    """An empty list and a None are the same slip everywhere: one error, one sentence, nothing sent."""
    endpoint = nb.Endpoint(server.url)
    session = nb.Session(endpoint, tell=lambda _: None)
    client, aclient = nb.Client(endpoint), nb.AsyncClient(endpoint)
    said = set()
    doors: list[Callable[[Any], Any]] = [
        lambda images: nb.edit(images, "night", session=session),
        lambda images: session.edit(images, "night"),
        lambda images: asyncio.run(session.aedit(images, "night")),
        lambda images: client.edit(images, "night"),
        lambda images: asyncio.run(aclient.edit(images, "night")),
    ]
    for nothing, door in itertools.product(([], (), None), doors):
        with pytest.raises(nb.errors.InvalidImageError) as raised:
            door(nothing)
        said.add(str(raised.value))
    assert len(said) == 1 and "nb.generate" in said.pop()
    assert posts(server) == 0


def test_closing_one_wire_leaves_the_other_usable(server) -> None:
    """A session and its sibling share connections, and close() promises that using them again opens them again."""
    session = nb.Session(nb.Endpoint(server.url), tell=lambda _: None)
    other = session.with_wire("openai")
    other.edit(picture(), "night")
    session.close()
    assert not other.edit(picture(), "day").replayed
    other.close()
    assert not session.edit(picture(), "dusk").replayed
    assert posts(server) == 3


def test_waiting_on_the_private_loop_does_not_wait_for_itself(server) -> None:
    """Code that runs there already, such as a callback of a job, may use the functions that wait."""
    session = nb.Session(nb.Endpoint(server.url), tell=lambda _: None)

    async def callback() -> int:
        return session.edit(picture(), "night").image.width

    assert _worker.submit(callback()).result(20) > 0


def test_a_forked_child_makes_edits_of_its_own(server) -> None:
    """A child of a process that has edited already has no thread of its parent's, and makes one."""
    session = nb.Session(nb.Endpoint(server.url), tell=lambda _: None)
    session.edit(picture(), "night")
    pool = multiprocessing.get_context("fork").Pool(1)
    try:
        child = pool.apply_async(_edit_in_child, (server.url,))
        assert child.get(30) == "done"
    finally:
        pool.terminate()
    assert posts(server) == 2


def _edit_in_child(url: str) -> str:
    return nb.Session(nb.Endpoint(url), folder="child", tell=lambda _: None).edit(picture(), "day") and "done"


def test_a_picture_from_words_alone_is_made_without_waiting(server: Any) -> None:
    """``await session.agenerate(…)`` sends what ``generate`` does: the same request, so that either replays the other."""
    with nb.Session(nb.Endpoint(server.url, "sk-0123456789abcdef")) as session:
        made = asyncio.run(session.agenerate("a bird", aspect_ratio="16:9"))
        assert (made.image.width, made.image.height, made.request.images) == (1376, 768, ())
        assert session.generate("a bird", aspect_ratio="16:9").replayed and posts(server) == 1
