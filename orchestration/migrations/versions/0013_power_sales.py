"""Power sales management: contract events, plans, channels and commissions, invoices and receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("contract_event", "contract_plan", "channel", "channel_commission", "invoice", "receipt")


def add_contract_event() -> None:

    op.create_table(
        "contract_event",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("event_no", sa.Integer(), nullable=False, comment="1, 2, ... per contract, without gaps"),
        sa.Column(
            "event",
            sa.Text(),
            nullable=False,
            comment="what happened; each event is allowed in certain states only (docs/contracts.md)",
        ),
        sa.Column(
            "happened_on",
            sa.Date(),
            nullable=False,
            comment="day of the event, not before the contract's last one",
        ),
        sa.Column("actor", sa.Text(), nullable=True, comment="who did it: login, name or body"),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="why; needed when returned, refused, cancelled or terminated",
        ),
        sa.Column(
            "registration_no",
            sa.Text(),
            nullable=True,
            comment="number at the trading centre; needed when registered",
        ),
        sa.Column(
            "effective_on",
            sa.Date(),
            nullable=True,
            comment="first day of the change, or last delivery day; needed when changed or terminated",
        ),
        sa.Column(
            "version_no",
            sa.Integer(),
            nullable=True,
            comment="version in feed contract_version; needed when changed",
        ),
        sa.Column(
            "new_contract_id",
            sa.Text(),
            nullable=True,
            comment="the contract that follows; needed when renewed",
        ),
        sa.Column(
            "fee_cny",
            sa.Numeric(precision=16, scale=2),
            nullable=True,
            comment="termination fee payable by the customer with VAT; 0 = none, needed when terminated",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "event in ('quoted', 'drafted', 'submitted', 'returned', 'signed', 'registered', 'registration_refused', 'took_effect', 'changed', 'renewal_offered', 'renewed', 'expired', 'terminated', 'cancelled', 'evaluated')",
            name=op.f("ck_contract_event_event"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_event_batch_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "event_no", "version", name=op.f("pk_contract_event")),
        schema="landing",
        comment="Events in the life of contracts, numbered per contract",
    )
    op.create_index(op.f("ix_contract_event_batch_id"), "contract_event", ["batch_id"], schema="landing")


def add_contract_plan() -> None:

    op.create_table(
        "contract_plan",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column("energy_mwh", sa.Numeric(precision=14, scale=3), nullable=False, comment="planned energy"),
        sa.Column(
            "revenue_cny",
            sa.Numeric(precision=16, scale=2),
            nullable=False,
            comment="planned retail revenue with VAT",
        ),
        sa.Column(
            "purchase_cny",
            sa.Numeric(precision=16, scale=2),
            nullable=False,
            comment="planned wholesale cost with VAT",
        ),
        sa.Column(
            "margin_cny",
            sa.Numeric(precision=16, scale=2),
            nullable=False,
            comment="planned margin: revenue less purchase cost, before channel commission",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_plan_batch_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "delivery_month", "version", name=op.f("pk_contract_plan")),
        schema="landing",
        comment="Planned energy, revenue, purchase cost and margin per contract and month",
    )
    op.create_index(op.f("ix_contract_plan_batch_id"), "contract_plan", ["batch_id"], schema="landing")


def add_channel() -> None:

    op.create_table(
        "channel",
        sa.Column(
            "channel_id", sa.Text(), nullable=False, comment="channel as in sales_channel of feed contract"
        ),
        sa.Column("effective_from", sa.Date(), nullable=False, comment="first day of this record"),
        sa.Column("channel_name", sa.Text(), nullable=False, comment="Chinese name"),
        sa.Column("channel_name_en", sa.Text(), nullable=True, comment="English name"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="direct = own sales; agent = agent or broker; online = platform; partner = other partner",
        ),
        sa.Column(
            "effective_to",
            sa.Date(),
            nullable=True,
            comment="last day of validity, included; blank = open end",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("kind in ('direct', 'agent', 'online', 'partner')", name=op.f("ck_channel_kind")),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_channel_batch_id")),
        sa.PrimaryKeyConstraint("channel_id", "effective_from", "version", name=op.f("pk_channel")),
        schema="landing",
        comment="Sales channels, by date of validity",
    )
    op.create_index(op.f("ix_channel_batch_id"), "channel", ["batch_id"], schema="landing")


def add_channel_commission() -> None:

    op.create_table(
        "channel_commission",
        sa.Column("channel_id", sa.Text(), nullable=False, comment="channel as in feed channel"),
        sa.Column(
            "contract_id",
            sa.Text(),
            nullable=False,
            comment="contract as in feed contract; blank = every contract of the channel that has no rate of its own",
        ),
        sa.Column(
            "effective_from",
            sa.Date(),
            nullable=False,
            comment="first delivery month of the rate; it holds until the next one of the same channel and contract",
        ),
        sa.Column(
            "basis",
            sa.Text(),
            nullable=False,
            comment="what the rate is: yuan per MWh of energy, share of the contract's margin, or yuan a month",
        ),
        sa.Column(
            "rate",
            sa.Numeric(precision=13, scale=6),
            nullable=False,
            comment="the rate with VAT, in the unit of basis (share: 0.2 = 20 %); 0 ends the commission",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "basis in ('cny_per_mwh', 'share_of_margin', 'cny_per_month')",
            name=op.f("ck_channel_commission_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_channel_commission_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "channel_id", "contract_id", "effective_from", "version", name=op.f("pk_channel_commission")
        ),
        schema="landing",
        comment="Commission rates of channels, for one contract or for all, by the month from which they hold",
    )
    op.create_index(
        op.f("ix_channel_commission_batch_id"), "channel_commission", ["batch_id"], schema="landing"
    )


def add_invoice() -> None:

    op.create_table(
        "invoice",
        sa.Column("invoice_id", sa.Text(), nullable=False, comment="number of the invoice"),
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month that it is for"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="day of issue"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="last day for payment, included"),
        sa.Column(
            "amount_cny",
            sa.Numeric(precision=16, scale=2),
            nullable=False,
            comment="amount with VAT; negative = credit note",
        ),
        sa.Column(
            "vat_rate", sa.Numeric(precision=5, scale=4), nullable=False, comment="VAT rate (0.13 = 13 %)"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_invoice_batch_id")),
        sa.PrimaryKeyConstraint("invoice_id", "version", name=op.f("pk_invoice")),
        schema="landing",
        comment="Invoices per contract and delivery month",
    )
    op.create_index(op.f("ix_invoice_batch_id"), "invoice", ["batch_id"], schema="landing")


def add_receipt() -> None:

    op.create_table(
        "receipt",
        sa.Column("receipt_id", sa.Text(), nullable=False, comment="number of the receipt"),
        sa.Column("invoice_id", sa.Text(), nullable=False, comment="invoice as in feed invoice"),
        sa.Column("received_on", sa.Date(), nullable=False, comment="day on which the money came in"),
        sa.Column(
            "amount_cny",
            sa.Numeric(precision=16, scale=2),
            nullable=False,
            comment="amount received; negative = paid back",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_receipt_batch_id")),
        sa.PrimaryKeyConstraint("receipt_id", "version", name=op.f("pk_receipt")),
        schema="landing",
        comment="Payments received for invoices",
    )
    op.create_index(op.f("ix_receipt_batch_id"), "receipt", ["batch_id"], schema="landing")


def upgrade() -> None:
    add_contract_event()
    add_contract_plan()
    add_channel()
    add_channel_commission()
    add_invoice()
    add_receipt()
    # a contract is known before it is signed
    op.alter_column(
        "contract",
        "signed_on",
        nullable=True,
        comment="day of signature; blank until it is signed",
        existing_comment="day of signature",
        schema="landing",
    )
    for table in TABLES:
        op.execute(f"grant select, insert on landing.{table} to wl_ingest")
        op.execute(f"grant select on landing.{table} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{table}"
            " for each statement execute function ops.refuse_change()"
        )
