"""Which series a contract names for an input of its package, where it is not the one of the input's name."""

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Month, TextColumn

FEED = Feed(
    name="contract_series",
    title="Series that contracts name for the inputs of their packages",
    title_zh="合同为套餐输入指定的价格序列",
    key=("contract_id", "input", "effective_from"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract", note_zh="合同编号"),
        TextColumn(
            "input", "input of the package, e.g. base, ref, market_mean, ceci or w", max_length=63,
            note_zh="套餐输入,如 base、ref",
        ),
        Month(
            "effective_from",
            "delivery month from which the series is named, until another one is",
            note_zh="生效月份",
        ),
        TextColumn(
            "series_code",
            "series of feed reference_series, or a market series of feed market_price_day (on the contract's "
            "own curve), e.g. rt_unified",
            max_length=63,
            note_zh="序列代码;市场价格序列按合同自身曲线加权",
        ),
    ),
)  # fmt: skip
