"""Every benchmark: a copy in its layout is read, results go where its script reads them, a folder is checked."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pyarrow
import pyarrow.ipc
import pyarrow.parquet
import pytest
from miniatures import MADE, gedit, magicbrush, picture, rise, write_json, write_lines
from PIL import Image

import nb_banana as nb
from nb_banana._cli import main
from nb_banana.errors import InvalidRequestError, SafetyError

SIZES = {"gedit": 4, "gedit-v2": 3, "imgedit": 3, "imgedit-uge": 2, "rise": 8, "kris": 4, "magicbrush": 4, "pie": 3, "csv": 2, "imgedit-multiturn": 2, "ti2i": 3}
# Where each official script opens the first item's result, below the method's folder.
WHERE = {
    "gedit": "fullset/color_alter/en/a1.png",
    "gedit-v2": "color_alter_000000.png",
    "imgedit": "1.png",
    "imgedit-uge": "1.png",
    "rise": "images/temporal_reasoning/temporal_reasoning_1.png",
    "kris": "count_change/1.jpg",
    "magicbrush": "10/10_1.png",
    "pie": "annotation_images/0_random_140/000000000000.jpg",
    "csv": "one.png",
    "imgedit-multiturn": "content_memory/1_1.png",
    "ti2i": "husky-sketch_17_0.png",
}


def came(bench, path: Path) -> dict:
    """The same picture for every item, for every step of it."""
    return {one.key: [path] * len(one.steps) if len(one.steps) > 1 else path for one in bench.items}


def kinds(check) -> list[tuple[str, str]]:
    return sorted((one.kind, one.trap) for one in check)


@pytest.mark.parametrize("name", MADE)
def test_results_go_where_the_script_reads_them_and_the_check_has_nothing_to_say(made, tmp_path, name):
    """From a copy to a folder that the official script would take whole, for every benchmark."""
    bench = nb.bench.load(name, made(name))
    assert (len(bench), bench.is_subset) == (SIZES[name], False)
    of_copy = {"kris": [("misleading", "T8")], "ti2i": [("misleading", "ti2i-descriptions"), ("skipped", "ti2i-nameless")]}
    assert kinds(bench.check()) == of_copy.get(name, [])
    size = (512, 512) if name == "pie" else (48, 32)
    written = bench.write(came(bench, picture(tmp_path / "came.png", size, "navy")), tmp_path / "out", method="mine")
    assert list(written) == []
    with Image.open(written.folder / WHERE[name]) as picture_there:
        assert picture_there.format == ("JPEG" if WHERE[name].endswith(".jpg") else "PNG")
    check = bench.check(written.folder)
    expected = {"gedit-v2": [("skipped", "v2-200")], "pie": [("stops", "pie-dict")]}
    assert (kinds(check), check.found) == (expected.get(name, []), check.expected)
    if name not in expected:
        assert repr(check) == f"Nothing to say: {check.found} of {check.expected} pictures are where the script reads them."


def test_ti2i_finds_its_pictures_by_the_end_of_their_path_and_puts_nothing_before_a_description(made):
    """Another folder and other letters in front; one item for each description, sent as it is; a folder up is never followed."""
    folder = made("ti2i")
    items = nb.bench.load("ti2i", folder).items
    assert [one.prompt for one in items] == ["a photo of a husky", "a photo of a fox", "a photo of a panda"]
    assert [one.images[0].relative_to(folder).as_posix() for one in items] == ["husky/sketch_17.jpg"] * 2 + ["panda/cartoon_30.jpg"]
    (folder / "imnetr-ti2i.yaml").write_text("- {init_img: ../../secret.png, target_prompts: [x]}")
    picture(folder.parent.parent / "secret.png")
    assert nb.bench.load("ti2i", folder).items[0].images[0] == folder / "secret.png"
    (folder / "imnetr-ti2i.yaml").write_text("- !!python/object/apply:os.system [ls]")
    with pytest.raises(InvalidRequestError, match="can't be read"):
        nb.bench.load("ti2i", folder)


def test_turns_for_people_are_chains_by_kind(made):
    """ImgEdit Multi-Turn: two or three steps as they are listed, the list's name is the kind."""
    bench = nb.bench.load("imgedit-multiturn", made("imgedit-multiturn"))
    assert [(one.key, one.task, len(one.steps)) for one in bench.items] == [
        ("content_memory/1", "content_memory", 3), ("version_backtracking/1", "version_backtracking", 2),
    ]  # fmt: skip
    assert bench.table()[1]["prompt"] == ["Make it red", "Undo that"]


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_gedit_is_unpacked_from_its_own_files(tmp_path, kind):
    """Parquet as it is downloaded, Arrow as it is cached: a PNG byte for byte, a JPEG's pixels, all fields; then it loads. Twice into one folder is refused."""
    pngs = [picture(tmp_path / "raw" / f"{name}.{suffix}", (20, 10), name).read_bytes() for name, suffix in (("red", "png"), ("blue", "jpg"))]
    rows = [
        {"task_type": "color_alter", "key": f"k{at}", "instruction": "把它变红", "instruction_language": "cn", "Intersection_exist": bool(at),
         "input_image": {"bytes": data, "path": None}, "input_image_raw": {"bytes": b"no", "path": None}}
        for at, data in enumerate(pngs)
    ]  # fmt: skip
    table, source = pyarrow.Table.from_pylist(rows), tmp_path / "download"
    source.mkdir()
    if kind == "parquet":
        pyarrow.parquet.write_table(table, source / "train-00000.parquet")
    else:
        with pyarrow.ipc.new_stream(str(source / "data.arrow"), table.schema) as stream:
            stream.write_table(table)
    with pytest.raises(InvalidRequestError, match="unpacked first"):
        nb.bench.load("gedit", source)
    folder = nb.bench.unpack(source, tmp_path / "copy")
    bench = nb.bench.load("gedit", folder)
    assert [(one.key, one.prompt, one.facts["Intersection_exist"]) for one in bench.items] == [
        ("color_alter/cn/k0", "把它变红", False), ("color_alter/cn/k1", "把它变红", True),
    ]  # fmt: skip
    assert bench.items[0].images[0].read_bytes() == pngs[0] and list(bench.check()) == []
    with Image.open(bench.items[1].images[0]) as read, Image.open(tmp_path / "raw" / "blue.jpg") as raw:
        assert read.format == "PNG" and read.tobytes() == raw.tobytes()
    with pytest.raises(InvalidRequestError, match=r"info\.jsonl already"):
        nb.bench.unpack(source, folder)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InvalidRequestError, match=r"bad\.parquet.*can't be read"):
        nb.bench.unpack(tmp_path / "bad.parquet", tmp_path / "other")


