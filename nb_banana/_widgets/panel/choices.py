"""The settings of an edit as controls: those that the chosen model has, over the wire that carries it.

Rules of this file:

* What the model lacks is not shown and not sent; what was chosen for it stays, for a model that has it.
* A choice that nobody made is the default of the model it is read for.
* Settings that have no control (a mask, further fields) come from the history: they are sent, said, and can
  be left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import ipywidgets as w

from ..._catalog.models import MODELS, ModelInfo, find_model
from ..._catalog.prices import price
from ..._catalog.providers import PROVIDERS, Provider
from ..._catalog.sizes import pixels_of
from ..._client.served import serving
from ..._images.data import ImageData
from ..._messages import Settings
from ..._strings import say, speaking
from ..._text import shortened
from ..seed import SeedBox
from ..surface import Note, classify, hear, press, toggle
from .offers import AUTO, Offer, offer
from .typed import Typed, read_pixels

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint

OWN: Final = "own"
"""The size menu's last entry: pixels are typed."""
UNKNOWN: Final = ""
"""The model menu's first entry while a server has not said what it runs, or says that it runs several."""
MOST_TAKES: Final = 4
MENUS: Final = ("model", "aspect_ratio", "image_size", "quality", "takes")
_QUALITIES: Final = ("low", "medium", "high", "xhigh", "max")
_TYPED: Final = 40  # characters of a box worth reading


