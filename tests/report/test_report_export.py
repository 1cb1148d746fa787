"""A comparison written down: each ending brings its file, whole, and no other ending any."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pandas
import pytest
from client.misbehaving import answer, response, sends, serving
from PIL import Image
from zips import with_plan

import nb_banana as nb
from nb_banana._compare.comparison import Comparison
from nb_banana._report.export import KINDS
from nb_banana._sandbox.server import serve

PSNR = "psnr_rgb_lanczos_to_input"


@pytest.mark.parametrize("name", ["night.htm", "night.jpg", "night.xlsx", "night.json", "night.gif"])
def test_another_ending_is_refused(made, tmp_path, name):
    """The ending is named with those there are and a name to use, and nothing is written."""
    with pytest.raises(nb.errors.InvalidRequestError, match=rf"'{name[5:]}' can be written: \.html, .*\.zip") as told:
        made.export(tmp_path / name)
    assert "Try night." in told.value.hint and not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", KINDS)
def test_every_ending_is_written_and_returned(made, tmp_path, ending):
    """A file of each kind, upper case too, begins as its kind does, and no half-written one is left beside it."""
    begins = {
        ".html": b"<!doctype html>", ".png": b"\x89PNG", ".pdf": b"%PDF-", ".csv": "\ufeffindex".encode(), ".parquet": b"PAR1",
        ".tex": b"% Written", ".zip": b"PK",
    }  # fmt: skip
    for name in (f"all{ending}", f"ALL{ending.upper()}"):
        path = made.export(tmp_path / name)
        assert path == tmp_path / name and path.read_bytes().startswith(begins[ending])
    assert len(list(tmp_path.iterdir())) == 2


def test_a_page_is_small_and_needs_nothing(made, tmp_path):
    """No address but data stands in it, what people wrote is text and no markup, and the refusal says why."""
    page = made.export(tmp_path / "all.html").read_text("utf-8")
    assert len(page.encode()) < 10_000_000 and "default-src 'none'" in page
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(?!data:image/webp)[a-z]+:""", page)
    assert "<b>colder" not in page and page.count("<script>") == 1 and "&lt;/script&gt;" in page
    assert page.count("<article") == 12 and page.count('src="data:image/webp') == 13  # eleven results and two inputs
    assert "safety: " in page and "too dark" in page and "沙滩.png" in page and made.methods() in page.replace("&#x27;", "'")


def test_a_page_keeps_to_ten_megabytes_and_says_what_is_not_in_it(made, tmp_path, monkeypatch):
    """With little room the pictures become smaller; with less some are left out, and the page says how many."""
    from nb_banana._report import page

    whole = len(made.export(tmp_path / "all.html").read_bytes())
    monkeypatch.setattr(page, "LIMIT", 150_000)
    monkeypatch.setattr(page, "_SPARE", 1_000)
    small = made.export(tmp_path / "small.html").read_text("utf-8")
    assert len(small.encode()) < 150_000 < whole and small.count('src="data:image/webp') == 13
    monkeypatch.setattr(page, "LIMIT", 60_000)
    tight = made.export(tmp_path / "tight.html").read_text("utf-8")
    shown = tight.count('src="data:image/webp')
    assert len(tight.encode()) < 60_000 and 0 < shown < 13 and f"{13 - shown} pictures are not in this file" in tight
    monkeypatch.setattr(page, "LIMIT", 20_000)
    with pytest.raises(nb.errors.InvalidRequestError, match="12 cells alone"):
        made.export(tmp_path / "no.html")


