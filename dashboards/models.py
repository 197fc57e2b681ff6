"""The shapes of the hand-written YAML: datasets, charts, dashboards, access. Unknown keys are mistakes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")


class Shape(BaseModel):
    """Base of every shape: immutable, and closed to keys nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Shape):
    """A text that people read, in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en


class Column(Shape):
    """A column of a dataset; without a label it is shown by its name."""

    name: Key
    type: str
    time: bool = False
    label: Text | None = None


class Metric(Shape):
    """A saved metric: an SQL aggregate over the dataset's columns, with a d3 number format."""

    name: Key
    label: Text
    sql: str
    format: str | None = None


class Dataset(Shape):
    """Either `sql` (virtual, once per language) or `relation` (a mart as it stands, once)."""

    description: Text
    sql: str | None = None
    relation: Annotated[str, StringConstraints(pattern=r"^marts_[a-z]+\.[a-z][a-z0-9_]*$")] | None = None
    texts: dict[Key, Text] = {}
    time_column: Key | None = None
    columns: list[Column]
    metrics: list[Metric] = []


class Chart(Shape):
    """A chart: preset + dataset + its own parameters; `where` fixes one value per column."""

    title: Text
    preset: Key
    dataset: Key
    where: dict[Key, str] = {}
    params: dict[str, Any] = {}


class NativeFilter(Shape):
    """A filter over one column; `spares` lists charts it does not touch, `after` its parent filters.

    `first` sets it to its first value from the start and keeps it from being emptied.
    """

    key: Key
    name: Text
    dataset: Key
    column: Key
    multiple: bool = True
    newest_first: bool = False
    first: bool = False
    after: list[Key] = []
    spares: list[Key] = []


class Tile(Shape):
    """A chart or a markdown text, `width` of 12 columns wide.

    In a text, `[[nav]]` stands for the links to the dashboards and to the same page in the other language.
    """

    width: int = Field(ge=1, le=12)
    chart: Key | None = None
    markdown: Text | None = None


class Row(Shape):
    """Tiles side by side, `height` grid units (8 px) high."""

    height: int = Field(ge=1)
    tiles: list[Tile] = Field(min_length=1)


class Colour(Shape):
    """The fixed colour of one series, by the label it shows or by its metric's name."""

    series: Text | Key
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Dashboard(Shape):
    """One dashboard, rendered once per language as `<key>-<language>`.

    `place` orders the links between dashboards.
    """

    key: Key
    place: int = Field(ge=1)
    title: Text
    description: Text
    colours: list[Colour] = []
    filters: list[NativeFilter] = []
    rows: list[Row] = Field(min_length=1)
    css: str = ""


class Warehouse(Shape):
    """The connection that datasets read through."""

    key: Key
    name: str
    expose_in_sql_lab: bool = False


class Role(Shape):
    """A business role: the dashboard it lands on, and whether it keeps the analyst's tools."""

    home: Key
    analyst: bool = False


class User(Shape):
    """A user; the password comes from the caller of the deployment."""

    username: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$")]
    first: str
    last: str
    roles: list[str] = Field(min_length=1)


class RuleClause(Shape):
    """An SQL condition that Superset adds to every query on the named datasets."""

    datasets: list[Key] = Field(min_length=1)
    where: str


class RowRule(Shape):
    """A row-level rule: whom it binds, which warehouse columns it guards, and its clauses."""

    roles: list[str] = Field(min_length=1)
    guards: list[Key] = Field(min_length=1)
    clauses: list[RuleClause] = Field(min_length=1)


class Platform(Shape):
    """Everything about access that an import bundle cannot hold."""

    roles: dict[str, Role]
    without: list[tuple[str, str]]
    dashboards: dict[Key, list[str]]
    users: list[User]
    row_rules: dict[Key, RowRule]
