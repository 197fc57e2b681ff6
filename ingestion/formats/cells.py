"""Texts of value cells to integer counts, each distinct text once; wrong ones with their reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.feeds.columns import CellError, parse_decimal
from ingestion.formats.profile import SourceProfile
from ingestion.formats.units import MAX_WH, Bools, Ints, Scale

_LONGEST = 24  # characters; decimal arithmetic stays exact below its 28 digits
_LARGEST_REGISTER = 10**17


def count_of(text: str, scale: Scale, is_register: bool, rounding: str) -> int:
    """Count of ``10**-decimals`` units in one non-blank text; CellError when it cannot be taken exactly."""
    number = parse_decimal(text)
    counted = number.scaleb(scale.decimals)
    if len(text) > _LONGEST or counted != counted.to_integral_value():
        raise CellError(
            "TOO_MANY_DECIMALS",
            f"has more than {scale.decimals} decimals",
            "set decimals in the profile to what the source writes (at most 6)",
        )
    if counted < 0:
        raise CellError("NEGATIVE_VALUE", "is negative", "deliver 0 or more; export is a channel of its own")
    count = int(counted)
    if is_register:
        if count > _LARGEST_REGISTER:
            raise CellError("OUT_OF_RANGE", "is no register a meter can show", "check the column")
        return count
    fault = energy_fault(count, scale, rounding)
    if fault:
        raise fault
    return count


def energy_fault(count: int, scale: Scale, rounding: str) -> CellError | None:
    """Why a count of energy (or a difference of registers) cannot land, or None."""
    if count > scale.largest_count:
        return CellError(
            "OUT_OF_RANGE",
            f"is more than {MAX_WH // 1000} kWh in one interval",
            "check unit and multiplier in the profile",
        )
    if rounding == "exact" and count * scale.numerator % scale.scale:
        return CellError(
            "NOT_WHOLE_WH",
            "is not a whole number of Wh in its interval",
            "set rounding: carry in the profile; it keeps the day's total right to half a Wh",
        )
    return None


def parse_cells(
    texts: Sequence[str], scale: Scale, profile: SourceProfile
) -> tuple[Ints, Bools, dict[str, CellError]]:
    """Counts and mask of missing cells, shape (cells,); wrong texts with their reason (their count is 0)."""
    is_register = profile.values == "cumulative_register"
    blank = {text.strip() for text in profile.missing} | {""}
    counts: dict[str, int] = {}
    wrong: dict[str, CellError] = {}
    for text in set(texts):
        counts[text] = 0
        stripped = text.strip()
        if stripped not in blank:
            try:
                counts[text] = count_of(stripped, scale, is_register, profile.rounding)
            except CellError as error:
                wrong[text] = error
    values = np.fromiter((counts[text] for text in texts), dtype=np.int64, count=len(texts))
    empty = {text for text in counts if text.strip() in blank}
    missing = np.fromiter((text in empty for text in texts), dtype=np.bool_, count=len(texts))
    return values, missing, wrong
