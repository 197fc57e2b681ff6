"""What is wrong in a package file or in the inputs of a pricing: file, line, path, value and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PackageError:
    """One thing wrong; ``path`` is dotted, ``allowed`` is the remedy, ``caret`` the place in a formula."""

    file: Path
    line: int | None
    path: str
    value: str
    message: str
    allowed: str = ""
    caret: str = ""

    def __str__(self) -> str:
        """For a terminal: file:line, path, value, what is wrong, what is allowed; below it the formula."""
        place = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        value = f" = {self.value}" if self.value else ""
        remedy = f"; allowed: {self.allowed}" if self.allowed else ""
        shown = "".join(f"\n    {line}" for line in self.caret.split("\n")) if self.caret else ""
        return f"{place}: {self.path or '(file)'}{value}: {self.message}{remedy}{shown}"


class PackageFileError(ValueError):
    """Files that cannot be used; ``errors`` holds every error of every file."""

    def __init__(self, errors: Sequence[PackageError]) -> None:
        """Keep the errors and list them all in the message."""
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))
