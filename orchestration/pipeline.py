"""Run Dagster jobs in this process, as the command line and the demo do; Dagster's servers show the runs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import redirect_stdout
from datetime import date
from typing import Any

import dagster as dg

from orchestration.assets.partitions import range_tags
from orchestration.build import build_defs
from orchestration.dagster_servers import dagster_instance
from orchestration.errors import JobError
from orchestration.house import House

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Pipeline:
    """The jobs of one house, run in process, one after another."""

    def __init__(self, house: House) -> None:
        """Make the dbt manifest if needed and put the code location together."""
        # tests of models that stand are not run again, and each would be told as a check without a result
        logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
        self._house = house
        self._instance = dagster_instance(house)
        self._definitions = build_defs(house, house.parse())

    def run(
        self,
        job: str,
        *,
        first: date | None = None,
        last: date | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        """Run ``job``; with dates, over that range of its partitions in a single run.

        ``config`` is run config that its steps take. What dbt prints goes to ``logs/jobs.log``.

        Raises:
            JobError: with the first failure's message.
        """
        definition = self._definitions.resolve_job_def(job)
        one_day = first is not None and (last is None or first == last)
        for key in (first, last):
            self._refuse_outside_calendar(job, definition.partitions_def, key)
        with (self._house.home.log_folder / "jobs.log").open("a") as log, redirect_stdout(log):
            result = definition.execute_in_process(
                instance=self._instance,
                run_config={**_QUIET, **(config or {})},
                raise_on_error=False,
                partition_key=f"{first}" if one_day else None,
                tags=range_tags(first, last) if first and last and not one_day else None,
            )
        if not result.success:
            raise JobError(f"{job} failed: {_first_failure(result)}")

    def _refuse_outside_calendar(
        self, job: str, calendar: dg.PartitionsDefinition[str] | None, key: date | None
    ) -> None:
        if calendar is None or key is None or calendar.has_partition_key(f"{key}"):
            return
        first, last = calendar.get_first_partition_key(), calendar.get_last_partition_key()
        raise JobError(f"{job} knows no {key}: its calendar goes from {first} to {last}")

    def close(self) -> None:
        """Give the instance's connections back."""
        self._instance.dispose()


def _first_failure(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            return f"{event.step_key}: {error.message.strip() if error else 'no reason given'}"
    checks = [e for e in result.get_asset_check_evaluations() if not e.passed]
    return (
        "; ".join(f"check {c.check_name} of {c.asset_key.to_user_string()}" for c in checks)
        or "no reason given"
    )
