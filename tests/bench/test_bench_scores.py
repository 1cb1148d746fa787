"""The official scripts' outputs are read back and summed up by their rules; what has no score is no number."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from miniatures import RISE_KINDS, picture, write_csv, write_json, write_lines

import nb_banana as nb
from nb_banana._bench.published import counted
from nb_banana._compare.intervals import wilson
from nb_banana.errors import InvalidRequestError


def gedit_tables(folder: Path, scores: dict[str, tuple[object, object]], method: str = "mine") -> Path:
    """The tables of one run, as the script names and writes them."""
    groups: dict[str, list[dict[str, object]]] = {}
    for key, (semantic, quality) in scores.items():
        task, language, _ = key.split("/")
        groups.setdefault(task, []).append({
            "source_image": f"/r/{method}/fullset/{key}_SRCIMG.png", "edited_image": f"/r/{method}/fullset/{key}.png",
            "instruction": "x", "sementics_score": semantic, "quality_score": quality, "intersection_exist": True,
            "instruction_language": language,
        })  # fmt: skip
    for task, rows in groups.items():
        write_csv(folder / f"{method}_{task}_gpt_score.csv", rows)
    write_csv(folder / f"{method}_combined_gpt_score.csv", [row for rows in groups.values() for row in rows])
    return folder


def test_gedit_is_the_mean_of_group_means(made, tmp_path):
    """O per item, mean per group, mean of groups, per language and set; a failed row is missing, zeros are named."""
    bench = nb.bench.load("gedit", made("gedit"))
    tables = gedit_tables(tmp_path / "s", {
        "color_alter/en/a1": (9, 4), "color_alter/en/a2": (4, 4), "motion_change/en/b1": (0, 9), "color_alter/cn/c1": ("", ""),
    })  # fmt: skip
    scores = bench.read(tables)
    assert [one.key for one in scores if one.why] == ["color_alter/cn/c1"]
    sums = bench.aggregate(scores)
    assert sums.value("O en", "full set: mean") == pytest.approx(((6 + 4) / 2 + 0) / 2)
    assert sums.value("O en", "intersection") == pytest.approx((6 + 0) / 2)
    assert sums.value("O en", "full set: without") == pytest.approx(5)
    assert sums.value("SC en", "full") == pytest.approx((6.5 + 0) / 2)
    missing = next(one for one in sums if one.name == "O cn")
    assert (missing.value, missing.count, missing.missing) == (None, 0, 1)
    assert any("1 items have SC = 0" in note for note in sums.notes)
    assert any("random score" in note for note in sums.notes)  # trap 3
    gedit_tables(tmp_path / "s", {"color_alter/en/a1": (1, 1)}, "other")
    with pytest.raises(InvalidRequestError, match="two methods"):
        bench.read(tmp_path / "s")
    with pytest.raises(InvalidRequestError, match="eval_results_new"):
        bench.read(bench.folder)


def test_imgedit_is_read_both_ways(made, tmp_path):
    """Traps 5, 6 and 7: dropped lines, a failed call, and two meanings of "overall"."""
    bench = nb.bench.load("imgedit", made("imgedit"))
    told = {
        "1": "Brief reasoning: fine.\nPrompt Compliance: 5\nVisual Seamlessness: 4/5\nPhysical Fidelity: 3.",
        "2": "Style Fidelity: 2\nContent Preservation: 2\nRendering Quality: 2",
        "3": {"error": "content filter"},
    }
    scores = bench.read(write_json(tmp_path / "result.json", told))
    assert [dict(one.values) for one in scores] == [{"official": 5, "lenient": 4}, {"official": 2, "lenient": 2}, {}]
    assert scores[2].why == "the judge's call failed: content filter"
    sums = bench.aggregate(scores)
    assert sums.value("overall", "item mean; scores as the script") == 3.5
    assert sums.value("overall", "mean of the means of 2 types, of 9; scores as a person") == 3
    assert next(one for one in sums if one.name == "add").missing == 1
    assert len([note for note in sums.notes if note[0].isdigit() or note.startswith("Of")]) == 2


def test_two_scores_of_three_are_no_mean_for_a_person(made, tmp_path):
    """The script averages whatever is left of an answer; the other reading wants all that was asked for."""
    bench = nb.bench.load("imgedit", made("imgedit"))
    [first, *_] = bench.read(write_json(tmp_path / "result.json", {"1": "A: 5\nB: 3\nC: none"}))
    assert dict(first.values) == {"official": 4}


def test_uge_answers_as_in_its_readme_are_not_lost(made, tmp_path):
    """Trap 4: the script's rule reads no score in "Score: 2."; the other reading does, and says so."""
    bench = nb.bench.load("imgedit-uge", made("imgedit-uge"))
    scores = bench.read(write_json(tmp_path / "result.json", {"1": "Reasoning: weak.\nScore: 2.", "2": "Score: 4."}))
    sums = bench.aggregate(scores)
    assert sums.value("overall", "script") is None
    assert sums.value("overall", "person") == 3
    assert any("2 items the script's rule reads no score" in note for note in sums.notes)


