"""The page about public benchmarks: its code runs as printed, its figures are those of the package."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from miniatures import gedit, magicbrush, picture
from pages import blocks, text_of
from test_bench_scores import gedit_tables

import nb_banana as nb
from nb_banana._strings import speaking

PAGES = {"en": "docs/benchmarks-public.md", "zh": "docs/benchmarks-public.zh-CN.md"}
each_page = pytest.mark.parametrize("lang", PAGES)


@each_page
def test_the_way_there_and_back_runs_as_printed(lang, clean_place):
    """Load, subset, plan, run on the sandbox, write, check, read, sum up: word for word, on a miniature."""
    gedit(clean_place / "GEdit-Bench")
    keys = ["color_alter/en/a1", "color_alter/en/a2", "motion_change/en/b1", "color_alter/cn/c1"]
    (clean_place / "results/pro/gpt4o/eval_results_new").mkdir(parents=True)
    gedit_tables(clean_place / "results/pro/gpt4o/eval_results_new", dict.fromkeys(keys, (9, 4)), "pro")
    names: dict = {}
    exec(blocks(PAGES[lang])[0], names)
    assert list(names["part"].check("results/pro")) == []
    assert names["part"].aggregate(names["scores"]).value("O en", "") == 6
    magicbrush(clean_place / "brush")
    names["bench"] = nb.bench.load("magicbrush", "brush")
    exec(blocks(PAGES[lang])[1], names)
    assert (clean_place / "results/pro/10/10_iter_3.png").is_file()


@each_page
def test_the_lines_that_unpack_a_copy_make_one_that_loads(lang, clean_place):
    """A Parquet file as GEdit has it becomes a folder that is read."""
    picture(clean_place / "input.png")
    row = {
        "task_type": "ps_human", "key": "k", "instruction": "变年轻", "instruction_language": "cn", "Intersection_exist": True,
        "input_image": {"bytes": Path("input.png").read_bytes(), "path": None},
    }  # fmt: skip
    Path("GEdit-Bench/data").mkdir(parents=True)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), "GEdit-Bench/data/train.parquet")
    names: dict = {"nb": nb}
    exec(blocks(PAGES[lang])[2], names)
    [item] = names["gedit"].items
    assert (item.key, item.prompt, item.images[0].is_file()) == ("ps_human/cn/k", "变年轻", True)


@each_page
def test_the_page_shows_what_the_package_says(lang):
    """The published rows, the ranks and the drifts, and a row for every trap."""
    page = text_of(PAGES[lang])
    with speaking(lang):
        shown = nb.bench.published()
        assert shown.to_markdown() in page
        assert [one for one in (*(rank.told for rank in shown.ranks), *shown.drift) if f"- {one}\n" not in page] == []
    assert re.findall(r"^\| (T\d+) \|", page, re.M) == [f"T{number}" for number in range(1, 15)]
