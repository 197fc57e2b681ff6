"""The ledger: close delivery months, and correct closed ones by late data."""

import dagster as dg

from orchestration.assets.partitions import DELIVERY_MONTHS, selected_dates
from orchestration.house import House
from orchestration.ledger.closing import close_month
from orchestration.ledger.correcting import book_corrections

CLOSED_TABLES = (
    "settlement_line",
    "settlement_share",
    "settlement_margin",
    "settlement_month",
    "settlement_blocker",
    "settlement_statement_contract",
    "settlement_statement_point",
    "settlement_alpha",
)


class Booking(dg.Config):
    """Who books, for which province (blank: every one), and a reason code instead of the lines' own."""

    by: str
    province: str = ""
    reason: str = ""


# the tables of the ledger are sources of the marts; under their keys these assets would close a circle
@dg.asset(
    key=["ledger", "close"],
    deps=[dg.AssetKey(["marts_settlement", table]) for table in CLOSED_TABLES],
    partitions_def=DELIVERY_MONTHS,
    group_name="settlement",
)
def ledger_close(
    context: dg.AssetExecutionContext, config: Booking, house: dg.ResourceParam[House]
) -> dg.MaterializeResult[None]:
    """Close the selected month: its lines become immutable. Closed already, it stays as it is."""
    (month,) = selected_dates(context)
    closed = close_month(house.engine("wl_ledger"), month, config.by, config.province or None)
    return dg.MaterializeResult(
        metadata={one.province: f"run {one.run_id}, {one.rows['lines']} lines" for one in closed}
    )


@dg.asset(
    key=["ledger", "correction"],
    deps=[dg.AssetKey(["marts_settlement", "settlement_correction_proposal"])],
    partitions_def=DELIVERY_MONTHS,
    group_name="settlement",
)
def ledger_correction(
    context: dg.AssetExecutionContext, config: Booking, house: dg.ResourceParam[House]
) -> dg.MaterializeResult[None]:
    """Book what is proposed for the selected closed month into the open one, once."""
    (month,) = selected_dates(context)
    booked = book_corrections(
        house.engine("wl_ledger"), month, config.by, config.province or None, config.reason or None
    )
    return dg.MaterializeResult(
        metadata={one.province: f"run {one.run_id}, {one.margin_cny} yuan of margin" for one in booked}
    )
