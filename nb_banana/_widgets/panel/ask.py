"""What one click asks for, as a value, and what can be said of it before it is sent. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..._catalog.models import ModelInfo, find_model, recommended_deadline
from ..._catalog.prices import estimate
from ..._images.data import ImageData
from ..._messages import EditRequest, Order, Settings
from ..._prompts.hints import lint
from ..._strings import say
from ..._text import amount, money

if TYPE_CHECKING:
    from ..._client.endpoint import Endpoint
    from ..tray import Card

AUTO: Final = "auto"  # the ratio's first entry: the model's own choice, said by leaving it out


@dataclass(frozen=True)
class Ask:
    """Everything one click asks for, as it stood at that moment.

    Attributes:
        pictures: the inputs, with their names and where they came from.
        prompt: the instruction; while it is empty nothing can be sent.
        settings: those that differ from the defaults.
        takes: how many pictures to make.
    """

    pictures: tuple[Card, ...]
    prompt: str
    settings: Settings
    takes: int = 1

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
        """The last input: the one that is compared with the result, and decides its shape."""
        return self.pictures[-1].image if self.pictures else None

    @property
    def parent(self) -> str | None:
        """The record of the last input that is itself a result."""
        return next((one.record_id for one in reversed(self.pictures) if one.record_id), None)

    def info(self, place: Endpoint) -> ModelInfo | None:
        """What is known of the model that ``place`` would use."""
        return find_model(self.settings.get("model") or place.provider.default_model, place.provider).info

    def pixels(self, place: Endpoint) -> tuple[int, int] | None:
        """The size of the picture to come, where the model's sizes are known."""
        info = self.info(place)
        return None if info is None else info.pixels(self._ratio(info), self.settings.get("image_size"))

    def usual(self, place: Endpoint) -> tuple[float, float] | None:
        """The seconds such an edit usually takes, from and to."""
        info, size = self.info(place), self.settings.get("image_size")
        return None if info is None else estimate(info, size, provider=place.provider).seconds

    @property
    def limit(self) -> float:
        """The seconds after which it takes longer than recommended."""
        return recommended_deadline(self.settings.get("image_size"), len(self.pictures))

    def about(self, place: Endpoint) -> str:
        """What will be sent, what will come back, and what it costs, before the click."""
        if not self.pictures and not self.prompt:
            return ""
        info, size = self.info(place), self.settings.get("image_size")
        parts = [self._sent()]
        if info is not None:
            ratio = self._ratio(info)
            width, height = info.pixels(ratio, size)
            parts.append(say("panel.comes", width=width, height=height, ratio=ratio))
            cost = estimate(info, size, self.takes, provider=place.provider).cost
            known = say("panel.estimated" if cost.amount is not None else "panel.no_price", cost=cost)
            parts.append(money(cost, sandbox=True) if place.is_sandbox else known)
        return " · ".join(parts) + self._too_large(place)

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
        key = "panel.sends_one" if len(self.pictures) == 1 else "panel.sends_many"
        return say(key, count=len(self.pictures), width=width, height=height, size=size)

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
