"""Alembic migrations of the schemas that dbt does not own."""
