"""The sentences about who was affected by reported incidents, by whom."""

from collections.abc import Mapping

import polars as pl

from schemas import wording

AFFECTED = {"patient": "Patients", "staff": "Staff", "visitor": "Visitors"}
_ONE = {"patient": "a patient", "staff": "a member of staff", "visitor": "a visitor"}
_NOBODY = "Nobody named"
ALLEGED = {who: one.capitalize() for who, one in _ONE.items()} | {"unknown": _NOBODY}
BY = {who: f"{one} alleged responsible" for who, one in ALLEGED.items()} | {"unknown": _NOBODY}
TWICE = (
    "An incident that affected several kinds of people, or in which several are alleged to be "
    "responsible, is counted in each place."
)
ONLY_YOU = (
    "A report doesn’t establish what happened. Only the trust itself and the programme team see "
    "this table: take care who you share it with."
)


def sentence(affected: str, alleged: str) -> str:
    """One pair of people in words, as a sentence about a figure begins."""
    return f"Incidents in which {_affected_by(affected, alleged)}"


def most(found: pl.DataFrame) -> str:
    """What was reported most often, in a sentence."""
    largest = found.filter(pl.col("incidents") == pl.col("incidents").max())
    number = int(largest["incidents"][0])
    if not number:
        return "No incident was reported in these twelve months."
    if largest.height > 1:
        return "No pair of people stands out."
    said = _affected_by(str(largest["affected"][0]), str(largest["alleged"][0]))
    return f"Most often {said}: in {wording.counted(number, 'reported incident')}."


def _affected_by(affected: str, alleged: str) -> str:
    by = f"{_ONE[alleged]} is" if alleged in _ONE else "nobody is named as"
    return f"{_ONE[affected]} was affected and {by} alleged to be responsible"


def coverage(covered: Mapping[str, object]) -> str:
    """How many wards filled in the table, and of how many incidents."""
    wards = f"{wording.counted(int(str(covered['wards'])), 'ward')} filled in the table"
    if not covered["reported"]:
        return f"{wards}."
    known = wording.of_them(
        int(str(covered["known"])), int(str(covered["reported"])), "reported incident"
    )
    return f"{wards}, for {known}."
