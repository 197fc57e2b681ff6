"""Deviation clauses: how far use may leave the contract for free, and what the rest costs. Domain §3."""

from ingestion.feeds.base import Feed, Needs
from ingestion.feeds.columns import Choice, Day, DecimalColumn, FileColumn, TextColumn

_CHARGING = ("month", "quarter", "year", "hourly")
_PRICE_RULE = "yuan/MWh, or share of the series' mean (0.1 = 10 %), by price_basis"


def _side(side: str, word: str) -> tuple[FileColumn, ...]:
    """Band and price of one side, and those of its optional second step."""
    return (
        _band(f"{side}_band_rate", f"free {word}, share of the contract (0.05 = 5 %)"),
        _price(f"{side}_price", f"price of {word} beyond the band: {_PRICE_RULE}"),
        _band(f"{side}_second_band_rate", f"where the second step of {word} begins, share of the contract"),
        _price(f"{side}_second_price", f"price of {word} beyond the second band: {_PRICE_RULE}"),
    )


def _band(name: str, note: str) -> DecimalColumn:
    return DecimalColumn(
        name, note, required=False, unit="share of one", precision=7, scale=6, minimum="0", maximum="1"
    )


def _price(name: str, note: str) -> DecimalColumn:
    return DecimalColumn(name, note, required=False, precision=13, scale=6, minimum="0")


FEED = Feed(
    name="contract_deviation",
    title="Deviation clauses of contracts: mode, bands, prices, and who bears the charge",
    key=("contract_id", "effective_from"),
    columns=(
        TextColumn("contract_id", "contract as in feed contract"),
        Day("effective_from", "first delivery day of the clause; it holds until the contract's next one"),
        Choice(
            "mode",
            "over which period use is compared with the contract; none = no charge",
            choices=("none", *_CHARGING),
        ),
        Choice(
            "price_basis",
            "what the prices are: yuan/MWh, or shares of a price series' mean over the period",
            choices=("cny_per_mwh", "rate_of_series"),
            required=False,
        ),
        Choice(
            "price_series",
            "the series of rate_of_series",
            choices=("da_unified", "rt_unified"),
            required=False,
        ),
        *_side("down", "use below the contract"),
        *_side("up", "use above the contract"),
        Choice(
            "borne_by", "who pays the charge", choices=("customer", "retailer", "shared"), required=False
        ),
        DecimalColumn(
            "customer_share_rate", "the customer's share when shared (0.5 = half)", required=False,
            unit="share of one", precision=7, scale=6, minimum="0", maximum="1",
        ),
    ),
    needs=(
        Needs("mode", _CHARGING, ("price_basis", "borne_by")),
        Needs("price_basis", ("rate_of_series",), ("price_series",)),
        Needs("borne_by", ("shared",), ("customer_share_rate",)),
        *(
            Needs(given, None, (wanted,))
            for side in ("down", "up")
            for given, wanted in (
                (f"{side}_band_rate", f"{side}_price"),
                (f"{side}_price", f"{side}_band_rate"),
                (f"{side}_second_band_rate", f"{side}_second_price"),
                (f"{side}_second_price", f"{side}_second_band_rate"),
                (f"{side}_second_band_rate", f"{side}_band_rate"),
            )
        ),
    ),
    in_order=(
        ("down_band_rate", "down_second_band_rate"),
        ("up_band_rate", "up_second_band_rate"),
    ),
)  # fmt: skip