def test_any_picture_and_any_words_are_unpacked_as_they_are(tmp_path):
    """A turned JPEG stands upright, CMYK becomes RGB, a line separator in the words and a key 0 stay; one key for two pictures is refused."""
    turned, inks = Image.new("RGB", (40, 20), "red"), io.BytesIO()
    exif, jpeg = turned.getexif(), io.BytesIO()
    exif[0x0112] = 6
    turned.save(jpeg, "JPEG", exif=exif)
    Image.new("CMYK", (40, 20)).save(inks, "JPEG")
    words = {"task_type": "color_alter", "instruction": "red\u2028and blue", "instruction_language": "en", "Intersection_exist": True}
    rows = [{**words, "key": at, "input_image": {"bytes": one.getvalue()}} for at, one in enumerate((jpeg, inks))]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    bench = nb.bench.load("gedit", nb.bench.unpack(tmp_path / "a.parquet", tmp_path / "copy"))
    assert [(one.name, one.prompt) for one in bench.items] == [("0", "red\u2028and blue"), ("1", "red\u2028and blue")]
    assert [Image.open(one.images[0]).size for one in bench.items] == [(20, 40), (40, 20)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{**row, "key": "k"} for row in rows]), tmp_path / "b.parquet")
    with pytest.raises(InvalidRequestError, match="two items are called k"):
        nb.bench.unpack(tmp_path / "b.parquet", tmp_path / "other")


