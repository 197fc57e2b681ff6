"""The peak memory of reading a shaped file does not grow with the file."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from .test_fuzz import LONG, WIDE

MEGABYTE = 1 << 20
_CHILD = """
import json, resource, sys
from pathlib import Path
from ingestion.content import Content
from ingestion.formats.nem12_file import nem12_file
from ingestion.formats.profile import SourceProfile
from ingestion.formats.shaping import Sizes, shaped_file
path, profile = Path(sys.argv[1]), json.loads(sys.argv[2])
content, sizes = Content.unhashed(path), Sizes(block=1 << 17, part=1 << 17)
if profile is None:
    opened = nem12_file(content, path.name, sizes)
else:
    opened = shaped_file(content, path.name, SourceProfile.model_validate(profile), sizes)
with opened as file:
    records = sum(len(table.lines) for table in file.tables())
print(json.dumps([records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""
_FIRST = date(2026, 1, 1)
BY_POINT = {"metering_point": {"column": "point"}, "points": 24}


def _wide(day: date) -> str:
    return "".join(f"MP{point},{day}{',12345.678' * 24}\n" for point in range(100))


def _long(day: date) -> str:
    stamps = [f"{day} {hour:02d}:00" for hour in range(1, 24)] + [f"{day + timedelta(days=1)} 00:00"]
    return "".join(f"MP{point},{stamp},12345.678\n" for stamp in stamps for point in range(100))


def _nem(day: date) -> str:
    details = "200,NMI1,E1,1,E1,N1,M1,kWh,60,\n"
    return details + f"300,{day:%Y%m%d}{',12345.678' * 24},A,,,,\n"


CASES: dict[str, tuple[dict[str, Any] | None, str, Any, int, int]] = {
    "wide": (WIDE, "point,day," + ",".join(f"v{n:02d}" for n in range(1, 25)), _wide, 3, 100),
    "long": (LONG | BY_POINT, "point,stamp,value", _long, 2, 100),
    "nem12": (None, "100,NEM12,202609010000,A,B", _nem, 1, 1),
}


@pytest.mark.parametrize("case", CASES)
def test_tables__peak_memory_does_not_grow_with_the_file(case: str, tmp_path: Path) -> None:
    profile, header, write, megabytes, a_day = CASES[case]
    peaks = []
    for size in (megabytes * MEGABYTE, 3 * megabytes * MEGABYTE):
        path = tmp_path / f"{size}.csv"
        written = days = 0
        with path.open("w", encoding="utf-8") as file:
            file.write(header + "\n")
            while written < size:
                written += file.write(write(_FIRST + timedelta(days=days)))
                days += 1
        command = [sys.executable, "-c", _CHILD, str(path), json.dumps(profile)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        records, peak = json.loads(done.stdout)
        assert records == days * a_day
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 2 * megabytes * MEGABYTE, "not even by the text of what it grew by"
