"""``notify.yml``: which alerts are told to whom, through which channel, in which language, and when not.

Checked as a whole before anything is sent. Secrets stay out of the file: an address names environment
variables as ``${NAME}``, which are read when a message is sent.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingestion.market_rules.yaml_source import PathPart, YamlDocument, read_yaml

FILE_NAME = "notify.yml"
NOTHING_IS_SENT = (
    "there is no notify.yml, so alerts are kept and nothing is sent; docs/alerts.md has one to copy"
)
Severity = Literal["info", "warn", "alarm"]
Told = Literal["opened", "updated", "escalated", "closed", "acknowledged"]
ChannelName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
_ADDRESS = r"^([a-z][a-z0-9+.-]*://|\$\{[A-Za-z_][A-Za-z0-9_]*\}).*$"
_REMEDY = "see docs/alerts.md for a file to copy"


class NotifyError(ValueError):
    """A notify.yml that cannot be used; each line names file, line, place, value and remedy."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class QuietHours(_Strict):
    """Hours of market time in which a message waits, over midnight if need be; ``unless`` passes at once."""

    begin: time = Field(alias="from")
    end: time = Field(alias="to")
    unless: tuple[Severity, ...] = ("alarm",)

    def first_moment(self, now: datetime, severity: str) -> datetime:
        """When a message of that severity may be sent: now, or the end of the quiet hours that now is in."""
        clock = now.timetz().replace(tzinfo=None)
        over_midnight = self.begin > self.end
        late, early = clock >= self.begin, clock < self.end
        is_quiet = (late or early) if over_midnight else (late and early)
        if severity in self.unless or not is_quiet:
            return now
        day = now.date() + timedelta(days=1 if over_midnight and late else 0)
        return datetime.combine(day, self.end, now.tzinfo)


class Channel(_Strict):
    """One place that can be told: an apprise address, the language spoken there, its quiet hours."""

    url: str = Field(pattern=_ADDRESS)
    language: Literal["zh", "en"] = "zh"
    quiet_hours: QuietHours | None = None


class Route(_Strict):
    """Alerts of these severities, kinds and owners (an empty list: of all) go to these channels."""

    channels: tuple[ChannelName, ...] = Field(min_length=1)
    severities: tuple[Severity, ...] = ("warn", "alarm")
    kinds: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    events: tuple[Told, ...] = ("opened", "updated", "escalated", "closed")

    def fits(self, *, event: str, severity: str, kind: str, owner: str) -> bool:
        """Whether an event of an alert takes this route."""
        return (
            event in self.events
            and severity in self.severities
            and (not self.kinds or kind in self.kinds)
            and (not self.owners or owner in self.owners)
        )


class NotifySettings(_Strict):
    """The whole file. ``value_steps``: by how much a kind's value must move to be told again."""

    channels: dict[ChannelName, Channel] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)
    value_steps: dict[str, Annotated[Decimal, Field(gt=0)]] = {"deviation": Decimal("0.01")}
    give_up_after_hours: int = Field(default=72, ge=1, le=24 * 31)

    def channels_for(self, *, event: str, severity: str, kind: str, owner: str) -> list[str]:
        """Channels that are told of an event, each once, in the order of the file."""
        fitting = [r for r in self.routes if r.fits(event=event, severity=severity, kind=kind, owner=owner)]
        return list(dict.fromkeys(name for route in fitting for name in route.channels))


DEFAULT_VALUE_STEPS: dict[str, Decimal] = NotifySettings.model_fields["value_steps"].default


def load_notify(path: Path) -> NotifySettings | None:
    """The settings of ``path``; None when there is no such file. Raises NotifyError with every fault."""
    if not path.exists():
        return None
    try:
        document = read_yaml(path)
    except OSError as error:
        raise NotifyError(f"{path}: cannot be read: {error}. Remedy: make it readable.") from error
    faults = [_fault(path, document, p.path, p.line, p.value, p.message) for p in document.problems]
    if faults:
        raise NotifyError("\n".join(faults))
    try:
        settings = NotifySettings.model_validate(document.data)
    except ValidationError as error:
        raise NotifyError("\n".join(_told(path, document, dict(part)) for part in error.errors())) from error
    for number, route in enumerate(settings.routes):
        for place, name in enumerate(route.channels):
            if name not in settings.channels:
                known = ", ".join(settings.channels)
                where = ("routes", number, "channels", place)
                line = document.line_of(where)
                faults.append(_fault(path, document, where, line, name, f"is no channel; known: {known}"))
    if faults:
        raise NotifyError("\n".join(faults))
    return settings


def _told(path: Path, document: YamlDocument, part: dict[str, Any]) -> str:
    where: tuple[PathPart, ...] = tuple(part["loc"])
    value = None if part["type"] == "missing" else part["input"]
    return _fault(path, document, where, document.line_of(where), value, str(part["msg"]))


def _fault(
    path: Path,
    document: YamlDocument,
    where: tuple[PathPart, ...],
    line: int | None,
    value: object,
    problem: str,
) -> str:
    """One fault in the house's words. An address is not repeated: it may hold a secret."""
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in where).lstrip(".")
    given = "" if value in (None, "") or "url" in where else f"{value!r} "
    at = "" if line is None else f", line {line}"
    return f"{path}{at}, {place or 'the file'}: {given}{problem}. Remedy: {_REMEDY}."