@pytest.mark.parametrize(("name", "file", "text"), [
    ("magicbrush", "edit_sessions.json", '{"1": null}'), ("magicbrush", "edit_sessions.json", "[" * 100_000),
    ("rise", "data_total.json", '[{"index": 1, "category": "c", "instruction": "i", "image": "a.png", "reference_img": ["a"]}]'),
])  # fmt: skip
@pytest.mark.usefixtures("uncollected")
def test_a_field_of_another_kind_is_said_of_its_file(tmp_path, name, file, text):
    """Whatever an adapter stumbles over is a sentence that names the copy, and no traceback."""
    (tmp_path / file).write_text(text)
    with pytest.raises(InvalidRequestError, match=re.escape(str(tmp_path))):
        nb.bench.load(name, tmp_path)


def test_items_carry_what_a_plan_needs(made):
    """Prompt, pictures, task, language and the item's name are in the rows for nb.compare, several pictures as a list."""
    rows = nb.bench.load("kris", made("kris")).table()
    assert rows[0]["prompt"] == "Change 1"
    assert rows[0]["item"] == "count_change/1"
    assert isinstance(rows[0]["image"], str)
    assert [Path(one).name for one in rows[2]["image"]] == ["1-1.jpg", "1-2.jpg"]
    row = nb.bench.load("gedit", made("gedit")).table()[3]
    assert (row["task"], row["language"], row["item"]) == ("color_alter", "cn", "color_alter/cn/c1")


def test_a_session_of_turns_is_a_chain_and_single_turns(made):
    """MagicBrush: all turns as a chain, and each later one by itself from the true picture before it."""
    bench = nb.bench.load("magicbrush", made("magicbrush"))
    assert [(one.key, len(one.steps), one.images[0].name) for one in bench.items] == [
        ("10", 3, "10-input.png"), ("10/2", 1, "10-output1.png"), ("10/3", 1, "10-output2.png"), ("20", 1, "20-input.png"),
    ]  # fmt: skip
    assert bench.table()[0]["prompt"] == ["Turn 1", "Turn 2", "Turn 3"]


def test_a_chain_is_written_as_the_script_names_its_turns(made, tmp_path, draw_photo):
    """`_1`, `_inde_N` from single edits and `_iter_N` from a real chain, which then counts as complete."""
    bench = nb.bench.load("magicbrush", made("magicbrush"))
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        chain = nb.chain(bench.items[0].images[0], session=session)
        for step in bench.items[0].steps:
            chain = chain.edit(step)
        planned = bench.compare(models="nano-banana", session=session).run()
    told = bench.write(planned, tmp_path / "planned", method="m")
    assert list(told) == [] and "6 pictures are the sandbox's: no model made them" in str(told.notes)
    assert list(bench.check(tmp_path / "planned/m")) == []
    single = picture(tmp_path / "single.png")
    written = bench.write({"10": chain, "10/2": single, "10/3": single, "20": single}, tmp_path / "out", method="m")
    names = sorted(str(path.relative_to(written.folder)) for path in written.paths)
    assert names == ["10/10_1.png", "10/10_inde_2.png", "10/10_inde_3.png", "10/10_iter_2.png", "10/10_iter_3.png", "20/20_1.png"]
    assert (written.folder / "10/10_iter_3.png").read_bytes() == chain[2].image.data


def test_masks_of_runs_are_drawn_as_the_script_draws_them(made):
    """PIE: pairs of start and length over 512×512, cut at the end, the border forced to white."""
    mask = nb.bench.load("pie", made("pie")).items[0].mask_image().to_pil()
    assert mask.size == (512, 512)
    inside = {(x, y) for x in range(1, 511) for y in range(1, 511) if mask.getpixel((x, y)) == 255}
    assert inside == {(x, 100) for x in range(100, 150)}
    assert {mask.getpixel(at) for at in ((0, 77), (511, 77), (77, 0), (77, 511))} == {255}


