"""What a reply holds: understood by its own shape, whatever wire was asked, because relays mix them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from .._images.containers import is_foreign
from .._images.data import ImageData
from .._messages import Answer
from ..errors import InvalidImageError
from . import failures, gemini, jobs, openai
from .bodies import is_cut
from .documents import BLANK, documents, is_page, parsed, walk
from .echoes import NOTHING, Sent, answered, may_hold
from .lift import Reply
from .pictures import Found, find_pictures, is_picture_link, looks_cut, once

_NATIVE: Final = ("candidates", "promptFeedback", "prompt_feedback", "usageMetadata", "usage_metadata")
_REWRITTEN: Final = ("revised_prompt", "revisedprompt")
_WORDS: Final = ("text", "content", "output_text", "refusal")
_WRAPPERS: Final = ("response", "result", "data", "body", "output")


def read_reply(
    status: int, headers: Mapping[str, str], reply: Reply, sent: Sent = NOTHING
) -> Answer | failures.Failure:
    """The answer a reply holds, or the failure it reports; what was ``sent`` is neither."""
    whole = documents(reply.text)
    docs = tuple(document for document in whole if not _is_unready(document))
    if status >= 400:
        if jobs.pending(docs) and jobs.receipt(docs) and not any(document.get("error") for document in docs):
            return failures.accepted(status, headers, jobs.job_id(docs), reply.text)
        return failures.read_failure(status, headers, docs, reply.text)
    if reply.raw:
        return _raw_picture(status, headers, reply, sent)
    inner = tuple(_unwrapped(document) for document in docs)
    answer = _first_look(inner, reply, sent) if docs or not whole else Answer()
    if "only_drafts" in answer.notes and failures.says_no(answer):
        answer = replace(answer, images=(), notes=tuple(n for n in answer.notes if n != "only_drafts"))
    told = [(outer, own) for outer, own in zip(docs, inner, strict=True) if _failed(outer, own)]
    errors = [outer for outer, _ in told]
    failed = jobs.failed(docs)
    lacks = not (answer.images or answer.links) or "only_drafts" in answer.notes
    perhaps = "unnamed_image" in answer.notes
    if lacks and not errors and not failed:
        near = last_look(answer, reply, sent, drafts=False)
        far = near if near.images or near.links else last_look(answer, reply, sent, drafts=True)
        # What is no picture's address, or stands among previews, does not say that a job is done.
        perhaps = perhaps or (bool(far.links or far.mentions) and not (far.images or near.links))
        answer = _with(answer, far)
    found = _is_found(answer)
    if _is_receipt(status, docs, inner, answer, perhaps=perhaps and not answer.images):
        return failures.accepted(status, headers, jobs.job_id(docs), reply.text)
    if answer.images and "evised" in reply.text:
        answer = replace(answer, rewritten=_rewritten(docs))
    wrong = failures.outweigh([one for both in told for one in both])
    links = answer.links and not wrong
    unsure = (errors and "only_drafts" in answer.notes) or (wrong and "unnamed_image" in answer.notes)
    if (answer.images or links) and not failed and not unsure:
        return answer
    if errors or failed:
        return failures.read_failure(status, headers, errors or docs[-1:], reply.text)
    if not found and "broken_image" in answer.notes and (reason := _foreign(reply)):
        return failures.unreadable(status, headers, reason)
    if not found and len(docs) < len(whole):
        return failures.unfinished(status, headers, len(whole) - len(docs), reply.text)
    if not found and is_cut(reply.text):
        return failures.malformed(status, headers, reply.text, [pair for d in docs for pair in walk(d)])
    if found or "only_sent" in answer.notes or any(_speaks(document) for document in inner):
        return answer
    spoken = [document for document in docs if failures.has_words(document)]
    if answer.text and docs and not spoken:
        return answer
    plainly = not docs and not is_page(reply.text) and failures.is_failure_text(reply.text)
    if plainly or failures.complain(spoken):
        return failures.read_failure(status, headers, spoken, reply.text)
    if answer.mentions:
        return answer
    return failures.malformed(status, headers, reply.text, [pair for d in docs for pair in walk(d)])


def _is_found(answer: Answer) -> bool:
    """Whether a reply holds or plainly names a picture; any other address in a sentence may be a page."""
    return bool(answer.images or answer.links) or any(map(is_picture_link, answer.mentions))


def is_whole(reply: Reply) -> bool:
    """Whether a reply has its end: that of one document, a stream's last word, or a picture's last byte."""
    if reply.raw:
        return not isinstance(_raw_picture(200, {}, reply, NOTHING), failures.Failure)
    return parsed(reply.text) is not None or reply.text.rstrip(BLANK).endswith("[DONE]")


def _first_look(inner: Sequence[Mapping[str, Any]], reply: Reply, sent: Sent) -> Answer:
    """What stands where answers stand; a preview only where nothing else does."""
    for drafts in (False, True):
        answer = sent.sift(_answer(tuple(answered(one, drafts=drafts) for one in inner), reply))
        if answer.images or answer.links or answer.mentions:
            return replace(answer, notes=(*answer.notes, "unnamed_image")) if drafts else answer
    return answer


def _rewritten(docs: Sequence[Mapping[str, Any]]) -> str:
    """The prompt as the service says it changed it."""
    pairs = (pair for document in docs for pair in walk(document))
    return next((value for key, value in pairs if key in _REWRITTEN and isinstance(value, str)), "")


def last_look(answer: Answer, reply: Reply, sent: Sent, *, drafts: bool) -> Answer:
    """What stands under names nobody knows, before "no picture" is said: what was paid for is not lost.

    Where the service said no, a picture that lies about is a logo or a code to scan. Words are read less well
    than that: beside them the picture is given, and told. An address is a perhaps there, as one in a sentence
    is, and so is one that is not plainly a picture's.
    """
    if failures.says_no(answer):
        return Answer()
    found = _anywhere(reply, drafts, answer.said)
    links = [link for link in found.links if not answer.text and is_picture_link(link)]
    mentions = [link for link in (*found.links, *found.mentions) if link not in links]
    return sent.sift(Answer(once(found.images), links=_each(links), mentions=_each(mentions)))


def _anywhere(reply: Reply, drafts: bool, said: str) -> Found:
    """The whole pictures and addresses of a reply, whatever their names, but for what was sent or thought."""
    found = Found()
    ready = (document for document in documents(reply.text) if not _is_unready(document))
    for _, value in (pair for document in ready for pair in walk(may_hold(document, drafts=drafts))):
        words = [item for item in value if isinstance(item, str)] if isinstance(value, list) else [value]
        text = "\n".join(word for word in words if isinstance(word, str))
        here = find_pictures(text, reply.blobs)
        # The pieces of what was said may be cut anywhere, and were read as a whole.
        spoken = bool(here.links or here.mentions) and text.strip() in said
        found += replace(here, links=(), mentions=()) if spoken else here
    return found


def _each(links: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(links))


def _with(answer: Answer, found: Answer) -> Answer:
    """The answer with what stood under no name that is known."""
    if not (found.images or found.links or (found.mentions and not answer.images)):
        return answer
    dropped = ["only_sent", "unnamed_image"]
    dropped += ["only_drafts", "broken_image"] if found.images or found.links else []
    notes = [*(note for note in answer.notes if note not in dropped), "unnamed_image"]
    return replace(
        answer,
        images=found.images,
        links=found.links,
        mentions=_each((*answer.mentions, *found.mentions)),
        notes=tuple(notes + ["maybe_drafts"] * (len(found.images) > 1)),
    )


def _is_receipt(
    status: int, docs: Sequence[Mapping[str, Any]], inner: Sequence[Mapping[str, Any]], answer: Answer, *,
    perhaps: bool,
) -> bool:
    """Whether the reply says that the picture is made elsewhere, later. A model's words are no receipt.

    ``perhaps`` says that all there is are addresses which need lead to no edit.
    """
    found = _is_found(answer)
    there = bool(answer.images) or any(map(is_picture_link, answer.links))
    if any(key in document for document in inner for key in (*_NATIVE, "choices")):
        return False
    unnamed = "unnamed_image" in answer.notes and not answer.images
    if jobs.pending(docs, lists=not found or unnamed, there=there) or status == 202:
        return not found or status == 202 or jobs.job_id(docs) is not None
    # An address in what a job repeats of its request is no edit, unless the job says that it is done.
    found = (found and not perhaps) or (bool(found or answer.mentions) and jobs.tells(docs))
    told_wrong = any("error" in document and document["error"] for document in docs)
    return not found and not told_wrong and not jobs.failed(docs) and jobs.receipt(docs)


def _failed(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> bool:
    """Whether a document reports a failure; what wraps an answer may carry a code and words of its own."""
    if failures.has_error(inner):
        return True
    return outer is not inner and not _speaks(inner) and failures.has_error(outer)


def _answer(docs: Sequence[Mapping[str, Any]], reply: Reply) -> Answer:
    if any(key in document for document in docs for key in _NATIVE):
        return gemini.decode_answer(docs, reply.blobs)
    if any("choices" in one or isinstance(one.get("data"), list) or _ends(one) for one in docs):
        return openai.decode_answer(docs, reply.blobs)
    if is_page(reply.text):
        return Answer()
    found = Found() if docs else find_pictures(reply.text, reply.blobs)
    texts = [found.text]
    for key, value in (pair for document in docs for pair in walk(document)):
        if isinstance(value, str):
            here = find_pictures(value, reply.blobs)
            found += here
            texts += [here.text] if here.mentions or key in _WORDS else []
        elif isinstance(value, list):
            found += find_pictures("\n".join(item for item in value if isinstance(item, str)), reply.blobs)
    images = once(found.images)
    notes = ["broken_image"] * bool(found.broken) + ["maybe_drafts"] * (len(images) > 1)
    links, mentions = _each(found.links), _each(found.mentions)
    text = "\n".join(filter(None, texts))
    return Answer(images, links=links, mentions=mentions, text=text, notes=tuple(notes))


def _is_unready(document: Mapping[str, Any]) -> bool:
    """Whether a document is a stream's event that shows a draft of the picture to come."""
    return "partial_image" in str(document.get("type"))


