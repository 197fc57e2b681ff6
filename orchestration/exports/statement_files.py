"""Statements as files, one a customer and format; from a number on by two processes."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from threading import get_ident
from typing import Final

from ingestion.documents import DocumentError
from ingestion.documents.language import Lang
from ingestion.documents.pdf_writer import Typesetter
from orchestration.exports.manifest import Written
from orchestration.exports.statement_pdf import statement_document
from orchestration.exports.statement_xlsx import write_statement_xlsx
from orchestration.exports.statements import Statement, StatementError
from orchestration.exports.workbook import CellError

FOLDER: Final = "statements"
FORMATS: Final = ("xlsx", "pdf")
BATCH: Final = 50
POOL_FROM: Final = 400
"""Statements from which two processes are worth their start."""
_AHEAD: Final = 4
"""Batches that wait at most, so that memory does not grow with the number of customers."""
_MAX_NAME: Final = 200
"""Bytes of a file name without its suffix; file systems allow 255."""
_UNSAFE: Final = re.compile(r"^\.|[^\w.\-]")
Progress = Callable[[int], None]


def file_stem(customer_id: str) -> str:
    """A customer's number as a file name: it stays within its folder, and different numbers stay different.

    >>> [file_stem(number) for number in ("C001", "../a b", "客户1")]
    ['C001', '%2E.%2Fa%20b', '客户1']
    """
    stem = _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), customer_id)
    if len(stem.encode()) <= _MAX_NAME:
        return stem
    return f"{stem[:40]}-{hashlib.sha256(customer_id.encode()).hexdigest()[:32]}"


def write_statements(
    folder: Path,
    statements: Iterator[Statement],
    count: int,
    formats: Sequence[str],
    lang: Lang,
    on_progress: Progress,
) -> list[Written]:
    """Write the statements into ``folder``/statements; ``count`` says how many are expected.

    Raises StatementError naming the customer whose statement no file can hold.
    """
    wanted = tuple(name for name in FORMATS if name in formats)
    if not wanted:
        return []
    (folder / FOLDER).mkdir()
    batches = iter(lambda: list(islice(statements, BATCH)), [])
    written: list[Written] = []
    for files in _written(folder, batches, wanted, lang, in_pool=count >= POOL_FROM):
        written += files
        on_progress(len(files) // len(wanted))
    return written


def _written(
    folder: Path, batches: Iterator[list[Statement]], formats: tuple[str, ...], lang: Lang, *, in_pool: bool
) -> Iterator[list[Written]]:
    if not in_pool:
        for batch in batches:
            yield _batch(folder, batch, formats, lang)
        return
    # a fresh interpreter: the caller's threads and connections must not be copied
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[Written]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_batch, folder, batch, formats, lang))
            if len(waiting) >= _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _batch(folder: Path, batch: list[Statement], formats: tuple[str, ...], lang: Lang) -> list[Written]:
    return [_file(folder, statement, suffix, lang) for statement in batch for suffix in formats]


def _file(folder: Path, statement: Statement, suffix: str, lang: Lang) -> Written:
    name = f"{FOLDER}/{file_stem(statement.customer_id)}.{suffix}"
    try:
        if suffix == "xlsx":
            write_statement_xlsx(folder / name, statement, lang)
        else:
            _write_pdf(folder / name, statement, lang)
    except (CellError, DocumentError) as error:
        raise StatementError(f"statement of customer {statement.customer_id}: {error}") from error
    return Written(name, statement.total.lines)


def _write_pdf(path: Path, statement: Statement, lang: Lang) -> None:
    path.write_bytes(_typesetter(get_ident()).pdf(statement_document(statement, lang)))


@cache
def _typesetter(thread: int) -> Typesetter:
    """One a thread: reading the fonts takes longer than setting a statement."""
    return Typesetter()
