"""The ledger: closed settlement runs, their lines and shares, which the database itself refuses to change."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = (
    "settlement_run",
    "settlement_run_state",
    "settlement_line",
    "settlement_share",
    "settlement_contract",
    "settlement_head",
    "settlement_point",
)
READERS = ("wl_transform", "wl_finance")

REFUSE_CHANGE = """
create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '%.% is append-only: % is refused; what is wrong is corrected by a line in the open month'
        ' (wattledger resettle)', tg_table_schema, tg_table_name, tg_op;
end
$$
"""
# Each state follows the one before it, once.
REFUSE_STEP = """
create function ledger.refuse_step() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
    states constant text[] := array['preliminary', 'checked', 'closed'];
    reached int;
begin
    select coalesce(max(array_position(states, s.state)), 0) into reached
        from ledger.settlement_run_state s where s.run_id = new.run_id;
    if array_position(states, new.state) is distinct from reached + 1 then
        raise exception 'settlement run % is %: it cannot become %; allowed: %', new.run_id,
            coalesce(states[reached], 'new'), new.state, coalesce(states[reached + 1], 'nothing, it is closed for good');
    end if;
    return new;
end
$$
"""
REFUSE_LATE = """
create function ledger.refuse_late_row() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
    late bigint;
begin
    select min(n.run_id) into late from new_rows n
        inner join ledger.settlement_run_state s on s.run_id = n.run_id and s.state = 'closed';
    if late is not null then
        raise exception 'settlement run % is closed: %.% takes no more rows of it', late, tg_table_schema, tg_table_name;
    end if;
    return null;
