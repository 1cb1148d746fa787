"""Miniature benchmarks of our own, in exactly the layout of the real ones: a few small pictures each."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

RISE_KINDS = ("temporal_reasoning", "causal_reasoning", "spatial_reasoning", "logical_reasoning")


def picture(path: Path, size: tuple[int, int] = (48, 32), colour: str = "teal") -> Path:
    """A small picture of one colour, of the type its suffix tells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def write_json(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def write_lines(path: Path, rows: Iterable[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_csv(path: Path, rows: list[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def gedit(folder: Path) -> Path:
    """Three groups, two languages."""
    rows = [("color_alter", "a1", "en", True), ("color_alter", "a2", "en", False), ("motion_change", "b1", "en", True),
            ("color_alter", "c1", "cn", True)]
    for _, key, _, _ in rows:
        picture(folder / f"{key}_SRCIMG.png")
    write_lines(folder / "info.jsonl", [
        {"task_type": task, "key": key, "instruction": f"Make {key} blue", "instruction_language": language,
         "Intersection_exist": both} for task, key, language, both in rows
    ])  # fmt: skip
    return folder


def gedit_v2(folder: Path) -> Path:
    for number in range(3):
        picture(folder / f"images/source/{number}.png")
    write_lines(folder / "metadata.jsonl", [
        {"key": f"color_alter_{number:06}", "instruction": "Make it blue", "source_image": f"images/source/{number}.png",
         "candidates": [{"model": "BAGEL", "image": f"BAGEL/color_alter_{number:06}.png"}]}
        for number in range(3)
    ])  # fmt: skip
    return folder


def imgedit(folder: Path) -> Path:
    kinds = {"1": "add", "2": "style", "3": "add"}
    for key in kinds:
        picture(folder / "singleturn" / f"animal/{key}.jpg")
    write_json(folder / "basic_edit.json", {
        key: {"id": f"animal/{key}.jpg", "prompt": f"Edit {key}", "edit_type": kind} for key, kind in kinds.items()
    })  # fmt: skip
    return folder


def imgedit_uge(folder: Path) -> Path:
    write_json(folder / "UGE_edit.json", {str(n): {"id": f"{n}.jpg", "prompt": f"Edit {n}"} for n in (1, 2)})
    for number in (1, 2):
        picture(folder / f"{number}.jpg")
    return folder


def rise(folder: Path, full: bool = True) -> Path:
    """Two items of each kind; ``full`` as the set of 360 is, else as the repository's own 64."""
    rows = []
    for kind in RISE_KINDS:
        for number in (1, 2):
            index = f"{kind}_{number}"
            picture(folder / f"data/{kind}_images/{number}.png")
            row = {"index": index, "category": kind, "instruction": f"Do {index}", "image": f"{kind}_images/{number}.png",
                   "reference": "as it would be"}  # fmt: skip
            rows.append(row | ({"subtask": "x", "reasoning_img": None} if full else {}))
    rows[0] |= {"consistency_free": True} if full else {}
    write_json(folder / ("datav2_total_w_subtask.json" if full else "data/data_total.json"), rows)
    return folder


def kris(folder: Path) -> Path:
    root = folder / "KRIS_Bench"
    for category, several in (("count_change", False), ("temporal_prediction", True)):
        for number in "12":
            picture(root / category / f"{number}-1.jpg")
            picture(root / category / f"{number}-2.jpg")
        write_json(root / category / "annotation.json", {
            number: {"ori_img": [f"{number}-1.jpg", f"{number}-2.jpg"] if several else f"{number}-1.jpg", "gt_img": "",
                     "ins_en": f"Change {number}", "explain_en": "because"} for number in "12"
        })  # fmt: skip
    return folder


def magicbrush(folder: Path) -> Path:
    """A session of three turns and one of a single turn."""
    sessions = {}
    for name, turns in (("10", 3), ("20", 1)):
        home = folder / "images" / name
        picture(home / f"{name}-input.png")
        for turn in range(1, turns + 1):
            picture(home / f"{name}-output{turn}.png")
            picture(home / f"{name}-mask{turn}.png", colour="white")
        sessions[name] = [
            {"input": f"{name}-input.png" if turn == 1 else f"{name}-output{turn - 1}.png", "instruction": f"Turn {turn}"}
            for turn in range(1, turns + 1)
        ]
    write_json(folder / "edit_sessions.json", sessions)
    return folder


def pie(folder: Path) -> Path:
    rows = {}
    for number in range(3):
        name = f"0_random_140/{number:012}.jpg"
        picture(folder / "data/annotation_images" / name, (512, 512))
        rows[f"{number:012}"] = {
            "image_path": name, "original_prompt": "a [cat]", "editing_prompt": "a [dog]",
            "editing_instruction": f"Make the cat a dog {number}", "editing_type_id": "0" if number else "1",
            "blended_word": "cat dog", "mask": [512 * 100 + 100, 50, 262140, 100],
        }  # fmt: skip
    write_json(folder / "data/mapping_file.json", rows)
    return folder


def multiturn(folder: Path) -> Path:
    for name in ("a", "b"):
        picture(folder / "multiturn" / f"{name}.jpg")
    write_json(folder / "content_memory.json", {"1": {"id": "a.jpg", "turn1": "Make all edits green", "turn2": "Add a fruit", "turn3": "Change the plate"}})
    write_json(folder / "version_backtracking.json", {"1": {"id": "b.jpg", "turn1": "Make it red", "turn2": "Undo that"}})
    return folder


def ti2i(folder: Path) -> Path:
    picture(folder / "husky" / "sketch_17.jpg")
    picture(folder / "panda" / "cartoon_30.jpg")
    (folder / "imnetr-ti2i.yaml").write_text(
        "- init_img: /ImageNetR-TI2I/Husky/sketch_17.jpg\n  source_prompt: a sketch of a husky\n"
        "  target_prompts:\n  - a photo of a husky\n  - a photo of a fox\n"
        "- target_prompts: [a photo of a panda]\n"
        "- init_img: /ImageNetR-TI2I/panda/cartoon_30.jpg\n  target_prompts: [a photo of a panda]\n", encoding="utf-8",
    )  # fmt: skip
    return folder


def own(folder: Path) -> Path:
    for name in ("a", "b"):
        picture(folder / f"{name}.png")
    write_csv(folder / "list.csv", [
        {"key": "one", "image": "a.png", "prompt": "Make it red", "task": "colour", "weather": "sun"},
        {"key": "two", "image": "b.png", "prompt": "Add a boat", "task": "add", "weather": "rain"},
    ])  # fmt: skip
    return folder


MADE: dict[str, Callable[[Path], Path]] = {
    "gedit": gedit, "gedit-v2": gedit_v2, "imgedit": imgedit, "imgedit-uge": imgedit_uge, "rise": rise, "kris": kris,
    "magicbrush": magicbrush, "pie": pie, "csv": own, "imgedit-multiturn": multiturn, "ti2i": ti2i,
}  # fmt: skip