def test_a_page_says_what_a_look_at_the_picture_tells(tmp_path):
    """A result that is one plain colour, where its inputs are none, is warned of in the page, as in the frame; all inputs of an edit are seen and written."""
    Image.linear_gradient("L").resize((96, 64)).save(tmp_path / "a.png")
    Image.linear_gradient("L").rotate(90).resize((96, 64)).save(tmp_path / "b.png")
    with serving(sends(response(answer()))) as server:
        session = nb.Session(nb.Endpoint(server.url, "sk-report-Qx7Lm2Vb9Tz4Kd8Wp3"), folder=tmp_path / "history", tell=lambda _: None)
        plan = nb.compare([[tmp_path / "a.png", tmp_path / "b.png"]], "Add a boat", session=session).run()
    page = plan.export(tmp_path / "all.html").read_text("utf-8")
    warned = plan.to_dataframe()["warnings"][0].splitlines()
    assert "The picture is all in one colour." in warned and all(line.replace("'", "&#x27;") in page for line in warned)
    assert page.count('class="see"') == 3
    place = plan.export(f"{tmp_path}/results/")
    named = next(csv.DictReader(io.StringIO((place / "files.csv").read_text("utf-8-sig"))))["input_file"].split(" + ")
    assert [(place / "images" / one).read_bytes() for one in named] == [(tmp_path / f"{one}.png").read_bytes() for one in "ab"]


def test_a_picture_that_is_gone_is_said_to_be_and_not_to_lack_room(tmp_path, session_of):
    """Where somebody took a stored file away, the page says that it can't be read, and of room it says nothing."""
    plan = nb.compare(None, ["a boat", "a cow"], session=session_of).run()
    plan[0].image.path.unlink()
    page = plan.export(tmp_path / "all.html").read_text("utf-8")
    assert page.count('<p class="none">unreadable</p>') == 1 and page.count('class="see"') == 1 and "no room" not in page and "not in this file" not in page


def test_a_page_speaks_chinese(made, tmp_path):
    """Headings, warnings and the paragraph about methods are in the language asked for, and the page says which."""
    page = made.export(tmp_path / "all.html", lang="zh").read_text("utf-8")
    assert '<html lang="zh-CN">' in page and "统计单位" in page and "搜索" in page and "Methods" not in page


def test_latex_is_bold_only_where_significant(made, tmp_path):
    """Of three planted figures one is really better: that one alone is bold, for the better condition alone; without a direction, and under five units, nothing is."""
    pro = {cell.index: cell.model == "nano-banana-pro" for cell in made.cells}
    noise = [0.3, -0.2, 0.25, -0.3, 0.1, -0.15, 0.2, -0.1, 0.05, 0.3, -0.25, 0.15]
    place = {id(one): at for at, one in enumerate(made)}

    def better(result):
        return 10.0 * pro[place[id(result)]] + noise[place[id(result)]]

    def alike(result):
        return noise[place[id(result)]]

    def undirected(result):
        return better(result)

    better.better, alike.better = "higher", "lower"
    planted = Comparison(made.cells, session=made.session, outcomes=dict(enumerate(made)))
    planted.score(better, alike, undirected)
    rows = tabular(planted.export(tmp_path / "t.tex", columns=["better", "alike", "undirected"]))
    flash, best = rows
    assert [r"\mathbf" in one for one in best] == [False, True, False, False] and r"\mathbf" not in "".join(flash)
    assert best[0].strip() == "nano-banana-pro" and r"\pm" in best[1]
    few = tabular(planted.export(tmp_path / "p.tex", "prompt", columns=["better"]))
    assert len(few) == 3 and all(r"\mathbf" not in row[1] and r"\pm" not in row[1] for row in few)
    better.better = "more"
    with pytest.raises(nb.errors.InvalidRequestError, match="better is 'more'"):
        planted.score(better)


def test_latex_is_bold_where_a_figure_is_the_same_in_every_unit(made, tmp_path):
    """The better condition is bold also where every unit has the same figure, which leaves it without an interval."""
    place = {id(one): at for at, one in enumerate(made)}

    def steady(result):
        at = place[id(result)]
        return 2.0 if made.cells[at].model == "nano-banana-pro" else 1.0 + at / 100

    steady.better = "higher"
    planted = Comparison(made.cells, session=made.session, outcomes=dict(enumerate(made)))
    planted.score(steady)
    flash, best = tabular(planted.export(tmp_path / "t.tex", columns=["steady"]))
    assert r"\mathbf" not in flash[1] and best[1] == r"\(\mathbf{2.0}\)"


