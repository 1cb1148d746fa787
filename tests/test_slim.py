"""`nb-banana slim` on notebooks as people have them: matplotlib, PIL, attachments, widgets, and what is none of these."""

from __future__ import annotations

import base64
import io
import json
import shutil
from pathlib import Path

import nbformat
import pytest
from matplotlib.figure import Figure
from nbformat import v4
from PIL import Image, PngImagePlugin
from test_cli import banana

STATE = "application/vnd.jupyter.widget-state+json"


def png(picture, kind="PNG", **how):
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


@pytest.fixture(scope="module")
def photo_png():
    """A picture with a photo's grain: heavy as PNG, light as JPEG."""
    soft, grain = Image.radial_gradient("L").resize((440, 330)), Image.effect_noise((440, 330), 12)
    bands = [Image.blend(soft.rotate(turn), grain, 0.3) for turn in (0, 20, 50)]
    return png(Image.merge("RGB", bands))


@pytest.fixture(scope="module")
def figure():
    out, figure = io.BytesIO(), Figure(figsize=(6, 4))
    axes = figure.subplots()
    for phase in range(20):
        axes.plot([(x * (phase + 3)) % 17 for x in range(60)], lw=0.7)
    figure.savefig(out, dpi=100)
    return out.getvalue()


def one_line(data):
    return base64.b64encode(data).decode()


def notebook(photo_png, figure):
    shown = {"image/png": one_line(photo_png) + "\n", "text/plain": "<猫 & 香蕉>"}
    figured = {"image/png": base64.encodebytes(figure).decode(), "text/plain": "<Figure>"}
    moving = [Image.new("L", (300, 300), shade).effect_spread(40) for shade in (20, 200)]
    made = v4.new_notebook(cells=[
        v4.new_markdown_cell("![](attachment:a.png)", attachments={"a.png": {"image/png": one_line(photo_png)}}),
        v4.new_code_cell("photo", outputs=[v4.new_output("display_data", shown)]),
        v4.new_code_cell("plt.plot(x)", outputs=[v4.new_output("display_data", figured, metadata={"image/png": {"width": 640, "height": 480}})]),
        v4.new_code_cell("svg", outputs=[v4.new_output("display_data", {"image/svg+xml": "<svg>" + "x" * 30_000 + "</svg>"})]),
        v4.new_code_cell("gif", outputs=[v4.new_output("display_data", {"image/gif": one_line(png(moving[0], "GIF", save_all=True, append_images=moving[1:]))})]),
    ])  # fmt: skip
    made.metadata["widgets"] = {STATE: {"version_major": 2, "version_minor": 0, "state": {
        "a": {"model_module": "@jupyter-widgets/controls", "model_name": "ImageModel", "model_module_version": "2.0.0", "state": {"format": "png"},
              "buffers": [{"data": one_line(photo_png), "path": ["value"], "encoding": "base64"}]},
        "b": {"model_module": "anywidget", "model_name": "AnyModel", "model_module_version": "~0.9.*", "state": {"url": f"data:image/png;base64,{one_line(photo_png)}"}},
    }}}  # fmt: skip
    return made


@pytest.fixture
def heavy(clean_place, photo_png, figure):
    nbformat.write(notebook(photo_png, figure), "heavy.ipynb")
    return Path("heavy.ipynb")


def bare(tree):
    """A notebook without the pictures, and without what they are and how large they are shown."""
    if isinstance(tree, dict):
        return {key.replace("image/jpeg", "image/png"): bare(value) for key, value in tree.items()
                if key not in ("metadata", "format", "width", "height")}  # fmt: skip
    if isinstance(tree, list):
        return [bare(one) for one in tree]
    return "picture" if isinstance(tree, str) and len(tree) > 2_000 else tree


def picture(words):
    return Image.open(io.BytesIO(base64.b64decode(words)))


