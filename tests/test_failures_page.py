"""The pages of what goes wrong say what the product does: written from it, complete, and true over a socket."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from client.misbehaving import KEY, response, serving
from pages import blocks, program, text_of

import nb_banana as nb
from nb_banana._strings.client import TABLE

PAGES = {"en": "failures.md", "zh": "failures.zh-CN.md"}
each_language = pytest.mark.parametrize("lang", PAGES)


@pytest.fixture(scope="module")
def failures() -> ModuleType:
    """The program that writes the pages, as `python docs/failures.py` runs it."""
    return program("failures")


def rows(page: str, table: str) -> list[list[str]]:
    """The cells of one table of a page, without its head."""
    found = re.search(rf"<!-- failures: {table} -->\n(.*?)<!-- /failures -->", page, re.S)
    assert found
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in found[1].splitlines() if line.startswith("| ") and "| --- |" not in line]
    return [[cell.strip() for cell in line] for line in lines if line[0].strip() not in ("what you read", "您看到的句子")]


@each_language
def test_the_pages_are_what_the_product_says(failures, lang):
    """A sentence, a class or a rule of billing that changes in the product changes on the page: run `python docs/failures.py`."""
    page = text_of(PAGES[lang])
    assert failures.written(page, lang) == page
    assert sorted(re.findall(r"<!-- failures: (\w+) -->", page)) == sorted(failures.TABLES)


def test_a_new_class_needs_its_words(failures):
    """Every class of the tree has a sentence in both languages, and no class is described that isn't there."""
    names = [kind.__name__ for kind in failures.kinds()]
    assert sorted(names) == sorted(failures.MEANINGS)
    assert all(kind.__doc__ for kind in failures.kinds())
    assert [row[0].strip("`") for row in rows(text_of(PAGES["en"]), "classes")[1:]] == names


@each_language
def test_every_failure_with_a_next_step_is_listed(failures, lang):
    """No sentence of the table about requests and answers that has a next step is missing from the page."""
    page = text_of(PAGES[lang]).replace("\\", "")
    shown = {key: failures._plain(f"client.{key}", lang) for key in TABLE if f"{key}_hint" in TABLE}
    heads = {key: re.split("‹(?:reason|stage)›", words)[0] for key, words in shown.items()}
    assert len(heads) > 30
    assert [key for key, words in heads.items() if " ".join(words.split()) not in page] == []


def test_both_pages_have_the_same_rows():
    """Table by table, the two languages list as many failures, of the same classes and the same statuses."""
    english, chinese = (text_of(PAGES[lang]) for lang in PAGES)
    assert re.findall("^#+ ", english, re.M) == re.findall("^#+ ", chinese, re.M)
    assert re.findall(r"`\w+Error`|`\w+_\w+`(?= \|)", english.partition("## The classes")[2]) == re.findall(
        r"`\w+Error`|`\w+_\w+`(?= \|)", chinese.partition("## 错误的类")[2]
    )
    assert english.count("\n|") == chinese.count("\n|") and english.count("\n- ") == chinese.count("\n- ")


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 413, 429, 451, 500, 502, 503, 504, 529])
def test_a_bare_status_is_what_the_page_says(status):
    """Over a socket: the class, whether it may be billed, and whether the request was sent a second time, as the page's row has it."""

    def covers(cell: str) -> bool:
        spans = (part.partition("–") for part in cell.split(", "))
        return any(int(low) <= status <= int(high or low) for low, _, high in spans)

    (row,) = [line for line in rows(text_of(PAGES["en"]), "statuses")[1:] if covers(line[0])]
    with serving(lambda connection, *_: connection.sendall(response(b"", status))) as server:
        with pytest.raises(nb.NanoBananaError) as caught:
            nb.Client(nb.Endpoint(server.url, KEY), retries=1).generate("a red sofa")
        assert server.posts == (2 if row[3] == "yes" else 1)
    assert (f"`{type(caught.value).__name__}`", caught.value.may_be_billed) == (row[1], row[2] == "yes")


@each_language
def test_the_pages_python_runs(lang, clean_place, draw_photo, capsys):
    """The block prints a failure: its two sentences, then what a program learns."""
    draw_photo((640, 480)).save(clean_place / "cat.jpg")
    nb.session(nb.Endpoint.sandbox())
    space: dict[str, object] = {}
    for code in blocks(PAGES[lang]):
        exec(code, space)
    assert "server 503 False True 1" in capsys.readouterr().out
