"""A rule value with its origin: what a pack says, where that was read, and how sure we are.

Confidence: S official text read directly · N official text seen only as transcribed · 2 secondary source ·
G general knowledge · illustrative = no source for these dates, a stand-in so that the sample can run.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ingestion.market_rules.vocabulary import Confidence

T = TypeVar("T")

NEEDS_SOURCE = ("S", "N", "2")


def _exact(value: object) -> object:
    """A whole number in YAML is an exact decimal; true and false are not numbers."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text(value: object) -> object:
    """``confidence: 2`` reads as a number in YAML, and is meant as the tag."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_exact)]
Price = Annotated[Decimal, BeforeValidator(_exact), Field(decimal_places=3, max_digits=12)]
"""yuan/MWh, VAT included, 3 decimals."""
KwhPrice = Annotated[Decimal, BeforeValidator(_exact), Field(decimal_places=6, max_digits=12)]
"""yuan/kWh, VAT included, 6 decimals."""
MonthPrice = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, decimal_places=2, max_digits=8)]
"""yuan per kW or kVA and month, VAT included."""
Rate = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=1, decimal_places=4)]
"""A share of one: 0.13 is 13 %."""
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Count = Annotated[int, Field(ge=0)]
Month = Annotated[int, Field(ge=1, le=12)]
Hour = Annotated[int, Field(ge=1, le=24)]
"""Hour of a day by its end: 1 is 00:00-01:00."""


class Strict(BaseModel):
    """Base of every part of a pack: unknown keys are refused, nothing is coerced, nothing changes later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Item(Strict, Generic[T]):
    """``{value, source, article, confidence, note}``; a null value blocks only what needs it."""

    value: T | None
    source: str | None = None
    article: str | None = None
    confidence: Annotated[Confidence | None, BeforeValidator(_text)] = None
    note: str | None = None

    @model_validator(mode="after")
    def _has_origin(self) -> Self:
        if self.value is not None and self.confidence is None:
            raise PydanticCustomError(
                "no_confidence",
                "a value needs its confidence",
                {"allowed": "S, N, 2, G or illustrative; or value: null where nothing is known"},
            )
        if self.confidence in NEEDS_SOURCE and self.source is None:
            raise PydanticCustomError(
                "no_source",
                "confidence {confidence} needs a source",
                {"confidence": self.confidence, "allowed": "an id of sources, or confidence: illustrative"},
            )
        return self

    @property
    def is_illustrative(self) -> bool:
        """Whether a statement that uses this value must say so."""
        return self.value is not None and self.confidence == "illustrative"
