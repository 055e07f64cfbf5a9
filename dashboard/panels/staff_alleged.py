"""Reported incidents where a member of staff is alleged to be responsible: trusts never compared.

Shown to a trust about itself and to the programme team, as one total over twelve months; regions
and other trusts never see it, and no file for sharing contains it.
"""

from datetime import date

import polars as pl

from dashboard.charts.figure_links import traced
from dashboard.page import measures, page
from dashboard.page.session import Visit
from dashboard.queries.windows import twelve_months
from schemas import wording

_MONTHS = 12
_TITLE = "A member of staff alleged to be responsible"


def of_programme(visit: Visit, last: date) -> None:
    """One total, and how many trusts it is based on; nothing if the measure is archived."""
    if measures.STAFF_ALLEGED not in measures.all_of(visit):
        return
    page.section(_TITLE, visit.keep(_programme, last=last))
    _source("programme", "programme", last)


def of_trust(visit: Visit, last: date) -> None:
    """Each trust's own total, for a lead of that trust; nothing if the measure is archived."""
    if visit.scope.role != "trust" or measures.STAFF_ALLEGED not in measures.all_of(visit):
        return
    for trust, sentence, reported in visit.keep(_trusts, last=last):
        page.section(_TITLE, sentence)
        if reported:
            _source("trust", trust, last)


def _programme(visit: Visit, last: date) -> str:
    whole, trusts = _year(visit, "programme", last), _year(visit, "trust", last)
    reported = trusts.filter(pl.col("months") > 0)
    coverage = wording.of_them(reported.height, trusts.height, "trust")
    return (
        f"{_counted(whole)} in twelve months. {coverage} reported for all twelve. Trusts record "
        "these in different systems, so they are not compared with each other. Never share this "
        "outside the programme team."
    )


def _trusts(visit: Visit, last: date) -> list[tuple[str, str, bool]]:
    """Each trust, what it reported, and whether it reported for all of the twelve months."""
    found = []
    for row in _year(visit, "trust", last).iter_rows(named=True):
        whose = f" ({row['unit_id']})" if len(visit.scope.trusts) > 1 else ""
        total = (
            f"{_counted(pl.DataFrame([row]))} in your trust{whose} in twelve months."
            if row["months"]
            else f"Your trust{whose} has not reported this for all of the last twelve months."
        )
        sentence = (
            f"{total} Only your trust and the programme team see this. It counts what was "
            "reported, not what was established. Take care who you share it with."
        )
        found.append((str(row["unit_id"]), sentence, bool(row["months"])))
    return found


def _year(visit: Visit, level: str, last: date) -> pl.DataFrame:
    return visit.ask(
        twelve_months, level=level, measures=(measures.STAFF_ALLEGED,), last=last, every=_MONTHS
    )


def _counted(year: pl.DataFrame) -> str:
    return wording.counted(int(year["numerator"].sum() or 0), "reported incident")


def _source(level: str, unit: str, last: date) -> None:
    link = traced(level, unit, measures.STAFF_ALLEGED, f"{last:%Y-%m}")
    page.html(f'<p><a href="{link}" target="_self">Where this figure came from</a></p>')
