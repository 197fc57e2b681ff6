"""Building the folder: whole or not at all, nothing when it is there, never over someone else's files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingestion.sample import SampleFolderError, build_sample, fetch, profiles
from ingestion.sample.stamp import STAMP
from ingestion.sample.writer import Delivery


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, profiles: profiles.Profiles, deliveries: list[Delivery]) -> None:
    """Build from synthetic profiles the first hundred and fifty files, rendered once for the session."""
    few = deliveries[:150]
    monkeypatch.setattr("ingestion.sample.profiles.load_profiles", lambda cache: profiles)
    monkeypatch.setattr("ingestion.sample.deliveries.build_deliveries", lambda world, note: few)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.mark.usefixtures("offline")
def test_build_sample__second_call_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    told: list[tuple[int, int, str]] = []
    first = build_sample(folder, cache=tmp_path, on_progress=lambda *step: told.append(step))
    before = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    again = build_sample(folder, cache=tmp_path)
    assert (first.rebuilt, again.rebuilt) == (True, False)
    assert first.digest == again.digest
    assert {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} == before
    assert first.files == len(before) - 2  # manifest and stamp
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][0] == told[-1][1]


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("damage", ["lost file", "cut file", "no stamp", "stale code", "broken stamp"])
def test_build_sample__a_damaged_folder_is_built_again_as_it_was(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "inbox"
    build_sample(folder, cache=tmp_path)
    whole = contents(folder)
    victim = folder / "meter_day-2026-03-03.csv"
    if damage == "lost file":
        victim.unlink()
    elif damage == "cut file":
        victim.write_bytes(victim.read_bytes()[:100])
    elif damage == "no stamp":
        (folder / STAMP).unlink()
    elif damage == "stale code":
        stamp = (folder / STAMP).read_text()
        (folder / STAMP).write_text(stamp.replace('"inputs": "', '"inputs": "0'))
    else:
        (folder / STAMP).write_text("{")
    assert build_sample(folder, cache=tmp_path).rebuilt
    assert contents(folder) == whole


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("killed_at", ["write_bytes", "rename"])
def test_build_sample__killed_half_way_is_built_by_the_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    folder = tmp_path / "inbox"
    with monkeypatch.context() as patch:
        calls = 0

        def die(*_: object) -> None:
            nonlocal calls
            calls += 1
            if killed_at == "rename" or calls == 50:
                raise KeyboardInterrupt

        if killed_at == "write_bytes":
            patch.setattr(Path, "write_bytes", die)
        else:
            patch.setattr(os, "rename", die)
        with pytest.raises(KeyboardInterrupt):
            build_sample(folder, cache=tmp_path)
    assert not folder.exists()
    summary = build_sample(folder, cache=tmp_path)
    assert summary.rebuilt
    assert {p.name for p in tmp_path.iterdir()} == {"inbox"}


@pytest.mark.usefixtures("offline")
def test_build_sample__refuses_a_folder_with_someone_elses_file(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "my_thesis.docx").write_text("precious")
    with pytest.raises(SampleFolderError, match=r"my_thesis\.docx.*move them away"):
        build_sample(folder, cache=tmp_path)
    assert (folder / "my_thesis.docx").read_text() == "precious"


def test_raw_profiles__a_failed_fetch_leaves_no_half_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(target: Path) -> None:
        (target / "simbench").mkdir()
        (target / "simbench" / "half").write_text("")

    monkeypatch.setattr(fetch, "_install", half)
    with pytest.raises(fetch.SampleFetchError, match=r"LoadProfile\.csv: not in the wheel"):
        fetch.raw_profiles(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["fetch.lock"]


def test_raw_profiles__without_the_lock_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LOCK", tmp_path / "sample.lock")
    with pytest.raises(fetch.SampleFetchError, match=r"sample\.lock: not found"):
        fetch.raw_profiles(tmp_path)
