"""How the history grows: opening, the newest page, searches and the ledger at 1k, 10k and 100k records.

    python tests/benchmarks/history.py [sizes …]

Prints milliseconds (best and worst of five, each in a process that has the file open for the first time for
`open`), the size of the database and the peak memory of the reading process. Nothing is asserted: times belong to
machines.
"""

from __future__ import annotations

import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from PIL import Image

from nb_banana._catalog.cost import Cost
from nb_banana._history import rows
from nb_banana._history.book import History
from nb_banana._history.record import cost_columns, instant, next_number, usage_column
from nb_banana._images.data import ImageData
from nb_banana._messages import Usage

ENGLISH = [
    "remove",
    "the",
    "background",
    "add",
    "a",
    "forest",
    "sunlight",
    "make",
    "sky",
    "bluer",
    "portrait",
    "cat",
    "wearing",
    "hat",
    "studio",
    "light",
    "cinematic",
    "grade",
    "anime",
    "style",
    "keep",
    "subject",
    "same",
    "replace",
    "wall",
    "with",
    "wood",
    "texture",
    "soft",
    "bokeh",
    "night",
    "rain",
    "neon",
    "street",
]
CHINESE = "把背景换成海滩夕阳添加森林阳光动漫风格保持主体不变电影感夜景人物微笑产品摄影"
SEARCHES = {
    "common": "cinematic", "phrase": "forest sunlight", "rare": "record99", "absent": "zebra crossing",
    "Chinese, 3": "背景换", "Chinese, 2, common": "海滩", "Chinese, 2, absent": "猫狗", "two letters, absent": "qz",
}  # fmt: skip


def picture(colour: tuple[int, int, int]) -> ImageData:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(out, "PNG")
    return ImageData.from_bytes(out.getvalue())


def prompt(dice: random.Random, number: int) -> str:
    if number % 3 == 0:
        return "".join(dice.choices(CHINESE, k=dice.randint(10, 60)))
    return " ".join(dice.choices(ENGLISH, k=dice.randint(8, 60))) + f" record{number}"


def fill(history: History, size: int) -> None:
    """Records as `start` and `finish` leave them, a thousand to a transaction."""
    dice, pictures, last = random.Random(7), [picture((n, n, n)) for n in range(64)], 0
    for image in pictures:
        history.put(image)
    begin = datetime.now(UTC) - timedelta(minutes=size)
    for first in range(0, size, 1000):
        batch = []
        for number in range(first, min(first + 1000, size)):
            moment = begin + timedelta(minutes=number)
            last = next_number(moment.timestamp(), dice.getrandbits(20), last)
            row = dict(
                id=last, key=f"{number % (size // 2 + 1):064x}", take=1, sandbox=number % 5 == 0, status="done", owner="",
                started=instant(moment), prompt=prompt(dice, number), model=f"model-{number % 4}", model_sent="sent",
                model_answered="sent", provider="apiyi", wire="gemini", aspect_ratio="16:9", image_size="2K",
                parent=None, notebook=f"notebook-{number % 9}.ipynb", context="refeed",
                billing="free" if number % 5 == 0 else "paid", **cost_columns(Cost(Decimal("0.050"))), elapsed=12.5,
                response_id="r", request_id="q", finish_reason="STOP", usage=usage_column(Usage(1200, 1120)),
                text="Here is the edited picture, with the light you asked for." if number % 4 == 0 else "",
                warnings="[]", error_category=None, error_message="", attempts=1, lost=0,
            )  # fmt: skip
            images = {"input": [pictures[number % 64]], "output": [pictures[(number + 1) % 64]]}
            batch.append(rows.Entry(rows.bindable(row), "{}", images=images))
        indexed = history.shelf.database().indexed
        history.shelf.run(lambda c: [rows.write(c, entry, indexed=indexed) for entry in batch], write=True)  # noqa: B023


def timed(work: object, times: int = 5) -> str:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        found = work()  # type: ignore[operator]
        taken.append((time.perf_counter() - begin) * 1000)
    count = len(found) if isinstance(found, (list, tuple)) else int(found is not None)
    return f"{min(taken):8.1f} {max(taken):8.1f}   ({count})"


def measure(folder: Path) -> None:
    """Everything below runs in a fresh process, so that `open` is cold for us."""
    begin = time.perf_counter()
    history = History.open(folder)
    page = history.records(limit=1)
    print(f"  open and newest record {(time.perf_counter() - begin) * 1000:8.1f}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  {'newest page':22}", timed(history.records))
    print(
        f"  {'500th record on':22}", timed(lambda: history.records(before=history.records(limit=500)[-1].id))
    )
    for name, words in SEARCHES.items():
        print(f"  {name:22}", timed(lambda words=words: history.records(text=words)))
    print(f"  {'model':22}", timed(lambda: history.records(model="model-3")))
    print(f"  {'failed (none)':22}", timed(lambda: history.records(status="failed")))
    print(f"  {'starred (none)':22}", timed(lambda: history.records(starred=True)))
    print(
        f"  {'oldest day':22}", timed(lambda: history.records(until=page[0].timestamp - timedelta(days=60)))
    )
    print(
        f"  {'common and notebook':22}",
        timed(lambda: history.records(text="cinematic", notebook="notebook-3.ipynb")),
    )
    print(
        f"  {'common and no notebook':22}", timed(lambda: history.records(text="cinematic", notebook="none"))
    )
    print(f"  {'find':22}", timed(lambda: history.find(page[0].key, 1)))
    print(f"  {'ledger':22}", timed(history.totals))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  memory: {before / 1024:.0f} MB after opening, {after / 1024:.0f} MB at the peak")


def main(sizes: list[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "history"
            history = History.open(folder)
            begin = time.perf_counter()
            fill(history, size)
            history.close()
            file = folder / "history.sqlite"
            print(
                f"{size:,} records, {file.stat().st_size / 1e6:.1f} MB, filled in {time.perf_counter() - begin:.1f} s"
            )
            subprocess.run([sys.executable, __file__, "--measure", json.dumps(str(folder))], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(json.loads(sys.argv[2])))
    else:
        main([int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000])
