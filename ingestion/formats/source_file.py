"""A source's bytes to a header and texts, as its profile says: encoding, delimiter, sheet, header row."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl import load_workbook

from ingestion.formats.profile import SourceProfile
from ingestion.readers import RawTable, physical_lines, read_csv, read_workbook
from ingestion.report import FileRefused

WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class SourceTable:
    """A raw table; ``names`` is its header as written, which ``raw.header`` holds in lower case."""

    raw: RawTable
    names: list[str]

    def position(self, column: str, key: str) -> int:
        """Index of a column; FileRefused when it is absent or stands twice. ``key`` is its profile key."""
        wanted = column.strip().lower()
        found = [index for index, name in enumerate(self.raw.header) if name == wanted]
        if len(found) == 1:
            return found[0]
        shown = ", ".join(self.names[:8]) + (" …" if len(self.names) > 8 else "")
        raise FileRefused(
            "DUPLICATE_COLUMN" if found else "MISSING_COLUMN",
            f"stands {len(found)} times in the header ({shown}); the profile names it as {key}",
            f"correct {key} in the profile, or the header",
            line_no=self.raw.header_line,
            field_name=column,
            value=column,
        )

    def texts(self, index: int) -> list[str]:
        """Stripped texts of a column."""
        return [str(text).strip() for text in self.raw.cells[:, index].tolist()]


def read_source(content: bytes, file_name: str, profile: SourceProfile) -> SourceTable:
    """Read CSV or XLSX; FileRefused when the profile's encoding, sheet or header row is not there."""
    if Path(file_name).suffix.lower() in WORKBOOKS:
        return _read_workbook(content, profile)
    text = _decode(content, profile)
    if profile.delimiter != ",":
        text = with_commas(text, profile.delimiter)
    if profile.header_row > 1:
        # a title above the header is blanked, not cut, so that line numbers stay those of the file
        lines = text.split("\n")
        text = "\n".join([""] * (profile.header_row - 1) + lines[profile.header_row - 1 :])
    raw = read_csv(text.encode("utf-8", "surrogatepass"))
    check_header_row(profile, raw.header_line)
    return SourceTable(raw, header_as_written(raw.header, text.split("\n")[raw.header_line - 1]))


def header_as_written(header: list[str], line: str) -> list[str]:
    """Names of ``header`` in the case in which its line has them."""
    try:
        names = next(csv.reader([line]), [])
    except csv.Error:
        names = []  # lines that end in a bare CR: the names as the reader has them will do
    return _padded(header, names)


def _padded(header: list[str], names: list[str]) -> list[str]:
    """Names stripped and padded to the header's width."""
    stripped = [name.strip() for name in names[: len(header)]]
    if [name.lower() for name in stripped] != header[: len(stripped)]:
        stripped = list(header)  # a header cell over several lines: as the reader sees it
    return stripped + [""] * (len(header) - len(stripped))


def codec_of(encoding: str) -> str:
    """Python's name of a profile's encoding; GB 18030 is GBK and what grew out of it."""
    return "utf-8" if encoding == "utf-8" else "gb18030"


def wrong_encoding(profile: SourceProfile, byte: int, position: int, line_no: int) -> FileRefused:
    """The refusal of a byte that is not in the encoding that the profile declares."""
    other = "gbk" if profile.encoding == "utf-8" else "utf-8"
    return FileRefused(
        "WRONG_ENCODING",
        f"byte 0x{byte:02x} at position {position} is not {profile.encoding}, which the profile declares",
        f"set encoding: {other} in the profile if that is what the source writes",
        line_no=line_no,
    )


def _decode(content: bytes, profile: SourceProfile) -> str:
    """Text in the encoding that the profile declares, or FileRefused naming line and byte."""
    # the byte-order mark is taken off afterwards: utf-8-sig would count positions from behind it
    try:
        text = content.decode(codec_of(profile.encoding))
    except UnicodeDecodeError as error:
        line_no = content.count(b"\n", 0, error.start) + 1
        raise wrong_encoding(profile, content[error.start], error.start, line_no) from error
    return text.removeprefix("\ufeff") if profile.encoding == "utf-8" else text


def with_commas(text: str, delimiter: str) -> str:
    """The same records, one per physical line, separated by commas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for line in physical_lines(text):
        if '"' in line or "," in line:
            try:
                writer.writerow(next(csv.reader([line], delimiter=delimiter, strict=True), []))
            except csv.Error:
                out.write(line + "\n")  # stays broken, for the reader to name its line
        else:
            out.write(line.replace(delimiter, ",") + "\n")
    return out.getvalue()


def _read_workbook(content: bytes, profile: SourceProfile) -> SourceTable:
    """One sheet: the one that the profile names, or the only one."""
    sheets = read_workbook(content)
    wanted = profile.sheet.strip().lower() if profile.sheet else None
    if wanted is None and len(sheets) == 1:
        wanted = next(iter(sheets))
    if wanted is None or wanted not in sheets:
        raise FileRefused(
            "UNKNOWN_SHEET",
            f"has the filled sheets {', '.join(sheets) or 'none'}",
            "name the sheet that holds the readings as sheet in the profile",
            field_name="sheet",
            value=profile.sheet or "",
        )
    raw = _under_header(sheets[wanted], profile)
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    row = next(workbook[str(raw.sheet)].iter_rows(min_row=raw.header_line, max_row=raw.header_line), ())
    names = [str(cell.value).strip() if cell.value is not None else "" for cell in row]
    workbook.close()
    return SourceTable(raw, _padded(raw.header, names))


def _under_header(raw: RawTable, profile: SourceProfile) -> RawTable:
    """The table below the profile's header row; rows above it are titles."""
    if raw.header_line == profile.header_row:
        return raw
    if profile.header_row not in raw.lines:
        raise _no_header(profile, raw.header_line)
    at = raw.lines.index(profile.header_row)
    header = [str(name).strip().lower() for name in raw.cells[at].tolist()]
    return replace(
        raw,
        header=header,
        header_line=profile.header_row,
        cells=raw.cells[at + 1 :],
        lines=raw.lines[at + 1 :],
    )


def check_header_row(profile: SourceProfile, found: int) -> None:
    """FileRefused when the first filled row is not the profile's header row."""
    if found != profile.header_row:
        raise _no_header(profile, found)


def _no_header(profile: SourceProfile, found: int) -> FileRefused:
    """The profile's header row is blank."""
    return FileRefused(
        "NO_HEADER",
        f"has no header in row {profile.header_row}, as the profile says; the first filled row is {found}",
        f"set header_row: {found} in the profile if the header is there",
        line_no=profile.header_row,
    )
