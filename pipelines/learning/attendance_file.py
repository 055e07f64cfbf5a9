"""Reads who came to a learning forum: one row for each trust, or for each of its wards."""

from collections.abc import Iterator

import polars as pl

from pipelines.learning.columns import as_model, read_columns
from pipelines.reading.tidy_cells import Unusable, first_of
from pipelines.registers.register import Register
from schemas.forums import GROUPS, Attendance

HEADINGS = {
    "trust_code": ("trust",),
    "ward_code": ("ward",),
    **{group: (title,) for group, title in GROUPS.items()},
}
MOST_PEOPLE = 9999


def read_attendance(
    file: str, content: bytes, register: Register
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The attendance in a CSV file (`schemas.forums.Attendance`), and notes; raises Unusable.

    A blank ward is a trust's people whose ward isn't known. A blank number is not counted, and 0 is
    nobody: they are never the same.
    """
    cells, notes = read_columns(file, content, HEADINGS, ("trust_code",))
    if all(cells[group].is_null().all() for group in GROUPS):
        raise Unusable(
            f"{file} counts nobody: it needs a number under staff, lived_experience or carers."
        )
    rows, problems = [], []
    for cell in cells.iter_rows(named=True):
        trust, ward = codes(cell["trust_code"], cell["ward_code"])
        found = [*_unknown(register, trust, ward), *_not_counts(cell)]
        problems += [f"Row {cell['row']}: {sentence}" for sentence in found]
        if not found:
            rows += [
                {"row": cell["row"], "trust_code": trust, "ward_code": ward, "group": group}
                | {"people": int(cell[group])}
                for group in GROUPS
                if cell[group] is not None
            ]
    problems += _twice(rows)
    if problems:
        raise Unusable("\n".join(first_of(problems)))
    return as_model(file, rows, Attendance), notes


def codes(trust: str | None, ward: str | None) -> tuple[str, str | None]:
    """A trust's and a ward's code as the register has them; `Z01-ALDER1` is ALDER1 of Z01."""
    code = (trust or "").strip().upper()
    return code, (ward or "").strip().upper().removeprefix(f"{code}-") or None


def _unknown(register: Register, trust: str, ward: str | None) -> Iterator[str]:
    if not trust:
        yield "there is no trust: write its code, such as Z01."
    elif trust not in register.trusts["trust_code"]:
        yield f"there is no trust {trust} in the register: write its code, such as Z01."
    elif ward and ward not in register.wards.filter(trust_code=trust)["ward_code"]:
        yield (
            f"there is no ward {ward} of {trust} in the register: write the ward’s code, or leave "
            "it blank."
        )


def _not_counts(cell: dict[str, str | None]) -> Iterator[str]:
    texts = {group: cell[group] for group in GROUPS if cell[group] is not None}
    if not texts:
        yield (
            "there is no number: write how many people came, 0 if nobody did, or remove the row."
        )
    for group, text in texts.items():
        if not (text.isascii() and text.isdigit() and int(text) <= MOST_PEOPLE):
            yield f"{group} is not a whole number from 0 to {MOST_PEOPLE:,}: write how many came."


def _twice(rows: list[dict[str, object]]) -> Iterator[str]:
    first: dict[tuple[object, ...], object] = {}
    told = set()
    for row in rows:
        key = (row["trust_code"], row["ward_code"], row["group"])
        if first.setdefault(key, row["row"]) != row["row"] and row["row"] not in told:
            told.add(row["row"])
            where = f"{key[0]}-{key[1]}" if key[1] else f"{key[0]} without a ward"
            yield (
                f"Row {row['row']}: {where} is in row {first[key]} too: write one row, with all "
                "its people."
            )