def test_a_notebook_gets_under_its_budget_and_nothing_else_changes(heavy):
    """Outputs, attachments and widgets together keep within it; text, order, escapes and the shown size stay; it is a valid notebook."""
    before, text = json.loads(heavy.read_bytes()), heavy.read_text(encoding="utf-8")
    done = banana("slim", "heavy.ipynb", "--budget", "300KB")
    assert done.returncode == 0, done.stderr
    assert heavy.stat().st_size <= 300_000 < len(text)
    after = json.loads(heavy.read_bytes())
    assert bare(after) == bare(before) and "<猫 & 香蕉>" in heavy.read_text(encoding="utf-8")
    told = ('"metadata"', '"width"', '"format"', "image/")
    lines = [[line for line in one.splitlines() if len(line) < 200 and not any(word in line for word in told)]
             for one in (text, heavy.read_text(encoding="utf-8"))]  # fmt: skip
    assert lines[0] == lines[1]
    nbformat.validate(nbformat.read("heavy.ipynb", 4))
    (output,), (drawn,) = after["cells"][1]["outputs"], after["cells"][2]["outputs"]
    (kind,) = output["data"].keys() - {"text/plain"}
    scaled = picture(output["data"][kind]).size != (440, 330)
    assert output["metadata"] == ({kind: {"width": 440, "height": 330}} if scaled else {})
    assert drawn["metadata"] == {"image/png": {"height": 480, "width": 640}}
    assert picture(drawn["data"]["image/png"]).format == "PNG", "what was drawn keeps its clean lines"
    widget, url = after["metadata"]["widgets"][STATE]["state"].values()
    assert picture(widget["buffers"][0]["data"]).format == widget["state"]["format"].upper()
    assert picture(url["state"]["url"].partition(",")[2]).format.lower() == url["state"]["url"][11:].partition(";")[0]


def test_the_originals_are_kept_and_come_back_to_the_byte(heavy, photo_png, figure):
    """Each original lies in the folder beside it, once; slim twice, then --restore gives the very file that was."""
    was = heavy.read_bytes()
    assert banana("slim", "heavy.ipynb", "--budget", "400KB").returncode == 0
    kept = {path.read_bytes() for path in Path("heavy_originals").iterdir() if path.suffix == ".png"}
    assert kept <= {photo_png, figure} and photo_png in kept
    assert banana("slim", "heavy.ipynb", "--budget", "160KB").returncode == 0
    assert "pictures put back: 5" in banana("slim", "heavy.ipynb", "--restore").stdout
    assert heavy.read_bytes() == was
    assert "unchanged" in banana("slim", "heavy.ipynb", "--restore").stdout
    (Path("heavy_originals") / "originals.json").write_text("mine")
    refused = banana("slim", "heavy.ipynb")
    assert (refused.returncode, heavy.read_bytes()) == (2, was) and "originals.json" in refused.stderr


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("place", [True, False], ids=["today", "earlier list"])
def test_pictures_that_became_the_same_come_back_each_in_its_place(clean_place, photo_png, together, place):
    """Equal pixels with other metadata, as two results of one cell or in two cells, come back to the byte; also where a cell was inserted above, the list is of an earlier state, or it was made smaller twice."""
    shown = Image.open(io.BytesIO(photo_png))
    made = []
    for words in ("the first", "the second", "the third"):
        told = PngImagePlugin.PngInfo()
        told.add_text("prompt", words)
        made.append(png(shown, pnginfo=told))
    outputs = [v4.new_output("display_data", {"image/png": one_line(data)}) for data in made]
    cells = [v4.new_code_cell("all", outputs=outputs)] if together else [v4.new_code_cell("one", outputs=[one]) for one in outputs]
    nbformat.write(v4.new_notebook(cells=cells), "same.ipynb")
    was = Path("same.ipynb").read_bytes()
    for budget in ("400KB", "200KB"):
        assert banana("slim", "same.ipynb", "--budget", budget).returncode == 0
    if not place:
        listed = Path("same_originals/originals.json")
        rows = json.loads(listed.read_bytes())
        rows["pictures"] = [{key: one for key, one in row.items() if key != "place"} for row in rows["pictures"]]
        listed.write_text(json.dumps(rows))
    small = json.loads(Path("same.ipynb").read_bytes())
    small["cells"].insert(0, dict(v4.new_markdown_cell("above")))
    Path("moved.ipynb").write_text(json.dumps(small))
    shutil.copytree("same_originals", "moved_originals")
    assert "pictures put back: 3" in banana("slim", "same.ipynb", "--restore").stdout
    assert Path("same.ipynb").read_bytes() == was
    assert banana("slim", "moved.ipynb", "--restore").returncode == 0
    moved = [one["data"]["image/png"] for cell in json.loads(Path("moved.ipynb").read_bytes())["cells"] for one in cell.get("outputs", ())]
    assert moved == [one_line(data) for data in made]


