"""The sheet “overview” says while somebody types what the check says of the file."""

import random
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.checking.check import check
from pipelines.checking.checked import Checked
from pipelines.checking.rules import ROW_RULES
from pipelines.checking.rules.return_status import BLANK
from schemas.returns import columns_of
from schemas.vocabularies import RETURN_STATUS
from tests.patience import PATIENCE
from tests.returns import scene
from tests.returns.scene import WARDS, figures, workbook

LONGEST_FORMULA = 8192  # Excel's limit
ROWS, SEED = 300, 20261129
COUNTS = [c.name for c in columns_of("monthly").values() if c.kind == "count"]
LIKELY = {  # where small numbers alone would seldom meet a rule
    "occupied_bed_days": (0, 5, 400, 744, 745, 3000),
    "days_since_assault": (0, 12, 30, 31, 45),
}
# as chosen from the list, and as somebody who knows the code or the words may type it
STATUSES = [
    as_typed
    for code, words in RETURN_STATUS.items()
    for as_typed in (words, code.upper(), f" {words.lower()} ")
]
ANYTHING = ["*", "?*"]  # to a lookup the first choice, to the check none
Found = dict[int, set[tuple[str, str]]]


def computed(content: bytes, folder: Path) -> Any:
    """The workbook as LibreOffice works it out."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("no LibreOffice: install libreoffice-calc")
    (folder / "return.xlsx").write_bytes(content)
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    command += [
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder / "out"),
        str(folder / "return.xlsx"),
    ]
    subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
    return openpyxl.load_workbook(folder / "out" / "return.xlsx", data_only=True)


def lines(book: Any) -> list[tuple[Any, ...]]:
    return list(book["overview"].iter_rows(min_row=6, values_only=True))


def any_row(drawn: random.Random, number: int) -> dict[str, Any]:
    """A row of any status, filled in to any degree; its figures are small, so that many clash."""
    share = drawn.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    row: dict[str, Any] = {field: drawn.choice(LIKELY.get(field, range(4))) for field in COUNTS}
    row = {field: figure for field, figure in row.items() if drawn.random() < share}
    code = [*WARDS, "UNKNOWN", "*"][number % 5]
    return row | {
        "period": "2026-03",
        "ward_code": code,
        "return_status": drawn.choice(STATUSES + ANYTHING),
    }


def by_the_check(checked: Checked) -> Found:
    """The errors of each row that the sheet should name, by code and column."""
    named = {(rule.code, rule.field) for rule in (*ROW_RULES, *BLANK.values())}
    named.add(("E03", "return_status"))  # a row with no figures at all
    found: Found = {}
    for problem in checked.problems:
        if problem.sheet == "monthly" and (problem.code, problem.column) in named:
            found.setdefault(problem.row, set()).add((problem.code, problem.column))
    return found


def by_the_sheet(book: Any) -> Found:
    reasons = {rule.why: (rule.code, rule.field) for rule in ROW_RULES}
    titles = {columns_of("monthly")[field].title: field for field in BLANK}
    found: Found = {}
    for number, (_, needed, blank, which, wrong, *_) in enumerate(lines(book), 2):
        errors = {place for why, place in reasons.items() if why in (wrong or "")}
        blanks = [titles[title] for title in (which or "").split(", ") if title]
        assert (blank or 0) == len(blanks) <= (needed or 0)
        row = book["monthly"][number]
        empty = not any(row[list(columns_of("monthly")).index(field)].value for field in COUNTS)
        if blanks and empty and all(cell.value != 0 for cell in row):
            errors |= {("E03", "return_status")}
        else:
            errors |= {("E03", field) for field in blanks}
        if errors:
            found[number] = errors
    return found


@pytest.mark.libreoffice
def test_the_sheet_says_of_any_figures_what_the_check_says(tmp_path: Path) -> None:
    drawn = random.Random(SEED)  # noqa: S311
    rows = [any_row(drawn, number) for number in range(ROWS)]
    wards = [scene.ward(scene.TRUST, "ALDER1", "Alder Ward", beds=10) | {"in_collaborative": "yes"}]
    content = workbook(monthly=rows, wards=wards)  # the other wards' beds are in the register only
    checked, book = check(content, "return.xlsx", scene.context()), computed(content, tmp_path)
    expected = by_the_check(checked)
    assert by_the_sheet(book) == expected
    met = {place for places in expected.values() for place in places}
    assert met >= {(rule.code, rule.field) for rule in ROW_RULES}, "every rule was broken by a row"
    assert 0 < len(expected) < ROWS
    blank = sum(line[2] or 0 for line in lines(book))
    wrong = sum(bool(line[4]) for line in lines(book))
    assert book["overview"]["A3"].value == f"{blank} needed figures are still blank."
    assert book["overview"]["A4"].value == f"{wrong} wards have figures to correct."


@pytest.mark.libreoffice
def test_of_a_good_return_nothing_is_left_to_do(tmp_path: Path) -> None:
    book = computed(workbook(), tmp_path)
    assert book["overview"]["A3"].value == "No needed figure is blank."
    assert book["overview"]["A4"].value == "No figure contradicts another."
    assert [line[0] for line in lines(book)][:4] == [*WARDS, None]
    assert not any(line[2:5] != (None, None, None) for line in lines(book))


def test_no_formula_is_longer_than_excel_takes() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook()))
    formulas = [str(cell.value) for row in book["overview"] for cell in row if cell.value]
    rules = [
        rule.formula[0] for rules in book["monthly"].conditional_formatting for rule in rules.rules
    ]
    assert len(rules) == len({rule.field for rule in ROW_RULES}) + len(BLANK)
    assert max(map(len, formulas + rules)) < LONGEST_FORMULA


def test_the_check_reads_nothing_of_it() -> None:
    checked = check(workbook(monthly=[figures(code) for code in WARDS]), "f", scene.context())
    assert not checked.problems
