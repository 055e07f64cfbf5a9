"""The table of who was affected, by whom: a column of the monthly sheet for each pair of people."""

from typing import Any

from schemas.sheets.fields import OPTIONAL, count

HEADING = "Who was affected, by whom"
AFFECTED = {"patient": "a patient", "staff": "a member of staff", "visitor": "a visitor"}
ALLEGED = {**AFFECTED, "unknown": "nobody named"}  # as alleged to be responsible


def cell(affected: str, alleged: str) -> str:
    """The name of the column that counts the incidents of one pair."""
    return f"inc_{affected}_by_{alleged}"


PAIRS = tuple(cell(affected, alleged) for affected in AFFECTED for alleged in ALLEGED)


def pair(affected: str, alleged: str, example: str = "0") -> Any:
    """The column of one pair: incidents, not people."""
    known = alleged in AFFECTED
    by = f"by {alleged}" if known else "not known by whom"
    someone = "member of staff" if affected == "staff" else affected
    who = f"{ALLEGED[alleged]} is alleged" if known else "nobody is named as alleged"
    return count(
        OPTIONAL,
        f"{affected.capitalize()} {by}" if known else f"{affected.capitalize()}, {by}",
        f"Incidents with at least one {someone} affected in which {who} to be responsible. If any "
        "of these twelve columns is filled in, a blank one counts as 0.",
        example,
        restricted=True,
        together=HEADING,
    )
