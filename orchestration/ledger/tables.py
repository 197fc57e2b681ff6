"""Tables of schema ``ledger``: runs, their states, lines, and contracts' shares of lines without a contract.

Append-only. The database refuses UPDATE, DELETE and TRUNCATE to everybody, a state that may not follow, and a
row of a run that is closed (orchestration/migrations/versions/0023_ledger.py).
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData(schema="ledger")

KINDS: Final = ("settlement", "correction")
STATES: Final = ("preliminary", "checked", "closed")
"""The states of a run in their order; each follows the one before it."""
SIDES: Final = ("retail", "wholesale", "recovery", "operation", "income")
"""Sides that make the margin; each has a total of the month."""

PASSED_ON: Final = "pass_through"
"""Charges passed on: lines of a statement that are no revenue."""


def _one_of(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{column} in ({', '.join(repr(word) for word in words)})", name=f"{column}_known"
    )


def _run_id(*, primary_key: bool = False) -> sa.Column[int]:
    run = sa.ForeignKey("ledger.settlement_run.run_id")
    return sa.Column("run_id", sa.BigInteger, run, nullable=False, primary_key=primary_key)


SETTLEMENT_RUN: Final = sa.Table(
    "settlement_run",
    METADATA,
    sa.Column("run_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("origin_month", sa.Date, nullable=False, comment="month in which the energy was delivered"),
    sa.Column("booked_month", sa.Date, nullable=False, comment="month whose statement holds the lines"),
    sa.Column("as_of", sa.DateTime(timezone=True), nullable=False, comment="the business's now"),
    sa.Column("through_batch_seq", sa.BigInteger, nullable=False, comment="last batch that was read"),
    sa.Column("business_date", sa.Date, nullable=False),
    sa.Column("pack_hashes", sa.ARRAY(sa.Text), nullable=False, comment="rule packs of the lines, sorted"),
    sa.Column("code_version", sa.Text, nullable=False, comment="package version and digest of the SQL"),
    sa.Column("input_digest", sa.Text, nullable=False, comment="SHA-256 over what decided the lines"),
    sa.Column("supersedes", sa.BigInteger, sa.ForeignKey("ledger.settlement_run.run_id")),
    sa.Column("reason", sa.Text, comment="reason codes of a correction"),
    sa.Column("deviation_rate", sa.Numeric(12, 6), comment="of the month, as settlement_month shows it"),
    _one_of("kind", KINDS),
    sa.CheckConstraint(
        "extract(day from origin_month) = 1 and extract(day from booked_month) = 1", name="first_of_month"
    ),
    sa.CheckConstraint(
        "case kind when 'settlement' then booked_month = origin_month and supersedes is null"
        " else booked_month > origin_month and supersedes is not null and reason is not null end",
        name="kind_of_booking",
    ),
    sa.Index(
        "uq_settlement_run_once",
        "province",
        "origin_month",
        unique=True,
        postgresql_where=sa.text("kind = 'settlement'"),
    ),
    comment="One row per closed month, and per correction that was booked later",
)

SETTLEMENT_RUN_STATE: Final = sa.Table(
    "settlement_run_state",
    METADATA,
    _run_id(primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("actor", sa.Text, nullable=False, comment="who took the step"),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    _one_of("state", STATES),
    comment="The steps of a run: preliminary, checked, closed; who took them and when",
)

SETTLEMENT_LINE: Final = sa.Table(
    "settlement_line",
    METADATA,
    sa.Column("line_id", sa.Text, primary_key=True),
    sa.Column(
        "natural_line_id", sa.Text, nullable=False, comment="the same for a line and all its corrections"
    ),
    _run_id(),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("origin_month", sa.Date, nullable=False, comment="month in which the energy was delivered"),
    sa.Column("booked_month", sa.Date, nullable=False, comment="month whose statement holds the line"),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("contract_id", sa.Text, comment="NULL: the contracts share the line (settlement_share)"),
    sa.Column("account_id", sa.Text),
    sa.Column("customer_id", sa.Text),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("tou_period", sa.Text, nullable=False),
    sa.Column("quantity_mwh", sa.Numeric(16, 3)),
    sa.Column("price_cny_per_mwh", sa.Numeric(12, 3)),
    sa.Column("average_price_cny_per_mwh", sa.Numeric(12, 3)),
    sa.Column("amount_cny", sa.Numeric(16, 2), nullable=False),
    sa.Column("vat_rate", sa.Numeric(5, 4), nullable=False),
    sa.Column("net_cny", sa.Numeric(16, 2), nullable=False),
    sa.Column("vat_cny", sa.Numeric(16, 2), nullable=False),
    sa.Column("pack_hash", sa.Text, nullable=False),
    sa.Column("is_illustrative", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("reason_code", sa.Text, comment="why a correction was booked; NULL on a month's own lines"),
    sa.Column("supersedes_line_id", sa.Text, sa.ForeignKey("ledger.settlement_line.line_id")),
    _one_of("side", (*SIDES, PASSED_ON)),
    sa.CheckConstraint("net_cny + vat_cny = amount_cny", name="gross_is_net_and_vat"),
    sa.CheckConstraint("(reason_code is null) = (booked_month = origin_month)", name="correction_has_reason"),
    sa.Index("ix_settlement_line_natural", "natural_line_id"),
    sa.Index("ix_settlement_line_run", "run_id"),
    comment="Lines of closed months and delta lines that correct them; columns as in settlement_line",
)

SETTLEMENT_SHARE: Final = sa.Table(
    "settlement_share",
    METADATA,
    sa.Column("line_id", sa.Text, sa.ForeignKey("ledger.settlement_line.line_id"), primary_key=True),
    sa.Column("contract_id", sa.Text, primary_key=True),
    _run_id(),
    sa.Column("energy_wh", sa.BigInteger, nullable=False, comment="net energy that the share rests on"),
    sa.Column("amount_cny", sa.Numeric(16, 2), nullable=False),
    sa.Index("ix_settlement_share_run", "run_id"),
    comment="What each contract bears of a line that has none; the shares of a line add up to it",
)

SETTLEMENT_CONTRACT: Final = sa.Table(
    "settlement_contract",
    METADATA,
    _run_id(primary_key=True),
    sa.Column("contract_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text),
    sa.Column("customer_name", sa.Text, comment="legal name when the run was closed"),
    sa.Column("customer_name_en", sa.Text),
    sa.Column("package_type", sa.Text),
    sa.Column("energy_wh", sa.BigInteger, nullable=False, comment="net energy; of a correction its change"),
    comment="Contracts of a run with their energy in the origin month",
)

SETTLEMENT_HEAD: Final = sa.Table(
    "settlement_head",
    METADATA,
    _run_id(primary_key=True),
    sa.Column("contract_id", sa.Text, primary_key=True),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("customer_name", sa.Text, nullable=False, comment="legal name when the month was closed"),
    sa.Column("customer_name_en", sa.Text, nullable=False),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("effective_to", sa.Date, nullable=False),
    sa.Column("package_type", sa.Text, nullable=False),
    sa.Column("version_no", sa.Integer, comment="version of the contract's terms"),
    sa.Column("package_id", sa.Text),
    sa.Column("package_version", sa.Text),
    sa.Column("package_hash", sa.Text),
    sa.Column("package_title_zh", sa.Text),
    sa.Column("package_title_en", sa.Text),
    sa.Column("settles_by", sa.Text),
    sa.Column("channel_id", sa.Text),
    sa.Column("channel_name", sa.Text),
    sa.Column("channel_name_en", sa.Text),
    sa.Column("market_mean_cny_per_mwh", sa.Numeric(12, 3), comment="that splits the margin (alpha)"),
    sa.Column("market_mean_source", sa.Text),
    comment="What the statement of a closed month says about a contract",
)

SETTLEMENT_POINT: Final = sa.Table(
    "settlement_point",
    METADATA,
    _run_id(primary_key=True),
    sa.Column("contract_id", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("metering_point_id", sa.Text, primary_key=True),
    sa.Column("meter_ids", sa.Text, comment="meters of the point in these days"),
    sa.Column("from_on", sa.Date, nullable=False),
    sa.Column("to_on", sa.Date, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("energy_mwh", sa.Numeric(16, 3), nullable=False),
    comment="Metering points that the statement of a closed month lists, with their energy",
)
