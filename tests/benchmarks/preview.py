"""What a 4K preview costs beside Pillow's bare decode: `python tests/benchmarks/preview.py`."""

from __future__ import annotations

import io
import statistics
import time

import numpy as np
from PIL import Image

from nb_banana._images.data import ImageData

TURNS = 7


def grainy() -> bytes:
    """A 5504×3072 PNG that is hard to compress."""
    base = np.asarray(Image.effect_mandelbrot((5504, 3072), (-2, -1.2, 1, 1.2), 100), int)
    noisy = (base + np.random.default_rng(0).integers(0, 24, base.shape)).clip(0, 255).astype("uint8")
    out = io.BytesIO()
    Image.merge("RGB", [Image.fromarray(np.roll(noisy, n, 1)) for n in (0, 7, 31)]).save(out, "PNG", compress_level=6)
    return out.getvalue()


def main() -> None:
    """Print the medians of interleaved turns and their ratio."""
    image = ImageData.from_bytes(grainy())
    bare, shown = [], []
    for _ in range(TURNS):
        start = time.process_time()
        Image.open(io.BytesIO(image.data)).load()
        middle = time.process_time()
        image.preview()
        bare.append(middle - start)
        shown.append(time.process_time() - middle)
    ratios = [a / b for a, b in zip(shown, bare)]
    print(f"decode {statistics.median(bare) * 1000:.0f} ms, preview {statistics.median(shown) * 1000:.0f} ms, "
          f"ratio {statistics.median(ratios):.2f} (median of {TURNS})")


if __name__ == "__main__":
    main()
