"""How a page of ours begins, and how words stand in it: escaped, and it may load nothing and send nothing."""

from __future__ import annotations

from html import escape

from .. import _text
from .._strings import language


def said(words: object) -> str:
    """Whatever people or models wrote, as text of a page."""
    return escape(_text.plain(str(words)))


def opening(title: str, style: str, *, scripts: bool) -> str:
    """A page up to its body; without ``scripts`` none may run."""
    lang = {"zh": "zh-CN"}.get(language(), language())
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    policy += "; script-src 'unsafe-inline'" if scripts else ""
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{said(title)}</title>\n<style>{style}</style></head><body>"
    )
