"""How the basic charge of a two-part account is billed in a month: by declared demand or by capacity."""

from ingestion.feeds.base import Feed, Needs
from ingestion.feeds.columns import Choice, DecimalColumn, Month, TextColumn

FEED = Feed(
    name="declared_demand",
    title="Basis of the basic charge per account and month, and the demand declared",
    title_zh="基本电费计收方式与申报需量:按户号、月份",
    key=("account_id", "delivery_month"),
    columns=(
        TextColumn("account_id", "account as in feed account", note_zh="户号"),
        Month("delivery_month", "month of the bill", note_zh="电费月份"),
        Choice(
            "charge_basis",
            "demand = by declared demand, capacity = by transformer capacity",
            choices=("demand", "capacity"),
            synonyms=(("按需量", "demand"), ("需量", "demand"), ("按容量", "capacity"), ("容量", "capacity")),
            note_zh="计收方式:按需量或按容量",
        ),
        DecimalColumn(
            "declared_kw",
            "maximum demand declared (合同最大需量); needed when billed by demand",
            required=False,
            unit="kW",
            precision=12,
            minimum="0",
            note_zh="合同最大需量,按需量计收时必填",
        ),
    ),
    needs=(Needs("charge_basis", ("demand",), ("declared_kw",)),),
)
