"""Deviation clauses of contracts, and alerts with their events and their outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_deviation",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column(
            "effective_from",
            sa.Date(),
            nullable=False,
            comment="first delivery day of the clause; it holds until the contract's next one",
        ),
        sa.Column(
            "mode",
            sa.Text(),
            nullable=False,
            comment="over which period use is compared with the contract; none = no charge",
        ),
        sa.Column(
            "price_basis",
            sa.Text(),
            nullable=True,
            comment="what the prices are: yuan/MWh, or shares of a price series' mean over the period",
        ),
        sa.Column("price_series", sa.Text(), nullable=True, comment="the series of rate_of_series"),
        sa.Column(
            "down_band_rate",
            sa.Numeric(precision=7, scale=6),
            nullable=True,
            comment="free use below the contract, share of the contract (0.05 = 5 %)",
        ),
        sa.Column(
            "down_price",
            sa.Numeric(precision=13, scale=6),
            nullable=True,
            comment="price of use below the contract beyond the band: yuan/MWh, or share of the series' mean (0.1 = 10 %), by price_basis",
        ),
        sa.Column(
            "down_second_band_rate",
            sa.Numeric(precision=7, scale=6),
            nullable=True,
            comment="where the second step of use below the contract begins, share of the contract",
        ),
        sa.Column(
            "down_second_price",
            sa.Numeric(precision=13, scale=6),
            nullable=True,
            comment="price of use below the contract beyond the second band: yuan/MWh, or share of the series' mean (0.1 = 10 %), by price_basis",
        ),
        sa.Column(
            "up_band_rate",
            sa.Numeric(precision=7, scale=6),
            nullable=True,
            comment="free use above the contract, share of the contract (0.05 = 5 %)",
        ),
        sa.Column(
            "up_price",
            sa.Numeric(precision=13, scale=6),
            nullable=True,
            comment="price of use above the contract beyond the band: yuan/MWh, or share of the series' mean (0.1 = 10 %), by price_basis",
        ),
        sa.Column(
            "up_second_band_rate",
            sa.Numeric(precision=7, scale=6),
            nullable=True,
            comment="where the second step of use above the contract begins, share of the contract",
        ),
        sa.Column(
            "up_second_price",
            sa.Numeric(precision=13, scale=6),
            nullable=True,
            comment="price of use above the contract beyond the second band: yuan/MWh, or share of the series' mean (0.1 = 10 %), by price_basis",
        ),
        sa.Column("borne_by", sa.Text(), nullable=True, comment="who pays the charge"),
        sa.Column(
            "customer_share_rate",
            sa.Numeric(precision=7, scale=6),
            nullable=True,
            comment="the customer's share when shared (0.5 = half)",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "borne_by in ('customer', 'retailer', 'shared')", name=op.f("ck_contract_deviation_borne_by")
        ),
        sa.CheckConstraint(
            "mode in ('none', 'month', 'quarter', 'year', 'hourly')", name=op.f("ck_contract_deviation_mode")
        ),
        sa.CheckConstraint(
            "price_basis in ('cny_per_mwh', 'rate_of_series')", name=op.f("ck_contract_deviation_price_basis")
        ),
        sa.CheckConstraint(
            "price_series in ('da_unified', 'rt_unified')", name=op.f("ck_contract_deviation_price_series")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_deviation_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "effective_from", "version", name=op.f("pk_contract_deviation")
        ),
        schema="landing",
        comment="Deviation clauses of contracts: mode, bands, prices, and who bears the charge",
    )
    op.create_index(
        op.f("ix_contract_deviation_batch_id"),
        "contract_deviation",
        ["batch_id"],
        unique=False,
        schema="landing",
    )
    op.create_table(
        "alert",
        sa.Column("alert_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "cause_key", sa.Text(), nullable=False, comment="what it is about; one open alert per cause"
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, comment="account manager or team that has to act"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column(
            "value",
            sa.Numeric(precision=20, scale=6),
            nullable=True,
            comment="the measured value, when the cause has one",
        ),
        sa.Column(
            "reported_value",
            sa.Numeric(precision=20, scale=6),
            nullable=True,
            comment="the value that the last event told",
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="business time"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="business time"),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="business time; NULL while open"
        ),
        sa.Column(
            "acknowledged_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="business time; an escalation clears it",
        ),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column(
            "last_run_id", sa.BigInteger(), nullable=True, comment="the run whose marts were last read"
        ),
        sa.CheckConstraint("severity in ('info', 'warn', 'alarm')", name="severity_known"),
        sa.PrimaryKeyConstraint("alert_id"),
        schema="ops",
        comment="One row per alert, open or closed",
    )
    op.create_index(
        "uq_alert_open_cause",
        "alert",
        ["cause_key"],
        unique=True,
        schema="ops",
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "alert_event",
        sa.Column("event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False, comment="business time"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True, comment="the run whose marts told it"),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="who did it; system for what the marts told"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "event in ('opened', 'updated', 'escalated', 'closed', 'acknowledged')", name="event_known"
        ),
        sa.CheckConstraint("severity in ('info', 'warn', 'alarm')", name="severity_known"),
        sa.ForeignKeyConstraint(
            ["alert_id"],
            ["ops.alert.alert_id"],
        ),
        sa.PrimaryKeyConstraint("event_id"),
        schema="ops",
        comment="What happened to alerts, append-only",
    )
    op.create_index(
        op.f("ix_ops_alert_event_alert_id"), "alert_event", ["alert_id"], unique=False, schema="ops"
    )
    op.create_table(
        "alert_delivery",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel", sa.Text(), nullable=False, comment="a channel of notify.yml; - when no route fits"
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "next_try_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="not before; NULL when there is no next try",
        ),
        sa.Column("last_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="why it failed, was given up, or went to nobody"
        ),
        sa.CheckConstraint(
            "status in ('pending', 'sent', 'failed', 'abandoned', 'nobody')", name="status_known"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["ops.alert_event.event_id"],
        ),
        sa.PrimaryKeyConstraint("event_id", "channel"),
        schema="ops",
        comment="Outbox: each event and each channel that has to be told of it, with the result",
    )
    op.create_index(
        "ix_alert_delivery_next_try_at",
        "alert_delivery",
        ["next_try_at"],
        unique=False,
        schema="ops",
        postgresql_where=sa.text("next_try_at is not null"),
    )

    op.execute("grant select, insert on landing.contract_deviation to wl_ingest")
    op.execute("grant select on landing.contract_deviation to wl_transform, wl_ledger")
    op.execute("grant select, insert, update on ops.alert, ops.alert_delivery to wl_ledger")
    op.execute("grant select, insert on ops.alert_event to wl_ledger")
    op.execute("grant select on ops.alert, ops.alert_event, ops.alert_delivery to wl_transform, wl_finance")
    for table in ("landing.contract_deviation", "ops.alert_event"):
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table}"
            " for each statement execute function ops.refuse_change()"
        )
