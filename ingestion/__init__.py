"""Bytes in: from a source to checked rows in schema ``landing``; nothing else writes there.

Belongs here: feeds (what a record is), connectors (how bytes arrive), the intake engine, templates, checks on
what comes in, market-rule packs and the sample retailer. Does not belong here: any settled number
(``dbt_project``), any model (``ml``), any schedule (``orchestration``), which this room never imports.
"""
