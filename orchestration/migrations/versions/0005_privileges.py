"""Who may do what: each room writes its own schemas, and append-only means append-only."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = {"landing": "wl_ingest", "quarantine": "wl_ingest", "forecast": "wl_forecast"}
READERS = {
    "landing": ("wl_transform", "wl_ledger"),
    "quarantine": ("wl_transform", "wl_ledger"),
    "reference": ("wl_transform", "wl_ledger"),
    "forecast": ("wl_transform", "wl_ledger"),
    "ops": ("wl_transform", "wl_finance"),
}
ROLES = ("wl_ingest", "wl_transform", "wl_forecast", "wl_ledger", "wl_bi", "wl_finance")

REFUSE_CHANGE = """
create function ops.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '%.% is append-only: % is refused; deliver a new version instead',
        tg_table_schema, tg_table_name, tg_op;
end
$$
"""
# A partition can only be made by the table's owner; ingestion may ask for exactly this one thing.
ADD_PARTITION = """
create function landing.add_meter_day_partition(month date) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    first date := date_trunc('month', month)::date;
    partition text := 'meter_day_' || to_char(first, 'YYYYMM');
begin
    if to_regclass('landing.' || partition) is null then
        execute format('create table if not exists landing.%I partition of landing.meter_day for values from (%L) to (%L)',
            partition, first, (first + interval '1 month')::date);
    end if;
end
$$
"""


def upgrade() -> None:
    for role in ROLES:
        op.execute(
            f"do $$ begin execute format('grant connect, temporary on database %I to {role}', current_database()); end $$"
        )
    op.execute(
        "do $$ begin execute format('grant create on database %I to wl_transform', current_database()); end $$"
    )
    op.execute(REFUSE_CHANGE)
    op.execute(ADD_PARTITION)
    op.execute("revoke execute on function landing.add_meter_day_partition(date) from public")
    op.execute("grant execute on function landing.add_meter_day_partition(date) to wl_ingest")
    for schema, writer in APPEND_ONLY.items():
        op.execute(f"grant usage on schema {schema} to {writer}")
        op.execute(f"grant select, insert on all tables in schema {schema} to {writer}")
        op.execute(f"grant usage on all sequences in schema {schema} to {writer}")
    op.execute("grant usage on schema reference to wl_ingest")
    op.execute("grant select, insert, update, delete on all tables in schema reference to wl_ingest")
    op.execute("grant usage on schema ops to wl_ledger")
    op.execute("grant select, insert, update on all tables in schema ops to wl_ledger")
    op.execute("grant delete on ops.settlement_month to wl_ledger")
    for schema, roles in READERS.items():
        for role in roles:
            op.execute(f"grant usage on schema {schema} to {role}")
            op.execute(f"grant select on all tables in schema {schema} to {role}")
    op.execute(
        """
        do $$
        declare t record;
        begin
            for t in select schemaname, tablename from pg_tables
                where schemaname in ('landing', 'quarantine', 'forecast') and tablename not like 'meter_day\\_%'
            loop
                execute format('create trigger append_only before update or delete or truncate on %I.%I'
                    ' for each statement execute function ops.refuse_change()', t.schemaname, t.tablename);
            end loop;
        end $$
        """
    )
