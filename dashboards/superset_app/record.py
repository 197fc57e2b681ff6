"""What was deployed, kept in Superset's own database so that it can never disagree with it.

One row: the Superset version whose migrations ran, the digest of everything deployed, and the names of the
objects this deployment owns (only these are ever pruned; a user's own charts are his).
"""

from __future__ import annotations

import json

from sqlalchemy import text
from sqlalchemy.orm import Session

# the same statement as in dashboards/deployment.py reads it; keep both in step
TABLE = "wattledger_deployment"


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
        self.superset_version, owned = session.execute(
            text(f"select superset_version, owned from {TABLE}")
        ).one()
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
