"""The links at the top of every dashboard: to the others, and to the same one in the other language."""

from __future__ import annotations

from collections.abc import Iterable

from dashboards.models import LANGUAGES, Dashboard, Language

_NAMES = {"zh": "中文", "en": "English"}


def links(boards: Iterable[Dashboard], here: Dashboard, language: Language) -> str:
    """HTML of the links; they lead over `/cockpit/<language>/<dashboard>/`, which remembers the language.

    Every user sees every link: Superset refuses a dashboard that his roles may not see.
    """
    pages = [
        f'<span class="wl-page{" wl-here" if board.key == here.key else ""}">'
        f'<a href="/cockpit/{language}/{board.key}/">{board.title.in_language(language)}</a></span>'
        for board in boards
    ]
    others = [
        f'<span class="wl-lang"><a href="/cockpit/{other}/{here.key}/">{_NAMES[other]}</a></span>'
        for other in LANGUAGES
        if other != language
    ]
    return f'<span class="wl-nav">{"".join(pages + others)}</span>'
