"""Databases and roles: who may connect, and with which rights.

One server holds three databases: ``wattledger`` (the warehouse), ``dagster`` and ``superset``. Every room
connects under its own role; passwords are generated and kept in the home's secrets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from orchestration.embedded import EmbeddedServer
from orchestration.home import Home
from orchestration.migrate import upgrade
from orchestration.settings import Settings

Role = Literal[
    "wl_ingest",
    "wl_transform",
    "wl_forecast",
    "wl_ledger",
    "wl_bi",
    "wl_finance",
    "wl_dagster",
    "wl_superset",
]
OWNER = "wl_owner"
ROLES: tuple[Role, ...] = get_args(Role)
DATABASES = {"wattledger": OWNER, "dagster": "wl_dagster", "superset": "wl_superset"}


@dataclass(frozen=True)
class Warehouse:
    """A PostgreSQL server with WattLedger's databases; ``admin_url`` is a superuser's."""

    admin_url: URL
    home: Home
    name: str = "wattledger"

    @classmethod
    def open(cls, settings: Settings) -> Warehouse:
        """Return the user's own server, or the embedded one, started if need be."""
        url = settings.database_url or embedded_server(settings.home).start()
        return cls(make_url(url).set(drivername="postgresql+psycopg"), settings.home)

    def url(self, role: Role, *, database: str | None = None, driver: str = "postgresql+psycopg") -> str:
        """A connection URL for ``role``, with its password."""
        return self.admin_url.set(
            drivername=driver, username=role, password=self.home.secret(role), database=database or self.name
        ).render_as_string(hide_password=False)

    @cached_property
    def admin(self) -> sa.Engine:
        """A superuser engine on the warehouse database (migrations, tests)."""
        return sa.create_engine(self.admin_url.set(database=self.name))

    def engine(self, role: Role) -> sa.Engine:
        """An engine on the warehouse database under ``role``."""
        return sa.create_engine(self.url(role), pool_pre_ping=True)

    def with_database(self, name: str) -> Warehouse:
        """The same server with another warehouse database (tests make one each)."""
        return replace(self, name=name)

    def prepare(self) -> None:
        """Create roles and databases that are absent, and bring the schemas up to date. Idempotent."""
        with self.home.lock("prepare"):
            self._create_roles()
            self._create_databases()
            upgrade(self.admin, owner=OWNER)

    def _create_roles(self) -> None:
        with self.maintenance() as connection:
            known = set(
                connection.scalars(
                    sa.text("select rolname from pg_roles where rolname like 'wl!_%' escape '!'")
                )
            )
            if OWNER not in known:
                connection.exec_driver_sql(f"create role {OWNER} nologin")
            for role in ROLES:
                verb = "alter" if role in known else "create"
                connection.exec_driver_sql(f"{verb} role {role} login password '{self.home.secret(role)}'")

            # Dagster commits event by event; losing the last ones in a power cut only dims its history
            connection.exec_driver_sql("alter role wl_dagster set synchronous_commit = off")
            # dbt's tables come from what is landed; the commit of a run's end waits for theirs, too
            connection.exec_driver_sql("alter role wl_transform set synchronous_commit = off")

    def _create_databases(self) -> None:
        wanted = {
            self.name: OWNER,
            **{name: owner for name, owner in DATABASES.items() if name != "wattledger"},
        }
        with self.maintenance() as connection:
            known = set(connection.scalars(sa.text("select datname from pg_database")))
            for name, owner in wanted.items():
                if name not in known:
                    connection.exec_driver_sql(f'create database "{name}" owner {owner}')
                    connection.exec_driver_sql(f'revoke connect, temporary on database "{name}" from public')
                    connection.exec_driver_sql(f'grant connect, temporary on database "{name}" to {owner}')

    def maintenance(self) -> sa.Connection:
        """A superuser's connection outside transactions, to make and drop roles and databases."""
        engine = sa.create_engine(self.admin_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        return engine.connect()


def embedded_server(home: Home) -> EmbeddedServer:
    """The embedded server of ``home``."""
    return EmbeddedServer(home.root / "postgres")
