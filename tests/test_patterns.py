"""No text of a provider or of a page can freeze the kernel: patterns take time in proportion to the text."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import nb_banana as nb
from nb_banana._fetch.keys import mask
from nb_banana._wire import phrases

KINDS = ("哈", "a", "A", "0", " ", "\n", ".", "-", "/", "<", "[", '"', "*", ":", "AB_", "a ", "…a")
AFTER = ("a", "0", " ", "/", "哈", "A_")
SLACK = 0.05
"""Seconds of CPU that may come from elsewhere."""
SHORT = 2000
"""Characters for a single pattern: many and quick, so the slack is less too."""


def is_linear(run: Callable[[str], Any], kind: str, length: int, begin: str = "", slack: float = SLACK) -> bool:
    """Whether a text of one kind, four times as long, takes at most eight times as much CPU.

    Another program can only make a text look slower than it is, never faster: the short one is the best of three, and
    the long one, which is what costs, is taken again only while it looks slow.
    """

    def seconds(size: int) -> float:
        text = begin + (kind * (size // len(kind) + 1))[:size]
        started = time.process_time()
        run(text)
        return time.process_time() - started

    long = seconds(4 * length)
    if long <= slack:
        return True
    most = 8 * min(seconds(length) for _ in range(3)) + slack
    return long <= most or (long < 1 and min(seconds(4 * length) for _ in range(2)) <= most)


Search = Callable[[str], Any]


def beginnings(pattern: re.Pattern[Any]) -> set[str]:
    """What a text must begin with to get into each branch of a pattern: from there on it may be slow."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    return set(islice(_begun(list(re._parser.parse(text, pattern.flags & ~re.UNICODE)), ""), 6))


def _begun(tokens: list[Any], so_far: str) -> Iterator[str]:
    """Each literal beginning; a repeat, a set or an end of the literals ends it."""
    if not tokens:
        yield so_far
        return
    (kind, value), rest = tokens[0], tokens[1:]
    name = str(kind)
    if name == "LITERAL":
        yield from _begun(rest, so_far + chr(value))
    elif name in ("AT", "ASSERT", "ASSERT_NOT"):
        yield from _begun(rest, so_far)
    elif name == "SUBPATTERN":
        yield from _begun([*value[-1], *rest], so_far)
    elif name == "BRANCH":
        for branch in value[1]:
            yield from _begun([*branch, *rest], so_far)
    elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0]:
        yield from _begun([*list(value[2]) * value[0], *rest], so_far)
    else:
        yield so_far


@cache
def _searching(pattern: re.Pattern[Any], how: str = "finditer") -> tuple[set[str], Search]:
    """How a pattern may begin; and looking for it as the package does: anywhere, or where a text begins."""
    call = getattr(pattern, how if how in ("match", "fullmatch") else "finditer")

    def search(text: str) -> None:
        found = call(text.encode() if isinstance(pattern.pattern, bytes) else text)
        if call == pattern.finditer:
            deque(found, maxlen=0)

    return beginnings(pattern), search


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from _within(item)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


def _written(source: str) -> Iterator[tuple[str, tuple[set[str], Search]]]:
    """The patterns that stand in calls of ``re``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re":
            first = node.args[0] if node.args else None
            if node.func.attr != "escape" and isinstance(first, ast.Constant):
                yield first.value[:60], _searching(re.compile(first.value), node.func.attr)


def patterns() -> dict[str, tuple[set[str], Search]]:
    """Every pattern of the package: what its modules hold, what stands in calls, and the phrases of failures."""
    found: dict[str, tuple[set[str], Search]] = {}
    for module in pkgutil.walk_packages(nb.__path__, "nb_banana."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            found |= {f"{name} {each.pattern[:60]!r}": _searching(each) for each in _within(value)}
        if loaded.__file__:
            found |= {f"{module.name} {each!r}": search for each, search in _written(Path(loaded.__file__).read_text("utf-8"))}
    found |= {f"phrases of {name}": _searching(phrases._pattern(lines)) for name, lines in (*phrases.PHRASES, *phrases.WEAK)}
    found |= {f"words of {name}": _searching(phrases._pattern(lines)) for _, name, lines in phrases.VARIANTS if lines}
    return found


def test_every_pattern_takes_time_in_proportion_to_its_text() -> None:
    """Four times the text takes at most eight times as long, whatever one kind of character it is made of, also
    after each beginning that leads into the pattern.
    """
    all_of_them, slow = patterns(), []
    once = {search: (name, begins) for name, (begins, search) in all_of_them.items()}  # many modules hold the same one
    assert len(once) > 120
    for search, (name, begins) in once.items():
        texts = [("", kind) for kind in KINDS] + [(begin, kind) for begin in begins if begin for kind in AFTER]
        if bad := next(((begin, kind) for begin, kind in texts if not is_linear(search, kind, SHORT, begin, 0.012)), None):
            slow.append(f"{name} on {bad!r}")
    assert not slow, "\n".join(slow)


BEGINNINGS = ("sk-A1b2", "AQ.", "Bearer ", "api_key=", "&key=a1", "%41", "\\u0041", "&#x41;", "://a:b", "eyJ.a", "a1B2c3D4", "sk-proof")


@pytest.mark.parametrize("kind", (*KINDS, *BEGINNINGS))
def test_half_a_megabyte_of_one_character_is_masked_in_proportion(kind: str) -> None:
    """Keys and their shapes are looked for in half a megabyte of anything as fast, by the byte, as in a quarter of it."""
    assert is_linear(lambda text: mask(text, ["sk-proof-Qx7Lm2Vb9Tz4Kd8Wp3Rn6Yc1"]), kind, 125_000)


@pytest.mark.parametrize("kind", KINDS)
def test_a_provider_s_flood_is_told_in_proportion(kind: str) -> None:
    """An error of half a megabyte of any character becomes a sentence without a freeze."""
    from client.misbehaving import KEY, picture, response, serving

    said = [""]
    with serving(lambda connection, *_: connection.sendall(response(json.dumps({"error": {"message": said[0]}}).encode(), 400))) as server:
        client = nb.Client(nb.Endpoint(server.url, KEY, wire="gemini"), retries=0)

        def ask(text: str) -> None:
            said[0] = text
            with pytest.raises(nb.NanoBananaError) as caught:
                client.edit(picture(), "Make it blue")
            assert len(caught.value.message) < 1500

        assert is_linear(ask, kind, 125_000)
