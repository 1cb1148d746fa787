"""How the server loads us: it is named in ``jupyter_server_config.d/nb_banana.json``."""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join

from .handlers import Desk, Pictures, Rows


def _load_jupyter_server_extension(app: Any) -> None:
    """Add the routes under the server's own address."""
    web, desk = app.web_app, Desk()
    base = url_path_join(web.settings["base_url"], "nb-banana")
    routes = {"history": Rows, "image": Pictures}
    web.add_handlers(".*$", [(url_path_join(base, name), routes[name], {"desk": desk}) for name in routes])
