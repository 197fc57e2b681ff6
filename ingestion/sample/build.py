"""Build the sample folder: whole or not at all, and nothing when it is already there."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.sample.config import (
    BUSINESS_ON,
    CLOSED_BY,
    CLOSED_MONTHS,
    CORRECTED_MONTH,
    CUT_AT,
    EXPORTED_MONTHS,
    NEXT_DELIVERY_ON,
    PROVINCE,
    PROVINCES,
    SETTLED_MONTHS,
)
from ingestion.sample.stamp import MANIFEST, STAMP, Stamp, current, inputs_digest, listing_digest, write_stamp

if TYPE_CHECKING:
    from ingestion.sample.writer import Delivery

Progress = Callable[[int, int, str], None]
_STEPS = 8


class SampleFolderError(RuntimeError):
    """The target folder holds files that the sample did not write."""


@dataclass(frozen=True)
class SampleSummary:
    """What was built. `digest` names the content: equal digests mean equal bytes in every file.

    `province` is the one that is forecast; months are settled in all `provinces`. `closed_by` closes the
    `closed_months` before the late files come, which correct `corrected_month`.
    """

    folder: Path
    manifest: Path
    business_date: date
    gate_at: datetime
    next_delivery_on: date
    province: str
    provinces: tuple[str, ...]
    settled_months: tuple[str, ...]
    closed_months: tuple[str, ...]
    closed_by: str
    corrected_month: str
    exported_months: tuple[str, ...]
    files: int
    size_bytes: int
    digest: str
    rebuilt: bool


def build_sample(folder: Path, *, cache: Path, on_progress: Progress | None = None) -> SampleSummary:
    """Build the sample retailer's inbox in `folder` (files only, no database) and say what it holds.

    Idempotent: when `folder` already holds what this code would build, nothing is written. Otherwise
    everything is built in a sibling folder and swapped in, so a killed build leaves no half-built one.
    `cache` keeps the real profiles (fetched once). `on_progress(done, total, text)`.

    Raises SampleFolderError when `folder` holds files of someone else, SampleFetchError when the profiles
    cannot be fetched.
    """
    tell = _Teller(on_progress)
    stamp = current(folder)
    if stamp is not None:
        tell.finish("sample is already built")
        return _summary(folder, stamp, rebuilt=False)
    from ingestion.sample.deliveries import build_deliveries, build_world, manifest_bytes
    from ingestion.sample.profiles import load_profiles

    tell("load profiles")
    profiles = load_profiles(cache)
    tell("customers and market")
    world = build_world(profiles)
    deliveries = build_deliveries(world, tell)
    tell("writing files")
    stamp = _swap_in(folder, deliveries, manifest_bytes(deliveries))
    tell.finish("sample is built")
    return _summary(folder, stamp, rebuilt=True)


def build_late(folder: Path, *, cache: Path) -> None:
    """Write what comes after the business date's cut into `folder`, as whole as :func:`build_sample` does.

    Nothing when it is there already. Raises what :func:`build_sample` raises.
    """
    if current(folder) is not None:
        return
    from ingestion.sample.deliveries import manifest_bytes
    from ingestion.sample.late import late_deliveries
    from ingestion.sample.points import build_points
    from ingestion.sample.profiles import load_profiles

    deliveries = list(late_deliveries(build_points(load_profiles(cache))))
    _swap_in(folder, deliveries, manifest_bytes(deliveries))


class _Teller:
    """Count the steps for a progress display."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._on_progress = on_progress
        self._done = 0

    def __call__(self, text: str) -> None:
        if self._on_progress is not None:
            self._on_progress(self._done, _STEPS, text)
        self._done += 1

    def finish(self, text: str) -> None:
        self._done = _STEPS
        self(text)


def _swap_in(folder: Path, deliveries: list[Delivery], manifest: bytes) -> Stamp:
    names = {d.file_name for d in deliveries}
    _refuse_strangers(folder, names)
    folder.parent.mkdir(parents=True, exist_ok=True)
    building, old = (folder.with_name(f".{folder.name}.{part}") for part in ("building", "old"))
    for leftover in (building, old):
        shutil.rmtree(leftover, ignore_errors=True)
    building.mkdir()
    digest = hashlib.sha256()
    for delivery in sorted(deliveries, key=lambda d: d.file_name):
        (building / delivery.file_name).write_bytes(delivery.content)
        digest.update(f"{delivery.file_name} {hashlib.sha256(delivery.content).hexdigest()}\n".encode())
    (building / MANIFEST).write_bytes(manifest)
    digest.update(manifest)
    size = len(manifest) + sum(len(d.content) for d in deliveries)
    stamp = Stamp(inputs_digest(), listing_digest(building), digest.hexdigest(), len(deliveries), size)
    write_stamp(building, stamp)
    if folder.exists():
        os.rename(folder, old)
    os.rename(building, folder)
    shutil.rmtree(old, ignore_errors=True)
    return stamp


def _refuse_strangers(folder: Path, names: set[str]) -> None:
    if not folder.exists():
        return
    ours = names | {MANIFEST, STAMP, f"{STAMP}.part"}
    if (folder / MANIFEST).is_file():
        with (folder / MANIFEST).open(encoding="utf-8", newline="") as lines:
            ours |= {row["file_name"] for row in csv.DictReader(lines) if row.get("file_name")}
    strangers = sorted(set(os.listdir(folder)) - ours)
    if strangers:
        raise SampleFolderError(
            f"{folder}: {len(strangers)} file(s) here are not the sample's, first {strangers[0]!r}; "
            "move them away or choose another folder, the sample replaces its folder as a whole"
        )


def _summary(folder: Path, stamp: Stamp, *, rebuilt: bool) -> SampleSummary:
    return SampleSummary(
        folder=folder, manifest=folder / MANIFEST, business_date=BUSINESS_ON, gate_at=CUT_AT,
        next_delivery_on=NEXT_DELIVERY_ON, province=PROVINCE, provinces=PROVINCES,
        settled_months=SETTLED_MONTHS, closed_months=CLOSED_MONTHS, closed_by=CLOSED_BY,
        corrected_month=CORRECTED_MONTH, exported_months=EXPORTED_MONTHS,
        files=stamp.files, size_bytes=stamp.size_bytes, digest=stamp.digest, rebuilt=rebuilt,
    )  # fmt: skip
