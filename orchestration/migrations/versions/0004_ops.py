"""The run register and the months to settle."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("run_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("through_batch_seq", sa.BigInteger(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("input_digest", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("status in ('running', 'succeeded', 'failed')", name="status_known"),
        sa.PrimaryKeyConstraint("run_id"),
        schema="ops",
    )
    op.create_table(
        "settlement_month",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("delivery_month", sa.Date(), nullable=False),
        sa.CheckConstraint("extract(day from delivery_month) = 1", name="first_of_month"),
        sa.PrimaryKeyConstraint("province", "delivery_month"),
        schema="ops",
    )
