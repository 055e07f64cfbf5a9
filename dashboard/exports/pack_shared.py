"""The edition of the pack for sharing: made from the masked table, and from nothing else.

Limits, signals, ambitions and the wards that changed are worked out from figures that may be
hidden, so this edition has none of them. It never asks the release anything: what it is given is
the table that anybody may be given.
"""

from collections.abc import Sequence

import polars as pl

from dashboard import numbers
from dashboard.charts import process, table
from dashboard.exports import masked
from dashboard.exports.html_document import Picture, Section
from dashboard.exports.pack_exact import HEADLINE, IN_FIGURES, NEXT, WHO_CHANGED, about, drawn
from dashboard.exports.ward_sheet import FELT
from dashboard.words import questions, titles
from schemas import wording
from schemas.measures import Measure

_NO_LIMITS = (
    "It can't tell why. There are no limits, because they would be worked out from figures that "
    "may be hidden: do not read too much into a single month."
)
_NOT_NAMED = (
    "Which wards changed is left out of the edition for sharing, and so are limits and ambitions: "
    "each is worked out from figures that may be hidden. People who may see exact figures find "
    "them in their own edition."
)


def front(figures: pl.DataFrame, measures: Sequence[Measure]) -> tuple[Section, ...]:
    """The headline page; `figures` are the masked figures of one unit."""
    felt = [_now(figures, measure) for measure in measures if measure.id in FELT]
    rows = [{"measure": measure.name, "latest": _latest(figures, measure)} for measure in measures]
    columns = [
        table.Column("measure", "Measure", row_header=True),
        table.Column("latest", "Latest month that can be shown"),
    ]
    return (
        Section(HEADLINE, tuple(felt)),
        Section(IN_FIGURES, table=table.Table(IN_FIGURES, columns, rows), in_place=True),
        Section(WHO_CHANGED, (_NOT_NAMED,)),
        Section(NEXT, points=questions.FOR_EVERYONE),
    )


def _now(figures: pl.DataFrame, measure: Measure) -> str:
    return f"{measure.name}: {_latest(figures, measure)}."


def _latest(figures: pl.DataFrame, measure: Measure) -> str:
    months = masked.as_points(figures.filter(pl.col("measure") == measure.id))
    return masked.latest(months, measure) or "no month can be shown, because of small numbers"


def charts(figures: pl.DataFrame, measures: Sequence[Measure], name: str) -> tuple[Section, ...]:
    """One section for each measure; `figures` are the masked figures of the unit called `name`."""
    return tuple(chart(figures.filter(pl.col("measure") == m.id), m, name) for m in measures)


def chart(figures: pl.DataFrame, measure: Measure, name: str) -> Section:
    """What may be shared about one measure: masked months and years, without limits or signals."""
    months = masked.as_points(figures)
    titled = f"{measure.name}, {name}"
    described = masked.in_words(months, titled, measure)
    return Section(
        measure.name,
        (wording.starting(described.split(": ", 1)[-1]), titles.direction(about(measure))),
        _drawn(months, measure, described) if months["value"].count() else None,
        _table(titled, figures, measure),
        (_NO_LIMITS,),
    )


def _drawn(months: pl.DataFrame, measure: Measure, described: str) -> Picture:
    plain = about(measure)
    spec = process.spec(process.reading(plain), signals=False, height=240)
    return drawn(spec, process.rows(months, plain), described)


def _table(name: str, figures: pl.DataFrame, measure: Measure) -> table.Table:
    columns = [
        table.Column("when", "Period", row_header=True),
        table.Column("value_shown", numbers.AXES[measure.unit], number=True),
        table.Column("numerator_shown", "Numerator, rounded", number=True),
        table.Column("denominator_shown", "Denominator, rounded", number=True),
        table.Column("why", "Hidden because"),
    ]
    rows = [
        {
            **row,
            "when": table.unbroken(
                wording.month_of(row["month"])
                if row["months"] == 1
                else f"12 months to {wording.month_of(row['month'])}"
            ),
            "why": row["suppression_reason"] or "Not hidden",
        }
        for row in figures.sort("month", "months", descending=True).iter_rows(named=True)
    ]
    return table.Table(name, columns, rows)
