"""Find pictures inside strings: Markdown, data URLs, HTML, bare base64 and links.

The text that remains holds no base64. A picture is what its bytes say it is: data that is no
picture is never passed on as one, whatever it was declared to be. All patterns are linear: their
repeats are bounded or possessive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pybase64

from .._images.containers import ends_early
from .._images.data import ImageData
from .._messages import TOKEN, Blob
from ..errors import InvalidImageError

_B64: Final = r"[A-Za-z0-9+/_\-]"
# A line end goes on a run only if what follows can be its next line: a long one, or the last one.
_LAST_LINE: Final = rf"{_B64}{{1,76}}={{0,2}}\s{{0,4}}(?:$|[)\"'`>\]])"
_WRAP: Final = rf"[ \t]{{0,4}}\r?\n[ \t]{{0,8}}(?=(?:{TOKEN.pattern}|{_B64}{{60}}|{_LAST_LINE}))"
_PIECE: Final = rf"(?:{TOKEN.pattern}|{_B64}++|\\/|\\[nr]|%2[BbFf]|%3[Dd]|{_WRAP})"
_DATA_URL = re.compile(
    rf"data:\s{{0,4}}([\w.+-]{{1,40}}/[\w.+*-]{{1,60}})?(?:;[\w=.-]{{1,60}}){{0,4}};base64,\s{{0,4}}"
    rf"((?:{_PIECE})++={{0,2}})",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<!{_B64})((?:{TOKEN.pattern}|{_B64}{{60}})(?:{_PIECE})*+={{0,2}})")
# What stood around a lifted picture and means nothing without it.
_SHELL = re.compile(
    r"!?\[[^\[\]\n]{0,300}\]\(\s{0,4}<?\x00\d+\x00>?[^)\n]{0,100}\)"
    r"|<img\b[^<>]{0,300}\x00\d+\x00[^<>]{0,300}>"
    r"|^[ \t]{0,4}\[[^\[\]\n]{1,100}\]:\s{0,4}<?\x00\d+\x00>?[^\n]{0,100}$"
    r"|`{1,3}\w{0,20}\s{0,4}\x00\d+\x00\s{0,4}`{1,3}|\x00\d+\x00",
    re.IGNORECASE | re.MULTILINE,
)
_HOST: Final = r"/[a-z0-9-]{1,63}\.[a-z0-9.:-]{1,200}/"
"""After a slash: the host of an address without a scheme. Base64 has no dots."""
_LINK = re.compile(
    r"(?P<show>!?)\[[^\[\]\n]{0,300}\]\(\s{0,4}<?(?P<markdown>https?://(?:[^\s()>\"]|\([^\s()>\"]{0,200}\)){1,4000})(?P<title>>?[^)\n]{0,100})\)"
    rf"|!\[[^\[\]\n]{{0,300}}\]\(\s{{0,4}}<?(?P<path>/(?:{_HOST}|(?!/|9j/))[^\s()>\"]{{1,4000}})(?P<rest>>?[^)\n]{{0,100}})\)"
    rf"|<img\b[^<>]{{0,300}}?src\s{{0,4}}=\s{{0,4}}[\"']?(?P<html>(?:https?:/|(?=/(?:[^/]|{_HOST})))/[^\s\"'<>]{{1,4000}})(?P<attributes>[^<>]{{0,300}})>"
    r"|^[ \t]{0,4}\[[^\[\]\n]{1,100}\]:\s{0,4}<?(?P<defined>https?://[^\s>]{1,4000})>?[^\n]{0,100}$"
    r"|(?P<bare>https?://[^\s\"'<>()\[\]{}|\\^`，。；：、！？（）【】《》「」『』“”‘’]{1,4000})",
    re.IGNORECASE | re.MULTILINE,
)
_PATH_SHOWN = re.compile(r"\]\(\s{0,4}<?/|\bsrc\s{0,4}=\s{0,4}[\"']?/", re.IGNORECASE)
_PATH = re.compile(r"/(?!/|9j/)[^\s\"'<>\\^`{|}]{1,2000}")  # what begins with /9j/ is a JPEG in base64
_WHOLE = re.compile(rf"(?:https?://|gs://|/{_HOST})[^\r\n\t]+", re.IGNORECASE)
_ODD = re.compile(r"\s{0,9}(?:(?:gs:)?//|https?://[^\s]{1,4000} )", re.IGNORECASE)
_AROUND: Final = " \t\r\n\u200b\u2060\ufeff\"'`<>"
_PRINTABLE = re.compile(r"[\x21-\x7e]*")
_VALUE_BEGINS = re.compile(r"[?&][\w.-]{1,60}=$")
_NAME_GOES_ON = re.compile(r" [^\"'<>=]*")
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_REFERENCE = re.compile(r"!\[[^\[\]\n]{0,300}\](?:\[[^\[\]\n]{0,100}\])?")
_PICTURE_PATH = re.compile(
    r"\.(?:png|jpe?g|jfif|webp|gif|heic|heif|avif|bmp|tiff?)(?:$|[?#!@&/])", re.IGNORECASE
)
_STORAGE = re.compile(
    r"aliyuncs\.com|myqcloud\.com|amazonaws\.com|storage\.googleapis\.com|googleusercontent\.com|r2\.dev|"
    r"cloudfront\.net|blob\.core\.windows\.net|"
    r"/(?:images?|img|files?|media|uploads?|output|results?|generated)/",
    re.IGNORECASE,
)
_PERCENT: Final = {"%2b": "+", "%2f": "/", "%3d": "="}
_WRITTEN: Final = 1_000_000
"""Characters of text that are kept; no model writes more."""
_SMALLEST: Final = 44
"""Base64 characters of the smallest picture there is, a GIF of one pixel."""
_MAGIC = re.compile("iVBORw0KGg|[/_]9j[/_]|UklGR|R0lGOD|AAAA.[GWm2]Z0eXB|Qk|SUkq|TU0A")
"""How the base64 of a picture starts, so that words need not be decoded."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one string held, in order; ``broken`` counts base64 runs that were no picture.

    ``links`` are shown as pictures or stand alone; ``mentions`` stand in sentences, which keep them.
    """

    images: tuple[ImageData, ...] = ()
    links: tuple[str, ...] = ()
    text: str = ""
    broken: int = 0
    mentions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.images or self.links or self.broken)

    def __add__(self, other: Found) -> Found:
        """Both, one after the other; the texts are left to those who wrote them."""
        return Found(
            self.images + other.images, self.links + other.links, "", self.broken + other.broken,
            self.mentions + other.mentions,
        )  # fmt: skip


def picture(run: str, blobs: Mapping[str, Blob], mime_type: str | None = None) -> ImageData | None:
    """The whole picture a base64 string (or token) holds, or None."""
    run = run.strip().strip("\"'`")
    if run[:5].lower() == "data:":
        run = run.partition(",")[2].strip()
    blob = blobs.get(run) or _joined(run, blobs)
    if blob is None or not blob.data:
        return None
    try:
        image = ImageData.from_bytes(blob.data, mime_type=mime_type, sha256=blob.sha256)
    except InvalidImageError:
        return None
    return None if looks_cut(image) else image


def _joined(run: str, blobs: Mapping[str, Blob]) -> Blob | None:
    """Decode a run that an escape, a line end or an event boundary cut into pieces."""
    text = TOKEN.sub(lambda token: blobs[token[0]].base64() if token[0] in blobs else "", run)
    if _is_form(text):
        text = text.replace(" ", "+")
    text = re.sub(r"\\[nrt]|\s+", "", text).replace("\\/", "/")
    text = re.sub(r"%2[BbFf]|%3[Dd]", lambda code: _PERCENT[code[0].lower()], text).rstrip("=")
    text = text.replace("-", "+").replace("_", "/")
    if len(text) % 4 == 1:
        text = text[:-1]
    try:
        data = pybase64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return None
    return Blob(data, "")


def _is_form(text: str) -> bool:
    """Whether blanks were plus signs before a relay read the base64 as a form.

    Blanks between lines leave lines of one length, and letters that are whole groups without the blanks.
    """
    lengths = {len(line) for line in text.split(" ")[:-1]}
    return len(lengths) > 1 and len(text) % 4 == 0 and not re.search(r"[^\S ]|\\[nrt]", text)


def looks_cut(image: ImageData) -> bool:
    """Whether the picture's bytes end before the picture does."""
    return ends_early(image.data, image.mime_type)


