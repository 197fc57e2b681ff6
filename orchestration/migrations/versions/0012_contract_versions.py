"""Contract versions: which package definition a contract follows, from which month on."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_version",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column(
            "version_no",
            sa.Integer(),
            nullable=False,
            comment="1 = the original terms; each change is the next number",
        ),
        sa.Column(
            "effective_from",
            sa.Date(),
            nullable=False,
            comment="delivery month from whose first day the version holds, until a later version does",
        ),
        sa.Column(
            "package_id",
            sa.Text(),
            nullable=False,
            comment="package as its definition names it, e.g. sample_fixed",
        ),
        sa.Column(
            "package_version",
            sa.Text(),
            nullable=False,
            comment="version of the package definition, e.g. 1",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why the terms are these or changed"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_version_batch_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "version_no", "version", name=op.f("pk_contract_version")),
        schema="landing",
        comment="Terms of contracts: the package definition of each version, and from when it holds",
    )
    op.create_index(op.f("ix_contract_version_batch_id"), "contract_version", ["batch_id"], schema="landing")
    op.execute("grant select, insert on landing.contract_version to wl_ingest")
    op.execute("grant select on landing.contract_version to wl_transform, wl_ledger")
    op.execute(
        "create trigger append_only before update or delete or truncate on landing.contract_version"
        " for each statement execute function ops.refuse_change()"
    )