def tabular(path):
    """The rows of the first table of a file, each as its fields."""
    text = path.read_text("utf-8")
    body = text[text.index(r"\midrule") : text.index(r"\bottomrule")].splitlines()[1:]
    return [line.removesuffix(r" \\").split(" & ") for line in body if line]


def test_latex_escapes_what_people_wrote(made, tmp_path):
    """A prompt with special letters is a row of the table and no command; braces and dollars balance."""
    text = made.export(tmp_path / "t.tex", "prompt", columns=["seconds"]).read_text("utf-8")
    rows = text[text.index(r"\midrule") : text.index(r"\bottomrule")]
    assert r"bad &" in rows
    bare = re.sub(r"\\[\\{}$&%#_]", "", text)
    assert bare.count("{") == bare.count("}") and "$" not in bare and "&lt;" not in text


def test_latex_keeps_what_a_row_begins_with(tmp_path, photo, session_of):
    """A name that begins with a bracket or a star is no option of the line before it: an empty group stands between, in the heading too."""
    rows = [{"image": photo, "prompt": "Make it night", "[kind]": kind} for kind in ("base", "[draft] warm", "*star")]
    text = nb.compare(rows, session=session_of).run().export(tmp_path / "t.tex", "[kind]", columns=["seconds"]).read_text("utf-8")
    body = text[text.index(r"\toprule") : text.index(r"\bottomrule")]
    assert "{}[draft] warm &" in body and "{}*star &" in body and "{}[kind] &" in body and "\nbase &" in body
    assert not re.search(r"^\s*[\[*]", body, re.M)


def test_latex_in_english_needs_no_letters_beyond_ascii(tmp_path, photo):
    """A price that is about is written in signs that every LaTeX has."""
    with serving(sends(response(answer()))) as server:
        endpoint = nb.Endpoint(server.url, "AIza" + "a1B2c3D4" * 4 + "xyz", name="google")
        session = nb.Session(endpoint, folder=tmp_path / "history", tell=lambda _: None)
        plan = nb.compare(photo, ["Make it night", "Make it snow"], models="nb", session=session).run()
    assert "made for ≈$" in plan.methods()
    text = plan.export(tmp_path / "t.tex", columns=["seconds"]).read_text("utf-8")
    assert r"made for \(\approx\)\$" in text and text.isascii()


def test_a_table_that_compares_nothing_is_no_latex(made, tmp_path, session_of):
    """One edit alone has nothing to tabulate: it is said, and nothing is written."""
    plan = nb.compare(None, "a boat", session=session_of)
    with pytest.raises(nb.errors.InvalidRequestError, match="nothing to tabulate"):
        plan.export(tmp_path / "t.tex")
    with pytest.raises(nb.errors.InvalidRequestError, match="no column 'psrn'"):
        made.export(tmp_path / "t.tex", columns=["psrn"])
    assert not list(tmp_path.glob("*.tex"))


@pytest.fixture
def session_of(tmp_path):
    """A sandbox of its own."""
    return nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "history", tell=lambda _: None)


def test_tables_have_what_was_scored(made, tmp_path):
    """CSV and Parquet have a row per cell with coordinates, outcome and figures; Parquet carries units and meanings."""
    rows = list(csv.DictReader(io.StringIO(made.export(tmp_path / "t.csv").read_text("utf-8-sig"))))
    frame = pandas.read_parquet(made.export(tmp_path / "t.parquet"))
    assert len(rows) == len(frame) == 12 and [row["status"] for row in rows] == list(frame["status"])
    assert float(rows[0][PSNR]) == frame[PSNR][0] == made.score("psnr").rows[0][PSNR]
    assert rows[11][PSNR] == "" and pandas.isna(frame[PSNR][11]) and rows[11]["category"] == "safety"
    import pyarrow.parquet

    about = json.loads(pyarrow.parquet.read_schema(tmp_path / "t.parquet").metadata[b"nb_banana"])
    assert about["units"]["seconds"] == "s" and about["columns"]["seconds"]


