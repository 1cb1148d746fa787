"""No input makes the decoders crash, hang or grow; what one end writes the other reads; chunks don't matter."""

from __future__ import annotations

import base64
import json
import os
import random
import time
import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nb_banana._images.data import ImageData
from nb_banana._messages import Answer, Blob, EditRequest, Turn, Usage
from nb_banana._wire import failures, gemini, openai
from nb_banana._wire.lift import Lifter, Reply, ReplyTooLargeError
from nb_banana._wire.pictures import find_pictures
from nb_banana._wire.reply import read_reply
from nb_banana._wire.turns import user_turn

from .answers import PICTURES, ROWS, chat, data_url, draw, inline, native, text

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
IMAGES = [ImageData.from_bytes(data) for letter, data in PICTURES.items() if letter != "L"]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def lifted(data: bytes, cuts: list[int] = []) -> Reply:  # noqa: B006
    """The reply of bytes fed in pieces."""
    lifter, at = Lifter(), 0
    for cut in sorted(cut % (len(data) + 1) for cut in cuts):
        lifter.feed(data[at:cut])
        at = cut
    lifter.feed(data[at:])
    return lifter.finish()


def without_tokens(reply: Reply) -> tuple[str, bytes]:
    """A reply's text with every token replaced by what it stands for."""
    words = reply.text
    for token, blob in reply.blobs.items():
        words = words.replace(token, f"<{blob.sha256} {blob.unpadded} {blob.urlsafe}>")
    return words, reply.raw


def judged(status: int, data: bytes, cuts: list[int] = []) -> Answer | failures.Failure:  # noqa: B006
    """What the reader says, checked for what it may never say."""
    read = read_reply(status, {}, lifted(data, cuts))
    assert isinstance(read, (Answer, failures.Failure))
    if isinstance(read, failures.Failure):
        error = failures.error_of(read, model="m", base_url="h")
        assert len(error.message) < 800 and all(c.isprintable() for c in error.message)
    elif not read.images and not read.links:
        assert str(failures.refusal(read, status, {}, ""))
    return read


# --- anything at all -------------------------------------------------------------------------------


