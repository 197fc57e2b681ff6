"""What the retailer plans to earn with a contract in a month: the budget that evaluation compares with."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import DecimalColumn, Month, TextColumn


def _cny(name: str, note: str, note_zh: str) -> DecimalColumn:
    return DecimalColumn(name, note, unit="yuan", precision=16, scale=2, note_zh=note_zh)


FEED = Feed(
    name="contract_plan",
    title="Planned energy, revenue, purchase cost and margin per contract and month",
    title_zh="合同计划:按合同和月份的计划电量、收入、购电成本和毛利",
    key=("contract_id", "delivery_month"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        Month("delivery_month", "delivery month", note_zh="电量月份"),
        DecimalColumn(
            "energy_mwh", "planned energy", unit="MWh", precision=14, minimum="0", note_zh="计划电量(MWh)"
        ),
        _cny("revenue_cny", "planned retail revenue with VAT", "计划售电收入(元,含税)"),
        _cny("purchase_cny", "planned wholesale cost with VAT", "计划购电成本(元,含税)"),
        _cny(
            "margin_cny",
            "planned margin: revenue less purchase cost, before channel commission",
            "计划毛利(元):收入减购电成本,未扣渠道佣金",
        ),
    ),
)
