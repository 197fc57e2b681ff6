"""Purchase cost of a delivery day from load and price forecasts and the medium/long-term position.

Belongs here: cost models (pure functions on arrays). Does not belong here: settled cost
(``dbt_project``), bids, reading or writing tables.
"""