def sheet(path: Path, rows: list[dict[str, object]]) -> Path:
    """An .xlsx as pandas writes it: shared strings, numbers as they are, empty cells left out."""
    words: list[str] = []
    names = list(rows[0])

    def cell(value: object, column: int, line: int) -> str:
        at = f'{chr(65 + column)}{line}'
        if value is None:
            return ""
        if isinstance(value, str):
            words.append(value)
            return f'<c r="{at}" t="s"><v>{len(words) - 1}</v></c>'
        return f'<c r="{at}"><v>{value}</v></c>'

    lines = [names, *([row[name] for name in names] for row in rows)]
    body = "".join(f"<row>{''.join(cell(v, c, n) for c, v in enumerate(line))}</row>" for n, line in enumerate(lines, 1))
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(word)}</t></si>" for word in words)
        book.writestr("xl/sharedStrings.xml", f"<sst {main}>{shared}</sst>")
    return path


def rise_rows() -> list[dict[str, object]]:
    """All full marks but: one weak in consistency, one free of it, one that was not parsed."""
    rows = [{"index": f"{kind}_{n}", "Reasoning": 5, "ApprConsistency": 5,
             "VisualPlausibility": None if kind == "logical_reasoning" else 5} for kind in RISE_KINDS for n in (1, 2)]  # fmt: skip
    rows[0]["ApprConsistency"] = None  # consistency_free
    rows[1]["ApprConsistency"] = 1
    rows[2] |= {"Reasoning": None, "ApprConsistency": None, "VisualPlausibility": None}
    return rows


def test_rise_counts_accuracy_and_shows_the_slip_of_the_mean(made, tmp_path):
    """Trap 11: consistency 1 is 3.8 by the rule and 5.0 by the script; accuracy has both readings of the unscored."""
    bench = nb.bench.load("rise", made("rise"))
    scores = bench.read(sheet(tmp_path / "m_judge.xlsx", rise_rows()))
    assert [one.values.get("score") for one in scores][:3] == [5.0, pytest.approx(3.8), None]
    sums = bench.aggregate(scores)
    assert sums.value("accuracy overall", "scored") == 6 / 7
    assert sums.value("accuracy overall", "all items") == 6 / 8
    assert sums.value("score", "by the rule") == pytest.approx((6 * 5 + 3.8) / 7)
    assert sums.value("score", "as the script") == 5.0
    overall = sums[0]
    assert (overall.count, overall.missing, overall.how) == (7, 1, "Wilson")
    assert (overall.low, overall.high) == pytest.approx(wilson(6 / 7, 7))


def test_the_same_sheet_as_csv_and_the_totals_refused(made, tmp_path):
    """The sheet saved as CSV is read alike; the table of totals is not taken for it."""
    bench = nb.bench.load("rise", made("rise"))
    rows = [{name: "" if value is None else value for name, value in row.items()} for row in rise_rows()]
    as_csv = bench.read(write_csv(tmp_path / "m.csv", rows))
    assert list(as_csv) == list(bench.read(sheet(tmp_path / "m_judge.xlsx", rise_rows())))
    with pytest.raises(InvalidRequestError, match=r"no field “index”"):
        bench.read(write_csv(tmp_path / "m_judge.csv", [{"-": "Overall", "Score-Origin": 3.2}]))
    (tmp_path / "m_judge.xlsx").write_bytes(b"no zip")
    with pytest.raises(InvalidRequestError, match=r"m_judge\.xlsx"):
        bench.read(tmp_path / "m_judge.xlsx")


def test_a_weak_reasoning_halves_the_score(made, tmp_path):
    """RISE: reasoning 1 halves the weighted score, and nothing falls below 1."""
    bench = nb.bench.load("rise", made("rise"))
    rows = [row | {"Reasoning": 1, "ApprConsistency": 5, "VisualPlausibility": 5} for row in rise_rows()]
    values = [one.values["score"] for one in bench.read(sheet(tmp_path / "m_judge.xlsx", rows))]
    assert values == [1.0] + [pytest.approx(1.5)] * 5 + [pytest.approx(1.1)] * 2


