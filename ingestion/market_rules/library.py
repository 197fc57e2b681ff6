"""Finding the packs of some folders, and the one that rules a delivery date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Final

from ingestion.market_rules.schema import RulePack
from ingestion.market_rules.validation import PackError, PackFileError, check_file

BUILT_IN: Final = Path(__file__).resolve().parent / "packs"


class NoPackError(LookupError):
    """No pack rules the asked delivery date; the message names what there is."""


@dataclass(frozen=True)
class PackFile:
    """A valid pack and the file it came from."""

    path: Path
    pack: RulePack
    pack_hash: str

    @property
    def is_shipped(self) -> bool:
        """Whether the file came with the product."""
        return BUILT_IN in self.path.parents


def _files(folders: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise PackFileError(
                [PackError(folder, None, "", "", "no such folder of rule packs", "an existing folder")]
            )
        found += [path for path in folder.rglob("*") if path.suffix in {".yml", ".yaml"}]
    return sorted({path.resolve(): path for path in found}.values())


def _dates(pack: RulePack) -> str:
    return f"{pack.effective_from} to {pack.effective_to or 'open end'}"


def _overlap(first: PackFile, second: PackFile) -> PackError | None:
    one, other = first.pack, second.pack
    meets = one.covers(other.effective_from) or other.covers(one.effective_from)
    if one.province != other.province or not meets:
        return None
    early, late = sorted((first, second), key=lambda file: (file.pack.effective_from, str(file.path)))
    message = (
        f"overlaps {late.path} ({_dates(late.pack)}) for {one.province}: a delivery date must have one pack"
    )
    remedy = f"an end before {late.pack.effective_from}, or one of the two files only"
    if early.is_shipped != late.is_shipped:
        remedy += "; replaces_shipped: true in your own file leaves the shipped ones of the province aside"
    return PackError(early.path, None, "effective_to", str(early.pack.effective_to or ""), message, remedy)


def _without_replaced(packs: Sequence[PackFile]) -> list[PackFile]:
    """Own packs that say so stand in for every shipped pack of their province."""
    replaced = {file.pack.province for file in packs if file.pack.replaces_shipped and not file.is_shipped}
    return [file for file in packs if not (file.is_shipped and file.pack.province in replaced)]


def _checked(paths: Sequence[Path]) -> tuple[list[PackFile], list[PackError]]:
    packs: list[PackFile] = []
    errors: list[PackError] = []
    for path in paths:
        pack, problems = check_file(path)
        errors += problems
        if pack is not None:
            packs.append(PackFile(path, pack, pack.pack_hash))
    packs = _without_replaced(packs)
    errors += [error for pair in combinations(packs, 2) if (error := _overlap(*pair)) is not None]
    return packs, errors


def validate_files(paths: Sequence[Path]) -> list[PackError]:
    """All errors of all files, and each pair of them that overlaps in time for one province."""
    return _checked(paths)[1]


def list_packs(folders: Sequence[Path]) -> list[PackFile]:
    """Every pack of the folders and their subfolders, by province and date.

    Raises PackFileError with all errors of all files, and with each pair of packs that overlap in time for
    one province (both files named).
    """
    packs, errors = _checked(_files(folders))
    if errors:
        raise PackFileError(errors)
    return sorted(packs, key=lambda file: (file.pack.province, file.pack.effective_from))


def pack_for(province: str, day: date, folders: Sequence[Path]) -> RulePack:
    """The pack that rules the delivery date ``day`` (never the date of calculation).

    Raises NoPackError when there is none, PackFileError when a file is not usable.
    """
    return ruling_pack(province, day, list_packs(folders))


def ruling_pack(province: str, day: date, packs: Sequence[PackFile]) -> RulePack:
    """The pack among ``packs`` that rules the delivery date. Raises NoPackError when there is none."""
    for file in packs:
        if file.pack.province == province and file.pack.covers(day):
            return file.pack
    have = "; ".join(_dates(file.pack) for file in packs if file.pack.province == province)
    known = ", ".join(sorted({file.pack.province for file in packs}))
    detail = f"packs of {province} cover {have}" if have else f"provinces with packs: {known or 'none'}"
    raise NoPackError(f"no rule pack of {province} for delivery date {day}; {detail}; add a dated pack file")
