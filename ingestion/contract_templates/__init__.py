"""Contract packages as data: what a package may say, its formulas, its way into the database.

A plain library: it reads files and takes an SQLAlchemy engine. Prices are computed in SQL only (dbt_project).
See docs/packages.md.
"""

from ingestion.contract_templates.cases import Case, read_cases
from ingestion.contract_templates.errors import PackageError, PackageFileError
from ingestion.contract_templates.landing import land_packages
from ingestion.contract_templates.library import check_packages, read_packages
from ingestion.contract_templates.offer_guards import Peers
from ingestion.contract_templates.package import Package

__all__ = [
    "Case",
    "Package",
    "PackageError",
    "PackageFileError",
    "Peers",
    "check_packages",
    "land_packages",
    "read_cases",
    "read_packages",
]