def test_kris_is_flat_or_by_category_and_empty_instructions_are_seen(made, tmp_path):
    """Trap 8 in the output: an empty instruction was judged; both means are given, a null is no number."""
    bench = nb.bench.load("kris", made("kris"))
    row = {"instruction": "", "consistency_score": 5, "instruction_score": 3, "quality_score": 5}
    write_json(tmp_path / "m/count_change/metrics.json", {"1": row, "2": {"instruction": "", "consistency_score": None}})
    write_json(tmp_path / "m/temporal_prediction/metrics.json", {"1": {"instruction": "x", "quality_score": 1}})
    sums = bench.aggregate(bench.read(tmp_path / "m"))
    assert sums.value("overall", "all scores") == pytest.approx((100 + 50 + 100 + 0) / 4)
    assert sums.value("overall", "2 categories") == pytest.approx((250 / 3 + 0) / 2)
    assert (sums[0].missing, sums[0].low) == (2, None)
    assert any("2 items were judged with an empty instruction" in note for note in sums.notes)


def test_magicbrush_and_pie_say_their_conventions(made, tmp_path):
    """MagicBrush's two sets with their numbers of pictures; PIE's "nan" is left out, its masked PSNR named."""
    brush = nb.bench.load("magicbrush", made("magicbrush"))
    told = {"final_turn": {"l1": 0.1}, "all_turn": {"l1": 0.05}}
    sums = brush.aggregate(brush.read(write_json(tmp_path / "evaluation_metrics.json", told)))
    assert [(one.name, one.value, one.count) for one in sums] == [("l1 all_turn", 0.05, 4), ("l1 final_turn", 0.1, 2)]
    pie = nb.bench.load("pie", made("pie"))
    rows = [{"file_id": one.key, "1_mine|psnr_unedit_part": value, "1_mine|structure_distance": 0.5}
            for one, value in zip(pie.items, ("nan", 20, 30))]  # fmt: skip
    figures = pie.aggregate(pie.read(write_csv(tmp_path / "evaluation_result.csv", rows)))
    distance, psnr = sorted(figures, key=lambda one: one.value)
    assert (psnr.value, psnr.count, psnr.missing, distance.value) == (25, 2, 1, 0.5)
    assert "averaged over all pixels" in psnr.reading


def test_pairs_give_points_and_no_interval(made, tmp_path):
    """GEditBench v2: a tie is half a point each, an answer without a winner is counted and no point."""
    bench = nb.bench.load("gedit-v2", made("gedit-v2"))
    rows = [{"key": f"color_alter_{n:06}_pair_BAGEL_vs_mine", "results": {"winner": winner}}
            for n, winner in enumerate(("Image B", "Tie", "neither"))]  # fmt: skip
    sums = bench.aggregate(bench.read(write_lines(tmp_path / "pairs.jsonl", rows)))
    assert [(one.name, one.value, one.count, one.missing, one.low) for one in sums] == [("BAGEL", 0.25, 2, 1, None), ("mine", 0.75, 2, 1, None)]


def test_a_list_of_ones_own_has_measures_by_column(made, tmp_path):
    """Every column with numbers is a measure, with the mean of items and of groups; what is absent is missing."""
    bench = nb.bench.load("csv", made("csv"))
    scores = bench.read(write_csv(tmp_path / "s.csv", [{"key": "one", "likeness": 0.5, "who": "me"}, {"key": "x", "likeness": 9, "who": ""}]))
    [mean, groups] = bench.aggregate(scores)
    assert (mean.name, mean.value, mean.count, mean.missing) == ("likeness", 0.5, 1, 1)
    assert groups.reading.startswith("mean of the means of 1 groups")
    assert scores.notes == ("1 rows of the output are no items of this benchmark (or subset) and were left out.",)


def test_an_item_scored_twice_is_noted(made, tmp_path):
    """Of two rows about one item the last counts, and the notes say so."""
    bench = nb.bench.load("csv", made("csv"))
    scores = bench.read(write_csv(tmp_path / "s.csv", [{"key": "one", "likeness": 4}, {"key": "one", "likeness": 2}]))
    assert bench.aggregate(scores).value("likeness", "mean") == 2
    assert scores.notes == ("1 rows of the output speak of an item once more; of each item the last row counts.",)
    brush = nb.bench.load("gedit", made("gedit"))
    tables = gedit_tables(tmp_path / "g", {"color_alter/en/a1": (9, 4)})
    (again,) = tables.glob("mine_color*")
    (tables / "mine_again_gpt_score.csv").write_bytes(again.read_bytes())
    assert any("speak of an item once more" in note for note in brush.read(tables).notes)