def test_a_subset_is_the_same_everywhere_and_keeps_every_group(tmp_path):
    """Drawn by hash: the same on every machine, in proportion, at least one of each group, another seed another part."""
    rows = [{"key": f"{task}{n}", "image": "a.png", "prompt": "x", "task": task}
            for task, count in (("big", 60), ("middle", 30), ("tiny", 2)) for n in range(count)]  # fmt: skip
    (tmp_path / "list.jsonl").write_text("\n".join(map(json.dumps, rows)))
    picture(tmp_path / "a.png")
    bench = nb.bench.load("csv", tmp_path)
    part = bench.subset(12, seed=3)
    assert Counter(one.task for one in part.items) == {"big": 7, "middle": 4, "tiny": 1}
    assert part.items == bench.subset(12, seed=3).items != bench.subset(12, seed=4).items
    assert [one.key for one in bench.subset(3, "", 0).items] == ["big31", "big32", "middle20"]
    assert part.is_subset and "12 of 92 items" in repr(part)
    assert bench.subset(1000).items == bench.items
    with pytest.raises(InvalidRequestError, match="limit is 0"):
        bench.subset(0)
    with pytest.raises(InvalidRequestError, match="“colour” to stratify"):
        bench.subset(3, "colour")


def test_a_subset_comes_with_its_list_where_the_script_would_end(made, tmp_path):
    """A script that reads the whole list ends at the first missing picture, so the subset's own list is written."""
    part = nb.bench.load("rise", made("rise")).subset(4)
    written = part.write(came(part, picture(tmp_path / "x.png")), tmp_path / "out", method="m")
    assert [row["index"] for row in json.loads((tmp_path / "out/subset_data.json").read_text())] == [one.key for one in part.items]
    assert "subset_data.json" in repr(written) and list(part.check(written.folder)) == []
    (tmp_path / "out/subset_data.json").unlink()
    assert kinds(part.check(written.folder)) == [("stops", "subset")]


def test_a_comparison_on_the_sandbox_becomes_a_folder(made, tmp_path):
    """Plan, run, write, check: refused cells are in the answer and not on disk, and their inputs neither."""
    bench = nb.bench.load("gedit", made("gedit"))
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        plan = bench.compare(models=["nano-banana-pro", "nano-banana"], session=session)
        assert [cell.columns["item"] for cell in plan.cells] == [one.key for one in bench.items for _ in range(2)]
        plan.run(concurrency=1)
        with pytest.raises(InvalidRequestError, match="model='nano-banana-pro' / 'nano-banana'"):
            bench.write(plan, tmp_path / "out", method="both")
        assert not (tmp_path / "out").exists()
        written = bench.write(plan, tmp_path / "out", method="pro", model="nano-banana-pro")
        assert (len(written.paths), list(written)) == (8, [])
        zipped = plan.export(tmp_path / "plan.zip")
        again = nb.Comparison.load(zipped, session=session)
    assert list(bench.write(again, tmp_path / "out", method="pro", model="nano-banana-pro")) == []
    refused = SafetyError("the picture was blocked")
    result = picture(tmp_path / "r.png")
    partly = bench.write({"color_alter/en/a1": refused, "color_alter/en/a2": result}, tmp_path / "out", method="other")
    assert [str(one) for one in partly] == [
        "color_alter/en/a1: the picture was blocked", "motion_change/en/b1: has not run", "color_alter/cn/c1: has not run",
    ]  # fmt: skip
    assert sorted(path.name for path in partly.folder.rglob("*.png")) == ["a2.png", "a2_SRCIMG.png"]


