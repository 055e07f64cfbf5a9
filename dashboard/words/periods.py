"""What two periods add up to, in words; never whether a difference is more than chance."""

from collections.abc import Mapping

import polars as pl

from dashboard import numbers
from dashboard.queries.windows import Period
from schemas import wording
from schemas.periods import Month

CHANCE = (
    "The months of each period are added up. Two periods can differ by chance: only the charts "
    "show whether a change stands out. A total can also change because other wards are in it."
)
TOO_SHORT = "There are too few months so far to compare two periods."
NOT_ADDED_UP = "The days of several months can’t be added up, so two periods are not compared."


def title(before: Period, after: Period, last: Month) -> str:
    """“The last 12 months and the 12 before” if that is what the periods are, or the periods."""
    lengths = {length(before), length(after)}
    adjoining = Month.of(before[1]) + 1 == Month.of(after[0])
    if lengths == {1} or len(lengths) > 1 or not adjoining or Month.of(after[1]) != last:
        return f"{wording.period(*before)} and {wording.period(*after)}"
    (months,) = lengths
    return f"The last {months} months and the {months} before"


def length(period: Period) -> int:
    """The number of months in a period."""
    return Month.of(period[1]) - Month.of(period[0]) + 1


def total(
    row: Mapping[str, object] | None,
    measure: Mapping[str, object],
    before: Period,
    after: Period,
) -> str:
    """Both periods of one unit: “November 2025 to October 2026: 83% (10 of 12).”"""
    spans = {"before": before, "after": after}
    return " ".join(
        f"{wording.period(*span)}: {reading(row, measure, time)}." for time, span in spans.items()
    )


def reading(row: Mapping[str, object] | None, measure: Mapping[str, object], time: str) -> str:
    """One period (`before` or `after`) of a row of `windows.two_periods`: its value, or why not."""
    if row is None or not row[f"months_{time}"]:
        return "no data" if row is not None and row[f"expected_{time}"] else "nothing to count"
    unit = str(measure["unit"])
    based_on = numbers.out_of(row[f"numerator_{time}"], row[f"denominator_{time}"], unit)
    if (value := row[f"value_{time}"]) is not None:
        return f"{numbers.with_unit(_scaled(value, measure), unit)} ({based_on})"
    sent, expected = int(row[f"months_{time}"]), int(row[f"expected_{time}"])
    if sent * 2 < expected:
        return f"sent for only {wording.of_them(sent, expected, 'month')}"
    return f"{based_on}, too few people for a percentage"


def difference(row: Mapping[str, object], measure: Mapping[str, object]) -> str:
    """How far the later period of a row is from the earlier one; a dash if one has no value."""
    if row["value_before"] is None or row["value_after"] is None:
        return "–"
    change = _scaled(row["value_after"] - row["value_before"], measure)
    places = 1 if measure["unit"] == "per_1000_bed_days" else 0
    size = numbers.rounded(abs(change), places)
    if not size:
        return "No difference"
    way = "higher" if change > 0 else "lower"
    if measure["unit"] != "percent":
        return f"{size:,} {way}"
    return f"{wording.counted(int(size), 'percentage point')} {way}"


def same_wards(wards: pl.DataFrame, measure: Mapping[str, object]) -> str:
    """What the wards with a figure in both periods come to together; empty if there are none.

    `wards` is `windows.two_periods` of wards. A total may change only because its wards do; this
    one cannot.
    """
    both = wards.filter(pl.col("value_before").is_not_null() & pl.col("value_after").is_not_null())
    if both.is_empty():
        return ""
    sums = both.select(pl.col("^(numerator|denominator)_.*$").sum()).row(0, named=True)
    unit = str(measure["unit"])
    low, high = (
        numbers.reading(
            _scaled(sums[f"numerator_{time}"] / sums[f"denominator_{time}"], measure), unit
        )
        for time in ("before", "after")
    )
    which = f"the {both.height:,} wards" if both.height > 1 else "the one ward"
    return (
        f"{wording.starting(which)} with enough figures in both periods went from {low} to {high}."
    )


def _scaled(value: float, measure: Mapping[str, object]) -> float:
    return round(value * float(str(measure["multiplier"])), 6)
