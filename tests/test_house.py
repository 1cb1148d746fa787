"""The house stays straight: `house.py`'s figures are within their bounds, and they see what they should."""

from __future__ import annotations

import ast

import house


def test_no_figure_of_the_house_passes_its_bound():
    """A circle of imports, a module too deep, a class too large or an import hidden in a function is named."""
    assert house.report() == []


def test_a_circle_between_two_files_of_one_room_is_found():
    """The map of rooms can't see it, so this must: also when one of the two imports stands in a function."""
    found = {
        "a": house.Module("a", ast.parse(""), eager={"b"}),
        "b": house.Module("b", ast.parse(""), lazy={"a"}),
        "c": house.Module("c", ast.parse(""), eager={"a"}),
    }
    assert house.circles(found, "eager") == []
    assert house.circles(found, "eager", "lazy") == [["a", "b"]]