def test_what_is_not_understood_is_told_and_left(heavy):
    """Drawings and moving pictures stay and are named with their weight; a budget that can't be kept says what is left, with code 1."""
    done = banana("slim", "heavy.ipynb", "--budget", "50KB")
    assert done.returncode == 1
    assert "Left alone, cell 4: image/svg+xml, 30 KB" in done.stderr
    assert "Left alone, cell 5: image/gif, it moves" in done.stderr
    assert "still over 50 KB" in done.stderr and "of everything else" in done.stderr


def test_what_is_small_stays_to_the_second(heavy):
    """A notebook within its budget is not written, and no folder is made; --dry-run writes nothing either."""
    before = heavy.stat()
    assert "unchanged" in banana("slim", "heavy.ipynb", "--budget", "1GB").stdout
    assert "would be" in banana("slim", "*.ipynb", "--budget", "0.4 MB", "--dry-run").stdout
    assert heavy.stat().st_mtime_ns == before.st_mtime_ns and [path.name for path in Path().iterdir()] == ["heavy.ipynb"]


def test_a_copy_leaves_the_notebook_alone(heavy):
    """--out writes elsewhere, -o - to a pipe, and - reads from one; --json tells the same to a program."""
    was = heavy.read_bytes()
    done = banana("slim", "heavy.ipynb", "--out", "small/", "--json")
    (row,) = json.loads(done.stdout)
    assert (row["before"], row["within"]) == (len(was), True) and Path("small/heavy.ipynb").stat().st_size == row["after"]
    assert heavy.read_bytes() == was and not Path("heavy_originals").exists()
    assert json.loads(banana("slim", "heavy.ipynb", "-o", "-", "--budget", "1GB").stdout)["nbformat"] == 4


@pytest.mark.parametrize(("text", "sentence"), [
    ("{", "can't be read as a notebook"), ("[1]", "no notebook"), ('{"worksheets": []}', "nbformat 3"), ("[" * 100_000, "too deeply"),
])  # fmt: skip
def test_what_is_no_notebook_is_said(clean_place, text, sentence):
    """A broken file, other JSON, an old format and a bomb are one sentence each, and stay as they are."""
    Path("bad.ipynb").write_text(text)
    done = banana("slim", "bad.ipynb", "--budget", "1KB")
    assert done.returncode == 2 and sentence in done.stderr and Path("bad.ipynb").read_text() == text


def test_a_bad_one_among_many_keeps_nobody_back(heavy):
    """It is named, the others get smaller, and the code is 1."""
    Path("bad.ipynb").write_text("{")
    done = banana("slim", "*.ipynb", "--budget", "300KB", "--json")
    bad, good = json.loads(done.stdout)
    assert done.returncode == 1 and "bad.ipynb" in bad["error"] and good["within"] and heavy.stat().st_size == good["after"]


def test_words_that_make_no_sense_are_refused(heavy):
    """A budget that is no size, a pattern nothing fits, and options that fight are named, with code 2."""
    for words, sentence in (
        (("--budget", "much"), "'much' is no size"), (("no*.ipynb",), "no*.ipynb"), (("--restore", "-o", "x"), "--restore"),
    ):  # fmt: skip
        done = banana("slim", "heavy.ipynb", *words)
        assert done.returncode == 2 and sentence in done.stderr
