"""From a prompt to the effects it asks for: pure, bilingual, negation-aware.

Rules of this file: the prompt is read once, left to right, into words of `vocabulary.TABLE` (longest
match first), the words into clauses, each clause under one verb ("add", "keep", …; a clause without a
verb goes on with the verb before it). What comes out is a sorted tuple of effects without repeats and
without any of the prompt's own text (except text the prompt quotes to have it lettered), so two wordings
of one wish, in either language, give equal tuples. Whatever is negated or to be kept asks for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from .vocabulary import NUMBERS, TABLE


class Effect(NamedTuple):
    """One wish, as the painter sees it; fields that say nothing are empty."""

    kind: str
    value: str = ""
    colour: str = ""
    many: int = 1
    where: str = ""


class Word(NamedTuple):
    """A recognised word of the prompt, and where it stands."""

    kind: str
    value: str
    start: int
    end: int


LISTED = (
    "object",
    "part",
    "about",
    "colour",
    "where",
    "unchanged",
)  # what a list of things to keep is made of


@dataclass
class Clause:
    """Words under one verb; `own` says the verb stands in this very clause."""

    words: list[Word]
    verb: str
    own: bool
    negated: bool
    hard: bool
    text: str = ""
    kept: bool = field(default=False)

    def all(self, kind: str) -> list[Word]:
        """The clause's words of one kind, in order."""
        return [word for word in self.words if word.kind == kind]

    def has(self, kind: str, value: str | None = None) -> bool:
        """Whether the clause names such a word."""
        return any(word.kind == kind and value in (None, word.value) for word in self.words)


QUOTES = re.compile(
    r"“([^“”]{1,120})”|「([^「」]{1,120})」|『([^『』]{1,120})』|《([^《》]{1,120})》|‘([^‘’]{1,120})’"
    r'|"([^"\n]{1,120})"|(?<!\w)\'((?:[^\'\n]|(?<=\w)\'(?=\w)){1,120})\'(?!\w)'
)
# "replace “old” with “new”": only the second one is to be drawn.
TO = re.compile(
    r"^\s*(?:text\s*)?(?:to|with|into|by|改成|改为|换成|换为|替换成|替换为|变成|为)\s*$", re.IGNORECASE
)
SPEAKING = ("write", "add")  # verbs under which a quotation is lettered

# "the cat", "beside a dog", "在狗狗的旁边": named as a place, not asked for.
THIS = re.compile(
    r"(?:\bthis\s+(?:\w+\s+)?|这[张幅](?:[^，。]{0,6}的)?)$"
)  # "turn this sketch into …": where it comes from
POINTING = re.compile(
    r"(?:\b(?:the|this|that|these|those|my|his|her|its|their|your)\s+(?:\w+\s+)?"
    r"|\b(?:beside|next to|near|onto|behind|under|over|of|for|in front of)\s+(?:an?\s+)?(?:\w+\s+)?"
    r"|(?:给|为|让|把|将|到|同一个|这只|那只|这个|那个|它的|他的|她的)\s*)$"
)
PLACED_AT = re.compile(r"[在为给从对][^，。；,.;]{0,4}$")
PLACE_AFTER = re.compile(r"^(?:的)?(?:图|照|旁|身边|头|身上|上|边|前|后|里|中|左|右|附近|脖|脸)")
IN_A_PLACE = re.compile(
    r"(?:\b(?:in|at|on|into|to|onto|inside)\s+(?:an?\s+|the\s+)?(?:\w+\s+)?|在|到|于|去|入)$"
)
AIM = re.compile(r"(?:\b(?:to|with|into|by|as)\b|成|为|上)")
CELESTIAL = {"sun", "moon", "star", "cloud"}
WORN = {"sunglasses", "hat", "crown", "scarf"}


@cache
def _grammar() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """One pattern for every term, and what each term means."""
    meaning: dict[str, tuple[str, str]] = {}
    for kind, value, english, chinese in TABLE:
        for term in (*english.split("|"), *chinese.split("|")):
            if term:
                meaning.setdefault(term, (kind, value))
    pieces = []
    for term in sorted(meaning, key=len, reverse=True):
        latin = term.isascii()
        body = re.escape(term).replace(r"\ ", r"[\s]+")
        pieces.append(rf"(?<![a-z0-9]){body}(?:e?s)?(?![a-z0-9])" if latin else body)
    return re.compile("|".join(pieces)), meaning


