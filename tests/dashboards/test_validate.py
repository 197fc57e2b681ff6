"""Every seeded mistake is caught, and named by file, place, value and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from dashboards.render import render
from dashboards.source import Source
from dashboards.validate import bundle_problems, validate
from dashboards.warehouse import Relations, mart_relations
from ingestion.feeds.trade_day import PRODUCTS
from orchestration.transform import PROJECT

Seed = Callable[[str, str, str], None]
Problems = Callable[[], str]

SEEDED = {
    "missing translation": (
        "charts/operations.yml",
        "{zh: 毛利, en: Margin}",
        "{zh: 毛利}",
        ["charts/operations.yml: kpi_margin.title", "missing translation 'en'"],
    ),
    "blank translation": (
        "dashboards/operations.yml",
        "{zh: 省份, en: Province}",
        "{zh: 省份, en: ' '}",
        ["missing translation 'en'"],
    ),
    "untranslated text": (
        "charts/operations.yml",
        "{zh: 毛利, en: Margin}",
        "毛利",
        ["charts/operations.yml: kpi_margin.title", "untranslated text '毛利'"],
    ),
    "unknown key": (
        "charts/operations.yml",
        "preset: line",
        "preset: line\n  colour: red",
        ["load_curve.colour", "'red'"],
    ),
    "unknown chart": (
        "dashboards/operations.yml",
        "chart: todo_list",
        "chart: todo_lost",
        ["unknown chart 'todo_lost'"],
    ),
    "unknown dataset": (
        "charts/operations.yml",
        "dataset: curve",
        "dataset: curves",
        ["load_curve.dataset", "'curves'"],
    ),
    "unknown preset": (
        "charts/operations.yml",
        "preset: mixed",
        "preset: mixd",
        ["deviation_by_day.preset", "'mixd'"],
    ),
    "unknown metric": (
        "charts/operations.yml",
        "metrics: [retail]",
        "metrics: [retial]",
        ["unknown metric 'retial'"],
    ),
    "unknown chart column": (
        "charts/operations.yml",
        "groupby: [package_type]",
        "groupby: [package]",
        ["unknown column 'package'"],
    ),
    "unknown column in ad-hoc metric": (
        "charts/operations.yml",
        "SUM(mlt_mw)",
        "SUM(mlt_gw)",
        ["load_curve.params.metrics", "unknown column 'mlt_gw'"],
    ),
    "unknown column in one language of a metric": (
        "charts/deviation.yml",
        "COUNT(projected_charge_cny) || ' can be projected",
        "COUNT(projected_charge_usd) || ' can be projected",
        ["charts/deviation.yml: deviation_charge.params.metrics", "unknown column 'projected_charge_usd'"],
    ),
    "unknown single metric": (
        "charts/energy.yml",
        "metric: load\n",
        "metric: loads\n",
        ["energy_heat.params.metric: unknown metric 'loads'"],
    ),
    "unknown share of a metric": (
        "charts/package_mix.yml",
        "percent_metrics: [package_energy_part, package_margin_part]",
        "percent_metrics: [package_energy_part, package_profit_part]",
        ["mix_table.params.percent_metrics: unknown metric 'package_profit_part'"],
    ),
    "unknown share in the columns' formats": (
        "charts/package_mix.yml",
        '"%package_margin_part": {',
        '"%package_profit_part": {',
        ["mix_table.params", "unknown column or metric 'package_profit_part'"],
    ),
    "unknown column in saved metric": (
        "datasets/operations.yml",
        "SUM(energy_mwh)",
        "SUM(energy_gwh)",
        ["settlement.metrics.energy", "'energy_gwh'"],
    ),
    "unknown dbt column": (
        "datasets/operations.yml",
        "c.mlt_mwh * 4",
        "c.mlt_kwh * 4",
        ["datasets/operations.yml: curve.sql", "mlt_kwh"],
    ),
    "unknown dbt relation": (
        "datasets/operations.yml",
        "from marts_energy.energy_curve_slot",
        "from marts_energy.energy_curves",
        ["reads marts_energy.energy_curves, which no dbt mart declares"],
    ),
    "unknown column of a mart as it stands": (
        "datasets/marts.yml",
        "{name: execution_rate, type: NUMERIC}",
        "{name: executed_rate, type: NUMERIC}",
        ["sales_contract_month.columns", "'executed_rate'"],
    ),
    "column declared and not returned": (
        "datasets/operations.yml",
        "c.slot_label,\n",
        "",
        ["curve.columns", "['slot_label']"],
    ),
    "unknown text": ("datasets/kpi.yml", "[[t:against]]", "[[t:againts]]", ["kpi.sql", "'againts'"]),
    "broken sql": (
        "datasets/operations.yml",
        "n.delivery_on - 1 and",
        "n.delivery_on - 1 and and",
        ["curve.sql", "is not SQL"],
    ),
    "row too wide": (
        "dashboards/operations.yml",
        "{chart: todo_list, width: 4}",
        "{chart: todo_list, width: 5}",
        ["wider than 12"],
    ),
    "filter spares unknown chart": (
        "dashboards/operations.yml",
        "spares: [load_curve,",
        "spares: [load_curves,",
        ["'load_curves'"],
    ),
    "filter over a chart without its column": (
        "dashboards/operations.yml",
        "revenue_by_month, todo_list",
        "revenue_by_month",
        ["operations.filters.month", "chart 'todo_list' has no column 'month'"],
    ),
    "filter on unknown column": (
        "dashboards/operations.yml",
        "column: month",
        "column: months",
        ["dashboards/operations.yml: operations.filters.month", "settlement.months"],
    ),
    "unknown role": (
        "platform.yml",
        "roles: [Trader]",
        "roles: [Traders]",
        ["users.trader.roles", "'Traders'"],
    ),
    "unknown home": (
        "platform.yml",
        "Trader: {home: operations}",
        "Trader: {home: desk}",
        ["roles.Trader.home", "'desk'"],
    ),
    "no administrator": ("platform.yml", "username: admin", "username: boss", ["no user 'admin'"]),
    "customers without row rule": (
        "platform.yml",
        "[settlement_line, energy_point_day, ",
        "[settlement_line, ",
        ["dataset 'energy_point_day' reads", "under no clause"],
    ),
}


def test_validate__real_tree_has_no_problem(source: Source, marts: Relations) -> None:
    validate(source, marts)


@pytest.mark.parametrize("name", SEEDED)
def test_validate__catches_seeded_mistake(name: str, seed: Seed, problems: Problems) -> None:
    file, old, new, expected = SEEDED[name]
    seed(file, old, new)
    found = problems()
    for part in expected:
        assert part in found
    assert "Remedy: " in found


def test_validate__reports_all_mistakes_at_once(seed: Seed, problems: Problems) -> None:
    seed("dashboards/operations.yml", "chart: todo_list", "chart: todo_lost")
    seed("charts/operations.yml", "metrics: [retail]", "metrics: [retial]")
    found = problems()
    assert "todo_lost" in found
    assert "retial" in found


CODES = {
    "execution_level": ("sales_contract", "execution_level"),
    "waits_for": ("sales_pipeline", "waits_for"),
    "next_step": ("sales_pipeline", "next_step"),
    "renewal_action": ("sales_renewal", "action"),
    "settlement_side": ("settlement_line", "side"),
    "blocker_kind": ("settlement_blocker", "blocker_kind"),
    "blocker_remedy": ("settlement_blocker", "blocker_kind"),
    "grid_bill": ("settlement_grid_bill_line", "bill"),
    "grid_blocker_kind": ("settlement_grid_blocker", "blocker_kind"),
    "proposal_status": ("settlement_correction_proposal", "status"),
    "statement_party": ("settlement_reconciliation", "party"),
    "difference_kind": ("settlement_reconciliation", "difference_kind"),
    "dispute_status": ("settlement_dispute", "status"),
    "correction_refusal": ("settlement_correction_proposal", "refusal_code"),
}


@pytest.mark.parametrize("name", CODES)
def test_labels__every_code_of_the_marts_has_one(name: str, source: Source) -> None:
    assert set(source.labels[name]) == accepted(*CODES[name])


def test_labels__every_product_has_one(source: Source) -> None:
    assert set(source.labels["product"]) == set(PRODUCTS)


def accepted(mart: str, column: str) -> set[str]:
    """The values that dbt accepts in a column."""
    domain = mart.partition("_")[0]
    declared = yaml.safe_load((PROJECT / "models" / "marts" / domain / f"{mart}.yml").read_text())
    (found,) = [one for one in declared["models"][0]["columns"] if one["name"] == column]
    (values,) = [
        test["accepted_values"]["arguments"]["values"]
        for test in found["data_tests"]
        if isinstance(test, dict) and "accepted_values" in test
    ]
    return set(values)


def test_validate__names_a_missing_file(tree: Path, problems: Problems) -> None:
    (tree / "presets.yml").unlink()
    (tree / "theme.css").unlink()
    found = problems()
    assert "presets.yml: file: cannot be read (No such file or directory)" in found
    assert "theme.css: file: cannot be read" in found


def test_validate__names_both_files_of_a_key(tree: Path, problems: Problems) -> None:
    (tree / "charts" / "again.yml").write_text(
        "basis_note:\n  title: {zh: 再, en: Again}\n  preset: kpi_card\n  dataset: note\n", encoding="utf-8"
    )
    assert "charts/operations.yml: basis_note: 'basis_note' is in charts/again.yml, too" in problems()


def test_validate__names_the_line_that_is_not_yaml(seed: Seed, problems: Problems) -> None:
    seed("charts/operations.yml", "kpi_margin:\n", "kpi_margin: [\n")
    assert re.search(r"charts/operations\.yml: line \d+: is not YAML", problems())


def test_bundle__catches_unknown_chart_uuid(source: Source) -> None:
    files = render(source, "postgresql+psycopg2://nobody@127.0.0.1/none")
    assert list(bundle_problems(files)) == []
    gone = files.pop("charts/todo_list_zh.yaml")
    assert gone
    found = [str(problem) for problem in bundle_problems(files)]
    assert len(found) == 1
    assert found[0].startswith("dashboards/operations-zh.yaml: position.CHART-todo_list: unknown uuid")


def test_mart_relations__says_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no mart is declared"):
        mart_relations(tmp_path)
