"""A package for every kind and mode, each with numbers that occur nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ingestion.contract_templates.package import Package
from ingestion.contract_templates.package_source import check_package

FIXED = {"kind": "fixed", "price": 401.001}
BANDS = {"up_band": 0.051, "down_band": 0.052, "up_band_2": 0.103, "down_band_2": 0.104}
COMPONENTS: dict[str, list[dict[str, Any]]] = {
    "fixed": [FIXED],
    "fixed_by_period": [{"kind": "fixed", "per": "period", "price": {"peak": 501.5, "h07": 402.25}}],
    "tou": [{"kind": "tou", "price": {"sharp": 537.1, "peak": 480.2, "deep_valley": 268.3, "h01": 199.9}}],
    "spread": [{"kind": "spread", "d": 21.125}],
    "guarantee": [{"kind": "guarantee", "g": 8.375}],
    "share": [{"kind": "share", "s": 0.415}],
    "share_of_loss": [{"kind": "share", "s": 0.415, "loss": "shared"}],
    "guarantee_share": [{"kind": "guarantee_share", "g": 5.5, "s": 0.305}],
    "guarantee_or_share": [{"kind": "guarantee_or_share", "g": 6.5, "s": 0.295}],
    "guarantee_or_share_low": [
        {"kind": "guarantee_or_share", "g": 6.5, "s": 0.295, "beneficiary": "retailer"}
    ],
    "linked": [{"kind": "linked", "k": 1.035, "fee": 12.75}],
    "linked_without_fee": [{"kind": "linked", "k": 1.035}],
    "tiered": [{"kind": "tiered", "price": [451, 441.5, 431.25], "upto": [101.5, 202.75]}],
    "tiered_cumulative": [{"kind": "tiered", "tiers": "cumulative", "price": [451, 441.5], "upto": [101.5]}],
    "coal_linked": [FIXED, {"kind": "coal_linked", "step": 10.5, "float_price": 3.25}],
    "mixed": [{**FIXED, "share": 0.735}, {"kind": "linked", "share": "rest", "k": 1.07}],
    "risk": [FIXED, {"kind": "risk", "lo": 0.955, "hi": 1.045}],
    "cap_floor": [FIXED, {"kind": "cap_floor", "cap": 466.5, "floor": 355.5}],
    "cap_only": [FIXED, {"kind": "cap_floor", "cap": 466.5}],
    "floor_only": [FIXED, {"kind": "cap_floor", "floor": 355.5}],
    "cap_scale": [FIXED, {"kind": "cap_scale", "multiple": 1.055, "sharp_multiple": 1.085}],
    "green": [FIXED, {"kind": "green", "value": 19.5}],
    "green_customer": [
        FIXED,
        {"kind": "green", "value": 19.5, "shortfall": "customer", "shortfall_rate": 0.645},
    ],
    "green_retailer": [
        FIXED,
        {"kind": "green", "value": 19.5, "shortfall": "retailer", "shortfall_rate": 0.655},
    ],
    "service": [FIXED, {"kind": "service", "fee": 4.125}],
    "flat_fee": [FIXED, {"kind": "flat_fee", "fee": 1234.56}],
    "balancing": [FIXED, {"kind": "balancing"}],
    "tou_balance": [
        FIXED,
        {"kind": "tou_balance", "flat_price": 406.75, "multiple": {"peak": 1.195, "valley": 0.605}},
    ],
    "margin_refund": [FIXED, {"kind": "margin_refund", "allowance": 15.625, "rate": 0.885}],
    "termination": [
        FIXED,
        {"kind": "termination", "rate": 0.035, "least": 10000.5, "most": 99000.75},
    ],
    "pass_through": [FIXED, {"kind": "pass_through"}],
    "deviation": [FIXED, {"kind": "deviation", "up_band": 0.051, "up_price": 22.5}],
    "deviation_none": [FIXED, {"kind": "deviation", "mode": "none"}],
    **{
        f"deviation_{mode}": [
            FIXED,
            {
                "kind": "hourly_deviation" if mode == "hourly" else "deviation",
                "mode": mode,
                **BANDS,
                "up_price": 22.5,
                "up_price_2": 44.5,
                "down_rate": 0.115,
                "down_rate_2": 0.225,
                "bears": "shared",
                "customer_share": 0.575,
            },
        ]
        for mode in ("month", "quarter", "year", "hourly")
    },
    "custom": [
        {
            "kind": "custom",
            "formula": "base - keep * (base - cost) - less",
            "parameters": {
                "keep": {"value": 0.485, "unit": "rate"},
                "less": {"value": 2.875, "unit": "cny_per_mwh"},
            },
        }
    ],
}


def package(folder: Path, name: str) -> Package:
    """The package of that name, read from a file as a user's is."""
    path = folder / f"{name}.yml"
    content = {
        "package": name,
        "version": 1,
        "type": "any",
        "title": {"zh": "套餐", "en": "package"},
        "delivery": {"first_on": date(2026, 1, 1), "last_on": date(2026, 12, 31)},
        "components": COMPONENTS[name],
    }
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    found, errors = check_package(path)
    assert found is not None, [str(error) for error in errors]
    return found