@QUICK
@given(st.binary(max_size=3000), st.sampled_from([200, 204, 400, 401, 429, 500, 503, 599]))
def test_any_bytes_are_an_answer_or_a_failure(data: bytes, status: int) -> None:
    """Whatever arrives, the reader returns one of its two values."""
    judged(status, data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([data_url("A"), "https://x.example.com/a.png", "STOP", "SAFETY"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["candidates", "content", "parts", "text", "inlineData", "inline_data", "data", "mimeType", "thought", "finishReason", "promptFeedback", "blockReason", "usageMetadata", "promptTokenCount", "candidatesTokensDetails", "modality", "tokenCount", "fileData", "fileUri", "choices", "message", "delta", "images", "image_url", "url", "b64_json", "finish_reason", "native_finish_reason", "refusal", "usage", "cost", "error", "code", "status", "details", "retryDelay", "seconds", "param", "msg", "detail", "output", "response", "result", "success", "errors", "type", "reason", "index", "base_resp", "header"]), inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@QUICK
@given(JSON, st.sampled_from([200, 400, 429, 500, 503]))
def test_any_json_of_the_known_words_is_read(document: object, status: int) -> None:
    """The wires' own keys with values of every wrong type crash nothing."""
    judged(status, json.dumps(document).encode())


@pytest.mark.parametrize("seed", range(8))
def test_mutated_answers_are_read(seed: int) -> None:
    """Recorded answers with bytes cut, swapped, repeated and inserted: no crash, no answer takes over 2 s."""
    dice = random.Random(seed)
    pieces = (b'"', b"{", b"}", b"[", b"]", b",", b"\\", b"\x00", b"\xff", b"data: ", b"\n", b"=", b"~", b"null", b"<html>", b"![](", b"\\u0000")
    for _ in range(250):
        row = dice.choice(ROWS)
        data = bytearray(row.body[:60_000])
        for _ in range(dice.randint(1, 6)):
            at, other = dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)
            match dice.randrange(5):
                case 0:
                    del data[min(at, other) : max(at, other)]
                case 1:
                    data[at:at] = dice.choice(pieces) * dice.choice((1, 1, 3, 500))
                case 2:
                    data[at:at] = data[min(at, other) : max(at, other)][:5000]
                case 3 if data:
                    data[at % len(data)] = dice.randrange(256)
                case _:
                    data[at:at] = dice.choice(ROWS).body[:20_000]
        started = time.process_time()
        judged(dice.choice((row.status, 200)), bytes(data))
        assert time.process_time() - started < 2


MANY = 3_000_000
"""Bytes of a hostile body: a quarter of it, taken quadratically, would already take minutes."""
HOSTILE = {
    "one word": b"a" * MANY,
    "words": b"ab " * (MANY // 3),
    "two alphabets": b"A-A+" * (MANY // 4),
    "almost runs": (b"A" * 4000 + b" ") * (MANY // 4001),
    "padding": b"=" * MANY,
    "brackets": b"[" * MANY,
    "bracket lines": b"[1,\n" * (MANY // 4),
    "braces": b'{"a":' * (MANY // 5),
    "string lines": b'{"a\n' * (MANY // 4),
    "open lists": (b"[" + b"1," * 2000 + b"\n") * (MANY // 4002),
    "event lines": b"data: {\n" * (MANY // 8),
    "comments": b": x\n" * (MANY // 4),
    "blanks": b" " * MANY,
    "line ends": b"\n" * MANY,
    "tags": b"<a " * (MANY // 3),
    "page": b"<html>" + b"<script>" * (MANY // 8),
    "remarks": b"<!--" * (MANY // 4),
    "quotes": b'"' * MANY,
    "escapes": b'"' + b"\\/" * (MANY // 2),
    "deep": b'{"error":' * 100_000,
    "wrapped": (b"A" * 76 + b"\n") * (MANY // 77),
    "in a string": b'{"candidates":[{"content":{"parts":[{"text":"' + b"![a](http://x " * (MANY // 14) + b'"}]}}]}',
    "data URLs": b'{"choices":[{"message":{"content":"' + b"data:image/png;base64," * (MANY // 22) + b'"}}]}',
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.usefixtures("uncollected")
def test_hostile_bytes_cost_little_time(kind: str) -> None:
    """3 MB made to hurt parsers and patterns take four times what 0.75 MB take, not sixteen: nothing is quadratic."""

    def seconds(body: bytes) -> float:
        started = time.process_time()
        judged(500 if kind in ("page", "remarks", "quotes") else 200, body)
        return time.process_time() - started

    quarter = seconds(HOSTILE[kind][: len(HOSTILE[kind]) // 4])
    assert seconds(HOSTILE[kind]) < 8 * quarter + 0.15


def test_memory_is_bounded_by_the_answer() -> None:
    """A 24 MB answer is decoded in little more than its picture; nothing holds its base64."""
    picture = draw("PNG", "red") + os.urandom(18_000_000)
    body = b'{"candidates":[{"content":{"parts":[{"inlineData":{"data":"' + base64.b64encode(picture) + b'"}}]}}]}'
    chunks = [body[at : at + 65536] for at in range(0, len(body), 65536)]
    tracemalloc.start()
    lifter = Lifter()
    for chunk in chunks:
        lifter.feed(chunk)
    answer = read_reply(200, {}, lifter.finish())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(answer, Answer) and answer.images[0].data == picture
    assert peak < 1.3 * len(picture) + 2**20


def test_reading_stops_at_the_limit() -> None:
    """One byte more than the limit ends the reading."""
    lifter = Lifter(limit=1000)
    lifter.feed(b"x" * 1000)
    with pytest.raises(ReplyTooLargeError):
        lifter.feed(b"x")


# --- chunks ----------------------------------------------------------------------------------------

RUNS = st.lists(
    st.tuples(st.sampled_from([0, 3, 100, 4093, 4094, 4095, 4096, 4097, 4098, 5000, 9001]), st.sampled_from("sunmw"), st.sampled_from([b'"', b"", b"=", b"==", b"===", b"-", b"+", b"\\/", b'","x-y":"', b"\n"])),
    min_size=1,
    max_size=4,
)  # fmt: skip


def run_of(size: int, kind: str) -> bytes:
    raw = random.Random(size).randbytes(size * 3 // 4 + size % 3)
    standard, urlsafe = base64.b64encode(raw), base64.urlsafe_b64encode(raw)
    return {"s": standard, "u": urlsafe, "n": standard.rstrip(b"="), "m": standard[:size] + urlsafe, "w": b"abc9" * (size // 4) + b"x" * (size % 4)}[kind]


@QUICK
@given(RUNS, st.lists(st.integers(0, 10**6), max_size=20))
@example([(4096, "s", b""), (3, "s", b"")], [])  # padding in the middle, at a multiple of four
@example([(4096, "s", b""), (3, "s", b"")], [4097])
def test_how_bytes_are_cut_makes_no_difference(runs: list[tuple[int, str, bytes]], cuts: list[int]) -> None:
    """Any split gives the same text and blobs, and tokens give back exactly what was written."""
    data = b"".join(run_of(size, kind) + end for size, kind, end in runs)
    whole, split = lifted(data), lifted(data, cuts)
    assert without_tokens(whole) == without_tokens(split)
    words = split.text
    for token, blob in split.blobs.items():
        words = words.replace(token, blob.base64())
    assert words == data.decode()


@pytest.mark.parametrize("row", [row for row in ROWS if row.images and "content-encoding" not in row.headers][::4], ids=lambda row: row.name)
def test_recorded_answers_may_arrive_byte_by_byte(row: object) -> None:
    """Every fourth recorded answer reads the same in one piece, in pieces of 7, and byte by byte."""
    body = row.body[:40_000]  # type: ignore[attr-defined]
    expected = read_reply(200, {}, lifted(body))
    for step in (1, 7):
        got = read_reply(200, {}, lifted(body, list(range(0, len(body), step))))
        assert type(got) is type(expected)
        if isinstance(expected, Answer) and isinstance(got, Answer):
            assert [i.sha256 for i in got.images] == [i.sha256 for i in expected.images]
            assert (got.text, got.links, got.notes) == (expected.text, expected.links, expected.notes)


# --- both ends -------------------------------------------------------------------------------------

REQUESTS = st.builds(
    EditRequest,
    WORDS.filter(str.strip),
    st.lists(st.sampled_from(IMAGES), max_size=4).map(tuple),
    model=st.sampled_from(["gemini-3-pro-image-preview", "some/other-model", "gemini-3-pro-image"]),
    aspect_ratio=st.sampled_from([None, "16:9", "1:1"]),
    image_size=st.sampled_from([None, "1K", "4K"]),
)


def same(one: EditRequest, other: EditRequest) -> bool:
    return (
        (one.prompt, one.model, one.aspect_ratio, one.image_size) == (other.prompt, other.model, other.aspect_ratio, other.image_size)
        and [i.data for i in one.images] == [i.data for i in other.images]
        and [t.verbatim() for t in one.turns] == [t.verbatim() for t in other.turns]
    )


@QUICK
@given(REQUESTS)
def test_requests_survive_both_wires(request: EditRequest) -> None:
    """decode(encode(x)) is x, on the native and on the OpenAI wire; the length is known before sending."""
    native_body, chat_body = gemini.encode_request(request), openai.encode_request(request)
    assert same(gemini.decode_request(bytes(native_body), gemini.path(str(request.model))), request)
    assert same(openai.decode_request(bytes(chat_body)), request)
    assert len(native_body) == len(bytes(native_body)) and len(chat_body) == len(bytes(chat_body))
    assert [*native_body] == [*native_body], "it can be sent again"


USAGES = st.builds(Usage, *[st.none() | st.integers(0, 10**6)] * 5).filter(lambda usage: usage != Usage())


@QUICK
@given(
    st.lists(st.sampled_from(IMAGES), max_size=3, unique_by=lambda i: i.sha256).map(tuple),
    WORDS.map(lambda words: " ".join(words.split()).replace("![", "").replace("://", "")),
    st.none() | USAGES,
    st.sampled_from(["STOP", "IMAGE_SAFETY", "MAX_TOKENS"]),
)
def test_answers_survive_the_native_wire(images: tuple[ImageData, ...], words: str, usage: Usage | None, finish: str) -> None:
    """What the sandbox writes the client reads: pictures, text, usage and reasons."""
    answer = Answer(images, text=words, usage=usage, finish_reason=finish, model="m", response_id="r")
    got = read_reply(200, {}, lifted(gemini.encode_answer(answer)))
    assert isinstance(got, Answer)
    assert [i.data for i in got.images] == [i.data for i in images]
    assert (got.text, got.usage, got.finish_reason, got.model, got.response_id) == (words, usage, finish, "m", "r")


@QUICK
@given(st.lists(st.sampled_from(IMAGES), min_size=1, max_size=3, unique_by=lambda i: i.sha256).map(tuple), st.sampled_from(["", "Done.", "好了"]))
def test_answers_survive_the_chat_wire(images: tuple[ImageData, ...], words: str) -> None:
    """The Markdown form gives the same pictures, in order, and the words without them."""
    got = read_reply(200, {}, lifted(openai.encode_answer(Answer(images, text=words, model="m"))))
    assert isinstance(got, Answer)
    assert [i.data for i in got.images] == [i.data for i in images] and got.text == words


# --- conversations ---------------------------------------------------------------------------------


def test_a_conversation_goes_back_verbatim() -> None:
    """Turns echo the model's content exactly: signatures long and short, url-safe, unpadded, in text, unknown fields."""
    signatures = [
        base64.b64encode(os.urandom(9000)).decode(),
        base64.b64encode(os.urandom(9001)).decode().rstrip("="),
        base64.urlsafe_b64encode(os.urandom(9002)).decode(),
        "A" * 5001,
        "short==",
    ]
    parts = [text(f"see {data_url('L')} and more", thoughtSignature=signatures[0])]
    parts += [inline("L", thoughtSignature=signature) for signature in signatures[1:]] + [{"odd": {"deep": [None, 1.5]}}]
    content = {"role": "model", "parts": parts}
    answer = read_reply(200, {}, lifted(json.dumps(native(*parts)).encode()))
    assert isinstance(answer, Answer) and answer.turn is not None
    assert answer.turn.verbatim() == content
    asked = EditRequest("first", (IMAGES[0],))
    request = EditRequest("again", turns=(user_turn(asked), answer.turn))
    sent = json.loads(bytes(gemini.encode_request(request)))
    assert sent["contents"][1] == content
    assert [turn["role"] for turn in sent["contents"]] == ["user", "model", "user"]
    assert sent["contents"][0]["parts"][1]["inlineData"]["data"] == base64.b64encode(IMAGES[0].data).decode()
    assert same(gemini.decode_request(bytes(gemini.encode_request(request)), "/v1beta/models/m:generateContent"), EditRequest("again", model="m", turns=(user_turn(asked), Turn(content))))


def test_a_reply_cannot_forge_a_token() -> None:
    """Text that looks like a token stands for nothing and comes back as it was."""
    forged = "~0123456789abcdef.0~"
    answer = read_reply(200, {}, lifted(json.dumps(native(text(forged), inline("L"))).encode()))
    assert isinstance(answer, Answer) and answer.turn is not None
    assert answer.turn.verbatim()["parts"][0]["text"] == forged
    assert not find_pictures(forged, {"~0123456789abcdee.0~": Blob(PICTURES["A"], "")}).images


def test_money_stated_by_the_provider_is_exact() -> None:
    """OpenRouter's usage.cost becomes a Decimal without a float's noise; nonsense becomes no cost at all."""
    for stated, expected in ((0.0387243, Decimal("0.0387243")), ("0.1", Decimal("0.1")), (True, None), ("x", None), (-1, None), (None, None)):
        answer = openai.decode_answer([chat("hi", usage={"cost": stated, "prompt_tokens": 1})], {})
        assert (answer.cost.amount if answer.cost else None) == expected
