"""ML: Python models that read marts as known at a gate and write the schema ``forecast``.

Belongs here: forecasting (load and price at 96 points), purchase cost, later bidding and customer
analytics; reading marts with a knowledge cut (``ml.asof``); the append-only tables of ``forecast``.

Does not belong here: reading landing tables or files (``ingestion``), any settled number
(``dbt_project``), scheduling, migrations and the command line (``orchestration``; never imported here).
Floats live inside a model only: what is written is integer watt-hours, 0.001 yuan/MWh or 0.0001 yuan.
"""
