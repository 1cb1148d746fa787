"""Tell an answer from the request it may repeat.

Relays hand the request back beside the answer, jobs list their input, models repeat the address they
were given. What the user sent is never the user's edit: not in a field named for it (``answered``),
not under any other name (``Sent``, which knows the bytes and the addresses that went out). Neither
are thoughts, and the addresses at which a service is steered.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import unquote

from .._images.data import ImageData
from .._images.look import Look
from .._messages import Answer, Blob, EditRequest, Turn
from ..errors import InvalidImageError
from .documents import walk
from .pictures import ends_as_picture, find_pictures, is_address

# Names are compared in lower case and without "_" and "-". "mask*" is "mask" with words for a picture or its
# address around it, in whatever order and number: "maskUrl", "mask_image_urls", "image_mask".
_SENT: Final = frozenset({
    "input", "inputs", "inputtext", "input*", "inputs*", "inputparams", "inputdata", "request", "requestbody",
    "requestdata", "requestparams", "prompt", "prompts", "prompt*", "negativeprompt", "originalprompt",
    "revisedprompt", "messages", "contents", "userinput", "usermessage", "instruction", "instructions",
    "params", "parameters", "param", "arguments", "args", "init*", "initial*", "reference", "references",
    "reference*", "ref*", "refs*", "mask", "masks", "mask*", "before", "before*", "seed*", "control*",
    "conditioning*", "condition*", "style*", "subject*", "query*", "user*", "base*", "start*", "firstframe*",
    "toedit*", "sourceimage", "sourceimages", "sourceimageurl", "sourceimageurls", "originimage",
    "originimages", "originimageurl", "originimageurls", "originalimage", "originalimages",
    "originalimageurl", "originalimageurls",
})  # fmt: skip
_BEFORE: Final = frozenset({
    "original", "original*", "origin*", "orig*", "source", "source*", "src", "src*", "upload*", "uploaded*",
    "raw*",
})  # fmt: skip
_CARRIER = re.compile(r"base64|b64|images?|imgs?|pictures?|photos?|pics?|urls?|uris?|links?|files?")
_AFTER: Final = frozenset({
    "after", "edited", "result", "output", "generated", "target", "modified", "final",
    "after*", "edited*", "result*", "output*", "generated*", "modified*", "final*",
})  # fmt: skip
"""Beside one of these, where it may hold a picture, a name of ``_BEFORE`` is the input; alone, or beside a
word such as "success", it may be the picture at its full size."""
_NO_ANSWER: Final = frozenset({
    "thought", "thoughts", "thinking", "thoughtsummary", "reasoning", "reasoningcontent",
    "reasoningdetails", "summary", "error", "errors", "logs", "statusurl", "cancelurl", "responseurl",
    "pollingurl", "webhook", "webhookurl", "callbackurl", "documentationurl", "get", "cancel",
    "annotations", "citations", "citationmetadata", "groundingmetadata", "searchresults",
    "icon", "iconurl", "favicon", "logo", "logourl", "avatar", "avatarurl", "watermark", "qrcode",
})  # fmt: skip
_LEFT_OUT: Final = _SENT | _NO_ANSWER
_DRAFTS: Final = frozenset({
    "thumbnail", "thumbnails", "thumbnailurl", "thumb", "thumburl", "preview", "previews", "previewurl",
    "previewimage", "placeholder", "placeholderurl", "lqip", "blurdataurl", "echo", "context",
})  # fmt: skip
"""What shows in small what stands at its full size under another name, mostly behind an address; or what
mostly repeats the request. Only where nothing else came may they hold the edit."""
_TYPES: Final = frozenset({
    "input", "inputtext", "inputimage", "inputfile", "userinput", "user", "usermessage", "request",
    "prompt", "functioncall", "toolcall", "redactedthinking",
})  # fmt: skip
_THINKS: Final = ("thought", "thinking", "reasoning")
_ROLES: Final = frozenset({"user", "system", "developer", "tool"})
_DEPTH: Final = 200
_LONGEST: Final = 100_000
"""Characters of JSON inside a string that are looked into; pictures are lifted out before."""


def answered(document: Mapping[str, Any], *, drafts: bool) -> Mapping[str, Any]:
    """A document without what was sent and what is no answer; ``candidates`` stay word for word.

    A conversation sends the model's content back as it came, thoughts and signatures too.
    """
    kept = may_hold(document, drafts=drafts)
    return {**kept, "candidates": document["candidates"]} if "candidates" in kept else kept


def may_hold(document: Mapping[str, Any], *, drafts: bool) -> Mapping[str, Any]:
    """What of a document may hold the edit: ``candidates`` too without what is no answer in them.

    ``drafts`` says whether previews do: where nothing else came, one may be all there is.
    """
    out = _LEFT_OUT if drafts else _LEFT_OUT | _DRAFTS
    kept: Mapping[str, Any] = {} if _is_ours(document) else _answered(document, out, 0)
    return kept


def _answered(node: Any, out: frozenset[str], depth: int) -> Any:
    if depth > _DEPTH:
        return None
    if isinstance(node, Mapping):
        after = any(_named(key, _AFTER) and not _is_word(value) for key, value in node.items())
        here = out | _BEFORE if after else out
        return {
            key: _answered(value, out, depth + 1)
            for key, value in node.items()
            if _may_answer(key, value, here)
        }
    if isinstance(node, list):
        return [_answered(item, out, depth + 1) for item in node if not _is_ours(item)]
    if isinstance(node, str) and node[:1] in ("{", "[") and len(node) < _LONGEST:
        return _answered_json(node, out, depth)
    return node


def _is_word(value: Any) -> bool:
    """Whether a field only says something, as "success" or True do. An empty one lacks its picture."""
    if not isinstance(value, str):
        return isinstance(value, (bool, int, float))
    found = find_pictures(value, {})
    return bool(value.strip()) and not (is_address(value) or found or found.mentions)


def _may_answer(key: Any, value: Any, out: frozenset[str]) -> bool:
    if value is None or isinstance(value, (bool, int, float)):
        return True
    if key in ("message", "delta"):  # of a choice: an answer, whatever role it is labelled with
        return not _is_typed_as_ours(value)
    return not _named(key, out) and not _is_ours(value)


def _is_ours(item: Any) -> bool:
    """Whether an item of a list, or a field's object, says that it is the user's or a thought."""
    if not isinstance(item, Mapping):
        return False
    return str(item.get("role")).lower() in _ROLES or _is_typed_as_ours(item)


def _is_typed_as_ours(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    names = [_plain(part) for part in str(item.get("type") or "").split(".")]
    return item.get("thought") in (True, "true") or any(
        name in _TYPES or name.startswith(_THINKS) for name in names
    )


def _answered_json(text: str, out: frozenset[str], depth: int) -> str:
    try:
        whole = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return text
    kept = _answered(whole, out, depth + 1)
    return text if kept == whole else json.dumps(kept, ensure_ascii=False)


def _named(key: Any, names: frozenset[str]) -> bool:
    """Whether a key is one of the names; see there how they are written."""
    name = _plain(key)
    about = _CARRIER.sub("", name)
    return name in names or (about != name and f"{about}*" in names)


def _plain(name: Any) -> str:
    return str(name).lower().replace("_", "").replace("-", "")


# --- what went out -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """The pictures and words of a request, by which their echo is known."""

    pictures: tuple[ImageData | Blob, ...]
    words: str

    @classmethod
    def of(cls, *requests: EditRequest) -> Sent:
        """What the requests hold, as it was asked and as it was sent."""
        turns = [turn for request in requests for turn in request.turns]
        images = [image for request in requests for image in request.images]
        images += [request.mask for request in requests if isinstance(request.mask, ImageData)]
        mine = [blob for turn in turns if _of_user(turn) for blob in turn.blobs.values()]
        texts = [request.prompt for request in requests] + [image.source for image in images]
        texts += [text for turn in turns for text in _texts(turn)]
        # A key of a dictionary is each text once: what was asked and what is sent mostly agree.
        words = "\n".join(dict.fromkeys(map(_comparable, texts)))
        return cls((*images, *mine), words)

    def new(self, images: tuple[ImageData, ...]) -> tuple[ImageData, ...]:
        """The pictures that were not sent."""
        return tuple(image for image in images if not any(_same(image, one) for one in self.pictures))

    def before(self, images: tuple[ImageData, ...]) -> tuple[ImageData, ...]:
        """The pictures, those first that look like one that was sent: a service may keep its own copy."""
        if len(images) < 2:
            return images
        mine = [_look(one) for one in dict.fromkeys(self.pictures) if isinstance(one, ImageData)]
        looks = [(image, _look(image)) for image in images]
        alike = [one for one, look in looks if look and any(was and look.is_like(was) for was in mine)]
        return tuple(sorted(images, key=lambda image: image not in alike))

    def names(self, link: str) -> bool:
        """Whether an address stands in what was sent, however either is written."""
        at = _comparable(link).partition("#")[0].removeprefix("//").rstrip("/")
        # Words in Chinese follow an address without a blank.
        first = re.match(r"[\x21-\x7e]*", at)
        shorter = first[0] if first and ends_as_picture(first[0]) else at
        return any(
            re.search(re.escape(one) + r"(?![a-z0-9/_-])", self.words) for one in {at, shorter} if one
        )

    def sift(self, answer: Answer) -> Answer:
        """The answer without echoes; ``only_sent`` is noted where nothing but an echo came."""
        images = self.before(self.new(answer.images))
        links = tuple(link for link in answer.links if not self.names(link))
        mentions = tuple(link for link in answer.mentions if not self.names(link))
        lost = len(images) < len(answer.images) or len(links) < len(answer.links)
        notes = [note for note in answer.notes if note != "maybe_drafts" or len(images) > 1]
        if lost and not (images or links or mentions):
            notes.append("only_sent")
        return replace(
            answer, images=images, drafts=self.new(answer.drafts), links=links, mentions=mentions,
            notes=tuple(notes),
        )  # fmt: skip


def _same(came: ImageData, sent: ImageData | Blob) -> bool:
    """Whether a picture is one that was sent; only bytes of one length need be hashed to know."""
    return len(came.data) == len(sent.data) and came.sha256 == sent.sha256


def _look(picture: ImageData) -> Look | None:
    try:
        return picture.look()
    except InvalidImageError:
        return None


def _of_user(turn: Turn) -> bool:
    return turn.content.get("role") == "user"


def _texts(turn: Turn) -> Iterator[str]:
    return (value for key, value in walk(dict(turn.content)) if key == "text" and isinstance(value, str))


def _comparable(text: str) -> str:
    """Text in which one address is written one way: no escapes, no scheme, one case."""
    text = unquote(html.unescape(text.replace("\\/", "/"))).lower()
    return re.sub(r"https?://", "", text)


NOTHING: Final = Sent((), "")
"""For a reply whose request nobody has."""

__all__ = ["NOTHING", "Sent", "answered", "may_hold"]
