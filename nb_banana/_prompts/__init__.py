"""What to write: worked scenarios, templates to fill in, and quiet hints about a prompt.

All of it is data and pure functions; nothing here changes a prompt or keeps one from being sent.
"""

from .hints import Hint, lint
from .scenarios import SCENARIOS, Scenario
from .templates import TEMPLATES, Template

__all__ = ["SCENARIOS", "TEMPLATES", "Hint", "Scenario", "Template", "lint"]
