"""A refused workbook comes back annotated: a copy in which each bad cell is marked and says what is wrong.

Only cells change their fill and get a comment; no sheet, row or column is added, so the corrected copy can be
delivered as it is. Formulas stay formulas.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.formats.sheet_cells import Filled, TooLarge, check_bounds, filled_cells
from ingestion.report import BatchReport, Refusal

AUTHOR = "WattLedger"
MARK = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
NOT_WRONG = ("UNCHANGED", "UNEXPECTED_FAULT")  # nothing in the file for a person to correct
_FIXED = (1980, 1, 1, 0, 0, 0)  # equal input gives equal bytes: no clock in the archive
_WIDTH, _HEIGHT = 420, 140


def annotate_file(path: Path, reports: Iterable[BatchReport], out: Path) -> Path | None:
    """Write the annotated copy of ``path`` to ``out``; None when nothing in it was refused.

    ``reports`` are those of the intake; only those of this file count. Raises OSError when a file cannot be
    read or written, and ValueError when ``path`` is not a readable workbook (then no cell can be marked).
    """
    own = [report for report in reports if report.file_name == path.name]
    if not is_annotatable(path.name, own):
        return None
    out.write_bytes(annotate_workbook(path.read_bytes(), own, keep_vba=path.suffix.lower() == ".xlsm"))
    return out


def annotate_workbook(content: bytes, reports: Sequence[BatchReport], *, keep_vba: bool = False) -> bytes:
    """The workbook with every refusal of ``reports`` marked; equal input gives equal bytes."""
    try:
        check_bounds(content)
        workbook = load_workbook(io.BytesIO(content), keep_vba=keep_vba)
    except TooLarge:
        raise
    except Exception as error:  # openpyxl raises whatever the damaged part of the archive provokes
        raise ValueError(f"not a readable workbook, so no cell can be marked ({error})") from error
    if not workbook.worksheets:
        raise ValueError("no sheet in which a cell could be marked")
    reasons: dict[tuple[str, str], list[str]] = {}
    filled: dict[str, Filled] = {}
    for refusal in _wrong(reports):
        sheet = _sheet(workbook, refusal)
        if sheet.title not in filled:
            filled[sheet.title] = filled_cells(sheet)
        for cell in _cells(sheet, refusal, filled[sheet.title]):
            texts = reasons.setdefault((sheet.title, cell.coordinate), [])
            if refusal.message not in texts:
                texts.append(refusal.message)
    for (title, coordinate), texts in reasons.items():
        _mark(workbook[title][coordinate], texts)
    try:
        return _saved(workbook, _created(content, workbook))
    except Exception as error:  # a damaged cell, style or link that was read can be impossible to write
        raise ValueError(f"holds what cannot be saved again ({type(error).__name__}: {error})") from error


def is_annotatable(file_name: str, reports: Iterable[BatchReport]) -> bool:
    """True when the file is a workbook in which something can be corrected."""
    return Path(file_name).suffix.lower() in (".xlsx", ".xlsm") and any(_wrong(reports))


def _wrong(reports: Iterable[BatchReport]) -> Iterator[Refusal]:
    """Refusals that a person can do something about."""
    for report in reports:
        yield from (refusal for refusal in report.refusals if refusal.code not in NOT_WRONG)


def _sheet(workbook: Workbook, refusal: Refusal) -> Worksheet:
    """Sheet of a refusal; the first one for a refusal of the whole file."""
    wanted = (refusal.sheet or "").strip().lower()
    for sheet in workbook.worksheets:
        if sheet.title.strip().lower() == wanted:
            return sheet
    return workbook.worksheets[0]


def _cells(sheet: Worksheet, refusal: Refusal, filled: Filled) -> list[Cell]:
    """Bad cells of a refusal: its fields in its row; else the row's first filled cell; else A1."""
    row = refusal.line_no or 1
    names = {name.strip().lower() for name in (refusal.field or "").split(",")} - {""}
    columns = filled.columns(names, row) or [filled.first_column.get(row, 1)]
    return [_anchor(sheet, row, column) for column in columns]


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell; for one inside a merged range the range's first, which is the one that shows."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
        cell = sheet.cell(area.min_row, area.min_col)
    assert isinstance(cell, Cell)
    return cell


def _mark(cell: Cell, texts: list[str]) -> None:
    """Fill the cell and put the reasons beside it; a comment that was there stays above them."""
    if cell.comment is not None and cell.comment.author != AUTHOR:
        texts = [cell.comment.text, *texts]
    cell.fill = MARK
    cell.comment = Comment("\n\n".join(texts), AUTHOR, height=_HEIGHT, width=_WIDTH)


def _saved(workbook: Workbook, created: datetime) -> bytes:
    """Bytes of the workbook without the clock's traces: its time of change is that of its creation."""
    workbook.properties.created = created
    stream, out = io.BytesIO(), io.BytesIO()
    workbook.save(stream)
    stamps = [workbook.properties.modified, created]  # save() has just set the first
    now, fixed = (f">{stamp:%Y-%m-%dT%H:%M:%SZ}<".encode() for stamp in stamps if stamp)
    with ZipFile(stream) as saved, ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in saved.namelist():
            data = saved.read(name)
            if name == "docProps/core.xml":
                data = data.replace(now, fixed)
            info = ZipInfo(name, _FIXED)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def _created(content: bytes, workbook: Workbook) -> datetime:
    """When the workbook says it was made; a fixed day when it does not say (openpyxl then says: now)."""
    with ZipFile(io.BytesIO(content)) as archive:
        core = "docProps/core.xml"
        says = core in archive.namelist() and b"created" in archive.read(core)
    return (workbook.properties.created if says else None) or datetime(*_FIXED)
