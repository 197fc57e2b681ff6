"""Checkpoint: how far a source has been read *and committed*, kept in one small file.

It is written after the landing transaction. A crash in between repeats the last delivery, which lands nothing
(the same content is a duplicate, the same record is UNCHANGED): nothing is lost and nothing is doubled.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path


class CheckpointError(ValueError):
    """A checkpoint file that cannot be trusted; the message names file and remedy."""


@dataclass(frozen=True)
class Checkpoint:
    """One named position (texts by name) in a file of its own."""

    path: Path

    def read(self) -> dict[str, str]:
        """Position, empty when the source was never read. Raises CheckpointError for a damaged file."""
        try:
            content = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError:
            content = None
        if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
            raise CheckpointError(
                f"{self.path}: is not a checkpoint. Remedy: delete it; the source is then read from its "
                "start, and what landed before is not landed again."
            )
        return content

    def write(self, position: dict[str, str]) -> None:
        """Replace the position; a crash leaves the old one or the new one, never half."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(self.path.suffix + ".part")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(position, file, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