def find_pictures(text: str, blobs: Mapping[str, Blob]) -> Found:
    """All pictures of a string, in order, and the text without them.

    Links are looked for everywhere, but beside bytes they stay in the text: mostly they are copies.
    """
    if not text:
        return Found()
    images: list[ImageData] = []
    broken = 0

    def lift(run: str, mime: str | None, otherwise: str) -> str:
        nonlocal broken
        image, rest = _picture_of_lines(run, blobs, mime) if _promising(run) else (None, "")
        if image is None:
            broken += not otherwise
            return otherwise or " "
        images.append(image)
        return f"\x00{len(images) - 1}\x00{rest}"

    def bare(match: re.Match[str]) -> str:
        # A long word is not yet base64; from 200 characters on nobody reads it as text.
        run = match[1]
        return lift(run, None, run if len(run) < 200 and not TOKEN.search(run) else "")

    text = text.replace("\x00", "")
    if _ODD.match(text) and (address := address_of(text)):
        return Found(links=(address,))
    if ";base64," in text.lower():
        text = _DATA_URL.sub(lambda match: lift(match[2], match[1], ""), text)
    text = _BARE.sub(bare, text)[:_WRITTEN]
    order = [int(number) for number in re.findall(r"\x00(\d+)\x00", text)]
    if order:
        text = _SHELL.sub(" ", text)
    links: dict[str, bool] = {}
    if ":\\/\\/" in text:  # JSON that a model wrote as its answer
        text = text.replace("\\/", "/")
    if "://" in text or _PATH_SHOWN.search(text):
        alone = not re.search(r"\w", _LINK.sub(" ", text))
        without = _LINK.sub(lambda match: _take_link(match, links, alone), text)
        text = text if images else without
    shown = tuple(link for link, is_shown in links.items() if is_shown)
    mentions = tuple(link for link, is_shown in links.items() if not is_shown)
    if (order or shown) and "![" in text:
        text = _REFERENCE.sub(" ", text)
    return Found(tuple(images[n] for n in order), shown, _tidy(text), broken, mentions)


