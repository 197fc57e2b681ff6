"""A real Chromium on the running cockpit. The lead's session fixture `cockpit` serves it (see `Cockpit`)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.visits import Cockpit, Visit

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each page gets its own context, so its own session."""
    if shutil.which(CHROMIUM) is None:
        pytest.fail(f"no Chromium at {CHROMIUM}. Remedy: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def new_page(chromium: Browser) -> Iterator[Callable[[], Page]]:
    """Open a page with no history, as seen from a desk in China."""
    contexts = []

    def open_page() -> Page:
        context = chromium.new_context(
            viewport={"width": 1440, "height": 1000}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Folder that keeps the pictures."""
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(scope="session")
def visit(cockpit: Cockpit, new_page: Callable[[], Page]) -> Callable[[str], Visit]:
    """A user at his landing page, as he left it; he logs in the first time."""
    seated: dict[str, Visit] = {}

    def seat(user: str) -> Visit:
        for other, desk in seated.items():
            if other != user:
                desk.rest()
        if user in seated:
            seated[user].wake()
        else:
            desk = Visit(new_page(), cockpit.url)
            desk.log_in(user, cockpit.passwords[user])
            seated[user] = desk
        return seated[user]

    return seat