def test_what_is_no_outcome_of_a_benchmark_is_said(made, tmp_path):
    """A misspelt axis, a list and a single result are a sentence each, and nothing is written."""
    bench = nb.bench.load("gedit", made("gedit"))
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None) as session:
        plan = bench.compare(models=["nano-banana"], session=session)
        result = session.edit(picture(tmp_path / "r.png"), "Make it night")
    for came, where, sentence in (
        (plan, {"modle": "nano-banana"}, "'modle' is no axis of a comparison"),
        ([result], {}, "list is neither a comparison"), (result, {}, "EditResult is neither a comparison"),
    ):  # fmt: skip
        with pytest.raises(InvalidRequestError, match=sentence):
            bench.write(came, tmp_path / "out", method="m", **where)
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten_unasked(made, tmp_path):
    """Other bytes under a name are an error before anything is written; the same bytes are not."""
    bench = nb.bench.load("csv", made("csv"))
    red, blue = picture(tmp_path / "red.png", colour="red"), picture(tmp_path / "blue.png", colour="blue")
    bench.write({"two": red}, tmp_path / "out", method="m")
    bench.write({"two": red}, tmp_path / "out", method="m")
    with pytest.raises(InvalidRequestError, match="1 files hold something else already"):
        bench.write({"one": blue, "two": blue}, tmp_path / "out", method="m")
    assert not (tmp_path / "out/m/one.png").exists()
    bench.write({"two": blue}, tmp_path / "out", method="m", replace=True)
    assert (tmp_path / "out/m/two.png").read_bytes() == blue.read_bytes()
    with pytest.raises(InvalidRequestError, match=r"'\.\./up'"):
        bench.write({"two": red}, tmp_path / "out", method="../up")
    with pytest.raises(InvalidRequestError, match="'three' is no item"):
        bench.write({"three": red}, tmp_path / "out", method="m")


# --- the traps of layouts ---------------------------------------------------------------------------


def full(made, tmp_path, name):
    """A benchmark and a complete folder of results."""
    bench = nb.bench.load(name, made(name))
    size = (512, 512) if name == "pie" else (48, 32)
    home = bench.write(came(bench, picture(tmp_path / "came.png", size, "navy")), tmp_path / "out", method="mine").folder
    return bench, home


def test_gedit_skips_an_item_without_its_source_and_one_under_another_suffix(made, tmp_path):
    """The source must lie beside the result, both as .png, or the item is skipped without an error."""
    bench, home = full(made, tmp_path, "gedit")
    (home / "fullset/color_alter/en/a1_SRCIMG.png").unlink()
    (home / "fullset/color_alter/en/a2.png").rename(home / "fullset/color_alter/en/a2.webp")
    (home / "fullset/motion_change/en/b1.png").unlink()
    assert kinds(bench.check(home)) == [("skipped", "missing"), ("skipped", "source"), ("skipped", "suffix")]


def test_gedit_calls_chinese_cn(made, tmp_path):
    """Trap 2: results in a folder `zh` are never matched."""
    bench, home = full(made, tmp_path, "gedit")
    shutil.move(home / "fullset/color_alter/cn", home / "fullset/color_alter/zh")
    assert kinds(bench.check(home)) == [("skipped", "missing"), ("skipped", "source"), ("unread", "T2")]
    assert [one[:4] for one in bench.traps] == ["[T1]", "[T2]", "[T3]"]


def test_a_result_of_another_shape_is_squeezed(made, tmp_path):
    """GEdit resizes results to the source's size whatever their shape."""
    bench, home = full(made, tmp_path, "gedit")
    picture(home / "fullset/color_alter/en/a1.png", (64, 64))
    [one] = bench.check(home)
    assert (one.kind, one.trap, one.told) == ("altered", "squeezed", "64×64 is brought to the size 48×32, which is of another shape")


def test_paths_may_be_relative(made, monkeypatch, tmp_path):
    """A copy in the working directory, results beside it: both as a person types them."""
    monkeypatch.chdir(made("imgedit"))
    bench = nb.bench.load("imgedit", ".")
    written = bench.write(came(bench, picture(tmp_path / "x.png")), "results", method="m")
    assert [str(path) for path in written.paths] == ["results/m/1.png", "results/m/2.png", "results/m/3.png"]
    assert list(bench.check("results/m")) == [] == list(bench.check())


def test_what_belongs_to_no_item_is_never_read(made, tmp_path):
    """A picture under a name of its own is not found by any item."""
    bench, home = full(made, tmp_path, "imgedit")
    picture(home / "4.png")
    assert kinds(bench.check(home)) == [("unread", "unmatched")]


