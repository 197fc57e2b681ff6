"""What was deployed, kept in Superset's own database so that it can never disagree with it.

One row: the Superset version whose migrations ran, the digest of everything deployed, and the names of the
objects this deployment owns (only these are ever pruned; a user's own charts are his).
"""

from __future__ import annotations

import json

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

# the same statement as in dashboards/deployment.py reads it; keep both in step
TABLE = "wattledger_deployment"
_LOCK = 0x57617474  # "Watt"


def hold_lock(engine: Engine) -> Connection:
    """Wait until no other deployment runs on this database, and keep it so while the connection lives.

    A killed caller leaves its deployment running to the end of a step: the next must not migrate beside it.
    """
    connection = engine.connect()
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
    return connection


class Record:
    """The deployment row, read and written through Superset's session."""

    def __init__(self, session: Session) -> None:
        """Make the table when it is not there, and read the row."""
        self._session = session
        session.execute(
            text(
                f"create table if not exists {TABLE} (id smallint primary key check (id = 1), "
                "superset_version text, digest text, owned text not null, deployed_at timestamptz not null)"
            )
        )
        session.execute(
            text(f"insert into {TABLE} values (1, null, null, '{{}}', now()) on conflict do nothing")
        )
        session.commit()
        row = session.execute(text(f"select superset_version, digest, owned from {TABLE}")).one()
        self.superset_version, self.digest, owned = row
        self.owned: dict[str, list[str]] = json.loads(owned)

    def migrated(self, version: str) -> None:
        """Note that the database carries this version's schema and permissions."""
        self._session.execute(text(f"update {TABLE} set superset_version = :v"), {"v": version})
        self._session.commit()

    def claim(self, owned: dict[str, list[str]]) -> None:
        """Before importing: own the old and the new names, so a killed deployment leaves no orphan."""
        kinds = {*self.owned, *owned}
        both = {kind: sorted({*self.owned.get(kind, []), *owned.get(kind, [])}) for kind in kinds}
        self._write(both, None)

    def finish(self, owned: dict[str, list[str]], digest: str) -> None:
        """After everything is applied: own exactly the new names."""
        self._write(owned, digest)

    def _write(self, owned: dict[str, list[str]], digest: str | None) -> None:
        self._session.execute(
            text(f"update {TABLE} set owned = :o, digest = :d, deployed_at = now()"),
            {"o": json.dumps(owned), "d": digest},
        )
        self._session.commit()
