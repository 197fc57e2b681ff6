"""The command line as a user types it, on an installation of his own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import temporary_home
from tests.documents.reading import text_of

pytestmark = pytest.mark.integration
GOLDEN = Path(__file__).parents[1] / "golden"
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wattledger() -> Iterator[Command]:
    """Run the command in a fresh home that knows the golden cases' rule packs."""
    with temporary_home() as home:
        (home.root / "business_date").write_text("2026-11-12\n")
        packs = GOLDEN / "packs" / "golden_fixed"
        environment = {**os.environ, "WATTLEDGER_HOME": str(home.root), "WATTLEDGER_RULE_PACKS": str(packs)}

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = [str(Path(sys.executable).parent / "wattledger"), *arguments]
            return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

        yield run


@pytest.fixture(scope="module")
def settled(wattledger: Command) -> Command:
    """The README's own-data block up to the settled month, on the golden fixed-price retailer."""
    taken = wattledger("ingest", str(GOLDEN / "cases" / "golden_fixed"))
    assert "quarantined" in taken.stdout
    done = wattledger("settle", "--month", "2026-02", "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    (month,) = json.loads(done.stdout)
    assert month["retail_cny"] == "420000.00"
    return wattledger


def test_export__writes_what_was_settled(settled: Command, tmp_path: Path) -> None:
    exported = settled("export", "--month", "2026-02", "--out", str(tmp_path), "--lang", "en")
    assert exported.returncode == 0, exported.stderr[-2000:]
    with (tmp_path / "2026-02" / "settlement_line.csv").open(encoding="utf-8-sig", newline="") as handle:
        retail = [row for row in csv.DictReader(handle) if row["Side"] == "retail"]
    assert [row["Amount (CNY, incl. VAT)"] for row in retail] == ["420000.00"]
    assert "wrote 2 statement files" in exported.stdout
    journal = (tmp_path / "2026-02" / "journal.csv").read_text(encoding="utf-8-sig")
    assert "1122,Accounts receivable,420000.00," in journal
    statement = text_of(tmp_path / "2026-02" / "statements" / "golden_fixed-customer.pdf")
    assert "420,000.00" in statement
    assert "48,318.58" in statement


def test_export__refuses_what_it_cannot_write(settled: Command, tmp_path: Path) -> None:
    month = ("export", "--month", "2026-02", "--out", str(tmp_path))
    unknown = settled(*month, "--customer", "golden-fixed")
    assert unknown.returncode == 1
    assert "near matches: golden_fixed-customer" in unknown.stderr
    assert "docx is unknown; use xlsx, csv, parquet, pdf" in settled(*month, "--format", "docx").stderr
    chart = tmp_path / "chart.yml"
    chart.write_text("sides: {retail: {result: cash}}\n", encoding="utf-8")
    refused = settled(*month, "--accounts", str(chart))
    assert refused.returncode == 1
    assert "'cash', which is no account" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["chart.yml"]


def test_curve__shows_every_slot_and_an_edit_with_its_reason(settled: Command, tmp_path: Path) -> None:
    point, day = "golden_fixed-point", ("--day", "2026-02-10")
    read = json.loads(settled("curve", point, *day, "--json").stdout)
    assert (read["energy_wh"], len(read["slots"]), read["missing_slots"]) == (1_000_000_000, 96, 0)
    customer = json.loads(settled("curve", "--customer", "golden_fixed-customer", *day, "--json").stdout)
    assert customer["energy_wh"] == read["energy_wh"]
    unknown = settled("curve", point, *day, "--as-of", "2026-02-10 12:00")
    assert unknown.returncode == 1
    assert "is known at" in unknown.stderr
    path = tmp_path / "edit.csv"
    path.write_text("metering_point_id,delivery_on,p01\ngolden_fixed-point,2026-02-10,-1\n", encoding="utf-8")
    refused = settled("edit", str(path), "--by", "Li Lei", "--reason", "typo")
    assert refused.returncode == 1
    assert "line 2, field p01" in refused.stderr.replace("\n", " ")


def test_vee__run_again_lands_nothing_and_the_report_counts(settled: Command) -> None:
    again = json.loads(settled("vee", "run", "--all", "--json").stdout)
    assert again["looked_at"] == 28
    assert again["batches"] == 0
    report = json.loads(settled("vee", "report", "--month", "2026-02", "--json").stdout)
    assert [(row["quality"], row["days"]) for row in report["quality"]] == [("metered", 28)]


def test_settle__names_what_a_month_lacks_and_forgets_it_on_request(settled: Command) -> None:
    blocked = settled("settle", "--month", "2026-03")
    assert blocked.returncode == 1
    assert "2026-03 is blocked" in blocked.stderr
    assert "Remedy:" in blocked.stderr
    assert settled("settle", "--month", "2026-03", "--forget").returncode == 0
    listed = settled("settle", "--month", "2026-02", "--json")
    assert listed.returncode == 0
    left = "select count(*) from marts_settlement.settlement_blocker where delivery_month = '2026-03-01'"
    gone = settled("sql", left)
    assert gone.stdout.split() == ["count", "0"]


def test_settle__refuses_a_month_outside_the_calendar(wattledger: Command) -> None:
    refused = wattledger("settle", "--month", "2019-01")
    assert refused.returncode == 1
    assert "its calendar goes from 2025-01-01" in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr


def test_ingest__tells_refused_rows_and_unreadable_files_apart(wattledger: Command, tmp_path: Path) -> None:
    bad = tmp_path / "contract_quantity-x.csv"
    bad.write_text("contract_id,delivery_month,quantity_mwh\nGF-1,2026-02,12x\nGF-1,2026-03,7.5\n")
    partly = wattledger("ingest", str(bad))
    assert partly.returncode == 2
    assert "line 2, field quantity_mwh: '12x'" in " ".join(partly.stdout.split())
    (tmp_path / "what.csv").write_bytes(b"\xff\xfe\x00nonsense")
    assert wattledger("ingest", str(tmp_path / "what.csv")).returncode == 1


def test_sql__reads_marts_with_any_sign_and_nothing_else(settled: Command) -> None:
    found = settled(
        "sql", "select count(*) from marts_settlement.settlement_line where component like 'energy%'"
    )
    assert found.returncode == 0, found.stderr
    assert settled("sql", "select * from landing.batch").returncode == 1


def test_package_price__leaves_the_marts_as_they_were(settled: Command, tmp_path: Path) -> None:
    """Views over metering stand, and they go on reading as far as the run that made the marts."""
    versions = ("sql", "select * from marts_energy.energy_point_day_version order by 1, 2, 3")
    before = settled(*versions)
    assert before.stdout.count("golden_fixed-point") == 28
    inputs = tmp_path / "month.yml"
    inputs.write_text("month: 2026-02\ncases:\n  - {case: february, q: 1000}\n", encoding="utf-8")
    package = GOLDEN / "packages" / "01_fixed" / "package_gold_fixed.yml"
    assert settled("package", "price", str(package), "--inputs", str(inputs)).returncode == 0
    assert settled(*versions).stdout == before.stdout


def test_package_price__explains_every_component_and_names_what_is_missing(
    wattledger: Command, tmp_path: Path
) -> None:
    folder = GOLDEN / "packages" / "09_mixed"
    package, inputs = folder / "package_gold_mixed.yml", tmp_path / "june.yml"
    checked = wattledger("package", "check", str(package))
    assert checked.returncode == 0
    assert "inputs: q (MWh), ref (yuan/MWh)" in checked.stdout
    inputs.write_text("month: 2026-06\ncases:\n  - {case: june, q: 1000, ref: 400}\n", encoding="utf-8")
    priced = wattledger("package", "price", str(package), "--inputs", str(inputs), "--json")
    assert priced.returncode == 0, priced.stderr[-2000:]
    told = json.loads(priced.stdout)
    assert [total["total_cny"] for total in told["totals"]] == ["417600.00"]
    assert [line["amount_cny"] for line in told["lines"]] == ["336000.00", "81600.00"]
    assert told["lines"][1]["inputs"] == {"k": "1", "ref": "400", "fee": "8"}
    inputs.write_text("month: 2026-06\ncases:\n  - {case: june, q: 1000}\n", encoding="utf-8")
    blocked = wattledger("package", "price", str(package), "--inputs", str(inputs))
    assert blocked.returncode == 1
    assert "june lacks ref" in blocked.stderr
    assert "missing: ref" in blocked.stdout


def test_contract__shows_state_history_and_what_may_come_next(settled: Command, tmp_path: Path) -> None:
    contract = "golden_fixed-contract"
    derived = json.loads(settled("contract", "show", contract, "--json").stdout)
    assert (derived["state"], derived["is_derived_state"]) == ("expired", True)
    assert derived["allowed_events"] == ["quoted", "drafted"]
    events = tmp_path / "contract_event.csv"
    events.write_text(
        "contract_id,event_no,event,happened_on,registration_no\n"
        f"{contract},1,drafted,2025-12-01,\n"
        f"{contract},2,submitted,2025-12-05,\n"
        f"{contract},3,took_effect,2026-02-01,\n",
        encoding="utf-8",
    )
    refused = settled("ingest", str(events))
    assert refused.returncode == 2
    told = " ".join(refused.stdout.split())
    assert f"'took_effect' cannot happen to contract {contract}, whose state is in_review; allowed" in told
    assert "events are returned, signed, cancelled" in told
    assert settled("settle", "--month", "2026-02").returncode == 0
    shown = json.loads(settled("contract", "show", contract, "--json").stdout)
    assert (shown["state"], shown["state_since_on"], shown["is_derived_state"]) == (
        "in_review",
        "2025-12-05",
        False,
    )
    assert [event["event"] for event in shown["history"]] == ["drafted", "submitted"]
    assert shown["allowed_events"] == ["returned", "signed", "cancelled"]
    listed = json.loads(settled("contract", "list", "--state", "in_review", "--json").stdout)
    assert [row["contract_id"] for row in listed] == [contract]


def test_contract__what_is_not_there_is_told(settled: Command) -> None:
    unknown = settled("contract", "show", "golden_fixed-contrac")
    assert unknown.returncode == 1
    assert "did you mean golden_fixed-contract?" in unknown.stderr
    wrong = settled("contract", "list", "--state", "asleep")
    assert wrong.returncode == 1
    assert "renewal_offered" in wrong.stderr


def test_package_what_if__shows_who_gains_and_lists_what_is_blocked(settled: Command, tmp_path: Path) -> None:
    """420,000 settled; base 453 less 45 makes 408,000, and the retailer's margin follows."""
    package = str(GOLDEN / "packages" / "03_spread" / "package_gold_spread.yml")
    months = ("package", "what-if", package, "--months", "2026-02")
    asked = settled(*months, "--input", "base=453", "--json")
    assert asked.returncode == 0, asked.stderr[-2000:]
    told = json.loads(asked.stdout)
    (contract,) = told["contracts"]
    assert (contract["difference_cny"], contract["gains"]) == ("-12000.00", "customer")
    assert told["total"]["margin_now_cny"] == "-10000.00"
    assert told["total"]["margin_then_cny"] == "-22000.00"
    assert {"name": "base", "origin": "option", "contract_months": 1} in told["inputs"]
    shown = settled(*months)
    assert shown.returncode == 0
    assert "blocked golden_fixed-contract 2026-02: lacks base" in shown.stdout
    for wrong, message in (
        ("base=rt_unifid", "no market series rt_unifid"),
        ("base=4,53", "is not a number"),
        ("q=1", "no input 'q'"),
        ("base=1.2345", "too many decimals"),
    ):
        refused = settled(*months, "--input", wrong)
        assert refused.returncode == 1
        assert message in " ".join(refused.stderr.split())


def test_package_check__judges_the_price_against_the_peers(wattledger: Command, tmp_path: Path) -> None:
    package = tmp_path / "sd.yml"
    package.write_text(
        "package: sd\nversion: 1\ntype: fixed_tou\nprovince: shandong\ncode: SDAB260001\n"
        "title: {zh: 固定, en: fixed}\ndelivery: {first_on: 2026-06-01, last_on: 2026-12-31}\n"
        "components: [{kind: fixed, price: 470}]\n",
        encoding="utf-8",
    )
    check = ("package", "check", str(package))
    warned = wattledger(*check, "--peer-price", "420", "--peer-rate", "0.1")
    assert warned.returncode == 0, warned.stderr
    told = " ".join(warned.stdout.split())
    assert "components[0].price = 470: warning: 470 is above the peers' 420 by more than 0.1" in told
    assert "allowed: at most 462 yuan/MWh" in told
    refused = wattledger(*check, "--peer-price", "4x")
    assert refused.returncode == 1
    assert "--peer-price '4x' is not a number" in refused.stderr


def test_close__once_and_every_line_is_explained(settled: Command) -> None:
    refused = settled("close", "--month", "2026-01")
    assert refused.returncode == 1
    assert "2026-01 was never asked for" in refused.stderr
    closed = settled("close", "--month", "2026-02", "--by", "Li Na", "--json")
    assert closed.returncode == 0, closed.stderr[-2000:]
    assert [(one["actor"], one["is_new"]) for one in json.loads(closed.stdout)] == [("Li Na", True)]
    again = settled("close", "--month", "2026-02")
    assert again.returncode == 0
    assert "nothing was changed, the inputs are the same" in again.stdout
    assert "is closed and stays" in settled("settle", "--month", "2026-02", "--forget").stderr
    listed = settled("sql", "select line_id from marts_settlement.settlement_line where side = 'retail'")
    line_id = listed.stdout.split()[-1]
    told = json.loads(settled("explain", line_id, "--json").stdout)
    assert (told["line"]["amount_cny"], told["run"]["closed_by"]) == ("420000.00", "Li Na")
    assert sum(day["energy_wh"] for day in told["meter_days"]) == 1_000_000_000
    shown = settled("explain", line_id)
    assert shown.returncode == 0, shown.stderr
    assert "contract_price.csv" in shown.stdout
    unknown = settled("explain", line_id[:-1])
    assert unknown.returncode == 1
    assert f"did you mean {line_id}" in " ".join(unknown.stderr.split())


def test_resettle__shows_and_books_nothing_where_nothing_changed(settled: Command) -> None:
    shown = settled("resettle", "--month", "2026-02", "--dry-run", "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout) == {"proposal": [], "booked": []}
    booked = settled("resettle", "--month", "2026-02")
    assert booked.returncode == 0, booked.stderr
    assert "nothing to book" in booked.stdout
    refused = settled("resettle", "--month", "2026-01")
    assert refused.returncode == 1
    assert "2026-01 is not closed" in refused.stderr
