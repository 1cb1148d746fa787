"""A measure: a function of a result. A version makes its figures be kept; raise it when they change."""

from typing import Any

import numpy as np


def sharpness(result: Any) -> float:
    """The variance of the picture's Laplacian: low where everything is soft."""
    image = result.image if hasattr(result, "image") else result.after
    grey = np.asarray(image.to_pil().convert("L"), dtype=float)
    inner = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((4 * inner - around).var())


sharpness.version = 1  # type: ignore[attr-defined]
sharpness.better = "higher"  # type: ignore[attr-defined]