@pytest.mark.parametrize(("name", "file", "told"), [("imgedit", "1.png", "image/jpeg"), ("kris", "count_change/1.jpg", "image/png")])
def test_bytes_of_another_type_mislead_the_judge(made, tmp_path, name, file, told):
    """Trap 14: JPEG bytes named .png go out as image/png, and the other way round; write() converts."""
    bench, home = full(made, tmp_path, name)
    other = picture(tmp_path / ("o.jpg" if file.endswith("png") else "o.png"))
    shutil.copy(other, home / file)
    [one] = bench.check(home)
    assert (one.kind, one.trap) == ("misleading", "T14") and told in one.told


def test_rise_finds_jpegs_as_they_came_and_ends_without_one(made, tmp_path):
    """RISE takes .png, .jpg and .jpeg, so bytes stay as they came; a missing picture ends the script."""
    bench = nb.bench.load("rise", made("rise"))
    jpeg = picture(tmp_path / "came.jpg")
    home = bench.write(came(bench, jpeg), tmp_path / "out", method="m").folder
    first = home / "images/temporal_reasoning/temporal_reasoning_1.jpg"
    assert first.read_bytes() == jpeg.read_bytes() and list(bench.check(home)) == []
    first.unlink()
    assert kinds(bench.check(home)) == [("stops", "missing")]


def test_the_list_of_64_ends_the_rise_script(tmp_path):
    """Trap 10: the repository's own list has no reasoning_img, and no subtask either."""
    check = nb.bench.load("rise", rise(tmp_path, full=False)).check()
    assert kinds(check) == [("stops", "T10"), ("stops", "T10")]
    assert "KeyError at the first spatial item" in repr(check)


def test_kris_wants_jpegs_in_the_newer_folders_and_reads_other_fields(made, tmp_path):
    """Traps 8 and 9: the scripts' field names and the older one's folders are not those of the data."""
    bench, home = full(made, tmp_path, "kris")
    assert kinds(bench.check()) == [("misleading", "T8")]
    shutil.move(home / "count_change", home / "object_count")
    assert kinds(bench.check(home)) == [("skipped", "missing")] * 2 + [("unread", "T9")]
    shutil.move(home / "object_count", home / "count_change")
    (home / "count_change/1.jpg").rename(home / "count_change/1.png")
    assert kinds(bench.check(home)) == [("skipped", "suffix")]


def test_magicbrush_counts_sessions_and_turns(made, tmp_path):
    """A folder too many, a turn too many or too few: the script ends with a ValueError."""
    bench, home = full(made, tmp_path, "magicbrush")
    (home / "30").mkdir()
    picture(home / "10/10_inde_4.png")
    assert kinds(bench.check(home)) == [("stops", "turns"), ("stops", "turns")]
    (home / "30").rmdir()
    (home / "10/10_inde_4.png").unlink()
    (home / "10/10_iter_3.png").unlink()
    assert kinds(bench.check(home)) == [("stops", "missing")]
    (bench.folder / "images/10/10-output2.png").unlink()
    assert ("stops", "missing") in kinds(nb.bench.load("magicbrush", bench.folder).check())


def test_pie_crops_what_is_not_square_and_fails_on_other_sizes(made, tmp_path):
    """Trap 13: said before, and mended by write(), which also says what it did."""
    bench, home = full(made, tmp_path, "pie")
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation/evaluate.py").write_text('{"mine": "output/mine/annotation_images"}')
    assert list(bench.check(home)) == []
    wide = picture(home / "annotation_images/0_random_140/000000000000.jpg", (800, 600))
    large = picture(home / "annotation_images/0_random_140/000000000001.jpg", (1024, 1024))
    assert {Path(one.path).name: (one.kind, one.trap) for one in bench.check(home)} == {
        wide.name: ("altered", "T13"), large.name: ("stops", "T13"),
    }  # fmt: skip
    keys = [one.key for one in bench.items]
    written = bench.write(dict(zip(keys, (wide, large))), tmp_path / "other", method="m")
    assert ["squeezed" in note or "resized" in note for note in written.notes] == [True, True, False]
    assert {Image.open(path).size for path in written.paths} == {(512, 512)}


