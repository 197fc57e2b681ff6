"""DL/T 645-2007 data items (annex A): what a data id means, and its value from the payload, exactly.

Energy is XXXXXX.XX (4 bytes BCD, low first), demand XX.XXXX kW and its minute, daily freezes a block of total
and tariff registers of which the total comes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ingestion.connectors.dlt645_frame import FrameError
from ingestion.feeds.columns import CHINA

MAX_FREEZES = 62  # daily freezes that a meter keeps
# channel → number of its register in data ids; reactive import and export are the meter's sums 1 and 2
CHANNEL_CODES = {"active_import": 1, "active_export": 2, "reactive_import": 3, "reactive_export": 4}
_REACTIVE_UNITS = {"kWh": "kvarh", "kW": "kvar"}
_SIGNED = frozenset((0, 3, 4))  # combined registers carry their sign in the highest bit


@dataclass(frozen=True)
class Value:
    """A decoded item; ``occurred_at`` only for a maximum demand (its end, UTC+8)."""

    number: Decimal
    unit: str
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class _Item:
    """Rule of a family of data ids."""

    pattern: re.Pattern[str]
    width: int
    decimals: int
    unit: str
    has_time: bool = False
    is_block: bool = False


_ITEMS = (
    _Item(re.compile(r"000([0-8])[0-9A-F]{2}(?!FF)[0-9A-F]{2}"), 4, 2, "kWh"),
    _Item(re.compile(r"010([1-8])[0-9A-F]{2}(?!FF)[0-9A-F]{2}"), 3, 4, "kW", has_time=True),
    _Item(re.compile(r"0201(?:0[1-3])00"), 2, 1, "V"),
    _Item(re.compile(r"05060([1-8])(?!00)[0-9A-F]{2}"), 4, 2, "kWh", is_block=True),
)


def energy_item(channel: str) -> str:
    """Data id of the present total register of a channel.

    >>> energy_item("active_import")
    '00010000'
    """
    return f"000{CHANNEL_CODES[channel]}0000"


def demand_item(channel: str) -> str:
    """Data id of the maximum demand of this month of a channel."""
    return f"010{CHANNEL_CODES[channel]}0000"


def freeze_item(channel: str, back: int) -> str:
    """Data id of the ``back``-th last daily freeze (1 = the last one) of a channel.

    >>> freeze_item("active_import", 1)
    '05060101'
    """
    return f"05060{CHANNEL_CODES[channel]}{back:02X}"


def freeze_time_item(back: int) -> str:
    """Data id of the moment of the ``back``-th last daily freeze."""
    return f"050600{back:02X}"


def value_of(item: str, payload: bytes) -> Value:
    """Value of a payload. Raises FrameError UNKNOWN_ITEM, BAD_DATA_LENGTH or BAD_BCD."""
    for rule in _ITEMS:
        match = rule.pattern.fullmatch(item)
        if match:
            break
    else:
        raise FrameError("UNKNOWN_ITEM", f"data id {item} has no rule here", payload)
    expected = rule.width + (5 if rule.has_time else 0)
    fits = len(payload) >= expected and len(payload) % 4 == 0 if rule.is_block else len(payload) == expected
    if not fits:
        raise FrameError(
            "BAD_DATA_LENGTH", f"data id {item} has {expected} bytes, not {len(payload)}", payload
        )
    register = match.group(1) if match.groups() else ""
    number = _number(payload[: rule.width], rule.decimals, register.isdigit() and int(register) in _SIGNED)
    unit = (
        _REACTIVE_UNITS.get(rule.unit, rule.unit) if register.isdigit() and int(register) > 2 else rule.unit
    )
    return Value(number, unit, moment_of(payload[rule.width :]) if rule.has_time else None)


def moment_of(payload: bytes) -> datetime | None:
    """Moment of YYMMDDhhmm (5 bytes BCD, low first), UTC+8; None when the meter shows it never happened."""
    digits = _digits(payload)
    if len(digits) != 10:
        raise FrameError("BAD_DATA_LENGTH", f"a time has 5 bytes, not {len(payload)}", payload)
    if not digits.strip("0"):
        return None
    try:
        return datetime.strptime("20" + digits, "%Y%m%d%H%M").replace(tzinfo=CHINA)
    except ValueError:
        raise FrameError("BAD_BCD", f"{digits} is not a moment YYMMDDhhmm", payload) from None


def _number(payload: bytes, decimals: int, signed: bool) -> Decimal:
    """Exact number of BCD bytes, low first."""
    sign = 1
    if signed and payload[-1] & 0x80:
        sign, payload = -1, payload[:-1] + bytes([payload[-1] & 0x7F])
    return sign * Decimal(_digits(payload)).scaleb(-decimals)


def _digits(payload: bytes) -> str:
    """Digits of BCD bytes, high first. Raises FrameError BAD_BCD."""
    digits = payload[::-1].hex().upper()
    if not digits.isdigit() and digits:
        raise FrameError("BAD_BCD", f"data is not BCD ({digits})", payload)
    return digits
