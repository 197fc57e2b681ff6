"""Which files of a folder are deliveries, in which order, and what the manifest says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ingestion.connectors.drop_folder import discover


def _write(folder: Path, *names: str, manifest: str | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("x\n", encoding="utf-8")
    if manifest is not None:
        (folder / "manifest.csv").write_text(manifest, encoding="utf-8")


def test_discover__oldest_knowledge_first_undeclared_last(tmp_path: Path) -> None:
    _write(
        tmp_path,
        "a.csv",
        "b.csv",
        "c.csv",
        manifest="file_name,known_at,source\nb.csv,2026-09-02 08:30,grid\nc.csv,2026-09-01T00:00:00Z,\n",
    )
    found = discover([tmp_path])
    assert [d.file_name for d in found] == ["c.csv", "b.csv", "a.csv"]
    assert found[1].known_at == datetime(2026, 9, 2, 0, 30, tzinfo=UTC)
    assert [d.source for d in found] == ["drop_folder", "grid", "drop_folder"]
    assert found[2].known_at is None


def test_discover__walks_folders_and_skips_what_is_no_data(tmp_path: Path) -> None:
    _write(tmp_path / "2026" / "09", "a.csv")
    _write(tmp_path, "~$open.xlsx", ".hidden.csv", "README.md", "b.txt")
    _write(tmp_path / ".git", "c.csv")
    assert [d.file_name for d in discover([tmp_path])] == ["a.csv", "b.txt"]


def test_discover__manifest_counts_for_a_file_named_alone(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", "b.csv", manifest="file_name,known_at,source\na.csv,2026-09-01 08:30,grid\n")
    (found,) = discover([tmp_path / "a.csv"])
    assert found.known_at == datetime(2026, 9, 1, 0, 30, tzinfo=UTC)


def test_discover__wrong_known_at_refuses_its_file_only(tmp_path: Path) -> None:
    _write(
        tmp_path,
        "a.csv",
        "b.csv",
        manifest="file_name,known_at,source\na.csv,soon,grid\nb.csv,2026-09-01,grid\n",
    )
    by_name = {d.file_name: d for d in discover([tmp_path])}
    assert by_name["b.csv"].refused is None
    refused = by_name["a.csv"].refused
    assert refused is not None
    message = refused.report("a.csv").refusals[0].message
    for part in ("a.csv", "line 2", "known_at", "'soon'", "manifest.csv", "Remedy: write it as"):
        assert part in message


def test_discover__broken_manifest_refuses_the_folder(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", manifest="file,when\na.csv,2026-09-01\n")
    (found,) = discover([tmp_path])
    assert found.refused is not None
    assert "file_name" in found.refused.problem


def test_discover__file_named_but_absent_is_reported(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", manifest="file_name,known_at,source\na.csv,,\ngone.csv,2026-09-01,grid\n")
    refused = [d.refused for d in discover([tmp_path]) if d.refused]
    assert [(r.code, r.line_no, r.value) for r in refused] == [("FILE_ABSENT", 3, "gone.csv")]


def test_discover__same_path_twice_is_one_delivery(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv")
    assert len(discover([tmp_path / "a.csv", tmp_path / "a.csv"])) == 1
