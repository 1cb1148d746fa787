"""What tests of comparisons share."""

from __future__ import annotations

import nb_banana as nb


def brought(plan: nb.Comparison) -> list[nb.EditResult]:
    """The results there are."""
    return [one for one in plan.results if one is not None]
