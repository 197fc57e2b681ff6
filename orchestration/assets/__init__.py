"""Dagster assets, one module a stage. An asset, its table and its file carry one name.

Every asset is thin: it calls a room's public function with the house's engine and reports what happened.
"""

import warnings

from dagster import BetaWarning

# single-run backfills are what these assets want; Dagster calls the parameter beta at every start
warnings.filterwarnings("ignore", category=BetaWarning)
