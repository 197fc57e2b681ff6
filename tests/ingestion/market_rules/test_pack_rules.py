"""Market and retail rules of the packs against domain §3, §4.3 and §5.2, typed by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.ingestion.market_rules.conftest import PackOn, ValueOf

# what a pack says at a path; None = unsourced on purpose
SAYS = [
    ("shandong", "settlement.form", "difference"),
    ("shandong", "settlement.reference_point", "rt_unified"),
    ("shandong", "settlement.secondary_cap.reduction_rate", "0.20"),
    ("shandong", "clearing.rolling_deal_price", "resting"),
    ("shandong", "clearing.opening_min_participants", "10"),
    ("shandong", "position_limits.k1", None),
    ("shandong", "retail.cooling_off_hours", "48"),
    ("shandong", "retail.min_published_packages", "2"),
    ("shandong", "retail.min_published_linked", "1"),
    ("shandong", "retail.mixed_fixed_share_min", "0.01"),
    ("shandong", "retail.mixed_fixed_share_max", "0.99"),
    ("shandong", "retail.term_max_months", "12"),
    ("shandong", "retail.may_cross_year", "False"),
    ("shandong", "retail.termination.form", "clip_share_of_expected"),
    ("shandong", "retail.termination.floor_cny", None),
    ("anhui", "settlement.form", "two_settlement"),
    ("anhui", "settlement.granularity", "24"),
    ("anhui", "settlement.price_floor_cny_per_mwh", "0"),
    ("anhui", "settlement.price_cap_cny_per_mwh", "1100"),
    ("anhui", "credit.off_market_points", "300"),
    ("anhui", "credit.in_market_points", "700"),
    ("anhui", "credit.guarantee_year_cny_per_mwh", "8"),
    ("shanxi", "settlement.price_cap_cny_per_mwh", "1500"),
    ("shanxi", "settlement.reference_point", None),
    ("shanxi", "recovery[0].lower_rate", "0.9"),
    ("shanxi", "recovery[0].coefficient", "1.5"),
    ("gansu", "clearing.k", "0.5"),
    ("gansu", "clearing.high_low_k", "0.5"),
    ("gansu", "clearing.rolling_deal_price", "mean"),
    ("gansu", "settlement.granularity", "96"),
    ("jiangsu", "settlement.form", "difference"),
    ("jiangsu", "settlement.reference_point", "da_unified"),
    ("jiangsu", "clearing.price_rule", "pair"),
    ("jiangsu", "clearing.cap_rule", "coal_cap"),
    ("jiangsu", "retail.green_shortfall_rate", "0.25"),
    ("hubei", "settlement.form", "difference"),
    ("hubei", "settlement.reference_point", "rt_unified"),
    ("hubei", "position_limits.investor_share_max", "0.20"),
    ("sichuan", "settlement.form", "difference"),
    ("sichuan", "settlement.reference_point", None),
    ("sichuan", "recovery[0].lower_rate", "0.85"),
    ("sichuan", "recovery[0].period", "month"),
    ("sichuan", "recovery[1].upper_rate", "1.15"),
    ("fujian", "recovery[0].coefficient", "1.1"),
    ("fujian", "recovery[0].period", "hour"),
    ("zhejiang", "clearing.spot_tie", "['renewables_first']"),
    ("guangdong", "settlement.price_cap_cny_per_mwh", "1500"),
    ("guangdong", "retail.green_volume_max_rate", "1.2"),
    ("guangdong", "retail.coal_index_step", "100"),
    ("guangdong", "retail.risk_clause_lower_rate", "0.80"),
    ("guangdong", "retail.risk_clause_upper_rate", "1.15"),
    ("guangdong", "retail.tou_balance.price_cny_per_mwh", "463"),
    ("guangdong", "retail.tou_balance.peak_factor", "1.7"),
    ("guangdong", "retail.tou_balance.valley_factor", "0.38"),
    ("jiangxi", "retail.monthly_cap.factor", "1.10"),
    ("jiangxi", "retail.monthly_cap.sharp_month_factor", "1.15"),
    ("jiangxi", "retail.margin_refund.above_cny_per_mwh", "10"),
    ("jiangxi", "retail.margin_refund.refund_rate", "1"),
    ("hainan", "retail.margin_refund.above_cny_per_mwh", "15"),
    ("hainan", "retail.margin_refund.refund_rate", "0.7"),
    ("hunan", "recovery[0].lower_rate", None),
    ("yunnan", "settlement.granularity", "24"),
    ("mengxi", "settlement.form", None),
    ("henan", "tariff.demand.tolerance_factor", "1.05"),
    ("henan", "tariff.demand.declared_share_min", "0.40"),
    ("henan", "tariff.demand.discount_from_kwh_per_kva", "260"),
    ("henan", "tariff.demand.discount_factor", "0.9"),
]


@pytest.mark.parametrize(("province", "path", "expected"), SAYS, ids=[f"{row[0]}-{row[1]}" for row in SAYS])
def test_packs__say_what_the_domain_says(
    value_of: ValueOf, province: str, path: str, expected: str | None
) -> None:
    value = value_of(province, path)
    assert (None if value is None else str(value)) == expected


def test_packs__guangdong_bounds_prices_and_shares(pack_on: PackOn) -> None:
    retail = pack_on("guangdong").retail
    assert retail
    assert retail.price_limits
    assert retail.share_limits
    prices = {
        row.priced: (row.floor_cny_per_mwh, row.cap_cny_per_mwh) for row in retail.price_limits.value or []
    }
    shares = {row.share: (row.min_rate, row.max_rate) for row in retail.share_limits.value or []}
    assert prices == {
        "fixed": (Decimal(372), Decimal(554)),
        "float_fee": (Decimal(0), Decimal(5)),
        "green": (None, Decimal(50)),
    }
    assert shares == {
        "linked_volume": (Decimal("0.10"), Decimal("0.30")),
        "da_linked": (Decimal("0.08"), Decimal("0.15")),
    }


def test_packs__anhui_thresholds_by_month_and_hour(pack_on: PackOn) -> None:
    pack = pack_on("anhui")
    by_kind = {recovery.kind: recovery for recovery in pack.recovery or []}

    def free(kind: str, month: int, hour: int) -> Decimal:
        thresholds = by_kind[kind].thresholds
        assert thresholds
        (row,) = [
            row
            for row in thresholds.value or []
            if month in (row.months or [month]) and hour in (row.hours or [hour])
        ]
        return row.free_rate

    assert {month: free("mlt_month_shortfall", month, 1) for month in range(1, 13)} == {
        month: Decimal("0.30") if month in (1, 7, 8, 12) else Decimal("0.40") for month in range(1, 13)
    }
    assert {hour: free("mlt_hour_shortfall", 5, hour) for hour in range(1, 25)} == {
        hour: Decimal("0.45") if 9 <= hour <= 16 else Decimal("0.20") for hour in range(1, 25)
    }
    assert free("da_declaration_over", 5, 1) == Decimal("0.15")
    assert free("mlt_hour_excess", 5, 1) == Decimal("0.15")
