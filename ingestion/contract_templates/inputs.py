"""Named quantities that formulas read, each with its unit (domain §3; meanings fixed in design §5).

Periods: an input is one number for the month, or one for each period (``peak``, ``flat``, ``h01`` …). A line
of a period reads the period's number, else the month's. ``q`` and ``hour_q`` say which periods a month has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ingestion.contract_templates.formula.units import CNY, CNY_PER_MWH, MONTH, MWH, NUMBER, POINT, Unit

ENERGY: Final = "q"
HOURLY: Final = "hour_q"
DRIVERS: Final = (ENERGY, HOURLY)
"""Inputs whose periods become lines."""


@dataclass(frozen=True)
class Input:
    """One named quantity; a computed one comes from the pricing itself and is never given."""

    name: str
    unit: Unit
    meaning: str
    is_computed: bool = False


_ALL: Final = (
    Input("q_month", MWH, "energy of the customer in the month, over all components", is_computed=True),
    Input("covered_fee", CNY, "fees so far of the stages that the component covers", is_computed=True),
    Input(ENERGY, MWH, "energy of the line: of its period, and of its share where it has one"),
    Input(
        "base", CNY_PER_MWH, "spread reference: catalogue, benchmark or agency price that the contract names"
    ),
    Input("cost", CNY_PER_MWH, "the retailer's monthly energy cost over its energy"),
    Input("w", CNY_PER_MWH, "wholesale reference on the customer's own curve"),
    Input("ref", CNY_PER_MWH, "published series that a linked package names"),
    Input("rt", CNY_PER_MWH, "real-time price that a deviation clause takes a rate of"),
    Input("market_mean", CNY_PER_MWH, "mean retail price of the market at flat periods"),
    Input("contract_q", MWH, "contracted energy of the month"),
    Input("quarter_q", MWH, "energy of the quarter that ends with the month"),
    Input("quarter_contract_q", MWH, "contracted energy of that quarter"),
    Input("year_q", MWH, "energy of the year that ends with the month"),
    Input("year_contract_q", MWH, "contracted energy of that year"),
    Input(HOURLY, MWH, "energy of an hour of the month; its periods are the hours"),
    Input("hour_contract_q", MWH, "contracted energy of that hour"),
    Input("green_contract_q", MWH, "contracted green energy"),
    Input("generation", MWH, "green energy that the paired generator fed in"),
    Input("ceci", POINT, "coal price index of the month"),
    Input("ceci_base", POINT, "coal price index that the contract fixes"),
    Input("sharp_month", NUMBER, "1 in a month with sharp periods, else 0"),
    Input("balance_q", MWH, "month's meter total less the sum of its days"),
    Input("incurred_fee", CNY, "fees incurred before termination"),
    Input("months_done", MONTH, "months delivered before termination"),
    Input("months_total", MONTH, "months of the contract's term"),
    Input("grid_fee", CNY, "what the grid company charges and the retailer passes on"),
)

INPUTS: Final = {entry.name: entry for entry in _ALL}
