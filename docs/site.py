"""The documentation as a site of files: `python docs/site.py [OUT]` builds it, in both languages.

Rules of this file:

- A warning is an error, and nothing is fetched: what Sphinx needs is installed with `pip install ".[docs,research]"`.
- Both builds run at once, each from nothing; `OUT` (default `site/`) is made anew.
- `OUT/index.html` leads to `en/` or `zh/` by what the browser asks for.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOMES = {"en": "docs/index.html", "zh": "docs/index.zh-CN.html"}
LEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>nb_banana</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}</head>
<body><p>{links}</p></body></html>
"""


def lead(head: str, **links: str) -> str:
    """A page that only leads on."""
    return LEAD.format(head=head, links=" · ".join(f'<a href="{to}">{words}</a>' for words, to in links.items()))


def by_language() -> str:
    """The page at the top: Chinese for who asks for Chinese first, else English."""
    choice = (
        "<script>location.replace(/^zh/i.test((navigator.languages || [navigator.language])[0] || '')"
        f" ? 'zh/{HOMES['zh']}' : 'en/{HOMES['en']}');</script>\n"
    )
    return lead(choice, English=f"en/{HOMES['en']}", 简体中文=f"zh/{HOMES['zh']}")


def build(out: Path) -> int:
    """Both languages; gives how many failed, and says how long each took."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        running = {
            language: subprocess.Popen([
                sys.executable, "-m", "sphinx", "-b", "html", "-c", str(ROOT / "docs"), "-t", language, "-d",
                str(Path(scratch, language)), "-W", "--keep-going", "-q", str(ROOT), str(Path(scratch, "site", language)),
            ], cwd=ROOT)
            for language in HOMES
        }  # fmt: skip
        failed = 0
        for language, process in running.items():
            code = process.wait()
            failed += bool(code)
            print(f"{language}: {'failed' if code else 'built'} in {time.monotonic() - started:.0f} s", flush=True)
        shutil.rmtree(out, ignore_errors=True)
        for language in HOMES:
            shutil.copytree(Path(scratch, "site", language), out / language)
    for language, home in HOMES.items():
        refresh = f'<meta http-equiv="refresh" content="0; url={home}">\n'
        (out / language / "index.html").write_text(lead(refresh, nb_banana=home), encoding="utf-8")
        for left in (".buildinfo", "_static/webpack-macros.html"):  # the second is a part of the theme, no page
            (out / language / left).unlink(missing_ok=True)
    (out / "index.html").write_text(by_language(), encoding="utf-8")
    (out / ".nojekyll").touch()  # folders that begin with _ are part of the site
    return failed


def main() -> int:
    """Build into the folder that is named."""
    parser = argparse.ArgumentParser(description="Build the documentation as a site, in both languages.")
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "site", metavar="OUT")
    return 1 if build(parser.parse_args().out.resolve()) else 0


if __name__ == "__main__":
    sys.exit(main())
