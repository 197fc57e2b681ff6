"""One entry of a package's ``components``: from YAML to a compiled component, with every error at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from ingestion.contract_templates.formula import UNITS, Formula, FormulaError, Unit, compile_formula
from ingestion.contract_templates.formula.units import CNY, CNY_PER_MWH, MWH
from ingestion.contract_templates.inputs import INPUTS, Input
from ingestion.contract_templates.kinds import RESULT_UNITS, STAGES, Choice, Kind, Parameter, Stage, kinds
from ingestion.contract_templates.package import WHOLE_MONTH, ParameterValue
from ingestion.market_rules.yaml_source import PathPart

COMMON_KEYS: Final = ("kind", "id", "title", "share", "per", "covers")
OPEN_KEYS: Final = ("formula", "result", "stage", "inputs", "parameters")
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DECIMALS: Final = {CNY_PER_MWH: 3, CNY: 2, MWH: 3}
_MOST_DECIMALS: Final = 6
_GREATEST: Final = Decimal("1e12")


@dataclass(frozen=True)
class Complaint:
    """Something wrong at a path below the component."""

    path: tuple[PathPart, ...]
    message: str
    allowed: str = ""
    caret: str = ""


@dataclass
class Reading:
    """A component while it is read: what it came to, and what is wrong."""

    source: Mapping[str, Any]
    kind: Kind
    options: dict[str, str] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    values: list[ParameterValue] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    formula: Formula | None = None

    def refuse(self, path: Sequence[PathPart], message: str, allowed: str = "", caret: str = "") -> None:
        """Note one error."""
        self.complaints.append(Complaint(tuple(path), message, allowed, caret))


def decimals_of(unit: Unit) -> int:
    """Decimals that a number of that unit may have (design §5)."""
    return _DECIMALS.get(unit, _MOST_DECIMALS)


def number_problem(value: object, unit: Unit) -> tuple[str, str] | None:
    """Why ``value`` is no number of that unit, and what is allowed; None when it is one."""
    exact = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(exact, Decimal) or not exact.is_finite():
        return "not a number", "a number such as 420 or 0.15"
    if abs(exact) >= _GREATEST:
        return "too large", f"below {_GREATEST:f}"
    exponent = exact.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals_of(unit):
        return "too many decimals", f"at most {decimals_of(unit)} decimals for {unit}"
    return None


def read_component(source: Mapping[str, Any]) -> Reading | Complaint:
    """Read one component. A Complaint alone when its kind is not known."""
    offered = kinds()
    kind = offered.get(str(source.get("kind")))
    if kind is None:
        return Complaint(("kind",), "no such kind of component", ", ".join(offered))
    reading = Reading(source, kind)
    if kind.is_open:
        reading.kind = _opened(reading)
    _refuse_unknown_keys(reading)
    _refuse_common_values(reading)
    _read_options(reading)
    for parameter in reading.kind.parameters:
        _read_parameter(reading, parameter)
    if not reading.complaints:
        choice = Choice(reading.options, reading.given)
        for problem in reading.kind.problems(choice):
            reading.refuse((), problem)
    if not reading.complaints:
        _compile(reading)
    return reading


def _opened(reading: Reading) -> Kind:
    """The kind that a package describes itself: formula, result, stage, inputs and parameters with units."""
    source = reading.source
    text = source.get("formula")
    if not isinstance(text, str):
        reading.refuse(("formula",), "a text is wanted", "a formula such as base - 0.5 * (base - cost)")
    result, stage = source.get("result", "price"), source.get("stage", "energy")
    if result not in RESULT_UNITS:
        reading.refuse(("result",), "no such result", ", ".join(RESULT_UNITS))
    if stage not in STAGES:
        reading.refuse(("stage",), "no such stage", ", ".join(STAGES))
    if reading.complaints:
        return reading.kind
    return replace(
        reading.kind,
        formula=lambda choice: str(text),
        parameters=tuple(_open_parameters(reading)),
        inputs=tuple(_open_inputs(reading)),
        result=result,
        stage=stage,
        takes_share=stage == "energy" and result != "factor",
        covers=(stage_list(source.get("covers")) or STAGES[: STAGES.index(stage)])
        if stage != "energy"
        else (),
    )


def stage_list(value: object) -> tuple[Stage, ...]:
    """The known stages of a YAML list, in the order of operations."""
    named = value if isinstance(value, list) else []
    return tuple(stage for stage in STAGES if stage in named)


def _named_units(reading: Reading, key: str, units: Mapping[str, Any]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for name, unit in units.items():
        if not NAME.fullmatch(str(name)) or name in INPUTS or name in COMMON_KEYS:
            reading.refuse((key, str(name)), "not a new name of small letters", "a name that no input has")
        elif unit not in UNITS:
            reading.refuse((key, str(name)), f"no unit {unit!r}", ", ".join(UNITS))
        else:
            found[name] = UNITS[unit]
    return found


def _open_inputs(reading: Reading) -> list[Input]:
    given = reading.source.get("inputs", {})
    if not isinstance(given, dict):
        reading.refuse(("inputs",), "a mapping is wanted", "name: unit")
        return []
    named = _named_units(reading, "inputs", given)
    return [Input(name, unit, "input of a custom formula") for name, unit in named.items()]


def _open_parameters(reading: Reading) -> list[Parameter]:
    given = reading.source.get("parameters", {})
    if not isinstance(given, dict):
        reading.refuse(("parameters",), "a mapping is wanted", "name: {value, unit}")
        return []
    units: dict[str, Any] = {}
    for name, entry in given.items():
        if not isinstance(entry, dict) or set(entry) != {"value", "unit"}:
            reading.refuse(("parameters", str(name)), "a value with its unit is wanted", "{value, unit}")
        else:
            units[name] = entry["unit"]
    return [Parameter(name, unit, "") for name, unit in _named_units(reading, "parameters", units).items()]


def _refuse_unknown_keys(reading: Reading) -> None:
    kind = reading.kind
    own = [*(kind.options or ()), *(parameter.name for parameter in kind.parameters)]
    known = [*COMMON_KEYS, *(OPEN_KEYS if kind.is_open else own)]
    for key in reading.source:
        if key not in known:
            reading.refuse((str(key),), f"{kind.name} has no such key", ", ".join(known))


def _refuse_common_values(reading: Reading) -> None:
    source, kind = reading.source, reading.kind
    if source.get("per", kind.grain) not in ("month", "period"):
        reading.refuse(("per",), "no such grain", "month, period")
    elif kind.result == "factor" and source.get("per") == "period":
        reading.refuse(("per",), "a factor scales the fees of the month", "month")
    if "id" in source and not NAME.fullmatch(str(source["id"])):
        reading.refuse(("id",), "not an id", "small letters, digits and _, beginning with a letter")
    title = source.get("title")
    if title is not None and (not isinstance(title, dict) or set(title) != {"zh", "en"}):
        reading.refuse(("title",), "a title in both languages is wanted", "{zh: …, en: …}")


def _read_options(reading: Reading) -> None:
    for name, words in (reading.kind.options or {}).items():
        value = reading.source.get(name, words[0])
        if value in words:
            reading.options[name] = value
        else:
            reading.refuse((name,), "no such word", ", ".join(words))


def _read_parameter(reading: Reading, parameter: Parameter) -> None:
    name = parameter.name
    path: tuple[PathPart, ...] = (name,)
    value = reading.source.get(name)
    if reading.kind.is_open:
        path = ("parameters", name, "value")
        value = reading.source["parameters"][name]["value"]
    if value is None:
        if parameter.is_required:
            reading.refuse(
                path, f"{reading.kind.name} needs {name}: {parameter.meaning}", f"a number, {parameter.unit}"
            )
        return
    if parameter.is_list:
        entries = value if isinstance(value, list) else [value]
        named = [
            (f"{name}_{place}", WHOLE_MONTH, entry, (*path, place - 1))
            for place, entry in enumerate(entries, 1)
        ]
    elif isinstance(value, dict):
        named = [(name, str(period), entry, (*path, str(period))) for period, entry in value.items()]
        _refuse_periods(reading, parameter, value, path)
    else:
        named = [(name, WHOLE_MONTH, value, path)]
    reading.given[name] = len(named)
    for full_name, period, entry, place in named:
        if _is_fit(reading, parameter, entry, place):
            reading.values.append(ParameterValue(full_name, period, Decimal(entry)))


def _refuse_periods(
    reading: Reading, parameter: Parameter, value: Mapping[str, Any], path: tuple[PathPart, ...]
) -> None:
    if (reading.source.get("per") or reading.kind.grain) != "period":
        reading.refuse(path, f"{parameter.name} is one number for the month", "a number, or per: period")
    for period in value:
        if not NAME.fullmatch(str(period)):
            reading.refuse((*path, str(period)), "not a period", "a name such as peak or h01")


def _is_fit(reading: Reading, parameter: Parameter, value: object, path: Sequence[PathPart]) -> bool:
    if problem := number_problem(value, parameter.unit):
        reading.refuse(path, *problem)
        return False
    assert isinstance(value, int | Decimal)  # said so above
    if parameter.minimum is not None and value < parameter.minimum:
        reading.refuse(path, "too small", f"at least {parameter.minimum}, {parameter.unit}")
    elif parameter.maximum is not None and value > parameter.maximum:
        reading.refuse(path, "too large", f"at most {parameter.maximum}, {parameter.unit}")
    else:
        return True
    return False


def _compile(reading: Reading) -> None:
    kind = reading.kind
    units = {name: entry.unit for name, entry in kind.known_inputs().items()}
    if kind.stage == "energy":
        units.pop("covered_fee")  # the first stage has no fee before it
    of_parameter = {parameter.name: parameter.unit for parameter in kind.parameters}
    of_list = {parameter.name for parameter in kind.parameters if parameter.is_list}
    for value in reading.values:
        root = value.name.rsplit("_", 1)[0] if value.name not in of_parameter else value.name
        units[value.name] = of_parameter[root if root in of_list else value.name]
    text = kind.formula(Choice(reading.options, reading.given))
    try:
        reading.formula = compile_formula(text, units, RESULT_UNITS[kind.result])
    except FormulaError as error:
        where = f"line {error.line}, column {error.column}: {error.message}"
        reading.refuse(("formula",) if kind.is_open else ("kind",), where, "", error.caret)
