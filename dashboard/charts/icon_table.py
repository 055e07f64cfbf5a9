"""The icon table: units by measures, each cell with its icons, its value and its completeness."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from urllib.parse import quote

import polars as pl

from dashboard import numbers
from dashboard.charts import icons, table
from schemas.wording import counted, starting

# The address that shows where a figure came from: unit, measure, first month, number of months.
Source = Callable[[str, str, str, int], str]

REPORTING = {
    "complete": "Complete returns",
    "confirmed_nil": "Always a nil return",
    "partial": "Some months missing",
    "joiner": "Joined part-way",
    "null": "Few or no returns",
}


def rows(
    signals: pl.DataFrame,
    measures: Sequence[Mapping[str, object]],
    names: Mapping[str, str],
    complete: Mapping[tuple[str, str], str] | None = None,
    link: str | None = None,
    source: Source | None = None,
) -> list[dict[str, object]]:
    """One row for each unit in `names`, in that order; one cell of markup for each measure.

    `complete` says in words how complete the figure of (unit, measure) is. `link` is an address
    with {unit} and {measure} in it: the name leads to the unit, the icons to the chart of a
    measure. `source` gives the address that shows where a figure came from, for a unit, a measure,
    its first month and its number of months.
    """
    found = {(row["unit_id"], row["measure"]): row for row in signals.iter_rows(named=True)}
    first = str(measures[0]["measure"]) if measures else ""
    return [
        {
            "unit": _linked(escape(name), _address(link, unit, first)),
            **{
                str(measure["measure"]): _cell(
                    found.get((unit, measure["measure"])),
                    measure,
                    (complete or {}).get((unit, str(measure["measure"]))),
                    name,
                    _address(link, unit, str(measure["measure"])),
                    source,
                )
                for measure in measures
            },
        }
        for unit, name in names.items()
    ]


def html(
    caption: str,
    rows: Sequence[Mapping[str, object]],
    measures: Sequence[Mapping[str, object]],
    unit_heading: str = "Ward",
) -> str:
    """The icon table as HTML; its first column stays in view when it scrolls sideways."""
    columns = [table.Column("unit", unit_heading, row_header=True, markup=True)]
    columns += [table.Column(str(m["measure"]), _heading(m), markup=True) for m in measures]
    return f'<div class="fs-icons">{table.html(caption, columns, rows, scrolls=True)}</div>'


def _heading(measure: Mapping[str, object]) -> str:
    name, unit = str(measure["short_name"]), str(measure["unit"])
    return f"{name}, {numbers.UNITS[unit]}" if unit == "per_1000_bed_days" else name


def _address(link: str | None, unit: str, measure: str) -> str | None:
    return link and link.format(unit=quote(unit), measure=quote(measure))


def _linked(inner: str, address: str | None) -> str:
    return f'<a href="{escape(address)}" target="_self">{inner}</a>' if address else inner


def _unseen(words: str) -> str:
    """Words that only a screen reader reads out, so that each link says where it leads."""
    return f'<span class="fs-hidden">{escape(words)}</span>'


def _cell(
    signal: Mapping[str, object] | None,
    measure: Mapping[str, object],
    complete: str | None,
    name: str,
    address: str | None,
    source: Source | None,
) -> str:
    if not signal or not signal["n"]:
        return starting(escape(str(signal["headline"]))) if signal else "No data"
    unit = str(measure["unit"])
    read = numbers.reading(numbers.scaled(signal["value"], measure["multiplier"]), unit)
    based_on = numbers.out_of(signal["numerator"], signal["denominator"], unit)
    value = escape(f"{read} ({based_on})" if based_on else read)
    about = f", {measure['short_name']}, {name}"
    if source and signal["latest"]:
        at = f"{signal['latest']:%Y-%m}", int(signal["months"] or 1)
        traced = source(str(signal["unit_id"]), str(signal["measure"]), *at)
        hint = _unseen(f": where this figure came from{about}")
        value = f'<a href="{traced}" target="_self">{value}{hint}</a>'
    pictures = f"{icons.variation(signal)}{icons.assurance(signal)}"
    if address:
        hint = _unseen(f": the chart{about}")
        pictures = (
            f'<a class="fs-chart" href="{escape(address)}" target="_self">{pictures}{hint}</a>'
        )
    points = {1: "month", 3: "quarter", 12: "month"}[int(signal["months"])]
    facts = [counted(int(signal["n"]), points)]
    if complete:
        facts.append(complete)
    return (
        f'{pictures}<span class="fs-value">{value}</span>'
        f'<span class="fs-facts">{escape(". ".join(facts))}</span>'
    )
