"""The rules of a package's province: which pack holds, its order of operations, what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ingestion.contract_templates.errors import PackageError
from ingestion.contract_templates.findings import Finding, said
from ingestion.contract_templates.guards import findings
from ingestion.contract_templates.kinds import STAGES, Stage
from ingestion.contract_templates.offer_guards import Peers, offer_findings
from ingestion.contract_templates.pack_terms import term_findings, with_defaults
from ingestion.contract_templates.package import Package, PackageFile
from ingestion.market_rules.library import NoPackError, PackFile, list_packs, ruling_pack
from ingestion.market_rules.schema import RulePack
from ingestion.market_rules.validation import dotted
from ingestion.market_rules.yaml_source import read_yaml

_STAGE_OF: Final[dict[str, Stage]] = {"period_fee": "energy", "month_end_balancing": "balancing"}
"""Steps of a statement whose stage has another name."""


class ProvinceRules:
    """The rule packs of some folders, read once and only when a package names a province."""

    def __init__(self, folders: Sequence[Path], on: date | None, peers: Peers | None = None) -> None:
        """Rules at ``on``, or else at each package's first delivery date."""
        self._folders = folders
        self._on = on
        self._peers = peers or Peers()

    @cached_property
    def _packs(self) -> list[PackFile]:
        return list_packs(self._folders)

    def _pack(self, head: PackageFile) -> RulePack | None:
        """None when the package names no province or no date. Raises NoPackError, PackFileError."""
        day = self._on or (head.delivery.first_on if head.delivery else None)
        if head.province is None or day is None:
            return None
        return ruling_pack(head.province, day, self._packs)

    def order(self, head: PackageFile) -> tuple[Stage, ...]:
        """The order of operations of the province's pack, ours where it gives none.

        A stage that the pack does not list, as the service fee, comes after the one before it in our order.
        """
        try:
            pack = self._pack(head)
        except NoPackError:  # check tells it
            return STAGES
        steps = (
            said(pack.retail.order_of_operations) if pack is not None and pack.retail is not None else None
        )
        if steps is None:
            return STAGES
        order: list[Stage] = [
            stage for step in steps for stage in STAGES if stage == _STAGE_OF.get(step, step)
        ]
        for place, stage in enumerate(STAGES):
            if stage not in order:
                order.insert(order.index(STAGES[place - 1]) + 1 if place else 0, stage)
        return tuple(order)

    def complete(self, head: PackageFile, components: Sequence[Any]) -> list[Any]:
        """The components of a file, with the terms that the province's pack fixes where they are silent."""
        try:
            pack = self._pack(head)
        except NoPackError:  # check tells it
            return list(components)
        return with_defaults(components, pack.retail if pack is not None else None)

    def check(self, package: Package) -> tuple[list[PackageError], list[str]]:
        """Errors by the province's rules, in file order, and notices. Raises PackFileError."""
        try:
            pack = self._pack(package.head)
        except NoPackError as error:
            return [PackageError(package.path, None, "province", str(package.head.province), str(error))], []
        if pack is None:
            return [], ["no province or delivery dates: the rules of no province were applied"]
        document = read_yaml(package.path)
        found: list[Finding] = [
            *findings(package, pack.retail),
            *term_findings(package, document.value_of(["components"]), pack.retail),
            *offer_findings(package, pack.retail, self._peers),
        ]
        errors, notices = [], []
        for finding in found:
            path = dotted(finding.path)
            value = document.value_of(finding.path)
            shown = "" if value is None or isinstance(value, dict | list) else str(value)
            if finding.is_error:
                line = document.line_of(finding.path)
                errors.append(PackageError(package.path, line, path, shown, finding.message, finding.allowed))
            else:
                place = f"{path}{f' = {shown}' if shown else ''}: " if path else ""
                remedy = f"; allowed: {finding.allowed}" if finding.allowed else ""
                notices.append(f"{place}{finding.message}{remedy}")
        return sorted(errors, key=lambda error: error.line or 0), notices
