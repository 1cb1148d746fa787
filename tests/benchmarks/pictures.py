"""Grainy pictures of the sizes the models really send: film grain on a ramp, so that PNG can't make them small."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

# name: (edge in pixels, strength of the grain, seed)
OUTPUTS = {"1K": (1024, 1.42, 1), "2K": (2048, 0.80, 2), "4K": (4096, 0.715, 3)}
INPUTS = {"in-2MB": (1024, 3.75, 4), **{f"in-5MB-{n}": (2048, 0.80, 10 + n) for n in range(4)}}
LOADS = {"1×2 MB": ("in-2MB",), "4×5 MB": tuple(f"in-5MB-{n}" for n in range(4))}


def grainy(edge: int, strength: float, seed: int) -> bytes:
    """A square PNG; the same arguments give the same bytes."""
    dice = np.random.default_rng(seed)
    ramp = np.linspace(40, 200, edge, dtype=np.float32)
    across, down = np.broadcast_to(ramp, (edge, edge)), np.broadcast_to(ramp[:, None], (edge, edge))
    pixels = np.stack([across, down, (across + down) / 2], axis=-1)
    pixels += dice.standard_normal((edge, edge, 1), dtype=np.float32) * strength
    pixels += dice.standard_normal((edge, edge, 3), dtype=np.float32) * (strength / 2)
    out = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def draw_all(folder: Path) -> dict[str, Path]:
    """Every picture of the benchmark as a file in ``folder``, by name."""
    made = {}
    for name, recipe in {**OUTPUTS, **INPUTS}.items():
        made[name] = folder / f"{name}.png"
        made[name].write_bytes(grainy(*recipe))
    return made