def test_half_a_character_is_in_every_kind_of_file(photo, session_of, tmp_path):
    """Half an emoji, cut by another program, is sent as U+FFFD and stands so in names, steps and columns: nothing paid is stuck."""
    plans = [
        nb.compare({"cat \ud83d": photo}, {"night \ud83d": ["night \ud83d", "snow"], "day": "day \ud83d"}, session=session_of),
        nb.compare([{"image": photo, "prompt": "night \ud83d", "kind \ud83d": "hard \ud83d"}, {"image": photo, "prompt": "snow"}], session=session_of),
    ]
    for number, plan in enumerate(plans):
        plan.run()
        for kind in (".csv", ".html", ".tex", ".parquet", ".zip", ".png", ".pdf"):
            assert plan.export(tmp_path / f"{number}{kind}", columns=["seconds"] if kind == ".tex" else None).stat().st_size
        assert len(list(plan.export(f"{tmp_path / str(number)}/").iterdir())) >= 2
        assert "night \ufffd" in set(plan.to_dataframe()["prompt"])
    replaced = nb.compare(photo, "night \ud83d", replace={"night \ud83d": "day"}, session=session_of)
    assert [cell.prompt for cell in replaced.cells] == ["night \ufffd", "day"]


def test_a_folder_has_originals_under_readable_names(made, tmp_path):
    """Byte for byte, named by number and coordinates; a list says which file is which; other people's folders are left alone."""
    place = made.export(f"{tmp_path}/results/")
    files = list(csv.DictReader(io.StringIO((place / "files.csv").read_text("utf-8-sig"))))
    assert len(files) == 12 and files[11]["file"] == "" and files[0]["input_file"] == "input-1-sea.png"
    assert files[0]["file"].startswith("00-sea.png-night-nano-banana") and "沙滩" in files[6]["file"]
    assert (place / "images" / files[0]["file"]).read_bytes() == made[0].image.data
    assert json.loads((place / "about.json").read_text())["cells"] == {"done": 11, "failed": 1}
    assert made.export(f"{tmp_path}/results/") == place  # once more over its own
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(nb.errors.InvalidRequestError, match="holds other files"):
        made.export(tmp_path / "thesis")
    assert [one.name for one in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


def test_a_folder_holds_the_pictures_of_one_comparison(tmp_path, photo, session_of):
    """A comparison that grew leaves no second copy under an older name; over the folder of another one nothing is written and nothing lost; a person's own file stays."""
    first = nb.compare(photo, ["make it night", "make it snow"], session=session_of).run()
    place = first.export(f"{tmp_path}/results/")
    kept = {path.name: path.read_bytes() for path in (place / "images").iterdir()}
    other = nb.compare(None, "a boat", session=session_of).run()
    with pytest.raises(nb.errors.InvalidRequestError, match=r"not of this comparison, such as '0-make-it-night\.png'; nothing was written"):
        other.export(place)
    assert {path.name: path.read_bytes() for path in (place / "images").iterdir()} == kept
    (place / "images" / "mine.txt").write_text("mine")
    grown = nb.compare(photo, ["make it night", "make it snow"], models=["nano-banana-pro", "nano-banana"], session=session_of).run()
    grown.export(place)
    files = list(csv.DictReader(io.StringIO((place / "files.csv").read_text("utf-8-sig"))))
    named = {row[column] for row in files for column in ("file", "input_file")}
    assert {path.name for path in (place / "images").iterdir()} == {*named, "mine.txt"} and len(named) == 5


def test_sheets_are_pages_of_a_pdf_and_one_tall_picture(tmp_path, session_of):
    """Thirty results are two sheets: two pages, or one picture with both; too many for one picture are told."""
    plan = nb.compare(None, [f"a boat number {number}" for number in range(30)], image_sizes="1K", session=session_of).run()
    pdf = plan.export(tmp_path / "s.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == 2
    tall = Image.open(plan.export(tmp_path / "s.png"))
    assert tall.width > 1200 and tall.height > tall.width


def test_the_bundle_loads_elsewhere_with_its_figures(made, tmp_path):
    """The zip has the scored table and the methods beside plan, records and program; elsewhere it shows without a key, with the same figures, findings and columns."""
    path = made.export(tmp_path / "all.zip")
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        assert {"table.csv", "columns.csv", "methods.txt", "reproduce.py", "comparison_about.json", "records.jsonl"} <= names
        assert PSNR in archive.read("table.csv").decode("utf-8-sig").splitlines()[0]
        assert archive.read("methods.txt").decode().strip() == made.methods()
    other = nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "other", tell=lambda _: None)
    loaded = Comparison.load(path, session=other)
    assert [type(one) for one in loaded] == [type(one) for one in made]
    first, second = made.to_dataframe(), loaded.to_dataframe()
    scored = list(first.columns)[list(first.columns).index(PSNR) :]
    assert len(scored) == 4 and list(second.columns) == list(first.columns)
    pandas.testing.assert_frame_equal(first[scored], second[scored], check_dtype=False)
    assert str(loaded.contrast(PSNR)) == str(made.contrast(PSNR))
    again = loaded.export(tmp_path / "again.csv").read_text("utf-8-sig").splitlines()[0]
    assert again == made.export(tmp_path / "first.csv").read_text("utf-8-sig").splitlines()[0]


def test_a_bundle_says_elsewhere_what_it_said_at_home(tmp_path, photo):
    """Failures keep their provider and wire, cells that could not be asked their reason, and what may be billed is said, whoever reads the zip; written again it says the same, run there it asks them all, and older zips load."""
    with serve(fault=[None, "safety"]) as server:
        session = nb.Session(nb.Endpoint(server.url, "sk-report-Qx7Lm2Vb9Tz4Kd8Wp3", wire="openai"), folder=tmp_path / "history", tell=lambda _: None, retries=0)
        plan = nb.compare(photo, ["Make it night", "Make it snow"], models="pro", image_sizes=[None, "4K"], session=session).run(concurrency=1, order="plan")
    assert [plan.is_impossible(cell) for cell in plan.cells] == [False, True, False, True] and "may be billed too" in plan.methods()
    told, rows = plan.methods(), list(plan.to_dataframe()[["status", "provider", "wire", "error"]].itertuples(index=False, name=None))
    assert "can't be asked: bad_request 2" in told and "provider: custom; wire: openai" in told
    path = plan.export(tmp_path / "1.zip")
    for number in (2, 3):
        elsewhere = nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / f"history-{number}", tell=lambda _: None)
        loaded = Comparison.load(path, session=elsewhere)
        assert loaded.methods() == told and repr(loaded).splitlines()[0] == repr(plan).splitlines()[0]
        assert list(loaded.to_dataframe()[["status", "provider", "wire", "error"]].itertuples(index=False, name=None)) == rows
        path = loaded.export(tmp_path / f"{number}.zip")
    old = with_plan(path, lambda plan: [cell.pop(name, None) for cell in plan["cells"] for name in ("spoken", "impossible")])
    assert isinstance(Comparison.load(old, session=elsewhere)[2], nb.errors.NanoBananaError)
    assert set(loaded.run().to_dataframe()["status"]) == {"done"}