def _promising(run: str) -> bool:
    return run[0] == "~" or (len(run) >= _SMALLEST and bool(_MAGIC.match(run)))


def _picture_of_lines(
    run: str, blobs: Mapping[str, Blob], mime: str | None
) -> tuple[ImageData | None, str]:
    """The picture of a run, and what of its last line is no part of it ("…base64\nDone")."""
    head, newline, last = run.rpartition("\n")
    if newline and not last.endswith("="):
        without = picture(head, blobs, mime)
        if without is not None:
            return without, newline + last
    return picture(run, blobs, mime), ""


def _take_link(match: re.Match[str], links: dict[str, bool], alone: bool) -> str:
    """Note a link. One that is shown leaves the text; one in a sentence is a part of it."""
    address, rest = _address(match)
    shown = bool(alone or match["html"] or match["path"] or match["show"])
    shown = shown or bool(match["defined"] and is_picture_link(address))
    links[address] = links.get(address, False) or shown
    return rest if shown else match[0]


def _address(match: re.Match[str]) -> tuple[str, str]:
    """Where a link leads, and what of the match stays once it is gone."""
    marked = match.string[match.start() - 1 : match.start()] in ("_", "*")
    # What ends a sentence ends no address; an underscore may be the end of a signature.
    bare = (match["bare"] or "").rstrip(".,;:!?*`'\"" + "_" * marked)
    # Words in Chinese follow an address without a blank.
    first = _PRINTABLE.match(bare)
    if first and ends_as_picture(first[0]) and not _VALUE_BEGINS.search(first[0]):
        bare = first[0]
    address = match["html"] or match["markdown"] or match["path"] or match["defined"] or bare
    goes_on = _NAME_GOES_ON.match(match["title"] or match["rest"] or match["attributes"] or "")
    if goes_on and not ends_as_picture(address) and ends_as_picture(address + goes_on[0]):
        address += goes_on[0]
    return _as_asked(address), match[0][len(bare) :] if bare else " "


def without_links(text: str, links: Iterable[str]) -> str:
    """Text without the addresses whose pictures are at hand."""

    def drop(match: re.Match[str]) -> str:
        address, rest = _address(match)
        return rest if address in gone else match[0]

    gone = set(links)
    return _tidy(_LINK.sub(drop, text)) if gone and "://" in text else text


def _as_asked(written: str) -> str:
    """An address as it is asked for, however it was quoted and escaped; what may sign it stays as it is."""
    return _ESCAPED.sub("", written.strip(_AROUND).replace("&amp;", "&")).replace(" ", "%20")


def address_of(text: str) -> str:
    """The link that stands for a picture, as it is asked for: a URL, or a path on the server that answers.

    "" for what is none. A blank is part of a picture's name, unless words follow the address.
    """
    text = text.strip(_AROUND)
    if _WHOLE.fullmatch(text):
        head, blank, more = text.partition(" ")
        named = not ends_as_picture(head) and ends_as_picture(text) and "://" not in more
        return _as_asked(text) if named or not blank else ""
    return _as_asked(text) if _PATH.fullmatch(text) and is_picture_link(text) else ""


def is_address(text: str) -> bool:
    """Whether what stands for a picture is a link to it."""
    return bool(address_of(text))


def ends_as_picture(address: str) -> bool:
    """Whether an address ends as the name of a picture does."""
    return bool(_PICTURE_PATH.search(address.partition("?")[0] + "?"))


def is_picture_link(address: str) -> bool:
    """Whether a link likely leads to a picture: by its suffix, or because results are stored there."""
    return ends_as_picture(address) or bool(_STORAGE.search(address))


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = "\n".join(line.strip(" \t") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def once(images: Iterable[ImageData]) -> tuple[ImageData, ...]:
    """The pictures in order, each once."""
    return tuple({image.sha256: image for image in images}.values())