def _ends(document: Mapping[str, Any]) -> bool:
    """Whether a document is an event of a stream of pictures: its end, or the model's words before it."""
    if document.get("object") == "image.edit.chunk":
        return True
    return isinstance(document.get("b64_json"), str) and str(document.get("type")).endswith(".completed")


def _speaks(document: Mapping[str, Any]) -> bool:
    """Whether a document has the shape of an answer, be it an empty one."""
    if any(key in document for key in (*_NATIVE, "choices")) or isinstance(document.get("data"), list):
        return True
    return _ends(document)


def _unwrapped(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Some relays put the service's answer inside ``response``, ``result`` or ``data``, or a string there."""
    for _ in range(3):
        if _speaks(document) or document.get("error"):
            break
        inner = next((document[key] for key in _WRAPPERS if isinstance(document.get(key), (dict, str))), None)
        if isinstance(inner, str):
            inner = next(iter(documents(inner)), None) if inner.lstrip()[:1] in ("{", "[") else None
        if inner is None:
            break
        document = inner
    return document


def _foreign(reply: Reply) -> str:
    """Why a picture of the reply can't be read though nothing of it is missing; ``""`` where none is such."""
    for blob in filter(lambda one: is_foreign(one.data), reply.blobs.values()):
        try:
            ImageData.from_bytes(blob.data)
        except InvalidImageError as error:
            return error.message
    return ""


def _raw_picture(
    status: int, headers: Mapping[str, str], reply: Reply, sent: Sent
) -> Answer | failures.Failure:
    """Some relays answer with the picture itself."""
    try:
        image = ImageData.from_bytes(reply.raw)
    except InvalidImageError as error:
        told = failures.unreadable if is_foreign(reply.raw) else failures.damaged
        return told(status, headers, error.message)
    return failures.damaged(status, headers, "") if looks_cut(image) else sent.sift(Answer((image,)))
