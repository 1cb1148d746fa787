"""What an edit gave, checked against what was asked, and how it shows, saves and repeats itself.

A result holds the pictures as received. Its display is a small picture and, as an output of their own
under it, its words: a caption, its warnings, what the model said. Never HTML, so that it survives a dead
kernel, nbconvert and GitHub, and a saved notebook stays small.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shlex
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from . import _provenance, _text
from ._catalog.cost import Cost
from ._catalog.models import find_model
from ._catalog.providers import key_header
from ._catalog.sizes import pixels_of
from ._display import Pictured, view
from ._fetch.urls import kept_url, signed
from ._images.data import ImageData
from ._images.saving import SUFFIXES, told_of_suffix
from ._messages import Answer, Context, EditRequest, Turn, Usage
from ._prompts.hints import lint
from ._strings import Lang, say, speaking
from ._version import __version__
from ._wire.body import JSON, Piece, Raw
from ._wire.plan import Plan
from .errors import InvalidImageError, InvalidRequestError, NanoBananaError

if TYPE_CHECKING:
    from ._measure.changing import Changes, Composite

_LOCAL_SANDBOX: Final = "http://127.0.0.1:8765"
_ADDRESS: Final = re.compile("https?://", re.IGNORECASE)
_RATIO_SLACK: Final = 0.03
"""Catalog pixels are off their nominal ratio by up to 1 %; beyond this the ratio is another one."""
_FOLLOWED: Final = 0.06
"""How far the shape of an edit may be from its input's; the closest ratios on offer are farther apart."""
_PLAIN_ENDS: Final = frozenset(
    {"", "stop", "unspecified", "end_turn", "end", "eos", "complete", "completed", "succeeded", "tool_calls"}
)
_PROMPT: Final = 60
_FACT: Final = 80
_NOTE: Final = 600
_NAMES: Final = 8
_SIGNS: Final = ("⊘ ", "⚠ ", "")
"""What stands before a reason, a warning, and the model's own words, in the order they are told."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EditResult(Pictured):
    """One finished edit.

    Attributes:
        images: all final pictures in order, bytes as received; ``image`` is the last of them.
        text: what the model wrote beside them.
        usage: tokens as the provider counted them, or None.
        cost: what this take cost; a replay costs nothing more, and says what it cost then.
        elapsed: seconds from the first byte sent to the last received.
        model: the model that answered, as far as it said so, else the id that was sent.
        finish_reason, response_id, request_id: the provider's own words.
        request: what was asked.
        warnings: sentences: asked against got, input altered, redirected, perhaps drafts; and what a look at
            the picture tells (it is the input again, it is all in one colour). The pixels are looked at when
            this is first read, not before.
        replayed: it came from history and cost nothing now.
        sandbox: the built-in stand-in made it; no provider was asked.
        take: which of several attempts at the same request this is, from 1.
        attempts: how many requests were sent for it.
        record_id: its place in the history, or None.
        context: how what was before went along: ``"refeed"``, as a picture, or ``"conversation"``.
    """

    images: tuple[ImageData, ...]
    request: EditRequest
    text: str = ""
    usage: Usage | None = None
    cost: Cost = field(default_factory=lambda: Cost(None, certain=False))
    elapsed: float = 0.0
    model: str = ""
    finish_reason: str | None = None
    response_id: str | None = None
    request_id: str | None = None
    warnings: tuple[str, ...] = ()
    replayed: bool = False
    sandbox: bool = False
    take: int = 1
    attempts: int = 1
    record_id: str | None = None
    model_turn: Turn | Callable[[], Turn | None] | None = field(default=None, repr=False)
    plan: Plan | Callable[[], Plan] | None = field(default=None, repr=False)
    other_takes: tuple[EditResult, ...] = field(default=(), repr=False)
    context: Context = "refeed"

    @property
    def told(self) -> tuple[str, ...]:
        """The warnings that were known when the answer came, without a look at the picture."""
        found: tuple[str, ...] = _TOLD.__get__(self)
        return found

    def changed(self, **facts: Any) -> EditResult:
        """The same result with other facts; unlike :func:`dataclasses.replace` it looks at no picture."""
        return replace(self, **{"warnings": self.told, **facts})

    def __getstate__(self) -> list[Any]:
        return [self.told if one.name == "warnings" else getattr(self, one.name) for one in fields(self)]

    @property
    def image(self) -> ImageData:
        """The final picture."""
        return self.images[-1]

    @property
    def takes(self) -> tuple[EditResult, ...]:
        """All successful takes of this call in order; ``(self,)`` for one."""
        return self.other_takes or (self,)

    @property
    def turn(self) -> dict[str, Any] | None:
        """The model's content verbatim, with every signature; None where the wire has none."""
        held = self.conversation_turn
        return held.verbatim() if held else None

    @property
    def conversation_turn(self) -> Turn | None:
        """The model's turn as a value; a replay reads it from the history when it is asked for."""
        return self.model_turn() if callable(self.model_turn) else self.model_turn

    def save(self, path: str | os.PathLike[str] | None = None, *, provenance: bool = False) -> Path:
        """Write the received bytes of :attr:`image` and return the path.

        A suffix that disagrees with the bytes is replaced, with a warning. Without ``path`` the name
        is ``edited_YYYYmmdd_HHMMSS`` and nothing is overwritten. ``provenance=True`` embeds prompt,
        model and parameters in the file's own metadata, pixels untouched.

        Raises:
            InvalidRequestError: the file can't be written; the picture is still in memory.
        """
        if provenance:
            written = _provenance.save(self.image, self.provenance(), path)
        else:
            written = self.image.save(path)
        if sentence := told_of_suffix(path, written):
            warnings.warn(sentence, stacklevel=2)
        return written

    def provenance(self) -> dict[str, Any]:
        """Where the picture comes from, as plain values; what ``save(provenance=True)`` writes."""
        return {
            "tool": _provenance.KEYWORD,
            "version": __version__,
            "prompt": self.request.prompt,
            "model": self.model,
            "model_asked": self.request.model,
            "aspect_ratio": self.request.aspect_ratio,
            "image_size": self.request.image_size,
            **({"seed": self.request.seed} if self.request.seed is not None else {}),
            **({"extra": self.request.extra} if self.request.extra else {}),
            **({"mask": _mask_named(self.request.mask)} if self.request.mask is not None else {}),
            "take": self.take,
            "parents": [image.sha256 for image in self.request.images],
            "sha256": self.image.sha256,
            "response_id": self.response_id,
            "sandbox": self.sandbox,
        }

    def share(self, path: str | os.PathLike[str] | None = None, *, lang: Lang | None = None) -> Path:
        """Before, after, prompt, model and price in one file for others, and return where it is.

        Args:
            path: ends in ``.png``, a picture for a slide (1920×1080), or ``.html``, a page that needs nothing
                else; without it, or for a folder, a PNG under a name that no file has.
            lang: ``"en"`` or ``"zh"``; the current language if None.

        Raises:
            InvalidRequestError: another name's end, it can't be written, or no font has the prompt's letters.
        """
        with speaking(lang):
            written: Path = view("share")(self, path)
        return written

    def show(self) -> None:
        """Open the viewer on it, over the picture it was made from: zoom, compare, see what changed.

        The plain picture stays in the saved notebook. Outside of a notebook it is said in words.
        """
        view("viewer")(self)

    def changes(self, region: Any = None) -> Changes | None:
        """What the edit did to its last input: shift and zoom, the share of pixels changed, drift.

        With a mask it is the first input that is compared, for the mask is on that one.

        Args:
            region: (left, top, width, height) in shares of the picture, or a mask picture; then the
                share changed outside of it is told apart. None is the mask the edit was made with.

        Returns None for a picture made from words alone. Measured when called, not before; needs the
        ``research`` extra.
        """
        before = before_of(self)
        if before is None:
            return None
        from ._measure.changing import changes  # loaded when measured: it takes half a second

        return changes(before, self.image, self.request.mask if region is None else region)

    def composite(self, region: Any = None, feather: float | None = None) -> ImageData:
        """The edited region laid over the unchanged first input, at that picture's own pixels: a new PNG.

        The result is aligned first, by what lies outside of the region, and brought to the original's pixels
        and colour profile. Within the region every pixel is then the result's. The seam lies *outside* of the
        region, up to ``feather`` pixels wide, and every pixel beyond it equals the original's exactly.
        ``nb.read_provenance`` of the picture, saved or not, says what was laid over what, and where.

        Args:
            region: (left, top, width, height) in shares of the original as a person sees it, or a mask
                picture. None is the mask the edit was made with.
            feather: the seam's width in pixels of the original; None is 1 % of its longer edge, 0 is a hard
                edge.

        Needs the ``research`` extra.

        Raises:
            InvalidRequestError: there is no original or no region, the result shows something else or not all
                of the region (then the figures are told), or an argument is bad.
            InvalidImageError: pixels can't be decoded, or the PNG is larger than any picture may be.
        """
        if not self.request.images:
            raise InvalidRequestError(say("measure.no_original"), hint=say("measure.no_original_hint"))
        chosen = self.request.mask if region is None else region
        if chosen is None:
            raise InvalidRequestError(say("measure.no_region"), hint=say("measure.no_region_hint"))
        from ._measure.changing import composite  # loaded when measured

        made = composite(self.request.images[0], self.image, chosen, feather)
        if made.lost:
            warnings.warn(say(f"measure.lost_{made.lost}"), stacklevel=2)
        data, _ = _provenance.embed(made.picture, _composed(self, made))
        return ImageData.from_bytes(data, name=made.picture.name)

    @property
    def reencodings(self) -> int:
        """How often the pixels were encoded anew by this edit: once by the model, and per input altered."""
        return 1 + self._plan().reencoded

    def to_python(self) -> str:
        """The Python that makes this edit again; it holds no base64 and no key.

        One that went on in a conversation means nothing alone: its record is named, and what
        ``chain.to_python()`` tells is all of it.
        """
        return f"import nb_banana as nb\n\nresult = {_call(self)}\nresult.save()\n"

    def to_json(self) -> str:
        """The request as it goes over the wire, pictures included (so it can be large).

        Raises:
            InvalidRequestError: this wire sends no JSON; ``to_curl`` and ``to_python`` work for every wire.
        """
        body = self._plan().body()
        if body.content_type != JSON:
            raise InvalidRequestError(say("result.not_json", kind=body.content_type.partition(";")[0]))
        return bytes(body).decode()

    def to_curl(self) -> str:
        """A shell script that makes this edit again with curl; the key comes from the environment.

        Pictures are named by the files they were given as, and fetched first where that was an address; one
        that was made anew to be sent must be there first, as a comment says. A mask stands in the script
        itself. Nothing is sent where a file is missing. For a result of the built-in sandbox it goes to
        ``nb-banana sandbox --port 8765``, which must be running.
        """
        plan = self._plan()
        if not plan.base_url:
            raise InvalidRequestError(say("result.no_address"))
        places, note, gets = _shell_files(plan)
        first = ""
        name, before = key_header(plan.auth or plan.provider.key_header)
        body = plan.body()
        steps = "\n".join(f"  {_shell_step(piece, places)}" for piece in body.pieces)
        content_type = shlex.quote(f"Content-Type: {body.content_type}")
        url = plan.url
        if plan.provider.name == "sandbox":
            url = url.replace(plan.base_url, _LOCAL_SANDBOX)
            first = f"# nb-banana sandbox --port {_LOCAL_SANDBOX.rpartition(':')[2]}\n"
        return (
            f"{first}{note}{gets}{{\n{steps}\n}} | curl -sS -X POST {shlex.quote(url)} \\\n"
            f"  -H \"{name}: {before}$NB_BANANA_API_KEY\" -H {content_type} --data-binary @- \\\n"
            f"  | nb-banana decode > edited{_suffix(self)}\n"
        )

    def _plan(self) -> Plan:
        if self.plan is None:
            raise InvalidRequestError(say("result.no_plan"))
        return self.plan() if callable(self.plan) else self.plan

    def __repr__(self) -> str:
        return self.summary()

    def __str__(self) -> str:
        """The summary, and below it what stands under the picture in a notebook: warnings, words."""
        return "\n".join((self.summary(), *notes({"": self}), *hints(self)))

    def summary(self) -> str:
        """The prompt, shortened, and the :attr:`caption`: one line, the same each time it is shown."""
        return f"“{_text.shortened(self.request.prompt, _PROMPT)}” · {self.caption}"

    @property
    def caption(self) -> str:
        """The line under the picture: its size, the model, what it cost and how long it took.

        ``1376×768 · gemini-3-pro-image-preview · $0.09 · 12 s · take 2 · replayed``. A cost nobody knows
        says so, the sandbox says that it is free and has no time worth telling; cost and seconds of a
        replay are those of the edit it repeats.
        """
        width, height = self.image.shown_size
        facts = [say("images.size", width=width, height=height), self.model]
        facts.append(_text.money(self.cost, sandbox=self.sandbox))
        if not self.sandbox and self.elapsed >= 0.05:
            facts.append(_text.seconds(self.elapsed))
        if self.take != 1 or self.other_takes:
            facts.append(say("result.take", take=self.take))
        if self.replayed:
            facts.append(say("result.replayed"))
        return " · ".join(_text.shortened(fact, _FACT) for fact in facts if fact)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        small = self.image.tile() if len(self.takes) == 1 else _side_by_side(self.takes)
        named = {say("result.take", take=take.take): take for take in self.takes}
        captions = [self.caption, *(take.caption for take in self.takes[1:])]
        text = "\n".join([*captions, *notes(named), *hints(self)])
        shown = base64.b64encode(small.data).decode()
        facts = {"width": small.width, "alt": self.request.prompt[:200]}
        return {small.mime_type: shown, "text/plain": text}, {small.mime_type: facts | whence(self)}

    def _ipython_display_(self) -> None:
        view("present")(self._repr_mimebundle_())


