"""What figures about edits cost: `python tests/benchmarks/figures.py [pairs]`.

CPU seconds of one `changes()` at 1K, files decoded, and wall and CPU seconds of many pairs with the default measures
on two workers, told for a thousand. Pictures are made beforehand; nothing is kept between the runs.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time

# As in a kernel that shares two cores: planes of this size gain nothing from a library's own threads.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402
import skimage.data  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

import nb_banana as nb  # noqa: E402
from nb_banana._measure import changing  # noqa: E402

SIDE = 1024
CHANGES_CPU, THOUSAND_WALL = 0.25, 250.0


def encoded(picture: Image.Image) -> nb.ImageData:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return nb.ImageData.from_bytes(out.getvalue())


def edited(base: Image.Image, dice: np.random.Generator) -> Image.Image:
    copy = base.copy()
    left, top = dice.integers(0, 700, 2)
    ImageDraw.Draw(copy).ellipse((left, top, left + 250, top + 250), fill=tuple(int(v) for v in dice.integers(0, 255, 3)))
    noisy = np.asarray(copy) + dice.normal(0, 2, (SIDE, SIDE, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def main(count: int) -> None:
    dice = np.random.default_rng(0)
    base = Image.fromarray(skimage.data.astronaut()).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    before = encoded(base)
    pairs = [(before, encoded(edited(base, dice))) for _ in range(count)]
    moved = encoded(base.transform(base.size, Image.Transform.AFFINE, (1, 0, 9, 0, 1, -6), Image.Resampling.BICUBIC))
    for name, after in (("in place", pairs[0][1]), ("shifted", moved)):
        spent = []
        for _ in range(7):
            start = time.process_time()
            changing.changes(before, after)
            spent.append(time.process_time() - start)
        print(f"changes() at 1K, {name}: {statistics.median(spent):.2f} s CPU (at most {CHANGES_CPU})")
    wall, cpu = time.monotonic(), time.process_time()
    scores = nb.measures.score(pairs, workers=2)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    assert all(row["changed_outside"] is not None for row in scores)
    told = f"{wall * 1000 / count:.0f} s wall for 1,000 (at most {THOUSAND_WALL:.0f}), {cpu / count:.2f} s CPU each"
    print(f"{count} pairs of 1K, default measures, 2 workers: {told}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
