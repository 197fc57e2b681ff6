"""Apply platform.yml inside Superset: roles, users, dashboard access, row-level rules."""

from __future__ import annotations

from superset import db, security_manager
from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
from superset.models.core import Database
from superset.models.dashboard import Dashboard
from werkzeug.security import check_password_hash, generate_password_hash

ANALYST_BASE = ("Gamma", "sql_lab")
_DATABASE_ACCESS = "database_access"


def apply_access(platform: dict, passwords: dict[str, str]) -> None:
    """Make roles, users, dashboard access and row rules exactly what the platform file says."""
    roles = _roles(platform)
    _users(platform, roles, passwords)
    for slug, names in platform["dashboard_roles"].items():
        db.session.query(Dashboard).filter_by(slug=slug).one().roles = [roles[name] for name in names]
    _row_rules(platform, roles)
    db.session.commit()


def _roles(platform: dict) -> dict:
    without = {tuple(pair) for pair in platform["without"]}
    gamma = security_manager.find_role("Gamma").permissions
    business = [p for p in gamma if (p.permission.name, p.view_menu.name) not in without]
    everything = [p for name in ANALYST_BASE for p in security_manager.find_role(name).permissions]
    warehouse = db.session.query(Database).filter_by(database_name=platform["warehouse"]).one()
    reads = security_manager.add_permission_view_menu(_DATABASE_ACCESS, warehouse.perm)
    roles = {"Admin": security_manager.find_role("Admin")}
    for name, role in platform["roles"].items():
        roles[name] = found = security_manager.add_role(name)  # returns the one that is there
        wanted = {*everything, reads} if role["analyst"] else set(business)
        if set(found.permissions) != wanted:
            found.permissions = list(wanted)
    return roles


def _users(platform: dict, roles: dict, passwords: dict[str, str]) -> None:
    for user in platform["users"]:
        name, wanted = user["username"], [roles[role] for role in user["roles"]]
        found = security_manager.find_user(name)
        if found is None:
            email = f"{name}@wattledger.invalid"
            security_manager.add_user(name, user["first"], user["last"], email, wanted, passwords[name])
            continue
        found.roles, found.active = wanted, True
        found.first_name, found.last_name = user["first"], user["last"]
        if not check_password_hash(found.password, passwords[name]):
            found.password = generate_password_hash(passwords[name])


def _row_rules(platform: dict, roles: dict) -> None:
    for rule in platform["row_rules"]:
        found = db.session.query(RowLevelSecurityFilter).filter_by(name=rule["name"]).one_or_none()
        if found is None:
            found = RowLevelSecurityFilter(name=rule["name"])
            db.session.add(found)
        found.filter_type, found.clause, found.group_key = "Regular", rule["where"], None
        found.roles = [roles[name] for name in rule["roles"]]
        found.tables = db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(rule["dataset_uuids"])).all()
        if len(found.tables) != len(rule["dataset_uuids"]):
            raise RuntimeError(f"row rule {rule['name']}: not every dataset of the rule is in Superset")


def prune(gone: dict[str, list[str]]) -> None:
    """Take away what an earlier deployment made and the tree no longer holds.

    A user who left is switched off, not deleted: what he changed still names him.
    """
    from superset.models.slice import Slice

    for kind, model in (("dashboards", Dashboard), ("charts", Slice), ("datasets", SqlaTable)):
        for uuid in gone.get(kind, []):
            for found in db.session.query(model).filter_by(uuid=uuid):
                db.session.delete(found)
        db.session.flush()
    for name in gone.get("row_rules", []):
        for found in db.session.query(RowLevelSecurityFilter).filter_by(name=name):
            db.session.delete(found)
    for name in gone.get("users", []):
        if user := security_manager.find_user(name):
            user.active, user.roles = False, []
    for name in gone.get("roles", []):
        if role := security_manager.find_role(name):
            role.user, role.permissions = [], []
            db.session.delete(role)
    db.session.commit()