def _meaning(found: str) -> tuple[str, str]:
    meaning = _grammar()[1]
    found = re.sub(r"\s+", " ", found)
    for form in (found, found.removesuffix("s"), found.removesuffix("es")):
        if form in meaning:
            return meaning[form]
    raise KeyError(found)


PUNCTUATION = re.compile(r"[,.;:!?\n，。；：！？、]")


def _words(text: str) -> list[Word]:
    """Every recognised word, with the breaks punctuation makes."""
    words = [Word(*_meaning(m[0]), m.start(), m.end()) for m in _grammar()[0].finditer(text)]
    covered = [(word.start, word.end) for word in words]
    for mark in PUNCTUATION.finditer(text):
        if not any(start <= mark.start() < end for start, end in covered):
            soft = mark[0] in ",:，：、"
            words.append(Word("break", "soft" if soft else "hard", mark.start(), mark.end()))
    return sorted(words, key=lambda word: word.start)


def _clauses(text: str) -> list[Clause]:
    """Words grouped at breaks; each group knows its verb, its own or the one before it."""
    groups: list[tuple[str, list[Word]]] = [("hard", [])]
    for word in _words(text):
        if word.kind == "break":
            groups.append((word.value, []))
        else:
            groups[-1][1].append(word)
    clauses: list[Clause] = []
    verb, negated = "", False
    for opening, words in groups:
        if opening == "hard":
            verb, negated = "", False
        verbs = [word.value for word in words if word.kind == "verb"]
        refused = [at for at, word in enumerate(words) if word.kind == "not"]
        own = bool(verbs)
        if own:
            verb = _leading(verbs)
            negated = bool(refused) and words[refused[0]].start < _first(words, "verb").start
        elif opening != "or" and not (negated and verb):
            negated = False
        if refused and not negated:
            # "an empty street with no cars": only what follows the "no" is refused
            words = words[: refused[0]]  # noqa: PLW2901
            tail_negated = True
        else:
            tail_negated = False
        span = text[words[0].start : words[-1].end] if words else ""
        clause = Clause(words, verb, own, negated, opening == "hard", span)
        _settle_kept(clause, clauses)
        clauses.append(clause)
        negated = negated or tail_negated
    return clauses


def _first(words: Sequence[Word], kind: str) -> Word:
    return next(word for word in words if word.kind == kind)


def _leading(verbs: Sequence[str]) -> str:
    """The verb that decides a clause: keeping wins, then lettering, then the first."""
    for strong in ("keep", "write"):
        if strong in verbs:
            return strong
    return verbs[0]


def _settle_kept(clause: Clause, before: Sequence[Clause]) -> None:
    """Marks what is to stay: a keep clause, and everything a later "unchanged" reaches back to."""
    clause.kept = (clause.verb == "keep" and not clause.negated) or clause.has("keepall")
    if clause.has("unchanged"):
        clause.kept = True
        for earlier in reversed(before):
            if clause.own or clause.hard or earlier.own or any(w.kind not in LISTED for w in earlier.words):
                break
            earlier.kept = True
            if earlier.hard:
                break


def normalise(prompt: str) -> str:
    """Lower case, one form of each character, straight apostrophes."""
    text = unicodedata.normalize("NFKC", prompt).lower()
    return text.replace("\u2019", "'").replace("\u2018", "'")


