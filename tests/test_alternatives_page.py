"""The page about the alternatives: what it says of nb_banana is what the script it names counts."""

from __future__ import annotations

import re
import sys

import pytest
from pages import ROOT, text_of

sys.path.insert(0, str(ROOT / "tests" / "benchmarks"))
import beside

PAGES = ("alternatives.md", "alternatives.zh-CN.md")
ROWS = {"": 0, "again": 1, "429": 2, "503": 3, "500": 4, "cut": 5, "words": 6}
"""Which row of the page's table is which case of the script."""


def counted(page: str) -> list[list[str]]:
    """The cells of the table of failures, the first column left out."""
    table = re.search(r"\| nb_banana \| google-genai \| openai \| httpx \|\n\| [-| ]+\n((?:\|.*\n)+)", text_of(page))[1]
    return [[cell.strip() for cell in row.split("|")[2:-1]] for row in table.splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_the_length_of_each_job_is_that_of_its_code(page):
    """The statements on the page are those of the script, whoever changes a job."""
    (row,) = re.findall(r"^\| (?:statements|语句数) \|([\d |]+)\|$", text_of(page), re.MULTILINE)
    assert [int(cell) for cell in row.split("|")] == [beside.statements(job) for job in beside.JOBS.values()]


@pytest.mark.parametrize("case", ROWS)
def test_nb_banana_sends_as_often_as_the_page_says(case):
    """A server counts the requests of one job, or of the same job twice, and names the error; both pages say the same."""
    with beside.other_end() as server:
        count, said, _ = beside.asked("nb_banana", case, server)
    for page in PAGES:
        cell = counted(page)[ROWS[case]][0]
        assert re.findall(r"\d+", cell) == [str(count)], (page, cell)
        assert re.findall(r"`(\w+)`", cell) == ([said] if said.endswith("Error") else [])
    assert said == "saved night.png" or said.endswith("Error")


def test_both_pages_hold_the_same_table():
    """Numbers and errors of the other clients were measured once; no language has its own."""
    one, other = ([[re.findall(r"\d+|`\w+`", cell) for cell in row] for row in counted(page)] for page in PAGES)
    assert one == other and len(one) == len(ROWS)
