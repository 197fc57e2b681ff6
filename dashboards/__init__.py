"""Superset as code: the cockpit's assets, roles and configuration; what checks, deploys and serves it.

Belongs here: hand-written assets (`assets/`), access (`platform.yml`), the renderer to Superset's import
bundle, the credential-free gate over dashboard → chart → dataset → dbt column, and the process that serves
Superset. Code that imports `superset` lives in `superset_app/` and runs in Superset's own environment.

Does not belong here: any computation of a settled number (that is dbt's), secrets, and orchestration.
"""
