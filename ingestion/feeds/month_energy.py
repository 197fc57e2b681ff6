"""Monthly energy totals, as a grid company or a customer states them, against which curves are checked.

The unit is a column and never assumed: totals come in kWh, MWh and 万kWh (10 MWh). The value lands as it was
written, and ``energy_kwh`` beside it is computed exactly by the database. Domain §6, units.
"""

from sqlalchemy import Column, Computed, Numeric

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, Month, TextColumn
from ingestion.feeds.contract_price import PERIODS
from ingestion.feeds.meter_day import CHANNELS

UNIT_SYNONYMS = (
    ("度", "kWh"),
    ("千瓦时", "kWh"),
    ("兆瓦时", "MWh"),
    ("万千瓦时", "万kWh"),
    ("万度", "万kWh"),
    ("亿千瓦时", "亿kWh"),
)
KWH_SQL = (
    "energy * case unit when 'kWh' then 1 when 'MWh' then 1000 when '万kWh' then 10000 "
    "when '亿kWh' then 100000000 end"
)

FEED = Feed(
    name="month_energy",
    title="Monthly energy totals per metering point or account, channel and period, unit as delivered",
    title_zh="月电量:按计量点或户号、方向、时段",
    key=("subject_type", "subject_id", "channel", "delivery_month", "period"),
    columns=(
        Choice(
            "subject_type",
            "what the total is of",
            choices=("metering_point", "account"),
            synonyms=(("计量点", "metering_point"), ("户号", "account")),
            note_zh="对象:计量点或户号",
        ),
        TextColumn("subject_id", "metering point or account as in its feed", note_zh="计量点编号或户号"),
        Choice(
            "channel",
            "what was counted; for reactive channels the unit kWh stands for kvarh",
            choices=CHANNELS,
            note_zh="方向:正向/反向有功、正向/反向无功(无功时 kWh 即 kvarh)",
        ),
        Month("delivery_month", "delivery month", note_zh="用电月份"),
        Choice(
            "period",
            "time-of-use period; blank = the whole month",
            required=False,
            default="all",
            choices=PERIODS,
            synonyms=(
                ("总", "all"),
                ("尖", "sharp"),
                ("峰", "peak"),
                ("平", "flat"),
                ("谷", "valley"),
                ("深谷", "deep_valley"),
            ),
            note_zh="时段:总、尖、峰、平、谷、深谷;空白=全月合计",
        ),
        DecimalColumn(
            "energy",
            "total in the unit beside it",
            precision=18,
            scale=6,
            minimum="0",
            note_zh="电量,单位见 unit 列",
        ),
        Choice(
            "unit",
            "unit of the total; 1 万kWh = 10 MWh",
            choices=("kWh", "MWh", "万kWh", "亿kWh"),
            synonyms=UNIT_SYNONYMS,
            note_zh="电量单位",
        ),
    ),
    derived=(
        Column(
            "energy_kwh",
            Numeric(28, 6),
            Computed(KWH_SQL, persisted=True),
            comment="the same total in kWh, exact",
        ),
    ),
)
