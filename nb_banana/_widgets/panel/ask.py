"""What one click asks for, as a value, and what can be said of it before it is sent. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from ..._catalog.cost import Cost
from ..._catalog.models import ModelInfo, find_model, recommended_deadline
from ..._catalog.prices import in_yuan, price, token_price, usual_seconds
from ..._catalog.sizes import pixels_of
from ..._images.data import ImageData
from ..._images.marks import NAME as MARKED
from ..._messages import EditRequest, Order, Settings
from ..._prompts.hints import lint
from ..._strings import language, say
from ..._text import amount
from .offers import offer

if TYPE_CHECKING:
    from ..._catalog.spending import Spending
    from ..._client.endpoint import Endpoint
    from ..tray import Card


def figures(cost: Cost | Spending, known: Cost) -> str:
    """An amount as people of the language count: dollars, in Chinese with what ``known`` is in yuan."""
    usd, yuan = str(cost).removeprefix("≈"), in_yuan(known).amount
    if language() != "zh" or not yuan or known.currency != "USD":
        return usd
    return say("keys.both", usd=usd, cny=f"≈ ¥{yuan:.2f}")


def is_marked(card: Card) -> bool:
    """Whether it is a copy of another picture with marks on it, which only points."""
    return card.name.startswith(MARKED)


@dataclass(frozen=True)
class Ask:
    """Everything one click asks for, as it stood at that moment.

    ``place`` is where it goes, on the wire that carries its model, with the model a server of one's own runs.

    Attributes:
        pictures: the inputs, with their names and where they came from.
        prompt: the instruction; while it is empty nothing can be sent.
        settings: those that differ from the defaults.
        takes: how many pictures to make.
        trouble: why nothing can be sent as it stands, ``""`` when it can.
    """

    pictures: tuple[Card, ...]
    prompt: str
    settings: Settings
    takes: int = 1
    trouble: str = ""

    @cached_property
    def request(self) -> EditRequest:
        """What is sent: built when it is first wanted, and once.

        Raises:
            InvalidRequestError: the prompt is empty, or too long.
        """
        return EditRequest(self.prompt, tuple(one.image for one in self.pictures), **self.settings)

    def order(self, wish: int | None = None, theirs: int = 0) -> Order:
        """One more take of it; the one wished for, unless another has that."""
        return Order(self.request, "next", parent=self.parent, wish=wish, theirs=theirs)

    @property
    def last(self) -> ImageData | None:
        """The last input: the one that decides the result's shape. A marked copy only points at one."""
        own = [one for one in self.pictures if not is_marked(one)] or self.pictures
        return own[-1].image if own else None

    @property
    def before(self) -> ImageData | None:
        """The picture the result is compared with: with a mask the first, for that is what it is on."""
        return (
            self.pictures[0].image if self.pictures and self.settings.get("mask") is not None else self.last
        )

    @property
    def shaped(self) -> bool:
        """Whether the shape is asked for, by a ratio or in pixels; else the last input sets it."""
        return "aspect_ratio" in self.settings or pixels_of(self.settings.get("image_size")) is not None

    @property
    def masked(self) -> bool:
        """Whether a mask says where to edit; it is on the first input."""
        return self.settings.get("mask") is not None

    @property
    def parent(self) -> str | None:
        """The record of the last input that is itself a result."""
        return next((one.record_id for one in reversed(self.pictures) if one.record_id), None)

    def info(self, place: Endpoint) -> ModelInfo | None:
        """What is known of the model that ``place`` would use; of one nobody has named, nothing."""
        name = self._model(place)
        return find_model(name, place.provider).info if name else None

    def _model(self, place: Endpoint) -> str:
        return self.settings.get("model") or place.provider.default_model

    def pixels(self, place: Endpoint) -> tuple[int, int] | None:
        """The size of the picture to come: the one asked for, or the model's own where that is known."""
        info, size = self.info(place), self.settings.get("image_size")
        free, ratio = offer(info, place).free, self.settings.get("aspect_ratio")
        if free is None:
            return None if info is None else info.pixels(self._ratio(info), size)
        if not (ratio or size):
            return None  # the model's choice
        shape = Fraction(*self.last.shown_size) if self.last else Fraction(1)
        return pixels_of(size) or free.pixels(ratio or shape, size or "1K")

    def usual(self, place: Endpoint) -> tuple[float, float] | None:
        """The seconds such an edit usually takes, from and to."""
        info = self.info(place)
        if info is None:
            return None
        return usual_seconds(info, self.settings.get("image_size"), place.provider)

    @property
    def limit(self) -> float:
        """The seconds after which it takes longer than recommended."""
        return recommended_deadline(self.settings.get("image_size"), len(self.pictures))

    def about(self, place: Endpoint) -> str:
        """What will be sent, what will come back, and what it costs, before the click."""
        if not self.pictures and not self.prompt:
            return ""
        parts = [self._sent()]
        if self._model(place) and not self.trouble:
            parts += [self._comes(place), self._costs(place)]
        return " · ".join(filter(None, parts)) + self._too_large(place)

    def _comes(self, place: Endpoint) -> str:
        """The pixels that will be asked for, or that such a model makes by itself."""
        info, size = self.info(place), self.pixels(place)
        if offer(info, place).free is not None:
            return say("panel.asks", width=size[0], height=size[1]) if size else say("panel.models_size")
        if info is None or size is None:
            return ""
        return say("panel.comes", width=size[0], height=size[1], ratio=self._ratio(info))

    def cost(self, place: Endpoint) -> Cost:
        """What one take costs there, as far as anybody said."""
        model = self.info(place) or self._model(place)
        return price(model, self.settings.get("image_size"), place.provider)

    def price_tag(self, place: Endpoint) -> str:
        """What all its takes cost, in a word; ``""`` in the sandbox, and where nothing could be sent."""
        if place.is_sandbox or self.trouble or not self._model(place):
            return ""
        cost = self.cost(place) * self.takes
        if cost.amount is None:
            by_token = token_price(self.info(place) or self._model(place), place.provider)
            return say("keys.by_token" if by_token else "keys.unpriced")
        return say("keys.about", cost=figures(cost, cost)) if cost.amount else str(cost)

    def button(self, place: Endpoint) -> str:
        """What the button says: what it does, and what that costs in all. The sandbox's is free, and is said
        to be one elsewhere.
        """
        parts = [say("panel.run" if self.pictures else "panel.run_generate"), self.price_tag(place)]
        return " · ".join(filter(None, parts))

    def _costs(self, place: Endpoint) -> str:
        """What is known of the price: never more than somebody said."""
        if place.is_sandbox:
            return say("text.sandbox")
        at, model = place.provider, self.info(place) or self._model(place)
        cost = self.cost(place) * self.takes
        if at.price is not None:
            return say("panel.own_price", cost=cost)
        if token_price(model, at) is not None:
            known = say("panel.estimated", cost=cost) if cost.amount is not None else ""
            return f"{known} {say('panel.by_token')}".strip()
        return say("panel.estimated" if cost.amount is not None else "panel.no_price", cost=cost)

    def larger(self, place: Endpoint) -> Ask | None:
        """One take of it in the largest size its model has by name; None where it asks for that already."""
        has = offer(self.info(place), place)
        if len(has.sizes) < 2 or self.settings.get("image_size", has.size) == has.sizes[-1]:
            return None
        return replace(self, settings={**self.settings, "image_size": has.sizes[-1]}, takes=1, trouble="")

    def advice(self) -> str:
        """The quiet hints about a prompt: at most two, and none that would keep it from being sent."""
        if not self.prompt:
            return ""
        ratio, size = self.settings.get("aspect_ratio"), self.settings.get("image_size")
        return "\n".join(f"· {hint}" for hint in lint(self.prompt, len(self.pictures), ratio, size)[:2])

    def _ratio(self, info: ModelInfo) -> str:
        """The ratio asked for, or the one the last input leads to."""
        asked = self.settings.get("aspect_ratio")
        return asked or (info.nearest_ratio(*self.last.shown_size) if self.last else "1:1")

    def _sent(self) -> str:
        if self.last is None:
            return say("panel.sends_none")
        width, height = self.last.shown_size
        size = amount(sum(len(one.image.data) for one in self.pictures))
        several = (
            "tray.sends_masked" if self.masked else "tray.sends_shaped" if self.shaped else "panel.sends_many"
        )
        key = "panel.sends_one" if len(self.pictures) == 1 else several
        told = say(key, count=len(self.pictures), width=width, height=height, size=size)
        return f"{told} · {say('easel.sends_marked')}" if any(map(is_marked, self.pictures)) else told

    def _too_large(self, place: Endpoint) -> str:
        """Which pictures will be made smaller first, and which go as they are although less was advised."""
        at, lines = place.provider, ""
        heavy = [one.name for one in self.pictures if len(one.image.data) > at.max_image_bytes]
        wide = [
            one.name
            for one in self.pictures
            if at.advised_edge and max(one.image.shown_size) > at.advised_edge and one.name not in heavy
        ]
        if heavy:
            lines += "\n" + say("panel.made_smaller", names=", ".join(heavy), provider=at.title)
        if wide:
            lines += "\n" + say(
                "panel.over_advice", names=", ".join(wide), provider=at.title, edge=at.advised_edge
            )
        return lines
