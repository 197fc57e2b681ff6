"""A day's curve as it is known now, or was at a moment: per slot value, quality and the rules behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

SLOTS: Final = 96
_ORDER: Final = ("missing", "failed", "estimated", "edited", "metered")
_HEAD: Final = """
select metering_point_id, version, quality, trust, known_from, known_to, source, file_name
from marts_energy.energy_point_day_version
where metering_point_id = :point and channel = :channel and delivery_on = :day
    and (cast(:as_of as timestamptz) is null or known_from <= :as_of)
    and (known_to is null or known_to > :as_of)
"""
_CURVE: Final = """
select * from landing.meter_day
where metering_point_id = :point and channel = :channel and delivery_on = :day and version = :version
"""
_FLAGS: Final = """
select f.slot, f.rule_code, f.flagged_by, f.reason
from landing.meter_slot_flag f join landing.batch b using (batch_id)
where f.metering_point_id = :point and f.channel = :channel and f.delivery_on = :day and f.version = :version
    and (cast(:as_of as timestamptz) is null or b.known_at <= :as_of)
order by f.slot, f.rule_code
"""
_POINTS: Final = """
select metering_point_id, is_export_netted from marts_energy.energy_point_day
where customer_id = :customer and delivery_on = :day order by metering_point_id
"""


class NoCurveError(LookupError):
    """Nothing is known of what was asked for; the message says what to do."""


@dataclass
class Slot:
    """One slot: its END label, Wh (None = missing), quality, and the rules as (code, reason)."""

    slot: int
    label: str
    wh: int | None
    quality: str
    rules: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class CurveReading:
    """96 slots and the versions that they come from."""

    title: str
    delivery_on: date
    as_of: datetime | None
    slots: list[Slot]
    versions: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Plain values for programs; energy in Wh."""
        return {
            "title": self.title,
            "delivery_on": self.delivery_on,
            "as_of": self.as_of,
            "energy_wh": sum(slot.wh or 0 for slot in self.slots),
            "missing_slots": sum(slot.wh is None for slot in self.slots),
            "estimated_slots": sum(slot.quality == "estimated" for slot in self.slots),
            "versions": self.versions,
            "slots": [
                {
                    "slot": slot.slot,
                    "label": slot.label,
                    "wh": slot.wh,
                    "quality": slot.quality,
                    "rules": [{"rule_code": code, "reason": reason} for code, reason in slot.rules],
                }
                for slot in self.slots
            ],
        }


def label(slot: int) -> str:
    """The END of a slot.

    >>> label(1), label(96)
    ('00:15', '24:00')
    """
    return f"{slot // 4:02d}:{slot % 4 * 15:02d}"


def point_curve(
    connection: sa.Connection, point: str, channel: str, day: date, as_of: datetime | None = None
) -> CurveReading:
    """The curve of a point and channel. Raises NoCurveError when no version was known."""
    values = {"point": point, "channel": channel, "day": day, "as_of": as_of}
    head = connection.execute(sa.text(_HEAD), values).mappings().one_or_none()
    if head is None:
        moment = f" at {as_of}" if as_of else ""
        raise NoCurveError(
            f"no {channel} of metering point {point} on {day} is known{moment}; check number and day, "
            "and whether the marts have been refreshed since it was delivered (`wattledger status`)"
        )
    values["version"] = head["version"]
    row = connection.execute(sa.text(_CURVE), values).mappings().one()
    slots = [_slot(number, row[f"p{number:02d}"], str(head["quality"])) for number in range(1, SLOTS + 1)]
    for flag in connection.execute(sa.text(_FLAGS), values).mappings():
        for slot in slots if flag["slot"] == 0 else [slots[flag["slot"] - 1]]:
            slot.rules.append((flag["rule_code"], f"{flag['reason']} ({flag['flagged_by']})"))
    for slot in slots:
        slot.quality = _quality(slot, str(head["quality"]))
    return CurveReading(f"{point} {channel}", day, as_of, slots, [dict(head) | {"channel": channel}])


def customer_curve(
    connection: sa.Connection, customer: str, day: date, as_of: datetime | None = None
) -> CurveReading:
    """Net curve of a customer's points (import, less export where it counts), contracts as known now."""
    points = connection.execute(sa.text(_POINTS), {"customer": customer, "day": day}).all()
    if not points:
        raise NoCurveError(f"customer {customer} has no metering point under contract or metered on {day}")
    parts: list[tuple[int, CurveReading]] = []
    for point, is_netted in points:
        parts.append((1, point_curve(connection, point, "active_import", day, as_of)))
        if is_netted:
            parts.append((-1, point_curve(connection, point, "active_export", day, as_of)))
    slots = [_sum([(sign, part.slots[index]) for sign, part in parts]) for index in range(SLOTS)]
    versions = [version for _, part in parts for version in part.versions]
    return CurveReading(f"customer {customer}, net", day, as_of, slots, versions)


def _slot(number: int, wh: int | None, quality: str) -> Slot:
    return Slot(number, label(number), wh, quality)


def _quality(slot: Slot, head: str) -> str:
    """Quality of one slot of a version."""
    codes = {code for code, _ in slot.rules}
    if slot.wh is None:
        return "missing"
    if any(code.startswith("EST") for code in codes):
        return "estimated"
    if "EDITED" in codes:
        return "edited"
    return "failed" if head == "failed" and codes else "metered"


def _sum(parts: Sequence[tuple[int, Slot]]) -> Slot:
    """One slot of several curves: missing when one of them is, and of the worst quality among them."""
    first = parts[0][1]
    known = [sign * slot.wh for sign, slot in parts if slot.wh is not None]
    wh = sum(known) if len(known) == len(parts) else None
    quality = min((slot.quality for _, slot in parts), key=_ORDER.index)
    rules = list(dict.fromkeys(rule for _, slot in parts for rule in slot.rules))
    return Slot(first.slot, first.label, wh, quality, rules)
