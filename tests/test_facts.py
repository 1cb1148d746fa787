"""The page of facts says what the product knows, the same in both languages, each fact with its day."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from pages import program

YEAR = re.compile(r"20\d\d")


@pytest.fixture(scope="module")
def facts() -> ModuleType:
    """The program that writes the tables, as `python docs/facts.py` runs it."""
    return program("facts")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_tables_are_those_of_the_catalog(facts, lang):
    """A price, a size or a limit that changes in the catalog changes on the page: run `python docs/facts.py`."""
    page = facts.PAGES[lang].read_text(encoding="utf-8")
    assert facts.written(page, lang) == page
    assert sorted(re.findall(r"<!-- facts: (\w+) -->", page)) == sorted(facts.TABLES)


def test_a_changed_figure_is_noticed(facts):
    """The comparison above would see one digit that is another."""
    page = facts.PAGES["en"].read_text(encoding="utf-8")
    assert facts.written(page.replace("$0.134", "$0.135"), "en") == page


def test_both_languages_say_the_same_figures(facts):
    """Paragraph by paragraph, the same numbers stand in the Chinese page as in the English one."""

    def figures(lang: str) -> list[list[str]]:
        page = facts.PAGES[lang].read_text(encoding="utf-8")
        return [sorted(re.findall(r"\d+(?:\.\d+)?", part)) for part in page.split("\n## ")]

    english, chinese = figures("en"), figures("zh")
    assert len(english) == len(chinese)
    for one, other in zip(english[1:], chinese[1:]):
        assert one == other


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_fact_has_its_day(facts, lang):
    """Each point of a list, and each row of the hand-written table, names the year it was true in."""
    page = facts.PAGES[lang].read_text(encoding="utf-8")
    plain = re.sub(r"<!-- facts.*?/facts -->", "", page, flags=re.DOTALL)
    points = re.findall(r"^- .*(?:\n  .*)*", plain, re.MULTILINE)
    rows = [line for line in plain.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(points) >= 5 and len(rows) >= 5
    assert [one for one in (*points, *rows) if not YEAR.search(one)] == []
