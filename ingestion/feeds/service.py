"""Services sold to a customer beside energy: value-added ones, and agency for a fee."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, TextColumn

FEED = Feed(
    name="service",
    title="Contracts for value-added services and agency",
    title_zh="增值服务与代理合同",
    key=("service_id",),
    columns=(
        TextColumn("service_id", "number of the service contract", note_zh="服务合同编号"),
        TextColumn("customer_id", "customer as in feed customer", note_zh="客户编号"),
        Choice(
            "service_kind",
            "what is done for the customer",
            choices=(
                "energy_management", "efficiency", "operation_maintenance", "demand_response", "green_advice",
                "software", "agency", "other",
            ),
            synonyms=(
                ("能源管理", "energy_management"), ("节能", "efficiency"), ("运维", "operation_maintenance"),
                ("需求响应", "demand_response"), ("绿电咨询", "green_advice"), ("软件", "software"),
                ("代理", "agency"), ("其他", "other"),
            ),
            note_zh="服务类别",
        ),
        Choice(
            "fee_basis",
            "what the fee is for: once, per month, per year, or per MWh of the customer's settled energy",
            choices=("once", "month", "year", "mwh"),
            synonyms=(("一次性", "once"), ("月", "month"), ("年", "year"), ("兆瓦时", "mwh")),
            note_zh="计费方式:一次性、每月、每年、每兆瓦时",
        ),
        DecimalColumn(
            "fee_cny", "fee per that basis, VAT included", unit="yuan", precision=14, scale=2, minimum="0",
            note_zh="费用(含税)",
        ),
        Day("effective_from", "first day of the service", note_zh="服务开始日"),
        Day("effective_to", "last day of the service, included", note_zh="服务结束日(含)"),
        DecimalColumn(
            "vat_rate", "VAT rate of the service, share of one; blank = the house's rate for services",
            required=False, precision=5, scale=4, minimum="0", maximum="1",
            note_zh="增值税率;空白为默认服务税率",
        ),
    ),
    in_order=(("effective_from", "effective_to"),),
)  # fmt: skip
