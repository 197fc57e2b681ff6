"""Orchestration: what runs, when, on which server, and who may see it.

Belongs here: the embedded PostgreSQL server, databases and roles, Alembic migrations, the run register,
Dagster definitions, exports, the demo and the ``wattledger`` command line.

Does not belong here: parsing or checking deliveries (``ingestion``), any settled number (``dbt_project``),
models (``ml``), or charts (``dashboards``). Those rooms never import this one.
"""
