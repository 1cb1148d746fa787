"""`house.py`, which the test command runs beside ruff, sees a crooked house: its bounds are no decoration."""

from __future__ import annotations

import ast

import house
import pytest


def test_the_rooms_keep_the_bounds_and_each_bound_can_fail(monkeypatch: pytest.MonkeyPatch):
    """A figure over its bound becomes a sentence; as the house stands there is none."""
    assert house.report() == []
    for bound in ("DEPTH", "LAZY", "CLASS_LINES", "METHODS", "PARAMETERS", "SANDBOX"):
        with monkeypatch.context() as patched:
            patched.setattr(house, bound, 1)
            assert len(house.report()) == 1, bound


@pytest.mark.parametrize("kind", ["eager", "lazy", "typing"])
def test_a_circle_between_two_files_of_one_room_is_found(kind: str):
    """The map of rooms can't see it, so this must, wherever the second import stands."""
    found = {
        "a": house.Module("a", ast.parse(""), eager={"b"}),
        "b": house.Module("b", ast.parse(""), **{kind: {"a"}}),
        "c": house.Module("c", ast.parse(""), eager={"a"}),
    }
    kinds = ("eager", "lazy", "typing")
    assert house.circles(found, *kinds[: kinds.index(kind)]) == []
    assert house.circles(found, *kinds) == [["a", "b"]]
