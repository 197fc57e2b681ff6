"""Guards that come from the rule packs: what is allowed, what is refused, and what the message names."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.contract_templates import Peers, check_packages
from ingestion.contract_templates.library import Checked
from ingestion.market_rules import BUILT_IN, PackFileError

HEAD = """\
package: guarded
version: 1
type: {type}
province: {province}
title: {{zh: 套餐, en: package}}
delivery: {{first_on: 2026-06-01, last_on: 2026-12-31}}
components:
"""
FIXED = "  - {kind: fixed, price: 420}\n"


def _check(
    folder: Path,
    province: str,
    components: str,
    *,
    kind: str = "any",
    head: str = "",
    peers: Peers | None = None,
) -> Checked:
    path = folder / "package.yml"
    text = HEAD.format(type=kind, province=province).replace("components:", f"{head}components:")
    path.write_text(text + components, encoding="utf-8")
    (checked,) = check_packages([path], [BUILT_IN], peers=peers)
    return checked


def _error(checked: Checked) -> tuple[str, str, str, str]:
    (error,) = checked.errors
    assert error.line is not None
    return error.path, error.value, error.message, error.allowed


def _notice(checked: Checked, path: str) -> list[str]:
    return [notice for notice in checked.notices if notice.startswith(path)]


def _fixed_at(checked: Checked) -> dict[str, Decimal]:
    assert checked.package is not None
    parameters = [value for part in checked.package.components for value in part.parameters]
    return {value.name: value.value for value in parameters}


def test_code__four_letters_and_six_digits(tmp_path: Path) -> None:
    own = _check(tmp_path, "shandong", FIXED, kind="fixed_tou", head="code: SDAB260001\n")
    assert own.errors == ()
    assert _notice(own, "code") == []
    wrong = _check(tmp_path, "shandong", FIXED, kind="fixed_tou", head="code: SDA260001\n")
    path, value, message, allowed = _error(wrong)
    assert (path, value, allowed) == ("code", "SDA260001", "^[A-Za-z]{4}[0-9]{2}[0-9]{4}$")
    assert "not a code" in message
    (none,) = _notice(_check(tmp_path, "shandong", FIXED, kind="fixed_tou"), "code")
    assert "no code" in none


@pytest.mark.parametrize(
    ("components", "peers", "notice"),
    [
        (FIXED, None, "could not be judged against peers: the peers' price (--peer-price)"),
        (FIXED, Peers(Decimal(400)), "could not be judged against peers: the rate H (--peer-rate)"),
        (FIXED, Peers(Decimal(400), Decimal("0.05")), None),
        (
            FIXED,
            Peers(Decimal(399), Decimal("0.05")),
            "components[0].price = 420: warning: 420 is above the peers' 399 by more than 0.05; "
            "allowed: at most 418.95 yuan/MWh without a warning",
        ),
        (
            "  - {kind: tou, price: {peak: 500, flat: 421}}\n",
            Peers(Decimal(400), Decimal("0.05")),
            "warning: 421",
        ),
        (
            "  - {kind: tou, price: {peak: 500, flat: 420}}\n",
            Peers(Decimal(400), Decimal("0.05")),
            "depends on the energy by period",
        ),
    ],
)
def test_peers__a_warning_and_never_a_refusal(
    tmp_path: Path, components: str, peers: Peers | None, notice: str | None
) -> None:
    checked = _check(tmp_path, "shandong", components, kind="fixed_tou", peers=peers)
    assert checked.errors == ()
    told = _notice(checked, "components[0].price")
    assert len(told) == (notice is not None)
    assert notice is None or notice in told[0]


def _guangdong(share: str, series: str = "series: day_ahead, ", fee: str = "5") -> str:
    return (
        f"  - {{kind: fixed, share: rest, price: 420}}\n"
        f"  - {{kind: linked, share: {share}, {series}k: 1, fee: {fee}}}\n"
        f"  - {{kind: linked, id: other, share: 0.05, series: monthly, k: 1}}\n"
    )


@pytest.mark.parametrize("share", ["0.08", "0.15"])
def test_guangdong__day_ahead_share_within_its_bounds(tmp_path: Path, share: str) -> None:
    assert _check(tmp_path, "guangdong", _guangdong(share)).errors == ()


@pytest.mark.parametrize("share", ["0.079", "0.151"])
def test_guangdong__day_ahead_share_outside(tmp_path: Path, share: str) -> None:
    checked = _check(tmp_path, "guangdong", _guangdong(share))
    path, value, message, allowed = _error(checked)
    assert (path, value, allowed) == ("components[1].share", share, "0.08 to 0.15")
    assert message == f"the share linked to the day-ahead price is {share}"


def test_guangdong__an_unnamed_series_cannot_be_judged(tmp_path: Path) -> None:
    checked = _check(tmp_path, "guangdong", _guangdong("0.2", series=""))
    assert checked.errors == ()
    (notice,) = _notice(checked, "components[1].series")
    assert "could not be judged" in notice


def test_guangdong__green_volume_is_bounded_by_the_use(tmp_path: Path) -> None:
    linked = (
        "  - {kind: fixed, share: 0.8, price: 420}\n  - {kind: linked, share: rest, series: monthly, k: 1}\n"
    )
    green = "  - {{kind: green, value: 50{}}}\n"
    allowed = _check(tmp_path, "guangdong", linked + green.format(", volume_rate: 1.2"))
    assert allowed.errors == ()
    assert allowed.package is not None
    assert "min(green_contract_q, volume_rate * q)" in allowed.package.components[2].formula.text
    refused = _check(tmp_path, "guangdong", linked + green.format(", volume_rate: 1.21"))
    assert _error(refused) == (
        "components[2].volume_rate",
        "1.21",
        "green energy of 1.21 times the use",
        "at most 1.2 times",
    )
    (notice,) = _notice(_check(tmp_path, "guangdong", linked + green.format("")), "components[2].volume_rate")
    assert "1.2 times the use" in notice
    dear = _check(
        tmp_path, "guangdong", linked + green.format(", volume_rate: 1").replace("value: 50", "value: 51")
    )
    assert _error(dear)[0::3] == ("components[2].value", "at most 50 yuan/MWh")


RISK = (
    "  - {{kind: fixed, share: 0.8, price: 420}}\n  - {{kind: linked, share: rest, k: 1}}\n"
    "  - {{kind: risk{}}}\n"
)
CAP = (
    "  - {{kind: tou, price: {{peak: 562, valley: 362}}}}\n  - {{kind: cap_scale{}}}\n"
    "  - {{kind: margin_refund{}}}\n"
)
REFUND = "  - {{kind: fixed, price: 430}}\n  - {{kind: margin_refund{}}}\n"
DEFAULTED = [
    ("guangdong", RISK.format(""), {"lo": "0.8", "hi": "1.15"}),
    ("guangdong", RISK.format(", lo: 0.8, hi: 1.15"), {"lo": "0.8", "hi": "1.15"}),
    (
        "jiangxi",
        CAP.format("", ""),
        {"multiple": "1.1", "sharp_multiple": "1.15", "allowance": "10", "rate": "1"},
    ),
    (
        "jiangxi",
        CAP.format(", multiple: 1.1, sharp_multiple: 1.15", ", allowance: 10, rate: 1"),
        {"rate": "1"},
    ),
    ("hainan", REFUND.format(""), {"allowance": "15", "rate": "0.7"}),
]
CONTRADICTED = [
    ("guangdong", RISK.format(", lo: 0.7"), "components[2].lo", "0.7", "0.80, or leave it out"),
    ("guangdong", RISK.format(", hi: 1.2"), "components[2].hi", "1.2", "1.15, or leave it out"),
    ("jiangxi", CAP.format(", multiple: 1.2", ""), "components[1].multiple", "1.2", "1.10, or leave it out"),
    (
        "jiangxi",
        CAP.format(", sharp_multiple: 1.1", ""),
        "components[1].sharp_multiple",
        "1.1",
        "1.15, or leave",
    ),
    ("jiangxi", CAP.format("", ", rate: 0.5"), "components[2].rate", "0.5", "1, or leave it out"),
    ("hainan", REFUND.format(", allowance: 16"), "components[1].allowance", "16", "15, or leave it out"),
]


@pytest.mark.parametrize(("province", "components", "wanted"), DEFAULTED)
def test_terms__come_from_the_pack_where_the_package_is_silent(
    tmp_path: Path, province: str, components: str, wanted: dict[str, str]
) -> None:
    checked = _check(tmp_path, province, components)
    assert checked.errors == ()
    found = _fixed_at(checked)
    assert {name: found[name] for name in wanted} == {name: Decimal(value) for name, value in wanted.items()}
    told = [notice for notice in checked.notices if "comes from the rule pack" in notice]
    silent = [name for name in wanted if f"{name}:" not in components]
    assert len(told) == len(silent)


@pytest.mark.parametrize(("province", "components", "path", "value", "allowed"), CONTRADICTED)
def test_terms__a_contradiction_is_refused(
    tmp_path: Path, province: str, components: str, path: str, value: str, allowed: str
) -> None:
    found = _error(_check(tmp_path, province, components))
    assert found[:2] == (path, value)
    assert "the province fixes" in found[2]
    assert allowed in found[3]


def test_terms__a_default_is_part_of_the_package(tmp_path: Path) -> None:
    """Said or taken from the pack is one package; another province's terms make another."""
    hashes = []
    for province, own in (("hainan", ""), ("hainan", ", allowance: 15, rate: 0.7"), ("jiangxi", "")):
        package = _check(tmp_path, province, REFUND.format(own)).package
        assert package is not None
        hashes.append(package.package_hash)
    assert hashes[0] == hashes[1] != hashes[2]


