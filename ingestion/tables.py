"""Tables that the intake writes: batch ledger, slot flags, quarantine, the shape of every landing table.

Importing ``ingestion.feeds`` adds one landing table per feed to ``METADATA``; Alembic migrates from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

BATCH = Table(
    "batch",
    METADATA,
    Column("batch_id", BigInteger, Identity(always=True), primary_key=True),
    Column("batch_seq", BigInteger, nullable=False, unique=True, comment="given under a lock, without gaps"),
    Column("feed", Text, nullable=False),
    Column("source", Text, nullable=False, comment="who delivered it, from the manifest, else drop_folder"),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False, comment="of the file's bytes; of the cells for a workbook sheet"),
    Column("known_at", DateTime(timezone=True), nullable=False, comment="when the business knew"),
    Column("known_at_declared", Boolean, nullable=False, comment="true when a manifest stated known_at"),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("rows_delivered", Integer, nullable=False),
    Column("rows_landed", Integer, nullable=False),
    Column("rows_quarantined", Integer, nullable=False),
    UniqueConstraint("feed", "sha256"),
    CheckConstraint("rows_delivered = rows_landed + rows_quarantined", name="delivered"),
    schema="landing",
    comment="One row per delivery (a file, or one sheet of a workbook)",
)

SHAPED_BATCH = Table(
    "shaped_batch",
    METADATA,
    Column("batch_id", BigInteger, ForeignKey("landing.batch.batch_id"), primary_key=True),
    Column("records_landed", Integer, nullable=False, comment="rows of the landing table"),
    schema="landing",
    comment="Batches whose landed rows are the source's own: how many landing records they made",
)

METER_SLOT_FLAG = Table(
    "meter_slot_flag",
    METADATA,
    Column("metering_point_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("slot", SmallInteger, nullable=False, comment="1 to 96; 0 = the whole day"),
    Column("rule_code", Text, nullable=False, comment="MISSING, ESTIMATED_AT_SOURCE, or a validation rule"),
    Column("flagged_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("batch_id", BigInteger, ForeignKey("landing.batch.batch_id"), nullable=False),
    PrimaryKeyConstraint("metering_point_id", "channel", "delivery_on", "version", "slot", "rule_code"),
    CheckConstraint("slot between 0 and 96", name="slot"),
    Index(None, "delivery_on"),
    Index(None, "batch_id"),
    schema="landing",
    comment="Sparse: the slots of a meter-day version that are missing, estimated or edited",
)

METER_DAY_VERDICT = Table(
    "meter_day_verdict",
    METADATA,
    Column("metering_point_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("verdict", Text, nullable=False, comment="of two verdicts on a version the later batch holds"),
    Column("rule_codes", Text, nullable=False, comment="the rules that decided it, comma-separated"),
    Column("decided_by", Text, nullable=False, comment="vee, or the person who withdrew an edit"),
    Column("reason", Text, nullable=False),
    Column("batch_id", BigInteger, ForeignKey("landing.batch.batch_id"), nullable=False),
    PrimaryKeyConstraint("metering_point_id", "channel", "delivery_on", "version", "batch_id"),
    CheckConstraint("verdict in ('valid', 'failed', 'withdrawn')", name="verdict"),
    Index(None, "delivery_on"),
    Index(None, "batch_id"),
    schema="landing",
    comment="Sparse: what validation decided on a meter-day version; a version without one is valid",
)

QUARANTINE_ROW = Table(
    "row",
    METADATA,
    Column("quarantine_id", BigInteger, Identity(always=True), primary_key=True),
    Column("batch_id", BigInteger, ForeignKey("landing.batch.batch_id"), nullable=False, index=True),
    Column("line_no", Integer, nullable=False, comment="line of the file, or row of the sheet"),
    Column("field", Text),
    Column("value", Text),
    Column("raw", Text, nullable=False, comment="the whole record as delivered"),
    Column("reason_code", Text, nullable=False),
    Column("message", Text, nullable=False),
    schema="quarantine",
    comment="Exactly one row per refused record, with its first reason",
)


def landing_table(
    name: str,
    columns: Sequence[Column[Any]],
    key: Sequence[str],
    checks: Sequence[CheckConstraint] = (),
    *,
    month_column: str | None = None,
    comment: str | None = None,
) -> Table:
    """Add ``landing.<name>`` to METADATA: the feed's columns, then ``version, batch_id, line_no``.

    Primary key = key + version. With ``month_column`` (a date of the key) the table is partitioned by month
    of that column; partitions are made when a month first lands (see ``partition_call``). Such tables are
    large and land in order of time, so BRIN indexes on the day and on the batch are enough.
    """
    indexes = (
        [Index(None, column, postgresql_using="brin") for column in (month_column, "batch_id")]
        if month_column
        else [Index(None, "batch_id")]
    )
    return Table(
        name,
        METADATA,
        *columns,
        Column("version", Integer, nullable=False, comment="1, 2, ... per key, in order of landing"),
        Column("batch_id", BigInteger, ForeignKey("landing.batch.batch_id"), nullable=False),
        Column("line_no", Integer, nullable=False, comment="line of the file, or row of the sheet"),
        PrimaryKeyConstraint(*key, "version"),
        *checks,
        *indexes,
        schema="landing",
        comment=comment,
        postgresql_partition_by=f"RANGE ({month_column})" if month_column else None,
    )


def partition_call(table: str) -> str:
    """SQL that makes the partition of ``landing.<table>`` for the month given as its parameter.

    Only the table's owner can make a partition, so the migration gives ingestion a function for exactly that.

    >>> partition_call("meter_day")
    'select landing.add_meter_day_partition(%s)'
    """
    return f"select landing.add_{table}_partition(%s)"
