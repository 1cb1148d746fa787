"""Names for editors to complete: ratios, sizes, models, providers.

They are the catalog's (a test compares them), written out because an editor runs nothing. Any other text is
taken as well: what a model offers is asked of its row, when it is known which model it is.
"""

from __future__ import annotations

from typing import Literal

Ratio = (
    Literal[
        "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1",
        "1:3", "3:1",
    ]
    | str
)  # fmt: skip
Size = Literal["512", "1K", "2K", "4K"] | str
ModelName = (
    Literal[
        "nano-banana-pro", "nano-banana", "nano-banana-2", "nano-banana-2-lite", "nano-banana-2.1",
        "gpt-image-flare", "gpt-image-sunburst",
    ]
    | str
)  # fmt: skip
ProviderName = (
    Literal["apiyi", "google", "openrouter", "openai", "sandbox", "custom", "local"] | str
)