def test_gedit_v2_sees_only_what_its_list_names(made, tmp_path):
    """The list written names the method's pictures beside the gallery's others; the gallery's own stays as it was."""
    bench = nb.bench.load("gedit-v2", made("gedit-v2"))
    gallery = tmp_path / "gallery"
    rows = [{"key": one.key, "candidates": [{"model": "OmniGen2", "image": f"OmniGen2/{one.key}.png"}]} for one in bench.items]
    before = write_lines(gallery / "metadata.jsonl", rows).read_bytes()
    keys = [one.key for one in bench.items]
    written = bench.write({keys[0]: picture(tmp_path / "x.png"), keys[1]: SafetyError("blocked")}, gallery, method="mine")
    listed = [json.loads(line) for line in (gallery / "metadata_mine.jsonl").read_text().splitlines()]
    assert [[one["model"] for one in row["candidates"]] for row in listed] == [["OmniGen2", "mine"], ["OmniGen2"], ["OmniGen2"]]
    assert (gallery / listed[0]["candidates"][1]["image"]).is_file()
    assert (gallery / "metadata.jsonl").read_bytes() == before
    write_lines(gallery / "metadata_mine.jsonl", listed[:2])
    assert ("stops", "v2-candidates") in kinds(bench.check(written.folder))
    (gallery / "metadata_mine.jsonl").unlink()
    assert ("unread", "v2-candidates") in kinds(bench.check(written.folder))


def test_what_was_refused_is_not_in_the_scripts_list(made, tmp_path):
    """ImgEdit's step 1 ends at a missing picture, so the whole set too has a list where something was refused."""
    bench = nb.bench.load("imgedit", made("imgedit"))
    found = came(bench, picture(tmp_path / "x.png")) | {"2": SafetyError("blocked")}
    bench.write(found, tmp_path / "out", method="m")
    assert list(json.loads((tmp_path / "out/subset_basic_edit.json").read_text())) == ["1", "3"]


