"""Key figures that customers report month by month: output, unit consumption, anything with a unit."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import DecimalColumn, Month, TextColumn

FEED = Feed(
    name="customer_kpi",
    title="Key figures per customer and month, each with its unit",
    title_zh="客户指标:按客户、月份",
    key=("customer_id", "kpi_month", "kpi_code"),
    columns=(
        TextColumn("customer_id", "customer as in feed customer", note_zh="客户编号"),
        Month("kpi_month", "month of the figure", note_zh="月份"),
        TextColumn(
            "kpi_code",
            "short name of the figure, the same every month, e.g. output or unit_consumption",
            max_length=60,
            note_zh="指标代码,每月一致,如 产量、单耗",
        ),
        DecimalColumn("value", "the figure", precision=20, scale=6, note_zh="指标值"),
        TextColumn("unit", "its unit, e.g. t or kWh/t", max_length=40, note_zh="单位,如 t、kWh/t"),
    ),
)