def quotations(prompt: str) -> tuple[tuple[str, ...], str]:
    """Texts the prompt asks to see in letters, and the prompt without any quotation."""
    found = [(m, next(g for g in m.groups() if g is not None).strip()) for m in QUOTES.finditer(prompt)]
    rest = QUOTES.sub(" ", prompt)
    if not found:
        return (), prompt
    wanted: list[str] = []
    for at, (match, text) in enumerate(found):
        following = found[at + 1][0].start() if at + 1 < len(found) else len(prompt)
        if TO.match(prompt[match.end() : following]) and at + 1 < len(found):
            continue
        sentence = _sentence(prompt, match.start(), match.end())
        verbs = [
            word.value
            for word in _words(normalise(QUOTES.sub(" ", sentence)))
            if word.kind in ("verb", "not")
        ]
        replaces = at > 0 and TO.match(prompt[found[at - 1][0].end() : match.start()])
        speaks = any(verb in SPEAKING for verb in verbs) or bool(replaces)
        if text and speaks and not _refuses_text(verbs):
            wanted.append(text)
    return tuple(wanted), rest


def _refuses_text(verbs: Sequence[str]) -> bool:
    return "" in verbs or ("remove" in verbs and "add" not in verbs and "change" not in verbs)


def _sentence(prompt: str, start: int, end: int) -> str:
    """The sentence around a quotation; stops inside the quotation do not end it."""
    before = re.split(r"[.;!?。；！？\n]", prompt[:start])[-1]
    after = re.split(r"[.;!?。；！？\n]", prompt[end:])[0]
    return before + " " + after


def understand(prompt: str, pictures: int = 1) -> tuple[Effect, ...]:
    """The effects a prompt asks for, given how many pictures come with it; never empty.

    With no picture every thing named is part of the scene to paint; with one, things are added only
    where an adding verb asks for them; with several, they are composed whatever else is asked.
    """
    wanted, rest = quotations(prompt)
    text = normalise(rest)
    effects = {Effect("write", line) for line in wanted}
    for clause in _clauses(text):
        if clause.kept or clause.negated:
            continue
        effects.update(_painted(clause, text) if pictures == 0 else _edited(clause, text))
    return _tidy(effects, pictures, lettered=bool(wanted))


# Words that in an edit point at the subject, and in a scene to paint are things of their own.
EVERYDAY = (
    ("person", r"person|man|woman|boy|girl|people|portrait|model|人|女孩|男孩|模特"),
    ("cup", r"cup|mug|杯"),
    ("car", r"car|车"),
)


def _painted(clause: Clause, text: str) -> Iterator[Effect]:
    """Text to image: every scene, thing and look named is wanted."""
    yield from _looks(clause, text)
    for word in clause.all("scene"):
        if word.value != "transparent":
            yield Effect("background", word.value)
    for word in clause.all("object"):
        yield _thing("add", word, clause, text)
    for word in clause.all("about"):
        thing = next((name for name, named in EVERYDAY if re.search(named, text[word.start : word.end])), "")
        if thing:
            yield Effect("add", thing)
    if not clause.has("scene") and not clause.has("object") and clause.has("about", "background"):
        for word in clause.all("colour")[:1]:
            yield Effect("background", "plain", word.value)


def _edited(clause: Clause, text: str) -> Iterator[Effect]:
    """An edit: looks always, scenes where a place is meant, things where they are asked for."""
    yield from _looks(clause, text)
    yield from _scenes(clause, text)
    if clause.verb == "remove":
        yield from _removals(clause)
        return
    asked = [word for word in clause.all("object") if _asked_for(word, clause, text)]
    if clause.verb == "add":
        yield from (_thing("add", word, clause, text) for word in asked)
        if clause.own and not asked and _names_something_unknown(clause, text):
            yield Effect("add", "sticker")
    elif clause.verb == "change":
        yield from _changes(clause, text)
    elif clause.verb == "" or clause.has("compose"):  # "starry sky", "combine the two, with a cat"
        yield from (_thing("add", word, clause, text) for word in asked)


def _looks(clause: Clause, text: str) -> Iterator[Effect]:
    """Light, grade, style, camera and the like need no verb."""
    source = {word for word in clause.all("style") if THIS.search(text[: word.start])}
    for kind in ("focus", "grade", "style", "camera", "poster", "repair", "season", "compose"):
        for word in clause.all(kind):
            if word not in source and not (
                clause.verb == "remove" and kind in ("focus", "compose", "style", "repair")
            ):
                yield Effect(kind, word.value)
        if clause.verb == "remove" and clause.has(kind) and kind in ("repair", "focus"):
            yield Effect("repair", "enhance")
    if clause.verb != "remove":
        for word in clause.all("weather"):
            yield Effect("weather", word.value)
        lights = [word.value for word in clause.all("light")]
        times = [value for value in lights if value in ("night", "day")]
        yield from (Effect("light", value) for value in lights if value not in ("night", "day"))
        if times:  # "from day to night": where it goes is named last
            yield Effect("light", times[-1])


