"""One unit, measure by measure: the latest figure, what it is based on, and icons with words."""

from collections.abc import Callable, Mapping
from datetime import date
from html import escape

import polars as pl

from dashboard import numbers
from dashboard.charts import icons, table
from schemas.periods import Month
from schemas.wording import counted, starting

_COLUMNS = (
    table.Column("measure", "Measure", row_header=True, markup=True),
    table.Column("latest", "Latest", markup=True),
    table.Column("based_on", "Based on"),
    table.Column("variation", "What it shows now", markup=True),
    table.Column("assurance", "Against its target", markup=True),
)
_POINTS = {1: "month", 3: "quarter", 12: "month"}
_LIMITS_FROM = 12  # points: with fewer, a target isn't judged


def html(
    caption: str,
    signals: pl.DataFrame,
    based_on: Mapping[str, str] | None = None,
    link: str | None = None,
    source: Callable[[str, str, int], str] | None = None,
) -> str:
    """The table of one unit's signals, in their order; `based_on` gives words for each measure.

    `link` is an address with {measure} in it; `source` gives the address that shows where a figure
    came from, for a measure, its first month and its number of months.
    """
    rows = [_row(signal, based_on or {}, link, source) for signal in signals.iter_rows(named=True)]
    return table.html(caption, _COLUMNS, rows)


def _row(
    signal: Mapping[str, object],
    based_on: Mapping[str, str],
    link: str | None,
    source: Callable[[str, str, int], str] | None,
) -> dict[str, object]:
    measure, has_data = str(signal["measure"]), bool(signal["n"])
    name = escape(str(signal["name"]))
    points = counted(int(signal["n"]), _POINTS[int(signal["months"] or 1)])
    nothing = starting(escape(str(signal["headline"])))
    target = icons.assurance(signal)
    return {
        "measure": f'<a href="{escape(link.format(measure=measure))}" target="_self">{name}</a>'
        if link and not signal["restricted"]
        else name,
        "latest": _latest(signal, source) if has_data else nothing,
        "based_on": based_on.get(measure) or points,
        "variation": icons.variation(signal).beside_words() if has_data else nothing,
        "assurance": target.beside_words() if target else _no_assurance(signal),
    }


def _no_assurance(signal: Mapping[str, object]) -> str:
    """Why a series isn't judged against its target."""
    if signal["target"] is None:
        return "No target"
    if signal.get("few_wards"):
        return "Under half of its wards: too few to say"
    if int(signal["n"]) < _LIMITS_FROM:
        months = int(signal["months"] or 1)
        sent = int(signal.get("months_valid") or 0)  # fewer are charted if few people answered
        enough = " with enough people" if sent > int(signal["n"]) * months else ""
        return f"Too few {_POINTS[months]}s{enough} to say"
    return "Its chart has no limits to judge it by"


def _latest(signal: Mapping[str, object], source: Callable[[str, str, int], str] | None) -> str:
    unit = str(signal["unit"])
    read = numbers.with_unit(numbers.scaled(signal["value"], signal["multiplier"]), unit)
    based_on = numbers.out_of(signal["numerator"], signal["denominator"], unit)
    when = _when(signal["latest"], int(signal["months"] or 1)) if signal["latest"] else ""
    small = ", ".join(part for part in (based_on, when) if part)
    value = f'<span class="fs-value">{escape(read)}</span>'
    if source and signal["latest"]:
        address = source(
            str(signal["measure"]), f"{signal['latest']:%Y-%m}", int(signal["months"] or 1)
        )
        value = f'<a href="{address}" target="_self">{value}</a>'
    return f'{value}<span class="fs-facts">{escape(small)}</span>'


def _when(first: date, months: int) -> str:
    last = Month.of(first) + (months - 1)
    return last.label if months == 1 else f"{months} months to {last.label}"
