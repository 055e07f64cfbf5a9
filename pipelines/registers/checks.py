"""Checks a register before it is saved, and lists its faults as sentences."""

import re
from collections.abc import Collection
from datetime import date
from itertools import pairwise

import polars as pl
from pandera.errors import SchemaErrors

from pipelines.registers.effective import DAY, KEYS, Key, Row, held, rows_by_key
from pipelines.registers.register import Register
from pipelines.registers.successors import current_trusts, current_wards, ward_id
from pipelines.registers.yardsticks import unfit_yardsticks
from schemas.programme import Programme
from schemas.register import REGISTER_FILES
from schemas.returns import FICTIONAL_TRUST_CODE
from schemas.sheets.fields import LONGEST_WORDING
from schemas.vocabularies import REGIONS
from schemas.wording import day_of, listed

_LIMITS = {"less_than_or_equal_to": "at most", "greater_than_or_equal_to": "at least"}
_NOT_IN_WORDS = r"[\[\]']"


def problems_of(register: Register) -> list[str]:
    """Everything that is wrong with a register; empty if it can be saved."""
    cells = [sentence for name in REGISTER_FILES for sentence in _cells(name, register)]
    if cells:
        return cells
    return [
        *_unknown_trusts(register),
        *_unfit_groups(register),
        *_lost_successors(register),
        *_backwards(register),
        *_described_twice(register),
        *_answers_not_offered(register),
        *_unfit_items(register),
        *unfit_yardsticks(register),
    ]


def forgotten(register: Register, previous: Register) -> list[Key]:
    """The codes of trusts and wards in the previous version that this one leaves out."""
    gone: list[Key] = []
    for name in ("trusts", "wards"):
        keys = list(KEYS[name])
        before, now = getattr(previous, name).select(keys), getattr(register, name).select(keys)
        gone += before.unique().join(now, on=keys, how="anti").sort(keys).iter_rows()
    return gone


def missing_from(
    register: Register, previous: Register, may_forget: Collection[Key] = ()
) -> list[str]:
    """A sentence for each trust or ward left out: nothing may be deleted from a register."""
    return [
        f"{'trusts' if len(key) == 1 else 'wards'}.csv no longer includes {'-'.join(key)}: keep "
        "its row and fill in its last day in valid_to, so that its history stays."
        for key in forgotten(register, previous)
        if key not in may_forget
    ]


def left_alone(register: Register, previous: Register, today: date) -> list[str]:
    """A sentence if the programme team would lose its last person, today or later."""
    before, now = _team(previous), _team(register)
    ends = [row["valid_to"] + DAY for row in now if row["valid_to"]]
    days = sorted({today, *(day for day in ends if day > today)})
    alone = next((day for day in days if _has(before, day) and not _has(now, day)), None)
    if alone is None:
        return []
    lost = f"From {day_of(alone)} nobody on the programme team would have access."
    return [f"{lost} Give someone else the role first."]


def invented_codes(register: Register, fictional: bool) -> list[str]:
    """A sentence if a real programme uses codes that only a fictional one may."""
    codes = pl.concat([register.trusts["trust_code"], register.invitations["trust_code"]])
    invented = codes.filter(codes.str.contains(FICTIONAL_TRUST_CODE)).unique()
    if fictional or invented.is_empty():
        return []
    named = ", ".join(invented.sort())
    return [f"{named}: codes Z01 to Z99 are for fictional programmes, and this one is real."]


def unfit(register: Register, programme: Programme) -> list[str]:
    """A sentence for each setting of a programme that does not fit a register."""
    sets = set(register.standards["set_id"])
    return [*invented_codes(register, programme.fictional), *programme.without_set(sets)]


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
        return f"{name}.csv{row}, {column}: this is blank, but it is required."
    if "unique" in check:
        same = listed(REGISTER_FILES[name].to_schema().unique)
        return f"{name}.csv{row}: another row has the same {same}."
    found = f"{name}.csv{row}, {column}: “{case['failure_case']}” is not allowed."
    return f"{found} {_allowed(check)}"


def _allowed(check: str) -> str:
    """What a pandera check, such as `isin(['yes', 'no'])`, requires, in words."""
    kind, _, values = check.rstrip(")").partition("(")
    if kind == "isin":
        return f"Use one of {re.sub(_NOT_IN_WORDS, '', values)}."
    if kind in _LIMITS:
        return f"Use {_LIMITS[kind]} {values}."
    if kind == "str_length":
        return f"Use {values.replace(', ', ' to ')} characters."
    return "It does not have the right form: see the data dictionary."


