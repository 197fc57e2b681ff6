"""Metering points: real shapes scaled to each customer's size, and equipment that fits the peak.

Energy is whole watt-hours a slot (int64), already on the primary side (the grid company applies the
multiplier).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from ingestion.sample.config import DAYS, SLOTS, index_of
from ingestion.sample.fetch import PV_PROFILES
from ingestion.sample.profiles import Ints, Profiles
from ingestion.sample.roster import CUSTOMERS, HIGH, LOW, MID, SECOND_SITE, Customer

SECOND_SITE_FROM = date(2026, 11, 4)
SECOND_SITE_GWH = 4.2

IMPORT, EXPORT = "active_import", "active_export"

_KVA = (250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000,
        12500, 16000, 20000, 25000, 31500, 40000)  # fmt: skip
_CT_PRIMARY = (15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1000, 1200, 1500, 2000)
_VOLT = {LOW: 10_000, MID: 35_000, HIGH: 110_000}
_LOWER_PF = {
    "agriculture",
    "retail_trade",
    "hotels",
    "catering",
    "education",
    "property_services",
    "sports_leisure",
}
TWO_PART_FROM_KVA = 800

_PV_PEAK_TRIM = 4, 3
"""German roof arrays of SimBench peak near 0.6 of nameplate; Shandong ones are scaled by 4/3 (made up)."""


@dataclass(frozen=True)
class Point:
    """One account with its one metering point and its true curve (import and export Wh, [365, 96])."""

    customer: Customer
    account_id: str
    metering_point_id: str
    meter_id: str
    from_on: date
    voltage_level: str
    capacity_kva: int
    tariff_class: str
    pf_standard: str
    ct_ratio: int
    pt_ratio: int
    import_wh: Ints
    export_wh: Ints

    @property
    def multiplier(self) -> int:
        """CT × PT."""
        return self.ct_ratio * self.pt_ratio

    @property
    def net_rule(self) -> str:
        """Own solar is netted, everyone else only imports."""
        return "import_minus_export" if self.customer.solar_kwp else "import_only"

    def channels(self) -> list[tuple[str, Ints]]:
        """Give the channels that this point delivers."""
        both = [(IMPORT, self.import_wh)]
        return [*both, (EXPORT, self.export_wh)] if self.customer.solar_kwp else both

    def net_wh(self) -> Ints:
        """Give net energy from the point's first day on (zero before)."""
        net: Ints = self.import_wh - self.export_wh
        net[: max(index_of(self.from_on), 0)] = 0
        return net


def scale_to(shape: Ints, annual_gwh: float) -> Ints:
    """Scale a shape to an annual energy; whole Wh per slot."""
    factor = Fraction(annual_gwh).limit_denominator(1000) * 10**9 / int(shape.sum())
    scaled: Ints = np.rint(shape * float(factor)).astype(np.int64)
    return scaled


def solar_wh(profiles: Profiles, kwp: int) -> Ints:
    """Give the output of a roof array of `kwp`, Wh a slot, from the mean of the real PV shapes."""
    mean = sum((profiles.shapes[name] for name in PV_PROFILES), np.zeros((DAYS, SLOTS), dtype=np.int64))
    up, down = _PV_PEAK_TRIM
    return (mean * kwp * up) // (len(PV_PROFILES) * down * 4 * 1000)


def build_points(profiles: Profiles) -> list[Point]:
    """Build every metering point: one per customer, then the second site."""
    points = [build_point(profiles, c, c.annual_gwh, 1, c.from_on) for c in CUSTOMERS]
    grower = next(c for c in CUSTOMERS if c.number == SECOND_SITE)
    return [*points, build_point(profiles, grower, SECOND_SITE_GWH, 2, SECOND_SITE_FROM)]


def build_point(profiles: Profiles, customer: Customer, gwh: float, site: int, from_on: date) -> Point:
    """Build a site of a customer that uses `gwh` a year from `from_on` on."""
    gross = scale_to(profiles.blend(dict(customer.mix)), gwh)
    own = solar_wh(profiles, customer.solar_kwp)
    taken, given = np.maximum(gross - own, 0), np.maximum(own - gross, 0)
    peak_kw = max(int(taken.max()), int(given.max())) * 4 // 1000
    kva = next(size for size in _KVA if size * 4 >= peak_kw * 5)
    voltage = customer.voltage if site == 1 else LOW
    volt = _VOLT[voltage]
    account = f"{customer.area}00{customer.number:04d}{site:02d}"
    return Point(
        customer=customer, account_id=account, metering_point_id=f"{account}-01",
        meter_id=f"DB{customer.area}{customer.number:04d}{site}", from_on=from_on,
        voltage_level=voltage, capacity_kva=kva,
        tariff_class="two_part" if kva >= TWO_PART_FROM_KVA else "single",
        pf_standard=_pf_standard(customer), ct_ratio=_ct_ratio(kva, volt), pt_ratio=volt // 100,
        import_wh=taken, export_wh=given,
    )  # fmt: skip


def _pf_standard(customer: Customer) -> str:
    if customer.industry == "agriculture":
        return "0.80"
    return "0.85" if customer.industry in _LOWER_PF else "0.90"


def _ct_ratio(kva: int, volt: int) -> int:
    """Take the next standard CT primary (…/5 A) above the rated current kVA / (√3 · kV)."""
    rated_squared = Fraction(kva * 1000, volt) ** 2 / 3
    return next(primary for primary in _CT_PRIMARY if primary**2 >= rated_squared) // 5