def _scenes(clause: Clause, text: str) -> Iterator[Effect]:
    """A new background: a place named as one, a plain colour, or nothing behind the subject."""
    behind = clause.has("about", "background")
    scenes = clause.all("scene")
    if clause.verb == "remove" and (behind or scenes) and not clause.has("object"):
        yield Effect("background", "transparent")
        return
    for word in scenes:
        placed = bool(IN_A_PLACE.search(text[: word.start]))
        if (
            behind
            or placed
            or word.value in ("transparent", "soft", "sunset")
            or clause.verb in ("add", "change")
        ):
            yield Effect("background", word.value)
        if (
            word.value == "transparent"
        ):  # "make it transparent, then add a sunset": a clear edge, if a place follows
            yield Effect("cutout")
    if behind and not scenes and clause.verb in ("add", "change", "") and not _looks_at_background(clause):
        colours = clause.all("colour")
        if colours:
            yield Effect("background", "plain", colours[-1].value)
        elif clause.own and not clause.all("object"):
            yield Effect("background", "studio")


def _looks_at_background(clause: Clause) -> bool:
    """ "Blur the background", "a darker background": a look, no new place."""
    return any(
        clause.has(kind)
        for kind in ("focus", "grade", "weather", "style", "light", "repair", "season", "camera")
    )


def _removals(clause: Clause) -> Iterator[Effect]:
    if clause.has("about", "background") or clause.has("scene"):
        return
    things = [*clause.all("object"), *clause.all("part")]
    for word in things:
        yield Effect("remove", "text" if word.value == "text" else "thing")
    if not things and clause.own and clause.has("verb", "write"):
        yield Effect("remove", "text")
    elif not things and clause.own and not _looks_at_background(clause):
        yield Effect("remove", "subject" if clause.has("about", "subject") else "thing")


def _changes(clause: Clause, text: str) -> Iterator[Effect]:
    """Change one thing into another, or give a part another colour."""
    objects = clause.all("object")
    targets = [word for word in objects if _is_aim(word, clause, text)]
    for word in targets:
        if word.value in WORN or word.value in CELESTIAL:
            yield _thing("add", word, clause, text)
        else:
            yield _thing("swap", word, clause, text)
    colours = clause.all("colour")
    if colours and not targets and not clause.has("about", "background") and not clause.has("scene"):
        parts = [word.value for word in clause.all("part") if word.value != "text"]
        yield Effect("recolour", parts[0] if parts else "subject", colours[-1].value)
    if clause.has("compose"):
        for word in objects:
            if word not in targets and _asked_for(word, clause, text):
                yield _thing("add", word, clause, text)


def _is_aim(word: Word, clause: Clause, text: str) -> bool:
    """ "…the dog *with a cat*", "把狗*换成猫*": the thing stands after where the change goes."""
    start = min((w.start for w in clause.words), default=0)
    before = text[start : word.start]
    change = [w for w in clause.words if w.kind == "verb" and w.end <= word.start]
    return bool(change) and bool(AIM.search(before)) and not POINTING.search(text[: word.start])


def _asked_for(word: Word, clause: Clause, text: str) -> bool:
    """False for a thing only named to say where something goes."""
    before, after = text[max(0, word.start - 30) : word.start], text[word.end : word.end + 4]
    if word.value in CELESTIAL:
        return True
    if POINTING.search(before):
        return False
    return not (PLACED_AT.search(before) and PLACE_AFTER.match(after))


def _thing(kind: str, word: Word, clause: Clause, text: str) -> Effect:
    """A thing with its own colour, number and side, as far as the clause tells."""
    colour = _nearest(word, clause.all("colour"), text)
    sides = clause.all("where")
    before = text[max(0, word.start - 14) : word.start]
    counts = [(before.rfind(term), n) for term, n in NUMBERS.items() if _counts(term, before)]
    count = max(counts)[1] if counts else 1
    return Effect(kind, word.value, colour, count, sides[0].value if sides else "")


