"""The energy that a budgeted amount is for, so that signed quantities have a plan to be held against."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "budget",
        sa.Column(
            "energy_mwh",
            sa.Numeric(16, 3),
            nullable=True,
            comment="energy that the amount is for; that of retail_revenue is the plan of signed quantities",
        ),
        schema="landing",
    )


def downgrade() -> None:
    op.drop_column("budget", "energy_mwh", schema="landing")
