"""Finds the months whose totals of the programme are not shared, as a trust's return is missing.

A total that was shared while a trust's return was missing, and again once it is there, gives that
trust away: the difference is what it sent. So a total waits until every trust has sent or the month
has closed, and stays hidden if a trust sends for the first time after that. Under an earlier
register fewer trusts may have been waited for: a total that all of those had sent was shared then.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from pipelines.releasing.earlier_registers import Placement
from pipelines.releasing.returns import BASELINE
from schemas.disclosure import KEY, with_years
from schemas.london_time import london_day
from schemas.measures import Measure
from schemas.sums import LEVELS, PROGRAMME, year_end


def months(
    complete: pl.DataFrame,
    returns: pl.DataFrame,
    day: date,
    placements: Sequence[Placement] = (),
) -> list[date]:
    """The months without shared totals of the programme on a day, in order.

    `complete` is the table `completeness`, `returns` that of all versions, and `placements` say
    where earlier registers placed wards.
    """
    first = (
        returns.filter(pl.col("timeliness") != BASELINE)
        .group_by("trust_code", "month")
        .agg(pl.col("received_at").min())
    )
    days = [london_day(moment) for moment in first["received_at"]]
    first = first.with_columns(came=pl.Series(days, dtype=pl.Date))
    state, closes = pl.col("state"), pl.col("closes")
    found = (
        complete.filter(pl.col("scope") == "return")
        .group_by("month")
        .agg(
            closes.first(),
            waiting=state.is_in(["missing", "not_yet_due"]).any(),
            damaged=(state == "damaged").any(),
        )
        .join(first, on="month")
        .group_by("month", "closes", "waiting", "damaged")
        .agg(in_time=(pl.col("came") <= closes).any(), late=(pl.col("came") > closes).any())
    )
    given_out = pl.col("in_time") & (closes < day)
    held = pl.when(given_out).then("late").otherwise("waiting") | pl.col("damaged")
    without = [_given_out_without_some(first, *each) for each in placements]
    return pl.concat([found.filter(held)["month"], *without]).unique().sort().to_list()


def _given_out_without_some(first: pl.DataFrame, grid: pl.DataFrame, until: date) -> pl.Series:
    """The months that were complete by a register until a day, but to which a trust was added.

    `first` has each trust's first return for a month, and `grid` is of that register.
    """
    expected = grid.filter("expected").select("trust_code", "month").unique()
    complete = (
        expected.join(first, on=["trust_code", "month"], how="left")
        .group_by("month")
        .agg(pl.col("came", "received_at").max(), every=pl.col("came").is_not_null().all())
        .filter("every", pl.col("came") <= until)
        .select("month", since="received_at")
    )
    later = first.join(complete, on="month").filter(pl.col("received_at") > pl.col("since"))
    return later["month"]


def totals(
    observed: pl.DataFrame, months: Sequence[date], measures: Sequence[Measure]
) -> pl.DataFrame:
    """The keys (`schemas.disclosure.KEY`) of the programme's figures of months, and of their years.

    A year is held back with each of its months: without the others it would be that month.
    """
    of_programme = observed.filter(pl.col("level") == LEVELS[PROGRAMME])
    held = pl.Series("month", months, pl.Date)
    ends = held.to_frame().select(year_end(pl.col("month"))).to_series()
    month, counted = pl.col("month"), pl.col("months")
    mine = (
        pl.when(counted == 1)
        .then(month.is_in(held.implode()))
        .otherwise(month.is_in(ends.implode()))
    )
    return with_years(of_programme, measures).filter(mine).select(KEY)
