"""Reading in blocks says exactly what reading at once says, whatever the size of a block."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import csv_file
from ingestion.content import IN_MEMORY, Content
from ingestion.csv_file import CsvFile, PlainBlock, ReadBlock, UnclosedQuote
from ingestion.feeds.meter_day import FEED
from ingestion.file_landing import parse_block
from ingestion.parsing import parse_records
from ingestion.plain import parse_plain
from ingestion.readers import read_csv
from ingestion.refusals import RefusalLog
from ingestion.report import FileRefused, Refusal

Line = Callable[..., str]
_PIECES = st.sampled_from(
    [
        "a",
        "1",
        ",",
        ",",
        '"',
        '"x,\n"',
        '""',
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "é",
        "\u2028",
        "\x1c",
        "\x00",
        ";",
    ]
)


def _whole(content: bytes) -> tuple[list[str], list[tuple[int, str]], list[tuple[int, str, str]]] | str:
    try:
        raw = read_csv(content)
    except FileRefused as refused:
        return refused.code
    rows = [(line, "\x1f".join(cells)) for line, cells in zip(raw.lines, raw.cells.tolist(), strict=True)]
    return raw.header, rows, sorted((b.line_no, b.raw, b.code) for b in raw.broken)


def _in_blocks(
    content: bytes, size: int
) -> tuple[list[str], list[tuple[int, str]], list[tuple[int, str, str]]] | str:
    for by_line in (False, True):
        rows, broken = [], []
        try:
            file = CsvFile(Content.of_bytes(content), by_line=by_line)
            for block in file.blocks(size):
                raw = block.raw()
                assert all(line <= block.last_line for line in raw.lines)
                for line, cells in zip(raw.lines, raw.cells.tolist(), strict=True):
                    rows.append((line, "\x1f".join(cells)))
                    (again,) = block.raw({line}).cells.tolist()
                    assert again == cells
                broken += [(b.line_no, b.raw, b.code) for b in raw.broken]
        except UnclosedQuote:
            continue
        except FileRefused as refused:
            return refused.code
        return file.header, rows, sorted(broken)
    raise AssertionError("a file read by line has no unclosed quote")


@settings(max_examples=400, deadline=None)
@given(text=st.lists(_PIECES, max_size=40).map("".join), size=st.integers(1, 30), careful=st.integers(1, 30))
def test_blocks__say_what_the_whole_file_says(text: str, size: int, careful: int) -> None:
    content = ("h1,h2\n" + text).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "_CAREFUL_BYTES", careful)
        assert _in_blocks(content, size) == _whole(content)


@given(text=st.lists(_PIECES, max_size=20).map("".join))
def test_header__is_that_of_the_whole_file(text: str) -> None:
    assert _in_blocks(text.encode(), 7) == _whole(text.encode())


def test_blocks__wrong_byte_is_named_by_its_place_in_the_file() -> None:
    content = b"\xef\xbb\xbfh1,h2\n" + b"1,2\n" * 10 + b"3,\xff\n"
    with pytest.raises(FileRefused, match="byte 0xff at position 51") as refused:
        [block.raw() for block in CsvFile(Content.of_bytes(content)).blocks(16)]
    assert refused.value.line_no == 12


def test_blocks__are_bounded() -> None:
    content = b"h1,h2\n" + b"1,2\n" * 50_000
    blocks = list(CsvFile(Content.of_bytes(content)).blocks(10_000))
    assert len(blocks) > 19
    assert all(isinstance(block, PlainBlock) and len(block.data) <= 10_000 for block in blocks)


def test_content__large_file_that_changes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(IN_MEMORY + 1)
    content = Content.of_path(path)
    content.open().close()
    with path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(FileRefused) as refused:
        content.check_unchanged()
    assert refused.value.code == "CHANGED_WHILE_READ"


_ODD = """1 0.125 -0 -1 .5 5. 1e3 NaN inf 0x10 +1 1.0001 1.2000 2147483.647 2147483.648 x 1_0 1.2.3 --1 é
1.00000000000000001 00000000000001.5"""
_CELLS = st.sampled_from([*_ODD.split(), "", " 1", "1 "]) | st.integers(0, 9_999_999).map(
    lambda n: f"{n // 1000}.{n % 1000:03d}"
)
_IDS = st.sampled_from(["MP1", "MP2", " MP3", "MP4 ", "", "点5", "6" * 22, "7" * 201, "a\tb", "x\x7f"])


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(
        st.tuples(_IDS, st.sampled_from(["2026-09-01", "2026/9/2", "1999-01-01", "x", ""]), _CELLS, _CELLS),
        min_size=1,
        max_size=4,
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_parse_plain__is_exactly_the_careful_way_or_none(
    rows: list[tuple[str, str, str, str]], end: str
) -> None:
    lines = [",".join(FEED.file_columns)]
    for point, day, first, last in rows:
        lines.append(",".join([point, "active_import", day, "", first, *["1.5"] * 94, last]))
    (block,) = CsvFile(Content.of_bytes(end.join(lines).encode())).blocks()
    assert isinstance(block, PlainBlock)
    quick = parse_plain(FEED, block, "f.csv")
    careful = parse_records(FEED, block.raw(), "f.csv", checks_duplicates=False)
    if quick is None:
        return
    assert careful.refusals == []
    assert (quick.lines, quick.values, quick.findings) == (careful.lines, careful.values, careful.findings)
    assert quick.slots is not None
    assert careful.slots is not None
    assert quick.slots.tolist() == careful.slots.tolist()
    assert quick.missing is not None
    assert careful.missing is not None
    assert quick.missing.tolist() == careful.missing.tolist()


def test_parse_plain__takes_a_clean_day_and_leaves_an_odd_one(meter_line: Line) -> None:
    def block(*lines: str) -> PlainBlock:
        text = "\n".join([",".join(FEED.file_columns), *lines])
        (found,) = CsvFile(Content.of_bytes(text.encode())).blocks()
        assert isinstance(found, PlainBlock)
        return found

    clean = [meter_line(f"MP{n}", slots={"p05": ""} if n == 7 else None) for n in range(20)]
    assert parse_plain(FEED, block(*clean), "f") is not None
    for slots in ({"p01": "1e3"}, {"p96": "0.1234"}, {"p50": " 1"}, {"p02": "-1"}, {"p03": "2147483.648"}):
        assert parse_plain(FEED, block(*clean, meter_line("MPx", slots=slots)), "f") is None
    assert parse_plain(FEED, block(*clean, ",,,"), "f") is None
    assert parse_block(FEED, block(*clean, meter_line("MPx", slots={"p01": "x"})), "f").refusals


def test_careful_block__of_records_with_quotes(meter_line: Line) -> None:
    text = "\n".join([",".join(FEED.file_columns), '"MP,1"' + meter_line()[3:], meter_line("MP2")])
    (block,) = CsvFile(Content.of_bytes(text.encode())).blocks()
    assert isinstance(block, ReadBlock)
    assert parse_block(FEED, block, "f").values["metering_point_id"] == ["MP,1", "MP2"]


def test_refusal_log__spills_and_keeps_the_order() -> None:
    made = [Refusal("f", None, line, None, None, "X", str(line), "raw") for line in (9, 3, 7, 1, 5)]
    with RefusalLog[Refusal](kept=2) as log:
        log.add(made[:3])
        assert [refusal.line_no for refusal in log] == [9, 3, 7]
        log.add(made[3:])
        assert len(log) == 5
        assert list(log) == made
        assert [refusal.line_no for refusal in log.reported()] == [1, 3]