def test_no_file_for_others_tells_where_something_lay(tmp_path, clean_place, photo, session_of):
    """An input that is missing is named in the table, the page, the bundle and the folder without the folders it was looked for in; on the screen its whole path stands."""
    secret = tmp_path / "Ann Smith" / "pics" / "none.png"
    plan = nb.compare([photo, secret, "gone.png"], "Make it night", session=session_of).run()
    assert str(secret) in str(plan[1])
    written = [plan.export(tmp_path / f"all{ending}") for ending in (".csv", ".html", ".zip")]
    texts = [path.read_text("utf-8", errors="replace") for path in written[:2]]
    with zipfile.ZipFile(written[2]) as archive:
        texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if not name.startswith("images/")]
    texts += [path.read_text("utf-8") for path in plan.export(f"{tmp_path}/all/").glob("*.*")]
    assert sum("none.png" in text for text in texts) >= 4
    for place in (secret.parent, clean_place, tmp_path):
        assert not [text for text in texts if str(place) in text or "Ann Smith" in text], place


def test_methods_tell_the_facts_and_what_was_left_out(made):
    """Counts, models asked and answered, interface, span in UTC, the one refusal, unit and statistics; the sandbox is said; both languages; twice the same."""
    told = made.methods()
    for fact in (
        "12 edits", "2 inputs, 3 prompts", "nano-banana; nano-banana-pro", "gemini-2.5-flash-image", "provider: sandbox", "wire: gemini",
        "11 edits brought a picture and 1 did not (safety 1)", "(image, prompt) pair", "Holm", "say nothing about any model", "SSIM",
    ):  # fmt: skip
        assert fact in told, fact
    chinese = made.methods(lang="zh")
    assert "11 次编辑得到图片，1 次没有（safety 1）" in chinese and "统计单位" in chinese and chinese == made.methods(lang="zh")


