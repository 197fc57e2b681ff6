"""Blocks as DOCX. Equal documents give equal bytes: dates come from the document, none from the clock."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from typing import Any, Final

import docx
from docx.document import Document as WordFile
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from ingestion.documents.blocks import (
    Document,
    Field,
    Heading,
    Paragraph,
    Signature,
    Table,
)
from ingestion.documents.language import Lang

_TEXT: Final = ("Times New Roman", "宋体")
_HEAD: Final = ("Arial", "黑体")
"""Fonts that every office program has, Latin and Chinese; a DOCX names fonts and does not carry them."""
_PAPER: Final = (21.0, 29.7)
_SIDE_MARGINS: Final = 5.2
"""Centimetres: A4, and both margins together."""
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def docx_bytes(document: Document) -> bytes:
    """The DOCX file; its creation date is the document's."""
    word = docx.Document()
    _page(word, document)
    title = word.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(16)
    _run(title, document.title, 18, _HEAD)
    for block in document.blocks:
        match block:
            case Heading(text):
                _heading(word, text)
            case Paragraph(text):
                _paragraph(word, text, document.lang)
            case Field(label, value):
                _field(word, label, value, document.lang)
            case Table():
                _table(word, block, _PAPER[document.is_wide] - _SIDE_MARGINS)
            case Signature():
                _signature(word, block)
    _properties(word, document)
    draft = io.BytesIO()
    word.save(draft)
    return _without_clock(draft.getvalue())


def _page(word: WordFile, document: Document) -> None:
    section = word.sections[0]
    width, height = reversed(_PAPER) if document.is_wide else _PAPER
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(_SIDE_MARGINS / 2)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.4)
    header = section.header.paragraphs[0]
    _run(header, f"{document.title}    {document.subject}", 8, _HEAD)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    words = ("第 ", " 页　共 ", " 页") if document.lang == "zh" else ("Page ", " of ", "")
    for text, field in zip(words, ("PAGE", "NUMPAGES", None), strict=True):
        _run(footer, text, 8, _HEAD)
        if field:
            _counter(_run(footer, "", 8, _HEAD), field)


def _counter(run: Run, name: str) -> None:
    """A field that Word fills in."""
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        element: Any = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)


def _run(paragraph: WordParagraph, text: str, size: float, fonts: tuple[str, str] = _TEXT) -> Run:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), fonts[0]
    properties: Any = run._r.get_or_add_rPr()
    properties.rFonts.set(qn("w:eastAsia"), fonts[1])
    return run


def _heading(word: WordFile, text: str) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(6)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, text, 11.5, _HEAD)


def _paragraph(word: WordFile, text: str, lang: Lang) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.line_spacing = 1.4
    if lang == "zh":
        paragraph.paragraph_format.first_line_indent = Pt(21)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _run(paragraph, text, 10.5)


def _field(word: WordFile, label: str, value: str, lang: Lang) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.left_indent = Cm(4.2)
    paragraph.paragraph_format.first_line_indent = Cm(-4.2)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(4.2))
    _run(paragraph, f"{label}{'：' if lang == 'zh' else ':'}\t", 10.5, _HEAD)
    _run(paragraph, value, 10.5)


def _table(word: WordFile, block: Table, width: float) -> None:
    """A table of ``width`` centimetres."""
    parts = block.widths or (1,) * len(block.columns)
    table = word.add_table(rows=0, cols=len(block.columns))
    table.style = word.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, texts in enumerate((block.columns, *block.rows)):
        row: Any = table.add_row()
        if place == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for column, text in enumerate(texts):
            row.cells[column].width = Cm(width * parts[column] / sum(parts))
            paragraph = row.cells[column].paragraphs[0]
            if column in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            is_head = place == 0 or place - 1 in block.strong
            _run(paragraph, text, 9.5, _HEAD if is_head else _TEXT)
    word.add_paragraph().paragraph_format.space_after = Pt(2)


def _signature(word: WordFile, block: Signature) -> None:
    word.add_paragraph().paragraph_format.space_after = Pt(18)
    table = word.add_table(rows=1, cols=2)
    for cell, lines in zip(table.rows[0].cells, (block.left, block.right), strict=True):
        for place, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(22)
            paragraph.paragraph_format.keep_with_next = True
            _run(paragraph, line, 10.5)


def _properties(word: WordFile, document: Document) -> None:
    made_at = datetime.combine(document.dated_on, time())
    properties = word.core_properties
    properties.title, properties.subject = document.title, document.subject[:255]  # the format allows no more
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = made_at
    properties.language = document.lang


def _without_clock(content: bytes) -> bytes:
    """The same archive with a fixed time in every entry, which the library takes from the clock."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