def test_terms__a_duty_that_is_not_priced_is_told(tmp_path: Path) -> None:
    notices = " ".join(_check(tmp_path, "jiangxi", FIXED).notices)
    assert "the province's margin_refund (allowance 10, rate 1) holds" in notices
    assert "the province's cap_scale (multiple 1.10, sharp_multiple 1.15) holds" in notices


TERMINATION = "  - {{kind: fixed, price: 420}}\n  - {{kind: termination{}}}\n"


def test_termination__from_a_pack_that_fixes_it(tmp_path: Path) -> None:
    """Shandong leaves b, C1 and C2 to the contract: there, and without a province, they are wanted."""
    bare = _check(tmp_path, "shandong", TERMINATION.format(""), kind="fixed_tou")
    assert sorted(error.path for error in bare.errors) == [
        f"components[1].{n}" for n in ("least", "most", "rate")
    ]
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "p.yml").write_text(
        "province: invented\nversion: 1\neffective_from: 2026-01-01\neffective_to: 2026-12-31\n"
        "status: sourced\nsources: [{id: s, name: S, tag: '2'}]\nretail:\n  termination:\n"
        "    share_rate: {value: 0.1, source: s, confidence: 2}\n"
        "    floor_cny: {value: 50000, source: s, confidence: 2}\n"
        "    cap_cny: {value: 100000, source: s, confidence: 2}\n",
        encoding="utf-8",
    )
    path = tmp_path / "package.yml"
    head = HEAD.format(type="any", province="invented")
    path.write_text(head + TERMINATION.format(""), encoding="utf-8")
    (silent,) = check_packages([path], [folder])
    assert silent.errors == ()
    assert _fixed_at(silent) == {"price": 420, "rate": Decimal("0.1"), "least": 50000, "most": 100000}
    path.write_text(head + TERMINATION.format(", most: 200000"), encoding="utf-8")
    (dear,) = check_packages([path], [folder])
    assert _error(dear)[0::3] == ("components[1].most", "100000, or leave it out")


