"""What the package's page says, made at build: the README with addresses that lead somewhere from there.

Rules of this file:

- No address is invented. It is the one `pyproject.toml` names, else the one this checkout was cloned from
  (git's `origin`); where there is none, a link into the repository is its words alone and a picture goes.
- Nothing of an address but its host and its path goes into a package: `origin` may hold a name and a key.
- An sdist brings its page along (PKG-INFO, which hatchling reads), so a wheel made from it says the same.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

WEB = re.compile(r"https://(?:[^/]*@)?([\w-]+(?:\.[\w-]+)+(?::\d+)?)/([\w.~/-]+)")
SHELL = re.compile(r"(?:ssh://)?(?:[^/@]*@)([\w-]+(?:\.[\w-]+)+)(?::\d+/|[:/])/?([\w.~/-]+)")
CODE_OR_LINK = re.compile(r"```.*?^```|`[^`\n]*`|(!?)\[([^\[\]]*)\]\((?![a-z]+:|#)([^()\s]+)\)", re.S | re.M)


def address_of(remote: str) -> str:
    """The page of a repository, from what git calls it; "" for a path or a host that is not public."""
    found = WEB.fullmatch(remote.strip()) or SHELL.fullmatch(remote.strip())
    return f"https://{found[1]}/{found[2].strip('/').removesuffix('.git')}" if found else ""


def origin(root: Path) -> str:
    """Where this checkout was cloned from; "" for what is no checkout (it may lie inside another one)."""
    if not (root / ".git").exists():
        return ""
    try:
        asked = subprocess.run(["git", "config", "--get", "remote.origin.url"], cwd=root, capture_output=True,
                               text=True, check=False)
    except OSError:  # no git here
        return ""
    return asked.stdout


def away(page: str, address: str) -> str:
    """The page with every relative link made absolute, to the newest state of the repository."""

    def link(found: re.Match[str]) -> str:
        picture, words, target = found.groups()
        if target is None:
            return found[0]
        if not address:
            return "" if picture else words
        return f"{picture}[{words}]({address}/{'raw' if picture else 'blob'}/HEAD/{target})"

    return CODE_OR_LINK.sub(link, page)


class CustomMetadataHook(MetadataHookInterface):
    """Gives `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in what no PKG-INFO said."""
        root = Path(self.root)
        address = address_of(self.config["repository"] or origin(root))
        page = (root / "README.md").read_text(encoding="utf-8")
        metadata.setdefault("readme", {"content-type": "text/markdown", "text": away(page, address)})
        metadata.setdefault("urls", {
            "Repository": address,
            "Documentation": f"{address}/tree/HEAD/docs",
            "Changelog": f"{address}/blob/HEAD/CHANGELOG.md",
            "Issues": f"{address}/issues",
        } if address else {})  # fmt: skip
