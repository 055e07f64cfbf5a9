"""What must be true of a register before it is kept, said in sentences."""

import polars as pl
from pandera.errors import SchemaErrors

from pipelines.registers.register import Register
from pipelines.registers.successors import current_trusts, current_wards
from schemas.register import REGISTER_FILES


def problems_of(register: Register) -> list[str]:
    """Everything that is wrong with a register; empty if it can be kept."""
    cells = [sentence for name in REGISTER_FILES for sentence in _cells(name, register)]
    if cells:
        return cells
    return [*_unknown_trusts(register), *_lost_successors(register), *_backwards(register)]


def missing_from(register: Register, previous: Register) -> list[str]:
    """What the previous version held and this one forgot: nothing is deleted from a register."""
    sentences = []
    for name, keys in (("trusts", ["trust_code"]), ("wards", ["trust_code", "ward_code"])):
        before, now = getattr(previous, name).select(keys), getattr(register, name).select(keys)
        gone = before.unique().join(now, on=keys, how="anti").sort(keys)
        sentences += [
            f"{name}.csv no longer holds {'-'.join(row)}: keep its row and fill in the last day "
            f"in valid_to, so that its history stays."
            for row in gone.iter_rows()
        ]
    return sentences


def _cells(name: str, register: Register) -> list[str]:
    try:
        REGISTER_FILES[name].validate(getattr(register, name), lazy=True)
    except SchemaErrors as error:
        return [_sentence(name, case) for case in error.failure_cases.iter_rows(named=True)]
    return []


def _sentence(name: str, case: dict[str, object]) -> str:
    check, column = str(case["check"]), case["column"] or "its rows"
    row = f" row {case['index'] + 2}" if isinstance(case["index"], int) else ""
    if check == "not_nullable":
        return f"{name}.csv{row}, {column}: nothing is entered, and it is needed."
    if "unique" in check:
        return f"{name}.csv{row}: the same {check.split('(')[-1].strip(')')} is there twice."
    return f"{name}.csv{row}, {column}: “{case['failure_case']}” is not allowed ({check})."


def _unknown_trusts(register: Register) -> list[str]:
    known = set(register.trusts["trust_code"])
    wards = sorted(set(register.wards["trust_code"]) - known)
    sentences = [f"wards.csv names trust {code}, which trusts.csv does not hold." for code in wards]
    for person in register.access.iter_rows(named=True):
        codes = (person["trusts"] or "").split()
        sentences += [
            f"access.csv gives {person['email']} the trust {code}, which trusts.csv does not hold."
            for code in codes
            if code not in known
        ]
    return sentences


def _lost_successors(register: Register) -> list[str]:
    known = set(register.trusts["trust_code"])
    sentences = [
        f"trusts.csv says {code} became {after}, which is not in trusts.csv."
        for code, after in register.trusts.select("trust_code", "successor_code").iter_rows()
        if after and after not in known
    ]
    try:
        current_trusts(register)
        current_wards(register)
    except ValueError as error:
        sentences.append(str(error))
    return sentences


def _backwards(register: Register) -> list[str]:
    sentences = []
    for name, first, last in (
        ("trusts", "valid_from", "valid_to"),
        ("wards", "valid_from", "valid_to"),
        ("wards", "open_from", "open_to"),
        ("access", "valid_from", "valid_to"),
    ):
        frame = getattr(register, name).with_row_index("row", offset=2)
        rows = frame.filter(pl.col(last) < pl.col(first))["row"]
        sentences += [f"{name}.csv row {row}: {last} lies before {first}." for row in rows]
    return sentences
