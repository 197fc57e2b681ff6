"""The ledger: closed months and what corrected them later, written once and never changed (docs/ledger.md).

Nothing is computed here. Lines, shares and deltas are read from the marts and written in one transaction.
"""