class Choices:
    """The controls of the settings.

    Attributes:
        model, aspect_ratio, image_size, pixels, quality, seed, takes: the controls; ``pixels`` is the box for
            a size that is typed.
        nearest, drop: put pixels that work into the box; leave out what has no control.
        place: where edits go, with the model that a server of one's own runs.
        names: the models of one that runs several; None while it is asked.
    """

    place: Endpoint

    def __init__(self, lang: str | None) -> None:
        self.model, self.aspect_ratio, self.image_size = w.Dropdown(), w.Dropdown(), w.Dropdown()
        self.pixels, self.quality, self.seed = w.Text(), w.Dropdown(), SeedBox(lang=lang)
        self.takes = w.Dropdown(options=[(str(n), n) for n in range(1, MOST_TAKES + 1)], value=1)
        self.seed_place = w.Box([self.seed])  # an anywidget shows no class that it gets later
        self.nearest, self.drop = w.Button(), w.Button()
        self.names: tuple[str, ...] | None = ()
        self._wrong, self._quiet, self._also = Note(), Note(), Note()
        self._offer, self._defaults, self._kept = Offer(), dict[str, Any](), Settings()
        self._wish, self._lang = "", lang
        self._wrongs, self._keeps = w.HBox([self._wrong, self.nearest]), w.HBox([self._also, self.drop])
        self.controls = w.HBox([
            self.model, self.aspect_ratio, self.image_size, self.pixels, self.quality, self.takes,
            self.seed_place,
        ])  # fmt: skip
        self.said = (self._wrongs, self._quiet, self._keeps)
        classify({
            "controls": self.controls, "model": self.model, "aspect_ratio": self.aspect_ratio,
            "image_size": self.image_size, "pixels": self.pixels, "quality": self.quality,
            "seed": self.seed_place, "takes": self.takes, "nearest": self.nearest,
            "drop": self.drop,
            "wrong": self._wrong, "quiet": self._quiet, "also": self._also,
            "note": (self._wrong, self._quiet, self._also), "row": (self._wrongs, self._keeps),
            "off": (self._wrongs, self._keeps),
        })  # fmt: skip
        self.model.observe(lambda _: self._model_changed(), "value")
        self.image_size.observe(lambda _: self._size_changed(), "value")
        press(self.nearest, self._use_nearest, lang)
        press(self.drop, lambda: self.keep({}), lang)

    @property
    def watched(self) -> tuple[tuple[w.DOMWidget, str], ...]:
        """What changes when somebody chooses: a control and its trait."""
        menus = (getattr(self, name) for name in (*MENUS, "pixels"))
        return (*((menu, "value") for menu in menus), (self.seed, "text"), (self._also, "value"))

    def relabel(self) -> None:
        """Say every label in the current language."""
        labels = {
            "model": self.model, "ratio": self.aspect_ratio, "size": self.image_size, "takes": self.takes,
            "quality": self.quality, "own_pixels": self.pixels, "drop": self.drop,
        }  # fmt: skip
        for key, widget in labels.items():
            widget.description = say(f"panel.{key}")
        self.pixels.placeholder, self.drop.tooltip = "1536x864", say("panel.drop_tip")
        self.seed.relabel(self._lang)
        self.keep(self._kept)

    # --- what is offered ----------------------------------------------------------------------------

    def offer(self, place: Endpoint, names: tuple[str, ...] | None = ()) -> None:
        """Offer the models of a place; ``names`` is what a server says it runs, None while it is asked."""
        self.place, self.names = place, names
        options, default = self._models(), place.provider.default_model
        open_yet = self.model.value in (None, UNKNOWN)
        wished = self._wish if open_yet and self._wish in [value for _, value in options] else ""
        self._reoffer("model", options, wished or default)
        self.model.disabled = [value for _, value in options] == [UNKNOWN]
        self.offer_settings()

    def _models(self) -> list[tuple[str, str]]:
        """The models that are served there: each by its title, or by its id where nobody knows it."""
        provider, default = self.place.provider, self.place.provider.default_model
        if self.place.name == "local":
            if default:
                return [(_title(default, provider), default)]
            words = "asking" if self.names is None else "choose_model" if self.names else "no_model"
            served = ((_title(name, provider), name) for name in self.names or ())
            return [(say(f"panel.{words}"), UNKNOWN), *served]
        chosen = find_model(default, provider).info
        others = [info for info in MODELS.values() if info is not chosen and self._has(info)]
        first = (_labelled(chosen, provider) if chosen else default, default)
        return [first, *((_labelled(info, provider), info.nickname) for info in others)]

    def _has(self, info: ModelInfo) -> bool:
        """Whether a model is served there, over the wire that was asked for where one was."""
        provider = self.place.provider
        there = provider.anywhere or provider.name in info.provider_ids
        return there and (not self.place.wire_asked or self.place.wire in info.wires_at(provider))

    def offer_settings(self) -> None:
        """Offer what the chosen model has."""
        self._offer = has = offer(self.info, self.there)
        auto = (say("panel.auto"), AUTO)
        sizes = [(size, size) for size in has.sizes or (has.size,) if size != AUTO]
        free = [auto, *sizes, (say("panel.own_size"), OWN)]
        self._reoffer("aspect_ratio", [auto, *((ratio, ratio) for ratio in has.ratios)], AUTO)
        self._reoffer("image_size", free if has.free else sizes or [auto], has.size)
        self._reoffer("quality", [auto, *((_quality(name), name) for name in has.qualities)], AUTO)
        toggle(self.image_size, len(has.sizes) > 1)
        toggle(self.quality, bool(has.qualities))
        toggle(self.seed_place, has.seed != "none")
        self._size_changed()

    def _model_changed(self) -> None:
        with speaking(self._lang):
            self.offer_settings()

    def _reoffer(self, name: str, options: list[tuple[str, Any]], default: Any) -> None:
        """Bring a menu up to date: a choice that was made stays, one that nobody made is the new default."""
        menu, before = getattr(self, name), self._defaults.get(name)
        self._defaults[name] = default
        if list(menu.options) == options:
            return
        made = menu.value != before and menu.value in [value for _, value in options]
        kept = menu.value if made else default
        menu.options = options
        menu.value = kept

    def _size_changed(self) -> None:
        """Pixels that are typed say the shape themselves: there is their box, or the ratios."""
        own = self.image_size.value == OWN
        toggle(self.pixels, own)
        toggle(self.aspect_ratio, bool(self._offer.ratios) and not own)

    @property
    def info(self) -> ModelInfo | None:
        """What is known of the chosen model."""
        return find_model(self.model.value, self.place.provider).info if self.model.value else None

    @property
    def there(self) -> Endpoint:
        """The place as the chosen model is asked of it; nobody is asked anything here."""
        return self.serving(self.model.value)

    def serving(self, model: str | None) -> Endpoint:
        """The place as a model is asked of it, the provider's own when None."""
        name = model or self.place.provider.default_model
        return serving(self.place, name) if name else self.place

    # --- what is chosen -----------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """Those that differ from the defaults; what the model lacks is none of them."""
        own, has = self.image_size.value == OWN, self._offer
        size = self._typed.size if own else self.image_size.value
        extra = dict(self._kept.get("extra") or {})
        if self.quality.value != AUTO:
            extra["quality"] = self.quality.value
        return _made(
            model=_unless(self.model.value, self.place.provider.default_model, UNKNOWN),
            aspect_ratio=None if own else _unless(self.aspect_ratio.value, AUTO),
            image_size=_unless(size, AUTO, has.size, ""),
            mask=self._kept.get("mask"),
            seed=self.seed.value if has.seed != "none" else None,
            extra=extra or None,
        )

    @property
    def trouble(self) -> str:
        """Why nothing can be sent as the controls stand."""
        if self.model.value == UNKNOWN:
            key = "model_asked" if self.names is None else "model_first" if self.names else "model_unknown"
            return say(f"panel.{key}")
        return self._wrong_setting

    @property
    def _wrong_setting(self) -> str:
        return self._typed.wrong or (self.seed.wrong if self._offer.seed != "none" else "")

    @property
    def _typed(self) -> Typed:
        """What the box of pixels holds, where it is shown."""
        free = self._offer.free if self.image_size.value == OWN else None
        return Typed() if free is None else read_pixels(self.pixels.value, free)

    def _use_nearest(self) -> None:
        self.pixels.value = self._typed.nearest or self.pixels.value

    def put(self, settings: Settings) -> list[str]:
        """Set the controls to these settings; what has no control is kept and said.

        Returns:
            The settings that are not offered here.
        """
        self._wish = settings.get("model") or self.place.provider.default_model
        missing = [] if _set(self.model, self._wish) else [_elsewhere(self._wish)]
        has, extra = self._offer, dict(settings.get("extra") or {})  # of the model that was just chosen
        size, seed, quality = settings.get("image_size"), settings.get("seed"), extra.get("quality")
        ratio = settings.get("aspect_ratio") or AUTO
        if size and pixels_of(size) and has.free:
            self.image_size.value, self.pixels.value = OWN, size
        elif not _set(self.image_size, size or has.size):
            missing.append(str(size))
        missing += [] if _set(self.aspect_ratio, ratio) else [ratio]
        if quality is None or quality in has.qualities:
            self.quality.value = extra.pop("quality", None) or AUTO
        missing += [f"seed {seed}"] if seed is not None and has.seed == "none" else []
        self.seed.text = "" if seed is None else str(seed)
        self.keep(_made(mask=settings.get("mask"), extra=extra or None))
        return missing

    def keep(self, kept: Settings) -> None:
        """Keep settings that have no control: they are sent, said, and can be left out."""
        self._kept = kept
        toggle(self._keeps, bool(kept))
        self._also.text = say("panel.also", what=" · ".join(_words_of(kept))) if kept else ""

    def keep_mask(self, mask: Any) -> None:
        """The pictures are others now, and where to edit is on the first of them; None is no such place."""
        self.keep(_made(mask=mask, extra=self._kept.get("extra")))

    def take(self, values: Mapping[str, Any]) -> None:
        """Set the controls to what stood on the screen at a click; what is not offered changes nothing.

        All places are looked up before one is set, because a model brings menus of its own.
        """
        menus = [getattr(self, name) for name in MENUS]
        places, boxes = values.get("menus") or {}, values.get("boxes") or {}
        chosen = [_chosen(menu, places.get(name)) for name, menu in zip(MENUS, menus)]
        for menu, option in zip(menus, chosen):
            if option:
                _set(menu, option[0])
        for name, box in (("pixels", self.pixels), ("seed", self.seed.box)):
            if isinstance(typed := boxes.get(name), str):
                hear(box, typed[:_TYPED])

    def tell(self, settings: Settings) -> None:
        """Say what is wrong with the settings, and what should be known of them."""
        wrong, nearest = self._wrong_setting, self._typed.nearest
        self._wrong.text = f"⚠ {wrong}" if wrong else ""
        self.nearest.description = say("panel.use_nearest", nearest=nearest.replace("x", "×"))
        toggle(self._wrongs, bool(wrong))
        toggle(self.nearest, bool(nearest))
        several = self.takes.value > 1
        key = "seed_unproven" if self._offer.seed == "unproven" else "seed_same" if several else ""
        self._quiet.text = f"· {say(f'panel.{key}')}" if key and "seed" in settings else ""


