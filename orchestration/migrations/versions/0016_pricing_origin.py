"""Where an input of a pricing came from: a file, an option, or the warehouse."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "pricing_input",
        sa.Column(
            "origin",
            sa.Text(),
            server_default="file",
            nullable=False,
            comment="file, option, series (a market series that an option names) or warehouse",
        ),
        schema="ops",
    )
    op.create_check_constraint(
        "origin_known",
        "pricing_input",
        "origin in ('file', 'option', 'series', 'warehouse')",
        schema="ops",
    )
