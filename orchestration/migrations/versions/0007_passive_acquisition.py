"""Monthly totals, production plans, customer KPIs, and what the rows of a shaped batch became."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("shaped_batch",)


def upgrade() -> None:
    op.create_table(
        "shaped_batch",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("records_landed", sa.Integer(), nullable=False, comment="rows of the landing table"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_shaped_batch_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_shaped_batch")),
        schema="landing",
        comment="Batches whose landed rows are the source's own: how many landing records they made",
    )
    for table in TABLES:
        op.execute(f"grant select, insert on landing.{table} to wl_ingest")
        op.execute(f"grant select on landing.{table} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{table}"
            " for each statement execute function ops.refuse_change()"
        )
