"""The code location that ``dagster-webserver`` and ``dagster-daemon`` load."""

from orchestration.build import build_defs
from orchestration.collector import collect_rarely
from orchestration.house import House
from orchestration.settings import Settings

collect_rarely()
defs = build_defs(House(Settings.from_environment()))
