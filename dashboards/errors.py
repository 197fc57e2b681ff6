"""What goes wrong with the cockpit's source, and the exceptions that carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class AssetProblem:
    """One mistake in the source tree: the file, the place inside it, what is wrong and the remedy."""

    file: str
    where: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """One line: `charts.yml: kpi_margin.dataset: unknown dataset 'kpj'. Remedy: …`."""
        return f"{self.file}: {self.where}: {self.message}. Remedy: {self.remedy}"


class AssetError(Exception):
    """The source tree cannot be used; `problems` names every mistake found."""

    def __init__(self, problems: Sequence[AssetProblem]) -> None:
        """Keep the problems, and show them one a line."""
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SupersetError(RuntimeError):
    """Superset could not be deployed or served; the message names the log and the remedy."""
