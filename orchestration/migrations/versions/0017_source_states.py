"""What state the sources were in when a run read them, so that the next one passes over what stands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "run",
        sa.Column("source_states", postgresql.JSONB(), comment="state of each source that the run read"),
        schema="ops",
    )


def downgrade() -> None:
    op.drop_column("run", "source_states", schema="ops")
