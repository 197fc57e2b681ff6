"""What the house remembers of its inbox."""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.home import Home
from orchestration.house import House
from orchestration.settings import Settings


def test_inbox__is_in_until_a_file_comes_or_changes(tmp_path: Path) -> None:
    house = House(Settings(Home(tmp_path), None, ()))
    house.note_inbox(house.inbox_listing())
    assert house.inbox_is_in()
    odd_name = os.fsdecode("客户".encode("gbk") + b".csv")  # as unpacked from a Chinese zip
    (house.inbox / odd_name).write_text("a")
    assert not house.inbox_is_in()
    house.note_inbox(house.inbox_listing())
    assert house.inbox_is_in()
    (house.inbox / odd_name).write_text("ab")
    assert not house.inbox_is_in()
