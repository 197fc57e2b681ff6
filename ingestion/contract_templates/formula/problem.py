"""What is wrong with a formula, and at which character."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that is refused. ``offset`` counts characters from 0; the message says what is allowed."""

    def __init__(self, message: str, text: str, offset: int) -> None:
        """Keep the place; the message alone is what a list of errors prints."""
        super().__init__(message)
        self.message = message
        self.text = text
        self.offset = max(0, min(offset, len(text)))

    @property
    def line(self) -> int:
        """Line of the formula, from 1."""
        return self.text.count("\n", 0, self.offset) + 1

    @property
    def column(self) -> int:
        """Column in that line, from 1."""
        return self.offset - (self.text.rfind("\n", 0, self.offset) + 1) + 1

    @property
    def caret(self) -> str:
        """The formula's line with a caret under the character; a long line is cut around it."""
        lines = self.text.split("\n")
        line, before = lines[self.line - 1].replace("\t", " "), self.column - 1
        start = max(0, before - 60)
        return f"{line[start : start + 120]}\n{' ' * (before - start)}^"
