"""What a customer plans to make on a day, and whether it stops: the reason behind tomorrow's consumption."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, TextColumn

FEED = Feed(
    name="production_plan",
    title="Production plans per customer or account, day and shift",
    title_zh="生产计划:按客户或户号、日期、班次",
    key=("subject_type", "subject_id", "plan_on", "shift"),
    columns=(
        Choice(
            "subject_type",
            "whose plan it is",
            choices=("customer", "account"),
            synonyms=(("客户", "customer"), ("户号", "account")),
            note_zh="对象:客户或户号",
        ),
        TextColumn("subject_id", "customer or account as in its feed", note_zh="客户编号或户号"),
        Day("plan_on", "planned day, UTC+8", note_zh="计划日期"),
        TextColumn(
            "shift",
            "name of the shift; blank = the whole day. A day has either shifts or one whole-day record",
            required=False,
            default="whole_day",
            max_length=40,
            note_zh="班次名称;空白=全天。同一天只能按班次或按全天填报",
        ),
        DecimalColumn(
            "planned_output",
            "planned output; blank = not known",
            required=False,
            precision=18,
            scale=3,
            minimum="0",
            note_zh="计划产量;空白=未知",
        ),
        TextColumn(
            "output_unit",
            "unit of the output, e.g. t",
            required=False,
            max_length=40,
            note_zh="产量单位,如 t",
        ),
        Choice(
            "planned_stop",
            "yes = production stops in this shift",
            required=False,
            default="no",
            choices=("yes", "no"),
            synonyms=(("是", "yes"), ("否", "no")),
            note_zh="是否计划停产",
        ),
        DecimalColumn(
            "expected_energy_kwh",
            "energy the customer expects to use; blank = not known",
            required=False,
            unit="kWh",
            precision=18,
            scale=3,
            minimum="0",
            note_zh="预计用电量(kWh);空白=未知",
        ),
    ),
)
