"""The findings for each example file, word for word."""

import tomllib

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.checking.check import check
from schemas.problems import Outcome
from tests.returns import scene
from tests.returns.cases import CASES, Case, csv_of
from tests.returns.make_files import FOLDER, findings, held

MESSAGES = tomllib.loads((FOLDER / "messages.toml").read_text(encoding="utf-8"))
CODES = {
    *(f"F{n:02}" for n in range(1, 9)),
    *(f"E{n:02}" for n in range(1, 20)),
    *(f"W{n:02}" for n in range(1, 20)),
    *(f"N{n:02}" for n in range(1, 9)),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_message(case: Case) -> None:
    assert findings(case) == MESSAGES[case.name]


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_an_example_that_raises_it(code: str) -> None:
    assert code in {problem["code"] for problem in MESSAGES[code]}


def test_there_is_no_code_without_an_example() -> None:
    assert {problem["code"] for said_of in MESSAGES.values() for problem in said_of} == CODES


def test_the_folder_and_the_cases_are_the_same_files() -> None:
    assert {path.name for path in (FOLDER / "bad").iterdir()} == {c.filename for c in CASES}


def test_only_a_file_that_holds_something_else_is_written_again() -> None:
    there = (FOLDER / "bad" / "E01-date.xlsx").read_bytes()
    (case,) = (case for case in CASES if case.filename == "E01-date.xlsx")
    assert held(case.make()) == held(there)
    assert held(there) != held((FOLDER / "good" / "return.xlsx").read_bytes())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_of_a_faulty_file_is_kept(case: Case) -> None:
    content = (FOLDER / "bad" / case.filename).read_bytes()
    checked = check(content, case.filename, scene.context(**case.context()))
    faulty = any(problem.severity == "error" for problem in checked.problems)
    assert (checked.cells is None) == faulty
    assert faulty == (checked.outcome in (Outcome.ERRORS, Outcome.UNREADABLE))


@pytest.mark.parametrize("name", ["return.xlsx", "monthly.csv"])
def test_a_good_file_has_nothing_to_fix(name: str) -> None:
    checked = check((FOLDER / "good" / name).read_bytes(), name, scene.context())
    assert checked.outcome is Outcome.CLEAN
    assert checked.trust == "Z01"
    assert str(checked.month) == "2026-03"


def test_a_good_baseline_has_nothing_to_fix() -> None:
    content = (FOLDER / "good" / "baseline.xlsx").read_bytes()
    checked = check(content, "baseline.xlsx", scene.context(**scene.with_baseline()))
    assert checked.outcome is Outcome.CLEAN
    assert (checked.slot, checked.label) == ("2025-07-baseline", "July 2025 to December 2025")
    assert checked.rows_by_sheet == {"wards": 1, "monthly": 6}


def test_a_message_says_how_to_fix_it_and_never_shouts() -> None:
    for problems in MESSAGES.values():
        for problem in problems:
            for text in (problem["message"], problem["fix"]):
                assert text.endswith("."), text
                assert "!" not in text.replace("#REF!", ""), text
                assert len(text) < 330, text


def test_text_that_is_not_kept_is_nowhere_in_the_report() -> None:
    for name, secret in {
        "W17": "Sarah",
        "W17-number": "943",
        "W17-birth": "1984",
        "W17-mail": "trust.example",
    }.items():
        content = (FOLDER / "bad" / f"{name}.xlsx").read_bytes()
        checked = check(content, f"{name}.xlsx", scene.context())
        explained = checked.cells.filter(field="explain", ward_code="ALDER1").row(0, named=True)
        assert explained["entered"] is None
        assert explained["text"] is None
        assert explained["state"] == "missing"
        assert secret not in str(checked.as_dict())
        assert checked.cells.filter(field="pt_safe", ward_code="ALDER1")["state"][0] == "value"


def test_the_json_is_what_the_command_line_promises() -> None:
    checked = check(csv_of(pt_safe="<5"), "return.csv", scene.context())
    found = checked.as_dict()
    assert list(found) == ["file", "trust", "month", "outcome", "rows", "problems"]
    assert found["outcome"] == "errors"
    error = next(p for p in found["problems"] if p["code"] == "E04")
    assert list(error) == [
        "severity",
        "code",
        "sheet",
        "cell",
        "row",
        "column",
        "value",
        "message",
        "fix",
    ]
    assert (error["cell"], error["row"], error["column"], error["value"]) == (
        "H2",
        2,
        "pt_safe",
        "<5",
    )


def test_a_workbook_made_before_it_had_words_reads_the_same() -> None:
    def cells(name: str) -> pl.DataFrame:
        found = check((FOLDER / "good" / name).read_bytes(), name, scene.context()).cells
        assert found is not None
        filled = found.filter(pl.col("text").is_not_null())  # columns have been added since
        return filled.drop("entered", "column").sort("sheet", "row", "field")

    assert_frame_equal(cells("return_with_codes.xlsx"), cells("return.xlsx"))
