"""Say one event to one channel, through apprise: the words, and the way out.

apprise sends nothing but the message; what it logs about a failure becomes the reason.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

from orchestration.alert_settings import Channel

TIMEOUT_SECONDS = 30
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SEVERITY = {
    "zh": {"info": "提示", "warn": "预警", "alarm": "告警"},
    "en": {"info": "Info", "warn": "Warning", "alarm": "Alarm"},
}
_EVENT = {
    "zh": {
        "opened": "新增",
        "updated": "更新",
        "escalated": "升级",
        "closed": "解除",
        "acknowledged": "已受理",
    },
    "en": {name: name for name in ("opened", "updated", "escalated", "closed", "acknowledged")},
}
_OWNER = {"zh": "负责人", "en": "Owner"}
_TYPE = {"info": "info", "warn": "warning", "alarm": "failure"}


class DeliveryError(RuntimeError):
    """A channel did not take the message; the text says why, without secrets."""


@dataclass(frozen=True)
class Message:
    """What a channel is told. ``kind`` is apprise's: info, success, warning or failure."""

    title: str
    body: str
    kind: str


Deliver = Callable[[Channel, Message], None]


def compose(language: str, *, event: str, severity: str, subject: str, owner: str, text: str) -> Message:
    """The message of one event in one language.

    >>> compose("en", event="opened", severity="warn", subject="K1", owner="li", text="8 % over").title
    '[Warning] opened: K1'
    """
    severity_word, event_word = _SEVERITY[language][severity], _EVENT[language][event]
    title = (
        f"【{severity_word}】{event_word}：{subject}"
        if language == "zh"
        else f"[{severity_word}] {event_word}: {subject}"
    )
    kind = "success" if event == "closed" else _TYPE[severity]
    return Message(title, f"{text}\n{_OWNER[language]}: {owner}", kind)


def deliver(channel: Channel, message: Message) -> None:
    """Send a message to a channel and wait for its answer. Raises DeliveryError with the reason."""
    import apprise  # 0.4 s, and most commands send nothing

    address = _address(channel.url)
    service = apprise.Apprise()
    if not service.add(address):
        raise DeliveryError("apprise does not know this kind of address; see docs/alerts.md")
    result = service.notify(
        title=message.title, body=message.body, notify_type=message.kind, timeout=TIMEOUT_SECONDS
    )
    if not result:
        said = "; ".join(str(entry.message) for entry in result.logs())
        raise DeliveryError(_without_secrets(said or "apprise gives no reason", channel.url))


def _address(url: str) -> str:
    """The address with its environment variables filled in. Raises DeliveryError when one is not set."""
    for name in _VARIABLE.findall(url):
        if not os.environ.get(name):
            raise DeliveryError(f"environment variable {name} is not set; export it where WattLedger runs")
    return _VARIABLE.sub(lambda found: os.environ[found[1]], url)


def _without_secrets(text: str, url: str) -> str:
    for name in _VARIABLE.findall(url):
        text = text.replace(os.environ.get(name) or "\0", f"${{{name}}}")
    return text[:500]
