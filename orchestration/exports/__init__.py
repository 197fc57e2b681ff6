"""Exports: settled marts written as files for finance.

Belongs here: reading a settlement mart and writing XLSX, CSV and Parquet with control totals and checksums.
Does not belong here: arithmetic on amounts. Control totals are asked of SQL; files only repeat what it says.
"""