end
$$
"""


def upgrade() -> None:
    op.execute("create schema if not exists ledger")
    _create_run()
    _create_state()
    _create_line()
    _create_share()
    _create_contract()
    _create_head()
    _create_point()
    _refuse()
    _grant()


def _run_id(*, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "run_id",
        sa.BigInteger(),
        sa.ForeignKey("ledger.settlement_run.run_id"),
        nullable=False,
        primary_key=primary_key,
    )


def _create_run() -> None:
    op.create_table(
        "settlement_run",
        sa.Column("run_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "origin_month", sa.Date(), nullable=False, comment="month in which the energy was delivered"
        ),
        sa.Column("booked_month", sa.Date(), nullable=False, comment="month whose statement holds the lines"),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False, comment="the business's now"),
        sa.Column("through_batch_seq", sa.BigInteger(), nullable=False, comment="last batch that was read"),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column(
            "pack_hashes", sa.ARRAY(sa.Text()), nullable=False, comment="rule packs of the lines, sorted"
        ),
        sa.Column("code_version", sa.Text(), nullable=False, comment="package version and digest of the SQL"),
        sa.Column("input_digest", sa.Text(), nullable=False, comment="SHA-256 over what decided the lines"),
        sa.Column(
            "supersedes", sa.BigInteger(), sa.ForeignKey("ledger.settlement_run.run_id"), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="reason codes of a correction"),
        sa.Column(
            "deviation_rate",
            sa.Numeric(12, 6),
            nullable=True,
            comment="of the month, as settlement_month shows it",
        ),
        sa.CheckConstraint("kind in ('settlement', 'correction')", name="kind_known"),
        sa.CheckConstraint(
            "extract(day from origin_month) = 1 and extract(day from booked_month) = 1", name="first_of_month"
        ),
        sa.CheckConstraint(
            "case kind when 'settlement' then booked_month = origin_month and supersedes is null"
            " else booked_month > origin_month and supersedes is not null and reason is not null end",
            name="kind_of_booking",
        ),
        sa.PrimaryKeyConstraint("run_id"),
        schema="ledger",
        comment="One row per closed month, and per correction that was booked later",
    )
    op.create_index(
        "uq_settlement_run_once",
        "settlement_run",
        ["province", "origin_month"],
        unique=True,
        schema="ledger",
        postgresql_where=sa.text("kind = 'settlement'"),
    )


def _create_state() -> None:
    op.create_table(
        "settlement_run_state",
        _run_id(primary_key=True),
        sa.Column("state", sa.Text(), primary_key=True, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="who took the step"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('preliminary', 'checked', 'closed')", name="state_known"),
        schema="ledger",
        comment="The steps of a run: preliminary, checked, closed; who took them and when",
    )


def _create_line() -> None:
    op.create_table(
        "settlement_line",
        sa.Column("line_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column(
            "natural_line_id",
            sa.Text(),
            nullable=False,
            comment="the same for a line and all its corrections",
        ),
        _run_id(),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column(
            "origin_month", sa.Date(), nullable=False, comment="month in which the energy was delivered"
        ),
        sa.Column("booked_month", sa.Date(), nullable=False, comment="month whose statement holds the line"),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), comment="NULL: the contracts share the line (settlement_share)"),
        sa.Column("account_id", sa.Text()),
        sa.Column("customer_id", sa.Text()),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("tou_period", sa.Text(), nullable=False),
        sa.Column("quantity_mwh", sa.Numeric(16, 3)),
        sa.Column("price_cny_per_mwh", sa.Numeric(12, 3)),
        sa.Column("average_price_cny_per_mwh", sa.Numeric(12, 3)),
        sa.Column("amount_cny", sa.Numeric(16, 2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(5, 4), nullable=False),
        sa.Column("net_cny", sa.Numeric(16, 2), nullable=False),
        sa.Column("vat_cny", sa.Numeric(16, 2), nullable=False),
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column(
            "reason_code", sa.Text(), comment="why a correction was booked; NULL on a month's own lines"
        ),
        sa.Column("supersedes_line_id", sa.Text(), sa.ForeignKey("ledger.settlement_line.line_id")),
        sa.CheckConstraint(
            "side in ('retail', 'wholesale', 'recovery', 'operation', 'income', 'pass_through')",
            name="side_known",
        ),
        sa.CheckConstraint("net_cny + vat_cny = amount_cny", name="gross_is_net_and_vat"),
        sa.CheckConstraint(
            "(reason_code is null) = (booked_month = origin_month)", name="correction_has_reason"
        ),
        schema="ledger",
        comment="Lines of closed months and delta lines that correct them; columns as in settlement_line",
    )
    op.create_index("ix_settlement_line_natural", "settlement_line", ["natural_line_id"], schema="ledger")
    op.create_index("ix_settlement_line_run", "settlement_line", ["run_id"], schema="ledger")


def _create_share() -> None:
    op.create_table(
        "settlement_share",
        sa.Column(
            "line_id",
            sa.Text(),
            sa.ForeignKey("ledger.settlement_line.line_id"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("contract_id", sa.Text(), primary_key=True, nullable=False),
        _run_id(),
        sa.Column("energy_wh", sa.BigInteger(), nullable=False, comment="net energy that the share rests on"),
        sa.Column("amount_cny", sa.Numeric(16, 2), nullable=False),
        schema="ledger",
        comment="What each contract bears of a line that has none; the shares of a line add up to it",
    )
    op.create_index("ix_settlement_share_run", "settlement_share", ["run_id"], schema="ledger")


def _create_contract() -> None:
    op.create_table(
        "settlement_contract",
        _run_id(primary_key=True),
        sa.Column("contract_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("customer_id", sa.Text()),
        sa.Column("customer_name", sa.Text(), comment="legal name when the run was closed"),
        sa.Column("customer_name_en", sa.Text()),
        sa.Column("package_type", sa.Text()),
        sa.Column(
            "energy_wh", sa.BigInteger(), nullable=False, comment="net energy; of a correction its change"
        ),
        schema="ledger",
        comment="Contracts of a run with their energy in the origin month",
    )


def _create_head() -> None:
    op.create_table(
        "settlement_head",
        _run_id(primary_key=True),
        sa.Column("contract_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False, comment="legal name when the month was closed"),
        sa.Column("customer_name_en", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=False),
        sa.Column("package_type", sa.Text(), nullable=False),
        sa.Column("version_no", sa.Integer(), comment="version of the contract's terms"),
        sa.Column("package_id", sa.Text()),
        sa.Column("package_version", sa.Text()),
        sa.Column("package_hash", sa.Text()),
        sa.Column("package_title_zh", sa.Text()),
        sa.Column("package_title_en", sa.Text()),
        sa.Column("settles_by", sa.Text()),
        sa.Column("channel_id", sa.Text()),
        sa.Column("channel_name", sa.Text()),
        sa.Column("channel_name_en", sa.Text()),
        sa.Column("market_mean_cny_per_mwh", sa.Numeric(12, 3), comment="that splits the margin (alpha)"),
        sa.Column("market_mean_source", sa.Text()),
        schema="ledger",
        comment="What the statement of a closed month says about a contract",
    )


def _create_point() -> None:
    op.create_table(
        "settlement_point",
        _run_id(primary_key=True),
        sa.Column("contract_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("account_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("metering_point_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("meter_ids", sa.Text(), comment="meters of the point in these days"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("energy_mwh", sa.Numeric(16, 3), nullable=False),
        schema="ledger",
        comment="Metering points that the statement of a closed month lists, with their energy",
    )


def _refuse() -> None:
    for function in (REFUSE_CHANGE, REFUSE_STEP, REFUSE_LATE):
        op.execute(function)
    for table in TABLES:
        op.execute(
            f"create trigger append_only before update or delete or truncate on ledger.{table}"
            " for each statement execute function ledger.refuse_change()"
        )
    op.execute(
        "create trigger step before insert on ledger.settlement_run_state"
        " for each row execute function ledger.refuse_step()"
    )
    for table in TABLES[2:]:  # the rows of a run
        op.execute(
            f"create trigger not_late after insert on ledger.{table} referencing new table as new_rows"
            " for each statement execute function ledger.refuse_late_row()"
        )


def _grant() -> None:
    for role in ("wl_ledger", *READERS):
        op.execute(f"grant usage on schema ledger to {role}")
        op.execute(f"grant select on all tables in schema ledger to {role}")
    op.execute("grant insert on all tables in schema ledger to wl_ledger")
