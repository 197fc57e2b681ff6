"""Month end: the months to settle, and the files that finance gets."""

import dagster as dg

from orchestration.assets.partitions import DELIVERY_MONTHS, selected_dates
from orchestration.exports.settlement import export_month
from orchestration.house import House
from orchestration.runs import contracted_provinces, request_settlement

EXPORTED_TABLES = (
    *(f"marts_settlement.settlement_{name}" for name in ("line", "margin", "month", "blocker")),
    *(f"marts_settlement.settlement_statement_{name}" for name in ("contract", "line", "point")),
    "marts_sales.sales_contract_month",
    "marts_trading.trading_position_month",
    "marts_energy.energy_month_check",
)


@dg.asset(
    key=["ops", "settlement_month"],
    partitions_def=DELIVERY_MONTHS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name="settlement",
)
def requested_month(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> None:
    """Register the selected months, for every province with a contract; the marts settle them."""
    ledger = house.engine("wl_ledger")
    for province in contracted_provinces(ledger):
        request_settlement(ledger, province, selected_dates(context))


@dg.asset(
    name="settlement_export",
    deps=[dg.AssetKey(table.split(".")) for table in EXPORTED_TABLES],
    partitions_def=DELIVERY_MONTHS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    group_name="settlement",
)
def settlement_export(
    context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
) -> dg.MaterializeResult[None]:
    """Write the selected months to the exports folder; a blocked month fails and says what is missing."""
    exports = [
        export_month(house.engine("wl_finance"), month, house.exports) for month in selected_dates(context)
    ]
    return dg.MaterializeResult(
        metadata={
            export.folder.name: dg.MetadataValue.text(f"{export.folder} sha256 {export.digest}")
            for export in exports
        }
    )
