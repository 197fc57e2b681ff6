"""Tables of schema ``ops``: which runs happened, at which cut, and which months are to be settled.

Bookkeeping only. Nothing in ``ops`` enters an amount or an export.
"""

from __future__ import annotations

import sqlalchemy as sa

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
    sa.CheckConstraint("status in ('running', 'succeeded', 'failed')", name="status_known"),
)

SETTLEMENT_MONTH = sa.Table(
    "settlement_month",
    METADATA,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("delivery_month", sa.Date, primary_key=True),
    sa.CheckConstraint("extract(day from delivery_month) = 1", name="first_of_month"),
)
