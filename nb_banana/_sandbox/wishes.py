"""From a prompt to the wishes in it: pure, bilingual, aware of "keep" and "don't".

Rules of this file: the prompt is cut into clauses, each under one verb ("add", "remove", "change", …; a
clause without one goes on with the verb before it). A clause asks for what can be painted (`EFFECTS`),
for letters (only what the prompt quotes), or for something a placeholder holds open, named by the
prompt's own noun phrase. Words about the picture at hand ("this blurry photo") are no wishes, and
whatever is to be kept or is refused asks for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .._images.fonts import is_cjk
from .._strings.wire import TABLE as SENTENCES
from .._text import shortened
from . import vocabulary as v

MOST_READ = 4_000  # characters; what stands further down is not read
LONGEST = 40  # columns of a noun phrase
QUOTED, NAMED = 0xE000, 0xE800  # where the private letters begin
EFFECT_ROWS, VERB_ROWS = (tuple(row.name for row in rows) for rows in (v.EFFECTS, v.VERBS))
ABOUT_OUTLINES = SENTENCES["mask_words"]  # what a client of ours says of a region marked in red: no wish
COVERED: dict[str, tuple[str, ...]] = {  # the left says all the right says, and more
    "night": ("darker",), "bokeh": ("blur",), "focus": ("sharpen",), "vintage": ("warm",),
    **{f"camera:{view}": ("camera:right",) for view in ("birdseye", "low", "left")},
}  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """One thing asked for: an effect to paint, letters to write, or what a placeholder stands for."""

    kind: str  # paint, write, add, remove, change, background, text (letters that become others)
    thing: str = ""  # an effect's name, the letters, or the prompt's own words
    into: str = ""  # what the thing becomes
    where: str = ""  # the side and height asked for ("top left"), else where such things are at home
    colour: str = ""  # of letters
    chinese: bool = False  # what the label speaks

    @property
    def meaning(self) -> tuple[str, ...]:
        """What two wordings of one wish share, and what randomness may come from."""
        return (self.kind, self.thing if self.kind == "paint" else "", self.where, self.colour)

    @property
    def label(self) -> str:
        """The words of the placeholder."""
        if self.kind in ("text", "write"):
            said = " → ".join(f"“{shortened(words, LONGEST)}”" for words in (self.thing, self.into) if words)
            return ("文字：" if self.chinese else "text: ") + said
        if self.kind == "background":
            into = re.sub(r"(?:(?<!\s)\s*+的?背景|(?<!\s)\s++(?:background|backdrop))$", "", self.into)
            return ("背景：" if self.chinese else "background: ") + (into or "…")
        if self.kind == "change":
            return f"{self.thing} → {self.into or '…'}".lstrip()
        return f"{'＋' if self.kind == 'add' else '－'} {self.thing}"


class Clause(NamedTuple):
    """Words under one verb: `before` it and `after` it; `own` says the verb stands in this very clause."""

    family: str
    before: str
    after: str
    verb: str = ""

    @property
    def own(self) -> bool:
        """Whether the verb stands in this very clause."""
        return bool(self.verb) or self.family == "effect"

    @property
    def text(self) -> str:
        """The whole clause."""
        return f"{self.before}{self.verb}{self.after}"


def read(prompt: str, pictures: int = 1) -> tuple[Wish, ...]:
    """The wishes of a prompt in the order they stand, without repeats; none when nothing was understood.

    With no picture every thing named is part of what to draw; with one, only what a verb asks for.
    """
    return _Reader(prompt, pictures).wishes()


class _Reader:
    """One prompt being read: what its private letters stand for, and what "it" is at the moment."""

    def __init__(self, prompt: str, pictures: int) -> None:
        for words in ABOUT_OUTLINES:
            prompt = prompt.replace(words, "")
        plain = re.sub(r"[\ue000-\uf8ff]", "", prompt[:MOST_READ])
        plain = unicodedata.normalize("NFKC", re.sub(r"[\u2018\u2019](?=\w)", "'", plain))
        plain = re.sub(r"\b(black) (?:and|&) (white)\b", r"\1-and-\2", plain, flags=re.IGNORECASE)
        self.names: dict[str, str] = {}
        plain = v.QUOTES.sub(lambda m: self._letter(QUOTED, next(filter(None, m.groups())).strip()), plain)
        self.text = v.ABOUT.sub(lambda m: self._letter(NAMED, m[0]), plain)
        self.pictures, self.chinese, self.it = pictures, is_cjk(self.text), ""

    def _letter(self, start: int, words: str) -> str:
        letter = chr(start + len(self.names) % 0x700)
        self.names[letter] = words
        return letter

    def wishes(self) -> tuple[Wish, ...]:
        """Every wish, tidied: one that another covers is left out."""
        found = [wish for clause in clauses(self.text) for wish in self._of(clause)]
        said = (replace(wish, chinese=self.chinese and wish.kind != "paint") for wish in found)
        return _tidy(list(dict.fromkeys(said)), self.pictures)

    def _of(self, clause: Clause) -> Iterator[Wish]:
        """What one clause asks for."""
        styled = v.STYLED.search(clause.text) if self.pictures and clause.family != "remove" else None
        if styled:
            return self._becomes("", next(filter(None, styled.groups())), clause)
        quoted = re.findall(r"[\ue000-\ue7ff]", clause.text)
        if clause.family == "write" and not quoted:
            return iter(())
        if v.RETEXT.search(clause.text):
            old, new = (self.names[letter] for letter in quoted[:2])
            return iter([Wish("text", old, new, place(clause.text))])
        if quoted and clause.family != "remove":
            return self._lettered(clause, quoted)
        families = {"add": self._added, "remove": self._removed, "change": self._changed}
        made = self._made if clause.family in ("create", "compose") else self._looks
        return families.get(clause.family, made)(clause)

    def _lettered(self, clause: Clause, quoted: Sequence[str]) -> Iterator[Wish]:
        """Letters where the words are asked for themselves, a placeholder where a thing bears them."""
        if clause.family == "change" and clause.own and not v.SPEAKING.search(clause.before):
            yield from self._changed(clause)
        elif clause.family in ("add", "write", "create") or v.WORDS.search(clause.text):
            head, _, rest = clause.after.partition(quoted[0])
            bearer = self.noun(v.SPEAKING.sub(" ", v.WITH.split(head)[0]))
            bearer = bearer or self.noun(rest.rpartition("的")[2] if "的" in rest else "")
            thing, words = bearer and not v.WORDS.search(bearer), self.names[quoted[0]]
            if thing and clause.own and clause.family in ("add", "create"):
                yield Wish("add", f"{bearer} “{words}”", where=place(clause.text, bearer))
                return
            if thing and not clause.own and self.pictures == 0:
                yield Wish("add", bearer)
            spoken = re.sub(r"[\ue000-\ue7ff]", " ", clause.text)
            colour = v.first(spoken, *(row for row, _ in v.COLOURS))
            yield Wish("write", words, where=side(spoken), colour=colour)
        elif self.pictures == 0:
            yield from self._looks(clause)

    def _added(self, clause: Clause) -> Iterator[Wish]:
        """A thing, a new background, or an effect that is added as if it were a thing."""
        after, put = clause.after, v.PUT_IN.match(clause.after) or v.BA_PUT.search(clause.text)
        if put and clause.own:
            if v.SCENE.search(put[2]):
                yield Wish("background", into=self.noun(put[2]))
                return
            after = put[1]
        if clause.own and not after.strip() and (given := re.search(r"[把将给](.+)$", clause.before)):
            after = given[1]
        if clause.verb.lower() in ("give", "给"):
            after = v.GIVEN.sub("", after)
        phrase = v.STOP.split(after, maxsplit=1)[0]
        thing, names, to = self.noun(phrase), self._effects(phrase), v.TO_PART.match(after[len(phrase) :])
        if found := self._background(after, noun=True):
            yield found
        elif names and to and not v.ENTIRE.fullmatch(to[1]) and not is_thing(to[1], v.BACK):
            yield Wish("change", self.noun(to[1]), thing, where=place(clause.text, to[1]))
        elif names or v.NOBODY.fullmatch(thing):
            yield from names or _named(clause.text)
        elif v.SCENE.search(thing) and (v.BEHIND.search(clause.text) or is_thing(self.it, v.BACK)):
            yield Wish("background", into=thing)
        else:
            yield Wish("add", thing, where=place(clause.text, thing))

    def _removed(self, clause: Clause) -> Iterator[Wish]:
        """A thing to be taken out; the background as well."""
        ba = re.search(r"[把将](.+)$", clause.before)
        thing = self.noun(ba[1] if ba else v.STOP.split(clause.after, maxsplit=1)[0])
        thing = "背景" if clause.verb == "去背景" else thing
        if not v.NOBODY.fullmatch(thing):
            self.it = thing
            back = is_thing(thing, v.BACK)
            yield Wish("remove", thing, where="back" if back else place(clause.text, thing))

    def _whole(self, phrase: str) -> Iterator[Wish]:
        """What all of the picture should become."""
        thing = self.noun(phrase)
        if names := self._effects(phrase):
            yield from names
        elif thing and not v.COMPOSING.search(thing) and not v.GENERAL.fullmatch(thing):
            yield Wish("change", "", thing, where="whole")

    def _made(self, clause: Clause) -> Iterator[Wish]:
        """Pictures put together or a new one made: what that should become, and where it stands."""
        composed = clause.family == "compose"
        if not composed and self.pictures == 0:
            yield from self._drawn(clause.after or clause.before)
            return
        if composed and self.pictures > 1:
            yield Wish("paint", "collage")
        main, more = _split(v.WITH, clause.after)
        target = re.split(r"\b(?:in)?to\s|^[成为]", main, maxsplit=1)[-1]
        if not composed or target != main or clause.verb.endswith("成"):
            yield from self._whole(v.STOP.split(target, maxsplit=1)[0])
        scene = re.search(r"\s(?:in|at|on)\s+(.+)$", main)
        if scene and v.SCENE.search(scene[1]):
            yield Wish("background", into=self.noun(scene[1]))
        if more:
            yield from self._added(Clause("add", "", more))

    def _changed(self, clause: Clause) -> Iterator[Wish]:
        """Something that becomes something else: painted where that is all of the picture."""
        main, more = _split(v.WITH, clause.after)
        if v.REPLACES.match(clause.verb) or len(main.split()) < 2 or is_cjk(main):  # "replace … with"
            main, more = clause.after, ""
        thing, into = self._halves(clause, main)
        if v.CLEAR.search(into) and not is_thing(thing, v.BACK):
            thing = "背景" if self.chinese else "background"
        yield from self._becomes(thing, into, clause)
        if more:
            yield from self._added(Clause("add", "", more))

    def _halves(self, clause: Clause, main: str) -> tuple[str, str]:
        """What changes, and into what."""
        if is_cjk(clause.text):
            if clause.verb in ("让", "使") or (clause.own and not main.strip()):
                found = v.HEADED.match(main if main.strip() else clause.before)
                return (found[1] or "", found[2]) if found else ("", main)
            ba = v.BA.match(clause.before) if clause.own else None
            return re.sub(r"^(?:请|只|仅|帮我)+", "", ba[1] if ba else ""), main
        at = v.BECOMES_FOR if v.REPLACES.match(clause.verb) else v.BECOMES
        thing, into = _split(at, f" {main}")
        words = main.strip()
        if into:
            return thing, into
        if not clause.own:
            return self.it, words
        if found := v.SOMEBODY.match(words):
            return found[0], words[found.end() :]
        if v.SPLITTING.match(clause.verb) and " " in words:
            thing, into = _split(v.GRADED, words)
            return (thing, into) if into else (words.rpartition(" ")[0], words.rpartition(" ")[2])
        return ("", words) if clause.verb.lower() == "use" else (words, "")

    def _becomes(self, thing: str, into: str, clause: Clause) -> Iterator[Wish]:
        """One change, once its halves are known."""
        into, thing = v.FURTHER.split(into, maxsplit=1)[0], thing.strip()
        whole = bool(v.ENTIRE.fullmatch(thing))
        if whole and self.it and (is_thing(self.it, v.BACK) or v.REPLACES.match(clause.verb)):
            thing, whole = self.it, False
        back, effects = is_thing(thing, v.BACK), self._effects(into)
        names = {effect.thing for effect in effects}
        if names and (names <= {"blur", "bokeh"} if back else whole):
            yield from [Wish("paint", "bokeh")] if back else effects
            return
        subject, target = self.noun(v.COLOUR_OF.sub("", v.STOP.split(thing)[0])), self.noun(into)
        self.it = subject if back or subject == self.it else ""
        if back:
            yield Wish("background", into=target)
        elif found := self._background(into, noun=True):
            yield found
        elif whole and target:
            yield Wish("change", "", target, where="whole")
        elif subject and (target or clause.own):
            yield Wish("change", subject, target, where=place(clause.text, subject))
        else:
            yield from _named(clause.text)

    def _looks(self, clause: Clause) -> Iterator[Wish]:
        """A clause of no such verb: effects anywhere in it, a background, a look that is named."""
        main, more = _split(v.WITH, clause.text)
        if part := self._part_only(main):
            yield part
            return
        found = _named(main)
        if not {"bokeh", "blur"} & {wish.thing for wish in found} and (behind := self._background(main)):
            found.append(behind)
        if self.pictures == 0 and (not self._effects(main) or v.OF.search(main)):
            found = list(self._drawn(main))
        elif not found and (look := v.LOOK.search(main)):
            found.append(Wish("change", "", self.noun(look[0]), where="whole"))
        elif not found and clause.family == "effect" and (light := v.LIT.search(clause.text)):
            thing, more = self.noun(v.STOP.split(light[1] or light[2])[0]), ""
            found.append(Wish("add", thing, where=place(clause.text, light[0])))
        yield from found
        if more:
            yield from self._added(Clause("add", "", more))

    def _part_only(self, main: str) -> Wish | None:
        """ "Blur the faces", "把人脸模糊": an effect asked for a part alone is not painted on all of it."""
        found = v.EFFECT.search(main)
        if found is None or EFFECT_ROWS[(found.lastindex or 1) - 1] not in v.PARTIAL:
            return None
        before = main[: found.start()]
        part = re.search(r"[把将](.+?)(?:变|弄|调|得|$)", before)
        if part is None and not before.strip():
            part = re.match(r"\s+(?:the|his|her|their|only the)\s+([\w' -]+)$", main[found.end() :])
        thing = v.STOP.split(part[1], maxsplit=1)[0].strip() if part else ""
        if v.ENTIRE.fullmatch(thing) or v.BACK.search(thing) or v.GENERAL.fullmatch(thing):
            return None
        return Wish("change", self.noun(thing), found[0].lower(), where=place(main, thing))

    def _drawn(self, words: str) -> Iterator[Wish]:
        """Text to image: what there is to be seen, maybe in a style ("a watercolour of …")."""
        style, thing = _split(v.OF, words)
        if thing and (names := self._effects(style)):
            yield from names
            words = thing
        if found := self._background(words, noun=True):
            yield found
        elif re.search(r"\w", thing := self.noun(words)):
            yield Wish("add", thing, where=side(words))

    def _effects(self, phrase: str) -> list[Wish]:
        """The effects of a phrase that names nothing else: "a vintage look", but not "a vintage car"."""
        matches = list(v.EFFECT.finditer(phrase))
        rest = v.OF.split(phrase[matches[-1].end() :])[0] if matches else ""
        return [] if re.search(r"\w", v.GENERAL.sub(" ", rest)) else _named(phrase)

    def _background(self, words: str, *, noun: bool = False) -> Wish | None:
        """ "a white background", "背景是海边": a background that is named with what it should be."""
        if v.CLEAR.search(words):
            return Wish("background", into="透明" if self.chinese else "transparent")
        before, *found, after = v.BACK.split(words, maxsplit=1) if v.BACK.search(words) else ("", "")
        if not found or (v.IN_IT.search(before) if noun else v.EFFECT.search(before[-12:] + found[0])):
            return None
        if is_cjk(words):
            said = re.match(r"\s*+(?:是|为|要|用|换成|改成|设为|换|改)?\s*+(.+)$", after)
            into = before if self.noun(before) else said[1] if said else ""
        else:
            said = re.match(r"\s+(?:of|is|should be|showing)\s+(.+)$", after)
            into = said[1] if said else v.BEFORE.split(before)[-1]
        return Wish("background", into=self.noun(into)) if self.noun(into) else None

    def noun(self, words: str) -> str:
        """The noun phrase alone: no articles, numerals or measure words; quotations and names put back."""
        words = words.strip(" \t\r\n,.;:!?-~'\"“”()[]{}<>*#`|/\\")
        if v.COUNTED.fullmatch(words) and not re.fullmatch(r"\d+:\d+", words):
            return ""
        words = v.TAIL.sub("", v.LEAD.sub("", words)).strip(" ,.;:")
        words = re.sub(r"^(?:say|read)\s+(?=[\ue000-\ue7ff])|^的", "", words)
        for letter, name in self.names.items():
            words = words.replace(letter, f"“{name}”" if ord(letter) < NAMED else v.LEAD.sub("", name))
        return shortened(words, LONGEST)


def _named(words: str) -> list[Wish]:
    """Every effect that the words name."""
    return [Wish("paint", EFFECT_ROWS[(found.lastindex or 1) - 1]) for found in v.EFFECT.finditer(words)]


def _split(at: re.Pattern[str], words: str) -> tuple[str, str]:
    parts = at.split(words, maxsplit=1)
    return parts[0], parts[-1] if len(parts) > 1 else ""


def is_thing(words: str, row: re.Pattern[str]) -> bool:
    """Whether the words name just this thing, articles aside."""
    return bool(row.fullmatch(v.LEAD.sub("", words.strip())) or row.fullmatch(words.strip()))


def side(words: str) -> str:
    """Height and side that the words ask for: "top left", "right", ""."""
    return f"{v.first(words, *v.HEIGHTS)} {v.first(words, *v.SIDES)}".strip()


def place(words: str, thing: str = "") -> str:
    """The side asked for; where nothing was said about height, where such a thing is at home."""
    asked = side(words)
    home = "sky" if re.search(r"\bin the (?:sky|air)\b|天空|空中", words) else v.first(thing, *v.HOMES)
    return asked if asked.startswith(("top", "bottom")) else f"{home} {asked}".strip()


def clauses(text: str) -> list[Clause]:
    """The clauses that ask for something, each under its own verb or the one before it."""
    found: list[Clause] = []
    family, opening, refused, start, sentence = "", "hard", False, 0, 0
    for mark in (*v.BREAK.finditer(text), None):
        words, start = text[start : mark.start() if mark else None], mark.end() if mark else start
        if opening == "hard":
            family, refused, sentence = "", False, len(found)
        said, denied = _asking(words)
        verb, effect = v.VERB.search(said), v.EFFECT.search(said)
        if not verb and re.match(r"\s*with\s", said):
            family = "add"
        if verb and effect and effect.start() <= verb.start() and verb.end() < effect.end():
            verb, family, own = None, "effect", True  # "remove the noise"
        else:
            own, family = bool(verb), VERB_ROWS[(verb.lastindex or 1) - 1] if verb else family
        if own or opening == "but":
            refused, sentence = False, len(found)
        if denied == "kept":  # "…, the face, the hat and the sky unchanged": what was listed before it, too
            stays = own or any(one.own or v.EFFECT.search(one.text) for one in found[sentence:][:1])
            del found[sentence + stays :]
        refused = refused or bool(denied and (not said.strip() or opening == "or"))
        if said.strip() and not (refused and not own):
            halves = (said[: verb.start()], said[verb.end() :], verb[0]) if verb else ("", said)
            found.append(Clause(family, *halves))
            tail = family == "change" and verb and not v.REPLACES.match(verb[0]) and v.WITH.search(said)
            family = "add" if tail or family == "compose" else family
        opening = (mark.lastgroup or "soft") if mark else ""
    return found


def _asking(words: str) -> tuple[str, str]:
    """The part of a clause before it keeps or refuses something, and which of the two it does."""
    found = [(row.search(words), kind) for row, kind in ((v.KEPT, "kept"), (v.REFUSED, "refused"))]
    start, kind = min(((match.start(), kind) for match, kind in found if match), default=(0, ""))
    if not kind:
        return words, ""
    before = re.sub(r"(?<!\s)\s++(?:with|and|by)\s*+$", "", words[:start])
    said = v.VERB.search(before) or v.EFFECT.search(before) or (kind == "refused" and before.isascii())
    return before if said else "", kind


def _tidy(found: list[Wish], pictures: int) -> tuple[Wish, ...]:
    """One wish for what was said twice: a background taken away for another, an effect another covers."""
    changed = {wish.thing for wish in found if wish.kind == "change"}
    if any(wish.kind == "background" for wish in found):
        found = [wish for wish in found if wish.where != "back"]
    painted = {wish.thing for wish in found if wish.kind == "paint"}
    covered = {name for strong in painted for name in COVERED.get(strong, ())}
    told = {"paint": covered, "remove": changed}
    found = [wish for wish in found if wish.thing not in told.get(wish.kind, ())]
    if pictures > 1 and "collage" not in painted:
        found.insert(0, Wish("paint", "collage"))
    return tuple(found)
