"""Every profile in the documentation can be copied: it loads, and fits the files it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingestion.formats.profile import load_profile

PAGE = Path(__file__).parents[3] / "docs" / "source_formats.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n")[0].split("#")[0].strip())
def test_source_formats_page__each_profile_loads(example: str, tmp_path: Path) -> None:
    path = tmp_path / "source_profile.yml"
    path.write_text(example, encoding="utf-8")
    profile = load_profile(path)
    assert profile.fits(profile.files[0].replace("*", "x"))


def test_source_formats_page__shows_every_shape() -> None:
    assert len(EXAMPLES) == 5
