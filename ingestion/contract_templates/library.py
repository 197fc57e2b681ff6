"""Package files as they are used: checked alone, and by the rules of their province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingestion.contract_templates.errors import PackageError, PackageFileError
from ingestion.contract_templates.offer_guards import Peers
from ingestion.contract_templates.package import Package
from ingestion.contract_templates.package_source import check_package
from ingestion.contract_templates.province import ProvinceRules


@dataclass(frozen=True)
class Checked:
    """What became of one file: the package when it can be used, its errors, and duties that follow."""

    path: Path
    package: Package | None
    errors: tuple[PackageError, ...]
    notices: tuple[str, ...]


def check_packages(
    paths: Sequence[Path], rule_packs: Sequence[Path], on: date | None = None, peers: Peers | None = None
) -> list[Checked]:
    """Check every file, alone and by the rule packs of the folders ``rule_packs``.

    Raises market_rules.PackFileError when a rule pack is not usable.
    """
    rules = ProvinceRules(rule_packs, on, peers)
    return [_checked(path, rules) for path in paths]


def _checked(path: Path, rules: ProvinceRules) -> Checked:
    package, errors = check_package(path, rules.order, rules.complete)
    notices: list[str] = []
    if package is not None:
        errors, notices = rules.check(package)
    return Checked(path, None if errors else package, tuple(errors), tuple(notices))


def read_packages(paths: Sequence[Path], rule_packs: Sequence[Path], on: date | None = None) -> list[Package]:
    """The packages of the files.

    Raises PackageFileError with every error of every file, and when two files describe one package.
    """
    checked = check_packages(paths, rule_packs, on)
    errors = [error for found in checked for error in found.errors]
    packages = [found.package for found in checked if found.package is not None]
    first: dict[str, Path] = {}
    for package in packages:
        name = package.head.package
        if name in first:
            message = f"the same package as in {first[name]}"
            errors.append(
                PackageError(package.path, None, "package", name, message, "one file for a package")
            )
        first.setdefault(name, package.path)
    if errors:
        raise PackageFileError(errors)
    return packages
