"""What is made at build: the package's page, and the folder of the notebook extension as front ends load it.

Rules of this file:

- No address is invented. It is the one `pyproject.toml` names, else the one this checkout was cloned from
  (git's `origin`); where there is none, a link into the repository is its words alone and a picture goes.
- Nothing of an address but its host and its path goes into a package: `origin` may hold a name and a key.
- An sdist brings its page along (PKG-INFO, which hatchling reads), so a wheel made from it says the same.
- Servers tell browsers to keep an extension's files for ever. So the scripts go, as they are written, into a
  folder that is named by what they hold; a new release, and a checkout installed again, is a new folder.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
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


def lay_out(source: Path, target: Path, version: str) -> None:
    """Copy the extension: its scripts into a folder named by what they hold, its version filled in."""
    held = b"".join(one.name.encode() + one.read_bytes() for one in sorted((source / "static").iterdir()))
    digest = hashlib.sha256(held).hexdigest()[:16]
    package = json.loads((source / "package.json").read_text(encoding="utf-8"))
    build = package["jupyterlab"]["_build"]
    build["load"] = build["load"].replace("static/", f"static/{digest}/")
    shutil.copytree(source / "static", target / "static" / digest)
    shutil.copytree(source / "schemas", target / "schemas")
    shutil.copy(source / "install.json", target)
    short = {"name": package["name"], "version": version}  # all that the settings' editor reads there
    for place, told in ((target / "package.json", {**package, "version": version}),
                        (target / "schemas" / package["name"] / "package.json.orig", short)):
        place.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8", newline="\n")


class CustomBuildHook(BuildHookInterface[Any]):
    """Puts the extension into a wheel, an editable one included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lay the extension out beside the build, and name the place it is installed to."""
        self.laid = tempfile.TemporaryDirectory()
        target = Path(self.laid.name, "extension")
        lay_out(Path(self.root, self.config["extension"]), target, self.metadata.version)
        build_data["shared_data"][str(target)] = self.config["place"]

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Clear up."""
        self.laid.cleanup()
