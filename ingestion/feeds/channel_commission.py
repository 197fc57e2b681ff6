"""What a channel earns with a contract: per MWh, as a share of the margin, or a sum a month."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, Month, TextColumn

EVERY_CONTRACT = "all"

FEED = Feed(
    name="channel_commission",
    title="Commission rates of channels, for one contract or for all, by the month from which they hold",
    title_zh="渠道佣金:按渠道、合同和生效月份",
    key=("channel_id", "contract_id", "effective_from"),
    columns=(
        TextColumn("channel_id", "channel as in feed channel", note_zh="渠道编号"),
        TextColumn(
            "contract_id",
            "contract as in feed contract; blank = every contract of the channel that has no rate of its own",
            required=False,
            default=EVERY_CONTRACT,
            note_zh="合同编号;空白=该渠道所有未单独约定的合同",
        ),
        Month(
            "effective_from",
            "first delivery month of the rate; it holds until the next one of the same channel and contract",
            note_zh="生效月份",
        ),
        Choice(
            "basis",
            "what the rate is: yuan per MWh of energy, share of the contract's margin, or yuan a month",
            choices=("cny_per_mwh", "share_of_margin", "cny_per_month"),
            synonyms=(("元/mwh", "cny_per_mwh"), ("毛利分成", "share_of_margin"), ("元/月", "cny_per_month")),
            note_zh="计费方式:元/MWh、毛利分成、元/月",
        ),
        DecimalColumn(
            "rate",
            "the rate with VAT, in the unit of basis (share: 0.2 = 20 %); 0 ends the commission",
            precision=13,
            scale=6,
            minimum="0",
            note_zh="费率(含税),单位见计费方式;0=不再计佣",
        ),
    ),
)