def _unknown_trusts(register: Register) -> list[str]:
    known = set(register.trusts["trust_code"])
    wards = sorted(set(register.wards["trust_code"]) - known)
    groups = {*register.groups["group_code"], *REGIONS}
    sentences = [f"wards.csv names trust {code}, which is not in trusts.csv." for code in wards]
    for person in register.access.iter_rows(named=True):
        codes = (person["trusts"] or "").split()
        sentences += [
            f"access.csv gives {person['email']} the trust {code}, which is not in trusts.csv."
            for code in codes
            if code not in known
        ]
        sentences += [
            f"access.csv gives {person['email']} the group {code}, which is neither in groups.csv "
            "nor a region."
            for code in (person["groups"] or "").split()
            if code not in groups
        ]
    return sentences


def _unfit_groups(register: Register) -> list[str]:
    """A sentence for each group that is a region, is described in two ways or has nobody known."""
    wards = {ward_id(*key) for key in register.wards.select(KEYS["wards"]).iter_rows()}
    known = wards | set(register.trusts["trust_code"])
    sentences = [
        f"groups.csv puts {member} into {code}, which is neither in trusts.csv nor in wards.csv."
        for code, member in register.groups.select("group_code", "member")
        .unique()
        .sort(pl.all())
        .iter_rows()
        if member not in known
    ]
    told = register.groups.select("group_code", "group_name", "kind").unique()
    for code in sorted(told.filter(pl.col("group_code").is_duplicated())["group_code"].unique()):
        sentences.append(
            f"groups.csv gives {code} two names or kinds: use the same in each of its rows."
        )
    return sentences + [
        f"groups.csv has a group {code}, but that is a region: give each trust its region in "
        "trusts.csv."
        for code in sorted(set(told["group_code"]) & set(REGIONS))
    ]


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
        ("invitations", "valid_from", "valid_to"),
        ("groups", "valid_from", "valid_to"),
        ("standards", "valid_from", "valid_to"),
        ("questions", "valid_from", "valid_to"),
        ("yardsticks", "period_from", "period_to"),
    ):
        frame = getattr(register, name).with_row_index("row", offset=2)
        rows = frame.filter(pl.col(last) < pl.col(first))["row"]
        sentences += [f"{name}.csv row {row}: {last} is before {first}." for row in rows]
    return sentences


def _described_twice(register: Register) -> list[str]:
    """A sentence for each entry with two rows for a day: a trust, a ward, a wording and so on."""
    sentences = []
    for name in ("trusts", "wards", "access", "groups", "standards", "questions"):
        for key, rows in rows_by_key(getattr(register, name), KEYS[name]).items():
            for row, following in pairwise(rows):
                if row["valid_to"] is None or following["valid_from"] <= row["valid_to"]:
                    day = day_of(following["valid_from"])
                    sentences.append(
                        f"{name}.csv: {'-'.join(key)} has two rows for {day}. End the first "
                        "(valid_to) before the second begins."
                    )
    return sentences


def _answers_not_offered(register: Register) -> list[str]:
    """A sentence for each answer counted as safe that the question doesn't offer."""
    sentences = []
    for row in register.questions.iter_rows(named=True):
        offered, counted = (_separated(row[name]) for name in ("answers", "counts_as_safe"))
        sentences += [
            f"questions.csv: {row['question_id']} counts “{answer}” as safe, but that is not one "
            f"of its answers: {'; '.join(offered)}."
            for answer in counted
            if answer not in offered
        ]
    return sentences


def _unfit_items(register: Register) -> list[str]:
    """A sentence for each item that can't be asked for by its words."""
    sentences, known = [], set(register.questions["question_id"])
    named: dict[str, str] = {}
    for row in register.questions.filter(pl.col("item_of").is_not_null()).iter_rows(named=True):
        item, words = row["question_id"], row["text"]
        if row["item_of"] not in known:
            sentences.append(
                f"questions.csv: {item} is an item of {row['item_of']}, which is not in the file."
            )
        if len(words) > LONGEST_WORDING:
            sentences.append(
                f"questions.csv: {item} has {len(words)} characters. An item can have at most "
                f"{LONGEST_WORDING}."
            )
        if named.setdefault(words.casefold(), item) != item:
            sentences.append(
                f"questions.csv: {named[words.casefold()]} and {item} have the same words. Give "
                "each item words of its own, or it can't be told apart in a return."
            )
    return sentences


def _separated(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def _team(register: Register) -> list[Row]:
    return register.access.filter(role="programme").to_dicts()


def _has(team: list[Row], day: date) -> bool:
    return any(held([row], day) for row in team)
