"""Settings of a source whose records are JSON objects: what its fields and words are in the feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from ingestion.connectors.readings import Record, Unreadable
from ingestion.connectors.settings import ConnectorSettings
from ingestion.feeds.register_reading import FEED


class MappedSettings(ConnectorSettings):
    """A connector whose source speaks JSON.

    ``fields`` names the source's field of a feed column where they differ, ``constants`` gives columns that
    the source does not send, ``words`` translates the source's words of a column.
    """

    fields: Mapping[str, str] = Field(default_factory=dict)
    constants: Mapping[str, str] = Field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        """Refuse a column that the feed does not have."""
        for part in ("fields", "constants", "words"):
            for column in getattr(self, part):
                if column not in FEED.file_columns:
                    known = ", ".join(FEED.file_columns)
                    raise ValueError(f"{part}: {column!r} is no column of {FEED.name}; columns are {known}")
        return self

    def record(self, sent: object) -> Record | Unreadable:
        """One record of the source under the feed's column names."""
        if isinstance(sent, Unreadable):
            return sent
        if not isinstance(sent, Mapping):
            return Unreadable(str(sent))
        values: dict[str, object] = {}
        for column in FEED.file_columns:
            value = sent.get(self.fields.get(column, column), self.constants.get(column))
            values[column] = self.words.get(column, {}).get(str(value), value)
        if all(value is None for value in values.values()):
            return Unreadable(str(dict(sent)))
        return values
