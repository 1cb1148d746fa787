"""What the models, the providers and the prices are: rows in TOML, and pure functions over them.

Facts live in ``models.toml``, ``providers.toml`` and ``prices.toml``, each with its day and its source;
code here only looks them up. A capability is a column, never a test on a model's name.
"""

from ._models import (
    MODELS,
    Event,
    ModelChoice,
    ModelInfo,
    check_model,
    check_request,
    deadline,
    find_model,
    recommended_deadline,
)
from ._prices import Cost, Estimate, estimate, price, prices_file
from ._providers import (
    PROVIDERS,
    Provider,
    as_provider,
    key_providers,
    named_provider,
    provider_of,
    provider_of_key,
)
from ._spending import NOTHING, Spending
from ._table import ModelRow, ModelTable, models

__all__ = [
    "MODELS",
    "NOTHING",
    "PROVIDERS",
    "Cost",
    "Estimate",
    "Event",
    "ModelChoice",
    "ModelInfo",
    "ModelRow",
    "ModelTable",
    "Provider",
    "Spending",
    "as_provider",
    "check_model",
    "check_request",
    "deadline",
    "estimate",
    "find_model",
    "key_providers",
    "models",
    "named_provider",
    "price",
    "prices_file",
    "provider_of",
    "provider_of_key",
    "recommended_deadline",
]
