"""Settings of connectors, checkpoints and records: clear errors, nothing half written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.connectors.checkpoint import Checkpoint, CheckpointError
from ingestion.connectors.readings import Unreadable, delivery_of, record_of_json
from ingestion.connectors.settings import SettingsError, kinds, load_settings, secret
from ingestion.feeds.register_reading import FEED
from ingestion.parsing import parse_table
from ingestion.readers import read_csv

DOCS = Path(__file__).parents[3] / "docs" / "connectors.md"


def configurations() -> list[str]:
    """The YAML blocks of the documentation."""
    return [part.split("```")[0] for part in DOCS.read_text(encoding="utf-8").split("```yaml\n")[1:]]


def test_load_settings__every_documented_configuration_is_valid(tmp_path: Path) -> None:
    seen: set[str] = set()
    for number, text in enumerate(configurations()):
        path = tmp_path / f"{number}.yml"
        path.write_text(text, encoding="utf-8")
        for one in load_settings(path):
            assert one.build().name == one.name
            seen.add(str(getattr(one, "connector", "")))
    assert seen == kinds().keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing: 1", ["begin it with 'connectors:'"]),
        ("connectors: [{connector: modem}]", ["connectors[0].connector", "'modem'", "dlt645"]),
        ("connectors: [", ["cannot be read"]),
        (
            "connectors: [{connector: dlt645, name: m, checkpoint: c.json, speed: 1, "
            "meters: [{host: h, port: 70000, address: '12', metering_point_id: MP1}]}]",
            ["connectors[0].meters[0].port: 70000", "connectors[0].meters[0].address: '12'", "speed"],
        ),
        (
            "connectors: [{connector: http_pull, name: e, checkpoint: c, base_url: 'http://e', "
            "readings_path: /r, auth: {kind: token, token_env: T}, fields: {kwh: v}}]",
            ["'kwh' is no column of register_reading", "register_kwh"],
        ),
    ],
)
def test_load_settings__a_fault_names_file_path_value_and_remedy(
    text: str, words: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "connectors.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(path)
    for word in [str(path), "Remedy: ", *words]:
        assert word in str(refused.value)


def test_load_settings__two_connectors_of_one_name_are_refused(tmp_path: Path) -> None:
    one = (
        "- {connector: http_pull, name: e, checkpoint: c, base_url: 'http://e', readings_path: /r, "
        "auth: {kind: token, token_env: T}}\n"
    )
    path = tmp_path / "connectors.yml"
    path.write_text("connectors:\n" + one * 2, encoding="utf-8")
    with pytest.raises(SettingsError, match="'e' is there twice"):
        load_settings(path)


def test_secret__an_unset_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_SECRET", raising=False)
    with pytest.raises(SettingsError, match="NO_SUCH_SECRET is not set"):
        secret("NO_SUCH_SECRET")


def test_checkpoint__is_replaced_whole_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "deep" / "c.json")
    assert checkpoint.read() == {}
    checkpoint.write({"cursor": "7"})
    checkpoint.write({"cursor": "8"})
    assert checkpoint.read() == {"cursor": "8"}
    assert [path.name for path in checkpoint.path.parent.iterdir()] == ["c.json"]
    for damaged in ('{"cursor": 8}', "{", "[]"):
        checkpoint.path.write_text(damaged)
        with pytest.raises(CheckpointError, match="Remedy: delete it"):
            checkpoint.read()


@given(
    st.lists(
        st.binary(max_size=40) | st.text(max_size=40).map(lambda t: t.encode("utf-8", "replace")), min_size=1
    )
)
def test_delivery_of__every_payload_is_one_record_that_lands_or_is_refused(payloads: list[bytes]) -> None:
    content = delivery_of([record_of_json(payload) for payload in payloads], "n", "s").read()
    assert parse_table(FEED, read_csv(content), "f").delivered == len(payloads)


def test_delivery_of__a_number_of_endless_digits_stays_short() -> None:
    for text in (b'{"register_kwh": 1e999999}', b'{"register_kwh": 1e-999999}', b'{"register_kwh": NaN}'):
        assert len(delivery_of([record_of_json(text)], "n", "s").read()) < 200


@given(
    st.dictionaries(
        st.sampled_from(FEED.file_columns),
        st.none()
        | st.booleans()
        | st.floats()
        | st.integers(-(10**20), 10**20)
        | st.text()
        | st.lists(st.integers()),
    )
)
def test_delivery_of__any_values_make_one_record(values: dict[str, object]) -> None:
    content = delivery_of([values, Unreadable("x")], "n", "s").read()
    assert parse_table(FEED, read_csv(content), "f").delivered == 2
