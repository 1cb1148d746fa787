"""The session: an endpoint, a history and a budget. Panel, cells, magic and CLI all meet here.

``editing`` makes edits and writes them down, ``purse`` keeps the money, ``identity`` says which requests
are the same, ``own`` is the notebook's own session and the functions that use it.
"""

from .editing import Context, Perform, Session
from .own import current, edit, generate, session

__all__ = ["Context", "Perform", "Session", "current", "edit", "generate", "session"]