def test_a_damaged_picture_is_found(made, tmp_path):
    """A file cut short would end the script after hours."""
    bench, home = full(made, tmp_path, "imgedit")
    whole = (home / "1.png").read_bytes()
    (home / "1.png").write_bytes(whole[: len(whole) // 2])
    assert kinds(bench.check(home)) == [("stops", "unreadable")]


def test_a_stale_picture_is_not_what_rise_reads_on(made, tmp_path):
    """The script looks for .png first: a newer .jpg beside it would never be read, so it replaces it or is refused."""
    bench = nb.bench.load("rise", made("rise"))
    key = bench.items[0].key
    old = bench.write({key: picture(tmp_path / "a.png")}, tmp_path / "out", method="m").paths[0]
    jpeg = picture(tmp_path / "b.jpg", colour="red")
    with pytest.raises(InvalidRequestError, match="hold something else"):
        bench.write({key: jpeg}, tmp_path / "out", method="m")
    bench.write({key: jpeg}, tmp_path / "out", method="m", replace=True)
    assert [path.name for path in old.parent.iterdir()] == [old.name]
    with Image.open(old) as now:
        assert now.getpixel((5, 5))[0] > 200


def test_an_item_without_its_input_is_not_written(made, tmp_path):
    """GEdit wants the input beside the result: without it the item would be skipped, so it is in the answer."""
    bench = nb.bench.load("gedit", made("gedit"))
    bench.items[0].images[0].unlink()
    written = bench.write(came(bench, picture(tmp_path / "x.png")), tmp_path / "out", method="m")
    assert [one.key for one in written] == ["color_alter/en/a1"] and len(written.paths) == 6
    assert kinds(bench.check()) == [("stops", "missing")]


def test_a_list_from_elsewhere_names_no_other_files(tmp_path):
    """A benchmark's list can neither send a picture from outside its folder nor write outside the results'."""
    picture(tmp_path / "private.png")
    write_json(tmp_path / "b/basic_edit.json", {"1": {"id": "../private.png", "prompt": "x", "edit_type": "add"}})
    with pytest.raises(InvalidRequestError, match="not below"):
        nb.bench.load("imgedit", tmp_path / "b")
    picture(tmp_path / "b/1.png")
    write_json(tmp_path / "b/basic_edit.json", {"../../up": {"id": "1.png", "prompt": "x", "edit_type": "add"}})
    bench = nb.bench.load("imgedit", tmp_path / "b")
    with pytest.raises(InvalidRequestError, match="not below"):
        bench.write({"../../up": tmp_path / "private.png"}, tmp_path / "out", method="m")
    assert not (tmp_path / "up.png").exists()


# --- odd copies and the terminal ----------------------------------------------------------------------


def test_an_odd_copy_is_named_with_the_next_step(tmp_path):
    """Parquet, a missing list, a missing field, a broken line and an unknown benchmark: the file and what to do."""
    (tmp_path / "p/data").mkdir(parents=True)
    (tmp_path / "p/data/train-00000.parquet").write_bytes(b"PAR1")
    with pytest.raises(InvalidRequestError, match=r"train-00000\.parquet.*\n.*nb\.bench\.unpack"):
        nb.bench.load("gedit", tmp_path / "p")
    with pytest.raises(InvalidRequestError, match=r"basic_edit\.json in it"):
        nb.bench.load("imgedit", tmp_path / "p")
    write_json(tmp_path / "p/basic_edit.json", {"1": {"id": "1.jpg", "prompt": "x"}})
    with pytest.raises(InvalidRequestError, match=r"1 has no field “edit_type”.\nIts fields are: id, prompt\."):
        nb.bench.load("imgedit", tmp_path / "p")
    (tmp_path / "p/info.jsonl").write_text('{"task_type": 1}\n{broken\n')
    with pytest.raises(InvalidRequestError, match=r"info\.jsonl"):
        nb.bench.load("gedit", tmp_path / "p")
    with pytest.raises(InvalidRequestError, match=r"'gedti'.\nThere are: gedit, gedit-v2"):
        nb.bench.load("gedti", tmp_path)
    (tmp_path / "twice.csv").write_text("key,image,prompt\na,x.png,one\na,x.png,two\n")
    with pytest.raises(InvalidRequestError, match="two items are called a"):
        nb.bench.load("csv", tmp_path / "twice.csv")


def test_the_terminal_checks_a_copy_and_results(tmp_path, made, capsys):
    """`nb-banana bench check`: 0 where there is nothing to say, 1 where there is, 2 for a wrong name."""
    bench, home = full(made, tmp_path, "gedit")
    assert main(["bench", "check", "gedit", str(bench.folder), str(home)]) == 0
    assert "Nothing to say: 4 of 4" in capsys.readouterr().out
    (home / "fullset/color_alter/en/a1.png").unlink()
    assert main(["bench", "check", "gedit", str(bench.folder), str(home)]) == 1
    assert "○ skipped" in capsys.readouterr().out
    listed = str(made("csv") / "list.csv")  # a list of one's own may be named itself
    assert main(["bench", "check", "csv", listed]) == 0 and "Nothing to say" in capsys.readouterr().out
    assert main(["--lang", "zh", "bench", "check", "gedti", str(bench.folder)]) == 2
    assert "没有名为" in capsys.readouterr().err


def test_licence_and_source_are_named(tmp_path):
    """A person sees under which terms the data are before anything is sent, and the makers' traps."""
    shown = repr(nb.bench.load("gedit", gedit(tmp_path / "g")))
    assert "4 of 4 items" in shown and "data: MIT" in shown and "570eba6" in shown and "TypeError at the first item" in shown
    assert "CC-BY-4.0" in repr(nb.bench.load("magicbrush", magicbrush(tmp_path / "m")))
    assert "magicbrush" in repr(nb.bench)