_TOLD: Final[Any] = EditResult.__dict__["warnings"]


def _warnings(result: EditResult) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*result.told, *glances(result))))


# The field is given and kept like any other. Read, it tells what a look at the picture tells too.
EditResult.warnings = property(_warnings, _TOLD.__set__)  # type: ignore[assignment,misc]


def notes(named: Mapping[str, EditResult | NanoBananaError], among: int | None = None) -> list[str]:
    """A line for each reason of a failure, each warning, and what each model wrote; each is said once.

    A line that does not hold for all of them, or all of the ``among`` they are of, begins with the names
    of those it holds for. The words come from outside, so each is one line without control characters,
    and bounded; ``result.text`` and ``result.warnings`` hold them in full.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for name, outcome in named.items():
        for note in dict.fromkeys(_notes(outcome)):
            found.setdefault(note, []).append(name)
    everyone = len(named) if among is None else among
    lines = []
    for (sign, words), names in sorted(found.items(), key=lambda line: _SIGNS.index(line[0][0])):
        more = f", … +{len(names) - _NAMES}" if len(names) > _NAMES else ""
        some = say("result.some", names=", ".join(names[:_NAMES]) + more, note=words)
        lines.append(sign + (words if len(names) == everyone else some))
    return lines


def _notes(outcome: EditResult | NanoBananaError) -> Iterator[tuple[str, str]]:
    failed, warned, said = _SIGNS
    if isinstance(outcome, NanoBananaError):
        yield failed, _text.shortened(outcome.message, _NOTE)
        return
    for sentence in filter(None, outcome.warnings):
        yield warned, _text.shortened(sentence, _NOTE)
    if words := _text.shortened(outcome.text, _NOTE):
        yield said, say("result.said", words=words)


def whence(result: EditResult | None) -> dict[str, Any]:
    """What an output's metadata says of the original, for pages that edit or save that, not the small copy.

    ``{"nb_banana": {"record": …, "sha256": …, "folder": …}}``, the folder from the notebook's where it lies
    below it; nothing of a result that is in no history.
    """
    if result is None or result.record_id is None:
        return {}
    path = result.image.path
    folder = "" if path is None else view("kept_in")(path)
    facts = {"record": result.record_id, "sha256": result.image.sha256}
    return {"nb_banana": facts | ({"folder": folder} if folder else {})}


def hints(result: EditResult) -> list[str]:
    """The quiet hints about its prompt, as the panel gives them: at most two lines, usually none."""
    asked = result.request
    found = lint(asked.prompt, len(asked.images), asked.aspect_ratio, asked.image_size)
    return [f"· {hint}" for hint in found[:2]]


def glances(result: EditResult) -> tuple[str, ...]:
    """What a look at the picture tells: that it is an input again, or that there is nothing on it.

    Where a preview was made to show it, its pixels are those that are looked at; of the inputs, small copies.
    """
    if not result.images:
        return ()
    inputs, image = result.request.images, result.image
    named = {
        number: say("result.input", number=number) if len(inputs) > 1 else say("result.the_input")
        for number, _ in enumerate(inputs, 1)
    }
    for number, one in enumerate(inputs, 1):
        if one.sha256 == image.sha256:
            return (say("result.same_bytes", input=named[number]),)
    try:
        look = image.look()
    except InvalidImageError as error:
        return (say("result.not_shown", reason=error.message),)
    try:
        if look.is_flat and not any(one.look().is_flat for one in inputs):
            return (say("result.flat"),)
        alike = [number for number, one in enumerate(inputs, 1) if one.look().is_like(look)]
    except InvalidImageError:
        return ()  # an input that can't be read any more
    return tuple(say("result.same_look", input=named[number]) for number in alike[:1])


def _composed(result: EditResult, made: Composite) -> dict[str, Any]:
    """Where a composite comes from: what was laid over what, and how far the marks of a model reach."""
    original, image = result.request.images[0], result.image
    facts = result.provenance() | {
        "kind": "composite",
        "parents": [original.sha256, image.sha256],
        "original": {"sha256": original.sha256, "size": list(original.shown_size)},
        "result": {
            "sha256": image.sha256,
            "size": list(image.shown_size),
            "model": result.model,
            "record": result.record_id,
        },
        "region": _mask_named(made.region),
        "marks": say("provenance.composite_marks"),
    }
    del facts["sha256"]  # of the result by itself
    return facts | made.facts()


def _mask_named(mask: Any) -> Any:
    """A mask as plain values: a picture by its hash, a region as it is."""
    return mask.sha256 if isinstance(mask, ImageData) else list(mask)


def _shell_files(plan: Plan) -> tuple[dict[str, str], str, str]:
    """The file of each picture that is sent, by its hash; notes on files; what fetches or needs them."""
    places, notes, gets = dict[str, str](), "", ""
    outlined = plan.asked.mask is not None and plan.request.mask is None
    for number, (sent, asked) in enumerate(zip(plan.request.images, plan.asked.images, strict=True), 1):
        original, suffix = place_of(asked), SUFFIXES.get(sent.mime_type, ".png")
        if sent.sha256 in places:
            continue
        marked = outlined and number == 1
        if sent.mime_type == asked.mime_type and not marked:  # a file of the kind that the request names
            places[sent.sha256] = original
            if _ADDRESS.match(original):
                places[sent.sha256] = f"picture-{number}{suffix}"
                gets += f"curl -fsSLo {places[sent.sha256]} {shlex.quote(original)} && "
            continue
        places[sent.sha256] = f"marked{suffix}" if marked else f"sent-{number}{suffix}"
        width, height = sent.shown_size
        told = say(
            "result.curl_marked" if marked else "result.curl_copy",
            file=places[sent.sha256], original=_text.one_line(original),
            kind=sent.mime_type.rpartition("/")[2].upper(),
            size=say("images.size", width=width, height=height),
        )  # fmt: skip
        notes += f"# {told}\n"
    files = " ".join(map(shlex.quote, dict.fromkeys(places.values())))
    return places, notes, f"{gets}ls -- {files} > /dev/null && " if files else gets


def _shell_step(piece: Piece, places: Mapping[str, str]) -> str:
    """The shell command that prints one piece of a body."""
    if isinstance(piece, bytes):
        text = piece.decode()
        if "\r" not in text:
            return f"printf '%s' {shlex.quote(text)}"
        # Between the parts of a form stand line ends that a script, once copied, would lose.
        escaped = text.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")
        return f"printf '%b' {shlex.quote(escaped)}"
    if place := places.get(piece.source.sha256):
        return piece.shell.format(file=shlex.quote(place))
    if isinstance(piece, Raw):  # a mask: packed, it is short
        packed = base64.b64encode(zlib.compress(piece.source.data, wbits=31)).decode()
        return f"printf '%s' {packed} | base64 -d | gzip -d"
    return f"printf '%s' {b''.join(piece).decode()}"


def _call(result: EditResult) -> str:
    """The call that gives a result again."""
    if result.context == "conversation" and result.record_id:
        return f'nb.history()["{result.record_id}"]'
    asked = result.request
    images = [place_of(image) for image in asked.images]
    shown = repr(images[0]) if len(images) == 1 else f"[{', '.join(map(repr, images))}]"
    options = {
        "model": asked.model,
        "aspect_ratio": asked.aspect_ratio,
        "image_size": asked.image_size,
        "mask": place_of(mask) if isinstance(mask := asked.mask, ImageData) else mask,
        "seed": asked.seed,
        "extra": dict(asked.extra) if asked.extra else None,
        "take": result.take if result.take != 1 else None,
    }
    given = [repr(asked.prompt), *(f"{n}={v!r}" for n, v in options.items() if v is not None)]
    return f"nb.edit({shown}, {', '.join(given)})" if images else f"nb.generate({', '.join(given)})"


def _suffix(result: EditResult) -> str:
    return SUFFIXES.get(result.image.mime_type, ".png")


def place_of(image: ImageData) -> str:
    """What names a picture in code: the path it was given as, else where the history keeps it.

    Code and notebooks are handed on, so an address stands in them without what unlocks it.
    """
    if image.source and not signed(image.source):
        return image.source
    if image.path is None and image.source:
        return kept_url(image.source)
    if image.path is None:
        return image.name or f"{image.sha256[:12]}.png"
    path, folder = image.path, _text.here()
    return str(path.relative_to(folder) if folder and path.is_relative_to(folder) else path)


def typed(request: EditRequest, mask: Any) -> dict[str, Any]:
    """The settings of a step as code names them: its mask, as the history keeps it, by its file."""
    made: dict[str, Any] = {**request.settings}
    if mask is not None:
        made["mask"] = place_of(mask) if isinstance(mask, ImageData) else tuple(mask)
    return made


def _side_by_side(takes: tuple[EditResult, ...]) -> ImageData:
    """Several takes as one small picture."""
    from PIL import Image  # loaded when several takes are shown: a plain edit does without

    height, gap = 320, 8
    small = []
    for take in takes:
        picture = take.image.tile(height * 2, 400_000).to_pil().convert("RGB")
        small.append(picture.resize((max(1, round(picture.width * height / picture.height)), height)))
    sheet = Image.new("RGB", (sum(p.width for p in small) + gap * (len(small) - 1), height), "white")
    left = 0
    for picture in small:
        sheet.paste(picture, (left, 0))
        left += picture.width + gap
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return ImageData.from_bytes(out.getvalue()).shown()


# --- asked against got ---------------------------------------------------------------------------


def warnings_of(plan: Plan, answer: Answer) -> tuple[str, ...]:
    """What a person should know about an answer: where it differs from what was asked."""
    found = [say(f"client.note_{note}", count=len(answer.images)) for note in dict.fromkeys(answer.notes)]
    if answer.model and _other_model(plan, answer.model):
        found.append(say("client.note_model", asked=plan.model, answered=answer.model))
    if difference := _other_pixels(plan, answer.images[-1]) or _other_shape(plan, answer.images[-1]):
        found.append(difference)
    if answer.rewritten and _text.one_line(answer.rewritten) != _text.one_line(plan.asked.prompt):
        found.append(say("client.note_rewritten", words=_text.shortened(answer.rewritten, _NOTE)))
    if odd := _odd_end(answer.finish_reason):
        found.append(say("client.note_finish", reason=odd))
    return tuple(found)


def _odd_end(reason: str | None) -> str:
    """A reason to end that is not the usual one, as it came; ``""`` for a plain end."""
    plain = (reason or "").lower().removeprefix("finish_reason_")
    return "" if plain in _PLAIN_ENDS else _text.shortened(reason or "", _FACT)


def _other_model(plan: Plan, answered: str) -> bool:
    given = answered.removeprefix("models/")
    if given.rpartition("/")[2].lower() == plan.model.rpartition("/")[2].lower():
        return False
    return plan.info is None or find_model(given, plan.provider).info is not plan.info


def _other_pixels(plan: Plan, image: ImageData) -> str:
    """A sentence if the picture has not the pixels that were asked for, else ``""``."""
    asked, info, (width, height) = plan.asked, plan.info, image.shown_size
    got = say("images.size", width=width, height=height)
    if asked.aspect_ratio:
        across, _, down = asked.aspect_ratio.partition(":")
        wanted = int(across) / int(down) if across.isdigit() and down.isdigit() and int(down) else 0
        if wanted and abs(width / height / wanted - 1) > _RATIO_SLACK:
            return say("client.note_ratio", asked=asked.aspect_ratio, got=got)
    if info is None or not (asked.image_size or asked.aspect_ratio):
        return ""
    ratio = asked.aspect_ratio or info.nearest_ratio(width, height)
    typed = pixels_of(asked.image_size)
    expected = typed or info.pixels(ratio, asked.image_size)
    if expected == (width, height):
        return ""
    if not (asked.aspect_ratio or typed) and 0.8 < width * height / (expected[0] * expected[1]) < 1.25:
        return ""  # the ratio was the model's own choice; only the size was asked
    return say(
        "client.note_pixels",
        asked=" ".join(filter(None, [asked.aspect_ratio, asked.image_size])),
        expected=say("images.size", width=expected[0], height=expected[1]),
        got=got,
    )


def _other_shape(plan: Plan, image: ImageData) -> str:
    """A sentence if no ratio was asked and the picture has not the shape of the last input, else ``""``."""
    asked, (width, height) = plan.asked, image.shown_size
    if asked.aspect_ratio or not asked.images or pixels_of(asked.image_size):
        return ""
    before = asked.images[-1].shown_size
    expected = before[0] / before[1]
    if plan.info is not None and plan.info.free is None:  # the nearest this model makes will do as well
        across, _, down = plan.info.nearest_ratio(*before).partition(":")
        low, high = sorted((expected, int(across) / int(down)))
    else:
        low = high = expected
    if low * (1 - _FOLLOWED) <= width / height <= high * (1 + _FOLLOWED):
        return ""
    return say(
        "client.note_shape",
        before=say("images.size", width=before[0], height=before[1]),
        got=say("images.size", width=width, height=height),
    )


def of_answer(plan: Plan, answer: Answer, **facts: Any) -> EditResult:
    """The result of an answer; ``facts`` are what only the sender knows."""
    more = facts.pop("warnings", ())
    return EditResult(
        images=answer.images,
        request=plan.asked,
        text=answer.text,
        usage=answer.usage,
        model=(answer.model or plan.model).removeprefix("models/"),
        finish_reason=answer.finish_reason,
        response_id=answer.response_id,
        warnings=(*plan.warnings, *warnings_of(plan, answer), *more),
        model_turn=answer.turn,
        plan=plan,
        context="conversation" if plan.asked.turns else "refeed",
        **facts,
    )


def before_of(result: EditResult) -> ImageData | None:
    """The picture a result is compared with: its last input; with a mask its first, which that is on."""
    inputs = result.request.images
    return None if not inputs else inputs[-1 if result.request.mask is None else 0]


def with_takes(results: tuple[EditResult, ...], warnings: tuple[str, ...] = ()) -> EditResult:
    """The first of several takes, knowing all of them."""
    first = results[0].changed(warnings=(*results[0].told, *warnings))
    return first.changed(other_takes=(first, *results[1:]))


def read_provenance(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Prompt, model, parameters and parents that ``save(provenance=True)`` put into a picture.

    A composite holds its own in any case: original and result, region, seam and alignment.

    Raises:
        InvalidImageError: the picture can't be read.
        InvalidRequestError: it carries no provenance of ours.
    """
    return _provenance.read(path)


__all__ = ["EditResult", "notes", "of_answer", "place_of", "read_provenance", "warnings_of", "with_takes"]
