"""Reported incidents where a member of staff is alleged to be responsible: never set side by side.

Shown to a trust about itself and to the programme team, over twelve months together; a region and
other trusts never see it, and no file for sharing holds it.
"""

from datetime import date

import polars as pl

from dashboard.charts.figure_links import traced
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.queries.windows import twelve_months
from schemas import wording

MEASURE = "SS-I8"
_MONTHS = 12
_TITLE = "A member of staff alleged to be responsible"


def of_programme(visit: Visit, last: date) -> None:
    """One total, and how many trusts it rests on."""
    page.section(_TITLE, visit.keep(_programme, last=last))
    _source("programme", "programme", last)


def of_trust(visit: Visit, last: date) -> None:
    """The own total of each trust that a person answers for."""
    if visit.scope.role != "trust":
        return
    for trust, sentence, told in visit.keep(_trusts, last=last):
        page.section(_TITLE, sentence)
        if told:
            _source("trust", trust, last)


def _programme(visit: Visit, last: date) -> str:
    whole, trusts = _year(visit, "programme", last), _year(visit, "trust", last)
    sent = trusts.filter(pl.col("months") > 0)
    told = wording.of_them(sent.height, trusts.height, "trust")
    return (
        f"{_counted(whole)} in twelve months. {told} told us for all twelve. Trusts record these "
        "in different systems, so trusts are not set side by side. Never share this outside the "
        "programme team."
    )


def _trusts(visit: Visit, last: date) -> list[tuple[str, str, bool]]:
    """Each trust, what it told us, and whether it told us for all of the twelve months."""
    found = []
    for row in _year(visit, "trust", last).iter_rows(named=True):
        whose = f" ({row['unit_id']})" if len(visit.scope.trusts) > 1 else ""
        told = (
            f"{_counted(pl.DataFrame([row]))} in your trust{whose} in twelve months."
            if row["months"]
            else f"Your trust{whose} has not told us this for all of the last twelve months."
        )
        said = (
            f"{told} Only your trust and the programme team see this. It counts what was reported, "
            "not what was found. Take care with whom you share it."
        )
        found.append((str(row["unit_id"]), said, bool(row["months"])))
    return found


def _year(visit: Visit, level: str, last: date) -> pl.DataFrame:
    return visit.ask(twelve_months, level=level, measures=(MEASURE,), last=last, every=_MONTHS)


def _counted(year: pl.DataFrame) -> str:
    return wording.counted(int(year["numerator"].sum() or 0), "reported incident")


def _source(level: str, unit: str, last: date) -> None:
    link = traced(level, unit, MEASURE, f"{last:%Y-%m}")
    page.html(f'<p><a href="{link}" target="_self">Where this figure came from</a></p>')
