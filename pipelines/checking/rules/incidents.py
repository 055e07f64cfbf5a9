"""Checks that the incident counts agree with the bed days and with each other."""

from collections.abc import Iterator

from pipelines.checking.conditions import (
    COUNTED,
    All,
    Compared,
    Days,
    Either,
    Fixed,
    Given,
    RowRule,
    SomeGiven,
    Status,
    Sum,
)
from pipelines.checking.rules.return_status import counts_of
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import INCIDENT_COUNTS
from schemas.wording import counted, shown

ALLEGED = counts_of("inc_alleged_")
MOST_OCCUPANCY = 1.5  # leave beds and two patients a day in one bed go above 1, but never this far

_INCIDENTS = Compared(Sum(INCIDENT_COUNTS), ">", Fixed(0))
_BED_DAYS, _SINCE, _ASSAULTS = ("occupied_bed_days",), ("days_since_assault",), ("inc_assault",)
_WITHOUT_BED_DAYS = RowRule(
    "E06",
    *_BED_DAYS,
    All((COUNTED, _INCIDENTS, Given(_BED_DAYS), Compared(Sum(_BED_DAYS), "=", Fixed(0)))),
    "“Occupied bed days” is 0, but incidents are counted.",
)
_IMPOSSIBLE_BED_DAYS = RowRule(
    "E07",
    *_BED_DAYS,
    All(
        (
            COUNTED,
            Compared(Days(beds=1), ">", Fixed(0)),
            Compared(Sum(_BED_DAYS), ">", Days(beds=MOST_OCCUPANCY)),
        )
    ),
    "“Occupied bed days” is more than one and a half times what the ward's beds make.",
)
_NO_ASSAULT_BUT_LATELY = RowRule(
    "E14",
    *_SINCE,
    All(
        (
            Given(_SINCE),
            Compared(Sum(_SINCE), "<", Days()),
            Either(
                (
                    Status(("nil_incidents",)),
                    All(
                        (
                            Status(("data",)),
                            Given(_ASSAULTS),
                            Compared(Sum(_ASSAULTS), "=", Fixed(0)),
                        )
                    ),
                )
            ),
        )
    ),
    "“Days since last sexual assault” falls in this month, but “Sexual assault” is 0.",
)
_ASSAULT_BUT_LONG_AGO = RowRule(
    "E14",
    *_SINCE,
    All(
        (
            Status(("data",)),
            Compared(Sum(_ASSAULTS), ">", Fixed(0)),
            Given(_SINCE),
            Compared(Sum(_SINCE), ">=", Days()),
        )
    ),
    "“Sexual assault” isn't 0, but “Days since last sexual assault” is before this month.",
)
_NOBODY_ALLEGED = RowRule(
    "E15",
    "inc_alleged_unknown",
    All((COUNTED, _INCIDENTS, SomeGiven(ALLEGED), Compared(Sum(ALLEGED), "=", Fixed(0)))),
    "Incidents are counted, but the four columns on who is alleged to be responsible add up to 0.",
)


def incidents_without_bed_days(sent: TypedReturn) -> Iterator[Problem]:
    """E06: incidents on a ward with no bed days."""
    for entry in sent.rows("monthly"):
        if _WITHOUT_BED_DAYS.broken_by(entry, sent):
            total = entry.count(*INCIDENT_COUNTS)
            yield entry.error(
                _WITHOUT_BED_DAYS.code,
                _WITHOUT_BED_DAYS.field,
                f"“Occupied bed days” is 0, but {counted(total, 'incident')} "
                f"{'is' if total == 1 else 'are'} counted. A ward with incidents had patients.",
                "Type the month's bed days: add up the days each patient spent on this ward.",
            )


def impossible_bed_days(sent: TypedReturn) -> Iterator[Problem]:
    """E07: more bed days than the ward's beds could hold."""
    for entry in sent.rows("monthly"):
        if _IMPOSSIBLE_BED_DAYS.broken_by(entry, sent):
            beds = sent.beds_of(entry) or 0
            yield entry.error(
                _IMPOSSIBLE_BED_DAYS.code,
                _IMPOSSIBLE_BED_DAYS.field,
                f"“Occupied bed days” is {shown(entry['occupied_bed_days'])}, but {beds} beds over "
                f"the {sent.month.days} days of {sent.month.label} make "
                f"{shown(beds * sent.month.days)} bed days at full occupancy. At most one and a "
                "half times that is accepted.",
                "Correct the bed days (days on this ward, in this month only), or the number of "
                "beds on the sheet “wards”.",
            )


def days_since_assault(sent: TypedReturn) -> Iterator[Problem]:
    """E14: days since the last sexual assault contradict this month's count."""
    for entry in sent.rows("monthly"):
        days, assaults = entry["days_since_assault"], entry["inc_assault"]
        if _NO_ASSAULT_BUT_LATELY.broken_by(entry, sent):
            yield _contradiction(
                entry,
                f"“Days since last sexual assault” is {days}, which falls in {sent.month.label}, "
                "but “Sexual assault” is 0.",
                f"If there was no assault this month, type {sent.month.days} or more. If there "
                "was, count it under “Sexual assault”.",
            )
        elif _ASSAULT_BUT_LONG_AGO.broken_by(entry, sent):
            yield _contradiction(
                entry,
                f"“Sexual assault” is {assaults}, but “Days since last sexual assault” is {days}, "
                f"which is before {sent.month.label} began.",
                f"Count the days from the last assault to the end of the month: 0 to "
                f"{sent.month.days - 1}.",
            )


def _contradiction(entry: TypedRow, message: str, fix: str) -> Problem:
    return entry.error("E14", *_SINCE, message, fix)


def nobody_alleged(sent: TypedReturn) -> Iterator[Problem]:
    """E15: the columns on who is alleged to be responsible were filled in, but add up to 0."""
    for entry in sent.rows("monthly"):
        unclear = entry.unreadable.intersection(ALLEGED)
        if _NOBODY_ALLEGED.broken_by(entry, sent) and not unclear:
            total = entry.count(*INCIDENT_COUNTS)
            yield entry.error(
                _NOBODY_ALLEGED.code,
                _NOBODY_ALLEGED.field,
                f"{counted(total, 'incident')} {'is' if total == 1 else 'are'} counted, but the "
                "four columns on who is alleged to be responsible add up to 0.",
                "If nobody is named, count the incident under “Not known who is responsible”; or "
                "leave all four columns blank.",
            )


RULES = (incidents_without_bed_days, impossible_bed_days, days_since_assault, nobody_alleged)
ROW_RULES = (
    _WITHOUT_BED_DAYS,
    _IMPOSSIBLE_BED_DAYS,
    _NO_ASSAULT_BUT_LATELY,
    _ASSAULT_BUT_LONG_AGO,
    _NOBODY_ALLEGED,
)
