import re

import polars as pl
import pytest

from schemas import returns
from schemas.measures import DERIVED_FIELDS, Measure
from schemas.sheets import pairs
from schemas.vocabularies import INTENDED_SEX, WARD_CLASSES, peer_group, peer_group_name

EVERY_COLUMN = [(s, c) for s in returns.SHEETS for c in returns.columns_of(s).values()]


@pytest.mark.parametrize(("sheet", "column"), EVERY_COLUMN, ids=lambda x: getattr(x, "name", x))
def test_every_column_tells_the_person_what_to_enter(sheet, column):
    assert column.title
    assert column.description.endswith((".", "?"))
    assert column.kind in {"count", "choice", "code", "text", "date", "month"}
    assert bool(column.allowed) == (column.kind == "choice")
    if column.allowed and column.example:
        assert column.example in column.allowed


def test_a_column_that_must_be_filled_is_never_nullable_and_others_are():
    for sheet, model in returns.SHEETS.items():
        for name, described in model.to_schema().columns.items():
            always = returns.columns_of(sheet)[name].required == returns.ALWAYS
            assert described.nullable == (not always), f"{sheet}.{name}"


def test_only_who_is_alleged_responsible_is_restricted():
    restricted = {c.name for _, c in EVERY_COLUMN if c.restricted}
    alleged = {n for n in returns.columns_of("monthly") if n.startswith("inc_alleged_")}
    assert restricted == alleged | set(pairs.PAIRS)


def test_names_birth_dates_and_narratives_are_not_collected():
    names = {c.name for _, c in EVERY_COLUMN}
    assert not {n for n in names if re.search(r"nhs|birth|police|patient_name|describe", n)}


def test_fictional_codes_are_never_valid_as_real_ones():
    codes = [f"Z{n:02d}" for n in range(1, 100)]
    assert all(re.match(returns.FICTIONAL_TRUST_CODE, code) for code in codes)
    assert not any(re.match(returns.TRUST_CODE, code) for code in codes)


def test_every_ward_class_and_sex_has_a_peer_group_with_a_name():
    for code in WARD_CLASSES:
        for sex in INTENDED_SEX:
            assert peer_group_name(peer_group(code, sex)).endswith(INTENDED_SEX[sex])


def test_a_typed_sheet_passes_its_model():
    frame = pl.DataFrame(
        {"ward_code": ["ALDER1"], "date": ["2026-03-16"], "kind": ["training"], "label": ["Day"]}
    ).with_columns(pl.col("date").str.to_date())
    assert returns.Events.validate(frame).equals(frame)


def measure(**change):
    described = {
        "id": "SS-O1", "name": "Patients", "short_name": "Patients", "type": "outcome",
        "topic": "feeling_safe", "who": "patients", "numerator": ["pt_safe"],
        "numerator_text": "safe", "denominator": ["pt_answered"], "unit": "percent",
        "direction": "up", "target": 100, "sort": 1, "why_it_matters": "a",
        "how_it_is_calculated": "b", "author": "c", "reviewed": "2026-01-01",
        "next_review": "2027-01-01", "status": "published",
    }  # fmt: skip
    return Measure.model_validate({**described, **change})


def test_a_measure_may_only_count_what_a_return_holds():
    with pytest.raises(ValueError, match="counts pt_happy, which no return has"):
        measure(numerator=["pt_happy"])
    assert all(measure(numerator=[field]) for field in DERIVED_FIELDS)


def test_a_percentage_without_a_denominator_is_refused():
    with pytest.raises(ValueError, match="needs a denominator"):
        measure(denominator=[])


@pytest.mark.parametrize(
    ("unit", "denominator", "multiplier"),
    [("percent", ["pt_answered"], 100), ("per_1000_bed_days", ["occupied_bed_days"], 1000),
     ("count", [], 1), ("days", [], 1)],
)  # fmt: skip
def test_the_multiplier_turns_a_value_into_what_is_read(unit, denominator, multiplier):
    assert measure(unit=unit, denominator=denominator).multiplier == multiplier
