"""Checks that dates are not in the future, and are in a possible order."""

from collections.abc import Iterator

from pipelines.checking.parse_dates import read_as
from pipelines.checking.typed_return import TypedReturn
from schemas.problems import Problem
from schemas.vocabularies import CHARTER_STAGES_WITH_AGREEMENT
from schemas.wording import day_of

_HAPPENED = {
    "charter": ("agreed_on", "last_reviewed_on", "coproduced_on"),
    "standards": ("assessed_on",),
    "trust_standards": ("assessed_on",),
    "events": ("date",),
}


def future_dates(sent: TypedReturn) -> Iterator[Problem]:
    """E10: something that has happened can't have a date in the future."""
    for sheet, fields in _HAPPENED.items():
        for entry in sent.rows(sheet):
            for field in fields:
                if entry[field] and entry[field] > sent.context.today:
                    yield entry.error(
                        "E10",
                        field,
                        f"{read_as(entry.cells[field])}"
                        f"{entry.title(field)} is {day_of(entry[field])}, which is in the future: "
                        f"today is {day_of(sent.context.today)}.",
                        "Correct the date, or leave this out until it has happened.",
                    )


def charter_dates(sent: TypedReturn) -> Iterator[Problem]:
    """E13: reviewed before it was agreed, or agreed without a date."""
    for entry in sent.rows("charter"):
        agreed, reviewed = entry["agreed_on"], entry["last_reviewed_on"]
        if agreed and reviewed and reviewed < agreed:
            yield entry.error(
                "E13",
                "last_reviewed_on",
                f"{read_as(entry.cells['agreed_on'])}{read_as(entry.cells['last_reviewed_on'])}"
                f"The charter was last reviewed on {day_of(reviewed)}, before it was agreed on "
                f"{day_of(agreed)}.",
                "Correct whichever of the two dates is wrong.",
            )
        if (
            entry["stage"] in CHARTER_STAGES_WITH_AGREEMENT
            and agreed is None
            and "agreed_on" not in entry.unreadable
        ):
            yield entry.error(
                "E13",
                "agreed_on",
                f"The charter's stage is {entry.chosen('stage')}, but “Agreed on” is blank.",
                "Type the day the charter was agreed. If it was not, choose an earlier stage.",
            )


def ward_dates(sent: TypedReturn) -> Iterator[Problem]:
    """E10: a ward that closed before it opened."""
    for entry in sent.rows("wards"):
        if entry.filled("open_from", "open_to") and entry["open_to"] < entry["open_from"]:
            yield entry.error(
                "E10",
                "open_to",
                f"{read_as(entry.cells['open_from'])}{read_as(entry.cells['open_to'])}"
                f"“Open to” is {day_of(entry['open_to'])}, before “Open from”, "
                f"{day_of(entry['open_from'])}.",
                "Correct the date, or leave “Open to” blank while the ward is open.",
            )


RULES = (future_dates, charter_dates, ward_dates)
