"""Market rules as data: dated rule packs of the provinces, checked, and laid out for SQL.

Belongs here: the schema of a pack, its validation, the packs themselves (``packs/<province>/<effective_from>.yml``)
and the tables of schema ``reference`` that they explode into. Does not belong here: any arithmetic that a pack
parameterises (dbt_project), or prices and quantities of the market (ingestion/feeds).
"""
