"""Finds what earlier measures gave out, so that today's don't give away what those hid.

When a measure counts something else from now on, or a new one counts part of what another counted,
anyone who kept an earlier table has both. So what an earlier list of measures hid stays hidden, and
today's figures of measures that overlap with it are hidden in the months sent by then.
"""

from collections.abc import Callable, Iterable, Iterator

import polars as pl

from pipelines.keeping.own_measures import files_of, usable_measures
from pipelines.releasing.sources import Sources
from schemas.disclosure import KEY, mask, may_be_shared, suppressed_keys, with_years
from schemas.london_time import london_day
from schemas.measures import COUNTED, Measure
from schemas.periods import Month
from schemas.release import Suppressed
from schemas.same_counts import bounded
from schemas.sums import LEVELS, year_end
from schemas.typed import empty

_MATTERS = (*COUNTED, "sensitive", "minimum_denominator")  # for what is shown or hidden
Lists = Iterable[tuple[list[Measure], set[str]]]


def hidden_since(
    sources: Sources,
    today: pl.DataFrame,
    observed: Callable[[list[Measure]], pl.DataFrame],
) -> pl.DataFrame:
    """The keys (`KEY`) of figures that an earlier list of measures makes it necessary to hide.

    `today` are today's observations; `observed` gives those of other measures. Raises MeasureError
    if an earlier version is damaged: what it gave out can't be known.
    """
    policy, now = sources.programme.disclosure, _shown(sources.measures)
    lists = [(then, came) for then, came in _earlier(sources) if came]
    found = [empty(Suppressed)]
    if overlap := {code: sent for code, m in now.items() if (sent := _hidden_in(m, lists))}:
        years = with_years(today.filter(pl.col("level").is_in(LEVELS)), now.values())
        found += [
            years.filter(pl.col("measure") == code, _sent_in(sent)).select(KEY)
            for code, sent in overlap.items()
        ]
    for then, came in lists:
        before = _shown(then)
        if _rules(before) == _rules(now):
            continue
        masked = mask(with_years(observed(then), then), then, policy, "public")
        same = [code for code in now if _counts(before.get(code)) == _counts(now[code])]
        hidden = suppressed_keys(masked).filter(pl.col("measure").is_in(same))
        found.append(hidden.filter(_sent_in(came)))
    return pl.concat(found, how="vertical_relaxed").unique()


def _hidden_in(measure: Measure, lists: Lists) -> set[str]:
    """The months in which today's figures of a measure say something of what others gave out.

    Those for which it was given out as it counts now, before or beside the others, are left out.
    """
    others: set[str] = set()
    given: set[str] = set()
    for then, came in lists:
        shown = _shown(then)
        if _counts(shown.get(measure.id)) == _counts(measure):
            given |= came - (others - given)
        elif any(_overlap(measure, known) for known in shown.values()):
            others |= came
    return others - given


def _earlier(sources: Sources) -> Iterator[tuple[list[Measure], set[str]]]:
    """Every list of measures before today's, with the months sent by the day it ended."""
    root, entries = sources.archive.root, sources.entries
    for each in entries.damaged:
        if each.kind == "measures":
            files_of(root, each.version)
    before = [0, *(receipt.version for receipt in entries.measures)]
    for version, following in zip(before, entries.measures, strict=False):
        last = london_day(following.received_at)
        came = {r.month for r in entries.receipts if london_day(r.received_at) <= last}
        yield usable_measures(root, version), came


def _shown(measures: list[Measure]) -> dict[str, Measure]:
    """The measures of which figures are given out, by id."""
    return {m.id: m for m in measures if m.status != "archived" and may_be_shared(m)}


def _rules(shown: dict[str, Measure]) -> dict[str, tuple[object, ...]]:
    return {code: tuple(getattr(m, name) for name in _MATTERS) for code, m in shown.items()}


def _counts(measure: Measure | None) -> tuple[object, ...] | None:
    return measure and tuple(getattr(measure, name) for name in COUNTED)


def _overlap(one: Measure, other: Measure) -> bool:
    """Whether a count of one says something of a count of the other.

    What two are only divided by, such as bed days, does not. Some of all incidents, such as those
    that affected one group, do (`schemas.same_counts`).
    """
    counted = {*other.numerator, *other.denominator}
    shared = {*one.numerator} & counted or {*one.denominator} & {*other.numerator}
    return bool(shared) or bounded(one, other)


def _sent_in(sent: set[str]) -> pl.Expr:
    """Whether a figure is of one of these months, or of a year with one of them."""
    days = [Month.parse(month).first_day for month in sorted(sent)]
    months = pl.DataFrame({"month": days}, {"month": pl.Date})
    of_year = months.select(year_end(pl.col("month"))).to_series().unique()
    month, is_year = pl.col("month"), pl.col("months") == 12
    in_year, in_month = month.is_in(of_year.implode()), month.is_in(months["month"].implode())
    return pl.when(is_year).then(in_year).otherwise(in_month)
