"""Names for editors to complete: ratios, sizes, models, providers, what the sandbox can play.

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
Fault = (
    Literal[
        "auth", "region", "quota", "rate_limit", "bad_request", "model_not_found", "server",
        "timeout", "network", "malformed", "stop", "max_tokens", "safety", "recitation", "language",
        "other", "blocklist", "prohibited_content", "spii", "malformed_function_call",
        "image_safety", "image_prohibited_content", "image_other", "no_image", "image_recitation",
        "unexpected_tool_call", "too_many_tool_calls", "missing_thought_signature",
        "malformed_response", "escalation", "pup_limited_disabled", "continuation", "model_armor",
        "block_safety", "block_other", "block_blocklist", "block_prohibited_content",
        "block_image_safety", "block_model_armor", "block_jailbreak",
    ]
    | str
)  # fmt: skip
ProviderName = (
    Literal["apiyi", "google", "openrouter", "openai", "sandbox", "custom", "local"] | str
)
