"""Tables of schema ``ops``: runs, months to settle, what is to be priced, alerts.

Bookkeeping only. Nothing in ``ops`` enters an amount or an export.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

METADATA = sa.MetaData(schema="ops")

RUN = sa.Table(
    "run",
    METADATA,
    sa.Column("run_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("business_date", sa.Date, nullable=False),
    sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
    sa.Column("through_batch_seq", sa.BigInteger, nullable=False),
    sa.Column("code_version", sa.Text, nullable=False),
    sa.Column("input_digest", sa.Text, nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("source_states", JSONB, comment="state of each source that the run read"),
    sa.CheckConstraint("status in ('running', 'succeeded', 'failed')", name="status_known"),
)

SETTLEMENT_MONTH = sa.Table(
    "settlement_month",
    METADATA,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("delivery_month", sa.Date, primary_key=True),
    sa.CheckConstraint("extract(day from delivery_month) = 1", name="first_of_month"),
)

PRICING_CASE = sa.Table(
    "pricing_case",
    METADATA,
    sa.Column("run_id", sa.BigInteger, sa.ForeignKey("ops.run.run_id"), primary_key=True),
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("package_hash", sa.Text, nullable=False),
    sa.Column("delivery_month", sa.Date, nullable=False),
    sa.Column("contract_id", sa.Text, comment="contract whose month is repriced; NULL for a case of its own"),
    sa.CheckConstraint("extract(day from delivery_month) = 1", name="first_of_month"),
    comment="What a pricing run was asked to price",
)

PRICING_INPUT = sa.Table(
    "pricing_input",
    METADATA,
    sa.Column("run_id", sa.BigInteger, primary_key=True),
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True, comment="all, or the period that the number is for"),
    sa.Column(
        "account_id",
        sa.Text,
        primary_key=True,
        server_default="all",
        comment="account whose part of the energy it is; all = of the whole contract",
    ),
    sa.Column("value", sa.Numeric, nullable=False),
    sa.Column(
        "origin",
        sa.Text,
        nullable=False,
        server_default="file",
        comment="file, option, series (a market series that an option names) or warehouse",
    ),
    sa.CheckConstraint("origin in ('file', 'option', 'series', 'warehouse')", name="origin_known"),
    sa.ForeignKeyConstraint(
        ["run_id", "case_id"], ["ops.pricing_case.run_id", "ops.pricing_case.case_id"], name="of_case"
    ),
    sa.CheckConstraint("name ~ '^[a-z][a-z0-9_]*$'", name="name_plain"),
    comment="Named quantities of pricing cases, in the units of docs/packages.md",
)

SEVERITIES = ("info", "warn", "alarm")
EVENTS = ("opened", "updated", "escalated", "closed", "acknowledged")
DELIVERY_STATES = ("pending", "sent", "failed", "abandoned", "nobody")
NOBODY = "-"
"""The channel of an event that no route sends anywhere."""


def _one_of(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{column} in ({', '.join(repr(word) for word in words)})", name=f"{column}_known"
    )


ALERT = sa.Table(
    "alert",
    METADATA,
    sa.Column("alert_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("cause_key", sa.Text, nullable=False, comment="what it is about; one open alert per cause"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False, comment="account manager or team that has to act"),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("message_zh", sa.Text, nullable=False),
    sa.Column("message_en", sa.Text, nullable=False),
    sa.Column("value", sa.Numeric(20, 6), comment="the measured value, when the cause has one"),
    sa.Column("reported_value", sa.Numeric(20, 6), comment="the value that the last event told"),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="business time"),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="business time"),
    sa.Column("closed_at", sa.DateTime(timezone=True), comment="business time; NULL while open"),
    sa.Column(
        "acknowledged_at", sa.DateTime(timezone=True), comment="business time; an escalation clears it"
    ),
    sa.Column("acknowledged_by", sa.Text),
    sa.Column("last_run_id", sa.BigInteger, comment="the run whose marts were last read"),
    _one_of("severity", SEVERITIES),
    sa.Index("uq_alert_open_cause", "cause_key", unique=True, postgresql_where=sa.text("closed_at is null")),
    comment="One row per alert, open or closed",
)

ALERT_EVENT = sa.Table(
    "alert_event",
    METADATA,
    sa.Column("event_id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("alert_id", sa.BigInteger, sa.ForeignKey("ops.alert.alert_id"), nullable=False, index=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False, comment="business time"),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("run_id", sa.BigInteger, comment="the run whose marts told it"),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("value", sa.Numeric(20, 6)),
    sa.Column("message_zh", sa.Text, nullable=False),
    sa.Column("message_en", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False, comment="who did it; system for what the marts told"),
    sa.Column("note", sa.Text),
    _one_of("event", EVENTS),
    _one_of("severity", SEVERITIES),
    comment="What happened to alerts, append-only",
)

ALERT_DELIVERY = sa.Table(
    "alert_delivery",
    METADATA,
    sa.Column("event_id", sa.BigInteger, sa.ForeignKey("ops.alert_event.event_id"), primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True, comment="a channel of notify.yml; - when no route fits"),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column(
        "next_try_at", sa.DateTime(timezone=True), comment="not before; NULL when there is no next try"
    ),
    sa.Column("last_try_at", sa.DateTime(timezone=True)),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
    sa.Column("reason", sa.Text, comment="why it failed, was given up, or went to nobody"),
    _one_of("status", DELIVERY_STATES),
    sa.Index(
        "ix_alert_delivery_next_try_at", "next_try_at", postgresql_where=sa.text("next_try_at is not null")
    ),
    comment="Outbox: each event and each channel that has to be told of it, with the result",
)
