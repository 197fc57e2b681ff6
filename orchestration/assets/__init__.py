"""Dagster assets, one module a stage. An asset, its table and its file carry one name.

Every asset is thin: it calls a room's public function with the house's engine and reports what happened.
"""