FLOAT = """\
  - {{kind: fixed, share: 0.3, price: 420}}
  - {{kind: linked, share: 0.5, k: 1, fee: {fee}}}
  - {{kind: share, share: rest, s: {s}}}
"""


def _anhui(folder: Path, fee: str, confirmation: str, s: str = "0.6") -> Checked:
    head = f"float_confirmation: {{{confirmation}}}\n" if confirmation else ""
    return _check(folder, "anhui", FLOAT.format(fee=fee, s=s), kind="composite", head=head)


@pytest.mark.parametrize("fee", ["12", "-12"])
def test_anhui__a_small_float_needs_nobody(tmp_path: Path, fee: str) -> None:
    checked = _anhui(tmp_path, fee, "last_year_price: 400")
    assert (checked.errors, _notice(checked, "components[1].fee")) == ((), [])


@pytest.mark.parametrize("fee", ["12.001", "-13"])
def test_anhui__a_great_float_needs_the_signatory(tmp_path: Path, fee: str) -> None:
    path, value, message, allowed = _error(_anhui(tmp_path, fee, "last_year_price: 400"))
    assert (path, value) == ("components[1].fee", fee)
    assert "beyond 0.03 of last year's 400" in message
    assert allowed.startswith("-12 to 12 yuan/MWh, or float_confirmation")
    signed = "last_year_price: 400, confirmed_by: 李雷, confirmed_on: 2026-05-20"
    assert _anhui(tmp_path, fee, signed).errors == ()
    half = _anhui(tmp_path, fee, "last_year_price: 400, confirmed_by: 李雷")
    assert len(half.errors) == 1


def test_anhui__without_last_years_price_it_could_not_be_judged(tmp_path: Path) -> None:
    checked = _anhui(tmp_path, "50", "")
    assert checked.errors == ()
    (notice,) = _notice(checked, "components[1].fee = 50")
    assert "could not be judged" in notice


def test_anhui__the_customers_share_is_at_least_half(tmp_path: Path) -> None:
    assert _anhui(tmp_path, "5", "last_year_price: 400", s="0.5").errors == ()
    refused = _error(_anhui(tmp_path, "5", "last_year_price: 400", s="0.49"))
    assert refused[:2] == ("components[2].s", "0.49")
    assert refused[3] == "0.50 to 1"


def test_pack__a_pattern_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "p.yml").write_text(
        "province: invented\nversion: 1\neffective_from: 2026-01-01\neffective_to: 2026-12-31\n"
        "status: illustrative\nsources: []\nretail:\n"
        "  package_code_pattern: {value: '[A-Z', confidence: illustrative}\n",
        encoding="utf-8",
    )
    path = tmp_path / "package.yml"
    path.write_text(HEAD.format(type="any", province="invented") + FIXED, encoding="utf-8")
    with pytest.raises(PackFileError, match="not a regular expression"):
        check_packages([path], [folder])