def test_methods_of_failures_alone_claim_no_pictures(photo):
    """Where every edit was refused no picture is said to have been made at any time."""
    with nb.Session(nb.Endpoint.sandbox(fault="safety"), tell=lambda _: None, retries=0) as session:
        told = nb.compare(photo, ["make it night", "make it snow"], session=session).run().methods()
    assert "pictures were made between" not in told and "safety 2" in told


def test_methods_count_inputs_and_prompts_by_what_they_are(photo, session_of):
    """A chain is one prompt however many steps it has, a picture from words has no input, and one picture given twice is one."""
    night, told = "Make it night", lambda *given: nb.compare(*given, session=session_of).methods()
    assert " 0 inputs, 2 prompts" in told(None, ["a boat", "a cow"])
    assert " 1 inputs, 1 prompts" in told(photo, [[night, "Add a hat", "Make it warm"]])
    assert " 1 inputs, 2 prompts" in told([photo, photo], [[night, "Add a hat"], [night, "Make it snow"]])


def test_methods_say_what_may_be_billed_without_a_picture(tmp_path, photo):
    """The sum is of the pictures; refused edits that may be billed are said beside it, in the paragraph, the LaTeX and the zip as in the headline."""
    words = response(json.dumps({"candidates": [{"content": {"parts": [{"text": "I can not do that."}]}, "finishReason": "STOP"}]}).encode())
    with serving(sends(response(answer()), words)) as server:
        session = nb.Session(nb.Endpoint(server.url, "sk-report-Qx7Lm2Vb9Tz4Kd8Wp3"), folder=tmp_path / "history", tell=lambda _: None, retries=0)
        plan = nb.compare(photo, "Make it night", takes=3, models="nb", session=session).run(concurrency=1, order="plan")
    assert "2 failed may be billed" in repr(plan) and "no picture 2 may be billed too" in plan.methods()
    written = plan.export(tmp_path / "all.zip")
    with zipfile.ZipFile(written) as archive:
        assert "no picture 2 may be billed too" in archive.read("methods.txt").decode()
    assert "2 次也可能已计费" in plan.methods(lang="zh")


@pytest.mark.parametrize("ending", [".zip", ".csv", "/"])
def test_a_column_that_is_not_there_is_no_unit(made, tmp_path, ending):
    """A slip in `unit` is refused before anything is written, with and without an axis, also where no figure is read; so is a turn that no chain has."""
    for how in ({"by": "model", "unit": "scnee"}, {"unit": "scnee"}, {"turn": 7}):
        with pytest.raises(nb.errors.InvalidRequestError, match=r"'scnee'|turn 7"):
            made.export(f"{tmp_path}/all{ending}", **how)
        with pytest.raises(nb.errors.InvalidRequestError, match=r"'scnee'|turn 7"):
            made.methods(**how)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cant_be_written_leaves_the_old_one(made, tmp_path):
    """A name under a file is told with the reason; an export that fails halfway leaves what was there."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(nb.errors.InvalidRequestError, match="file"):
        made.export(tmp_path / "file" / "all.html")
    old = tmp_path / "t.tex"
    old.write_text("old")
    with pytest.raises(nb.errors.InvalidRequestError):
        made.export(old, columns=["nothing"])
    assert old.read_text() == "old"
