"""Read by every Python that starts with this folder on its path: notes each request that a sandbox answers there.

The built-in sandbox has no log; this stands at the one door through which both it and the sandbox on loopback answer, so that
what a notebook sent is known from the other end. `NOTED` names the file: one JSON line for each request.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from pathlib import Path

ROOM = "nb_banana._sandbox.service"


class Door(MetaPathFinder):
    """Finds the room as Python would, and puts the note before its door once it is loaded."""

    def find_spec(self, name, path, target=None):
        if name != ROOM or not (spec := PathFinder.find_spec(name, path, target)):
            return None
        load = spec.loader.exec_module

        def loaded(module):
            load(module)
            answer = module.respond

            def respond(request, fault=None):
                with Path(os.environ["NOTED"]).open("a", encoding="utf-8") as notes:
                    print(json.dumps({"method": request.method, "fault": fault}), file=notes)
                return answer(request, fault)

            module.respond = respond

        spec.loader.exec_module = loaded
        return spec


if "NOTED" in os.environ:
    sys.meta_path.insert(0, Door())
