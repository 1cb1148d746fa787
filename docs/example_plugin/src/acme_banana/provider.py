"""A provider: where it is, and what it speaks. Its key stands in ``ACME_API_KEY`` and goes to this address only."""

from nb_banana.plugins import ProviderRow

ROW: ProviderRow = {
    "title": "ACME Pictures",
    "base_url": "https://api.acme-pictures.example",
    "default_model": "gemini-3-pro-image",
    "wires": ["acme_form", "openai"],
    "sized_wires": ["acme_form"],
    "max_image_bytes": 20_000_000,
}
