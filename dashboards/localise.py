"""Turn bilingual source into one language: `{zh, en}` leaves, and `[[…]]` placeholders inside SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dashboards.models import Language, Text

_PLACEHOLDER = re.compile(r"\[\[(?P<kind>t|label):(?P<name>[a-z][a-z0-9_]*)(?: (?P<operand>[a-z_.]+))?\]\]")


def localise(node: Any, language: Language) -> Any:  # noqa: ANN401  (a YAML tree)
    """Return `node` with every `{zh: …, en: …}` mapping replaced by its text in `language`."""
    if isinstance(node, dict):
        if set(node) == {"zh", "en"}:
            return node[language]
        return {key: localise(child, language) for key, child in node.items()}
    if isinstance(node, list):
        return [localise(child, language) for child in node]
    return node


def expand_sql(
    sql: str, language: Language, texts: Mapping[str, Text], labels: Mapping[str, Mapping[str, Text]]
) -> str:
    """Fill the placeholders of an SQL text.

    `[[t:name]]` is a text of the dataset (quotes doubled, so it is safe inside a literal);
    `[[label:list column]]` is a CASE from code to label that leaves unknown codes as they are.
    Raises KeyError naming the unknown text or code list.
    """

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        if match["kind"] == "t":
            return _quoted(texts[name].in_language(language))
        operand = match["operand"]
        arms = " ".join(
            f"when '{_quoted(code)}' then '{_quoted(text.in_language(language))}'"
            for code, text in labels[name].items()
        )
        return f"case {operand} {arms} else {operand} end"

    return _PLACEHOLDER.sub(fill, sql)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