def test_a_figure_is_digits_and_a_key_may_be_nothing(tmp_path):
    """1_000 and full-width digits are no figures, nor is a number too large for one; an item called 0 has its score."""
    picture(tmp_path / "a.png", (8, 8), "red")
    write_lines(tmp_path / "list.jsonl", [{"key": at, "image": "a.png", "prompt": "p"} for at in range(4)])
    bench = nb.bench.load("csv", tmp_path / "list.jsonl")
    scores = bench.read(write_lines(tmp_path / "s.jsonl", [{"key": at, "q": q} for at, q in enumerate((2, "1_000", "４", 10**400))]))
    assert {one.key: dict(one.values) for one in scores} == {"0": {"q": 2}, "1": {}, "2": {}, "3": {}}
    (tmp_path / "s.csv").write_text('key,q\n1,"' + "x" * 200_000 + '"\n')
    with pytest.raises(nb.errors.InvalidRequestError, match=re.escape(str(tmp_path))):
        bench.read(tmp_path / "s.csv")


def test_figures_say_n_and_interval(tmp_path):
    """From thirty items on a mean has its interval; the table prints value, interval, n, missing and reading."""
    rows = [{"key": f"{n}", "image": "a.png", "prompt": "x"} for n in range(40)]
    (tmp_path / "l.jsonl").write_text("\n".join(map(json.dumps, rows)))
    bench = nb.bench.load("csv", tmp_path)
    few = bench.aggregate(bench.read(write_csv(tmp_path / "few.csv", [{"key": n, "m": n % 2} for n in range(29)])))
    many = bench.aggregate(bench.read(write_csv(tmp_path / "many.csv", [{"key": n, "m": n % 2} for n in range(38)])))
    assert few[0].low is None
    assert (many[0].low, many[0].high) == (pytest.approx(0.3389, abs=1e-4), pytest.approx(0.6611, abs=1e-4))
    assert "0.500  0.339–0.661 (normal)" in repr(many) and "  38  2 " in repr(many)


# --- published ------------------------------------------------------------------------------------------


def test_rises_rows_are_rebuilt_from_counts():
    """Each published percentage is a whole number of items: the eight rows' overall follows from their four kinds."""
    rows = nb.bench.published("rise")
    assert len(rows) == 8
    for one in rows:
        assert one.count == 360
        assert round(100 * one.yes / one.count, 1) == one.value, one.model
    assert counted([29.4, 48.9, 37.0, 18.8], [85, 90, 100, 85]) == (122, 360)


def test_intervals_and_ranks_tell_what_is_real():
    """RESEARCH's figures: 48.3 [43.2, 53.5]; the medals are within chance, Pro over Flash is not."""
    rows = nb.bench.published("rise")
    pro = next(one for one in rows if "Pro" in one.model)
    assert (round(pro.low, 1), round(pro.high, 1)) == (43.2, 53.5)
    assert [(rank.real, rank.p < 0.05) for rank in rows.ranks][:3] == [(False, False), (False, False), (True, True)]
    gedit = nb.bench.published("gedit")
    assert [rank.real for rank in gedit.ranks] == [None, None]
    assert "reproductions were off by up to 0.57" in gedit.ranks[0].told
    assert all(one.low is None and one.source and one.read for one in gedit)


def test_both_readings_of_imgedits_overall_are_shown():
    """Trap 7 in the published rows: one follows one reading, one the other."""
    rows = {one.model: list(one.readings.values()) for one in nb.bench.published("imgedit")}
    assert [round(value, 3) for value in rows["GPT-Image-1"]] == [4.244, 4.191]
    assert [round(value, 3) for value in rows["Nano Banana Pro (Gemini 3 Pro Image)"]] == [4.37, 4.387]
    assert "spread not published" in repr(nb.bench.published("imgedit"))
    with pytest.raises(InvalidRequestError, match="'pie'"):
        nb.bench.published("pie")


def test_wilson_is_wilsons():
    """Known values: 0 of 10 and 9 of 12, and never outside 0 to 1."""
    assert wilson(0 / 10, 10) == (pytest.approx(0), pytest.approx(0.2775, abs=1e-4))
    assert wilson(9 / 12, 12) == (pytest.approx(0.4677, abs=1e-4), pytest.approx(0.9111, abs=1e-4))
