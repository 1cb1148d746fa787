"""What the models, the providers and the prices are: rows in TOML, and pure functions over them.

Facts live in ``models.toml``, ``providers.toml`` and ``prices.toml``, each with its day and its source;
code here only looks them up. A capability is a column, never a test on a model's name.
"""
