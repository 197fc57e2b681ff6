"""How a source's own file shape becomes the records of a feed.

Belongs here: the source profile (what a source's files mean), the shapes (wide, long, cumulative registers,
NEM12) that turn a file into ``meter_day`` records exactly, the refusal of files that admit two readings, and
the annotated copy of a refused workbook. Does not belong here: how bytes arrive (``ingestion.connectors``),
what a record is (``ingestion.feeds``), estimation of what is missing.
"""