def _made(**settings: Any) -> Settings:
    """The settings that are made."""
    return cast(Settings, {name: value for name, value in settings.items() if value is not None})


def _unless(value: Any, *defaults: str) -> Any:
    return None if value in defaults else value


def _set(menu: w.Dropdown, value: Any) -> bool:
    """Choose an option; False where there is none of this value, and then nothing changes."""
    offered = [each for _, each in menu.options]
    if value not in offered:
        return False
    menu.index = offered.index(value)
    return True


def _chosen(menu: w.Dropdown, place: Any) -> tuple[Any] | None:
    """The value at a place the page tells, or None where the page showed another number of options."""
    match place:
        case {"at": int(at), "of": int(of)} if 0 <= at < of == len(menu.options):
            return (menu.options[at][1],)
    return None


def _title(name: str, provider: Provider) -> str:
    """What a model is called; its id where nobody knows it."""
    info = find_model(name, provider).info
    return info.title if info else name


def _labelled(info: ModelInfo, provider: Provider) -> str:
    """A model with what a picture of it costs there and when it ends there, as far as somebody dated it."""
    label, cost = info.title, price(info, None, provider)
    if cost.amount:
        label = say("prompting.priced", title=label, cost=cost)
    for event in info.events:
        if event.what == "shutdown" and event.provider == provider.name:
            key = "prompting.ends" if event.certain else "prompting.may_end"
            label = say(key, label=label, date=event.date)
    return label


def _elsewhere(name: str) -> str:
    """A model that is not offered, and the providers that serve it as far as the catalog knows."""
    info = find_model(name).info
    others = [PROVIDERS[at] for at in info.provider_ids if at != "sandbox"] if info else []
    places = ", ".join(row.title for row in others if row.base_url)
    return say("panel.served_by", model=name, places=places) if places else name


def _quality(name: str) -> str:
    """A quality in people's words; one that came later as it is written."""
    return say(f"panel.quality_{name}") if name in _QUALITIES else name


def _words_of(kept: Settings) -> Iterator[str]:
    mask = kept.get("mask")
    if isinstance(mask, ImageData):
        yield say("panel.also_mask", width=mask.width, height=mask.height)
    elif mask is not None:
        yield say("panel.also_region")
    for name, value in (kept.get("extra") or {}).items():
        yield shortened(f"{name} = {json.dumps(value, ensure_ascii=False)}", _TYPED)
