"""Checks that the incident counts agree with the bed days and with each other."""

from collections.abc import Iterator

from pipelines.checking.rules.return_status import counts_of
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import INCIDENT_COUNTS
from schemas.wording import counted, shown

ALLEGED = counts_of("inc_alleged_")
MOST_BEDS = 60  # as on the wards sheet; more must be a slip
MOST_OCCUPANCY = 1.5  # leave beds and two patients a day in one bed go above 1, but never this far


def incidents_without_bed_days(sent: TypedReturn) -> Iterator[Problem]:
    """E06: incidents on a ward with no bed days."""
    for entry in sent.counted():
        total = entry.count(*INCIDENT_COUNTS)
        if total and entry["occupied_bed_days"] == 0:
            yield entry.error(
                "E06",
                "occupied_bed_days",
                f"“Occupied bed days” is 0, but {counted(total, 'incident')} "
                f"{'is' if total == 1 else 'are'} counted. A ward with incidents had patients.",
                "Type the month's bed days: add up the days each patient spent on this ward.",
            )


def impossible_bed_days(sent: TypedReturn) -> Iterator[Problem]:
    """E07: more bed days than the ward's beds could hold."""
    for entry in sent.counted():
        beds, bed_days = beds_of(entry, sent), entry["occupied_bed_days"]
        if beds and bed_days is not None and bed_days > MOST_OCCUPANCY * beds * sent.month.days:
            yield entry.error(
                "E07",
                "occupied_bed_days",
                f"“Occupied bed days” is {shown(bed_days)}, but {beds} beds over the "
                f"{sent.month.days} days of {sent.month.label} make "
                f"{shown(beds * sent.month.days)} bed days at full occupancy. At most one and a "
                "half times that is accepted.",
                "Correct the bed days (days on this ward, in this month only), or the number of "
                "beds on the sheet “wards”.",
            )


def beds_of(entry: TypedRow, sent: TypedReturn) -> int | None:
    """The ward's beds: from the wards sheet, or else from the register."""
    for ward in sent.rows("wards"):
        if ward["ward_code"] == entry["ward_code"] and 0 < (ward["beds"] or 0) <= MOST_BEDS:
            return int(ward["beds"])
    known = sent.wards.get(entry["ward_code"])
    return int(known["beds"]) if known else None


def days_since_assault(sent: TypedReturn) -> Iterator[Problem]:
    """E14: days since the last sexual assault contradict this month's count."""
    for entry in sent.counted():
        days, assaults = entry["days_since_assault"], entry["inc_assault"]
        if entry["return_status"] == "nil_incidents":
            assaults = 0
        if days is None or assaults is None:
            continue
        if assaults == 0 and days < sent.month.days:
            yield _contradiction(
                entry,
                f"“Days since last sexual assault” is {days}, which falls in {sent.month.label}, "
                "but “Sexual assault” is 0.",
                f"If there was no assault this month, type {sent.month.days} or more. If there "
                "was, count it under “Sexual assault”.",
            )
        elif assaults > 0 and days >= sent.month.days:
            yield _contradiction(
                entry,
                f"“Sexual assault” is {assaults}, but “Days since last sexual assault” is {days}, "
                f"which is before {sent.month.label} began.",
                f"Count the days from the last assault to the end of the month: 0 to "
                f"{sent.month.days - 1}.",
            )


def _contradiction(entry: TypedRow, message: str, fix: str) -> Problem:
    return entry.error("E14", "days_since_assault", message, fix)


def nobody_alleged(sent: TypedReturn) -> Iterator[Problem]:
    """E15: the columns on who is alleged to be responsible were filled in, but add up to 0."""
    for entry in sent.counted():
        total = entry.count(*INCIDENT_COUNTS)
        given = any(entry[field] is not None for field in ALLEGED)
        unclear = entry.unreadable.intersection(ALLEGED)
        if total and given and not unclear and not entry.count(*ALLEGED):
            yield entry.error(
                "E15",
                "inc_alleged_unknown",
                f"{counted(total, 'incident')} {'is' if total == 1 else 'are'} counted, but the "
                "four columns on who is alleged to be responsible add up to 0.",
                "If nobody is named, count the incident under “Not known who is responsible”; or "
                "leave all four columns blank.",
            )


RULES = (incidents_without_bed_days, impossible_bed_days, days_since_assault, nobody_alleged)