def _counts(term: str, before: str) -> bool:
    pattern = (
        rf"\b{term}\s+(?:\w+\s+)?$"
        if term.isascii()
        else rf"{term}(?:只|个|条|朵|棵|艘|头|匹|辆|些)?\w{{0,3}}$"
    )
    return re.search(pattern, before) is not None


def _nearest(word: Word, colours: Sequence[Word], text: str) -> str:
    close = [
        c
        for c in colours
        if -1 <= word.start - c.end <= 12 and not re.search(r"[,，.。]", text[c.end : word.start])
    ]
    return close[-1].value if close else ""


FILLER = re.compile(
    r"\b(?:an?|the|some|to|of|it|its|this|that|please|in|on|with|for|my|more|very|first|second|image|photo|picture|effect|look|little|bit)\b"
    r"|一个|一只|一些|请|的|在|把|将|给|上|里|一|个|效果|图片|照片"
)


def _names_something_unknown(clause: Clause, text: str) -> bool:
    """An adding clause whose noun no row of the vocabulary knows."""
    if any(word.kind not in ("verb", "about", "where", "colour", "part", "not") for word in clause.words):
        return False
    verb = _first(clause.words, "verb")
    tail = re.split(r"[,.;!?，。；！？\n]", text[verb.end :])[0]
    return bool(re.search(r"\w", FILLER.sub(" ", tail)))


def _one_place(places: Sequence[Effect]) -> set[Effect]:
    """A picture stands in one place; a sunset over another place is that place in warm light."""
    sunset = Effect("background", "sunset")
    others = sorted(place for place in places if place != sunset)
    if not others or (sunset in places and others == [Effect("background", "ocean")]):
        return {sunset}
    if sunset in places:
        return {others[0], Effect("grade", "warm"), Effect("light", "sun")}
    return {others[0]}


COVERED: dict[Effect, tuple[Effect, ...]] = {
    # the left says all the right says, and more
    Effect("poster", "product"): (Effect("light", "studio"), Effect("grade", "professional")),
    Effect("compose", "team"): (Effect("compose", "collage"), Effect("grade", "professional")),
    Effect("compose", "family"): (Effect("compose", "collage"),),
    Effect("compose", "logos"): (Effect("compose", "collage"),),
    Effect("compose", "insert"): (Effect("compose", "collage"),),
    Effect("camera", "birdseye"): (Effect("camera", "right"),),
    Effect("camera", "low"): (Effect("camera", "right"),),
    Effect("camera", "left"): (Effect("camera", "right"),),
    Effect("repair", "sharpen"): (Effect("repair", "enhance"),),
    Effect("focus", "foreground"): (Effect("focus", "background"),),
    Effect("weather", "storm"): (Effect("grade", "dark"),),
    Effect("light", "night"): (Effect("grade", "dark"),),
    Effect("grade", "cinematic"): (Effect("grade", "professional"),),
}


def _tidy(effects: set[Effect], pictures: int, *, lettered: bool) -> tuple[Effect, ...]:
    """One background, no effect that another already says, the fallback if nothing is left."""
    for stronger, weaker in COVERED.items():
        if stronger in effects:
            effects.difference_update(weaker)
    places = [
        e for e in effects if e.kind == "background" and e.value not in ("transparent", "studio", "soft")
    ]
    if places:
        effects = {e for e in effects if e.kind != "background"} | _one_place(places)
    else:
        effects.discard(Effect("cutout"))
    if effects & {Effect("background", "soft"), Effect("background", "studio")}:
        effects.discard(Effect("background", "transparent"))
    if lettered:
        effects.discard(Effect("add", "sticker"))
    if pictures < 2:
        effects = {e for e in effects if e.kind != "compose"}
    if not effects:
        effects.add(Effect("touch"))
    if pictures > 1 and not any(e.kind == "compose" for e in effects):
        effects.add(Effect("compose", "collage"))
    return tuple(sorted(effects))
