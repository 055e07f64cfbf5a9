"""One unit, measure by measure: the latest figure, what it is based on, and icons with words."""

from collections.abc import Callable, Mapping
from datetime import date
from html import escape

import polars as pl

from dashboard import numbers
from dashboard.charts import icons, table
from schemas.periods import Month

_COLUMNS = (
    table.Column("measure", "Measure", row_header=True, markup=True),
    table.Column("latest", "Latest", markup=True),
    table.Column("based_on", "Based on"),
    table.Column("variation", "What it shows now", markup=True),
    table.Column("assurance", "Against its target", markup=True),
)
_POINTS = {1: "months", 3: "quarters", 12: "rolling years"}


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
    points = f"{signal['n']:,} {_POINTS.get(int(signal['months'] or 1), 'periods')}"
    too_few = icons.FEW_WARDS if signal.get("few_wards") else "Too few months to say"
    no_assurance = "No target" if signal["target"] is None else too_few
    return {
        "measure": f'<a href="{escape(link.format(measure=measure))}" target="_self">{name}</a>'
        if link and not signal["restricted"]
        else name,
        "latest": _latest(signal, source) if has_data else "No data",
        "based_on": based_on.get(measure) or points,
        "variation": icons.now(signal) if has_data else "No data",
        "assurance": icons.assurance(signal["assurance"]) or no_assurance,
    }


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
